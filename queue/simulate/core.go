package simulate

import (
	"fmt"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

// A Core drives a World against the bare rules, without engine, journal or
// printer: it opens days and sends ticks as the engine does. Its clock is right
// until Wake or Step makes it wrong; the people go on living by the true time.
type Core struct {
	// Sink gets the events of each command and the office after them; it may
	// be nil. Commands that caused none are not reported.
	Sink func(s *queue.State, events []queue.Event)

	state *queue.State
	now   queue.Now
	act   Do    // how the people's commands are carried out: Do, but for an office that is wrong on purpose
	wrong int64 // how far the box's wall clock is ahead of the truth
}

// NewCore sets up an office at an office time in milliseconds since 1970 UTC.
func NewCore(setup queue.Setup, officeMs int64, sink func(*queue.State, []queue.Event)) (*Core, error) {
	c := &Core{
		Sink:  sink,
		state: &queue.State{}, now: queue.Now{Wall: officeMs, Boot: "sim-1", Mono: 60_000, Synced: true},
	}
	c.act = c.Do
	plan, err := calendar.Plan(setup, officeMs)
	if err != nil {
		return nil, fmt.Errorf("setting up the office: %w", err)
	}
	manager := queue.Cause{Kind: queue.ByManager}
	for _, cmd := range []queue.Command{
		queue.StartUp{Version: "simulated", Journal: "simulated"},
		queue.ChangeSetup{By: manager, Setup: setup, Plan: plan},
	} {
		if _, _, err := c.step(c.now, cmd); err != nil {
			return nil, fmt.Errorf("setting up the office: %w", err)
		}
	}
	return c, nil
}

// State is the office as it is.
func (c *Core) State() *queue.State { return c.state }

// Now is the instant of the last step.
func (c *Core) Now() queue.Now { return c.now }

// Do carries a command out; it is the Do of the world. A day is opened first
// where one is needed, except for a tick: a closed day stays closed until
// somebody wants something.
func (c *Core) Do(now queue.Now, cmd queue.Command) (*queue.State, []queue.Event, error) {
	var opened []queue.Event
	if _, tick := cmd.(queue.Tick); !tick && c.state.NeedsDay(now) {
		plan, err := calendar.Plan(c.state.Setup(), c.state.OfficeTime(now))
		if err != nil {
			return c.state, nil, fmt.Errorf("opening the day: %w", err)
		}
		open := queue.OpenDay{Plan: plan}
		if began, ok := c.state.Began(now); ok {
			if open.Began, err = calendar.Plan(c.state.Setup(), began); err != nil {
				return c.state, nil, fmt.Errorf("dating the day: %w", err)
			}
		}
		if _, opened, err = c.step(now, open); err != nil {
			return c.state, nil, err
		}
	}
	state, events, err := c.step(now, cmd)
	return state, append(opened, events...), err
}

func (c *Core) step(now queue.Now, cmd queue.Command) (*queue.State, []queue.Event, error) {
	state, events, err := c.state.Step(now, cmd)
	if err != nil {
		return c.state, nil, err
	}
	c.state = state
	if len(events) > 0 && c.Sink != nil {
		c.Sink(state, events)
	}
	return state, events, nil
}

// Run lets the world live until an office time, or to its own end; 0 is only
// that. It may be called again with a later time.
func (c *Core) Run(w *World, until int64) error {
	barren := false // the last tick did nothing, and nobody has acted since
	for {
		at, ok := w.Next()
		if !ok || until > 0 && at > until {
			return nil
		}
		if due, ticks := c.state.Due(c.now); ticks && !barren && c.True()+due < at {
			c.forward(c.True() + due)
			_, events, err := c.Do(c.now, queue.Tick{})
			if err != nil {
				return fmt.Errorf("ticking: %w", err)
			}
			barren = len(events) == 0
			continue
		}
		barren = false
		c.forward(at)
		if err := w.actBy(c.True(), c.now, c.act); err != nil {
			return err
		}
	}
}

// True is the office time by a watch that is right; a correction of the clock
// by a person counts as right.
func (c *Core) True() int64 { return c.officeTime() - c.wrong }

func (c *Core) officeTime() int64 { return c.state.OfficeTime(c.now) }

// forward lets time go by until the true time, never back.
func (c *Core) forward(until int64) {
	if by := until - c.True(); by > 0 {
		c.now.Wall += by
		c.now.Mono += by
	}
}

// Wake is a power cut of outageMs milliseconds and the start after it: another
// boot, whose monotonic clock begins anew, with a wall clock that reads wrongMs
// more than the truth, and is known to be right or not.
func (c *Core) Wake(outageMs, wrongMs int64, synced bool) error {
	_, err := c.boot(c.now.Wall-c.wrong+max(0, outageMs), wrongMs, synced)
	if err == nil {
		_, _, err = c.step(c.now, queue.StartUp{Version: "simulated"})
	}
	return err
}

// WakeElsewhere is Wake on another box, to which the journal came as a copy: there
// is no correction of its clock.
func (c *Core) WakeElsewhere(outageMs, wrongMs int64, synced bool) error {
	name, err := c.boot(c.True()+max(0, outageMs), wrongMs, synced)
	if err == nil {
		_, _, err = c.step(c.now, queue.StartUp{Version: "simulated", Journal: "after " + name, Restored: &queue.Restoration{}})
	}
	return err
}

// boot begins another boot at the true reading of its wall clock.
func (c *Core) boot(wall, wrongMs int64, synced bool) (name string, err error) {
	var boot int
	if _, err := fmt.Sscanf(c.now.Boot, "sim-%d", &boot); err != nil {
		return "", fmt.Errorf("restarting after boot %q: %w", c.now.Boot, err)
	}
	name, c.wrong = fmt.Sprintf("sim-%d", boot+1), wrongMs
	c.now = queue.Now{Wall: wall + wrongMs, Boot: name, Mono: 20_000, Synced: synced}
	return name, nil
}

// Step sets the wall clock so that it reads wrongMs more than the truth, as a
// time server or its loss does; no time goes by.
func (c *Core) Step(wrongMs int64, synced bool) {
	c.now.Wall += wrongMs - c.wrong
	c.now.Synced = synced
	c.wrong = wrongMs
}
