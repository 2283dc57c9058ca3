package profile_test

import (
	"bytes"
	"strings"
	"testing"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/setting"
)

// Everything that is wrong with a profile is said at once, with what to write
// instead.
func TestFaults(t *testing.T) {
	for _, p := range []profile.Profile{profile.Generic(), profile.GenericProcessID()} {
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
	}
	bad := profile.Profile{
		Named: setting.Named{Name: "bad"}, CodePage: "KOI8", Ack: []device.Rung{"hope", device.RungClean, device.RungProcessID},
		Cut: "10 04 01", Begin: "1B 10", ClearMouth: "1", PresentCuts: true,
	}
	keys := map[string]bool{}
	for _, f := range bad.Faults() {
		keys[f.Key] = true
		if f.Problem == "" || f.Remedy == "" {
			t.Errorf("%q does not say what to do", f)
		}
	}
	for _, want := range []string{
		"columns", "settle-ms", "buffer-bytes", "code-page", "head-dots", "logo", "identity", "cut", "begin", "largest-size",
		"ack[1]", "ack[3]", "clear-mouth", "present-cuts", "baud", "flow",
	} {
		if !keys[want] {
			t.Errorf("nothing is wrong with %s", want)
		}
	}
	if err := bad.Validate(); !strings.Contains(err.Error(), `profile "bad": columns: 0 is out of range; write a number from 16 to 80`) {
		t.Error(err)
	}
	raw := profile.Generic()
	raw.Ack, raw.Raw = nil, profile.Raw{LineEnd: "0A", End: "1B 10"}
	if f := raw.Faults(); len(f) != 1 || f[0].Key != "raw.end" {
		t.Errorf("of a raw profile: %v", f)
	}
}

func TestHex(t *testing.T) {
	if b := profile.Hex(" 1d 56\t42 00 ").Bytes(); !bytes.Equal(b, []byte{0x1d, 0x56, 0x42, 0}) {
		t.Errorf("% X", b)
	}
	for _, wrong := range []profile.Hex{"1D 5", "XY", "1D,56"} {
		if b, err := wrong.Decode(); err == nil {
			t.Errorf("%q is % X", wrong, b)
		}
	}
}

// A page's bytes from 80 on are characters that people see, and no others.
func TestEncode(t *testing.T) {
	for _, c := range []struct {
		page string
		r    rune
		want byte // 0: none
	}{
		{"CP858", 'è', 0x8a}, {"CP858", '€', 0xd5}, {"CP850", '€', 0}, {"CP437", 'À', 0}, {"CP852", 'č', 0x9f},
		{"CP1252", '€', 0x80}, {"ISO8859-15", '€', 0xa4}, {"ISO8859-15", '\u0085', 0}, {"CP1252", '\ufffd', 0}, {"CP858", 'A', 0}, {"", 'è', 0},
	} {
		if got, ok := profile.Encode(c.page, c.r); got != c.want || ok != (c.want != 0) {
			t.Errorf("%q in %q: %02X, %v", c.r, c.page, got, ok)
		}
	}
	for _, page := range profile.CodePages() {
		seen := map[byte]bool{}
		for r := rune(0x80); r < 0x3000; r++ {
			b, ok := profile.Encode(page, r)
			if ok && (b < 0x80 || seen[b]) {
				t.Errorf("%s: %q is %02X", page, r, b)
			}
			if ok {
				seen[b] = true
			}
		}
		if len(seen) < 90 {
			t.Errorf("%s has %d characters", page, len(seen))
		}
	}
}

// Whatever is read of bytes in hexadecimal, what comes of it is bytes or an
// error.
func FuzzHex(f *testing.F) {
	f.Add("1D 56 42 00")
	f.Add("1")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := profile.Hex(text).Decode()
		if err == nil && len(b)*2 != len(strings.Join(strings.Fields(text), "")) {
			t.Errorf("%q is % X", text, b)
		}
	})
}
