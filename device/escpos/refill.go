package escpos

import "time"

// refillQuiet is how long the paper must have been good again before a roll
// counts as new: a sensor flickers while somebody puts it in.
const refillQuiet = 3 * time.Second

// stepRefill notices that somebody put in new paper.
func (s *session) stepRefill(now time.Time) {
	h := &s.health
	switch {
	case !h.complete():
	case h.paperWanted():
		s.p.paperWanted, s.paperGood = true, time.Time{}
	case !s.p.paperWanted:
	case h.stopped():
		s.paperGood = time.Time{}
	case s.paperGood.IsZero():
		s.paperGood = now
		s.due(now.Add(s.p.pace(refillQuiet, 100*time.Millisecond)))
	case s.after(now, s.paperGood.Add(s.p.pace(refillQuiet, 100*time.Millisecond))):
		s.p.paperWanted = false
		s.p.tally.refilled()
	}
}
