package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/bridge"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/sim/printer"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/engine"
)

// errDead is what a disk says to a process that has died.
var errDead = errors.New("the process is dead")

// A disk holds the events of an office and outlives its process.
type disk struct {
	mu     sync.Mutex
	events []queue.Event
	dead   bool
}

func (d *disk) Append(events []queue.Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return errDead
	}
	d.events = append(d.events, events...)
	return nil
}

// freeze lets nothing more reach the disk, as when the process is killed.
func (d *disk) freeze() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = true
}

// thaw is the next process: it reads what there is.
func (d *disk) thaw() []queue.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = false
	return append([]queue.Event(nil), d.events...)
}

// A paperBox is a box with one printer, whose process can be killed: the disk
// and the virtual printer live on.
type paperBox struct {
	t       *testing.T
	disk    *disk
	sim     *printer.Printer
	profile profile.Profile
	speed   float64
	now     func() queue.Now
	real    func(ms int64) time.Duration
	open    func(ctx context.Context) (escpos.Line, error)
	hangUp  func() // the line ends with its process

	engine *engine.Engine
	driver *escpos.Printer
	stop   func()
	tokens atomic.Int64 // given so far
}

const (
	paperService = queue.ServiceID("anagrafe")
	paperOutlet  = queue.OutletID("sala")
	paperDesk    = queue.DeskID("1")
	paperStatus  = "https://coda.example.it/b/"
)

var (
	byReception = queue.Cause{Kind: queue.ByReception}
	byClerk     = queue.Cause{Kind: queue.ByConsole}
)

func paperSetup() queue.Setup {
	rules := queue.DefaultRules()
	rules.UnprintedMax = 3
	return queue.Setup{
		Office:   queue.Office{Body: "Comune di Pontelungo", Name: "Sportello al cittadino", Zone: "Europe/Rome"},
		Series:   []queue.Series{{ID: "A", Letters: "A", First: 1, Last: 99999, Width: 5}},
		Services: []queue.Service{{ID: paperService, Name: "Anagrafe", Series: "A", StandardMs: 900_000, StandardShare: 0.9}},
		Desks:    []queue.Desk{{ID: paperDesk, Label: "1", Profile: queue.Profile{First: []queue.ServiceID{paperService}}}},
		Outlets:  []queue.Outlet{{ID: paperOutlet, Name: "Sala", Printer: true}},
		Rules:    rules,
	}
}

// openAllDay is a plan with no closing.
func openAllDay(_ queue.Setup, office int64) (queue.DayPlan, error) {
	const day = 86_400_000
	begins := office - office%day
	return queue.DayPlan{
		Date:   time.UnixMilli(begins).UTC().Format(time.DateOnly),
		Begins: begins, Ends: begins + day,
		Bands: []queue.Band{{Opens: begins, Closes: begins + day}},
	}, nil
}

// start begins a process on what the disk holds.
func (b *paperBox) start() {
	b.t.Helper()
	e := engine.New(engine.Config{
		Journal: b.disk, Start: queue.Fold(b.disk.thaw()), Now: b.now, Real: b.real,
		Plan: openAllDay, Version: "test", JournalID: "paper",
	})
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		if err := e.Run(ctx); err != nil && !errors.Is(err, errDead) {
			b.t.Errorf("engine: %v", err)
		}
	})
	<-e.Ready()
	b.engine = e
	if s, _ := e.Watch(); !s.HasSetup() {
		b.must(queue.ChangeSetup{Setup: paperSetup()})
		b.must(queue.Tick{})
		b.must(queue.OpenDesk{By: byClerk, Desk: paperDesk})
	}
	late := bridge.NewLate()
	driver, err := escpos.NewPrinter(escpos.Config{
		Name: "sala", Profile: b.profile, Open: b.open, Speed: b.speed, Late: late.Confirm,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.driver = driver
	devices := bridge.New(bridge.Config{
		Engine:   e,
		Printers: map[queue.OutletID]device.Printer{paperOutlet: driver},
		Late:     late,
		Token:    b.token,
		Status:   paperStatus,
		Local:    func(ms int64) time.Time { return time.UnixMilli(ms).UTC() },
		Real:     b.real,
	})
	all.Go(func() {
		if err := devices.Run(ctx); err != nil {
			b.t.Errorf("bridge: %v", err)
		}
	})
	b.stop = func() {
		cancel()
		all.Wait()
	}
}

// kill ends the process without a word: what was not on disk never is, and the
// kernel closes the line.
func (b *paperBox) kill() {
	b.disk.freeze()
	b.hangUp()
	b.stop()
}

// token is the next of the tokens that every box gives in the same order, so that
// tickets which are the same carry the same code.
func (b *paperBox) token() string { return fmt.Sprintf("%0*d", tokenLetters, b.tokens.Add(1)) }

func (b *paperBox) do(c queue.Command) ([]queue.Event, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, events, err := b.engine.Do(ctx, c)
	return events, err
}

func (b *paperBox) must(c queue.Command) []queue.Event {
	b.t.Helper()
	events, err := b.do(c)
	if err != nil {
		b.t.Fatalf("%T: %v", c, err)
	}
	return events
}

// issue asks for a ticket at the reception; 0 with the refusal when there is
// none.
func (b *paperBox) issue() (queue.TicketID, error) {
	events, err := b.do(queue.IssueTicket{By: byReception, Service: paperService, Outlet: paperOutlet, Token: b.token()})
	for _, e := range events {
		if issued, ok := e.Body.(queue.TicketIssued); ok {
			return issued.Ticket, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("no ticket among %d events", len(events))
	}
	return 0, err
}

func (b *paperBox) ticket(id queue.TicketID) queue.Ticket {
	b.t.Helper()
	s, _ := b.engine.Watch()
	t := s.Ticket(id)
	if t == nil {
		b.t.Fatalf("ticket %d is lost", id)
	}
	return *t
}

// able tells whether the office holds its printer for working.
func (b *paperBox) able() bool {
	s, _ := b.engine.Watch()
	_, now, ok := s.Outlet(paperOutlet)
	return ok && now.Gives == queue.Able
}

// doubtful are the numbers that the reception's page shows as perhaps not on
// paper.
func (b *paperBox) doubtful() map[string]bool {
	s, _ := b.engine.Watch()
	page := view.Look{State: s, Now: b.now()}.Reception("")
	shown := map[string]bool{}
	for _, row := range page.Doubtful {
		shown[row.Number] = true
	}
	return shown
}

// callAll calls everybody who waits, in order, and tells their numbers. Each is
// served for half a minute, so that none passes for absent.
func (b *paperBox) callAll() (called []string) {
	b.t.Helper()
	s, _ := b.engine.Watch()
	_, desk, _ := s.Desk(paperDesk)
	finishing := desk.Ticket
	for {
		var next queue.TicketID
		for _, e := range b.must(queue.CallNext{By: byClerk, Desk: paperDesk, Finishing: finishing}) {
			if c, ok := e.Body.(queue.TicketCalled); ok {
				next = c.Ticket
			}
		}
		if next == 0 {
			return called
		}
		called = append(called, b.ticket(next).Number.Text)
		finishing = next
		time.Sleep(b.real(30_000))
	}
}
