package escpos

import (
	"sync"

	"eliminacode/device"
)

// A tally counts what a printer has done since the program started.
type tally struct {
	mu    sync.Mutex
	count device.Counters
	dots  int // of paper moved since the last refill
}

// outcome counts one ticket. A slip that could not be laid out was never one.
func (t *tally) outcome(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case err == nil:
		t.count.Printed++
	case isUnknown(err):
		t.count.Unknown++
	default:
		t.count.Failed++
	}
}

// late turns a ticket that was given up into a printed one.
func (t *tally) late() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count.Unknown--
	t.count.Printed++
}

func (t *tally) moved(dots int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dots += dots
}

func (t *tally) refilled() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count.Refills++
	t.dots = 0
}

func (t *tally) reopened() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count.Retries++
}

func (t *tally) read() device.Counters {
	t.mu.Lock()
	defer t.mu.Unlock()
	count := t.count
	count.PaperMM = t.dots / dotsPerMM
	return count
}
