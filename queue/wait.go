package queue

import (
	"cmp"
	"iter"
	"slices"
)

// Waits are counted by leg: a transfer ends one leg of a visit and starts the
// next. They leave out the hours in which the office was closed between two
// bands of its day, for every service, and those in which it was suspended.
// What lies before the first band or after the last one counts.
//
// The order of calls, the stored reasons, the pages of the staff and the reports
// all ask waitedBetween, so that no two of them say different waits.

// An instant is a moment of today in the boot that has this index; -1 is in
// none of them.
type instant struct {
	wall, mono int64
	boot       int
}

func (s *State) instantOf(at Now) instant { return instant{at.Wall, at.Mono, s.bootOf(at)} }

func (s *State) nowOf(i instant) Now {
	n := Now{Wall: i.wall, Mono: i.mono}
	if i.boot >= 0 {
		n.Boot = s.boots[i.boot].first.Boot
	}
	return n
}

// waitedBetween is how much of the time from one instant to a later one counts
// as waiting, in milliseconds. The time that went by is laid on office time from
// its start, so that a step of the clock within it can neither stretch nor undo
// a break.
func (s *State) waitedBetween(from, to instant) int64 {
	ms := max(0, to.mono-from.mono)
	if from.boot != to.boot || from.boot < 0 {
		ms, _ = s.Elapsed(s.nowOf(from), s.nowOf(to))
	}
	if len(s.breaks)+len(s.suspensions) == 0 {
		return ms
	}
	return ms - s.closedDuring(from, ms)
}

// ClosedSince is how much of the time since an instant of today counts as
// waiting for nobody, until now, in milliseconds.
func (s *State) ClosedSince(from, now Now) int64 {
	ms, _ := s.Elapsed(from, now)
	return ms - s.waitedBetween(s.instantOf(from), s.instantOf(now))
}

// closedDuring is how much of a time from an instant on the office was closed or
// suspended.
func (s *State) closedDuring(from instant, ms int64) (closed int64) {
	begins := from.wall + s.correction
	if from.boot >= 0 {
		begins = s.boots[from.boot].timeOf(Now{Wall: from.wall, Mono: from.mono})
	}
	ends := begins + ms
	for i := range s.breaks {
		closed += s.breaks[i].within(begins, ends)
	}
	for i := range s.suspensions {
		x := &s.suspensions[i]
		off := stretch{begins + s.apart(&from, &x.from), ends}
		if x.To.Wall != 0 || !x.To.IsZero() {
			off.to = begins + s.apart(&from, &x.to)
		}
		if off.from >= ends || off.to <= begins {
			continue
		}
		closed += off.within(begins, ends)
		for _, b := range s.breaks {
			closed -= off.within(max(begins, b.from), min(ends, b.to)) // counted twice
		}
	}
	return closed
}

// apart is how long after a an instant b is; negative when it is before.
func (s *State) apart(a, b *instant) int64 {
	if a.boot == b.boot {
		return b.mono - a.mono
	}
	return s.apartOverBoots(*a, *b)
}

func (s *State) apartOverBoots(a, b instant) int64 {
	if ms, _ := s.Elapsed(s.nowOf(a), s.nowOf(b)); ms > 0 {
		return ms
	}
	ms, _ := s.Elapsed(s.nowOf(b), s.nowOf(a))
	return -ms
}

// WaitsStand tells whether no wait grows at now, since the office is closed
// between two bands of its day, or suspended.
func (s *State) WaitsStand(now Now) bool {
	at := s.TimeOf(now)
	return s.suspended() || slices.ContainsFunc(s.breaks, func(b stretch) bool { return b.from <= at && at < b.to })
}

// A stretch is office time from its first millisecond up to its end.
type stretch struct{ from, to int64 }

// within is how much of a stretch lies between two instants.
func (x stretch) within(from, to int64) int64 { return max(0, min(x.to, to)-max(x.from, from)) }

// closedBetween are the stretches between bands in which no band, of any
// service, is open.
func closedBetween(bands []Band) []stretch {
	open := make([]stretch, 0, len(bands))
	for _, b := range bands {
		if b.Closes > b.Opens {
			open = append(open, stretch{b.Opens, b.Closes})
		}
	}
	slices.SortFunc(open, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	var closed []stretch
	for i := 1; i < len(open); i++ {
		if open[i].from > open[i-1].to {
			closed = append(closed, stretch{open[i-1].to, open[i].from})
		}
		open[i].to = max(open[i].to, open[i-1].to)
	}
	return closed
}

// MeasuresLike tells whether a visit that has ended and that both states know by the
// same ticket is dated and measured alike in both, whatever happened between them.
func (s *State) MeasuresLike(o *State) bool {
	return s.journal == o.journal && s.day == o.day && s.plan == o.plan && s.index == o.index &&
		s.correction == o.correction && s.now.Synced == o.now.Synced &&
		sameList(s.boots, o.boots) && sameList(s.suspensions, o.suspensions)
}

// A Leg is the part of a visit that is for one service.
type Leg struct {
	Periods []Period
	// FirstWaitMs is the first wait, WaitMs all of them. A call that was undone is
	// part of the wait.
	FirstWaitMs, WaitMs int64
	Called              bool // at least once, calls that were undone apart
	Transferred         bool // ended by a transfer
	Finished            bool // transferred once its service had ended, by the visit's plan
	// End is how it ended, or the state it is in; a transferred leg ended as
	// served.
	End TicketState
}

// Legs are the legs of one of today's tickets, in order, measured up to now.
func (s *State) Legs(t *Ticket, now Now) iter.Seq[Leg] {
	return func(yield func(Leg) bool) {
		for rest := t.Periods; len(rest) > 0; {
			var l Leg
			if l, rest = s.leg(t, rest, now); !yield(l) {
				return
			}
		}
	}
}

// leg measures the first leg of some periods of a ticket, of which there is at
// least one, and answers with the periods that follow it.
func (s *State) leg(t *Ticket, periods []Period, now Now) (l Leg, rest []Period) {
	n := 1
	for n < len(periods) && periods[n].Leg == periods[0].Leg {
		n++
	}
	l.Periods, rest = periods[:n:n], periods[n:]
	l.End, l.Transferred = t.State, len(rest) > 0
	if l.Transferred {
		l.End, l.Finished = Served, l.Periods[n-1].Finished
	}
	waited := false
	for i := 0; i < len(l.Periods); {
		n := waitOf(l.Periods[i:])
		if n == 0 {
			l.Called = l.Called || l.Periods[i].Kind == Called
			i++
			continue
		}
		ms := s.waitedIn(l.Periods[i:i+n], now)
		if !waited {
			l.FirstWaitMs = ms
		}
		l.WaitMs += ms
		waited = true
		i += n
	}
	return l, rest
}

// waitOf is how many of some periods, from the first on, are one wait: a call that
// was undone never was, and the wait around it goes on. It is 0 when the first is
// no wait.
func waitOf(periods []Period) (n int) {
	for n < len(periods) && (periods[n].Kind == Waiting || periods[n].Undone) {
		n++
	}
	return n
}

// waitedIn is how long one wait lasted, given its periods; until now if it goes on.
func (s *State) waitedIn(periods []Period, now Now) int64 {
	if end := periods[len(periods)-1].End; !end.IsZero() {
		now = end
	}
	return s.waitedBetween(s.instantOf(periods[0].Start), s.instantOf(now))
}

// WaitedMs is how long one of today's tickets has waited in its present leg,
// until now.
func (s *State) WaitedMs(t *Ticket, now Now) (ms int64) {
	present := len(t.Periods)
	for present > 0 && t.Periods[present-1].Leg == t.Leg {
		present--
	}
	for rest := t.Periods[present:]; len(rest) > 0; {
		n := waitOf(rest)
		if n > 0 {
			ms += s.waitedIn(rest[:n], now)
		}
		rest = rest[max(1, n):]
	}
	return ms
}

// InMean tells whether the wait of a leg counts in the mean: no-shows and those
// that nobody served are apart, and what is under way is not known yet.
func InMean(end TicketState, called bool) bool { return called && end == Served }

// WithinStandard tells whether a first wait is within a standard: at most it.
func WithinStandard(firstWaitMs, standardMs int64) bool { return firstWaitMs <= standardMs }

// Judged tells whether a leg is held against the standard of its service: one
// that was called and not cancelled is, and one that expired without a call if
// it had waited for longer.
func Judged(end TicketState, called, within bool) bool {
	switch end {
	case Served, NoShow:
		return called
	case Expired:
		return called || !within
	default:
		return false
	}
}
