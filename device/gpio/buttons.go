package gpio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"eliminacode/device"
	"eliminacode/device/contact"
	"eliminacode/device/keep"
	"eliminacode/device/lamp"
)

const (
	// idleWait is how often a resting line is looked at without an edge: a lost
	// one costs at most so long.
	idleWait = time.Second
	// edgeWait is how long a button waits for an edge at a time. A pin whose
	// wait cannot be ended from outside delays the end of Run by as much.
	edgeWait = 30 * time.Second
	// changesKept bounds what waits for the caller. When it is full the buttons
	// wait too: a press that was accepted is never dropped.
	changesKept = 16
)

// A Pin is one input line, as this package needs it. One goroutine at a time
// uses it, but that Closed and Wake are called during a WaitForEdge as well.
type Pin interface {
	// Closed reads the level: true when the contact is closed, that is when
	// the line is low. An error means that the line is lost.
	Closed() (bool, error)
	// WaitForEdge waits until the line may have moved, at most for timeout,
	// which is positive. True is only a hint to read the level; false may mean
	// anything.
	WaitForEdge(timeout time.Duration) bool
	// Wake ends a WaitForEdge that is under way; one that has yet to begin may
	// not hear of it.
	Wake()
	// Close gives the line back.
	Close() error
}

// A ButtonLine says which button hangs on which line.
type ButtonLine struct {
	Name string // reported in presses
	Line string // as the kernel names it
}

// ButtonsConfig is what Buttons need to know.
type ButtonsConfig struct {
	Name    string // of the whole set, shown in its status
	Buttons []ButtonLine
	// Open opens a line, with its pull-up on; Chip.Input does.
	Open   func(line string) (Pin, error)
	Settle time.Duration // rest that counts; default 20 ms
	Stuck  time.Duration // held so long is reported as stuck; default 30 s
	Log    *slog.Logger  // default none
}

// Buttons are push buttons on GPIO lines. They implement device.Buttons.
type Buttons struct {
	cfg ButtonsConfig

	health []*keep.Health // as cfg.Buttons
	stuck  []atomic.Bool  // as cfg.Buttons: held for too long
}

// A change is what became of one button, on its way to the caller.
type change struct {
	event  contact.Event
	button string
	at     time.Time // when its contact closed, of contact.Pressed
}

// NewButtons checks the settings and makes the buttons; it opens nothing.
func NewButtons(cfg ButtonsConfig) (*Buttons, error) {
	cfg.Name = cmp.Or(cfg.Name, "buttons")
	cfg.Settle = cmp.Or(cfg.Settle, 20*time.Millisecond)
	cfg.Stuck = cmp.Or(cfg.Stuck, 30*time.Second)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	var faults []error
	if cfg.Open == nil {
		faults = append(faults, errors.New("no way to open a line is given; pass Chip.Input"))
	}
	if cfg.Settle < 0 || cfg.Stuck < cfg.Settle {
		faults = append(faults, fmt.Errorf("a rest of %v and stuck after %v make no sense; give a longer second one", cfg.Settle, cfg.Stuck))
	}
	names, lines := map[string]bool{}, map[string]bool{}
	for _, b := range cfg.Buttons {
		if names[b.Name] || lines[b.Line] {
			faults = append(faults, fmt.Errorf("button %s on line %s is there twice; give each a name and a line of its own", b.Name, b.Line))
		}
		names[b.Name], lines[b.Line] = true, true
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("setting up buttons: %w", err)
	}
	all := &Buttons{cfg: cfg, stuck: make([]atomic.Bool, len(cfg.Buttons))}
	for _, b := range cfg.Buttons {
		all.health = append(all.health, keep.NewHealth("button", b.Name, cfg.Log))
	}
	return all, nil
}

// Run reports presses until ctx ends; it then returns nil at once, or when the
// call of press that is under way does. Lines that are not there are tried for
// again and shown in Status.
func (b *Buttons) Run(ctx context.Context, press func(device.Press)) error {
	changes, ended := make(chan change, changesKept), make(chan struct{})
	rests := make([]rest, len(b.cfg.Buttons))
	var all, glances sync.WaitGroup
	for i := range b.cfg.Buttons {
		all.Go(func() {
			keep.Using(ctx, keep.Soldered,
				func() (bool, error) { return b.watch(ctx, i, &rests[i], changes) },
				func(err error) { b.lost(ctx, i, err, changes) })
		})
	}
	glances.Go(func() { b.glances(ctx, rests, ended) })
	go func() { all.Wait(); close(ended); glances.Wait(); close(changes) }()
	b.report(ctx, changes, press)
	return nil
}

// report hands presses and grips to the caller until changes is closed. A grip
// is told only when nothing waits that might have ended it.
func (b *Buttons) report(ctx context.Context, changes <-chan change, press func(device.Press)) {
	var together contact.Grip
	due := time.NewTimer(lamp.Never)
	defer due.Stop()
	for {
		select {
		case c, more := <-changes:
			if !more {
				return
			}
			if c.event != contact.Pressed {
				together.Open(c.button)
				break
			}
			together.Close(c.button, c.at)
			// A press that was accepted as the box stops is still somebody's,
			// but its ticket could not be printed any more.
			if ctx.Err() == nil {
				press(device.Press{Button: c.button, At: c.at})
			}
		case now := <-due.C:
			if len(changes) > 0 {
				break
			}
			if held := together.Take(now); held != nil && ctx.Err() == nil {
				b.cfg.Log.Info("two buttons are held together", "device", b.cfg.Name, "buttons", held)
				press(device.Press{Held: held, At: now})
			}
		}
		left := lamp.Never
		if at, ok := together.Due(); ok {
			left = max(time.Until(at), 0)
		}
		due.Reset(left)
	}
}

// watch opens one button's line and follows it until ctx ends or it is lost.
func (b *Buttons) watch(ctx context.Context, i int, at *rest, changes chan<- change) (opened bool, err error) {
	pin, err := b.cfg.Open(b.cfg.Buttons[i].Line)
	if err != nil {
		return false, err
	}
	at.open(pin)
	err = b.follow(ctx, i, pin, at, changes)
	at.shut()
	return true, errors.Join(err, pin.Close())
}

// lost notes that nobody knows any more whether a button is held.
func (b *Buttons) lost(ctx context.Context, i int, err error, changes chan<- change) {
	b.health[i].Lost(err)
	b.stuck[i].Store(false)
	send(ctx, changes, change{event: contact.Released, button: b.cfg.Buttons[i].Name})
}

// follow reports what an open line's contact does until ctx ends (nil) or the
// line is lost.
func (b *Buttons) follow(ctx context.Context, i int, pin Pin, at *rest, changes chan<- change) error {
	debounced := contact.NewDebouncer(b.cfg.Settle, b.cfg.Stuck)
	hint := false
	for ctx.Err() == nil {
		closed, err := pin.Closed()
		if err != nil {
			return err
		}
		now := time.Now()
		event := debounced.Sample(now, closed)
		b.note(i, now, event, debounced.Bounced(hint))
		if event != contact.Nothing {
			send(ctx, changes, change{event: event, button: b.cfg.Buttons[i].Name, at: debounced.ClosedAt()})
		}
		wait := debounced.Wait(now, edgeWait)
		if !debounced.Settled() {
			keep.Sleep(ctx, wait)
			hint = false
			continue
		}
		if hint {
			// The edge changed nothing. Under a storm of them the line is read
			// at this pace and no faster.
			keep.Sleep(ctx, debounced.Step())
		}
		var woken bool
		hint, woken = at.wait(pin, closed, wait)
		if waited := time.Since(now); !hint && !woken && waited < wait {
			// A wait that ends early by itself has failed; it must not become
			// a spinning loop.
			keep.Sleep(ctx, min(max(wait/2-waited, debounced.Step()), idleWait))
		}
	}
	return nil
}

// send hands a change on, unless ctx ends first.
func send(ctx context.Context, changes chan<- change, c change) {
	select {
	case changes <- c:
	case <-ctx.Done():
	}
}

// note remembers a look at a line and says what is worth a line of log.
func (b *Buttons) note(i int, now time.Time, event contact.Event, bounced bool) {
	b.health[i].Seen(now)
	if event == contact.Pressed || bounced {
		b.health[i].Count(func(c *device.Counters) {
			if event == contact.Pressed {
				c.Presses++
			}
			if bounced {
				c.Bounces++
			}
		})
	}
	name := b.cfg.Buttons[i].Name
	switch {
	case event == contact.Stuck:
		b.stuck[i].Store(true)
		b.cfg.Log.Warn("button is stuck: free it, or look for a short circuit", "device", name, "held", b.cfg.Stuck)
	case event == contact.Released && b.stuck[i].Swap(false):
		b.cfg.Log.Info("button is free again", "device", name)
	}
}

// Status is the health of the whole set: lost when no button works, degraded
// when some are lost or stuck. Detail names them.
func (b *Buttons) Status() device.Status {
	set := device.Status{Name: b.cfg.Name, State: device.StateReady}
	var details []string
	lost, untried := 0, 0
	for i, h := range b.health {
		one := h.Status()
		if one.Seen.After(set.Seen) {
			set.Seen = one.Seen
		}
		set.Count.Presses += one.Count.Presses
		set.Count.Bounces += one.Count.Bounces
		// A chip that went away took all its lines with it, once.
		set.Count.Retries = max(set.Count.Retries, one.Count.Retries)
		switch {
		case one.State == device.StateUnknown:
			untried++
		case one.State == device.StateLost:
			lost++
			set.Faults = addFault(set.Faults, one.Faults[0])
			details = append(details, one.Name+": "+one.Detail)
		case b.stuck[i].Load():
			set.Faults = addFault(set.Faults, device.FaultStuck)
			details = append(details, one.Name+": held down; free it")
		}
	}
	set.Detail = strings.Join(details, "; ")
	switch {
	case len(b.health) > 0 && lost == len(b.health):
		set.State = device.StateLost
	case untried > 0:
		set.State = device.StateUnknown
	case len(set.Faults) > 0:
		set.State = device.StateDegraded
	}
	return set
}

// addFault adds a fault once and keeps the worst first: a lost line, one that
// may not be had, a stuck one.
func addFault(faults []device.Fault, fault device.Fault) []device.Fault {
	worst := []device.Fault{device.FaultUnplugged, device.FaultDenied, device.FaultInUse, device.FaultStuck}
	if !slices.Contains(faults, fault) {
		faults = append(faults, fault)
	}
	slices.SortFunc(faults, func(a, b device.Fault) int { return cmp.Compare(slices.Index(worst, a), slices.Index(worst, b)) })
	return faults
}

var _ device.Buttons = (*Buttons)(nil)

// A rest is a line whose button waits for an edge, as the glances see it.
type rest struct {
	mu      sync.Mutex
	pin     Pin  // nil while the line is closed
	waiting bool // for an edge, with the contact at rest
	closed  bool // where the contact rests
	woken   bool // a glance ended the wait
}

// open lets glances look at a line until shut.
func (r *rest) open(pin Pin) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pin, r.waiting, r.woken = pin, false, false
}

func (r *rest) shut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pin = nil
}

// wait waits for an edge of a contact that rests closed, or open. woken says
// that a glance ended the wait: there is something to see.
func (r *rest) wait(pin Pin, closed bool, timeout time.Duration) (edge, woken bool) {
	r.mu.Lock()
	r.waiting, r.closed, r.woken = true, closed, false
	r.mu.Unlock()
	edge = pin.WaitForEdge(timeout)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = false
	return edge, r.woken
}

// glance looks at the line if its contact rests, and ends the wait when the
// level is another one or cannot be read. seen says that all is as it was.
func (r *rest) glance() (seen bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pin == nil || !r.waiting {
		return false
	}
	if closed, err := r.pin.Closed(); err == nil && closed == r.closed {
		return true
	}
	r.woken = true
	r.pin.Wake()
	return false
}

// wake ends a wait, whatever the level.
func (r *rest) wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pin != nil && r.waiting {
		r.woken = true
		r.pin.Wake()
	}
}

// wakeAgain is how often a wait is ended anew while Run stops: a wake that
// comes a moment before the wait is lost.
const wakeAgain = 20 * time.Millisecond

// glances looks at all lines that rest, once every idleWait and all at one
// instant, so that a resting panel wakes the processor once for all of them. It
// ends when all buttons have, which it hastens once ctx ends.
func (b *Buttons) glances(ctx context.Context, rests []rest, ended <-chan struct{}) {
	tick := time.NewTimer(keep.UntilBeat(time.Now(), idleWait))
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case now := <-tick.C:
			tick.Reset(keep.UntilBeat(now, idleWait))
			for i := range rests {
				if rests[i].glance() {
					b.health[i].Seen(now)
				}
			}
		case <-ctx.Done():
		}
	}
	for {
		for i := range rests {
			rests[i].wake()
		}
		tick.Reset(wakeAgain)
		select {
		case <-ended:
			return
		case <-tick.C:
		}
	}
}
