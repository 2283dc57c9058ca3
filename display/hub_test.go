package display

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/gorilla/websocket"
)

// A watcher is a page that reads what the hub sends.
type watcher struct {
	t    testing.TB
	conn *websocket.Conn
}

func watch(t testing.TB, s running, query string, headers ...string) watcher {
	t.Helper()
	conn, status, err := dial(s, query, headers...)
	if err != nil {
		t.Fatalf("opening %s: %v (%d)", query, err, status)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return watcher{t, conn}
}

func dial(s running, query string, headers ...string) (*websocket.Conn, int, error) {
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	conn, resp, err := websocket.DefaultDialer.Dial(strings.Replace(s.url, "http", "ws", 1)+"/ws?"+query, h)
	status := 0
	if resp != nil {
		status = resp.StatusCode
		_ = resp.Body.Close()
	}
	return conn, status, err
}

// read is the next message that is no beat.
func (w watcher) read() envelope {
	w.t.Helper()
	for {
		_ = w.conn.SetReadDeadline(time.Now().Add(time.Minute))
		var e envelope
		if err := w.conn.ReadJSON(&e); err != nil {
			w.t.Fatalf("reading: %v", err)
		}
		if e.Kind != "beat" {
			return e
		}
	}
}

// until reads until a view holds.
func (w watcher) board(holds func(view.Board) bool) (view.Board, envelope) {
	w.t.Helper()
	for {
		e := w.read()
		var b view.Board
		if err := json.Unmarshal(e.View, &b); err != nil {
			w.t.Fatalf("a board's view: %v", err)
		}
		if holds(b) {
			return b, e
		}
	}
}

func (w watcher) tell(r report) {
	w.t.Helper()
	if err := w.conn.WriteJSON(r); err != nil {
		w.t.Fatal(err)
	}
}

func shows(number, desk string) func(view.Board) bool {
	return func(b view.Board) bool {
		return len(b.Calls) > 0 && b.Calls[0].Number == number && b.Calls[0].Desk == desk
	}
}

func TestSnapshotAndNewest(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	o.open(t, "s3")
	o.issue(t, "anagrafe", queue.Ordinary)
	one := watch(t, s, "page=board")
	b, e := one.board(func(view.Board) bool { return true })
	if b.Waiting[0].Waiting != 1 || e.Journal != "journal-1" || e.Seq != o.newest().Seq() || e.Build != s.build() || e.Rate != 1 {
		t.Errorf("snapshot %+v of %+v", b, e)
	}
	o.next(t, "s3")
	two := watch(t, s, "page=board&nome=Atrio")
	for _, w := range []watcher{one, two} {
		_, e := w.board(shows("A001", "3"))
		if e.Seq != o.newest().Seq() {
			t.Errorf("seq %d, the office is at %d", e.Seq, o.newest().Seq())
		}
	}
}

func TestEveryTopic(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	s := serve(t, o.config(), "")
	for query, kind := range map[string]string{
		"page=board": "view", "page=totem&outlet=totem": "view", "page=console&desk=s1": "view", "page=console&desk=s1&as=html": "page",
		"page=reception": "view", "page=reception&as=html&q=A0": "page", "page=manager": "view", "page=manager&as=html": "page",
	} {
		e := watch(t, s, query).read()
		if e.Kind != kind || len(e.View) == 0 == (kind == "view") || e.HTML == "" == (kind == "page") {
			t.Errorf("%s: kind %q with %d bytes of view and %d of page", query, e.Kind, len(e.View), len(e.HTML))
		}
		if kind != "view" {
			continue
		}
		page := strings.TrimPrefix(query, "page=")
		status, _, body := ask(t, request(t, "GET", s.url+"/api/v1/state/"+strings.Replace(page, "&", "?", 1), ""))
		if status != 200 || !strings.Contains(body, string(e.View[:200])) {
			t.Errorf("%s: the API answers %d %.200s", query, status, body)
		}
	}
	for query, want := range map[string]int{
		"page=nothing": 404, "": 404, "page=console&desk=s99": 404, "page=totem&outlet=none": 404,
		"page=reception&q=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": 400,
	} {
		if _, status, err := dial(s, query); err == nil || status != want {
			t.Errorf("%q: %d, want %d", query, status, want)
		}
	}
}

func TestForeignSocketIsRefused(t *testing.T) {
	s := serve(t, newTestOffice(t).config(), "")
	for _, origin := range []string{"http://evil.example", "null", "https://127.0.0.1:1"} {
		if _, status, err := dial(s, "page=board", "Origin", origin); err == nil || status != http.StatusForbidden {
			t.Errorf("origin %q: %d", origin, status)
		}
	}
	if _, status, err := dial(s, "page=board", "Host", "evil.example"); err == nil || status != http.StatusMisdirectedRequest {
		t.Errorf("a foreign host: %d", status)
	}
	watch(t, s, "page=board", "Origin", s.url).read()
}

// TestNeverReads opens pages that never read, and a board that does: the
// readers are never kept waiting, and the others are dropped.
func TestNeverReads(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.WriteTimeout = 300 * time.Millisecond
	s := serve(t, cfg, "")
	o.open(t, "s1")
	for range 5 {
		w := watch(t, s, "page=console&desk=s1&as=html")
		// The smallest window that the kernel gives fills after some messages.
		_ = w.conn.NetConn().(*net.TCPConn).SetReadBuffer(1)
	}
	board := watch(t, s, "page=board")
	deadline := time.Now().Add(30 * time.Second)
	for n := 1; ; n++ {
		o.issue(t, "anagrafe", queue.Ordinary)
		start := time.Now()
		o.next(t, "s1")
		board.board(shows(fmt.Sprintf("A%03d", n%1000), "1"))
		if took := time.Since(start); took > 4*time.Second {
			t.Fatalf("a reading board waited %v", took)
		}
		s.hub.mu.Lock()
		left := s.hub.places[boardRole].all + s.hub.places[consoleRole].all
		s.hub.mu.Unlock()
		if left == 1 {
			return
		}
		if time.Now().After(deadline) || n > 990 {
			t.Fatalf("%d clients are still there", left)
		}
		// What comes faster than a console rests is one message.
		time.Sleep(20 * time.Millisecond)
	}
}

func TestGarbageClosesItsSocketOnly(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	good := watch(t, s, "page=board")
	good.read()
	for _, garbage := range []struct {
		kind int
		data string
	}{
		{websocket.TextMessage, "hello"}, {websocket.TextMessage, `{"painted":-1}`}, {websocket.TextMessage, `{"drop":"table"}`},
		{websocket.TextMessage, `{"legible":{"number":-1}}`}, {websocket.TextMessage, `{"legible":{"last":10001}}`}, {websocket.TextMessage, `{"legible":{"number":1e99}}`},
		{websocket.BinaryMessage, "\x00\xff"}, {websocket.TextMessage, strings.Repeat("{", 5000)},
	} {
		bad := watch(t, s, "page=board")
		bad.read()
		// The server may hang up before the last byte of a long one is sent.
		_ = bad.conn.WriteMessage(garbage.kind, []byte(garbage.data))
		_ = bad.conn.SetReadDeadline(time.Now().Add(time.Minute))
		for {
			if _, _, err := bad.conn.ReadMessage(); err != nil {
				if ne, ok := err.(net.Error); ok && ne.Timeout() {
					t.Errorf("%.20q leaves its socket open", garbage.data)
				}
				break
			}
		}
	}
	// Bytes that are no websocket at all.
	raw, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = raw.Write([]byte("GET /ws?page=board HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\xff\xff\xff\xff\xff\xff"))
	_ = raw.SetReadDeadline(time.Now().Add(time.Minute))
	for b := make([]byte, 4096); ; {
		if _, err := raw.Read(b); err != nil {
			break
		}
	}
	_ = raw.Close()
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	o.next(t, "s1")
	good.board(shows("A001", "1"))
}

func TestBoundedClients(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Bounds.Boards = 6 // three of one address
	s := serve(t, cfg, "")
	var all []watcher
	for range 3 {
		w := watch(t, s, "page=board")
		w.read()
		all = append(all, w)
	}
	if _, status, err := dial(s, "page=board"); err == nil || status != http.StatusServiceUnavailable {
		t.Errorf("one more: %d", status)
	}
	status, h, body := ask(t, request(t, "GET", s.url+"/ws?page=board", "", "Connection", "Upgrade", "Upgrade", "websocket"))
	if status != 503 || h.Get("Content-Type") != "application/problem+json" || !strings.Contains(body, "ne chiuda qualcuna") {
		t.Errorf("one more hears %d %s", status, body)
	}
	_ = all[0].conn.Close()
	for deadline := time.Now().Add(time.Minute); ; {
		conn, _, err := dial(s, "page=board")
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the place of one that left is not free")
		}
	}
}

// TestSeenOnBoards follows what two boards say they have painted to the
// console of the desk and to the manager's page.
func TestSeenOnBoards(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	atrio, sala := watch(t, s, "page=board&nome=Atrio"), watch(t, s, "page=board&nome=Sala")
	o.next(t, "s1")
	console := watch(t, s, "page=console&desk=s1")
	shown := func(want string) {
		t.Helper()
		for {
			var v view.Console
			if err := json.Unmarshal(console.read().View, &v); err != nil {
				t.Fatal(err)
			}
			if v.Holding != nil && v.Holding.Shown == want {
				return
			}
		}
	}
	_, e := atrio.board(shows("A001", "1"))
	sala.board(shows("A001", "1"))
	shown("Visto su 0 tabelloni su 2: attenda o chiami a voce.")
	atrio.tell(report{Journal: e.Journal, Painted: e.Seq})
	shown("Visto su 1 tabellone su 2: attenda o chiami a voce.")
	sala.tell(report{Journal: "another", Painted: e.Seq})
	sala.tell(report{Journal: e.Journal, Painted: e.Seq, Mute: true})
	shown("Visto su 2 tabelloni su 2")
	said := map[string]string{}
	for _, d := range s.devices(words.In("")) {
		said[d.Name] = d.Words
	}
	if said["Tabellone Atrio"] != "Collegato" || said["Tabellone Sala"] != "Senza suono" {
		t.Errorf("devices %v", said)
	}
	_ = atrio.conn.Close()
	shown("Visto su 1 tabellone su 1")
	_ = sala.conn.Close()
	shown("Nessun tabellone collegato: chiami il numero a voce.")
}

// TestBeats: an office in which nothing happens sends a view once, and then
// beats alone, so that a page knows a dead socket from a quiet office; a change is
// sent once, and beats follow again.
func TestBeats(t *testing.T) {
	t.Parallel() // it waits more than it works
	if testing.Short() {
		t.Skip("a beat takes seconds")
	}
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	w := watch(t, s, "page=console&desk=s1&as=html")
	next := func() (e envelope) {
		t.Helper()
		_ = w.conn.SetReadDeadline(time.Now().Add(time.Minute))
		if err := w.conn.ReadJSON(&e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	quiet := func(beats int) {
		t.Helper()
		for range beats {
			if e := next(); e.Kind != "beat" || len(e.View) != 0 || e.HTML != "" || e.Now == 0 {
				t.Errorf("a quiet office sends %q with %d bytes", e.Kind, len(e.View)+len(e.HTML))
			}
		}
	}
	if e := next(); e.Kind != "page" || e.HTML == "" {
		t.Errorf("first comes %q", e.Kind)
	}
	quiet(2)
	o.open(t, "s1")
	if e := next(); e.Kind != "page" || e.Seq != o.newest().Seq() {
		t.Errorf("after a change comes %q of event %d", e.Kind, e.Seq)
	}
	quiet(1)
}

// What comes by the clock alone reaches pages that are open.
func TestNoticeComesByTheClock(t *testing.T) {
	t.Parallel() // it waits more than it works
	if testing.Short() {
		t.Skip("a beat takes seconds")
	}
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	w := watch(t, s, "page=board")
	w.read()
	o.pass(7 * time.Hour)
	w.board(func(b view.Board) bool { return b.Day.Notice != "" })
}

// TestRestart ends the server under its pages and starts another one on the
// same address: a page that connects again sees the same office.
func TestRestart(t *testing.T) {
	o := newTestOffice(t)
	first := serve(t, o.config(), "")
	address := strings.TrimPrefix(first.url, "http://")
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	o.next(t, "s1")
	w := watch(t, first, "page=board")
	before, e := w.board(shows("A001", "1"))
	first.stop()
	if _, _, err := w.conn.ReadMessage(); err == nil {
		t.Error("the socket outlives its server")
	} else if !websocket.IsCloseError(err, websocket.CloseServiceRestart) {
		t.Errorf("the page hears %v", err)
	}
	o.must(t, queue.StartUp{Version: "test"})
	second := serve(t, o.config(), address)
	after, e2 := watch(t, second, "page=board").board(shows("A001", "1"))
	if after.Calls[0] != before.Calls[0] || e2.Journal != e.Journal || e2.Seq <= e.Seq {
		t.Errorf("before %+v at %d, after %+v at %d", before.Calls[0], e.Seq, after.Calls[0], e2.Seq)
	}
}

// TestManyAtOnce presses, calls, comes and goes from many goroutines, for the
// race detector: every ticket is issued, every desk has a ticket of its own, and
// then everybody sees the same.
func TestManyAtOnce(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	desks := []queue.DeskID{"s1", "s2", "s3", "s4"}
	for _, d := range desks {
		o.open(t, d)
	}
	const each = 25
	var mu sync.Mutex
	issued, called := map[string]bool{}, map[queue.TicketID]queue.DeskID{}
	var all sync.WaitGroup
	for i, d := range desks {
		all.Go(func() {
			var held queue.TicketID
			for range each {
				// At most two at an outlet, which prints no more than three at a time.
				outlet := []queue.OutletID{"accoglienza", "totem", "pulsantiera"}[i%3]
				_, events, err := o.Do(t.Context(), queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Outlet: outlet})
				if err != nil {
					t.Errorf("issuing: %v", err)
					return
				}
				paper := queue.ReportPaper{Ticket: events[0].Body.(queue.TicketIssued).Ticket, Job: 1, Paper: queue.PaperPrinted}
				if _, _, err := o.Do(t.Context(), paper); err != nil {
					t.Errorf("reporting the paper: %v", err)
				}
				if held != 0 {
					if _, _, err := o.Do(t.Context(), queue.StartService{By: queue.Cause{Kind: queue.ByConsole}, Desk: d, Ticket: held}); err != nil {
						t.Errorf("starting at %s: %v", d, err)
					}
				}
				next, nextEvents, err := o.Do(t.Context(), queue.CallNext{By: queue.Cause{Kind: queue.ByConsole}, Desk: d, Finishing: held})
				if err != nil {
					t.Errorf("calling at %s: %v", d, err)
					return
				}
				_, now, _ := next.Desk(d)
				held = now.Ticket
				mu.Lock()
				for _, e := range events {
					if b, ok := e.Body.(queue.TicketIssued); ok {
						if issued[b.Number.Text] {
							t.Errorf("%s was given twice", b.Number.Text)
						}
						issued[b.Number.Text] = true
					}
				}
				for _, e := range nextEvents {
					if b, ok := e.Body.(queue.TicketCalled); ok {
						if at, twice := called[b.Ticket]; twice || b.Desk != d {
							t.Errorf("ticket %v was called to %s for %s, before to %q", b.Ticket, b.Desk, d, at)
						}
						called[b.Ticket] = d
					}
				}
				mu.Unlock()
			}
		})
		all.Go(func() {
			for range 10 {
				conn, status, err := dial(s, []string{"page=board", "page=manager", "page=reception&as=html", "page=console&desk=s1"}[i])
				if err != nil {
					t.Errorf("opening a page: %v (%d)", err, status)
					continue
				}
				if _, _, err := conn.ReadMessage(); err != nil {
					t.Errorf("reading a page: %v", err)
				}
				_ = conn.Close()
			}
		})
	}
	all.Wait()
	if want := each * len(desks); len(issued) != want || len(called) != want {
		t.Errorf("%d tickets were issued and %d called, want %d", len(issued), len(called), want)
	}
	last := o.newest().Calls()[0]
	for range 3 {
		watch(t, s, "page=board").board(shows(last.Number.Text, last.Label))
	}
}

func mustJSON(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestAPageThatComesLateHasTheClockOfNow opens a second page on what has not changed
// for hours: it sets its clock by the first message.
func TestAPageThatComesLateHasTheClockOfNow(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	for _, page := range []string{"page=pulse", "page=board", "page=console&desk=s1"} {
		first := watch(t, s, page).read()
		o.pass(3 * time.Hour)
		now := o.newest().OfficeTime(o.Now())
		switch late := watch(t, s, page).read(); {
		case late.Now < now:
			t.Errorf("%s: who came three hours after %d is told that it is %d, want %d", page, first.Now, late.Now, now)
		case late.Kind != first.Kind || (late.HTML == "") != (first.HTML == "") || (late.View == nil) != (first.View == nil):
			t.Errorf("%s: first comes %q, late %q", page, first.Kind, late.Kind)
		}
	}
}
