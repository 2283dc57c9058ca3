package printer

import "bytes"

// A token is one whole command, or one character.
type token struct {
	raw  []byte
	held int // bytes of the receive buffer that it takes
}

// A framer cuts the stream of a host into commands.
type framer struct {
	model   *Model
	pending []byte
	eaten   int // leading bytes of pending that the head has taken already
	enough  int // pending is not whole below this length
}

// push adds a byte, which takes room in the receive buffer unless the head took
// it at once, and yields what it completes.
func (f *framer) push(b byte, eaten bool, yield func(token)) {
	f.pending = append(f.pending, b)
	if eaten {
		f.eaten = len(f.pending)
	}
	for len(f.pending) > 0 && len(f.pending) >= f.enough {
		n := f.model.need(f.pending)
		if n > len(f.pending) {
			f.enough = n
			return
		}
		free := min(f.eaten, n)
		yield(token{raw: bytes.Clone(f.pending[:n]), held: n - free})
		if len(f.pending) == n {
			f.pending = f.pending[:0]
		} else {
			f.pending = bytes.Clone(f.pending[n:])
		}
		f.eaten -= free
		f.enough = 0
	}
}

// eat takes all that is pending out of the receive buffer, and says how much.
func (f *framer) eat() int {
	n := len(f.pending) - f.eaten
	f.eaten = len(f.pending)
	return n
}

// betweenCommands reports whether b belongs to a real-time command that stands
// between two others. Such a one is executed even when the buffer is full.
func (f *framer) betweenCommands(b byte) bool {
	switch len(f.pending) {
	case 0:
		return b == dle
	case 1:
		return f.pending[0] == dle && isRealTime(b)
	default:
		return f.pending[0] == dle
	}
}
