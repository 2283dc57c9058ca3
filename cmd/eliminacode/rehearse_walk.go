package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"eliminacode/device"
	"eliminacode/device/contact"
	"eliminacode/device/gpio"
	"eliminacode/device/keypad"
	"eliminacode/device/sim"
	"eliminacode/display"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
)

// Where there is no office the way to a first one is rehearsed, on a machine that is
// not there: its files lie in the rehearsal's folder, its settings among them.

// A virtualBox is the hardware of a box that nobody has set up: a printer that its
// settings name, as a box is delivered, and another printer, buttons and keypads
// that are found by trying them. It stays while the program starts again with other
// settings.
type virtualBox struct {
	*virtualPrinters
	machine machine
	lines   []config.Line // those that have a button
	board   *sim.Board
	keypads []virtualKeypad
}

type virtualKeypad struct {
	name   string // of its path
	device *sim.InputDevice
}

const (
	virtualBoard   = "pi4" // the model of the settings
	virtualOutlet  = "pulsantiera"
	virtualButtons = 4
	virtualKeypads = 2
	virtualBounce  = 2 * time.Millisecond
	virtualPress   = 120 * time.Millisecond
)

// Where serial ports and keypads are found on a machine.
var (
	portsFolder   = filepath.Dir(portsByPath)
	keypadsFolder = filepath.Dir(keypadsByPath)
)

// newVirtualBox makes the machine below a folder, whose pages answer on an address.
func newVirtualBox(root, listen string) (*virtualBox, error) {
	board, ok := config.BoardByModel(virtualBoard)
	if !ok {
		return nil, fmt.Errorf("board %q is not known", virtualBoard)
	}
	for _, folder := range []string{keypadsFolder, filepath.Dir(defaultConfig)} {
		if err := os.MkdirAll(filepath.Join(root, folder), 0o750); err != nil {
			return nil, fmt.Errorf("making the folder of the rehearsed box: %w", err)
		}
	}
	// The ports of simulated printers lead there.
	if err := os.Symlink("/dev/pts", filepath.Join(root, "dev/pts")); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("making the ports of the rehearsed box: %w", err)
	}
	b := &virtualBox{machine: thisMachine()}
	b.machine.root = root
	var lines []string
	chip := gpio.ChipInfo{Label: board.Chips[0], Path: "/dev/gpiochip0"}
	for _, l := range board.Lines {
		lines = append(lines, l.Name)
		chip.Lines = append(chip.Lines, gpio.LineInfo{Name: l.Name})
		if !l.UART && len(b.lines) < virtualButtons {
			b.lines = append(b.lines, l)
		}
	}
	b.board = sim.NewBoard(lines...)
	for i := range virtualKeypads {
		k := virtualKeypad{fmt.Sprintf("usb-0:1.%d-event-kbd", i+1), sim.NewInputDevice(keypad.EventBytes)}
		b.keypads = append(b.keypads, k)
		if err := os.WriteFile(filepath.Join(root, keypadsFolder, k.name), nil, 0o640); err != nil {
			return nil, fmt.Errorf("making a keypad of the rehearsed box: %w", err)
		}
	}
	b.machine.chips = func() []gpio.ChipInfo { return []gpio.ChipInfo{chip} }
	b.machine.init = func() error { return nil }
	b.machine.input = func(...string) func(string) (gpio.Pin, error) {
		return func(line string) (gpio.Pin, error) { return b.board.Pin(line) }
	}
	b.machine.keypadAt = b.keypadAt
	b.machine.wire = b.machine.wireBelow
	printers := []queue.Outlet{
		{ID: "usb-0:1.3-port0", Name: "usb-0:1.3-port0", Printer: true},
		{ID: "usb-0:1.4-port0", Name: "usb-0:1.4-port0", Printer: true},
	}
	settings := filepath.Join(root, defaultConfig)
	if _, err := os.Stat(settings); errors.Is(err, os.ErrNotExist) {
		text := fmt.Sprintf("# The settings of a rehearsal; those of the box stay as they are.\nschema = 1\n\n[board]\nmodel = %q\n\n[web]\nlisten = %q\n\n"+
			"[[printer]]\nname = \"atrio\"\nport = %q\nprofile = %q\nbaud = %d\noutlet = %q\n",
			virtualBoard, listen, portsFolder+"/"+string(printers[0].ID), virtualProfile, virtualBaud, virtualOutlet)
		if err := os.WriteFile(settings, []byte(text), 0o640); err != nil {
			return nil, fmt.Errorf("writing the settings of the rehearsal: %w", err)
		}
	}
	var err error
	b.virtualPrinters, err = newVirtualPrinters(printers, filepath.Join(root, portsFolder), 1)
	return b, err
}

// wireBelow is wire for a machine whose files lie below its root.
func (m machine) wireBelow(s config.Settings, log *slog.Logger) (*hardware, error) {
	s.Printers, s.Keypads, s.Panels = slices.Clone(s.Printers), slices.Clone(s.Keypads), slices.Clone(s.Panels)
	for i, p := range s.Printers {
		s.Printers[i].Port = m.at(p.Port)
	}
	for i, k := range s.Keypads {
		if k.Port != "" {
			s.Keypads[i].Port = m.at(k.Port)
		}
	}
	for i, p := range s.Panels {
		s.Panels[i].Port = m.at(p.Port)
	}
	return wireBy(s, m.input(), func(path string) (keypad.Source, error) { return m.keypadAt(m.at(path)) }, log)
}

func (b *virtualBox) keypadAt(path string) (keypad.Source, error) {
	k, err := b.keypad(filepath.Base(path))
	if err != nil {
		return nil, err
	}
	return k.device.Open()
}

func (b *virtualBox) keypad(name string) (virtualKeypad, error) {
	i := slices.IndexFunc(b.keypads, func(k virtualKeypad) bool { return k.name == name })
	if i < 0 {
		return virtualKeypad{}, fmt.Errorf("there is no keypad %q: %w", name, os.ErrNotExist)
	}
	return b.keypads[i], nil
}

// Buttons implements display.Presses.
func (b *virtualBox) Buttons() (all []display.DemoButton) {
	for _, l := range b.lines {
		all = append(all, display.DemoButton{ID: l.Name, Label: fmt.Sprintf("%s (pin %d)", l.Name, l.Pin)})
	}
	return all
}

// Press pushes a button as a finger does: the contact bounces both ways.
func (b *virtualBox) Press(button string) error {
	pin, err := b.board.Pin(button)
	if err != nil {
		return err
	}
	pushed(pin)
	return nil
}

// pushed is a push of a finger: the contact bounces both ways.
func pushed(pin *sim.Pin) {
	pin.Bounce(true, virtualBounce, virtualBounce, virtualBounce, virtualBounce)
	time.Sleep(virtualPress)
	pin.Bounce(false, virtualBounce, virtualBounce)
}

// Hold is a technician with both hands on the first two buttons.
func (b *virtualBox) Hold() error {
	var pins []*sim.Pin
	for _, l := range b.lines[:2] {
		pin, err := b.board.Pin(l.Name)
		if err != nil {
			return err
		}
		pins = append(pins, pin)
	}
	gripped(pins...)
	return nil
}

// gripped keeps buttons down for as long as a technician's grip takes.
func gripped(pins ...*sim.Pin) {
	for _, pin := range pins {
		pin.Set(true)
		defer pin.Set(false)
	}
	time.Sleep(contact.Hold + time.Second)
}

// numericKeys are the keys of a keypad with the usual keymap.
func numericKeys() map[uint16]device.KeyCode {
	usual, _ := config.Default().Keymap("numeric")
	return usual.ByCode()
}

// clerksKeys are the keys that clerks press most.
func clerksKeys() (keys []string) {
	for _, code := range []device.KeyCode{
		device.KeyNext, device.KeyRecall, device.KeyNoShow, device.KeyStart, device.KeyFinish, device.KeyPause,
	} {
		keys = append(keys, string(code))
	}
	return keys
}

// Keypads implements display.Presses. They have those of the clerks' keys that the
// usual keymap has.
func (b *virtualBox) Keypads() (all []display.DemoKeypad) {
	has := slices.Collect(maps.Values(numericKeys()))
	keys := slices.DeleteFunc(clerksKeys(), func(key string) bool { return !slices.Contains(has, device.KeyCode(key)) })
	for _, k := range b.keypads {
		all = append(all, display.DemoKeypad{ID: k.name, Keys: keys})
	}
	return all
}

// Key presses a key of a keypad, and lets it go.
func (b *virtualBox) Key(name, key string) error {
	k, err := b.keypad(name)
	if err != nil {
		return err
	}
	for code, meaning := range numericKeys() {
		if string(meaning) == key {
			k.device.Key(code, 1)
			k.device.Key(code, 0)
			return nil
		}
	}
	return fmt.Errorf("no key of keypad %q is %q", name, key)
}

// boxName is the folder of the rehearsed box in the rehearsal's.
const boxName = "box"

// rehearseFirst rehearses the way to a first office, on the pages of an address. It
// goes on where an earlier rehearsal in the same folder stopped.
func (p program) rehearseFirst(ctx context.Context, data, listen string, log *slog.Logger) error {
	// Its devices are links to where they are.
	data, err := filepath.Abs(data)
	if err != nil {
		return fmt.Errorf("finding the folder of the rehearsal: %w", err)
	}
	box, err := newVirtualBox(filepath.Join(data, boxName), listen)
	if err != nil {
		return err
	}
	unplug := box.start()
	defer unplug()
	p.machine, p.rehearsed = box.machine, box
	return p.runBox(ctx, boxFlags{config: box.machine.at(defaultConfig), data: data, listen: listen}, nil, log)
}
