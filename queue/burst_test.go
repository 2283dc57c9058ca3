package queue

import "testing"

// A child on the buttons: the whole burst goes at once, except for what a desk
// has called meanwhile.
func TestABurstIsCancelledInOneAction(t *testing.T) {
	h := newHall(t)
	h.open("1")
	var burst []TicketID
	for range 5 {
		burst = append(burst, h.issue("anagrafe").ID)
	}
	stays := h.issue("anagrafe")
	called := h.next("1")
	reception := Cause{Kind: ByReception}
	events := h.do(CancelTickets{By: reception, Tickets: burst, Why: "burst"})
	if len(events) != 4 {
		t.Errorf("%d events, want the 4 that still waited: %v", len(events), kinds(events))
	}
	h.wantState(called, Called)
	h.wantState(stays, Waiting)
	h.nothing(CancelTickets{By: reception, Tickets: burst, Why: "burst"})
	h.refused(CancelTickets{By: reception, Tickets: []TicketID{77}, Why: "burst"}, ErrUnknownTicket)
	h.refused(CancelTickets{By: reception, Tickets: make([]TicketID, mostCancelled+1), Why: "burst"}, ErrBadCommand)
	h.refused(CancelTickets{By: reception, Tickets: burst, Why: "Perché sì"}, ErrBadCommand)
}
