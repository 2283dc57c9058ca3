package display

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

const (
	// beatEvery is how often a page hears that its socket is alive. Pages take
	// it for dead after a little more than two beats.
	beatEvery = 5 * time.Second
	// ackRest gathers what boards report before consoles are told.
	ackRest = 100 * time.Millisecond
	// stopWait is how long a page has to take its last message.
	stopWait = time.Second
	// screensListed is how many boards the manager's page lists one by one.
	screensListed = 12
)

// boardPatience is how long a board may take to show what it was sent.
const boardPatience = 10 * time.Second

// silentFor is how long a page may hold its place without telling anything
// while others of its kind find none.
const silentFor = 10 * time.Second

// hub holds every websocket. Three loops render and offer: boards have their
// own and wait for nobody, totems and consoles never wait for pages that add up
// the day. Each client has one goroutine that reads and one that writes.
type hub struct {
	s        *Server
	upgrader websocket.Upgrader

	mu     sync.Mutex
	topics map[topic]*audience
	places [roles]places
	closed bool
	ended  sync.WaitGroup

	round atomic.Uint64 // of the watch over slow writes, from 1
	loops [3]*loop
	acked chan struct{} // a board reported; capacity 1

	announcer *announcer
}

// places are the websockets of one kind of page.
type places struct {
	all int
	by  map[address]int
}

// An audience is the clients of one topic, and what they were last offered.
// Only its loop touches the rest.
type audience struct {
	clients map[*client]struct{}
	last    *rendering // nil when it could not be rendered
	failed  bool       // and that was told
	rested  time.Time  // when it may be rendered again
}

func newHub(s *Server) *hub {
	h := &hub{s: s, upgrader: newUpgrader(s), topics: map[topic]*audience{}, acked: make(chan struct{}, 1), announcer: newAnnouncer(s)}
	for r := range h.places {
		h.places[r].by = map[address]int{}
	}
	for i := range h.loops {
		h.loops[i] = &loop{hub: h, wake: make(chan struct{}, 1)}
	}
	return h
}

// loop is the one that renders for a kind of page.
func (h *hub) loop(r role) *loop {
	switch r {
	case boardRole:
		return h.loops[0]
	case totemRole, consoleRole:
		return h.loops[1]
	default:
		return h.loops[2]
	}
}

// nudge wakes the reader of a channel of capacity 1; one wake-up that it has not
// yet taken is enough.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// join lets a client into its topic; it answers errFull beyond the bounds.
func (h *hub) join(c *client) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	role := c.topic.role()
	if !h.room(role, c.from, c.came) {
		return errFull
	}
	a := h.topics[c.topic]
	if a == nil {
		a = &audience{clients: map[*client]struct{}{}}
		h.topics[c.topic] = a
	}
	a.clients[c] = struct{}{}
	h.places[role].all++
	h.places[role].by[c.from]++
	h.ended.Add(1)
	nudge(h.loop(role).wake)
	return nil
}

// room tells whether another page of a kind finds a place. One that has held
// its place for a while without a report gives it up, since every page of ours
// reports what it shows. The caller holds the lock.
func (h *hub) room(r role, from address, now time.Time) bool {
	if h.closed {
		return false
	}
	most := h.s.bounds.places(r)
	if h.places[r].by[from] >= half(most) {
		return h.dropSilent(r, now, func(c *client) bool { return c.from == from })
	}
	if h.places[r].all >= most {
		return h.dropSilent(r, now, func(*client) bool { return true })
	}
	return true
}

// dropSilent sends away the oldest page of a kind that never told anything.
func (h *hub) dropSilent(r role, now time.Time, may func(*client) bool) bool {
	var oldest *client
	for t, a := range h.topics {
		if t.role() != r {
			continue
		}
		for c := range a.clients {
			silent := c.told.Load() == nil && now.Sub(c.came) >= silentFor
			if silent && may(c) && (oldest == nil || c.came.Before(oldest.came)) {
				oldest = c
			}
		}
	}
	if oldest == nil {
		return false
	}
	h.remove(oldest)
	_ = oldest.conn.NetConn().SetDeadline(now.Add(stopWait))
	oldest.end()
	return true
}

// remove takes a client out of its topic, once. The caller holds the lock.
func (h *hub) remove(c *client) {
	a := h.topics[c.topic]
	if a == nil {
		return
	}
	if _, there := a.clients[c]; !there {
		return
	}
	delete(a.clients, c)
	if len(a.clients) == 0 {
		delete(h.topics, c.topic)
	}
	p := &h.places[c.topic.role()]
	p.all--
	if p.by[c.from]--; p.by[c.from] == 0 {
		delete(p.by, c.from)
	}
}

// full tells whether another client would be refused, before it is upgraded.
func (h *hub) full(r role, from address) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.room(r, from, time.Now())
}

func (h *hub) leave(c *client) {
	h.mu.Lock()
	h.remove(c)
	h.mu.Unlock()
	if c.topic.page == "board" {
		nudge(h.announcer.wake)
		nudge(h.acked)
	}
	h.ended.Done()
}

// run renders what changed until ctx ends, then sends everybody away and waits
// for them.
func (h *hub) run(ctx context.Context) error {
	h.round.Store(1)
	var loops sync.WaitGroup
	for _, l := range h.loops {
		loops.Go(func() { l.run(ctx) })
	}
	loops.Go(func() { h.watch(ctx) })
	loops.Go(func() { h.announcer.run(ctx) })
	if walk := h.s.cfg.Walk; walk != nil {
		loops.Go(func() { h.follow(ctx, walk) })
	}
	loops.Wait()
	h.mu.Lock()
	h.closed = true
	for _, a := range h.topics {
		for c := range a.clients {
			c.dismiss()
		}
	}
	h.mu.Unlock()
	h.s.streams.close()
	h.s.phones.close()
	h.ended.Wait()
	return nil
}

// follow tells pages of what is found and tried on the box, until ctx ends.
func (h *hub) follow(ctx context.Context, walk Walk) {
	for {
		changed := walk.Changed()
		nudge(h.loop(pageRole).wake)
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

// watch drops who reads too slowly or may no longer see a page, and tells consoles of
// what boards report, until ctx ends.
func (h *hub) watch(ctx context.Context) {
	slow := time.NewTimer(untilWhole(time.Now(), h.s.cfg.WriteTimeout))
	defer slow.Stop()
	var acks <-chan time.Time
	state, newer := h.s.cfg.Engine.Watch()
	changed := h.s.accessChanged()
	for {
		select {
		case <-ctx.Done():
			return
		case <-newer:
			before := state
			if state, newer = h.s.cfg.Engine.Watch(); otherOperators(before, state) {
				h.dropBarred(time.Now())
			}
		case <-changed:
			changed = h.s.accessChanged() // before it is asked, so that no change is missed
			h.dropBarred(time.Now())
		case <-slow.C:
			h.dropSlow()
			h.dropBarred(time.Now())
			slow.Reset(untilWhole(time.Now(), h.s.cfg.WriteTimeout))
		case <-h.acked:
			if acks == nil {
				acks = time.After(ackRest)
			}
		case <-acks:
			acks = nil
			nudge(h.loop(consoleRole).wake)
			nudge(h.loop(pageRole).wake)
		}
	}
}

// dropSlow drops every client whose write has gone on for a whole round of the
// watch: at least WriteTimeout, at most twice that.
func (h *hub) dropSlow() {
	now := h.round.Add(1)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range h.topics {
		for c := range a.clients {
			if began := c.writing.Load(); began != 0 && began+1 < now {
				// The write ends with an error, and the writer with it.
				_ = c.conn.NetConn().SetWriteDeadline(time.Unix(1, 0))
			}
		}
	}
}

// seen counts the boards that show the calls of a service and have painted a sequence
// number of a journal.
func (h *hub) seen(journal string, seq uint64, service queue.ServiceID) view.Seen {
	h.mu.Lock()
	defer h.mu.Unlock()
	var n view.Seen
	for c := range h.boards() {
		if service != "" && !c.topic.shows(service) {
			continue
		}
		n.Of++
		if at, from := c.painted(); from == journal && at >= seq {
			n.Boards++
		}
	}
	return n
}

// boards are the clients that are hall displays. The caller holds the lock.
func (h *hub) boards() iter.Seq[*client] {
	return func(yield func(*client) bool) {
		for t, a := range h.topics {
			if t.page != "board" {
				continue
			}
			for c := range a.clients {
				if !yield(c) {
					return
				}
			}
		}
	}
}

// screens are the hall displays as devices, for the manager.
func (h *hub) screens(tongue *words.Tongue) []view.Device {
	h.mu.Lock()
	var list []view.Device
	now := time.Now()
	for c := range h.boards() {
		list = append(list, c.device(now, tongue))
	}
	h.mu.Unlock()
	if len(list) == 0 {
		none := tongue.Fault("no-board")
		return []view.Device{{Name: tongue.Boards(), Kind: tongue.DeviceKind("board"), State: "lost", Words: none.What, Do: none.Do}}
	}
	slices.SortFunc(list, byName)
	if len(list) > screensListed {
		name, state := tongue.MoreBoards(len(list) - screensListed)
		list = append(list[:screensListed], view.Device{Name: name, Kind: tongue.DeviceKind("board"), State: "ready", Words: state})
	}
	return list
}

func byName(a, b view.Device) int { return queue.CompareNames(a.Name, b.Name) }

// totems are the screens at which people take a number, for the manager. One
// that is not there is not missed: an outlet may have its screen elsewhere.
func (h *hub) totems(state *queue.State, tongue *words.Tongue) []view.Device {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []view.Device
	for t, a := range h.topics {
		if t.page != "totem" || len(list) >= screensListed {
			continue
		}
		o, _, _ := state.Outlet(queue.OutletID(t.arg))
		for c := range a.clients {
			list = append(list, c.page("totem", tongue.ScreenName(o.Name), tongue))
		}
	}
	slices.SortFunc(list, byName)
	return list
}

// newUpgrader takes a websocket from a page of this box only.
func newUpgrader(s *Server) websocket.Upgrader {
	return websocket.Upgrader{
		HandshakeTimeout: 5 * time.Second,
		ReadBufferSize:   readLimit,
		WriteBufferSize:  4096,
		WriteBufferPool:  &sync.Pool{},
		CheckOrigin:      s.ownOrigin,
		Error: func(w http.ResponseWriter, r *http.Request, status int, reason error) {
			s.log.Debug("refusing a websocket", "err", reason, "origin", r.Header.Get("Origin"))
			s.problem(w, r, status, "no-websocket")
		},
	}
}

// socket answers /ws.
func (h *hub) socket(w http.ResponseWriter, r *http.Request) {
	t, err := readTopic(r.URL.Query())
	if err == nil && !t.who().allows(h.s.visitor(r)) {
		h.s.turnAway(w, r)
		return
	}
	if err == nil {
		t = t.boundTo(h.s.visitor(r))
		state, _ := h.s.cfg.Engine.Watch()
		err = cmp.Or(t.known(state), h.s.shownTo(h.s.visitor(r), t, state))
		t = t.in(h.s.tongueOf(r))
	}
	from := addressOf(r)
	if err == nil && h.full(t.role(), from) {
		err = errFull
	}
	if err != nil {
		h.s.refuse(w, r, err)
		return
	}
	conn, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		// The upgrader has answered and logged.
		return
	}
	c := newClient(h, conn, t, from, h.s.boardName(r), showing(r))
	c.hangs = h.s.visitor(r).Display.Filled()
	if err := h.join(c); err != nil {
		_ = conn.WriteControl(websocket.CloseMessage,
			websocket.FormatCloseMessage(websocket.CloseTryAgainLater, errFull.Error()), time.Now().Add(time.Second))
		_ = conn.Close()
		return
	}
	defer h.leave(c)
	c.serve()
}

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
		l.hub.offer(j.audience, look, start)
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

// offer gives the newest rendering to every client that has not had it, with the time
// of now to one that has had none.
func (h *hub) offer(a *audience, look view.Look, now time.Time) {
	if a.last == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var first *websocket.PreparedMessage
	for c := range a.clients {
		if c.offered == a.last {
			continue
		}
		m := a.last.message
		if c.offered == nil {
			if first == nil {
				var err error
				if first, err = a.last.asOf(h.s.envelope(look)); err != nil {
					h.s.log.Error("preparing for a page that came", "err", err)
					first = m
				}
			}
			m = first
		}
		c.offered, c.offeredAt = a.last, now
		c.offer(m)
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
