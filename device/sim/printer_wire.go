package sim

import (
	"context"
	"io"
	"sync"
	"time"
)

// Thresholds of the receive buffer, free bytes, as real ones have them.
const (
	busyBelow  = 128
	readyAbove = 256
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
			if !p.onWire(ctx, &clock, len(b)) {
				return
			}
			if _, err := c.rw.Write(b); err != nil {
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
		if p.cfg.HoldLine && !p.wait(ctx, func() bool { return p.cfg.BufferBytes-p.used > busyBelow }) {
			return
		}
		n, err := c.rw.Read(buf)
		for _, b := range buf[:n] {
			if !p.onWire(ctx, &c.clock, 1) || !p.receive(b) {
				return
			}
		}
		if err != nil {
			return
		}
	}
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
	if p.unplugAt > 0 && p.received >= p.unplugAt {
		p.unplugAt = 0
		return false
	}
	if p.state.off {
		return true
	}
	if n, op, inside := p.frame.realTime(b); op != 0 {
		if inside {
			p.complain("real-time command %02X %02X inside another command", op, n)
		}
		p.realTime(op, n)
	}
	if !p.frame.inRealTime(b) && p.used >= p.cfg.BufferBytes {
		p.complain("byte %02X lost: receive buffer full", b)
		return true
	}
	before := len(p.frame.pending)
	raw, ok := p.frame.push(b)
	switch {
	case ok && raw[0] == 0x10:
		// Executed on arrival; what was counted for it is given back.
		p.used -= before
	case ok:
		p.used++
		p.queue = append(p.queue, token{raw: raw})
		p.notify()
	default:
		p.used++
	}
	p.flow()
	return true
}

// flow says XOFF and XON as the buffer fills and drains. The lock is held.
func (p *Printer) flow() {
	free := p.cfg.BufferBytes - p.used
	switch {
	case !p.busy && free <= busyBelow:
		p.busy = true
		p.sayFlow(0x13)
	case p.busy && free >= min(readyAbove, p.cfg.BufferBytes):
		p.busy = false
		p.sayFlow(0x11)
	}
}

func (p *Printer) sayFlow(b byte) {
	if !p.cfg.XonXoff {
		return
	}
	p.say(b)
}

// say sends an answer to whoever is on the line now: a printer does not know
// that its host was unplugged in between. The lock is held.
func (p *Printer) say(b ...byte) {
	if p.state.off {
		return
	}
	for c := range p.conns {
		select {
		case c.out <- b:
		default:
			p.complain("answers are not read by the host")
		}
	}
}
