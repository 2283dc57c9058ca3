package escpos_test

import (
	"context"
	"io"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"eliminacode/device"
	"eliminacode/device/devicetest"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/serial"
	"eliminacode/device/sim"
	"eliminacode/device/sim/printer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The printer passes its contract by each rung, at a real printer's speed and
// with its real waits, where time takes none.
func TestContract(t *testing.T) {
	for _, rung := range []device.Rung{device.RungProcessID, device.RungExecuted, device.RungClean} {
		t.Run(string(rung), func(t *testing.T) {
			devicetest.TestPrinterInBubble(t, func(t *testing.T) devicetest.PrinterBench {
				bench := overPipe(t, printer.Config{
					Baud:     9600,
					TextOnly: true,
					Change:   confirmsBy(rung),
				}, profileFor(rung))
				if rung != device.RungProcessID {
					bench.Complaints = nil // probing asks for what this model does not know
				}
				return bench
			})
		})
	}
}

// Every shipped profile passes it with the printer that it is for, which
// complains about nothing that it was sent. A raw profile promises less.
func TestContractShipped(t *testing.T) {
	for _, profile := range shipped(t) {
		if profile.IsRaw() {
			continue
		}
		t.Run(profile.Name, func(t *testing.T) {
			model := printer.ModelOf(profile)
			devicetest.TestPrinterInBubble(t, func(t *testing.T) devicetest.PrinterBench {
				return overPipe(t, printer.Config{Model: model, Baud: 9600, TextOnly: true}, profile)
			})
		})
	}
}

// And through the kernel's tty, with the real serial port below: what is sent
// and answered, and a plug that is pulled. What the printer says of itself, and
// how long the driver waits for it, goes through any line in the same way, and
// the bubbles show it.
func TestContractOverPTY(t *testing.T) {
	t.Parallel()
	devicetest.TestPrinter(t, overPTY)
}

// A printer with a network card is a line like any other.
func TestOverTCP(t *testing.T) {
	t.Parallel()
	tcp, err := sim.ListenTCP(0)
	if err != nil {
		t.Fatal(err)
	}
	vp := start(t, printer.Config{Speed: 20}, tcp.Serve)
	p, err := escpos.NewPrinter(escpos.Config{
		Name: "totem", Profile: profile.GenericProcessID(),
		Open: func(ctx context.Context) (escpos.Line, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", tcp.Addr())
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { p.Run(ctx) })
	defer func() { cancel(); run.Wait() }()
	for range 3 {
		if _, err := p.Print(t.Context(), slip); err != nil {
			t.Fatal(err)
		}
	}
	vp.UnplugAfter(50) // the socket is closed and may be dialled again
	if _, err := p.Print(t.Context(), slip); err == nil {
		t.Error("a ticket into a closed socket was confirmed")
	}
	if _, err := p.Print(t.Context(), named("A043")); err != nil {
		t.Error(err)
	}
	if tickets := vp.Tickets(); tickets[len(tickets)-1].Biggest() != "A043" {
		t.Errorf("last ticket:\n%s", tickets[len(tickets)-1].Text)
	}
}

// profileFor is a profile that ends on this rung, after trying those above.
func profileFor(rung device.Rung) profile.Profile {
	p := profile.GenericProcessID()
	p.Ack = []device.Rung{device.RungProcessID, device.RungExecuted, device.RungClean}
	switch rung {
	case device.RungProcessID:
		p.Ack = p.Ack[:1]
	case device.RungExecuted:
		p.Ack = p.Ack[:2]
	}
	return p
}

// start runs a simulated printer for the length of a test.
func start(t *testing.T, cfg printer.Config,
	serve func(context.Context, func(context.Context, io.ReadWriteCloser) error) error) *printer.Printer {
	vp := printer.New(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { vp.Run(ctx) })
	all.Go(func() { serve(ctx, vp.Serve) })
	t.Cleanup(func() { cancel(); all.Wait() })
	return vp
}

// overPipe is a bench without the kernel.
func overPipe(t *testing.T, cfg printer.Config, profile profile.Profile) devicetest.PrinterBench {
	lines := make(chan io.ReadWriteCloser)
	vp := start(t, cfg, func(ctx context.Context, serve func(context.Context, io.ReadWriteCloser) error) error {
		for {
			select {
			case line := <-lines:
				serve(ctx, line)
			case <-ctx.Done():
				return nil
			}
		}
	})
	bench := benchOf(t, vp, profile, time.Minute, 0, func(ctx context.Context) (escpos.Line, error) {
		ours, theirs := net.Pipe()
		select {
		case lines <- theirs:
			return ours, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
	bench.Replug = func() {}
	switch {
	case vp.Model().EjectorStepMM > 0:
		takeTickets(t, vp)
	case !vp.Model().Cutter():
		people := &tearing{Printer: bench.Printer, vp: vp, turn: make(chan struct{}, 1)}
		bench.Printer, bench.Printed = people, func() []string { people.tear(); return printed(vp) }
	}
	return bench
}

// takeTickets are the people at a presenter.
func takeTickets(t *testing.T, vp *printer.Printer) {
	ctx, cancel := context.WithCancel(context.Background())
	var people sync.WaitGroup
	people.Go(func() {
		for tick := time.NewTicker(time.Second); ; {
			select {
			case <-tick.C:
				vp.TakeTicket()
			case <-ctx.Done():
				tick.Stop()
				return
			}
		}
	})
	t.Cleanup(func() { cancel(); people.Wait() })
}

// tearing is a printer whose people tear their ticket off before the next one
// comes.
type tearing struct {
	device.Printer
	vp   *printer.Printer
	turn chan struct{} // a mutex would stop the bubble's clock
}

func (p *tearing) Print(ctx context.Context, slip device.Slip) (device.Receipt, error) {
	p.turn <- struct{}{}
	defer func() { <-p.turn }()
	p.tear()
	defer p.tear()
	return p.Printer.Print(ctx, slip)
}

// tear waits until the paper stands still, as people do: what a printer without
// confirmations still has in its buffer comes out unannounced.
func (p *tearing) tear() {
	time.Sleep(3 * time.Second)
	p.vp.Tear()
	time.Sleep(10 * time.Millisecond) // the head notices
}

// overPTY is a bench whose printer is fast, so that only the driver waits.
func overPTY(t *testing.T) devicetest.PrinterBench {
	pty, err := sim.OpenPTY(filepath.Join(t.TempDir(), "tty"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pty.Close() })
	vp := start(t, printer.Config{Baud: 115200, Speed: 20}, pty.Serve)
	// The printer is silent while the machine has no time for it.
	bench := benchOf(t, vp, profileFor(device.RungProcessID), 20*time.Second, 5*time.Second, func(context.Context) (escpos.Line, error) {
		return serial.Open(serial.Settings{Path: pty.Path(), Baud: 115200})
	})
	bench.Replug = func() {
		if err := pty.Replug(); err != nil {
			t.Error(err)
		}
	}
	bench.SetPaperOut, bench.SetCoverOpen, bench.SetPower = nil, nil, nil
	return bench
}

func printed(vp *printer.Printer) (numbers []string) {
	for _, ticket := range vp.Tickets() {
		numbers = append(numbers, ticket.Biggest())
	}
	return numbers
}

func benchOf(t *testing.T, vp *printer.Printer, profile profile.Profile, within, patience time.Duration,
	open func(context.Context) (escpos.Line, error)) devicetest.PrinterBench {
	p, err := escpos.NewPrinter(escpos.Config{Name: "totem", Profile: profile, Open: open, StartWithin: within, Patience: patience})
	if err != nil {
		t.Fatal(err)
	}
	return devicetest.PrinterBench{
		Printer:      p,
		Printed:      func() []string { return printed(vp) },
		Complaints:   vp.Complaints,
		SetPaperOut:  vp.SetPaperOut,
		PaperEnding:  func() { vp.PaperOutAfter(20) },
		SetCoverOpen: vp.SetCoverOpen,
		SetPower:     vp.SetPower,
		CutLine:      vp.UnplugAfter,
		Patience:     30 * time.Second,
	}
}
