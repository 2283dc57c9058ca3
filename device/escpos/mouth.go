package escpos

import "time"

const (
	// mouthHurry is how long a ticket may hang in the mouth of a printer that
	// does not push it out while the next slip waits: time to take it, and
	// well within the next one's time to start.
	mouthHurry = 4 * time.Second
	mouthLeast = time.Second
)

// stepMouth watches a ticket that the presenter holds out, and takes it away
// when nobody does: it may say where its holder went. The command waits in the
// buffer like a ticket, so it goes only when nothing is under way, and again
// after as long if the ticket is still there.
func (s *session) stepMouth(now time.Time) {
	if !s.health.ticketInExit {
		s.mouthSince = time.Time{}
		return
	}
	if s.mouthSince.IsZero() {
		s.mouthSince = now
	}
	patience := time.Duration(s.profile().ClearMouthAfterS) * time.Second
	if patience == 0 || s.job != nil || s.errand != nil || s.rung == "" || s.identity.busy() || s.health.stopped() {
		return
	}
	if s.mouthBars() && s.p.waiting.Load() > 0 {
		patience = min(patience, mouthHurry)
	}
	if !s.after(now, s.mouthSince.Add(s.p.pace(patience, mouthLeast))) {
		return
	}
	s.mouthSince = now
	s.p.cfg.Log.Info("ticket taken back from the mouth", "device", s.p.cfg.Name)
	s.send(s.profile().ClearMouth.Bytes())
}

// mouthBars reports whether the next ticket has to wait for the one in the mouth.
func (s *session) mouthBars() bool { return s.health.ticketInExit && !s.profile().NextPushes }
