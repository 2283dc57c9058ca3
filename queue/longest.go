package queue

// Who has waited longest, in the present leg, of those who wait and whose turn may
// come: an appointment that is not due yet has none. Of equals it is who was issued
// first. Every page that tells the longest wait asks here, so that the number and the
// wait are of one ticket.

// LongestWaiting is who has waited longest of all, or nil.
func (s *State) LongestWaiting(now Now) *Ticket {
	l := s.longest(now)
	for _, all := range [...][]*queues{s.waiting, s.own} {
		for _, q := range all {
			l.lookAt(q)
		}
	}
	return l.ticket
}

// LongestFor is who has waited longest for a service, those sent to one desk
// included, or nil.
func (s *State) LongestFor(id ServiceID, now Now) *Ticket {
	l, i := s.longest(now), s.serviceIndex(id)
	if i < 0 {
		return nil
	}
	l.lookAt(s.waiting[i])
	l.service = id
	for _, q := range s.own {
		l.lookAt(q)
	}
	return l.ticket
}

// LongestIn is who has waited longest of those for a service whom any desk may call,
// or nil.
func (s *State) LongestIn(id ServiceID, now Now) *Ticket {
	l := s.longest(now)
	if i := s.serviceIndex(id); i >= 0 {
		l.lookAt(s.waiting[i])
	}
	return l.ticket
}

// longest is the longest wait, being looked for.
type longest struct {
	s       *State
	now     Now
	at      instant
	due     int64     // appointments have their turn that are due by this office time
	service ServiceID // that it is about; empty is any
	ticket  *Ticket
	ms      int64
}

func (s *State) longest(now Now) longest {
	return longest{s: s, now: now, at: s.instantOf(now), due: s.OfficeTime(now) + s.known().setup.Rules.appointmentEarlyMs(), ms: -1}
}

func (l *longest) lookAt(q *queues) {
	for _, id := range q.returned.all {
		l.consider(l.s.Ticket(id))
	}
	for n := q.appointment.first; n != nil && n.after <= l.due; n = q.appointment.from(n.key + 1) {
		l.consider(l.s.Ticket(n.ticket))
	}
	l.inOrder(&q.ordinary)
	l.inOrder(&q.priority)
}

// inOrder looks at a queue by arrival. Nobody waits longer in a leg than since the
// arrival, so that behind the first whose arrival is too late nobody does.
func (l *longest) inOrder(q *queue) {
	for n := q.first; n != nil; n = q.from(n.key + 1) {
		t := l.s.Ticket(n.ticket)
		if n.key >= backOfFront && l.s.waitedBetween(t.since, l.at) < l.ms {
			return
		}
		l.consider(t)
	}
}

func (l *longest) consider(t *Ticket) {
	if l.service != "" && t.Service != l.service {
		return
	}
	if ms := l.s.WaitedMs(t, l.now); ms > l.ms || ms == l.ms && t.ID < l.ticket.ID {
		l.ticket, l.ms = t, ms
	}
}
