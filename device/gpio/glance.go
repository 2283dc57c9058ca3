package gpio

import (
	"context"
	"sync"
	"time"

	"eliminacode/device/keep"
)

// A rest is a line whose button waits for an edge, as the glances see it.
type rest struct {
	mu      sync.Mutex
	pin     Pin  // nil while the line is closed
	waiting bool // for an edge, with the contact at rest
	closed  bool // where the contact rests
	woken   bool // a glance ended the wait
}

// open lets glances look at a line until shut.
func (r *rest) open(pin Pin) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pin, r.waiting, r.woken = pin, false, false
}

func (r *rest) shut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pin = nil
}

// wait waits for an edge of a contact that rests closed, or open. woken says
// that a glance ended the wait: there is something to see.
func (r *rest) wait(pin Pin, closed bool, timeout time.Duration) (edge, woken bool) {
	r.mu.Lock()
	r.waiting, r.closed, r.woken = true, closed, false
	r.mu.Unlock()
	edge = pin.WaitForEdge(timeout)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = false
	return edge, r.woken
}

// glance looks at the line if its contact rests, and ends the wait when the
// level is another one or cannot be read. seen says that all is as it was.
func (r *rest) glance() (seen bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pin == nil || !r.waiting {
		return false
	}
	if closed, err := r.pin.Closed(); err == nil && closed == r.closed {
		return true
	}
	r.woken = true
	r.pin.Wake()
	return false
}

// wake ends a wait, whatever the level.
func (r *rest) wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pin != nil && r.waiting {
		r.woken = true
		r.pin.Wake()
	}
}

// wakeAgain is how often a wait is ended anew while Run stops: a wake that
// comes a moment before the wait is lost.
const wakeAgain = 20 * time.Millisecond

// glances looks at all lines that rest, once every idleWait and all at one
// instant, so that a resting panel wakes the processor once for all of them. It
// ends when all buttons have, which it hastens once ctx ends.
func (b *Buttons) glances(ctx context.Context, rests []rest, ended <-chan struct{}) {
	tick := time.NewTimer(keep.UntilBeat(time.Now(), idleWait))
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case now := <-tick.C:
			tick.Reset(keep.UntilBeat(now, idleWait))
			for i := range rests {
				if rests[i].glance() {
					b.health[i].Seen(now)
				}
			}
		case <-ctx.Done():
		}
	}
	for {
		for i := range rests {
			rests[i].wake()
		}
		tick.Reset(wakeAgain)
		select {
		case <-ended:
			return
		case <-tick.C:
		}
	}
}
