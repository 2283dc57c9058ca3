package queue

import (
	"fmt"
	"strings"
)

// digest is everything that a state is and says, as text: two states with one
// digest cannot be told apart. It reads the inner parts, and goes through the
// exported accessors too, so that an answer that panics is found.
func digest(s *State) string {
	var b strings.Builder
	one := func(name string, q queue) {
		fmt.Fprintf(&b, "%s %d:", name, q.len())
		for key, id := range q.all {
			fmt.Fprintf(&b, " %d=%d", key, id)
		}
		b.WriteByte('\n')
	}
	bundle := func(name string, q *queues) {
		one(name+" ordinary", q.ordinary)
		one(name+" priority", q.priority)
		one(name+" appointment", q.appointment)
		one(name+" returned", q.returned)
	}
	fmt.Fprintf(&b, "%q %d %+v %d %d %+v\n", s.journal, s.seq, s.now, s.steady, s.correction, s.day)
	fmt.Fprintf(&b, "%+v\n%+v\n", s.profiles, s.turns)
	fmt.Fprintf(&b, "%+v\n%+v\n%v\n%v\n", s.plan, s.totals, s.series, s.issued)
	fmt.Fprintf(&b, "%v\n%+v %v %q %d\n", s.expiries, s.boots, s.sure, s.vouched, s.reached)
	fmt.Fprintf(&b, "%+v\n%+v\n", s.restored, s.earlier)
	fmt.Fprintf(&b, "%d %v %v %v %v %v %+v %+v %+v %+v %v\n", s.lead, s.doubtful, s.used, s.stops, s.bands, s.paces, s.pace,
		s.suspensions, s.Contacts(), s.contactRequests, s.ClockDoubtful(s.now))
	fmt.Fprintf(&b, "%+v\n%+v\n%q\n", s.names, s.messages, s.gone)
	fmt.Fprintf(&b, "%+v\n", s.blocks)
	for _, c := range s.Calls() {
		fmt.Fprintf(&b, "shown %+v\n", c)
	}
	for i := range s.waiting {
		bundle(fmt.Sprint("waiting ", i), s.waiting[i])
	}
	for i := range s.own {
		bundle(fmt.Sprint("own ", i), s.own[i])
	}
	for i := range s.given {
		one(fmt.Sprint("given ", i), s.given[i])
	}
	for _, a := range s.bookings {
		fmt.Fprintf(&b, "booking %+v\n", *a)
	}
	fmt.Fprintf(&b, "%+v\n", s.Appointments())
	one("expected", s.expected)
	one("parked", s.parked)
	one("papers", s.papers)
	for t := range s.Tickets() {
		of := *t
		of.Periods, of.plan = nil, nil
		fmt.Fprintf(&b, "ticket %+v\n", of)
		if p := t.plan; p != nil {
			fmt.Fprintf(&b, "planned %v, given %q", p.then, p.given)
			if p.left != nil {
				fmt.Fprintf(&b, ", left %+v", *p.left)
			}
			b.WriteByte('\n')
		}
		for _, p := range t.Periods {
			if why := p.Reason; why != nil {
				p.Reason = nil
				fmt.Fprintf(&b, "called by %+v\n", *why)
			}
			fmt.Fprintf(&b, "period %+v\n", p)
		}
	}
	if s.index != nil {
		o := s.index
		fmt.Fprintf(&b, "%+v\n%+v\n%+v\n%+v\n%+v\n", o.setup, o.services, o.desks, o.outlets, o.series)
		for i := range o.desks {
			id, why, ok := s.Next(s.now, o.desks[i].ID)
			fmt.Fprintf(&b, "desk %+v next %d %+v %v\n", *s.desks[i], id, why, ok)
		}
		for i := range o.outlets {
			fmt.Fprintf(&b, "outlet %+v\n", *s.outlets[i])
		}
		for i := range o.services {
			open, opens := s.ServiceOpen(o.services[i].ID, s.now)
			fmt.Fprintf(&b, "service %d waiting, %d ahead, open %v %d\n", s.WaitingFor(o.services[i].ID), s.aheadOfNew(o.services[i].ID, Ordinary, 0, "", s.now), open, opens)
		}
	}
	ms, ok := s.Due(s.now)
	fmt.Fprintf(&b, "due %d %v, needs a day %v\n", ms, ok, s.NeedsDay(s.now))
	return b.String()
}
