package escpos

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
)

const (
	probeWithin = 2 * time.Second
	probeLeast  = 400 * time.Millisecond
	probeQuiet  = 250 * time.Millisecond
)

// A probe finds the best rung that the printer answers. It is made when a line
// is opened, and again after an unknown outcome: its answer stands behind
// everything sent before, so the next ticket cannot take an old answer for its
// own.
type probe struct {
	next     int // index into Profile.Ack of the rung to try
	waiting  bool
	rung     device.Rung // the one being tried
	id       ID
	sentAt   time.Time
	quietAt  time.Time // rung executed: when no more old answers are expected
	found    bool
	repeated bool // not the first of this line
}

// paper takes an answer to GS r and reports whether it was the probe's.
func (pr *probe) paper(now time.Time) bool {
	if !pr.waiting || pr.rung != device.RungExecuted {
		return false
	}
	pr.found = true
	pr.quietAt = now
	return true
}

// process takes an echoed id and reports whether it was the probe's.
func (pr *probe) process(text string) bool {
	if !pr.waiting || pr.rung != device.RungProcessID || text != string(pr.id[:]) {
		return false
	}
	pr.found = true
	return true
}

// status takes a whole status that was begun then: a printer that has answered
// every question since the probe was sent has taken what was sent with it.
func (pr *probe) status(begun time.Time) {
	if pr.waiting && pr.rung == device.RungClean && begun.After(pr.sentAt) {
		pr.found = true
	}
}

// stepProbe moves the probe on. It begins only when the printer is clean,
// because a stopped one answers nothing that waits in its buffer.
func (s *session) stepProbe(now time.Time) {
	if s.rung != "" || s.job != nil || !s.health.complete() {
		return
	}
	pr := &s.probe
	if s.health.stopped() {
		pr.sentAt = now // its time counts only while it can answer
		return
	}
	if !pr.waiting {
		// Not into a silence: what is lost there would pass for executed when
		// the printer is back.
		if s.misses == 0 {
			s.tryRung(now)
		}
		return
	}
	if pr.found {
		if pr.rung != device.RungExecuted || s.after(now, pr.quietAt.Add(s.quiet())) {
			s.settleOn(pr.rung)
		}
		return
	}
	if s.after(now, pr.sentAt.Add(s.p.patience(probeWithin, probeLeast))) {
		pr.waiting = false
		if s.errand == nil { // else it may have started anew and forgotten the question
			pr.next++
		}
		s.tryRung(now)
	}
}

// quiet is how long the printer must be still behind an answer to GS r before the
// next one is a ticket's. While older ones are owed, this answer may have been
// one of those, and the probe's comes only when what was cut off is out.
func (s *session) quiet() time.Duration {
	if s.owed > 0 {
		return s.p.pace(settle(s.profile())+time.Second, 200*time.Millisecond)
	}
	return s.p.pace(probeQuiet, 50*time.Millisecond)
}

func (s *session) tryRung(now time.Time) {
	pr := &s.probe
	if pr.next >= len(s.profile().Ack) {
		s.err = fmt.Errorf("probing printer: %w", ErrNoRung)
		return
	}
	rung := s.profile().Ack[pr.next]
	var b []byte
	if s.p.torn > 0 {
		b = slices.Concat(fill(s.p.torn), sever(s.profile()))
	}
	id := s.p.newID()
	switch rung {
	case device.RungProcessID:
		b = append(b, commandTransmitProcess(id)...)
	case device.RungExecuted:
		s.owed++
		b = append(b, commandTransmitPaper()...)
	}
	// A model that does not know the command takes its operands for text:
	// initialising clears the line before any of it is printed.
	s.send(append(b, s.initialise()...))
	if s.err != nil {
		return
	}
	if rung == device.RungClean && s.p.torn == 0 {
		s.settleOn(rung)
		return
	}
	if rung == device.RungClean {
		s.pollAt, s.fullAt = now, time.Time{}
	}
	pr.waiting, pr.found, pr.rung, pr.id, pr.sentAt = true, false, rung, id, now
	s.due(now.Add(s.p.patience(probeWithin, probeLeast)))
}

func (s *session) settleOn(rung device.Rung) {
	s.rung, s.owed = rung, 0
	s.probe = probe{}
	// Its answer stood behind the cut. Before it the cut may have been lost.
	s.p.torn = 0
	if rung == s.p.profile.Ack[0] {
		return
	}
	s.p.cfg.Log.Warn("printer confirms by a lower rung",
		"device", s.p.cfg.Name, "rung", string(rung), "wanted", string(s.p.profile.Ack[0]))
}

// fill completes the command in whose middle a printer may stand after a ticket
// whose end it did not receive: no command of a ticket awaits more bytes than
// the ticket had. As text a printer ignores NUL.
func fill(torn int) []byte { return bytes.Repeat([]byte{nul}, torn) }

// sever cuts off what a torn ticket left in the printer, so that its number and
// the next one never hang on one piece of paper.
func sever(p *profile.Profile) []byte { return append(commandInit(), endOfPaper(p)...) }
