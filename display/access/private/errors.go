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
	return fmt.Errorf("%w: %s: %w; move it to another folder and start the service again: it begins an empty one, "+
		"and the first administrator is made anew with a one-time code. The queue needs nothing of it", ErrDamaged, path, err)
}
