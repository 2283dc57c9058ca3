package frame_test

import (
	"errors"
	"testing"

	"eliminacode/device/frame"
)

// Everything that is wrong with a panel's frames is said at once, with what to
// write instead; a frame that could not be read is not called missing too.
func TestPanelFaults(t *testing.T) {
	var good frame.Panel
	good.SetDefaults()
	good.Show, good.Blink = parse(t, "{address:dec2} {text:4}"), parse(t, "{address:dec2} 07 {text:4}")
	if f := good.Faults(); len(f) > 0 {
		t.Error(f)
	}
	if err := good.Try(100); !errors.Is(err, frame.ErrValue) {
		t.Errorf("the address 100 in two digits: %v", err)
	}
	if err := good.Try(99); err != nil {
		t.Error(err)
	}
	for _, test := range []struct {
		show, blink string
		want        []string
	}{
		{"", "", []string{"frame"}},
		{"  ", "", []string{"frame"}},
		{"{tekst:4}", "", nil},
		{"02", "{tekst:4}", []string{"frame"}},
		{"{text:4} {key}", "{text:3}", []string{"frame", "blink"}},
	} {
		p := good
		p.Show, p.Blink = frame.Template{}, frame.Template{}
		_, _ = p.Show.UnmarshalText([]byte(test.show)), p.Blink.UnmarshalText([]byte(test.blink))
		var keys []string
		for _, f := range p.Faults() {
			keys = append(keys, f.Key)
			if f.Problem == "" || f.Remedy == "" {
				t.Errorf("%q does not say what to do", f)
			}
		}
		if len(keys) != len(test.want) {
			t.Fatalf("%q and %q: complaints about %v, want %v", test.show, test.blink, keys, test.want)
		}
		for i := range keys {
			if keys[i] != test.want[i] {
				t.Errorf("%q and %q: complaints about %v, want %v", test.show, test.blink, keys, test.want)
			}
		}
	}
}

func TestPad(t *testing.T) {
	var p frame.Pad
	if err := p.UnmarshalText([]byte("0")); err != nil || p != '0' {
		t.Errorf("0 is %q, %v", p, err)
	}
	for _, wrong := range []string{"", "00", "\t", "è"} {
		if err := p.UnmarshalText([]byte(wrong)); err == nil {
			t.Errorf("%q is a pad", wrong)
		}
	}
}
