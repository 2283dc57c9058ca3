package waiting

import "eliminacode/queue"

// A recountedClock finds out from the events of a day what the time was, and how
// much of it went by. It is written from the words of the trade alone and shares
// nothing with package queue.
type recountedClock struct {
	boots   []recountedBoot
	prev    queue.Now
	fix     int64 // a person's correction
	doubt   bool
	sure    bool
	reached int64 // office time that has certainly come
	ends    int64 // of the day
}

type recountedBoot struct {
	first, last    queue.Now
	known, vouched bool
	// right is from where on the wall clock, with fix, is right; reads tells
	// that it still is at the end.
	right queue.Now
	fix   int64
	stuck *queue.Now // from where on the wall clock is not right any more
	raw   int64      // what it showed first
}

func (c *recountedClock) see(e queue.Event) {
	at := e.At
	shown := at.Wall + c.fix
	if at.Synced && !c.prev.Synced {
		shown = at.Wall
	}
	if b, ok := e.Body.(queue.DayOpened); ok {
		*c = recountedClock{prev: at, fix: b.CorrectionMs, doubt: b.Plan.Provisional, sure: !b.Provisional, reached: b.Reached, ends: b.Plan.Ends}
		if !c.doubt {
			c.reached = at.Wall + c.fix
		}
		c.boot(at, at.Wall+c.fix)
		return
	}
	wasDoubtful, wasSure := c.doubt, c.sure
	same := at.Boot == c.prev.Boot
	ran := at.Mono - c.prev.Mono
	jump := at.Wall - c.prev.Wall - ran
	switch {
	case at.Synced:
		c.doubt = false
	case same && jump > -5_000 && jump < 5_000:
	default:
		least := c.reached
		if same && c.doubt {
			least += ran - 60_000
		} else if same {
			least += ran - 3_600_000
		}
		// Nobody's clock shows less than the beginning of 2026.
		c.doubt = shown < 1_767_225_600_000 || c.reached != 0 && (shown < least || shown > least+366*86_400_000)
	}
	c.sure = at.Synced || !c.doubt && c.sure && (same || shown >= c.ends)
	if !c.doubt {
		c.reached = shown
	} else if same && c.reached != 0 {
		c.reached += ran
	}
	if !same {
		c.boots[len(c.boots)-1].last = c.prev
		c.boot(at, shown)
	}
	b := &c.boots[len(c.boots)-1]
	if c.doubt && !wasDoubtful && same {
		stuck := c.prev
		b.stuck = &stuck
	}
	c.prev = at
	trusted := func() {
		c.doubt, c.sure = false, true
		c.reached = at.Wall + c.fix
		b.known, b.vouched, b.right, b.fix, b.stuck = true, true, at, c.fix, nil
	}
	switch e := e.Body.(type) {
	case queue.DayRedated:
		c.ends = e.Plan.Ends
	case queue.DayReplanned:
		c.ends = e.Plan.Ends
	case queue.ClockSynced:
		c.fix = e.CorrectionMs
		trusted()
	case queue.ClockSet:
		c.fix = e.CorrectionMs
		right, known := b.right, b.known
		trusted()
		if wasSure && known && same {
			b.right = right // a slip put right, for what was before it too
		}
	case queue.ClockStepped:
		if !c.sure && !c.doubt {
			trusted()
		}
	}
}

func (c *recountedClock) boot(at queue.Now, shown int64) {
	b := recountedBoot{first: at, raw: shown, known: !c.doubt, vouched: !c.doubt && c.sure, right: at, fix: shown - at.Wall}
	c.boots = append(c.boots, b)
}

// end is called after the last event.
func (c *recountedClock) end() {
	c.boots[len(c.boots)-1].last = c.prev
	for i := range c.boots {
		for _, later := range c.boots[i+1:] {
			// A clock that was ahead of one that somebody vouched for was wrong.
			if b := &c.boots[i]; b.known && !b.vouched && later.known && b.time(b.last) > later.time(later.first) && c.vouchedFrom(i+1) {
				b.known = false
			}
		}
	}
}

func (c *recountedClock) vouchedFrom(i int) bool {
	for _, b := range c.boots[i:] {
		if b.known && b.vouched {
			return true
		}
	}
	return false
}

func (b recountedBoot) time(at queue.Now) int64 {
	switch {
	case b.stuck != nil && at.Mono > b.stuck.Mono:
		return b.time(*b.stuck) + at.Mono - b.stuck.Mono
	case at.Mono <= b.right.Mono:
		return b.right.Wall + b.fix - (b.right.Mono - at.Mono)
	default:
		return at.Wall + b.fix
	}
}

func (c *recountedClock) of(at queue.Now) int {
	for i, b := range c.boots {
		if b.first.Boot == at.Boot {
			return i
		}
	}
	panic("an instant of no boot")
}

// began is how long after the first event of the day a boot began.
func (c *recountedClock) began(boot int) int64 {
	sum, lastKnown := int64(0), -1
	for i := 0; ; i++ {
		if c.boots[i].known && lastKnown >= 0 {
			before := c.boots[lastKnown]
			off := c.boots[i].time(c.boots[i].first) - before.time(before.last)
			on := sum - c.began(lastKnown) - (before.last.Mono - before.first.Mono)
			sum += max(0, off-on)
		}
		if i == boot {
			return sum
		}
		if c.boots[i].known {
			lastKnown = i
		}
		sum += c.boots[i].last.Mono - c.boots[i].first.Mono
	}
}

// between is the time from a to b, or 0 when b is before a, and whether all of
// it is known.
func (c *recountedClock) between(a, b queue.Now) (ms int64, known bool) {
	if a.Boot == b.Boot {
		return max(0, b.Mono-a.Mono), true
	}
	i, j := c.of(a), c.of(b)
	if j < i {
		return 0, false
	}
	for k := i + 1; k <= j && !c.boots[i].known; k++ {
		if c.boots[k].known {
			// How long it was off in between nobody knows.
			ran := c.boots[i].last.Mono - a.Mono
			for _, b := range c.boots[i+1 : k] {
				ran += b.last.Mono - b.first.Mono
			}
			rest, _ := c.between(c.boots[k].first, b)
			return ran + rest, false
		}
	}
	ms = c.began(j) + b.Mono - c.boots[j].first.Mono - c.began(i) - (a.Mono - c.boots[i].first.Mono)
	return max(0, ms), c.boots[i].known && c.boots[j].known
}

// office is what time it was.
func (c *recountedClock) office(at queue.Now) int64 {
	i := c.of(at)
	if c.boots[i].known {
		return c.boots[i].time(at)
	}
	within := c.began(i) + at.Mono - c.boots[i].first.Mono
	for k := i - 1; k >= 0; k-- {
		if b := c.boots[k]; b.known {
			return b.time(b.last) + within - c.began(k) - (b.last.Mono - b.first.Mono)
		}
	}
	for k := i + 1; k < len(c.boots); k++ {
		if b := c.boots[k]; b.known {
			return b.time(b.first) + within - c.began(k)
		}
	}
	return c.boots[i].raw + at.Mono - c.boots[i].first.Mono
}
