package printer

import (
	"context"
	"io"
	"sync"
	"time"
)

// answersHeld bounds what waits to be sent to one host; more than that is lost,
// as in a real printer's transmit buffer.
const answersHeld = 128

// A conn is one host's line.
type conn struct {
	rw    io.ReadWriteCloser
	out   chan []byte
	clock time.Time
}

// Serve is one host's line, from now until it breaks or ctx ends; it closes rw.
func (p *Printer) Serve(ctx context.Context, rw io.ReadWriteCloser) error {
	c := &conn{rw: rw, out: make(chan []byte, answersHeld)}
	ctx, cancel := context.WithCancel(ctx)
	p.mu.Lock()
	p.conns[c] = struct{}{}
	p.mu.Unlock()

	// Closing frees the reader, and the writer of an answer that nobody reads.
	closed := make(chan struct{})
	context.AfterFunc(ctx, func() { rw.Close(); close(closed) })
	var writer sync.WaitGroup
	writer.Go(func() {
		p.answer(ctx, c)
		cancel()
	})
	p.listen(ctx, c)
	cancel()
	writer.Wait()
	<-closed

	p.mu.Lock()
	delete(p.conns, c)
	p.mu.Unlock()
	return nil
}

// answer sends what the printer says, at the speed of the wire.
func (p *Printer) answer(ctx context.Context, c *conn) {
	var clock time.Time
	for {
		select {
		case b := <-c.out:
			b, delay, broken := p.distort(b)
			if delay > 0 && !sleep(ctx, delay) {
				return
			}
			if !p.onWire(ctx, &clock, len(b)) {
				return
			}
			if _, err := c.rw.Write(b); err != nil || broken {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// listen takes what the host sends, at the speed of the wire.
func (p *Printer) listen(ctx context.Context, c *conn) {
	buf := make([]byte, 256)
	for {
		n, err := c.rw.Read(buf)
		for _, b := range buf[:n] {
			if !p.open(ctx) || !p.onWire(ctx, &c.clock, 1) || !p.receive(b) {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// open waits until the line takes bytes; false when ctx has ended.
func (p *Printer) open(ctx context.Context) bool {
	return !p.cfg.HoldLine || p.wait(ctx, func() bool { return !p.busy })
}

// onWire lets the time of n bytes pass.
func (p *Printer) onWire(ctx context.Context, clock *time.Time, n int) bool {
	if p.cfg.Baud <= 0 {
		return ctx.Err() == nil
	}
	p.mu.Lock()
	d := time.Duration(float64(n) * 10 / float64(p.cfg.Baud) / p.speed * float64(time.Second))
	p.mu.Unlock()
	now := time.Now()
	if clock.Before(now) {
		*clock = now
	}
	*clock = clock.Add(d)
	// Below a millisecond the operating system sleeps too long.
	if ahead := clock.Sub(now); ahead >= time.Millisecond {
		return sleep(ctx, ahead)
	}
	return ctx.Err() == nil
}

// receive takes one byte; false when the line breaks with it.
func (p *Printer) receive(b byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.received++
	if p.wire.breaksAt > 0 && p.received >= p.wire.breaksAt {
		p.wire.breaksAt = 0
		return false
	}
	p.take(b)
	p.ring()
	return true
}

// take is what the printer does with a byte. The lock is held.
func (p *Printer) take(b byte) {
	if p.state.off || p.state.booting {
		if p.unheard.last == dle && b == 0x04 { // DLE EOT
			p.unheard.questions++
		}
		p.unheard.last = b
		return
	}
	between := p.frame.betweenCommands(b)
	life := p.life
	if cmd, inside := p.ear.hear(b, len(p.frame.pending) > 0); cmd != nil {
		if inside {
			p.complain("real-time command % X inside another command", cmd[1:])
		}
		p.realTime(cmd)
		if p.life != life {
			return // thrown away, this byte too
		}
	}
	if !between && p.used >= p.model.BufferBytes {
		p.complain("byte %02X lost: receive buffer full", b)
		return
	}
	p.keepByte(b)
}

// keepByte puts a byte into the receive buffer. The lock is held.
func (p *Printer) keepByte(b byte) {
	eaten := p.hungry && !p.stopped() && !p.state.selfTest && len(p.queue) == 0
	if !eaten {
		p.used++
	}
	p.frame.push(b, eaten, func(t token) {
		if t.raw[0] == dle && len(t.raw) > 1 {
			p.used -= t.held // executed on arrival
			return
		}
		p.queue = append(p.queue, t)
		p.notify()
	})
	p.flow()
}

// ring calls the alarms that are due, without the lock. It is taken again.
func (p *Printer) ring() {
	var due []func()
	rest := p.alarms[:0]
	for _, a := range p.alarms {
		if p.received >= a.at {
			due = append(due, a.f)
		} else {
			rest = append(rest, a)
		}
	}
	p.alarms = rest
	if len(due) == 0 {
		return
	}
	p.mu.Unlock()
	for _, f := range due {
		f()
	}
	p.mu.Lock()
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

// say sends an answer to whoever is on the line now: a printer does not know
// that its host was unplugged in between. The lock is held.
func (p *Printer) say(b ...byte) {
	if p.state.off || p.state.booting || p.model.IsRaw() {
		return
	}
	p.utter(b)
}

// utter is say for what no printer decided to say. The lock is held.
func (p *Printer) utter(b []byte) {
	for c := range p.conns {
		select {
		case c.out <- b:
		default:
			p.complain("answers are not read by the host")
		}
	}
}
