package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/device/gpio"
	"eliminacode/device/sim"
)

// Only lines that may have a button are listened to: of a board's chip those of its
// header, also when the settings name the chip by hand, since the others are the
// network's and the card's; of another chip those with a name of their own.
func TestOnlyLinesForButtonsAreListenedTo(t *testing.T) {
	board := gpio.ChipInfo{Label: "pinctrl-bcm2711", Lines: []gpio.LineInfo{
		{Name: "GPIO17"}, {Name: "GPIO27", Consumer: "w1"}, {Name: "TXD1"}, {Name: "GPIO14"}, {Name: "SD_DATA0_R"}, {Name: "GPIO22"}, {Name: "GPIO5"},
	}}
	other := gpio.ChipInfo{Label: "mcp23017", Lines: []gpio.LineInfo{{Name: "A0"}, {Name: "A1"}, {}, {Name: "A2"}, {Name: "A2"}, {Name: "A3", Consumer: "x"}}}
	chips := func() []gpio.ChipInfo { return []gpio.ChipInfo{other, board} }
	const button = "[[button]]\nname = \"b\"\nline = %q\nservice = \"s\"\noutlet = \"o\"\n[[lamp]]\nname = \"b\"\nline = %q\n"
	for name, c := range map[string]struct {
		settings, byHand string
		want             []string
	}{
		"a board":                  {"[board]\nmodel = \"pi4\"\n" + fmt.Sprintf(button, "GPIO22", "GPIO5"), "", []string{"GPIO17"}},
		"its chip, by hand":        {"[board]\nmodel = \"desktop\"\nchip = \"pinctrl-bcm2711\"\n", "", []string{"GPIO17", "GPIO22", "GPIO5"}},
		"another chip":             {"[board]\nmodel = \"pi4\"\nchip = \"mcp23017\"\n", "mcp23017", []string{"A0", "A1"}},
		"one of them is used":      {"[board]\nmodel = \"desktop\"\nchip = \"mcp23017\"\n" + fmt.Sprintf(button, "A1", "A3"), "mcp23017", []string{"A0"}},
		"a chip that is not there": {"[board]\nmodel = \"pi4\"\nchip = \"elsewhere\"\n", "", nil},
		"no GPIO":                  {"", "", nil},
	} {
		w := &walk{wiring: wiring{machine: machine{chips: chips}, settings: settings(t, c.settings)}}
		var got []string
		if chip, there := w.machine.chip(w.settings.Chips()); there {
			for _, l := range w.freeLines(chip) {
				got = append(got, l.Name)
			}
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) || w.Chip() != c.byHand {
			t.Errorf("%s: %v of %q, want %v of %q", name, got, w.Chip(), c.want, c.byHand)
		}
	}
}

// TestAButtonOnAChipNamedByHandIsFound presses buttons of a chip that is no known
// board's: none is found before a person agrees to its lines being listened to, which
// holds when the box starts again; what is found is given a meaning and works.
func TestAButtonOnAChipNamedByHandIsFound(t *testing.T) {
	t.Parallel() // it waits more than it works
	b := startWalked(t, newSimulated(t), "[board]\nmodel = \"desktop\"\nchip = \""+byHand+"\"\n")
	b.post("/impostazioni/effetto", "reference")
	says(t, "the chip", b.page(), byHand, `name="action" value="listen"`)
	up := b.board.press("KEY-1")
	time.Sleep(time.Second)
	up()
	if strings.Contains(b.page(), `value="KEY-1"`) {
		t.Error("a line is listened to that nobody has agreed to")
	}
	says(t, "the chip", b.post(walkPath, "listen"), "in ascolto")
	b.pressed("KEY-1", `value="KEY-1"`)
	b.named("a meaning", "kind", "button", "name", "KEY-1", "service", "anagrafe", "outlet", "totem")
	b.pressed("KEY-1", "Ha risposto")
	b.pressed("KEY-2", `value="KEY-2"`)
}

// TestSerialKeypadsAndPanelsAreFound presses a key of a keypad on a serial port that no
// setting names, and reads on a panel on another the number that says which kind it is:
// both get a meaning and work after the box has started again, and a number that was
// only shown as a trial is gone.
func TestSerialKeypadsAndPanelsAreFound(t *testing.T) {
	t.Parallel() // it waits more than it works
	board := newSimulated(t)
	const padPort, panelPort = "/dev/serial/by-path/usb-0:1.4-port0", "/dev/serial/by-path/usb-0:1.5-port0"
	pads, leds := sim.NewSerialKeypads(sim.KeypadFrames, 7, 8), sim.NewLEDPanels(3)
	behind(t, filepath.Join(board.dir, padPort), func(p *sim.PTY, ctx context.Context) error { return p.Serve(ctx, pads.Serve) })
	behind(t, filepath.Join(board.dir, panelPort), func(p *sim.PTY, ctx context.Context) error { return p.Serve(ctx, leds.Serve) })
	b := startWalked(t, board, "")
	b.post("/impostazioni/effetto", "reference")
	shows := func(text string) {
		t.Helper()
		for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
			if got, _ := leds.Shown(3); got == text {
				return
			} else if time.Since(begun) > time.Minute {
				t.Fatalf("the panel shows %q, want %q; %s", got, text, b.d.log)
			}
		}
	}
	found := func(kind, name string) string {
		return `<input type="hidden" name="kind" value="` + kind + `"><input type="hidden" name="name" value="` + name + `">`
	}
	b.until(found("printer", padPort), 1, func() { time.Sleep(200 * time.Millisecond) })
	b.until(found("keypad", padPort+" 7"), 1, func() {
		pads.Type(7, '\r')
		time.Sleep(time.Second)
	})
	says(t, "the key", b.page(), "stx 7", "AVANTI")
	b.named("a serial keypad's meaning", "kind", "keypad", "name", padPort+" 7", "desk", "s1", "model", "numeric")
	says(t, "the settings", string(readFile(t, b.file)), "port = \""+padPort+"\"\nprotocol = \"stx\"\naddress = 7\n")
	b.until("Ha risposto", 1, func() {
		pads.Type(7, '\r')
		time.Sleep(200 * time.Millisecond)
	})

	// Another one on the same line, which is a line of the settings now.
	b.until(found("keypad", padPort+" 8"), 1, func() {
		pads.Type(8, '\r')
		time.Sleep(time.Second)
	})
	b.named("the other keypad's meaning", "kind", "keypad", "name", padPort+" 8", "desk", "s2", "model", "numeric")
	b.until("Ha risposto", 2, func() {
		pads.Type(8, '\r')
		time.Sleep(200 * time.Millisecond)
	})

	// At another address nothing appears.
	b.offered(panelPort)
	says(t, "a panel", b.post(walkPath, "show", "name", panelPort, "address", "1"), "Numero mandato")
	says(t, "a panel", b.post(walkPath, "show", "name", panelPort, "address", "3"), `<option value="stx-4">111</option>`)
	shows("111")
	says(t, "a panel that is not there", b.post(walkPath, "show", "name", padPort), "non c&#39;è un display")
	b.named("a panel's meaning", "kind", "panel", "name", panelPort, "model", "stx-4", "desk", "s1", "address", "3")
	says(t, "the settings", string(readFile(t, b.file)), "port = \""+panelPort+"\"\nframe = \"stx-4\"\naddress = 3\ndesk = \"s1\"\n")
	shows("")
	says(t, "its number", b.post(walkPath, "show", "kind", "panel", "name", "over-s1"), "Sul display si legge 111?")
	shows("111")
	says(t, "the trial", b.post(walkPath, "came-out", "kind", "panel", "name", "over-s1"), "Ha mostrato il suo numero, dice Anna Rossi")
	shows("")
}

// TestATakenPortIsToldAsSuch leaves one serial port to another program, forbids another
// and lets a third say what no keypad says: the page names each with what to do, offers
// none that cannot be used, and offers it as soon as it can.
func TestATakenPortIsToldAsSuch(t *testing.T) {
	t.Parallel() // it waits more than it works
	board := newSimulated(t)
	const taken, denied, odd = "/dev/serial/by-path/usb-0:1.1-port0", "/dev/serial/by-path/usb-0:1.2-port0", "/dev/serial/by-path/usb-0:1.3-port0"
	speak := make(chan struct{}, 1)
	for _, port := range []string{taken, denied, odd} {
		behind(t, filepath.Join(board.dir, port), func(p *sim.PTY, ctx context.Context) error {
			return p.Serve(ctx, func(ctx context.Context, line io.ReadWriteCloser) error {
				defer line.Close()
				for {
					select {
					case <-ctx.Done():
						return nil
					case <-speak:
						if _, err := line.Write([]byte("$GPRMC,101010,A\r\n")); err != nil {
							return err
						}
					}
				}
			})
		})
	}
	tty, err := os.Readlink(filepath.Join(board.dir, taken))
	if err != nil {
		t.Fatal(err)
	}
	// Another program has the port open, as the kernel tells it.
	other := filepath.Join(board.dir, "proc", "4242")
	if err := errors.Join(os.MkdirAll(filepath.Join(other, "fd"), 0o700), os.Symlink(tty, filepath.Join(other, "fd", "3"))); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(other, "comm"), "ModemManager\n")
	writeFile(t, filepath.Join(board.dir, "denied", filepath.Base(denied)), "")
	b := startWalked(t, board, "[[keypad]]\nname = \"k1\"\ndesk = \"s1\"\nport = \""+taken+"-gone\"\n")
	b.post("/impostazioni/effetto", "reference")
	pause := func() { time.Sleep(200 * time.Millisecond) }
	b.until("Lo usa ModemManager (4242)", 1, pause)
	b.until("non ha il permesso", 1, pause)
	b.until("Qui non c&#39;è niente", 1, pause)
	says(t, "what to do", b.page(), "<code lang=\"en\" translate=\"no\">systemctl disable --now ModemManager.service</code>", denied, "dialout")
	for _, port := range []string{taken, denied} {
		if strings.Contains(b.page(), `value="`+port+`"`) {
			t.Errorf("%s is offered", port)
		}
	}
	b.offered(odd)
	if err := errors.Join(os.RemoveAll(other), os.RemoveAll(filepath.Join(board.dir, "denied"))); err != nil {
		t.Fatal(err)
	}
	b.offered(taken)
	b.offered(denied)
	b.until("non è di un tastierino conosciuto", 3, func() {
		speak <- struct{}{}
		pause()
	})
}
