package journal

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
)

// A script makes events that follow one another.
type script struct {
	seq    uint64
	day    int
	ticket int
}

func (s *script) event(b queue.Body) queue.Event {
	s.seq++
	return queue.Event{
		Seq:  s.seq,
		At:   queue.Now{Wall: 1_795_000_000_000 + int64(s.seq)*1000, Boot: "b1", Mono: int64(s.seq) * 1000, Synced: true},
		By:   queue.Cause{Kind: queue.ByButton, Device: "totem-1"},
		Body: b,
	}
}

func (s *script) begin() []queue.Event {
	return []queue.Event{
		s.event(queue.JournalBegun{Journal: "j1", Version: "1.0"}),
		s.event(queue.SetupChanged{Setup: setup()}),
	}
}

// open opens a day, after closing the one before.
func (s *script) open(date string) []queue.Event {
	var events []queue.Event
	if s.day > 0 {
		events = append(events, s.event(queue.DayClosed{Day: s.day, Issued: s.ticket}))
	}
	s.day++
	s.ticket = 0
	return append(events, s.event(queue.DayOpened{Day: s.day, Journal: "j1", Setup: setup(), Plan: queue.DayPlan{Date: date}}))
}

func (s *script) issue() queue.Event {
	s.ticket++
	return s.event(queue.TicketIssued{
		Ticket: queue.TicketID(s.day*1_000_000 + s.ticket),
		Number: queue.Number{Series: "a", Value: s.ticket, Text: fmt.Sprintf("A%03d", s.ticket)}, Service: "anagrafe",
		Outlet: "totem-1", Paper: queue.PaperRequested, Token: "Zm9vYmFyYmF6", Ahead: 7,
		Promise: queue.Promise{FromMs: 600_000, ToMs: 900_000},
	})
}

func setup() queue.Setup {
	return queue.Setup{
		Office:   queue.Office{Name: "Comune di Sestri"},
		Series:   []queue.Series{{ID: "a", Letters: "A", First: 1, Last: 999, Width: 3}},
		Services: []queue.Service{{ID: "anagrafe", Name: "Anagrafe", Series: "a", StandardMs: 1_200_000, StandardShare: 0.9}},
		Desks:    []queue.Desk{{ID: "1", Label: "1", Profile: queue.Profile{First: []queue.ServiceID{"anagrafe"}}}},
		Outlets:  []queue.Outlet{{ID: "totem-1", Name: "Atrio", Printer: true}},
		Rules:    queue.DefaultRules(),
	}
}

func mustOpen(t testing.TB, dir string, o Options) *Journal {
	t.Helper()
	j, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func mustAppend(t testing.TB, j *Journal, events ...queue.Event) []queue.Event {
	t.Helper()
	if err := j.Append(events); err != nil {
		t.Fatal(err)
	}
	return events
}

func all(t testing.TB, j *Journal) []queue.Event {
	t.Helper()
	events, err := j.between(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func same(t testing.TB, got, want []queue.Event) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("events differ (-want +got):\n%s", d)
	}
}

func TestAppendedEventsAreReadBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	j := mustOpen(t, dir, Options{Product: "1.0"})
	s := &script{}
	want := mustAppend(t, j, s.begin()...)
	want = append(want, mustAppend(t, j, s.open("2026-11-24")...)...)
	for range 3 {
		want = append(want, mustAppend(t, j, s.issue(), s.issue())...)
	}
	same(t, all(t, j), want)
	seq, hash := j.Last()
	if seq != s.seq || hash == (Hash{}) {
		t.Fatalf("Last is %d, %v", seq, hash)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}

	j = mustOpen(t, dir, Options{})
	same(t, all(t, j), want)
	if seq2, hash2 := j.Last(); seq2 != seq || hash2 != hash {
		t.Fatalf("Last after opening again is %d, %v", seq2, hash2)
	}
	today, err := collected(j.Today())
	if err != nil {
		t.Fatal(err)
	}
	same(t, today, want[2:])
}

func TestMonthsAreFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	j := mustOpen(t, dir, Options{})
	s := &script{}
	want := mustAppend(t, j, append(s.begin(), s.open("2026-11-29")...)...)
	want = append(want, mustAppend(t, j, s.issue())...)
	want = append(want, mustAppend(t, j, s.open("2026-11-30")...)...)
	want = append(want, mustAppend(t, j, s.issue(), s.issue())...)
	want = append(want, mustAppend(t, j, append(s.open("2026-12-01"), s.issue())...)...)
	want = append(want, mustAppend(t, j, s.issue())...)
	want = append(want, mustAppend(t, j, append(s.open("2027-01-02"), s.issue())...)...)
	same(t, all(t, j), want)

	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range names {
		got = append(got, n.Name())
	}
	files := []string{"journal-000000000001-2026-11.db", "journal-000000000010-2026-12.db", "journal-000000000014-2027-01.db"}
	if d := cmp.Diff(files, got); d != "" {
		t.Fatal(d)
	}
	j.Close()
	for _, o := range []Options{{}, {ReadOnly: true}} {
		j = mustOpen(t, dir, o)
		same(t, all(t, j), want)
		day, err := j.Day(2)
		if err != nil {
			t.Fatal(err)
		}
		same(t, day, want[5:9])
		days, err := j.Days("2026-11-30", "2026-12-31")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]Day{{2, "2026-11-30", 6}, {3, "2026-12-01", 10}}, days); d != "" {
			t.Fatal(d)
		}
		if _, err := j.Day(9); !errors.Is(err, ErrNoDay) {
			t.Fatal(err)
		}
		j.Close()
	}
}

func TestOnlyOneWriter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	j := mustOpen(t, dir, Options{})
	began := time.Now()
	for _, o := range []Options{{}, {ReadOnly: true}} {
		if _, err := Open(dir, o); !errors.Is(err, ErrInUse) {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < 2*lockTimeout || took > 3*lockTimeout {
		t.Fatalf("two refusals took %v", took)
	}
	j.Close()
	mustOpen(t, dir, Options{ReadOnly: true})
	mustOpen(t, dir, Options{ReadOnly: true})
}

// collected are the events that are yielded, up to the first error.
func collected(events iter.Seq2[queue.Event, error]) (all []queue.Event, err error) {
	for e, err := range events {
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}
