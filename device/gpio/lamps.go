package gpio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"eliminacode/device"
	"eliminacode/device/lamp"
)

// setAgain is how often a line is told again what it shows, all of them at one
// instant. It is how a line that went away is found out, since a steady lamp
// asks nothing of it.
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
	cfg     LampsConfig
	changed chan struct{} // holds at most one: something is to be looked at

	mu    sync.Mutex
	lamps []oneLamp // as cfg.Lamps
}

// oneLamp is one lamp; all but the fields that say so are guarded by Lamps.mu.
type oneLamp struct {
	shows lamp.Lamp
	err   error // why it is lost
	tried bool
	seen  time.Time
	count device.Counters

	out   Output    // of Run's goroutine only; nil while closed
	on    bool      // of Run's goroutine only: what the line shows
	set   time.Time // of Run's goroutine only: when it was last told so
	retry time.Time // of Run's goroutine only: when to open it again
	wait  time.Duration
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
	return &Lamps{cfg: cfg, changed: make(chan struct{}, 1), lamps: make([]oneLamp, len(cfg.Lamps))}, nil
}

// Show sets what a lamp shows. LightBeep and LightError pass by themselves and
// leave what was there before. It never blocks; an unknown lamp gives an error
// that Is device.ErrNoLamp, a lost one gives none.
func (l *Lamps) Show(name string, show device.Light) error {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, line := range l.cfg.Lamps {
		if line.Name != name {
			continue
		}
		if line.Beeper && !lamp.Passing(show) || !l.lamps[i].shows.Show(show, now) {
			return nil
		}
		select {
		case l.changed <- struct{}{}:
		default: // Run has yet to take notice of an earlier change.
		}
		return nil
	}
	return fmt.Errorf("showing a light on %q: %w", name, device.ErrNoLamp)
}

// Run drives the lines until ctx ends, then switches all lamps off and returns
// nil. Lines that are not there are tried for again.
func (l *Lamps) Run(ctx context.Context) error {
	defer l.darken()
	wake := time.NewTimer(lamp.Never)
	defer wake.Stop()
	for {
		wake.Reset(l.refresh(time.Now()))
		select {
		case <-ctx.Done():
			return nil
		case <-l.changed:
		case <-wake.C:
		}
	}
}

// refresh sets every line to what its lamp shows at now and says after how
// long one of them changes.
func (l *Lamps) refresh(now time.Time) time.Duration {
	wait := lamp.Never
	for i := range l.lamps {
		wait = min(wait, l.refreshOne(i, now))
	}
	return wait
}

func (l *Lamps) refreshOne(i int, now time.Time) time.Duration {
	one := &l.lamps[i]
	if one.out == nil {
		if now.Before(one.retry) {
			return one.retry.Sub(now)
		}
		out, err := l.cfg.Open(l.cfg.Lamps[i].Line, l.cfg.Lamps[i].ActiveLow)
		if err != nil {
			return l.lose(i, now, err)
		}
		one.out, one.on, one.set, one.wait = out, false, time.Time{}, 0
	}
	on, next := l.wanted(one, now)
	if on != one.on || one.err != nil || now.Sub(one.set) >= setAgain {
		if err := one.out.Set(on); err != nil {
			l.close(i)
			return l.lose(i, now, err)
		}
		one.on, one.set = on, now
	}
	l.mu.Lock()
	if one.err != nil {
		one.count.Retries++
	}
	one.err, one.tried, one.seen = nil, true, now
	l.mu.Unlock()
	return min(next, one.set.Add(setAgain).Sub(now))
}

// wanted is what the lamp's line should be, and for how long.
func (l *Lamps) wanted(one *oneLamp, now time.Time) (on bool, next time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return one.shows.On(now)
}

func (l *Lamps) lose(i int, now time.Time, err error) time.Duration {
	one := &l.lamps[i]
	one.wait = min(max(2*one.wait, firstRetry), lastRetry)
	one.retry = now.Add(one.wait)
	l.mu.Lock()
	first := one.err == nil
	one.err, one.tried = err, true
	l.mu.Unlock()
	if first {
		l.cfg.Log.Warn("lamp is lost", "device", l.cfg.Lamps[i].Name, "err", err)
	}
	return one.wait
}

func (l *Lamps) close(i int) {
	if err := l.lamps[i].out.Close(); err != nil {
		l.cfg.Log.Warn("closing a lamp's line", "device", l.cfg.Lamps[i].Name, "err", err)
	}
	l.lamps[i].out = nil
}

// darken switches all lamps off: one that stays lit would promise a ticket
// that nobody gives.
func (l *Lamps) darken() {
	for i := range l.lamps {
		if l.lamps[i].out == nil {
			continue
		}
		if err := l.lamps[i].out.Set(false); err != nil {
			l.cfg.Log.Warn("switching a lamp off", "device", l.cfg.Lamps[i].Name, "err", err)
		}
		l.close(i)
	}
}

// Status has one entry for each lamp, in the order of the settings.
func (l *Lamps) Status() []device.Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]device.Status, len(l.lamps))
	for i := range l.lamps {
		one := &l.lamps[i] // A copy would read what is Run's alone.
		all[i] = device.Status{Name: l.cfg.Lamps[i].Name, State: device.StateReady, Seen: one.seen, Count: one.count}
		switch {
		case !one.tried:
			all[i].State = device.StateUnknown
		case one.err != nil:
			all[i].State = device.StateLost
			all[i].Faults = []device.Fault{faultOf(one.err)}
			all[i].Detail = one.err.Error()
		}
	}
	return all
}
