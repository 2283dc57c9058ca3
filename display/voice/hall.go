package voice

import (
	"slices"
	"time"
)

const (
	// lead is how long after it is planned an announcement begins: boards have
	// fetched its sounds by then.
	lead = 400 * time.Millisecond
	// breath lies between two announcements, and between two parts of one.
	breath = 300 * time.Millisecond
	// briefAfter, chimeAfter and silentAfter are how late after its call an
	// announcement is shorter, and then left out (DOMAIN.md, section 5).
	briefAfter  = 20 * time.Second
	chimeAfter  = 60 * time.Second
	silentAfter = 2 * time.Minute
	// heardWithin is how long after its end boards have told that they played it.
	heardWithin = 3 * time.Second
	// mostWaiting bounds the list: more calls than that are not said within
	// silentAfter.
	mostWaiting = 64
)

// A Clip is a sound by its name among Clips, and how long it takes.
type Clip struct {
	ID     string
	Length time.Duration
}

// A Call is a call to announce: its sequence number, when it was made, and what is
// said of it, the first language first.
type Call struct {
	Seq  uint64
	At   time.Time
	Said []Clip
}

// An Announcement is a call as the boards play it: from an instant on, its clips one
// after the other with a breath between them.
type Announcement struct {
	Seq   uint64
	Begin time.Time
	End   time.Time
	Clips []Clip
}

// Starts are how long after the beginning each clip starts.
func (a Announcement) Starts() []time.Duration {
	starts, at := make([]time.Duration, len(a.Clips)), time.Duration(0)
	for i, c := range a.Clips {
		starts[i] = at
		at += c.Length + breath
	}
	return starts
}

// A Hall is the list of announcements of one hall.
type Hall struct {
	chime Clip
	list  []*entry // in the order of their calls
	taken uint64   // the newest call that was taken
	free  time.Time
}

type entry struct {
	call    Call
	planned *Announcement // nil while it waits
	heard   bool
}

// NewHall is a hall in which nothing was announced yet.
func NewHall(chime Clip) *Hall { return &Hall{chime: chime} }

// Taken is the sequence number of the newest call that was added.
func (h *Hall) Taken() uint64 { return h.taken }

// Add takes a call that is newer than those before it; others are left out, as are
// those that are too old to be sounded.
func (h *Hall) Add(now time.Time, c Call) {
	if c.Seq <= h.taken {
		return
	}
	h.taken = c.Seq
	if now.Sub(c.At) > chimeAfter || len(h.list) >= mostWaiting {
		return
	}
	h.list = append(h.list, &entry{call: c})
}

// Waiting are the sequence numbers of the calls that were not played yet, or are
// being played, in order.
func (h *Hall) Waiting() []uint64 {
	list := make([]uint64, len(h.list))
	for i, e := range h.list {
		list[i] = e.call.Seq
	}
	return list
}

// Forget empties the list, such as when another journal begins or nothing may sound.
// Calls up to a sequence number are not announced any more.
func (h *Hall) Forget(upTo uint64) { h.list, h.taken = nil, upTo }

// Drop leaves out a call that was withdrawn, unless it is being announced.
func (h *Hall) Drop(now time.Time, seq uint64) {
	h.list = slices.DeleteFunc(h.list, func(e *entry) bool {
		return e.call.Seq == seq && (e.planned == nil || now.Before(e.planned.Begin))
	})
}

// Heard tells that a board has played the announcement of a call.
func (h *Hall) Heard(seq uint64) {
	for _, e := range h.list {
		if e.call.Seq == seq {
			e.heard = true
		}
	}
}

// Plan gives every call that waits its instant, if a board can play it, and answers
// what boards are to play from now on, in order. next is when Plan should be asked
// again although nothing was added; zero is never.
func (h *Hall) Plan(now time.Time, able bool) (list []Announcement, next time.Time) {
	h.list = slices.DeleteFunc(h.list, func(e *entry) bool { return e.over(now) })
	for _, e := range h.list {
		if e.missed(now) {
			e.planned = nil
		}
		if e.planned == nil && able {
			h.plan(now, e)
		}
	}
	h.list = slices.DeleteFunc(h.list, func(e *entry) bool { return e.planned != nil && len(e.planned.Clips) == 0 })
	for _, e := range h.list {
		again := e.call.At.Add(chimeAfter)
		if e.planned != nil {
			list = append(list, *e.planned)
			again = e.planned.End.Add(heardWithin)
		}
		if next.IsZero() || again.Before(next) {
			next = again
		}
	}
	slices.SortStableFunc(list, func(a, b Announcement) int { return a.Begin.Compare(b.Begin) })
	return list, next
}

// over tells that a call is done with: it was played, or is too old to be.
func (e *entry) over(now time.Time) bool {
	switch {
	case e.planned == nil:
		return e.heard || now.Sub(e.call.At) > chimeAfter
	case e.heard:
		return !now.Before(e.planned.End)
	default:
		return e.missed(now) && now.Sub(e.call.At) > chimeAfter
	}
}

// missed tells that no board has said to have played a call.
func (e *entry) missed(now time.Time) bool {
	return e.planned != nil && !e.heard && !now.Before(e.planned.End.Add(heardWithin))
}

// plan gives a call the first instant that is free.
func (h *Hall) plan(now time.Time, e *entry) {
	a := Announcement{Seq: e.call.Seq, Begin: now.Add(lead)}
	if h.free.After(a.Begin) {
		a.Begin = h.free
	}
	late := a.Begin.Sub(e.call.At)
	switch {
	case late > silentAfter:
	case late > chimeAfter:
		a.Clips = []Clip{h.chime}
	case late > briefAfter:
		a.Clips = append([]Clip{h.chime}, e.call.Said[:min(1, len(e.call.Said))]...)
	default:
		a.Clips = append([]Clip{h.chime}, e.call.Said...)
	}
	a.End = a.Begin
	if last := len(a.Clips) - 1; last >= 0 {
		a.End = a.Begin.Add(a.Starts()[last] + a.Clips[last].Length)
		h.free = a.End.Add(breath)
	}
	e.planned = &a
}
