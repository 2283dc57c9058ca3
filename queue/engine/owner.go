package engine

import (
	"context"
	"fmt"
	"time"

	"eliminacode/queue"
)

// owner is the goroutine that owns the state. It decides all commands that
// have come, in order, each on the state that the one before made, puts their
// events on disk with one sync, and then answers all of them. What comes
// during the sync waits in the channel and shares the next one. The tip is
// ahead of the published state only between deciding and syncing.
type owner struct {
	*Engine
	tip     *queue.State
	events  []queue.Event
	waiters []waiter
}

// A waiter is a caller, and what it will be told once the disk agrees. Even a
// refusal waits: it rests on the events decided before it.
type waiter struct {
	to     chan<- answer // nil for nobody
	answer answer
}

// start puts the program's start on disk before anything is answered.
func (o *owner) start() error {
	state, events, err := o.tip.Step(o.cfg.Now(), queue.StartUp{Version: o.cfg.Version, Journal: o.cfg.JournalID})
	if err != nil {
		return fmt.Errorf("recording the start: %w", err)
	}
	if err := o.cfg.Journal.Append(events); err != nil {
		return fmt.Errorf("recording the start: %w", err)
	}
	o.tip = state
	o.publish(state)
	close(o.ready)
	return nil
}

func (o *owner) run(ctx context.Context) error {
	due := time.NewTimer(0)
	defer due.Stop()
	for {
		select {
		case r := <-o.requests:
			o.decide(r)
			o.gather()
		case <-due.C:
			o.decide(request{command: queue.Tick{}})
		case <-ctx.Done():
			return nil
		}
		if err := o.commit(); err != nil {
			return err
		}
		o.sleep(due)
	}
}

// gather decides what else has come already.
func (o *owner) gather() {
	for len(o.waiters) < groupMost {
		select {
		case r := <-o.requests:
			o.decide(r)
		default:
			return
		}
	}
}

// decide works a command out on the tip.
func (o *owner) decide(r request) {
	now := o.cfg.Now()
	o.openDay(now)
	state, events, err := o.tip.Step(now, r.command)
	o.tip = state
	o.events = append(o.events, events...)
	o.waiters = append(o.waiters, waiter{to: r.answer, answer: answer{state: state, events: events, err: err}})
}

// openDay opens the business day if it is time.
func (o *owner) openDay(now queue.Now) {
	if !o.tip.NeedsDay(now) {
		return
	}
	plan, err := o.cfg.Plan(o.tip.Setup(), o.tip.OfficeTime(now))
	if err == nil {
		var state *queue.State
		var events []queue.Event
		if state, events, err = o.tip.Step(now, queue.OpenDay{Plan: plan}); err == nil {
			o.tip = state
			o.events = append(o.events, events...)
		}
	}
	if err != nil {
		o.cfg.Log.Error("the business day cannot be opened; correct the opening hours", "err", err)
	}
}

// commit puts what was decided on disk, publishes it and answers. It returns
// an error when nobody knows what the disk holds.
func (o *owner) commit() error {
	var err error
	if len(o.events) > 0 {
		err = o.cfg.Journal.Append(o.events)
	}
	switch {
	case err == nil:
		if len(o.events) > 0 {
			o.publish(o.tip)
		}
	case o.cfg.NothingWritten(err):
		o.cfg.Log.Error("the journal refused to write; commands are refused until it can", "err", err)
		o.tip = o.newest.Load().state
		o.refuse(fmt.Errorf("%w: %w", queue.ErrNotStored, err))
		err = nil
	default:
		err = fmt.Errorf("%w: %w", ErrJournal, err)
		o.cfg.Log.Error("writing the journal failed", "err", err)
		o.refuse(err)
	}
	for _, w := range o.waiters {
		if w.to != nil {
			w.to <- w.answer
		}
	}
	clear(o.waiters)
	// The events were handed out; only the waiters' space is used again.
	o.events, o.waiters = nil, o.waiters[:0]
	return err
}

// refuse tells all that nothing was done.
func (o *owner) refuse(err error) {
	for i := range o.waiters {
		o.waiters[i].answer = answer{err: err}
	}
}

// sleep sets the timer for what happens next by itself.
func (o *owner) sleep(timer *time.Timer) {
	wait := longestSleep
	now := o.cfg.Now()
	if o.tip.NeedsDay(now) {
		// A day that could not be opened is tried again, but not in a spin.
		wait = time.Second
	} else if ms, ok := o.tip.Due(now); ok {
		wait = min(wait, max(time.Millisecond, o.cfg.Real(ms)))
	}
	timer.Reset(wait)
}
