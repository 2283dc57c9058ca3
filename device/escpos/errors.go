package escpos

import (
	"errors"

	"eliminacode/device"
)

// A faultError is an error that names the fault it is shown as.
type faultError struct {
	fault device.Fault
	text  string
}

func (e faultError) Error() string       { return e.text }
func (e faultError) Fault() device.Fault { return e.fault }

// Why a connection to a printer was given up. They appear in Status.Detail and
// in the chain of an outcome, beside the errors of package device.
var (
	// ErrNoRung: the printer answers its real-time status but none of the
	// acknowledgements that its profile allows.
	ErrNoRung error = faultError{device.FaultSilent,
		"printer confirms tickets in none of the ways its profile allows; choose another profile or allow rung \"clean\""}
	// ErrMisread: what arrives is not the answer of an ESC/POS printer.
	ErrMisread error = faultError{device.FaultMisread,
		"answers make no sense; check speed, parity and cable, and that the printer is in ESC/POS mode"}
	// ErrLineBusy: flow control did not let the bytes out in time.
	ErrLineBusy error = faultError{device.FaultWriteStuck,
		"line stays busy; check the flow control setting, the cable and the printer's DIP switches"}
	// ErrRealTime: the bytes of a slip would contain a real-time command. It
	// is a broken invariant of Encode and is never expected.
	ErrRealTime = errors.New("slip contains a real-time command")
	// ErrNoLogo: the model keeps no picture that this program could store.
	ErrNoLogo = errors.New("this model stores no logo from here; use its maker's own tool, or a profile whose logo is gs-l or fs-p")
	// ErrTicketInExit: a ticket that nobody took is in the way of the next.
	ErrTicketInExit = errors.New("a ticket is still in the printer's mouth; take it out")
	// ErrCleared: somebody else cleared the printer's buffer under a ticket.
	ErrCleared = errors.New("the printer's buffer was cleared; let no other program use the printer")
	// ErrBusy: the printer was still at work on the slips before this one.
	ErrBusy = errors.New("printer is busy with the slips before it")
)
