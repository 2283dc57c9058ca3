package queue

import (
	"reflect"
	"testing"
)

// sent is a hall in which desks 1 to 3 are open and 1 has sent somebody to 2 alone.
func sent(t *testing.T) (h *hall, a *Ticket) {
	h = newHall(t)
	h.open("1", "2", "3")
	a = h.issue("anagrafe")
	h.next("1")
	h.pass(minute)
	h.do(TransferTicket{By: console("1"), From: "1", Ticket: a.ID, Service: "tributi", Desk: "2"})
	return h, a
}

func (h *hall) pause(desk DeskID) {
	h.t.Helper()
	h.do(PauseDesk{By: console(desk), Desk: desk, Why: "break"})
}

// folded holds what the commands made against what is read from the events.
func (h *hall) folded() {
	h.t.Helper()
	if !reflect.DeepEqual(Fold(h.events), h.state) {
		h.t.Error("the fold of the events is another office")
	}
}

// TestWhoWasSentToADeskWaitsForNoPause holds that a desk keeps those who were sent to it
// from the others only while it works.
func TestWhoWasSentToADeskWaitsForNoPause(t *testing.T) {
	h, a := sent(t)
	if got := h.next("1"); got != nil {
		t.Fatalf("desk 1 calls %s, which was sent to desk 2 alone", got.Number.Text)
	}
	if n := h.state.SentTo("2"); n != 1 {
		t.Errorf("%d were sent to desk 2, want 1", n)
	}
	h.pause("2")
	if n := h.state.SentTo("2"); n != 1 {
		t.Errorf("during the pause %d were sent to desk 2, want 1", n)
	}
	h.folded()
	// By number and in its turn; undone, it is where it was.
	h.do(CallTicket{By: console("1"), Desk: "1", Ticket: a.ID})
	h.do(UndoCall{By: console("1"), Desk: "1", Ticket: a.ID})
	if got := h.next("1"); got == nil || got.ID != a.ID || got.Rule.Rule != RuleLongest {
		t.Fatalf("desk 1 calls %+v during the pause", got)
	}
	h.pass(5 * second)
	h.do(UndoCall{By: console("1"), Desk: "1", Ticket: a.ID})
	// Whoever was not called meanwhile is the desk's own again, by a page or by a key.
	for _, again := range []Command{
		OpenDesk{By: console("2"), Desk: "2"}, CallNext{By: Cause{Kind: ByKeypad, Device: "2"}, Desk: "2"},
	} {
		if h.fresh(a).State == Called {
			h.do(UndoCall{By: console("2"), Desk: "2", Ticket: a.ID})
			h.pause("2")
		}
		h.do(again)
		if got := h.next("1"); got != nil {
			t.Fatalf("desk 1 calls %s though desk 2 is back", got.Number.Text)
		}
		h.folded()
	}
	if got := h.state.Ticket(h.holds("2")); got == nil || got.ID != a.ID || got.Rule.Rule != RuleTransferred {
		t.Errorf("desk 2 calls %+v", got)
	}
}

// TestADeskThatClosesInItsPauseWantsNobodyBack holds that who was sent to it is everybody's
// from then on.
func TestADeskThatClosesInItsPauseWantsNobodyBack(t *testing.T) {
	h, a := sent(t)
	h.pause("2")
	h.do(CloseDesk{By: console("2"), Desk: "2"})
	if n := h.state.SentTo("2"); n != 0 {
		t.Errorf("%d wait for a closed desk", n)
	}
	h.open("2")
	h.pause("2")
	h.open("2")
	h.folded()
	if got := h.next("1"); got == nil || got.ID != a.ID {
		t.Errorf("desk 1 calls %+v", got)
	}
}

// TestATransferToAPausedDeskStrandsNobody holds for who is sent where nobody works, and
// for who has an appointment there.
func TestATransferToAPausedDeskStrandsNobody(t *testing.T) {
	h, a := sent(t)
	h.pause("2")
	h.next("1")
	h.pass(minute)
	h.do(TransferTicket{By: console("1"), From: "1", Ticket: a.ID, Service: "tributi", Desk: "2"})
	if got := h.next("1"); got == nil || got.ID != a.ID {
		t.Fatalf("desk 1 calls %+v", got)
	}
	h.do(FinishTicket{By: console("1"), Desk: "1", Ticket: a.ID})

	due := h.state.OfficeTime(h.now) + minute
	h.do(BookAppointment{By: Cause{Kind: ByReception}, Appointment: Booking{ID: "b1", Service: "anagrafe", Desk: "2", DueAt: due}})
	h.do(CheckIn{By: Cause{Kind: ByReception}, Appointment: "b1", Outlet: "list"})
	if got := h.next("1"); got == nil || got.Appointment != "b1" {
		t.Errorf("desk 1 calls %+v", got)
	}
	h.folded()
}

// TestABackOfficeFindsItsPeopleAgain holds for a desk whose service no other serves now: it
// calls only who is sent to it, before its pause and after.
func TestABackOfficeFindsItsPeopleAgain(t *testing.T) {
	setup := testSetup()
	setup.Desks[2].BackOffice = true
	setup.Desks[1].Profile.First = append(setup.Desks[1].Profile.First, "cie") // closed today
	h := newHallOf(t, setup)
	h.open("1", "3")
	a := h.issue("anagrafe")
	h.next("1")
	h.pass(minute)
	h.do(TransferTicket{By: console("1"), From: "1", Ticket: a.ID, Service: "cie", Desk: "3"})
	h.pause("3")
	if n := h.state.Unattended("cie", "", Profile{}); n != 1 {
		t.Errorf("%d wait for nobody, want 1: that is told", n)
	}
	if got := h.next("1"); got != nil {
		t.Fatalf("desk 1 calls %s", got.Number.Text)
	}
	h.open("3")
	if got := h.next("3"); got == nil || got.ID != a.ID {
		t.Errorf("the back office calls %+v", got)
	}
	h.folded()
}
