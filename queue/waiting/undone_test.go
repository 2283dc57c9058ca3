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
