package printer

// Control characters.
const (
	nul  = 0x00
	ht   = 0x09
	lf   = 0x0a
	ff   = 0x0c
	cr   = 0x0d
	dle  = 0x10
	can  = 0x18
	esc  = 0x1b
	fsep = 0x1c
	gs   = 0x1d
)

// maxCommand bounds what is held of one command. A longer one is no command.
const maxCommand = 1 << 20

// Operands of the commands that have a fixed number of them, by second byte.
var (
	escOperands = map[byte]int{
		ff: 0, ' ': 1, '!': 1, '$': 2, '%': 1, '-': 1, '2': 0, '3': 1, '<': 0, '=': 1, '?': 1, '@': 0,
		'E': 1, 'G': 1, 'J': 1, 'L': 0, 'M': 1, 'R': 1, 'S': 0, 'T': 1, 'V': 1, 'W': 8, '\\': 2,
		'a': 1, 'c': 2, 'd': 1, 'e': 1, 'i': 0, 'm': 0, 'p': 3, 'r': 1, 't': 1, 'v': 0, '{': 1,
	}
	fsOperands = map[byte]int{
		'!': 1, '&': 0, '-': 1, '.': 0, 'C': 1, 'S': 2, 'W': 1, 'p': 2, 0xc0: 4, 0xc1: 1,
	}
	gsOperands = map[byte]int{
		'!': 1, '$': 2, '/': 1, 'B': 1, 'H': 1, 'I': 1, 'L': 2, 'P': 2, 'T': 1, 'W': 2, '\\': 2,
		'a': 1, 'b': 1, 'f': 1, 'h': 1, 'r': 1, 'w': 1, 0xe2: 0, 0xe3: 0, 0xe4: 0, 0xe5: 0,
	}
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
func lettered(b []byte) bool { return b[1] == '(' && b[0] != esc || b[1] == '8' && b[0] == gs }

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
	case [2]byte{esc, '*'}, [2]byte{esc, 'D'}, [2]byte{esc, '&'}, [2]byte{fsep, 'q'}, [2]byte{gs, '*'},
		[2]byte{gs, 'V'}, [2]byte{gs, 'k'}, [2]byte{gs, 'v'}:
		return true
	case [2]byte{fsep, 0xc0}, [2]byte{fsep, 0xc1}, [2]byte{gs, 0xe2}, [2]byte{gs, 0xe3}, [2]byte{gs, 0xe4}, [2]byte{gs, 0xe5}:
		return m.Custom
	case [2]byte{fsep, '&'}, [2]byte{fsep, '.'}:
		return m.DoubleByte
	case [2]byte{gs, 'a'}:
		return m.ASB
	case [2]byte{gs, 'e'}:
		return m.EjectorStepMM > 0
	case [2]byte{gs, 'r'}, [2]byte{esc, 'v'}:
		return len(m.Transmit) > 0
	case [2]byte{fsep, '('}:
		return b[2] == 'A'
	case [2]byte{gs, '8'}:
		return b[2] == 'L'
	case [2]byte{gs, '('}:
		return m.knowsFunction(b[2])
	}
	table := map[byte]map[byte]int{esc: escOperands, fsep: fsOperands, gs: gsOperands}
	_, known := table[b[0]][b[1]]
	return known
}

// knowsFunction is knows for GS ( and its letter.
func (m *Model) knowsFunction(letter byte) bool {
	switch letter {
	case 'H':
		return m.ProcessID
	case 'k':
		return m.QR
	case 'A', 'C', 'D', 'E', 'K', 'L', 'M', 'N', 'V':
		return true
	}
	return false
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
		case 7:
			return 4
		case 8:
			return 10
		}
	}
	return 1
}

func needKnown(b []byte) int {
	switch b[0] {
	case esc:
		if n, ok := escOperands[b[1]]; ok {
			return 2 + n
		}
		return needESC(b)
	case fsep:
		if n, ok := fsOperands[b[1]]; ok {
			return 2 + n
		}
		if b[1] == 'q' {
			return needFSq(b)
		}
		return needFunction(b)
	}
	if n, ok := gsOperands[b[1]]; ok {
		return 2 + n
	}
	return needGS(b)
}

// word is the little-endian number at b[at:].
func word(b []byte, at int) int { return int(b[at]) + int(b[at+1])<<8 }

// needFunction is the length of those that carry it: prefix ( letter pL pH.
func needFunction(b []byte) int {
	if len(b) < 5 {
		return 5
	}
	return 5 + word(b, 3)
}

func needESC(b []byte) int {
	switch b[1] {
	case 'D': // to a NUL, of at most 32 positions
		if len(b) > 2 && b[len(b)-1] == nul || len(b) >= 35 {
			return len(b)
		}
		return len(b) + 1
	case '*': // m nL nH, one or three bytes a column
		if len(b) < 5 {
			return 5
		}
		return 5 + word(b, 3)*columnBytes(b[2])
	}
	// ESC & y c1 c2, then for each character its width and its columns.
	if len(b) < 5 {
		return 5
	}
	at := 5
	for c := int(b[3]); c <= int(b[4]); c++ {
		if at >= len(b) {
			return at + 1
		}
		at += 1 + int(b[at])*int(b[2])
	}
	return at
}

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
		return needFunction(b)
	case '8':
		if len(b) < 7 {
			return 7
		}
		return 7 + word(b, 3) + word(b, 5)<<16
	case '*':
		if len(b) < 4 {
			return 4
		}
		return 4 + 8*int(b[2])*int(b[3])
	case 'V':
		switch b[2] {
		case 65, 66, 97, 98, 103, 104:
			return 4
		}
		return 3
	case 'e':
		switch b[2] {
		case 3:
			return 4
		case 0x20:
			return 5
		}
		return 3
	case 'v':
		if len(b) < 8 {
			return 8
		}
		return 8 + word(b, 4)*word(b, 6)
	}
	return needBarcode(b)
}

// needBarcode is the length of GS k, whose data end with NUL or follow their
// count.
func needBarcode(b []byte) int {
	switch {
	case b[2] <= 6 && (len(b) > 3 && b[len(b)-1] == nul || len(b) >= 260):
		return len(b)
	case b[2] <= 6:
		return len(b) + 1
	case b[2] < 65 || b[2] > 79:
		return 3
	case len(b) < 4:
		return 4
	}
	return 4 + int(b[3])
}
