package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"eliminacode/display/view"
)

// eventKills is how often TestEventsThroughKills kills the daemon.
const eventKills = 20

// TestEventsThroughKills reads the events as server-sent events and over a
// websocket while the real daemon is killed again and again in the middle of
// work, and finds in the end each event of the journal once, in order.
func TestEventsThroughKills(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	data, settings := filepath.Join(dir, "data"), filepath.Join(dir, "box.toml")
	writeFile(t, settings, fmt.Sprintf("schema = 1\n[data]\ndir = %q\n[web]\nlisten = \"127.0.0.1:0\"\n[office]\nfile = %q\n",
		data, alwaysOpen(t, dir)))

	told := &ledger{tickets: map[string]string{}, calls: map[uint64]string{}, refused: map[int]int{}}
	readers := []*follower{{open: openSSE}, {open: openSocket}}
	for kill := range eventKills {
		d := startProgram(t, programCommand(t.Context(), "serve", "--config", settings))
		ctx, cancel := context.WithCancel(t.Context())
		var work sync.WaitGroup
		for n := range 6 {
			c := caller{n: n + 1, made: kill * 10_000, told: told} // with requests of its own
			work.Go(func() { c.work(ctx, t, d.address) })
		}
		var fresh sync.WaitGroup // each reader has read something of this run
		fresh.Add(len(readers))
		for _, x := range readers {
			work.Go(func() { x.follow(ctx, t, d.address, sync.OnceFunc(fresh.Done)) })
		}
		fresh.Wait()
		time.Sleep(time.Duration(random.IntN(120)) * time.Millisecond)
		d.kill()
		work.Wait()
		cancel()
		if t.Failed() {
			t.Fatalf("after kill %d of seed %d", kill+1, seed)
		}
	}
	var kinds []string
	for line := range strings.Lines(runProgram(t, "journal", "dump", "--data", data)) {
		var e storedEvent
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, e.Kind)
	}
	d := startProgram(t, programCommand(t.Context(), "serve", "--config", settings))
	for _, x := range readers {
		ctx, cancel := context.WithCancel(t.Context())
		x.until = uint64(len(kinds))
		x.follow(ctx, t, d.address, func() {})
		cancel()
		x.check(t, kinds)
	}
	d.kill()
	t.Logf("%d kills: %d events, %d tickets acknowledged (seed %d)", eventKills, len(kinds), len(told.tickets), seed)
	if len(told.tickets) < eventKills {
		t.Error("too little happened to prove anything")
	}
}

// A follower reads events, and goes on after the last one that it has.
type follower struct {
	open func(ctx context.Context, address, after string) (next func() (view.Event, error), err error)
	read []view.Event
	// until is the sequence at which it has enough; 0 is never.
	until uint64
}

// follow reads until the daemon is dead.
func (x *follower) follow(ctx context.Context, t *testing.T, address string, fresh func()) {
	defer fresh()
	after := ""
	if n := len(x.read); n > 0 {
		after = x.read[n-1].ID
	}
	next, err := x.open(ctx, address, after)
	if err != nil {
		t.Errorf("opening the events after %q: %v", after, err)
		return
	}
	for x.until == 0 || len(x.read) == 0 || x.read[len(x.read)-1].Seq < x.until {
		e, err := next()
		if err != nil {
			return
		}
		x.read = append(x.read, e)
		fresh()
	}
}

// check holds what was read against the kinds of the journal's events.
func (x *follower) check(t *testing.T, kinds []string) {
	t.Helper()
	if len(x.read) < len(kinds) {
		t.Fatalf("%d of %d events were read", len(x.read), len(kinds))
	}
	outside := map[string]string{}
	for i, e := range x.read {
		if e.Seq != uint64(i+1) || e.ID != view.EventID(e.Journal, e.Seq) || e.Journal != x.read[0].Journal {
			t.Fatalf("in place %d is event %s", i+1, e.ID)
		}
		if i >= len(kinds) {
			continue // of the last run
		}
		if before, known := outside[kinds[i]]; known && before != e.Kind {
			t.Errorf("event %d is %s and is told as %s", e.Seq, kinds[i], e.Kind)
		}
		outside[kinds[i]] = e.Kind
	}
	if outside["TicketIssued"] != "ticket.issued" || outside["JournalResumed"] != "journal.resumed" {
		t.Errorf("kinds are told as %v", outside)
	}
}

func openSSE(ctx context.Context, address, after string) (func() (view.Event, error), error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/api/v1/events?from=1", nil)
	if err != nil {
		return nil, err
	}
	if after != "" {
		r.Header.Set("Last-Event-ID", after)
	}
	if err := lettered(r); err != nil {
		return nil, err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fmt.Errorf("the stream answers %s", resp.Status)
	}
	lines, event := bufio.NewReader(resp.Body), ""
	return func() (e view.Event, err error) {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				resp.Body.Close()
				return e, err
			}
			if name, ok := strings.CutPrefix(line, "event: "); ok {
				event = strings.TrimSpace(name)
			} else if data, ok := strings.CutPrefix(line, "data: "); ok && event == "" {
				return e, json.Unmarshal([]byte(data), &e)
			} else if line == "\n" {
				event = ""
			}
		}
	}, nil
}

func openSocket(ctx context.Context, address, after string) (func() (view.Event, error), error) {
	query := "?from=1"
	if after != "" {
		query = "?after=" + after
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/api/v1/events/ws"+query, nil)
	if err != nil {
		return nil, err
	}
	if err := lettered(r); err != nil {
		return nil, err
	}
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, "ws"+strings.TrimPrefix(r.URL.String(), "http"), r.Header)
	if err != nil {
		return nil, err
	}
	return func() (view.Event, error) {
		for {
			var m struct {
				Type  string
				Event view.Event
			}
			if err := conn.ReadJSON(&m); err != nil {
				conn.Close()
				return m.Event, err
			}
			if m.Type == "event" {
				return m.Event, nil
			}
		}
	}, nil
}
