package bridge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A technician's grip prints what the box says of itself, and takes back the
// two tickets that its presses gave.
func TestGripPrintsTheBox(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		r.press("b1") // Somebody else's, before the grip.
		r.pause(5 * time.Second)
		r.press("b1")
		r.press("b2")
		r.pause(10 * time.Second)
		before, _ := r.office.Watch()
		r.hold("b1", "b2")
		r.pause(2 * time.Second)

		slips := r.printer.printed()
		last := slips[len(slips)-1]
		if len(slips) != 4 || last.Number != "" || last.QR != "http://box:8080" ||
			!slices.Contains(last.Facts, "Versione: 1.2") || !slices.Contains(last.Notes, "Stampante atrio: carta esaurita") {
			t.Errorf("the last of %d slips is %+v", len(slips), last)
		}
		for text, want := range map[string]queue.TicketState{"A001": queue.Waiting, "A002": queue.Cancelled, "C500": queue.Cancelled} {
			if got := r.ticket(text); got.State != want || want == queue.Cancelled && got.Why != "technician" {
				t.Errorf("%s is %s (%s), want %s", text, got.State, got.Why, want)
			}
		}
		after, _ := r.office.Watch()
		if after.Seq() != before.Seq()+2 {
			t.Errorf("the grip wrote %d events, want one for each ticket", after.Seq()-before.Seq())
		}
	})
}

func TestGripTakesNobodysTurn(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		r.press("b1")
		r.press("b2")
		r.keys("k1", device.KeyNext) // A001 stands at a desk by now.
		r.pause(10 * time.Second)
		r.hold("b1", "b2")
		r.pause(2 * time.Second)
		if got := r.ticket("A001").State; got != queue.Called {
			t.Errorf("the grip made a called ticket %s", got)
		}
		if got := r.ticket("C500").State; got != queue.Cancelled {
			t.Errorf("the other ticket is %s", got)
		}
		// A grip after refused presses has nothing to take back, not even the
		// ticket that the same button gave before.
		r.press("b1")
		r.pause(100 * time.Millisecond)
		r.press("b1")
		r.hold("b1", "b2")
		r.pause(5 * time.Second)
		if got := r.ticket("A002").State; got != queue.Waiting {
			t.Errorf("the ticket of an earlier press is %s", got)
		}
	})
}

func TestGripWithoutPaperIsRefused(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		refuse := func(context.Context) error {
			return fmt.Errorf("%w: %w", device.ErrNotPrinted, device.ErrPaperOut)
		}
		r.printer.script = []func(context.Context) error{refuse}
		r.hold("b1", "b2")
		r.pause(time.Minute)
		if n := len(r.printer.printed()); n != 1 {
			t.Errorf("%d tries, want 1", n)
		}
		if !r.lamps.has(fmt.Sprint("b1=", device.LightError)) {
			t.Error("the lamp does not say that the slip was refused")
		}
		if got := r.office.kinds("Ticket"); len(got) != 0 {
			t.Errorf("a grip without tickets wrote %v", got)
		}
	})
}

func TestOneStatusSlipAtATime(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		for range 3 {
			r.hold("b1", "b2")
		}
		r.pause(5 * time.Second)
		if n := len(r.printer.printed()); n != 1 {
			t.Errorf("%d slips, want 1", n)
		}
		r.hold("b1", "b2")
		r.pause(5 * time.Second)
		if n := len(r.printer.printed()); n != 2 {
			t.Errorf("%d slips after another grip, want 2", n)
		}
		r.hold("no such", "b2")
		r.pause(5 * time.Second)
		if n := len(r.printer.printed()); n != 2 {
			t.Errorf("%d slips after a grip of an unknown button, want 2", n)
		}
	})
}

func TestClosingSlipIsPrinted(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		c := words.Closing{Date: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), Sums: queue.DayClosed{Issued: 12, Served: 12}, Seq: 99, Hash: strings.Repeat("ab", 32)}
		if paper, err := r.bridge.ClosingSlip(t.Context(), "atrio", c); paper != queue.PaperPrinted || err != nil {
			t.Errorf("a closing slip is %s, %v", paper, err)
		}
		slip := r.printer.printed()[0]
		if slip.Number != "" || !slices.Contains(slip.Facts, "abab abab abab abab") || !slices.Contains(slip.Facts, "Biglietti 12 · Serviti 12") {
			t.Errorf("the closing slip is %+v", slip)
		}
		if paper, err := r.bridge.ClosingSlip(t.Context(), "nowhere", c); paper != queue.PaperFailed || !errors.Is(err, ErrNoPrinter) {
			t.Errorf("without a printer it is %s, %v", paper, err)
		}
	})
}

func TestTrial(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		if paper, receipt, err := r.bridge.Trial(t.Context(), "atrio"); paper != queue.PaperPrinted || receipt.Rung == "" || err != nil {
			t.Errorf("a trial is %s, %v", paper, err)
		}
		if slip := r.printer.printed()[0]; slip.Mark == "" || slip.Number != "" || slip.StartBy.IsZero() {
			t.Errorf("the trial slip is %+v", slip)
		}
		for _, c := range []struct {
			answer error
			want   queue.PaperState
		}{
			{fmt.Errorf("%w: %w", device.ErrNotPrinted, device.ErrPaperOut), queue.PaperFailed},
			{fmt.Errorf("%w: %w", device.ErrUnknownOutcome, device.ErrSilent), queue.PaperUnknown},
		} {
			r.printer.script = []func(context.Context) error{func(context.Context) error { return c.answer }}
			if paper, _, err := r.bridge.Trial(t.Context(), "atrio"); paper != c.want || !errors.Is(err, c.answer) {
				t.Errorf("a trial that ends in %v is %s, %v", c.answer, paper, err)
			}
		}
		if paper, _, err := r.bridge.Trial(t.Context(), "altrove"); paper != queue.PaperFailed || !errors.Is(err, ErrNoPrinter) {
			t.Errorf("a trial at an outlet without printer is %s, %v", paper, err)
		}
		if events := r.office.kinds("Ticket"); len(events) != 0 {
			t.Errorf("trials wrote %v", events)
		}
	})
}
