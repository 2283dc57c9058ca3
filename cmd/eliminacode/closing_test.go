package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
	"eliminacode/display"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/journal"
	"eliminacode/queue/words"
)

// businessDays are an office of which only the business day is looked at, and its
// journal: day n closed on 24 November with event n.
type businessDays struct {
	state *queue.State
	newer chan struct{}
	reads []int // the days whose end was read
	fails error
}

func (d *businessDays) Watch() (*queue.State, <-chan struct{}) { return d.state, d.newer }

func (d *businessDays) Days(string, string) (all []journal.Day, err error) {
	for n := 1; n <= 9; n++ {
		all = append(all, journal.Day{Ordinal: n, Date: "2026-11-24"})
	}
	return all, nil
}

func (d *businessDays) Closing(day journal.Day) (queue.Event, journal.Hash, error) {
	d.reads = append(d.reads, day.Ordinal)
	return queue.Event{Seq: uint64(day.Ordinal), Body: queue.DayClosed{Day: day.Ordinal, Issued: 7}}, journal.Hash{}, d.fails
}

// at goes on to a business day.
func (d *businessDays) at(day int, open bool) {
	setup := queue.Setup{Outlets: []queue.Outlet{{ID: "atrio", Printer: true}, {ID: "banco", Printer: true, Reception: true}}}
	events := []queue.Event{{Seq: 1, Body: queue.DayOpened{Day: day, Setup: setup}}}
	if !open {
		events = append(events, queue.Event{Seq: 2, Body: queue.DayClosed{Day: day}})
	}
	older := d.newer
	d.state, d.newer = queue.Fold(events), make(chan struct{})
	close(older)
}

// A standing printer is in a state from an instant on, stopped before, and prints
// nothing.
type standing struct {
	device.Printer
	state device.State
	from  time.Time
}

func (p *standing) Status() device.Status {
	if time.Now().Before(p.from) {
		return device.Status{State: device.StateStopped}
	}
	return device.Status{State: p.state}
}

// slips are the closing slips that came out: day and outlet.
type slips struct {
	out   []string
	paper queue.PaperState
	fails map[int]error // by day
}

func (s *slips) ClosingSlip(_ context.Context, outlet queue.OutletID, c words.Closing) (queue.PaperState, error) {
	s.out = append(s.out, fmt.Sprint(c.Sums.Day, " ", outlet))
	return s.paper, s.fails[c.Sums.Day]
}

// closingsOf are the closed days of an office with two printers that are ready.
func closingsOf(log *bytes.Buffer) (*closings, *businessDays, *slips, map[queue.OutletID]*standing) {
	d, s := &businessDays{newer: make(chan struct{})}, &slips{paper: queue.PaperPrinted}
	at := map[queue.OutletID]*standing{"atrio": {state: device.StateReady}, "banco": {state: device.StateReady}}
	return &closings{
		office: d, journal: d, slips: s, printers: printers{"atrio": at["atrio"], "banco": at["banco"]},
		log: slog.New(slog.NewTextHandler(log, nil)),
	}, d, s, at
}

// TestAClosingOfARealBoxIsPrintedComparedAndPrintedAgain: the whole program with a
// printer, whose day closes since somebody says that it is another.
func TestAClosingOfARealBoxIsPrintedComparedAndPrintedAgain(t *testing.T) {
	dir := t.TempDir()
	port, box, data := filepath.Join(dir, "sala"), filepath.Join(dir, "box.toml"), filepath.Join(dir, "data")
	paper := startPrinter(port, func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}, t.Cleanup)
	writeFile(t, box, fmt.Sprintf("schema = 1\n[data]\ndir = %q\n[[printer]]\nname = \"sala\"\nport = %q\noutlet = \"sala\"\nprofile = \"generic-80-process-id\"\n", data, port))
	d := startBox(t, "--config", box, "--office", alwaysOpen(t, dir))
	defer d.stop(t)
	printAgain := func() (string, int) {
		t.Helper()
		said, status, err := post(t.Context(), http.DefaultClient, d.address+"/api/v1/technician/closing/print", map[string]string{})
		if status == 0 {
			t.Fatal(err)
		}
		return said.Code, status
	}
	if code, status := printAgain(); status != http.StatusConflict {
		t.Errorf("before any day has closed: %d %s", status, code)
	}
	says(t, "the page of the first day", d.page(t, "/responsabile/tecnico"), "Nessuna giornata si è ancora chiusa")
	runProgram(t, "clock", "confirm", "--config", box)
	runProgram(t, "clock", "set", time.Now().Add(48*time.Hour).Format("2006-01-02")+" 12:00", "--sure", "--config", box)
	onPaper := regexp.MustCompile(`(?s)Registro n\. ([0-9]+), impronta.*?((?:[0-9a-f]{4} ?){4})`)
	slip := eventually(t, "the slip of the day that closed", lastTicket(paper), onPaper)
	event, hash := slip[1], strings.TrimSpace(slip[2])
	says(t, "the slip", runProgram(t, "journal", "verify", "--config", box, "--event", event, "--hash", hash), "The slip fits: event "+event)
	says(t, "the page", d.page(t, "/responsabile/tecnico"), "Chiusura della giornata", event, hash, "Esce da")
	var told view.Box
	if _, body := d.asks(t, http.MethodGet, "/api/v1/technician"); json.Unmarshal(body, &told) != nil || told.Closing == nil {
		t.Fatalf("no closed day: %s", body)
	}
	if status, body := d.asks(t, http.MethodGet, "/api/v1/technician/closing?date="+told.Closing.Date); status != http.StatusOK || !strings.Contains(string(body), told.Closing.Hash) {
		t.Errorf("the day by its date: %d %s", status, body)
	}
	if status, body := d.asks(t, http.MethodGet, "/api/v1/technician/closing?date=2020-02-29"); status != http.StatusNotFound || !strings.Contains(string(body), "closing-not-there") {
		t.Errorf("a day that never was: %d %s", status, body)
	}
	before := len(paper.Tickets())
	for end := time.Now().Add(2 * time.Minute); ; {
		// On a busy machine the printer is not always heard in time, nor ready.
		code, status := printAgain()
		if code == "closing-printed" {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("printed again: %d %s", status, code)
		}
	}
	if all := paper.Tickets(); len(all) <= before || !strings.Contains(all[len(all)-1].Text, hash) {
		t.Errorf("%d slips, and %d before: %+v", len(all), before, all[len(all)-1].Text)
	}
}

// TestEachDayThatClosesHasItsSlip: once, the one that closed while the box started
// too, and none that had closed before; what is not on paper is told.
func TestEachDayThatClosesHasItsSlip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c, d, s, _ := closingsOf(&log)
		s.fails = map[int]error{5: errors.New("no paper")}
		d.at(3, true)
		next := newestClosed(d.state) + 1
		d.at(4, true) // day 3 closes before anybody looks
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { c.run(ctx, next); close(ended) }()
		synctest.Wait()
		for _, step := range []struct {
			day  int
			open bool
			want string
		}{
			{4, true, "3 banco"}, {4, false, "3 banco,4 banco"}, {5, true, "3 banco,4 banco"},
			{7, true, "3 banco,4 banco,5 banco,6 banco"}, {7, true, "3 banco,4 banco,5 banco,6 banco"},
		} {
			d.at(step.day, step.open)
			synctest.Wait()
			if got := strings.Join(s.out, ","); got != step.want {
				t.Errorf("at day %d, open %t: slips of %s, want %s", step.day, step.open, got, step.want)
			}
		}
		stop()
		<-ended
		lost := 0
		for line := range strings.Lines(log.String()) {
			if strings.Contains(line, "not on paper") {
				lost++
				if !strings.Contains(line, "seq=5") || !strings.Contains(line, "date=2026-11-24") || !strings.Contains(line, "no paper") || !strings.Contains(line, "hash=0000") {
					t.Errorf("what is not on paper is told as %s", line)
				}
			}
		}
		if lost != 1 || strings.Count(log.String(), "is printed") != 3 {
			t.Errorf("the log tells of %d lost slips:\n%s", lost, &log)
		}
	})
}

// A slip at the close waits for a printer, half a minute at most; it comes out at the
// reception's, else at another.
func TestAClosingSlipWaitsForAPrinter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c, d, s, at := closingsOf(&log)
		d.at(3, false)
		at["atrio"].state, at["banco"].state = device.StateStopped, device.StateLost
		began := time.Now()
		c.printClosed(t.Context(), 3)
		if took := time.Since(began); len(s.out) != 0 || took != printWait || !strings.Contains(log.String(), "no printer is ready") {
			t.Errorf("after %v: %v, %s", took, s.out, &log)
		}
		at["atrio"].state, at["atrio"].from = device.StateDegraded, time.Now().Add(printWait/2)
		c.printClosed(t.Context(), 3)
		at["banco"].state = device.StateReady
		c.printClosed(t.Context(), 3)
		if want := []string{"3 atrio", "3 banco"}; !slices.Equal(s.out, want) {
			t.Errorf("slips at %v, want %v", s.out, want)
		}
	})
}

// The newest closed day is read from disk once, however often it is asked for, and
// printed again at a printer that is ready now, else not at all.
func TestTheNewestClosingIsPrintedAgain(t *testing.T) {
	var log bytes.Buffer
	c, d, s, at := closingsOf(&log)
	d.at(1, true)
	if _, ok, err := c.newest(); ok || err != nil {
		t.Errorf("on the first day: %t, %v", ok, err)
	}
	if paper, err := c.printOf(t.Context(), ""); paper != queue.PaperFailed || !errors.Is(err, display.ErrNoneClosed) {
		t.Errorf("on the first day: %s, %v", paper, err)
	}
	d.at(6, true)
	d.fails = journal.ErrDamaged
	if paper, err := c.printOf(t.Context(), ""); paper != queue.PaperFailed || !errors.Is(err, display.ErrClosingUnread) || !errors.Is(err, journal.ErrDamaged) {
		t.Errorf("a day that cannot be read: %s, %v", paper, err)
	}
	d.fails, d.reads = nil, nil
	for range 3 {
		day, ok, err := c.newest()
		if !ok || err != nil || day.Sums.Day != 5 || day.Seq != 5 || len(day.Hash) != 64 || day.Date.Format(time.DateOnly) != "2026-11-24" {
			t.Errorf("the newest is %+v, %t, %v", day, ok, err)
		}
		if paper, err := c.printOf(t.Context(), ""); paper != queue.PaperPrinted || err != nil {
			t.Errorf("printed again: %s, %v", paper, err)
		}
	}
	d.at(6, false)
	c.printClosed(t.Context(), 6)
	if day, _, _ := c.newest(); day.Sums.Day != 6 {
		t.Errorf("after day 6 the newest is %+v", day)
	}
	if want := []int{5, 6}; !slices.Equal(d.reads, want) {
		t.Errorf("read were the days %v, want %v", d.reads, want)
	}
	at["banco"].state = device.StateStopped
	if outlet, ok := c.prints(); outlet != "atrio" || !ok {
		t.Errorf("it would come out at %q, %t", outlet, ok)
	}
	at["atrio"].state = device.StateUnknown
	s.out = nil
	if paper, err := c.printOf(t.Context(), ""); paper != queue.PaperFailed || !errors.Is(err, display.ErrNoPrinterReady) || len(s.out) != 0 {
		t.Errorf("without a printer: %s, %v, %v", paper, err, s.out)
	}
}

// datedDays are business days of which each has a date of its own but the two last.
type datedDays struct {
	*businessDays
	missing bool
}

func (d datedDays) Days(from, to string) (all []journal.Day, err error) {
	if d.missing {
		return nil, fmt.Errorf("looking for days: %w", journal.ErrMissing)
	}
	for n := 1; n <= 9; n++ {
		if date := fmt.Sprintf("2026-11-%02d", min(n, 8)); (from == "" || date >= from) && (to == "" || date <= to) {
			all = append(all, journal.Day{Ordinal: n, Date: date})
		}
	}
	return all, nil
}

// An earlier closed day is told and printed by its date; of one that is open, never was
// or is kept no more, it is said which.
func TestAnEarlierClosingIsPrintedByItsDate(t *testing.T) {
	var log bytes.Buffer
	c, d, s, _ := closingsOf(&log)
	dated := datedDays{businessDays: d}
	c.journal = dated
	d.at(9, true)
	for date, want := range map[string]int{"2026-11-03": 3, "2026-11-08": 8} {
		if day, err := c.on(date); err != nil || day.Sums.Day != want || day.Date.Format(time.DateOnly) != date {
			t.Errorf("%s is %+v, %v", date, day, err)
		}
	}
	if paper, err := c.printOf(t.Context(), "2026-11-03"); paper != queue.PaperPrinted || err != nil || !slices.Equal(s.out, []string{"3 banco"}) {
		t.Errorf("%s, %v: %v", paper, err, s.out)
	}
	refused := func(what, date string, want error) {
		t.Helper()
		if _, err := c.on(date); !errors.Is(err, want) {
			t.Errorf("%s: %v", what, err)
		}
		if paper, err := c.printOf(t.Context(), date); paper != queue.PaperFailed || !errors.Is(err, want) {
			t.Errorf("%s, printed: %s, %v", what, paper, err)
		}
	}
	refused("a day that never was", "2026-12-24", display.ErrNotClosed)
	d.at(8, true)
	refused("a day that is open", "2026-11-08", display.ErrNotClosed)
	d.fails = journal.ErrDamaged
	refused("a day that cannot be read", "2026-11-05", display.ErrClosingUnread)
	c.journal = datedDays{businessDays: d, missing: true}
	refused("a day that is kept no more", "2026-11-05", display.ErrClosingGone)
	if len(s.out) != 1 {
		t.Errorf("slips: %v", s.out)
	}
}
