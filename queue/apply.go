package queue

import "iter"

// Fold is the state after events, in order, from nothing.
func Fold(events []Event) *State {
	n := &State{alone: true}
	for _, e := range events {
		n.apply(e)
	}
	n.share()
	return n
}

// FoldSeq is Fold while the events are read, so that none is kept. It ends with
// the first error of the reading.
func FoldSeq(events iter.Seq2[Event, error]) (*State, error) {
	n := &State{alone: true}
	for e, err := range events {
		if err != nil {
			return nil, err
		}
		n.apply(e)
	}
	n.share()
	return n, nil
}

// share ends the folding: from here on nothing is changed in place.
func (n *State) share() {
	n.alone = false
	n.eachLine(func(l *line) { l.alone = false })
	n.EachTicket(func(t *Ticket) bool {
		t.alone = false
		return true
	})
}

// eachLine visits every line of the state.
func (n *State) eachLine(visit func(*line)) {
	for _, all := range [][]*lines{n.waiting, n.own} {
		for _, l := range all {
			for kind := range lineKinds {
				visit(l.of(kind))
			}
		}
	}
	for i := range n.given {
		visit(&n.given[i])
	}
	for _, l := range []*line{&n.expected, &n.parked, &n.papers} {
		visit(l)
	}
}

// Apply is the state after an event. It is total: an event that makes no sense
// here (a ticket that is not there) changes nothing but the sequence, since
// what is on disk is never argued with.
func (s *State) Apply(e Event) *State {
	n := *s
	n.apply(e)
	return &n
}

// apply makes the state the one after an event. Nobody else may have seen it.
func (n *State) apply(e Event) {
	plan, office, correction, boots := n.plan, n.office, n.correction, n.boots
	n.see(e.At)
	n.seq = e.Seq
	switch b := e.Body.(type) {
	case JournalBegun:
		n.journal, n.restored = b.Journal, b.Next
	case JournalResumed:
	case SetupChanged:
		n.setOffice(newOffice(b.Setup, n.office))
	case DayOpened:
		n.openDay(e, b)
	case DayClosed:
		n.day.Open = false
	case DeskOpened:
		n.deskChanged(b.Desk, func(d *DeskState) {
			d.Open, d.Paused, d.Why, d.Account, d.Since = true, false, "", b.Account, e.At
		})
	case DeskClosed:
		n.deskChanged(b.Desk, func(d *DeskState) {
			d.Open, d.Paused, d.Why, d.Account, d.Since = false, false, "", "", e.At
		})
		n.release(b.Desk)
	case DeskPaused:
		n.deskChanged(b.Desk, func(d *DeskState) { d.Paused, d.Why, d.Since = true, b.Why, e.At })
	case DeskProfileChanged:
		if n.office != nil {
			n.setOffice(n.office.withProfile(b.Desk, b.Profile))
		}
	case OutletChanged:
		n.outletChanged(b.Outlet, func(o *OutletState) { o.Gives, o.Why, o.Since = b.Gives, b.Why, e.At })
	case TicketServed:
		n.measure(e, b)
		n.applyTicket(e)
	default:
		if !n.applyDay(e) {
			n.applyTicket(e)
		}
	}
	n.keyed(e)
	if n.plan != plan || n.office != office || n.correction != correction || !sameList(n.boots, boots) {
		n.recount()
	}
}

// openDay begins a day from its event alone: nothing of the day before is
// left, so that a start folds today and nothing else.
func (n *State) openDay(e Event, b DayOpened) {
	*n = State{
		alone: n.alone, journal: b.Journal, seq: e.Seq, now: e.At, correction: b.CorrectionMs,
		day: Day{Ordinal: b.Day, Open: true}, plan: &b.Plan,
		doubtful: b.Plan.Provisional, sure: !b.Provisional, vouched: e.At.Boot, reached: b.Reached,
	}
	n.line = n.OfficeTime(e.At)
	if !n.doubtful {
		n.reached = n.line
	}
	n.beginBoot(e.At, Now{}, b.CorrectionMs)
	n.setOffice(newOffice(b.Setup, nil))
	for _, a := range b.Appointments {
		n.book(a)
	}
	for _, o := range b.Torn {
		n.outletChanged(o, func(o *OutletState) { o.Torn = true })
	}
	for _, u := range b.Used {
		if i := n.serviceIndex(u.Service); i >= 0 {
			n.used[i] = u.Tickets
		}
	}
}

// setOffice puts an office in force and makes room for what it added.
func (n *State) setOffice(o *office) {
	n.office = o
	n.waiting = grownLines(n.waiting, len(o.services))
	n.turns = grown(n.turns, len(o.services))
	n.profiles = grown(n.profiles, len(o.profileAt))
	n.issued = grown(n.issued, len(o.services))
	n.used = grown(n.used, len(o.services))
	n.stops = grown(n.stops, len(o.services))
	n.paces = grown(n.paces, len(o.services))
	n.own = grownLines(n.own, len(o.desks))
	n.series = grown(n.series, len(o.series))
	n.given = grown(n.given, len(o.series))
	had := len(n.desks)
	n.desks = grown(n.desks, len(o.desks))
	for i := had; i < len(n.desks); i++ {
		n.desks[i] = &DeskState{}
	}
	had = len(n.outlets)
	n.outlets = grown(n.outlets, len(o.outlets))
	for i := had; i < len(n.outlets); i++ {
		n.outlets[i] = &OutletState{Gives: AbleUnknown}
	}
	if n.alone {
		n.eachLine(func(l *line) { l.alone = true })
	}
}

// grown copies s into a slice of the given length.
func grown[T any](s []T, length int) []T {
	c := make([]T, length)
	copy(c, s)
	return c
}

// grownLines is grown, with nobody in the lines that it adds.
func grownLines(s []*lines, length int) []*lines {
	c := grown(s, length)
	for i := len(s); i < length; i++ {
		c[i] = &lines{}
	}
	return c
}

// put replaces the element at i of a list of the state.
func put[T any](n *State, list *[]T, i int, t T) {
	if n.alone {
		(*list)[i] = t
	} else {
		*list = replaced(*list, i, t)
	}
}

// replaced copies s with another element at i.
func replaced[T any](s []T, i int, t T) []T {
	c := make([]T, len(s))
	copy(c, s)
	c[i] = t
	return c
}

func (n *State) deskChanged(id DeskID, change func(*DeskState)) {
	switch i := n.deskIndex(id); {
	case i < 0:
	case n.alone:
		n.desks[i].Seq = n.seq
		change(n.desks[i])
	default:
		d := *n.desks[i]
		d.Seq = n.seq
		change(&d)
		n.desks = replaced(n.desks, i, &d)
	}
}

func (n *State) outletChanged(id OutletID, change func(*OutletState)) {
	switch i := n.outletIndex(id); {
	case i < 0:
	case n.alone:
		change(n.outlets[i])
	default:
		o := *n.outlets[i]
		change(&o)
		n.outlets = replaced(n.outlets, i, &o)
	}
}

// release lets every desk of their service call those who were sent to a desk
// that has closed.
func (n *State) release(id DeskID) {
	i := n.deskIndex(id)
	if i < 0 {
		return
	}
	var sent []TicketID // the line changes under the visit
	n.own[i].each(func(id TicketID) bool {
		sent = append(sent, id)
		return true
	})
	for _, id := range sent {
		n.move(id, func(t *Ticket) {
			t.Desk, t.bound = "", ""
			n.joinLine(t)
		})
	}
}

func (n *State) setTicket(t *Ticket) {
	if was := n.Ticket(t.ID); was != nil && was != t {
		n.countTicket(was, -1)
	}
	n.countTicket(t, +1)
	if n.alone {
		n.tickets.put(t.ID.Ordinal()-1, t)
	} else {
		n.tickets = n.tickets.with(t.ID.Ordinal()-1, t)
	}
}

// changeable is a ticket that may be changed and must then be set: a copy,
// since others may hold it.
func (n *State) changeable(t *Ticket) *Ticket {
	if !n.alone {
		return t.with()
	}
	n.countTicket(t, -1) // setTicket finds it changed already
	return t
}

// count moves one ticket between the open states in the totals; an empty state
// is outside.
func (n *State) count(from, to TicketState) {
	for _, step := range []struct {
		state TicketState
		by    int
	}{{from, -1}, {to, +1}} {
		switch step.state {
		case Waiting:
			n.totals.Waiting += step.by
		case Called:
			n.totals.Called += step.by
		case Serving:
			n.totals.Serving += step.by
		case Parked:
			n.totals.Parked += step.by
		case Served:
			n.totals.Served += step.by
		case NoShow:
			n.totals.NoShows += step.by
		case Cancelled:
			n.totals.Cancelled += step.by
		case Expired:
			n.totals.Expired += step.by
		}
	}
}
