package main

import (
	"cmp"
	"context"
	"log/slog"
	"sync"

	"eliminacode/cmd/eliminacode/setups"
	"eliminacode/device"
	"eliminacode/display"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
)

// A walk is what the pages of a first office know of the box's devices. Once an
// office is in force it does nothing. Its methods may be called from any goroutine.
type walk struct {
	kept  *setups.Store
	wired []display.Wired
	// begun tells that an office is in force; now is the office's time in ms.
	begun func() bool
	now   func() int64
	log   *slog.Logger

	mu      sync.Mutex
	changed chan struct{} // closed when there is something else to show
}

func newWalk(o *office, wired []display.Wired) *walk {
	return &walk{
		kept: o.setups, wired: wired, log: o.log, changed: make(chan struct{}),
		begun: func() bool { state, _ := o.Watch(); return state.HasSetup() },
		now:   func() int64 { state, _ := o.Watch(); return state.OfficeTime(o.Now()) },
	}
}

// wiredIn are the devices of settings that a person tries.
func wiredIn(s config.Settings) (all []display.Wired) {
	add := func(kind display.ThingKind, name, place, outlet string) {
		all = append(all, display.Wired{Thing: display.Thing{Kind: kind, Name: name}, Place: place, Outlet: queue.OutletID(outlet)})
	}
	for _, p := range s.Printers {
		add(display.PrinterThing, p.Name, p.Port, p.Outlet)
	}
	for _, b := range s.Buttons {
		add(display.ButtonThing, b.Name, b.Line, "")
	}
	for _, k := range s.Keypads {
		add(display.KeypadThing, k.Name, cmp.Or(k.Path, k.Port), "")
	}
	return all
}

func (w *walk) Wired() []display.Wired { return w.wired }

func (w *walk) Tried() ([]display.Tried, bool) { return w.kept.Tried() }

func (w *walk) Try(t display.Tried) error {
	if err := w.kept.Try(t); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.changed)
	w.changed = make(chan struct{})
	return nil
}

func (w *walk) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

// pressed keeps that a button or a keypad works, the first time that it is pressed.
func (w *walk) pressed(kind display.ThingKind, name string) {
	if name == "" || w.begun() {
		return
	}
	thing := display.Thing{Kind: kind, Name: name}
	tried, _ := w.kept.Tried()
	for _, t := range tried {
		if t.Thing == thing {
			return
		}
	}
	if err := w.Try(display.Tried{Thing: thing, Outcome: display.TrialPressed, At: w.now()}); err != nil {
		w.log.Error("that a device was tried cannot be kept", "device", name, "err", err)
	}
}

// listened are buttons whose presses the walk hears before anybody else.
type listened struct {
	device.Buttons
	walk *walk
}

func (l listened) Run(ctx context.Context, press func(device.Press)) error {
	return l.Buttons.Run(ctx, func(p device.Press) {
		l.walk.pressed(display.ButtonThing, p.Button)
		press(p)
	})
}

// listenedPads are keypads whose keys the walk hears before anybody else.
type listenedPads struct {
	device.Keypads
	walk *walk
}

func (l listenedPads) Run(ctx context.Context, key func(device.Key)) error {
	return l.Keypads.Run(ctx, func(k device.Key) {
		l.walk.pressed(display.KeypadThing, k.Keypad)
		key(k)
	})
}
