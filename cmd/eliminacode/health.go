package main

import (
	"cmp"
	"fmt"
	"strings"
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
func shownAll(devices func() []health) func(*words.Tongue) []view.Device {
	return func(tongue *words.Tongue) []view.Device {
		var all []view.Device
		for _, h := range devices() {
			all = append(all, h.shown(tongue))
		}
		return all
	}
}

// shown is a device's health in words.
func (s health) shown(tongue *words.Tongue) view.Device {
	d := view.Device{
		Name: s.Name, Kind: tongue.DeviceKind(s.Kind), State: string(s.State), Words: tongue.DeviceState(string(s.State)),
		Health: &view.DeviceHealth{
			Type: s.Kind, Detail: s.Detail, Confirms: tongue.Rung(string(s.Rung)), Trial: string(s.Outlet),
			Count: view.DeviceCounts{
				Printed: s.Count.Printed, Failed: s.Count.Failed, Unknown: s.Count.Unknown, PaperMM: s.Count.PaperMM,
				Presses: s.Count.Presses, Bounces: s.Count.Bounces, Retries: s.Count.Retries,
			},
		},
	}
	for i, f := range s.Faults {
		text := tongue.Fault(string(f))
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

// finding turns a device's health into a finding.
func (s health) finding() finding {
	f := finding{Part: s.Kind + " " + s.Name, State: stateFail}
	f.Found, f.Do = s.inEnglish()
	for _, more := range []string{s.Detail, rungsInEnglish[s.Rung]} {
		if more != "" {
			f.Found += " (" + more + ")"
		}
	}
	switch s.State {
	case device.StateReady:
		f.State = stateOK
	case device.StateDegraded:
		f.State = stateWarn
	}
	return f
}

// The command line speaks English to technicians, as words.Fault speaks Italian
// to who stands at the device.

// stateWords are the states of a device that has no fault.
var stateWords = map[device.State]string{
	device.StateReady: "works", device.StateDegraded: "works", device.StateStopped: "stopped",
	device.StateLost: "lost", device.StateUnknown: "has not answered yet",
}

// rungsInEnglish say how a printer confirms tickets.
var rungsInEnglish = map[device.Rung]string{
	device.RungProcessID: "confirms each ticket by its number", device.RungExecuted: "confirms each ticket after its cut",
	device.RungClean: "its state before and after a ticket is all that confirms it", device.RungNone: "never answers: what becomes of a ticket is not known",
}

// A faultWords says what is wrong with a device and what to do about it.
type faultWords struct{ what, do string }

var faultsInEnglish = map[device.Fault]faultWords{
	device.FaultPaperLow:     {"paper low", "keep a new roll ready"},
	device.FaultPaperOut:     {"paper out", "put a new roll in and close the cover"},
	device.FaultCoverOpen:    {"cover open", "close the cover"},
	device.FaultCutter:       {"cutter jammed", "switch it off, take the jammed paper out and switch it on"},
	device.FaultHeadHot:      {"head too hot", "wait some minutes: it goes on by itself"},
	device.FaultTicketInExit: {"ticket not taken", "take the ticket out of the printer's mouth"},
	device.FaultOffline:      {"off line", "look at paper and cover, then press its feed key"},
	device.FaultError:        {"out of order", "switch it off and on; if it stays so, replace it"},
	device.FaultSilent:       {"does not answer", "look at its cable and power, then switch it off and on"},
	device.FaultUnplugged:    {"not connected", "look at its cable and power"},
	device.FaultStuck:        {"stuck", "look whether something holds it down, and for a short circuit"},
	device.FaultDenied:       {"no permission", "run this as the service's user or as root, and look at the rights with: eliminacode check"},
	device.FaultInUse:        {"in use by another program", "stop that program"},
	device.FaultWriteStuck:   {"takes no data", "look at paper, cover and flow control, then switch it off and on"},
	device.FaultNotOfKind:    {"something else is at its path", "write the path of the device in the settings; eliminacode check names those that are there"},
	device.FaultMisread:      {"its answers make no sense", "look at speed, parity and cable"},
}

// inEnglish is a device's health for a technician: the first fault's remedy, and
// what else is wrong.
func (s health) inEnglish() (found, do string) {
	found = cmp.Or(stateWords[s.State], string(s.State))
	for i, f := range s.Faults {
		text, ok := faultsInEnglish[f]
		if !ok {
			text = faultWords{"out of order (" + string(f) + ")", "switch it off and on"}
		}
		if i == 0 {
			found, do = text.what, text.do
		} else {
			found += ", " + text.what
		}
	}
	return found, do
}

// counted is what a device has counted, and when it last gave a sign of life.
func (s health) counted() string {
	said := []string{"never seen"}
	if !s.Seen.IsZero() {
		said[0] = "last contact " + ago(time.Since(s.Seen))
	}
	add := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	switch s.Kind {
	case "printer":
		add("%d printed, %d not printed, %d unknown", s.Count.Printed, s.Count.Failed, s.Count.Unknown)
		add("%.1f m of paper since the last roll", float64(s.Count.PaperMM)/1000)
	case "buttons":
		add("%d presses, %d bounces", s.Count.Presses, s.Count.Bounces)
	case "keypad":
		add("%d keys", s.Count.Presses)
	}
	add("opened again %d times", s.Count.Retries)
	return strings.Join(said, ", ")
}

// ago is how long ago something was, for a technician.
func ago(d time.Duration) string {
	switch d = max(0, d); {
	case d < time.Minute:
		return fmt.Sprintf("%d s ago", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	default:
		return fmt.Sprintf("%d h %d min ago", int(d.Hours()), int(d.Minutes())%60)
	}
}
