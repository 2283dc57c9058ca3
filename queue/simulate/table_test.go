package simulate

import (
	"fmt"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/office"
)

// A workload is how much of the desks' time was asked for.
type workload struct {
	openMs, busyMs int64
	open, busy     map[queue.DeskID]queue.Now
}

// see counts open desks, those on a break left out, and desks with somebody.
func (l *workload) see(events []queue.Event) {
	if l.open == nil {
		l.open, l.busy = map[queue.DeskID]queue.Now{}, map[queue.DeskID]queue.Now{}
	}
	end := func(from map[queue.DeskID]queue.Now, desk queue.DeskID, at queue.Now) (ms int64) {
		if began, ok := from[desk]; ok && began.Boot == at.Boot {
			ms = max(0, at.Mono-began.Mono)
		}
		delete(from, desk)
		return ms
	}
	for _, e := range events {
		switch b := e.Body.(type) {
		case queue.DeskOpened:
			if _, ok := l.open[b.Desk]; !ok {
				l.open[b.Desk] = e.At
			}
		case queue.DeskPaused:
			l.openMs += end(l.open, b.Desk, e.At)
		case queue.DeskClosed:
			l.openMs += end(l.open, b.Desk, e.At)
		case queue.TicketCalled:
			l.busy[b.Desk] = e.At
		case queue.TicketResumed:
			if b.Desk != "" {
				l.busy[b.Desk] = e.At
			}
		case queue.TicketServed:
			l.busyMs += end(l.busy, b.Desk, e.At)
		case queue.TicketNoShow:
			l.busyMs += end(l.busy, b.Desk, e.At)
		case queue.TicketTransferred:
			l.busyMs += end(l.busy, b.From, e.At)
		case queue.TicketParked:
			l.busyMs += end(l.busy, b.Desk, e.At)
		}
	}
}

// bare is the conduct of people who only wait, so that a table shows the order
// of service and nothing else: nobody leaves, is sent on or comes late.
func bare(priority float64) *Conduct { return &Conduct{Priority: priority} }

// Those with precedence at 10, 30 and 50 % of the people, and load up to 120 %
// of what the desks can do: priority stays ahead, and nobody starves.
func TestPriorityTable(t *testing.T) {
	t.Parallel() // one goroutine for most of a minute
	if raced {
		t.Skip("too slow with the race detector; make rules lives it without")
	}
	const length = 40
	// What a day's desks can do is measured where they have time: the share of
	// their time that so many visits take.
	const calm = 150.0
	var l workload
	try(t, Trial{Setup: office.Reference(), Options: Options{Seed: 1, VisitsPerDay: calm, Conduct: bare(0.1)}, Days: length, Sink: func(events []queue.Event) error {
		l.see(events)
		return nil
	}})
	capacity := calm * float64(l.openMs) / float64(l.busyMs)
	t.Logf("the desks can do %.0f visits a day", capacity)
	for _, share := range []float64{0.10, 0.30, 0.50} {
		for _, load := range []float64{0.60, 0.80, 1.00, 1.20} {
			name := fmt.Sprintf("priority %.0f %%, load %.0f %%", share*100, load*100)
			out := try(t, Trial{Setup: office.Reference(), Options: Options{Seed: 1, VisitsPerDay: load * capacity, Conduct: bare(share)}, Days: length})
			for _, v := range out.Violations {
				t.Errorf("%s: %v", name, v)
			}
			n := out.Counts
			priority, ordinary := n.FirstWaitsByClass[queue.Priority], n.FirstWaitsByClass[queue.Ordinary]
			t.Logf("%s: mean wait priority %.1f min (n %d), ordinary %.1f min (n %d), longest %.0f min; overdue calls %d; expired %.1f %% of %d visits",
				name, priority.Minutes(), priority.N, ordinary.Minutes(), ordinary.N, float64(n.LongestWaitMs)/float64(minuteMs),
				n.Rules[queue.RuleOverdue], 100*float64(n.Expired)/float64(n.Visits), n.Visits)
			if priority.N == 0 || ordinary.N == 0 || priority.Minutes() >= ordinary.Minutes() {
				t.Errorf("%s: priority waits %.1f min and ordinary %.1f min; priority stays ahead", name, priority.Minutes(), ordinary.Minutes())
			}
		}
	}
}

// The clock of the box goes wrong in the middle of a day, or before it: people
// are served as on any other day, and waits stay right.
func TestClockTable(t *testing.T) {
	const midnight = "2026-03-03 00:00"
	lived := func(t *testing.T, hits func(r *running) []act) *running {
		t.Helper()
		r, err := Trial{Setup: office.Reference(), Options: Options{Seed: 4, From: at(t, midnight), Paper: DefaultPaper()}, Days: 1, Report: daySum}.begin()
		if err != nil {
			t.Fatal(err)
		}
		r.acts = hits(r)
		if err := r.live(); err != nil {
			t.Fatal(err)
		}
		return r
	}
	hour := func(h float64) int64 { return at(t, midnight) + int64(h*float64(hourMs)) }
	calm := lived(t, func(*running) []act { return nil }).counts
	for _, tt := range []struct {
		name string
		hits func(r *running) []act
		// restarts tells that the box was off, so that some waits are inexact.
		restarts, redated bool
		// percent is the least share of a calm day's visits: who comes in the
		// last hours, by a clock that runs ahead, finds the door closed.
		percent int
	}{
		{"a time server moves the clock two hours forward", func(r *running) []act {
			return []act{{hour(10), func() error { return r.step(2*hourMs, true) }}}
		}, false, false, 75},
		{"and back", func(r *running) []act {
			return []act{{hour(10), func() error { return r.step(2*hourMs, true) }}, {hour(11), func() error { return r.step(0, true) }}}
		}, false, false, 90},
		{"two hours back, and right again", func(r *running) []act {
			return []act{{hour(10), func() error { return r.step(-2*hourMs, true) }}, {hour(11), func() error { return r.step(0, true) }}}
		}, false, false, 90},
		{"a day forward, and right again", func(r *running) []act {
			return []act{{hour(10), func() error { return r.step(24*hourMs, true) }}, {hour(10.2), func() error { return r.step(0, true) }}}
		}, false, true, 95},
		{"a restart with the clock an hour in the past, until it is synchronised", func(r *running) []act {
			return []act{{hour(11), func() error { return r.core.Wake(2*minuteMs, -hourMs, false) }}, {hour(12), func() error { return r.step(0, true) }}}
		}, true, false, 95},
		{"a restart in 1970, until it is synchronised", func(r *running) []act {
			return []act{{hour(11), func() error { return r.core.Wake(2*minuteMs, -hour(11), false) }}, {hour(12), func() error { return r.step(0, true) }}}
		}, true, false, 95},
		{"a restart in 1970, never synchronised", func(r *running) []act {
			return []act{{hour(11), func() error { return r.core.Wake(2*minuteMs, -hour(11), false) }}}
		}, true, false, 95},
		{"wrong at boot before the doors open, first synchronised at ten", func(r *running) []act {
			return []act{{hour(7), func() error { return r.core.Wake(2*minuteMs, -hour(7), false) }}, {hour(10), func() error { return r.step(0, true) }}}
		}, false, true, 95},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := lived(t, tt.hits)
			n := r.counts
			for _, v := range r.checker.Violations() {
				t.Error(v)
			}
			t.Logf("%d days opened, %d visits (calm %d), mean wait %.1f min (n %d; calm %.1f, n %d), %d inexact; stepped %d, synced %d, redated %d",
				n.Days, n.Visits, calm.Visits, n.FirstWaits.Minutes(), n.FirstWaits.N, calm.FirstWaits.Minutes(), calm.FirstWaits.N,
				n.Inexact, n.Kinds["ClockStepped"], n.Kinds["ClockSynced"], n.Kinds["DayRedated"])
			if n.Visits < calm.Visits*tt.percent/100 {
				t.Errorf("%d visits, and %d on a calm day: the clock kept people out", n.Visits, calm.Visits)
			}
			if tt.restarts != (n.Inexact > 0) {
				t.Errorf("%d waits are marked as inexact", n.Inexact)
			}
			if tt.redated != (n.Kinds["DayRedated"] > 0) {
				t.Errorf("%d days got another date", n.Kinds["DayRedated"])
			}
			if longest := float64(n.LongestWaitMs) / float64(minuteMs); longest > 3*60 {
				t.Errorf("somebody waited %.0f minutes", longest)
			}
		})
	}
}

// An office that is open in the night in which the clocks go back: the hour
// that comes twice is lived twice, and waits are right across it.
func TestRepeatedHour(t *testing.T) {
	setup := office.Reference()
	setup.Hours.Exceptions = append(setup.Hours.Exceptions, queue.Exception{
		Date: "2026-10-25", Why: "Notte bianca", Bands: []queue.WeekBand{{Open: "00:30", Close: "06:00"}},
	})
	from := at(t, "2026-10-25 00:00")
	first, last := int64(0), int64(0)
	out := try(t, Trial{Setup: setup, Options: Options{Seed: 6, From: from, VisitsPerDay: 600}, Days: 1, Sink: func(events []queue.Event) error {
		for _, e := range events {
			if a[queue.TicketIssued](e.Body) {
				if first == 0 {
					first = e.At.Wall
				}
				last = e.At.Wall
			}
		}
		return nil
	}})
	for _, v := range out.Violations {
		t.Error(v)
	}
	if span := last - first; span < 5*hourMs+30*minuteMs || span > 6*hourMs+30*minuteMs {
		t.Errorf("tickets were given over %d minutes, want about six and a half hours", span/minuteMs)
	}
	twice := out.Counts.FirstWaitsByHour[2].N
	t.Logf("%d visits in %d minutes; %d called of those who came between 2 and 3, which came twice, %d between 3 and 4",
		out.Counts.Visits, (last-first)/minuteMs, twice, out.Counts.FirstWaitsByHour[3].N)
}
