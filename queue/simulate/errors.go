package simulate

import (
	"errors"
	"slices"

	"eliminacode/queue"
)

// ErrBadOptions: the options do not fit the setup; the text says which and
// what to write instead.
var ErrBadOptions = errors.New("simulation options are not valid")

// refusals are the answers of the office that a person takes and lives with.
// Anything else is a fault of the machine and ends the simulation.
var refusals = []error{
	queue.ErrServiceClosed, queue.ErrDayCapReached, queue.ErrSeriesExhausted, queue.ErrNoPaper,
	queue.ErrPrinterBehind, queue.ErrResting, queue.ErrTooManyPresses,
	queue.ErrStale, queue.ErrDeskClosed, queue.ErrDeskHasTicket, queue.ErrDeskIdle,
	queue.ErrWrongState, queue.ErrParked, queue.ErrTooSoon, queue.ErrNotAllowed,
	queue.ErrUnknownService, queue.ErrUnknownDesk, queue.ErrUnknownOutlet, queue.ErrUnknownTicket,
	queue.ErrNoSetup, queue.ErrNoDay, queue.ErrUnknownSeries,
	queue.ErrSuspended, queue.ErrServiceStopped, queue.ErrCallsStopped, queue.ErrQuotaReached, queue.ErrBandCapReached,
	queue.ErrUnknownAppointment, queue.ErrAppointmentTaken, queue.ErrAppointmentCancelled, queue.ErrHasAppointment, queue.ErrServiceTwice, queue.ErrNotReserved, queue.ErrNotThen, queue.ErrTooManyBlocks, queue.ErrNotQualified, queue.ErrHallFull, queue.ErrAppointmentsOnly, queue.ErrMessageTaken, queue.ErrTooManyMessages, queue.ErrUnknownMessage, queue.ErrTooLate, queue.ErrReturnedOnce, queue.ErrNumberTaken, queue.ErrNumberInHand, queue.ErrClockJump, queue.ErrUnattended, queue.ErrUntold, queue.ErrOperatorElsewhere,
}

func isRefusal(err error) bool {
	return slices.ContainsFunc(refusals, func(r error) bool { return errors.Is(err, r) })
}
