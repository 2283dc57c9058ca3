package waiting

import (
	"testing"

	"eliminacode/queue"
)

// TestAnUndoneCallIsPartOfTheWait: a call that was taken back ends no wait, and
// counts as no call.
func TestAnUndoneCallIsPartOfTheWait(t *testing.T) {
	at := func(minutes int64) queue.Now {
		return queue.Now{Wall: 1_795_510_000_000 + minutes*60_000, Boot: "b", Mono: minutes * 60_000, Synced: true}
	}
	setup := queue.Setup{
		Office:   queue.Office{Body: "Comune", Zone: "Europe/Rome"},
		Series:   []queue.Series{{ID: "A", Letters: "A", First: 1, Last: 999, Width: 3}},
		Services: []queue.Service{{ID: "x", Name: "X", Series: "A", StandardMs: 15 * 60_000, StandardShare: 0.9}},
		Desks:    []queue.Desk{{ID: "1", Label: "1", Profile: queue.Profile{First: []queue.ServiceID{"x"}}}},
	}
	id := queue.TicketID(1_000_001)
	wrong := queue.Reason{Rule: queue.RuleLongest}
	bodies := []struct {
		minute int64
		body   queue.Body
	}{
		{0, queue.DayOpened{Day: 1, Setup: setup, Plan: queue.DayPlan{Date: "2026-11-24"}}},
		{0, queue.DeskOpened{Desk: "1"}},
		{0, queue.TicketIssued{Ticket: id, Number: queue.Number{Series: "A", Value: 1, Text: "A001"}, Service: "x"}},
		{5, queue.TicketCalled{Ticket: id, Desk: "1", Reason: wrong}},
		{6, queue.CallUndone{Ticket: id, Desk: "1"}},
		{10, queue.TicketCalled{Ticket: id, Desk: "1", Reason: wrong}},
		{11, queue.ServiceStarted{Ticket: id, Desk: "1"}},
		{15, queue.TicketServed{Ticket: id, Desk: "1"}},
	}
	state := &queue.State{}
	for i, b := range bodies {
		by := queue.Cause{Kind: queue.ByConsole}
		state = state.Apply(queue.Event{Seq: uint64(i) + 1, At: at(b.minute), By: by, Body: b.body})
	}
	l := Rows(state).Leg(0)
	if l.FirstWaitMs != 10*60_000 || l.WaitMs != 10*60_000 || l.WalkMs != 60_000 || l.ServiceMs != 4*60_000 || !l.WithinStandard {
		t.Errorf("leg %+v", l)
	}
}

// A call that was undone never was: the wait around it is one, and the closed hour
// is left out of it once, however the clock stepped at the call.
func TestAnUndoneCallPartsNoWait(t *testing.T) {
	h := openHall(t, "2026-11-24", "08:15", "13:00", "14:00", "17:00")
	h.at(clockOn(t, "2026-11-24", "12:50"))
	id := h.issue("anagrafe")
	h.pass(60 * minute)
	h.call("s1")
	h.now.Wall -= 10 * minute
	h.must(queue.Tick{})
	h.must(queue.UndoCall{By: byConsole, Desk: "s1", Ticket: id})
	h.pass(30 * minute)
	h.call("s1")
	const want = 30 * minute // of 90, an hour was closed
	if got := h.state.Ticket(id).Rule.WaitedMs; got != want {
		t.Errorf("called after a wait of %d minutes, want %d", got/minute, want/minute)
	}
	if l := h.sheet().Leg(0); l.WaitMs != want || l.FirstWaitMs != want {
		t.Errorf("the sheet tells of %d minutes, the first %d, want %d", l.WaitMs/minute, l.FirstWaitMs/minute, want/minute)
	}
}
