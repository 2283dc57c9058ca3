package frame_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"eliminacode/device/frame"
)

const gap = 100 * time.Millisecond

// decode feeds data in pieces that come at once.
func decode(d *frame.Decoder, data []byte, piece int) (all []frame.Found) {
	at := time.Unix(1, 0)
	for part := range slices.Chunk(data, piece) {
		d.Feed(part, at, func(f frame.Found) { all = append(all, f) })
	}
	return all
}

func TestDecode(t *testing.T) {
	const key, idle = "02 ( {address:dec2} {key} ) {xor8} 03", "15 {address:dec2}"
	at := func(template, address, k int) frame.Found {
		return frame.Found{Template: template, Values: frame.Values{Address: address, Key: k}}
	}
	bad := at(0, 7, 'A')
	bad.Damaged = true
	for _, test := range []struct {
		name    string
		line    string
		want    []frame.Found
		dropped int
	}{
		{"one", "\x0207A\x46\x03", []frame.Found{at(0, 7, 'A')}, 0},
		{"two kinds", "\x1512\x0207A\x46\x03\x1501", []frame.Found{at(1, 12, 0), at(0, 7, 'A'), at(1, 1, 0)}, 0},
		{"noise before, between and behind", "xx\x0207A\x46\x03\xff\x1507\x00", []frame.Found{at(0, 7, 'A'), at(1, 7, 0)}, 4},
		{"a half frame before a whole one", "\x0207\x0207A\x46\x03", []frame.Found{at(0, 7, 'A')}, 3},
		{"a wrong checksum", "\x0207A\x47\x03\x1507", []frame.Found{bad, at(1, 7, 0)}, 6},
		{"a wrong end", "\x0207A\x46\x04\x1507", []frame.Found{at(1, 7, 0)}, 6},
		{"an address that is none", "\x020xA\x46\x03", nil, 6},
		{"only a beginning", "\x0207A", nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			for piece := 1; piece <= len(test.line); piece++ {
				d := frame.NewDecoder(gap, parse(t, key), parse(t, idle))
				if got := decode(d, []byte(test.line), piece); !slices.Equal(got, test.want) || d.Dropped() != test.dropped {
					t.Fatalf("in pieces of %d: %+v and %d bytes dropped, want %+v and %d", piece, got, d.Dropped(), test.want, test.dropped)
				}
			}
		})
	}
}

// A frame whose bytes come too far apart is none; what begins behind the gap is
// read from its first byte.
func TestGap(t *testing.T) {
	d := frame.NewDecoder(gap, parse(t, "02 {address} {key}"))
	var all []frame.Found
	add := func(f frame.Found) { all = append(all, f) }
	began := time.Unix(1, 0)
	d.Feed([]byte{2, 7}, began, add)
	d.Feed([]byte{2, 8, 9}, began.Add(gap+time.Millisecond), add)
	d.Feed([]byte{2, 1}, began.Add(2*gap), add)
	d.Feed([]byte{5}, began.Add(3*gap-time.Millisecond), add)
	want := []frame.Values{{Address: 8, Key: 9}, {Address: 1, Key: 5}}
	if len(all) != 2 || all[0].Values != want[0] || all[1].Values != want[1] || d.Dropped() != 2 {
		t.Errorf("found %+v, dropped %d; want %+v and 2", all, d.Dropped(), want)
	}
}

var fuzzed = []string{
	"{key}", "02 ( {address} {key} ) {sum8} 03", "02 ( {address:dec2} {key:hex2} 03 ) {xor8:hex}",
	"{address} {sequence} {text:2} {crc16-modbus}", "'#' {address:digit} {key:dec3} 0D", "15 {address}",
}

// upper makes a checksum's digits alike, which a line may send either way.
func upper(data []byte) []byte {
	out := bytes.Clone(data)
	for i, b := range out {
		if b >= 'a' && b <= 'f' {
			out[i] = b - 'a' + 'A'
		}
	}
	return out
}

// FuzzDecoder feeds any bytes in pieces of any size to any two templates: the
// decoder never panics, does not care how the bytes were cut, finds no more than
// what was sent, and after whatever came and a gap it reads a good frame.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte("\x0207A\x46\x03"), uint8(1), uint8(2), uint8(5))
	f.Add([]byte("\x02\x07\x2b\x32\x03\x02\x02\x07"), uint8(3), uint8(1), uint8(0))
	f.Add([]byte("#7043\r#70"), uint8(2), uint8(4), uint8(3))
	f.Add([]byte{}, uint8(0), uint8(0), uint8(0))
	f.Fuzz(func(t *testing.T, data []byte, piece, a, b uint8) {
		templates := []frame.Template{parse(t, fuzzed[int(a)%len(fuzzed)]), parse(t, fuzzed[int(b)%len(fuzzed)])}
		d := frame.NewDecoder(gap, templates...)
		found := decode(d, data, len(data)+1)
		if cut := decode(frame.NewDecoder(gap, templates...), data, int(piece)+1); !slices.Equal(found, cut) {
			t.Fatalf("whole gives %+v, in pieces of %d it gives %+v", found, int(piece)+1, cut)
		}
		rest := upper(data)
		for _, one := range found {
			if one.Damaged {
				continue
			}
			raw, err := templates[one.Template].Encode(one.Values)
			if err != nil {
				t.Fatalf("found %+v, which cannot be sent: %v", one, err)
			}
			i := bytes.Index(rest, upper(raw))
			if i < 0 {
				t.Fatalf("found %+v, which nobody sent", one)
			}
			rest = rest[i+len(raw):]
		}
		good, err := templates[0].Encode(frame.Values{Address: 7, Key: 5, Sequence: 9, Text: "ab"})
		if err != nil {
			t.Fatal(err)
		}
		seen := false
		d.Feed(good, time.Unix(1, 0).Add(time.Second), func(one frame.Found) { seen = seen || !one.Damaged })
		if !seen {
			t.Fatalf("after % X a good frame is not found", data)
		}
	})
}

// FuzzTemplate parses any text: what is a template encodes, within its size, to
// bytes that it recognises.
func FuzzTemplate(f *testing.F) {
	for _, source := range fuzzed {
		f.Add(source, uint8(7), uint8('5'))
	}
	f.Add("( '( )' {any} ) {crc16-ccitt:hex}", uint8(0), uint8(0))
	f.Add("{text:2} {text:2}", uint8(0), uint8(0))
	f.Fuzz(func(t *testing.T, source string, address, key uint8) {
		template, err := frame.Parse(source)
		if err != nil {
			return
		}
		v := frame.Values{Address: int(address), Key: int(key), Text: string(bytes.Repeat([]byte{'x'}, template.TextWidth()))}
		raw, err := template.Encode(v)
		if err != nil {
			return
		}
		if len(raw) != template.Len() || len(raw) > frame.MaxBytes {
			t.Fatalf("%q says %d bytes and has %d", source, template.Len(), len(raw))
		}
		found := decode(frame.NewDecoder(0, template), raw, 1)
		if len(raw) > 0 && (len(found) != 1 || found[0].Damaged) {
			t.Fatalf("%q does not find its own % X: %+v", source, raw, found)
		}
	})
}
