package simulate

import (
	"math"
	"time"

	"eliminacode/queue"
)

// A person is how the holder of a ticket behaves. It depends on the seed, the
// day and the ticket alone, so that tickets taken by hand in a demonstration
// have a holder too, and always the same.
type person struct {
	absent        bool
	patienceMs    int64
	unheard       bool
	walkMs        int64
	transfer      bool
	park          bool
	backAfterMs   int64
	cancelAfterMs int64 // 0 is never
	cancelWhy     string
	pace          [4]float64 // how long each service of the visit takes, as a standard normal
	lot           float64    // for choices of the clerk about this ticket, 0..1

	late        bool // turns up after having been a no-show
	lateAfterMs int64
	regret      bool // is brought back after a cancellation
	undo        bool // is called by a slip of the clerk's finger, first
	putBack     bool // is called in place of somebody else, first
	hasty       bool // is not waited for at a keypad, first, or is called by a double click

	grantAfterMs    int64 // is given priority by the reception only then; 0 is never
	withdrawAfterMs int64 // from then, when it was a mistake; 0 is never
	outcome         queue.Outcome
	category        queue.Category

	replanAfterMs int64 // needs one service more, or one less, by then; 0 is never
	leaves        bool  // after the first of several services
	goesOn        bool  // at the same desk, where it serves the next service too
}

func (w *World) person(id queue.TicketID) person {
	c := w.options.Conduct
	r := stream(w.options.Seed, "person", w.daySeed, int64(id.Ordinal()))
	p := person{
		absent:      r.Float64() < c.Absent,
		unheard:     r.Float64() < c.Unheard,
		walkMs:      min(max(int64(18_000*math.Exp(0.45*r.NormFloat64())), 5*secondMs), 75*secondMs),
		transfer:    r.Float64() < c.Transfer,
		park:        r.Float64() < c.Park,
		backAfterMs: between(r, 3*minuteMs, 22*minuteMs),
		lot:         r.Float64(),
	}
	p.patienceMs = math.MaxInt64
	if z := r.NormFloat64(); c.PatienceMs > 0 {
		p.patienceMs = int64(float64(c.PatienceMs) * math.Exp(0.5*z))
	}
	if cancels, after, mistake := r.Float64() < c.Cancel, between(r, 20*secondMs, 10*minuteMs), r.Float64() < 0.3; cancels {
		p.cancelAfterMs, p.cancelWhy = after, "citizen"
		if mistake {
			p.cancelWhy = "mistake"
		}
	}
	for i := range p.pace {
		p.pace[i] = r.NormFloat64()
	}
	// Drawn last, so that what was drawn before stays as it was.
	p.late, p.lateAfterMs = r.Float64() < c.Late, between(r, 30*secondMs, 18*minuteMs)
	p.regret = r.Float64() < c.Regret
	p.undo, p.putBack, p.hasty = r.Float64() < c.Undo, r.Float64() < c.PutBack, r.Float64() < c.Hasty
	if r.Float64() < c.Granted {
		p.grantAfterMs = between(r, 10*secondMs, 8*minuteMs)
		if r.Float64() < 0.3 {
			p.withdrawAfterMs = between(r, 10*secondMs, 10*minuteMs)
		}
	}
	if r.Float64() < c.Told {
		p.outcome = queue.Outcomes[weighted(r, []float64{0.8, 0.1, 0.06, 0.04})]
		p.category = queue.Categories[weighted(r, []float64{0.85, 0.1, 0.03, 0.02})]
	}
	if r.Float64() < c.Replanned {
		p.replanAfterMs = between(r, 20*secondMs, 10*minuteMs)
	}
	if c.Several > 0 {
		p.leaves, p.goesOn = r.Float64() < 0.1, r.Float64() < 0.4
	}
	return p
}

// here tells whether the person is still in the hall when called at now.
func (p person) here(s *queue.State, t *queue.Ticket, now queue.Now) bool {
	waited, _ := s.Elapsed(t.Issued, now)
	return t.Returned || !p.absent && waited <= p.patienceMs && !(p.leaves && t.Leg > 0)
}

// serviceMs is how long the present service of a ticket takes. What follows a
// pause is the rest of a matter already begun.
func (w *World) serviceMs(t *queue.Ticket, p person) int64 {
	served, resumed := 0, false
	for i, period := range t.Periods {
		if period.Kind == queue.Serving && i < len(t.Periods)-1 {
			served++
		}
		resumed = resumed || period.Kind == queue.Parked
	}
	for _, h := range w.habits {
		if h.service == t.Service {
			ms := h.durationMs(p.pace[served%len(p.pace)])
			if resumed {
				ms = max(ms/2, 20*secondMs)
			}
			return ms
		}
	}
	return 5 * minuteMs
}

// clockMinute is what the clocks of the office show, in minutes of the day.
func (w *World) clockMinute(officeTime int64) int {
	t := time.UnixMilli(officeTime).In(w.zone)
	return t.Hour()*60 + t.Minute()
}
