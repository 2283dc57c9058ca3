package sim

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"eliminacode/device/frame"
)

// A KeypadProtocol is how simulated serial keypads speak: the templates that
// the driver's settings have too. Empty ones are not there.
type KeypadProtocol struct {
	Frame, Idle, Poll, Ack, Nak             frame.Template
	Beep, Refuse, LampOn, LampOff, TextSent frame.Template
}

const (
	// resendAfter is how long a keypad waits for an answer before it sends its
	// key again, resends how often it does, and keysTyped bounds what it keeps.
	resendAfter = 100 * time.Millisecond
	resends     = 3
	keysTyped   = 16
)

// SerialKeypads are keypads on one serial line, each with an address, to be
// typed on from code. Those of a protocol with Poll speak when they are asked;
// those of one with Ack send a key again that nobody has answered. All methods
// may be called from anywhere.
type SerialKeypads struct {
	protocol KeypadProtocol

	mu      sync.Mutex
	pads    map[int]*serialPad
	out     chan []byte // to the line under way; nil while there is none
	changed chan struct{}
	lose    int // acknowledgements that get lost
}

type serialPad struct {
	off      bool
	typed    []byte // not yet answered, oldest first
	sequence int
	sent     int // how often the oldest was sent
	shows    SerialPad
}

// A SerialPad is what a serial keypad was told.
type SerialPad struct {
	Lamp            bool
	Beeps, Refusals int
	Acks, Naks      int
	Text            string
}

// NewSerialKeypads makes keypads of these addresses.
func NewSerialKeypads(p KeypadProtocol, addresses ...int) *SerialKeypads {
	k := &SerialKeypads{protocol: p, pads: map[int]*serialPad{}, changed: make(chan struct{}, 1)}
	for _, a := range addresses {
		k.pads[a] = &serialPad{}
	}
	return k
}

// Type pushes a key, by the byte that it sends. What is typed while no line is
// there, or on a keypad that is off, is lost.
func (k *SerialKeypads) Type(address int, key byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	pad := k.pads[address]
	if pad == nil || pad.off || k.out == nil || len(pad.typed) == keysTyped {
		return
	}
	pad.typed = append(pad.typed, key)
	k.wake()
}

// Hold sends a key over and over, as a keypad does whose key is held.
func (k *SerialKeypads) Hold(address int, key byte, held time.Duration) {
	bytes := k.encode(k.protocol.Frame, frame.Values{Address: address, Key: int(key)})
	for began := time.Now(); time.Since(began) < held; time.Sleep(50 * time.Millisecond) {
		k.Raw(bytes)
	}
}

// Raw puts any bytes on the line: noise, or a piece of a frame.
func (k *SerialKeypads) Raw(bytes []byte) {
	k.mu.Lock()
	out := k.out
	k.mu.Unlock()
	if out != nil {
		out <- bytes
	}
}

// LoseAcks makes the keypads deaf to the next so many acknowledgements.
func (k *SerialKeypads) LoseAcks(n int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lose = n
}

// Switch switches a keypad off or on.
func (k *SerialKeypads) Switch(address int, on bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	*k.pads[address] = serialPad{off: !on}
}

// Shows is what a keypad was told.
func (k *SerialKeypads) Shows(address int) SerialPad {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.pads[address].shows
}

// wake is called with the lock held.
func (k *SerialKeypads) wake() {
	select {
	case k.changed <- struct{}{}:
	default:
	}
}

// Serve is the keypads' life on one line; it returns when that breaks.
func (k *SerialKeypads) Serve(ctx context.Context, line io.ReadWriteCloser) error {
	defer line.Close()
	stop := context.AfterFunc(ctx, func() { line.Close() })
	defer stop()
	out, ended := make(chan []byte, 4*keysTyped), make(chan struct{})
	k.mu.Lock()
	k.out = out
	k.mu.Unlock()
	var all sync.WaitGroup
	all.Go(func() { k.write(line, out, ended) })
	all.Go(func() { k.speak(out, ended) })
	k.listen(line, out)
	k.mu.Lock()
	if k.out == out {
		k.out = nil
	}
	for _, pad := range k.pads {
		pad.typed, pad.sent, pad.shows.Lamp = nil, 0, false
	}
	k.mu.Unlock()
	close(ended)
	all.Wait()
	return nil
}

func (k *SerialKeypads) write(line io.Writer, out <-chan []byte, ended <-chan struct{}) {
	for {
		select {
		case bytes := <-out:
			// A broken line ends the read beside this, and so all of it.
			_, _ = line.Write(bytes)
		case <-ended:
			return
		}
	}
}

// speak sends the keys of keypads that are not asked for them.
func (k *SerialKeypads) speak(out chan<- []byte, ended <-chan struct{}) {
	if k.protocol.Poll.Len() > 0 {
		return
	}
	for {
		select {
		case <-ended:
			return
		case <-k.changed:
		case <-time.After(resendAfter):
		}
		k.mu.Lock()
		for address, pad := range k.pads {
			k.sendOldest(address, pad, out)
		}
		k.mu.Unlock()
	}
}

// sendOldest sends a keypad's oldest key; where nobody answers, all of them. It
// is called with the lock held.
func (k *SerialKeypads) sendOldest(address int, pad *serialPad, out chan<- []byte) bool {
	sent := false
	for len(pad.typed) > 0 && !pad.off {
		out <- k.encode(k.protocol.Frame, frame.Values{Address: address, Key: int(pad.typed[0]), Sequence: pad.sequence})
		sent = true
		pad.sent++
		if k.protocol.Ack.Len() > 0 && pad.sent <= resends {
			break
		}
		pad.next()
	}
	return sent
}

// next gives up the oldest key, answered or not.
func (p *serialPad) next() {
	p.typed, p.sent, p.sequence = p.typed[1:], 0, (p.sequence+1)%10
}

func (k *SerialKeypads) listen(line io.Reader, out chan<- []byte) {
	p := k.protocol
	decoder := frame.NewDecoder(0, p.Poll, p.Ack, p.Nak, p.Beep, p.Refuse, p.LampOn, p.LampOff, p.TextSent)
	buf := make([]byte, 64)
	for {
		n, err := line.Read(buf)
		decoder.Feed(buf[:n], time.Now(), func(f frame.Found) { k.hear(f, out) })
		if err != nil {
			return
		}
	}
}

func (k *SerialKeypads) hear(f frame.Found, out chan<- []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for address, pad := range k.pads {
		if pad.off || f.Damaged || address != f.Values.Address && len(k.pads) > 1 {
			continue
		}
		switch f.Template {
		case 0:
			if !k.sendOldest(address, pad, out) && k.protocol.Idle.Len() > 0 {
				out <- k.encode(k.protocol.Idle, frame.Values{Address: address})
			}
		case 1:
			if k.lose > 0 {
				k.lose--
				continue
			}
			pad.shows.Acks++
			if len(pad.typed) > 0 && pad.sent > 0 {
				pad.next()
				k.wake()
			}
		case 2:
			pad.shows.Naks++
		case 3:
			pad.shows.Beeps++
		case 4:
			pad.shows.Refusals++
		case 5, 6:
			pad.shows.Lamp = f.Template == 5
		case 7:
			pad.shows.Text = f.Values.Text
		}
	}
}

func (k *SerialKeypads) encode(t frame.Template, v frame.Values) []byte {
	bytes, err := t.Encode(v)
	if err != nil {
		panic(fmt.Sprintf("sim: a keypad cannot speak its own protocol: %v", err))
	}
	return bytes
}
