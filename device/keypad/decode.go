package keypad

import (
	"encoding/binary"
	"unsafe"
)

// From linux/input-event-codes.h and linux/input.h.
const (
	typeSync    = 0 // EV_SYN
	typeKey     = 1 // EV_KEY
	syncReport  = 0 // SYN_REPORT
	syncDropped = 3 // SYN_DROPPED
	valueDown   = 1 // 0 is a release, 2 autorepeat
)

// payloadBytes are type, code and value of struct input_event; the rest before
// them is its time.
const payloadBytes = 8

// EventBytes is the size of struct input_event on this machine: two C longs
// for the time, and the payload.
const EventBytes = 2*int(unsafe.Sizeof(uintptr(0))) + payloadBytes

// A Decoder turns the kernel's event bytes into the codes of keys that go
// down. Bytes may arrive in pieces of any size.
type Decoder struct {
	event   []byte // of the event under way; cap is the event size
	dropped bool   // the kernel lost events: nothing counts until the next report
}

// NewDecoder makes a decoder for events of so many bytes: EventBytes, or that
// of another machine (24 and 16 are all there are). It panics below the size
// of the payload, which no machine has.
func NewDecoder(eventBytes int) *Decoder {
	if eventBytes < payloadBytes {
		panic("keypad: an input event cannot be that short")
	}
	return &Decoder{event: make([]byte, 0, eventBytes)}
}

// Feed reads data and calls down with the code of each key that went down.
func (d *Decoder) Feed(data []byte, down func(code uint16)) {
	for len(data) > 0 {
		n := min(cap(d.event)-len(d.event), len(data))
		d.event = append(d.event, data[:n]...)
		data = data[n:]
		if len(d.event) == cap(d.event) {
			d.one(d.event[len(d.event)-payloadBytes:], down)
			d.event = d.event[:0]
		}
	}
}

// one looks at one event's payload. All boards that this runs on are
// little-endian, as is every machine Go's arm and amd64 ports run on.
func (d *Decoder) one(payload []byte, down func(code uint16)) {
	kind := binary.LittleEndian.Uint16(payload)
	code := binary.LittleEndian.Uint16(payload[2:])
	value := int32(binary.LittleEndian.Uint32(payload[4:]))
	switch {
	case kind == typeSync && code == syncDropped:
		d.dropped = true
	case kind == typeSync && code == syncReport:
		d.dropped = false
	case kind == typeKey && value == valueDown && !d.dropped:
		down(code)
	}
}
