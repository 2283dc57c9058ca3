package queue

import (
	"testing"
)

func atDesk(desk DeskID, service ServiceID) IssueAtDesk {
	return IssueAtDesk{By: console(desk), Desk: desk, Service: service}
}

// A number given at a desk is the next of its series and in no wait.
func TestANumberAtADeskIsServedAtOnce(t *testing.T) {
	h := newHall(t)
	h.open("1")
	waits := h.issue("anagrafe")
	h.pass(minute)
	c := atDesk("1", "tributi")
	c.Request, c.Category = "mine", "firm"
	events := h.do(c)
	if len(events) != 1 {
		t.Fatalf("%v, want one event", kinds(events))
	}
	own := h.state.Ticket(IssuedIn(events))
	if own == nil || own.Number.Text != "A002" || own.State != Serving || own.Desk != "1" || own.Category != "firm" || own.Paper != Paperless {
		t.Fatalf("the desk gave %+v", own)
	}
	if h.holds("1") != own.ID {
		t.Fatal("the desk does not hold what it gave")
	}
	h.wantState(waits, Waiting)
	if len(h.state.Calls()) != 0 {
		t.Error("boards show a number that nobody called")
	}
	h.nothing(c) // the same request again
	h.refused(atDesk("1", "anagrafe"), ErrDeskHasTicket)
	h.refused(UndoCall{By: console("1"), Desk: "1", Ticket: own.ID}, ErrWrongState)

	h.pass(5 * minute)
	before := h.state.Waits()
	h.do(FinishTicket{By: console("1"), Desk: "1", Ticket: own.ID, Outcome: OutcomeReleased})
	h.wantState(own, Served)
	if h.state.Waits() != before {
		t.Errorf("waits are %+v, and were %+v: nobody waited", h.state.Waits(), before)
	}
	for leg := range h.state.Legs(h.fresh(own), h.now) {
		if leg.Called || leg.WaitMs != 0 || leg.End != Served {
			t.Errorf("the leg is %+v", leg)
		}
	}
	h.nothing(c) // much later, too
	if n := h.issue("anagrafe"); n.Number.Text != "A003" {
		t.Errorf("the next number is %s, want A003", n.Number.Text)
	}
	if n := h.state.Totals(); n.Issued != 3 || n.Served != 1 || n.Calls != 0 {
		t.Errorf("totals are %+v", n)
	}
}

// Who was given a number at a desk goes on as anybody does: to another service, by
// the clerk who sends them on, or into the queue from where they were parked.
func TestANumberGivenAtADeskGoesOn(t *testing.T) {
	h := newHall(t)
	h.open("1", "3")
	h.do(atDesk("1", "anagrafe"))
	own := h.state.Ticket(h.holds("1"))
	early := h.issue("cie")
	h.pass(minute)
	h.do(TransferTicket{By: console("1"), From: "1", Ticket: own.ID, Service: "cie"})
	// By first arrival it was there before.
	if got := h.next("3"); got.ID != own.ID {
		t.Fatalf("desk 3 called %s, want %s before %s", got.Number.Text, own.Number.Text, early.Number.Text)
	}
	h.do(StartService{By: console("3"), Desk: "3", Ticket: own.ID})
	h.do(ParkTicket{By: console("3"), Desk: "3", Ticket: own.ID, ForMs: minute})
	h.pass(minute)
	h.do(Tick{})
	h.wantState(own, Waiting)
}

func TestWhatADeskMayNotGive(t *testing.T) {
	h := newHall(t)
	h.refused(atDesk("1", "anagrafe"), ErrDeskClosed)
	h.open("1", "3")
	h.refused(atDesk("1", "catasto"), ErrUnknownService)
	h.refused(atDesk("9", "anagrafe"), ErrUnknownDesk)
	h.refused(atDesk("1", "cie"), ErrNotAllowed)
	late := atDesk("1", "anagrafe")
	late.Seen = 1
	h.refused(late, ErrStale)
	h.do(PauseDesk{By: console("1"), Desk: "1", Why: "break"})
	h.refused(atDesk("1", "anagrafe"), ErrDeskClosed)
	h.open("1")
	h.do(StopService{By: Cause{Kind: ByManager}, Service: "anagrafe", Why: "staff"})
	h.refused(atDesk("1", "anagrafe"), ErrServiceStopped)
	h.do(ReopenService{By: Cause{Kind: ByManager}, Service: "anagrafe"})
	h.do(SuspendOffice{By: Cause{Kind: ByManager}, Why: "alarm"})
	h.refused(atDesk("1", "anagrafe"), ErrSuspended)
	h.do(ResumeOffice{By: Cause{Kind: ByManager}})
	// Who stands at a desk takes no place in a full hall.
	h.do(SetHallCapacity{By: Cause{Kind: ByManager}, People: 1})
	h.issue("anagrafe")
	h.refused(IssueTicket{By: Cause{Kind: ByReception}, Service: "anagrafe", Outlet: "list"}, ErrHallFull)
	h.do(atDesk("1", "anagrafe"))
}
