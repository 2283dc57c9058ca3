package queue

import "iter"

// A draft is a state in the making. Whatever writes into a State is a method of
// it, and only Apply, Fold and Decide make one: who holds a *State can read it
// and nothing else.
//
// The State in a draft is its own, but what hangs on it (lists, tickets, queues)
// is shared with the states before, so that it is replaced by a changed copy. A
// draft that folds events from nothing shares with nobody, and changes all of it
// in place. What one command does to the same ticket or desk again (a NEXT starts,
// ends and calls) is done to the copy that the draft has made already.
type draft struct {
	State
	folding bool
	ticket  *Ticket    // the copy made last, nobody else's yet
	desk    *DeskState // the same of a desk
}

// draft begins the state that comes after this one.
func (s *State) draft() *draft { return &draft{State: *s} }

// seal ends the draft: its state is never written into again.
func (n *draft) seal() *State { return &n.State }

// Apply is the state after an event. It is total: an event that makes no sense
// here (a ticket that is not there) changes nothing but the sequence, since
// what is on disk is never argued with.
func (s *State) Apply(e Event) *State {
	n := s.draft()
	n.apply(e)
	return n.seal()
}

// Fold is the state after events, in order, from nothing.
func Fold(events []Event) *State {
	n := &draft{folding: true}
	for _, e := range events {
		n.apply(e)
	}
	return n.seal()
}

// FoldSeq is Fold while the events are read, so that none is kept. It ends with
// the first error of the reading.
func FoldSeq(events iter.Seq2[Event, error]) (*State, error) {
	n := &draft{folding: true}
	for e, err := range events {
		if err != nil {
			return nil, err
		}
		n.apply(e)
	}
	return n.seal(), nil
}

// apply makes the state the one after an event.
func (n *draft) apply(e Event) {
	plan, office, correction, boots := n.plan, n.index, n.correction, n.boots
	if begun, ok := e.Body.(JournalBegun); ok && begun.ClockAnew {
		n.clockAnew(e.At)
	}
	n.see(e.At)
	n.seq = e.Seq
	n.effect(e)
	n.keyed(e)
	if n.plan != plan || n.index != office || n.correction != correction || !sameList(n.boots, boots) {
		n.recount()
	}
}

// effect is what each kind of event does to the state. A test holds the cases
// to the kinds that can be on disk.
func (n *draft) effect(e Event) {
	switch b := e.Body.(type) {
	case JournalBegun:
		// Its ClockAnew is for the instant of the event already: see apply.
		n.journal, n.restored = b.Journal, b.Next
	case JournalResumed:
		// It only tells of the start.
	case SetupChanged:
		n.setIndex(indexSetup(b.Setup, n.index))

	case DayOpened:
		n.openDay(e, b)
	case DayClosed:
		n.day.Open = false
	case DayReplanned:
		n.plan = &b.Plan
	case DayRedated:
		n.plan = &b.Plan
		n.lead = n.OfficeTime(e.At) - n.steady
	case ClockSet:
		n.correction = b.CorrectionMs
		n.setClock(e.At)
	case ClockSynced:
		n.correction = b.CorrectionMs
		n.trustClock(e.At)
		n.vouched = e.At.Boot
	case ClockStepped:
		n.stepClock(e.At)
	case HallCapacitySet:
		if n.index != nil {
			n.setIndex(n.index.withCapacity(b.People))
		}
	case MessagePosted:
		n.post(b.Message)
	case MessageWithdrawn:
		n.withdraw(b.Message)
	case OfficeSuspended:
		n.suspend(e, b.Why)
	case OfficeResumed:
		n.endSuspension(e)
	case ServiceStopped:
		n.setStop(b.Service, Stop{Stopped: true, Why: b.Why, Until: b.Until, Since: e.At})
	case ServiceReopened:
		n.setStop(b.Service, Stop{Since: e.At})
	case SeriesRestarted:
		n.setSeries(b.Series, seriesState{next: b.From, lap: b.Lap})
	case BlockReserved:
		n.reserve(e, b)
	case ContactRecorded:
		n.countContact(b)

	case DeskOpened:
		n.open(e, b)
		n.narrow(b.Desk, b.Profile)
	case DeskClosed:
		n.close(e, b)
	case DeskPaused:
		n.pause(e, b)
	case DeskProfileChanged:
		if n.index != nil {
			n.setIndex(n.index.withProfile(b.Desk, b.Profile))
		}
	case DeskSeen:
		// Which desk it was at is looked at for every event: see keyed.
	case OutletChanged:
		n.changeOutlet(b.Outlet, func(o *OutletState) { o.Gives, o.Why, o.Since = b.Gives, b.Why, e.At })

	case TicketIssued:
		n.issue(e, b)
	case TicketCalled:
		n.call(e, b)
	case TicketRecalled:
		n.recall(e, b)
	case ServiceStarted:
		n.start(e, b)
	case TicketServed:
		if !b.UnknownEnd {
			n.measure(e, b.Ticket)
		}
		n.move(b.Ticket, func(t *Ticket) {
			n.end(e, t, Served)
			t.Periods[len(t.Periods)-1].EndUnknown = b.UnknownEnd
			t.Outcome = b.Outcome
		})
	case TicketNoShow:
		n.move(b.Ticket, func(t *Ticket) { n.end(e, t, NoShow) })
	case TicketCancelled:
		n.move(b.Ticket, func(t *Ticket) {
			n.end(e, t, Cancelled)
			t.Why = b.Why
		})
	case TicketExpired:
		n.move(b.Ticket, func(t *Ticket) { n.end(e, t, Expired) })
	case TicketTransferred:
		n.transfer(e, b)
	case ServicesPlanned:
		n.planServices(e, b)
	case ServiceContinued:
		n.continueService(e, b)
	case TicketIssuedAtDesk:
		n.issueAtDesk(e, b)
	case TicketParked:
		n.park(e, b)
	case TicketResumed:
		n.resume(e, b)
	case CallUndone:
		n.undoCall(e, b)
	case TicketPutBack:
		n.move(b.Ticket, func(t *Ticket) { n.putBack(e, t) })
		n.hide(b.Ticket)
	case TicketReturned:
		n.rejoin(e, b.Ticket, func(t *Ticket) { n.letPass(t, b) })
	case TicketReinstated:
		n.rejoin(e, b.Ticket, func(t *Ticket) { t.reinstated, t.returning, t.Why = true, false, "" })

	case PriorityGranted:
		n.reclass(b.Ticket, Priority)
	case PriorityWithdrawn:
		n.reclass(b.Ticket, Ordinary)
	case CategorySet:
		n.change(b.Ticket, func(t *Ticket) { t.Category = b.Category })

	case AppointmentBooked:
		n.book(b.Appointment)
	case AppointmentCancelled:
		n.changeBooking(b.Appointment, func(a *Attendance) { a.State = AttendanceCancelled })
	case AppointmentMissed:
		n.changeBooking(b.Appointment, func(a *Attendance) { a.State = AttendanceMissed })

	case TicketPrinted:
		n.jobEnded(b.Ticket, b.Job, PaperPrinted, "")
		n.tear(b.Ticket, false)
	case TicketPrintFailed:
		n.jobEnded(b.Ticket, b.Job, PaperFailed, b.Why)
	case TicketPrintUnknown:
		n.jobEnded(b.Ticket, b.Job, PaperUnknown, b.Why)
		if b.Why == WhyRestart {
			n.tear(b.Ticket, true)
		}
	case TicketMadePaperless:
		n.change(b.Ticket, func(t *Ticket) { n.setPaper(t, Paperless, "") })
	case SlipMoved:
		n.ask(b.Ticket, b.Job, b.Outlet, false)
	case ReprintRequested:
		n.ask(b.Ticket, b.Job, b.Outlet, true)
	}
}

// put replaces the element at i of a list of the state.
func put[T any](n *draft, list *[]T, i int, t T) {
	if !n.folding {
		*list = grown(*list, len(*list))
	}
	(*list)[i] = t
}

// changed is the element at i of a list of the state, ready to be changed; made is
// the one that the draft has copied already, if any.
func changed[T any](n *draft, list *[]*T, i int, made *T) *T {
	if !n.folding && (made == nil || (*list)[i] != made) {
		c := *(*list)[i]
		put(n, list, i, &c)
	}
	return (*list)[i]
}

// grown copies s into a slice of the given length.
func grown[T any](s []T, length int) []T {
	c := make([]T, length)
	copy(c, s)
	return c
}

// move changes a ticket that goes from one place to another: it is taken out of
// its queue first. A visit that has ended stays as it is.
func (n *draft) move(id TicketID, change func(*Ticket)) {
	if t := n.Ticket(id); t == nil || t.State.Ended() {
		return
	}
	n.change(id, func(t *Ticket) {
		n.leaveQueue(t)
		change(t)
	})
}

// change changes a ticket, and what is counted of it.
func (n *draft) change(id TicketID, change func(*Ticket)) {
	t := n.Ticket(id)
	if t == nil {
		return
	}
	state, unsettled := t.State, t.unsettled()
	n.countTicket(t, -1)
	if !n.folding && t != n.ticket {
		c := *t
		t, n.ticket = &c, &c
	}
	change(t)
	n.setTicket(t, state, unsettled)
}

// setTicket puts a ticket that is new, or was changed, into the state and into
// what is counted. Its state was another, empty for a new one; unsettled tells
// whether its paper was.
func (n *draft) setTicket(t *Ticket, was TicketState, unsettled bool) {
	if i := t.ID.Ordinal() - 1; n.tickets.at(i) != t {
		n.tickets = n.tickets.with(i, t, n.folding)
	}
	n.countTicket(t, +1)
	n.totals.add(was, -1)
	n.totals.add(t.State, +1)
	switch key := uint64(t.ID.Ordinal()); {
	case t.unsettled() && !unsettled:
		n.papers = n.papers.with(key, t.ID, nil, n.folding)
	case !t.unsettled() && unsettled:
		n.papers = n.papers.without(key, n.folding)
	}
}

// add counts tickets in a state; an empty state is that of none.
func (t *Totals) add(state TicketState, by int) {
	switch state {
	case Waiting:
		t.Waiting += by
	case Called:
		t.Called += by
	case Serving:
		t.Serving += by
	case Parked:
		t.Parked += by
	case Served:
		t.Served += by
	case NoShow:
		t.NoShows += by
	case Cancelled:
		t.Cancelled += by
	case Expired:
		t.Expired += by
	}
}
