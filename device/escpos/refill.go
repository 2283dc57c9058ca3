package escpos

import "time"

// refillQuiet is how long the paper must have been good again before a roll
// counts as new: a sensor flickers while somebody puts it in.
const refillQuiet = 3 * time.Second

// A refill is the paper that was wanted and is there, since when.
type refill struct{ good time.Time }

// step notices that somebody put in new paper.
func (r *refill) step(now time.Time, h *health, p *Printer) {
	switch {
	case !h.complete():
	case h.has(nearEnd | paperEnd):
		p.paperWanted, r.good = true, time.Time{}
	case !p.paperWanted || h.stopped():
		r.good = time.Time{}
	case r.good.IsZero():
		r.good = now
	case !now.Before(r.due(p)):
		p.paperWanted, r.good = false, time.Time{}
		p.moved(0, true)
	}
}

// due is when a roll counts as new, zero when none is in.
func (r *refill) due(p *Printer) time.Time {
	if r.good.IsZero() {
		return time.Time{}
	}
	return r.good.Add(p.pace(refillQuiet, 100*time.Millisecond))
}
