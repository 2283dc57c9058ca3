package journal

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"eliminacode/queue"
)

// Answers of Append. Nothing changed after ErrGap and ErrFull: the command can
// be refused and the journal is as good as before. After ErrSync nobody knows
// what is on disk; the process must end, and learns it at the next start.
var (
	// ErrGap: the sequence of the events does not follow that of the journal.
	ErrGap = errors.New("events do not follow one another")
	// ErrFull: the disk has no room for the events.
	ErrFull = errors.New("disk is full")
	// ErrSync: the disk did not confirm a write. Every later Append answers so
	// too.
	ErrSync = errors.New("disk did not confirm")
	// ErrTooLong: the encoding of an event is longer than one that is read.
	ErrTooLong = errors.New("event is too long")
)

// Answers of Open.
var (
	// ErrInUse: another program has the folder open.
	ErrInUse = errors.New("journal is in use")
	// ErrForeign: the folder holds what is not part of a journal, and may be
	// taken for it.
	ErrForeign = errors.New("not part of the journal")
	// ErrDisk: the disk cannot be read or written. What is on it may be as good
	// as ever.
	ErrDisk = errors.New("disk fails")
	// ErrReadOnly: the journal was opened for reading.
	ErrReadOnly = errors.New("journal is open for reading only")
	// ErrClosed: the journal was closed.
	ErrClosed = errors.New("journal is closed")
)

// What is wrong with the bytes on disk.
var (
	// ErrDamaged: the bytes are not those that were written.
	ErrDamaged = errors.New("journal is damaged")
	// ErrMissing: a file of the journal is not there.
	ErrMissing = errors.New("file of the journal is missing")
	// ErrNewerFormat: the bytes were written by a newer version. It is the
	// same as that of package queue, since for the reader it makes no
	// difference whether the event or the file around it is newer.
	ErrNewerFormat = queue.ErrNewerFormat
)

// Answers of the other methods.
var (
	// ErrNoDay: no such day was ever opened.
	ErrNoDay = errors.New("no such day in the journal")
	// ErrNotClosed: the day is still open, or never ended.
	ErrNotClosed = errors.New("is not closed in the journal")
	// ErrExists: the backup's folder is there already.
	ErrExists = errors.New("already exists")
)

// putBack is the advice where the bytes themselves are lost. The command keeps
// what is whole, and deletes nothing.
const putBack = "put back the newest backup: eliminacode restore --from FOLDER"

// A DamageError tells what is damaged and where. It Is ErrDamaged.
type DamageError struct {
	File string // name within the folder
	Seq  uint64 // the event; 0 when the damage is not in one
	Err  error  // what was found
	// Mends tells that a start of the service mends it, and loses nothing.
	Mends bool
}

func (e *DamageError) Error() string {
	where := e.File
	if e.Seq != 0 {
		where += fmt.Sprintf(", event %d", e.Seq)
	}
	what := putBack
	switch {
	case e.Mends:
		what = "start the service, which mends it, or says what else to do"
	case e.File == sheetsName:
		what = "delete " + sheetsName + ", it is made again from the events"
	}
	return fmt.Sprintf("%v: %s: %v; %s", ErrDamaged, where, e.Err, what)
}

func (e *DamageError) Unwrap() []error { return []error{ErrDamaged, e.Err} }

// diskFails says what to do about a disk that fails rather than the bytes on it;
// it is nil when err tells nothing of the kind.
func diskFails(name string, err error) error {
	switch {
	case errors.Is(err, unix.EROFS):
		return fmt.Errorf("%w: %s: %w; the kernel makes a disk read-only when it fails: copy the journal away "+
			"(eliminacode journal backup --to FOLDER), look at dmesg, then replace the card, or mount it for writing", ErrDisk, name, err)
	case errors.Is(err, unix.EIO):
		return fmt.Errorf("%w: %s: %w; copy the journal away (eliminacode journal backup --to FOLDER, or its files one by one), "+
			"look at dmesg, and replace the card", ErrDisk, name, err)
	}
	return nil
}

// newer says what to do about a file of a later version.
func newer(file, product string, err error) error {
	if product == "" {
		return fmt.Errorf("reading %s: %w; install the version of the program that wrote it, or a later one", file, err)
	}
	return fmt.Errorf("reading %s: %w; install version %s of the program or a later one", file, err, product)
}
