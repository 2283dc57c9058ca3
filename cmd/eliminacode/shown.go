package main

import (
	"time"

	"eliminacode/device"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// shown is a device's health in words. The kind is one that words.DeviceKind
// knows.
func shown(kind string, s device.Status) view.Device {
	d := view.Device{
		Name: s.Name, Kind: words.DeviceKind(kind), State: string(s.State), Words: words.DeviceState(string(s.State)),
		Health: &view.DeviceHealth{
			Type: kind, Detail: s.Detail,
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
		d.Health.Seen, d.Health.AgoMs, d.Health.AtMs = true, ago.Milliseconds(), time.Now().Add(-ago).UnixMilli()
	}
	return d
}

// shownPrinter is a printer's health in words; a PROVA can be printed at its
// outlet.
func shownPrinter(outlet queue.OutletID, s device.Status) view.Device {
	d := shown("printer", s)
	d.Health.Trial = string(outlet)
	return d
}
