package journal

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
)

var update = flag.Bool("update", false, "write the golden journal of the present format anew; a released one is never written again")

// goldenEvents is the life of the golden journal: two months and one event of
// every kind that package queue knew when the format was released.
func goldenEvents() [][]queue.Event {
	s := &script{}
	ticket := queue.TicketID(1_000_001)
	kinds := []queue.Body{
		queue.JournalResumed{Version: "1.0"},
		queue.DayReplanned{Plan: queue.DayPlan{Date: "2026-11-30", Why: "sciopero"}},
		queue.ClockSet{CorrectionMs: -3_600_000},
		queue.DeskOpened{Desk: "1", Account: "k7"},
		queue.DeskPaused{Desk: "1", Why: "pausa"},
		queue.DeskProfileChanged{Desk: "1", Profile: queue.Profile{First: []queue.ServiceID{"anagrafe"}}},
		queue.OutletChanged{Outlet: "totem-1", Gives: queue.Unable, Why: "paper-out"},
		queue.TicketCalled{Ticket: ticket, Desk: "1"},
		queue.TicketRecalled{Ticket: ticket, Desk: "1", Nth: 1},
		queue.ServiceStarted{Ticket: ticket, Desk: "1", FromCall: true},
		queue.TicketTransferred{Ticket: ticket, From: "1", Service: "anagrafe", Place: queue.PlaceFront},
		queue.TicketParked{Ticket: ticket, Desk: "1", ForMs: 60_000},
		queue.TicketResumed{Ticket: ticket, Desk: "1"},
		queue.TicketServed{Ticket: ticket, Desk: "1", UnknownEnd: true},
		queue.TicketNoShow{Ticket: ticket, Desk: "1"},
		queue.TicketCancelled{Ticket: ticket, Why: "citizen"},
		queue.TicketExpired{Ticket: ticket},
		queue.TicketPrinted{Ticket: ticket, Job: 1, Rung: "process-id"},
		queue.TicketPrintFailed{Ticket: ticket, Job: 1, Why: "paper-out"},
		queue.TicketPrintUnknown{Ticket: ticket, Job: 1, Why: "silent"},
		queue.TicketMadePaperless{Ticket: ticket},
		queue.ReprintRequested{Ticket: ticket, Job: 2, Outlet: "totem-1"},
		queue.DeskClosed{Desk: "1"},
	}
	appends := [][]queue.Event{s.begin(), append(s.open("2026-11-30"), s.issue(), s.issue())}
	for _, k := range kinds {
		appends = append(appends, []queue.Event{s.event(k)})
	}
	return append(appends, append(s.open("2026-12-01"), s.issue()), []queue.Event{s.issue()})
}

// A journal of format 1 is opened for ever: its files as they were written,
// and its records byte by byte.
func TestFormat1IsOpenedForEver(t *testing.T) {
	const dir = "testdata/format1"
	if *update {
		writeGolden(t, dir)
	}
	j := mustOpen(t, filepath.Join(dir, "journal"), Options{ReadOnly: true})
	v, err := j.Verify(context.Background())
	must(t, err)
	if v.Files != 2 || v.Days != 2 || v.Sheets != 1 {
		t.Fatalf("%+v", v)
	}
	f, err := os.Open(filepath.Join(dir, "records.jsonl"))
	must(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxRecordBytes)
	n := uint64(0)
	for r, err := range j.Records(1) {
		must(t, err)
		if n++; !lines.Scan() || lines.Text() != string(r.Value) || r.Seq != n {
			t.Fatalf("record %d is\n%s\nand was\n%s", n, r.Value, lines.Text())
		}
	}
	if lines.Scan() || n != v.Events {
		t.Fatalf("there were more records than %d", n)
	}
	today, err := collected(j.Today())
	must(t, err)
	if len(today) != 3 || !isDay(today[0], 2) {
		t.Fatal(today)
	}
	if d := cmp.Diff([]StoredSheet{{Day: 1, Version: 1, Stale: true, Encoded: []byte("rows of day 1")}}, sheetsOf(t, j)); d != "" {
		t.Fatal(d)
	}
}

// What is written today is what was written then: the encoding of an event is
// added to and never changed. A field that is new and empty leaves no trace.
func TestFormat1IsStillWritten(t *testing.T) {
	f, err := os.Open("testdata/format1/records.jsonl")
	must(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxRecordBytes)
	prev := Hash{}
	for lines.Scan() {
		var e queue.Event
		must(t, json.Unmarshal(lines.Bytes(), &e))
		r, err := encode(e, prev)
		must(t, err)
		if string(r.value) != lines.Text() {
			t.Fatalf("event %d is written as\n%s\nand was\n%s", e.Seq, r.value, lines.Text())
		}
		prev = hashOf(r.value)
	}
}

// writeGolden makes the golden journal as a backup, whose files have no room
// left to grow.
func writeGolden(t *testing.T, dir string) {
	t.Helper()
	must(t, os.RemoveAll(dir))
	must(t, os.MkdirAll(dir, 0o755))
	j := mustOpen(t, filepath.Join(t.TempDir(), "journal"), Options{Product: "1.0"})
	for _, events := range goldenEvents() {
		mustAppend(t, j, events...)
	}
	must(t, j.PutSheet(StoredSheet{Day: 1, Version: 1, Stale: true, Encoded: []byte("rows of day 1")}))
	mustBackup(t, j, filepath.Join(dir, "journal"))
	trim(t, filepath.Join(dir, "journal", sheetsName))
	f, err := os.Create(filepath.Join(dir, "records.jsonl"))
	must(t, err)
	for r, err := range j.Records(1) {
		must(t, err)
		_, err = f.Write(append(r.Value, '\n'))
		must(t, err)
	}
	must(t, f.Close())
}

// trim cuts off the room that a file has to grow.
func trim(t testing.TB, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	defer f.Close()
	tree, _, err := readTree(f)
	must(t, err)
	must(t, f.Truncate(int64(tree.pages)*int64(tree.pageBytes)))
}
