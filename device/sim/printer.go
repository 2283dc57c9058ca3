package sim

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// A PrinterConfig says what model is simulated. The zero value is an 80 mm
// printer with everything, on an infinitely fast line.
type PrinterConfig struct {
	HeadDots    int     // 576 when 0; 384 for 58 mm paper
	Baud        int     // speed of the wire in bit/s, ten bits a byte; 0 is unlimited
	MMPerSecond float64 // speed of the paper; 150 when 0
	BufferBytes int     // receive buffer; 4096 when 0
	Speed       float64 // all times are divided by this; 1 when 0
	Keep        int     // cut tickets to remember; 50 when 0

	NoProcessID bool // does not know GS ( H
	NoExecuted  bool // does not answer GS r
	NoASB       bool // does not know GS a
	NoQR        bool // does not draw QR codes
	FullStatus  bool // answers DLE EOT 20 with six bytes, as Custom does
	XonXoff     bool // says 13 when its buffer fills and 11 when it drains
	HoldLine    bool // stops reading when its buffer fills, as RTS/CTS would
}

// dotsPerMM is the resolution of a 203 dpi head.
const dotsPerMM = 8

// maxComplaints bounds the record; the first ones matter most.
const maxComplaints = 100

// A Printer is the simulated printer. Make it with NewPrinter.
type Printer struct {
	cfg PrinterConfig

	mu         sync.Mutex
	changed    chan struct{} // closed and replaced at every change
	speed      float64
	queue      []token // received, not yet executed
	used       int     // bytes of the receive buffer in use
	busy       bool    // said XOFF
	frame      framer
	asb        byte // mask of GS a; 0 is silent
	state      condition
	life       int // counts switchings on; an older command is forgotten
	conns      map[*conn]struct{}
	tickets    []Ticket
	cuts       int
	complaints []string
	subs       map[int]func(Ticket)
	nextSub    int
	received   int // bytes, ever
	unplugAt   int // value of received at which the line breaks; 0 never
	lastASB    [4]byte

	head head // belongs to Run
}

// condition is what a person can do to a printer.
type condition struct {
	off       bool
	paperLow  bool
	paperOut  bool
	coverOpen bool
	jammed    bool // the knife would not move; noticed at the next cut
	stuck     bool // a cut has failed
	limited   bool // paper runs out after leftDots
	leftDots  int
	moving    bool
}

// NewPrinter makes a printer that is switched on, full of paper and closed.
func NewPrinter(cfg PrinterConfig) *Printer {
	if cfg.HeadDots <= 0 {
		cfg.HeadDots = 576
	}
	if cfg.MMPerSecond <= 0 {
		cfg.MMPerSecond = 150
	}
	if cfg.BufferBytes <= 0 {
		cfg.BufferBytes = 4096
	}
	if cfg.Speed <= 0 {
		cfg.Speed = 1
	}
	if cfg.Keep <= 0 {
		cfg.Keep = 50
	}
	p := &Printer{
		cfg:     cfg,
		changed: make(chan struct{}),
		speed:   cfg.Speed,
		conns:   make(map[*conn]struct{}),
		subs:    make(map[int]func(Ticket)),
	}
	p.head.reset(cfg.HeadDots)
	return p
}

// Run is the print head: it executes what was received, until ctx ends.
func (p *Printer) Run(ctx context.Context) error {
	for {
		var t token
		var life int
		if !p.wait(ctx, func() bool {
			if p.stopped() || len(p.queue) == 0 {
				return false
			}
			t, life = p.queue[0], p.life
			p.queue = p.queue[1:]
			return true
		}) {
			return nil
		}
		if life != p.head.life {
			p.head.reset(p.cfg.HeadDots)
			p.head.life = life
		}
		p.execute(ctx, t)
		p.release(len(t.raw), life)
	}
}

// wait blocks until ready, called with the lock held, says so; false when ctx
// has ended.
func (p *Printer) wait(ctx context.Context, ready func() bool) bool {
	for {
		p.mu.Lock()
		ok, changed := ready(), p.changed
		p.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// notify wakes whoever waits. The lock is held.
func (p *Printer) notify() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// change alters the condition and reports it to hosts that want to know.
func (p *Printer) change(f func(*condition)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.state)
	p.reportASB(false)
	p.notify()
}

// stopped reports whether the head stands still. The lock is held.
func (p *Printer) stopped() bool {
	s := &p.state
	return s.off || s.paperOut || s.coverOpen || s.stuck
}

// SetSpeed divides all times by factor from now on.
func (p *Printer) SetSpeed(factor float64) {
	if factor <= 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.speed = factor
}

// SetPaperLow makes the near-end sensor report.
func (p *Printer) SetPaperLow(low bool) { p.change(func(s *condition) { s.paperLow = low }) }

// SetPaperOut takes the paper away, or puts a new roll in.
func (p *Printer) SetPaperOut(out bool) {
	p.change(func(s *condition) {
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
func (p *Printer) SetCoverOpen(open bool) { p.change(func(s *condition) { s.coverOpen = open }) }

// SetCutterJam blocks the knife: the next cut fails and the printer stops.
// Freeing it lets the printer go on.
func (p *Printer) SetCutterJam(jammed bool) {
	p.change(func(s *condition) {
		s.jammed = jammed
		if !jammed {
			s.stuck = false
		}
	})
}

// SetPower switches the printer off, where it is silent and forgets what it had
// received, or on again.
func (p *Printer) SetPower(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state.off == !on {
		return
	}
	p.state.off = !on
	p.state.stuck = p.state.stuck && p.state.jammed
	p.queue, p.used, p.busy = nil, 0, false
	p.life++
	p.asb = 0
	p.frame = framer{}
	p.notify()
}

// UnplugAfter breaks the line when n more bytes have been received.
func (p *Printer) UnplugAfter(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unplugAt = p.received + max(n, 1)
}

// Received is how many bytes hosts have sent, ever.
func (p *Printer) Received() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.received
}

// Tickets are the last ones that were cut, oldest first.
func (p *Printer) Tickets() []Ticket {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.tickets)
}

// Cuts is how many tickets were cut, ever.
func (p *Printer) Cuts() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cuts
}

// Subscribe calls f for every ticket that is cut, from the head's goroutine,
// until cancel is called. f must not block.
func (p *Printer) Subscribe(f func(Ticket)) (cancel func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := p.nextSub
	p.nextSub++
	p.subs[id] = f
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.subs, id)
	}
}

// Complaints are what hosts did wrong, the first hundred.
func (p *Printer) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.complaints)
}

// complain records a mistake of the host. The lock is held.
func (p *Printer) complain(format string, args ...any) {
	if len(p.complaints) < maxComplaints {
		p.complaints = append(p.complaints, fmt.Sprintf(format, args...))
	}
}

// release gives executed bytes back to the receive buffer.
func (p *Printer) release(n, life int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if life != p.life {
		return
	}
	p.used = max(p.used-n, 0)
	p.flow()
	p.notify()
}

// keep remembers a cut ticket and tells the subscribers.
func (p *Printer) keep(t Ticket) {
	p.mu.Lock()
	p.cuts++
	t.Seq = p.cuts
	p.tickets = append(p.tickets, t)
	if over := len(p.tickets) - p.cfg.Keep; over > 0 {
		p.tickets = slices.Delete(p.tickets, 0, over)
	}
	var call []func(Ticket)
	for _, f := range p.subs {
		call = append(call, f)
	}
	p.notify()
	p.mu.Unlock()
	for _, f := range call {
		f(t)
	}
}

// move lets the paper travel by dots at the head's speed. It waits while the
// printer is stopped, and reports false when the work is forgotten: switched
// off, or ctx ended.
func (p *Printer) move(ctx context.Context, dots int) bool {
	if dots <= 0 {
		return true
	}
	var pause time.Duration
	forgotten := false
	if !p.wait(ctx, func() bool {
		if p.life != p.head.life {
			forgotten = true
			return true
		}
		if p.stopped() {
			return false
		}
		if p.state.limited && p.state.leftDots < dots {
			p.state.limited, p.state.paperOut, p.state.paperLow = false, true, true
			p.reportASB(false)
			p.notify()
			return false
		}
		p.state.leftDots -= dots
		p.state.moving = true
		pause = time.Duration(float64(dots) / dotsPerMM / p.cfg.MMPerSecond / p.speed * float64(time.Second))
		return true
	}) || forgotten {
		return false
	}
	// Short moves add up, because the operating system cannot sleep for less.
	p.head.owed += pause
	if p.head.owed >= time.Millisecond {
		ok := sleep(ctx, p.head.owed)
		p.head.owed = 0
		if !ok {
			return false
		}
	}
	p.mu.Lock()
	p.state.moving = false
	same := p.life == p.head.life
	p.mu.Unlock()
	return same
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
