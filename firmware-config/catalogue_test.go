package config

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"eliminacode/device/escpos/profile"
)

func TestBuiltInProfiles(t *testing.T) {
	want := []string{"generic-80-process-id", "generic-80", "generic-58", "custom-vkp80", "custom-tg2480", "custom-kpm", "raw"}
	var names []string
	c := &checker{}
	for _, p := range BuiltInProfiles() {
		names = append(names, p.Name)
		c.plain(p.Name, p.Name)
		c.profile(p.Name, p)
		if p.Note == "" {
			t.Errorf("%s has no note", p.Name)
		}
	}
	if len(c.found) > 0 {
		t.Error(c.found)
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
	for _, k := range BuiltInKeymaps() {
		c.plain(k.Name, k.Name)
		c.keymap(k.Name, k)
		if len(k.Codes()) != len(k.Keys) {
			t.Errorf("%s: %d keys give %d codes", k.Name, len(k.Keys), len(k.Codes()))
		}
	}
	if len(c.found) > 0 {
		t.Error(c.found)
	}
	numeric, _ := Settings{}.Keymap("numeric")
	codes := numeric.Codes()
	// The codes of a real numeric keypad, digits 0 to 9 first.
	for i, code := range []uint16{82, 79, 80, 81, 75, 76, 77, 71, 72, 73} {
		if codes[code] != string(rune('0'+i)) {
			t.Errorf("code %d means %q, want %d", code, codes[code], i)
		}
	}
	for code, want := range map[uint16]string{96: "next", 78: "recall", 74: "no-show", 55: "start", 98: "transfer", 14: "clear", 83: "pause"} {
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
	for _, p := range BuiltInProtocols() {
		names = append(names, p.Name)
		c.plain(p.Name, p.Name)
		c.protocol(p.Name, p)
		if len(p.Codes()) != len(p.Keys) || p.Note == "" {
			t.Errorf("%s: %d keys give %d codes; note %q", p.Name, len(p.Keys), len(p.Codes()), p.Note)
		}
		for char, code := range p.Codes() {
			if numeric.Codes()[code] == "" {
				t.Errorf("%s: byte %02X has no meaning", p.Name, char)
			}
		}
	}
	for _, f := range BuiltInFrames() {
		names = append(names, f.Name)
		c.plain(f.Name, f.Name)
		c.frame(f.Name, f)
		if f.Note == "" {
			t.Errorf("%s has no note", f.Name)
		}
	}
	if len(c.found) > 0 {
		t.Error(c.found)
	}
	if want := []string{"byte", "stx", "stx-polled", "stx-4", "digits-3", "modbus-4", "line-4"}; !slices.Equal(names, want) {
		t.Errorf("protocols and frames are %v, want %v", names, want)
	}
	first := BuiltInProtocols()[0]
	var defaults Protocol
	defaults.SetDefaults()
	defaults.Name, defaults.Note, defaults.Frame, defaults.Keys = first.Name, first.Note, first.Frame, first.Keys
	stx := BuiltInFrames()[0]
	var plain Frame
	plain.SetDefaults()
	plain.Name, plain.Note, plain.Frame, plain.Blink = stx.Name, stx.Note, stx.Frame, stx.Blink
	if diff := cmp.Diff([]any{first, stx}, []any{defaults, plain}); diff != "" {
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
