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
//
// Invariants: rung is empty until one is found, and nothing is tried once it is;
// while waiting is set the answer to trying, sent at sentAt, is awaited.
type probe struct {
	p        *Printer
	rung     device.Rung // by which tickets are confirmed
	next     int         // index into Profile.Ack of the rung to try
	waiting  bool
	trying   device.Rung
	id       ID
	sentAt   time.Time
	quietAt  time.Time // rung executed: when the last answer came
	found    bool
	repeated bool // not the first of this line
	owed     int  // GS r whose answers have not come
}

// again has the printer probed anew, beginning with the rung at next.
func (pr *probe) again(next int) { *pr = probe{p: pr.p, next: next, repeated: true, owed: pr.owed} }

// awaits reports whether this rung's answer is awaited.
func (pr *probe) awaits(rung device.Rung) bool { return pr.waiting && pr.trying == rung }

// paper takes an answer to GS r and reports whether it was the probe's.
func (pr *probe) paper(now time.Time) bool {
	if !pr.awaits(device.RungExecuted) {
		return false
	}
	pr.found, pr.quietAt = true, now
	return true
}

// process takes an echoed id and reports whether it was the probe's.
func (pr *probe) process(text string) bool {
	if !pr.awaits(device.RungProcessID) || text != string(pr.id[:]) {
		return false
	}
	pr.found = true
	return true
}

// status takes a whole status that was begun then: a printer that has answered
// every question since the probe was sent has taken what was sent with it.
func (pr *probe) status(begun time.Time) {
	pr.found = pr.found || pr.awaits(device.RungClean) && begun.After(pr.sentAt)
}

// missed drops a probe that went out while the printer did not answer: it says
// nothing about the rung.
func (pr *probe) missed() { pr.waiting, pr.found = false, false }

// step says what to send now. It is called only while no ticket is under way and
// the printer's health is known. A stopped printer answers nothing that waits in
// its buffer: the time counts only while it can. audible says that it has
// answered the last question: what is lost in a silence would pass for executed
// when the printer is back. storing says that it may have started anew and
// forgotten the probe.
func (pr *probe) step(now time.Time, stopped, audible, storing bool) (send []byte, err error) {
	switch {
	case pr.rung != "":
	case stopped:
		pr.sentAt = now
	case !pr.waiting && audible:
		return pr.try(now)
	case !pr.waiting || now.Before(pr.dueAt()):
	case pr.found:
		pr.settle(pr.trying)
	default:
		pr.waiting = false
		if !storing {
			pr.next++
		}
		return pr.try(now)
	}
	return nil, nil
}

// due is when the next step is, zero when that depends on others.
func (pr *probe) due(stopped bool) time.Time {
	if pr.rung != "" || !pr.waiting || stopped {
		return time.Time{}
	}
	return pr.dueAt()
}

// dueAt is when a probe that waits goes on.
func (pr *probe) dueAt() time.Time {
	switch {
	case !pr.found:
		return pr.sentAt.Add(pr.p.patience(probeWithin, probeLeast))
	case pr.trying != device.RungExecuted:
		return pr.sentAt
	case pr.owed > 0:
		// This answer may have been an older one's, and the probe's comes only
		// when what was cut off is out.
		return pr.quietAt.Add(pr.p.pace(settle(&pr.p.profile)+time.Second, 200*time.Millisecond))
	default:
		return pr.quietAt.Add(pr.p.pace(probeQuiet, 50*time.Millisecond))
	}
}

func (pr *probe) try(now time.Time) ([]byte, error) {
	model := &pr.p.profile
	if pr.next >= len(model.Ack) {
		return nil, fmt.Errorf("probing printer: %w", ErrNoRung)
	}
	rung := model.Ack[pr.next]
	var b []byte
	if pr.p.torn > 0 {
		b = slices.Concat(fill(pr.p.torn), sever(model))
	}
	pr.waiting, pr.found, pr.trying, pr.id, pr.sentAt = true, false, rung, pr.p.newID(), now
	switch {
	case rung == device.RungProcessID:
		b = append(b, commandTransmitProcess(pr.id)...)
	case rung == device.RungExecuted:
		pr.owed++
		b = append(b, commandTransmitPaper()...)
	case pr.p.torn == 0:
		pr.settle(rung)
	}
	// A model that does not know the command takes its operands for text:
	// initialising clears the line before any of it is printed.
	return append(b, initialise(model)...), nil
}

func (pr *probe) settle(rung device.Rung) {
	*pr = probe{p: pr.p, rung: rung}
	// Its answer stood behind the cut. Before it the cut may have been lost.
	pr.p.torn = 0
	if best := pr.p.profile.Ack[0]; rung != best {
		pr.p.cfg.Log.Warn("printer confirms by a lower rung", "device", pr.p.cfg.Name, "rung", string(rung), "wanted", string(best))
	}
}

// fill completes the command in whose middle a printer may stand after a ticket
// whose end it did not receive: no command of a ticket awaits more bytes than
// the ticket had. As text a printer ignores NUL.
func fill(torn int) []byte { return bytes.Repeat([]byte{nul}, torn) }

// sever cuts off what a torn ticket left in the printer, so that its number and
// the next one never hang on one piece of paper.
func sever(p *profile.Profile) []byte { return append(commandInit(), endOfPaper(p)...) }

// initialise is ESC @ and what it may have switched off.
func initialise(p *profile.Profile) []byte {
	b := commandInit()
	if p.AutomaticStatus {
		b = append(b, commandASB()...)
	}
	return b
}
