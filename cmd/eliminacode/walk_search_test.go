package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/cmd/eliminacode/setups"
	"eliminacode/display"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
)

// TestDevicesAreFoundWhileAnOfficeServes presses a second keypad and a button that no
// setting names: neither is found before a person searches; then both are, and get a
// meaning, with which the box starts again and goes on searching, while what is in use
// works all the time and is not taken for new. What was taken away is found again.
func TestDevicesAreFoundWhileAnOfficeServes(t *testing.T) {
	t.Parallel() // it waits more than it works
	board := newSimulated(t)
	const used, pad, port = "/dev/input/by-path/usb-0:1.1-event-kbd", "/dev/input/by-path/usb-0:1.3-event-kbd", "/dev/serial/by-path/usb-0:1.2-port0"
	board.plug(used)
	board.plug(pad)
	paper := startPrinter(filepath.Join(board.dir, port), func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}, t.Cleanup)
	b := startWalked(t, board, "[office]\nfile = \""+alwaysOpen(t, t.TempDir())+"\"\n[board]\nmodel = \"pi4\"\n"+
		"[[printer]]\nname = \"atrio\"\nport = \""+port+"\"\nbaud = 115200\noutlet = \"sala\"\n"+
		"[[button]]\nname = \"anagrafe\"\nline = \"GPIO27\"\nservice = \"anagrafe\"\noutlet = \"sala\"\n"+
		"[[keypad]]\nname = \"k1\"\npath = \""+used+"\"\ndesk = \"s1\"\nkeymap = \"numeric\"\n")
	const enter = 96 // KEY_KPENTER
	newest := lastTicket(paper)
	found := func(kind, name string) string {
		return `<input type="hidden" name="kind" value="` + kind + `"><input type="hidden" name="name" value="` + name + `">`
	}
	typed := func() {
		board.typeKey(pad, enter)
		board.typeKey(used, enter)
		time.Sleep(200 * time.Millisecond)
	}
	board.pressFor("GPIO27", "A001", newest, b.d.log)
	up := board.press("GPIO26")
	typed()
	time.Sleep(time.Second)
	up()
	says(t, "before a search", b.page(), "Cerca dispositivi")
	for _, unheard := range []string{"GPIO26", pad} {
		if strings.Contains(b.page(), unheard) {
			t.Errorf("%s is heard though nobody searches", unheard)
		}
	}
	says(t, "the technician's page", browse(t, b.client, "GET", b.d.address+"/responsabile/tecnico", nil), pad, `href="`+walkPath+`#cerca"`)
	says(t, "what was not found", b.post(walkPath, "name", "kind", "button", "name", "GPIO26", "service", "anagrafe", "outlet", "sala"), "Nessun dispositivo trovato", "flash-failed")

	says(t, "a search", b.post(walkPath, "search"), "Ricerca in corso")
	b.until(found("keypad", pad), 1, typed)
	b.pressed("GPIO26", `value="GPIO26"`)
	board.pressFor("GPIO27", "A002", newest, b.d.log)
	for _, mine := range []string{found("keypad", used), `value="GPIO27"`, `value="` + port + `"`} {
		if strings.Contains(b.page(), mine) {
			t.Errorf("%s is offered as new", mine)
		}
	}
	b.named("a keypad's meaning", "kind", "keypad", "name", pad, "desk", "s2", "model", "numeric")
	says(t, "after it", b.page(), "Ricerca in corso", `value="GPIO26"`, `value="desk-s2"`)
	b.named("a button's meaning", "kind", "button", "name", "GPIO26", "service", "anagrafe", "outlet", "sala")
	board.pressFor("GPIO26", "A003", newest, b.d.log)
	board.pressFor("GPIO27", "A004", newest, b.d.log)

	// What was taken away is as new.
	says(t, "a button goes", b.post(walkPath, "remove", "kind", "button", "name", "anagrafe"), "riparte con le nuove impostazioni")
	b.startsAgain()
	b.pressed("GPIO27", `value="GPIO27"`)
	b.named("its meaning", "kind", "button", "name", "GPIO27", "service", "anagrafe", "outlet", "sala")
	board.pressFor("GPIO27", "A005", newest, b.d.log)

	// A PROVA is looked at, and what a person says of it is shown.
	says(t, "a PROVA", b.post(walkPath, "trial", "name", "atrio"), "si legge bene ed è tagliata?")
	says(t, "what a person says", b.post(walkPath, "came-out", "name", "atrio"), "È uscita bene, dice Anna Rossi")
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(b.file), "data", setupsName, "walk.json")); len(left) > 0 {
		t.Errorf("with an office in force there is %v", left)
	}
	if data, err := os.ReadFile(b.file); err != nil || strings.Count(string(data), "[[button]]") != 2 || strings.Count(string(data), "[[keypad]]") != 2 {
		t.Errorf("the settings are %s, %v", data, err)
	}
}

// TestASearchEnds: with an office in force devices are listened to only while a person
// searches, longer when somebody works with what was found, and across a start with
// other settings; of what was tried the chip that a person agreed to stays.
func TestASearchEnds(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		before := &pressedBefore{}
		begin := func(s config.Settings) *walk {
			w := &walk{
				wiring: wiring{settings: s, before: before, machine: machine{root: root}}, wired: wiredIn(s), kept: setups.Open(root, nil, slog.New(slog.DiscardHandler)),
				inForce: func() bool { return true }, now: func() int64 { return time.Now().UnixMilli() },
				changed: make(chan struct{}), asked: make(chan struct{}, 1), ports: map[string]*freePort{}, pads: map[string]serialPad{}, lit: map[string]bool{},
			}
			w.remember()
			return w
		}
		s := config.Settings{Printers: []config.Printer{{Name: "p", Outlet: "a"}}}
		w := begin(s)
		if w.finds(true) || w.SearchEnds() != 0 || !w.finds(false) {
			t.Error("it searches before anybody has asked")
		}
		w.Search()
		if got := w.SearchEnds() - time.Now().UnixMilli(); got != searchFor.Milliseconds() || len(w.asked) != 1 {
			t.Errorf("it goes on for %d ms", got)
		}
		time.Sleep(searchFor - time.Second)
		stop := w.beginFinding(t.Context())
		defer stop()
		button := display.Wired{Thing: display.Thing{Kind: display.ButtonThing, Name: "GPIO26"}}
		w.hear(button, "", false)
		chip := display.Tried{Thing: display.Thing{Kind: display.ChipThing, Name: "x"}, Outcome: display.LinesAgreed}
		for _, tried := range []display.Tried{chip, {Thing: display.Thing{Kind: display.PrinterThing, Name: "p"}, Outcome: display.TrialCameOut}} {
			if err := w.Try(tried); err != nil {
				t.Fatal(err)
			}
		}
		w.mu.Lock()
		w.goOn()
		w.mu.Unlock()
		w.leave()

		w = begin(config.Settings{})
		time.Sleep(searchFor - time.Second)
		if tried, _ := w.Tried(); !w.finds(true) || !slices.Equal(tried, []display.Tried{chip}) || len(w.Found()) != 1 {
			t.Errorf("searching %v, tried %+v, found %+v", w.finds(true), tried, w.Found())
		}
		time.Sleep(time.Second)
		if w.finds(true) || w.SearchEnds() != 0 {
			t.Error("the search does not end")
		}
		if written, err := w.Name(display.Naming{Thing: display.Thing{Kind: display.ButtonThing, Name: "GPIO5"}, Service: queue.ServiceID("s")}); written || err == nil {
			t.Errorf("what was not found is named: %v, %v", written, err)
		}
		// Another search begins without what was found elsewhere.
		if w.Search(); len(w.Found()) != 0 || len(w.Heard()) != 0 {
			t.Errorf("found is %+v", w.Found())
		}
	})
}
