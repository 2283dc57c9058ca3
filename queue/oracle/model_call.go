package oracle

import (
	"fmt"
	"slices"

	"eliminacode/queue"
)

// called checks a call: that the desk may call, that the ticket waits, and that
// it is the one whose turn it is.
func (d *dayModel) called(e queue.Event, b queue.TicketCalled) {
	d.used(b.Desk)
	t, x := d.tickets[b.Ticket], d.desk(b.Desk)
	if t == nil {
		d.c.report(BreachState, b.Ticket, b.Desk, "a call of a ticket that is not there")
		return
	}
	if t.state != queue.Waiting {
		d.c.report(BreachCalledTwice, b.Ticket, b.Desk, "a call of a ticket that is "+string(t.state))
	}
	if !x.open || x.paused || d.suspended {
		d.c.report(BreachClosed, b.Ticket, b.Desk, "a call from a desk that is closed or on a break, or while the office is suspended")
	}
	if x.ticket != 0 {
		d.c.report(BreachDeskTwo, b.Ticket, b.Desk, "a call from a desk that holds a ticket")
	}
	hall := d.without(b)
	d.allowed(t, b, hall)
	d.inTurn(t, b, hall)
	d.waitTold(t, b)
	before := *t
	t.waitedThen = t.waited + d.c.clock.since(t.waiting)
	t.before, t.calledAt, t.left = &before, e.At, nil
	d.take(b.Ticket, t, b.Desk, queue.Called)
}

// allowed checks that the rule that chose a ticket could have chosen it in the
// hall as it was.
func (d *dayModel) allowed(t *ticketModel, b queue.TicketCalled, hall *dayModel) {
	x := d.desk(b.Desk)
	first, help := slices.Contains(x.profile.First, t.service), slices.Contains(x.profile.Help, t.service)
	sent := b.Reason.Rule == queue.RuleTransferred || t.onlyAt == b.Desk
	switch rule := b.Reason.Rule; {
	case rule == queue.RuleByNumber && d.c.setup.Rules.CallOutside:
		// The office lets a clerk's own choice answer to no profile.
	case t.onlyAt != "" && t.onlyAt != b.Desk:
		d.c.report(BreachProfile, b.Ticket, b.Desk, "the ticket was sent to another desk alone")
	case rule == queue.RuleTransferred && t.onlyAt != b.Desk:
		d.c.report(BreachProfile, b.Ticket, b.Desk, "the ticket was not sent to this desk")
	case sent, d.unknown:
	case x.backOffice:
		d.c.report(BreachProfile, b.Ticket, b.Desk, "a back office is reached by transfer or appointment alone")
	case rule == queue.RuleHelp && (first || !help):
		d.c.report(BreachProfile, b.Ticket, b.Desk, "the desk does not help out with "+string(t.service))
	case !first && !help:
		d.c.report(BreachProfile, b.Ticket, b.Desk, "the desk does not serve "+string(t.service))
	}
	if b.Reason.Rule != queue.RuleHelp {
		return
	}
	for _, other := range hall.waiting {
		if other.onlyAt == "" && !other.returning && other.class != queue.Appointment && slices.Contains(x.profile.First, other.service) {
			d.c.report(BreachProfile, b.Ticket, b.Desk, "help was given while somebody waited for what the desk serves by right")
			return
		}
	}
}

// inTurn checks whose turn it was in the hall as it was, and counts the call.
func (d *dayModel) inTurn(t *ticketModel, b queue.TicketCalled, hall *dayModel) {
	call := d.callOf(t, b.Desk, b.Reason.Rule)
	if b.Reason.Rule != queue.RuleByNumber && b.Reason.Rule != queue.RuleOldest && !d.unknown && d.sure() {
		want, s, ok := hall.next(b.Desk)
		switch {
		case !ok:
			d.c.report(BreachOrder, b.Ticket, b.Desk, fmt.Sprintf("called by %q, though nobody waits for the desk", b.Reason.Rule))
		case want.t != t || want.rule != b.Reason.Rule:
			d.c.report(BreachOrder, b.Ticket, b.Desk, fmt.Sprintf("%s was called by %q, and %s is next by %q", t.number.Text, b.Reason.Rule, want.t.number.Text, want.rule))
		default:
			call.first = want.first
		}
		d.fair(t, b, call, s)
	}
	d.passOver(t, b.Desk, &call)
	d.order.count(call)
}

// callOf is what a call by a rule means: whose turn it was, and the services whose
// turns it changes.
func (d *dayModel) callOf(t *ticketModel, desk queue.DeskID, rule queue.Rule) callModel {
	x := d.desk(desk)
	call := callModel{ticket: t.id, desk: desk, rule: rule, profile: profileName(x.profile)}
	switch rule {
	case queue.RuleTransferred, queue.RuleReturned, queue.RuleAppointment, queue.RulePriority:
		call.first = true
	case queue.RuleByNumber, queue.RuleResumed:
	default:
		call.inLine = true
	}
	for _, s := range x.profile.First {
		if d.lateFor(s) {
			call.late = append(call.late, s)
		} else {
			call.onTime = append(call.onTime, s)
		}
	}
	call.serves = slices.Concat(x.profile.First, x.profile.Help)
	if !slices.Contains(call.serves, t.service) {
		call.serves = append(call.serves, t.service)
	}
	return call
}

// lateFor tells whether an ordinary ticket of the service is past its maximum.
func (d *dayModel) lateFor(service queue.ServiceID) bool {
	return slices.ContainsFunc(d.waiting, func(t *ticketModel) bool {
		return t.service == service && d.isOrdinary(t) && t.place.inLine && d.isLate(t)
	})
}

// isOrdinary tells whether a ticket stands in the ordinary queue of its service.
func (d *dayModel) isOrdinary(t *ticketModel) bool {
	return t.onlyAt == "" && !t.returning && t.class == queue.Ordinary
}

// fair checks what the page promises of the classes, apart from who exactly is
// next: nobody with priority behind an ordinary one who stands later in the queue,
// and the ratio kept within one.
func (d *dayModel) fair(t *ticketModel, b queue.TicketCalled, call callModel, s scene) {
	switch {
	case call.inLine:
		for _, p := range s.priority {
			if byPlace(p, t) {
				d.c.report(BreachBehind, b.Ticket, b.Desk, fmt.Sprintf("%s has priority, and stands before %s, which was called", p.number.Text, t.number.Text))
				break
			}
		}
		if len(s.priority) > 0 && !s.bound && d.due(b.Desk) {
			d.c.report(BreachRatio, b.Ticket, b.Desk, "an ordinary one was called when it was the turn of those with priority")
		}
	case b.Reason.Rule == queue.RulePriority:
		later := func(o *ticketModel) bool { return !byPlace(o, t) }
		before := len(s.heads) > 0 && !slices.ContainsFunc(s.heads, later) && (s.overdue == nil || !later(s.overdue))
		if before && !d.due(b.Desk) {
			d.c.report(BreachRatio, b.Ticket, b.Desk, "one with priority was called before its turn, and before everybody who stood earlier")
		}
	}
}

// mostPassed is how often in a row a ticket past its maximum may be passed over
// by the desks that serve it by right.
const mostPassed = 2

// passOver counts how often in a row each ticket past its maximum had to let
// others pass at desks that serve it by right.
func (d *dayModel) passOver(called *ticketModel, desk queue.DeskID, call *callModel) {
	for _, t := range d.waiting {
		if t == called || !d.isOrdinary(t) || !t.place.inLine || !d.isLate(t) || !slices.Contains(d.desk(desk).first(), t.service) {
			continue
		}
		switch {
		case call.inLine:
			t.passedOver = 0
			call.relieved = append(call.relieved, t.id)
		case call.first && !(call.rule == queue.RulePriority && byPlace(called, t)):
			call.over = append(call.over, t.id)
			if t.passedOver++; t.passedOver > mostPassed {
				d.c.report(BreachStarved, t.id, desk, fmt.Sprintf("%s is past its maximum and was passed over %d times in a row", t.number.Text, t.passedOver))
			}
		}
	}
}
