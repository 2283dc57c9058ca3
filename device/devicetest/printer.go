package devicetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
)

// A PrinterBench is a printer under test and the hands that can hurt it. Hands
// that a driver's bench does not have are nil; their tests are skipped.
type PrinterBench struct {
	Printer device.Printer
	// Printed is the numbers of the tickets that came out whole, in order. The
	// test looks only after the printer had time to be idle.
	Printed func() []string
	// Complaints is what the printer thinks of the bytes it was sent.
	Complaints func() []string

	SetPaperOut  func(out bool)
	PaperEnding  func() // the paper runs out in the middle of the next ticket
	SetCoverOpen func(open bool)
	SetPower     func(on bool)
	CutLine      func(bytes int) // the line breaks after that many bytes
	Replug       func()

	// Patience is how long the printer may take to notice something.
	Patience time.Duration
}

// TestPrinter is the contract of device.Printer. open makes a bench whose
// printer is ready to Run and has paper; it is called once for each test.
func TestPrinter(t *testing.T, open func(t *testing.T) PrinterBench) {
	for _, c := range printerContract {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

// TestPrinterInBubble is the same in bubbles of testing/synctest, for a bench
// that touches no file and no socket: every wait is a real one's and takes no
// time, so that no load on the machine can spoil it.
func TestPrinterInBubble(t *testing.T, open func(t *testing.T) PrinterBench) {
	for _, c := range printerContract {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { c.test(t, open(t)) })
		})
	}
}

type printerClause struct {
	name  string
	run   func(*testing.T, *printerTest)
	noRun bool // Printer.Run is not started
	tears bool // the printer may complain: a torn command is the plug's fault
}

var printerContract = []printerClause{
	{name: "prints and confirms", run: testPrints},
	{name: "keeps its turn", run: testTurns},
	{name: "refuses what is too long", run: testTooLong},
	{name: "starts nothing after ctx", run: testEndedContext},
	{name: "starts nothing too late", run: testLate},
	{name: "paper out before", run: testPaperOut},
	{name: "paper out during", run: testPaperEnding},
	{name: "cover open", run: testCover},
	{name: "tells of changes", run: testWatch},
	{name: "switched off", run: testPower},
	{name: "unplugged at any byte", run: testCutLine, tears: true},
	{name: "says nothing when not running", run: testNotRunning, noRun: true},
}

func (c printerClause) test(t *testing.T, bench PrinterBench) {
	if bench.Patience <= 0 {
		bench.Patience = 10 * time.Second
	}
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	if !c.noRun {
		run.Go(func() {
			if err := bench.Printer.Run(ctx); err != nil {
				t.Errorf("Run: %v", err)
			}
		})
	}
	// Also when the clause fails: nothing may go on behind its back.
	defer func() {
		cancel()
		ended := make(chan struct{})
		go func() { run.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-time.After(bench.Patience):
			t.Error("Run does not return when ctx ends")
		}
	}()
	c.run(t, &printerTest{bench})
	if bench.Complaints == nil || c.tears || t.Failed() {
		return
	}
	for _, complaint := range bench.Complaints() {
		t.Errorf("printer complains: %s", complaint)
	}
}

type printerTest struct{ PrinterBench }

func slipFor(number string) device.Slip {
	return device.Slip{
		Header:  []string{"COMUNE DI PROVA"},
		Date:    "mar 24 novembre 2026, 10:31",
		Service: "Anagrafe",
		Caption: "Il suo numero",
		Number:  number,
		Facts:   []string{"Persone prima di lei: 3"},
		QR:      "https://example.it/t/" + number,
	}
}

// await polls until ok, at most Patience.
func (pt *printerTest) await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(pt.Patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for: %s; status %+v, printed %q", what, pt.Printer.Status(), pt.Printed())
		}
	}
}

func (pt *printerTest) awaitState(t *testing.T, states ...device.State) device.Status {
	t.Helper()
	var s device.Status
	pt.await(t, fmt.Sprint("state ", states), func() bool {
		s = pt.Printer.Status()
		return slices.Contains(states, s.State)
	})
	return s
}

// print prints and checks that an error says exactly one outcome.
func (pt *printerTest) print(t *testing.T, number string) (device.Receipt, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*pt.Patience)
	defer cancel()
	r, err := pt.Printer.Print(ctx, slipFor(number))
	checkOutcome(t, err)
	return r, err
}

func checkOutcome(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if not, unknown := errors.Is(err, device.ErrNotPrinted), errors.Is(err, device.ErrUnknownOutcome); not == unknown {
		t.Errorf("error must be exactly one of not printed (%v) and unknown (%v): %v", not, unknown, err)
	}
}

func (pt *printerTest) mustPrint(t *testing.T, number string) device.Receipt {
	t.Helper()
	r, err := pt.print(t, number)
	if err != nil {
		t.Fatalf("printing %s: %v; status %+v", number, err, pt.Printer.Status())
	}
	if !slices.Contains(pt.Printed(), number) {
		t.Fatalf("confirmed %s, but on paper are %q", number, pt.Printed())
	}
	return r
}

// atMostOnce checks the promise that no slip is sent twice.
func (pt *printerTest) atMostOnce(t *testing.T) {
	t.Helper()
	seen := map[string]bool{}
	for _, number := range pt.Printed() {
		if seen[number] {
			t.Errorf("%s is on paper twice: %q", number, pt.Printed())
		}
		seen[number] = true
	}
}

func testPrints(t *testing.T, pt *printerTest) {
	r := pt.mustPrint(t, "A001")
	if r.Rung == "" || r.Bytes <= 0 || r.Took <= 0 {
		t.Errorf("receipt is not filled in: %+v", r)
	}
	s := pt.awaitState(t, device.StateReady)
	if s.Seen.IsZero() || s.Name == "" || len(s.Faults) != 0 {
		t.Errorf("status of a ready printer: %+v", s)
	}
}

func testTurns(t *testing.T, pt *printerTest) {
	pt.mustPrint(t, "A001")
	var all sync.WaitGroup
	for i := range 5 {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 4*pt.Patience)
			defer cancel()
			if _, err := pt.Printer.Print(ctx, slipFor(fmt.Sprintf("B%03d", i))); err != nil {
				t.Errorf("printing beside others: %v", err)
			}
		})
	}
	all.Wait()
	if n := len(pt.Printed()); n != 6 {
		t.Errorf("%d tickets on paper instead of 6: %q", n, pt.Printed())
	}
	pt.atMostOnce(t)
}

func testTooLong(t *testing.T, pt *printerTest) {
	slip := slipFor("A001")
	for range 100 {
		slip.Notes = append(slip.Notes, "una riga che da sola è già piuttosto lunga")
	}
	_, err := pt.Printer.Print(t.Context(), slip)
	checkOutcome(t, err)
	if !errors.Is(err, device.ErrSlipTooLong) || !errors.Is(err, device.ErrNotPrinted) {
		t.Errorf("a slip that is too long: %v", err)
	}
	pt.mustPrint(t, "A002")
}

func testEndedContext(t *testing.T, pt *printerTest) {
	pt.mustPrint(t, "A001")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := pt.Printer.Print(ctx, slipFor("A002"))
	checkOutcome(t, err)
	if !errors.Is(err, device.ErrNotPrinted) {
		t.Errorf("printing after ctx has ended: %v", err)
	}
	pt.mustPrint(t, "A003")
	if slices.Contains(pt.Printed(), "A002") {
		t.Error("a slip of an ended ctx was printed")
	}
}

// A slip whose time to begin is over is never printed, whether the printer was
// free all the time or could not begin before.
func testLate(t *testing.T, pt *printerTest) {
	pt.mustPrint(t, "A001")
	printBy := func(number string, by time.Time) error {
		slip := slipFor(number)
		slip.StartBy = by
		_, err := pt.Printer.Print(t.Context(), slip)
		checkOutcome(t, err)
		return err
	}
	if err := printBy("A002", time.Now().Add(pt.Patience)); err != nil {
		t.Errorf("printing a slip in time: %v", err)
	}
	// Again and again, since a driver that chooses by chance is right at times.
	for i := range 5 {
		if err := printBy(fmt.Sprintf("L%03d", i), time.Now().Add(-time.Minute)); !errors.Is(err, device.ErrNotPrinted) || !errors.Is(err, device.ErrLate) {
			t.Errorf("printing a slip whose time was over: %v", err)
		}
	}
	if pt.SetPaperOut != nil {
		pt.SetPaperOut(true)
		pt.awaitState(t, device.StateStopped)
		if err := printBy("L009", time.Now().Add(time.Second)); !errors.Is(err, device.ErrNotPrinted) || !errors.Is(err, device.ErrLate) {
			t.Errorf("printing a slip that could not begin in time: %v", err)
		}
		pt.SetPaperOut(false)
		pt.awaitState(t, device.StateReady)
	}
	pt.mustPrint(t, "A003")
	for _, number := range pt.Printed() {
		if number[0] == 'L' {
			t.Errorf("%s is on paper, and was too late for it", number)
		}
	}
}

func testPaperOut(t *testing.T, pt *printerTest) {
	if pt.SetPaperOut == nil {
		t.Skip("the bench cannot take the paper away")
	}
	pt.mustPrint(t, "A001")
	pt.SetPaperOut(true)
	if s := pt.awaitState(t, device.StateStopped); !slices.Contains(s.Faults, device.FaultPaperOut) {
		t.Errorf("status without paper: %+v", s)
	}
	_, err := pt.print(t, "A002")
	if !errors.Is(err, device.ErrNotPrinted) || !errors.Is(err, device.ErrPaperOut) {
		t.Errorf("printing without paper: %v", err)
	}
	pt.SetPaperOut(false)
	pt.awaitState(t, device.StateReady)
	pt.mustPrint(t, "A003")
	if slices.Contains(pt.Printed(), "A002") {
		t.Error("a slip that was not printed came out when the paper was back")
	}
}

func testPaperEnding(t *testing.T, pt *printerTest) {
	if pt.PaperEnding == nil || pt.SetPaperOut == nil {
		t.Skip("the bench cannot let the paper run out")
	}
	pt.mustPrint(t, "A001")
	pt.PaperEnding()
	_, err := pt.print(t, "A002")
	if !errors.Is(err, device.ErrUnknownOutcome) || !errors.Is(err, device.ErrPaperOut) {
		t.Errorf("paper ran out in the middle: %v", err)
	}
	pt.awaitState(t, device.StateStopped)
	pt.SetPaperOut(false)
	pt.awaitState(t, device.StateReady)
	pt.mustPrint(t, "A003")
	pt.atMostOnce(t)
}

func testCover(t *testing.T, pt *printerTest) {
	if pt.SetCoverOpen == nil {
		t.Skip("the bench has no cover")
	}
	pt.mustPrint(t, "A001")
	pt.SetCoverOpen(true)
	if s := pt.awaitState(t, device.StateStopped); !slices.Contains(s.Faults, device.FaultCoverOpen) {
		t.Errorf("status with an open cover: %+v", s)
	}
	_, err := pt.print(t, "A002")
	if !errors.Is(err, device.ErrNotPrinted) || !errors.Is(err, device.ErrStopped) {
		t.Errorf("printing with an open cover: %v", err)
	}
	pt.SetCoverOpen(false)
	pt.awaitState(t, device.StateReady)
	pt.mustPrint(t, "A003")
}

// Whoever watches hears of another state, without asking again and again.
func testWatch(t *testing.T, pt *printerTest) {
	if pt.SetCoverOpen == nil {
		t.Skip("the bench has no cover")
	}
	pt.mustPrint(t, "A001")
	pt.awaitState(t, device.StateReady)
	for _, open := range []bool{true, false} {
		before, other := pt.Printer.Watch()
		select {
		case <-other:
			t.Fatalf("another state is told than %s, and it is not", before.State)
		default:
		}
		pt.SetCoverOpen(open)
		for before.State == device.StateStopped != open {
			select {
			case <-other:
				before, other = pt.Printer.Watch()
			case <-time.After(pt.Patience):
				t.Fatalf("cover open %v: nothing was told; status %+v", open, pt.Printer.Status())
			}
		}
	}
}

func testPower(t *testing.T, pt *printerTest) {
	if pt.SetPower == nil {
		t.Skip("the bench has no switch")
	}
	pt.mustPrint(t, "A001")
	pt.SetPower(false)
	if s := pt.awaitState(t, device.StateLost); len(s.Faults) == 0 {
		t.Errorf("status of a printer that is off: %+v", s)
	}
	if _, err := pt.print(t, "A002"); !errors.Is(err, device.ErrNotPrinted) {
		t.Errorf("printing while it is off: %v", err)
	}
	pt.SetPower(true)
	pt.awaitState(t, device.StateReady)
	pt.mustPrint(t, "A003")
	if slices.Contains(pt.Printed(), "A002") {
		t.Error("a slip that was not printed came out when it was on again")
	}
}

// testCutLine pulls the plug at many places of a ticket. Whatever was said, the
// truth must not contradict it.
func testCutLine(t *testing.T, pt *printerTest) {
	if pt.CutLine == nil || pt.Replug == nil {
		t.Skip("the bench cannot pull the plug")
	}
	size := pt.mustPrint(t, "A001").Bytes
	for i, at := range []int{1, 20, size / 4, size / 2, 2 * size / 3, size - 12, size} {
		torn, next := fmt.Sprintf("T%03d", i), fmt.Sprintf("N%03d", i)
		pt.awaitState(t, device.StateReady)
		pt.CutLine(at)
		_, err := pt.print(t, torn)
		pt.Replug()
		pt.awaitState(t, device.StateReady)
		pt.mustPrint(t, next)
		on := slices.Contains(pt.Printed(), torn)
		if errors.Is(err, device.ErrNotPrinted) && on {
			t.Errorf("cut after %d bytes: %s is on paper, but Print said %v", at, torn, err)
		}
		if err == nil && !on {
			t.Errorf("cut after %d bytes: %s is not on paper, but Print said it is", at, torn)
		}
	}
	pt.atMostOnce(t)
}

func testNotRunning(t *testing.T, pt *printerTest) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := pt.Printer.Print(ctx, slipFor("A001"))
	checkOutcome(t, err)
	if !errors.Is(err, device.ErrNotPrinted) {
		t.Errorf("printing while Run is not under way: %v", err)
	}
	if s := pt.Printer.Status(); s.State != device.StateUnknown {
		t.Errorf("status before Run: %+v", s)
	}
}
