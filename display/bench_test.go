package display

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/bar"

	"github.com/gorilla/websocket"
)

// benchBoards is a hall nobody has: it makes the cost of one board plain.
const benchBoards = 1000

// A crowd is many boards that count the messages they get.
type crowd struct {
	b     *testing.B
	conns []*websocket.Conn
	want  atomic.Pointer[string] // what the message must hold to be counted
	got   atomic.Int64
	bytes atomic.Int64
	all   chan struct{} // has one entry when everybody has it
	ended sync.WaitGroup
}

// openCrowd connects the boards to url.
func openCrowd(b *testing.B, url string) *crowd {
	c := &crowd{b: b, all: make(chan struct{}, 1)}
	nothing := "\x00"
	c.want.Store(&nothing)
	dialer := websocket.Dialer{ReadBufferSize: 4096, WriteBufferSize: 256}
	for range benchBoards {
		conn, resp, err := dialer.Dial(url, nil)
		if err != nil {
			b.Fatalf("opening board %d: %v", len(c.conns), err)
		}
		_ = resp.Body.Close()
		c.conns = append(c.conns, conn)
		c.ended.Go(func() { c.read(conn) })
	}
	return c
}

func (c *crowd) read(conn *websocket.Conn) {
	buffer := make([]byte, 8192)
	for {
		_, r, err := conn.NextReader()
		if err != nil {
			return
		}
		n := 0
		for {
			m, err := r.Read(buffer[n:])
			n += m
			if err == io.EOF {
				break
			} else if err != nil {
				return
			}
		}
		if strings.Contains(string(buffer[:n]), *c.want.Load()) {
			c.bytes.Add(int64(n))
			if c.got.Add(1) == benchBoards {
				c.all <- struct{}{}
			}
		}
	}
}

// time measures from the call of send until the last board has a message that
// holds want.
func (c *crowd) time(want string, send func()) time.Duration {
	c.got.Store(0)
	c.want.Store(&want)
	start := time.Now()
	send()
	select {
	case <-c.all:
		return time.Since(start)
	case <-time.After(30 * time.Second):
		c.b.Fatalf("%d boards of %d have the call", c.got.Load(), benchBoards)
		return 0
	}
}

func (c *crowd) close() {
	for _, conn := range c.conns {
		_ = conn.Close()
	}
	c.ended.Wait()
}

// A bareFan is the limit: one prepared message, one writer for each socket and
// nothing else.
type bareFan struct {
	mu      sync.Mutex
	writers []chan *websocket.PreparedMessage
}

func (f *bareFan) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{ReadBufferSize: readLimit, WriteBufferSize: 4096}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	in := make(chan *websocket.PreparedMessage, 1)
	f.mu.Lock()
	f.writers = append(f.writers, in)
	f.mu.Unlock()
	for m := range in {
		if conn.WritePreparedMessage(m) != nil {
			break
		}
	}
	_ = conn.Close()
}

func (f *bareFan) send(b *testing.B, body []byte) {
	m, err := websocket.NewPreparedMessage(websocket.TextMessage, body)
	if err != nil {
		b.Fatal(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.writers {
		w <- m
	}
}

// BenchmarkBoards measures a call to the last of 1,000 boards against the bare
// fan-out of the same bytes in the same process: five rounds of twenty calls,
// the two interleaved one by one, medians of the rounds' medians. Pages that
// tell what they have painted are left out of both.
func BenchmarkBoards(b *testing.B) {
	const rounds, calls = bar.Rounds, 20
	o := newTestOffice(b)
	o.busy(b)
	cfg := o.config()
	cfg.Bounds = Bounds{Boards: 2 * (benchBoards + 1), Connections: 12 * (benchBoards + 1)}
	s := serve(b, cfg, "")
	ours := openCrowd(b, strings.Replace(s.url, "http", "ws", 1)+"/ws?page=board")
	defer ours.close()

	fan := &bareFan{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	web := &http.Server{Handler: fan, ReadHeaderTimeout: time.Second}
	go func() { _ = web.Serve(l) }()
	defer func() { _ = web.Shutdown(context.Background()) }()
	bare := openCrowd(b, "ws://"+l.Addr().String()+"/")
	defer func() {
		bare.close()
		fan.mu.Lock()
		for _, w := range fan.writers {
			close(w)
		}
		fan.mu.Unlock()
	}()

	for range min(rounds*calls*b.N, 900) {
		o.issue(b, "anagrafe", queue.Ordinary)
	}
	probe := watch(b, s, "page=board")
	for probe.read().Seq < o.newest().Seq() {
		// The boards get what was issued before anything is measured.
	}
	var hub, limit []time.Duration
	var wire int64
	for range b.N {
		hub, limit = nil, nil
		for range rounds {
			var h, f []time.Duration
			for range calls {
				o.pass(21 * time.Second) // who was called before is served meanwhile
				_, now, _ := o.newest().Desk("s1")
				next, _, _ := o.newest().Next(o.Now(), "s1")
				want := fmt.Sprintf(`"calls":[{"seq":%d,"number":%q,"desk":"1"`, seqOfCall(o, now), o.newest().Ticket(next).Number.Text)
				ours.bytes.Store(0)
				h = append(h, ours.time(want, func() {
					o.must(b, queue.CallNext{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s1", Finishing: now.Ticket})
				}))
				wire = max(wire, ours.bytes.Load()/benchBoards)
				e := s.envelope(s.look())
				e.Kind = "view"
				e.View = probe.read().View
				body := mustJSON(b, e)
				f = append(f, bare.time(want, func() { fan.send(b, body) }))
			}
			hub, limit = append(hub, median(h)), append(limit, median(f))
		}
	}
	var ratios, took, least []float64
	for i := range rounds {
		ratios = append(ratios, float64(hub[i])/float64(limit[i]))
		took, least = append(took, hub[i].Seconds()*1000), append(least, limit[i].Seconds()*1000)
	}
	bar.Told(b, "ms-call", took)
	bar.Told(b, "ms-bare", least)
	bar.AtMost(b, "x-bare", 1.3, ratios)
	bar.AtMost(b, "B-each-board", 4096, []float64{float64(wire)})
	b.ReportMetric(0, "ns/op")
}

// seqOfCall is the sequence that the next call will have: one event ends the
// ticket before it, and one more supplies the start that nobody marked.
func seqOfCall(o *testOffice, now queue.DeskState) uint64 {
	seq := o.newest().Seq() + 1
	if t := o.newest().Ticket(now.Ticket); t != nil {
		seq++
		if t.State == queue.Called {
			seq++
		}
	}
	return seq
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
