package queue

import (
	"fmt"
	"slices"
)

// mostPlanned is for how many services more a visit can be planned.
const mostPlanned = 6

// A visitPlan is what a ticket for several services has beside others. It is
// never changed once it is in a Ticket; a change makes another.
type visitPlan struct {
	then  []ServiceID // still to come after the present service, in order
	given []Outcome   // of the legs that ended when the visit went on by its plan
	left  *leftBehind // by the last time it was sent on, until it is called again
}

// A leftBehind is where a visit was before it was sent on, for a NEXT that is
// undone.
type leftBehind struct {
	desk  DeskID
	then  []ServiceID
	key   uint64
	since instant
	bound DeskID
}

// Planned are the services that a ticket is still for after the present one, in
// order. The slice must not be changed.
func (s *State) Planned(t *Ticket) []ServiceID {
	if t.plan == nil {
		return nil
	}
	gone := func(id ServiceID) bool { return !s.offers(id) }
	if slices.ContainsFunc(t.plan.then, gone) {
		return slices.DeleteFunc(slices.Clone(t.plan.then), gone)
	}
	return t.plan.then
}

// OutcomeOf is what came of a leg's service, if told.
func (t *Ticket) OutcomeOf(leg int) Outcome {
	switch {
	case leg == t.Leg:
		return t.Outcome
	case t.plan != nil && leg < len(t.plan.given):
		return t.plan.given[leg]
	}
	return ""
}

// offers tells whether a service is in the setup.
func (s *State) offers(id ServiceID) bool {
	i := s.serviceIndex(id)
	return i >= 0 && !s.index.services[i].removed
}

// mayPlan refuses services of which a visit cannot be: unknown ones, the present
// one, and one twice.
func (s *State) mayPlan(present ServiceID, then []ServiceID) error {
	if len(then) > mostPlanned {
		return between("then", int64(len(then)), 0, mostPlanned)
	}
	for i, id := range then {
		switch {
		case !s.offers(id):
			return fmt.Errorf("%w: %q", ErrUnknownService, id)
		case id == present || slices.Contains(then[:i], id):
			return fmt.Errorf("%w: %q", ErrServiceTwice, id)
		}
	}
	return nil
}

// plan writes down for which services a ticket is still to be called. The event
// keeps a list of its own, and none at all for none, as it is read from disk.
func (d *decision) plan(id TicketID, then []ServiceID) {
	d.emit(ServicesPlanned{Ticket: id, Services: append([]ServiceID(nil), then...)})
}

func (c PlanServices) decide(d *decision) error {
	t, err := d.ticket(c.Ticket)
	switch {
	case err != nil:
		return err
	case t.State.Ended():
		return wrongState(t)
	case c.Nth != 0 && c.Nth != t.Leg+1:
		return ErrStale
	}
	if err := d.s.mayPlan(t.Service, c.Services); err != nil {
		return err
	}
	if !slices.Equal(d.s.Planned(t), c.Services) {
		d.plan(t.ID, c.Services)
	}
	return nil
}

func (n *draft) planServices(e Event, b ServicesPlanned) {
	n.change(b.Ticket, func(t *Ticket) {
		if t.plan == nil && t.Calls == 0 && e.At == t.Issued && e.By == t.By {
			t.wish = andThen(t.wish, b.Services) // its request asked for them too
		}
		n.replan(t, func(p *visitPlan) { p.then = b.Services })
	})
}

// replan changes the plan of a ticket.
func (n *draft) replan(t *Ticket, change func(*visitPlan)) {
	p := &visitPlan{}
	if t.plan != nil {
		*p = *t.plan
	}
	change(p)
	if t.plan = p; len(p.then) == 0 && len(p.given) == 0 && p.left == nil {
		t.plan = nil
	}
}

// sendOn lets the visit at a desk go on to the next service of its plan; it
// answers whether there is one. Of a service whose end nobody saw, unknownEnd.
func (d *decision) sendOn(by Cause, t *Ticket, desk DeskID, outcome Outcome, unknownEnd bool) bool {
	then := d.s.Planned(t)
	if len(then) == 0 {
		return false
	}
	d.emitBy(by, TicketTransferred{
		Ticket: t.ID, From: desk, Service: then[0], Place: d.s.index.setup.Rules.transferPlace(),
		Planned: true, Outcome: outcome, UnknownEnd: unknownEnd,
	})
	return true
}

// beginLeg moves a ticket on to its next service.
func (n *draft) beginLeg(t *Ticket, service ServiceID, outcome Outcome) {
	if p := t.plan; p != nil || outcome != "" {
		n.replan(t, func(p *visitPlan) {
			if i := slices.Index(p.then, service); i >= 0 {
				p.then = slices.Delete(slices.Clone(p.then), i, i+1)
			}
			if outcome != "" {
				given := grown(p.given, max(len(p.given), t.Leg+1))
				given[t.Leg] = outcome
				p.given = given
			}
		})
	}
	t.Service = service
	t.Leg++
}

func (c ServeOn) decide(d *decision) error {
	t, err := d.held(c.Desk, c.Ticket)
	if err != nil {
		return err
	}
	if err := c.Outcome.known(); err != nil {
		return err
	}
	i, _ := d.desk(c.Desk)
	switch {
	case t.Service == c.Service && t.State == Serving:
		return nil
	case d.s.serviceIndex(c.Service) < 0:
		return fmt.Errorf("%w: %q", ErrUnknownService, c.Service)
	case !slices.Contains(d.s.Planned(t), c.Service):
		return ErrStale
	case !d.s.index.setup.Rules.CallOutside && !contains(d.s.index.desks[i].served, d.s.serviceIndex(c.Service)):
		return fmt.Errorf("%w: desk %q does not serve %q", ErrNotAllowed, c.Desk, c.Service)
	}
	d.startedAtCall(t, c.Desk)
	d.emit(ServiceContinued{Ticket: t.ID, Desk: c.Desk, Service: c.Service, Outcome: c.Outcome})
	return nil
}

// continueService begins the next leg at the desk where the last one was served.
// Nobody is called and nobody waits for it.
func (n *draft) continueService(e Event, b ServiceContinued) {
	n.measure(e, b.Ticket)
	n.move(b.Ticket, func(t *Ticket) {
		n.beginLeg(t, b.Service, b.Outcome)
		n.enter(t, Serving, e.At, e.By)
		t.Periods[max(0, len(t.Periods)-2)].Finished = true
	})
	n.changeDesk(b.Desk, func(*DeskState) {})
}

// comeBack is a visit that an undone NEXT had sent on, at its desk again.
func (n *draft) comeBack(t *Ticket) {
	was := t.plan.left
	last := len(t.Periods) - 1
	for last > 0 && t.Periods[last].Leg == t.Leg {
		last--
	}
	t.Leg, t.Service = t.Periods[last].Leg, t.Periods[last].Service
	t.key, t.since, t.bound = was.key, was.since, was.bound
	n.replan(t, func(p *visitPlan) {
		p.then, p.left = was.then, nil
		p.given = p.given[:min(len(p.given), t.Leg)]
	})
	t.Periods = t.Periods[:last+1]
}
