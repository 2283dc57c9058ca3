package gpio

import "errors"

// Why a line cannot be used. They stand in a chain with device.ErrLost.
var (
	// ErrNoChip: no GPIO chip has the label; on a desktop this is normal.
	ErrNoChip = errors.New("no such GPIO chip")
	// ErrNoLine: the chip has no line of that name.
	ErrNoLine = errors.New("no such GPIO line")
)
