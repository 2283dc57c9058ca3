package queue

import "fmt"

// EarliestTime is the beginning of 2026, in milliseconds since 1970 UTC: this program
// is not older, so that no clock that is right shows less.
const EarliestTime = 1_767_225_600_000

const (
	// latestOfficeTime is the end of the year 2199: a correction beyond it is a
	// slip of the hand.
	latestOfficeTime = 7_258_118_399_999
	// longestOffMs is how long a box may have been off by the word of a clock
	// that nobody vouches for: a year.
	longestOffMs = 366 * 24 * 3_600_000
	// stepMs is the least jump of the wall clock that is written down. What is
	// less is a clock being steered.
	stepMs = 5_000
	// stepBackMs is how far a clock that nobody vouches for may be set back
	// while the box runs, and still be believed.
	stepBackMs = 3_600_000
	// byHandMs is how far behind a clock may be that a person set, and still
	// end a doubt: who sets the minute leaves the seconds at zero.
	byHandMs = 60_000
	// wrongDayMs is how far the clock must disagree with the time that went by
	// before a day gets another date.
	wrongDayMs = 3_600_000
	// clockJumpMs is from how far on a person has to be sure to set a clock that is
	// believed: a mistake ends appointments, and the waits of whoever waits over an
	// hour at which all expire.
	clockJumpMs = 10 * 60_000
	// quietMs is how long nothing must have happened before a day ends by a
	// clock that is doubtful.
	quietMs = 4 * 3_600_000
)

// A bootClock is what is known about the time of one boot of the box, today.
type bootClock struct {
	first Now // its first event
	last  Now // its last event; zero for the present boot
	// known tells that its office time is known: counted from officeTime at anchor,
	// or after anchor, when read is set, as the wall clock shows it with
	// correction. Where it is not known, it is taken to be officeTime at its first
	// event, which is anchor.
	known      bool
	read       bool
	anchor     Now
	officeTime int64
	correction int64
	// vouched tells that the network or a person said what time it was.
	vouched bool
	// gone is the time from the first event of the day to its first event, as
	// far as it is known: what comes before the next boot whose time is known
	// may be more, by up to hidden.
	gone, hidden int64
}

func (b bootClock) timeOf(at Now) int64 {
	if b.read && at.Mono > b.anchor.Mono {
		return at.Wall + b.correction
	}
	return b.officeTime + at.Mono - b.anchor.Mono
}

// right is the boot when its wall clock is right from an instant of it on.
func (b bootClock) right(at Now, correction int64, vouched bool) bootClock {
	b.known, b.read, b.anchor, b.officeTime, b.correction = true, true, at, at.Wall+correction, correction
	b.vouched = vouched
	return b
}

// ClockDoubtful tells whether the clock is taken to be wrong: nobody vouches
// for it, and it shows a time before the last event, one before this program
// was made, or one more than a year on. It stays so until the clock is
// synchronised, a person sets it in the program, or its hands are moved past
// the last event. Meanwhile every service is open, and nobody expires.
func (s *State) ClockDoubtful(now Now) bool {
	if now.Synced {
		return false
	}
	reached := s.reached
	if !s.now.IsZero() && now.Boot == s.now.Boot {
		gone := now.Mono - s.now.Mono
		if step := now.Wall - s.now.Wall - gone; -stepMs < step && step < stepMs {
			return s.doubtful
		}
		if reached != 0 && s.doubtful {
			reached += gone - byHandMs
		} else if reached != 0 {
			reached += gone - stepBackMs
		}
	}
	officeTime := s.OfficeTime(now)
	if officeTime < EarliestTime || officeTime > latestOfficeTime {
		return true
	}
	return reached != 0 && (officeTime < reached || officeTime > reached+longestOffMs)
}

// ClockSure tells whether the time is known to be right: since the box was
// started, the network or a person has said so, or the clock has shown by going
// on over night that it has a battery, after it was known to be right before.
// A clock that is neither sure nor doubtful is believed; the staff are asked to
// look at it.
func (s *State) ClockSure(now Now) bool {
	switch {
	case now.Synced:
		return true
	case s.now.IsZero() || s.ClockDoubtful(now):
		return false
	case now.Boot == s.now.Boot:
		return s.sure
	default:
		return s.sure && s.plan != nil && s.OfficeTime(now) >= s.plan.Ends
	}
}

// clockAnew is for the first instant after a copy was put back. Whatever vouched for
// the clock does so no more: what was said of it since the copy was made is not in it.
// A correction is for the clock that the copy was made beside, which is known to be
// this one within one boot only; over a start it may be another box's.
func (n *draft) clockAnew(at Now) {
	if at.Boot != n.now.Boot {
		n.correction = 0
	}
	n.sure, n.vouched = false, ""
	if at.Synced {
		n.vouched = at.Boot
	}
}

// see moves the time of the state on to the instant of an event. The state is
// still that of the event before.
func (n *draft) see(at Now) {
	before, wasDoubtful := n.now, n.doubtful
	officeTime, steady := n.OfficeTime(at), n.steadyTime(at)
	if before.IsZero() {
		steady = officeTime
	}
	sameBoot := len(n.boots) > 0 && at.Boot == before.Boot
	n.sure, n.doubtful = n.ClockSure(at), n.ClockDoubtful(at)
	n.steady, n.now = steady, at
	switch {
	case !n.doubtful:
		n.reached = officeTime
	case sameBoot && n.reached != 0:
		n.reached += max(0, at.Mono-before.Mono)
	}
	switch {
	case !sameBoot:
		if at.Synced {
			n.vouched = at.Boot
		}
		n.beginBoot(at, before, officeTime-at.Wall)
	case n.doubtful && !wasDoubtful:
		// From here on the wall clock tells nothing about this boot.
		boots := grown(n.boots, len(n.boots))
		b := &boots[len(boots)-1]
		b.officeTime, b.anchor, b.read = b.timeOf(before), before, false
		n.boots = boots
	}
}

// beginBoot is the first event of a boot, or of a day.
func (n *draft) beginBoot(at, before Now, correction int64) {
	boots := grown(n.boots, len(n.boots)+1)
	last := len(boots) - 1
	if last > 0 {
		boots[last-1].last = before
	}
	boots[last] = bootClock{first: at, anchor: at, officeTime: at.Wall + correction}
	if !n.doubtful {
		boots[last] = boots[last].right(at, correction, n.sure)
	}
	n.boots = settled(boots)
}

// trustClock is called when the network or a person said what time it is. What
// a day does by itself then goes by it, back too, so that a slip put right is one;
// unless the day has the wrong date: a day that began in this boot, or that the clock
// was vouched for since the box was started. Where neither is so, what lies between is
// the time that the box was off, and it has gone by.
func (n *draft) trustClock(at Now) {
	started := n.vouched != at.Boot
	officeTime := n.OfficeTime(at)
	n.doubtful, n.sure, n.reached = false, true, officeTime
	if last := len(n.boots) - 1; last >= 0 {
		boots := grown(n.boots, len(n.boots))
		boots[last] = boots[last].right(at, n.correction, true)
		n.boots = settled(boots)
	}
	if n.plan == nil || n.plan.Provisional || !started && (officeTime < n.plan.Begins || officeTime >= n.plan.Ends) {
		return
	}
	if started {
		officeTime = max(officeTime, n.steady+n.lead)
	}
	was := n.lead
	n.lead = officeTime - n.steady
	if n.lead < was {
		n.expectAgain()
	}
}

// setClock is a person's correction. One of a clock that was known to be right
// is a slip put right, and holds for what was before it too.
func (n *draft) setClock(at Now) {
	sure, last := n.sure, len(n.boots)-1
	before := n.boots
	n.trustClock(at)
	if sure && last >= 0 {
		b := before[last]
		b.officeTime, b.correction = b.officeTime+n.correction-b.correction, n.correction
		n.boots = grown(before, len(before))
		n.boots[last] = b
		n.boots = settled(n.boots)
	}
	n.vouched = at.Boot
}

// stepClock is called when the hands of the clock were moved. After a start it
// is a person who does so, until the network takes over: such a clock is right
// as long as it shows what can be.
func (n *draft) stepClock(at Now) {
	if !n.sure && !n.doubtful {
		n.trustClock(at)
	}
}

// settled works out, in place, what the boots of a day tell about each other.
// None can have lasted until later than the next one began whose time somebody
// vouched for: a clock that says so was wrong. A boot whose time is not known is
// put where it must have been: right after the one before it whose time is
// known, or, where there is none, right before the one after it.
func settled(boots []bootClock) []bootClock {
	next, vouched := int64(0), false
	for i := len(boots) - 1; i >= 0; i-- {
		b := &boots[i]
		if b.known && vouched && !b.vouched && i < len(boots)-1 && b.timeOf(b.last) > next {
			b.known, b.read = false, false
		}
		if b.known {
			next, vouched = b.timeOf(b.first), vouched || b.vouched
		}
	}
	known := -1 // the last one before whose time is known
	for i := range boots {
		b := &boots[i]
		b.hidden = 0
		if i > 0 {
			b.gone = boots[i-1].goneBy(boots[i-1].last)
		}
		switch {
		case !b.known && known >= 0:
			b.anchor, b.officeTime = b.first, boots[known].timeOf(boots[known].last)+b.gone-boots[known].goneBy(boots[known].last)
		case b.known && known >= 0:
			on := b.gone
			b.gone = max(on, boots[known].goneBy(boots[known].last)+b.timeOf(b.first)-boots[known].timeOf(boots[known].last))
			for k := known + 1; k < i; k++ {
				boots[k].hidden = b.gone - on
			}
		}
		if b.known && known < 0 {
			for k := range i {
				boots[k].anchor, boots[k].officeTime = boots[k].first, b.timeOf(b.first)-b.gone+boots[k].gone
			}
		}
		if b.known {
			known = i
		}
	}
	return boots
}

// goneBy is the time from the first event of the day to an instant of the boot,
// as far as it is known.
func (b bootClock) goneBy(at Now) int64 { return b.gone + at.Mono - b.first.Mono }

// bootOf is the index of the boot that an instant of today belongs to, or -1.
func (s *State) bootOf(at Now) int {
	for i := len(s.boots) - 1; i >= 0; i-- {
		if s.boots[i].first.Boot == at.Boot {
			return i
		}
	}
	return -1
}

// TimeOf is the office time of an instant of today, by what is known by now: an
// instant at which the clock was not yet right is counted back from the moment
// at which it became so, or else from what went by before it.
func (s *State) TimeOf(at Now) int64 {
	if i := s.bootOf(at); i >= 0 {
		return s.boots[i].timeOf(at)
	}
	return s.OfficeTime(at)
}

// A Measure is how a length of time is known.
type Measure int

// The measures, from the best to the worst.
const (
	// Exact is by the monotonic clock of one boot.
	Exact Measure = iota
	// ByClock is over a restart of the box, by clocks that were taken for right.
	ByClock
	// AtLeast is over a restart of which nobody knows how long it took: only the
	// time that the box was on is counted.
	AtLeast
)

func anyKnown(boots []bootClock) bool {
	for _, b := range boots {
		if b.known {
			return true
		}
	}
	return false
}

// Elapsed is the time from one instant of today to a later one in whole
// milliseconds, never negative, and how it is known: the time that the box was
// on, and the time that it was off as far as clocks tell that are not taken for
// wrong.
func (s *State) Elapsed(from, to Now) (ms int64, by Measure) {
	if from.Boot == to.Boot {
		return max(0, to.Mono-from.Mono), Exact
	}
	i, j := s.bootOf(from), s.bootOf(to)
	if i < 0 || j < i {
		return 0, AtLeast
	}
	ms = s.boots[j].goneBy(to) - s.boots[i].goneBy(from)
	if anyKnown(s.boots[i+1 : j+1]) {
		ms -= s.boots[i].hidden
	}
	if s.boots[i].known && s.boots[j].known {
		return max(0, ms), ByClock
	}
	return max(0, ms), AtLeast
}

// LastNow is the instant of the last event.
func (s *State) LastNow() Now { return s.now }

// OfficeTime is the office's wall clock at now, in milliseconds since 1970 UTC,
// as it shows. Now is not before the last event; TimeOf is for what was.
func (s *State) OfficeTime(now Now) int64 {
	if now.Synced && !s.now.Synced {
		// A person's correction was for the clock as it was.
		return now.Wall
	}
	return now.Wall + s.correction
}

// CorrectionMs is what is added to the wall clock to get office time.
func (s *State) CorrectionMs() int64 { return s.correction }

// steadyTime is office time as it would be had nobody touched the clock since
// the day opened: within one boot it moves with the monotonic reading, across
// boots it follows the wall clock but never goes back.
func (s *State) steadyTime(now Now) int64 {
	if now.Boot == s.now.Boot {
		return s.steady + max(0, now.Mono-s.now.Mono)
	}
	if s.ClockDoubtful(now) {
		return s.steady
	}
	return max(s.steady, s.OfficeTime(now)-s.lead)
}

// watchClock writes down that the clock was synchronised or jumped since the
// last event. Between two boots nobody knows whether it jumped; a person's
// correction is not for a clock that is synchronised now.
func (d *decision) watchClock() {
	was := d.s.now
	if d.s.index == nil || was.IsZero() {
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
	if at := d.now.Wall + c.CorrectionMs; at < EarliestTime || at > latestOfficeTime {
		return fmt.Errorf("%w: a correction of %d ms would show %d", ErrNoSuchTime, c.CorrectionMs, at)
	}
	shows, to := d.s.OfficeTime(d.now), d.now.Wall+c.CorrectionMs
	if by := max(to-shows, shows-to); by >= clockJumpMs && !c.Sure && d.s.day.Open && !d.s.ClockDoubtful(d.now) {
		return fmt.Errorf("%w: %w", ErrClockJump, ClockJumpError{shows, to})
	}
	d.emit(ClockSet{CorrectionMs: c.CorrectionMs})
	return nil
}

// dayTime is office time for what a day does by itself: it moves with the time
// that went by, so that a step of the clock alone ends nothing.
func (s *State) dayTime(now Now) int64 { return s.steadyTime(now) + s.lead }

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
	officeTime := s.OfficeTime(now)
	if officeTime >= s.plan.Begins && officeTime < s.plan.Ends {
		return false
	}
	apart := officeTime - s.dayTime(now)
	return apart >= wrongDayMs || apart <= -wrongDayMs
}
