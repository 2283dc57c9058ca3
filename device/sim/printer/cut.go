package printer

import "context"

// cut ends a ticket where the knife stands, which is some way behind the head:
// what was printed last stays in the printer, unless feedFirst brings it and
// extra dots past the knife. A jammed knife stops the printer with the ticket
// uncut.
func (p *Printer) cut(ctx context.Context, edge Edge, feedFirst bool, extra int) {
	p.flush(ctx)
	if feedFirst {
		p.feed(ctx, p.model.CutterGapDots+extra)
	}
	p.cutRow(ctx, edge, p.head.paper.height-p.model.CutterGapDots)
}

// cutRow lets the knife fall on a row of the paper.
func (p *Printer) cutRow(ctx context.Context, edge Edge, row int) {
	h := &p.head
	if !p.model.Cutter() {
		p.blame("cut without a cutter")
		return
	}
	if !p.knife(ctx) || row <= 0 {
		return
	}
	ticket := h.paper.tear(row, edge)
	if len(ticket.Items) == 0 {
		return // a cut through blank paper is no ticket
	}
	ticket.Bytes = h.bytes
	h.bytes = 0
	ticket = p.keep(ticket)
	if p.model.EjectorStepMM > 0 {
		p.mu.Lock()
		p.mouth.load(ticket)
		p.mu.Unlock()
	}
}

// knife moves it, and waits while it is jammed; false when the cut is forgotten.
func (p *Printer) knife(ctx context.Context) bool {
	h := &p.head
	for {
		p.mu.Lock()
		jammed, same := p.state.jammed, p.life == h.life && p.power == h.power
		if jammed && same {
			p.changeLocked(func(s *condition) { s.fault = faultCutter })
		}
		p.mu.Unlock()
		if !same {
			return false
		}
		if !jammed {
			return true
		}
		if !p.wait(ctx, func() bool { return !p.stopped() || p.life != h.life || p.power != h.power }) {
			return false
		}
	}
}
