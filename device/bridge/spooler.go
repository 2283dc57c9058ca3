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
	"eliminacode/queue/words"
)

const (
	// startWithinMs is how long after it was asked for a slip may begin. An
	// older one is never printed: its citizen was told otherwise, or has left.
	startWithinMs = 10_000
	// printMost bounds one slip, a slow line included, in the office's time.
	printMost = 40_000
	// leastReal is what the two limits above really are at least where the
	// settings name no patience.
	leastReal = 2 * time.Second
)

// A spooler turns an outlet's requested papers into slips, oldest first and
// one at a time, and reports what became of each.
type spooler struct {
	*Bridge
	outlet  queue.OutletID
	printer device.Printer
}

func (s *spooler) run(ctx context.Context) {
	for {
		state, newer := s.cfg.Engine.Watch()
		if t := s.oldest(state); t != nil {
			if !s.report(ctx, s.print(state, t)) {
				return
			}
			continue
		}
		select {
		case <-newer:
		case <-ctx.Done():
			return
		}
	}
}

// really is how long a limit of the office's clock really is.
func (b *Bridge) really(ms int64, outlet queue.OutletID) time.Duration {
	return max(b.cfg.Real(ms), b.cfg.Patience(outlet), leastReal)
}

// oldest is the ticket of the outlet whose paper was asked for first.
func (s *spooler) oldest(state *queue.State) (oldest *queue.Ticket) {
	for t := range state.UnsettledPapers() {
		if t.Paper == queue.PaperRequested && t.Outlet == s.outlet {
			return t
		}
	}
	return nil
}

// print sends one slip and says what became of it. It has its own time limit,
// since a slip under way is not given up when the program stops.
func (s *spooler) print(state *queue.State, t *queue.Ticket) queue.ReportPaper {
	outcome := queue.ReportPaper{Ticket: t.ID, Job: t.Job}
	waited, _ := state.Elapsed(t.PaperAt, s.cfg.Engine.Now())
	start := s.really(startWithinMs, s.outlet) - s.cfg.Real(waited)
	if start <= 0 {
		outcome.Paper, outcome.Why = queue.PaperFailed, "late"
		return outcome
	}
	slip := s.slip(state, t)
	slip.Job = jobName(t)
	slip.StartBy = time.Now().Add(start)
	ctx, cancel := context.WithTimeout(context.Background(), s.really(printMost, s.outlet))
	defer cancel()
	receipt, err := s.printer.Print(ctx, slip)
	for errors.Is(err, device.ErrSlipTooLong) && shorten(&slip) {
		s.cfg.Log.Warn("a slip is too long and loses a line; shorten the office's texts", "ticket", t.Number.Text, "err", err)
		receipt, err = s.printer.Print(ctx, slip)
	}
	switch {
	case err == nil:
		outcome.Paper, outcome.Rung = queue.PaperPrinted, string(receipt.Rung)
	case errors.Is(err, device.ErrNotPrinted):
		outcome.Paper, outcome.Why = queue.PaperFailed, why(err)
	default:
		outcome.Paper, outcome.Why = queue.PaperUnknown, why(err)
	}
	if err != nil {
		s.cfg.Log.Warn("a slip was not printed", "ticket", t.Number.Text, "outlet", s.outlet, "paper", outcome.Paper, "err", err)
	}
	return outcome
}

// shorten drops what a citizen misses least: the last note, then the code,
// then the last fact. It says false when only the number is left.
func shorten(slip *device.Slip) bool {
	switch {
	case len(slip.Notes) > 0:
		slip.Notes = slip.Notes[:len(slip.Notes)-1]
	case slip.QR != "":
		slip.QR = ""
	case len(slip.Facts) > 0:
		slip.Facts = slip.Facts[:len(slip.Facts)-1]
	default:
		return false
	}
	return true
}

// codes are the errors of a printer as the journal knows them, the most telling
// first.
var codes = []struct {
	is   error
	code string
}{
	{device.ErrNoAnswerExpected, queue.WhyUnconfirmed},
	{device.ErrPaperOut, string(device.FaultPaperOut)},
	{device.ErrSlipTooLong, "too-long"},
	{device.ErrSilent, string(device.FaultSilent)},
	{device.ErrLost, string(device.FaultUnplugged)},
	{device.ErrStopped, "stopped"},
	{device.ErrLate, "late"},
}

// why is an error of a printer as a code for the journal.
func why(err error) string {
	for _, known := range codes {
		if errors.Is(err, known.is) {
			return known.code
		}
	}
	return "unknown"
}

// outletAgain is when the office is told again of an outlet what it would not
// hear, having been told something else a moment ago.
const outletAgain = time.Second

// watchOutlet tells the office whether the outlet can give numbers: whenever the
// printer or the office says something new.
func (b *Bridge) watchOutlet(ctx context.Context, outlet queue.OutletID, p device.Printer) {
	failed := false // and said so
	for {
		status, other := p.Watch()
		state, newer := b.cfg.Engine.Watch()
		gives, why := ability(status)
		var again <-chan time.Time
		if _, now, ok := state.Outlet(outlet); ok && (now.Gives != gives || now.Why != why) {
			bounded, cancel := context.WithTimeout(ctx, commandMost)
			_, _, err := b.cfg.Engine.Do(bounded, queue.ReportOutlet{Outlet: outlet, Gives: gives, Why: why})
			cancel()
			if err != nil {
				newer, again = nil, time.After(max(20*time.Millisecond, b.cfg.Real(outletAgain.Milliseconds())))
			}
			fails := err != nil && !errors.Is(err, queue.ErrTooSoon) && ctx.Err() == nil
			if fails && !failed {
				b.cfg.Log.Warn("an outlet's state cannot be recorded", "outlet", outlet, "err", fmt.Errorf("reporting %s: %w", gives, err))
			}
			failed = fails
		}
		select {
		case <-other:
		case <-newer:
		case <-again:
		case <-ctx.Done():
			return
		}
	}
}

// ability is a printer's health as the office understands it.
func ability(s device.Status) (queue.Ability, string) {
	why := ""
	if len(s.Faults) > 0 {
		why = string(s.Faults[0])
	}
	switch s.State {
	case device.StateReady, device.StateDegraded:
		return queue.Able, why
	case device.StateStopped, device.StateLost:
		return queue.Unable, why
	default:
		return queue.AbleUnknown, why
	}
}

// slip is a ticket as words on paper, made from what is on disk alone.
func (b *Bridge) slip(state *queue.State, t *queue.Ticket) device.Slip {
	service, _ := state.Service(t.Service)
	address := ""
	if b.cfg.Status != "" && t.Token != "" {
		address = b.cfg.Status + t.Token
	}
	var then []queue.Service
	for _, id := range state.Planned(t) {
		x, _ := state.Service(id)
		then = append(then, x)
	}
	return Paper(words.Slip(state.Setup(), service, *t, b.cfg.Local(state.TimeOf(t.Issued)), address, then...))
}

// Paper is a text as a printer takes it.
func Paper(text words.SlipText) device.Slip {
	return device.Slip{
		Logo: text.Logo, Header: text.Header, Date: text.Date, Service: text.Service,
		Caption: text.Caption, Number: text.Number, Mark: text.Mark,
		Facts: text.Facts, QR: text.QR, Notes: text.Notes,
	}
}

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
