package queue

import (
	"fmt"
	"slices"
)

// keypadRestMs is how soon after a call a keypad's NEXT is taken for a bounce
// of the clerk's finger.
const keypadRestMs = 3_000

// longestParkMs is a day: who is parked for longer does not come back.
const longestParkMs = 24 * 3_600_000

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
		if d.by.Kind != ByKeypad || d.s.office.desks[i].removed {
			return 0, ErrDeskClosed
		}
		d.emitBy(d.by.Inference(), DeskOpened{Desk: id, Account: now.Account})
	}
	return i, nil
}

func (c OpenDesk) decide(d *decision) error {
	i, err := d.desk(c.Desk)
	if err != nil {
		return err
	}
	if d.s.office.desks[i].removed {
		return fmt.Errorf("%w: %q was removed from the setup", ErrUnknownDesk, c.Desk)
	}
	if err := short("account", c.Account); err != nil {
		return err
	}
	if d.unseen(i, c.Seen) {
		return ErrStale
	}
	for j, other := range d.s.desks {
		if j != i && other.Open && c.Account != "" && other.Account == c.Account {
			return fmt.Errorf("%w: desk %q", ErrOperatorElsewhere, d.s.office.desks[j].Label)
		}
	}
	switch now := d.s.desks[i]; {
	case !now.Open || now.Paused:
	case c.Account != "" && now.Account != c.Account:
		// Shifts change over the ticket in service.
	default:
		return nil
	}
	d.emit(DeskOpened{Desk: c.Desk, Account: c.Account})
	return nil
}

func (c CloseDesk) decide(d *decision) error {
	i, err := d.desk(c.Desk)
	if err != nil {
		return err
	}
	if d.s.desks[i].Open {
		d.shutDesk(i)
	}
	return nil
}

// shutDesk closes a desk. Nobody saw the end of the ticket it still holds.
func (d *decision) shutDesk(i int) {
	id := d.s.office.desks[i].ID
	if t := d.s.Ticket(d.s.desks[i].Ticket); t != nil {
		if d.s.calledEnough(t) {
			d.emitBy(d.by.Inference(), TicketNoShow{Ticket: t.ID, Desk: id})
		} else {
			d.startedAtCall(t, id)
			d.emitBy(d.by.Inference(), TicketServed{Ticket: t.ID, Desk: id, UnknownEnd: true})
		}
	}
	d.emit(DeskClosed{Desk: id})
}

// closeRemovedDesks closes the desks that the setup no longer has, each when
// its last ticket has left it.
func (d *decision) closeRemovedDesks() {
	if d.s.office == nil || !d.s.office.removedDesks {
		return
	}
	d.by = automatic
	for i := range d.s.desks {
		if now := d.s.desks[i]; d.s.office.desks[i].removed && now.Open && now.Ticket == 0 {
			d.shutDesk(i)
		}
	}
}

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
	desk := d.s.office.desks[i]
	if desk.removed {
		return fmt.Errorf("%w: %q was removed from the setup", ErrUnknownDesk, c.Desk)
	}
	listed := map[ServiceID]bool{}
	for _, id := range slices.Concat(c.Profile.First, c.Profile.Help) {
		if s := d.s.serviceIndex(id); s < 0 || d.s.office.services[s].removed {
			return fmt.Errorf("%w: %q", ErrUnknownService, id)
		}
		if listed[id] {
			return fmt.Errorf("%w: service %q is in the profile twice", ErrBadCommand, id)
		}
		listed[id] = true
	}
	if slices.Equal(desk.Profile.First, c.Profile.First) && slices.Equal(desk.Profile.Help, c.Profile.Help) {
		return nil
	}
	if left, ok := d.s.unservedWithout(i, c.Profile); ok {
		return fmt.Errorf("%w: service %q would be served by no desk; give it to another one first", ErrBadSetup, left)
	}
	// The event keeps lists of its own, since the caller may change its lists.
	d.emit(DeskProfileChanged{Desk: c.Desk, Profile: Profile{
		First: slices.Clone(c.Profile.First), Help: slices.Clone(c.Profile.Help),
	}})
	return nil
}

// unservedWithout is a service that nobody would call any more if a desk had
// another profile; ok is false when there is none.
func (s *State) unservedWithout(desk int, p Profile) (left ServiceID, ok bool) {
	lost := func(id ServiceID) bool {
		for i, d := range s.office.desks {
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
	was := s.office.desks[desk].Profile
	for _, id := range slices.Concat(was.First, was.Help) {
		if i := s.serviceIndex(id); i >= 0 && !s.office.services[i].removed && lost(id) {
			return id, true
		}
	}
	return "", false
}

// decide finishes and calls. With nobody waiting it only finishes, which is
// no error: the caller sees that no call is among the events.
func (c CallNext) decide(d *decision) error {
	i, err := d.readyToCall(c.Desk, c.Finishing, c.Seen)
	if err != nil {
		return err
	}
	hasty := d.finishForNext(i)
	if !d.s.office.desks[i].removed && !d.s.CallsStopped(d.now) {
		if id, why, ok := d.s.Next(d.now, c.Desk); ok {
			d.call(id, c.Desk, why)
		}
	}
	// Only now, so that it is not called again by this very NEXT.
	d.returnHasty(hasty)
	d.seen(i)
	return nil
}

func (c CallTicket) decide(d *decision) error {
	if !d.s.office.setup.Rules.CallByNumber {
		return fmt.Errorf("%w: calling a number out of order", ErrNotAllowed)
	}
	t, err := d.ticket(c.Ticket)
	if err != nil {
		return err
	}
	i, err := d.readyToCall(c.Desk, c.Finishing, c.Seen)
	if err != nil {
		return err
	}
	if d.s.office.desks[i].removed {
		return ErrDeskClosed
	}
	if t.State != Waiting {
		return fmt.Errorf("%w: %s is %s", ErrWrongState, t.Number.Text, t.State)
	}
	if !d.s.office.setup.Rules.CallOutside {
		if t.Desk != "" && t.Desk != c.Desk {
			return fmt.Errorf("%w: %s was sent to desk %q", ErrNotAllowed, t.Number.Text, t.Desk)
		}
		if t.Desk == "" && !contains(d.s.office.desks[i].served, d.s.serviceIndex(t.Service)) {
			return fmt.Errorf("%w: desk %q does not serve %q", ErrNotAllowed, c.Desk, t.Service)
		}
	}
	hasty := d.finishForNext(i)
	d.call(t.ID, c.Desk, Reason{Rule: RuleByNumber, Passed: d.s.passed(i, t.ID)})
	d.returnHasty(hasty)
	return nil
}

func (d *decision) call(id TicketID, desk DeskID, why Reason) {
	t := d.s.Ticket(id)
	why.WaitedMs = d.s.WaitedMs(t, d.now)
	d.emit(TicketCalled{Ticket: id, Desk: desk, Reason: why})
}

// readyToCall checks that the desk works and holds what its clerk believes.
func (d *decision) readyToCall(id DeskID, finishing TicketID, seen uint64) (int, error) {
	if i := d.s.deskIndex(id); i >= 0 && d.unseen(i, seen) {
		return 0, ErrStale
	}
	i, err := d.workingDesk(id)
	if err != nil {
		return 0, err
	}
	now := d.s.desks[i]
	if now.Ticket != finishing {
		return 0, ErrStale
	}
	if d.by.Kind == ByKeypad && d.now.within(keypadRestMs, now.LastCall) {
		return 0, ErrTooSoon
	}
	return i, nil
}

// finish ends the ticket that the desk holds, if any.
func (d *decision) finish(i int) {
	t := d.s.Ticket(d.s.desks[i].Ticket)
	if t == nil {
		return
	}
	id, by := d.s.office.desks[i].ID, d.by
	if d.startedAtCall(t, id) || by.Kind == ByKeypad {
		by = by.Inference()
	}
	d.emitBy(by, TicketServed{Ticket: t.ID, Desk: id})
}

// startedAtCall supplies the start that nobody marked.
func (d *decision) startedAtCall(t *Ticket, desk DeskID) bool {
	if t.State != Called {
		return false
	}
	d.emitBy(d.by.Inference(), ServiceStarted{Ticket: t.ID, Desk: desk, FromCall: true})
	return true
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

func (c RecallTicket) decide(d *decision) error {
	t, err := d.held(c.Desk, c.Ticket)
	if err != nil {
		return err
	}
	if d.unseen(d.s.deskIndex(c.Desk), c.Seen) {
		return ErrStale
	}
	if t.State != Called {
		return fmt.Errorf("%w: %s is %s", ErrWrongState, t.Number.Text, t.State)
	}
	if d.now.within(d.s.office.setup.Rules.RecallRestMs, t.Called) {
		return ErrTooSoon
	}
	d.emit(TicketRecalled{Ticket: t.ID, Desk: c.Desk, Nth: t.Recalls + 1})
	return nil
}

func (c StartService) decide(d *decision) error {
	t, err := d.held(c.Desk, c.Ticket)
	if err != nil {
		return err
	}
	if t.State == Called {
		d.emit(ServiceStarted{Ticket: t.ID, Desk: c.Desk})
	}
	return nil
}

func (c FinishTicket) decide(d *decision) error {
	if _, err := d.held(c.Desk, c.Ticket); err != nil {
		return err
	}
	i, _ := d.desk(c.Desk)
	d.finish(i)
	return nil
}

func (c MarkNoShow) decide(d *decision) error {
	t, err := d.held(c.Desk, c.Ticket)
	if err != nil {
		return err
	}
	if t.State != Called {
		return fmt.Errorf("%w: %s is %s", ErrWrongState, t.Number.Text, t.State)
	}
	d.emit(TicketNoShow{Ticket: t.ID, Desk: c.Desk})
	return nil
}

func (c TransferTicket) decide(d *decision) error {
	t, err := d.held(c.From, c.Ticket)
	if err != nil {
		return err
	}
	s := d.s.serviceIndex(c.Service)
	if s < 0 || d.s.office.services[s].removed {
		return fmt.Errorf("%w: %q", ErrUnknownService, c.Service)
	}
	if c.Desk != "" {
		to, err := d.desk(c.Desk)
		if err != nil {
			return err
		}
		if !d.s.desks[to].Open || d.s.office.desks[to].removed {
			return fmt.Errorf("%w: %q cannot receive a transfer", ErrDeskClosed, c.Desk)
		}
	}
	place := c.Place
	switch place {
	case "":
		place = d.s.office.setup.Rules.transferPlace()
	case PlaceArrival, PlaceFront, PlaceBack:
	default:
		return fmt.Errorf("%w: place %q", ErrBadCommand, c.Place)
	}
	d.startedAtCall(t, c.From)
	d.emit(TicketTransferred{Ticket: t.ID, From: c.From, Service: c.Service, Desk: c.Desk, Place: place})
	return nil
}

func (c ParkTicket) decide(d *decision) error {
	t, err := d.held(c.Desk, c.Ticket)
	if err != nil {
		return err
	}
	ms := c.ForMs
	if ms == 0 {
		ms = d.s.office.setup.Rules.ParkMs
	}
	if ms < 0 || ms > longestParkMs {
		return fmt.Errorf("%w: parking for %d ms", ErrBadCommand, ms)
	}
	d.startedAtCall(t, c.Desk)
	d.emit(TicketParked{Ticket: t.ID, Desk: c.Desk, ForMs: ms})
	return nil
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
	case d.s.office.desks[i].removed:
		return ErrDeskClosed
	case t.State != Parked:
		return fmt.Errorf("%w: %s is %s", ErrWrongState, t.Number.Text, t.State)
	}
	d.emit(TicketResumed{Ticket: t.ID, Desk: c.Desk})
	return nil
}
