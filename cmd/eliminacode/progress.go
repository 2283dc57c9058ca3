package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// A progress is one line on the terminal that tells how far long work has come,
// written over and over and taken away at its end. Where nobody looks, as in a
// pipe or under systemd, it says nothing. It may be used from any goroutine.
type progress struct {
	w     io.Writer // nil where nobody looks
	what  string
	began time.Time
	ended chan struct{}
	gone  sync.WaitGroup

	mu        sync.Mutex
	told      bool
	done, all uint64
}

// toldEvery is how often the line is written anew.
const toldEvery = 200 * time.Millisecond

// working begins to tell of long work. Whoever began it calls end.
func (p program) working(what string) *progress {
	w := &progress{what: what, began: time.Now(), ended: make(chan struct{})}
	if !isTerminal(p.errs) {
		return w
	}
	w.w = p.errs
	w.gone.Go(func() {
		tick := time.NewTicker(toldEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				w.mu.Lock()
				w.tell()
				w.mu.Unlock()
			case <-w.ended:
				fmt.Fprint(w.w, "\r\x1b[K")
				return
			}
		}
	})
	return w
}

// at says how much of the work is done.
func (w *progress) at(done, all uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done, w.all = done, all
	if !w.told && w.w != nil {
		w.tell() // short work too
	}
}

// tell writes the line. The lock is held.
func (w *progress) tell() {
	w.told = true
	fmt.Fprintf(w.w, "\r\x1b[K%s: %v", w.what, time.Since(w.began).Round(time.Second))
	if w.all > 0 {
		fmt.Fprintf(w.w, ", %d of %d (%d %%)", w.done, w.all, w.done*100/w.all)
	}
}

// end takes the line away.
func (w *progress) end() {
	close(w.ended)
	w.gone.Wait()
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}
