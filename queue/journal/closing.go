package journal

import (
	"fmt"

	"eliminacode/queue"
)

// Closing is the event that closed a business day, and the hash of the chain up to it.
// It reads the day from its beginning. A day that is not closed is ErrNotClosed.
func (j *Journal) Closing(d Day) (queue.Event, Hash, error) {
	for e, err := range j.Since(d.First) {
		if err != nil {
			return queue.Event{}, Hash{}, fmt.Errorf("looking for the end of %s: %w", d.Date, err)
		}
		closed, ok := e.Body.(queue.DayClosed)
		if !ok {
			continue
		}
		if closed.Day != d.Ordinal {
			break
		}
		for r, err := range j.Records(e.Seq) {
			if err != nil {
				return queue.Event{}, Hash{}, fmt.Errorf("reading event %d: %w", e.Seq, err)
			}
			return e, r.Hash(), nil
		}
	}
	return queue.Event{}, Hash{}, fmt.Errorf("%s %w", d.Date, ErrNotClosed)
}
