package queue

import (
	"fmt"
	"slices"
)

// A Shown is a call as boards show it.
type Shown struct {
	Seq     uint64 // of the newest call or recall: what makes a board sound
	Ticket  TicketID
	Number  Number
	Service ServiceID
	Desk    DeskID
	Label   string // of the desk when it called
	At      Now
	Recalls int
}

// shownCalls is how many calls the state remembers for the boards.
const shownCalls = 12

// Calls are the last calls, newest first, at most 12. The slice must not be
// changed.
func (s *State) Calls() []Shown { return s.calls }

const (
	// nextRestMs is how soon after a call another NEXT is taken for a bounce of the
	// clerk's finger, or for a double click.
	nextRestMs = 3_000
	// hastyMs is how soon after a call a NEXT tells that nobody came, where nobody
	// began the service or says what came of it: nobody is served in less.
	hastyMs = 20_000
	// keypadSeenMs is how often a key that finds nothing to do is written down.
	keypadSeenMs = 5 * 60_000
)

// decide finishes and calls. With nobody waiting it only finishes, which is
// no error: the caller sees that no call is among the events.
func (c CallNext) decide(d *decision) error {
	if err := c.Outcome.known(); err != nil {
		return err
	}
	i, err := d.readyToCall(c.Desk, c.Finishing, c.Seen)
	if err != nil {
		return err
	}
	var next TicketID
	var why Reason
	if !d.s.index.desks[i].removed && !d.s.CallsStopped(d.now) {
		next, why, _ = d.s.Next(d.now, c.Desk)
	}
	// Only now, so that the very ticket that this NEXT sends on to another service
	// of its plan is not called by it: the desk would hold it as before, and a
	// repetition of this NEXT would finish it once more.
	hasty := d.finishForNext(i, c.Outcome)
	if next != 0 {
		why.SentOn = d.sentOn(c.Finishing)
		d.call(next, c.Desk, why)
	}
	// Only now, so that it is not called again by this very NEXT.
	d.returnHasty(hasty)
	d.seen(i)
	return nil
}

func (c CallTicket) decide(d *decision) error {
	if !d.s.index.setup.Rules.CallByNumber {
		return fmt.Errorf("%w: calling a number out of order", ErrNotAllowed)
	}
	if err := c.Outcome.known(); err != nil {
		return err
	}
	t, err := d.ticket(c.Ticket)
	if err != nil {
		return err
	}
	i, err := d.readyToCall(c.Desk, c.Finishing, c.Seen)
	if err != nil {
		return err
	}
	if d.s.index.desks[i].removed {
		return ErrDeskClosed
	}
	switch t.State {
	case Waiting:
	case Parked:
		return ErrParked
	default:
		return wrongState(t)
	}
	if !d.s.index.setup.Rules.CallOutside {
		if t.Desk != "" && t.Desk != c.Desk {
			return fmt.Errorf("%w: %s was sent to desk %q", ErrNotAllowed, t.Number.Text, t.Desk)
		}
		if t.Desk == "" && !contains(d.s.index.desks[i].served, d.s.serviceIndex(t.Service)) {
			return fmt.Errorf("%w: desk %q does not serve %q", ErrNotAllowed, c.Desk, t.Service)
		}
	}
	why := Reason{Rule: RuleByNumber, Passed: d.s.passed(i, t.ID)}
	if !d.s.CallsStopped(d.now) {
		// Whose turn it is anyway is called by it.
		if next, turn, _ := d.s.Next(d.now, c.Desk); next == t.ID {
			why = turn
		}
	}
	hasty := d.finishForNext(i, c.Outcome)
	why.SentOn = d.sentOn(c.Finishing)
	d.call(t.ID, c.Desk, why)
	d.returnHasty(hasty)
	return nil
}

// readyToCall checks that the desk is open and holds the ticket that its clerk
// names, and that this is no second NEXT of the same press. A page shows the ticket
// that was called already when the second click comes, and names it too. At a keypad
// nobody sees whether the service was begun meanwhile, so that it rests in any case.
func (d *decision) readyToCall(id DeskID, finishing TicketID, seen uint64) (int, error) {
	i, err := d.asSeen(id, seen)
	if err != nil {
		return 0, err
	}
	now := d.s.desks[i]
	if now.Ticket != finishing {
		return 0, ErrStale
	}
	if d.now.within(nextRestMs, now.LastCall) {
		switch t := d.s.Ticket(now.Ticket); {
		case t != nil && t.State == Called:
			return 0, ErrJustCalled
		case d.by.Kind == ByKeypad:
			return 0, ErrTooSoon
		}
	}
	return i, nil
}

func (d *decision) call(id TicketID, desk DeskID, why Reason) {
	t := d.s.Ticket(id)
	why.WaitedMs = d.s.WaitedMs(t, d.now)
	d.emit(TicketCalled{Ticket: id, Desk: desk, Reason: why})
}

func (n *draft) call(e Event, b TicketCalled) {
	mark := n.countTurn(b)
	n.move(b.Ticket, func(t *Ticket) {
		t.Desk, t.calledBy, t.returning = b.Desk, b.Desk, false
		t.apart, t.apartAt = 0, Now{}
		if t.plan != nil && t.plan.left != nil {
			n.replan(t, func(p *visitPlan) { p.left = nil })
		}
		n.enter(t, Called, e.At, e.By)
		t.Called, t.Recalls, t.Rule = e.At, 0, b.Reason
		t.Periods[len(t.Periods)-1].Reason = &b.Reason
		t.Calls++
		n.totals.Calls++
		n.changeDesk(b.Desk, func(d *DeskState) {
			d.Ticket = t.ID
			if d.finishedSeq+1 != e.Seq || d.finishedAt != e.At {
				d.finished = 0 // not by this NEXT
			}
			d.LastCall, d.turn = e.At, mark
		})
		n.show(e, t)
	})
}

// countTurn counts a call of a ticket that waits, before it leaves its queue.
func (n *draft) countTurn(b TicketCalled) turnTaken {
	t, d := n.Ticket(b.Ticket), n.deskIndex(b.Desk)
	if t == nil || t.State.Ended() || d < 0 {
		return turnTaken{}
	}
	return n.takeTurn(d, n.serviceIndex(t.Service), b.Reason)
}

// show puts a call on top of the last calls, once a ticket.
func (n *draft) show(e Event, t *Ticket) {
	shown := Shown{
		Seq: e.Seq, Ticket: t.ID, Number: t.Number, Service: t.Service,
		Desk: t.Desk, At: e.At, Recalls: t.Recalls,
	}
	if d := n.deskIndex(t.Desk); d >= 0 {
		shown.Label = n.index.desks[d].Label
	}
	// In the place of the ticket's own, or of the oldest where there is no more room.
	at := slices.IndexFunc(n.calls, func(c Shown) bool { return c.Ticket == t.ID })
	if at < 0 {
		at = min(len(n.calls), shownCalls-1)
	}
	older := min(at+1, len(n.calls))
	if n.folding {
		n.calls = slices.Insert(slices.Delete(n.calls, at, older), 0, shown)
		return
	}
	n.calls = slices.Concat([]Shown{shown}, n.calls[:at], n.calls[older:])
}

// hide takes a ticket off the last calls.
func (n *draft) hide(id TicketID) {
	gone := func(c Shown) bool { return c.Ticket == id }
	if slices.ContainsFunc(n.calls, gone) {
		n.calls = slices.DeleteFunc(slices.Clone(n.calls), gone) // a folded one too: it is rare
	}
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
		return wrongState(t)
	}
	if d.now.within(d.s.index.setup.Rules.RecallRestMs, t.Called) {
		return ErrTooSoon
	}
	d.emit(TicketRecalled{Ticket: t.ID, Desk: c.Desk, Nth: t.Recalls + 1})
	return nil
}

func (n *draft) recall(e Event, b TicketRecalled) {
	n.change(b.Ticket, func(t *Ticket) {
		t.Called, t.Recalls = e.At, b.Nth
		if n.index != nil && !e.At.within(n.index.setup.Rules.recallGapMs(), t.apartAt) {
			t.apart, t.apartAt = t.apart+1, e.At
		}
		n.show(e, t)
	})
	n.changeDesk(b.Desk, func(*DeskState) {})
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

// startedAtCall records that service began with the call, where the clerk never
// pressed START.
func (d *decision) startedAtCall(t *Ticket, desk DeskID) bool {
	if t.State != Called {
		return false
	}
	d.emitBy(d.by.Inference(), ServiceStarted{Ticket: t.ID, Desk: desk, FromCall: true})
	return true
}

func (n *draft) start(e Event, b ServiceStarted) {
	n.move(b.Ticket, func(t *Ticket) {
		from := e.At
		if b.FromCall {
			from = t.Periods[len(t.Periods)-1].Start
		}
		n.enter(t, Serving, from, e.By)
	})
	n.changeDesk(b.Desk, func(*DeskState) {})
}

func (c FinishTicket) decide(d *decision) error {
	if _, err := d.held(c.Desk, c.Ticket); err != nil {
		return err
	}
	if err := c.Outcome.known(); err != nil {
		return err
	}
	i, _ := d.desk(c.Desk)
	d.finish(i, c.Outcome)
	return nil
}

// finish ends the service of the ticket that the desk holds, if any: the visit is
// over, or goes on to the next service of its plan.
func (d *decision) finish(i int, outcome Outcome) {
	t := d.s.Ticket(d.s.desks[i].Ticket)
	if t == nil {
		return
	}
	id, by := d.s.index.desks[i].ID, d.by
	if d.startedAtCall(t, id) || by.Kind == ByKeypad {
		by = by.Inference()
	}
	if !d.sendOn(by, t, id, outcome, false) {
		d.emitBy(by, TicketServed{Ticket: t.ID, Desk: id, Outcome: outcome})
	}
}

// sentOn is a ticket, if the command has just sent it on by its plan; else 0.
func (d *decision) sentOn(id TicketID) TicketID {
	if t := d.s.Ticket(id); t != nil && t.State == Waiting && t.plan != nil && t.plan.left != nil {
		return id
	}
	return 0
}

func (c MarkNoShow) decide(d *decision) error {
	t, err := d.held(c.Desk, c.Ticket)
	if err != nil {
		return err
	}
	if t.State != Called {
		return wrongState(t)
	}
	d.emit(TicketNoShow{Ticket: t.ID, Desk: c.Desk})
	return nil
}

// finishForNext ends the ticket that the desk holds, if any, because its clerk
// goes on to the next. One for whom nobody can have come in so short a time, or who
// was called as often as makes a no-show, is one, unless the clerk says what came of
// the service. It answers with the ticket that is to be put back by itself when the
// next one is called, or 0.
func (d *decision) finishForNext(i int, outcome Outcome) (putBack TicketID) {
	t := d.s.Ticket(d.s.desks[i].Ticket)
	if t == nil || t.State != Called || outcome != "" {
		d.finish(i, outcome)
		return 0
	}
	putBack, gone := d.notCome(i, t)
	if !gone {
		d.finish(i, outcome)
	}
	return putBack
}

// notCome makes a no-show of the ticket that the desk has called, if nobody can have
// come for it: its clerk turns away too soon after the call, or after as many calls as
// make one. In the first case it is to be put back by itself, once: putBack is it, or 0.
func (d *decision) notCome(i int, t *Ticket) (putBack TicketID, gone bool) {
	enough := d.s.calledEnough(t)
	hasty := !enough && t.State == Called && d.now.within(hastyMs, t.Called)
	if !hasty && !enough {
		return 0, false
	}
	d.emitBy(d.by.Inference(), TicketNoShow{Ticket: t.ID, Desk: d.s.index.desks[i].ID})
	if hasty && t.returnedBy == "" {
		return t.ID, true
	}
	return 0, true
}

// calledEnough tells whether a called ticket was recalled as often, and as far
// apart, as makes a no-show.
func (s *State) calledEnough(t *Ticket) bool {
	return t.State == Called && t.apart >= s.index.setup.Rules.noShowRecalls()
}

// returnHasty puts a ticket back for which NEXT was pressed again too soon after its
// call for anybody to have come.
func (d *decision) returnHasty(id TicketID) {
	if id != 0 {
		d.putBackOnce(d.by.Inference(), id)
	}
}

// putBackOnce puts a no-show back who has not turned up, after the calls that follow.
func (d *decision) putBackOnce(by Cause, id TicketID) {
	d.emitBy(by, TicketReturned{Ticket: id, AfterCalls: d.s.index.setup.Rules.returnAfterCalls(), Auto: true})
}

// seen writes down that somebody is at the keypad of a desk, where NEXT wrote
// nothing else down.
func (d *decision) seen(i int) {
	if d.by.Kind == ByKeypad && !d.now.within(keypadSeenMs, d.s.desks[i].LastKey) {
		d.emit(DeskSeen{Desk: d.s.index.desks[i].ID})
	}
}

// end ends a visit and frees the desk that held it.
func (n *draft) end(e Event, t *Ticket, state TicketState) {
	n.finished(e, t)
	n.endPeriod(t, e.At, e.By.Inferred, 0)
	t.State = state
}

// finished frees the desk of a ticket whose service is over.
func (n *draft) finished(e Event, t *Ticket) {
	n.changeDesk(t.Desk, func(d *DeskState) {
		if d.Ticket == t.ID {
			d.Ticket, d.finished, d.finishedSeq, d.finishedAt = 0, t.ID, e.Seq, e.At
		}
	})
}

// Undoable is the ticket whose call at a desk can be undone at now, or 0.
func (s *State) Undoable(desk DeskID, now Now) TicketID {
	i := s.deskIndex(desk)
	if i < 0 {
		return 0
	}
	d := s.desks[i]
	t := s.Ticket(d.Ticket)
	if t == nil || t.State != Called || !now.within(s.index.setup.Rules.undoMs(), d.LastCall) {
		return 0
	}
	return t.ID
}

func (c UndoCall) decide(d *decision) error {
	t, err := d.held(c.Desk, c.Ticket)
	if err != nil {
		return err
	}
	if t.State != Called {
		return wrongState(t)
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
		return t.returning && t.returnedBy == desk || t.plan != nil && t.plan.left != nil && t.plan.left.desk == desk
	default:
		return (t.State == Served || t.State == NoShow) && t.Desk == desk
	}
}

// undoCall takes a call back, and what it counted.
func (n *draft) undoCall(e Event, b CallUndone) {
	d := n.deskIndex(b.Desk)
	if t := n.Ticket(b.Ticket); d < 0 || t == nil || t.State != Called || n.desks[d].Ticket != b.Ticket {
		return
	}
	mark := n.desks[d].turn
	n.move(b.Ticket, func(t *Ticket) {
		last := len(t.Periods) - 1
		n.endPeriod(t, e.At, false, 0)
		t.Periods[last].Undone = true
		t.returning = t.Rule.Rule == RuleReturned
		n.putBack(e, t)
		t.Calls--
		t.Rule, t.Recalls, t.apart = Reason{}, 0, 0
		n.totals.Calls--
	})
	n.giveBackTurn(mark)
	n.hide(b.Ticket)
	n.changeDesk(b.Desk, func(d *DeskState) { d.LastCall, d.turn, d.finished = Now{}, turnTaken{}, 0 })
	n.reopen(b.Reopened, b.Desk)
}

// reopen gives a desk back the ticket that an undone NEXT had finished. It was
// there all the time: the period that had ended goes on.
func (n *draft) reopen(id TicketID, desk DeskID) {
	was := n.Ticket(id)
	if was == nil || was.State != Served && was.State != NoShow && was.State != Waiting || len(was.Periods) == 0 {
		return
	}
	n.change(id, func(t *Ticket) {
		n.leaveQueue(t)
		if t.State == Waiting && t.plan != nil && t.plan.left != nil {
			n.comeBack(t)
		}
		t.Desk = desk
		last := len(t.Periods) - 1
		if t.Periods[last].Kind == Waiting {
			// It was put back by the same NEXT; neither that nor the wait since
			// ever was.
			t.returning, t.returnedBy = false, ""
			for last > 0 && t.Periods[last].Kind != Called {
				last--
			}
		}
		t.Periods = append([]Period(nil), t.Periods[:last+1]...)
		p := &t.Periods[last]
		p.End, p.EndInferred, p.EndUnknown, p.Finished = Now{}, false, false, false
		t.State, t.Outcome = p.Kind, ""
		n.hold(desk, t.ID)
	})
}
