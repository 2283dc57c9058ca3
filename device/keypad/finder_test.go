package keypad

import (
	"slices"
	"testing"
	"time"

	"eliminacode/device/frame"
	"eliminacode/device/keypad/keys"
	"eliminacode/device/setting"
)

// protocolsOf are one of single bytes, one of frames, and one whose keypads wait to be
// asked.
func protocolsOf(t testing.TB) []keys.Protocol {
	t.Helper()
	of := func(text string) (f frame.Template) {
		if err := f.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		return f
	}
	bytes := map[string]string{"0D": "KEY_KPENTER", "30": "KEY_KP0", "31": "KEY_KP1", "2B": "KEY_KPPLUS"}
	all := []keys.Protocol{
		{Named: setting.Named{Name: "byte"}, Frame: of("{key}")},
		{Named: setting.Named{Name: "stx"}, Frame: of("02 ( {address:dec2} {sequence:digit} {key} ) {xor8} 03"), RepeatMs: 2000},
		{Named: setting.Named{Name: "asked"}, Frame: of("02 ( {address:dec2} {sequence:digit} {key} ) {xor8} 03"), Poll: of("05 {address:dec2}")},
	}
	for i := range all {
		all[i].GapMs, all[i].Keys = 100, bytes
	}
	return all
}

// framed is what the keypad of an address sends for a key.
func framed(address, sequence string, key byte) []byte {
	said := []byte(address + sequence + string(key))
	sum := byte(0)
	for _, b := range said {
		sum ^= b
	}
	return append(append([]byte{0x02}, said...), sum, 0x03)
}

// A key is recognised by its frame, which counts once when it is sent again, or by its
// byte; what another device says is none.
func TestAKeypadIsRecognisedByAKey(t *testing.T) {
	spoilt := framed("01", "1", '\r')
	spoilt[5] ^= 1
	for name, c := range map[string]struct {
		said  [][]byte // a burst each
		want  []Said
		known []bool
	}{
		"a byte":                    {[][]byte{{'\r'}}, []Said{{"byte", 0, '\r'}}, []bool{true}},
		"a key of three bytes":      {[][]byte{[]byte("000")}, []Said{{"byte", 0, '0'}}, []bool{true}},
		"two keys":                  {[][]byte{{'1'}, {'+'}}, []Said{{"byte", 0, '1'}, {"byte", 0, '+'}}, []bool{true, true}},
		"a frame":                   {[][]byte{framed("02", "1", '\r')}, []Said{{"stx", 2, '\r'}}, []bool{true}},
		"a frame sent again":        {[][]byte{framed("02", "1", '\r'), framed("02", "1", '\r')}, []Said{{"stx", 2, '\r'}}, []bool{true, true}},
		"two keypads":               {[][]byte{framed("01", "1", '+'), framed("07", "1", '+')}, []Said{{"stx", 1, '+'}, {"stx", 7, '+'}}, []bool{true, true}},
		"a spoilt frame":            {[][]byte{spoilt}, nil, []bool{false}},
		"four digits":               {[][]byte{[]byte("0101")}, nil, []bool{false}},
		"a byte that is no key":     {[][]byte{{'\r', 'x'}}, nil, []bool{false}},
		"a printer's four bytes":    {[][]byte{{0x14, 0, 0, 0x0f}}, nil, []bool{false}},
		"a receiver of the time":    {[][]byte{[]byte("$GPRMC,101010,A,1011.0,N\r\n")}, nil, []bool{false}},
		"nothing, and then a frame": {[][]byte{{}, framed("01", "1", '\r')}, []Said{{"stx", 1, '\r'}}, []bool{false, true}},
	} {
		f := NewFinder(protocolsOf(t))
		var got []Said
		var known []bool
		now := time.Unix(1_800_000_000, 0)
		hear := func(s Said) { got = append(got, s) }
		for _, burst := range c.said {
			// A line hands bytes over in bundles.
			for part := range slices.Chunk(burst, 2) {
				f.Feed(part, now, hear)
				now = now.Add(5 * time.Millisecond)
			}
			came, is := f.Pause(hear)
			known = append(known, is)
			if came != (len(burst) > 0) {
				t.Errorf("%s: after %q something came: %v", name, burst, came)
			}
			now = now.Add(FinderPause)
		}
		if !slices.Equal(got, c.want) || !slices.Equal(known, c.known) {
			t.Errorf("%s: %+v, known %v; want %+v, %v", name, got, known, c.want, c.known)
		}
	}
}

// Whatever comes on a line, little is kept of it, and a key that was heard is one that
// a protocol has.
func FuzzFinder(f *testing.F) {
	f.Add([]byte("\r"), uint8(0))
	f.Add(framed("01", "1", '+'), uint8(3))
	f.Add([]byte("$GPRMC,101010,A,1011.0,N\r\n"), uint8(200))
	f.Fuzz(func(t *testing.T, data []byte, pace uint8) {
		finder := NewFinder(protocolsOf(t))
		now := time.Unix(1_800_000_000, 0)
		hear := func(s Said) {
			if s.Protocol == "asked" || s.Protocol == "byte" && s.Address != 0 || s.Address > 99 {
				t.Errorf("%+v is heard in %q", s, data)
			}
		}
		for part := range slices.Chunk(data, int(pace)%7+1) {
			finder.Feed(part, now, hear)
			if now = now.Add(time.Duration(pace) * time.Millisecond); pace > 150 {
				finder.Pause(hear)
			}
			if len(finder.burst) > mostBytes+1 {
				t.Fatalf("%d bytes are kept", len(finder.burst))
			}
		}
	})
}
