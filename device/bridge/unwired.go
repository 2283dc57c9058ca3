package bridge

import (
	"context"
	"errors"
	"time"

	"eliminacode/queue"
)

// whyNotWired is why an outlet cannot print that has no printer on this box.
const whyNotWired = "not-wired"

// unwiredAgain is when the office is told again what it would not hear, having
// been told something else a moment ago.
const unwiredAgain = 5 * time.Second

// watchUnwired answers for the outlets that should print and have no printer on
// this box, until ctx ends: they cannot, and a slip that was asked for there is
// not printed. Otherwise it would wait for ever, and nobody would be told.
func (b *Bridge) watchUnwired(ctx context.Context) {
	for {
		state, newer := b.cfg.Engine.Watch()
		var again <-chan time.Time
		if !b.disown(ctx, state) {
			again = time.After(unwiredAgain)
		}
		select {
		case <-newer:
		case <-again:
		case <-ctx.Done():
			return
		}
	}
}

// disown says false when the office has to be told again.
func (b *Bridge) disown(ctx context.Context, state *queue.State) bool {
	told := true
	for _, o := range state.Setup().Outlets {
		_, now, _ := state.Outlet(o.ID)
		if !o.Printer || b.cfg.Printers[o.ID] != nil || now.Gives == queue.Unable && now.Why == whyNotWired {
			continue
		}
		bounded, cancel := context.WithTimeout(ctx, commandMost)
		_, _, err := b.cfg.Engine.Do(bounded, queue.ReportOutlet{Outlet: o.ID, Gives: queue.Unable, Why: whyNotWired})
		cancel()
		if err == nil {
			b.cfg.Log.Warn("the office prints at an outlet that has no printer on this box; wire one, or take the printer from the office", "outlet", o.ID)
			continue
		}
		told = false
		if !errors.Is(err, queue.ErrTooSoon) && ctx.Err() == nil {
			b.cfg.Log.Warn("an outlet's state cannot be recorded", "outlet", o.ID, "err", err)
		}
	}
	var asked []queue.ReportPaper
	for t := range state.UnsettledPapers() {
		if t.Paper == queue.PaperRequested && b.cfg.Printers[t.Outlet] == nil {
			asked = append(asked, queue.ReportPaper{Ticket: t.ID, Job: t.Job, Paper: queue.PaperFailed, Why: whyNotWired})
		}
	}
	for _, outcome := range asked {
		told = b.report(ctx, outcome) && told
	}
	return told
}
