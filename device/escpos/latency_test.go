package escpos_test

import (
	"context"
	"io"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/bridge"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/serial"
	"eliminacode/device/sim"
	"eliminacode/device/sim/printer"
	"eliminacode/queue"
	"eliminacode/queue/bar"
	"eliminacode/queue/engine"
	"eliminacode/queue/journal"
)

// A latencyBench is a printer at the end of a kernel's tty, and beside it the
// bare limit: a tty that is only written to.
type latencyBench struct {
	b       *testing.B
	ctx     context.Context
	printer *escpos.Printer
	wire    *wire
	bare    *serial.Port
}

type arrival struct {
	at    time.Time
	bytes int // of the ticket
}

// A wire tells when the first byte of a ticket arrives at its far end. It counts
// bytes at both ends: when the write returns tells nothing, since the kernel lets
// the simulated printer, which has no processor of its own, go before the writer.
type wire struct {
	sent, heard atomic.Int64
	ticket      atomic.Pointer[underWay]
	arrived     chan arrival // one for each ticket
}

// underWay is a ticket on its way: its bytes, and those sent before it.
type underWay struct {
	before int64
	bytes  int
}

// A nearEnd is the driver's.
type nearEnd struct {
	escpos.Line
	*wire
}

func (e nearEnd) Write(b []byte) (int, error) {
	before := e.sent.Add(int64(len(b))) - int64(len(b))
	if len(b) > 100 {
		e.ticket.Store(&underWay{before, len(b)})
	}
	return e.Line.Write(b)
}

// A farEnd is the printer's.
type farEnd struct {
	io.ReadWriteCloser
	*wire
}

func (e farEnd) Read(b []byte) (int, error) {
	n, err := e.ReadWriteCloser.Read(b)
	now, heard := time.Now(), e.heard.Add(int64(n))
	if t := e.ticket.Load(); t != nil && heard > t.before && e.ticket.CompareAndSwap(t, nil) {
		e.arrived <- arrival{now, t.bytes}
	}
	return n, err
}

func newLatencyBench(b *testing.B) *latencyBench {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	b.Cleanup(func() { cancel(); all.Wait() })
	open := func(name string) *sim.PTY {
		pty, err := sim.OpenPTY(filepath.Join(b.TempDir(), name))
		if err != nil {
			b.Fatal(err)
		}
		return pty
	}
	pty, vp := open("printer"), printer.New(printer.Config{Speed: 1000})
	all.Go(func() { vp.Run(ctx) })
	l := &latencyBench{b: b, ctx: ctx, wire: &wire{arrived: make(chan arrival, 1)}}
	all.Go(func() {
		pty.Serve(ctx, func(ctx context.Context, line io.ReadWriteCloser) error {
			return vp.Serve(ctx, farEnd{line, l.wire})
		})
	})
	var err error
	if l.printer, err = escpos.NewPrinter(escpos.Config{
		Name: "bench", Profile: profile.GenericProcessID(),
		Open: func(context.Context) (escpos.Line, error) {
			port, err := serial.Open(serial.Settings{Path: pty.Path(), Baud: 115200})
			return nearEnd{port, l.wire}, err
		},
	}); err != nil {
		b.Fatal(err)
	}
	other := open("bare")
	all.Go(func() { io.Copy(io.Discard, other.Line()) })
	if l.bare, err = serial.Open(serial.Settings{Path: other.Path(), Baud: 115200}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.bare.Close(); other.Close() })
	return l
}

// measure lets ticket print one slip and say when it was due, in turns with a
// bare write of as many bytes. Now and then the printer idles before, long
// enough that only its polls keep the status fresh.
func (l *latencyBench) measure(ticket func() (due time.Time)) {
	ticket() // the first one waits until the printer is known
	bytes := make([]byte, (<-l.wire.arrived).bytes)
	const tickets = 100
	for l.b.Loop() {
		var typical, worst, bare []float64
		for range bar.Rounds {
			var ours, theirs []float64
			for i := range tickets {
				pause := 20 * time.Millisecond
				if i%50 == 0 {
					pause = 2500 * time.Millisecond
				}
				time.Sleep(pause)
				theirs = append(theirs, bar.Took(func() {
					if _, err := l.bare.Write(bytes); err != nil {
						l.b.Fatal(err)
					}
				}))
				due := ticket()
				ours = append(ours, (<-l.wire.arrived).at.Sub(due).Seconds()*1000)
			}
			typical = append(typical, bar.Percentile(ours, 50))
			worst = append(worst, bar.Percentile(ours, 99))
			bare = append(bare, bar.Percentile(theirs, 50))
		}
		bar.Told(l.b, "ms-bare-write-p50", bare)
		bar.Told(l.b, "ms-first-byte-p50", typical)
		bar.AtMost(l.b, "ms-first-byte-p99", 2, worst)
	}
	l.b.ReportMetric(0, "ns/op")
}

// BenchmarkFirstByte is the driver's part: from Print being called to the
// ticket's bytes being on the line, beside a bare write of as many bytes.
func BenchmarkFirstByte(b *testing.B) {
	l := newLatencyBench(b)
	var run sync.WaitGroup
	ctx, cancel := context.WithCancel(l.ctx)
	run.Go(func() { l.printer.Run(ctx) })
	defer func() { cancel(); run.Wait() }()
	l.measure(func() time.Time {
		began := time.Now()
		if _, err := l.printer.Print(ctx, slip); err != nil {
			b.Fatal(err)
		}
		return began
	})
}

// committed tells when a ticket is on disk.
type committed struct {
	*journal.Journal
	at chan time.Time
}

func (c committed) Append(events []queue.Event) error {
	err := c.Journal.Append(events)
	at := time.Now()
	for _, e := range events {
		if _, ok := e.Body.(queue.TicketIssued); ok {
			c.at <- at
		}
	}
	return err
}

// BenchmarkFirstByteAfterCommit is the whole way: from a ticket being on disk,
// through the engine, the bridge and the driver, to its bytes on the line.
func BenchmarkFirstByteAfterCommit(b *testing.B) {
	l := newLatencyBench(b)
	j, err := journal.Open(filepath.Join(b.TempDir(), "journal"), journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	begun := time.Now()
	disk := committed{j, make(chan time.Time, 1)}
	e := engine.New(engine.Config{
		Journal: disk, Version: "bench", JournalID: "bench",
		Now: func() queue.Now {
			return queue.Now{Wall: time.Now().UnixMilli(), Boot: "bench", Mono: time.Since(begun).Milliseconds() + 1, Synced: true}
		},
		Plan: func(_ queue.Setup, office int64) (queue.DayPlan, error) {
			return queue.DayPlan{
				Date: "2026-11-24", Begins: office - 1, Ends: office + 86_400_000,
				Bands: []queue.Band{{Opens: office - 1, Closes: office + 86_400_000}},
			}, nil
		},
	})
	ctx, cancel := context.WithCancel(l.ctx)
	var run sync.WaitGroup
	defer func() { cancel(); run.Wait() }()
	run.Go(func() { e.Run(ctx) })
	<-e.Ready()
	do := func(c queue.Command) {
		if _, _, err := e.Do(ctx, c); err != nil {
			b.Fatal(err)
		}
	}
	reception := queue.Cause{Kind: queue.ByReception}
	do(queue.ChangeSetup{By: reception, Setup: queue.Setup{
		Office:   queue.Office{Body: "Comune di Prova", Name: "Sportello", Zone: "Europe/Rome"},
		Series:   []queue.Series{{ID: "A", Letters: "A", First: 1, Last: 999_999, Width: 3}},
		Services: []queue.Service{{ID: "anagrafe", Name: "Anagrafe", Series: "A", StandardMs: 900_000, StandardShare: 0.9}},
		Desks:    []queue.Desk{{ID: "s1", Label: "1", Profile: queue.Profile{First: []queue.ServiceID{"anagrafe"}}}},
		Outlets:  []queue.Outlet{{ID: "totem", Name: "Totem", Printer: true}},
		Rules:    queue.DefaultRules(),
	}})
	br := bridge.New(bridge.Config{
		Engine: e, Printers: map[queue.OutletID]device.Printer{"totem": l.printer},
		Status: "https://example.it/t/", Local: time.UnixMilli,
	})
	run.Go(func() { br.Run(ctx) })
	l.measure(func() time.Time {
		// The ticket before must be settled, or the outlet is busy with it.
		for {
			state, newer := e.Watch()
			settled := true
			for range state.UnsettledPapers() {
				settled = false
			}
			if settled {
				break
			}
			<-newer
		}
		do(queue.IssueTicket{By: reception, Service: "anagrafe", Outlet: "totem", Token: "7K3F9QX2ABCDEFGHIJKLMNOPQR"})
		return <-disk.at
	})
}
