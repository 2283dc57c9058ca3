package printer

import (
	"context"
	"slices"
	"time"
)

// papers is what came out of the printer.
type papers struct {
	tickets []Ticket
	scraps  []Ticket
	cuts    int
	subs    map[int]func(Ticket)
	nextSub int
	tears   int // a person wants to tear off what hangs out
}

// keepLast appends and forgets the oldest beyond most.
func keepLast(list []Ticket, t Ticket, most int) []Ticket {
	list = append(list, t)
	if over := len(list) - most; over > 0 {
		list = slices.Delete(list, 0, over)
	}
	return list
}

// keepScrap remembers a piece of paper that is no whole ticket. The lock is held.
func (ps *papers) keepScrap(t Ticket, bytes, most int) {
	if len(t.Items) == 0 {
		return
	}
	t.At, t.Bytes = time.Now(), bytes
	ps.scraps = keepLast(ps.scraps, t, most)
}

// Tickets are the last ones that were cut, or torn off whole where there is no
// cutter, oldest first. See Scraps for the rest of the paper.
func (p *Printer) Tickets() []Ticket {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.papers.tickets)
}

// Scraps are the last pieces of paper that did not end as a ticket does: what
// hung out when the roll ended, and what was torn off in the middle of printing.
func (p *Printer) Scraps() []Ticket {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.papers.scraps)
}

// Cuts is how many tickets were cut or torn off whole, ever.
func (p *Printer) Cuts() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.papers.cuts
}

// Subscribe calls f for every one of Tickets as it comes, from the head's
// goroutine, until cancel is called. f must not block.
func (p *Printer) Subscribe(f func(Ticket)) (cancel func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := p.papers.nextSub
	p.papers.nextSub++
	p.papers.subs[id] = f
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.papers.subs, id)
	}
}

// keep remembers a ticket and tells the subscribers.
func (p *Printer) keep(t Ticket) Ticket {
	p.mu.Lock()
	t, call := p.keepLocked(t)
	p.mu.Unlock()
	for _, f := range call {
		f(t)
	}
	return t
}

func (p *Printer) keepLocked(t Ticket) (Ticket, []func(Ticket)) {
	p.papers.cuts++
	t.Seq, t.At = p.papers.cuts, time.Now()
	p.papers.tickets = keepLast(p.papers.tickets, t, p.cfg.Keep)
	var call []func(Ticket)
	for _, f := range p.papers.subs {
		call = append(call, f)
	}
	p.notify()
	return t, call
}

// Tear is a person who tears off what hangs out, at the bar or knife. It is a
// ticket when the printer was at rest and has no cutter, else a scrap; the head
// notices when it next rests.
func (p *Printer) Tear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.papers.tears++
	p.notify()
}

// tearOff is Tear as the head sees it. The lock is held.
func (p *Printer) tearOff() {
	h := &p.head
	t := h.paper.tear(h.paper.height-p.model.CutterGapDots, EdgeTorn)
	if len(t.Items) == 0 {
		return
	}
	atRest := len(p.queue) == 0 && len(p.frame.pending) == 0 && len(h.line) == 0
	if p.model.Cutter() || !atRest || t.Broken {
		t.Broken = true
		p.papers.keepScrap(t, h.bytes, p.cfg.Keep)
		return
	}
	t.Bytes = h.bytes
	h.bytes = 0
	t, call := p.keepLocked(t)
	if len(call) > 0 {
		p.chores = append(p.chores, func(context.Context) {
			for _, f := range call {
				f(t)
			}
		})
	}
}
