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

// issue adds a ticket and moves its series on, in the same step.
func (n *draft) issue(e Event, b TicketIssued) {
	i := n.serviceIndex(b.Service)
	if i < 0 || b.Ticket != ticketID(n.day.Ordinal, n.tickets.len()+1) {
		return
	}
	t := &Ticket{
		ID: b.Ticket, Number: b.Number, Service: b.Service, Class: b.Class,
		Issued: e.At, By: e.By, Outlet: b.Outlet, Asked: orDefault(b.Asked, b.Outlet), Token: b.Token, Request: b.Request,
		Promise: b.Promise, Ahead: b.Ahead,
		arrival: placeAt(e.Seq), place: placeAt(e.Seq), since: n.instantOf(e.At),
	}
	if b.Appointment != "" {
		t.Appointment, t.DueAt, t.Late, t.Desk, t.bound = b.Appointment, b.DueAt, b.Late, b.Desk, b.Desk
		n.changeBooking(b.Appointment, func(a *Attendance) { a.State, a.Ticket, a.Late = AttendanceCame, t.ID, b.Late })
	}
	n.enter(t, Waiting, e.At, e.By)
	n.joinLine(t)
	put(n, &n.issued, i, n.issued[i]+1)
	n.countBand(n.TimeOf(e.At), b.Service)
	n.totals.Issued++
	n.setSeries(b.Number.Series, seriesState{next: b.Number.Value + 1, lap: b.Number.Lap})
	if s := n.seriesIndex(b.Number.Series); s >= 0 {
		put(n, &n.given, s, n.given[s].with(uint64(b.Number.Value), t.ID, mark{}, n.folding))
	}
	if b.Paper == PaperRequested {
		t.Job = 1
	}
	n.setPaper(t, b.Paper, "")
	n.setTicket(t, "", false)
	n.nameTickets()
}

func (n *draft) call(e Event, b TicketCalled) {
	mark := n.marked(b)
	n.move(b.Ticket, func(t *Ticket) {
		t.Desk, t.calledBy, t.returning = b.Desk, b.Desk, false
		t.apart, t.apartAt = 0, Now{}
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
			d.LastCall, d.mark = e.At, mark
		})
		n.show(e, t)
	})
}

// marked counts a call of a ticket that waits, before it leaves its line.
func (n *draft) marked(b TicketCalled) callMark {
	t, d := n.Ticket(b.Ticket), n.deskIndex(b.Desk)
	if t == nil || t.State.Ended() || d < 0 {
		return callMark{}
	}
	return n.takeTurn(d, n.serviceIndex(t.Service), b.Reason)
}

func (n *draft) recall(e Event, b TicketRecalled) {
	n.change(b.Ticket, func(t *Ticket) {
		t.Called, t.Recalls = e.At, b.Nth
		if n.office != nil && !e.At.within(n.office.setup.Rules.recallGapMs(), t.apartAt) {
			t.apart, t.apartAt = t.apart+1, e.At
		}
		n.show(e, t)
	})
	n.changeDesk(b.Desk, func(*DeskState) {})
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

// end ends a visit and frees the desk that held it.
func (n *draft) end(e Event, t *Ticket, state TicketState) {
	n.changeDesk(t.Desk, func(d *DeskState) {
		if d.Ticket == t.ID {
			d.Ticket, d.finished, d.finishedSeq, d.finishedAt = 0, t.ID, e.Seq, e.At
		}
	})
	n.endPeriod(t, e.At, e.By.Inferred, 0)
	t.State = state
}

func (n *draft) transfer(e Event, b TicketTransferred) {
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
		n.enter(t, Waiting, e.At, e.By)
		n.joinLine(t)
	})
}

func (n *draft) park(e Event, b TicketParked) {
	n.move(b.Ticket, func(t *Ticket) {
		n.free(t)
		n.enter(t, Parked, e.At, e.By)
		t.Desk, t.bound = "", ""
		t.parkedKey = parkedPlace(n.line+b.ForMs, t.ID)
		n.parked = n.parked.with(t.parkedKey, t.ID, mark{}, n.folding)
	})
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
		n.joinLine(t)
	})
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

// show puts a call on top of the last calls, once a ticket.
func (n *draft) show(e Event, t *Ticket) {
	shown := Shown{
		Seq: e.Seq, Ticket: t.ID, Number: t.Number, Service: t.Service,
		Desk: t.Desk, At: e.At, Recalls: t.Recalls,
	}
	if d := n.deskIndex(t.Desk); d >= 0 {
		shown.Label = n.office.desks[d].Label
	}
	n.hide(t.ID)
	n.calls = slices.Insert(n.calls, 0, shown)
	n.calls = n.calls[:min(len(n.calls), shownCalls)]
}
