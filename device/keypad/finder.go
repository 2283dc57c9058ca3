package keypad

import (
	"slices"
	"time"

	"eliminacode/device/keypad/keys"
)

// A Said is a key that a keypad sent on a line of which nothing was known.
type Said struct {
	Protocol string // its name
	Address  int    // of no meaning to protocols without one
	Key      byte
}

// A Finder recognises the keypads of a line by what they say of themselves. It sends
// nothing, so that a keypad that waits to be asked is not found. Frames count before
// single bytes, which also stand in frames. It belongs to one goroutine.
type Finder struct {
	framed   []*receiver
	single   []*keys.Protocol
	burst    []byte // since the last pause, at most one byte more than mostBytes
	framesIn bool   // a frame stood in the burst
}

const (
	// FinderPause is how long nothing must have come before Pause is called.
	FinderPause = 150 * time.Millisecond
	// mostBytes is how many bytes a keypad sends for one key that has no frame: a key
	// such as 000 sends three.
	mostBytes = 3
)

// NewFinder makes a finder of keypads that speak one of the protocols, the first one
// that fits.
func NewFinder(protocols []keys.Protocol) *Finder {
	f := &Finder{}
	for _, p := range protocols {
		switch {
		case p.Poll.Len() > 0:
		case p.Frame.Len() == 1:
			f.single = append(f.single, &p)
		case p.Frame.Len() > 1:
			f.framed = append(f.framed, newReceiver(&p))
		}
	}
	return f
}

// Feed reads data that came at a time, and calls found for each key in a frame.
func (f *Finder) Feed(data []byte, at time.Time, found func(Said)) {
	f.burst = append(f.burst, data[:min(len(data), mostBytes+1-len(f.burst))]...)
	for _, r := range f.framed {
		known := false
		r.feed(data, at, func(h heard) {
			if h.said == pressed || h.said == repeated {
				known = true
			}
			if h.said == pressed {
				found(Said{r.protocol.Called(), h.address, h.key})
			}
		})
		if known {
			f.framesIn = true
			return
		}
	}
}

// Pause ends a burst of data: nothing came for FinderPause. It calls found for a key
// without a frame, and answers whether anything came and whether a keypad said it.
func (f *Finder) Pause(found func(Said)) (came, known bool) {
	burst := f.burst
	came, known = len(burst) > 0, f.framesIn
	f.burst, f.framesIn = f.burst[:0], false
	if known || !came || len(burst) > mostBytes {
		return came, known
	}
	for _, p := range f.single {
		bytes := p.Bytes()
		if !slices.ContainsFunc(burst, func(b byte) bool { return !bytes[b] }) {
			found(Said{p.Called(), 0, burst[len(burst)-1]})
			return came, true
		}
	}
	return came, false
}
