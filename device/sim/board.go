package sim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"eliminacode/device"
)

// edgesKept is how many unread edges the kernel keeps for a line.
const edgesKept = 16

// A Pin is a GPIO line with a button, pulled up, as the kernel shows it: a
// level to read and at most 16 unread edges. It fits the pin of device/gpio,
// so that the real driver can be bounced. It begins open. All methods may be
// called from anywhere.
type Pin struct {
	mu     sync.Mutex
	closed bool
	err    error
	edges  chan struct{}
	woken  chan struct{} // holds at most one
}

// NewPin makes a line whose button is not pressed.
func NewPin() *Pin {
	return &Pin{edges: make(chan struct{}, edgesKept), woken: make(chan struct{}, 1)}
}

// Closed reads the level.
func (p *Pin) Closed() (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed, p.err
}

// WaitForEdge waits for an edge that was not read yet.
func (p *Pin) WaitForEdge(timeout time.Duration) bool {
	select {
	case <-p.woken: // By a Wake that came too early.
	default:
	}
	t := time.NewTimer(timeout)
	defer t.Stop()
	select {
	case <-p.edges:
		return true
	case <-p.woken:
		return false
	case <-t.C:
		return false
	}
}

// Wake ends a wait that is under way; one that has yet to begin does not hear
// of it.
func (p *Pin) Wake() {
	select {
	case p.woken <- struct{}{}:
	default:
	}
}

// Close gives the line back; the button stays where it is.
func (p *Pin) Close() error { return nil }

// Set moves the contact, with an edge when that changes it. Beyond 16 unread
// edges the kernel drops them, and so does this.
func (p *Pin) Set(closed bool) {
	if p.SetSilently(closed) {
		select {
		case p.edges <- struct{}{}:
		default:
		}
	}
}

// SetSilently moves the contact, and its edge is lost. It says whether the
// level changed.
func (p *Pin) SetSilently(closed bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	changed := p.closed != closed
	p.closed = closed
	return changed
}

// Bounce moves the contact to and fro, resting for each of the gaps in turn,
// and leaves it closed or open. It takes as long as the gaps together.
func (p *Pin) Bounce(closed bool, gaps ...time.Duration) {
	// The first move is towards the end or away from it, so that the last
	// one arrives there.
	level := closed == (len(gaps)%2 == 0)
	for _, gap := range gaps {
		p.Set(level)
		time.Sleep(gap)
		level = !level
	}
	p.Set(closed)
}

// Fail makes the line answer with an error, as a chip that vanished; nil
// brings it back.
func (p *Pin) Fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = err
}

// Lamps show what they are told. They implement device.Lamps. All
// methods may be called from anywhere.
type Lamps struct {
	names []string

	mu    sync.Mutex
	bulbs map[string]*bulb
}

// A bulb is one lamp as people see it, by code of its own rather than the
// drivers', so that they cannot be wrong together.
type bulb struct {
	lasting   device.Light // without beeps and flashes
	since     time.Time
	passing   device.Light // a beep or refusal; LightOff: none yet
	passingAt time.Time
	inverted  bool // it began on a lit lamp
}

// How the lights look: LightBusy blinks once a second, LightFault four times;
// LightBeep is one pulse and LightError three, dark on a lit lamp.
const (
	busyPeriod, faultPeriod = time.Second, 250 * time.Millisecond
	beepPulse, refusalPulse = 150 * time.Millisecond, 80 * time.Millisecond
)

func passes(light device.Light) bool { return light == device.LightBeep || light == device.LightError }

// lasts reports whether the lasting light is lit at now.
func (b *bulb) lasts(now time.Time) bool {
	shown := now.Sub(b.since)
	switch b.lasting {
	case device.LightReady:
		return true
	case device.LightBusy:
		return shown%busyPeriod < busyPeriod/2
	case device.LightFault:
		return shown%faultPeriod < faultPeriod/2
	}
	return false
}

// lit reports whether people see the lamp lit at now.
func (b *bulb) lit(now time.Time) bool {
	ago := now.Sub(b.passingAt)
	switch {
	case b.passing == device.LightBeep && ago < beepPulse:
		return !b.inverted
	case b.passing == device.LightError && ago < 5*refusalPulse:
		return (ago/refusalPulse%2 == 0) != b.inverted
	}
	return b.lasts(now)
}

// NewLamps makes lamps of these names, all off.
func NewLamps(lamps ...string) *Lamps {
	l := &Lamps{names: slices.Clone(lamps), bulbs: map[string]*bulb{}}
	for _, name := range lamps {
		l.bulbs[name] = &bulb{}
	}
	return l
}

// Run waits for the end of ctx, then darkens the lamps and returns nil.
func (l *Lamps) Run(ctx context.Context) error {
	<-ctx.Done()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, name := range l.names {
		l.bulbs[name] = &bulb{}
	}
	return nil
}

// Status says that all are ready.
func (l *Lamps) Status() (all []device.Status) {
	for _, name := range l.names {
		all = append(all, device.Status{Name: name, State: device.StateReady})
	}
	return all
}

// Show sets the light. An unknown lamp gives an error that Is
// device.ErrNoLamp.
func (l *Lamps) Show(name string, show device.Light) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.Contains(l.names, name) {
		return fmt.Errorf("showing a light on %q: %w", name, device.ErrNoLamp)
	}
	now := time.Now()
	switch b := l.bulbs[name]; {
	case passes(show):
		b.inverted = b.lasts(now)
		b.passing, b.passingAt = show, now
	case b.lasting != show:
		b.lasting, b.since = show, now
	}
	return nil
}

// Light is what a lamp shows now; a beep or flash that has passed does not
// count. LightOff for a lamp that was never told anything.
func (l *Lamps) Light(lamp string) device.Light {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, known := l.bulbs[lamp]; known {
		return b.lasting
	}
	return device.LightOff
}

// Lit tells whether people see a lamp lit now; an unknown one is dark.
func (l *Lamps) Lit(lamp string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.bulbs[lamp]
	return known && b.lit(time.Now())
}

// errVanished is what Unplug makes of a Board's lines.
var errVanished = errors.New("the simulated chip is unplugged")

// A Board is a set of simulated GPIO lines by name, for the real driver.
type Board struct{ pins map[string]*Pin }

// NewBoard makes a board with these lines, all open.
func NewBoard(lines ...string) *Board {
	b := &Board{pins: make(map[string]*Pin, len(lines))}
	for _, name := range lines {
		b.pins[name] = NewPin()
	}
	return b
}

// Pin is the line of that name. A name that is not there gives an error that
// Is device.ErrLost.
func (b *Board) Pin(line string) (*Pin, error) {
	p := b.pins[line]
	if p == nil {
		return nil, fmt.Errorf("opening simulated line %q: %w", line, device.ErrLost)
	}
	if _, err := p.Closed(); err != nil {
		return nil, err
	}
	return p, nil
}

// Unplug takes the whole chip away, and Replug brings it back.
func (b *Board) Unplug() {
	for _, p := range b.pins {
		p.Fail(fmt.Errorf("%w: %w", device.ErrLost, errVanished))
	}
}

// Replug ends what Unplug began.
func (b *Board) Replug() {
	for _, p := range b.pins {
		p.Fail(nil)
	}
}

var _ device.Lamps = (*Lamps)(nil)
