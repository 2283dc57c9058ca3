package main

import (
	"context"
	"io"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"

	"eliminacode/device/escpos"
)

// A ttyWire is a serial port as the kernel has it: it takes a whole ticket at
// once, and the printer gets it byte by byte. At a chosen byte of the next
// ticket something happens.
type ttyWire struct {
	near, far net.Conn

	mu       sync.Mutex
	pending  []byte
	more     chan struct{} // holds one: something is pending, or the end
	closed   bool
	armed    bool
	at       int // bytes of the next ticket until strike
	strikeIn int // bytes of pending until strike; -1 for never
	strike   func()
	begun    chan []byte // told each ticket as it begins; holds one
}

// leastTicket is longer than any question and shorter than any ticket.
const leastTicket = 64

func newTTY() *ttyWire {
	near, far := net.Pipe()
	return &ttyWire{near: near, far: far, more: make(chan struct{}, 1), strikeIn: -1, begun: make(chan []byte, 1)}
}

// arm lets f happen when n bytes of the next ticket have reached the printer.
func (w *ttyWire) arm(n int, f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed, w.at, w.strike = true, n, f
}

func (w *ttyWire) Read(p []byte) (int, error) {
	n, err := w.near.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}

func (w *ttyWire) SetWriteDeadline(time.Time) error { return nil }

func (w *ttyWire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return 0, syscall.EIO
	}
	if len(p) >= leastTicket {
		select {
		case w.begun <- slices.Clone(p):
		default:
		}
		if w.armed {
			w.armed, w.strikeIn = false, len(w.pending)+w.at
		}
	}
	w.pending = append(w.pending, p...)
	w.wake()
	return len(p), nil
}

func (w *ttyWire) wake() {
	select {
	case w.more <- struct{}{}:
	default:
	}
}

// Close is pulling the plug, by either side: what is on its way is gone.
func (w *ttyWire) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.closed, w.pending = true, nil
		w.near.Close()
		w.wake()
	}
	return nil
}

// carry moves bytes to the printer until the plug is pulled.
func (w *ttyWire) carry() {
	for {
		w.mu.Lock()
		due, ended := w.strikeIn == 0, w.closed
		var next []byte
		switch {
		case due:
			w.strikeIn = -1
		case len(w.pending) > 0:
			next, w.pending = w.pending[:1:1], w.pending[1:]
			w.strikeIn = max(w.strikeIn-1, -1)
		}
		w.mu.Unlock()
		switch {
		case ended:
			return
		case due:
			// The printer has the byte before: the time of one has passed.
			time.Sleep(2 * time.Millisecond)
			w.strike()
		case next == nil:
			<-w.more
		default:
			if _, err := w.near.Write(next); err != nil {
				w.Close()
			}
		}
	}
}

// A port is where the wire is plugged in.
type port struct {
	mu        sync.Mutex
	wire      *ttyWire
	unplugged bool
	serve     func(net.Conn)
	all       *sync.WaitGroup
}

func (p *port) open(context.Context) (escpos.Line, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.unplugged {
		return nil, syscall.ENOENT
	}
	w := newTTY()
	p.wire = w
	p.all.Go(w.carry)
	p.all.Go(func() { p.serve(w.far) })
	return w, nil
}

func (p *port) now() *ttyWire {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.wire
}

func (p *port) plug(in bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unplugged = !in
	if !in && p.wire != nil {
		p.wire.Close()
	}
}
