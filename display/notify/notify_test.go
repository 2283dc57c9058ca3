package notify

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/office"

	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write the golden files anew")

// receiverSecret is set in the environment of the test's own program when it is to
// be a receiver.
const receiverSecret = "NOTIFY_TEST_RECEIVER"

func TestMain(m *testing.M) {
	if secret := os.Getenv(receiverSecret); secret != "" {
		receive(secret)
		return
	}
	goleak.VerifyTestMain(m)
}

// receive is a receiver as another program would be: it prints its address and then
// a line for each request, and does not take the first two.
func receive(secret string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println("cannot listen:", err)
		return
	}
	fmt.Println(l.Addr())
	var mu sync.Mutex
	asked := 0
	_ = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		k, _ := base64.StdEncoding.DecodeString(secret[len("whsec_"):])
		mac := hmac.New(sha256.New, k)
		mac.Write([]byte(r.Header.Get("webhook-id") + "." + r.Header.Get("webhook-timestamp") + "." + string(body)))
		signed := r.Header.Get("webhook-signature") == "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil))
		asked++
		b, _ := json.Marshal(received{ID: r.Header.Get("webhook-id"), Signed: signed, Type: r.Header.Get("Content-Type"), Body: body, Taken: asked > 2})
		fmt.Println(string(b))
		if asked <= 2 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
}

// A received is what a receiver saw of a request.
type received struct {
	ID, Type      string
	Signed, Taken bool
	Body          json.RawMessage
}

// A town is an office in memory, and the document that a Sender keeps.
type town struct {
	mu    sync.Mutex
	state *queue.State
	newer chan struct{}
	past  []queue.Event
	ms    int64
	kept  []byte
}

func newTown(t *testing.T) *town {
	t.Helper()
	o := &town{state: &queue.State{}, newer: make(chan struct{})}
	day := int64(1_795_474_800_000)
	o.ms = 10 * 3_600_000
	o.do(t, queue.StartUp{Version: "test", Journal: "J"})
	o.do(t, queue.ChangeSetup{Setup: office.Reference()})
	o.do(t, queue.OpenDay{Plan: queue.DayPlan{
		Date: "2026-11-24", Begins: day, Ends: day + 24*3_600_000, Bands: []queue.Band{{Opens: day, Closes: day + 24*3_600_000}},
	}})
	return o
}

func (o *town) do(t *testing.T, c queue.Command) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ms += 5_000
	next, events, err := o.state.Step(queue.Now{Wall: 1_795_474_800_000 + o.ms, Boot: "b", Mono: o.ms, Synced: true}, c)
	if err != nil {
		t.Fatalf("%T: %v", c, err)
	}
	o.state, o.past = next, append(o.past, events...)
	close(o.newer)
	o.newer = make(chan struct{})
}

// issue gives a ticket whose paper is out: two events.
func (o *town) issue(t *testing.T) {
	t.Helper()
	o.do(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Outlet: "accoglienza"})
	for paper := range o.state.UnsettledPapers() {
		o.do(t, queue.ReportPaper{Ticket: paper.ID, Job: 1, Paper: queue.PaperPrinted, Rung: "process-id"})
		return
	}
}

func (o *town) Watch() (*queue.State, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.state, o.newer
}

func (o *town) Since(seq uint64) iter.Seq2[queue.Event, error] {
	o.mu.Lock()
	past := o.past
	o.mu.Unlock()
	return func(yield func(queue.Event, error) bool) {
		for _, e := range past {
			if e.Seq >= seq && !yield(e, nil) {
				return
			}
		}
	}
}

func (o *town) Opening(uint64) (uint64, error) { return 1, nil }

// sender is a Sender of the town whose retries take no time.
func (o *town) sender(t *testing.T) *Sender {
	t.Helper()
	s, err := New(Config{
		Events: o, Watch: o.Watch, Zone: func(string) *time.Location { return time.UTC },
		Read:   func() ([]byte, error) { return o.kept, nil },
		Write:  func(b []byte) error { o.kept = slices.Clone(b); return nil },
		Delays: []time.Duration{time.Millisecond, 2 * time.Millisecond}, Rest: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// run delivers until stop is called.
func run(t *testing.T, s *Sender) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// until waits for something that comes, for a minute at most.
func until(t *testing.T, what string, come func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !come(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waiting until %s", what)
		}
	}
}

func mustSave(t *testing.T, s *Sender, h Hook) Hook {
	t.Helper()
	h, err := s.Save(h)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// A program of its own gets each event signed, tries that it did not take again,
// and in the end has every event that it wants and no other.
func TestAnotherProgramIsTold(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	secret := newSecret()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), receiverSecret+"="+secret)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Process.Kill(); _ = c.Wait() }()
	lines := bufio.NewScanner(out)
	lines.Scan()
	mustSave(t, s, Hook{Name: "Protocollo", URL: "http://" + lines.Text() + "/hook", Secret: secret, OnBox: true, Kinds: []string{"ticket.issued"}})
	run(t, s)
	from, _ := o.Watch()
	for range 4 {
		o.issue(t)
	}
	taken := map[string]bool{}
	refused := 0
	for len(taken) < 4 && lines.Scan() {
		var r received
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if !r.Signed || r.Type != "application/cloudevents+json" {
			t.Errorf("a request is not as it should be: %+v", r)
		}
		if !r.Taken {
			refused++
			continue
		}
		var e struct {
			SpecVersion, ID, Source, Type, Time, Subject string
			Data                                         view.Event
		}
		if err := json.Unmarshal(r.Body, &e); err != nil {
			t.Fatal(err)
		}
		if e.SpecVersion != "1.0" || e.ID != r.ID || e.Source != "urn:eliminacode:J" || e.Type != "eliminacode.ticket.issued" ||
			e.Time != e.Data.At || e.Subject != e.Data.Data.Ticket || e.Data.Data.Number == "" || e.Data.Seq <= from.Seq() {
			t.Errorf("it is told %s", r.Body)
		}
		if taken[r.ID] {
			t.Errorf("%s is told twice", r.ID)
		}
		taken[r.ID] = true
	}
	if refused != 2 || len(taken) != 4 {
		t.Errorf("%d were refused and %d taken", refused, len(taken))
	}
}

// The example of the standard has this signature.
func TestSignatureIsTheStandards(t *testing.T) {
	h := http.Header{}
	err := sign(h, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if got := h.Get("webhook-signature"); err != nil || got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("%s, %v", got, err)
	}
}

// Attempts become rarer and go on for a day.
func TestRetriesLastADay(t *testing.T) {
	var all, before time.Duration
	for _, d := range Delays() {
		if d < before {
			t.Errorf("%v comes after %v", d, before)
		}
		all, before = all+d, d
	}
	if all < 23*time.Hour || all > 30*time.Hour {
		t.Errorf("attempts go on for %v", all)
	}
}

// receiver answers every request with a status, and counts them by event.
func receiver(t *testing.T, answer func(w http.ResponseWriter, r *http.Request)) (url string, asked func() []string) {
	t.Helper()
	var mu sync.Mutex
	var all []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		all = append(all, r.Header.Get("webhook-id"))
		mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

// An event that is never taken is given up after the last delay, and others go on.
func TestEventIsGivenUp(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	url, _ := receiver(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	h := mustSave(t, s, Hook{Name: "Sordo", URL: url, OnBox: true, Kinds: []string{"ticket.issued"}})
	run(t, s)
	o.issue(t)
	until(t, "it is given up", func() bool { l := s.List()[0]; return len(l.Log) == 3 && l.Pending == 0 })
	for i, a := range s.List()[0].Log {
		if a.Nth != 3-i || a.GaveUp != (i == 0) || a.Status != 500 || a.Fault != FaultStatus || a.Detail != "" || a.OK() {
			t.Errorf("attempt %+v", a)
		}
	}
	o.issue(t)
	until(t, "the next one is tried", func() bool { return len(s.List()[0].Log) >= 4 })
	if got := s.List()[0]; got.ID != h.ID || got.Disabled || got.Secret != "" {
		t.Errorf("the hook is %+v", got.Hook)
	}
}

// A receiver that says that it is gone is told nothing more.
func TestGoneReceiverIsSwitchedOff(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	url, asked := receiver(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	mustSave(t, s, Hook{Name: "Via", URL: url, OnBox: true})
	run(t, s)
	o.issue(t)
	until(t, "it is switched off", func() bool { return s.List()[0].Disabled })
	o.issue(t)
	if n := len(asked()); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
}

// A redirect is not followed, and says so.
func TestRedirectsAreNotFollowed(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	elsewhere, asked := receiver(t, func(http.ResponseWriter, *http.Request) {})
	url, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
	})
	h := mustSave(t, s, Hook{Name: "Altrove", URL: url, OnBox: true})
	a, err := s.Test(t.Context(), h.ID)
	if err != nil || a.Fault != FaultRedirect || a.About != elsewhere+"/" && a.About != elsewhere || len(asked()) != 0 {
		t.Errorf("%+v, %v; it was asked %v", a, err, asked())
	}
}

// The box itself is told only when the hook says so.
func TestThisBoxIsToldOnlyWhenMeant(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	url, asked := receiver(t, func(http.ResponseWriter, *http.Request) {})
	// It was entered before addresses were judged at once.
	h := mustSave(t, s, Hook{Name: "Qui", URL: url, OnBox: true})
	s.find(h.ID).Hook.OnBox = false
	if a, err := s.Test(t.Context(), h.ID); err != nil || a.Fault != FaultLoopback || len(asked()) != 0 {
		t.Errorf("%+v, %v; it was asked %v", a, err, asked())
	}
	h.OnBox = true
	mustSave(t, s, h)
	if a, err := s.Test(t.Context(), h.ID); err != nil || !a.OK() || a.Status != 200 || len(asked()) != 1 {
		t.Errorf("%+v, %v; it was asked %v", a, err, asked())
	}
}

func TestWhereADeliveryMayGo(t *testing.T) {
	for _, c := range []struct {
		ip, scheme string
		onBox      bool
		want       error
	}{
		{"192.168.1.7", "http", false, nil},
		{"10.0.0.1", "http", false, nil},
		{"fd00::1", "http", false, nil},
		{"192.168.1.7", "https", false, nil},
		{"203.0.113.9", "https", false, nil},
		{"203.0.113.9", "http", false, errPlain},
		{"203.0.113.9", "http", true, errPlain},
		{"127.0.0.1", "https", false, errLoopback},
		{"::1", "http", false, errLoopback},
		{"::ffff:127.0.0.1", "http", false, errLoopback},
		{"127.0.0.1", "http", true, nil},
		{"169.254.169.254", "http", true, errRefused},
		{"169.254.169.254", "https", false, errRefused},
		{"::ffff:169.254.169.254", "https", false, errRefused},
		{"fe80::1", "https", false, errRefused},
		{"0.0.0.0", "http", true, errRefused},
		{"::", "https", true, errRefused},
		{"224.0.0.1", "https", false, errRefused},
		{"255.255.255.255", "https", false, errRefused},
	} {
		if got := allowed(netip.MustParseAddr(c.ip), c.scheme, c.onBox); !errors.Is(got, c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("%s by %s, on the box %v: %v, want %v", c.ip, c.scheme, c.onBox, got, c.want)
		}
	}
}

func TestBadHooksAreRefused(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	good := Hook{Name: "Buono", URL: "https://example.org/x"}
	mustSave(t, s, good)
	for name, c := range map[string]struct {
		hook Hook
		want error
	}{
		"no name":      {Hook{URL: good.URL}, ErrName},
		"taken name":   {Hook{Name: "BUONO", URL: good.URL}, ErrName},
		"turned name":  {Hook{Name: "a\u202eb", URL: good.URL}, ErrName},
		"unseen name":  {Hook{Name: "Buono\u200b", URL: good.URL}, ErrName},
		"long name":    {Hook{Name: strings.Repeat("x", mostName+1), URL: good.URL}, ErrName},
		"no address":   {Hook{Name: "a"}, ErrURL},
		"other scheme": {Hook{Name: "a", URL: "ftp://example.org"}, ErrURL},
		"a password":   {Hook{Name: "a", URL: "https://me:secret@example.org"}, ErrURL},
		"this box":     {Hook{Name: "a", URL: "http://127.0.0.1"}, ErrURL},
		"a long one":   {Hook{Name: "a", URL: "https://example.org/" + strings.Repeat("x", mostURL)}, ErrURL},
		"unknown kind": {Hook{Name: "a", URL: good.URL, Kinds: []string{"ticket.eaten"}}, ErrKind},
		"short secret": {Hook{Name: "a", URL: good.URL, Secret: "whsec_c2hvcnQ="}, ErrSecret},
		"not a secret": {Hook{Name: "a", URL: good.URL, Secret: "password"}, ErrSecret},
		"unknown hook": {Hook{ID: "none", Name: "a", URL: good.URL}, ErrUnknown},
	} {
		if _, err := s.Save(c.hook); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for i := 1; i < MostHooks; i++ {
		mustSave(t, s, Hook{Name: fmt.Sprint(i), URL: good.URL})
	}
	if _, err := s.Save(Hook{Name: "one more", URL: good.URL}); !errors.Is(err, ErrFull) {
		t.Errorf("one hook too many: %v", err)
	}
}

// A hook is told everything again from a sequence on, by the same names.
func TestReplayTellsAgain(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	url, asked := receiver(t, func(http.ResponseWriter, *http.Request) {})
	h := mustSave(t, s, Hook{Name: "Archivio", URL: url, OnBox: true})
	run(t, s)
	o.issue(t)
	until(t, "two events are told", func() bool { return len(asked()) == 2 })
	newest, _ := o.Watch()
	if err := s.Replay(h.ID, newest.Seq()-1); err != nil {
		t.Fatal(err)
	}
	until(t, "they are told again", func() bool { return len(asked()) == 4 })
	if all := asked(); !slices.Equal(all[:2], all[2:]) {
		t.Errorf("it is told %v", all)
	}
	if err := s.Replay(h.ID, newest.Seq()+2); !errors.Is(err, ErrFuture) {
		t.Errorf("from an event that is not there: %v", err)
	}
	if err := s.Replay("none", 1); !errors.Is(err, ErrUnknown) {
		t.Errorf("of no hook: %v", err)
	}
}

// What happens while the program is down, or while a receiver is, is told after.
func TestRestartLosesNothing(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	var down sync.Mutex
	down.Lock()
	refusing := true
	down.Unlock()
	taken := map[string]bool{}
	url, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		down.Lock()
		defer down.Unlock()
		if refusing {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		taken[r.Header.Get("webhook-id")] = true
	})
	h := mustSave(t, s, Hook{Name: "Archivio", URL: url, OnBox: true, Kinds: []string{"ticket.issued"}})
	stop := run(t, s)
	o.issue(t)
	until(t, "it is refused", func() bool { return len(s.List()[0].Log) > 0 })
	stop()
	o.issue(t)
	down.Lock()
	refusing = false
	down.Unlock()
	again := o.sender(t)
	if got := again.List(); len(got) != 1 || got[0].ID != h.ID || len(got[0].Log) == 0 {
		t.Fatalf("after a restart there is %+v", got)
	}
	run(t, again)
	until(t, "both are told", func() bool { down.Lock(); defer down.Unlock(); return len(taken) == 2 })
}

// A hook that has as many events to try again as it may takes no new ones.
func TestPendingIsBounded(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	h := mustSave(t, s, Hook{Name: "Sordo", URL: "https://example.org", Kinds: []string{"ticket.issued"}})
	l := s.find(h.ID)
	for range MostPending {
		l.Pending = append(l.Pending, pending{Seq: 1, Tried: 1, Due: time.Now().Add(time.Hour)})
	}
	o.issue(t)
	state, _ := o.Watch()
	w := worker{Sender: s, id: h.ID, hook: h}
	if wait, ok := w.step(t.Context(), state); !ok || wait <= 0 {
		t.Errorf("it goes on: %v %v", wait, ok)
	}
}

// After a backup was put back, a hook goes on where the new journal began.
func TestAnotherJournalGoesOnWhereItBegan(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	url, asked := receiver(t, func(http.ResponseWriter, *http.Request) {})
	h := mustSave(t, s, Hook{Name: "Archivio", URL: url, OnBox: true, Kinds: []string{"journal.begun", "ticket.issued"}})
	// It had been told more of the journal before than there is of this one.
	s.find(h.ID).Journal, s.find(h.ID).Next = "before", 400
	run(t, s)
	o.issue(t)
	until(t, "both are told", func() bool { return len(asked()) == 2 })
	if all := asked(); all[0] != "J-1" {
		t.Errorf("it is told %v", all)
	}
}

// Documents of this format are read for ever; a damaged one is told and leaves a
// Sender that works.
func TestKeptDocumentIsRead(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	s.hooks = []*line{{
		Hook:    Hook{ID: "abc", Name: "Protocollo", URL: "https://example.org/x", Kinds: []string{"ticket.issued"}, Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
		Journal: "J", Next: 12, Pending: []pending{{Seq: 7, Tried: 2, Due: time.Unix(1_795_512_660, 0).UTC()}},
		Log: []Attempt{{At: time.Unix(1_795_512_600, 0).UTC(), Event: "J-7", Kind: "ticket.issued", Nth: 2, Status: 503, Fault: FaultStatus, Detail: "receiver answers 503"}},
	}}
	if err := s.keep(); err != nil {
		t.Fatal(err)
	}
	const name = "testdata/webhooks-1.json"
	if *update {
		if err := os.WriteFile(name, o.kept, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	o.kept = b
	if got := o.sender(t).List(); len(got) != 1 || got[0].Pending != 1 || got[0].Next != 12 || got[0].Log[0].Status != 503 || got[0].Log[0].Detail == "" {
		t.Errorf("it reads %+v", got)
	}
	o.kept = b[:len(b)/2]
	damaged, err := New(Config{Events: o, Watch: o.Watch, Read: func() ([]byte, error) { return o.kept, nil }, Write: func([]byte) error { return nil }})
	if !errors.Is(err, ErrDamaged) || len(damaged.List()) != 0 {
		t.Errorf("a damaged document: %v", err)
	}
	mustSave(t, damaged, Hook{Name: "a", URL: "https://example.org"})
}

func FuzzRead(f *testing.F) {
	b, err := os.ReadFile("testdata/webhooks-1.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"format":1,"hooks":[null]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := read(b)
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%v", err)
			}
			return
		}
		for _, l := range d.Hooks {
			if err := l.Hook.validate(); err != nil {
				t.Errorf("a hook that is not one was read: %v", err)
			}
		}
	})
}
