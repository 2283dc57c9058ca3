// Package oracle judges an office: it is fed the events as they come, works out
// by itself what the rules ask, and finds any breach of them.
//
// It owns a model of its own of what may happen, of time, of papers and of who
// is next, worked out the slow way, by looking at everybody who waits. Of package
// queue it uses the types of events and states and never Decide, Apply or Next,
// so that a fault there does not hide itself; Fold is called for one thing, to hold
// a live state against its own events. It knows nothing of simulated people.
//
// Its answers are Violations, which are data. It reads no clock, disk or network,
// and a Checker belongs to one goroutine.
package oracle

import (
	"fmt"
	"reflect"

	"eliminacode/queue"
)

// A Checker holds events against the invariants as they come. It has a model
// of its own and uses nothing of how queue decides or applies, so that a fault
// there does not hide itself.
type Checker struct {
	found []Violation
	seq   uint64
	clock clockModel
	day   *dayModel
	// setup is the one in force; days counts those opened.
	setup  queue.Setup
	days   int
	closed DaySum // of the day that was closed last
	// lastPlan is that of the day that was opened last, whether or not it is
	// open still.
	lastPlan *queue.DayPlan
}

// A DaySum is what a report says of one day.
type DaySum struct {
	Visits, Legs                        int
	Served, NoShows, Cancelled, Expired int
}

// NewChecker is a checker that has seen nothing.
func NewChecker() *Checker { return &Checker{} }

// Violations are the breaches found so far, at most 1,000.
func (c *Checker) Violations() []Violation { return c.found }

func (c *Checker) report(b Breach, ticket queue.TicketID, desk queue.DeskID, detail string) {
	if len(c.found) < maxViolations {
		c.found = append(c.found, Violation{Seq: c.seq, Breach: b, Ticket: ticket, Desk: desk, Detail: detail})
	}
}

// See takes the next event.
func (c *Checker) See(e queue.Event) {
	want := c.seq + 1
	c.seq = e.Seq
	if e.Seq != want {
		c.report(BreachSequence, 0, "", "the sequence before it is missing or repeated")
	}
	if e.At.Boot == c.clock.now.Boot && e.At.Mono < c.clock.now.Mono {
		c.report(BreachClock, 0, "", "the monotonic clock went back within one boot")
	}
	c.passTime(e)
	if !c.ofBox(e) && c.day == nil {
		c.report(BreachDay, 0, "", e.Body.Kind()+" while no day is open")
	} else if c.day != nil {
		c.day.see(e)
	}
}

// ofBox takes the events that may come while no day is open, and tells whether
// it was one.
func (c *Checker) ofBox(e queue.Event) bool {
	switch b := e.Body.(type) {
	case queue.JournalBegun, queue.JournalResumed, queue.OutletChanged:
	case queue.ClockStepped:
		if !c.clock.vouched && !c.clock.doubtful {
			c.clock.trust(c.plan())
		}
	case queue.SetupChanged:
		c.setup = b.Setup
	case queue.HallCapacitySet:
		c.setup.Rules.HallCapacity = b.People
		return c.day != nil
	case queue.ClockSet:
		c.told(b.CorrectionMs)
	case queue.ClockSynced:
		c.told(b.CorrectionMs)
	case queue.DayOpened:
		c.openDay(e, b)
	case queue.DayClosed:
		c.closeDay(b)
	default:
		return false
	}
	return true
}

// told takes the word of the network or of a person for what time it is.
func (c *Checker) told(correctionMs int64) {
	c.clock.correction = correctionMs
	was := c.clock.lead
	c.clock.trust(c.plan())
	if c.day != nil && c.clock.lead < was {
		c.day.notMissed(c.clock.steady + c.clock.lead)
	}
	c.clock.told = true
}

// plan is that of the open day.
func (c *Checker) plan() *queue.DayPlan {
	if c.day == nil {
		return nil
	}
	return &c.day.plan
}

func (c *Checker) openDay(e queue.Event, b queue.DayOpened) {
	if c.day != nil {
		c.report(BreachDay, 0, "", "a day was opened before the last one was closed")
	}
	if b.Day != c.days+1 && c.days > 0 {
		c.report(BreachDay, 0, "", "the day's ordinal is not the next")
	}
	c.days, c.setup = b.Day, b.Setup
	c.clock = clockModel{
		now: e.At, correction: b.CorrectionMs, doubtful: b.Plan.Provisional, reached: b.Reached, vouched: !b.Provisional, told: true,
	}
	c.clock.steady = c.clock.officeTime(e.At)
	c.clock.open = c.clock.steady
	if !c.clock.doubtful {
		c.clock.reached = c.clock.steady
	}
	c.day, c.lastPlan = newDayModel(c, b), &b.Plan
}

func (c *Checker) closeDay(b queue.DayClosed) {
	d := c.day
	if d == nil {
		c.report(BreachDay, 0, "", "a day was closed that was not open")
		return
	}
	c.day = nil
	d.endsRightly()
	n := d.totals()
	c.closed = DaySum{
		Visits: n.Issued, Legs: n.Issued + d.transfers,
		Served: n.Served, NoShows: n.NoShows, Cancelled: n.Cancelled, Expired: n.Expired,
	}
	if n.Open() != 0 {
		c.report(BreachLost, 0, "", "the day closed over tickets that had not ended")
	}
	if b.Day != d.ordinal || b.Issued != n.Issued || b.Served != n.Served || b.NoShows != n.NoShows || b.Expired != n.Expired || b.Unused != len(d.reserved) {
		c.report(BreachDay, 0, "", "the totals of the day are not those of its events")
	}
}

// Sum holds the sums of a report about the day that was closed last against the
// events.
func (c *Checker) Sum(report DaySum) {
	if report != c.closed {
		c.report(BreachReport, 0, "", fmt.Sprintf("the report says %+v, the events %+v", report, c.closed))
	}
}

// Compare holds the office as it is, and every period of today's visits,
// against the events seen so far.
func (c *Checker) Compare(s *queue.State) {
	c.Glance(s)
	if c.day == nil {
		return
	}
	if got, want := s.Appointments(), c.day.appointments(); got != want {
		c.report(BreachAppointment, 0, "", fmt.Sprintf("the office counts %+v, the events %+v", got, want))
	}
	for t := range s.Tickets() {
		c.periods(t)
	}
	c.day.comparePapers(s)
}

// Glance is the part of Compare that does not grow with the day: the counts,
// and who is at the desks. It is cheap enough to be done after every command.
func (c *Checker) Glance(s *queue.State) {
	t := s.Totals()
	if t.Issued != t.Open()+t.Served+t.NoShows+t.Cancelled+t.Expired {
		c.report(BreachLost, 0, "", "issued is not waiting + called + serving + parked + ended")
	}
	if s.Seq() != c.seq {
		c.report(BreachFold, 0, "", "the office is at another event than the events")
	}
	if c.day == nil {
		return
	}
	n := c.day.totals()
	n.Calls = t.Calls
	if n != t {
		c.report(BreachLost, 0, "", "the office counts otherwise than its events")
	}
	for _, d := range s.Setup().Desks {
		if _, now, ok := s.Desk(d.ID); ok && now.Ticket != c.day.desk(d.ID).ticket {
			c.report(BreachDesk, now.Ticket, d.ID, "the office has another ticket at the desk than its events")
		}
	}
}

// periods checks that a visit's periods follow each other without a step back.
// Across boots only the wall clock is left, which may have been corrected.
func (c *Checker) periods(t *queue.Ticket) {
	for i, p := range t.Periods {
		if !p.End.IsZero() && p.End.Boot == p.Start.Boot && p.End.Mono < p.Start.Mono {
			c.report(BreachDuration, t.ID, p.Desk, "a period ends before it begins")
		}
		if p.End.IsZero() && (i < len(t.Periods)-1 || t.State.Ended()) {
			c.report(BreachDuration, t.ID, p.Desk, "a period never ended")
		}
		// A service that nobody saw begin is dated back to its call, so that
		// the walk before it has no length; nothing else may overlap.
		if i > 0 && p.Kind != queue.Serving && p.Start.Boot == t.Periods[i-1].End.Boot && p.Start.Mono < t.Periods[i-1].End.Mono {
			c.report(BreachDuration, t.ID, p.Desk, "two periods overlap")
		}
	}
}

// Fold holds the office as it is against the fold of all events so far.
func (c *Checker) Fold(events []queue.Event, live *queue.State) {
	if !reflect.DeepEqual(queue.Fold(events), live) {
		c.report(BreachFold, 0, "", "the live state is not the fold of the events")
	}
}
