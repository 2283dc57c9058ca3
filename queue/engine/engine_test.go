package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/queue"
)

// memory is a journal without a disk, whose syncs can be held up and failed.
type memory struct {
	mu      sync.Mutex
	events  []queue.Event
	appends int
	gate    chan struct{} // when not nil, each Append takes one
	fail    error
}

func (m *memory) Append(events []queue.Event) error {
	if m.gate != nil {
		<-m.gate
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.appends++
	if m.fail != nil {
		return m.fail
	}
	m.events = append(m.events, events...)
	return nil
}

func (m *memory) stored() []queue.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]queue.Event(nil), m.events...)
}

func testSetup() queue.Setup {
	return queue.Setup{
		Office:   queue.Office{Body: "Comune", Name: "Sportello", Zone: "Europe/Rome"},
		Series:   []queue.Series{{ID: "A", Letters: "A", First: 1, Last: 999, Width: 3}},
		Services: []queue.Service{{ID: "anagrafe", Name: "Anagrafe", Series: "A", StandardMs: 900_000, StandardShare: 0.9}},
		Desks: []queue.Desk{
			{ID: "s1", Label: "1", Profile: queue.Profile{First: []queue.ServiceID{"anagrafe"}}},
			{ID: "s2", Label: "2", Profile: queue.Profile{First: []queue.ServiceID{"anagrafe"}}},
		},
		Outlets: []queue.Outlet{{ID: "totem", Name: "Totem", Screen: true}},
		Rules:   queue.DefaultRules(),
	}
}

// clockNow reads the bubble's clock as a box's.
func clockNow() queue.Now {
	ms := time.Now().UnixMilli()
	return queue.Now{Wall: ms, Boot: "boot", Mono: ms - 946_684_800_000 + 1, Synced: true}
}

// allDay is a plan from midnight to midnight UTC, open throughout.
func allDay(_ queue.Setup, officeTime int64) (queue.DayPlan, error) {
	begins := officeTime - officeTime%86_400_000
	ends := begins + 86_400_000
	return queue.DayPlan{
		Date:   time.UnixMilli(begins).UTC().Format(time.DateOnly),
		Begins: begins, Ends: ends,
		Bands: []queue.Band{{Opens: begins, Closes: ends}},
	}, nil
}

// start runs an engine with an office set up and both desks open.
func start(t *testing.T, m *memory, change func(*Config)) (*Engine, func() error) {
	t.Helper()
	cfg := Config{Journal: m, Now: clockNow, Plan: allDay, Version: "test", JournalID: "j"}
	if change != nil {
		change(&cfg)
	}
	e := New(cfg)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	<-e.Ready()
	if state, _ := e.Watch(); !state.HasSetup() {
		do(t, e, queue.ChangeSetup{By: queue.Cause{Kind: queue.ByTechnician}, Setup: testSetup()})
	}
	do(t, e, queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s1"})
	do(t, e, queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s2"})
	return e, func() error { cancel(); return <-ended }
}

func do(t *testing.T, e *Engine, c queue.Command) (*queue.State, []queue.Event) {
	t.Helper()
	s, events, err := e.Do(t.Context(), c)
	if err != nil {
		t.Fatalf("%T: %v", c, err)
	}
	return s, events
}

func issue(n int) queue.IssueTicket {
	return queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Outlet: "totem", Request: fmt.Sprint("r", n)}
}

func TestStartIsOnDiskBeforeTheFirstAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		e, stop := start(t, m, nil)
		events := m.stored()
		if got := []string{events[0].Body.Kind(), events[1].Body.Kind(), events[2].Body.Kind()}; got[0] != "JournalBegun" || got[1] != "JournalResumed" || got[2] != "SetupChanged" {
			t.Errorf("the journal begins with %v", got)
		}
		do(t, e, issue(1))
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		again, stop := start(t, &memory{}, func(c *Config) { c.Start = queue.Fold(m.stored()) })
		if s, _ := again.Watch(); s.Totals().Waiting != 1 {
			t.Errorf("after a restart %d wait, want 1", s.Totals().Waiting)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestCommandsShareOneSync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		e, stop := start(t, m, nil)
		before := m.appends
		m.gate = make(chan struct{})
		const callers = 40
		answered := make(chan queue.TicketID, callers)
		for i := range callers {
			go func() {
				s, events, err := e.Do(t.Context(), issue(i))
				if err != nil || len(events) != 1 || s.Seq() < events[0].Seq {
					t.Errorf("issue %d: %v, %v", i, events, err)
					answered <- 0
					return
				}
				answered <- events[0].Body.(queue.TicketIssued).Ticket
			}()
		}
		synctest.Wait()
		if len(answered) != 0 {
			t.Fatalf("%d were answered before any sync", len(answered))
		}
		if s, _ := e.Watch(); s.Totals().Issued != 0 {
			t.Fatalf("%d tickets are shown before any sync", s.Totals().Issued)
		}
		close(m.gate)
		seen := map[queue.TicketID]bool{}
		for range callers {
			seen[<-answered] = true
		}
		if len(seen) != callers || m.appends-before > 3 {
			t.Errorf("%d different tickets in %d syncs, want %d in at most 3", len(seen), m.appends-before, callers)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRefusalWaitsForWhatItRestsOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		e, stop := start(t, m, nil)
		do(t, e, issue(1))
		m.gate = make(chan struct{})
		next := queue.CallNext{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s1"}
		go e.Do(t.Context(), next)
		synctest.Wait()
		refused := make(chan error, 1)
		go func() { _, _, err := e.Do(t.Context(), next); refused <- err }()
		synctest.Wait()
		if len(refused) != 0 {
			t.Fatal("a refusal was answered before the call it rests on was on disk")
		}
		m.gate <- struct{}{}
		if err := <-refused; !errors.Is(err, queue.ErrStale) {
			t.Errorf("the second NEXT got %v, want ErrStale", err)
		}
		close(m.gate)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestFailedSyncEndsTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		e, stop := start(t, m, nil)
		m.fail = errors.New("input/output error")
		if _, _, err := e.Do(t.Context(), issue(1)); !errors.Is(err, ErrJournal) {
			t.Errorf("the command got %v, want ErrJournal", err)
		}
		if s, _ := e.Watch(); s.Totals().Issued != 0 {
			t.Error("a ticket is shown that may not be on disk")
		}
		if err := stop(); !errors.Is(err, ErrJournal) {
			t.Errorf("Run returned %v, want ErrJournal", err)
		}
		if _, _, err := e.Do(t.Context(), issue(2)); !errors.Is(err, ErrStopped) {
			t.Errorf("afterwards a command got %v, want ErrStopped", err)
		}
	})
}

func TestFullDiskRefusesAndGoesOn(t *testing.T) {
	errFull := errors.New("no space left")
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		e, stop := start(t, m, func(c *Config) {
			c.NothingWritten = func(err error) bool { return errors.Is(err, errFull) }
		})
		m.gate, m.fail = make(chan struct{}, 8), errFull
		outcomes := make(chan error, 2)
		for i := range 2 {
			go func() { _, _, err := e.Do(t.Context(), issue(i)); outcomes <- err }()
			synctest.Wait()
		}
		m.gate <- struct{}{}
		m.gate <- struct{}{}
		for range 2 {
			if err := <-outcomes; !errors.Is(err, errFull) {
				t.Errorf("the command got %v, want %v", err, errFull)
			}
		}
		m.mu.Lock()
		m.fail = nil
		m.mu.Unlock()
		close(m.gate)
		_, events := do(t, e, issue(9))
		if got := events[0].Body.(queue.TicketIssued).Number.Text; got != "A001" {
			t.Errorf("the first ticket on disk is %s, want A001", got)
		}
		if s := queue.Fold(m.stored()); s.Totals().Issued != 1 {
			t.Errorf("the journal holds %d tickets, want 1", s.Totals().Issued)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTwoDesksNextAtTheSameInstant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		e, stop := start(t, m, nil)
		do(t, e, issue(1))
		do(t, e, issue(2))
		called := make(chan queue.TicketID, 2)
		for _, desk := range []queue.DeskID{"s1", "s2"} {
			go func() {
				_, events, err := e.Do(t.Context(), queue.CallNext{By: queue.Cause{Kind: queue.ByKeypad}, Desk: desk})
				if err != nil || len(events) != 1 {
					t.Errorf("NEXT at %s: %v, %v", desk, events, err)
					called <- 0
					return
				}
				called <- events[0].Body.(queue.TicketCalled).Ticket
			}()
		}
		if a, b := <-called, <-called; a == b {
			t.Errorf("both desks called ticket %d", a)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhatIsDueHappensByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		e, stop := start(t, m, nil)
		do(t, e, issue(1))
		s, _ := do(t, e, queue.CallNext{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s1"})
		ticket := s.Calls()[0].Ticket
		do(t, e, queue.ParkTicket{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s1", Ticket: ticket, ForMs: 600_000})
		time.Sleep(9*time.Minute + 59*time.Second)
		synctest.Wait()
		if s, _ := e.Watch(); s.Ticket(ticket).State != queue.Parked {
			t.Errorf("after 9:59 the ticket is %s", s.Ticket(ticket).State)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if s, _ := e.Watch(); s.Ticket(ticket).State != queue.Waiting {
			t.Errorf("after 10:01 the ticket is %s, want waiting", s.Ticket(ticket).State)
		}
		day := s.Day().Ordinal
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if s, _ := e.Watch(); s.Day().Ordinal != day+1 || !s.Day().Open || s.Totals().Issued != 0 {
			t.Errorf("a day later the day is %+v with %d tickets", s.Day(), s.Totals().Issued)
		}
		_, events := do(t, e, issue(2))
		if got := events[0].Body.(queue.TicketIssued).Number.Text; got != "A001" {
			t.Errorf("the next day begins with %s, want A001", got)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSlowWatcherSeesTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		e, stop := start(t, m, nil)
		_, newer := e.Watch()
		for i := range 50 {
			do(t, e, issue(i))
		}
		<-newer
		s, newer := e.Watch()
		if s.Totals().Issued != 50 {
			t.Errorf("the watcher sees %d tickets, want 50", s.Totals().Issued)
		}
		select {
		case <-newer:
			t.Error("the newest state says that there is a newer one")
		default:
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestDoEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		e, stop := start(t, m, nil)
		m.gate = make(chan struct{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := e.Do(ctx, issue(1)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Do on a stuck disk got %v", err)
		}
		close(m.gate)
		// The command was accepted; a retry by the same name finds its ticket.
		s, events := do(t, e, issue(1))
		if len(events) != 0 || s.TicketByRequest("r1") == nil {
			t.Errorf("the retry made %d events", len(events))
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}
