package main

import (
	"cmp"
	"fmt"
	"time"

	"eliminacode/device"
)

// The command line speaks English to technicians, as words.Fault speaks Italian
// to who stands at the device.

// stateWords are the states of a device that has no fault.
var stateWords = map[device.State]string{
	device.StateReady: "works", device.StateDegraded: "works", device.StateStopped: "stopped",
	device.StateLost: "lost", device.StateUnknown: "has not answered yet",
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
