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

	begun   bool // the tip has the program's start
	stored  bool // and so has the disk
	refused spell
	unopen  spell

	// The following are under the lock publishing.
	late      *time.Timer // looks at the sync under way
	looking   bool        // late is to fire
	appending bool
	looks     int // at the sync under way
}

// A waiter is a caller, and what it will be told once the disk agrees. Even a
// refusal waits: it rests on the events decided before it.
type waiter struct {
	request
	answer answer
}

// gone tells whether the caller has given up.
func (r request) gone() bool { return r.ctx != nil && r.ctx.Err() != nil }

// start puts the program's start on disk before anything is answered. On a
// disk that takes nothing the office comes up all the same, shows what it knew
// and refuses commands; the start is then stored with the first one that is
// accepted.
func (o *owner) start() error {
	if err := o.begin(o.cfg.Now()); err != nil {
		return err
	}
	if err := o.commit(); err != nil {
		return err
	}
	close(o.ready)
	return nil
}

// begin decides the program's start, before all else.
func (o *owner) begin(now queue.Now) error {
	if o.begun {
		return nil
	}
	state, events, err := o.tip.Step(now, queue.StartUp{Version: o.cfg.Version, Journal: o.cfg.JournalID, Restored: o.cfg.Restored})
	if err != nil {
		return fmt.Errorf("recording the start: %w", err)
	}
	o.tip, o.begun = state, true
	o.events = append(o.events, events...)
	return nil
}

func (o *owner) run(ctx context.Context) error {
	due := time.NewTimer(0)
	defer due.Stop()
	if o.refused.lasts() {
		o.sleep(due)
	}
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

// decide works a command out on the tip. Who has given up meanwhile gets
// nothing: a citizen who left while the disk did not answer has no use for a
// ticket, and whoever asks again would have two.
func (o *owner) decide(r request) {
	if r.gone() {
		return
	}
	now := o.cfg.Now()
	if err := o.begin(now); err != nil {
		o.waiters = append(o.waiters, waiter{r, answer{err: err}})
		return
	}
	o.openDay(now)
	state, events, err := o.tip.Step(now, r.command)
	o.tip = state
	o.events = append(o.events, events...)
	o.waiters = append(o.waiters, waiter{r, answer{state: state, events: events, err: err}})
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
		open := queue.OpenDay{Plan: plan}
		if began, ok := o.tip.Began(now); ok {
			open.Began, err = o.cfg.Plan(o.tip.Setup(), began)
		}
		if err == nil {
			state, events, err = o.tip.Step(now, open)
		}
		if err == nil {
			o.tip = state
			o.events = append(o.events, events...)
		}
	}
	if err == nil {
		o.unopen.end()
	} else if o.unopen.begins() {
		o.cfg.Log.Error("the business day cannot be opened; correct the opening hours", "err", err)
	}
}

// commit puts what was decided on disk, publishes it and answers. It returns
// an error when nobody knows what the disk holds.
func (o *owner) commit() error {
	var err error
	if len(o.events) > 0 {
		err = o.append(o.events)
	}
	if err == nil {
		err = o.abandon()
	}
	switch {
	case err == nil:
		if len(o.events) > 0 || o.hasRoom() {
			o.written()
		}
	case o.cfg.NothingWritten(err):
		o.notWritten(err)
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
	clear(o.events)
	clear(o.waiters)
	o.events, o.waiters = o.events[:0], o.waiters[:0]
	return err
}

// abandon takes the tickets back whose callers gave up while the disk did not
// answer, before anybody sees them: a press was refused by then, and its citizen
// has left or pressed again. Who named the request may ask for the ticket yet.
func (o *owner) abandon() error {
	before := o.tip
	var events []queue.Event
	for _, w := range o.waiters {
		issue, ok := w.command.(queue.IssueTicket)
		ticket := queue.IssuedIn(w.answer.events)
		if !ok || issue.Request != "" || ticket == 0 || !w.gone() {
			continue
		}
		state, taken, err := o.tip.Step(o.cfg.Now(), queue.AbandonTicket{Ticket: ticket})
		if err != nil {
			continue // it was called already, by a desk that shared the sync
		}
		o.tip = state
		events = append(events, taken...)
	}
	if len(events) == 0 {
		return nil
	}
	err := o.append(events)
	if err != nil && o.cfg.NothingWritten(err) {
		// What was stored before holds: they are called, and do not come.
		o.tip, err = before, nil
	}
	return err
}

// hasRoom tells whether a disk that took nothing does now, when there is
// nothing to write that would show it.
func (o *owner) hasRoom() bool {
	return o.stored && o.refused.lasts() && o.cfg.Room != nil && o.cfg.Room() == nil
}

// written publishes what the disk has taken.
func (o *owner) written() {
	o.stored = true
	if o.refused.lasts() {
		o.cfg.Log.Info("the journal writes again", "refused", o.refused.times)
		o.refused.end()
	}
	o.publish(published{state: o.tip})
}

// notWritten goes back to what the disk has. That it takes nothing is told
// once, to the log and to the watchers, and not at every command.
func (o *owner) notWritten(err error) {
	o.tip, o.begun = o.newest.Load().state, o.stored
	o.refuse(fmt.Errorf("%w: %w", queue.ErrNotStored, err))
	if o.refused.begins() {
		o.cfg.Log.Error("the journal refused to write; commands are refused until it can", "err", err)
		o.publish(published{state: o.tip, refuses: err})
	}
}

// refuse tells all that nothing was done.
func (o *owner) refuse(err error) {
	for i := range o.waiters {
		o.waiters[i].answer = answer{err: err}
	}
}

// sleep sets the timer for what happens next by itself. What the disk refuses,
// and a day that could not be opened, are tried again ever more seldom: each
// try costs a write or a line on a disk that may be full.
func (o *owner) sleep(timer *time.Timer) {
	wait := longestSleep
	now := o.cfg.Now()
	if o.refused.lasts() {
		wait = o.refused.pause()
	} else if o.tip.NeedsDay(now) {
		wait = o.unopen.pause()
	} else if ms, ok := o.tip.Due(now); ok {
		wait = min(wait, max(time.Millisecond, o.cfg.Real(ms)))
	}
	timer.Reset(wait)
}

// A spell is a fault that comes again at every try while it lasts.
type spell struct{ times int }

// begins counts another time and tells whether it is the first.
func (s *spell) begins() bool {
	s.times++
	return s.times == 1
}

func (s *spell) lasts() bool { return s.times > 0 }

func (s *spell) end() { s.times = 0 }

// pause is how long to wait before the next try.
func (s *spell) pause() time.Duration {
	return min(longestSleep, time.Second<<min(s.times, 6)/2)
}

// hangsAfter is how long a sync may take before people are told to wait: a card
// that cleans up takes a second or two. It is counted in looks, so that the time in
// which the whole machine stood still is not the disk's.
const (
	hangsAfter = 3 * time.Second
	hangLooks  = 6
)

// append puts events on disk. That the disk lets it wait is told to the log and
// to the watchers once it takes too long, since nothing else can be: no command
// is answered meanwhile.
func (o *owner) append(events []queue.Event) error {
	began := time.Now()
	o.publishing.Lock()
	o.appending, o.looks = true, 0
	o.look()
	o.publishing.Unlock()
	err := o.cfg.Journal.Append(events)
	o.publishing.Lock()
	o.appending = false
	p := *o.newest.Load()
	o.publishing.Unlock()
	if p.hangs {
		o.cfg.Log.Warn("the disk answers again", "took", time.Since(began).Round(time.Millisecond))
		p.hangs = false
		o.publish(p)
	}
	return err
}

// look has the sync looked at after a while. The timer is not stopped after each
// sync and set again for the next: one that is set wakes a thread, which is dear
// beside a press.
func (o *owner) look() {
	if o.looking {
		return
	}
	o.looking = true
	if o.late == nil {
		o.late = time.AfterFunc(hangsAfter/hangLooks, o.hang)
	} else {
		o.late.Reset(hangsAfter / hangLooks)
	}
}

// hang looks at a sync that is still under way, and tells when it takes too long.
// The first look may come as soon as the sync has begun, and does not count.
func (o *owner) hang() {
	o.publishing.Lock()
	defer o.publishing.Unlock()
	o.looking = false
	if !o.appending {
		return
	}
	if o.looks++; o.looks <= hangLooks {
		o.look()
		return
	}
	o.cfg.Log.Error("the disk does not answer; commands wait until it does", "for", hangsAfter)
	p := *o.newest.Load()
	p.hangs = true
	o.replace(p)
}
