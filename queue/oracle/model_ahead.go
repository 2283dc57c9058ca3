package oracle

import (
	"fmt"
	"maps"
	"slices"

	"eliminacode/queue"
)

const (
	// mostAhead is up to how many people ahead are told.
	mostAhead = 300
	// crowdAhead is beyond how many who wait only each eighth ticket is checked:
	// whoever is ahead is called one by one, and each call looks at everybody.
	crowdAhead = 40
	// awayMs is after how long without a key nobody is taken to be at a keypad.
	awayMs = 30 * minuteMs
)

// used keeps when the keypad of a desk was used last. Whoever uses its console is
// there.
func (d *dayModel) used(desk queue.DeskID) {
	switch e := d.event; e.By.Kind {
	case queue.ByKeypad:
		d.desk(desk).key = e.At
	case queue.ByConsole:
		d.desk(desk).key = queue.Now{}
	}
}

// aheadTold checks the people ahead that a new ticket says, by having them
// called one by one.
func (d *dayModel) aheadTold(t *ticketModel, b queue.TicketIssued) {
	if d.unknown || !d.sure() || len(d.waiting) > crowdAhead && t.id%8 != 0 {
		return
	}
	if n, ok := d.ahead(t); ok && n != b.Ahead {
		d.c.report(BreachAhead, t.id, "", fmt.Sprintf("%s says %d ahead, and %d would be called before it", t.number.Text, b.Ahead, n))
	}
}

// ahead counts who is called before a ticket when nobody else comes and each
// desk takes its next in turn; ok is false when it is not certain who is there.
func (d *dayModel) ahead(t *ticketModel) (n int, ok bool) {
	later := *d
	checker := *d.c
	if early := t.dueAt - d.rules().AppointmentEarlyMs; t.class == queue.Appointment {
		checker.clock.now.Wall += max(0, early-d.c.clock.officeTime(d.c.clock.now))
	}
	later.c, later.waiting, later.order = &checker, slices.Clone(d.waiting), d.order.copied()

	serves := func(id queue.DeskID) bool {
		if t.onlyAt != "" {
			return t.onlyAt == id
		}
		x := d.desk(id)
		return slices.Contains(x.first(), t.service) || !x.backOffice && slices.Contains(x.profile.Help, t.service)
	}
	var free, busy, absent []queue.DeskID
	for _, x := range d.c.setup.Desks {
		at := d.desk(x.ID)
		there := at.open && !at.paused
		if there && !at.key.IsZero() {
			silent, exact := sameBoot(at.key, d.c.clock.now)
			if !exact {
				return 0, false
			}
			there = silent < awayMs
		}
		switch {
		case !there && serves(x.ID):
			absent = append(absent, x.ID)
		case !there:
		case at.ticket == 0:
			free = append(free, x.ID)
			if p, _, some := later.next(x.ID); some && p.t == t {
				return 0, true
			}
		default:
			busy = append(busy, x.ID)
		}
	}
	turns := append(free, busy...)
	if !slices.ContainsFunc(turns, serves) {
		turns = append(turns, absent...)
	}
	for called := true; called; {
		called = false
		for _, desk := range turns {
			p, _, some := later.next(desk)
			if !some {
				continue
			}
			if called = true; p.t == t {
				return n, true
			}
			if n++; n > mostAhead {
				return n, true
			}
			later.callAhead(desk, p)
		}
	}
	return 0, false
}

// callAhead calls somebody as if it were done.
func (d *dayModel) callAhead(desk queue.DeskID, p pick) {
	call := d.callOf(p.t, desk, p.rule)
	call.first = p.first
	d.order.count(call)
	i := slices.Index(d.waiting, p.t)
	d.waiting = slices.Delete(d.waiting, i, i+1)
}

// copied is the order to go on from, without the calls so far.
func (o *orderModel) copied() *orderModel {
	return &orderModel{turns: maps.Clone(o.turns), passed: maps.Clone(o.passed), counts: maps.Clone(o.counts)}
}
