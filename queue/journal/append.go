package journal

import (
	"errors"
	"fmt"
	"io/fs"

	"eliminacode/queue"
)

// Append stores events, all or none, and returns when they are on disk. Their
// sequences follow that of the last event without a gap.
//
// After ErrGap, ErrFull, ErrTooLong or an event that has no encoding, nothing
// changed and the journal goes on. After any other error nobody knows what is
// on disk: nothing more is accepted, and the process must end.
func (j *Journal) Append(events []queue.Event) error {
	j.appending.Lock()
	defer j.appending.Unlock()
	if err := j.accepts(); err != nil {
		return err
	}
	if len(events) == 0 {
		return nil
	}
	records, to, err := j.encodeAll(events, j.head)
	if err != nil {
		return err
	}
	if at := j.rotatesAt(records); at >= 0 {
		err = j.rotate(records[:at], records[at:], to)
	} else {
		err = j.live.commit(records, to)
	}
	if err != nil {
		return j.refuse(err)
	}
	j.mu.Lock()
	j.head, j.copied = to, nil
	j.mu.Unlock()
	return nil
}

// Room tries whether the disk has room for what comes next, after ErrFull. It
// writes no event.
func (j *Journal) Room() error {
	j.appending.Lock()
	defer j.appending.Unlock()
	if err := j.accepts(); err != nil || j.live == nil {
		return err
	}
	return j.live.run(func() error {
		tx, err := j.live.db.Begin(true)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		return j.live.reserve(tx, growBytes)
	})
}

// accepts answers why nothing can be appended.
func (j *Journal) accepts() error {
	j.mu.RLock()
	defer j.mu.RUnlock()
	switch {
	case j.closed:
		return ErrClosed
	case j.o.ReadOnly:
		return ErrReadOnly
	case j.failed != nil:
		return fmt.Errorf("appending after an earlier failure: %w", j.failed)
	}
	return nil
}

// keptBytes bounds what is kept of the memory in which records were encoded.
const keptBytes = 256 << 10

// encodeAll makes records of events before anything is touched. They are valid
// until the next Append, which encodes its own in the same memory.
func (j *Journal) encodeAll(events []queue.Event, from head) ([]record, head, error) {
	if cap(j.encoded) > keptBytes {
		j.encoded = nil
	}
	records, b := make([]record, 0, len(events)), j.encoded[:0]
	for _, e := range events {
		if e.Seq != from.Seq+1 {
			return nil, head{}, fmt.Errorf("%w: event %d comes after event %d", ErrGap, e.Seq, from.Seq)
		}
		r, longer, err := encodeInto(b, e, from.Hash)
		if err != nil {
			return nil, head{}, err
		}
		b = longer
		records = append(records, r)
		from = head{Seq: e.Seq, Hash: hashOf(r.value)}
	}
	j.encoded = b
	return records, from, nil
}

// refuse says what a failed write means. Whatever is not known to have
// happened before anything could be on disk ends the journal's life.
func (j *Journal) refuse(err error) error {
	if isFull(err) && j.unchanged() {
		return fmt.Errorf("appending: %w; make room on the disk", asFull(err))
	}
	if !errors.Is(err, ErrDamaged) {
		err = fmt.Errorf("%w: %w; end the program and start it again, and look at the disk if it comes back", ErrSync, err)
	}
	err = fmt.Errorf("appending: %w", err)
	j.mu.Lock()
	j.failed = err
	j.mu.Unlock()
	return err
}

// isFull tells whether an error is that of a write that found no room. bbolt
// answers a failed write as the *fs.PathError of os.File.WriteAt, and a failed
// fdatasync as the bare number: a disk that is full only then has already
// lost what it had taken.
func isFull(err error) bool {
	if errors.Is(err, ErrFull) {
		return true
	}
	var failed *fs.PathError
	return errors.As(err, &failed) && (failed.Op == "write" || failed.Op == "open" || failed.Op == "truncate") && full(failed.Err)
}

func asFull(err error) error {
	if errors.Is(err, ErrFull) {
		return err
	}
	return fmt.Errorf("%w: %v", ErrFull, err)
}

// unchanged tells whether the file in use still ends where it did: a write
// that failed may have replaced the header all the same.
func (j *Journal) unchanged() bool {
	if j.live == nil {
		return true
	}
	v, err := j.live.view()
	if err != nil {
		return false
	}
	defer v.close()
	return v.head == j.head
}
