package bridge

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"eliminacode/device"
	"eliminacode/queue"
)

// retryPause is the pause before an outcome that the office could not record is
// reported again.
const retryPause = 250 * time.Millisecond

// report hands the outcome to the office until it is on disk. It gives up when
// the program stops: the next start finds the paper asked for and not
// answered, and calls it unknown.
func (b *Bridge) report(ctx context.Context, outcome queue.ReportPaper) bool {
	for {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), commandMost)
		_, _, err := b.cfg.Engine.Do(bounded, outcome)
		cancel()
		if err == nil || errors.Is(err, queue.ErrUnknownTicket) || errors.Is(err, queue.ErrNoDay) {
			return true
		}
		b.cfg.Log.Error("what became of a slip cannot be recorded", "ticket", outcome.Ticket, "paper", outcome.Paper, "err", err)
		select {
		case <-ctx.Done():
			return false
		case <-time.After(retryPause):
		}
	}
}

// jobName is the name of a ticket's newest slip, by which a driver speaks of it.
func jobName(t *queue.Ticket) string { return fmt.Sprintf("%d/%d", t.ID, t.Job) }

// jobOf is the ticket and the job that a name stands for; ok is false for a
// slip of no ticket, such as a trial.
func jobOf(name string) (ticket queue.TicketID, job int, ok bool) {
	id, nth, _ := strings.Cut(name, "/")
	ticket, err := queue.ParseTicketID(id)
	if err != nil {
		return 0, 0, false
	}
	job, err = strconv.Atoi(nth)
	return ticket, job, err == nil
}

// Late is the way by which a driver says that a slip, given up as unknown, is on
// paper after all. It is made before the drivers and the bridge, and handed to
// both.
type Late struct{ confirmed chan queue.ReportPaper }

// lateMost bounds the slips confirmed late that the office has not heard of yet:
// more than printers hold.
const lateMost = 64

// NewLate is a way on which nothing goes yet.
func NewLate() *Late { return &Late{confirmed: make(chan queue.ReportPaper, lateMost)} }

// Confirm says that a slip is on paper. It may be called from any goroutine and
// never blocks: what is too much is dropped, and its ticket stays unknown, for a
// person to look at.
func (l *Late) Confirm(slip device.Slip, receipt device.Receipt) {
	ticket, job, ok := jobOf(slip.Job)
	if !ok {
		return
	}
	select {
	case l.confirmed <- queue.ReportPaper{Ticket: ticket, Job: job, Paper: queue.PaperPrinted, Rung: string(receipt.Rung)}:
	default:
	}
}

// hearLate tells the office of what is confirmed late, until ctx ends.
func (b *Bridge) hearLate(ctx context.Context) {
	for {
		select {
		case outcome := <-b.cfg.Late.confirmed:
			if !b.report(ctx, outcome) {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}
