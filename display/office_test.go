package display

import (
	"context"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/notify"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/office"
	"eliminacode/queue/procedure"
	"eliminacode/queue/waiting"
	"eliminacode/queue/words"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A testOffice is an office in memory: the rules of package queue behind one
// lock, and a clock that begins on a Tuesday morning.
type testOffice struct {
	start  time.Time
	ahead  atomic.Int64  // ms that the test has let go by
	wrong  atomic.Int64  // ms that the box's clock shows too much
	alone  atomic.Bool   // no network tells the time
	oldest atomic.Uint64 // the first event that is kept; 0 is the first of all
	boots  atomic.Int64  // how often the box was started again

	mu    sync.Mutex
	state *queue.State
	newer chan struct{}
	past  []queue.Event
	wrote int // commands that caused events: each is one write of a journal
}

// tuesday is when the office's clock begins: 24 November 2026, 10:31 in Rome.
const tuesday = 1_795_512_660_000

func newTestOffice(t testing.TB) *testOffice {
	t.Helper()
	o := &testOffice{start: time.Now(), state: &queue.State{}, newer: make(chan struct{})}
	o.must(t, queue.StartUp{Version: "test", Journal: "journal-1"})
	o.must(t, queue.ChangeSetup{Setup: office.Reference()})
	day := int64(tuesday - (10*60+31)*60_000)
	o.must(t, queue.OpenDay{Plan: queue.DayPlan{
		Date: "2026-11-24", Begins: day, Ends: day + 24*3_600_000,
		Bands: []queue.Band{{Opens: day + 495*60_000, Closes: day + 17*3_600_000}},
	}})
	return o
}

func (o *testOffice) Now() queue.Now {
	ms := time.Since(o.start).Milliseconds() + o.ahead.Load()
	return queue.Now{Wall: tuesday + ms + o.wrong.Load(), Boot: fmt.Sprint("boot", o.boots.Load()), Mono: ms, Synced: !o.alone.Load()}
}

// restart is a power cut, after which the box has no network and shows so many
// ms too much.
func (o *testOffice) restart(t testing.TB, wrong int64) {
	t.Helper()
	o.wrong.Store(wrong)
	o.alone.Store(true)
	o.boots.Add(1)
	o.must(t, queue.StartUp{Version: "test"})
}

func (o *testOffice) writes() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.wrote
}

func (o *testOffice) Do(_ context.Context, c queue.Command) (*queue.State, []queue.Event, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	next, events, err := o.state.Step(o.Now(), c)
	if err != nil {
		return o.state, nil, err
	}
	if len(events) > 0 {
		o.wrote++
		o.state, o.past = next, append(o.past, events...)
		close(o.newer)
		o.newer = make(chan struct{})
	}
	return o.state, events, nil
}

func (o *testOffice) Watch() (*queue.State, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.state, o.newer
}

// hooks are webhooks whose list is kept nowhere. They are not delivered to: no
// Run.
func (o *testOffice) hooks() *notify.Sender {
	s, err := notify.New(notify.Config{
		Events: o, Watch: o.Watch, Zone: func(string) *time.Location { return time.UTC },
		Read: func() ([]byte, error) { return nil, nil }, Write: func([]byte) error { return nil },
	})
	if err != nil {
		panic(err)
	}
	return s
}

// Since yields what happened from seq on.
func (o *testOffice) Since(seq uint64) iter.Seq2[queue.Event, error] {
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

// Opening is where the day of an event begins.
func (o *testOffice) Opening(seq uint64) (uint64, error) {
	opening := max(o.oldest.Load(), 1)
	if seq < opening {
		return 0, EventsGoneError{opening}
	}
	for e := range o.Since(1) {
		if _, opens := e.Body.(queue.DayOpened); opens && e.Seq <= seq {
			opening = e.Seq
		}
	}
	return opening, nil
}

// pass lets time go by at once.
func (o *testOffice) pass(d time.Duration) { o.ahead.Add(d.Milliseconds()) }

func (o *testOffice) must(t testing.TB, c queue.Command) []queue.Event {
	t.Helper()
	_, events, err := o.Do(context.Background(), c)
	if err != nil {
		t.Fatalf("%T: %v", c, err)
	}
	return events
}

func (o *testOffice) newest() *queue.State {
	s, _ := o.Watch()
	return s
}

func (o *testOffice) issue(t testing.TB, service queue.ServiceID, class queue.Class) queue.TicketID {
	t.Helper()
	events := o.must(t, queue.IssueTicket{
		By: queue.Cause{Kind: queue.ByReception}, Service: service, Class: class, Outlet: "accoglienza",
	})
	id := events[0].Body.(queue.TicketIssued).Ticket
	o.must(t, queue.ReportPaper{Ticket: id, Job: 1, Paper: queue.PaperPrinted, Rung: "process-id"})
	return id
}

func (o *testOffice) open(t testing.TB, desk queue.DeskID) {
	t.Helper()
	o.must(t, queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: desk})
}

func (o *testOffice) next(t testing.TB, desk queue.DeskID) {
	t.Helper()
	_, now, _ := o.newest().Desk(desk)
	if held := o.newest().Ticket(now.Ticket); held != nil && held.State == queue.Called {
		o.must(t, queue.StartService{By: queue.Cause{Kind: queue.ByConsole}, Desk: desk, Ticket: held.ID})
	}
	o.must(t, queue.CallNext{By: queue.Cause{Kind: queue.ByConsole}, Desk: desk, Finishing: now.Ticket})
}

// openTicket is the token of one who waits in a busy office.
const openTicket = "OPENTICKET"

// busy is the office in the middle of a morning: people wait, desks serve,
// some papers are doubtful.
func (o *testOffice) busy(t testing.TB) {
	t.Helper()
	o.offerSeveral(t, "totem", true)
	desks := []queue.DeskID{"s1", "s2", "s3", "s4", "s5", "s6", "s7"}
	for _, d := range desks {
		o.open(t, d)
	}
	services := []queue.ServiceID{"anagrafe", "cie", "stato-civile", "anagrafe", "veloci", "protocollo", "elettorale", "anagrafe"}
	for i := range 60 {
		class := queue.Ordinary
		if i%9 == 4 {
			class = queue.Priority
		}
		o.issue(t, services[i%len(services)], class)
		o.pass(40 * time.Second)
		if i%3 == 1 {
			o.next(t, desks[i/3%len(desks)])
		}
	}
	o.must(t, queue.ReserveBlock{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Count: 20, Code: "K7QX"})
	o.must(t, queue.PauseDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: o.idle(t), Why: "break"})
	lost := o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByButton, Device: "anagrafe"}, Service: "anagrafe", Outlet: "pulsantiera", Token: openTicket})
	o.must(t, queue.ReportPaper{Ticket: lost[0].Body.(queue.TicketIssued).Ticket, Job: 1, Paper: queue.PaperUnknown, Why: "silent"})
	o.must(t, queue.ReportOutlet{Outlet: "accoglienza", Gives: queue.Able})
	press := func(became queue.PaperState, why string) *queue.Ticket {
		o.pass(3 * time.Second)
		issued := o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByButton, Device: "cie"}, Service: "cie", Outlet: "pulsantiera"})
		id := issued[0].Body.(queue.TicketIssued).Ticket
		o.must(t, queue.ReportPaper{Ticket: id, Job: 1, Paper: became, Why: why})
		return o.newest().Ticket(id)
	}
	press(queue.PaperUnknown, queue.WhyUnconfirmed)
	again := press(queue.PaperUnknown, "restart")
	o.must(t, queue.Reprint{By: queue.Cause{Kind: queue.ByReception}, Ticket: again.ID, Job: 1})
	o.must(t, queue.ReportPaper{Ticket: again.ID, Job: 2, Paper: queue.PaperFailed, Why: "cutter"})
	moved := press(queue.PaperFailed, "paper-out")
	o.must(t, queue.ReportPaper{Ticket: moved.ID, Job: 2, Paper: queue.PaperPrinted, Rung: "process-id"})
	for range 3 {
		o.pass(3 * time.Second)
		o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByButton, Device: "cie"}, Service: "cie", Outlet: "totem"})
	}
	o.must(t, queue.ReportOutlet{Outlet: "pulsantiera", Gives: queue.Unable, Why: "paper-out"})
}

// idle closes the ticket of the first desk and answers that desk.
func (o *testOffice) idle(t testing.TB) queue.DeskID {
	t.Helper()
	_, now, _ := o.newest().Desk("s7")
	o.must(t, queue.FinishTicket{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s7", Ticket: now.Ticket})
	return "s7"
}

// Report answers from the day in memory.
func (o *testOffice) Report(_ context.Context, q waiting.Query) (waiting.Report, error) {
	sheet := waiting.Rows(o.newest())
	return waiting.Make(q, func(yield func(waiting.Sheet, error) bool) { yield(sheet, nil) })
}

// devices are two printers, one of them in need of paper.
func (o *testOffice) devices(*words.Tongue) []view.Device {
	at := time.Now().UnixMilli()
	return []view.Device{
		{Name: "Totem all'ingresso", Kind: "stampante", State: "ready", Words: "Funziona", Health: &view.DeviceHealth{
			Type: "printer", Seen: true, AgoMs: 1_200, AtMs: at - 1_200, Trial: "totem",
			Detail: "/dev/serial/by-path/platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0-port0: EPSON TM-T20III, process-id",
			Count:  view.DeviceCounts{Printed: 12_345, PaperMM: 12_450, Failed: 2, Unknown: 1, Retries: 3},
		}},
		{Name: "Pulsantiera della sala", Kind: "stampante", State: "stopped", Words: "Carta esaurita", Do: "Metta un rotolo nuovo e chiuda il coperchio.", Health: &view.DeviceHealth{
			Type: "printer", Seen: true, AgoMs: 900, AtMs: at - 900, Trial: "pulsantiera", Detail: "/dev/ttyAMA0",
			More: []view.DeviceFault{{Words: "Coperchio aperto", Do: "Chiuda il coperchio della stampante."}},
		}},
		{Name: "Pulsanti della sala", Kind: "pulsanti", State: "ready", Words: "Funziona", Health: &view.DeviceHealth{
			Type: "buttons", Seen: true, AgoMs: 4_000_000, AtMs: at - 4_000_000, Count: view.DeviceCounts{Presses: 210, Bounces: 31},
		}},
		{Name: "Sportello 1", Kind: "tastierino", State: "lost", Words: "Non collegato", Do: "Controlli il cavo e l'alimentazione.", Health: &view.DeviceHealth{Type: "keypad"}},
	}
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func (o *testOffice) config() Config {
	return Config{Procedures: &testProcedures{c: procedure.Reference()}, Open: true, Engine: o, Reports: o, Events: o, Hooks: o.hooks(), Devices: o.devices, Technician: lookedAt(), Setups: written(o), Build: "test", Log: quiet()}
}

// A running server and where it listens.
type running struct {
	*Server
	url  string
	stop func()
}

// serve runs a server until the test ends or stop is called. An empty address
// is any free port.
func serve(t testing.TB, cfg Config, address string) running {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return serveThis(t, s, address)
}

// withTwoClerks serves an office with the accounts of an administrator, and of the clerks
// b.verdi and c.neri with their PINs.
func withTwoClerks(t *testing.T) (*testOffice, running) {
	t.Helper()
	o := newTestOffice(t)
	cfg := closed(t, o)
	firstAdministrator(t, cfg.Access)
	member(t, cfg.Access, "b.verdi", "927461", access.Clerk)
	member(t, cfg.Access, "c.neri", "584213", access.Clerk)
	cfg.WriteTimeout = neverRound
	return o, serve(t, cfg, "")
}

func serveThis(t testing.TB, s *Server, address string) running {
	t.Helper()
	if address == "" {
		address = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l, nil) }()
	var once sync.Once
	stop := func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-ended:
				if err != nil {
					t.Errorf("serving: %v", err)
				}
			case <-time.After(time.Minute):
				t.Error("the server does not end")
			}
			http.DefaultClient.CloseIdleConnections()
		})
	}
	t.Cleanup(stop)
	return running{Server: s, url: "http://" + l.Addr().String(), stop: stop}
}
