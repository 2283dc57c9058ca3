package sim

// realTime executes DLE EOT and DLE ENQ on arrival. The lock is held.
func (p *Printer) realTime(op, n byte) {
	if op == 0x05 {
		// Recovery: 1 goes on from the failed line, 2 forgets everything.
		if p.state.stuck && !p.state.jammed {
			p.state.stuck = false
		}
		if n == 2 {
			p.queue, p.used = nil, 0
			p.life++
		}
		p.notify()
		return
	}
	switch n {
	case 1, 2, 3, 4:
		p.say(p.statusByte(n))
	case 20:
		if p.cfg.FullStatus {
			p.say(p.fullStatus()...)
		}
	}
}

func bits(base byte, set ...any) byte {
	for i := 0; i < len(set); i += 2 {
		if set[i].(bool) {
			base |= byte(set[i+1].(int))
		}
	}
	return base
}

// statusByte is the answer to DLE EOT n: bits 1 and 4 are always set.
func (p *Printer) statusByte(n byte) byte {
	s := &p.state
	switch n {
	case 1:
		return bits(0x12, p.stopped(), 0x08)
	case 2:
		return bits(0x12, s.coverOpen, 0x04, s.paperOut, 0x20, s.stuck, 0x40)
	case 3:
		return bits(0x12, s.stuck, 0x08)
	default:
		return bits(0x12, s.paperLow || s.paperOut, 0x0c, s.paperOut, 0x60)
	}
}

// fullStatus is the answer of Custom and Pyramid to DLE EOT 20.
func (p *Printer) fullStatus() []byte {
	s := &p.state
	return []byte{
		0x10, 0x0f,
		bits(0, s.paperOut, 0x01, s.paperLow || s.paperOut, 0x04),
		bits(0, s.coverOpen, 0x02, len(p.queue) > 0, 0x04, s.moving, 0x08),
		0,
		bits(0, s.stuck, 0x01),
	}
}

// paperByte is the answer to GS r 1.
func (p *Printer) paperByte() byte {
	return bits(0, p.state.paperLow || p.state.paperOut, 0x03, p.state.paperOut, 0x0c)
}

// automatic is the frame of GS a.
func (p *Printer) automatic() [4]byte {
	s := &p.state
	return [4]byte{
		bits(0x10, p.stopped(), 0x08, s.coverOpen, 0x20),
		bits(0, s.stuck, 0x08),
		p.paperByte(),
		0,
	}
}

// reportASB sends the automatic status to hosts that asked for it, when it has
// changed, or at once. The lock is held.
func (p *Printer) reportASB(always bool) {
	frame := p.automatic()
	if frame == p.lastASB && !always {
		return
	}
	p.lastASB = frame
	if p.asb != 0 {
		p.say(frame[:]...)
	}
}
