package oracle

import (
	"fmt"
	"slices"

	"eliminacode/queue"
)

// A waitModel is the beginning of a wait: how much of the day the office had
// been open by then, and how often it had become uncertain what went by.
type waitModel struct {
	open   int64
	unsure int
}

// waits is a wait that begins now.
func (c *clockModel) waits() waitModel { return waitModel{c.open, c.unsure} }

// since is how long a wait has lasted, the hours left out in which the office
// was closed or suspended.
func (c *clockModel) since(w waitModel) int64 { return c.open - w.open }

// passTime moves the clock on to an event, and counts how much of the time since
// the last one the office was open, by what was in force before it.
func (c *Checker) passTime(e queue.Event) {
	before := c.clock
	if begun, ok := e.Body.(queue.JournalBegun); ok && begun.ClockAnew {
		c.clock.anew(e.At)
	}
	c.clock.see(e.At, c.lastPlan)
	if before.now.IsZero() {
		return
	}
	passed := c.clock.steady - before.steady
	breaks := c.day != nil && len(c.day.breaks()) > 0
	if c.day != nil {
		begins := before.officeTime(before.now)
		c.clock.open += passed - c.day.shutDuring(begins, begins+passed)
	}
	// After a restart it is certain how long the box was off only by clocks that
	// were right on both sides of it, and what is learnt later of the clock or
	// the plan holds for all of the day.
	restart := e.At.Boot != before.now.Boot
	if restart && (c.clock.moved || before.doubtful || c.clock.doubtful || !before.vouched || !c.clock.vouched) ||
		before.doubtful != c.clock.doubtful {
		c.clock.unsure++
	}
	c.clock.restarted = c.clock.restarted || restart
	switch e.Body.(type) {
	case queue.ClockSet, queue.ClockSynced, queue.ClockStepped:
		c.clock.moved = true
		if breaks || c.clock.restarted || before.doubtful {
			c.clock.unsure++
		}
	case queue.DayReplanned, queue.DayRedated:
		if breaks || c.clock.restarted || before.doubtful {
			c.clock.unsure++
		}
	}
}

// breaks are the hours between the bands of the day, each from one closing to
// the next opening.
func (d *dayModel) breaks() (breaks [][2]int64) {
	for _, b := range d.plan.Bands {
		next := int64(0)
		for _, o := range d.plan.Bands {
			if o.Opens <= b.Closes && b.Closes < o.Closes {
				next = b.Closes // another band goes on
			} else if o.Opens > b.Closes && (next == 0 || o.Opens < next) {
				next = o.Opens
			}
		}
		if next > b.Closes {
			breaks = append(breaks, [2]int64{b.Closes, next})
		}
	}
	slices.SortFunc(breaks, func(a, b [2]int64) int { return int(a[0] - b[0]) })
	return slices.Compact(breaks)
}

// shutDuring is how much of a stretch of office time nobody waited.
func (d *dayModel) shutDuring(from, to int64) (ms int64) {
	if d.suspended {
		return to - from
	}
	for _, b := range d.breaks() {
		ms += max(0, min(to, b[1])-max(from, b[0]))
	}
	return ms
}

// sure tells whether it is certain how long everybody has waited.
func (d *dayModel) sure() bool {
	return !slices.ContainsFunc(d.waiting, func(t *ticketModel) bool { return t.since.unsure != d.c.clock.unsure })
}

// waitTold checks the wait that is stored with a call.
func (d *dayModel) waitTold(t *ticketModel, b queue.TicketCalled) {
	if t.state != queue.Waiting || t.arrived.unsure != d.c.clock.unsure {
		return
	}
	if waited := t.waited + d.c.clock.since(t.waiting); waited != b.Reason.WaitedMs {
		d.c.report(BreachWait, b.Ticket, b.Desk, fmt.Sprintf("%s is said to have waited %d ms, and waited %d", t.number.Text, b.Reason.WaitedMs, waited))
	}
}
