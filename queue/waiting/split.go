package waiting

// Whether somebody marked the start of a service, or whether a moment of a leg was
// inferred, depends above all on what its desk has: at a keypad nobody marks a start.
// How many legs of an hour were inferred, or had a walk, is then the work of the one
// desk that has a keypad, or of the one that has none.

// A split is where a report may tell how many legs of a day were inferred and how many
// of those waited for had a walk. It is decided once, when the sheet of the day is
// made, so that all reports of the day agree.
type split uint8

// The splits, from the one that tells least.
const (
	// splitUntold: nowhere. One or two desks had inferred legs or others, or one had
	// more of them than all others together; or the day goes on.
	splitUntold split = iota
	// splitOfDay: of the whole day, where enough desks had either. By hour or by
	// service they may be fewer.
	splitOfDay
	// splitParted: of the whole day, and the inferred legs can be left out of it: also
	// of each outcome enough desks had either.
	splitParted
	// splitOpen: everywhere. No desk had any, or no desk had others: nothing
	// distinguishes one from another.
	splitOpen
	splits
)

// judge is the split of a day that is closed.
func (s *Sheet) judge() split {
	waited := func(_ *row, is ruling) bool { return is.n(isWaited) != 0 }
	found := min(
		s.judgeLegs(isInferred, func(*row, ruling) bool { return true }),
		s.judgeLegs(isInferred, waited),
		// Who was sent on with no service had no start that anybody could mark.
		s.judgeLegs(isWalked, func(r *row, is ruling) bool { return waited(r, is) && r.flags()&flagService != 0 }),
	)
	if found != splitOfDay {
		return found
	}
	for outcome := range outcomes {
		if s.judgeLegs(isInferred, func(r *row, _ ruling) bool { return r.outcome() == outcome }) == splitUntold {
			return splitOfDay
		}
	}
	return splitParted
}

// judgeLegs judges the legs that desks called or served, those among them that count,
// by which of them have a bit.
func (s *Sheet) judgeLegs(bit int, counts func(*row, ruling) bool) split {
	parts := [2][]int{make([]int, len(s.Desks)), make([]int, len(s.Desks))} // legs by desk, without the bit and with it
	for i := range s.Len() {
		r := s.row(i)
		if desk, is := r.u16(atDesk), rulingOf(r); desk != noDesk && counts(r, is) {
			parts[is.n(bit)][desk]++
		}
	}
	found := splitOfDay
	for _, legs := range parts {
		desks, most, all := 0, 0, 0
		for _, n := range legs {
			desks += min(n, 1)
			most = max(most, n)
			all += n
		}
		switch {
		case all == 0:
			return splitOpen
		case desks < LeastDesks || most > all-most:
			found = splitUntold
		}
	}
	return found
}

// told is the split of a sheet as reports may use it.
func (s *Sheet) told() split {
	if s.GoesOn {
		return splitUntold
	}
	return s.split
}
