package main

import (
	"context"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"eliminacode/device/sim"
)

// behind puts a simulated device behind a port for the length of a test.
func behind(t testing.TB, link string, serve func(*sim.PTY, context.Context) error) *sim.PTY {
	t.Helper()
	pty, err := sim.OpenPTY(link)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(pty, ctx) }()
	t.Cleanup(func() {
		cancel()
		pty.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return pty
}

// TestKeypadAndPanelOnLines follows a call from a key on a serial line to an LED
// panel on another, through the daemon and its settings, while both lines are
// pulled out and put back.
func TestKeypadAndPanelOnLines(t *testing.T) {
	dir := t.TempDir()
	pads := sim.NewSerialKeypads(sim.KeypadFrames, 1, 2)
	leds := sim.NewLEDPanels(1, 7)
	keys, panels := filepath.Join(dir, "keys"), filepath.Join(dir, "panels")
	keyLine := behind(t, keys, func(p *sim.PTY, ctx context.Context) error { return p.Serve(ctx, pads.Serve) })
	panelLine := behind(t, panels, func(p *sim.PTY, ctx context.Context) error { return p.Serve(ctx, leds.Serve) })
	box := filepath.Join(dir, "box.toml")
	writeFile(t, box, `schema = 1
[[keypad]]
name = "k1"
desk = "s1"
port = "`+keys+`"
protocol = "stx"
[[keypad]]
name = "k2"
desk = "s2"
port = "`+keys+`"
protocol = "stx"
address = 2
[[panel]]
name = "atrio"
port = "`+panels+`"
closed = "--"
[[panel]]
name = "sopra-2"
port = "`+panels+`"
address = 7
desk = "s2"
`)
	d := startBox(t, "--config", box, "--data", filepath.Join(dir, "data"), "--office", alwaysOpen(t, dir))
	until := func(what string, ok func() bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !ok(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				hall, _ := leds.Shown(1)
				desk, _ := leds.Shown(7)
				t.Fatalf("waited in vain: %s; the hall shows %q, desk 2 %q; keypads %+v, %+v", what, hall, desk, pads.Shows(1), pads.Shows(2))
			}
		}
	}
	shows := func(address int, text string) func() bool {
		return func() bool { got, _ := leds.Shown(address); return got == text }
	}
	issue := func() {
		t.Helper()
		if _, status, err := post(t.Context(), http.DefaultClient, d.address+"/api/v1/reception/issue",
			map[string]string{"service": "cie", "outlet": "accoglienza"}); status != http.StatusCreated {
			t.Fatalf("issuing: status %d, %v", status, err)
		}
	}
	until("nobody is called", shows(1, "--"))
	issue()
	pads.Type(2, '\r')
	until("a call in the hall", func() bool { got, _ := leds.Shown(1); return got != "--" })
	number, _ := leds.Shown(1)
	until("and over its desk", shows(7, number))
	until("and on its keypad", func() bool { return pads.Shows(2).Text == number && pads.Shows(2).Beeps == 1 })
	pads.Type(1, '+')
	until("a refusal at the other desk", func() bool { return pads.Shows(1).Refusals == 1 })

	panelLine.Unplug()
	keyLine.Unplug()
	leds.PowerCycle(1)
	if err := panelLine.Replug(); err != nil {
		t.Fatal(err)
	}
	if err := keyLine.Replug(); err != nil {
		t.Fatal(err)
	}
	until("the call again after the line was lost", shows(1, number))
	until("the keypads answer again", func() bool {
		if pads.Shows(2).Acks < 2 {
			pads.Type(2, '+')
		}
		return pads.Shows(2).Acks >= 2
	})
	d.stop(t)
	until("dark when the daemon has stopped", shows(1, ""))
}
