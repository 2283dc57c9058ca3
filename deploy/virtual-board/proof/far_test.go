package proof

import (
	"context"
	"net"

	"eliminacode/device/sim/printer"
)

// A farPrinter is the printer behind the USB serial adapter. It lives on the
// host, so that its paper outlives the board.
type farPrinter struct {
	*printer.Printer
	line net.Conn // nil while unplugged
}

func newFarPrinter(ctx context.Context) *farPrinter {
	p := &farPrinter{Printer: printer.New(printer.Config{Keep: 10_000})}
	go p.Run(ctx)
	return p
}

// plugFar plugs the printer behind the adapter in.
func (b *board) plugFar() {
	b.t.Helper()
	if b.far == nil {
		b.far = newFarPrinter(context.Background())
	}
	line, err := b.PlugSerial()
	if err != nil {
		b.t.Fatal(err)
	}
	b.far.line = line
	go b.far.Serve(context.Background(), line)
}

// unplugFar pulls its plug.
func (b *board) unplugFar() {
	b.t.Helper()
	if err := b.far.line.Close(); err != nil {
		b.t.Fatal(err)
	}
}

// numbers counts the papers by number.
func (p *farPrinter) numbers() map[string]int {
	all := map[string]int{}
	for _, t := range p.Tickets() {
		all[t.Biggest()]++
	}
	return all
}
