package notify

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
)

// Run delivers until ctx ends, and returns when every delivery has ended. It
// writes down how far each hook has come.
func (s *Sender) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		s.mu.Lock()
		changed := s.changed
		rounds := map[string]int{}
		for _, l := range s.hooks {
			if !l.Hook.Disabled {
				rounds[l.Hook.ID] = l.Round
			}
		}
		s.mu.Unlock()
		round, cancel := context.WithCancel(ctx)
		var all sync.WaitGroup
		for id, n := range rounds {
			all.Go(func() { s.work(round, id, n) })
		}
		all.Go(func() { s.ageDaily(round) })
		select {
		case <-ctx.Done():
		case <-changed:
		}
		cancel()
		all.Wait()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unkept {
		return s.keep()
	}
	return nil
}

// A worker delivers to one hook.
type worker struct {
	*Sender
	id     string
	round  int
	hook   Hook
	client *http.Client
}

// work delivers to a hook until ctx ends, or the hook is switched off or changed.
func (s *Sender) work(ctx context.Context, id string, round int) {
	w := worker{Sender: s, id: id, round: round}
	l, ok := w.now()
	if !ok {
		return
	}
	w.hook, w.client = l.Hook, newClient(l.Hook.scheme(), l.Hook.OnBox)
	defer w.client.CloseIdleConnections()
	if !w.sameJournal(ctx, l) {
		return
	}
	for ctx.Err() == nil {
		state, newer := s.cfg.Watch()
		wait, ok := w.step(ctx, state)
		if !ok {
			return
		}
		var timer <-chan time.Time
		if wait == 0 {
			continue
		}
		if left := s.flush(); left > 0 && (wait < 0 || left < wait) {
			wait = left
		}
		if wait > 0 {
			timer = time.After(wait)
		}
		select {
		case <-ctx.Done():
		case <-timer:
		case <-newer:
		}
	}
}

// ageDaily lets the logs grow older with each day, until ctx ends.
func (s *Sender) ageDaily(ctx context.Context) {
	for ctx.Err() == nil {
		state, newer := s.cfg.Watch()
		s.age(state)
		var again <-chan time.Time
		if left := s.flush(); left > 0 {
			again = time.After(left)
		}
		select {
		case <-ctx.Done():
		case <-newer:
		case <-again:
		}
	}
}

// flush writes down what was not yet, if it is time; it answers how long until
// then, or 0.
func (s *Sender) flush() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.unkept {
		return 0
	}
	if left := keepEvery - time.Since(s.kept); left > 0 {
		return left
	}
	if err := s.keep(); err != nil {
		s.cfg.Log.Error("keeping the webhooks", "err", err)
	}
	return 0
}

// now is a copy of the hook's line; false when it was changed or taken away.
func (w *worker) now() (line, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.find(w.id)
	if l == nil || l.Round != w.round || l.Hook.Disabled {
		return line{}, false
	}
	c := *l
	c.Pending = slices.Clone(l.Pending)
	return c, true
}

// change changes the hook's line, which is written down within keepEvery; false
// when it is not there any more.
func (w *worker) change(change func(l *line)) bool {
	w.mu.Lock()
	l := w.find(w.id)
	there := l != nil && l.Round == w.round
	if there {
		change(l)
		w.unkept = true
		there = !l.Hook.Disabled
	}
	w.mu.Unlock()
	w.flush()
	return there
}

// pass goes over an event that the hook is not told. It is not worth a write: a
// restart goes over it again.
func (w *worker) pass(seq uint64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.find(w.id)
	if l == nil || l.Round != w.round {
		return false
	}
	l.Next = seq + 1
	return true
}

// sameJournal goes on in another journal, after a backup was put back: from where
// that one began, since what came later is not in it.
func (w *worker) sameJournal(ctx context.Context, l line) bool {
	state, _ := w.cfg.Watch()
	if l.Journal == state.Journal() {
		return true
	}
	next := min(l.Next, state.Seq()+1)
	for e, err := range w.cfg.Events.Since(1) {
		if err != nil || ctx.Err() != nil {
			w.cfg.Log.Error("reading the journal for a webhook", "hook", w.hook.Name, "err", errors.Join(err, ctx.Err()))
			return false
		}
		if _, began := e.Body.(queue.JournalBegun); began {
			next = min(l.Next, e.Seq)
		}
	}
	return w.change(func(l *line) { l.Journal, l.Next, l.Pending = state.Journal(), next, nil })
}

// step delivers what is due. It answers how long until there is more to do: 0 at
// once, less than 0 when something has to happen first.
func (w *worker) step(ctx context.Context, state *queue.State) (wait time.Duration, ok bool) {
	l, ok := w.now()
	if !ok {
		return 0, false
	}
	now := time.Now()
	wait = -1
	for _, p := range l.Pending {
		if left := p.Due.Sub(now); left <= 0 {
			return 0, w.again(ctx, state, p)
		} else if wait < 0 || left < wait {
			wait = left
		}
	}
	if l.Next > state.Seq() || len(l.Pending) >= MostPending {
		return wait, true
	}
	if left := l.rest.Sub(now); left > 0 {
		if wait < 0 || left < wait {
			wait = left
		}
		return wait, true
	}
	return 0, w.fresh(ctx, state, l.Next)
}

// again tries an event that failed before. One that is told otherwise by now, since
// its day is over, may be of a kind that the receiver does not want.
func (w *worker) again(ctx context.Context, state *queue.State, p pending) bool {
	for e, err := range w.told(state, p.Seq) {
		if err != nil {
			break
		}
		if !w.hook.wants(e.Kind) {
			break
		}
		return w.attempt(ctx, e, p.Tried+1)
	}
	// What cannot be read cannot be told.
	return w.change(func(l *line) { l.drop(p.Seq) })
}

// fresh tries events that were never tried, until one fails.
func (w *worker) fresh(ctx context.Context, state *queue.State, next uint64) bool {
	began := time.Now()
	for e, err := range w.told(state, next) {
		if err != nil {
			w.cfg.Log.Error("reading the journal for a webhook", "hook", w.hook.Name, "seq", next, "err", err)
			// It is tried again like a receiver that is down.
			return w.change(func(l *line) { l.rest = time.Now().Add(w.cfg.Rest) })
		}
		if ctx.Err() != nil {
			return false
		}
		if !w.hook.wants(e.Kind) {
			if !w.pass(e.Seq) {
				return false
			}
			continue
		}
		if !w.attempt(ctx, e, 1) {
			return false
		}
		l, ok := w.now()
		if !ok {
			return false
		}
		// Those that are to be tried again have their turn.
		if !l.rest.IsZero() && l.rest.After(began) || len(l.Pending) > 0 && time.Since(began) > time.Second {
			return true
		}
	}
	return true
}

// today is the day under way.
func (w *worker) today() int {
	state, _ := w.cfg.Watch()
	return view.Today(state)
}

// told are the events from a sequence on, as programs outside are told of them, up
// to the newest that is published.
func (w *worker) told(state *queue.State, from uint64) func(func(view.Event, error) bool) {
	return func(yield func(view.Event, error) bool) {
		opening, err := w.cfg.Events.Opening(from)
		if err != nil {
			yield(view.Event{}, err)
			return
		}
		teller := view.NewTeller(state.Journal(), w.cfg.Zone, w.today)
		for e, err := range w.cfg.Events.Since(opening) {
			if err != nil {
				yield(view.Event{}, err)
				return
			}
			if e.Seq > state.Seq() {
				return
			}
			if told := teller.Tell(e); e.Seq >= from && !yield(told, nil) {
				return
			}
		}
	}
}

// attempt delivers an event and notes what became of it. An attempt that ends with
// ctx is none: it is made again.
func (w *worker) attempt(ctx context.Context, e view.Event, nth int) bool {
	a, err := deliver(ctx, w.client, w.hook, e, nth)
	if ctx.Err() != nil && !a.OK() {
		return false
	}
	now := time.Now()
	gone := a.Status == http.StatusGone
	a.GaveUp = !a.OK() && (gone || nth > len(w.cfg.Delays))
	if a.GaveUp {
		// Which event it was does not stand beside the time in the log of the box, which
		// is kept when the day is over.
		w.cfg.Log.Warn("a webhook is given up", "hook", w.hook.Name, "fault", a.Fault, "err", err)
	}
	state, _ := w.cfg.Watch()
	today, by := view.Today(state), w.days(state)
	return w.change(func(l *line) {
		l.age(today, by, now, w.cfg.Delays)
		l.Next = max(l.Next, e.Seq+1)
		l.drop(e.Seq)
		l.log(a, e.Over(today), by)
		switch {
		case a.OK():
			l.rest = time.Time{}
		case gone:
			l.Hook.Disabled = true
		case !a.GaveUp:
			l.Pending = append(l.Pending, pending{Seq: e.Seq, Tried: nth, Due: now.Add(w.cfg.Delays[nth-1])})
			fallthrough
		default:
			l.rest = now.Add(w.cfg.Rest)
		}
	})
}

// drop takes an event out of those to be tried again.
func (l *line) drop(seq uint64) {
	l.Pending = slices.DeleteFunc(l.Pending, func(p pending) bool { return p.Seq == seq })
}
