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

// keptPresses bounds what waits for a caller of Run: presses and keys beyond
// it are refused to the hand that makes them, as nobody would wait so long.
const keptPresses = 16

// gripHold is how long two buttons are held together for a technician's grip.
const gripHold = 10 * time.Second

// edgesKept is how many unread edges the kernel keeps for a line.
const edgesKept = 16

// Buttons are push buttons to be pressed from code. They implement
// device.Buttons; contact bounce does not exist for them, see Pin for that.
// All methods may be called from anywhere.
type Buttons struct {
	name    string
	names   []string
	stuck   time.Duration
	presses chan device.Press
	moved   chan struct{} // holds at most one: the grip is to be looked at

	mu       sync.Mutex
	running  bool
	lost     bool
	seen     time.Time
	down     map[string]time.Time // since when a button is held
	gripped  []string             // held buttons that gave a press, longest held first
	gripTold bool                 // a grip was reported, and two are still held
	count    device.Counters
}

// NewButtons makes buttons of these names; name is what their status is
// called. A button held for 30 s counts as stuck.
func NewButtons(name string, buttons ...string) *Buttons {
	return &Buttons{
		name: name, names: slices.Clone(buttons), stuck: 30 * time.Second,
		presses: make(chan device.Press, keptPresses), moved: make(chan struct{}, 1),
		down: map[string]time.Time{},
	}
}

// Names are the buttons, in the order given.
func (b *Buttons) Names() []string { return slices.Clone(b.names) }

// Run reports presses until ctx ends, then returns nil.
func (b *Buttons) Run(ctx context.Context, press func(device.Press)) error {
	b.set(func() { b.running, b.seen = true, time.Now() })
	defer b.set(func() { b.running = false })
	const idle = time.Hour
	due := time.NewTimer(idle)
	defer due.Stop()
	for {
		left := idle
		b.set(func() {
			if len(b.gripped) >= 2 && !b.gripTold {
				left = max(time.Until(b.down[b.gripped[1]].Add(gripHold)), 0)
			}
		})
		due.Reset(left)
		select {
		case <-ctx.Done():
			return nil
		case p := <-b.presses:
			press(p)
		case <-b.moved:
		case now := <-due.C:
			if held := b.grip(now); held != nil {
				press(device.Press{Held: held, At: now})
			}
		}
	}
}

// grip is the grip that is due, after all presses that wait. A button that is
// stuck by now takes no part.
func (b *Buttons) grip(now time.Time) (held []string) {
	b.set(func() {
		for name, since := range b.down {
			if now.Sub(since) >= b.stuck {
				b.ungrip(name)
			}
		}
		due := len(b.gripped) >= 2 && !b.gripTold && now.Sub(b.down[b.gripped[1]]) >= gripHold
		if due && len(b.presses) == 0 {
			held, b.gripTold = slices.Clone(b.gripped[:2]), true
		}
	})
	return held
}

// ungrip takes a button out of the grip.
func (b *Buttons) ungrip(name string) {
	b.gripped = slices.DeleteFunc(b.gripped, func(n string) bool { return n == name })
	b.gripTold = b.gripTold && len(b.gripped) >= 2
}

// Press pushes a button and lets it go. The error says why nothing came of it.
func (b *Buttons) Press(button string) error {
	return errors.Join(b.Push(button), b.Release(button))
}

// Push closes a button's contact and holds it. Pushing a held button does
// nothing.
func (b *Buttons) Push(button string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Contains(b.names, button) {
		return fmt.Errorf("pushing %q: there is no such button; there are %v", button, b.names)
	}
	if _, held := b.down[button]; held {
		return nil
	}
	now := time.Now()
	b.down[button] = now
	switch {
	case !b.running:
		return fmt.Errorf("pushing %q: nobody listens; start Run first", button)
	case b.lost:
		return fmt.Errorf("pushing %q: %w; plug the buttons in again", button, device.ErrLost)
	}
	b.seen = now
	select {
	case b.presses <- device.Press{Button: button, At: now}:
		b.count.Presses++
		b.gripped = append(b.gripped, button)
		b.move()
		return nil
	default:
		return fmt.Errorf("pushing %q: %d presses wait already; let the listener catch up", button, keptPresses)
	}
}

// Release lets a button go.
func (b *Buttons) Release(button string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Contains(b.names, button) {
		return fmt.Errorf("releasing %q: there is no such button; there are %v", button, b.names)
	}
	delete(b.down, button)
	b.ungrip(button)
	b.move()
	return nil
}

// move tells Run that a contact moved. A notice that it has yet to take stands
// for this one too.
func (b *Buttons) move() {
	select {
	case b.moved <- struct{}{}:
	default:
	}
}

// Unplug takes the buttons away, and Replug brings them back. Nobody knows of
// a lost button whether it is held.
func (b *Buttons) Unplug() { b.set(func() { b.lost, b.gripped, b.gripTold = true, nil, false }) }

// Replug ends what Unplug began.
func (b *Buttons) Replug() {
	b.set(func() {
		if b.lost {
			b.count.Retries++
		}
		b.lost, b.seen = false, time.Now()
	})
}

func (b *Buttons) set(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
}

// Status is ready while Run runs, unless unplugged or held for too long.
func (b *Buttons) Status() device.Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := device.Status{Name: b.name, State: device.StateReady, Seen: b.seen, Detail: "simulated", Count: b.count}
	switch {
	case b.seen.IsZero():
		s.State = device.StateUnknown
	case b.lost:
		s.State, s.Faults = device.StateLost, []device.Fault{device.FaultUnplugged}
	default:
		for _, name := range b.names {
			if since, held := b.down[name]; held && time.Since(since) >= b.stuck {
				s.State, s.Faults = device.StateDegraded, []device.Fault{device.FaultStuck}
				s.Detail = name + ": held down; free it"
			}
		}
	}
	return s
}

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

// Lamps record what they are told to show. They implement device.Lamps. All
// methods may be called from anywhere.
type Lamps struct {
	names []string

	mu    sync.Mutex
	shown []Shown
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

// A Shown is one light that a lamp was told to show.
type Shown struct {
	Lamp  string
	Light device.Light
	At    time.Time
}

// historyKept bounds what Lamps remember; older entries are forgotten.
const historyKept = 1024

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
		all = append(all, device.Status{Name: name, State: device.StateReady, Detail: "simulated"})
	}
	return all
}

// Show records the light. An unknown lamp gives an error that Is
// device.ErrNoLamp.
func (l *Lamps) Show(name string, show device.Light) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.Contains(l.names, name) {
		return fmt.Errorf("showing a light on %q: %w", name, device.ErrNoLamp)
	}
	if len(l.shown) == historyKept {
		l.shown = slices.Delete(l.shown, 0, historyKept/2)
	}
	now := time.Now()
	l.shown = append(l.shown, Shown{Lamp: name, Light: show, At: now})
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

// History is everything a lamp was told to show, oldest first, up to a bound.
func (l *Lamps) History(lamp string) []Shown {
	l.mu.Lock()
	defer l.mu.Unlock()
	var of []Shown
	for _, s := range l.shown {
		if s.Lamp == lamp {
			of = append(of, s)
		}
	}
	return of
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

var (
	_ device.Buttons = (*Buttons)(nil)
	_ device.Lamps   = (*Lamps)(nil)
)
