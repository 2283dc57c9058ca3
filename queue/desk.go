package queue

import (
	"errors"
	"fmt"
	"iter"
	"slices"
)

// A DeskState is a desk at one moment.
type DeskState struct {
	Open     bool
	Paused   bool
	Why      string   // of the pause
	Account  string   // opaque
	Ticket   TicketID // called or serving; 0 when idle
	LastCall Now      // zero when it has not called today
	Since    Now      // when it opened, closed or paused last
	// Seq is the sequence of the last event that changed the desk, or that it
	// recalled a ticket with.
	Seq uint64
	// LastKey is the last key of its keypad that did something; zero when the
	// desk was last used from a console.
	LastKey Now

	turn        turnTaken // of the last call
	finished    TicketID  // the last that it finished; after a call, by that NEXT
	finishedSeq uint64
	finishedAt  Now
}

// Desk is a desk's setup and state; ok is false when there is none.
func (s *State) Desk(id DeskID) (d Desk, now DeskState, ok bool) {
	i := s.deskIndex(id)
	if i < 0 {
		return d, now, false
	}
	return s.index.desks[i].Desk, *s.desks[i], true
}

// RemovedDesks are those that a change of setup took away and that are open
// until their last ticket ends.
func (s *State) RemovedDesks() iter.Seq[Desk] {
	return func(yield func(Desk) bool) {
		for i, x := range s.known().desks {
			if x.removed && s.desks[i].Open && !yield(x.Desk) {
				return
			}
		}
	}
}

// WorkDesks are the desks at which somebody works or may work: those of the setup, and
// behind them RemovedDesks.
func (s *State) WorkDesks() []Desk {
	return slices.AppendSeq(slices.Clip(s.Setup().Desks), s.RemovedDesks())
}

func (s *State) deskIndex(id DeskID) int { return indexOf(s.known().deskAt, id) }

func (d *decision) desk(id DeskID) (int, error) {
	i := d.s.deskIndex(id)
	if i < 0 {
		return 0, fmt.Errorf("%w: %q", ErrUnknownDesk, id)
	}
	return i, nil
}

// unseen tells whether a desk has moved on since the sender of a command saw it.
func (d *decision) unseen(desk int, seen uint64) bool {
	return seen != 0 && seen != d.s.desks[desk].Seq
}

// workingDesk is a desk that may call. A keypad has no key to open its desk:
// its first call opens it.
func (d *decision) workingDesk(id DeskID) (int, error) {
	i, err := d.desk(id)
	if err != nil {
		return 0, err
	}
	if now := d.s.desks[i]; !now.Open || now.Paused {
		if d.by.Kind != ByKeypad || d.s.index.desks[i].removed {
			return 0, ErrDeskClosed
		}
		d.emitBy(d.by.Inference(), DeskOpened{Desk: id, Account: now.Account, Profile: d.s.index.desks[i].narrowed()})
	}
	return i, nil
}

// asSeen is a desk that may call, if nothing happened at it since its clerk saw it.
func (d *decision) asSeen(id DeskID, seen uint64) (int, error) {
	if i := d.s.deskIndex(id); i >= 0 && d.unseen(i, seen) {
		return 0, ErrStale
	}
	return d.workingDesk(id)
}

// held is the ticket of a desk, if it is the one its clerk means.
func (d *decision) held(desk DeskID, id TicketID) (*Ticket, error) {
	i, err := d.desk(desk)
	if err != nil {
		return nil, err
	}
	switch now := d.s.desks[i].Ticket; {
	case now == 0 && id == 0:
		return nil, ErrDeskIdle
	case now != id:
		return nil, ErrStale
	}
	return d.ticket(id)
}

func (c OpenDesk) decide(d *decision) error {
	i, err := d.desk(c.Desk)
	if err != nil {
		return err
	}
	if d.s.index.desks[i].removed && !d.s.desks[i].Open {
		// One that still holds somebody may change hands, so that its ticket ends.
		return fmt.Errorf("%w: %q was removed from the setup", ErrUnknownDesk, c.Desk)
	}
	if err := short("account", c.Account); err != nil {
		return err
	}
	if d.unseen(i, c.Seen) {
		return ErrStale
	}
	profile, err := d.s.index.desks[i].common(c.Qualified)
	if err != nil {
		return err
	}
	if d.by.Kind == ByKeypad && d.s.desks[i].Open {
		// A keypad knows nobody: the desk goes on as whoever took it on a page.
		profile = d.s.index.desks[i].narrowed()
	}
	for j, other := range d.s.desks {
		if j != i && other.Open && c.Account != "" && other.Account == c.Account {
			return fmt.Errorf("%w: desk %q", ErrOperatorElsewhere, d.s.index.desks[j].Label)
		}
	}
	switch now := d.s.desks[i]; {
	case !now.Open || now.Paused:
	case c.Account != "" && now.Account != c.Account:
		// Shifts change over the ticket in service.
	case c.Account != "" && !profile.equal(d.s.index.desks[i].narrowed()):
		// What the operator is qualified for was changed meanwhile.
	default:
		return nil
	}
	d.emit(DeskOpened{Desk: c.Desk, Account: c.Account, Profile: profile})
	return nil
}

// A Current is what becomes of the ticket that a desk holds when it closes, as its clerk
// tells.
type Current string

const (
	CurrentServed  Current = "served"   // until now
	CurrentNotCome Current = "not-come" // a no-show, which is put back once
)

// Currents are all that can be told, in the order in which they are offered.
var Currents = [...]Current{CurrentServed, CurrentNotCome}

func (c CloseDesk) decide(d *decision) error {
	i, err := d.desk(c.Desk)
	if err != nil {
		return err
	}
	if c.Current != "" && !slices.Contains(Currents[:], c.Current) {
		return oneOf("current", c.Current, Currents[:]...)
	}
	now := d.s.desks[i]
	if !now.Open {
		return nil
	}
	if t := d.s.Ticket(now.Ticket); t != nil {
		if err := d.leave(i, t, c.Current); err != nil {
			return err
		}
	}
	d.shutDesk(i)
	return nil
}

// leave ends the ticket that a desk which closes holds, as its clerk says.
func (d *decision) leave(i int, t *Ticket, current Current) error {
	id := d.s.index.desks[i].ID
	switch {
	case current == CurrentServed:
		d.finish(i, "")
	case current == CurrentNotCome && t.State != Called:
		return wrongState(t)
	case current == CurrentNotCome:
		again := !d.s.calledEnough(t) && t.returnedBy == ""
		d.emit(TicketNoShow{Ticket: t.ID, Desk: id})
		if again {
			d.putBackOnce(d.by, t.ID)
		}
	case d.by.Kind == ByKeypad || t.State == Called && d.now.within(hastyMs, t.Called):
		d.leaveUntold(i, t)
	default:
		return ErrUntold
	}
	return nil
}

// leaveUntold ends the ticket of a desk that closes where nobody says what came of it:
// one that was called too short a time ago for anybody to have come is put back, as with
// NEXT, and the end of any other was seen by nobody.
func (d *decision) leaveUntold(i int, t *Ticket) {
	id := d.s.index.desks[i].ID
	if putBack, gone := d.notCome(i, t); gone {
		d.returnHasty(putBack)
		return
	}
	d.startedAtCall(t, id)
	if by := d.by.Inference(); !d.sendOn(by, t, id, "", true) {
		d.emitBy(by, TicketServed{Ticket: t.ID, Desk: id, UnknownEnd: true})
	}
}

// shutDesk closes a desk. Nobody says what becomes of the ticket it still holds.
func (d *decision) shutDesk(i int) {
	if t := d.s.Ticket(d.s.desks[i].Ticket); t != nil {
		d.leaveUntold(i, t)
	}
	d.emit(DeskClosed{Desk: d.s.index.desks[i].ID})
}

// closeRemovedDesks closes the desks that the setup no longer has, each when
// its last ticket has left it.
func (d *decision) closeRemovedDesks() {
	if d.s.index == nil || !d.s.index.removedDesks {
		return
	}
	d.by = automatic
	for i := range d.s.desks {
		if now := d.s.desks[i]; d.s.index.desks[i].removed && now.Open && now.Ticket == 0 {
			d.shutDesk(i)
		}
	}
}

// open is a desk that opens, or goes on after a pause: then those who were sent to it
// and still wait are its own again.
func (n *draft) open(e Event, b DeskOpened) {
	var lent []TicketID
	if i := n.deskIndex(b.Desk); i >= 0 && n.desks[i].Paused {
		lent = n.lent(b.Desk)
	}
	n.changeDesk(b.Desk, func(d *DeskState) {
		d.Open, d.Paused, d.Why, d.Account, d.Since = true, false, "", b.Account, e.At
	})
	for _, id := range lent {
		n.move(id, func(t *Ticket) {
			t.Desk = t.bound
			n.joinQueue(t)
		})
	}
}

// pause lets every desk of their service call those who were sent to a desk that does
// not work now. They stay bound to it, and are its own again when it goes on.
func (n *draft) pause(e Event, b DeskPaused) {
	n.changeDesk(b.Desk, func(d *DeskState) { d.Paused, d.Why, d.Since = true, b.Why, e.At })
	n.giveAway(n.alone(b.Desk), b.Desk)
}

// close lets every desk of their service call those who were sent to a desk that
// has closed, for good.
func (n *draft) close(e Event, b DeskClosed) {
	sent := append(n.alone(b.Desk), n.lent(b.Desk)...)
	n.changeDesk(b.Desk, func(d *DeskState) {
		d.Open, d.Paused, d.Why, d.Account, d.Since = false, false, "", "", e.At
	})
	n.giveAway(sent, "")
	n.narrow(b.Desk, Profile{})
}

// giveAway puts some who wait into the queues of their services; bound is the desk
// that they go back to when it works again, or empty.
func (n *draft) giveAway(ids []TicketID, bound DeskID) {
	for _, id := range ids {
		n.move(id, func(t *Ticket) {
			t.Desk, t.bound = "", bound
			n.joinQueue(t)
		})
	}
}

// alone are those whom a desk alone may call now. The list is the caller's.
func (s *State) alone(id DeskID) []TicketID {
	i := s.deskIndex(id)
	if i < 0 {
		return nil
	}
	return slices.Collect(s.own[i].all)
}

// lent are those who wait for one desk and whom others may call, since it is paused.
func (s *State) lent(id DeskID) (ids []TicketID) {
	i := s.deskIndex(id)
	if i < 0 || !s.desks[i].Paused {
		return nil
	}
	for _, q := range s.waiting {
		for t := range q.all {
			if s.Ticket(t).bound == id {
				ids = append(ids, t)
			}
		}
	}
	return ids
}

// Bound is the desk that alone calls a ticket which waits or is called, as long as it is
// open and not paused; empty is any that serves its service.
func (t *Ticket) Bound() DeskID { return t.bound }

// SentTo counts who was sent to a desk, or has an appointment there, and waits. Nobody
// else calls them while the desk is open and not paused; while it is paused, every desk
// that serves their service may.
func (s *State) SentTo(id DeskID) int { return len(s.alone(id)) + len(s.lent(id)) }

// PauseReasons are those that a pause can be given, in the order in which they
// are offered.
var PauseReasons = [...]string{"break", "meeting", "back-office", "helping"}

func (c PauseDesk) decide(d *decision) error {
	i, err := d.desk(c.Desk)
	if err != nil {
		return err
	}
	if err := code("pause", c.Why); err != nil {
		return err
	}
	switch now := d.s.desks[i]; {
	case d.unseen(i, c.Seen):
		return ErrStale
	case !now.Open:
		return ErrDeskClosed
	case now.Ticket != 0:
		return ErrDeskHasTicket
	case now.Paused && now.Why == c.Why:
		return nil
	}
	d.emit(DeskPaused{Desk: c.Desk, Why: c.Why})
	return nil
}

func (c SetDeskProfile) decide(d *decision) error {
	i, err := d.desk(c.Desk)
	if err != nil {
		return err
	}
	desk := d.s.index.desks[i]
	if desk.removed {
		return fmt.Errorf("%w: %q was removed from the setup", ErrUnknownDesk, c.Desk)
	}
	listed := map[ServiceID]bool{}
	for _, id := range slices.Concat(c.Profile.First, c.Profile.Help) {
		if s := d.s.serviceIndex(id); s < 0 || d.s.index.services[s].removed {
			return fmt.Errorf("%w: %q", ErrUnknownService, id)
		}
		if listed[id] {
			return ValueError{Field: "serve", Rule: RuleOnce, Value: string(id)}
		}
		listed[id] = true
	}
	if desk.Profile.equal(c.Profile) {
		return nil
	}
	if left := d.s.unservedWithout(i, c.Profile); len(left) > 0 {
		return fmt.Errorf("%w: %w", ErrUnserved, errors.Join(left...))
	}
	was := d.s.attended()
	// The event keeps lists of its own, since the caller may change its lists.
	d.emit(DeskProfileChanged{Desk: c.Desk, Profile: Profile{
		First: slices.Clone(c.Profile.First), Help: slices.Clone(c.Profile.Help),
	}})
	if c.Sure {
		return nil
	}
	return d.s.left(was)
}

// unservedWithout has an UnservedError for each service that nobody would call any
// more if a desk had another profile.
func (s *State) unservedWithout(desk int, p Profile) (left []error) {
	lost := func(id ServiceID) bool {
		for i, d := range s.index.desks {
			has := d.Profile
			if i == desk {
				has = p
			}
			if !d.removed && !d.BackOffice && (slices.Contains(has.First, id) || slices.Contains(has.Help, id)) {
				return false
			}
		}
		return true
	}
	was := s.index.desks[desk].Profile
	for _, id := range slices.Concat(was.First, was.Help) {
		if i := s.serviceIndex(id); i >= 0 && !s.index.services[i].removed && lost(id) {
			left = append(left, UnservedError{Service: id, Waiting: s.WaitingFor(id)})
		}
	}
	return left
}

func (n *draft) changeDesk(id DeskID, change func(*DeskState)) {
	if i := n.deskIndex(id); i >= 0 {
		d := changed(n, &n.desks, i, n.desk)
		n.desk, d.Seq = d, n.seq
		change(d)
	}
}

// hold gives a ticket to a desk.
func (n *draft) hold(desk DeskID, id TicketID) {
	n.changeDesk(desk, func(d *DeskState) { d.Ticket = id })
}

// free takes the ticket from the desk that holds it.
func (n *draft) free(t *Ticket) {
	n.changeDesk(t.Desk, func(d *DeskState) {
		if d.Ticket == t.ID {
			d.Ticket = 0
		}
	})
}

// keyed keeps when the keypad of a desk was last used.
func (n *draft) keyed(e Event) {
	if e.By.Kind != ByKeypad && e.By.Kind != ByConsole {
		return
	}
	i := n.deskIndex(deskOf(e.Body))
	if i < 0 {
		return
	}
	if e.By.Kind == ByKeypad {
		n.changeDesk(n.index.desks[i].ID, func(d *DeskState) { d.LastKey = e.At })
	} else if !n.desks[i].LastKey.IsZero() {
		n.changeDesk(n.index.desks[i].ID, func(d *DeskState) { d.LastKey = Now{} })
	}
}
