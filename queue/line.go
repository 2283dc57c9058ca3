package queue

// line is people in order: a persistent ordered set of tickets by place. An
// insertion or removal makes a new line and shares most of the old one; the
// first is known without a search. It is a treap whose priorities are a hash
// of the key, so that equal contents always have equal shape. The zero line is
// empty.
type line struct {
	root  *lineNode
	first *lineNode
}

type lineNode struct {
	key    uint64
	ticket TicketID
	mark
	size        int
	left, right *lineNode
}

// A mark is what the order of calls looks at beside the place, so that choosing
// from the heads of many lines reads no ticket.
type mark struct {
	since instant // from which the wait counts
	after int64   // when an appointment is due, or after how many calls who came back has a turn
}

// mix is the finaliser of splitmix64: it spreads neighbouring keys evenly.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

func (n *lineNode) count() int {
	if n == nil {
		return 0
	}
	return n.size
}

func (n *lineNode) over(left, right *lineNode, inPlace bool) *lineNode {
	if inPlace {
		n.left, n.right, n.size = left, right, 1+left.count()+right.count()
		return n
	}
	return &lineNode{key: n.key, ticket: n.ticket, mark: n.mark, size: 1 + left.count() + right.count(), left: left, right: right}
}

func (l line) len() int { return l.root.count() }

// head is the first of the line.
func (l line) head() (key uint64, ticket TicketID, ok bool) {
	if l.first == nil {
		return 0, 0, false
	}
	return l.first.key, l.first.ticket, true
}

// from is the first who stands at key or behind it, or nil.
func (l line) from(key uint64) *lineNode {
	if l.first == nil || l.first.key >= key {
		return l.first
	}
	var best *lineNode
	for n := l.root; n != nil; {
		if n.key >= key {
			best, n = n, n.left
		} else {
			n = n.right
		}
	}
	return best
}

// at is the ticket that stands at key, or zero.
func (l line) at(key uint64) TicketID {
	for n := l.root; n != nil; {
		switch {
		case key < n.key:
			n = n.left
		case key > n.key:
			n = n.right
		default:
			return n.ticket
		}
	}
	return 0
}

// with is the line in which ticket stands at key with a mark, replacing who
// stood there.
func (l line) with(key uint64, ticket TicketID, m mark, inPlace bool) line {
	l.root = insert(l.root, &lineNode{key: key, ticket: ticket, mark: m, size: 1}, inPlace)
	return l.found()
}

// without is the line with nobody at key.
func (l line) without(key uint64, inPlace bool) line {
	l.root = remove(l.root, key, inPlace)
	return l.found()
}

// found is the line with its first found.
func (l line) found() line {
	l.first = l.root
	for l.first != nil && l.first.left != nil {
		l.first = l.first.left
	}
	return l
}

func insert(n, added *lineNode, inPlace bool) *lineNode {
	switch {
	case n == nil:
		return added
	case n.key == added.key:
		return added.over(n.left, n.right, true)
	case mix(added.key) > mix(n.key):
		l, r := split(n, added.key, inPlace)
		return added.over(l, r, true)
	case added.key < n.key:
		return n.over(insert(n.left, added, inPlace), n.right, inPlace)
	default:
		return n.over(n.left, insert(n.right, added, inPlace), inPlace)
	}
}

// split parts n into keys below and keys above key; key itself is dropped.
func split(n *lineNode, key uint64, inPlace bool) (below, above *lineNode) {
	switch {
	case n == nil:
		return nil, nil
	case n.key == key:
		return n.left, n.right
	case n.key < key:
		b, a := split(n.right, key, inPlace)
		return n.over(n.left, b, inPlace), a
	default:
		b, a := split(n.left, key, inPlace)
		return b, n.over(a, n.right, inPlace)
	}
}

func remove(n *lineNode, key uint64, inPlace bool) *lineNode {
	switch {
	case n == nil:
		return nil
	case key < n.key:
		return n.over(remove(n.left, key, inPlace), n.right, inPlace)
	case key > n.key:
		return n.over(n.left, remove(n.right, key, inPlace), inPlace)
	default:
		return merge(n.left, n.right, inPlace)
	}
}

func merge(l, r *lineNode, inPlace bool) *lineNode {
	switch {
	case l == nil:
		return r
	case r == nil:
		return l
	case mix(l.key) > mix(r.key):
		return l.over(l.left, merge(l.right, r, inPlace), inPlace)
	default:
		return r.over(merge(l, r.left, inPlace), r.right, inPlace)
	}
}

// all are those who stand in the line, in order, each with the key.
func (l line) all(yield func(key uint64, ticket TicketID) bool) { l.root.walk(yield) }

func (n *lineNode) walk(yield func(uint64, TicketID) bool) bool {
	return n == nil || n.left.walk(yield) && yield(n.key, n.ticket) && n.right.walk(yield)
}

// before counts those who stand at a smaller key.
func (l line) before(key uint64) int {
	c := 0
	for n := l.root; n != nil; {
		if key <= n.key {
			n = n.left
		} else {
			c += 1 + n.left.count()
			n = n.right
		}
	}
	return c
}

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
