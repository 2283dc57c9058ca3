package printer

func bits(base byte, set ...any) byte {
	for i := 0; i < len(set); i += 2 {
		if set[i].(bool) {
			base |= byte(set[i+1].(int))
		}
	}
	return base
}

// fixedBits are those that every real-time answer has, unless the model is
// loose.
const fixedBits = 0x12

// answerRealTime answers DLE EOT n. The lock is held.
func (p *Printer) answerRealTime(n byte) {
	switch {
	case n >= 1 && n <= 4:
		b := p.statusByte(n)
		if !p.model.StrictStatusBits {
			b &^= fixedBits
		}
		p.say(b)
	case n == 20 && p.model.FullStatus:
		p.say(p.fullStatus()...)
	default:
		p.complain("unknown command 10 04 %02X", n)
	}
}

// statusByte is the answer to DLE EOT n with its fixed bits. The lock is held.
func (p *Printer) statusByte(n byte) byte {
	s := &p.state
	recovering := s.fault != faultNone && !p.blocked()
	stuck := s.fault != faultNone || s.hot || s.interrupted || s.voltage || s.dead
	switch n {
	case 1:
		return bits(fixedBits, p.offline(), 0x08, recovering, 0x20, s.button, 0x40)
	case 2:
		return bits(fixedBits, s.coverOpen, 0x04, s.button, 0x08, s.paperOut, 0x20, stuck, 0x40)
	case 3:
		return bits(fixedBits, s.fault == faultMechanical, 0x04, s.fault == faultCutter, 0x08,
			s.dead || s.voltage, 0x20, s.hot || s.interrupted, 0x40)
	}
	return bits(fixedBits, p.low(), 0x0c, s.paperOut, 0x60)
}

// blocked reports whether the cause of the fault is still there. The lock is
// held.
func (p *Printer) blocked() bool {
	s := &p.state
	return s.fault == faultCutter && s.jammed || s.fault == faultMechanical && s.crumple
}

// fullStatus is the answer of Custom and Pyramid to DLE EOT 20. The lock is held.
func (p *Printer) fullStatus() []byte {
	s := &p.state
	return []byte{
		0x10, 0x0f,
		bits(0, s.paperOut, 0x01, p.low(), 0x04, p.mouth.held != nil, 0x20),
		bits(0, s.coverOpen, 0x03, len(p.queue) > 0, 0x04, s.moving, 0x08, s.button, 0x20),
		bits(0, s.hot || s.interrupted, 0x01, s.voltage, 0x08, s.fault == faultMechanical, 0x40),
		bits(0, s.fault == faultCutter, 0x01, s.dead, 0x04),
	}
}

// paperByte is the answer to GS r 1. The lock is held.
func (p *Printer) paperByte() byte { return bits(0, p.low(), 0x03, p.state.paperOut, 0x0c) }

// Groups of automatic status, as GS a names them.
const (
	asbOnline = 0x02
	asbError  = 0x04
	asbPaper  = 0x08
	asbButton = 0x40
)

// automatic is the frame of GS a. The lock is held.
func (p *Printer) automatic() [4]byte {
	s := &p.state
	return [4]byte{
		bits(0x10, p.offline(), 0x08, s.coverOpen, 0x20, s.button, 0x40),
		bits(0, s.fault != faultNone && !p.blocked(), 0x01, s.button, 0x02, s.fault == faultMechanical, 0x04,
			s.fault == faultCutter, 0x08, s.dead || s.voltage, 0x20, s.hot || s.interrupted, 0x40),
		p.paperByte(),
		0,
	}
}

// asbChanges are the groups in which two frames differ.
func asbChanges(a, b [4]byte) byte {
	return bits(0,
		(a[0]^b[0])&0x28 != 0, asbOnline,
		(a[1]^b[1])&0x6d != 0, asbError,
		(a[2]^b[2])&0x0f != 0, asbPaper,
		(a[0]^b[0])&0x40 != 0 || (a[1]^b[1])&0x02 != 0, asbButton)
}

// reportASB sends the automatic status to hosts that asked for one of the
// groups in which it has changed, or at once. The lock is held.
func (p *Printer) reportASB(always bool) {
	frame := p.automatic()
	changed := asbChanges(frame, p.lastASB)
	p.lastASB = frame
	if p.state.off || p.state.booting {
		return
	}
	if p.asb != 0 && (always || changed&p.asb != 0) {
		p.say(frame[:]...)
	}
}
