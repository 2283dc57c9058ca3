package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"eliminacode/display"
)

// searchFor is how long new devices are looked for once a person has asked for it with
// an office in force. Then the box is quiet again.
const searchFor = 5 * time.Minute

// Search looks for devices that no setting names, for a while. With an office in force
// only places that no setting names are listened to: what is in use goes on as it is.
func (w *walk) Search() {
	inForce := w.inForce()
	w.mu.Lock()
	defer w.mu.Unlock()
	if inForce && !w.searching() {
		// What was pressed at an earlier search may be elsewhere by now.
		w.heard, w.found, w.pads = nil, nil, map[string]serialPad{}
	}
	w.until = time.Now().Add(searchFor)
	nudge(w.asked)
	w.tell()
}

// SearchEnds is when the search that goes on ends, in office time in ms; 0 where
// nothing is looked for.
func (w *walk) SearchEnds() int64 {
	at := w.now()
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.searching() {
		return 0
	}
	return at + time.Until(w.until).Milliseconds()
}

// searching tells whether a search that a person asked for goes on; mu is held.
func (w *walk) searching() bool { return time.Now().Before(w.until) }

// finds tells whether devices that no setting names are listened to now: until an
// office is in force always, afterwards while a person searches.
func (w *walk) finds(inForce bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !inForce || w.searching()
}

// goOn has a search that goes on last longer, since somebody works with what it has
// found; mu is held.
func (w *walk) goOn() {
	if w.searching() {
		w.until = time.Now().Add(searchFor)
	}
}

// beginFinding finds devices until it is stopped; then nothing that it has opened is
// open any more.
func (w *walk) beginFinding(ctx context.Context) (stop func()) {
	ctx, end := context.WithCancel(ctx)
	var finding sync.WaitGroup
	finding.Go(func() { w.find(ctx) })
	return func() {
		end()
		finding.Wait()
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ports, w.usb, w.noLines = map[string]*freePort{}, nil, nil
		w.tell()
	}
}

// Tried is what was tried. With an office in force it is kept only as long as the
// program runs.
func (w *walk) Tried() ([]display.Tried, bool) {
	if !w.inForce() {
		return w.kept.Tried()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.tried), false
}

// Try keeps the outcome of a trial.
func (w *walk) Try(t display.Tried) error {
	inForce := w.inForce()
	if !inForce {
		if err := w.kept.Try(t); err != nil {
			return err
		}
	}
	if t.Kind == display.PanelThing && t.Outcome != display.TrialUnknown {
		for _, p := range w.settings.Panels {
			if p.Name == t.Name {
				w.darken(p)
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if inForce {
		w.tried = append(slices.DeleteFunc(slices.Clone(w.tried), func(x display.Tried) bool { return x.Thing == t.Thing }), t)
	}
	w.tell()
	return nil
}
