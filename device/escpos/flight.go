package escpos

import (
	"fmt"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
)

// mayStart reports whether a slip may go out now: nothing in flight, the rung
// known, and a clean status that is fresh, so that no question has to be asked
// first.
func (s *session) mayStart(now time.Time) bool {
	if s.mute() {
		return s.muteMayStart(now)
	}
	return s.job == nil && s.errand == nil && s.rung != "" && !s.identity.busy() && !s.mouthBars() &&
		s.health.complete() && !s.health.stopped() && s.fresh(now)
}

// fresh reports whether the status is young enough to begin a slip on: at most
// 2 s, and no answer under way that would say more.
func (s *session) fresh(now time.Time) bool {
	age := now.Sub(s.freshAt)
	return age < freshFor && (s.asked == 0 || age < freshFor/2)
}

// begin sends the slip. From the first byte of the number on, only the printer
// can say what became of it.
func (s *session) begin(j *job) {
	// It may have been handed over in the moment in which its time ran out.
	if err := j.late(time.Now()); err != nil {
		j.tell(outcome{err: err})
		return
	}
	model := *s.profile()
	if !s.mute() {
		model.Ack = []device.Rung{s.rung}
	}
	j.id, j.rung = s.p.newID(), s.rung
	t, err := encode(model, j.slip, j.id)
	if err != nil {
		j.tell(outcome{err: fmt.Errorf("printing slip: %w: %w", device.ErrNotPrinted, err)})
		return
	}
	j.bytes, j.dots = len(t.bytes), t.dots
	if j.rung == device.RungExecuted {
		s.owed++
	}
	j.firstByte = time.Now()
	n, err := s.write(t.bytes)
	sent := time.Now()
	s.job = j
	if err != nil {
		j.numberless = n <= t.numberAt
		s.err = err
		return
	}
	if s.mute() {
		s.restUntil = sent.Add(s.p.pace(settle(&model), 50*time.Millisecond))
		s.finish(sent, fmt.Errorf("%w: %w", device.ErrUnknownOutcome, device.ErrNoAnswerExpected))
		return
	}
	j.deadline = sent.Add(s.p.patience(ackWithin, ackLeast))
	if j.rung == device.RungClean {
		j.settled = sent.Add(s.p.pace(settle(&model), 50*time.Millisecond))
		j.deadline = j.deadline.Add(settle(&model))
	}
	// A printer with automatic status speaks when it stops; the others are
	// asked more often while they print.
	s.pollAt = earlier(s.pollAt, sent.Add(s.p.pace(pollFlight, pollLeast)))
}

func settle(p *profile.Profile) time.Duration { return time.Duration(p.SettleMs) * time.Millisecond }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// stepJob ends a job whose answer can no longer be expected.
func (s *session) stepJob(now time.Time) {
	j := s.job
	if j == nil {
		return
	}
	switch {
	case !s.health.stopped():
		j.stopped = time.Time{}
	case j.stopped.IsZero():
		j.stopped = now
	}
	if !j.stopped.IsZero() {
		// A cover may be closed again at once: the answer then still comes.
		if s.after(now, j.stopped.Add(s.p.pace(stoppedGrace, 300*time.Millisecond))) {
			s.finish(now, fmt.Errorf("%w: it stopped before it confirmed: %w", device.ErrUnknownOutcome, s.health.reason()))
			return
		}
	}
	if s.after(now, j.deadline) {
		s.finish(now, fmt.Errorf("%w: no confirmation in time: %w", device.ErrUnknownOutcome, device.ErrSilent))
		return
	}
	if j.rung == device.RungClean && s.asked == 0 && !s.cycleBegan.After(j.settled) && s.after(now, j.settled) {
		s.pollAt = now
		s.due(now)
	}
}

// cleanAfter earns rung clean: a whole status that was begun after the slowest
// ticket would be out, and that shows nothing wrong and nothing moving.
func (s *session) cleanAfter(now time.Time) {
	j := s.job
	if j.rung != device.RungClean || !s.cycleFull || s.cycleBegan.Before(j.settled) || s.health.stopped() {
		return
	}
	if s.profile().FullStatus && (s.health.spooling || s.health.motor) {
		return
	}
	s.finish(now, nil)
}

func (j *job) receipt(now time.Time) device.Receipt {
	return device.Receipt{Rung: j.rung, Bytes: j.bytes, Took: now.Sub(j.firstByte)}
}

// errFellSilent: a question asked under a ticket had no answer. The printer may
// have been switched off and on, and have lost the ticket's beginning: that it
// executed the end, or is clean afterwards, proves nothing then.
var errFellSilent = fmt.Errorf("%w: it fell silent under the ticket: %w", device.ErrUnknownOutcome, device.ErrSilent)

// finish gives the job under way its outcome. err nil means printed.
func (s *session) finish(now time.Time, err error) {
	j := s.job
	if err == nil && j.silent {
		err = errFellSilent
	}
	s.job = nil
	if !j.numberless {
		s.p.tally.moved(j.dots)
	}
	if err == nil {
		s.mouthSince = time.Time{} // another ticket hangs there now
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
		s.rung = ""
		s.probe = probe{repeated: true}
	}
	j.tell(outcome{err: fmt.Errorf("printing slip: %w", err)})
}
