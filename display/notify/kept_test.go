package notify

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"eliminacode/display/view"
	"eliminacode/queue"
)

// nextDay opens the day after.
func (o *town) nextDay(t *testing.T) {
	t.Helper()
	o.ms += 24 * 3_600_000
	day := int64(1_795_474_800_000 + 24*3_600_000)
	o.do(t, queue.OpenDay{Plan: queue.DayPlan{
		Date: "2026-11-25", Begins: day, Ends: day + 24*3_600_000, Bands: []queue.Band{{Opens: day, Closes: day + 24*3_600_000}},
	}})
}

// A day that is over is told without its desks, again and for the first time: the
// replay is no way to what a desk did on another day. Today's calls say where.
func TestAPastDayIsToldOfNoDesk(t *testing.T) {
	o := newTown(t)
	o.do(t, queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole, Device: "s1"}, Desk: "s1"})
	o.issue(t)
	o.do(t, queue.CallNext{By: queue.Cause{Kind: queue.ByConsole, Device: "s1"}, Desk: "s1"})
	s := o.sender(t)
	var mu sync.Mutex
	var calls []view.Event
	url, _ := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		var told struct{ Data view.Event }
		if err := json.NewDecoder(r.Body).Decode(&told); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, told.Data)
	})
	h := mustSave(t, s, Hook{Name: "Archivio", URL: url, OnBox: true, Kinds: []string{"ticket.called", "desk.acted"}})
	run(t, s)
	asked := func(n int) func() bool {
		return func() bool { mu.Lock(); defer mu.Unlock(); return len(calls) >= n }
	}
	if err := s.Replay(h.ID, 1); err != nil {
		t.Fatal(err)
	}
	until(t, "today's call is told", asked(1))
	o.nextDay(t)
	if err := s.Replay(h.ID, 1); err != nil {
		t.Fatal(err)
	}
	until(t, "it and the desk's opening are told on another day", asked(3))
	mu.Lock()
	defer mu.Unlock()
	if live := calls[0]; live.Data.Desk != "s1" || live.Device != "s1" || live.Data.WaitedMs == 0 {
		t.Errorf("today's call is told as %+v", live)
	}
	if past := calls[2]; past.Seq != calls[0].Seq || past.Kind != "desk.acted" || past.Data.Ticket != "" || past.Data.Desk != "" || past.Device != "" || !strings.Contains(past.At, ":00:00.000") {
		t.Errorf("the call of another day is told as %+v", past)
	}
}

// A call that could not be delivered on its day is not told to whoever wants calls alone:
// that it is told at all would say that a call it was.
func TestACallIsNotTriedAgainOnAnotherDay(t *testing.T) {
	o := newTown(t)
	o.do(t, queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole, Device: "s1"}, Desk: "s1"})
	o.issue(t)
	s := o.sender(t)
	var mu sync.Mutex
	var kinds []string
	url, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		var told struct{ Data view.Event }
		if err := json.NewDecoder(r.Body).Decode(&told); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		if kinds = append(kinds, told.Data.Kind); len(kinds) == 1 {
			o.nextDay(t) // while the answer is awaited
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	mustSave(t, s, Hook{Name: "Archivio", URL: url, OnBox: true, Kinds: []string{"ticket.called"}})
	run(t, s)
	o.do(t, queue.CallNext{By: queue.Cause{Kind: queue.ByConsole, Device: "s1"}, Desk: "s1"})
	asked := func(n int) func() bool {
		return func() bool { mu.Lock(); defer mu.Unlock(); return len(kinds) >= n }
	}
	until(t, "the call is told", asked(1))
	o.do(t, queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole, Device: "s1"}, Desk: "s1"})
	o.issue(t)
	o.do(t, queue.CallNext{By: queue.Cause{Kind: queue.ByConsole, Device: "s1"}, Desk: "s1"})
	until(t, "today's call is told", asked(2))
	mu.Lock()
	defer mu.Unlock()
	if strings.Join(kinds, " ") != "ticket.called ticket.called" {
		t.Errorf("told are %q", kinds)
	}
}

// What cannot be written down is not done.
func TestUnwrittenHookIsNotThere(t *testing.T) {
	o := newTown(t)
	full := errors.New("disk is full")
	s, err := New(Config{Events: o, Watch: o.Watch, Read: func() ([]byte, error) { return nil, nil }, Write: func([]byte) error { return full }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Save(Hook{Name: "a", URL: "https://example.org"}); !errors.Is(err, full) || len(s.List()) != 0 {
		t.Errorf("%v, and there is %v", err, s.List())
	}
}

// What was deleted is known after a start too, so that deleting it again is not told as
// if it had never been; one that could not be deleted is not.
func TestDeletedHookIsKnown(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	h := mustSave(t, s, Hook{Name: "a", URL: "https://example.org"})
	write := s.cfg.Write
	full := errors.New("disk is full")
	s.cfg.Write = func([]byte) error { return full }
	if err := s.Delete(h.ID); !errors.Is(err, full) || len(s.List()) != 1 {
		t.Errorf("%v, and there are %d", err, len(s.List()))
	}
	s.cfg.Write = write
	if err := s.Delete(h.ID); err != nil {
		t.Errorf("deleted at last: %v", err)
	}
	for range 2 {
		if err := s.Delete(h.ID); !errors.Is(err, ErrDeleted) {
			t.Errorf("deleted again: %v", err)
		}
		if err := s.Delete("never"); !errors.Is(err, ErrUnknown) {
			t.Errorf("one that never was: %v", err)
		}
		s = o.sender(t)
	}
}
