package printer

import (
	"bytes"
	"time"
)

// wireFaults are what can be wrong between a printer's mind and its host.
type wireFaults struct {
	mute      bool
	delay     time.Duration
	breaksAt  int // value of Printer.received at which the line breaks; 0 never
	breaksOut int // bytes to the host until the line breaks; 0 never
	cut       int // the next answer that is longer loses what follows; 0 none
	intruder  []byte
	intrudeAt int
}

// forget ends what a new power-up mends.
func (w *wireFaults) forget() { w.cut, w.intruder = 0, nil }

func (p *Printer) setWire(f func(*wireFaults)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.wire)
}

// SetDeaf keeps the printer from answering anything, though it goes on to
// receive and to print.
func (p *Printer) SetDeaf(deaf bool) { p.setWire(func(w *wireFaults) { w.mute = deaf }) }

// SetAnswerDelay makes every answer late by d.
func (p *Printer) SetAnswerDelay(d time.Duration) { p.setWire(func(w *wireFaults) { w.delay = d }) }

// CutAnswer loses what follows the first n bytes of the next answer that is
// longer than that, such as an automatic status or a process id. 0 takes a cut
// back that has not come.
func (p *Printer) CutAnswer(n int) { p.setWire(func(w *wireFaults) { w.cut = max(n, 0) }) }

// Intrude puts b into the next answer that is longer than n bytes, after the
// first n of them, as flow control and real-time answers come.
func (p *Printer) Intrude(n int, b ...byte) {
	p.setWire(func(w *wireFaults) { w.intruder, w.intrudeAt = bytes.Clone(b), max(n, 1) })
}

// Say sends bytes that nobody asked for: noise, or what another device would
// say on this line.
func (p *Printer) Say(b ...byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.utter(bytes.Clone(b))
}

// UnplugAfter breaks the line when n more bytes have been received; the last of
// them is lost.
func (p *Printer) UnplugAfter(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wire.breaksAt = p.received + max(n, 1)
}

// UnplugAfterAnswers breaks the line when n more bytes have been sent to hosts;
// 0 takes back what has not come.
func (p *Printer) UnplugAfterAnswers(n int) {
	p.setWire(func(w *wireFaults) { w.breaksOut = max(n, 0) })
}

// distort is what becomes of an answer on its way: its bytes, how late they
// are, and whether the line breaks behind them.
func (p *Printer) distort(b []byte) (out []byte, delay time.Duration, broken bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := &p.wire
	if w.mute {
		return nil, 0, false
	}
	if w.cut > 0 && len(b) > w.cut {
		b, w.cut = b[:w.cut], 0
	}
	if w.intruder != nil && len(b) > w.intrudeAt {
		b = bytes.Join([][]byte{b[:w.intrudeAt], w.intruder, b[w.intrudeAt:]}, nil)
		w.intruder = nil
	}
	if w.breaksOut > 0 {
		if len(b) >= w.breaksOut {
			b, broken = b[:w.breaksOut], true
		}
		w.breaksOut = max(w.breaksOut-len(b), 0)
	}
	return b, time.Duration(float64(w.delay) / p.speed), broken
}
