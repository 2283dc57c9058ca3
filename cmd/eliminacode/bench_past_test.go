package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/journal"
	officefile "eliminacode/queue/office"
	"eliminacode/queue/waiting"
)

// A past is what a data folder for benchmarks holds: so many closed days of so
// many legs each, with their sheets, and an open day of so many tickets of
// which the last ones still wait.
type past struct {
	days, legsADay int
	yearLegsADay   int // of the last 365 days
	events         int // of all closed days together, shared out among them
	today, waiting int
}

// tenYears is a million legs in 3,100 days of opening, 75,000 of them in the last
// year, with a million events.
var tenYears = past{days: 3100, legsADay: 338, yearLegsADay: 206, events: 1_000_000}

// with is the same past before a day of so many tickets.
func (p past) with(today, waiting int) past {
	p.today, p.waiting = today, waiting
	return p
}

// begun is the office time at which the benchmarks' today began: midnight of
// the machine's today, since the daemon lives by the machine's clock.
func begun(b *testing.B, setup queue.Setup) queue.DayPlan {
	b.Helper()
	plan, err := calendar.Plan(setup, time.Now().UnixMilli())
	if err != nil {
		b.Fatal(err)
	}
	return plan
}

// write makes the folder, with a file of the office for serve, and answers the
// path of its settings.
func (p past) write(b *testing.B, dir string) (settings string) {
	b.Helper()
	office := alwaysOpen(b, dir)
	text, err := os.ReadFile(office)
	if err != nil {
		b.Fatal(err)
	}
	setup, err := officefile.Parse(office, text)
	if err != nil {
		b.Fatal(err)
	}
	setup.Rules.RestMs, setup.Rules.PressesPerMinute = 0, 0
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(data, 0o750); err != nil {
		b.Fatal(err)
	}
	administered(b, data) // as an office is that has a past: its start makes no first code
	j, err := journal.Open(journalDir(data), journal.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	w := &pastWriter{b: b, journal: j, setup: setup, state: &queue.State{}, plan: begun(b, setup)}
	w.do(queue.StartUp{Version: "bench", Journal: "bench"})
	w.do(queue.ChangeSetup{By: queue.Cause{Kind: queue.ByTechnician}, Setup: setup})
	w.closedDays(p)
	w.openDay(p)
	w.flush()
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
	settings = filepath.Join(dir, "box.toml")
	writeFile(b, settings, fmt.Sprintf("schema = 1\n[data]\ndir = %q\n[web]\nlisten = \"127.0.0.1:0\"\n[office]\nfile = %q\n", data, office))
	return settings
}

// A pastWriter appends to a journal what the rules make of commands.
type pastWriter struct {
	b       *testing.B
	journal *journal.Journal
	setup   queue.Setup
	state   *queue.State
	plan    queue.DayPlan // of today
	wall    int64
	events  []queue.Event
}

func (w *pastWriter) now() queue.Now {
	return queue.Now{Wall: w.wall, Boot: "3f1e9a52-7c5d-4a7b-9a55-benchbenchbe", Mono: w.wall - 1_400_000_000_000, Synced: true}
}

func (w *pastWriter) do(c queue.Command) []queue.Event {
	if w.wall == 0 {
		w.wall = w.plan.Begins - 1
	}
	state, events, err := w.state.Step(w.now(), c)
	if err != nil {
		w.b.Fatalf("%T: %v", c, err)
	}
	w.state = state
	w.add(events...)
	return events
}

func (w *pastWriter) add(events ...queue.Event) {
	if w.journal == nil {
		return
	}
	if w.events = append(w.events, events...); len(w.events) >= keptTogether {
		w.flush()
	}
}

func (w *pastWriter) flush() {
	if err := w.journal.Append(w.events); err != nil {
		w.b.Fatal(err)
	}
	w.events = w.events[:0]
}

// closedDays writes days of nothing but issued tickets: no start and no report
// folds them, since each has a sheet.
func (w *pastWriter) closedDays(p past) {
	if p.days == 0 {
		return
	}
	rng := rand.New(rand.NewPCG(1, 2))
	seq := w.state.Seq()
	event := func(at int64, by queue.CauseKind, body queue.Body) {
		seq++
		w.add(queue.Event{Seq: seq, At: queue.Now{Wall: at, Boot: "b", Mono: at, Synced: true}, By: queue.Cause{Kind: by}, Body: body})
	}
	each := (p.events - 2*p.days) / p.days
	samples, ofYear := w.sampleSheets(rng, p.legsADay), w.sampleSheets(rng, p.yearLegsADay)
	for day := range p.days {
		if day == p.days-365 {
			samples = ofYear
		}
		at := w.plan.Begins + int64(day-p.days)*86_400_000
		plan, err := calendar.Plan(w.setup, at)
		if err != nil {
			w.b.Fatal(err)
		}
		event(at, queue.ByAutomatic, queue.DayOpened{Day: day + 1, Journal: "bench", Setup: w.setup, Plan: plan})
		for i := range each {
			event(at+int64(i)*100_000, queue.ByButton, queue.TicketIssued{
				Ticket: queue.TicketID((day+1)*1_000_000 + i + 1), Number: queue.Number{Series: "A", Value: i + 1, Text: fmt.Sprintf("A%03d", i+1)},
				Service: "anagrafe", Outlet: "sala", Paper: queue.PaperRequested, Token: "ABCDEFGHIJKL", Ahead: 3,
			})
		}
		event(at+80_000_000, queue.ByAutomatic, queue.DayClosed{Day: day + 1})
		sheet := samples[rng.IntN(len(samples))]
		sheet.Day, sheet.Date = day+1, plan.Date
		if err := w.journal.PutSheet(journal.StoredSheet{Day: day + 1, Version: waiting.SheetVersion, Encoded: sheet.Encode()}); err != nil {
			w.b.Fatal(err)
		}
	}
	w.flush()
	// The rules go on from the last day's end.
	w.state = queue.Fold([]queue.Event{
		{Seq: seq - 1, At: w.now(), Body: queue.DayOpened{Day: p.days, Journal: "bench", Setup: w.setup, Plan: w.plan}},
		{Seq: seq, At: w.now(), Body: queue.DayClosed{Day: p.days}},
	})
}

// openDay lives today up to now, evenly, with printed tickets and three desks.
func (w *pastWriter) openDay(p past) {
	w.wall = w.plan.Begins
	w.openDesks()
	step := (time.Now().UnixMilli() - w.plan.Begins - 5_000) / int64(max(1, p.today))
	for i := range p.today {
		w.wall += step
		w.press(i)
		if i >= p.waiting {
			w.next(i)
		}
	}
}

var benchDesks = []queue.DeskID{"s1", "s2", "s3"}

func atDesk(d queue.DeskID) queue.Cause { return queue.Cause{Kind: queue.ByConsole, Device: string(d)} }

func (w *pastWriter) openDesks() {
	w.do(queue.OpenDay{Plan: w.plan})
	for _, d := range benchDesks {
		w.do(queue.OpenDesk{By: atDesk(d), Desk: d})
	}
}

// press gives the i-th ticket of the day, and its slip is printed.
func (w *pastWriter) press(i int) {
	service := []queue.ServiceID{"anagrafe", "cie", "anagrafe"}[i%3]
	for _, e := range w.do(queue.IssueTicket{
		By: queue.Cause{Kind: queue.ByButton, Device: "pulsante-1"}, Service: service, Outlet: "sala", Token: fmt.Sprintf("TOKEN%07d", i),
	}) {
		if t, ok := e.Body.(queue.TicketIssued); ok {
			w.do(queue.ReportPaper{Ticket: t.Ticket, Job: 1, Paper: queue.PaperPrinted, Rung: "process-id"})
		}
	}
}

// next is the NEXT of one desk, and every other service is marked as begun.
func (w *pastWriter) next(i int) {
	desk := benchDesks[i%len(benchDesks)]
	_, now, _ := w.state.Desk(desk)
	if held := w.state.Ticket(now.Ticket); held != nil && held.State == queue.Called && w.wall-held.Called.Wall < 20_000 {
		// NEXT so soon would be taken for a double click, or for the word that nobody came.
		w.do(queue.StartService{By: atDesk(desk), Desk: desk, Ticket: held.ID})
	}
	for _, e := range w.do(queue.CallNext{By: atDesk(desk), Desk: desk, Finishing: now.Ticket}) {
		if t, ok := e.Body.(queue.TicketCalled); ok && i%2 == 0 {
			w.do(queue.StartService{By: atDesk(desk), Desk: desk, Ticket: t.Ticket})
		}
	}
}

// sampleSheets are the sheets of a few lived days of so many legs, with waits
// as they are: most short, some long. They stand in for all other days.
func (w *pastWriter) sampleSheets(rng *rand.Rand, legs int) (samples []waiting.Sheet) {
	for range 16 {
		day := &pastWriter{b: w.b, setup: w.setup, state: &queue.State{}, plan: w.plan, wall: w.plan.Begins}
		day.do(queue.StartUp{Version: "bench", Journal: "bench"})
		day.do(queue.ChangeSetup{By: queue.Cause{Kind: queue.ByTechnician}, Setup: w.setup})
		day.openDesks()
		for i := range legs {
			day.wall += int64(rng.ExpFloat64() * 90_000)
			day.press(i)
			if i > legs/20 {
				day.next(i)
			}
		}
		samples = append(samples, waiting.Rows(day.state))
	}
	return samples
}
