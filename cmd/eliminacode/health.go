package main

import (
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
	desk    string   // of a keypad that is called as its desk is: the desk's label
	holders []string // programs that have its port open, as far as check has looked
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
	if s.desk != "" {
		s.Name = tongue.DeskName(s.desk)
	}
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

// part is the device as a part of the box.
func (s health) part() words.Text {
	return words.Text{ID: "part." + s.Kind, Args: []any{"name", s.Name}}
}

// finding turns a device's health into a finding for who repairs the box, as
// words.Fault does for who stands at the device.
func (s health) finding() finding {
	f := finding{part: s.part(), state: stateFail}
	f.found, f.do = s.wrong()
	if s.Rung != "" {
		f.found = text("device-rung", "what", f.found, "rung", text("rung-"+string(s.Rung)))
	}
	if len(s.holders) > 0 {
		f.found = text("device-held", "what", f.found, "who", strings.Join(s.holders, ", "))
	}
	if s.Detail != "" {
		f.found = text("device-detail", "what", f.found, "detail", s.Detail)
	}
	switch s.State {
	case device.StateReady:
		f.state, f.do = stateOK, words.Text{}
	case device.StateDegraded:
		f.state = stateWarn
	}
	return f
}

// told is its health in English.
func (s health) told() told { return s.finding().in(english()) }

// wrong is what is wrong with a device, and the remedy of what is worst; for one
// without a fault, its state.
func (s health) wrong() (found, do words.Text) {
	if len(s.Faults) == 0 {
		code := "state-" + string(s.State)
		return text(code), text(code + "-do")
	}
	all := words.Texts{Between: ", "}
	for i, f := range s.Faults {
		code := "fault-" + string(f)
		if !english().Knows("check." + code) {
			code = "fault-unknown"
		}
		all.Of = append(all.Of, text(code, "fault", string(f)))
		if i == 0 {
			do = text(code+"-do", "fault", string(f))
		}
	}
	return text("as-seen", "what", all), do
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
		add("%s, %s", manyAs(s.Count.Presses, "press", "presses"), many(s.Count.Bounces, "bounce"))
	case "keypad":
		add("%s", many(s.Count.Presses, "key"))
	}
	add("opened again %s", many(s.Count.Retries, "time"))
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
