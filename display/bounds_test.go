package display

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/gorilla/websocket"
)

// dialFrom opens a websocket from another address of this machine.
func dialFrom(t testing.TB, s running, from, query string) (*websocket.Conn, error) {
	t.Helper()
	d := websocket.Dialer{NetDialContext: dialer(from).DialContext, HandshakeTimeout: 10 * time.Second}
	conn, resp, err := d.Dial(strings.Replace(s.url, "http", "ws", 1)+"/ws?"+query, nil)
	if resp != nil {
		_ = resp.Body.Close()
	}
	if err == nil {
		t.Cleanup(func() { _ = conn.Close() })
	}
	return conn, err
}

func dialer(from string) *net.Dialer {
	return &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 10 * time.Second}
}

// A flood of one address takes half of its kind at most, and nothing of any
// other kind.
func TestSocketsOfOneAddressLeaveRoom(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	for _, query := range []string{"page=board", "page=reception&q=A0", "page=manager"} {
		for range 80 {
			_, _ = dialFrom(t, s, "127.0.0.2", query)
		}
	}
	s.hub.mu.Lock()
	for r, p := range s.hub.places {
		want := map[role]int{boardRole: 32, pageRole: 32}[role(r)]
		if p.by["127.0.0.2"] != want || p.all != want {
			t.Errorf("kind %d: %d sockets, %d of the address, want %d", r, p.all, p.by["127.0.0.2"], want)
		}
	}
	s.hub.mu.Unlock()
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	board := watch(t, s, "page=board")
	watch(t, s, "page=console&desk=s1").read()
	watch(t, s, "page=reception").read()
	o.next(t, "s1")
	board.board(shows("A001", "1"))
	if _, err := dialFrom(t, s, "127.0.0.2", "page=console&desk=s1"); err != nil {
		t.Errorf("an address full of boards has no console: %v", err)
	}
}

// Where all boards come by one address, sockets that never said anything make
// room for one that opens.
func TestSilentSocketMakesRoom(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Bounds.Boards = 4
	s := serve(t, cfg, "")
	silent, telling := watch(t, s, "page=board"), watch(t, s, "page=board")
	silent.read() // both have their places
	e := telling.read()
	telling.tell(report{Journal: e.Journal, Painted: e.Seq})
	if _, status, err := dial(s, "page=board"); err == nil || status != http.StatusServiceUnavailable {
		t.Fatalf("one more while all are new: %d", status)
	}
	for told := false; !told; time.Sleep(5 * time.Millisecond) {
		s.hub.mu.Lock()
		for c := range s.hub.boards() {
			c.came = c.came.Add(-silentFor)
			told = told || c.told.Load() != nil
		}
		s.hub.mu.Unlock()
	}
	newer := watch(t, s, "page=board")
	newer.read()
	_ = silent.conn.SetReadDeadline(time.Now().Add(time.Minute))
	for {
		if _, _, err := silent.conn.ReadMessage(); err != nil {
			if ne, ok := err.(net.Error); ok && ne.Timeout() {
				t.Error("the silent socket is still open")
			}
			break
		}
	}
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	o.next(t, "s1")
	telling.board(shows("A001", "1"))
	newer.board(shows("A001", "1"))
}

// Requests whose bodies never come are as many as the bound of their address, and make
// room for what else that address asks, one by one; who still sends is left alone.
func TestABodyThatDoesNotComeMakesRoom(t *testing.T) {
	cfg := newTestOffice(t).config()
	cfg.Bounds.Requests = 5
	s := serve(t, cfg, "")
	var stalled []net.Conn
	for range 5 {
		conn, err := dialer("127.0.0.2").Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		_, _ = io.WriteString(conn, "POST /api/v1/reception/issue HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
		stalled = append(stalled, conn)
	}
	under := func() int {
		s.askers.mu.Lock()
		defer s.askers.mu.Unlock()
		return s.askers.underway
	}
	for begun := time.Now(); under() < 5; time.Sleep(time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatalf("%d are under way", under())
		}
	}
	client := http.Client{Transport: &http.Transport{DialContext: dialer("127.0.0.2").DialContext}}
	defer client.CloseIdleConnections()
	for n := range 20 {
		resp, err := client.Get(s.url + "/api/v1/state/board")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("request %d is answered %d", n+1, resp.StatusCode)
		}
	}
	cut := 0
	for _, conn := range stalled {
		_ = conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		if n, _ := conn.Read(make([]byte, 1)); n == 1 {
			cut++ // it was answered
		}
	}
	if cut != 1 {
		t.Errorf("%d of the stalled ones made room", cut)
	}
}

// Requests that are being worked on are as many as the bound of their address, and
// those of other addresses go on.
func TestRequestsUnderWayAreBounded(t *testing.T) {
	a, now := newAccounts(Bounds{Requests: 2}), time.Now()
	var all []*underWay
	for _, from := range []address{"a", "a", "b", "b"} {
		r, err := a.enter(from, now)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if _, err := a.enter("a", now); err != errBusy {
		t.Errorf("a third one is answered %v", err)
	}
	cut := errors.New("it cannot be cut")
	_ = a.awaits(all[0], http.NoBody, func() error { return cut })
	if _, err := a.enter("a", now); err != errBusy {
		t.Errorf("beside one that cannot be cut, a third one is answered %v", err)
	}
	cut = nil
	if _, err := a.enter("b", now); err != errBusy {
		t.Errorf("a body of another address makes room: %v", err)
	}
	third, err := a.enter("a", now)
	if err != nil {
		t.Errorf("a body that does not come makes no room: %v", err)
	}
	for _, r := range append(all, third) {
		a.leave(r)
	}
	if a.underway != 0 || a.by["a"].underway != 0 || len(a.by["a"].bodies) != 0 {
		t.Errorf("left are %d, %+v", a.underway, a.by["a"])
	}
}

// A flood of tickets ends long before a series does, and nobody else is kept
// from a number.
func TestTicketsOfOneAddressAreBounded(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	issue := func(from, name string) int {
		body := fmt.Sprintf(`{"service":"anagrafe","outlet":"accoglienza","request":%q}`, name)
		r := httptest.NewRequest("POST", "/api/v1/reception/issue", strings.NewReader(body))
		r.Host, r.RemoteAddr = "localhost", from
		r.TLS = &tls.ConnectionState{} // the staff's pages leave the box in no other way
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code == http.StatusTooManyRequests && !strings.Contains(w.Body.String(), "aspetti un minuto") {
			t.Errorf("the refusal is %s", w.Body)
		}
		if state := o.newest(); state.Totals().Issued > 0 {
			// The printer keeps up.
			last := queue.TicketID(1_000_000 + state.Totals().Issued)
			if state.Ticket(last).Paper == queue.PaperRequested {
				o.must(t, queue.ReportPaper{Ticket: last, Job: 1, Paper: queue.PaperPrinted, Rung: "process-id"})
			}
		}
		return w.Code
	}
	start, given, last := time.Now(), 0, ""
	for n := range 999 {
		if name := fmt.Sprint("flood-", n); issue("192.168.1.9:4000", name) == http.StatusCreated {
			given, last = given+1, name
		}
	}
	if most := 200 + int(time.Since(start).Seconds()) + 1; given < 200 || given > most {
		t.Errorf("one address has %d tickets, want 200 to %d", given, most)
	}
	if code := issue("192.168.1.9:4001", last); code != http.StatusOK {
		t.Errorf("a repeated request hears %d", code)
	}
	if code := issue("192.168.1.10:4000", "another"); code != http.StatusCreated {
		t.Errorf("another address hears %d", code)
	}
}

// One board that says that it painted what does not exist is the only one that
// is told to be behind.
func TestFalseReportSpoilsNoOtherBoard(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	good := watch(t, s, "page=board&nome=Buono")
	liars := map[string]report{
		"Futuro": {Journal: "journal-1", Painted: 1 << 40},
		"Altro":  {Journal: "a journal that was restored away", Painted: 1 << 40},
		"Nulla":  {},
	}
	o.next(t, "s1")
	_, e := good.board(shows("A001", "1"))
	good.tell(report{Journal: e.Journal, Painted: e.Seq})
	for name, r := range liars {
		w := watch(t, s, "page=board&nome="+name)
		w.board(shows("A001", "1"))
		w.tell(r)
	}
	told := func() (n int) {
		s.hub.mu.Lock()
		defer s.hub.mu.Unlock()
		for c := range s.hub.boards() {
			if c.told.Load() != nil {
				n++
			}
		}
		return n
	}
	for deadline := time.Now().Add(time.Minute); told() < 4; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d boards have reported", told())
		}
	}
	s.hub.mu.Lock()
	for c := range s.hub.boards() {
		d := c.device(time.Now().Add(boardPatience), words.In(""))
		if want := c.name != "Buono"; (d.State == "stopped") != want || want != (d.Do != "") {
			t.Errorf("%s is said to be %q: %s", d.Name, d.Words, d.Do)
		}
		if d := c.device(time.Now(), words.In("")); d.State != "ready" {
			t.Errorf("%s, just connected, is said to be %q", d.Name, d.Words)
		}
	}
	s.hub.mu.Unlock()
	if seen := s.hub.seen("journal-1", e.Seq, ""); seen != (view.Seen{Boards: 1, Of: 4}) {
		t.Errorf("the call is seen on %+v", seen)
	}
}

// A staff page that takes for ever to make keeps no board and no console
// waiting.
func TestBoardsWaitForNoPage(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	hold, held := make(chan struct{}), make(chan struct{}, 100)
	cfg.Devices = func(*words.Tongue) []view.Device {
		held <- struct{}{}
		<-hold
		return nil
	}
	s := serve(t, cfg, "")
	t.Cleanup(func() { close(hold) })
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	board, console := watch(t, s, "page=board"), watch(t, s, "page=console&desk=s1")
	watch(t, s, "page=manager")
	<-held
	o.next(t, "s1")
	board.board(shows("A001", "1"))
	console.read()
}

// A page that cannot be made hears no beat: beats would pass what it shows for
// live.
func TestNoBeatWithoutRendering(t *testing.T) {
	s, err := New(newTestOffice(t).config())
	if err != nil {
		t.Fatal(err)
	}
	broken := template.Must(template.New("manager").Parse(`{{define "main"}}{{.Nothing.At.All}}{{end}}`))
	s.pages[pageIn{"manager", "it"}] = func() (*template.Template, error) { return broken, nil }
	client := func(page string) *client {
		c := &client{topic: topic{page: page, html: true}, signal: make(chan struct{}, 1)}
		s.hub.topics[c.topic] = &audience{clients: map[*client]struct{}{c: {}}}
		return c
	}
	bad, good := client("manager"), client("reception")
	l := s.hub.loop(pageRole)
	state, _ := s.cfg.Engine.Watch()
	l.publish(state)
	if bad.pending.Load() != nil || good.pending.Load() == nil {
		t.Fatal("the broken page was sent, or the good one was not")
	}
	good.pending.Store(nil)
	l.beat(state)
	if bad.pending.Load() != nil || bad.ping.Load() {
		t.Error("the broken page hears a beat")
	}
	if good.pending.Load() == nil {
		t.Error("the good page hears no beat")
	}
}

func TestOnePageAddsUpTheDay(t *testing.T) {
	a := newAccounts(Bounds{}.filled())
	done, err := a.alone(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.alone(gone); !errors.Is(err, errBusy) {
		t.Errorf("a second one hears %v", err)
	}
	done()
	if done, err = a.alone(t.Context()); err != nil {
		t.Fatalf("after the first: %v", err)
	}
	done()
}

func TestBuckets(t *testing.T) {
	now := time.Unix(1_000, 0)
	a := newAccounts(Bounds{Tickets: 3, TicketsPerMinute: 60}.filled())
	for i, want := range []error{nil, nil, nil, errManyTickets} {
		if err := a.ticket("one", now); !errors.Is(err, want) {
			t.Errorf("ticket %d: %v", i+1, err)
		}
	}
	if err := a.ticket("two", now); err != nil {
		t.Errorf("another address: %v", err)
	}
	if err := a.ticket("one", now.Add(time.Second)); err != nil {
		t.Errorf("a second later: %v", err)
	}
	for range readsAtOnce / heavyReads {
		if err := a.read("one", now, heavyReads); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.read("one", now, 1); !errors.Is(err, errBusy) {
		t.Errorf("one read more: %v", err)
	}
	// However many addresses come, what is kept of them is bounded.
	for i := range 3 * addressesKept {
		_ = a.ticket(address(fmt.Sprint(i)), now)
	}
	if len(a.by) > addressesKept+1 {
		t.Errorf("%d accounts are kept", len(a.by))
	}
	_ = a.ticket("late", now.Add(2*idleAfter))
	if len(a.by) > 2 {
		t.Errorf("%d idle accounts are kept", len(a.by))
	}
}

func TestAddressOf(t *testing.T) {
	for _, c := range []struct{ remote, forwarded, want string }{
		{"192.168.1.7:5000", "", "192.168.1.7"},
		{"192.168.1.7:5000", "10.0.0.1", "192.168.1.7"}, // who is no proxy of this box names nobody
		{"127.0.0.1:5000", "", "127.0.0.1"},
		{"127.0.0.1:5000", "10.0.0.1", "10.0.0.1"},
		{"[::1]:5000", "made up, 10.0.0.1", "10.0.0.1"},
		{"127.0.0.1:5000", "nobody", "127.0.0.1"},
		{"[2001:db8:1:2:3:4:5:6]:5000", "", "2001:db8:1:2::/64"},
		{"[fe80::1%eth0]:5000", "", "fe80::/64"},
		{"[::ffff:192.168.1.7]:5000", "", "192.168.1.7"},
		{"@", "", "invalid IP"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := addressOf(r); string(got) != c.want {
			t.Errorf("%s, %q: %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}

func FuzzAddressOf(f *testing.F) {
	f.Add("127.0.0.1:80", "10.0.0.1, fe80::1%x")
	f.Add("[::1]:80", "::ffff:1.2.3.4")
	f.Fuzz(func(t *testing.T, remote, forwarded string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = remote
		r.Header["X-Forwarded-For"] = []string{forwarded}
		if a := addressOf(r); len(a) > 60 {
			t.Errorf("address of %d bytes", len(a))
		}
	})
}

// A cookie that was given under TLS is never sent without, through a proxy as well; and
// nobody but a proxy on this box says so of others.
func TestCookiesKeepToTLS(t *testing.T) {
	for _, c := range []struct {
		remote  string
		headers map[string]string
		want    bool
	}{
		{"127.0.0.1:5000", nil, false},
		{"127.0.0.1:5000", map[string]string{"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https"}, true},
		{"127.0.0.1:5000", map[string]string{"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "http"}, false},
		{"127.0.0.1:5000", map[string]string{"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"}, false},
		{"192.168.1.7:5000", map[string]string{"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https"}, false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		for name, value := range c.headers {
			r.Header.Set(name, value)
		}
		if got := cookie(r, sessionCookie, "x", time.Hour).Secure; got != c.want {
			t.Errorf("%s, %v: %v", c.remote, c.headers, got)
		}
	}
}
