package queue

// apply makes the draft the state after an event. Each kind of event has its
// case here, and what it does is said here or in one method.
func (n *draft) apply(e Event) {
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
	case DayRedated:
		n.plan = &b.Plan
		n.lead = n.OfficeTime(e.At) - n.line
	case DayReplanned:
		n.plan = &b.Plan
	case ClockSet:
		n.correction = b.CorrectionMs
		n.setClock(e.At)
	case ClockSynced:
		n.correction = b.CorrectionMs
		n.trustClock(e.At)
		n.vouched = e.At.Boot
	case ClockStepped:
		n.stepClock(e.At)

	case OfficeSuspended:
		n.suspend(e, b)
	case OfficeResumed:
		n.endSuspension(e)
	case ServiceStopped:
		n.stop(b.Service, Stop{Stopped: true, Why: b.Why, Until: b.Until, Since: e.At})
	case ServiceReopened:
		n.stop(b.Service, Stop{Since: e.At})
	case SeriesRestarted:
		n.restart(b)
	case ContactRecorded:
		n.countContact(b)

	case DeskOpened:
		n.changeDesk(b.Desk, func(d *DeskState) {
			d.Open, d.Paused, d.Why, d.Account, d.Since = true, false, "", b.Account, e.At
		})
	case DeskClosed:
		n.changeDesk(b.Desk, func(d *DeskState) {
			d.Open, d.Paused, d.Why, d.Account, d.Since = false, false, "", "", e.At
		})
		n.release(b.Desk)
	case DeskPaused:
		n.changeDesk(b.Desk, func(d *DeskState) { d.Paused, d.Why, d.Since = true, b.Why, e.At })
	case DeskProfileChanged:
		if n.office != nil {
			n.setOffice(n.office.withProfile(b.Desk, b.Profile))
		}
	case DeskSeen: // a key, which keyed notes

	case TicketIssued:
		n.issue(e, b)
	case TicketCalled:
		n.call(e, b)
	case TicketRecalled:
		n.recall(e, b)
	case CallUndone:
		n.undoCall(e, b)
	case ServiceStarted:
		n.start(e, b)
	case TicketServed:
		n.measure(e, b)
		n.end(e, b.Ticket, Served)
		if b.UnknownEnd {
			n.endUnknown(b.Ticket)
		}
	case TicketNoShow:
		n.end(e, b.Ticket, NoShow)
	case TicketCancelled:
		n.end(e, b.Ticket, Cancelled)
		n.change(b.Ticket, func(t *Ticket) { t.Why = b.Why })
	case TicketExpired:
		n.end(e, b.Ticket, Expired)
	case TicketTransferred:
		n.transfer(e, b)
	case TicketParked:
		n.park(e, b)
	case TicketResumed:
		n.resume(e, b)
	case TicketPutBack:
		n.move(b.Ticket, func(t *Ticket) { n.backInLine(e, t) })
		n.hide(b.Ticket)
	case TicketReturned:
		n.comeBack(e, b)
	case TicketReinstated:
		n.rejoin(e, b.Ticket, func(t *Ticket) { t.reinstated, t.returning, t.Why = true, false, "" })

	case AppointmentBooked:
		n.book(b.Appointment)
	case AppointmentCancelled:
		n.changeBooking(b.Appointment, func(a *Attendance) { a.State = AttendanceCancelled })
	case AppointmentMissed:
		n.changeBooking(b.Appointment, func(a *Attendance) { a.State = AttendanceMissed })

	case OutletChanged:
		n.changeOutlet(b.Outlet, func(o *OutletState) { o.Gives, o.Why, o.Since = b.Gives, b.Why, e.At })
	case TicketPrinted:
		n.settle(b.Ticket, b.Job, PaperPrinted, "")
		n.tear(b.Ticket, false)
	case TicketPrintFailed:
		n.settle(b.Ticket, b.Job, PaperFailed, b.Why)
	case TicketPrintUnknown:
		n.settle(b.Ticket, b.Job, PaperUnknown, b.Why)
		if b.Why == WhyRestart {
			n.tear(b.Ticket, true)
		}
	case TicketMadePaperless:
		n.settle(b.Ticket, 0, Paperless, "")
	case SlipMoved:
		n.ask(b.Ticket, b.Job, b.Outlet, false)
	case ReprintRequested:
		n.ask(b.Ticket, b.Job, b.Outlet, true)
	}
	n.keyed(e)
	if n.plan != plan || n.office != office || n.correction != correction || !sameList(n.boots, boots) {
		n.recount()
	}
}

// openDay begins a day from its event alone: nothing of the day before is
// left, so that a start folds today and nothing else.
func (n *draft) openDay(e Event, b DayOpened) {
	n.State = State{
		journal: b.Journal, seq: e.Seq, now: e.At, correction: b.CorrectionMs,
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
		n.changeOutlet(o, func(o *OutletState) { o.Torn = true })
	}
	for _, u := range b.Used {
		if i := n.serviceIndex(u.Service); i >= 0 {
			n.used[i] = u.Tickets
		}
	}
}

// setOffice puts an office in force and makes room for what it added.
func (n *draft) setOffice(o *office) {
	n.office = o
	n.waiting = grownWith(n.waiting, len(o.services), func() *lines { return &lines{} })
	n.turns = grown(n.turns, len(o.services))
	n.profiles = grown(n.profiles, len(o.profileAt))
	n.issued = grown(n.issued, len(o.services))
	n.used = grown(n.used, len(o.services))
	n.stops = grown(n.stops, len(o.services))
	n.paces = grown(n.paces, len(o.services))
	n.own = grownWith(n.own, len(o.desks), func() *lines { return &lines{} })
	n.series = grown(n.series, len(o.series))
	n.given = grown(n.given, len(o.series))
	n.desks = grownWith(n.desks, len(o.desks), func() *DeskState { return &DeskState{} })
	n.outlets = grownWith(n.outlets, len(o.outlets), func() *OutletState { return &OutletState{Gives: AbleUnknown} })
}

// changeDesk changes what is known of a desk, if there is one.
func (n *draft) changeDesk(id DeskID, change func(*DeskState)) {
	changeAt(n, &n.desks, n.deskIndex(id), func(d *DeskState) {
		d.Seq = n.seq
		change(d)
	})
}

// changeOutlet changes what is known of an outlet, if there is one.
func (n *draft) changeOutlet(id OutletID, change func(*OutletState)) {
	changeAt(n, &n.outlets, n.outletIndex(id), change)
}

// release lets every desk of their service call those who were sent to a desk
// that has closed.
func (n *draft) release(id DeskID) {
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

func (n *draft) setTicket(t *Ticket) {
	if was := n.Ticket(t.ID); was != nil && was != t {
		n.countTicket(was, -1)
	}
	n.countTicket(t, +1)
	if n.folding {
		n.tickets.put(t.ID.Ordinal()-1, t)
	} else {
		n.tickets = n.tickets.with(t.ID.Ordinal()-1, t)
	}
}

// changeable is a ticket that may be changed and must then be set: a copy,
// since others may hold it.
func (n *draft) changeable(t *Ticket) *Ticket {
	if !n.folding {
		c := *t
		return &c
	}
	n.countTicket(t, -1) // setTicket finds it changed already
	return t
}

// count moves one ticket between the open states in the totals; an empty state
// is outside.
func (n *draft) count(from, to TicketState) {
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
