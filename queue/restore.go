package queue

import (
	"fmt"
	"slices"
)

// decide records that the program runs again, before it answers anybody.
// Whatever was on its way to paper is now unknown, and nothing is known of
// what the outlets can do.
func (c StartUp) decide(d *decision) error {
	if d.s.journal == "" {
		if c.Journal == "" {
			return fmt.Errorf("%w: a new journal needs an identity", ErrBadCommand)
		}
		d.emit(JournalBegun{Journal: c.Journal, Version: c.Version})
	}
	if c.Restored != nil {
		d.restore(c)
	}
	past := d.s.isPast(d.now)
	d.emit(JournalResumed{Version: c.Version})
	d.doubtPapers(WhyRestart)
	if past {
		d.endDay()
	}
	for i, o := range d.s.outlets {
		if o.Gives != AbleUnknown {
			d.emit(OutletChanged{Outlet: d.s.index.outlets[i].ID, Gives: AbleUnknown, Why: WhyRestart})
		}
	}
	return nil
}

// isPast tells whether a program that starts by a doubtful clock should take
// the open day for past: its hours were over, and nobody was left.
func (s *State) isPast(now Now) bool {
	if !s.day.Open || s.totals.Open() > 0 || now.Boot == s.now.Boot || !s.ClockDoubtful(now) {
		return false
	}
	for _, b := range s.plan.Bands {
		if b.Closes > s.dayTime(s.now) {
			return false
		}
	}
	return true
}

// restoreGap is how many numbers a series leaves out after a copy was put back:
// those that were given after the copy was made, and that nobody remembers.
const restoreGap = 100

// restore begins another journal on what a copy holds. The trust in the clock begins
// anew. Series go on at other numbers today, and also tomorrow when it is not certain
// that the day in the copy is still today: on the true day numbers were given that are
// not in it.
func (d *decision) restore(c StartUp) {
	begun := JournalBegun{Journal: c.Journal, Version: c.Version, After: d.s.journal, ClockAnew: true}
	next := d.s.afterRestore(c.Restored.Next)
	here := d.s.State.draft()
	here.clockAnew(d.now)
	if !here.day.Open || !here.ClockSure(d.now) || here.NeedsDay(d.now) {
		begun.Next = next
	}
	d.emit(begun)
	if d.s.day.Open {
		for _, n := range next {
			d.goOnAt(n)
		}
	}
}

// afterRestore is where each series goes on: as told, or restoreGap numbers
// after the last one.
func (s *State) afterRestore(told []SeriesFrom) (next []SeriesFrom) {
	if s.index == nil {
		return nil
	}
	for i, def := range s.index.series {
		n := SeriesFrom{Series: def.ID, From: def.after(s.series[i].next, restoreGap)}
		for _, t := range told {
			if t.Series == def.ID && def.has(t.From) {
				n.From = t.From
			}
		}
		next = append(next, n)
	}
	return next
}

// AfterRestore is where each series of the setup goes on when the office is put
// back from a copy and nobody says otherwise: far enough after the last number
// that the copy knows, or that the other states of the same day or a later one
// know. It is an error to tell a number that a series does not give or that was
// given already, or a series that is not there.
func (s *State) AfterRestore(told []SeriesFrom, known ...*State) ([]SeriesFrom, error) {
	last := make(map[SeriesID]seriesState)
	for _, k := range append(known, s) {
		if k.index == nil || s.day.Open && k.plan != nil && !k.plan.Provisional && k.plan.Date < s.plan.Date {
			continue
		}
		for i, def := range k.index.series {
			if x, l := k.series[i], last[def.ID]; x.lap > l.lap || x.lap == l.lap && x.next > l.next {
				last[def.ID] = x
			}
		}
	}
	for _, t := range told {
		i := s.seriesIndex(t.Series)
		if i < 0 {
			return nil, fmt.Errorf("%w: %q", ErrUnknownSeries, t.Series)
		}
		if !s.index.series[i].has(t.From) {
			return nil, fmt.Errorf("%w: series %q gives no number %d", ErrBadCommand, t.Series, t.From)
		}
		if l := last[t.Series]; l.lap == 0 && t.From < l.next {
			return nil, fmt.Errorf("%w: series %q has given %d already; say a number from %d on", ErrBadCommand, t.Series, t.From, l.next)
		}
	}
	next := s.afterRestore(told)
	for i, n := range next {
		if !slices.ContainsFunc(told, func(t SeriesFrom) bool { return t.Series == n.Series }) {
			next[i].From = s.index.series[i].after(last[n.Series].next, restoreGap)
		}
	}
	return next, nil
}

// after is the number that comes by numbers after the last one given, counted
// over the wrap, and over no more than half of a short series, which would come
// back to where it was. next is the number after the last; 0 is none yet.
func (s Series) after(next, by int) int {
	size := s.size()
	if size == 0 {
		return next
	}
	place := min(by, size/2) - 1 // counted from the first number
	for _, r := range s.ranges() {
		place += max(0, min(next, r.Last+1)-r.First)
	}
	place %= size
	for _, r := range s.ranges() {
		n := max(0, r.Last-r.First+1)
		if place < n {
			return r.First + place
		}
		place -= n
	}
	return next
}

// goOnAt lets a series go on at a number. One that is behind the next begins
// another lap, since no number is given twice in one.
func (d *decision) goOnAt(next SeriesFrom) {
	i := d.s.seriesIndex(next.Series)
	if i < 0 {
		return
	}
	now := d.s.series[i]
	if next.From == now.next || !d.s.index.series[i].has(next.From) {
		return
	}
	lap := now.lap
	if next.From < now.next {
		lap++
	}
	d.emit(SeriesRestarted{Series: next.Series, From: next.From, Lap: lap})
}
