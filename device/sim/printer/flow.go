package printer

// Flow control characters.
const (
	xon  = 0x11
	xoff = 0x13
)

// thresholds are the free bytes below which a receive buffer of this size makes
// its printer busy, and above which it is ready again: those of 4 KiB and of
// the 45-byte mode in the TM-T88's specification.
func thresholds(size int) (busy, ready int) {
	if size < 256 {
		return 16, 26
	}
	return 128, 256
}

// flow brings the busy line up to date with buffer and state, and says XOFF and
// XON with it. While the printer stays busy neither is said again, so a host
// that lost one waits for ever. The lock is held.
func (p *Printer) flow() {
	busy, ready := thresholds(p.model.BufferBytes)
	switch free := p.model.BufferBytes - p.used; {
	case free <= busy:
		p.full = true
	case free >= min(ready, p.model.BufferBytes):
		p.full = false
	}
	now := p.full || p.state.off || p.state.booting || !p.cfg.BusyOnlyWhenFull && p.offline()
	if now == p.busy {
		return
	}
	p.busy = now
	if p.cfg.XonXoff {
		if now {
			p.say(xoff)
		} else {
			p.say(xon)
		}
	}
	for _, f := range p.onBusy {
		f(now)
	}
	p.notify()
}

// Busy is the line on which the printer says that it wants no more bytes: DTR
// at MARK, which a crossed cable brings to the host's DSR, and to its CTS in
// HoldLine's wiring. A printer without power is busy, too.
func (p *Printer) Busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.busy
}

// OnBusy calls f with every change of the busy line. f must not block and must
// not call the printer.
func (p *Printer) OnBusy(f func(busy bool)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.onBusy = append(p.onBusy, f)
}
