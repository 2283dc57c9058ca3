package queue

import "fmt"

const (
	// programYear is the beginning of 2026: this program is not older, so that
	// no clock that is right shows less.
	programYear = 1_767_225_600_000
	// latestOfficeTime is the end of the year 2199: a correction beyond it is a
	// slip of the hand.
	latestOfficeTime = 7_258_118_399_999
	// longestOffMs is how long a box may have been off by the word of a clock
	// that nobody vouches for: a year.
	longestOffMs = 366 * 24 * 3_600_000
	// stepMs is the least jump of the wall clock that is written down. What is
	// less is a clock being steered.
	stepMs = 5_000
	// wrongDayMs is how far the clock must disagree with the time that went by
	// before a day gets another date.
	wrongDayMs = 3_600_000
	// quietMs is how long nothing must have happened before a day ends by a
	// clock that is doubtful.
	quietMs = 4 * 3_600_000
)

// ClockDoubtful tells whether the clock is taken to be wrong: nobody vouches
// for it, and it shows a time before the last event, one before this program
// was made, or one more than a year on. It stays so until it is synchronised or
// a person sets it. Meanwhile every service is open, and nobody expires.
func (s *State) ClockDoubtful(now Now) bool {
	if now.Synced {
		return false
	}
	if !s.now.IsZero() && now.Boot == s.now.Boot {
		return s.doubtful
	}
	office := s.OfficeTime(now)
	if office < programYear || office > latestOfficeTime {
		return true
	}
	if s.now.IsZero() {
		return false
	}
	last := s.OfficeTime(s.now)
	return office < last || office > last+longestOffMs
}

// watchClock writes down that the clock was synchronised or jumped since the
// last event.
func (d *decision) watchClock() {
	was := d.s.now
	if d.s.office == nil || was.IsZero() || was.Boot != d.now.Boot {
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

func (d *decision) setClock(c SetClock) error {
	if c.CorrectionMs == d.s.correction && !d.s.ClockDoubtful(d.now) {
		return nil
	}
	if at := d.now.Wall + c.CorrectionMs; at < 0 || at > latestOfficeTime {
		return fmt.Errorf("%w: a correction of %d ms", ErrBadCommand, c.CorrectionMs)
	}
	d.emit(ClockSet{CorrectionMs: c.CorrectionMs})
	return nil
}

// A clockMend is the moment at which the clock of a boot became right.
type clockMend struct{ at Now }

// TimeOf is the office time of an instant of today, by what is known by now: an
// instant at which the clock was not yet right is counted back from the moment
// at which it became so.
func (s *State) TimeOf(at Now) int64 {
	for _, m := range s.mends {
		if m.at.Boot == at.Boot && at.Mono < m.at.Mono {
			return s.OfficeTime(m.at) - (m.at.Mono - at.Mono)
		}
	}
	return s.OfficeTime(at)
}

// dayTime is office time for what a day does by itself: it moves with the time
// that went by, so that a step of the clock alone ends nothing.
func (s *State) dayTime(now Now) int64 { return s.lineTime(now) + s.lead }

// dayOver tells whether the business day has ended, by the clock and by the
// time that went by.
func (s *State) dayOver(now Now) bool {
	if s.ClockDoubtful(now) {
		quiet, _ := now.Since(s.now)
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
		quiet, _ := now.Since(s.now)
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

// trustClock is called when the clock became right. What a day does by itself
// then goes by it, unless the day has the wrong date.
func (n *State) trustClock(at Now) {
	n.doubtful = false
	office := n.OfficeTime(at)
	if n.plan == nil || n.plan.Provisional || office < n.plan.Begins || office >= n.plan.Ends {
		return
	}
	n.day.Provisional = false
	n.lead = max(n.lead, office-n.line)
}
