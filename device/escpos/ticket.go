package escpos

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
)

// A job is one slip on its way.
type job struct {
	slip  device.Slip
	by    time.Time    // when its first byte must be on its way at the latest
	done  chan outcome // holds one
	id    ID
	rung  device.Rung
	bytes int
	dots  int
	state atomic.Int32 // who was first: Run with the outcome, or the end of ctx

	firstByte  time.Time
	numberless bool // the write failed before any byte of the number left
}

// The states of a job.
const (
	jobOpen = iota
	jobTold // its outcome is in done
	jobLeft // Print has returned without one
)

type outcome struct {
	receipt device.Receipt
	err     error
}

// tell hands the outcome to Print and reports whether it still waits for it.
func (j *job) tell(o outcome) bool {
	if !j.state.CompareAndSwap(jobOpen, jobTold) {
		return false
	}
	j.done <- o
	return true
}

// late is the outcome of a job that did not begin in time, nil before that.
func (j *job) late(now time.Time) error {
	if now.Before(j.by) {
		return nil
	}
	return fmt.Errorf("printing slip: %w: %w", device.ErrNotPrinted, device.ErrLate)
}

func (j *job) receipt(now time.Time) device.Receipt {
	return device.Receipt{Rung: j.rung, Bytes: j.bytes, Took: now.Sub(j.firstByte)}
}

// A flight is what the printer is at work on: a ticket or an errand, never both.
//
// Invariants: while job is not nil its answer is awaited until deadline, and
// stopped is since when the printer says that it cannot go on; silent says that
// a question under it had no answer; confirmed that its answer has come, while a
// question's has not.
type flight struct {
	p        *Printer
	job      *job
	errand   *errand
	deadline time.Time
	settled  time.Time // rung clean: when a clean status begins to count
	stopped  time.Time
	silent   bool

	confirmed bool

	rest time.Time // raw: when the next ticket may go
}

// idle reports whether it is at work on nothing.
func (f *flight) idle() bool { return f.job == nil && f.errand == nil }

// awaits reports whether a ticket is confirmed by this rung.
func (f *flight) awaits(rung device.Rung) bool { return f.job != nil && f.job.rung == rung }

// speaking reports whether a command is only half out, so that nothing else may
// be sent.
func (f *flight) speaking() bool { return f.errand != nil && len(f.errand.rest) > 0 }

// board takes a ticket that was sent.
func (f *flight) board(j *job, sent time.Time) {
	slowest := settle(&f.p.profile)
	*f = flight{p: f.p, job: j, deadline: sent.Add(f.p.patience(ackWithin, ackLeast))}
	f.rest = sent.Add(f.p.pace(slowest, 50*time.Millisecond))
	if j.rung == device.RungClean {
		f.settled = f.rest
		f.deadline = f.deadline.Add(slowest)
	}
}

// step is the outcome of a ticket whose answer can no longer be expected, nil
// before that.
func (f *flight) step(now time.Time, said *signs) error {
	if f.job == nil {
		return nil
	}
	switch {
	case !said.stopped():
		f.stopped = time.Time{}
	case f.stopped.IsZero():
		f.stopped = now
	case !now.Before(f.graceUntil()):
		return fmt.Errorf("%w: it stopped before it confirmed: %w", device.ErrUnknownOutcome, said.reason())
	}
	if !now.Before(f.deadline) {
		return fmt.Errorf("%w: no confirmation in time: %w", device.ErrUnknownOutcome, device.ErrSilent)
	}
	return nil
}

// graceUntil: a cover may be closed again at once, and the answer then still
// comes.
func (f *flight) graceUntil() time.Time {
	return f.stopped.Add(f.p.pace(stoppedGrace, 300*time.Millisecond))
}

// due is when the next step is, zero when nothing is under way.
func (f *flight) due() time.Time {
	switch {
	case f.errand != nil:
		return f.errand.due()
	case f.job == nil, f.confirmed:
		return time.Time{}
	case !f.stopped.IsZero():
		return first(f.deadline, f.graceUntil())
	default:
		return f.deadline
	}
}

// errFellSilent: a question asked under a ticket had no answer. The printer may
// have been switched off and on, and have lost the ticket's beginning: that it
// executed the end, or is clean afterwards, proves nothing then.
var errFellSilent = fmt.Errorf("%w: it fell silent under the ticket: %w", device.ErrUnknownOutcome, device.ErrSilent)

func settle(p *profile.Profile) time.Duration { return time.Duration(p.SettleMs) * time.Millisecond }

// first is the earliest of instants, of which zero ones do not count.
func first(instants ...time.Time) (earliest time.Time) {
	for _, t := range instants {
		if earliest.IsZero() || !t.IsZero() && t.Before(earliest) {
			earliest = t
		}
	}
	return earliest
}

// mayStart reports whether a slip may go out now: nothing in flight, the rung
// known, and a clean status that is fresh, so that no question has to be asked
// first. Of a printer that never answers only time says that its buffer is empty.
func (s *session) mayStart(now time.Time) bool {
	if s.mute() {
		return !now.Before(s.flight.rest)
	}
	return s.quiet() && !s.mouthBars() && s.inquiry.fresh(now)
}

// begin sends the slip. From the first byte of the number on, only the printer
// can say what became of it.
func (s *session) begin(j *job) {
	// It may have been handed over in the moment in which its time ran out.
	if err := j.late(time.Now()); err != nil {
		j.tell(outcome{err: err})
		return
	}
	model := s.p.profile
	if !s.mute() {
		model.Ack = []device.Rung{s.probe.rung}
	}
	j.id, j.rung = s.p.newID(), s.probe.rung
	t, err := encode(model, j.slip, j.id)
	if err != nil {
		j.tell(outcome{err: fmt.Errorf("printing slip: %w: %w", device.ErrNotPrinted, err)})
		return
	}
	j.bytes, j.dots = len(t.bytes), t.dots
	if j.rung == device.RungExecuted {
		s.probe.owed++
	}
	j.firstByte = time.Now()
	n, err := s.write(t.bytes)
	sent := time.Now()
	s.flight.board(j, sent)
	switch {
	case err != nil:
		j.numberless = n <= t.numberAt
		s.err = err
	case s.mute():
		s.finish(sent, fmt.Errorf("%w: %w", device.ErrUnknownOutcome, device.ErrNoAnswerExpected))
	default:
		// A printer with automatic status speaks when it stops; the others are
		// asked more often while they print.
		s.inquiry.soon(sent.Add(s.p.pace(pollFlight, pollLeast)))
	}
}

// confirm takes the answer that a ticket was waiting for. A question that is still
// unanswered is waited for: was it lost, so may the ticket's beginning be, since the
// printer may have been without power in between.
func (s *session) confirm(now time.Time) {
	if s.flight.confirmed = s.inquiry.asked != 0; !s.flight.confirmed {
		s.finish(now, nil)
	}
}

// finish gives the job under way its outcome. err nil means printed.
func (s *session) finish(now time.Time, err error) {
	j := s.flight.job
	if err == nil && s.flight.silent {
		err = errFellSilent
	}
	s.flight.job, s.flight.confirmed = nil, false
	if !j.numberless {
		s.p.moved(j.dots, false)
	}
	if err == nil {
		s.mouth = mouth{} // another ticket hangs there now
		if !j.tell(outcome{receipt: j.receipt(now)}) {
			s.p.confirmedLate(j, now)
		}
		return
	}
	if isUnknown(err) && !s.mute() {
		s.p.cfg.Log.Warn("ticket not confirmed", "device", s.p.cfg.Name, "err", err)
		s.p.giveUp(j)
		// Switched off and on, it has lost the end of the ticket and holds its
		// paper: the next number would hang on the same piece.
		s.p.torn = j.bytes
		// Its answer may still come: find the printer's end of the buffer
		// before the next ticket.
		s.probe.again(0)
	}
	j.tell(outcome{err: fmt.Errorf("printing slip: %w", err)})
}

// stepJob ends a ticket whose answer can no longer be expected.
func (s *session) stepJob(now time.Time) {
	if s.flight.confirmed {
		if s.inquiry.asked == 0 {
			s.finish(now, nil)
		}
		return
	}
	if err := s.flight.step(now, &s.inquiry.signs); err != nil {
		s.finish(now, err)
		return
	}
	if s.flight.awaits(device.RungClean) && s.inquiry.asked == 0 && s.inquiry.began.Before(s.flight.settled) {
		s.inquiry.soon(s.flight.settled)
	}
}

// abandon gives the job under way its outcome when the line ends.
func (s *session) abandon(ctx context.Context, err error) {
	j := s.flight.job
	if j == nil {
		return
	}
	// Bytes that the kernel still held are gone, so the printer may wait in
	// the middle of a command.
	s.p.torn = j.bytes
	if j.numberless {
		s.finish(time.Now(), fmt.Errorf("%w: %w", device.ErrNotPrinted, err))
		return
	}
	reason := err
	if !errors.Is(err, device.ErrSilent) && !errors.Is(err, device.ErrLost) && ctx.Err() == nil {
		reason = fmt.Errorf("%w: %w", device.ErrLost, err)
	}
	s.finish(time.Now(), fmt.Errorf("%w: %w", device.ErrUnknownOutcome, reason))
}
