package main

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"eliminacode/device/clock"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/journal"
	officefile "eliminacode/queue/office"
)

// boot runs an office on the journal of a folder, as after each start of the
// box, and stops it as a power cut does: what is on disk is all that is left.
func boot(t *testing.T, dir, name string, at time.Time, live func(do func(queue.Command) *queue.State, look func() view.Look)) {
	t.Helper()
	j, err := journal.Open(dir, journal.Options{Product: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	a := &app{clock: clock.NewFast(name, at, 1), log: slog.New(slog.DiscardHandler)}
	today, err := queue.FoldSeq(j.Today())
	if err != nil {
		t.Fatal(err)
	}
	e := a.engine(j, today)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	<-e.Ready()
	live(func(c queue.Command) *queue.State {
		t.Helper()
		s, _, err := e.Do(t.Context(), c)
		if err != nil {
			t.Fatalf("%T: %v", c, err)
		}
		return s
	}, func() view.Look {
		s, _ := e.Watch()
		return view.Look{State: s, Now: e.Now(), Zone: time.UTC}
	})
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// TestARestartLeavesPapersInDoubt: what was on its way to paper when the box
// went off, at its own printer or at the spare one, is unknown afterwards. It is
// shown to the reception and can be called, and nothing prints or voids it.
func TestARestartLeavesPapersInDoubt(t *testing.T) {
	dir, at := t.TempDir(), time.Date(2026, time.November, 24, 9, 0, 0, 0, time.UTC)
	button := func(device string) queue.IssueTicket {
		return queue.IssueTicket{By: queue.Cause{Kind: queue.ByButton, Device: device}, Service: "cie", Outlet: "pulsantiera"}
	}
	var moved, asked, done *queue.Ticket
	boot(t, dir, "boot-1", at, func(do func(queue.Command) *queue.State, look func() view.Look) {
		do(queue.ChangeSetup{By: queue.Cause{Kind: queue.ByTechnician}, Setup: officefile.Reference()})
		do(queue.Tick{})
		for _, o := range []queue.OutletID{"pulsantiera", "accoglienza"} {
			do(queue.ReportOutlet{Outlet: o, Gives: queue.Able})
		}
		moved = do(button("1")).LatestByNumber("C001")
		moved = do(queue.ReportPaper{Ticket: moved.ID, Job: 1, Paper: queue.PaperFailed, Why: "paper-out"}).Ticket(moved.ID)
		asked = do(button("2")).LatestByNumber("C002")
		done = do(button("3")).LatestByNumber("C003")
		do(queue.ReportPaper{Ticket: done.ID, Job: 1, Paper: queue.PaperPrinted, Rung: "process-id"})
		if moved.Outlet != "accoglienza" || moved.Paper != queue.PaperRequested {
			t.Fatalf("the slip that failed is %s at %s", moved.Paper, moved.Outlet)
		}
	})
	boot(t, dir, "boot-2", at.Add(3*time.Minute), func(do func(queue.Command) *queue.State, look func() view.Look) {
		page := look().Reception("")
		var shown []string
		for _, row := range page.Doubtful {
			shown = append(shown, row.Number)
		}
		if !slices.Equal(shown, []string{"C001", "C002"}) {
			t.Errorf("the reception is shown %v", shown)
		}
		for _, t1 := range []*queue.Ticket{moved, asked} {
			now := look().State.Ticket(t1.ID)
			if now.Paper != queue.PaperUnknown || now.PaperWhy != "restart" || now.State != queue.Waiting || now.Job != t1.Job {
				t.Errorf("%s is %s (%s), %s, job %d", now.Number.Text, now.Paper, now.PaperWhy, now.State, now.Job)
			}
		}
		// A printer that comes back gets nothing by itself, and a word about a
		// job of the time before the cut, other than that it is printed, is
		// no word.
		do(queue.ReportOutlet{Outlet: "accoglienza", Gives: queue.Able})
		do(queue.ReportPaper{Ticket: asked.ID, Job: asked.Job, Paper: queue.PaperFailed, Why: "paper-out"})
		state := do(queue.Tick{})
		for x := range state.UnsettledPapers() {
			if x.Paper != queue.PaperUnknown {
				t.Errorf("%s is %s by itself", x.Number.Text, x.Paper)
			}
		}
		by := queue.Cause{Kind: queue.ByConsole, Device: "s13"}
		do(queue.OpenDesk{By: by, Desk: "s13"})
		if state = do(queue.CallNext{By: by, Desk: "s13"}); state.Ticket(moved.ID).State != queue.Called {
			t.Errorf("the first in the queue is %s", state.Ticket(moved.ID).State)
		}
		again := do(queue.Reprint{By: queue.Cause{Kind: queue.ByReception}, Ticket: asked.ID, Job: asked.Job, Outlet: "accoglienza"}).Ticket(asked.ID)
		if !again.Reprinted || again.Outlet != "accoglienza" || again.Paper != queue.PaperRequested {
			t.Errorf("printed again it is %+v", again)
		}
	})
}
