package keypad

import (
	"time"

	"eliminacode/device/frame"
)

// A Protocol is how serial keypads of one kind speak. Empty templates are not
// there.
type Protocol struct {
	Frame frame.Template // what a keypad sends for a key

	Poll      frame.Template // asks one keypad for its keys; empty: they speak by themselves
	Idle      frame.Template // what it answers when no key was pressed
	PollEvery time.Duration  // between two questions on a line

	Ack, Nak frame.Template // answer a good frame, and one with a wrong checksum
	Gap      time.Duration  // bytes further apart are not of one frame; 0: any
	// Repeat is for how long the same frame again, with the same sequence if it
	// has one, is one that was sent twice.
	Repeat time.Duration

	Beep, Refuse    frame.Template // a key was taken, or refused
	LampOn, LampOff frame.Template
	Text            frame.Template // shows a text
}

// try encodes every frame for an address, so that sending them cannot fail.
func (p *Protocol) try(address int) error {
	for _, t := range []frame.Template{p.Poll, p.Ack, p.Nak, p.Beep, p.Refuse, p.LampOn, p.LampOff, p.Text} {
		text, _ := frame.Style{}.Fit("", t.TextWidth())
		if _, err := t.Encode(frame.Values{Address: address, Text: text}); err != nil {
			return err
		}
	}
	return nil
}

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
	protocol *Protocol
	decoder  *frame.Decoder
	last     map[int]lastKey // by address
}

type lastKey struct {
	values frame.Values
	at     time.Time
}

func newReceiver(p *Protocol) *receiver {
	return &receiver{protocol: p, decoder: frame.NewDecoder(p.Gap, p.Frame, p.Idle), last: map[int]lastKey{}}
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
			if ok && before.values == f.Values && at.Sub(before.at) <= r.protocol.Repeat && r.protocol.Repeat > 0 {
				h.said = repeated
			}
			// A key that is held is sent again and again, and is one key.
			r.last[h.address] = lastKey{f.Values, at}
		}
		hear(h)
	})
}
