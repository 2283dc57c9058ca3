package keypad

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// event is one struct input_event of the given size, its time not zero.
func event(size int, kind, code uint16, value int32) []byte {
	e := bytes.Repeat([]byte{0xa5}, size-payloadBytes)
	e = binary.LittleEndian.AppendUint16(e, kind)
	e = binary.LittleEndian.AppendUint16(e, code)
	return binary.LittleEndian.AppendUint32(e, uint32(value))
}

func events(size int, triples ...[3]int) []byte {
	var all []byte
	for _, e := range triples {
		all = append(all, event(size, uint16(e[0]), uint16(e[1]), int32(e[2]))...)
	}
	return all
}

func decode(size, piece int, data []byte) []uint16 {
	d, codes := NewDecoder(size), []uint16(nil)
	for part := range slices.Chunk(data, piece) {
		d.Feed(part, func(code uint16) { codes = append(codes, code) })
	}
	return codes
}

func TestDecoder(t *testing.T) {
	for _, test := range []struct {
		name   string
		events [][3]int
		want   []uint16
	}{
		{"a key down and up", [][3]int{{4, 4, 0x70058}, {1, 96, 1}, {0, 0, 0}, {4, 4, 0x70058}, {1, 96, 0}, {0, 0, 0}}, []uint16{96}},
		{"autorepeat", [][3]int{{1, 96, 1}, {0, 0, 0}, {1, 96, 2}, {0, 0, 1}, {1, 96, 2}, {0, 0, 1}, {1, 96, 0}, {0, 0, 0}}, []uint16{96}},
		{"two keys in one report", [][3]int{{1, 82, 1}, {1, 79, 1}, {0, 0, 0}}, []uint16{82, 79}},
		{"a lost queue", [][3]int{{1, 82, 1}, {0, 3, 0}, {1, 79, 1}, {1, 80, 1}, {0, 0, 0}, {1, 81, 1}, {0, 0, 0}}, []uint16{82, 81}},
		{"a wheel and a light", [][3]int{{2, 8, 1}, {17, 0, 1}, {0, 0, 0}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, size := range []int{16, 24} {
				for piece := 1; piece <= 2*size; piece++ {
					if got := decode(size, piece, events(size, test.events...)); !slices.Equal(got, test.want) {
						t.Fatalf("events of %d bytes in pieces of %d gave %v, want %v", size, piece, got, test.want)
					}
				}
			}
		})
	}
	if EventBytes != 24 && EventBytes != 16 {
		t.Errorf("events of this machine have %d bytes", EventBytes)
	}
}

// FuzzDecoder feeds any bytes in pieces of any size: the decoder never panics,
// never reports more keys than there are events, and does not care how the
// bytes were cut.
func FuzzDecoder(f *testing.F) {
	f.Add(events(24, [3]int{1, 96, 1}, [3]int{0, 0, 0}, [3]int{1, 96, 0}), uint8(7), true)
	f.Add(events(16, [3]int{0, 3, 0}, [3]int{1, 79, 1}, [3]int{0, 0, 0}, [3]int{1, 79, 1}), uint8(1), false)
	f.Add(events(24, [3]int{1, 96, 2}, [3]int{4, 4, -1})[:40], uint8(24), true)
	f.Add([]byte{}, uint8(0), false)
	f.Fuzz(func(t *testing.T, data []byte, piece uint8, wide bool) {
		size := 16
		if wide {
			size = 24
		}
		whole := decode(size, len(data)+1, data)
		if len(whole) > len(data)/size {
			t.Fatalf("%d keys out of %d bytes", len(whole), len(data))
		}
		if cut := decode(size, int(piece)+1, data); !slices.Equal(whole, cut) {
			t.Fatalf("whole gives %v, in pieces of %d it gives %v", whole, int(piece)+1, cut)
		}
	})
}
