package display

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue/words"

	"github.com/gorilla/websocket"
)

const (
	// pongWait is how long a page may be silent. Each beat comes with a ping,
	// which its browser answers by itself.
	pongWait = 4 * beatEvery
	// sendBuffer is what the kernel keeps of a page's messages. A page that does
	// not read is found out when it is full, and costs no more than it.
	sendBuffer = 64 << 10
	// readLimit bounds a message from a page: a report has some 80 bytes.
	readLimit = 512
)

// closeBarred tells a page that it may no longer be seen, such as after signing
// out: it loads itself anew, and asks who one is. A reader of events is told so too.
const closeBarred = 4001

// closeChanged tells a board that it hangs otherwise or shows something else now: it
// loads itself anew.
const closeChanged = 4002

// A client is one websocket. It holds at most one pending message, the newest.
type client struct {
	hub   *hub
	conn  *websocket.Conn
	topic topic
	from  address
	came  time.Time
	name  string       // of a board, such as "Atrio"
	shown access.Shown // by which it was let in
	hangs access.Display

	pending atomic.Pointer[websocket.PreparedMessage]
	ping    atomic.Bool   // a ping is due
	writing atomic.Uint64 // the hub's round in which the present write began; 0 when idle
	signal  chan struct{} // something is pending or due; capacity 1

	// Under the hub's lock: what it was last offered, and when.
	offered   *rendering
	offeredAt time.Time

	ended   chan struct{} // closed when the page or the hub is gone
	once    sync.Once
	restart atomic.Bool // it is the hub that is gone
	barred  atomic.Bool // it may no longer see its page
	changed atomic.Bool // its page is another one now

	told  atomic.Pointer[report]
	heard atomic.Pointer[time.Time] // last sign of life of the page
}

// A report is what a page tells back.
type report struct {
	Journal string `json:"journal"`
	// Painted is the sequence number of the state that is on the screen.
	Painted uint64 `json:"painted"`
	// Mute tells that the browser does not let the page sound.
	Mute bool `json:"mute"`
	// Heard are the sequence numbers of the calls whose announcements a board has
	// played last.
	Heard []uint64 `json:"heard,omitempty"`
	// Legible is how far the calls of a board can be read.
	Legible *legible `json:"legible,omitempty"`
}

func newClient(h *hub, conn *websocket.Conn, t topic, from address, name string, shown access.Shown) *client {
	if tcp, ok := conn.NetConn().(interface{ SetWriteBuffer(int) error }); ok {
		_ = tcp.SetWriteBuffer(sendBuffer)
	}
	return &client{hub: h, conn: conn, topic: t, from: from, came: time.Now(), name: name, shown: shown, signal: make(chan struct{}, 1), ended: make(chan struct{})}
}

// offer replaces whatever is pending.
func (c *client) offer(m *websocket.PreparedMessage) {
	c.pending.Store(m)
	nudge(c.signal)
}

func (c *client) report() report {
	if r := c.told.Load(); r != nil {
		return *r
	}
	return report{}
}

// painted is the sequence number that is on the screen, and its journal. What
// was never sent to the page cannot be on it: such a report is left out. The
// caller holds the hub's lock.
func (c *client) painted() (seq uint64, journal string) {
	r := c.report()
	if c.offered == nil || r.Journal != c.offered.Journal || r.Painted > c.offered.Seq {
		return 0, ""
	}
	return r.Painted, r.Journal
}

// behind tells that a board does not show what it was sent some time ago. The
// caller holds the hub's lock.
func (c *client) behind(now time.Time) bool {
	seq, _ := c.painted()
	return c.offered != nil && seq < c.offered.Seq && now.Sub(c.offeredAt) >= boardPatience
}

// end lets the writer end.
func (c *client) end() { c.once.Do(func() { close(c.ended) }) }

// dismiss sends the page away, since the hub ends. Whoever is in the middle of
// a slow write is let go soon too.
func (c *client) dismiss() {
	c.restart.Store(true)
	_ = c.conn.NetConn().SetDeadline(time.Now().Add(stopWait))
	c.end()
}

// serve reads and writes until either ends; both have ended when it returns.
func (c *client) serve() {
	wrote := make(chan struct{})
	go func() {
		defer close(wrote)
		c.write()
		// This ends a reader that waits for a page that never reports.
		_ = c.conn.Close()
	}()
	if err := c.read(); err != nil {
		c.hub.s.log.Debug("a page left", "page", c.topic.page, "err", err)
	}
	c.end()
	<-wrote
}

// errGarbage: the page said something that is no report.
var errGarbage = errors.New("not a report")

// read takes reports until the socket ends or garbage comes.
func (c *client) read() error {
	c.conn.SetReadLimit(readLimit)
	alive := func(string) error {
		now := time.Now()
		c.heard.Store(&now)
		return c.conn.SetReadDeadline(now.Add(pongWait))
	}
	c.conn.SetPongHandler(alive)
	_ = alive("")
	for {
		kind, b, err := c.conn.ReadMessage()
		if err != nil {
			return err
		}
		_ = alive("")
		var r report
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if kind != websocket.TextMessage || d.Decode(&r) != nil || !r.Legible.sane() {
			_ = c.conn.WriteControl(websocket.CloseMessage,
				websocket.FormatCloseMessage(websocket.ClosePolicyViolation, "not a report"), time.Now().Add(time.Second))
			return errGarbage
		}
		c.told.Store(&r)
		if c.topic.page == "board" {
			nudge(c.hub.announcer.wake)
			nudge(c.hub.acked)
		}
	}
}

// write sends what is pending until the page is gone, the hub ends or the page
// does not read in time. It waits on two channels only: each further one
// costs time on every message to a thousand boards.
func (c *client) write() {
	for {
		select {
		case <-c.ended:
			if c.changed.Load() {
				_ = c.conn.WriteControl(websocket.CloseMessage,
					websocket.FormatCloseMessage(closeChanged, ""), time.Now().Add(stopWait))
			} else if c.barred.Load() {
				_ = c.conn.WriteControl(websocket.CloseMessage,
					websocket.FormatCloseMessage(closeBarred, ""), time.Now().Add(stopWait))
			} else if c.restart.Load() {
				_ = c.conn.WriteControl(websocket.CloseMessage,
					websocket.FormatCloseMessage(websocket.CloseServiceRestart, ""), time.Now().Add(stopWait))
			}
			return
		case <-c.signal:
			if err := c.send(); err != nil {
				c.hub.s.log.Debug("dropping a page that does not read", "page", c.topic.page, "err", err)
				return
			}
		}
	}
}

// send writes what is pending. The hub's watch over slow writes is its deadline:
// one timer for all, since a timer for each write costs a thousand boards more
// than the write itself.
func (c *client) send() error {
	if c.ping.Load() && c.ping.Swap(false) {
		if err := c.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(c.hub.s.cfg.WriteTimeout)); err != nil {
			return err
		}
	}
	m := c.pending.Swap(nil)
	if m == nil {
		return nil
	}
	c.writing.Store(c.hub.round.Load())
	err := c.conn.WritePreparedMessage(m)
	c.writing.Store(0)
	return err
}

// page is the device that shows the page, as far as it can be seen from here.
func (c *client) page(kind, name string, tongue *words.Tongue) view.Device {
	var ago time.Duration
	if heard := c.heard.Load(); heard != nil {
		ago = max(0, time.Since(*heard))
	}
	return view.Device{
		Name: name, Kind: tongue.DeviceKind(kind), State: "ready", Words: tongue.Connected(),
		Health: &view.DeviceHealth{
			Type: kind, Seen: true, AgoMs: ago.Milliseconds(),
			Detail: c.conn.RemoteAddr().String(),
		},
	}
}

// device is a board as the manager sees it. The caller holds the hub's lock.
func (c *client) device(now time.Time, tongue *words.Tongue) view.Device {
	d := c.page("board", tongue.BoardName(cmp.Or(c.name, c.conn.RemoteAddr().String())), tongue)
	var faults []words.FaultText
	if c.behind(now) {
		d.State = "stopped"
		faults = append(faults, tongue.Fault("board-behind"))
	}
	told := c.report()
	if told.Mute {
		faults = append(faults, tongue.Fault("board-mute"))
	}
	if l := told.Legible; l != nil {
		said := l.words()
		d.Words = tongue.ConnectedLegible(said)
		if said.Short() {
			faults = append(faults, words.FaultText{What: tongue.Tell(said.ShortText()), Do: tongue.Fault("board-small").Do})
		}
	}
	if len(faults) == 0 {
		return d
	}
	if d.State == "ready" {
		d.State = "degraded"
	}
	d.Words, d.Do = faults[0].What, faults[0].Do
	for _, f := range faults[1:] {
		d.Health.More = append(d.Health.More, view.DeviceFault{Words: f.What, Do: f.Do})
	}
	return d
}
