package printer

// realTime executes a real-time command on arrival. The lock is held.
func (p *Printer) realTime(cmd []byte) {
	switch {
	case cmd[1] == 0x04:
		p.answerRealTime(cmd[2])
	case cmd[1] == 0x05:
		p.recover(cmd[2])
	case cmd[2] == 8:
		p.clear()
		p.say(0x37, 0x25, nul)
	case cmd[2] == 2:
		p.say(0x3b, '0', nul)
		p.forget()
		p.switchOff()
	}
}

// recover is DLE ENQ: 1 goes on with the line that failed, 2 throws away what
// was received. Both do so only for a fault from which the printer can recover
// and whose cause is gone; else they are ignored. Modes survive. The lock is held.
func (p *Printer) recover(n byte) {
	if n != 1 && n != 2 {
		p.complain("unknown command 10 05 %02X", n)
		return
	}
	if p.state.fault == faultNone || p.blocked() {
		return
	}
	if n == 2 {
		p.clear()
	}
	p.changeLocked(func(s *condition) { s.fault = faultNone })
}

// clear empties the receive buffer and the line under way. The lock is held.
func (p *Printer) clear() {
	p.forget()
	p.flow()
	p.notify()
}
