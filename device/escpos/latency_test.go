package escpos_test

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"eliminacode/device/escpos"
	"eliminacode/device/serial"
	"eliminacode/device/sim"
)

// stamped notes when a ticket's bytes have been handed to the kernel.
type stamped struct {
	escpos.Line
	wrote chan time.Time
}

func (s stamped) Write(b []byte) (int, error) {
	n, err := s.Line.Write(b)
	if len(b) > 100 {
		s.wrote <- time.Now()
	}
	return n, err
}

// BenchmarkFirstByte is the way from Print being called to the ticket's bytes
// being on the line, beside a bare write of as many bytes to a bare port,
// interleaved in the same run. The printer is idle and ready each time.
func BenchmarkFirstByte(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	defer func() { cancel(); all.Wait() }()

	pty, err := sim.OpenPTY(filepath.Join(b.TempDir(), "printer"))
	if err != nil {
		b.Fatal(err)
	}
	vp := sim.NewPrinter(sim.PrinterConfig{Speed: 1000})
	all.Go(func() { vp.Run(ctx) })
	all.Go(func() { pty.Serve(ctx, vp.Serve) })
	wrote := make(chan time.Time, 1)
	p, err := escpos.NewPrinter(escpos.Config{
		Name: "bench", Profile: escpos.GenericProcessID(),
		Open: func(context.Context) (escpos.Line, error) {
			port, err := serial.Open(serial.Settings{Path: pty.Path(), Baud: 115200})
			return stamped{port, wrote}, err
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	all.Go(func() { p.Run(ctx) })

	bare, err := sim.OpenPTY(filepath.Join(b.TempDir(), "bare"))
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	all.Go(func() { io.Copy(io.Discard, bare.Line()) })
	port, err := serial.Open(serial.Settings{Path: bare.Path(), Baud: 115200})
	if err != nil {
		b.Fatal(err)
	}
	defer port.Close()

	receipt, err := p.Print(ctx, slip)
	if err != nil {
		b.Fatal(err)
	}
	<-wrote
	bytes := make([]byte, receipt.Bytes)
	var ours, theirs []time.Duration
	b.ResetTimer()
	for range b.N {
		began := time.Now()
		if _, err := port.Write(bytes); err != nil {
			b.Fatal(err)
		}
		theirs = append(theirs, time.Since(began))

		done := make(chan error, 1)
		began = time.Now()
		go func() { _, err := p.Print(ctx, slip); done <- err }()
		ours = append(ours, (<-wrote).Sub(began))
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	slices.Sort(ours)
	slices.Sort(theirs)
	half, worst := len(ours)/2, len(ours)*99/100
	b.ReportMetric(float64(ours[half].Microseconds()), "µs-first-byte-p50")
	b.ReportMetric(float64(ours[worst].Microseconds()), "µs-first-byte-p99")
	b.ReportMetric(float64(theirs[half].Microseconds()), "µs-bare-write-p50")
	b.ReportMetric(float64(ours[half])/float64(theirs[half]), "x-bare")
}
