package main

import (
	"context"
	"log/slog"

	"eliminacode/display/view"
	config "eliminacode/firmware-config"
	"eliminacode/queue/words"
)

// A rehearsalTechnician tells the pages what a rehearsal is made of: the settings that
// it runs with and its devices. Of the machine that it runs on it tells nothing.
type rehearsalTechnician struct{ *technician }

// rehearsalTechnician is the technician of a rehearsal with settings of its own, and
// the log that the page has the lines of.
func (p program) rehearsalTechnician(s config.Settings, log *slog.Logger) (rehearsalTechnician, *slog.Logger) {
	t := rehearsalTechnician{&technician{settings: s, machine: p.machine, logs: &deviceLog{}}}
	return t, slog.New(t.logs.over(log.Handler()))
}

// Box implements display.Technician.
func (t rehearsalTechnician) Box(tongue *words.Tongue) view.Box {
	b := t.technician.Box(tongue)
	b.Rehearsal, b.Places = true, nil
	if t.machine.root == "" {
		b.Spare = nil // what is plugged into the machine that it runs on
	}
	return b
}

// Check implements display.Technician. It looks at the settings, at how they fit the
// office, and at the devices.
func (t rehearsalTechnician) Check(context.Context) bool {
	return t.keep(func() []finding {
		all := []finding{{part: words.Text(partOf("settings")), state: stateOK, found: wiringInShort(t.settings)}}
		if state, _ := t.office.Watch(); state.HasSetup() {
			all = append(all, partOf("office").ok("office-in-force", "office", inShort(state.Setup())))
			all = append(all, misfits(t.settings, state.Setup())...)
		} else {
			all = append(all, partOf("office").warn("office-none"))
		}
		for _, h := range t.office.devices() {
			all = append(all, h.finding())
		}
		return append(all, partOf("service").ok("rehearsal-host"))
	})
}
