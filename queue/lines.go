package queue

// lines are all who wait for a service, or for one desk alone. The zero value
// is empty; a value in a State is never changed.
type lines struct {
	ordinary    line // by place; for a desk alone: those sent to it, of any class
	priority    line // by place
	appointment line // by the instant they are due
	returned    line // by the count of calls after which they come
	heads       heads
}

func (l *lines) len() int {
	return l.ordinary.len() + l.priority.len() + l.appointment.len() + l.returned.len()
}

// all is everybody: who came back, appointments, then the others by place,
// whatever their class.
func (l *lines) all(yield func(TicketID) bool) {
	for _, first := range [...]line{l.returned, l.appointment} {
		for _, id := range first.all {
			if !yield(id) {
				return
			}
		}
	}
	p := l.priority.first
	for key, id := range l.ordinary.all {
		for ; p != nil && p.key < key; p = l.priority.from(p.key + 1) {
			if !yield(p.ticket) {
				return
			}
		}
		if !yield(id) {
			return
		}
	}
	for ; p != nil; p = l.priority.from(p.key + 1) {
		if !yield(p.ticket) {
			return
		}
	}
}

// A lineKind names one of the lines of a service or of a desk.
type lineKind int

const (
	inOrdinary lineKind = iota
	inPriority
	inAppointment
	inReturned
	lineKinds
)

func (l *lines) of(kind lineKind) *line {
	switch kind {
	case inPriority:
		return &l.priority
	case inAppointment:
		return &l.appointment
	case inReturned:
		return &l.returned
	default:
		return &l.ordinary
	}
}

// heads are who stands first in some lines. Of the ordinary line there are two:
// who was sent to the front, and the first of all the others.
type heads struct {
	front, back, priority, appointment, returned *lineNode
}

func (l *lines) findHeads() heads {
	h := heads{
		back: l.ordinary.first, priority: l.priority.first,
		appointment: l.appointment.first, returned: l.returned.first,
	}
	if h.back != nil && h.back.key < backOfFront {
		h.front, h.back = h.back, l.ordinary.from(backOfFront)
	}
	return h
}

// ordinary is the first of the ordinary line.
func (h *heads) ordinary() *lineNode {
	if h.front != nil {
		return h.front
	}
	return h.back
}

// spot is where a waiting ticket stands: one of the lines of a service or of a
// desk, and its key there.
type spot struct {
	desk, service int // one of them is -1
	kind          lineKind
	key           uint64
	mark          mark
}

// spotOf finds the spot of a waiting ticket; ok is false when its service is
// not there. Who was sent to a desk comes first there, whatever the class;
// an appointment with a desk waits there until it is due.
func (s *State) spotOf(t *Ticket) (at spot, ok bool) {
	at = spot{desk: s.deskIndex(t.Desk), service: -1}
	if at.desk < 0 {
		if at.service = s.serviceIndex(t.Service); at.service < 0 {
			return at, false
		}
	}
	sent := at.desk >= 0 && t.Leg > 0
	switch {
	case t.returning:
		at.kind, at.key, at.mark = inReturned, t.returnKey(), mark{after: t.returnAfter}
	case t.Class == Appointment && !sent:
		at.kind, at.key, at.mark = inAppointment, parkedPlace(t.DueAt, t.ID), mark{after: t.DueAt}
	case t.Class == Priority && at.desk < 0:
		at.kind, at.key = inPriority, t.place
	default:
		at.kind, at.key, at.mark = inOrdinary, t.place, mark{since: t.since}
	}
	return at, true
}

// joinLine puts a waiting ticket into its line, at its place.
func (n *draft) joinLine(t *Ticket) {
	if at, ok := n.spotOf(t); ok {
		n.changeLine(at, func(l line) line { return l.with(at.key, t.ID, at.mark, n.folding) })
	}
}

// leaveLine takes a ticket out of where it waits or is parked.
func (n *draft) leaveLine(t *Ticket) {
	switch t.State {
	case Waiting:
		if at, ok := n.spotOf(t); ok {
			n.changeLine(at, func(l line) line { return l.without(at.key, n.folding) })
		}
	case Parked:
		n.parked = n.parked.without(t.parkedKey, n.folding)
	}
}

// changeLine replaces the line in which a ticket stands.
func (n *draft) changeLine(at spot, change func(line) line) {
	var l *lines
	if at.desk >= 0 {
		l = changed(n, &n.own, at.desk)
	} else {
		l = changed(n, &n.waiting, at.service)
	}
	of := l.of(at.kind)
	*of = change(*of)
	l.heads = l.findHeads()
}
