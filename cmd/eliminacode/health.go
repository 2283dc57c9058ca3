package main

import (
	"time"

	"eliminacode/device"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A health is a device's status and what kind of device it is, as the daemon
// tells it to its pages and to the command line.
type health struct {
	Kind   string         // a kind that words.DeviceKind knows
	Outlet queue.OutletID // of a printer: where a PROVA comes out
	device.Status
}

// shownAll are the devices as the pages show them.
func shownAll(devices func() []health) func() []view.Device {
	return func() []view.Device {
		var all []view.Device
		for _, h := range devices() {
			all = append(all, h.shown())
		}
		return all
	}
}

// shown is a device's health in words.
func (s health) shown() view.Device {
	d := view.Device{
		Name: s.Name, Kind: words.DeviceKind(s.Kind), State: string(s.State), Words: words.DeviceState(string(s.State)),
		Health: &view.DeviceHealth{
			Type: s.Kind, Detail: s.Detail, Trial: string(s.Outlet),
			Count: view.DeviceCounts{
				Printed: s.Count.Printed, Failed: s.Count.Failed, Unknown: s.Count.Unknown, PaperMM: s.Count.PaperMM,
				Presses: s.Count.Presses, Bounces: s.Count.Bounces, Retries: s.Count.Retries,
			},
		},
	}
	for i, f := range s.Faults {
		text := words.Fault(string(f))
		if i == 0 {
			d.Words, d.Do = text.What, text.Do
			continue
		}
		d.Health.More = append(d.Health.More, view.DeviceFault{Words: text.What, Do: text.Do})
	}
	if !s.Seen.IsZero() {
		// By the monotonic clock: the wall clock of a box jumps when it is set.
		ago := max(0, time.Since(s.Seen))
		d.Health.Seen, d.Health.AgoMs = true, ago.Milliseconds()
	}
	return d
}
