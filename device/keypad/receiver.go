package keypad

import (
	"time"

	"eliminacode/device/frame"
	"eliminacode/device/keypad/keys"
)

// A heard is what a keypad on a line said.
type heard struct {
	address, sequence int
	key               byte
	said              said
}

type said uint8

const (
	pressed  said = iota // a key
	repeated             // a key that was said before
	idle                 // no key
	damaged              // a frame with a wrong checksum
)

// A receiver turns the bytes of a line into what its keypads said. It is pure:
// time comes with the bytes.
type receiver struct {
	protocol *keys.Protocol
	decoder  *frame.Decoder
	last     map[int]lastKey // by address
}

type lastKey struct {
	values frame.Values
	at     time.Time
}

func newReceiver(p *keys.Protocol) *receiver {
	return &receiver{protocol: p, decoder: frame.NewDecoder(p.Gap(), p.Frame, p.Idle), last: map[int]lastKey{}}
}

// feed reads data that came at a time.
func (r *receiver) feed(data []byte, at time.Time, hear func(heard)) {
	r.decoder.Feed(data, at, func(f frame.Found) {
		h := heard{address: f.Values.Address, sequence: f.Values.Sequence, key: byte(f.Values.Key), said: pressed}
		switch {
		case f.Damaged:
			h.said = damaged
		case f.Template == 1:
			h.said = idle
		default:
			before, ok := r.last[h.address]
			if ok && before.values == f.Values && at.Sub(before.at) <= r.protocol.Repeat() && r.protocol.RepeatMs > 0 {
				h.said = repeated
			}
			// A key that is held is sent again and again, and is one key.
			r.last[h.address] = lastKey{f.Values, at}
		}
		hear(h)
	})
}
