package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"eliminacode/device/sim"
	"eliminacode/device/sim/printer"
)

// TestAPrinterIsFoundAtItsSpeed looks for a printer on two ports: at a wrong speed it
// understands nothing and what it says is garbage, and behind the other port nothing
// answers. The one that is found is written with its speed, and prints.
func TestAPrinterIsFoundAtItsSpeed(t *testing.T) {
	t.Parallel() // it waits more than it works
	const baud = 115_200
	board := newSimulated(t)
	const port, silent = "/dev/serial/by-path/usb-0:1.2-port0", "/dev/serial/by-path/usb-0:1.5-port0"
	paper := printer.New(printer.Config{Baud: baud, Change: func(m *printer.Model) { m.MMPerSecond = 500 }})
	ctx, end := context.WithCancel(context.Background())
	run := make(chan struct{})
	go func() { defer close(run); _ = paper.Run(ctx) }()
	t.Cleanup(func() { end(); <-run })
	behind(t, filepath.Join(board.dir, port), func(p *sim.PTY, ctx context.Context) error {
		return p.Serve(ctx, p.AtBaud(baud, paper.Serve))
	})
	mute := printer.New(printer.Config{})
	mute.SetDeaf(true)
	behind(t, filepath.Join(board.dir, silent), func(p *sim.PTY, ctx context.Context) error { return p.Serve(ctx, mute.Serve) })
	b := startWalked(t, board, "")
	b.post("/impostazioni/effetto", "reference")
	b.until(`value="seek"`, 2, func() { time.Sleep(200 * time.Millisecond) })
	began := time.Now()
	b.post(walkPath, "seek", "name", port)
	b.until("Una stampante risponde a 115200 bit/s", 1, func() { time.Sleep(100 * time.Millisecond) })
	b.post(walkPath, "seek", "name", silent)
	b.until("Nessuna stampante ha risposto. Velocità provate, in bit/s: 9600 19200 38400 115200 57600", 1, func() { time.Sleep(100 * time.Millisecond) })
	t.Logf("both were looked for in %v", time.Since(began))
	says(t, "the page", b.page(), `<option value="115200" selected>`)
	b.named("the printer", "kind", "printer", "name", port, "outlet", "totem", "model", "generic-80", "baud", "115200")
	says(t, "the settings", string(readFile(t, b.file)), "baud = 115200")
	says(t, "a PROVA", b.post(walkPath, "trial", "name", "totem"), "si legge bene ed è tagliata?")
	if text := lastTicket(paper)(); !strings.Contains(text, "PROVA") {
		t.Errorf("the paper says %q", text)
	}
}
