package printer

// Second bytes of real-time commands, which are executed the moment they arrive,
// wherever they stand.
const (
	realTimeStatus  = 0x04 // DLE EOT n
	realTimeRecover = 0x05 // DLE ENQ n
	realTimePulse   = 0x14 // DLE DC4: drawer, switch, clear buffer; not known here
)

func isRealTime(second byte) bool {
	return second == realTimeStatus || second == realTimeRecover || second == realTimePulse
}

// needRealTime is how long a command is that begins with DLE; as need.
func needRealTime(b []byte) int {
	switch {
	case len(b) < 2, b[1] == realTimePulse:
		return 2
	case isRealTime(b[1]):
		return 3
	default:
		return 1
	}
}

// An ear listens for real-time commands in every byte that arrives.
type ear struct {
	heard  []byte // the beginning of one
	inside bool   // which stood inside another command
}

// hear takes a byte and returns the real-time command that it ends.
func (e *ear) hear(b byte, midway bool) (cmd []byte, inside bool) {
	switch {
	case len(e.heard) == 2, len(e.heard) == 1 && isRealTime(b):
		e.heard = append(e.heard, b)
	case b == dle:
		e.heard, e.inside = []byte{dle}, midway
	default:
		e.heard = nil
	}
	if len(e.heard) < 2 || len(e.heard) < needRealTime(e.heard) {
		return nil, false
	}
	cmd, e.heard = e.heard, nil
	return cmd, e.inside
}

// realTime executes a real-time command on arrival. The lock is held.
func (p *Printer) realTime(cmd []byte) {
	switch cmd[1] {
	case realTimeStatus:
		p.answerRealTime(cmd[2])
	case realTimeRecover:
		p.recover(cmd[2])
	default:
		p.complain("unknown command % X", cmd)
	}
}

// recover is DLE ENQ: 1 goes on with the line that failed, 2 throws away what
// was received and the line under way. Both do so only for a fault from which the
// printer can recover and whose cause is gone; else they are ignored. Modes
// survive. The lock is held.
func (p *Printer) recover(n byte) {
	if n != 1 && n != 2 {
		p.complain("unknown command 10 05 %02X", n)
		return
	}
	if p.state.fault == faultNone || p.blocked() {
		return
	}
	if n == 2 {
		p.forget()
	}
	p.changeLocked(func(s *condition) { s.fault = faultNone })
}
