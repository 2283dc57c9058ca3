package device

import "errors"

// What became of a slip that is not known to be printed. Exactly one of the
// two is in the chain of every error that Printer.Print returns.
var (
	// ErrNotPrinted: no readable slip left the printer, so that its ticket may
	// be given in another way or printed elsewhere.
	ErrNotPrinted = errors.New("not printed")
	// ErrUnknownOutcome: the slip may or may not be on paper. It is never
	// repeated by itself; a person looks and decides.
	ErrUnknownOutcome = errors.New("not known whether it printed")
)

// ErrNoAnswerExpected: the printer is of a kind that never answers, so that
// nobody will ever say what became of the slip. It comes with ErrUnknownOutcome
// and is no fault of the device.
var ErrNoAnswerExpected = errors.New("printer never answers")

// Why a device does not work. They stand in a chain beside the outcome.
var (
	// ErrLost: the device is not there or went away.
	ErrLost = errors.New("device is not there")
	// ErrSilent: the device is there but does not answer in time.
	ErrSilent = errors.New("device does not answer")
	// ErrDenied: this user may not use the device.
	ErrDenied = errors.New("no permission for the device")
	// ErrInUse: another program has the device.
	ErrInUse = errors.New("device is used by another program")
	// ErrNotOfKind: what is there is no such device.
	ErrNotOfKind = errors.New("something else is there")
	// ErrPaperOut: the printer has no paper.
	ErrPaperOut = errors.New("paper is out")
	// ErrStopped: the printer says that it cannot print (cover, cutter, head).
	ErrStopped = errors.New("printer has stopped")
	// ErrSlipTooLong: the slip's bytes exceed the limit of one ticket.
	ErrSlipTooLong = errors.New("slip is too long")
	// ErrLate: the slip could not begin in time; it comes with ErrNotPrinted.
	ErrLate = errors.New("too late to print")
	// ErrNoLamp: no lamp has that name.
	ErrNoLamp = errors.New("no such lamp")
	// ErrNoPanel: no panel has that name.
	ErrNoPanel = errors.New("no such panel")
)
