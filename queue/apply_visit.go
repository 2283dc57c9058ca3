package queue

import "slices"

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

// undoCall takes a call back, and what it counted.
func (n *draft) undoCall(e Event, b CallUndone) {
	d := n.deskIndex(b.Desk)
	if t := n.Ticket(b.Ticket); d < 0 || t == nil || t.State != Called || n.desks[d].Ticket != b.Ticket {
		return
	}
	mark := n.desks[d].mark
	n.move(b.Ticket, func(t *Ticket) {
		last := len(t.Periods) - 1
		n.endPeriod(t, e.At, false, 0)
		t.Periods[last].Undone = true
		t.returning = t.Rule.Rule == RuleReturned
		n.backInLine(e, t)
		t.Calls--
		t.Rule, t.Recalls, t.apart = Reason{}, 0, 0
		n.totals.Calls--
	})
	n.giveBackTurn(mark)
	n.hide(b.Ticket)
	n.changeDesk(b.Desk, func(d *DeskState) { d.LastCall, d.mark, d.finished = Now{}, callMark{}, 0 })
	n.reopen(b.Reopened, b.Desk)
}

// backInLine returns a called ticket to its place in line, which may be that of
// one desk alone.
func (n *draft) backInLine(e Event, t *Ticket) {
	n.free(t)
	t.Desk = n.boundTo(t)
	n.enter(t, Waiting, e.At, e.By)
	n.joinLine(t)
}

// boundTo is the only desk that may call a ticket, if it is there to call.
func (s *State) boundTo(t *Ticket) DeskID {
	if d := s.deskIndex(t.bound); d < 0 || t.Leg > 0 && !s.desks[d].Open {
		return ""
	}
	return t.bound
}

// reopen gives a desk back the ticket that an undone NEXT had finished. It was
// there all the time: the period that had ended goes on.
func (n *draft) reopen(id TicketID, desk DeskID) {
	was := n.Ticket(id)
	if was == nil || was.State != Served && was.State != NoShow && was.State != Waiting || len(was.Periods) == 0 {
		return
	}
	n.change(id, func(t *Ticket) {
		n.leaveLine(t)
		t.Desk = desk
		last := len(t.Periods) - 1
		if t.State == Waiting {
			// It was put back by the same NEXT; neither that nor the wait since
			// ever was.
			t.returning, t.returnedBy = false, ""
			for last > 0 && t.Periods[last].Kind != Called {
				last--
			}
		}
		t.Periods = append([]Period(nil), t.Periods[:last+1]...)
		p := &t.Periods[last]
		p.End, p.EndInferred, p.EndUnknown = Now{}, false, false
		t.State = p.Kind
		n.hold(desk, t.ID)
	})
}

// rejoin returns a visit that had ended to its line. The time between is a
// period of its own, of the kind that the end was.
func (n *draft) rejoin(e Event, id TicketID, change func(*Ticket)) {
	was := n.Ticket(id)
	if was == nil || !was.State.Ended() || was.State == Served {
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
		n.joinLine(t)
	})
}

// hide takes a ticket off the last calls.
func (n *draft) hide(id TicketID) {
	if !n.folding {
		n.calls = append(make([]Shown, 0, shownCalls+1), n.calls...)
	}
	n.calls = slices.DeleteFunc(n.calls, func(c Shown) bool { return c.Ticket == id })
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
		n.changeDesk(n.office.desks[i].ID, func(d *DeskState) { d.LastKey = e.At })
	} else if !n.desks[i].LastKey.IsZero() {
		n.changeDesk(n.office.desks[i].ID, func(d *DeskState) { d.LastKey = Now{} })
	}
}

// deskOf is the desk at which an event happened, or none.
func deskOf(b Body) DeskID {
	switch b := b.(type) {
	case DeskOpened:
		return b.Desk
	case DeskPaused:
		return b.Desk
	case DeskSeen:
		return b.Desk
	case TicketCalled:
		return b.Desk
	case TicketRecalled:
		return b.Desk
	case ServiceStarted:
		return b.Desk
	case TicketServed:
		return b.Desk
	case TicketNoShow:
		return b.Desk
	case TicketTransferred:
		return b.From
	case TicketParked:
		return b.Desk
	case TicketResumed:
		return b.Desk
	case CallUndone:
		return b.Desk
	case TicketPutBack:
		return b.Desk
	}
	return ""
}

// release lets every desk of their service call those who were sent to a desk
// that has closed.
func (n *draft) release(id DeskID) {
	i := n.deskIndex(id)
	if i < 0 {
		return
	}
	for _, id := range slices.Collect(n.own[i].all) { // the line changes meanwhile
		n.move(id, func(t *Ticket) {
			t.Desk, t.bound = "", ""
			n.joinLine(t)
		})
	}
}
