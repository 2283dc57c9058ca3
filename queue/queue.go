package queue

// queue is tickets in the order of a key: the sequence of arrival, or the time at
// which they are due. An insertion or removal makes a new queue and shares most
// of the old one; the first is known without a search. It is a treap whose
// priorities are a hash of the key, so that equal contents always have equal
// shape. The zero queue is empty.
type queue struct {
	root  *queueNode
	first *queueNode
}

type queueNode struct {
	key         uint64
	ticket      TicketID
	*mark       // nil where the order of calls looks at none; shared by the copies of a node
	size        int
	left, right *queueNode
}

// A mark is what the order of calls looks at beside the key, so that choosing
// from the heads of many queues reads no ticket.
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

func (n *queueNode) count() int {
	if n == nil {
		return 0
	}
	return n.size
}

func (n *queueNode) over(left, right *queueNode, inPlace bool) *queueNode {
	if inPlace {
		n.left, n.right, n.size = left, right, 1+left.count()+right.count()
		return n
	}
	return &queueNode{key: n.key, ticket: n.ticket, mark: n.mark, size: 1 + left.count() + right.count(), left: left, right: right}
}

func (q queue) len() int { return q.root.count() }

// head is the first of the queue.
func (q queue) head() (key uint64, ticket TicketID, ok bool) {
	if q.first == nil {
		return 0, 0, false
	}
	return q.first.key, q.first.ticket, true
}

// from is the first who stands at key or behind it, or nil.
func (q queue) from(key uint64) *queueNode {
	if q.first == nil || q.first.key >= key {
		return q.first
	}
	var best *queueNode
	for n := q.root; n != nil; {
		if n.key >= key {
			best, n = n, n.left
		} else {
			n = n.right
		}
	}
	return best
}

// at is the ticket that stands at key, or zero.
func (q queue) at(key uint64) TicketID {
	for n := q.root; n != nil; {
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

// with is the queue in which ticket stands at key with a mark, which nobody
// changes any more, replacing who stood there.
func (q queue) with(key uint64, ticket TicketID, m *mark, inPlace bool) queue {
	q.root = insert(q.root, &queueNode{key: key, ticket: ticket, mark: m, size: 1}, inPlace)
	return q.found()
}

// without is the queue with nobody at key.
func (q queue) without(key uint64, inPlace bool) queue {
	q.root = remove(q.root, key, inPlace)
	return q.found()
}

// found is the queue with its first found.
func (q queue) found() queue {
	q.first = q.root
	for q.first != nil && q.first.left != nil {
		q.first = q.first.left
	}
	return q
}

func insert(n, added *queueNode, inPlace bool) *queueNode {
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
func split(n *queueNode, key uint64, inPlace bool) (below, above *queueNode) {
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

func remove(n *queueNode, key uint64, inPlace bool) *queueNode {
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

func merge(l, r *queueNode, inPlace bool) *queueNode {
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

// all are those who stand in the queue, in order, each with the key.
func (q queue) all(yield func(key uint64, ticket TicketID) bool) { q.root.walk(yield) }

func (n *queueNode) walk(yield func(uint64, TicketID) bool) bool {
	return n == nil || n.left.walk(yield) && yield(n.key, n.ticket) && n.right.walk(yield)
}

// before counts those who stand at a smaller key.
func (q queue) before(key uint64) int {
	c := 0
	for n := q.root; n != nil; {
		if key <= n.key {
			n = n.left
		} else {
			c += 1 + n.left.count()
			n = n.right
		}
	}
	return c
}

// queues are all who wait for a service, or for one desk alone. The zero value
// is empty; a value in a State is never changed.
type queues struct {
	ordinary    queue // by arrival; for a desk alone: those sent to it, of any class
	priority    queue // by arrival
	appointment queue // by the instant they are due
	returned    queue // by the count of calls after which they come
	heads       heads
}

func (q *queues) len() int {
	return q.ordinary.len() + q.priority.len() + q.appointment.len() + q.returned.len()
}

// all is everybody: who came back, appointments, then the others by key,
// whatever their class.
func (q *queues) all(yield func(TicketID) bool) {
	for _, first := range [...]queue{q.returned, q.appointment} {
		for _, id := range first.all {
			if !yield(id) {
				return
			}
		}
	}
	p := q.priority.first
	for key, id := range q.ordinary.all {
		for ; p != nil && p.key < key; p = q.priority.from(p.key + 1) {
			if !yield(p.ticket) {
				return
			}
		}
		if !yield(id) {
			return
		}
	}
	for ; p != nil; p = q.priority.from(p.key + 1) {
		if !yield(p.ticket) {
			return
		}
	}
}

// A queueKind names one of the queues of a service or of a desk.
type queueKind int

const (
	inOrdinary queueKind = iota
	inPriority
	inAppointment
	inReturned
	queueKinds
)

func (q *queues) of(kind queueKind) *queue {
	switch kind {
	case inPriority:
		return &q.priority
	case inAppointment:
		return &q.appointment
	case inReturned:
		return &q.returned
	default:
		return &q.ordinary
	}
}

// heads are who stands first in some queues. Of the ordinary queue there are two:
// who was sent to the front, and the first of all the others.
type heads struct {
	front, back, priority, appointment, returned *queueNode
}

func (q *queues) findHeads() heads {
	h := heads{
		back: q.ordinary.first, priority: q.priority.first,
		appointment: q.appointment.first, returned: q.returned.first,
	}
	if h.back != nil && h.back.key < backOfFront {
		h.front, h.back = h.back, q.ordinary.from(backOfFront)
	}
	return h
}

// ordinary is the first of the ordinary queue.
func (h *heads) ordinary() *queueNode {
	if h.front != nil {
		return h.front
	}
	return h.back
}

// spot is where a waiting ticket stands: one of the queues of a service or of a
// desk, and its key there.
type spot struct {
	desk, service int // one of them is -1
	kind          queueKind
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
		at.kind, at.key, at.mark = inAppointment, dueKey(t.DueAt, t.ID), mark{after: t.DueAt}
	case t.Class == Priority && at.desk < 0:
		at.kind, at.key = inPriority, t.key
	default:
		at.kind, at.key, at.mark = inOrdinary, t.key, mark{since: t.since}
	}
	return at, true
}

// joinQueue puts a waiting ticket into its queue, at its key.
func (n *draft) joinQueue(t *Ticket) {
	if at, ok := n.spotOf(t); ok {
		m := at.mark
		n.changeQueue(at, func(q queue) queue { return q.with(at.key, t.ID, &m, n.folding) })
	}
}

// leaveQueue takes a ticket out of where it waits or is parked.
func (n *draft) leaveQueue(t *Ticket) {
	switch t.State {
	case Waiting:
		if at, ok := n.spotOf(t); ok {
			n.changeQueue(at, func(q queue) queue { return q.without(at.key, n.folding) })
		}
	case Parked:
		n.parked = n.parked.without(t.parkedKey, n.folding)
	}
}

// changeQueue replaces the queue in which a ticket stands.
func (n *draft) changeQueue(at spot, change func(queue) queue) {
	var q *queues
	if at.desk >= 0 {
		q = changed(n, &n.own, at.desk, nil)
	} else {
		q = changed(n, &n.waiting, at.service, nil)
	}
	of := q.of(at.kind)
	*of = change(*of)
	q.heads = q.findHeads()
}
