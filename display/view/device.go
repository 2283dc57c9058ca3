package view

import (
	"slices"
)

// A Device is the health of one device, already in words. Whoever drives the
// hardware fills it in; Screens and boards are added by the hub.
type Device struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"`  // such as "stampante"
	State string `json:"state"` // "ready", "degraded", "stopped", "lost" or "unknown"
	Words string `json:"words"` // what is wrong, or "funziona"
	// Do is what to do; never empty for a device that is not ready.
	Do string `json:"do,omitempty"`

	// Health is what the technician's page tells beside; nil when nothing more
	// is known.
	Health *DeviceHealth `json:"health,omitempty"`
}

// A DeviceHealth is what the technician wants to know of a device.
type DeviceHealth struct {
	Type string `json:"type"` // "printer", "buttons", "keypad", "lamp", "panel", "board" or "totem"
	// More are the faults beside the one in the device's own words.
	More []DeviceFault `json:"more,omitempty"`
	// Seen tells that it has ever given a sign of life. The last one was AgoMs
	// before this was made, in real time, and AtMs by the office's clock, in
	// milliseconds since 1970 UTC; 0 where there is no office.
	Seen   bool   `json:"seen"`
	AgoMs  int64  `json:"ago_ms"`
	AtMs   int64  `json:"at_ms"`
	Detail string `json:"detail,omitempty"` // port, identity, or the last error in English
	// Confirms is how a printer confirms tickets, in words.
	Confirms string `json:"confirms,omitempty"`
	// Trial is the outlet at which this printer can print a PROVA.
	Trial string       `json:"trial,omitempty"`
	Count DeviceCounts `json:"count"`
}

// A DeviceFault is one thing that is wrong with a device.
type DeviceFault struct {
	Words string `json:"words"`
	Do    string `json:"do"`
}

// DeviceCounts are what a device has counted. Tickets and paper are counted
// over restarts of the program, the rest since the last one.
type DeviceCounts struct {
	Printed int `json:"printed"`
	Failed  int `json:"failed"`
	Unknown int `json:"unknown"`
	PaperMM int `json:"paper_mm"` // since the last refill
	Presses int `json:"presses"`
	Bounces int `json:"bounces"`
	Retries int `json:"retries"`
}

// Devices is the technician's page: every device, those that want attention
// first.
type Devices struct {
	Office  Heading  `json:"office"`
	Day     Day      `json:"day"`
	Summary string   `json:"summary"` // in words
	Devices []Device `json:"devices"`
	// Misfits are what the settings of the box name and the office does not have, and the
	// other way round; Wiring is the page where that is mended.
	Misfits []Found `json:"misfits,omitempty" doc:"What of the box does not fit the office"`
	Wiring  string  `json:"wiring,omitempty" doc:"The page where that is mended"`
}

// Devices is the view of the technician's page. It counts ages in real time,
// so that each rendering differs from the one before.
func (l Look) Devices(devices []Device) Devices {
	v := Devices{Office: l.heading(), Day: l.day(), Devices: l.withDo(devices)}
	slices.SortStableFunc(v.Devices, func(a, b Device) int { return attention(b) - attention(a) })
	working := 0
	for _, d := range v.Devices {
		working += 1 - attention(d)
	}
	v.Summary = l.tongue().DeviceSummary(len(v.Devices), working)
	return v
}

// withDo is a copy of the devices in which each that is not ready says what to
// do, also one of which its driver knows no better.
func (l Look) withDo(devices []Device) []Device {
	list := make([]Device, len(devices))
	for i, d := range devices {
		if d.State != "ready" && d.Do == "" {
			d.Do = l.tongue().Fault("").Do
		}
		list[i] = d
	}
	return list
}

// attention is 1 for a device that somebody should look at.
func attention(d Device) int {
	if d.State == "ready" {
		return 0
	}
	return 1
}

// brief is the devices without what changes all the time.
func (l Look) brief(devices []Device) []Device {
	list := l.withDo(devices)
	for i := range list {
		list[i].Health = nil
	}
	return list
}
