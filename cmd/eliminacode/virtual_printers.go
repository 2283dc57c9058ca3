package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"eliminacode/device"
	"eliminacode/device/sim"
	"eliminacode/device/sim/printer"
	"eliminacode/display"
	"eliminacode/queue"
)

// virtualPrinters are printers that are not there, behind real serial ports: the
// drivers open those as any other. Their paper is on a page, and there somebody
// breaks them.
type virtualPrinters struct {
	all []virtualPrinter
	// struck is told when a printer was given a fault or has lost one; may be nil.
	struck func(outlet queue.OutletID, broken bool)

	mu     sync.Mutex
	faults map[string]bool
}

type virtualPrinter struct {
	outlet queue.Outlet
	sim    *printer.Printer
	port   *sim.PTY
}

// Wire and head of the virtual printers: a common kiosk printer, as the built-in
// profile of that name has it.
const (
	virtualProfile = "generic-80-process-id"
	virtualBaud    = 19_200
	virtualHead    = 120 // mm a second
)

// newVirtualPrinters makes one for each outlet that prints, with its port in a
// folder, so many times as fast as a real one.
func newVirtualPrinters(outlets []queue.Outlet, ports string, speed float64) (*virtualPrinters, error) {
	v := &virtualPrinters{faults: map[string]bool{}}
	if err := os.MkdirAll(ports, 0o750); err != nil {
		return nil, fmt.Errorf("making the folder of the virtual ports: %w", err)
	}
	for _, o := range outlets {
		if !o.Printer {
			continue
		}
		port, err := sim.OpenPTY(filepath.Join(ports, string(o.ID)))
		if err != nil {
			v.close()
			return nil, fmt.Errorf("making a virtual port: %w", err)
		}
		printer := printer.New(printer.Config{Baud: virtualBaud, Speed: speed, Change: func(m *printer.Model) { m.MMPerSecond = virtualHead }})
		v.all = append(v.all, virtualPrinter{outlet: o, sim: printer, port: port})
	}
	return v, nil
}

func (v *virtualPrinters) close() {
	for _, p := range v.all {
		p.port.Close()
	}
}

// start sets the virtual hardware to work; stop ends it and closes its ports. It
// is stopped after the office, since real hardware outlives an office too.
func (v *virtualPrinters) start() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for _, p := range v.all {
		all.Go(func() { _ = p.sim.Run(ctx) })
		all.Go(func() { _ = p.port.Serve(ctx, p.sim.Serve) })
	}
	return func() {
		cancel()
		all.Wait()
		v.close()
	}
}

// works tells whether an outlet has a printer that nobody has broken.
func (v *virtualPrinters) works(outlet queue.OutletID) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.ContainsFunc(v.all, func(p virtualPrinter) bool { return p.outlet.ID == outlet }) && !v.broken(outlet)
}

// broken tells whether a printer has been given a fault. The lock is held.
func (v *virtualPrinters) broken(outlet queue.OutletID) bool {
	for id, on := range v.faults {
		if of, _ := ofFault(id); on && of == outlet {
			return true
		}
	}
	return false
}

// papersShown bounds the papers on the page.
const papersShown = 24

func (v *virtualPrinters) Papers() []display.DemoPaper {
	type paper struct {
		display.DemoPaper
		at time.Time
	}
	var all []paper
	for i, p := range v.all {
		for _, t := range p.sim.Tickets() {
			shown := display.DemoPaper{ID: fmt.Sprintf("%d-%d", i, t.Seq), Printer: p.outlet.Name, Text: t.Text}
			all = append(all, paper{shown, t.At})
		}
	}
	slices.SortStableFunc(all, func(a, b paper) int { return b.at.Compare(a.at) }) // newest first, over all printers
	var newest []display.DemoPaper
	for _, p := range all[:min(papersShown, len(all))] {
		newest = append(newest, p.DemoPaper)
	}
	return newest
}

func (v *virtualPrinters) Paper(id string) (png []byte, ok bool) {
	printer, seq, _ := strings.Cut(id, "-")
	i, err1 := strconv.Atoi(printer)
	n, err2 := strconv.Atoi(seq)
	if errors.Join(err1, err2) != nil || i < 0 || i >= len(v.all) {
		return nil, false
	}
	for _, t := range v.all[i].sim.Tickets() {
		if t.Seq == n {
			return t.PNG, true
		}
	}
	return nil, false
}

// demoFaults are the faults that a virtual printer can be given.
var demoFaults = []struct {
	code string
	set  func(p virtualPrinter, on bool) error
}{
	{string(device.FaultPaperLow), func(p virtualPrinter, on bool) error { p.sim.SetPaperLow(on); return nil }},
	{string(device.FaultPaperOut), func(p virtualPrinter, on bool) error { p.sim.SetPaperOut(on); return nil }},
	{string(device.FaultCoverOpen), func(p virtualPrinter, on bool) error { p.sim.SetCoverOpen(on); return nil }},
	{string(device.FaultCutter), func(p virtualPrinter, on bool) error { p.sim.SetCutterJam(on); return nil }},
	{string(device.FaultSilent), func(p virtualPrinter, on bool) error { p.sim.SetPower(!on); return nil }},
	{string(device.FaultUnplugged), func(p virtualPrinter, on bool) error {
		if on {
			p.port.Unplug()
			return nil
		}
		return p.port.Replug()
	}},
}

// faultID names a fault of a printer. An outlet that is called as its port is
// (usb-0:1.3-port0) has points of its own; a code has none.
func faultID(outlet queue.OutletID, code string) string { return string(outlet) + "." + code }

// ofFault is the outlet and the code in a faultID.
func ofFault(id string) (outlet queue.OutletID, code string) {
	at := max(0, strings.LastIndex(id, "."))
	return queue.OutletID(id[:at]), id[min(at+1, len(id)):]
}

func (v *virtualPrinters) Faults() []display.DemoFault {
	v.mu.Lock()
	defer v.mu.Unlock()
	var all []display.DemoFault
	for _, p := range v.all {
		for _, f := range demoFaults {
			id := faultID(p.outlet.ID, f.code)
			all = append(all, display.DemoFault{ID: id, Outlet: p.outlet.Name, Fault: f.code, On: v.faults[id]})
		}
	}
	return all
}

func (v *virtualPrinters) SetFault(id string, on bool) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	outlet, code := ofFault(id)
	for _, p := range v.all {
		for _, f := range demoFaults {
			if p.outlet.ID == outlet && f.code == code {
				v.faults[id] = on
				if v.struck != nil {
					v.struck(p.outlet.ID, v.broken(p.outlet.ID))
				}
				return f.set(p, on)
			}
		}
	}
	return fmt.Errorf("there is no fault %q", id)
}
