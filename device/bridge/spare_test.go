package bridge

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// TestEveryReasonHasAWord keeps codes of printers off the reception's page.
func TestEveryReasonHasAWord(t *testing.T) {
	none := words.In("").Fault("of another program")
	for _, known := range codes {
		if code := why(fmt.Errorf("%w: %w", device.ErrUnknownOutcome, known.is)); code != known.code || words.In("").Fault(code) == none {
			t.Errorf("%v is %q, in words %q", known.is, code, words.In("").Fault(code).What)
		}
	}
	if words.In("").Fault(why(lost(t.Context()))) == none || words.In("").Fault(why(device.ErrUnknownOutcome)) == none {
		t.Error("an outcome that nobody knows has no words")
	}
}

// fails is a printer that knows after some time that nothing came out.
func fails(after time.Duration) func(context.Context) error {
	return func(context.Context) error {
		time.Sleep(after)
		return fmt.Errorf("%w: %w", device.ErrNotPrinted, device.ErrPaperOut)
	}
}

func lost(context.Context) error {
	return fmt.Errorf("%w: %w", device.ErrUnknownOutcome, device.ErrSilent)
}

// withSpare is a hall with two printers that both say that they work.
func withSpare(t *testing.T, test func(t *testing.T, r rig)) {
	runWith(t, &printer{status: device.Status{State: device.StateReady}}, func(t *testing.T, r rig) {
		time.Sleep(6 * time.Second)
		synctest.Wait()
		test(t, r)
	})
}

func TestASlipThatFailedComesOutOfTheSparePrinter(t *testing.T) {
	withSpare(t, func(t *testing.T, r rig) {
		// The first printer takes nearly all of the time in which a slip may
		// begin; the second one has as much again.
		r.printer.script = []func(context.Context) error{fails(8500 * time.Millisecond)}
		began := time.Now()
		r.press("b1")
		time.Sleep(12 * time.Second)
		synctest.Wait()
		if got := r.ticket("A001"); got.Paper != queue.PaperPrinted || got.Outlet != "banco" || got.Asked != "atrio" || got.Job != 2 {
			t.Errorf("the paper is %s (%s) at %s, job %d", got.Paper, got.PaperWhy, got.Outlet, got.Job)
		}
		slips := r.spare.printed()
		if len(slips) != 1 || slips[0].Number != "A001" || slips[0].Mark != "" {
			t.Fatalf("the spare printer got %+v", slips)
		}
		if by := slips[0].StartBy.Sub(began); by != 19500*time.Millisecond {
			t.Errorf("the slip may begin %v after the press; want 10 s after it moved", by)
		}
	})
}

func TestASlipFailsAtBothPrintersAndGoesNowhereElse(t *testing.T) {
	withSpare(t, func(t *testing.T, r rig) {
		r.printer.script = []func(context.Context) error{fails(0)}
		r.spare.script = []func(context.Context) error{fails(0)}
		r.press("b1")
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := r.ticket("A001"); got.State != queue.Cancelled || got.Why != "not-printed" {
			t.Errorf("A001 is %s (%s)", got.State, got.Why)
		}
		if a, b := len(r.printer.printed()), len(r.spare.printed()); a != 1 || b != 1 {
			t.Errorf("sent %d times to the one and %d times to the other", a, b)
		}
	})
}

// A slip of which nobody knows goes nowhere by itself. A person prints it again,
// marked, where they like.
func TestAnUnknownSlipMovesOnlyByAPerson(t *testing.T) {
	withSpare(t, func(t *testing.T, r rig) {
		r.printer.script = []func(context.Context) error{lost}
		r.press("b1")
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := r.ticket("A001"); got.Paper != queue.PaperUnknown || len(r.spare.printed()) != 0 {
			t.Fatalf("the paper is %s, the spare printer got %d slips", got.Paper, len(r.spare.printed()))
		}
		again := queue.Reprint{By: queue.Cause{Kind: queue.ByReception}, Ticket: r.ticket("A001").ID, Job: 1, Outlet: "banco"}
		if _, _, err := r.office.Do(t.Context(), again); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if slips := r.spare.printed(); len(slips) != 1 || slips[0].Mark != "RISTAMPA" {
			t.Errorf("the reprint is %+v", slips)
		}
	})
}

func TestALateWordIsHeard(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		r.printer.script = []func(context.Context) error{lost, lost}
		r.press("b1")
		r.press("b2")
		time.Sleep(3 * time.Second)
		synctest.Wait()
		slips := r.printer.printed()
		again := queue.Reprint{By: queue.Cause{Kind: queue.ByReception}, Ticket: r.ticket("C500").ID, Job: 1}
		if _, _, err := r.office.Do(t.Context(), again); err != nil {
			t.Fatal(err)
		}
		for _, slip := range append(slips, device.Slip{}, device.Slip{Job: "A001"}, device.Slip{Job: "1/x"}) {
			r.late.Confirm(slip, device.Receipt{Rung: device.RungProcessID})
		}
		synctest.Wait()
		if got := r.ticket("A001").Paper; got != queue.PaperPrinted {
			t.Errorf("the paper that was confirmed late is %s", got)
		}
		if got := r.ticket("C500").Paper; got != queue.PaperRequested {
			t.Errorf("the word about an old job made the paper of the new one %s", got)
		}
	})
}

// TestAnOutletWithoutAPrinterSaysSo: a slip for a printer that is not on this
// box would wait for ever.
func TestAnOutletWithoutAPrinterSaysSo(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		state, _ := r.office.Watch()
		if _, now, _ := state.Outlet("banco"); now.Gives != queue.Unable || words.In("").Fault(now.Why) == words.In("").Fault("of another program") {
			t.Errorf("the outlet without a printer is %+v", now)
		}
		here := queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "cie", Outlet: "banco"}
		if _, _, err := r.office.Do(t.Context(), here); !errors.Is(err, queue.ErrNoPaper) {
			t.Errorf("a ticket there: %v", err)
		}
		// Somebody says that it works after all, and a ticket slips through.
		time.Sleep(6 * time.Second)
		for _, c := range []queue.Command{queue.ReportOutlet{Outlet: "banco", Gives: queue.Able}, here} {
			if _, _, err := r.office.Do(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(6 * time.Second)
		synctest.Wait()
		if got := r.ticket("C500"); got.Paper != queue.PaperFailed || got.PaperWhy != whyNotWired || got.State != queue.Cancelled {
			t.Errorf("the paper is %s (%s), the ticket %s", got.Paper, got.PaperWhy, got.State)
		}
		state, _ = r.office.Watch()
		if _, now, _ := state.Outlet("banco"); now.Gives != queue.Unable {
			t.Errorf("the outlet is %+v again", now)
		}
		events := len(r.office.kinds(""))
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(r.office.kinds("")); n != events {
			t.Errorf("%d events in an idle minute", n-events)
		}
	})
}

func TestLateWordsNeverBlockADriver(t *testing.T) {
	late := NewLate()
	for range 2 * lateMost {
		late.Confirm(device.Slip{Job: "1000001/1"}, device.Receipt{})
	}
	if n := len(late.confirmed); n != lateMost {
		t.Errorf("%d words are kept, want %d", n, lateMost)
	}
}
