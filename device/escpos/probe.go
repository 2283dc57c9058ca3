package escpos

import (
	"bytes"
	"fmt"
	"time"

	"eliminacode/device"
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
	next     int // index into Profile.Acks of the rung to try
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
		s.tryRung(now)
		return
	}
	if pr.found {
		if pr.rung == device.RungProcessID || s.after(now, pr.quietAt.Add(s.p.pace(probeQuiet, 50*time.Millisecond))) {
			s.settleOn(pr.rung)
		}
		return
	}
	if s.after(now, pr.sentAt.Add(s.p.pace(probeWithin, probeLeast))) {
		pr.waiting = false
		if s.errand == nil { // else it may have started anew and forgotten the question
			pr.next++
		}
		s.tryRung(now)
	}
}

func (s *session) tryRung(now time.Time) {
	pr := &s.probe
	if pr.next >= len(s.profile().Acks) {
		s.err = fmt.Errorf("probing printer: %w", ErrNoRung)
		return
	}
	rung := s.profile().Acks[pr.next]
	var b []byte
	if s.p.torn > 0 {
		b = sever(s.profile())
		s.p.torn = 0
	}
	id := s.p.newID()
	switch rung {
	case device.RungProcessID:
		b = append(b, commandTransmitProcess(id)...)
	case device.RungExecuted:
		b = append(b, commandTransmitPaper()...)
	}
	// A model that does not know the command takes its operands for text:
	// initialising clears the line before any of it is printed.
	s.send(append(b, s.initialise()...))
	if s.err != nil {
		return
	}
	if rung == device.RungClean {
		s.settleOn(rung)
		return
	}
	pr.waiting, pr.found, pr.rung, pr.id, pr.sentAt = true, false, rung, id, now
	s.due(now.Add(s.p.pace(probeWithin, probeLeast)))
}

func (s *session) settleOn(rung device.Rung) {
	s.rung = rung
	s.probe = probe{}
	if rung == s.p.profile.Acks[0] {
		return
	}
	s.p.cfg.Log.Warn("printer confirms by a lower rung",
		"device", s.p.cfg.Name, "rung", string(rung), "wanted", string(s.p.profile.Acks[0]))
}

// fill completes the command in whose middle a printer may stand after a ticket
// whose end it did not receive: no command of a ticket awaits more bytes than
// the ticket had. As text a printer ignores NUL.
func fill(torn int) []byte { return bytes.Repeat([]byte{nul}, torn) }

// sever cuts off what a torn ticket left in the printer, so that its number and
// the next one never hang on one piece of paper.
func sever(p *Profile) []byte { return append(commandInit(), p.endOfPaper()...) }
