package simulate

import (
	"fmt"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

// A Tally counts what happened. It is for a first look at a simulated period;
// reports are made elsewhere, from the journal.
type Tally struct {
	Days, Events, Visits                int // visits are tickets issued
	Served, NoShows, Cancelled, Expired int
	Calls, Recalls, Transfers, Parked   int
	Unprinted                           int            // print jobs that failed or whose end is unknown
	MostOpen                            int            // desks open at once, those on a break left out
	Kinds                               map[string]int // events by kind
	Rules                               map[queue.Rule]int
	Services                            map[queue.ServiceID]int // visits by their first service
	FirstWaits                          Mean                    // from issue to first call
	FirstWaitsByHour                    [24]Mean                // by the local hour of issue
	FirstWaitsByClass                   map[queue.Class]Mean
	FirstWaitsByService                 map[queue.ServiceID]Mean
	LongestWaitMs                       int64 // first wait of a visit, until its call
	ServiceTimes                        Mean  // where somebody marked the start

	zone       *time.Location
	correction int64
	issued     map[queue.TicketID]queue.Event // not called yet
	open       map[queue.DeskID]bool
	started    map[queue.TicketID]queue.Now
}

// A Mean is a mean of durations with the number of them.
type Mean struct {
	N     int
	SumMs int64
}

// Minutes is the mean in minutes; 0 when there is none.
func (m Mean) Minutes() float64 {
	if m.N == 0 {
		return 0
	}
	return float64(m.SumMs) / float64(m.N) / float64(minuteMs)
}

func (m *Mean) add(ms int64) { m.N, m.SumMs = m.N+1, m.SumMs+ms }

func addTo[K comparable](means map[K]Mean, key K, ms int64) {
	m := means[key]
	m.add(ms)
	means[key] = m
}

// NewTally counts for an office; its zone tells the hours.
func NewTally(setup queue.Setup) (*Tally, error) {
	zone, err := calendar.Zone(setup)
	if err != nil {
		return nil, fmt.Errorf("counting by the hour: %w", err)
	}
	return &Tally{
		Kinds: map[string]int{}, Rules: map[queue.Rule]int{}, Services: map[queue.ServiceID]int{},
		FirstWaitsByClass: map[queue.Class]Mean{}, FirstWaitsByService: map[queue.ServiceID]Mean{}, zone: zone,
	}, nil
}

// See takes the next event.
func (t *Tally) See(e queue.Event) {
	t.Events++
	t.Kinds[e.Body.Kind()]++
	switch b := e.Body.(type) {
	case queue.DayOpened:
		t.Days++
		t.correction = b.CorrectionMs
		t.issued, t.open = map[queue.TicketID]queue.Event{}, map[queue.DeskID]bool{}
		t.started = map[queue.TicketID]queue.Now{}
	case queue.ClockSet:
		t.correction = b.CorrectionMs
	case queue.DeskOpened:
		t.open[b.Desk] = true
		t.MostOpen = max(t.MostOpen, len(t.open))
	case queue.DeskClosed:
		delete(t.open, b.Desk)
	case queue.DeskPaused:
		delete(t.open, b.Desk)
	case queue.TicketIssued:
		t.Visits++
		t.Services[b.Service]++
		t.issued[b.Ticket] = e
	case queue.TicketCalled:
		t.Calls++
		t.Rules[b.Reason.Rule]++
		t.firstCall(e, b.Ticket)
	case queue.TicketRecalled:
		t.Recalls++
	case queue.ServiceStarted:
		if !b.FromCall {
			t.started[b.Ticket] = e.At
		}
	case queue.TicketServed:
		t.Served++
		t.ended(e, b.Ticket)
	case queue.TicketNoShow:
		t.NoShows++
	case queue.TicketTransferred:
		t.Transfers++
		t.ended(e, b.Ticket)
	case queue.TicketParked:
		t.Parked++
		t.ended(e, b.Ticket)
	case queue.TicketResumed:
		if b.Desk != "" {
			t.Rules[queue.RuleResumed]++
			t.started[b.Ticket] = e.At
		}
	case queue.TicketCancelled:
		t.Cancelled++
	case queue.TicketExpired:
		t.Expired++
	case queue.TicketPrintFailed, queue.TicketPrintUnknown:
		t.Unprinted++
	}
}

func (t *Tally) firstCall(e queue.Event, id queue.TicketID) {
	issue, ok := t.issued[id]
	if !ok {
		return
	}
	delete(t.issued, id)
	ms, _ := e.At.Since(issue.At)
	t.FirstWaits.add(ms)
	t.LongestWaitMs = max(t.LongestWaitMs, ms)
	b := issue.Body.(queue.TicketIssued)
	addTo(t.FirstWaitsByClass, b.Class, ms)
	addTo(t.FirstWaitsByService, b.Service, ms)
	t.FirstWaitsByHour[time.UnixMilli(issue.At.Wall+t.correction).In(t.zone).Hour()].add(ms)
}

func (t *Tally) ended(e queue.Event, id queue.TicketID) {
	if start, ok := t.started[id]; ok {
		delete(t.started, id)
		ms, _ := e.At.Since(start)
		t.ServiceTimes.add(ms)
	}
}
