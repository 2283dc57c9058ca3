package private

import (
	"errors"
	"fmt"

	"eliminacode/queue"
)

// Answers of Open.
var (
	// ErrDamaged: the bytes of the file are not those that were written.
	ErrDamaged = errors.New("private file is damaged")
	// ErrInUse: another program has the file open.
	ErrInUse = errors.New("private file is in use")
	// ErrNewerFormat: a later version of the program wrote the file.
	ErrNewerFormat = errors.New("private file is of a later version")
)

// Answers of changes.
var (
	// ErrNotStored: the disk did not take it; nothing changed.
	ErrNotStored = fmt.Errorf("private file: %w", queue.ErrNotKept)
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("private file is closed")
)

func damaged(path string, err error) error {
	return fmt.Errorf("%w: %s: %w; hold two buttons down together for 10 seconds: the box sets the file aside, begins an empty one "+
		"and prints a code that makes a new administrator. Without buttons move it to another folder and start the service again. "+
		"The queue needs nothing of it", ErrDamaged, path, err)
}
