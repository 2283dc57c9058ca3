package sim

// A token is one whole command, or one character.
type token struct {
	raw []byte
}

// maxCommand bounds what a framer holds. A longer one is no command.
const maxCommand = 128 << 10

// A framer cuts the stream of a host into commands.
type framer struct {
	pending []byte

	// The real-time matcher looks at every byte, wherever it stands.
	rtHave   int // bytes of a real-time command seen
	rtOp     byte
	rtInside bool // it began inside another command
}

// realTime looks for a real-time command ending with b. op is its second byte,
// 0 when there is none.
func (f *framer) realTime(b byte) (n, op byte, inside bool) {
	switch {
	case f.rtHave == 1 && (b == 0x04 || b == 0x05):
		f.rtHave, f.rtOp = 2, b
		return 0, 0, false
	case f.rtHave == 2:
		f.rtHave = 0
		return b, f.rtOp, f.rtInside
	case b == 0x10:
		f.rtHave, f.rtInside = 1, len(f.pending) > 0
	default:
		f.rtHave = 0
	}
	return 0, 0, false
}

// inRealTime reports whether b belongs to a real-time command between two
// others, which takes no room in the receive buffer.
func (f *framer) inRealTime(b byte) bool {
	if len(f.pending) == 0 {
		return b == 0x10
	}
	return f.pending[0] == 0x10
}

// push adds a byte and returns the command that it completes.
func (f *framer) push(b byte) ([]byte, bool) {
	f.pending = append(f.pending, b)
	n := commandLength(f.pending)
	if n == 0 && len(f.pending) < maxCommand || n > len(f.pending) {
		return nil, false
	}
	raw := f.pending
	f.pending = nil
	return raw, true
}

// commandLength is the length of the command that begins with b, or 0 when b is
// too short to know. An unknown command counts two bytes, as real printers
// print its operands.
func commandLength(b []byte) int {
	if len(b) < 2 {
		switch b[0] {
		case 0x10, 0x1b, 0x1c, 0x1d:
			return 0
		}
		return 1
	}
	switch b[0] {
	case 0x10:
		return dleLength(b)
	case 0x1b:
		return escLength(b)
	case 0x1c:
		if b[1] == 'p' {
			return 4
		}
	case 0x1d:
		return gsLength(b)
	}
	return 2
}

func dleLength(b []byte) int {
	switch b[1] {
	case 0x04, 0x05:
		return 3
	case 0x14:
		if len(b) < 3 {
			return 0
		}
		if b[2] == 8 {
			return 10
		}
		return 5
	}
	return 2
}

func escLength(b []byte) int {
	switch b[1] {
	case 't', 'a', 'E', 'G', 'M', '!', 'd', 'J', '3', '-', '{', 'R', ' ', 'V', 'r', '=', 'e':
		return 3
	case 'c', '$', '\\':
		return 4
	case 'p':
		return 5
	case 'D':
		if b[len(b)-1] == 0 && len(b) > 2 || len(b) > 34 {
			return len(b)
		}
		return 0
	}
	return 2
}

func gsLength(b []byte) int {
	need := func(n int) bool { return len(b) >= n }
	switch b[1] {
	case '!', 'B', 'h', 'w', 'H', 'f', 'a', 'r', 'I', 'b':
		return 3
	case 'L', 'W', 'P':
		return 4
	case 'V':
		if !need(3) {
			return 0
		}
		switch b[2] {
		case 65, 66, 97, 98, 103, 104:
			return 4
		}
		return 3
	case 'e':
		if !need(3) {
			return 0
		}
		switch b[2] {
		case 3:
			return 4
		case 0x20:
			return 5
		}
		return 3
	case 'k':
		return barcodeLength(b)
	case '(':
		if !need(5) {
			return 0
		}
		return 5 + int(b[3]) + int(b[4])<<8
	case 'v':
		if !need(8) {
			return 0
		}
		size := (int(b[4]) + int(b[5])<<8) * (int(b[6]) + int(b[7])<<8)
		return 8 + min(size, maxCommand)
	}
	return 2
}

func barcodeLength(b []byte) int {
	if len(b) < 3 {
		return 0
	}
	if b[2] <= 6 {
		if len(b) > 3 && b[len(b)-1] == 0 {
			return len(b)
		}
		return 0
	}
	if len(b) < 4 {
		return 0
	}
	return 4 + int(b[3])
}
