package display

import (
	"context"
	"net/http"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"

	"github.com/gorilla/websocket"
)

const (
	// beatEvery is how often a page hears that the line is alive. Pages take
	// it for dead after a little more than two beats.
	beatEvery = 5 * time.Second
	// ackRest gathers what boards report before consoles are told.
	ackRest = 100 * time.Millisecond
	// stopWait is how long a page has to take its last message.
	stopWait = time.Second
	// screensListed is how many boards the manager's page lists one by one.
	screensListed = 12
)

// hub holds every websocket. One goroutine, run, renders and offers; each
// client has one goroutine that reads and one that writes.
type hub struct {
	s        *Server
	upgrader websocket.Upgrader

	mu      sync.Mutex
	topics  map[topic]*audience
	clients int
	closed  bool
	ended   sync.WaitGroup

	round atomic.Uint64 // of the watch over slow writes, from 1
	wake  chan struct{} // a client came; capacity 1, more would say the same
	acked chan struct{} // a board reported; capacity 1
}

// An audience is the clients of one topic, and what they were last offered.
// Only run touches last and rested.
type audience struct {
	clients map[*client]struct{}
	last    *rendering
	rested  time.Time // when it may be rendered again
}

func newHub(s *Server) *hub {
	return &hub{
		s: s, upgrader: newUpgrader(s), topics: map[topic]*audience{},
		wake: make(chan struct{}, 1), acked: make(chan struct{}, 1),
	}
}

// nudge tells a channel of capacity 1; a nudge that is already there says it.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// join lets a client into its topic; it answers errFull beyond the bound.
func (h *hub) join(c *client) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.clients >= h.s.cfg.Clients {
		return errFull
	}
	a := h.topics[c.topic]
	if a == nil {
		a = &audience{clients: map[*client]struct{}{}}
		h.topics[c.topic] = a
	}
	a.clients[c] = struct{}{}
	h.clients++
	h.ended.Add(1)
	nudge(h.wake)
	return nil
}

// full tells whether another client would be refused, before it is upgraded.
func (h *hub) full() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.closed || h.clients >= h.s.cfg.Clients
}

func (h *hub) leave(c *client) {
	h.mu.Lock()
	if a := h.topics[c.topic]; a != nil {
		delete(a.clients, c)
		if len(a.clients) == 0 {
			delete(h.topics, c.topic)
		}
	}
	h.clients--
	h.mu.Unlock()
	if c.topic.page == "board" {
		nudge(h.acked)
	}
	h.ended.Done()
}

// run renders what changed until ctx ends, then sends everybody away and waits
// for them.
func (h *hub) run(ctx context.Context) error {
	defer func() {
		h.mu.Lock()
		h.closed = true
		for _, a := range h.topics {
			for c := range a.clients {
				c.dismiss()
			}
		}
		h.mu.Unlock()
		h.ended.Wait()
	}()
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	h.round.Store(1)
	slow := time.NewTicker(h.s.cfg.WriteTimeout)
	defer slow.Stop()
	var rest, acks <-chan time.Time
	for {
		state, newer := h.s.cfg.Office.Watch()
		rest = nil
		if wait := h.publish(state); wait > 0 {
			rest = time.After(wait)
		}
	waiting:
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-newer:
			case <-h.wake:
			case <-rest:
			case <-beat.C:
				h.beat(state)
			case <-slow.C:
				h.dropSlow()
				continue
			case <-h.acked:
				if acks == nil {
					acks = time.After(ackRest)
				}
				continue
			case <-acks:
				acks = nil
			}
			break waiting
		}
	}
}

// publish renders each topic that may be rendered and offers what changed. It
// answers how long until a topic that had to rest may be rendered, or 0.
func (h *hub) publish(state *queue.State) (wait time.Duration) {
	type job struct {
		topic    topic
		audience *audience
	}
	h.mu.Lock()
	jobs := make([]job, 0, len(h.topics))
	for t, a := range h.topics {
		jobs = append(jobs, job{t, a})
	}
	h.mu.Unlock()
	sort.Slice(jobs, func(i, j int) bool { return jobs[i].topic.rank() < jobs[j].topic.rank() })
	if len(jobs) == 0 {
		return 0
	}
	look, now := h.s.lookAt(state), time.Now()
	for _, j := range jobs {
		if left := j.audience.rested.Sub(now); left > 0 && j.audience.last != nil {
			if wait == 0 || left < wait {
				wait = left
			}
		} else {
			next, err := h.s.rendering(j.topic, look, j.audience.last)
			if err != nil {
				h.s.log.Error("rendering for the pages", "page", j.topic.page, "err", err)
				continue
			}
			j.audience.last = next
			j.audience.rested = now.Add(j.topic.rest())
		}
		h.offer(j.audience)
	}
	return wait
}

// offer gives the newest rendering to every client that has not had it.
func (h *hub) offer(a *audience) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range a.clients {
		if c.offered != a.last {
			c.offered = a.last
			c.offer(a.last.message)
		}
	}
}

// beat tells every client that the line is alive, unless something newer is
// on its way to it.
func (h *hub) beat(state *queue.State) {
	e := h.s.envelope(h.s.lookAt(state))
	e.Kind = "beat"
	m, err := e.prepare()
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range h.topics {
		for c := range a.clients {
			c.ping.Store(true)
			c.pending.CompareAndSwap(nil, m)
			nudge(c.signal)
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

// seen counts the boards that have painted a sequence number of a journal.
func (h *hub) seen(journal string, seq uint64) view.Seen {
	h.mu.Lock()
	defer h.mu.Unlock()
	var n view.Seen
	for c := range h.boards() {
		n.Of++
		if r := c.report(); r.Journal == journal && r.Painted >= seq {
			n.Boards++
		}
	}
	return n
}

// boards are the clients that are hall displays. The caller holds the lock.
func (h *hub) boards() map[*client]struct{} {
	if a := h.topics[topic{page: "board"}]; a != nil {
		return a.clients
	}
	return nil
}

// screens are the hall displays as devices, for the manager.
func (h *hub) screens() []view.Device {
	h.mu.Lock()
	var list []view.Device
	newest := uint64(0)
	for c := range h.boards() {
		newest = max(newest, c.report().Painted)
	}
	for c := range h.boards() {
		list = append(list, c.device(newest))
	}
	h.mu.Unlock()
	if len(list) == 0 {
		return []view.Device{{
			Name: "Tabelloni", Kind: "tabellone", State: "lost", Words: "Nessun tabellone collegato",
			Do: "Apra la pagina del tabellone sul televisore della sala.",
		}}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	if len(list) > screensListed {
		rest := len(list) - screensListed
		list = append(list[:screensListed], view.Device{
			Name: "Altri " + strconv.Itoa(rest) + " tabelloni", Kind: "tabellone", State: "ready", Words: "collegati",
		})
	}
	return list
}

// totems are the screens at which people take a number, for the manager. One
// that is not there is not missed: an outlet may have its screen elsewhere.
func (h *hub) totems(state *queue.State) []view.Device {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []view.Device
	for t, a := range h.topics {
		if t.page != "totem" || len(list) >= screensListed {
			continue
		}
		o, _, _ := state.Outlet(queue.OutletID(t.arg))
		for c := range a.clients {
			list = append(list, c.page("totem", "Schermo "+o.Name))
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

// newUpgrader takes a websocket from the same host only, which is what gorilla
// checks when no check of our own is given.
func newUpgrader(s *Server) websocket.Upgrader {
	return websocket.Upgrader{
		HandshakeTimeout: 5 * time.Second,
		ReadBufferSize:   readLimit,
		WriteBufferSize:  4096,
		WriteBufferPool:  &sync.Pool{},
		Error: func(w http.ResponseWriter, r *http.Request, status int, reason error) {
			s.log.Debug("refusing a websocket", "err", reason, "origin", r.Header.Get("Origin"))
			s.problem(w, r, status, "no-websocket",
				"La pagina non può collegarsi da qui: la apra dall'indirizzo di questo apparecchio e la ricarichi.")
		},
	}
}

// socket answers /ws.
func (h *hub) socket(w http.ResponseWriter, r *http.Request) {
	t, err := readTopic(r.URL.Query())
	if err == nil {
		// A desk or an outlet that is not there has no page.
		_, err = h.s.view(t, h.s.look())
	}
	if err == nil && h.full() {
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
	c := newClient(h, conn, t, r.URL.Query().Get("nome"))
	if err := h.join(c); err != nil {
		_ = conn.WriteControl(websocket.CloseMessage,
			websocket.FormatCloseMessage(websocket.CloseTryAgainLater, "troppe pagine collegate"), time.Now().Add(time.Second))
		_ = conn.Close()
		return
	}
	defer h.leave(c)
	c.serve()
}
