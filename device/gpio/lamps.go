package gpio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"eliminacode/device"
	"eliminacode/device/keep"
	"eliminacode/device/lamp"
)

// setAgain is how often a line is told again what it shows, all of them at one
// instant, so that the processor wakes once for all. It is how a line that went
// away is found out, since a steady lamp asks nothing of it.
const setAgain = 10 * time.Second

// An Output is one output line, as this package needs it. It is used by one
// goroutine at a time.
type Output interface {
	// Set switches what hangs on the line on or off. An error means that the
	// line is lost.
	Set(on bool) error
	// Close gives the line back.
	Close() error
}

// A LampLine says which lamp hangs on which line.
type LampLine struct {
	Name      string // as Show calls it
	Line      string // as the kernel names it
	ActiveLow bool   // lit when the line is low
	Beeper    bool   // it is heard: silent but for beeps and refusals
}

// LampsConfig is what Lamps need to know.
type LampsConfig struct {
	Lamps []LampLine
	// Open opens a line as an output, switched off; Chip.Output does.
	Open func(line string, activeLow bool) (Output, error)
	Log  *slog.Logger // default none
}

// Lamps are lights and beepers on GPIO lines. They implement device.Lamps.
type Lamps struct {
	cfg   LampsConfig
	lamps []*oneLamp // as cfg.Lamps
}

// oneLamp is one lamp.
type oneLamp struct {
	LampLine
	health  *keep.Health
	changed chan struct{} // holds at most one: what it shows is to be looked at

	mu    sync.Mutex
	shows lamp.Lamp
}

// NewLamps checks the settings and makes the lamps, all off; it opens nothing.
func NewLamps(cfg LampsConfig) (*Lamps, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	var faults []error
	if cfg.Open == nil {
		faults = append(faults, errors.New("no way to open a line is given; pass Chip.Output"))
	}
	names, lines := map[string]bool{}, map[string]bool{}
	for _, l := range cfg.Lamps {
		if names[l.Name] || lines[l.Line] {
			faults = append(faults, fmt.Errorf("lamp %s on line %s is there twice; give each a name and a line of its own", l.Name, l.Line))
		}
		names[l.Name], lines[l.Line] = true, true
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("setting up lamps: %w", err)
	}
	all := &Lamps{cfg: cfg}
	for _, l := range cfg.Lamps {
		all.lamps = append(all.lamps, &oneLamp{LampLine: l, health: keep.NewHealth("lamp", l.Name, cfg.Log), changed: make(chan struct{}, 1)})
	}
	return all, nil
}

// Show sets what a lamp shows; see device.Lamps.
func (l *Lamps) Show(name string, show device.Light) error {
	for _, one := range l.lamps {
		if one.Name == name {
			one.show(show, time.Now())
			return nil
		}
	}
	return fmt.Errorf("showing a light on %q: %w", name, device.ErrNoLamp)
}

func (one *oneLamp) show(light device.Light, now time.Time) {
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.Beeper && !lamp.Passing(light) || !one.shows.Show(light, now) {
		return
	}
	select {
	case one.changed <- struct{}{}:
	default: // Run has yet to take notice of an earlier change.
	}
}

// on reports whether the lamp is lit at now, and after how long that changes.
func (one *oneLamp) on(now time.Time) (on bool, next time.Duration) {
	one.mu.Lock()
	defer one.mu.Unlock()
	return one.shows.On(now)
}

// Run drives the lines until ctx ends, then switches all lamps off and returns
// nil. Lines that are not there are tried for again.
func (l *Lamps) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for _, one := range l.lamps {
		all.Go(func() {
			keep.Using(ctx, keep.Soldered, func() (bool, error) { return l.drive(ctx, one) }, one.health.Lost)
		})
	}
	all.Wait()
	return nil
}

// drive opens a lamp's line and sets it to what the lamp shows until ctx ends
// or the line is lost.
func (l *Lamps) drive(ctx context.Context, one *oneLamp) (opened bool, err error) {
	out, err := l.cfg.Open(one.Line, one.ActiveLow)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	wake := time.NewTimer(0)
	defer wake.Stop()
	var again time.Time
	lit := false
	for {
		now := time.Now()
		on, next := one.on(now)
		if on != lit || !now.Before(again) {
			if err := out.Set(on); err != nil {
				return true, err
			}
			lit, again = on, now.Truncate(setAgain).Add(setAgain)
			one.health.Seen(now)
		}
		wake.Reset(min(next, again.Sub(now)))
		select {
		case <-ctx.Done():
			if err := out.Set(false); err != nil {
				l.cfg.Log.Warn("switching a lamp off", "device", one.Name, "err", err)
			}
			return true, nil
		case <-one.changed:
		case <-wake.C:
		}
	}
}

// Status has one entry for each lamp, in the order of the settings.
func (l *Lamps) Status() []device.Status {
	var all []device.Status
	for _, one := range l.lamps {
		all = append(all, one.health.Status())
	}
	return all
}

var _ device.Lamps = (*Lamps)(nil)
