package printer

import (
	"context"
	"fmt"
	"time"
)

// condition is what a person, the roll and the mains do to a printer.
type condition struct {
	off         bool
	booting     bool
	paperLow    bool
	paperOut    bool
	coverOpen   bool
	interrupted bool // the cover was opened under a moving paper
	button      bool // the feed button is held
	hot         bool
	voltage     bool
	dead        bool // unrecoverable
	selfTest    bool

	jammed  bool  // the knife will not move; noticed at the next cut
	crumple bool  // the paper will not move; noticed at the next line
	fault   fault // noticed, and not yet recovered from

	limited  bool // paper runs out after leftDots
	leftDots int
	moving   bool
}

// A fault is an error from which the printer recovers when it is told to.
type fault uint8

const (
	faultNone fault = iota
	faultCutter
	faultMechanical
)

// change alters the condition and reports it to hosts that want to know.
func (p *Printer) change(f func(*condition)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changeLocked(f)
}

// changeLocked is change with the lock held.
func (p *Printer) changeLocked(f func(*condition)) {
	f(&p.state)
	p.reportASB(false)
	p.flow()
	p.notify()
}

// stopped reports whether the head stands still. The lock is held.
func (p *Printer) stopped() bool {
	s := &p.state
	return s.off || s.booting || s.paperOut || s.coverOpen || s.button || s.hot || s.voltage || s.dead ||
		s.fault != faultNone
}

// offline reports what the printer says of itself. The lock is held.
func (p *Printer) offline() bool { return p.stopped() || p.state.selfTest }

// low is what the near-end sensor says, if there is one. The lock is held.
func (p *Printer) low() bool {
	return p.model.NearEndSensor && (p.state.paperLow || p.state.paperOut)
}

// SetPaperLow makes the near-end sensor report, on a model that has one.
func (p *Printer) SetPaperLow(low bool) { p.change(func(s *condition) { s.paperLow = low }) }

// SetPaperOut takes the paper away, or puts a new roll in. What hung out of the
// printer is a paper of its own then: see Scraps.
func (p *Printer) SetPaperOut(out bool) {
	p.change(func(s *condition) {
		if s.paperOut && !out {
			p.rolls++
		}
		s.paperOut, s.limited = out, false
		if !out {
			s.paperLow = false
		}
	})
}

// PaperOutAfter lets the paper run out when mm more have been moved, which may
// be in the middle of a ticket.
func (p *Printer) PaperOutAfter(mm float64) {
	p.change(func(s *condition) { s.limited, s.leftDots = true, int(mm*dotsPerMM) })
}

// SetCoverOpen opens or closes the cover.
func (p *Printer) SetCoverOpen(open bool) {
	p.change(func(s *condition) {
		s.interrupted = open && (s.interrupted || s.moving)
		s.coverOpen = open
	})
}

// SetFeedButton holds the feed button, which takes the printer off line, or
// lets it go, which moves the paper by a line.
func (p *Printer) SetFeedButton(held bool) {
	p.change(func(s *condition) {
		if s.button == held {
			return
		}
		s.button = held
		if !held {
			p.chores = append(p.chores, func(ctx context.Context) { p.feed(ctx, p.head.spacing) })
		}
	})
}

// SetCutterJam blocks the knife: the next cut fails and the printer stops.
// Freeing it is done by a person who also presses the button that lets the
// printer go on; see Free for one who does not.
func (p *Printer) SetCutterJam(jammed bool) {
	p.change(func(s *condition) {
		s.jammed = jammed
		if !jammed && s.fault == faultCutter {
			s.fault = faultNone
		}
	})
}

// SetPaperJam crumples the paper: the next line fails and the printer stops
// with a recoverable mechanical error. Freeing it is as for SetCutterJam.
func (p *Printer) SetPaperJam(jammed bool) {
	p.change(func(s *condition) {
		s.crumple = jammed
		if !jammed && s.fault == faultMechanical {
			s.fault = faultNone
		}
	})
}

// Free removes what blocks knife and paper and touches nothing else: an error
// that was noticed stays until the host sends DLE ENQ.
func (p *Printer) Free() {
	p.change(func(s *condition) { s.jammed, s.crumple = false, false })
}

// SetHeadHot overheats the head, for as long as it takes to cool down by itself.
func (p *Printer) SetHeadHot(d time.Duration) {
	p.change(func(s *condition) {
		s.hot = true
		p.later(d, func() { p.changeLocked(func(s *condition) { s.hot = false }) })
	})
}

// SetVoltageFault takes the supply out of its range, or brings it back.
func (p *Printer) SetVoltageFault(bad bool) { p.change(func(s *condition) { s.voltage = bad }) }

// SetUnrecoverable breaks the printer, or repairs it; neither the host nor the
// switch can.
func (p *Printer) SetUnrecoverable(broken bool) { p.change(func(s *condition) { s.dead = broken }) }

// SelfTest prints the sheet that a technician asks for. The printer is off line
// meanwhile.
func (p *Printer) SelfTest() {
	p.change(func(s *condition) {
		s.selfTest = true
		p.chores = append(p.chores, func(ctx context.Context) {
			p.printSelfTest(ctx)
			p.change(func(s *condition) { s.selfTest = false })
		})
	})
}

func (p *Printer) printSelfTest(ctx context.Context) {
	h := &p.head
	line, modes := h.line, h.modes
	h.line, h.modes = nil, initialModes(&p.model)
	for _, text := range []string{
		"SELF TEST", p.model.Maker + " " + p.model.Type, "Firmware " + p.model.Firmware,
		fmt.Sprintf("Buffer %d bytes, %d baud", p.model.BufferBytes, p.cfg.Baud),
	} {
		for _, r := range text {
			p.character(ctx, r)
		}
		p.printLine(ctx)
	}
	p.cut(ctx, EdgePartial, true, 0)
	h.line, h.modes = line, modes
}

// SetPower switches the printer off, where it is silent and forgets what it had
// received, or on, which takes the model's BootTime.
func (p *Printer) SetPower(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state.off == !on {
		return
	}
	if !on {
		p.forget()
		p.switchOff()
		return
	}
	p.boot()
}

// Unheard counts the questions for its status, ever, that came while it was without
// power or booting.
func (p *Printer) Unheard() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.unheard.questions
}

// switchOff leaves a dead printer. The lock is held.
func (p *Printer) switchOff() {
	p.state.off, p.state.booting, p.state.selfTest = true, false, false
	p.chores = nil
	p.power++
	p.flow()
	p.notify()
}

// forget throws away what was received and not yet executed. The lock is held.
func (p *Printer) forget() {
	p.queue, p.used, p.full = nil, 0, false
	p.frame = framer{model: &p.model}
	p.ear = ear{}
	p.life++
}

// boot begins to be switched on. The lock is held.
func (p *Printer) boot() {
	p.power++
	p.chores = nil
	s := &p.state
	s.off, s.booting, s.selfTest, s.hot = false, p.model.BootTime > 0, false, false
	if s.fault == faultCutter && !s.jammed || s.fault == faultMechanical && !s.crumple {
		s.fault = faultNone
	}
	p.asb = p.initialASB()
	p.wire.forget()
	p.flow()
	p.notify()
	if s.booting {
		p.later(p.model.BootTime, func() { p.changeLocked(func(s *condition) { s.booting = false }) })
	}
}

// initialASB is the mask at switching on.
func (p *Printer) initialASB() byte {
	if p.cfg.BusyOnlyWhenFull && p.model.AutomaticStatus {
		return asbOnline
	}
	return 0
}

// An alarm is something that happens at a byte from the host.
type alarm struct {
	at int // value of received
	f  func()
}

// AfterBytes calls f when n more bytes have been received, before the next one
// is. f may do anything to the printer.
func (p *Printer) AfterBytes(n int, f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alarms = append(p.alarms, alarm{p.received + max(n, 1), f})
}

// Received is how many bytes hosts have sent, ever.
func (p *Printer) Received() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.received
}
