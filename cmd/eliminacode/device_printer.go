package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"eliminacode/device"
	"eliminacode/device/bridge"
	"eliminacode/device/clock"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
)

// A trial is what became of a PROVA.
type trial struct {
	Paper  queue.PaperState
	Rung   device.Rung // how it is known
	Bytes  int
	TookMs int64  // from the first byte to the answer
	Error  string // empty when it is printed
}

// tryPrinter prints a PROVA at an outlet.
func tryPrinter(ctx context.Context, b *bridge.Bridge, outlet queue.OutletID) trial {
	paper, receipt, err := b.Trial(ctx, outlet)
	t := trial{Paper: paper, Rung: receipt.Rung, Bytes: receipt.Bytes, TookMs: receipt.Took.Milliseconds()}
	if err != nil {
		t.Error = err.Error()
	}
	return t
}

// told is a trial in words, with the printer's health after it.
func (t trial) told(h health) told {
	f := h.told()
	switch t.Paper {
	case queue.PaperPrinted:
		said := fmt.Sprintf("PROVA printed: %s in %.2f s, confirmed by %s; look whether it can be read and is cut", many(t.Bytes, "byte"), float64(t.TookMs)/1000, t.Rung)
		return told{Part: f.Part, State: f.State, Found: said + "\n" + f.Found, Do: f.Do}
	case queue.PaperFailed:
		f.State, f.Found = stateFail, "PROVA not printed: "+t.Error+"\n"+f.Found
	default:
		f.State, f.Found = stateFail, "PROVA perhaps printed, look at the printer: "+t.Error+"\n"+f.Found
	}
	if f.Do == "" {
		f.Do = "run eliminacode check, which looks at the port too"
	}
	return f
}

func (p program) testPrinter() *cobra.Command {
	return boxCommand(&cobra.Command{
		Use:   "printer [NAME]",
		Short: "Print a test ticket on a printer, or on all",
		Long: "Print a test ticket (PROVA) on the printer of that name in the settings, or on every one. It has no\n" +
			"number and enters no statistics. A daemon that runs prints it; else the port is opened for it.",
		Args: cobra.MaximumNArgs(1),
	}, func(c *cobra.Command, flags boxFlags, names []string) error {
		gpioErr := p.machine.init()
		s, err := flags.settings(p.machine)
		if err != nil {
			return errors.Join(err, gpioErr)
		}
		chosen, err := choosePrinters(s, cmp.Or(names...))
		if err != nil {
			return err
		}
		d, err := daemonOf(c.Context(), s.Data.Dir)
		if err != nil {
			return err
		}
		var all []told
		if d != nil {
			defer d.Close()
			all, err = tryThroughDaemon(c.Context(), d, chosen)
		} else {
			all, err = p.machine.tryAlone(c.Context(), printersOnly(s, chosen))
		}
		if told := p.tellAll(all); err == nil {
			err = told
		}
		return err
	})
}

// choosePrinters are the settings' printer of that name, or all without one.
func choosePrinters(s config.Settings, name string) ([]config.Printer, error) {
	if len(s.Printers) == 0 {
		return nil, fmt.Errorf("the settings name no printer; add a [[printer]], or name the settings with --config")
	}
	if name == "" {
		return s.Printers, nil
	}
	var known []string
	for _, p := range s.Printers {
		if p.Name == name {
			return []config.Printer{p}, nil
		}
		known = append(known, p.Name)
	}
	return nil, fmt.Errorf("the settings name no printer %q; there is: %v", name, known)
}

func tryThroughDaemon(ctx context.Context, d *daemon, printers []config.Printer) (all []told, err error) {
	for _, p := range printers {
		t, err := d.Trial(ctx, queue.OutletID(p.Outlet))
		if err != nil {
			return all, err
		}
		devices, err := d.Devices(ctx)
		if err != nil {
			return all, err
		}
		of := health{Kind: "printer", Status: device.Status{Name: p.Name}}
		for _, h := range devices {
			if h.Kind == "printer" && h.Name == p.Name {
				of = h
			}
		}
		all = append(all, t.told(of))
	}
	return all, nil
}

// tryAlone opens the printers of the settings and tries each.
func (m machine) tryAlone(ctx context.Context, s config.Settings) (all []told, err error) {
	h, err := m.wire(s, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, fmt.Errorf("making the printers: %w", err)
	}
	b, err := aside(ctx, s, h)
	if err != nil {
		return nil, err
	}
	stop := h.start(ctx)
	defer stop()
	for _, p := range h.printers {
		p.heard(ctx)
		t := tryPrinter(ctx, b, p.outlet)
		all = append(all, t.told(health{Kind: "printer", Outlet: p.outlet, Status: p.printer.Status()}))
	}
	return all, nil
}

// printersOnly are the settings with these printers and nothing else.
func printersOnly(s config.Settings, chosen []config.Printer) config.Settings {
	s.Printers, s.Buttons, s.Lamps, s.Keypads, s.Panels = chosen, nil, nil, nil, nil
	return s
}

// heard waits, for a bounded time, until a printer that was opened has said how
// it is.
func (p wiredPrinter) heard(ctx context.Context) {
	for begun := time.Now(); p.printer.Status().State == device.StateUnknown && time.Since(begun) < lookFor && ctx.Err() == nil; {
		rest(ctx, 50*time.Millisecond)
	}
}

// aside is a bridge that prints what is no ticket's, with no office behind it:
// the words are those of the office in force, or else of the office's file.
func aside(ctx context.Context, s config.Settings, h *hardware) (*bridge.Bridge, error) {
	system, err := clock.NewSystem()
	if err != nil {
		return nil, err
	}
	setup, err := officeInForce(ctx, s.Data.Dir)
	if err != nil {
		setup, err = readOffice(s.Office.File)
	}
	if err != nil {
		return nil, err
	}
	zone := zoneOf(setup)
	o := still{clock: system}
	// Applied and not decided: an office in force may hold what is refused in a
	// file today.
	o.state = (&queue.State{}).Apply(queue.Event{Seq: 1, At: o.Now(), Body: queue.SetupChanged{Setup: setup}})
	cfg := h.bind()
	cfg.Engine, cfg.Token = o, token
	cfg.Local = func(ms int64) time.Time { return time.UnixMilli(ms).In(zone) }
	return bridge.New(cfg), nil
}

// A still is an office in which nothing happens.
type still struct {
	clock clock.Clock
	state *queue.State
}

func (o still) Do(context.Context, queue.Command) (*queue.State, []queue.Event, error) {
	return o.state, nil, queue.ErrNoDay
}
func (o still) Watch() (*queue.State, <-chan struct{}) { return o.state, nil }
func (o still) Now() queue.Now                         { return queue.Now(o.clock.Read()) }
