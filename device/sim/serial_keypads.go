package sim

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A KeypadKind is a kind of simulated serial keypads. They speak by code of
// their own rather than by a template, so that a driver cannot be wrong together
// with them.
type KeypadKind uint8

// The kinds. A frame of the last two is 02, two digits of address, what is said,
// the XOR of all between 02 and itself, 03: a digit that counts and the key's
// byte from the keypad; B1 for a beep, B3 for a refusal, L1 and L0 for the lamp,
// T and four characters for the display to it. 06 or 15 and the address answer a
// good or a spoilt one.
const (
	// KeypadBytes sends one byte for each key and understands nothing.
	KeypadBytes KeypadKind = iota
	// KeypadFrames sends a frame for each key, again when nobody answers.
	KeypadFrames
	// KeypadPolled sends the same when it is asked with 05 and its address; 04
	// and its address say that no key was pressed. It has no display.
	KeypadPolled
)

// What the frames begin and end with, and how long those to a keypad are by
// their first letter.
const (
	stx, etx, eot, enq, ack, nak = 0x02, 0x03, 0x04, 0x05, 0x06, 0x15
	orderLen, textLen            = 7, 10
)

const (
	// resendAfter is how long a keypad waits for an answer before it sends its
	// key again, resends how often it does, and keysTyped bounds what it keeps.
	resendAfter = 100 * time.Millisecond
	resends     = 3
	keysTyped   = 16
)

// SerialKeypads are keypads on one serial line, each with an address, to be
// typed on from code. All methods may be called from anywhere.
type SerialKeypads struct {
	kind KeypadKind

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
func NewSerialKeypads(kind KeypadKind, addresses ...int) *SerialKeypads {
	k := &SerialKeypads{kind: kind, pads: map[int]*serialPad{}, changed: make(chan struct{}, 1)}
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
	bytes := k.says(address, 0, key)
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
	if k.kind == KeypadPolled {
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
		out <- k.says(address, pad.sequence, pad.typed[0])
		sent = true
		pad.sent++
		if k.kind != KeypadBytes && pad.sent <= resends {
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

// says is a key as the keypad sends it.
func (k *SerialKeypads) says(address, sequence int, key byte) []byte {
	if k.kind == KeypadBytes {
		return []byte{key}
	}
	said := append(fmt.Appendf(nil, "%02d%d", address, sequence), key)
	return append(append([]byte{stx}, said...), xorOf(said), etx)
}

func xorOf(bytes []byte) (sum byte) {
	for _, b := range bytes {
		sum ^= b
	}
	return sum
}

func (k *SerialKeypads) listen(line io.Reader, out chan<- []byte) {
	var heard []byte
	buf := make([]byte, 64)
	for {
		n, err := line.Read(buf)
		for heard = append(heard, buf[:n]...); len(heard) > 0; {
			size, said, ok := hear(heard)
			if size == 0 {
				break // Only more bytes can tell.
			}
			if ok {
				k.told(said, out)
			}
			heard = heard[size:]
		}
		if err != nil {
			return
		}
	}
}

// An order is what a keypad was told.
type order struct {
	address int
	what    string // "poll", "ack", "nak", or what stands in the frame
}

// hear takes an order or a byte of noise from the front; size 0 is an order
// that has not come whole.
func hear(bytes []byte) (size int, said order, ok bool) {
	short := map[byte]string{enq: "poll", ack: "ack", nak: "nak"}
	size = 1
	switch what := short[bytes[0]]; {
	case what != "":
		size, said.what = 3, what
	case bytes[0] == stx && len(bytes) < 4:
		return 0, said, false
	case bytes[0] == stx && (bytes[3] == 'B' || bytes[3] == 'L'):
		size = orderLen
	case bytes[0] == stx && bytes[3] == 'T':
		size = textLen
	default:
		return 1, said, false
	}
	if len(bytes) < size {
		return 0, said, false
	}
	if said.what == "" {
		end := size - 2
		if bytes[end] != xorOf(bytes[1:end]) || bytes[end+1] != etx {
			return 1, said, false
		}
		said.what = string(bytes[3:end])
	}
	address, err := strconv.ParseUint(string(bytes[1:3]), 10, 8)
	if err != nil {
		return 1, said, false
	}
	said.address = int(address)
	return size, said, true
}

func (k *SerialKeypads) told(said order, out chan<- []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	pad := k.pads[said.address]
	if pad == nil || pad.off || k.kind == KeypadBytes {
		return
	}
	switch said.what {
	case "poll":
		if k.kind == KeypadPolled && !k.sendOldest(said.address, pad, out) {
			out <- fmt.Appendf([]byte{eot}, "%02d", said.address)
		}
	case "ack":
		if k.lose > 0 {
			k.lose--
			return
		}
		pad.shows.Acks++
		if len(pad.typed) > 0 && pad.sent > 0 {
			pad.next()
			k.wake()
		}
	case "nak":
		pad.shows.Naks++
	case "B1":
		pad.shows.Beeps++
	case "B3":
		pad.shows.Refusals++
	case "L0", "L1":
		pad.shows.Lamp = said.what == "L1"
	default:
		if text, is := strings.CutPrefix(said.what, "T"); is && k.kind == KeypadFrames {
			pad.shows.Text = text
		}
	}
}
