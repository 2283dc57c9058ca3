package queue

import "fmt"

const (
	// keypadNoShowMs is how soon after a call a keypad's NEXT tells that
	// nobody came: nobody is served in less.
	keypadNoShowMs = 20_000
	// keypadSeenMs is how often a key that finds nothing to do is written down.
	keypadSeenMs = 5 * 60_000
)

// Undoable is the ticket whose call at a desk can be undone at now, or 0.
func (s *State) Undoable(desk DeskID, now Now) TicketID {
	i := s.deskIndex(desk)
	if i < 0 {
		return 0
	}
	d := s.desks[i]
	t := s.Ticket(d.Ticket)
	if t == nil || t.State != Called || !now.within(s.office.setup.Rules.undoMs(), d.LastCall) {
		return 0
	}
	return t.ID
}

// Returnable tells whether a no-show who turns up at now can be put back, and
// if not, why.
func (s *State) Returnable(id TicketID, now Now) error {
	t := s.Ticket(id)
	switch {
	case t == nil:
		return fmt.Errorf("%w: %d", ErrUnknownTicket, id)
	case t.State != NoShow:
		return fmt.Errorf("%w: %s is %s", ErrWrongState, t.Number.Text, t.State)
	case t.Returned:
		return ErrReturnedOnce
	case !s.holdsNumber(t):
		return ErrNumberTaken
	}
	if away, _ := s.Elapsed(t.endedAt(), now); away > s.office.setup.Rules.lateReturnMs() {
		return ErrTooLate
	}
	return nil
}

// holdsNumber tells whether a ticket is the newest that was given its number.
func (s *State) holdsNumber(t *Ticket) bool {
	i := s.seriesIndex(t.Number.Series)
	return i >= 0 && s.given[i].at(uint64(t.Number.Value)) == t.ID
}

func (c UndoCall) decide(d *decision) error {
	t, err := d.held(c.Desk, c.Ticket)
	if err != nil {
		return err
	}
	if t.State != Called {
		return fmt.Errorf("%w: %s is %s", ErrWrongState, t.Number.Text, t.State)
	}
	if d.s.Undoable(c.Desk, d.now) == 0 {
		return ErrTooLate
	}
	i, _ := d.desk(c.Desk)
	b := CallUndone{Ticket: t.ID, Desk: c.Desk}
	if r := d.s.Ticket(d.s.desks[i].finished); r != nil && d.s.reopens(r, c.Desk) {
		b.Reopened = r.ID
	}
	d.emit(b)
	return nil
}

// reopens tells whether a ticket that a NEXT finished can be at its desk again.
func (s *State) reopens(t *Ticket, desk DeskID) bool {
	switch {
	case !s.holdsNumber(t):
		return false
	case t.State == Waiting:
		return t.returning && t.returnedBy == desk
	default:
		return (t.State == Served || t.State == NoShow) && t.Desk == desk
	}
}

func (c ReturnTicket) decide(d *decision) error {
	if t := d.s.Ticket(c.Ticket); t != nil && t.State == Waiting && t.returning && t.Returned {
		return nil
	}
	if err := d.s.Returnable(c.Ticket, d.now); err != nil {
		return err
	}
	d.emit(TicketReturned{Ticket: c.Ticket, AfterCalls: d.s.office.setup.Rules.returnAfterCalls()})
	return nil
}

func (c PutBack) decide(d *decision) error {
	t, err := d.held(c.Desk, c.Ticket)
	if err != nil {
		return err
	}
	if t.State != Called {
		return fmt.Errorf("%w: %s is %s", ErrWrongState, t.Number.Text, t.State)
	}
	d.emit(TicketPutBack{Ticket: t.ID, Desk: c.Desk})
	return nil
}

func (c Reinstate) decide(d *decision) error {
	t, err := d.ticket(c.Ticket)
	switch {
	case err != nil:
		return err
	case t.State == Waiting && t.reinstated:
		return nil
	case t.State != Cancelled && t.State != Expired:
		return fmt.Errorf("%w: %s is %s", ErrWrongState, t.Number.Text, t.State)
	case !d.s.holdsNumber(t):
		return ErrNumberTaken
	}
	d.emit(TicketReinstated{Ticket: t.ID})
	return nil
}

// finishForNext ends the ticket that the desk holds, if any, because its clerk
// goes on to the next. It answers with the ticket that is to be put back by
// itself when the next one is called, or 0.
func (d *decision) finishForNext(i int) (putBack TicketID) {
	t := d.s.Ticket(d.s.desks[i].Ticket)
	if t == nil || t.State != Called {
		d.finish(i)
		return 0
	}
	hasty := d.by.Kind == ByKeypad && d.now.within(keypadNoShowMs, t.Called)
	if !hasty && !d.s.calledEnough(t) {
		d.finish(i)
		return 0
	}
	d.emitBy(d.by.Inference(), TicketNoShow{Ticket: t.ID, Desk: d.s.office.desks[i].ID})
	if hasty && t.returnedBy == "" {
		return t.ID
	}
	return 0
}

// calledEnough tells whether a called ticket was recalled as often, and as far
// apart, as makes a no-show.
func (s *State) calledEnough(t *Ticket) bool {
	return t.State == Called && t.apart >= s.office.setup.Rules.noShowRecalls()
}

// returnHasty puts the ticket back that a keypad passed over in haste.
func (d *decision) returnHasty(id TicketID) {
	if id != 0 {
		d.emitBy(d.by.Inference(), TicketReturned{
			Ticket: id, AfterCalls: d.s.office.setup.Rules.returnAfterCalls(), Auto: true,
		})
	}
}

// seen writes down that somebody is at the keypad of a desk, where NEXT wrote
// nothing else down.
func (d *decision) seen(i int) {
	if d.by.Kind == ByKeypad && !d.now.within(keypadSeenMs, d.s.desks[i].LastKey) {
		d.emit(DeskSeen{Desk: d.s.office.desks[i].ID})
	}
}
