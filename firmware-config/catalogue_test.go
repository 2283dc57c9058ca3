package config

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/frame"
	"eliminacode/device/keypad/keys"
)

func TestBuiltInProfiles(t *testing.T) {
	want := []string{"generic-80-process-id", "generic-80", "generic-58", "custom-vkp80", "custom-tg2480", "custom-kpm", "raw"}
	var names []string
	c := &checker{}
	for _, p := range builtIn().Profiles {
		names = append(names, p.Name)
		c.plain(p.Name, p.Name)
		c.Below(p.Name, p.Faults())
		if p.Note == "" {
			t.Errorf("%s has no note", p.Name)
		}
	}
	if len(c.Found) > 0 {
		t.Error(c.Found)
	}
	if !slices.Equal(names, want) {
		t.Errorf("profiles are %v, want %v", names, want)
	}
	generic, _ := Settings{}.Profile("generic-80")
	if got := generic.Cut.Bytes(); !bytes.Equal(got, []byte{0x1d, 0x56, 0x42, 0x10}) {
		t.Errorf("generic-80 cuts with % X", got)
	}
	var defaults profile.Profile
	defaults.SetDefaults()
	defaults.Name, defaults.Note = generic.Name, generic.Note
	if diff := cmp.Diff(generic, defaults); diff != "" {
		t.Errorf("generic-80 differs from what profiles leave out (-built in +default):\n%s", diff)
	}
}

func TestBuiltInKeymaps(t *testing.T) {
	c := &checker{}
	for _, k := range builtIn().Keymaps {
		c.plain(k.Name, k.Name)
		c.Below(k.Name, k.Faults())
		if len(k.ByCode()) != len(k.Keys) {
			t.Errorf("%s: %d keys give %d codes", k.Name, len(k.Keys), len(k.ByCode()))
		}
	}
	if len(c.Found) > 0 {
		t.Error(c.Found)
	}
	numeric, _ := Settings{}.Keymap("numeric")
	codes := numeric.ByCode()
	// The codes of a real numeric keypad, digits 0 to 9 first.
	for i, code := range []uint16{82, 79, 80, 81, 75, 76, 77, 71, 72, 73} {
		if codes[code] != device.KeyCode(rune('0'+i)) {
			t.Errorf("code %d means %q, want %d", code, codes[code], i)
		}
	}
	for code, want := range map[uint16]device.KeyCode{96: "next", 78: "recall", 74: "no-show", 55: "start", 98: "transfer", 14: "clear", 83: "pause"} {
		if codes[code] != want {
			t.Errorf("code %d means %q, want %q", code, codes[code], want)
		}
	}
}

// The built-in protocols and frames are valid, and every key of a protocol has a
// meaning in the keymap that goes with it.
func TestBuiltInLines(t *testing.T) {
	c := &checker{}
	numeric, _ := Settings{}.Keymap("numeric")
	var names []string
	for _, p := range builtIn().Protocols {
		names = append(names, p.Name)
		c.plain(p.Name, p.Name)
		c.Below(p.Name, p.Faults())
		if p.Note == "" {
			t.Errorf("%s has no note", p.Name)
		}
		meanings := numeric.ByByte(p)
		for digits := range p.Keys {
			b, err := profile.Hex(digits).Decode()
			if err != nil || len(b) != 1 || meanings[uint16(b[0])] == "" {
				t.Errorf("%s: byte %s has no meaning", p.Name, digits)
			}
		}
	}
	for _, f := range builtIn().Frames {
		names = append(names, f.Name)
		c.plain(f.Name, f.Name)
		c.Below(f.Name, f.Faults())
		if f.Note == "" {
			t.Errorf("%s has no note", f.Name)
		}
	}
	if len(c.Found) > 0 {
		t.Error(c.Found)
	}
	if want := []string{"byte", "stx", "stx-polled", "stx-4", "digits-3", "modbus-4", "line-4"}; !slices.Equal(names, want) {
		t.Errorf("protocols and frames are %v, want %v", names, want)
	}
	first := builtIn().Protocols[0]
	var defaults keys.Protocol
	defaults.SetDefaults()
	defaults.Name, defaults.Note, defaults.Frame, defaults.Keys = first.Name, first.Note, first.Frame, first.Keys
	stx := builtIn().Frames[0]
	var plain frame.Panel
	plain.SetDefaults()
	plain.Name, plain.Note, plain.Show, plain.Blink = stx.Name, stx.Note, stx.Show, stx.Blink
	if diff := cmp.Diff([]any{first, stx}, []any{defaults, plain}, templates); diff != "" {
		t.Errorf("what is written out differs from the defaults (-built in +default):\n%s", diff)
	}
}

func TestBoards(t *testing.T) {
	var models []string
	for _, b := range Boards() {
		models = append(models, b.Model)
		names, pins := map[string]bool{}, map[int]bool{}
		for _, l := range b.Lines {
			if names[l.Name] || pins[l.Pin] || l.Pin < 1 || l.Pin > 40 {
				t.Errorf("%s: line %s on pin %d is there twice or off the header", b.Model, l.Name, l.Pin)
			}
			names[l.Name], pins[l.Pin] = true, true
		}
		if (len(b.Chips) == 0) != (len(b.Lines) == 0) || b.Title == "" {
			t.Errorf("%s is incomplete: %+v", b.Model, b)
		}
		for _, line := range b.ConfigTxt {
			if !strings.Contains(line, "=") || len(line) > 98 {
				t.Errorf("%s: %q is no line of config.txt", b.Model, line)
			}
		}
	}
	if want := []string{"desktop", "pi3", "pi4", "pi5", "zero2w"}; !slices.Equal(models, want) {
		t.Errorf("boards are %v, want %v", models, want)
	}
	pi5 := Settings{Board: Wiring{Model: "pi5"}}
	if got := pi5.Chips(); !slices.Equal(got, []string{"pinctrl-rp1"}) {
		t.Errorf("chips of pi5 are %v", got)
	}
	pi5.Board.Chip = "gpio-sim.0"
	if got := pi5.Chips(); !slices.Equal(got, []string{"gpio-sim.0"}) {
		t.Errorf("a chip of the settings gave %v", got)
	}
}

func TestUdevRulesAreWellFormed(t *testing.T) {
	for i, line := range strings.Split(string(UdevRules), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		for _, part := range strings.Split(line, ", ") {
			if strings.Count(part, `"`) != 2 || !strings.HasSuffix(part, `"`) || !strings.Contains(part, "=") {
				t.Errorf("line %d: %q is not key, operator and quoted value", i+1, part)
			}
		}
	}
}
