package queue

import (
	"fmt"
	"strconv"
)

type seriesState struct {
	next int // 0 before the first
	lap  int
}

func (s *State) seriesIndex(id SeriesID) int { return indexOf(s.known().seriesAt, id) }

// text is the number as shown: the letters, then the digits padded to Width.
func (s Series) text(value int) string {
	digits := strconv.Itoa(value)
	for len(digits) < s.Width {
		digits = "0" + digits
	}
	return s.Letters + digits
}

// Longest is the last number of the series as shown: none has more characters.
func (s Series) Longest() string {
	ranges := s.ranges()
	return s.text(ranges[len(ranges)-1].Last)
}

// ranges are the stretches of numbers that the series gives.
func (s Series) ranges() []Range {
	if len(s.Ranges) > 0 {
		return s.Ranges
	}
	return []Range{{s.First, s.Last}}
}

// from is the least number of the series that is not below value.
func (s Series) from(value int) (int, bool) {
	for _, r := range s.ranges() {
		if value <= r.Last {
			return max(value, r.First), true
		}
	}
	return 0, false
}

// has tells whether the series gives a number.
func (s Series) has(value int) bool {
	n, ok := s.from(value)
	return ok && n == value
}

// size is how many numbers the series gives in one lap.
func (s Series) size() int {
	n := 0
	for _, r := range s.ranges() {
		n += max(0, r.Last-r.First+1)
	}
	return n
}

// overlap is a number that two series would both show, by their letters.
func (s Series) overlap(other Series) (value int, found bool) {
	if s.Letters != other.Letters {
		return 0, false
	}
	for _, a := range s.ranges() {
		for _, b := range other.ranges() {
			if value = max(a.First, b.First); value <= min(a.Last, b.Last) {
				return value, true
			}
		}
	}
	return 0, false
}

// nextNumber is the next number of a series. After a wrap, numbers that are
// still open are passed over.
func (s *State) nextNumber(series int) (Number, bool) {
	if series < 0 {
		return Number{}, false
	}
	def, now := s.index.series[series], s.series[series]
	value, lap := now.next, now.lap
	for range def.size() + 1 {
		n, ok := def.from(value)
		switch {
		case !ok && (!def.Wrap || lap > now.lap):
			return Number{}, false
		case !ok:
			value, lap = 0, lap+1
		case !s.numberOpen(series, n):
			return Number{Series: def.ID, Value: n, Lap: lap, Text: def.text(n)}, true
		default:
			value = n + 1
		}
	}
	return Number{}, false
}

// NextNumber is the number that the next ticket of a series will get; ok is
// false when it has none left today, or is not there.
func (s *State) NextNumber(id SeriesID) (n Number, ok bool) {
	return s.nextNumber(s.seriesIndex(id))
}

// numberOpen tells whether a number of the series is held by a ticket that has
// not ended. Only the newest ticket of a number can be open.
func (s *State) numberOpen(series, value int) bool {
	t := s.Ticket(s.given[series].at(uint64(value)))
	return t != nil && !t.State.Ended()
}

// decide goes on from another number, as when a roll of numbered paper
// was torn. A number that is behind the next one begins another lap, since no
// number is given twice in one.
func (c RestartSeries) decide(d *decision) error {
	i := d.s.seriesIndex(c.Series)
	if i < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownSeries, c.Series)
	}
	def, now := d.s.index.series[i], d.s.series[i]
	if !def.has(c.From) {
		return fmt.Errorf("%w: series %q gives no number %d", ErrBadCommand, c.Series, c.From)
	}
	next, _ := def.from(now.next)
	switch {
	case c.From == next:
		return nil
	case c.Next != 0 && c.Next != next:
		return ErrStale
	}
	d.goOnAt(SeriesFrom{Series: c.Series, From: c.From})
	return nil
}

// numbersStay keeps the numbers of a series that gave some today from being
// given by another one while anybody holds one: otherwise two people could
// hold the same A012.
func (s *State) numbersStay(setup Setup) error {
	if s.index == nil || s.totals.Open() == 0 {
		return nil
	}
	for i, was := range s.index.series {
		if s.series[i].next == 0 {
			continue
		}
		for _, r := range setup.Series {
			if r.ID == was.ID {
				if r.Letters != was.Letters {
					return fmt.Errorf("%w: series %q gave numbers with the letters %q today; change them when nobody waits or is served any more",
						ErrBadSetup, was.ID, was.Letters)
				}
			} else if n, both := was.overlap(r); both {
				return fmt.Errorf("%w: series %q gave numbers such as %s today, and series %q would give them again; change it when nobody waits or is served any more",
					ErrBadSetup, was.ID, was.text(n), r.ID)
			}
		}
	}
	return nil
}

func (n *draft) setSeries(id SeriesID, next seriesState) {
	if i := n.seriesIndex(id); i >= 0 {
		put(n, &n.series, i, next)
	}
}
