package printer

import (
	"context"
	"time"
)

// A mouth is the presenter of a kiosk printer: a loop where the cut ticket
// waits, and the slot where a person takes it.
type mouth struct {
	inside    *Ticket
	held      *Ticket // between the rollers, in reach of a person
	presented int     // counts presentations, for their timeouts
	retracted []Ticket
}

// load puts a cut ticket into the loop; one that is still there is pushed out.
func (m *mouth) load(t Ticket) {
	m.inside, m.held = &t, nil
}

// present brings the ticket from the loop into the slot.
func (m *mouth) present() {
	m.presented++
	if m.inside != nil {
		m.inside, m.held = nil, m.inside
	}
}

// ejectorMMPerSecond is how fast the rollers turn.
const ejectorMMPerSecond = 200

// executeEjector is GS e.
func (p *Printer) executeEjector(ctx context.Context, raw []byte) {
	switch raw[2] {
	case 2:
		p.retract()
	case 3:
		if p.model.PresentCuts {
			p.cut(ctx, EdgeCut, false, 0)
		}
		p.present(ctx, raw[3], p.cfg.RetractAfter)
	case 5:
		p.turnEjector(ctx, 50)
		p.mu.Lock()
		p.mouth.inside, p.mouth.held = nil, nil // on the floor
		p.mu.Unlock()
	default:
		p.unknown(raw)
	}
}

// present holds the ticket out by steps, and takes it back after a while that
// is not 0.
func (p *Printer) present(ctx context.Context, steps byte, within time.Duration) {
	if !p.turnEjector(ctx, float64(steps)*p.model.EjectorStepMM) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mouth.present()
	if within <= 0 {
		return
	}
	which := p.mouth.presented
	p.later(within, func() {
		if p.mouth.presented == which && p.mouth.held != nil {
			p.retractLocked()
		}
	})
}

// turnEjector moves the rollers by mm.
func (p *Printer) turnEjector(ctx context.Context, mm float64) bool {
	return p.pause(ctx, time.Duration(mm/ejectorMMPerSecond*float64(time.Second)))
}

func (p *Printer) retract() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.retractLocked()
}

func (p *Printer) retractLocked() {
	m := &p.mouth
	if !p.model.Retracts {
		p.complain("retraction is not enabled")
		return
	}
	t := m.held
	if t == nil {
		t = m.inside
	}
	m.inside, m.held = nil, nil
	if t == nil {
		return
	}
	m.retracted = keepLast(m.retracted, *t, p.cfg.Keep)
	p.notify()
}

// InMouth is the ticket that a person could take now.
func (p *Printer) InMouth() (Ticket, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mouth.held == nil {
		return Ticket{}, false
	}
	return *p.mouth.held, true
}

// TakeTicket is a person who takes the ticket from the mouth.
func (p *Printer) TakeTicket() (Ticket, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mouth.held == nil {
		return Ticket{}, false
	}
	t := *p.mouth.held
	p.mouth.held = nil
	p.notify()
	return t, true
}

// Retracted are the last tickets that nobody took and the printer drew back,
// oldest first.
func (p *Printer) Retracted() []Ticket {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Ticket(nil), p.mouth.retracted...)
}
