package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"eliminacode/display"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/journal"
	officefile "eliminacode/queue/office"
	"eliminacode/queue/waiting"
)

// A livedJournal is a journal in which a few days were lived, and the office
// after them.
type livedJournal struct {
	t       *testing.T
	dir     string
	journal *journal.Journal
	state   *queue.State
	wall    int64
	kept    bool // what happens goes to the journal
}

func liveDays(t *testing.T, days int) *livedJournal {
	t.Helper()
	setup, err := officefile.Parse("office.toml", []byte(alwaysOpenOffice))
	if err != nil {
		t.Fatal(err)
	}
	dir := journalDir(t.TempDir())
	j, err := journal.Open(dir, journal.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	l := &livedJournal{t: t, dir: dir, journal: j, state: &queue.State{}, kept: true, wall: time.Date(2026, 1, 30, 9, 0, 0, 0, time.UTC).UnixMilli()}
	l.do(queue.StartUp{Version: "test", Journal: "test"})
	l.do(queue.ChangeSetup{By: queue.Cause{Kind: queue.ByTechnician}, Setup: setup})
	for range days {
		plan, err := calendar.Plan(setup, l.wall)
		if err != nil {
			t.Fatal(err)
		}
		l.do(queue.OpenDay{Plan: plan})
		l.visit()
		l.visit()
		l.wall += 86_400_000
	}
	l.wall -= 86_400_000 - 60_000
	return l
}

func (l *livedJournal) do(c queue.Command) {
	l.t.Helper()
	state, events, err := l.state.Step(queue.Now{Wall: l.wall, Boot: "b", Mono: l.wall, Synced: true}, c)
	if err == nil && l.kept {
		err = l.journal.Append(events)
	}
	if err != nil {
		l.t.Fatalf("%T: %v", c, err)
	}
	l.state = state
}

// visit is a ticket that is served.
func (l *livedJournal) visit() {
	l.t.Helper()
	desk := queue.Cause{Kind: queue.ByConsole, Device: "s1"}
	l.do(queue.OpenDesk{By: desk, Desk: "s1"})
	l.do(queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Outlet: "accoglienza", Token: "T"})
	l.wall += 420_000
	_, now, _ := l.state.Desk("s1")
	l.do(queue.CallNext{By: desk, Desk: "s1", Finishing: now.Ticket})
}

func reportOf(t *testing.T, a *localArchive) waiting.Report {
	t.Helper()
	r, err := a.Report(t.Context(), waiting.Query{From: "2026-01-01", To: "2026-12-31", By: waiting.ByDay})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReportFromAnySheets makes the same report whether the sheets of the days
// are stored, bad, stale or missing.
func TestReportFromAnySheets(t *testing.T) {
	l := liveDays(t, 5)
	today := func() *queue.State { return l.state }
	want := reportOf(t, newArchive(l.journal, nil))
	if len(want.Rows) != 5 || want.Total.Served != 9 {
		t.Fatalf("%d days, %d served", len(want.Rows), want.Total.Served)
	}
	a := newArchive(l.journal, today)
	if err := a.storeSheets(t.Context(), l.state.Day().Ordinal); err != nil {
		t.Fatal(err)
	}
	stored := func(day int) (found *journal.StoredSheet) {
		t.Helper()
		for s, err := range l.journal.Sheets(day, day) {
			if err != nil {
				t.Fatal(err)
			}
			s.Encoded = bytes.Clone(s.Encoded)
			found = &s
		}
		return found
	}
	second := stored(2)
	if s := stored(4); second == nil || s == nil || len(s.Encoded) == 0 {
		t.Fatal("day 2 or day 4 has no stored sheet")
	}
	if stored(5) != nil {
		t.Error("the open day has a stored sheet")
	}
	check := func(what string) {
		t.Helper()
		if diff := cmp.Diff(want, reportOf(t, newArchive(l.journal, today))); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	check("stored")
	second.Stale = true
	if err := l.journal.PutSheet(*second); err != nil {
		t.Fatal(err)
	}
	check("stale")
	if err := l.journal.PutSheet(journal.StoredSheet{Day: 3, Version: waiting.SheetVersion, Encoded: []byte("no sheet")}); err != nil {
		t.Fatal(err)
	}
	check("bad")
	if err := a.storeSheets(t.Context(), l.state.Day().Ordinal); err != nil {
		t.Fatal(err)
	}
	for day := 1; day < 5; day++ {
		s := stored(day)
		if s == nil || s.Stale {
			t.Fatalf("the sheet of day %d was not made again", day)
		}
		if _, bad := waiting.Decode(s.Encoded); bad != nil {
			t.Errorf("the sheet of day %d: %v", day, bad)
		}
	}
}

// withoutJanuary opens the journal of days that began in January anew, after that
// month's file was lost.
func withoutJanuary(t *testing.T, l *livedJournal) *localArchive {
	t.Helper()
	if err := errors.Join(l.journal.Close(), os.Remove(filepath.Join(l.dir, "journal-000000000001-2026-01.db"))); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(l.dir, journal.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return newArchive(j, func() *queue.State { return l.state })
}

// TestReportOfAMonthThatIsGone is an error, while other months are reported and
// the sheets of the days that are there go on being kept.
func TestReportOfAMonthThatIsGone(t *testing.T) {
	l := liveDays(t, 5)
	a := withoutJanuary(t, l)
	if r, err := a.Report(t.Context(), waiting.Query{From: "2026-01-01", To: "2026-01-31", By: waiting.ByDay}); !errors.Is(err, journal.ErrMissing) {
		t.Errorf("January: %v, %v", r, err)
	}
	if r, err := a.Report(t.Context(), waiting.Query{From: "2026-02-01", To: "2026-02-28", By: waiting.ByDay}); err != nil || len(r.Rows) != 3 {
		t.Errorf("February: %v, %v", r, err)
	}
	if err := a.storeSheets(t.Context(), l.state.Day().Ordinal); err != nil {
		t.Errorf("keeping sheets: %v", err)
	}
}

// TestEventsOfAMonthThatIsGone are answered with the oldest that is there, from which
// on they are read as before.
func TestEventsOfAMonthThatIsGone(t *testing.T) {
	l := liveDays(t, 5)
	newest := l.state.Seq()
	a := withoutJanuary(t, l)
	var gone display.EventsGoneError
	if _, err := a.Opening(1); !errors.As(err, &gone) || gone.Oldest < 2 {
		t.Fatalf("%v", err)
	}
	for seq := gone.Oldest; seq <= newest; seq++ {
		opening, err := a.Opening(seq)
		if err != nil || opening < gone.Oldest || opening > seq {
			t.Fatalf("the day of event %d begins with %d: %v", seq, opening, err)
		}
	}
	read := gone.Oldest
	for e, err := range a.Since(gone.Oldest) {
		if err != nil || e.Seq != read {
			t.Fatalf("event %d comes instead of %d: %v", e.Seq, read, err)
		}
		read++
	}
	if read != newest+1 {
		t.Errorf("the last event is %d, want %d", read-1, newest)
	}
}

// TestReportOfTodayComesFromTheState has visits that are in memory alone: what
// is in memory is not read again from the disk.
func TestReportOfTodayComesFromTheState(t *testing.T) {
	l := liveDays(t, 2)
	a := newArchive(l.journal, func() *queue.State { return l.state })
	if got := reportOf(t, a).Total.Visits; got != 4 {
		t.Fatalf("%d visits", got)
	}
	l.kept = false
	l.visit()
	if got := reportOf(t, a).Total.Visits; got != 5 {
		t.Errorf("%d visits after one more", got)
	}
}
