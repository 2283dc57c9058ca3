package queue

import "testing"

// TestTheLongestWaitIsOfWhoseTurnMayCome: one who came early for an appointment hides
// nobody, and the longest wait in a leg is found behind who arrived earlier.
func TestTheLongestWaitIsOfWhoseTurnMayCome(t *testing.T) {
	h := newHall(t)
	h.open("1", "3")
	h.do(BookAppointment{By: Cause{Kind: ByReception}, Appointment: Booking{ID: "a", Service: "anagrafe", DueAt: h.state.OfficeTime(h.now) + 10*minute}})
	early := h.do(CheckIn{By: Cause{Kind: ByReception}, Appointment: "a", Outlet: "list"})
	h.pass(minute)
	if got := h.state.LongestWaiting(h.now); got != nil {
		t.Fatalf("%s waits longest before its time", got.Number.Text)
	}
	moved, stayed := h.issue("cie"), h.issue("anagrafe")
	h.pass(2 * minute)
	h.do(CallNext{By: console("3"), Desk: "3"})
	h.do(TransferTicket{By: console("3"), From: "3", Ticket: moved.ID, Service: "anagrafe"})
	h.pass(minute)
	for what, got := range map[string]*Ticket{
		"of all": h.state.LongestWaiting(h.now), "of the service": h.state.LongestFor("anagrafe", h.now), "in its queue": h.state.LongestIn("anagrafe", h.now),
	} {
		if got == nil || got.ID != stayed.ID || h.state.WaitedMs(got, h.now) != 3*minute {
			t.Errorf("longest %s: %+v", what, got)
		}
	}
	if got := h.state.LongestFor("cie", h.now); got != nil {
		t.Errorf("%s waits where nobody does", got.Number.Text)
	}
	h.pass(4 * minute) // two minutes before it is due
	if got := h.state.LongestWaiting(h.now); got == nil || got.ID != IssuedIn(early) {
		t.Errorf("once its time has come: %+v", got)
	}
}
