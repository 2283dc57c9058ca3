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
	if len(f.pending) >= 10 {
		return false
	}
	_, begun := match(append(bytes.Clone(f.pending), b))
	return begun
}

// anyByte stands for an operand in a pattern.
const anyByte = -1

// realTime are the commands that are executed the moment they arrive, wherever
// they stand.
var realTime = [][]int{
	{dle, 0x04, anyByte},
	{dle, 0x05, anyByte},
	{dle, 0x14, 0x01, anyByte, anyByte},
	{dle, 0x14, 0x02, 0x01, 0x08},
	{dle, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08},
}

// An ear listens for real-time commands in every byte that arrives.
type ear struct {
	heard  []byte
	inside []bool // the byte stood inside another command
}

// hear takes a byte and returns the real-time command that it ends.
func (e *ear) hear(b byte, midway bool) (cmd []byte, inside bool) {
	e.heard, e.inside = append(e.heard, b), append(e.inside, midway)
	for len(e.heard) > 0 {
		switch whole, begun := match(e.heard); {
		case whole:
			cmd, inside = bytes.Clone(e.heard), e.inside[0]
			e.heard, e.inside = e.heard[:0], e.inside[:0]
			return cmd, inside
		case begun:
			return nil, false
		}
		e.heard = append(e.heard[:0], e.heard[1:]...)
		e.inside = append(e.inside[:0], e.inside[1:]...)
	}
	return nil, false
}

func match(b []byte) (whole, begun bool) {
	for _, pattern := range realTime {
		fits := len(b) <= len(pattern)
		for i := range min(len(b), len(pattern)) {
			fits = fits && (pattern[i] == anyByte || byte(pattern[i]) == b[i])
		}
		if fits {
			return len(b) == len(pattern), true
		}
	}
	return false, false
}
