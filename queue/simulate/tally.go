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
	FirstWaits                          Mean                    // of walk-ins, from issue to first call
	FirstWaitsByHour                    [24]Mean                // by the local hour of issue, where the clock was known to be right
	FirstWaitsByClass                   map[queue.Class]Mean
	FirstWaitsByService                 map[queue.ServiceID]Mean
	Inexact                             int   // visits whose first wait spans a restart: they are in no mean
	LongestWaitMs                       int64 // of a walk-in, until its first call
	ServiceTimes                        Mean  // where somebody marked the start

	zone       *time.Location
	correction int64
	issued     map[queue.TicketID]queue.Event // not called yet
	open       map[queue.DeskID]bool
	started    map[queue.TicketID]queue.Now
	outcome    map[queue.TicketID]*int        // the count that the visit's end went into
	calls      map[queue.TicketID]queue.Event // the last of each
	first      map[queue.TicketID]queue.Event // the issue of those called once
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

func (m *Mean) add(n int, ms int64) { m.N, m.SumMs = m.N+n, m.SumMs+ms }

func addTo[K comparable](means map[K]Mean, key K, n int, ms int64) {
	m := means[key]
	m.add(n, ms)
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
		t.started, t.outcome = map[queue.TicketID]queue.Now{}, map[queue.TicketID]*int{}
		t.first, t.calls = map[queue.TicketID]queue.Event{}, map[queue.TicketID]queue.Event{}
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
		t.calls[b.Ticket] = e
		t.firstCall(e, b.Ticket)
	case queue.TicketRecalled:
		t.Recalls++
	case queue.ServiceStarted:
		if !b.FromCall {
			t.started[b.Ticket] = e.At
		}
	case queue.TicketServed:
		t.over(b.Ticket, &t.Served)
		t.ended(e, b.Ticket)
	case queue.TicketNoShow:
		t.over(b.Ticket, &t.NoShows)
	case queue.TicketReturned:
		t.again(b.Ticket)
	case queue.TicketReinstated:
		t.again(b.Ticket)
	case queue.CallUndone:
		t.undone(b)
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
		t.over(b.Ticket, &t.Cancelled)
	case queue.TicketExpired:
		t.over(b.Ticket, &t.Expired)
	case queue.TicketPrintFailed, queue.TicketPrintUnknown:
		t.Unprinted++
	}
}

// over counts the end of a visit.
func (t *Tally) over(id queue.TicketID, outcome *int) {
	*outcome++
	t.outcome[id] = outcome
}

// again takes the end of a visit that goes on after all out of its count.
func (t *Tally) again(id queue.TicketID) {
	if outcome := t.outcome[id]; outcome != nil {
		*outcome--
		delete(t.outcome, id)
	}
}

func (t *Tally) firstCall(e queue.Event, id queue.TicketID) {
	issue, ok := t.issued[id]
	if !ok {
		delete(t.first, id)
		return
	}
	delete(t.issued, id)
	t.first[id] = issue
	ms, exact := sameBoot(issue.At, e.At)
	if !exact {
		// A restart lies between, and with it a clock that may have been wrong.
		t.Inexact++
		delete(t.first, id)
		return
	}
	if issue.Body.(queue.TicketIssued).Class != queue.Appointment {
		t.LongestWaitMs = max(t.LongestWaitMs, ms)
	}
	t.waited(issue, 1, ms)
}

// waited adds a first wait to the means, or takes one out again.
func (t *Tally) waited(issue queue.Event, n int, ms int64) {
	b := issue.Body.(queue.TicketIssued)
	addTo(t.FirstWaitsByClass, b.Class, n, ms)
	if b.Class == queue.Appointment {
		return
	}
	t.FirstWaits.add(n, ms)
	addTo(t.FirstWaitsByService, b.Service, n, ms)
	if issue.At.Synced {
		// By a clock that nobody vouches for the hour may be any.
		t.FirstWaitsByHour[time.UnixMilli(issue.At.Wall+t.correction).In(t.zone).Hour()].add(n, ms)
	}
}

// undone takes back what a call counted, and the end of the visit that the desk
// holds again.
func (t *Tally) undone(b queue.CallUndone) {
	call := t.calls[b.Ticket]
	t.Calls--
	t.Rules[call.Body.(queue.TicketCalled).Reason.Rule]--
	if issue, once := t.first[b.Ticket]; once && call.At.Boot == issue.At.Boot {
		ms, _ := sameBoot(issue.At, call.At)
		t.waited(issue, -1, -ms)
		t.issued[b.Ticket] = issue
		delete(t.first, b.Ticket)
	}
	t.again(b.Reopened)
}

func (t *Tally) ended(e queue.Event, id queue.TicketID) {
	if start, ok := t.started[id]; ok {
		delete(t.started, id)
		if ms, exact := sameBoot(start, e.At); exact {
			t.ServiceTimes.add(1, ms)
		}
	}
}

// sameBoot is the time between two instants of one boot, in milliseconds.
func sameBoot(from, to queue.Now) (ms int64, exact bool) {
	if from.Boot != to.Boot {
		return 0, false
	}
	return max(0, to.Mono-from.Mono), true
}
