package gpio

import (
	"errors"

	"eliminacode/device"
)

// Why a line cannot be used. They stand in a chain with device.ErrLost.
var (
	// ErrNoChip: no GPIO chip has the label; on a desktop this is normal.
	ErrNoChip = errors.New("no such GPIO chip")
	// ErrNoLine: the chip has no line of that name.
	ErrNoLine = errors.New("no such GPIO line")
	// ErrDenied: the line is used by another program, or this user may not
	// open the chip.
	ErrDenied = errors.New("GPIO line is denied")
)

// faultOf turns the error of a line into the word that is shown.
func faultOf(err error) device.Fault {
	if errors.Is(err, ErrDenied) {
		return device.FaultDenied
	}
	return device.FaultUnplugged
}
