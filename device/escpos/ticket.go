package escpos

import (
	"context"
	"errors"
	"fmt"
	"time"

	"eliminacode/device"
)

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

// finish gives the job under way its outcome. err nil means printed.
func (s *session) finish(now time.Time, err error) {
	j := s.flight.job
	if err == nil && s.flight.silent {
		err = errFellSilent
	}
	s.flight.job = nil
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
	if err := s.flight.step(now, &s.inquiry.health); err != nil {
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
