package queue

import "fmt"

// Decide says which events a command causes at now, in order, or refuses it
// with one of the errors of this package. A command that was already carried
// out, or that asks for nothing new, causes no events and is no error.
func (s *State) Decide(now Now, c Command) ([]Event, error) {
	_, events, err := s.Step(now, c)
	return events, err
}

// Step is Decide, and the state after the events.
func (s *State) Step(now Now, c Command) (*State, []Event, error) {
	if c == nil {
		return s, nil, fmt.Errorf("%w: none was given", ErrBadCommand)
	}
	d := decision{now: now, by: c.by(), s: s.draft()}
	if err := short("device", d.by.Device); err != nil {
		return s, nil, err
	}
	d.watchClock()
	if err := d.decide(c); err != nil {
		return s, nil, err
	}
	d.closeRemovedDesks()
	d.stopFull()
	if len(d.events) == 0 {
		return s, nil, nil
	}
	return d.s.seal(), d.events, nil
}

// A decision is a command being worked out: the events so far, and the state
// after them.
type decision struct {
	now    Now
	by     Cause
	s      *draft
	events []Event
}

func (d *decision) emit(b Body) { d.emitBy(d.by, b) }

func (d *decision) emitBy(by Cause, b Body) {
	e := Event{Seq: d.s.seq + 1, At: d.now, By: by, Body: b}
	d.events = append(d.events, e)
	d.s.apply(e)
}

func (d *decision) decide(c Command) error {
	switch c := c.(type) {
	case StartUp:
		return d.startUp(c)
	case ChangeSetup:
		return d.changeSetup(c)
	}
	if d.s.office == nil {
		return ErrNoSetup
	}
	switch c := c.(type) {
	case OpenDay:
		return d.openDay(c)
	case ReportOutlet:
		return d.reportOutlet(c)
	case SetClock:
		return d.setClock(c)
	}
	if !d.s.day.Open {
		if _, idle := c.(Tick); idle {
			return nil
		}
		return ErrNoDay
	}
	if err := d.halted(c); err != nil {
		return err
	}
	switch c := c.(type) {
	case Tick:
		return d.tick()
	case SetDeskProfile:
		return d.setDeskProfile(c)
	case IssueTicket:
		return d.issueTicket(c)
	case AbandonTicket:
		return d.abandonTicket(c)
	case CancelTicket:
		return d.cancelTicket(c)
	case CancelTickets:
		return d.cancelTickets(c)
	case ReportPaper:
		return d.reportPaper(c)
	case Reprint:
		return d.reprint(c)
	case OpenDesk:
		return d.openDesk(c)
	case CloseDesk:
		return d.closeDesk(c)
	case PauseDesk:
		return d.pauseDesk(c)
	case CallNext:
		return d.callNext(c)
	case CallTicket:
		return d.callTicket(c)
	case RecallTicket:
		return d.recall(c)
	case StartService:
		return d.start(c)
	case FinishTicket:
		return d.finishTicket(c)
	case MarkNoShow:
		return d.noShow(c)
	case TransferTicket:
		return d.transfer(c)
	case ParkTicket:
		return d.park(c)
	case ResumeTicket:
		return d.resume(c)
	case BookAppointment:
		return d.bookAppointment(c)
	case CancelAppointment:
		return d.cancelAppointment(c)
	case CheckIn:
		return d.checkIn(c)
	case UndoCall:
		return d.undoCall(c)
	case ReturnTicket:
		return d.returnTicket(c)
	case PutBack:
		return d.putBack(c)
	case Reinstate:
		return d.reinstate(c)
	case SuspendOffice:
		return d.suspendOffice(c)
	case ResumeOffice:
		return d.resumeOffice()
	case StopService:
		return d.stopService(c)
	case ReopenService:
		return d.reopenService(c)
	case RestartSeries:
		return d.restartSeries(c)
	case RecordContact:
		return d.recordContact(c)
	default:
		return fmt.Errorf("%w: %T", ErrBadCommand, c)
	}
}
