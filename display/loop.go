package display

import (
	"context"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
)

const (
	// workShare is how much longer a loop rests than it worked, and restMost
	// the longest of such rests: staff pages take a quarter of one core at most
	// and leave the rest to those who press.
	workShare = 3
	restMost  = 2 * time.Second
)

// A loop renders the topics of some kinds of page and offers them to their
// clients, in one goroutine, run.
type loop struct {
	hub    *hub
	wake   chan struct{} // a client came; capacity 1, more would say the same
	rested time.Time     // when the loop may render again
}

// run renders what changed until ctx ends.
func (l *loop) run(ctx context.Context) {
	beat := time.NewTimer(untilWhole(time.Now(), beatEvery))
	defer beat.Stop()
	for {
		state, newer := l.hub.s.cfg.Engine.Watch()
		var rest <-chan time.Time
		if wait := l.publish(state); wait > 0 {
			rest = time.After(wait)
		}
	waiting:
		for {
			select {
			case <-ctx.Done():
				return
			case <-newer:
			case <-l.wake:
			case <-rest:
			case <-beat.C:
				// A notice may be due although nothing has happened.
				l.beat(state)
				beat.Reset(untilWhole(time.Now(), beatEvery))
			}
			break waiting
		}
	}
}

// untilWhole is how long it is until the next whole multiple of every by the
// clock on the wall. Devices at rest are asked at whole seconds too, so that a
// box at rest wakes once for all of it.
func untilWhole(now time.Time, every time.Duration) time.Duration {
	wall := now.Round(0)
	return every - wall.Sub(wall.Truncate(every))
}

// A job is a topic to render.
type job struct {
	topic    topic
	audience *audience
}

// jobs are the topics of this loop that somebody watches.
func (l *loop) jobs() []job {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	var jobs []job
	for t, a := range l.hub.topics {
		if l.hub.loop(t.role()) == l {
			jobs = append(jobs, job{t, a})
		}
	}
	return jobs
}

// publish renders each topic that may be rendered and offers what changed. It
// answers how long until a topic that had to rest may be rendered, or 0.
func (l *loop) publish(state *queue.State) (wait time.Duration) {
	jobs, start := l.jobs(), time.Now()
	if len(jobs) == 0 {
		return 0
	}
	if left := l.rested.Sub(start); left > 0 {
		return left
	}
	s := l.hub.s
	look, boards := s.lookAt(state), l == l.hub.loop(boardRole)
	for _, j := range jobs {
		if left := j.audience.rested.Sub(start); left > 0 {
			if wait == 0 || left < wait {
				wait = left
			}
		} else {
			j.audience.render(s, j.topic, look)
			j.audience.rested = start.Add(j.topic.rest())
		}
		l.hub.offer(j.audience, start)
	}
	if !boards {
		l.rested = start.Add(min(restMost, workShare*time.Since(start)))
	}
	return wait
}

// render makes the newest rendering of an audience. Without one there is no
// beat either, and its pages say that they are not connected.
func (a *audience) render(s *Server, t topic, look view.Look) {
	next, err := s.rendering(t, look, a.last)
	if err != nil && !a.failed {
		s.log.Error("rendering for the pages", "page", t.page, "err", err)
	}
	a.last, a.failed = next, err != nil
}

// offer gives the newest rendering to every client that has not had it.
func (h *hub) offer(a *audience, now time.Time) {
	if a.last == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range a.clients {
		if c.offered != a.last {
			c.offered, c.offeredAt = a.last, now
			c.offer(a.last.message)
		}
	}
}

// beat tells every client of the loop that its socket is alive, unless something
// newer is on its way to it.
func (l *loop) beat(state *queue.State) {
	jobs := l.jobs()
	if len(jobs) == 0 {
		return
	}
	e := l.hub.s.envelope(l.hub.s.lookAt(state))
	e.Kind = "beat"
	m, err := e.prepare()
	if err != nil {
		return
	}
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	for _, j := range jobs {
		if j.audience.last == nil {
			continue
		}
		for c := range j.audience.clients {
			c.ping.Store(true)
			c.pending.CompareAndSwap(nil, m)
			nudge(c.signal)
		}
	}
}
