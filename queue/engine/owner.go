package engine

import (
	"context"
	"fmt"
	"time"

	"eliminacode/queue"
)

// owner is the goroutine that owns the state. The tip is the state after every
// command decided so far; the published state lags behind it by the groups
// that are not yet synced: one under way, and one that gathers meanwhile.
type owner struct {
	*Engine
	tip       *queue.State
	underWay  *group
	gathering group
	write     chan []queue.Event
	synced    chan error
}

// A group is the commands that share one sync.
type group struct {
	events  []queue.Event
	state   *queue.State // after them
	waiters []waiter
}

type waiter struct {
	request
	answer answer
}

// start puts the program's start on disk before anything is answered.
func (o *owner) start() error {
	now := o.cfg.Now()
	state, events, err := o.tip.Step(now, queue.StartUp{Version: o.cfg.Version, Journal: o.cfg.JournalID})
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
		o.commit()
		requests := o.requests
		if len(o.gathering.waiters) >= groupMost {
			requests = nil
		}
		select {
		case r := <-requests:
			o.decide(r)
			o.gather()
		case err := <-o.synced:
			if err := o.settle(err); err != nil {
				return err
			}
		case <-due.C:
			o.decide(request{command: queue.Tick{}})
		case <-ctx.Done():
			return o.finish()
		}
		o.sleep(due)
	}
}

// gather decides what else has come already, so that it shares the next sync.
func (o *owner) gather() {
	for len(o.gathering.waiters) < groupMost {
		select {
		case r := <-o.requests:
			o.decide(r)
		default:
			return
		}
	}
}

// decide works a command out on the tip. What causes no event is answered as
// soon as the state it rests on is on disk.
func (o *owner) decide(r request) {
	now := o.cfg.Now()
	opened := o.openDay(now)
	state, events, err := o.tip.Step(now, r.command)
	o.gathering.events = append(append(o.gathering.events, opened...), events...)
	o.tip = state
	w := waiter{request: r, answer: answer{state: state, events: events, err: err}}
	switch {
	case len(o.gathering.events) > 0:
		o.gathering.state = state
		o.gathering.waiters = append(o.gathering.waiters, w)
	case o.underWay != nil:
		o.underWay.waiters = append(o.underWay.waiters, w)
	default:
		w.reply()
	}
}

// openDay opens the business day if it is time, on the tip.
func (o *owner) openDay(now queue.Now) []queue.Event {
	if !o.tip.NeedsDay(now) {
		return nil
	}
	plan, err := o.cfg.Plan(o.tip.Setup(), o.tip.OfficeTime(now))
	if err == nil {
		var events []queue.Event
		var state *queue.State
		if state, events, err = o.tip.Step(now, queue.OpenDay{Plan: plan}); err == nil {
			o.tip = state
			return events
		}
	}
	o.cfg.Log.Error("the business day cannot be opened; correct the opening hours", "err", err)
	return nil
}

// commit hands the gathered group to the disk, if the disk is free.
func (o *owner) commit() {
	if o.underWay != nil || len(o.gathering.events) == 0 {
		return
	}
	g := o.gathering
	o.underWay, o.gathering = &g, group{}
	o.write <- g.events
}

// settle ends the group under way.
func (o *owner) settle(err error) error {
	g := o.underWay
	o.underWay = nil
	switch {
	case err == nil:
		o.publish(g.state)
		for _, w := range g.waiters {
			w.reply()
		}
		return nil
	case o.cfg.NothingWritten(err):
		o.cfg.Log.Error("the journal refused to write; commands are refused until it can", "err", err)
		for _, w := range g.waiters {
			w.refuse(err)
		}
		o.redecide()
		return nil
	default:
		err = fmt.Errorf("%w: %w", ErrJournal, err)
		o.cfg.Log.Error("writing the journal failed", "err", err)
		for _, w := range append(g.waiters, o.gathering.waiters...) {
			w.refuse(err)
		}
		return err
	}
}

// redecide works the gathered commands out again, on the state that is on disk.
func (o *owner) redecide() {
	again := o.gathering.waiters
	o.gathering = group{}
	o.tip = o.newest.Load().state
	for _, w := range again {
		o.decide(w.request)
	}
}

// finish stops accepting and waits for the disk.
func (o *owner) finish() error {
	for {
		o.commit()
		if o.underWay == nil {
			return nil
		}
		if err := o.settle(<-o.synced); err != nil {
			return err
		}
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

func (w waiter) reply() {
	if w.request.answer != nil {
		w.request.answer <- w.answer
	}
}

func (w waiter) refuse(err error) {
	w.answer = answer{err: err}
	w.reply()
}
