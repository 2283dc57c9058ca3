// Package bridge is the only place where hardware meets the queue: presses
// become commands, tickets without paper become slips, refusals become beeps.
//
// It translates and it retries; it never chooses. Which ticket is next, or
// whether one may be given, is decided by the core it hands its commands to.
// It knows devices by their interfaces alone and never opens one.
//
// Run starts what the bridge needs and returns when all of it has ended. A
// device that is lost is a status, not an end.
package bridge

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"eliminacode/device"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// An Engine carries commands out, as that of queue/engine does.
type Engine interface {
	Do(ctx context.Context, c queue.Command) (*queue.State, []queue.Event, error)
	Watch() (*queue.State, <-chan struct{})
	Now() queue.Now
}

// A Button says what a press of it asks for.
type Button struct {
	Service queue.ServiceID
	Class   queue.Class
	Outlet  queue.OutletID
	Lamp    string // empty when it has none
}

// A Config binds devices to the office. Devices that are nil are not there.
type Config struct {
	Engine   Engine
	Printers map[queue.OutletID]device.Printer
	// Late brings what the printers confirm after they were given up; nil where
	// none does.
	Late     *Late
	Buttons  device.Buttons
	Bindings map[string]Button // by the button's name
	Keypads  device.Keypads
	Desks    map[string]queue.DeskID // by the keypad's name
	Lamps    []device.Lamps          // a name that several have is shown by all
	// Bells are the desks whose lamp tells that somebody waits, by the lamp's
	// name; a lamp that is not there is left out.
	Bells map[string]queue.DeskID
	// Box is what a technician's grip prints of the box; nil leaves it out.
	Box func() words.BoxStatus
	// Gripped is told of a technician's grip before anything is printed; true leaves the
	// slip out, since the box starts again and prints it then. Nil prints it always.
	Gripped func() bool
	Panels  []device.Panels
	Signs   map[string]Panel // by the panel's name
	// Token makes the random name behind a ticket's QR code.
	Token func() string
	// Status is the address that the QR code leads to, before the token; empty
	// prints no code.
	Status string
	// Local is an office time on the office's wall.
	Local func(office int64) time.Time
	// Real is how long so many milliseconds of the office's clock really take;
	// nil is as long as they say.
	Real func(ms int64) time.Duration
	// Patience is the least real time that a slip has to begin and to end at an
	// outlet, on a clock that runs faster than the box can. Nil, and anything
	// below, is 2 s.
	Patience func(queue.OutletID) time.Duration
	Log      *slog.Logger
}

// A Bridge is built by New and works during Run.
type Bridge struct{ cfg Config }

// New starts nothing.
func New(cfg Config) *Bridge {
	if cfg.Real == nil {
		cfg.Real = func(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }
	}
	if cfg.Patience == nil {
		cfg.Patience = func(queue.OutletID) time.Duration { return leastReal }
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Bridge{cfg: cfg}
}

// commandMost bounds the wait for the office's answer to a press or a key: a
// person who pressed is gone by then.
const commandMost = 5 * time.Second

// Run works until ctx ends. A slip that is under way then is given the time to
// end, so that its outcome is known.
func (b *Bridge) Run(ctx context.Context) error {
	var all sync.WaitGroup
	run := func(name string, f func(context.Context) error) {
		all.Go(func() {
			if err := f(ctx); err != nil && !errors.Is(err, context.Canceled) {
				b.cfg.Log.Error("a device has given up", "device", name, "err", err)
			}
		})
	}
	// The printers outlive the spoolers, which wait for their answers.
	printing, stopPrinting := context.WithCancel(context.WithoutCancel(ctx))
	defer stopPrinting()
	var printers, spoolers sync.WaitGroup
	for outlet, p := range b.cfg.Printers {
		if d, ok := p.(distruster); ok && b.leftInPrinter(outlet) {
			d.Distrust()
		}
		printers.Go(func() {
			if err := p.Run(printing); err != nil && !errors.Is(err, context.Canceled) {
				b.cfg.Log.Error("a printer has given up", "outlet", outlet, "err", err)
			}
		})
		s := spooler{Bridge: b, outlet: outlet, printer: p}
		spoolers.Go(func() { s.run(ctx) })
		all.Go(func() { b.watchOutlet(ctx, outlet, p) })
	}
	all.Go(func() { b.watchUnwired(ctx) })
	if b.cfg.Late != nil {
		all.Go(func() { b.hearLate(ctx) })
	}
	if b.cfg.Buttons != nil {
		pressed := newButtons(b)
		run("buttons", func(ctx context.Context) error {
			defer pressed.slips.Wait()
			return b.cfg.Buttons.Run(ctx, func(p device.Press) { pressed.press(ctx, p) })
		})
	}
	if b.cfg.Keypads != nil {
		pads := keypads{Bridge: b, typed: map[string]typed{}}
		run("keypads", func(ctx context.Context) error {
			return b.cfg.Keypads.Run(ctx, func(k device.Key) { pads.key(ctx, k) })
		})
	}
	for _, lamps := range b.cfg.Lamps {
		run("lamps", lamps.Run)
	}
	if len(b.cfg.Lamps) > 0 {
		all.Go(func() { b.light(ctx) })
	}
	for _, panels := range b.cfg.Panels {
		run("panels", panels.Run)
	}
	if len(b.cfg.Panels) > 0 {
		all.Go(func() { b.announce(ctx) })
	}
	all.Wait()
	spoolers.Wait()
	stopPrinting()
	printers.Wait()
	return nil
}

// A distruster is a printer that can be told that an earlier process may have
// left half a ticket in it.
type distruster interface{ Distrust() }

// leftInPrinter tells whether a process died while a slip was on its way to the
// outlet's printer, which may still hold a part of it.
func (b *Bridge) leftInPrinter(outlet queue.OutletID) bool {
	state, _ := b.cfg.Engine.Watch()
	_, now, _ := state.Outlet(outlet)
	return now.Torn
}

// Why a slip that is no ticket's was not printed.
var (
	// ErrNoPrinter: the outlet has no printer that this box drives.
	ErrNoPrinter = errors.New("outlet has no printer")
)
