package queue

import (
	"slices"
	"testing"
)

// TestADeskThatClosesLosesNobodyJustCalled holds for the number that its clerk called and
// nobody can have come for yet: it waits again, and only once by itself.
func TestADeskThatClosesLosesNobodyJustCalled(t *testing.T) {
	h := newHall(t)
	h.open("1")
	h.open("2")
	a := h.issue("anagrafe")
	h.next("1")
	h.pass(5_000)
	h.do(CloseDesk{By: console("1"), Desk: "1"})
	if got := h.fresh(a); got.State != Waiting || got.Returned || got.Desk != "" {
		t.Fatalf("the number just called is %+v", got)
	}
	if _, d, _ := h.state.Desk("1"); d.Open || d.Ticket != 0 {
		t.Errorf("the desk is %+v", d)
	}
	h.next("2")
	if got := h.fresh(a); got.State != Called || got.Desk != "2" {
		t.Fatalf("it is not called again: %+v", got)
	}
	h.pass(hastyMs - 1)
	h.do(CloseDesk{By: console("2"), Desk: "2"})
	if got := h.fresh(a); got.State == Served {
		t.Errorf("nobody was served: %+v", got)
	}
}

// TestWhoClosesSaysWhatBecameOfTheNumber holds for a number that was called long enough
// ago for its holder to have come.
func TestWhoClosesSaysWhatBecameOfTheNumber(t *testing.T) {
	h := newHall(t)
	shut := func(current Current) Command { return CloseDesk{By: console("1"), Desk: "1", Current: current} }
	h.open("1")
	a, b := h.issue("anagrafe"), h.issue("anagrafe")
	h.next("1")
	h.pass(hastyMs + 1)
	h.refused(shut(""), ErrUntold)
	h.refused(shut("gone"), ErrBadCommand)
	h.do(shut(CurrentServed))
	served := h.fresh(a)
	if last := served.Periods[len(served.Periods)-1]; served.State != Served || last.EndUnknown || last.End != h.now {
		t.Errorf("served until now is %+v", served)
	}
	h.nothing(shut(CurrentServed)) // the same once more
	h.open("1")
	h.next("1")
	h.pass(hastyMs + 1)
	events := h.do(shut(CurrentNotCome))
	if got := kinds(events); !slices.Equal(got, []string{"TicketNoShow", "TicketReturned", "DeskClosed"}) || events[0].By.Inferred {
		t.Errorf("not come: %v, %+v", got, events[0].By)
	}
	h.wantState(b, Waiting)
	// Once by itself: the second time it is a no-show, whom the reception can put back.
	h.open("1")
	h.next("1")
	h.pass(hastyMs + 1)
	h.do(shut(CurrentNotCome))
	h.wantState(b, NoShow)
	h.do(ReturnTicket{By: Cause{Kind: ByReception}, Ticket: b.ID})
	h.wantState(b, Waiting)
}

// heldLong is a hall where two have a number and desk 1 called the first one so long ago
// that its holder may have been served; keypad closes the desk over it.
func heldLong(t *testing.T) (h *hall, keypad Command, a, b *Ticket) {
	h = newHall(t)
	h.open("1")
	a, b = h.issue("anagrafe"), h.issue("anagrafe")
	h.next("1")
	h.pass(hastyMs + 1)
	return h, CloseDesk{By: Cause{Kind: ByKeypad, Device: "k"}, Desk: "1"}, a, b
}

func TestADeskThatClosesLaterHasServed(t *testing.T) {
	h, keypad, a, b := heldLong(t)
	h.refused(CloseDesk{By: console("1"), Desk: "1"}, ErrUntold)
	h.do(keypad)
	if got := h.fresh(a); got.State != Served || !got.Periods[len(got.Periods)-1].EndUnknown {
		t.Errorf("called long ago: %+v", got)
	}
	h.open("1")
	h.next("1")
	h.do(StartService{By: console("1"), Desk: "1", Ticket: b.ID})
	h.refused(CloseDesk{By: console("1"), Desk: "1"}, ErrUntold)
	h.refused(CloseDesk{By: console("1"), Desk: "1", Current: CurrentNotCome}, ErrWrongState)
	h.do(keypad)
	if got := h.fresh(b); got.State != Served || !got.Periods[len(got.Periods)-1].EndUnknown {
		t.Errorf("one in service: %+v", got)
	}
}

// TestWhoADeskClosedOverIsPutBack holds for a number that counts as served though nobody
// saw it: its holder stands at the reception, and goes on at the place that it had. Whose
// service somebody saw end does not, and nobody twice for one end.
func TestWhoADeskClosedOverIsPutBack(t *testing.T) {
	h, keypad, a, b := heldLong(t)
	h.do(keypad)
	if got := h.fresh(a); !got.EndUnseen() || h.state.Totals().Served != 1 {
		t.Fatalf("it is %+v", got)
	}
	h.pass(20 * minute) // longer than a no-show may be away: it is not the holder who was
	back := Reinstate{By: Cause{Kind: ByReception}, Ticket: a.ID}
	h.do(back)
	h.nothing(back)
	got := h.fresh(a)
	if h.state.Totals().Served != 0 || got.State != Waiting || got.Desk != "" || got.Leg != 0 {
		t.Errorf("put back it is %+v, of %+v", got, h.state.Totals())
	}
	var kinds []TicketState
	for _, p := range got.Periods {
		kinds = append(kinds, p.Kind)
	}
	if !slices.Equal(kinds, []TicketState{Waiting, Called, Serving, Served, Waiting}) || !got.Periods[2].EndUnknown {
		t.Errorf("its visit is %v: %+v", kinds, got.Periods)
	}
	h.open("1")
	h.next("1")
	if h.wantState(a, Called); h.fresh(b).State != Waiting {
		t.Error("it has not the place that it had")
	}
	h.do(StartService{By: console("1"), Desk: "1", Ticket: a.ID})
	h.do(FinishTicket{By: console("1"), Desk: "1", Ticket: a.ID})
	h.refused(back, ErrWrongState)
	if legs := slices.Collect(h.state.Legs(h.fresh(a), h.now)); len(legs) != 1 || legs[0].End != Served {
		t.Errorf("its legs are %+v", legs)
	}
}

// TestCallingWhoeverIsNextIsNoChoice holds for a number that its clerk writes where NEXT
// would have called it: the rule of the queue is what chose it.
func TestCallingWhoeverIsNextIsNoChoice(t *testing.T) {
	h := newHall(t)
	h.open("1")
	a, b, c := h.issue("anagrafe"), h.issue("anagrafe"), h.issue("anagrafe")
	_, want, _ := h.state.Next(h.now, "1")
	h.do(CallTicket{By: console("1"), Desk: "1", Ticket: a.ID})
	if got := h.fresh(a).Rule; got.Rule != want.Rule || got.Rule == RuleByNumber {
		t.Errorf("it was called by %+v, not %+v", got, want)
	}
	h.pass(60_000)
	h.do(CallTicket{By: console("1"), Desk: "1", Ticket: c.ID, Finishing: a.ID})
	if got := h.fresh(c).Rule; got.Rule != RuleByNumber || got.Passed != b.ID {
		t.Errorf("out of order it was called by %+v", got)
	}
}
