package printer

import "eliminacode/device"

// Control characters.
const (
	nul  = 0x00
	lf   = 0x0a
	cr   = 0x0d
	dle  = 0x10
	esc  = 0x1b
	fsep = 0x1c
	gs   = 0x1d
)

// maxCommand bounds what is held of one command. A longer one is no command.
const maxCommand = 1 << 20

// Operands of the commands that have a fixed number of them, by second byte.
var (
	escOperands = map[byte]int{
		' ': 1, '!': 1, '$': 2, '-': 1, '2': 0, '3': 1, '@': 0, 'E': 1, 'J': 1, 'M': 1, 'R': 1, '\\': 2,
		'a': 1, 'd': 1, 'i': 0, 'm': 0, 't': 1, '{': 1,
	}
	fsOperands = map[byte]int{'!': 1, '&': 0, '-': 1, '.': 0, 'C': 1, 'S': 2, 'W': 1, 'p': 2}
	gsOperands = map[byte]int{'!': 1, 'B': 1, 'I': 1, 'L': 2, 'W': 2, 'a': 1, 'r': 1}
)

// need is how long the command that begins with b is, as far as b tells: it is
// whole when need is at most len(b). A command that the model does not know is
// two bytes, since a real one prints the operands as text.
func (m *Model) need(b []byte) int {
	if len(b) == 0 {
		return 1
	}
	switch b[0] {
	case dle:
		return needDLE(b)
	case esc, fsep, gs:
	default:
		return 1
	}
	if len(b) < 2 {
		return 2
	}
	if lettered(b) && len(b) < 3 {
		return 3
	}
	if !m.knows(b) {
		return 2
	}
	return min(needKnown(b), maxCommand)
}

// lettered reports whether it is the third byte that names the command.
func lettered(b []byte) bool { return b[0] == gs && b[1] == '(' }

// known reports whether a whole command is one that the model has.
func (m *Model) known(raw []byte) bool {
	return len(raw) > 2 && m.knows(raw) || len(raw) == 2 && !lettered(raw) && m.knows(raw)
}

// knows is known for the beginning of a command, of which there are three bytes
// where two do not tell.
func (m *Model) knows(b []byte) bool {
	switch [2]byte{b[0], b[1]} {
	case [2]byte{esc, 'i'}:
		return m.EscI != ""
	case [2]byte{esc, 'm'}:
		return m.EscM != ""
	case [2]byte{fsep, 'q'}, [2]byte{gs, 'V'}, [2]byte{gs, 'v'}:
		return true
	case [2]byte{fsep, '&'}, [2]byte{fsep, '.'}:
		return m.DoubleByte
	case [2]byte{gs, 'a'}:
		return m.AutomaticStatus
	case [2]byte{gs, 'e'}:
		return m.EjectorStepMM > 0
	case [2]byte{gs, 'r'}:
		return len(m.Transmit) > 0
	case [2]byte{gs, '('}:
		return b[2] == 'H' && m.Acks(device.RungProcessID) || b[2] == 'k' && m.NativeQR || b[2] == 'L'
	}
	table := map[byte]map[byte]int{esc: escOperands, fsep: fsOperands, gs: gsOperands}
	_, known := table[b[0]][b[1]]
	return known
}

func needDLE(b []byte) int {
	if len(b) < 2 {
		return 2
	}
	switch b[1] {
	case 0x04, 0x05:
		return 3
	case 0x14:
		if len(b) < 3 {
			return 3
		}
		switch b[2] {
		case 1, 2:
			return 5
		case 8:
			return 10
		}
	}
	return 1
}

func needKnown(b []byte) int {
	table := map[byte]map[byte]int{esc: escOperands, fsep: fsOperands, gs: gsOperands}
	if n, ok := table[b[0]][b[1]]; ok {
		return 2 + n
	}
	if b[0] == fsep {
		return needFSq(b)
	}
	return needGS(b)
}

// word is the little-endian number at b[at:].
func word(b []byte, at int) int { return int(b[at]) + int(b[at+1])<<8 }

// needFSq is n images of a width and height in bytes each.
func needFSq(b []byte) int {
	if len(b) < 3 {
		return 3
	}
	at := 3
	for range b[2] {
		if at+4 > len(b) {
			return at + 4
		}
		at += 4 + 8*word(b, at)*word(b, at+2)
		if at > maxCommand {
			return at
		}
	}
	return at
}

func needGS(b []byte) int {
	if len(b) < 3 {
		return 3
	}
	switch b[1] {
	case '(':
		if len(b) < 5 {
			return 5
		}
		return 5 + word(b, 3)
	case 'V':
		switch b[2] {
		case 65, 66, 97, 98, 103, 104:
			return 4
		}
		return 3
	case 'e':
		if b[2] == 3 {
			return 4
		}
		return 3
	}
	if len(b) < 8 {
		return 8
	}
	return 8 + word(b, 4)*word(b, 6)
}
