package oracle

import (
	"fmt"
	"slices"

	"eliminacode/queue"
)

// planned is what a visit is still for. What a citizen is given with the ticket
// must be open.
func (d *dayModel) planned(b queue.ServicesPlanned) {
	t := d.tickets[b.Ticket]
	if t == nil || t.state.Ended() {
		d.c.report(BreachPlan, b.Ticket, "", "a plan for a visit that is not there, or over")
		return
	}
	for i, s := range b.Services {
		switch {
		case s == t.service || slices.Contains(b.Services[:i], s):
			d.c.report(BreachPlan, b.Ticket, "", "the visit is planned for "+string(s)+" twice")
		case d.event.Seq == t.issued.Seq+1 && d.event.At == t.issued.At && !d.opens(s):
			d.c.report(BreachClosed, b.Ticket, "", "a ticket for "+string(s)+" too, which is closed")
		}
	}
	t.then = b.Services
}

// nextPlanned is the next service of a visit's plan that the office still has.
func (d *dayModel) nextPlanned(t *ticketModel) (next queue.ServiceID, ok bool) {
	for _, s := range t.then {
		if slices.ContainsFunc(d.c.setup.Services, func(x queue.Service) bool { return x.ID == s }) {
			return s, true
		}
	}
	return "", false
}

// finished checks that a visit which is over was to go on to nothing more.
func (d *dayModel) finished(t *ticketModel, desk queue.DeskID) {
	if next, ok := d.nextPlanned(t); ok {
		d.c.report(BreachPlan, t.id, desk, fmt.Sprintf("%s is over, and was still for %s", t.number.Text, next))
	}
}

// goesOn takes a visit to its next service. By its plan that is the first one
// there, and nobody chose another desk for it.
func (d *dayModel) goesOn(t *ticketModel, desk queue.DeskID, to queue.ServiceID, byPlan bool) {
	if next, _ := d.nextPlanned(t); byPlan && next != to {
		d.c.report(BreachPlan, t.id, desk, fmt.Sprintf("%s goes on to %s, and is for %q next", t.number.Text, to, next))
	}
	t.left = nil
	if byPlan {
		was := *t
		t.left, t.leftSeq = &was, d.event.Seq
	}
	t.then = slices.DeleteFunc(slices.Clone(t.then), func(s queue.ServiceID) bool { return s == to })
	t.service = to
	t.leg++
	t.passedOver, t.waited = 0, 0
	d.transfers++
}

// continued is a visit whose next service begins at the desk where the last one
// ended: one that was planned, and that the desk serves.
func (d *dayModel) continued(b queue.ServiceContinued) {
	t := d.at(b.Ticket, b.Desk, "", queue.Serving)
	if t == nil {
		return
	}
	if !slices.Contains(t.then, b.Service) {
		d.c.report(BreachPlan, b.Ticket, b.Desk, "the visit goes on to "+string(b.Service)+", for which it was not planned")
	}
	x := d.desk(b.Desk)
	if serves := slices.Concat(x.profile.First, x.profile.Help); !d.c.setup.Rules.CallOutside && !d.unknown && !slices.Contains(serves, b.Service) {
		d.c.report(BreachProfile, b.Ticket, b.Desk, "the visit goes on at a desk that does not serve "+string(b.Service))
	}
	d.goesOn(t, b.Desk, b.Service, false)
}

// cameBack is a visit that an undone NEXT had sent on, as it was at its desk.
func (d *dayModel) cameBack(t *ticketModel) {
	was := t.left
	d.move(t, t.held)
	t.service, t.leg, t.then, t.left = was.service, was.leg, was.then, nil
	t.place, t.since, t.bound, t.waited = was.place, was.since, was.bound, was.waited
	d.transfers--
}

// without is the hall as it was to the NEXT that sent a ticket on: whoever it had
// at the desk was not among those to choose from. The ticket must have been sent
// on by the event before.
func (d *dayModel) without(b queue.TicketCalled) *dayModel {
	t := d.tickets[b.Reason.SentOn]
	switch {
	case t == nil || t.state != queue.Waiting || t.left == nil || t.leftSeq+1 != d.event.Seq || t.heldBy != b.Desk:
		if b.Reason.SentOn != 0 {
			d.c.report(BreachOrder, b.Ticket, b.Desk, "the call leaves one out who was not sent on by it")
		}
		return d
	case b.Ticket == t.id:
		d.c.report(BreachCalledTwice, b.Ticket, b.Desk, "a NEXT called whom it had just sent on")
	}
	was := *d
	was.waiting = slices.DeleteFunc(slices.Clone(d.waiting), func(x *ticketModel) bool { return x == t })
	return &was
}
