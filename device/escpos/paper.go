package escpos

import "time"

const (
	// mouthHurry is how long a ticket may hang in the mouth of a printer that
	// does not push it out while the next slip waits: time to take it, and
	// well within the next one's time to start.
	mouthHurry = 4 * time.Second
	mouthLeast = time.Second
)

// A mouth is a ticket that the presenter holds out, since when. It is taken away
// when nobody takes it: it may say where its holder went.
type mouth struct{ since time.Time }

// see takes what the printer says of it.
func (m *mouth) see(now time.Time, held bool) {
	switch {
	case !held:
		m.since = time.Time{}
	case m.since.IsZero():
		m.since = now
	}
}

// due is when it is to be cleared, zero when it is not.
func (m *mouth) due(p *Printer) time.Time {
	patience := time.Duration(p.profile.ClearMouthAfterS) * time.Second
	if patience == 0 || m.since.IsZero() {
		return time.Time{}
	}
	if !p.profile.NextPushes && p.waiting.Load() > 0 {
		patience = min(patience, mouthHurry)
	}
	return m.since.Add(p.pace(patience, mouthLeast))
}

// stepMouth clears it. The command waits in the buffer like a ticket, so it goes
// only when nothing is under way, and again after as long if the ticket is still
// there.
func (s *session) stepMouth(now time.Time) {
	s.mouth.see(now, s.inquiry.signs.has(ticketInExit))
	due := s.mouth.due(s.p)
	if due.IsZero() || now.Before(due) || !s.quiet() {
		return
	}
	s.mouth.since = now
	s.p.cfg.Log.Info("ticket taken back from the mouth", "device", s.p.cfg.Name)
	s.send(s.p.profile.ClearMouth.Bytes())
}

// mouthBars reports whether the next ticket has to wait for the one in the mouth.
func (s *session) mouthBars() bool {
	return s.inquiry.signs.has(ticketInExit) && !s.p.profile.NextPushes
}

// refillQuiet is how long the paper must have been good again before a roll
// counts as new: a sensor flickers while somebody puts it in.
const refillQuiet = 3 * time.Second

// A refill is the paper that was wanted and is there, since when.
type refill struct{ good time.Time }

// step notices that somebody put in new paper.
func (r *refill) step(now time.Time, said *signs, p *Printer) {
	switch {
	case !said.complete():
	case said.has(nearEnd | paperEnd):
		p.paperWanted, r.good = true, time.Time{}
	case !p.paperWanted || said.stopped():
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
