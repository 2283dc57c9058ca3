package main

import (
	"context"
	"fmt"
	"log/slog"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"eliminacode/device"
	"eliminacode/device/gpio"
	"eliminacode/display"
	config "eliminacode/firmware-config"
)

// lookFor is how long devices are given to answer.
const lookFor = 3 * time.Second

// devices asks the running daemon how each device is, or opens each one as the
// daemon would; and looks at the place of each that does not work.
func (m machine) devices(ctx context.Context, s config.Settings, d *daemon) (all []finding) {
	var found []health
	var err error
	if d != nil {
		found, err = d.Devices(ctx)
	} else {
		found, err = m.opened(ctx, s)
	}
	if err != nil {
		return one("devices", stateFail, err.Error(), "correct the settings, or restart the daemon after an update")
	}
	places := m.places(s, d != nil)
	for _, h := range found {
		f := h.finding()
		place, known := places[f.Part]
		switch {
		case !known:
		// What is wrong with the place says more than that nobody answers there.
		case place.State != "" && (h.State == device.StateLost || h.State == device.StateUnknown):
			f.State, f.Found, f.Do = stateFail, place.Found, place.Do
		case slices.Contains(h.Faults, device.FaultInUse) && d == nil:
			if who := m.holders(m.real(place.path)); len(who) > 0 {
				f.Found += ", open in " + strings.Join(who, ", ")
			}
		}
		all = append(all, f)
	}
	return all
}

// A place is where a device of the settings should be, and what is wrong there.
type place struct {
	path string
	finding
}

// places are those of all devices with a path, by kind and name.
func (m machine) places(s config.Settings, running bool) map[string]place {
	all := map[string]place{}
	for _, p := range s.Printers {
		all["printer "+p.Name] = place{p.Port, m.port(p.Port, running)}
	}
	for _, k := range s.Keypads {
		if k.Port != "" {
			all["keypad "+k.Name] = place{k.Port, m.port(k.Port, running)}
		} else {
			all["keypad "+k.Name] = place{k.Path, m.keypad(k.Path)}
		}
	}
	for _, p := range s.Panels {
		all["panel "+p.Name] = place{p.Port, m.port(p.Port, running)}
	}
	return all
}

// opened is how the devices answer when they are opened for a moment. Lamps
// are left as they are.
func (m machine) opened(ctx context.Context, s config.Settings) (found []health, err error) {
	h, err := m.wire(s, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	h.lamps = nil
	ctx, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	stop := h.start(ctx)
	defer stop()
	asking := func(d health) bool { return d.State == device.StateUnknown }
	for ctx.Err() == nil {
		if found = h.devices(); !slices.ContainsFunc(found, asking) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return found, nil
}

// start runs the devices with nobody behind them; stop ends them and waits for
// all.
func (h *hardware) start(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	for _, p := range h.printers {
		all.Go(func() { _ = p.printer.Run(ctx) })
	}
	if h.buttons != nil {
		all.Go(func() { _ = h.buttons.Run(ctx, func(device.Press) {}) })
	}
	if h.keypads != nil {
		all.Go(func() { _ = h.keypads.Run(ctx, func(device.Key) {}) })
	}
	if h.panels != nil {
		all.Go(func() { _ = h.panels.Run(ctx) })
	}
	return func() {
		cancel()
		all.Wait()
	}
}

// freeing are the commands that take a port from a program that holds it, by its name.
var freeing = map[string]string{
	"agetty":       "systemctl disable --now serial-getty@%s.service",
	"ModemManager": "systemctl disable --now ModemManager.service",
	"brltty":       "apt-get remove brltty",
}

// A hindrance is why a serial port cannot be used.
type hindrance struct {
	kind    string   // as display.Wired has it; empty is none
	tty     string   // the port behind its path, such as ttyAMA0
	holders []string // the programs that have it open, when it is in use
}

// hindrance looks at a serial port without opening it. What this program has open is
// free; with ours the same holds for any other program, since that is the daemon.
func (m machine) hindrance(name string, ours bool) hindrance {
	behind := m.real(name)
	if behind == "" {
		return hindrance{kind: display.PlaceGone}
	}
	h := hindrance{tty: path.Base(behind)}
	switch {
	case m.has("/sys/class/tty") && !m.has("/sys/class/tty/"+h.tty) && !strings.HasPrefix(behind, "/dev/pts/"):
		h.kind = display.PlaceOther
	case slices.Contains(strings.Fields(m.text("/sys/class/tty/console/active")), h.tty):
		h.kind = display.PlaceConsole
	default:
		if !ours {
			h.holders = m.holders(behind)
		}
		if len(h.holders) > 0 {
			h.kind = display.PlaceTaken
		} else if unix.Access(m.at(behind), unix.R_OK|unix.W_OK) != nil {
			h.kind = display.PlaceDenied
		}
	}
	return h
}

// command is what frees a port that a well-known program has; empty for another one.
func (h hindrance) command() string {
	if len(h.holders) == 0 {
		return ""
	}
	program, _, _ := strings.Cut(h.holders[0], " (")
	return strings.ReplaceAll(freeing[program], "%s", h.tty)
}

// port looks at the place of a serial device; the zero finding is a good one.
// A daemon that runs holds the port itself.
func (m machine) port(name string, running bool) finding {
	h := m.hindrance(name, running)
	switch h.kind {
	case display.PlaceGone:
		return finding{State: stateFail, Found: "port " + name + " is not there",
			Do: candidates("plug it in where it was, or write the right port in the settings", m.ports(""), "no serial adapter is plugged in: look at its cable")}
	case display.PlaceOther:
		const do = "write the path of a serial port in the settings"
		return finding{State: stateFail, Found: name + " is no serial port", Do: candidates(do, m.ports(m.real(name)), do+"; none is there now: plug its adapter in")}
	case display.PlaceConsole:
		return finding{State: stateFail, Found: "the kernel's console writes on " + h.tty, Do: "take console=" + h.tty + " (or console=serial0) out of the kernel's command line and restart the box"}
	case display.PlaceDenied:
		return finding{State: stateFail, Found: "no permission for " + name, Do: "run this as the service's user or as root; that user belongs in group dialout"}
	case display.PlaceTaken:
		do := "stop that program"
		if command := h.command(); command != "" {
			do = "run: " + command
		}
		return finding{State: stateFail, Found: name + " is in use by " + strings.Join(h.holders, ", "), Do: do}
	}
	return finding{}
}

// ports are those that could be meant; they lead elsewhere than to not.
func (m machine) ports(not string) []string {
	ports := m.glob(portsByPath)
	ports = append(ports, m.glob("/dev/serial/by-id/*")...)
	for _, own := range m.glob("/dev/ttyAMA*") {
		ports = append(ports, own+" (the board's own)")
	}
	return slices.DeleteFunc(ports, func(port string) bool { return not != "" && m.real(port) == not })
}

// keypad looks at the place of a keypad; the zero finding is a good one.
func (m machine) keypad(name string) finding {
	behind := m.real(name)
	switch {
	case behind == "":
		return finding{State: stateFail, Found: name + " is not there",
			Do: candidates("plug it in where it was, or write the right path in the settings", m.glob(keypadsByPath), "no keypad is plugged in: look at its cable")}
	case unix.Access(m.at(behind), unix.R_OK) != nil:
		return finding{State: stateFail, Found: "no permission for " + name, Do: "run this as the service's user or as root; that user belongs in group input"}
	}
	return finding{}
}

// candidates says what to do with the paths that a technician may copy into the
// settings, or what to do when there are none.
func candidates(do string, paths []string, none string) string {
	if len(paths) == 0 {
		return none
	}
	return do + "; there is:\n" + strings.Join(paths, "\n")
}

// gpio looks for the board's chip and the lines of the settings on it.
func (m machine) gpio(s config.Settings, running bool, gpioErr error) (all []finding) {
	wanted := map[string]string{}
	var names []string
	for _, b := range s.Buttons {
		wanted[b.Line] = "button " + b.Name
		names = append(names, b.Line)
	}
	for _, l := range s.Lamps {
		wanted[l.Line] = "lamp " + l.Name
		names = append(names, l.Line)
	}
	switch {
	case len(names) == 0:
		return nil
	case gpioErr != nil:
		return one("GPIO", stateFail, gpioErr.Error(), "look at [board] model, and at the rights of group gpio")
	}
	chip, ok := m.chip(s.Chips())
	if !ok {
		return one("GPIO", stateFail, "there is no chip "+strings.Join(s.Chips(), " or "), m.otherChips())
	}
	free := 0
	for _, name := range names {
		who, there := consumer(chip, name)
		switch {
		case !there:
			all = append(all, finding{"line " + name, stateFail, fmt.Sprintf("%s has no line %s for %s", chip.Label, name, wanted[name]), "correct the line's name in the settings"})
		case who == "" || running:
			free++
		default:
			all = append(all, finding{"line " + name, stateFail, fmt.Sprintf("%s of %s is in use by %s", name, wanted[name], who),
				"stop that program, take its overlay out of config.txt, or wire another line"})
		}
	}
	word := "free"
	if running {
		word = "there, and the daemon's"
	}
	return append(one("GPIO", stateOK, fmt.Sprintf("chip %s at %s: %d of %d lines are %s", chip.Label, chip.Path, free, len(names), word), ""), all...)
}

func (m machine) chip(labels []string) (gpio.ChipInfo, bool) {
	for _, label := range labels {
		for _, c := range m.chips() {
			if c.Label == label {
				return c, true
			}
		}
	}
	return gpio.ChipInfo{}, false
}

// otherChips says what to do when the chip is missing.
func (m machine) otherChips() string {
	var labels []string
	for _, c := range m.chips() {
		labels = append(labels, c.Label)
	}
	switch {
	case len(labels) > 0:
		return "correct [board] model, or write chip with one of: " + strings.Join(labels, ", ")
	case len(m.glob("/dev/gpiochip*")) > 0:
		return "run this as the service's user or as root; that user belongs in group gpio"
	default:
		return "this machine has no GPIO: correct [board] model, or wire the buttons to another board"
	}
}

// consumer is who has a line of a chip.
func consumer(chip gpio.ChipInfo, name string) (who string, there bool) {
	for _, may := range gpio.LineNames(name) {
		for _, l := range chip.Lines {
			if l.Name == may {
				return l.Consumer, true
			}
		}
	}
	return "", false
}
