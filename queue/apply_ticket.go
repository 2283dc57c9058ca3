package queue

import "slices"

// Places in a line: those sent to the front stand before everybody else, in
// the order in which they were sent; the others stand by sequence of arrival.
const backOfFront = 1 << 62

func placeFront(seq uint64) uint64 { return seq }
func placeAt(seq uint64) uint64    { return backOfFront + seq }

// latestBack keeps a clock that reads far into the future from wrapping a key.
const latestBack = 1<<43 - 1

// parkedPlace orders the parked by when they come back, then by issue.
func parkedPlace(backAt int64, id TicketID) uint64 {
	return uint64(min(max(0, backAt), latestBack))<<20 | uint64(id.Ordinal())
}

// parkedUntil is the time that parkedPlace was made of.
func parkedUntil(place uint64) int64 { return int64(place >> 20) }

// applyTicket applies the events of tickets.
func (n *State) applyTicket(e Event) {
	switch b := e.Body.(type) {
	case TicketIssued:
		n.issue(e, b)
	case TicketCalled:
		mark := n.marked(b)
		n.move(b.Ticket, func(t *Ticket) {
			t.Desk, t.calledBy, t.returning = b.Desk, b.Desk, false
			t.apart, t.apartAt = 0, Now{}
			t.enter(Called, e.At, e.By)
			t.Called, t.Recalls, t.Rule = e.At, 0, b.Reason
			t.Periods[len(t.Periods)-1].Reason = &b.Reason
			t.Calls++
			n.totals.Calls++
			n.deskChanged(b.Desk, func(d *DeskState) {
				d.Ticket = t.ID
				if d.finishedSeq+1 != e.Seq || d.finishedAt != e.At {
					d.finished = 0 // not by this NEXT
				}
				d.LastCall, d.mark = e.At, mark
			})
			n.show(e, t)
		})
	case TicketRecalled:
		n.change(b.Ticket, func(t *Ticket) {
			t.Called, t.Recalls = e.At, b.Nth
			if n.office != nil && !e.At.within(n.office.setup.Rules.recallGapMs(), t.apartAt) {
				t.apart, t.apartAt = t.apart+1, e.At
			}
			n.show(e, t)
		})
		n.deskChanged(b.Desk, func(*DeskState) {})
	case ServiceStarted:
		n.move(b.Ticket, func(t *Ticket) {
			from := e.At
			if b.FromCall && len(t.Periods) > 0 {
				from = t.Periods[len(t.Periods)-1].Start
			}
			t.enter(Serving, from, e.By)
		})
		n.deskChanged(b.Desk, func(*DeskState) {})
	case TicketServed:
		n.leaveDesk(e, b.Ticket, Served)
		if b.UnknownEnd {
			n.change(b.Ticket, func(t *Ticket) {
				t.leave(e.At, true)
				if last := len(t.Periods) - 1; last >= 0 {
					t.Periods[last].EndUnknown = true
				}
			})
		}
	case TicketNoShow:
		n.leaveDesk(e, b.Ticket, NoShow)
	case TicketTransferred:
		n.move(b.Ticket, func(t *Ticket) {
			n.free(t)
			t.Service, t.Desk, t.bound = b.Service, b.Desk, b.Desk
			t.Leg++
			t.place, t.since = t.arrival, n.instantOf(t.Issued)
			switch b.Place {
			case PlaceFront:
				t.place = placeFront(e.Seq)
			case PlaceBack:
				t.place, t.since = placeAt(e.Seq), n.instantOf(e.At)
			}
			t.enter(Waiting, e.At, e.By)
			n.joinLine(t)
		})
	case TicketParked:
		n.move(b.Ticket, func(t *Ticket) {
			n.free(t)
			t.enter(Parked, e.At, e.By)
			t.Desk, t.bound = "", ""
			t.parkedKey = parkedPlace(n.line+b.ForMs, t.ID)
			n.parked = n.parked.with(t.parkedKey, t.ID)
		})
	case TicketResumed:
		n.move(b.Ticket, func(t *Ticket) {
			t.Desk = ""
			if b.Desk != "" {
				t.Desk = b.Desk
				t.enter(Serving, e.At, e.By)
				n.hold(b.Desk, t.ID)
				return
			}
			t.enter(Waiting, e.At, e.By)
			n.joinLine(t)
		})
	case TicketCancelled:
		n.leaveDesk(e, b.Ticket, Cancelled)
		n.change(b.Ticket, func(t *Ticket) { t.Why = b.Why })
	case TicketExpired:
		n.leaveDesk(e, b.Ticket, Expired)
	default:
		n.applyVisit(e)
	}
}

// issue adds a ticket and moves its series on, in the same step.
func (n *State) issue(e Event, b TicketIssued) {
	i := n.serviceIndex(b.Service)
	if i < 0 || b.Ticket != ticketID(n.day.Ordinal, n.tickets.len()+1) {
		return
	}
	t := &Ticket{
		ID: b.Ticket, Number: b.Number, Service: b.Service, Class: b.Class,
		Issued: e.At, By: e.By, Outlet: b.Outlet, Asked: orDefault(b.Asked, b.Outlet), Token: b.Token, Request: b.Request,
		Promise: b.Promise, Ahead: b.Ahead,
		alone: n.alone, arrival: placeAt(e.Seq), place: placeAt(e.Seq), since: n.instantOf(e.At),
	}
	if b.Appointment != "" {
		t.Appointment, t.DueAt, t.Late, t.Desk, t.bound = b.Appointment, b.DueAt, b.Late, b.Desk, b.Desk
		n.booked(b.Appointment, func(a *Attendance) { a.State, a.Ticket, a.Late = AttendanceCame, t.ID, b.Late })
	}
	t.enter(Waiting, e.At, e.By)
	n.count("", Waiting)
	n.joinLine(t)
	put(n, &n.issued, i, n.issued[i]+1)
	n.countBand(n.TimeOf(e.At), b.Service)
	n.totals.Issued++
	if s := at(n.office.seriesAt, b.Number.Series); s >= 0 {
		put(n, &n.series, s, seriesState{next: b.Number.Value + 1, lap: b.Number.Lap})
		put(n, &n.given, s, n.given[s].with(uint64(b.Number.Value), t.ID))
	}
	if b.Paper == PaperRequested {
		t.Job = 1
	}
	n.setPaper(t, b.Paper, "")
	n.setTicket(t)
	n.nameTickets()
}

// marked counts a call of a ticket that waits, before it leaves its line.
func (n *State) marked(b TicketCalled) callMark {
	t, d := n.Ticket(b.Ticket), n.deskIndex(b.Desk)
	if t == nil || t.State.Ended() || d < 0 {
		return callMark{}
	}
	return n.takeTurn(d, n.serviceIndex(t.Service), b.Reason)
}

// change replaces a ticket that stays where it stands.
func (n *State) change(id TicketID, change func(*Ticket)) {
	if t := n.Ticket(id); t != nil {
		t = n.changeable(t)
		change(t)
		n.setTicket(t)
	}
}

// move replaces a ticket that goes from one place to another: it is taken out
// of its line first, and the totals follow its state.
func (n *State) move(id TicketID, change func(*Ticket)) {
	was := n.Ticket(id)
	if was == nil || was.State.Ended() {
		return
	}
	from, t := was.State, n.changeable(was)
	n.leaveLine(t)
	change(t)
	n.count(from, t.State)
	n.setTicket(t)
}

// leaveDesk ends a visit and frees the desk that held it.
func (n *State) leaveDesk(e Event, id TicketID, state TicketState) {
	n.move(id, func(t *Ticket) {
		n.deskChanged(t.Desk, func(d *DeskState) {
			if d.Ticket == t.ID {
				d.Ticket, d.finished, d.finishedSeq, d.finishedAt = 0, t.ID, e.Seq, e.At
			}
		})
		before := t.unsettled()
		t.end(state, e.At, e.By)
		if before && !t.unsettled() {
			n.papers = n.papers.without(uint64(t.ID.Ordinal()))
		}
	})
}

// hold gives a ticket to a desk.
func (n *State) hold(desk DeskID, id TicketID) {
	n.deskChanged(desk, func(d *DeskState) { d.Ticket = id })
}

// free takes the ticket from the desk that holds it.
func (n *State) free(t *Ticket) {
	n.deskChanged(t.Desk, func(d *DeskState) {
		if d.Ticket == t.ID {
			d.Ticket = 0
		}
	})
}

// show puts a call on top of the last calls, once a ticket.
func (n *State) show(e Event, t *Ticket) {
	shown := Shown{
		Seq: e.Seq, Ticket: t.ID, Number: t.Number, Service: t.Service,
		Desk: t.Desk, At: e.At, Recalls: t.Recalls,
	}
	if d := n.deskIndex(t.Desk); d >= 0 {
		shown.Label = n.office.desks[d].Label
	}
	calls := n.calls
	if !n.alone {
		calls = append(make([]Shown, 0, shownCalls+1), calls...)
	}
	calls = slices.DeleteFunc(calls, func(c Shown) bool { return c.Ticket == t.ID })
	calls = slices.Insert(calls, 0, shown)
	calls = calls[:min(len(calls), shownCalls)]
	n.calls = calls
}
