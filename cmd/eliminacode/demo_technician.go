package main

import (
	"context"
	"log/slog"

	"eliminacode/display/view"
	"eliminacode/queue/words"
)

// A demoTechnician tells the pages what a demonstration is made of: simulated
// devices, shown and checked as those of a box are.
type demoTechnician struct {
	*technician
	hall *demoHall
}

// Box implements display.Technician.
func (t demoTechnician) Box(tongue *words.Tongue) view.Box {
	b := t.technician.Box(tongue)
	// What is plugged into the visitor's own machine is no part of it.
	b.Simulated, b.Wires, b.Spare = true, t.wires(tongue), nil
	return b
}

// simulatedChip is where the lines of the simulated buttons are found.
const simulatedChip = "sim"

func (t demoTechnician) wires(tongue *words.Tongue) (all []view.Wire) {
	state, _ := t.office.Watch()
	var pads, printers []health
	var buttons health
	for _, h := range t.office.devices() {
		switch h.Kind {
		case "printer":
			printers = append(printers, h)
		case "buttons":
			buttons = h
		case "keypad":
			pads = append(pads, h)
		}
	}
	for i, p := range t.hall.virtualPrinters.all {
		id := string(p.outlet.ID)
		all = append(all, t.told(view.Wire{Type: "printer", Name: id, Place: p.port.Path(), There: t.machine.real(p.port.Path()), Outlet: outletName(state, id), Profile: virtualProfile}, "printer", printers[i], tongue))
	}
	outlet := outletName(state, string(t.hall.buttonOutlet()))
	for _, s := range t.hall.setup.Services {
		id := string(s.ID)
		all = append(all, t.told(view.Wire{Type: "button", Name: id, Place: id, There: simulatedChip, Service: nameOfService(state, id), Outlet: outlet}, "button", buttons, tongue))
	}
	for i, k := range t.hall.Keypads() {
		all = append(all, t.told(view.Wire{Type: "keypad", Name: k.ID, Place: k.ID, There: simulatedChip, Desk: deskLabel(state, k.ID)}, "keypad", pads[i], tongue))
	}
	return all
}

// Check implements display.Technician. It looks at what a demonstration has: the
// simulated devices, and the disks under its folder.
func (t demoTechnician) Check(ctx context.Context) bool {
	return t.keep(func() []finding {
		i := &inspection{machine: t.machine}
		i.look(ctx, lookMost, partOf("disks"), func(context.Context) []finding { return i.disk(t.settings) })
		i.look(ctx, lookMost, partOf("devices"), func(context.Context) (all []finding) {
			for _, h := range t.office.devices() {
				all = append(all, h.finding())
			}
			return all
		})
		return i.findings
	})
}

// calm hands on what a demonstration's log writes from its own level on, and lets
// what keeps lines before it see those from Info on: the terminal stays calm, and the
// technician's page has what the devices wrote.
type calm struct{ slog.Handler }

// Enabled implements slog.Handler.
func (q calm) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

// Handle implements slog.Handler.
func (q calm) Handle(ctx context.Context, r slog.Record) error {
	if !q.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return q.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (q calm) WithAttrs(attrs []slog.Attr) slog.Handler { return calm{q.Handler.WithAttrs(attrs)} }

// WithGroup implements slog.Handler.
func (q calm) WithGroup(name string) slog.Handler { return calm{q.Handler.WithGroup(name)} }
