package escpos

import (
	"fmt"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/keep"
)

// stepQuestions keeps the real-time status fresh: one question at a time, since
// the answers do not say which question they belong to.
func (s *session) stepQuestions(now time.Time) {
	if s.speaking() {
		return
	}
	if s.asked != 0 {
		if !s.after(now, s.replyBy) {
			return
		}
		s.missed(now)
		if s.err != nil {
			return
		}
	}
	if len(s.cycle) == 0 {
		if s.mustNotAsk() || !s.after(now, s.pollAt) {
			return
		}
		s.cycle = s.questions(now)
		s.cycleBegan = now
	}
	s.asked, s.replyBy = s.cycle[0], now.Add(s.p.patience(replyWithin, replyLeast))
	if s.atRest() {
		// When the next one is due is soon enough, and needs no timer of its own.
		s.replyBy = later(s.replyBy, s.beat(now))
	}
	s.cycle = s.cycle[1:]
	s.send(commandAsk(s.asked))
	s.due(s.replyBy)
}

// atRest reports whether nothing waits for an answer but the status itself.
func (s *session) atRest() bool {
	return s.job == nil && s.errand == nil && s.rung != "" && s.misses == 0 && !s.health.stopped()
}

// beat is the next instant for a question at rest.
func (s *session) beat(now time.Time) time.Time {
	return now.Add(keep.UntilBeat(now, s.p.pace(pollIdle, pollLeast)))
}

// mustNotAsk: an answer with loose bits looks like the answer to GS r, so the
// two must not be awaited together.
func (s *session) mustNotAsk() bool {
	return s.dec.Loose &&
		(s.job != nil && s.job.rung == device.RungExecuted || s.probe.waiting && s.probe.rung == device.RungExecuted)
}

// questions chooses what to ask. A printer that reports changes by itself is
// asked only whether it is on line, which covers every reason to stop and keeps
// an idle box asleep; all questions are asked when it is not, and now and then.
func (s *session) questions(now time.Time) []byte {
	relaxed := s.asbSeen && s.health.complete() && !s.health.stopped() && s.job == nil &&
		!s.profile().FullStatus && now.Sub(s.fullAt) < s.p.pace(fullEvery, time.Second)
	s.cycleFull = !relaxed
	if relaxed {
		return []byte{askPrinter}
	}
	all := []byte{askPrinter, askOffline, askError, askPaper}
	if s.profile().FullStatus {
		all = append(all, askFull)
	}
	return all
}

// asksWhy reports whether the printer is off line and the answers that say why
// are still to come: what is shown waits for them.
func (s *session) asksWhy() bool {
	asking := s.asked != 0 || len(s.cycle) > 0 || s.fullAt.IsZero()
	return s.health.complete() && s.health.unexplained() && asking && !s.held
}

func (s *session) profile() *profile.Profile { return &s.p.profile }

// answered notes that the question under way has its answer.
func (s *session) answered(now time.Time) {
	s.asked, s.misses = 0, 0
	s.dec.Await(false, false)
	if len(s.cycle) > 0 {
		return
	}
	if !s.cycleFull && s.health.offline {
		// It stopped and did not say why: ask everything at once.
		s.pollAt = now
		s.fullAt = time.Time{}
		return
	}
	s.freshAt = now
	if s.cycleFull {
		s.fullAt = now
		s.probe.status(s.cycleBegan)
	}
	switch {
	case s.job != nil || s.probe.waiting || s.health.stopped() && !s.asbSeen:
		s.pollAt = now.Add(s.p.pace(pollFlight, pollLeast))
	default:
		s.pollAt = s.beat(now)
	}
	if s.job != nil {
		s.cleanAfter(now)
	}
}

// missed notes that a question had no answer in time.
func (s *session) missed(now time.Time) {
	s.asked = 0
	s.cycle = nil
	s.dec.Await(false, false)
	// An answer that is merely late must not pass for the next question's.
	s.pollAt = now.Add(s.p.pace(replyWithin, replyLeast))
	if s.errand != nil {
		return // busy with its memory
	}
	if s.asbSeen && s.health.stopped() {
		// With the switch "busy when off line" the printer's flow control
		// keeps our questions in the port while it is stopped. It told us why
		// by itself and will tell us when it is over.
		s.held = true
		s.pollAt = now.Add(s.p.pace(pollHeld, time.Second))
		return
	}
	if s.job != nil {
		s.job.silent = true
		if s.job.rung == device.RungClean {
			s.finish(now, errFellSilent)
		}
	}
	// A probe that fell into the silence says nothing of what it asked for.
	s.probe.waiting, s.probe.found = false, false
	s.misses++
	if s.misses < missesAllowed {
		return
	}
	if !s.spoke && s.garbage > 0 {
		s.err = fmt.Errorf("asking status: %w", ErrMisread)
		return
	}
	s.err = fmt.Errorf("asking status: %w; check that it is switched on, and its cable and speed", device.ErrSilent)
}
