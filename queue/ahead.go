package queue

// AheadMost is up to how many people ahead of a ticket are counted. One more
// stands for any number beyond.
const AheadMost = 300

// Ahead is how many people would be called before one of today's tickets that
// waits, if nobody else came and the desks that are open each took their next
// in turn, from now on: free desks first, then by their order in the setup. A
// free desk that would call it at once means nobody. It is at most AheadMost + 1.
//
// An appointment that is not yet due is ahead of nobody; its own holder hears
// of those who would be called before it if its time had come. A desk on a
// break, or whose clerk is presumed away, takes no turn. Where no other desk may
// call the ticket, those that may take their turns last.
//
// It runs the order of calls forward on the heads of the queues. Its cost is
// bounded by AheadMost calls, and does not grow with the number waiting.
func (s *State) Ahead(id TicketID, now Now) int {
	t := s.Ticket(id)
	if t == nil || t.State != Waiting {
		return 0
	}
	return s.aheadOf(t, now)
}

// aheadOfNew is Ahead for a ticket that is about to be issued.
func (s *State) aheadOfNew(service ServiceID, class Class, dueAt int64, desk DeskID, now Now) int {
	return s.aheadOf(&Ticket{
		ID: ticketID(s.day.Ordinal, s.tickets.len()+1), Service: service, Class: class, Desk: desk, DueAt: dueAt,
		key: arrivalKey(s.seq + 1), since: s.instantOf(now),
	}, now)
}

func (s *State) aheadOf(t *Ticket, now Now) int {
	at, ok := s.spotOf(t)
	if !ok {
		return 0
	}
	desks := s.turnsFor(t, at, now)
	if n, ok := s.countAhead(t, at, desks, now); ok {
		return n
	}
	r := s.newRun(t, at, now)
	for _, d := range desks {
		// A free desk that would call it now does not wait for the others.
		if s.desks[d].Ticket == 0 && s.present(d, now) && s.mayCall(d, t, at) {
			if c := r.choice(d); c.choose(defaultOrder) && c.chosen.ticket == t.ID {
				return 0
			}
		}
	}
	for n := 0; n <= AheadMost && len(desks) > 0; {
		busy := desks[:0]
		for _, d := range desks {
			called := r.call(d)
			switch called {
			case 0:
				continue // and there will be nobody for it any more
			case t.ID:
				return n
			}
			busy = append(busy, d)
			if n++; n > AheadMost {
				break
			}
		}
		desks = busy
		if len(desks) == 0 {
			return n
		}
	}
	return AheadMost + 1
}

// turnsFor are the desks that take their next in turn, by index.
func (s *State) turnsFor(t *Ticket, at spot, now Now) []int {
	desks := make([]int, 0, len(s.desks))
	called := false
	for _, free := range []bool{true, false} {
		for i, d := range s.desks {
			if s.present(i, now) && free == (d.Ticket == 0) {
				desks = append(desks, i)
				called = called || s.mayCall(i, t, at)
			}
		}
	}
	for i := range s.desks {
		if !called && !s.present(i, now) && !s.index.desks[i].removed && s.mayCall(i, t, at) {
			desks = append(desks, i)
		}
	}
	return desks
}

// present tells whether somebody is taken to be at a desk.
func (s *State) present(desk int, now Now) bool {
	d := s.desks[desk]
	return d.Open && !d.Paused && !s.index.desks[desk].removed && !s.presumedAway(desk, now)
}

// mayCall tells whether a desk may call a ticket that stands at a spot.
func (s *State) mayCall(desk int, t *Ticket, at spot) bool {
	if at.desk >= 0 {
		return at.desk == desk
	}
	d := &s.index.desks[desk]
	return !d.BackOffice && contains(d.served, at.service)
}

// countAhead counts without running forward, where that is certain: a new
// ordinary ticket goes behind everybody whom a desk serves by right, unless the
// services are taken in strict order.
func (s *State) countAhead(t *Ticket, at spot, desks []int, now Now) (n int, ok bool) {
	if at.kind != inOrdinary || at.desk >= 0 || t.ID.Ordinal() <= s.tickets.len() ||
		s.index.setup.Rules.Discipline == StrictProfile || len(desks) == 0 {
		return 0, false
	}
	fewest, same := AheadMost+1, true
	counted := -1 // the profile that was counted last
	for _, i := range desks {
		d := &s.index.desks[i]
		same = same && d.profile == s.index.desks[desks[0]].profile && !d.BackOffice && s.own[i].len() == 0
		if d.profile == counted || !s.mayCall(i, t, at) {
			continue
		}
		counted = d.profile
		n := s.inQueueFor(d.first)
		if !contains(d.first, at.service) {
			n, same = n+s.inQueueFor(d.help), false
		}
		fewest = min(fewest, n)
	}
	if fewest > AheadMost {
		return AheadMost + 1, true
	}
	if !same {
		return 0, false
	}
	for _, i := range s.index.desks[desks[0]].first {
		q := s.waiting[i]
		if q.returned.len() > 0 {
			return 0, false
		}
		due := s.OfficeTime(now) + s.index.setup.Rules.appointmentEarlyMs()
		fewest += q.appointment.before(dueKey(due+1, 0))
	}
	return min(fewest, AheadMost+1), true
}

// inQueueFor counts the ordinary people and those with priority who wait for
// some services.
func (s *State) inQueueFor(services []int) (n int) {
	for _, i := range services {
		n += s.waiting[i].ordinary.len() + s.waiting[i].priority.len()
	}
	return n
}

// A run is the order of calls run forward from a state, on a copy of who stands
// first and of whose turn it is. The queues themselves stay as they are.
type run struct {
	s          *State
	at         instant
	officeTime int64   // time at which appointments are due
	waiting    []heads // by service index
	own        []heads // by desk index
	turns      []serviceTurn
	profiles   []profileTurn
	newcomer   newcomer
}

// A newcomer is a ticket that stands in no queue of the state yet.
type newcomer struct {
	*queueNode // nil when the ticket waits already
	at         spot
	service    int
}

func (s *State) newRun(t *Ticket, at spot, now Now) *run {
	r := &run{
		s: s, at: s.instantOf(now), officeTime: s.OfficeTime(now),
		waiting: make([]heads, len(s.waiting)), own: make([]heads, len(s.own)),
		turns: grown(s.turns, len(s.turns)), profiles: grown(s.profiles, len(s.profiles)),
	}
	if at.kind == inAppointment {
		r.officeTime = max(r.officeTime, t.DueAt-s.index.setup.Rules.appointmentEarlyMs())
	}
	for i, q := range s.waiting {
		r.waiting[i] = q.heads
	}
	for i, q := range s.own {
		r.own[i] = q.heads
	}
	if t.ID.Ordinal() > s.tickets.len() {
		m := at.mark
		r.newcomer = newcomer{&queueNode{key: at.key, ticket: t.ID, mark: &m}, at, s.serviceIndex(t.Service)}
		first := r.first(at.desk, at.service, at.kind, at.key)
		*first = r.sooner(*first, at.desk, at.service, at.kind, 0)
	}
	return r
}

// first is who stands first in a queue; of an ordinary one, in the part to
// which a key belongs.
func (r *run) first(desk, service int, kind queueKind, key uint64) **queueNode {
	h := &r.waiting[max(0, service)]
	if desk >= 0 {
		h = &r.own[desk]
	}
	switch {
	case kind == inPriority:
		return &h.priority
	case kind == inAppointment:
		return &h.appointment
	case kind == inReturned:
		return &h.returned
	case key < backOfFront:
		return &h.front
	default:
		return &h.back
	}
}

// sooner is who comes next in a queue behind a key: the one who waits there, or
// the newcomer.
func (r *run) sooner(next *queueNode, desk, service int, kind queueKind, key uint64) *queueNode {
	n := r.newcomer
	if n.queueNode != nil && n.at.desk == desk && (desk >= 0 || n.at.service == service) && n.at.kind == kind &&
		n.key > key && (next == nil || n.key < next.key) {
		return n.queueNode
	}
	return next
}

// choice is who is next for a desk, to be worked out.
func (r *run) choice(desk int) choice {
	return choice{
		s: r.s, desk: desk, at: r.at, officeTime: r.officeTime, run: r,
		turns: r.turns, profile: r.profiles[r.s.index.desks[desk].profile],
	}
}

// call calls the next one at a desk, or answers 0.
func (r *run) call(desk int) TicketID {
	c := r.choice(desk)
	if !c.choose(defaultOrder) {
		return 0
	}
	d := &r.s.index.desks[desk]
	d.countCall(c.chosen.service, c.why, &r.profiles[d.profile], r.turns, func(i int) bool {
		back := r.waiting[i].back
		return back != nil && r.s.overdue(i, back, r.at)
	})
	// The next in that queue stands first now.
	h, owner, q := c.chosen, -1, &queues{}
	if h.own {
		owner, q = desk, r.s.own[desk]
	} else {
		q = r.s.waiting[h.service]
	}
	next := q.of(h.kind).from(h.key + 1)
	if h.kind != inOrdinary || h.key >= backOfFront {
		next = r.sooner(next, owner, h.service, h.kind, h.key)
	} else if next != nil && next.key >= backOfFront {
		next = nil // the others have a first of their own, and the newcomer is one of them
	}
	*r.first(owner, h.service, h.kind, h.key) = next
	return h.ticket
}

// awayMs is after how long without a key a desk that has only a keypad is
// presumed to be away.
const awayMs = 30 * 60_000

// PresumedAway tells whether nobody is taken to be at an open desk: its last
// key was pressed half an hour ago, and nobody uses its console.
func (s *State) PresumedAway(desk DeskID, now Now) bool {
	i := s.deskIndex(desk)
	return i >= 0 && s.presumedAway(i, now)
}

func (s *State) presumedAway(desk int, now Now) bool {
	in, keypad := s.awayIn(desk, now)
	return keypad && in <= 0
}

// awayIn is how long until a desk that is used by keypad is presumed away,
// should nothing happen, or since when it is; keypad is false for another.
func (s *State) awayIn(desk int, now Now) (ms int64, keypad bool) {
	d := s.desks[desk]
	if !d.Open || d.Paused || d.LastKey.IsZero() {
		return 0, false
	}
	gone, _ := s.Elapsed(d.LastKey, now)
	return awayMs - gone, true
}
