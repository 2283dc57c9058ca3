package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/bridge"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// TestExampleIsWired picks drivers for every device of the example and binds
// each to what it is for.
func TestExampleIsWired(t *testing.T) {
	s, err := config.Parse("example.toml", config.ExampleTOML)
	if err != nil {
		t.Fatal(err)
	}
	h, err := wire(s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	cfg := h.bind()
	if cfg.Printers["pulsantiera"] == nil || cfg.Buttons == nil || cfg.Keypads == nil || cfg.Lamps == nil || cfg.Panels == nil {
		t.Errorf("a device is missing: %+v", cfg)
	}
	if got := cfg.Bindings["anagrafe"]; got != (bridge.Button{Service: "anagrafe", Outlet: "pulsantiera", Lamp: "anagrafe"}) {
		t.Errorf("the button is for %+v", got)
	}
	if cfg.Desks["sportello-2"] != "s2" || cfg.Bells["sportello-2"] != "s2" {
		t.Errorf("keypads are on %v, lamps of desks are %v", cfg.Desks, cfg.Bells)
	}
	if got := cfg.Signs["corridoio"]; got != (bridge.Panel{Text: "{number}"}) {
		t.Errorf("the panel shows %+v", got)
	}
	// A GPIO lamp and a keypad are shown lights alike, and neither takes what
	// belongs to nobody.
	for lamp, known := range map[string]bool{"anagrafe": true, "sportello-1": true, "sportello-2": true, "nobody": false} {
		shown := false
		for _, lamps := range cfg.Lamps {
			err := lamps.Show(lamp, device.LightReady)
			shown = shown || !errors.Is(err, device.ErrNoLamp)
		}
		if shown != known {
			t.Errorf("lamp %s is shown: %v", lamp, shown)
		}
	}
	for name, known := range map[string]bool{"corridoio": true, "sportello-2": true, "nobody": false} {
		shown := false
		for _, panels := range cfg.Panels {
			err := panels.Show(name, "A042")
			shown = shown || !errors.Is(err, device.ErrNoPanel)
		}
		if shown != known {
			t.Errorf("panel %s is shown: %v", name, shown)
		}
	}
	var names []string
	for _, d := range h.devices() {
		names = append(names, d.Kind+" "+d.Name)
	}
	if want := 8; len(names) != want {
		t.Errorf("devices %v, want %d", names, want)
	}
	s.Keypads[1].Protocol = "stx"
	if h, err = wire(s, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if got := h.bind().Signs["sportello-2"]; got != (bridge.Panel{Desk: "s2", Text: "{number}"}) {
		t.Errorf("a keypad with a display shows %+v", got)
	}
	s.Panels[0].Desk = "sportello-9"
	all := misbound(s, queue.Setup{})
	if want := (misname{"desk", "panel", "corridoio", "sportello-9"}); len(all) == 0 || all[len(all)-1] != want {
		t.Errorf("misnamed are %v", all)
	}
}

// What the settings name and the office does not have is said in the language of who
// reads, with the page on which it is mended before any file.
func TestWhatDoesNotFitIsSaidInTheReadersLanguage(t *testing.T) {
	s := config.Settings{
		Printers: []config.Printer{{Name: "atrio", Outlet: "pulsantiera"}},
		Buttons:  []config.Button{{Name: "tasto", Outlet: "totem", Service: "pesca", Class: "amici"}},
		Keypads:  []config.Keypad{{Name: "tastierino", Desk: "s99"}},
		Lamps:    []config.Lamp{{Name: "lume"}},
	}
	setup := queue.Setup{Outlets: []queue.Outlet{{ID: "corridoio", Printer: true}}}
	for _, l := range words.StaffLanguages() {
		tongue := words.In(l)
		found := misfits(s, setup)
		if len(found) != 7 {
			t.Fatalf("%d findings", len(found))
		}
		for _, f := range found {
			x := f.shown(tongue)
			if x.Detail != "" || x.Do == "" || strings.Contains(x.Found+x.Do, "check.") || strings.Contains(x.Found+x.Do, "device.") || strings.Contains(x.Found+x.Do, "{") {
				t.Errorf("%s: %+v", l, x)
			}
			if l != "en" && (strings.Contains(x.Found, "names the") || strings.Contains(x.Found, "does not have")) {
				t.Errorf("%s: English stands in %q", l, x.Found)
			}
			page, file := strings.Index(x.Do, "/impostazioni"), strings.IndexAny(x.Do, "=[")
			if strings.Contains(x.Found, "lume") {
				continue // no page gives a lamp its name
			}
			if page < 0 || file >= 0 && file < page {
				t.Errorf("%s: no page stands before the file in %q", l, x.Do)
			}
		}
	}
}

// A panel that would show dashes for the office's longest number or label is
// told beforehand.
func TestPanelsHaveRoomForTheOffice(t *testing.T) {
	setup := queue.Setup{
		Series: []queue.Series{{ID: "a", Letters: "A", First: 1, Last: 999, Width: 3}, {ID: "b", Letters: "B", First: 1, Last: 9_999, Width: 3}},
		Desks:  []queue.Desk{{ID: "s1", Label: "1"}, {ID: "s2", Label: "Protocollo"}},
	}
	for _, c := range []struct{ frame, text, desk, wide string }{
		{"stx-4", "{number}", "", "B9999"},
		{"stx-4", "{digits}", "", ""},
		{"stx-4", "{desk}", "s1", ""},
		{"stx-4", "{desk}", "", "Protocollo"},
		{"nothing", "{number}", "", ""},
	} {
		s := config.Settings{Panels: []config.Panel{{Name: "sala", Frame: c.frame, Text: c.text, Desk: c.desk}}}
		if wide := tooWide(s, s.Panels[0], setup); wide != c.wide {
			t.Errorf("%s, %s, %s: %q, want %q", c.frame, c.text, c.desk, wide, c.wide)
		}
	}
}

// The same keymap says what the keys of a keypad mean, on USB by the kernel's
// codes and on a line by its characters.
func TestKeyMeanings(t *testing.T) {
	numeric, _ := config.Settings{}.Keymap("numeric")
	byte1, _ := config.Settings{}.Protocol("byte")
	usb, chars := numeric.ByCode(), numeric.ByByte(byte1)
	for code, want := range map[uint16]device.KeyCode{96: device.KeyNext, 78: device.KeyRecall, 76: "5"} {
		if usb[code] != want {
			t.Errorf("on USB %d means %q, want %q", code, usb[code], want)
		}
	}
	for char, want := range map[uint16]device.KeyCode{'\r': device.KeyNext, '#': device.KeyNext, '+': device.KeyRecall, '/': device.KeyTransfer, '5': "5"} {
		if chars[char] != want {
			t.Errorf("on a line %q means %q, want %q", rune(char), chars[char], want)
		}
	}
	if _, ok := chars[96]; ok {
		t.Error("a kernel's code has a meaning on a line")
	}
}

// oneLine stops whoever logs into it after the first line, and keeps that.
type oneLine struct {
	text strings.Builder
	stop func()
}

func (l *oneLine) Write(b []byte) (int, error) {
	defer l.stop()
	return l.text.Write(b)
}

// TestALineOfLogNamesItsDeviceOnce has a printer say that its port is not there.
func TestALineOfLogNamesItsDeviceOnce(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	said := &oneLine{stop: cancel}
	s := config.Default()
	s.Printers = []config.Printer{{Name: "atrio", Port: filepath.Join(t.TempDir(), "none"), Profile: "generic-80", Outlet: "main"}}
	h, err := wire(s, slog.New(slog.NewTextHandler(said, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.printers[0].printer.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if line := said.text.String(); strings.Count(line, "device=atrio") != 1 {
		t.Errorf("the log says %q", line)
	}
}
