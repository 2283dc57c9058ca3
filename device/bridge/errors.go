package bridge

import "errors"

// Why a slip that is no ticket's was not printed.
var (
	// ErrNoPrinter: the outlet has no printer that this box drives.
	ErrNoPrinter = errors.New("outlet has no printer")
)
