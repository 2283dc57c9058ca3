package simulate

import (
	"fmt"
	"slices"
	"time"

	"eliminacode/queue"
)

// A duty is one clerk's work for one shift.
type duty struct {
	group    queue.GroupID
	account  string // opaque
	strength int    // clerks at their desks at once, those of the shift before included
	from, to int64
	breakAt  int64 // 0 is none
	breakMs  int64
	last     bool  // nobody takes over: the hall is emptied first
	stayTo   int64 // until when, then
}

const (
	// longMs is from how long a stretch of opening is worked in two shifts.
	longMs = 6*hourMs + 30*minuteMs
	// breakFromMs is from how long a shift has a break.
	breakFromMs = 3*hourMs + 30*minuteMs
)

// planClerks decides who works today, where and when. Shifts that are over by
// then are left out.
func (w *World) planClerks(from int64) {
	before := 0 // clerks of the shifts before
	for nth, s := range stretches(w.plan) {
		shifts := []stretch{s}
		if s.to-s.from >= longMs {
			middle := s.from + (s.to-s.from)/2
			shifts = []stretch{{s.from, middle}, {middle, s.to}}
		}
		for i, shift := range shifts {
			duties := w.duties(shift, nth*2+i, before, i == len(shifts)-1)
			before += len(duties)
			for _, d := range duties {
				if d.to <= from {
					continue
				}
				c := &clerk{w: w, duty: d, nth: len(w.clerks), r: stream(w.options.Seed, "clerk", w.daySeed, int64(len(w.clerks)))}
				// A break that is past by the beginning is over.
				c.rested = d.breakAt != 0 && d.breakAt < from
				w.clerks = append(w.clerks, c)
				// Clerks are at their desks a little before or after time; a
				// world that begins in the middle finds them arriving at once.
				at := d.from + between(c.r, -2*minuteMs, 3*minuteMs)
				if at < from {
					at = from + between(c.r, secondMs, 40*secondMs)
				}
				c.at(at, c.begin)
			}
		}
	}
}

// strength is how many clerks work in the nth shift of the day: half of the
// staff, in turns the larger half; on Saturdays a third.
func (w *World) strength(nth int) int {
	staff := w.options.Staff
	if w.date.Weekday() == time.Saturday {
		return max(1, staff/3)
	}
	if (int(w.daySeed)+nth)%2 == 0 {
		return max(1, (staff+1)/2)
	}
	return max(1, staff/2)
}

// duties are the work of a shift: desks by group in proportion, at least one
// of each group that has something of its own to do. Whoever worked before is
// last in turn.
func (w *World) duties(shift stretch, nth, before int, last bool) []duty {
	groups, desks := w.groupsAt(shift)
	total := 0
	for _, g := range groups {
		total += desks[g]
	}
	strength := min(w.strength(nth), total)
	var list []duty
	for i, g := range assign(groups, desks, strength) {
		r := stream(w.options.Seed, "duty", w.daySeed, int64(nth), int64(i))
		d := duty{
			group: g, strength: strength, from: shift.from, to: shift.to, last: last,
			account: fmt.Sprintf("op%02d", (int(w.daySeed)*3+before+i)%max(1, w.options.Staff)+1),
			stayTo:  shift.to + between(r, 8*minuteMs, 20*minuteMs),
		}
		if shift.to-shift.from >= breakFromMs {
			d.breakAt = shift.from + 70*minuteMs + int64(i)*12*minuteMs
			d.breakMs = between(r, 8*minuteMs, 12*minuteMs)
		}
		list = append(list, d)
	}
	return list
}

// groupsAt are the groups of desks, in the order of the setup, that serve
// something by right that is open in the shift, with their numbers of desks.
func (w *World) groupsAt(shift stretch) ([]queue.GroupID, map[queue.GroupID]int) {
	var groups []queue.GroupID
	desks := map[queue.GroupID]int{}
	for _, d := range w.setup.Desks {
		if !slices.ContainsFunc(d.Profile.First, func(s queue.ServiceID) bool { return w.opens(s, shift) }) {
			continue
		}
		if desks[d.Group] == 0 {
			groups = append(groups, d.Group)
		}
		desks[d.Group]++
	}
	return groups, desks
}

func (w *World) opens(service queue.ServiceID, s stretch) bool {
	return slices.ContainsFunc(w.plan.Bands, func(b queue.Band) bool {
		return b.Opens < s.to && b.Closes > s.from && b.Covers(b.Opens, service)
	})
}

// assign gives places to groups: one each, as far as they go, then always to
// the group that has the smallest part of its desks open.
func assign(groups []queue.GroupID, desks map[queue.GroupID]int, places int) []queue.GroupID {
	var list []queue.GroupID
	open := map[queue.GroupID]int{}
	for len(list) < places {
		best := -1
		for i, g := range groups {
			if open[g] == desks[g] {
				continue
			}
			if best < 0 || open[g] == 0 && open[groups[best]] > 0 ||
				(open[g] == 0) == (open[groups[best]] == 0) && open[g]*desks[groups[best]] < open[groups[best]]*desks[g] {
				best = i
			}
		}
		if best < 0 {
			break
		}
		list = append(list, groups[best])
		open[groups[best]]++
	}
	return list
}
