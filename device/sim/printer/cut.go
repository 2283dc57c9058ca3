package printer

import "context"

// cut ends a ticket where the knife stands, which is some way behind the head:
// what was printed last stays in the printer, unless feedFirst brings it and
// extra dots past the knife. A jammed knife stops the printer with the ticket
// uncut.
func (p *Printer) cut(ctx context.Context, edge Edge, feedFirst bool, extra int) {
	if p.head.sheet != nil {
		p.blame("cut in page mode")
		return
	}
	p.flush(ctx)
	if feedFirst {
		p.feed(ctx, p.model.CutterGapDots+extra)
	}
	p.cutRow(ctx, edge, p.head.paper.height-p.model.CutterGapDots)
	if p.head.pullBack {
		p.head.paper.pullBack()
	}
}

// presetCut is GS V 97 and 98: this place, and extra dots, will be cut when it
// reaches the knife.
func (p *Printer) presetCut(ctx context.Context, edge Edge, extra int) {
	p.flush(ctx)
	p.head.cutAt, p.head.cutEdge = p.head.paper.height+extra, edge
	p.cutWhenThereIn(ctx)
}

// cutWhenThere cuts what GS V 97 has marked, once it has come to the knife.
func (p *Printer) cutWhenThere() { p.cutWhenThereIn(context.Background()) }

func (p *Printer) cutWhenThereIn(ctx context.Context) {
	h := &p.head
	if at := h.cutAt; at > 0 && h.paper.height-p.model.CutterGapDots >= at {
		h.cutAt = 0
		p.cutRow(ctx, h.cutEdge, at)
	}
}

// cutRow lets the knife fall on a row of the paper.
func (p *Printer) cutRow(ctx context.Context, edge Edge, row int) {
	h := &p.head
	if !p.model.Cutter {
		p.blame("cut without a cutter")
		return
	}
	if !p.knife(ctx) || row <= 0 {
		return
	}
	ticket := h.paper.tear(row, edge)
	h.cutAt = max(h.cutAt-row, 0)
	p.count(&p.counters.cuts)
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
