package queue

import (
	"slices"
	"testing"
)

// forSeveral gives a ticket for several services at the reception's list.
func (h *hall) forSeveral(first ServiceID, then ...ServiceID) *Ticket {
	h.t.Helper()
	h.do(IssueTicket{By: Cause{Kind: ByReception}, Service: first, Then: then, Outlet: "list"})
	return h.state.tickets.at(h.state.tickets.len() - 1)
}

func (h *hall) wantPlanned(t *Ticket, want ...ServiceID) {
	h.t.Helper()
	if got := h.state.Planned(h.fresh(t)); !slices.Equal(got, want) {
		h.t.Fatalf("%s is still for %v, want %v", t.Number.Text, got, want)
	}
}

func TestOneTicketForSeveralServicesInOrder(t *testing.T) {
	h := newHall(t)
	h.open("1", "2", "3")
	a := h.forSeveral("anagrafe", "cie", "tributi")
	h.wantPlanned(a, "cie", "tributi")
	h.pass(4 * minute)
	h.next("1")
	h.pass(minute)
	h.do(CallNext{By: console("1"), Desk: "1", Finishing: a.ID, Outcome: OutcomeReleased})
	h.wantState(a, Waiting)
	h.wantPlanned(a, "tributi")
	h.pass(2 * minute)
	if got := h.next("3"); got == nil || got.ID != a.ID || got.Service != "cie" {
		t.Fatalf("desk 3 holds %+v, want %s for cie", got, a.Number.Text)
	}
	h.do(FinishTicket{By: console("3"), Desk: "3", Ticket: a.ID, Outcome: OutcomeBackOffice})
	h.wantPlanned(a)
	h.pass(3 * minute)
	h.next("2")
	h.do(FinishTicket{By: console("2"), Desk: "2", Ticket: a.ID, Outcome: OutcomeIncomplete})
	h.wantState(a, Served)

	got := h.fresh(a)
	var waits []int64
	for leg := range h.state.Legs(got, h.now) {
		waits = append(waits, leg.FirstWaitMs)
		if leg.End != Served {
			t.Errorf("a leg ended %s", leg.End)
		}
	}
	if want := []int64{4 * minute, 2 * minute, 3 * minute}; !slices.Equal(waits, want) {
		t.Errorf("the legs waited %v, want %v", waits, want)
	}
	for leg, want := range []Outcome{OutcomeReleased, OutcomeBackOffice, OutcomeIncomplete} {
		if o := got.OutcomeOf(leg); o != want {
			t.Errorf("leg %d has the outcome %q, want %q", leg, o, want)
		}
	}
}

// A NEXT whose answer was lost is sent again: it must not finish more than the one
// service that it named, also where the desk serves the next one too.
func TestNextNeverCallsWhomItSendsOn(t *testing.T) {
	h := newHall(t)
	h.open("1")
	a := h.forSeveral("anagrafe", "tributi")
	b := h.issue("anagrafe")
	h.next("1")
	h.pass(hastyMs)
	again := CallNext{By: console("1"), Desk: "1", Finishing: a.ID}
	h.do(again)
	if h.holds("1") != b.ID {
		t.Fatalf("the desk holds %d, want %s", h.holds("1"), b.Number.Text)
	}
	if why := h.fresh(b).Rule; why.SentOn != a.ID || why.Passed != 0 {
		t.Errorf("called by %+v, want that %s was sent on", why, a.Number.Text)
	}
	h.refused(again, ErrStale)
	h.do(FinishTicket{By: console("1"), Desk: "1", Ticket: b.ID})

	h.next("1")
	c := h.forSeveral("anagrafe", "tributi")
	h.pass(hastyMs)
	h.do(CallNext{By: console("1"), Desk: "1", Finishing: a.ID})
	h.pass(hastyMs)
	again = CallNext{By: console("1"), Desk: "1", Finishing: c.ID}
	if events := h.do(again); CalledIn(events) != 0 {
		t.Fatalf("NEXT called %d, which it had just sent on", CalledIn(events))
	}
	h.refused(again, ErrStale)
	if got := h.next("1"); got.ID != c.ID || got.Service != "tributi" {
		t.Errorf("the desk holds %+v", got)
	}
}

func TestUndoneNextBringsBackWhomItSentOn(t *testing.T) {
	h := newHall(t)
	h.open("1", "3")
	a, b := h.forSeveral("anagrafe", "cie"), h.issue("anagrafe")
	h.next("1")
	h.do(StartService{By: console("1"), Desk: "1", Ticket: a.ID})
	h.pass(5 * minute)
	before := len(h.fresh(a).Periods)
	h.do(CallNext{By: console("1"), Desk: "1", Finishing: a.ID, Outcome: OutcomeReleased})
	h.pass(5 * second)
	h.do(UndoCall{By: console("1"), Desk: "1", Ticket: b.ID})
	got := h.fresh(a)
	if got.State != Serving || got.Service != "anagrafe" || got.Leg != 0 || len(got.Periods) != before || h.holds("1") != a.ID {
		t.Fatalf("%s is %s of %s in leg %d after %d periods; the desk holds %d", got.Number.Text, got.State, got.Service, got.Leg, len(got.Periods), h.holds("1"))
	}
	h.wantPlanned(a, "cie")
	if o := got.OutcomeOf(0); o != "" {
		t.Errorf("the service that goes on has the outcome %q", o)
	}
	h.wantState(b, Waiting)
	h.do(CallNext{By: console("1"), Desk: "1", Finishing: a.ID})
	if h.next("3").ID != a.ID {
		t.Error("the visit did not go on to cie")
	}
	h.refused(UndoCall{By: console("1"), Desk: "1", Ticket: a.ID}, ErrStale)
}

func TestServiceGoesOnAtTheSameDesk(t *testing.T) {
	h := newHall(t)
	h.open("1", "3")
	a := h.forSeveral("anagrafe", "tributi", "cie")
	h.next("1")
	h.do(StartService{By: console("1"), Desk: "1", Ticket: a.ID})
	h.pass(5 * minute)
	on := ServeOn{By: console("1"), Desk: "1", Ticket: a.ID, Service: "tributi", Outcome: OutcomeReleased}
	h.refused(ServeOn{By: console("1"), Desk: "1", Ticket: a.ID, Service: "cie"}, ErrNotAllowed)
	calls := h.state.Totals().Calls
	h.do(on)
	h.nothing(on)
	h.wantState(a, Serving)
	h.wantPlanned(a, "cie")
	h.pass(3 * minute)
	h.do(FinishTicket{By: console("1"), Desk: "1", Ticket: a.ID})
	h.refused(on, ErrStale)
	if h.state.Totals().Calls != calls {
		t.Error("going on at the desk counts as a call")
	}
	var legs []Leg
	for leg := range h.state.Legs(h.fresh(a), h.now) {
		legs = append(legs, leg)
	}
	if second := legs[1]; len(legs) != 3 || second.WaitMs != 0 || second.Called || second.End != Served {
		t.Errorf("the second of %d legs is %+v", len(legs), second)
	}
	if o := h.fresh(a).OutcomeOf(0); o != OutcomeReleased {
		t.Errorf("the first service has the outcome %q", o)
	}
}

func TestWhatIsPlannedCanBeChanged(t *testing.T) {
	h := newHall(t)
	h.open("1", "3")
	a := h.issue("anagrafe")
	by := Cause{Kind: ByReception}
	add := PlanServices{By: by, Ticket: a.ID, Services: []ServiceID{"cie"}, Nth: 1}
	h.do(add)
	h.nothing(add)
	h.wantPlanned(a, "cie")
	h.next("1")
	h.do(PlanServices{By: console("1"), Ticket: a.ID, Services: []ServiceID{"tributi", "cie"}})
	h.do(TransferTicket{By: console("1"), From: "1", Ticket: a.ID, Service: "cie"})
	h.wantPlanned(a, "tributi")
	h.refused(add, ErrStale)
	h.do(PlanServices{By: by, Ticket: a.ID})
	h.next("3")
	h.do(FinishTicket{By: console("3"), Desk: "3", Ticket: a.ID})
	h.wantState(a, Served)
	h.refused(PlanServices{By: by, Ticket: a.ID, Services: []ServiceID{"tributi"}}, ErrWrongState)
}

func TestAVisitCannotBePlannedForAnything(t *testing.T) {
	h := newHall(t)
	a := h.issue("anagrafe")
	for _, tt := range []struct {
		then []ServiceID
		want error
	}{
		{[]ServiceID{"catasto"}, ErrUnknownService},
		{[]ServiceID{"anagrafe"}, ErrServiceTwice},
		{[]ServiceID{"cie", "cie"}, ErrServiceTwice},
		{[]ServiceID{"cie", "tributi", "cie", "tributi", "cie", "tributi", "cie"}, ErrBadCommand},
	} {
		h.refused(PlanServices{Ticket: a.ID, Services: tt.then}, tt.want)
		h.refused(IssueTicket{By: Cause{Kind: ByReception}, Service: "anagrafe", Outlet: "list", Then: tt.then}, tt.want)
	}
	h.do(StopService{By: Cause{Kind: ByManager}, Service: "cie"})
	h.refused(IssueTicket{By: Cause{Kind: ByReception}, Service: "anagrafe", Outlet: "list", Then: []ServiceID{"cie"}}, ErrServiceStopped)
}

// The visit goes on although its clerk has closed the desk over it; what is left
// of it when the day closes expires.
func TestClosedDeskSendsTheVisitOn(t *testing.T) {
	h := newHall(t)
	h.open("1", "3")
	a := h.forSeveral("anagrafe", "cie")
	h.next("1")
	h.pass(5 * minute)
	h.do(CloseDesk{By: Cause{Kind: ByKeypad}, Desk: "1"})
	h.wantState(a, Waiting)
	for leg := range h.state.Legs(h.fresh(a), h.now) {
		if last := leg.Periods[len(leg.Periods)-1]; leg.Transferred && !last.EndUnknown {
			t.Errorf("the end of the first service is known: %+v", last)
		}
	}
	h.pass(24 * hour)
	h.do(OpenDay{Plan: testPlan(tuesday+24*hour, "2026-11-25")})
	closed := slices.IndexFunc(h.events, func(e Event) bool { _, ok := e.Body.(DayClosed); return ok })
	if b := h.events[closed].Body.(DayClosed); b.Served != 0 || b.Expired != 1 {
		t.Errorf("the day closed with %+v", b)
	}
}

// A service that a change of setup took away is planned no more.
func TestRemovedServiceIsPassedOver(t *testing.T) {
	h := newHall(t)
	h.open("1", "3")
	a := h.forSeveral("anagrafe", "tributi", "cie")
	h.do(ChangeSetup{By: Cause{Kind: ByManager}, Setup: without(testSetup(), "service", "tributi"), Plan: *h.state.Plan()})
	h.wantPlanned(a, "cie")
	h.next("1")
	h.do(FinishTicket{By: console("1"), Desk: "1", Ticket: a.ID})
	if got := h.fresh(a); got.Service != "cie" {
		t.Errorf("the visit went on to %q", got.Service)
	}
}
