package main

import (
	"context"
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
	"eliminacode/queue/words"
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
		return []finding{partOf("devices").fail("devices-unread", "detail", err)}
	}
	places := m.places(s, d != nil)
	for _, h := range found {
		place, known := places[h.Kind+" "+h.Name]
		switch {
		case !known:
		// What is wrong with the place says more than that nobody answers there.
		case place.state != "" && (h.State == device.StateLost || h.State == device.StateUnknown):
			place.part = h.part()
			all = append(all, place.finding)
			continue
		case slices.Contains(h.Faults, device.FaultInUse) && d == nil:
			h.holders = m.holders(m.real(place.path))
		}
		all = append(all, h.finding())
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

// port looks at the place of a serial device; the zero finding is a good one, and
// every other names no part. A daemon that runs holds the port itself.
func (m machine) port(name string, running bool) finding {
	var p part
	h := m.hindrance(name, running)
	switch h.kind {
	case display.PlaceGone:
		return p.fail("port-missing", "name", name, "ports", m.ports("")).ifNone("port-alone")
	case display.PlaceOther:
		return p.fail("port-no-serial", "name", name, "ports", m.ports(m.real(name))).ifNone("port-no-serial-alone")
	case display.PlaceConsole:
		return p.fail("port-console", "tty", h.tty)
	case display.PlaceDenied:
		return p.fail("place-denied", "name", name, "group", "dialout")
	case display.PlaceTaken:
		f := p.fail("port-in-use", "name", name, "who", strings.Join(h.holders, ", "), "command", h.command())
		if h.command() != "" {
			f = f.advise("port-held")
		}
		return f
	}
	return finding{}
}

// ports are those that could be meant, for a technician to copy into the settings;
// they lead elsewhere than to not.
func (m machine) ports(not string) words.Texts {
	ports := slices.Concat(m.glob(portsByPath), m.glob("/dev/serial/by-id/*"))
	own := m.glob("/dev/ttyAMA*")
	all := words.Texts{Between: "\n"}
	for _, port := range slices.Concat(ports, own) {
		switch {
		case not != "" && m.real(port) == not:
		case slices.Contains(own, port):
			all.Of = append(all.Of, text("board-own", "path", port))
		default:
			all.Of = append(all.Of, text("as-seen", "what", port))
		}
	}
	return all
}

// keypad looks at the place of a keypad; the zero finding is a good one, and every
// other names no part.
func (m machine) keypad(name string) finding {
	var p part
	behind := m.real(name)
	switch {
	case behind == "":
		pads := words.Texts{Between: "\n"}
		for _, pad := range m.glob(keypadsByPath) {
			pads.Of = append(pads.Of, text("as-seen", "what", pad))
		}
		return p.fail("keypad-missing", "name", name, "ports", pads).ifNone("keypad-alone")
	case unix.Access(m.at(behind), unix.R_OK) != nil:
		return p.fail("place-denied", "name", name, "group", "input")
	}
	return finding{}
}

// gpio looks for the board's chip and the lines of the settings on it.
func (m machine) gpio(s config.Settings, running bool, gpioErr error) (all []finding) {
	wanted := map[string]words.Text{}
	var names []string
	for _, b := range s.Buttons {
		wanted[b.Line] = words.Text(partOf("button", "name", b.Name))
		names = append(names, b.Line)
	}
	for _, l := range s.Lamps {
		wanted[l.Line] = words.Text(partOf("lamp", "name", l.Name))
		names = append(names, l.Line)
	}
	p := partOf("gpio")
	switch {
	case len(names) == 0:
		return nil
	case gpioErr != nil:
		return []finding{p.fail("gpio-away", "detail", gpioErr)}
	}
	chip, ok := m.chip(s.Chips())
	if !ok {
		return []finding{m.noChip(s.Chips())}
	}
	free := 0
	for _, name := range names {
		line := partOf("line", "name", name)
		who, there := consumer(chip, name)
		switch {
		case !there:
			all = append(all, line.fail("line-missing", "chip", chip.Label, "line", name, "thing", wanted[name]))
		case who == "" || running:
			free++
		default:
			all = append(all, line.fail("line-in-use", "line", name, "thing", wanted[name], "who", who))
		}
	}
	there := p.ok("gpio-free", "chip", chip.Label, "path", chip.Path, "free", free, "lines", len(names))
	if running {
		there = p.ok("gpio-held", there.found.Args...)
	}
	return slices.Concat([]finding{there}, all)
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

// noChip is that none of the chips is there, and what to do.
func (m machine) noChip(wanted []string) finding {
	var labels []string
	for _, c := range m.chips() {
		labels = append(labels, c.Label)
	}
	f := partOf("gpio").fail("no-chip", "chips", strings.Join(wanted, ", "), "labels", strings.Join(labels, ", "))
	switch {
	case len(labels) > 0:
		return f.advise("chip-other")
	case len(m.glob("/dev/gpiochip*")) > 0:
		return f.advise("chip-hidden")
	}
	return f
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
