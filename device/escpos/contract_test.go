package escpos_test

import (
	"context"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"eliminacode/device"
	"eliminacode/device/devicetest"
	"eliminacode/device/escpos"
	"eliminacode/device/serial"
	"eliminacode/device/sim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The printer passes its contract over a pty, by each rung.
func TestContractOverPTY(t *testing.T) {
	for _, rung := range []device.Rung{device.RungProcessID, device.RungExecuted, device.RungClean} {
		t.Run(string(rung), func(t *testing.T) {
			t.Parallel()
			devicetest.TestPrinter(t, func(t *testing.T) devicetest.PrinterBench {
				return overPTY(t, rung)
			})
		})
	}
}

// And over a socket.
func TestContractOverTCP(t *testing.T) {
	t.Parallel()
	devicetest.TestPrinter(t, func(t *testing.T) devicetest.PrinterBench {
		tcp, err := sim.ListenTCP(0)
		if err != nil {
			t.Fatal(err)
		}
		bench := newBench(t, device.RungProcessID, func(ctx context.Context, vp *sim.Printer) { tcp.Serve(ctx, vp.Serve) },
			func(ctx context.Context) (escpos.Line, error) {
				return new(net.Dialer).DialContext(ctx, "tcp", tcp.Addr())
			})
		bench.Replug = func() {}
		return bench
	})
}

// profileFor is a profile that ends on this rung, after trying the one above.
func profileFor(rung device.Rung) escpos.Profile {
	p := escpos.GenericProcessID()
	p.Acks = []device.Rung{device.RungProcessID, device.RungExecuted, device.RungClean}
	p.SettleMillis = 4000
	switch rung {
	case device.RungProcessID:
		p.Acks = p.Acks[:1]
	case device.RungExecuted:
		p.Acks = p.Acks[:2]
	}
	return p
}

func overPTY(t *testing.T, rung device.Rung) devicetest.PrinterBench {
	pty, err := sim.OpenPTY(filepath.Join(t.TempDir(), "tty"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pty.Close() })
	bench := newBench(t, rung, func(ctx context.Context, vp *sim.Printer) { pty.Serve(ctx, vp.Serve) },
		func(context.Context) (escpos.Line, error) {
			return serial.Open(serial.Settings{Path: pty.Path(), Baud: 115200})
		})
	bench.Replug = func() {
		if err := pty.Replug(); err != nil {
			t.Error(err)
		}
	}
	return bench
}

// newBench starts a simulated printer ten times as fast as a real one.
func newBench(t *testing.T, rung device.Rung, serve func(context.Context, *sim.Printer),
	open func(context.Context) (escpos.Line, error)) devicetest.PrinterBench {
	vp := sim.NewPrinter(sim.PrinterConfig{
		Baud: 115200, Speed: 10,
		NoProcessID: rung != device.RungProcessID,
		NoExecuted:  rung == device.RungClean,
	})
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { vp.Run(ctx) })
	all.Go(func() { serve(ctx, vp) })
	t.Cleanup(func() { cancel(); all.Wait() })

	within := 10 * time.Second
	if rung == device.RungClean {
		within = time.Minute // it has only its patience to go by
	}
	p, err := escpos.NewPrinter(escpos.Config{
		Name: "totem", Profile: profileFor(rung), Open: open, Speed: 10, StartWithin: within,
	})
	if err != nil {
		t.Fatal(err)
	}
	complaints := vp.Complaints
	if rung != device.RungProcessID {
		complaints = nil // probing asks for what this model does not know
	}
	return devicetest.PrinterBench{
		Printer: p,
		Printed: func() []string {
			var numbers []string
			for _, ticket := range vp.Tickets() {
				numbers = append(numbers, ticket.Biggest())
			}
			return numbers
		},
		Complaints:   complaints,
		SetPaperOut:  vp.SetPaperOut,
		PaperEnding:  func() { vp.PaperOutAfter(20) },
		SetCoverOpen: vp.SetCoverOpen,
		SetPower:     vp.SetPower,
		CutLine:      vp.UnplugAfter,
		Patience:     10 * time.Second,
	}
}
