package simulate

import (
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
)

// The reference period: what the domain reports of it.
var (
	periodFrom = calendar.Date{Year: 2009, Month: time.December, Day: 1}
	periodTo   = calendar.Date{Year: 2010, Month: time.May, Day: 1}
)

const (
	periodVisits   = 23_037
	periodOpenDays = 124
)

// lived is what a world has made of an office.
type lived struct {
	events []queue.Event
	state  *queue.State
	counts *Counts
}

func live(t testing.TB, setup queue.Setup, w *World, until int64, each func(*queue.State, []queue.Event)) lived {
	t.Helper()
	counts, err := NewCounts(setup)
	if err != nil {
		t.Fatal(err)
	}
	var l lived
	at, _ := w.Next()
	c, err := NewCore(setup, at-1, func(s *queue.State, events []queue.Event) {
		l.events = append(l.events, events...)
		for _, e := range events {
			counts.See(e)
		}
		if each != nil {
			each(s, events)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(w, until); err != nil {
		t.Fatal(err)
	}
	counts.End()
	l.state, l.counts = c.State(), counts
	return l
}

func TestReferencePeriod(t *testing.T) {
	setup := office.Reference()
	w, err := Period(setup, Options{Seed: 1, Paper: DefaultPaper()}, periodFrom, periodTo, periodVisits)
	if err != nil {
		t.Fatal(err)
	}
	l := live(t, setup, w, 0, nil)
	n := l.counts
	if n.Days != periodOpenDays || n.Visits != periodVisits {
		t.Errorf("%d visits on %d days, want %d on %d", n.Visits, n.Days, periodVisits, periodOpenDays)
	}
	if l.state.Day().Open {
		t.Error("the last day is still open")
	}
	if sum := n.Served + n.NoShows + n.Cancelled + n.Expired; sum != n.Visits {
		t.Errorf("%d visits ended of %d", sum, n.Visits)
	}
	for name, part := range map[string]int{
		"no-shows": n.NoShows, "cancelled": n.Cancelled, "expired": n.Expired, "transfers": n.Kinds["TicketTransferred"],
		"parked": n.Kinds["TicketParked"], "recalls": n.Kinds["TicketRecalled"],
	} {
		if part == 0 {
			t.Errorf("no %s in the whole period", name)
		}
	}
	for _, r := range []queue.Rule{
		queue.RuleTransferred, queue.RulePriority, queue.RuleOverdue, queue.RuleLongest, queue.RuleHelp, queue.RuleByNumber, queue.RuleResumed,
	} {
		if n.Rules[r] == 0 {
			t.Errorf("rule %q chose nobody in the whole period", r)
		}
	}
	busiest := n.FirstWaitsByHour[11]
	if m := busiest.Minutes(); m < 8 || m > 10 {
		t.Errorf("mean wait in the hour 11-12 is %.1f minutes, want about 9", m)
	}
	for h, m := range n.FirstWaitsByHour {
		if h != 11 && m.N >= busiest.N {
			t.Errorf("%d people come in the hour from %d, more than the %d of 11-12", m.N, h, busiest.N)
		}
	}
	if n.MostOpen < 7 || n.MostOpen > 8 {
		t.Errorf("at most %d desks were open at once, want 7 or 8", n.MostOpen)
	}
	for _, v := range check(l.events, l.state) {
		t.Error(v)
	}
	t.Logf("%d events %v; mean wait %.1f min (n %d), 11-12 %.1f min (n %d); at most %d desks; %d no-shows, %d cancelled, %d expired; rules %v",
		n.Events, n.Kinds, n.FirstWaits.Minutes(), n.FirstWaits.N, busiest.Minutes(), busiest.N,
		n.MostOpen, n.NoShows, n.Cancelled, n.Expired, n.Rules)
}
