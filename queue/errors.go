package queue

import (
	"errors"
	"fmt"
	"strings"
)

// Refusals at an outlet: no ticket is given, and the citizen learns why.
var (
	// ErrServiceClosed: the service gives no tickets at this hour.
	ErrServiceClosed = errors.New("service is closed")
	// ErrDayCapReached: the service has given all tickets of today.
	ErrDayCapReached = errors.New("service has no more tickets today")
	// ErrBandCapReached: the service has given all tickets of these hours.
	ErrBandCapReached = errors.New("service has no more tickets in these hours")
	// ErrQuotaReached: the service has given all tickets it will ever give.
	ErrQuotaReached = errors.New("service has no more tickets at all")
	// ErrServiceStopped: the service gives no more tickets, by a person's word
	// or since those who wait fill the time that is left.
	ErrServiceStopped = errors.New("service gives no more tickets for now")
	// ErrHallFull: as many people wait as the hall may hold.
	ErrHallFull = errors.New("the hall is full")
	// ErrAppointmentsOnly: the service is for those with an appointment.
	ErrAppointmentsOnly = errors.New("service is by appointment only")
	// ErrSeriesExhausted: the series has no free number left today.
	ErrSeriesExhausted = errors.New("series has no free number left today")
	// ErrNoPaper: the outlet can give no number: no paper and no screen.
	ErrNoPaper = errors.New("outlet cannot print")
	// ErrPrinterBehind: too many tickets of the outlet are not printed yet.
	ErrPrinterBehind = errors.New("printer is behind")
	// ErrResting: the button gave a ticket a moment ago.
	ErrResting = errors.New("button is resting")
	// ErrTooManyPresses: the button gave too many tickets in the last minute.
	ErrTooManyPresses = errors.New("too many presses in a minute")
)

// Refusals at a desk or the reception: nothing changed, and the clerk learns why.
var (
	// ErrStale: the command rests on an older picture of the office (a double
	// click, a retry, a late packet); the answer carries the present one.
	ErrStale = errors.New("the office has moved on")
	// ErrDeskClosed: the desk is not open, or is on a break.
	ErrDeskClosed = errors.New("desk is closed")
	// ErrOtherDeskClosed is ErrDeskClosed of the desk to which a ticket is to be sent.
	ErrOtherDeskClosed = fmt.Errorf("%w: the one to send to", ErrDeskClosed)
	// ErrDeskHasTicket: the desk must first finish the ticket it holds.
	ErrDeskHasTicket = errors.New("desk still holds a ticket")
	// ErrDeskIdle: the desk holds no ticket.
	ErrDeskIdle = errors.New("desk holds no ticket")
	// ErrWrongState: the ticket is not in a state that allows this; a StateError says
	// which one, and its state.
	ErrWrongState = errors.New("ticket is in another state")
	// ErrParked is ErrWrongState of a parked ticket that a desk calls: it is resumed,
	// and never called.
	ErrParked = fmt.Errorf("%w: it is parked, and is resumed instead", ErrWrongState)
	// ErrTooSoon: it was done a moment ago.
	ErrTooSoon = errors.New("too soon after the last one")
	// ErrJustCalled is ErrTooSoon of a NEXT that would finish the ticket which the desk
	// called a moment ago, as a double click does. To repeat it later would make that
	// ticket a no-show.
	ErrJustCalled = fmt.Errorf("%w: the desk has just called its ticket", ErrTooSoon)
	// ErrTooLate: it can be done only for a while, which is over.
	ErrTooLate = errors.New("too late for that")
	// ErrReturnedOnce: a no-show is put back once.
	ErrReturnedOnce = errors.New("ticket was put back before")
	// ErrNumberTaken: the number was given again, to somebody else.
	ErrNumberTaken = errors.New("number was given to another ticket")
	// ErrNumberInHand: somebody can still use the number, or it is reserved.
	ErrNumberInHand = errors.New("number is still in somebody's hand or reserved, choose another one")
	// ErrGivenToday: numbers would be given again that were given today; a
	// GivenTodayError says which.
	ErrGivenToday = errors.New("numbers were given today already")
	// ErrAppointmentTaken: the name is that of another appointment.
	ErrAppointmentTaken = errors.New("name was given to another appointment")
	// ErrAppointmentCancelled: nobody is expected any more.
	ErrAppointmentCancelled = errors.New("appointment was cancelled")
	// ErrNotQualified: the operator may serve nothing of what the desk serves.
	ErrNotQualified = errors.New("operator serves nothing of what the desk serves")
	// ErrNotReserved: the number is of no block of today.
	ErrNotReserved = errors.New("number is of no emergency block")
	// ErrNotThen: a number of a block cannot have been handed at that hour.
	ErrNotThen = errors.New("number cannot have been handed at that hour")
	// ErrTooManyBlocks: as many blocks are reserved as a day may have.
	ErrTooManyBlocks = errors.New("too many emergency blocks today")
	// ErrHasAppointment: the ticket waits for the time of its appointment, and has
	// its turn by that.
	ErrHasAppointment = errors.New("ticket is of an appointment")
	// ErrOperatorElsewhere: the account is at another desk.
	ErrOperatorElsewhere = errors.New("operator is at another desk")
	// ErrServiceTwice: a visit was planned for one service twice.
	ErrServiceTwice = errors.New("service twice in one visit")
	// ErrNotAllowed: the office does not allow it.
	ErrNotAllowed = errors.New("the office does not allow it")
	// ErrUnserved: a service would be served by no desk; see UnservedError.
	ErrUnserved = errors.New("a service would be served by no desk")
	// ErrUnattended: people would wait for a service that no open desk serves any more,
	// or a desk would serve nothing; see UnattendedError.
	ErrUnattended = errors.New("people would be left, or a desk would serve nothing")
	// ErrUntold: the desk holds a ticket, and nobody says what becomes of it.
	ErrUntold = errors.New("the desk holds a ticket; say whether its holder was served")
	// ErrOtherRequest: the name of the request is that of one which asked for something
	// else.
	ErrOtherRequest = errors.New("name was used for another request")
	// ErrMessageTaken: the name is that of another message.
	ErrMessageTaken = errors.New("name was given to another message")
	// ErrUnknownMessage: no message of the boards has the name.
	ErrUnknownMessage = errors.New("unknown message")
	// ErrNoSuchTime: the clock of the office can show the years 2026 to 2199 alone.
	ErrNoSuchTime = errors.New("the clock can be set from 2026-01-01 to 2199-12-31; write a time between them")
	// ErrClockJump: a clock that is believed would be set far from what it shows; a
	// ClockJumpError says from when to when.
	ErrClockJump = errors.New("the clock would jump")
	// ErrTooManyMessages: the boards show as many messages as they may.
	ErrTooManyMessages = errors.New("too many messages on the boards")
	// ErrSuspended: the office is suspended; nothing is issued or called.
	ErrSuspended = errors.New("the office is suspended")
	// ErrCallsStopped: nobody is called any more today.
	ErrCallsStopped = errors.New("nobody is called any more today")
)

// An UnservedError is a service that nobody would call for any more, which may have
// people who wait for it. It Is ErrUnserved.
type UnservedError struct {
	Service ServiceID
	Waiting int // people
}

func (e UnservedError) Error() string {
	return fmt.Sprintf("service %q, for which %d wait; give it to another desk first", e.Service, e.Waiting)
}

func (e UnservedError) Unwrap() error { return ErrUnserved }

// An UnattendedError is what a change would leave, which is something. It
// stands within ErrUnattended.
type UnattendedError struct{ Left []Left }

// A Left is so many people who wait for a service that an open desk serves now and none
// would, or, without a service, a desk that would serve nothing.
type Left struct {
	Service ServiceID
	Waiting int // people
	Desk    DeskID
}

func (e UnattendedError) Error() string {
	all := make([]string, len(e.Left))
	for i, x := range e.Left {
		all[i] = fmt.Sprintf("service %q, for which %d wait, would be served by no open desk", x.Service, x.Waiting)
		if x.Service == "" {
			all[i] = fmt.Sprintf("desk %q would serve nothing", x.Desk)
		}
	}
	return strings.Join(all, "; ")
}

// A StateError stands within ErrWrongState: a ticket, its number as people read it, and
// where it stands.
type StateError struct {
	Ticket TicketID
	Number string
	State  TicketState
}

func (e StateError) Error() string { return fmt.Sprintf("%s is %s", e.Number, e.State) }

// A ClockJumpError stands within ErrClockJump: what the clock shows, and what it would,
// in office time in milliseconds since 1970 UTC.
type ClockJumpError struct{ FromMs, ToMs int64 }

func (e ClockJumpError) Error() string { return fmt.Sprintf("from %d to %d", e.FromMs, e.ToMs) }

// A GivenTodayError stands within ErrGivenToday: the numbers that would be given
// again as people read them, such as "A001–A002, A004".
type GivenTodayError struct{ Numbers string }

func (e GivenTodayError) Error() string {
	return e.Numbers + "; choose a higher number, or have them given again (--again)"
}

// Refusals of whoever keeps the events, for a command that the rules allow.
var (
	// ErrNotStored: the events could not be stored, as when the disk is full.
	// Nothing changed, and the same command may succeed later.
	ErrNotStored = errors.New("nothing could be stored")
	// ErrNotKept is ErrNotStored of what lies beside the journal. The engine tells the
	// log of its own.
	ErrNotKept = fmt.Errorf("beside the journal %w", ErrNotStored)
)

// Refusals of commands that name what is not there.
var (
	ErrUnknownService     = errors.New("unknown service")     // not in the setup
	ErrUnknownDesk        = errors.New("unknown desk")        // not in the setup
	ErrUnknownOutlet      = errors.New("unknown outlet")      // not in the setup
	ErrUnknownAppointment = errors.New("unknown appointment") // not of today
	ErrUnknownTicket      = errors.New("unknown ticket")      // not of today
	ErrUnknownSeries      = errors.New("unknown series")      // not in the setup
	ErrNoSetup            = errors.New("the office has no setup yet")
	ErrNoDay              = errors.New("no day is open")
	ErrBadSetup           = errors.New("setup is not valid") // wraps every fault found
	ErrSetupTooLong       = fmt.Errorf("%w: it is too long", ErrBadSetup)
	ErrBadCommand         = errors.New("command is not valid")
)

// Faults of stored events.
var (
	// ErrNewerFormat: the event was written by a newer version of the program.
	ErrNewerFormat = errors.New("written by a newer version")
	// ErrBadEvent: the bytes are not an event.
	ErrBadEvent = errors.New("not an event")
)
