package queue

import "fmt"

// longestParkMs is a day: who is parked for longer does not come back.
const longestParkMs = 24 * 3_600_000

// Keys in a queue: those sent to the front stand before everybody else, in
// the order in which they were sent; the others stand by sequence of arrival,
// far enough apart that a ticket that was handed out earlier has a key between.
const (
	backOfFront = 1 << 62
	keysApart   = 1 << 32
	mostKeys    = 1 << 30
)

func frontKey(seq uint64) uint64   { return seq }
func arrivalKey(seq uint64) uint64 { return backOfFront + min(seq, mostKeys)*keysApart }

// latestBack keeps a clock that reads far into the future from wrapping a key.
const latestBack = 1<<43 - 1

// dueKey orders the parked by when they come back, then by issue.
func dueKey(backAt int64, id TicketID) uint64 {
	return uint64(min(max(0, backAt), latestBack))<<20 | uint64(id.Ordinal())
}

// dueOf is the time that dueKey was made of.
func dueOf(place uint64) int64 { return int64(place >> 20) }

func (c TransferTicket) decide(d *decision) error {
	t, err := d.held(c.From, c.Ticket)
	if err != nil {
		return err
	}
	s := d.s.serviceIndex(c.Service)
	if s < 0 || d.s.index.services[s].removed {
		return fmt.Errorf("%w: %q", ErrUnknownService, c.Service)
	}
	if c.Desk != "" {
		to, err := d.desk(c.Desk)
		if err != nil {
			return err
		}
		if !d.s.desks[to].Open || d.s.index.desks[to].removed {
			return fmt.Errorf("%w: %q cannot receive a transfer", ErrOtherDeskClosed, c.Desk)
		}
	}
	place := c.Place
	switch place {
	case "":
		place = d.s.index.setup.Rules.transferPlace()
	case PlaceArrival, PlaceFront, PlaceBack:
	default:
		return oneOf("place", c.Place, PlaceArrival, PlaceFront, PlaceBack)
	}
	d.startedAtCall(t, c.From)
	d.emit(TicketTransferred{Ticket: t.ID, From: c.From, Service: c.Service, Desk: c.Desk, Place: place})
	return nil
}

func (n *draft) transfer(e Event, b TicketTransferred) {
	if b.Planned && !b.UnknownEnd {
		n.measure(e, b.Ticket)
	}
	n.move(b.Ticket, func(t *Ticket) {
		if !b.Planned {
			n.free(t)
		} else {
			n.finished(e, t)
			n.replan(t, func(p *visitPlan) { p.left = &leftBehind{b.From, p.then, t.key, t.since, t.bound} })
		}
		n.beginLeg(t, b.Service, b.Outcome)
		t.bound = b.Desk
		t.Desk = n.boundTo(t)
		t.key, t.since = t.arrival, n.instantOf(t.Issued)
		switch b.Place {
		case PlaceFront:
			t.key = frontKey(e.Seq)
		case PlaceBack:
			t.key, t.since = arrivalKey(e.Seq), n.instantOf(e.At)
		}
		n.enter(t, Waiting, e.At, e.By)
		last := &t.Periods[max(0, len(t.Periods)-2)]
		last.EndUnknown, last.Finished = b.UnknownEnd, b.Planned
		n.joinQueue(t)
	})
}

func (c ParkTicket) decide(d *decision) error {
	t, err := d.held(c.Desk, c.Ticket)
	if err != nil {
		return err
	}
	ms := c.ForMs
	if ms == 0 {
		ms = d.s.index.setup.Rules.ParkMs
	}
	if ms < 0 || ms > longestParkMs {
		// In minutes it may be within them, by a part of one.
		return ValueError{Field: "minutes", Rule: RuleBetween, Most: longestParkMs / 60_000, Value: fmt.Sprint(float64(ms) / 60_000)}
	}
	d.startedAtCall(t, c.Desk)
	d.emit(TicketParked{Ticket: t.ID, Desk: c.Desk, ForMs: ms})
	return nil
}

func (n *draft) park(e Event, b TicketParked) {
	n.move(b.Ticket, func(t *Ticket) {
		n.free(t)
		n.enter(t, Parked, e.At, e.By)
		t.Desk, t.bound = "", ""
		t.parkedKey = dueKey(n.steady+b.ForMs, t.ID)
		n.parked = n.parked.with(t.parkedKey, t.ID, nil, n.folding)
	})
}

func (c ResumeTicket) decide(d *decision) error {
	t, err := d.ticket(c.Ticket)
	if err != nil {
		return err
	}
	i, err := d.workingDesk(c.Desk)
	if err != nil {
		return err
	}
	switch held := d.s.desks[i].Ticket; {
	case held == t.ID && t.State == Serving:
		return nil
	case held != 0:
		return ErrDeskHasTicket
	case d.s.index.desks[i].removed:
		return ErrDeskClosed
	case t.State != Parked:
		return wrongState(t)
	}
	d.emit(TicketResumed{Ticket: t.ID, Desk: c.Desk})
	return nil
}

func (n *draft) resume(e Event, b TicketResumed) {
	n.move(b.Ticket, func(t *Ticket) {
		t.Desk = b.Desk
		if b.Desk != "" {
			n.enter(t, Serving, e.At, e.By)
			n.hold(b.Desk, t.ID)
			return
		}
		n.enter(t, Waiting, e.At, e.By)
		n.joinQueue(t)
	})
}

func (c PutBack) decide(d *decision) error {
	t, err := d.held(c.Desk, c.Ticket)
	if err != nil {
		return err
	}
	if t.State != Called {
		return wrongState(t)
	}
	d.emit(TicketPutBack{Ticket: t.ID, Desk: c.Desk})
	return nil
}

// putBack returns a called ticket to its place in the queue, which may be that of
// one desk alone.
func (n *draft) putBack(e Event, t *Ticket) {
	n.free(t)
	t.Desk = n.boundTo(t)
	n.enter(t, Waiting, e.At, e.By)
	n.joinQueue(t)
}

// boundTo is the only desk that may call a ticket, if it is there to call: others may
// call who was sent to a desk that is paused. Who has an appointment at a desk may come
// before it opens.
func (s *State) boundTo(t *Ticket) DeskID {
	switch d := s.deskIndex(t.bound); {
	case d < 0, s.desks[d].Paused, t.Leg > 0 && !s.desks[d].Open:
		return ""
	default:
		return t.bound
	}
}

// Returnable tells whether a no-show who turns up at now can be put back, and
// if not, why.
func (s *State) Returnable(id TicketID, now Now) error {
	t := s.Ticket(id)
	switch {
	case t == nil:
		return fmt.Errorf("%w: %d", ErrUnknownTicket, id)
	case t.State != NoShow:
		return wrongState(t)
	case t.Returned:
		return ErrReturnedOnce
	case !s.holdsNumber(t):
		return ErrNumberTaken
	}
	if !s.awayInTime(t, now) {
		return ErrTooLate
	}
	return nil
}

// mayReturn tells whether Returnable refuses nothing.
func (s *State) mayReturn(t *Ticket, now Now) bool {
	return t.State == NoShow && !t.Returned && s.holdsNumber(t) && s.awayInTime(t, now)
}

// awayInTime tells whether somebody who did not come is away for no longer than a
// no-show may be.
func (s *State) awayInTime(t *Ticket, now Now) bool {
	away, _ := s.Elapsed(t.endedAt(), now)
	return away <= s.index.setup.Rules.lateReturnMs()
}

// holdsNumber tells whether a ticket is the newest that was given its number.
func (s *State) holdsNumber(t *Ticket) bool {
	i := s.seriesIndex(t.Number.Series)
	return i >= 0 && s.given[i].at(uint64(t.Number.Value)) == t.ID
}

func (c ReturnTicket) decide(d *decision) error {
	if t := d.s.Ticket(c.Ticket); t != nil && t.State == Waiting && t.returning && t.Returned {
		return nil
	}
	if err := d.s.Returnable(c.Ticket, d.now); err != nil {
		return err
	}
	d.emit(TicketReturned{Ticket: c.Ticket, AfterCalls: d.s.index.setup.Rules.returnAfterCalls()})
	return nil
}

// letPass lets some calls go before a no-show who was put back.
func (n *draft) letPass(t *Ticket, b TicketReturned) {
	t.returning, t.returnAfter = true, int64(b.AfterCalls)
	if i := n.serviceIndex(t.Service); i >= 0 {
		t.returnAfter += n.turns[i].calls
	}
	if b.Auto {
		t.returnedBy = t.calledBy
	} else {
		t.Returned = true
	}
}

func (c Reinstate) decide(d *decision) error {
	t, err := d.ticket(c.Ticket)
	switch {
	case err != nil:
		return err
	case t.State == Waiting && t.reinstated:
		return nil
	case !t.Reinstatable():
		return wrongState(t)
	case !d.s.holdsNumber(t):
		return ErrNumberTaken
	}
	d.emit(TicketReinstated{Ticket: t.ID})
	return nil
}

// rejoin returns a visit that had ended to its queue. The time between is a
// period of its own, of the kind that the end was.
func (n *draft) rejoin(e Event, id TicketID, change func(*Ticket)) {
	was := n.Ticket(id)
	if was == nil || !was.State.Ended() || was.State == Served && !was.EndUnseen() {
		return
	}
	n.change(id, func(t *Ticket) {
		kind := t.State
		change(t)
		t.Periods = append(t.Periods[:len(t.Periods):len(t.Periods)], Period{
			Kind: kind, Service: t.Service, Leg: t.Leg, Start: t.endedAt(), End: e.At, By: e.By,
		})
		t.Desk = n.boundTo(t)
		n.enter(t, Waiting, e.At, e.By)
		n.joinQueue(t)
	})
}
