package display

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/gorilla/websocket"
)

// A line is what a test reader was sent, by transport alike.
type line struct {
	kind  string // start, event, beat or end
	event view.Event
	start streamStart
	end   streamEnd
	id    string // SSE only
}

// An eventReader reads a stream over either transport.
type eventReader struct {
	next  func() (line, error)
	close func()
}

// readSSE reads server-sent events; after is a Last-Event-ID.
func readSSE(t *testing.T, url, query, after string) eventReader {
	t.Helper()
	return readSSEWith(t, nil, url, query, after)
}

// readSSEWith is the same for a browser with cookies.
func readSSEWith(t *testing.T, cookies http.CookieJar, url, query, after string) eventReader {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api/v1/events"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	if after != "" {
		r.Header.Set("Last-Event-ID", after)
	}
	resp, err := (&http.Client{Jar: cookies, Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("the stream answers %s of %s", resp.Status, resp.Header.Get("Content-Type"))
	}
	in := bufio.NewReader(resp.Body)
	return eventReader{
		next:  func() (line, error) { return readMessage(in) },
		close: func() { cancel(); resp.Body.Close() },
	}
}

func readMessage(in *bufio.Reader) (l line, err error) {
	l.kind = "event"
	var data string
	for {
		text, err := in.ReadString('\n')
		if err != nil {
			return l, err
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(text, "\n"), ": ")
		switch name {
		case "event":
			l.kind = value
		case "id":
			l.id = value
		case "data":
			data = value
		case "":
			return l, l.fill([]byte(data))
		}
	}
}

func (l *line) fill(data []byte) error {
	switch l.kind {
	case "start":
		return json.Unmarshal(data, &l.start)
	case "end":
		return json.Unmarshal(data, &l.end)
	case "event":
		return json.Unmarshal(data, &l.event)
	}
	return nil
}

// readSocket reads the stream over a websocket.
func readSocket(t *testing.T, url, query string) eventReader {
	t.Helper()
	return readSocketWith(t, nil, url, query)
}

// readSocketWith is the same for a browser with cookies.
func readSocketWith(t *testing.T, cookies http.CookieJar, url, query string) eventReader {
	t.Helper()
	dialer := websocket.Dialer{Jar: cookies}
	conn, resp, err := dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(url, "http")+"/api/v1/events/ws"+query, nil)
	if err != nil {
		t.Fatalf("%v (%v)", err, resp)
	}
	return eventReader{close: func() { conn.Close() }, next: func() (l line, err error) {
		var m socketMessage
		if err := conn.ReadJSON(&m); err != nil {
			return l, err
		}
		l.kind = m.Type
		if m.Start != nil {
			l.start = *m.Start
		}
		if m.Event != nil {
			l.event = *m.Event
		}
		if m.End != nil {
			l.end = *m.End
		}
		return l, nil
	}}
}

// events reads n events and holds them to the sequence from on.
func (x eventReader) events(t *testing.T, from uint64, n int) (all []view.Event) {
	t.Helper()
	for len(all) < n {
		l, err := x.next()
		if err != nil {
			t.Fatalf("after %d events: %v", len(all), err)
		}
		switch l.kind {
		case "event":
			if want := from + uint64(len(all)); l.event.Seq != want {
				t.Fatalf("event %d comes instead of %d", l.event.Seq, want)
			}
			all = append(all, l.event)
		case "end":
			t.Fatalf("the stream ends after %d events: %+v", len(all), l.end)
		}
	}
	return all
}

// Each transport tells the past from any sequence, and then what happens, with
// no gap and no event twice.
func TestEventsFromAnySequence(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	s := serve(t, o.config(), "")
	for name, open := range map[string]func(query string) eventReader{
		"sse":    func(query string) eventReader { return readSSE(t, s.url, query, "") },
		"socket": func(query string) eventReader { return readSocket(t, s.url, query) },
	} {
		t.Run(name, func(t *testing.T) {
			newest := o.newest().Seq()
			for _, from := range []uint64{1, newest / 2, newest} {
				x := open(fmt.Sprint("?from=", from))
				all := x.events(t, from, int(newest-from)+1)
				x.close()
				if last := all[len(all)-1]; last.Journal != "journal-1" || last.ID != view.EventID("journal-1", newest) {
					t.Errorf("the newest event is %+v", last)
				}
				for _, e := range all {
					if strings.HasPrefix(e.Kind, "ticket.") && e.Data.Number == "" {
						t.Errorf("from %d on, event %d does not say its ticket's number: %+v", from, e.Seq, e)
					}
				}
			}
			x := open(fmt.Sprint("?after=", view.EventID("journal-1", newest)))
			defer x.close()
			o.issue(t, "anagrafe", queue.Ordinary)
			if all := x.events(t, newest+1, 2); all[0].Kind != "ticket.issued" || all[1].Kind != "paper.printed" {
				t.Errorf("what happens is told as %+v", all)
			}
		})
	}
}

// A browser that comes back says the last event that it has, whatever the address
// asks for.
func TestEventsGoOnAfterTheLast(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	s := serve(t, o.config(), "")
	x := readSSE(t, s.url, "?from=1", view.EventID("journal-1", 40))
	defer x.close()
	l, err := x.next()
	if err != nil || l.kind != "start" || l.start.From != 41 || l.start.Journal != "journal-1" || l.start.Newest != o.newest().Seq() {
		t.Fatalf("it starts with %+v: %v", l, err)
	}
	if l, err = x.next(); err != nil || l.event.Seq != 41 || l.id != "journal-1-41" {
		t.Fatalf("after 40 comes %+v: %v", l, err)
	}
}

// What cannot be gone on from is refused with what to do, before a stream is
// answered.
func TestEventsThatAreNotThere(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	for query, code := range map[string]string{
		"?after=another-12": "other-journal",
		"?after=12":         "bad-fields",
		"?from=x":           "bad-fields",
		"?form=1":           "bad-fields",
		"?from=-1":          "bad-fields",

		"?from=1&after=journal-1-2": "bad-body",
		"?from=1000000":             "no-event-yet",
		"?after=journal-1-999":      "no-event-yet",
	} {
		for _, path := range []string{"/api/v1/events", "/api/v1/events/ws"} {
			status, _, body := ask(t, request(t, http.MethodGet, s.url+path+query, ""))
			var p problem
			if json.Unmarshal([]byte(body), &p) == nil && strings.Contains(query, "&") && (len(p.Errors) != 1 || p.Errors[0].Location != "query.from" || p.Errors[0].Code != "either") {
				t.Errorf("%s%s does not say what is wrong: %s", path, query, body)
			}
			if json.Unmarshal([]byte(body), &p) != nil || p.Code != code || p.Do == "" || status/100 != 4 {
				t.Errorf("%s%s: %d %s, want %s", path, query, status, body, code)
			}
		}
	}
}

// A stream says why it ends, and after which event.
func TestEventsSayThatTheyEnd(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	newest := o.newest().Seq()
	readers := []eventReader{readSSE(t, s.url, "?from=1", ""), readSocket(t, s.url, "?from=1")}
	for _, x := range readers {
		x.events(t, 1, int(newest))
	}
	go s.stop()
	for _, x := range readers {
		l, err := x.next()
		if err != nil || l.kind != "end" || l.end.Reason != endStopping || l.end.Last != view.EventID("journal-1", newest) || l.end.Say == "" {
			t.Errorf("it ends with %+v: %v", l, err)
		}
		x.close()
	}
}

// One address has half of the streams at most, and a stream that is left frees
// its place.
func TestStreamsAreBounded(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Bounds.Streams = 4
	s := serve(t, cfg, "")
	first := readSSE(t, s.url, "", "")
	second := readSocket(t, s.url, "")
	for _, x := range []eventReader{first, second} {
		if l, err := x.next(); err != nil || l.kind != "start" {
			t.Fatalf("it starts with %+v: %v", l, err)
		}
	}
	status, _, body := ask(t, request(t, http.MethodGet, s.url+"/api/v1/events", ""))
	if status != http.StatusServiceUnavailable || !strings.Contains(body, `"code":"full"`) {
		t.Errorf("a third stream: %d %s", status, body)
	}
	first.close()
	for s.streams.full(address("127.0.0.1")) {
		time.Sleep(time.Millisecond)
	}
	third := readSSE(t, s.url, "", "")
	third.close()
	second.close()
}

// A recorder is a reader that a test looks at; takes is how long it takes over a
// message, and gone an error that it answers.
type recorder struct {
	mu    sync.Mutex
	kinds []string
	seqs  []uint64
	last  streamEnd
	slow  bool
	gone  error
}

func (x *recorder) note(kind string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.kinds = append(x.kinds, kind)
	return x.gone
}

func (x *recorder) start(streamStart) error { return x.note("start") }
func (x *recorder) pulse(streamPulse) error { return x.note("beat") }
func (x *recorder) end(e streamEnd) error   { x.last = e; return x.note("end") }

func (x *recorder) events(all []view.Event) error {
	for _, e := range all {
		x.seqs = append(x.seqs, e.Seq)
	}
	err := x.note("events")
	if x.slow {
		err = errSlow
	}
	return err
}

// A reader that is too slow is told so and can go on from where it was.
func TestSlowReaderOfEventsIsEnded(t *testing.T) {
	o := newTestOffice(t)
	s, err := New(o.config())
	if err != nil {
		t.Fatal(err)
	}
	x := &recorder{slow: true}
	if err := s.streams.serve(t.Context(), "here", words.In("it"), 1, x, always, func() {}); err != nil {
		t.Fatal(err)
	}
	read := x.seqs[len(x.seqs)-1]
	if x.last.Reason != endSlow || x.last.Last != view.EventID("journal-1", read) || !strings.Contains(x.last.Say, "ricolleghi") {
		t.Errorf("it is ended with %+v after event %d", x.last, read)
	}
}

// A write that takes longer than the patience is slow, and has a deadline of
// twice that.
func TestWriteOfAStreamHasADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var until time.Time
		set := func(d time.Time) error { until = d; return nil }
		for took, want := range map[time.Duration]error{5 * time.Second: nil, 6 * time.Second: errSlow} {
			began := time.Now()
			if err := timed(5*time.Second, set, func() error { time.Sleep(took); return nil }); !errors.Is(err, want) {
				t.Errorf("after %v: %v, want %v", took, err, want)
			}
			if until.Sub(began) != 10*time.Second {
				t.Errorf("the deadline is after %v", until.Sub(began))
			}
		}
		if err := timed(time.Second, set, func() error { return io.ErrClosedPipe }); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("a reader that is gone: %v", err)
		}
	})
}

// always lets a reader read.
func always() bool { return true }

// A reader of a quiet office hears every streamBeat that its stream is alive.
func TestQuietStreamBeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newTestOffice(t)
		s, err := New(o.config())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		x := &recorder{}
		ended := make(chan error, 1)
		go func() {
			ended <- s.streams.serve(ctx, "here", words.In("it"), o.newest().Seq()+1, x, always, func() {})
		}()
		time.Sleep(3*streamBeat + time.Second)
		cancel()
		if err := <-ended; err != nil || !slices.Equal(x.kinds, []string{"start", "beat", "beat", "beat"}) {
			t.Errorf("it hears %v: %v", x.kinds, err)
		}
	})
}

// A stream ends in the moment in which its reader may read no more: nothing has to happen
// in the office for it, and no beat to be due.
func TestAStreamEndsInTheMomentOfTheSignOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newTestOffice(t)
		s, err := New(o.config())
		if err != nil {
			t.Fatal(err)
		}
		left := make(chan struct{})
		s.cfg.Open, s.cfg.Access = false, changedAccess{changed: left}
		may := func() bool {
			select {
			case <-left:
				return false
			default:
				return true
			}
		}
		x := &recorder{}
		ended := make(chan error, 1)
		go func() {
			ended <- s.streams.serve(t.Context(), "here", words.In("it"), o.newest().Seq()+1, x, may, func() {})
		}()
		synctest.Wait()
		began := time.Now()
		close(left)
		if err := <-ended; err != nil || x.last.Reason != endBarred || time.Since(began) != 0 {
			t.Errorf("it is ended with %+v after %v: %v", x.last, time.Since(began), err)
		}
	})
}

// A changedAccess tells only that somebody may come in no more.
type changedAccess struct {
	Access
	changed chan struct{}
}

func (a changedAccess) Changed() <-chan struct{} { return a.changed }

// A journal that cannot be read ends the stream after what could be read.
func TestUnreadableEventsEndTheStream(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Events = brokenEvents{o, 2}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	x := &recorder{}
	if err := s.streams.serve(t.Context(), "here", words.In("it"), 1, x, always, func() {}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(x.seqs, []uint64{1, 2}) || x.last.Reason != endUnreadable || x.last.Last != "journal-1-2" {
		t.Errorf("it has %v and is ended with %+v", x.seqs, x.last)
	}
}

// brokenEvents can be read up to an event.
type brokenEvents struct {
	*testOffice
	whole uint64
}

func (b brokenEvents) Since(seq uint64) iter.Seq2[queue.Event, error] {
	return func(yield func(queue.Event, error) bool) {
		for e := range b.testOffice.Since(seq) {
			if e.Seq > b.whole {
				yield(queue.Event{}, errors.New("it is damaged"))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// A reader that takes nothing is cut off when the server ends.
func TestStreamsEndWithTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newTestOffice(t)
		s, err := New(o.config())
		if err != nil {
			t.Fatal(err)
		}
		cut := make(chan struct{})
		x := &stuckReader{recorder{}, cut}
		ended := make(chan error, 1)
		go func() {
			ended <- s.streams.serve(t.Context(), "here", words.In("it"), 1, x, always, sync.OnceFunc(func() { close(cut) }))
		}()
		synctest.Wait()
		s.streams.close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// A stuckReader takes nothing until it is cut off.
type stuckReader struct {
	recorder
	cut chan struct{}
}

func (x *stuckReader) events([]view.Event) error {
	<-x.cut
	return io.ErrClosedPipe
}

// Who asks for events that are kept no more is told so over each transport, and
// where to begin; from there on everything comes.
func TestEventsThatAreKeptNoMore(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	const oldest = 5
	o.oldest.Store(oldest)
	s := serve(t, o.config(), "")
	for _, path := range []string{"/api/v1/events?from=1", "/api/v1/events?after=" + view.EventID("journal-1", oldest-2), "/api/v1/events/ws?from=4"} {
		status, header, body := ask(t, request(t, "GET", s.url+path, "", "Accept-Language", "it"))
		var p problem
		if err := json.Unmarshal([]byte(body), &p); err != nil || status != http.StatusGone || p.Code != "events-gone" || p.Oldest != oldest || p.Do == "" ||
			header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	x := readSSE(t, s.url, fmt.Sprint("?from=", oldest), "")
	defer x.close()
	if all := x.events(t, oldest, 2); all[0].Seq != oldest {
		t.Errorf("%+v", all)
	}
	c := &caller{t: t, s: s}
	var made struct{ ID string }
	c.call(http.StatusCreated, "POST", "/api/v1/webhooks", object{"name": "Protocollo", "url": "https://protocollo.example/eventi"}, &made)
	c.call(http.StatusGone, "POST", "/api/v1/webhooks/"+made.ID+"/replay", object{"from": 1}, nil)
	c.call(http.StatusNoContent, "POST", "/api/v1/webhooks/"+made.ID+"/replay", object{"from": oldest}, nil)
}
