package keys_test

import (
	"maps"
	"testing"

	"eliminacode/device"
	"eliminacode/device/frame"
	"eliminacode/device/keypad/keys"
)

func template(t *testing.T, text string) (of frame.Template) {
	t.Helper()
	if err := of.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return of
}

// A key means the same on USB, by the kernel's code, and on a line, by its byte;
// one without a meaning is nowhere.
func TestMeanings(t *testing.T) {
	k := keys.Keymap{Keys: map[string]device.KeyCode{"KEY_KPENTER": device.KeyNext, "KEY_KP5": "5", "KEY_NONE": "6"}}
	p := keys.Protocol{Keys: map[string]string{"0D": "KEY_KPENTER", "35": "KEY_KP5", "36": "KEY_KP6", "3": "KEY_KP5", "2b": "KEY_KP5"}}
	if got := k.ByCode(); !maps.Equal(got, map[uint16]device.KeyCode{96: device.KeyNext, 76: "5"}) {
		t.Errorf("by code %v", got)
	}
	if got := k.ByByte(p); !maps.Equal(got, map[uint16]device.KeyCode{0x0d: device.KeyNext, 0x35: "5"}) {
		t.Errorf("by byte %v", got)
	}
}

// A protocol's address must fit into each of its frames.
func TestAddressFitsEveryFrame(t *testing.T) {
	var p keys.Protocol
	p.SetDefaults()
	p.Frame, p.Keys = template(t, "{address} {key}"), map[string]string{"0D": "KEY_KPENTER"}
	if err := p.Try(255); err != nil {
		t.Error(err)
	}
	p.LampOn, p.LampOff = template(t, "{address:digit} 01"), template(t, "{address:digit} 00")
	if err := p.Try(10); err == nil {
		t.Error("an address of two digits fits into one")
	}
	if f := p.Faults(); len(f) > 0 {
		t.Error(f)
	}
}

// A lamp's frame that could not be read is not called missing too.
func TestFrameThatIsWrongIsThere(t *testing.T) {
	var p keys.Protocol
	p.SetDefaults()
	p.Frame, p.Keys = template(t, "{key}"), map[string]string{"0D": "KEY_KPENTER"}
	p.LampOn = template(t, "01")
	_ = p.LampOff.UnmarshalText([]byte("{lamp}"))
	if f := p.Faults(); len(f) > 0 {
		t.Error(f)
	}
	p.LampOff = frame.Template{}
	if f := p.Faults(); len(f) != 1 || f[0].Key != "lamp-on" {
		t.Errorf("a lamp that never goes off: %v", f)
	}
}
