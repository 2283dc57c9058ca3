package queue

import "fmt"

// watchClock writes down that the clock was synchronised or jumped since the
// last event. Between two boots nobody knows whether it jumped; a person's
// correction is not for a clock that is synchronised now.
func (d *decision) watchClock() {
	was := d.s.now
	if d.s.office == nil || was.IsZero() {
		return
	}
	if was.Boot != d.now.Boot {
		if d.now.Synced && !was.Synced && d.s.correction != 0 {
			d.emitBy(automatic, ClockSynced{})
		}
		return
	}
	step := (d.now.Wall - was.Wall) - (d.now.Mono - was.Mono)
	switch {
	case d.now.Synced && !was.Synced:
		// A person's correction was for the clock as it was.
		d.emitBy(automatic, ClockSynced{StepMs: step})
	case step >= stepMs || step <= -stepMs:
		d.emitBy(automatic, ClockStepped{StepMs: step})
	}
}

func (c SetClock) decide(d *decision) error {
	if c.CorrectionMs == d.s.correction && d.s.ClockSure(d.now) {
		return nil
	}
	if at := d.now.Wall + c.CorrectionMs; at < 0 || at > latestOfficeTime {
		return fmt.Errorf("%w: a correction of %d ms", ErrBadCommand, c.CorrectionMs)
	}
	d.emit(ClockSet{CorrectionMs: c.CorrectionMs})
	return nil
}

// dayTime is office time for what a day does by itself: it moves with the time
// that went by, so that a step of the clock alone ends nothing.
func (s *State) dayTime(now Now) int64 { return s.lineTime(now) + s.lead }

// dayOver tells whether the business day has ended, by the clock and by the
// time that went by.
func (s *State) dayOver(now Now) bool {
	if s.ClockDoubtful(now) {
		quiet, _ := s.Elapsed(s.now, now)
		return now.Boot == s.now.Boot && quiet >= quietMs && s.dayTime(now) >= s.plan.Ends
	}
	return s.OfficeTime(now) >= s.plan.Ends && (s.totals.Open() == 0 || s.dayTime(now) >= s.plan.Ends)
}

// dayEndsIn is how long until dayOver, should nothing happen.
func (s *State) dayEndsIn(now Now) int64 {
	if s.ClockDoubtful(now) {
		if now.Boot != s.now.Boot {
			return quietMs
		}
		quiet, _ := s.Elapsed(s.now, now)
		return max(s.plan.Ends-s.dayTime(now), quietMs-quiet)
	}
	due := s.plan.Ends - s.OfficeTime(now)
	if s.totals.Open() > 0 {
		due = max(due, s.plan.Ends-s.dayTime(now))
	}
	return due
}

// misdated tells whether the open day goes on under a date that is not today's,
// by a clock that can be trusted.
func (s *State) misdated(now Now) bool {
	if !s.day.Open || s.ClockDoubtful(now) {
		return false
	}
	if s.plan.Provisional {
		return true
	}
	office := s.OfficeTime(now)
	if office >= s.plan.Begins && office < s.plan.Ends {
		return false
	}
	apart := office - s.dayTime(now)
	return apart >= wrongDayMs || apart <= -wrongDayMs
}
