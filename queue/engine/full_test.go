package engine

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/queue"
)

var errFull = errors.New("disk is full")

// filling makes the engine take errFull for a write that changed nothing, and
// gathers what it logs.
func filling(log *bytes.Buffer) func(*Config) {
	return func(c *Config) {
		c.NothingWritten = func(err error) bool { return errors.Is(err, errFull) }
		c.Log = slog.New(slog.NewTextHandler(log, nil))
	}
}

func (m *memory) failing(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

func (m *memory) tries() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.appends
}

// TestAFullDiskIsTriedSeldomAndToldOnce: something is due by itself while the
// disk takes nothing.
func TestAFullDiskIsTriedSeldomAndToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		m := &memory{}
		e, stop := start(t, m, filling(&log))
		by := queue.Cause{Kind: queue.ByConsole}
		do(t, e, issue(1))
		s, _ := do(t, e, queue.CallNext{By: by, Desk: "s1"})
		id := s.Calls()[0].Ticket
		do(t, e, queue.ParkTicket{By: by, Desk: "s1", Ticket: id, ForMs: 60_000})
		m.failing(errFull)
		time.Sleep(59 * time.Second)
		synctest.Wait()
		before := m.tries()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		// Ten minutes are thirty times the longest pause.
		if n := m.tries() - before; n < 10 || n > 40 {
			t.Errorf("%d tries in 10 minutes of a full disk, want some thirty", n)
		}
		if n := strings.Count(log.String(), "refused to write"); n != 1 {
			t.Errorf("the full disk is told %d times:\n%s", n, log.String())
		}
		if err := e.Refuses(); !errors.Is(err, errFull) {
			t.Errorf("the watchers are told %v", err)
		}
		m.failing(nil)
		time.Sleep(longestSleep)
		synctest.Wait()
		if s, _ := e.Watch(); s.Ticket(id).State != queue.Waiting || e.Refuses() != nil {
			t.Errorf("with room again the ticket is %v, refuses %v", s.Ticket(id).State, e.Refuses())
		}
		if n := strings.Count(log.String(), "writes again"); n != 1 || !strings.Contains(log.String(), "refused=") {
			t.Errorf("the end of it is told %d times:\n%s", n, log.String())
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestAStartOnAFullDiskShowsWhatIsStored: the office comes up, refuses commands,
// and stores its start before the first command that is accepted.
func TestAStartOnAFullDiskShowsWhatIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		e, stop := start(t, m, nil)
		do(t, e, issue(1))
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		full := &memory{fail: errFull}
		cfg := Config{Journal: full, Start: queue.Fold(m.stored()), Now: clockNow, Plan: allDay, Version: "test", JournalID: "another"}
		filling(&log)(&cfg)
		e = New(cfg)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- e.Run(ctx) }()
		<-e.Ready()
		if s, _ := e.Watch(); s.Totals().Waiting != 1 || e.Refuses() == nil {
			t.Errorf("%d wait, refuses %v", s.Totals().Waiting, e.Refuses())
		}
		if _, _, err := e.Do(ctx, issue(2)); !errors.Is(err, queue.ErrNotStored) {
			t.Errorf("a command is answered with %v", err)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := strings.Count(log.String(), "\n"); n != 1 {
			t.Errorf("an hour of it takes %d lines:\n%s", n, log.String())
		}
		full.failing(nil)
		do(t, e, issue(2))
		events := full.stored()
		if got := events[0].Body.Kind(); got != "JournalResumed" || events[len(events)-1].Body.Kind() != "TicketIssued" {
			t.Errorf("with room again the journal goes on with %v", events)
		}
		if events[0].Seq != m.stored()[len(m.stored())-1].Seq+1 {
			t.Errorf("it goes on at %d", events[0].Seq)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	})
}

// TestRoomIsFoundWithoutACommand: the pages are told that a full disk has room
// again before anybody presses a key.
func TestRoomIsFoundWithoutACommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		m := &memory{}
		var mu sync.Mutex
		room := errFull
		e, stop := start(t, m, func(c *Config) {
			filling(&log)(c)
			c.Room = func() error {
				mu.Lock()
				defer mu.Unlock()
				return room
			}
		})
		m.failing(errFull)
		if _, _, err := e.Do(t.Context(), issue(1)); !errors.Is(err, queue.ErrNotStored) {
			t.Fatalf("a command on a full disk: %v", err)
		}
		_, newer := e.Watch()
		time.Sleep(time.Minute)
		synctest.Wait()
		if e.Refuses() == nil {
			t.Error("the disk is full and nobody is told")
		}
		mu.Lock()
		room = nil
		mu.Unlock()
		m.failing(nil)
		time.Sleep(longestSleep)
		synctest.Wait()
		select {
		case <-newer:
		default:
			t.Error("the watchers are not woken")
		}
		if err := e.Refuses(); err != nil {
			t.Errorf("there is room and the watchers are told %v", err)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestADayThatCannotBeOpenedIsToldOnce: opening hours that make no plan.
func TestADayThatCannotBeOpenedIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var closed atomic.Bool
		_, stop := start(t, &memory{}, func(c *Config) {
			filling(&log)(c)
			c.Plan = func(setup queue.Setup, officeTime int64) (queue.DayPlan, error) {
				if closed.Load() {
					return queue.DayPlan{}, errors.New("no hours")
				}
				return allDay(setup, officeTime)
			}
		})
		closed.Store(true)
		time.Sleep(72 * time.Hour)
		synctest.Wait()
		if n := strings.Count(log.String(), "cannot be opened"); n != 1 {
			t.Errorf("told %d times in two days", n)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}
