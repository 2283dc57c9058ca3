// Package devicetest holds the contracts that every driver and every simulator
// of a device passes, one function for each interface of package device.
//
// A contract gets a bench: the device under test, and the hands that can hurt it
// as a person in the hall could. It imports no driver, so that all of them can
// import it.
package devicetest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// pause lets time pass in a bubble, and all that is then due happen.
func pause(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// whileRunning lets a device run beside test; it ends soon after its context.
func whileRunning(t *testing.T, run func(context.Context) error, test func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	test()
	cancel()
	began := time.Now()
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("Run ended %v after ctx", took)
	}
}

// A listener is told of presses or keys.
type listener[T any] struct {
	slow time.Duration // how long it takes over each
	busy atomic.Int32
	most atomic.Int32 // calls at a time

	mu   sync.Mutex
	told []T
}

func (l *listener[T]) hear(x T) {
	if n := l.busy.Add(1); n > l.most.Load() {
		l.most.Store(n)
	}
	time.Sleep(l.slow)
	l.busy.Add(-1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = append(l.told, x)
}

func (l *listener[T]) all() []T {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]T(nil), l.told...)
}
