package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"eliminacode/device/sim"
	"eliminacode/device/sim/printer"
	"eliminacode/queue"
)

var kills = flag.Int("kills", 12, "how often TestKilled kills the daemon")

// A ledger is what the callers were told.
type ledger struct {
	mu      sync.Mutex
	tickets map[string]string // request -> id and number that were acknowledged
	calls   map[uint64]string // sequence of an acknowledged call -> desk
	refused map[int]int       // answers that were no acknowledgement, by status
	answers atomic.Int64      // of any kind
}

// awaitAnswers waits until the callers have had so many answers.
func (l *ledger) awaitAnswers(t *testing.T, n int64) {
	t.Helper()
	for begun := time.Now(); l.answers.Load() < n; time.Sleep(time.Millisecond) {
		if time.Since(begun) > 5*time.Minute {
			t.Fatalf("after five minutes there are %d answers of %d", l.answers.Load(), n)
		}
	}
}

func (l *ledger) ticket(t *testing.T, request, ticket string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if before, told := l.tickets[request]; told && before != ticket {
		t.Errorf("request %s was answered with %s and then with %s", request, before, ticket)
	}
	l.tickets[request] = ticket
}

func (l *ledger) called(seq uint64, desk string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls[seq] = desk
}

func (l *ledger) other(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused[status]++
}

// TestKilled kills the real daemon with SIGKILL at random moments while eight
// callers work, and finds every acknowledged ticket, each number once and each
// call once.
func TestKilled(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	paper := startVirtualPrinter(t, filepath.Join(dir, "port"))
	settings := filepath.Join(dir, "box.toml")
	writeFile(t, settings, fmt.Sprintf(`schema = 1
[data]
dir = %q
[web]
listen = "127.0.0.1:0"
[office]
file = %q
[[printer]]
name = "sala"
port = %q
profile = "generic-80-process-id"
outlet = "sala"
`, data, alwaysOpen(t, dir), paper.port.Path()))

	told := &ledger{tickets: map[string]string{}, calls: map[uint64]string{}, refused: map[int]int{}}
	var callers [8]caller
	for i := range callers {
		callers[i] = caller{n: i, told: told}
	}
	for kill := range *kills {
		d := startProgram(t, programCommand(t.Context(), "serve", "--config", settings))
		ctx, cancel := context.WithCancel(t.Context())
		var work sync.WaitGroup
		for i := range callers {
			work.Go(func() { callers[i].work(ctx, t, d.address) })
		}
		// By what was done, so that a slow machine proves as much as a fast one, and
		// at any moment of what is done next.
		told.awaitAnswers(t, told.answers.Load()+random.Int64N(60))
		time.Sleep(time.Duration(random.Int64N(int64(4 * time.Millisecond))))
		d.kill()
		cancel()
		work.Wait()
		if t.Failed() {
			t.Fatalf("after kill %d of seed %d", kill+1, seed)
		}
	}
	told.check(t, data, paper)
	t.Logf("%d kills: %d tickets and %d calls acknowledged, other answers %v (seed %d)",
		*kills, len(told.tickets), len(told.calls), told.refused, seed)
	if len(told.tickets) < *kills || len(told.calls) < *kills/4 {
		t.Errorf("too little was acknowledged to prove anything")
	}
}

// A caller works like one person at one page. A request that got no answer is
// made again, by the same name, when the daemon is back.
type caller struct {
	n       int
	told    *ledger
	made    int
	pending string
}

func (c *caller) work(ctx context.Context, t *testing.T, address string) {
	// A dead daemon's connections end at once; one that is slow has time.
	client := &http.Client{Timeout: time.Minute, Transport: &crowd{n: c.n}}
	defer client.CloseIdleConnections()
	for ctx.Err() == nil {
		var err error
		if c.n < 5 {
			err = c.issue(ctx, t, client, address)
		} else {
			err = c.next(ctx, client, address, fmt.Sprint("s", c.n-4))
		}
		if err != nil {
			return // the daemon is dead
		}
		c.told.answers.Add(1)
	}
}

// A crowd comes through a proxy, each hundred requests by another address: what
// one address may ask for is not what is tried here.
type crowd struct {
	http.Transport
	n, asked int
}

func (c *crowd) RoundTrip(r *http.Request) (*http.Response, error) {
	c.asked++
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.1", c.n, c.asked/100%256))
	r.Header.Set("X-Forwarded-Proto", "https")
	return c.Transport.RoundTrip(r)
}

func (c *caller) issue(ctx context.Context, t *testing.T, client *http.Client, address string) error {
	if c.pending == "" {
		c.made++
		c.pending = fmt.Sprintf("r%d-%d", c.n, c.made)
	}
	outlet := "accoglienza"
	if c.n == 0 {
		outlet = "sala"
	}
	a, status, err := post(ctx, client, address+"/api/v1/reception/issue", map[string]string{
		"service": []string{"anagrafe", "cie"}[c.made%2], "outlet": outlet, "request": c.pending,
	})
	switch {
	case err != nil:
		return err
	case a.Ticket == nil:
		c.told.other(status) // the printer is behind, say
		time.Sleep(5 * time.Millisecond)
	default:
		c.told.ticket(t, c.pending, a.Ticket.ID+" "+a.Ticket.Number)
	}
	c.pending = ""
	return nil
}

func (c *caller) next(ctx context.Context, client *http.Client, address, desk string) error {
	holds, open, err := held(ctx, client, address, desk)
	if err != nil {
		return err
	}
	if !open {
		_, _, err := post(ctx, client, address+"/api/v1/desks/"+desk+"/open", map[string]string{})
		return err
	}
	if holds != "" {
		// AVANTI so soon after the call would be taken for a double click.
		if _, _, err := post(ctx, client, address+"/api/v1/desks/"+desk+"/start", map[string]string{"ticket": holds}); err != nil {
			return err
		}
	}
	a, status, err := post(ctx, client, address+"/api/v1/desks/"+desk+"/next", map[string]string{"finishing": holds})
	switch {
	case err != nil:
		return err
	case status != http.StatusOK || a.Code != "called":
		c.told.other(status)
		time.Sleep(2 * time.Millisecond)
	default:
		c.told.called(a.Seq, desk)
	}
	return nil
}

// held is the ticket that a desk's page shows.
func held(ctx context.Context, client *http.Client, address, desk string) (ticket string, open bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/api/v1/state/console?desk="+desk, nil)
	if err != nil {
		return "", false, err
	}
	if err := lettered(r); err != nil {
		return "", false, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return "", false, err
	}
	defer resp.Body.Close()
	var page struct {
		View struct {
			Open    bool `json:"open"`
			Holding *struct {
				Ticket string `json:"ticket"`
			} `json:"holding"`
		} `json:"view"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
		return "", false, err
	}
	if page.View.Holding != nil {
		ticket = page.View.Holding.Ticket
	}
	return ticket, page.View.Open, nil
}

// A paperRoll is a virtual printer behind a port, and what came out of it.
type paperRoll struct {
	port    *sim.PTY
	mu      sync.Mutex
	numbers map[string]int
}

// startVirtualPrinter is a printer that outlives the daemon, as a real one does.
func startVirtualPrinter(t *testing.T, link string) *paperRoll {
	t.Helper()
	port, err := sim.OpenPTY(link)
	if err != nil {
		t.Fatal(err)
	}
	p := printer.New(printer.Config{Baud: 115_200, Speed: 50})
	roll := &paperRoll{port: port, numbers: map[string]int{}}
	p.Subscribe(func(ticket printer.Ticket) {
		roll.mu.Lock()
		defer roll.mu.Unlock()
		roll.numbers[ticket.Biggest()]++
	})
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { _ = p.Run(ctx) })
	all.Go(func() { _ = port.Serve(ctx, p.Serve) })
	t.Cleanup(func() { cancel(); port.Close(); all.Wait() })
	return roll
}

// A storedEvent is a line of journal dump.
type storedEvent struct {
	Seq  uint64          `json:"seq"`
	Kind string          `json:"kind"`
	Body json.RawMessage `json:"body"`
}

// check holds the journal against what the callers were told.
func (l *ledger) check(t *testing.T, data string, paper *paperRoll) {
	t.Helper()
	if verdict := runProgram(t, "journal", "verify", "--data", data); !strings.HasPrefix(verdict, "OK") {
		t.Errorf("journal verify says %s", verdict)
	}
	requests, numbers, called := map[string]string{}, map[string]bool{}, map[queue.TicketID]uint64{}
	callAt, printed := map[uint64]queue.TicketCalled{}, map[queue.TicketID]int{}
	issued := map[queue.TicketID]string{}
	for line := range strings.Lines(runProgram(t, "journal", "dump", "--data", data)) {
		var e storedEvent
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("dump line %s: %v", line, err)
		}
		switch e.Kind {
		case "TicketIssued":
			b := decodeBody[queue.TicketIssued](t, e)
			if requests[b.Request] != "" {
				t.Errorf("request %s was given two tickets", b.Request)
			}
			requests[b.Request] = fmt.Sprint(b.Ticket, " ", b.Number.Text)
			number := fmt.Sprint(b.Ticket.Day(), b.Number.Series, b.Number.Lap, b.Number.Value)
			if numbers[number] {
				t.Errorf("number %s was given twice", b.Number.Text)
			}
			numbers[number], issued[b.Ticket] = true, b.Number.Text
		case "TicketCalled":
			b := decodeBody[queue.TicketCalled](t, e)
			if before := called[b.Ticket]; before != 0 {
				t.Errorf("ticket %d was called by events %d and %d", b.Ticket, before, e.Seq)
			}
			called[b.Ticket], callAt[e.Seq] = e.Seq, b
		case "TicketPrinted":
			printed[decodeBody[queue.TicketPrinted](t, e).Ticket]++
		}
	}
	for request, ticket := range l.tickets {
		if requests[request] != ticket {
			t.Errorf("request %s was told %s, and the journal has %q", request, ticket, requests[request])
		}
	}
	for seq, desk := range l.calls {
		if string(callAt[seq].Desk) != desk {
			t.Errorf("desk %s was told that it called with event %d, and the journal has %+v there", desk, seq, callAt[seq])
		}
	}
	paper.mu.Lock()
	defer paper.mu.Unlock()
	// A slip of the box itself, such as that with the first code, comes out again when
	// the box was killed before it knew that it had.
	for _, number := range issued {
		if times := paper.numbers[number]; times > 1 {
			t.Errorf("number %s came out on paper %d times", number, times)
		}
	}
	for ticket, times := range printed {
		if times > 1 || paper.numbers[issued[ticket]] != 1 {
			t.Errorf("%s is recorded as printed %d times and came out %d times", issued[ticket], times, paper.numbers[issued[ticket]])
		}
	}
}

func decodeBody[T any](t *testing.T, e storedEvent) (b T) {
	t.Helper()
	if err := json.Unmarshal(e.Body, &b); err != nil {
		t.Fatalf("event %d: %v", e.Seq, err)
	}
	return b
}

func writeFile(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
