package simulate

import (
	"fmt"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

// Counts are what happened in an office. They are for a first look at a simulated
// period; reports are made elsewhere, from the journal.
type Counts struct {
	Days, Events, Visits                       int // visits are tickets issued
	Served, NoShows, Cancelled, Expired, Calls int
	MostOpen                                   int            // desks open at once, those on a break left out
	Kinds                                      map[string]int // events by kind
	Rules                                      map[queue.Rule]int
	FirstWaits                                 Mean     // of walk-ins who were called
	FirstWaitsByHour                           [24]Mean // by the local hour of issue, where the clock was known to be right
	FirstWaitsByClass                          map[queue.Class]Mean
	Inexact                                    int   // visits whose first wait spans a restart: they are in no mean
	LongestWaitMs                              int64 // of a walk-in, until its first call

	zone  *time.Location
	today []queue.Event // of the open day, from its opening
	open  map[queue.DeskID]bool
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

func (m Mean) with(ms int64) Mean { return Mean{m.N + 1, m.SumMs + ms} }

// NewCounts counts for an office; its zone tells the hours.
func NewCounts(setup queue.Setup) (*Counts, error) {
	zone, err := calendar.Zone(setup)
	if err != nil {
		return nil, fmt.Errorf("counting by the hour: %w", err)
	}
	return &Counts{Kinds: map[string]int{}, Rules: map[queue.Rule]int{}, FirstWaitsByClass: map[queue.Class]Mean{}, zone: zone}, nil
}

// See takes the next event. When it closes a day, the answer is that day, folded.
func (c *Counts) See(e queue.Event) (closed *queue.State) {
	c.Events++
	c.Kinds[e.Body.Kind()]++
	if len(c.today) > 0 {
		c.today = append(c.today, e)
	}
	switch b := e.Body.(type) {
	case queue.DayOpened:
		c.Days++
		c.today, c.open = append(c.today[:0], e), map[queue.DeskID]bool{}
	case queue.DayClosed:
		return c.End()
	case queue.DeskOpened:
		c.open[b.Desk] = true
		c.MostOpen = max(c.MostOpen, len(c.open))
	case queue.DeskClosed:
		delete(c.open, b.Desk)
	case queue.DeskPaused:
		delete(c.open, b.Desk)
	case queue.TicketResumed:
		if b.Desk != "" {
			c.Rules[queue.RuleResumed]++
		}
	}
	return nil
}

// End counts the visits of the day that is open, after its last event, and
// answers with that day; nil when none is open.
func (c *Counts) End() *queue.State {
	if len(c.today) == 0 {
		return nil
	}
	day := queue.Fold(c.today)
	c.today = c.today[:0]
	n := day.Totals()
	c.Visits, c.Calls = c.Visits+n.Issued, c.Calls+n.Calls
	c.Served, c.NoShows = c.Served+n.Served, c.NoShows+n.NoShows
	c.Cancelled, c.Expired = c.Cancelled+n.Cancelled, c.Expired+n.Expired
	for t := range day.Tickets() {
		c.visit(day, t)
	}
	return day
}

// visit counts the calls of a visit by their rules, and its first wait.
func (c *Counts) visit(day *queue.State, t *queue.Ticket) {
	var first *queue.Period // call
	for i := range t.Periods {
		p := &t.Periods[i]
		if p.Reason == nil || p.Undone {
			continue
		}
		c.Rules[p.Reason.Rule]++
		if first == nil {
			first = p
		}
	}
	if first == nil {
		return
	}
	issued := t.Periods[0].Start
	if _, by := day.Elapsed(issued, first.Start); by != queue.Exact {
		// A restart lies between, and with it a clock that may have been wrong.
		c.Inexact++
		return
	}
	var ms int64
	for leg := range day.Legs(t, day.LastNow()) {
		ms = leg.FirstWaitMs
		break
	}
	c.FirstWaitsByClass[t.Class] = c.FirstWaitsByClass[t.Class].with(ms)
	if t.Class == queue.Appointment {
		return
	}
	c.LongestWaitMs = max(c.LongestWaitMs, ms)
	c.FirstWaits = c.FirstWaits.with(ms)
	if issued.Synced {
		// By a clock that nobody vouches for the hour may be any.
		hour := &c.FirstWaitsByHour[time.UnixMilli(day.TimeOf(issued)).In(c.zone).Hour()]
		*hour = hour.with(ms)
	}
}
