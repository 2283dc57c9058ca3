package main

import (
	"os"
	"path/filepath"
	"testing"

	"eliminacode/display"
	config "eliminacode/firmware-config"
	"eliminacode/queue/words"
)

// What hangs together is moved together, so that no settings are refused half way.
func TestAPrinterTakesItsButtonsAlong(t *testing.T) {
	t.Parallel()
	s := config.Settings{
		Printers: []config.Printer{{Name: "p", Outlet: "a"}, {Name: "q", Outlet: "b"}},
		Panels:   []config.Panel{{Name: "sala", Frame: "stx-4", Address: 1}},
		Buttons:  []config.Button{{Name: "x", Service: "s", Outlet: "a"}, {Name: "y", Service: "s", Outlet: "b", Class: "priority"}},
	}
	w := &walk{wiring: wiring{settings: s}, wired: wiredIn(s)}
	printer, button := display.Thing{Kind: display.PrinterThing, Name: "p"}, display.Thing{Kind: display.ButtonThing, Name: "x"}
	panel := display.Thing{Kind: display.PanelThing, Name: "sala"}
	for _, c := range []struct {
		n    display.Naming
		want string
	}{
		{display.Naming{Thing: printer, Outlet: "c"}, "printer[1].outlet=c button[1].outlet=c "},
		{display.Naming{Thing: printer, Outlet: "b"}, "printer[1].outlet=b printer[2].outlet=a "},
		{display.Naming{Thing: printer, Outlet: "a"}, "printer[1].outlet=a "},
		{display.Naming{Thing: button, Service: "t", Outlet: "b"}, "button[1].service=t button[1].outlet=b "},
		{display.Naming{Thing: button, Service: "t"}, "button[1].service=t "},
		{display.Naming{Thing: button, Class: "priority"}, "button[1].class=priority "},
		{display.Naming{Thing: display.Thing{Kind: display.ButtonThing, Name: "y"}}, "button[2].class= "},
		{display.Naming{Thing: printer, Model: "raw"}, "printer[1].profile=raw "},
		{display.Naming{Thing: printer, Baud: 19_200}, "printer[1].baud=19200 "},
		{display.Naming{Thing: panel, Address: 0}, "panel[1].desk= panel[1].address=0 "},
		{display.Naming{Thing: panel, Address: 1, Desk: "s1"}, "panel[1].desk=s1 "},
		{display.Naming{Thing: button, Service: "t", Outlet: "c", Printer: "p"}, "printer[1].outlet=c button[1].service=t button[1].outlet=c "},
		{display.Naming{Thing: display.Thing{Kind: display.ButtonThing, Name: "GPIO5"}, Service: "t", Outlet: "c", Printer: "q"}, "printer[2].outlet=c button[2].outlet=c "},
	} {
		got := ""
		for _, m := range w.changes(c.n) {
			got += m.Key + "=" + m.Text.Text + " "
		}
		if got != c.want {
			t.Errorf("%+v changes %q, want %q", c.n, got, c.want)
		}
	}
}

// TestEveryKindIsExplained: who chooses a kind of keypad or printer on the way to a
// first office reads what it is, in every language.
func TestEveryKindIsExplained(t *testing.T) {
	w := &walk{wiring: wiring{settings: config.Default()}}
	for _, kind := range []display.ThingKind{display.KeypadThing, display.PrinterThing} {
		models := w.Models(kind)
		if len(models) == 0 {
			t.Errorf("there is no kind of %s", kind)
		}
		for _, model := range models {
			id := "walk.kind-" + model
			italian := words.In("it").Say(id)
			for _, l := range words.StaffLanguages() {
				if said := words.In(l).Say(id); said == id || l != "it" && said == italian {
					t.Errorf("%s in %s is %q", model, l, said)
				}
			}
		}
	}
}

// A device is taken out of the settings as the one that it is, among all of its kind.
func TestADeviceIsTakenOutOfTheSettings(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "box.toml")
	writeFile(t, file, "schema = 1\n[board]\nmodel = \"pi4\"\n[[printer]]\nname = \"p\"\noutlet = \"a\"\nport = \"/dev/serial/by-path/usb-0:1.2\"\n"+
		"[[button]]\nname = \"x\"\nline = \"GPIO17\"\nservice = \"s\"\noutlet = \"a\"\n"+
		"[[button]]\nname = \"y\"\nline = \"GPIO27\"\nservice = \"s\"\noutlet = \"a\"\nclass = \"priority\"\n")
	settings := func() config.Settings {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := config.Parse(file, data)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	begin := func() *walk {
		return &walk{wiring: wiring{settings: settings(), file: file}, wired: wiredIn(settings()), changed: make(chan struct{}), written: make(chan struct{}, 1)}
	}
	thing := display.Thing{Kind: display.ButtonThing, Name: "y"}
	// What was given by mistake is changed: the second button is for everybody.
	if written, err := begin().Name(display.Naming{Thing: thing}); !written || err != nil || settings().Buttons[1].Class != "" {
		t.Fatalf("%v, %v: %+v", written, err, settings().Buttons)
	}
	thing.Name = "x"
	if written, err := begin().Name(display.Naming{Thing: thing, Gone: true}); !written || err != nil {
		t.Fatal(written, err)
	}
	if left := settings(); len(left.Buttons) != 1 || left.Buttons[0].Name != "y" || len(left.Printers) != 1 {
		t.Errorf("left are %+v and %+v", left.Buttons, left.Printers)
	}
}
