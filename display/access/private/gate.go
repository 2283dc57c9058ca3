package private

import (
	"context"
	"time"

	"eliminacode/display/access"
)

// A check of a secret takes a core and much memory, so that one is made at a
// time; some may wait for their turn, for a while.
const (
	gateWaiting  = 16
	gatePatience = 10 * time.Second
)

// A gate lets one through at a time.
type gate struct {
	waiting chan struct{} // a place for everybody who waits or is through
	through chan struct{}
}

func newGate() gate {
	return gate{make(chan struct{}, gateWaiting), make(chan struct{}, 1)}
}

// enter waits for its turn; leave must be called when it has come. It answers
// access.ErrBusy when too many wait, or when it has waited long enough.
func (g gate) enter(ctx context.Context) (leave func(), err error) {
	select {
	case g.waiting <- struct{}{}:
	default:
		return nil, access.ErrBusy
	}
	timeout := time.NewTimer(gatePatience)
	defer timeout.Stop()
	select {
	case g.through <- struct{}{}:
		return func() { <-g.through; <-g.waiting }, nil
	case <-timeout.C:
		err = access.ErrBusy
	case <-ctx.Done():
		err = ctx.Err()
	}
	<-g.waiting
	return nil, err
}
