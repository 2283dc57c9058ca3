package main

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"eliminacode/device/gpio"
	"eliminacode/device/keypad"
	"eliminacode/device/serial"
)

// A board that another process presses: a folder is the root of its machine. A line
// is closed while there is a file of its name in /pins, a keypad on USB is a pipe
// that raw events come out of, and ports are those of simulated printers.

// byHand is the label of a chip that is none of a known board's.
const byHand = "gpio-expander"

// boardBelow is the machine of a simulated Raspberry Pi 4.
func boardBelow(dir string) machine {
	m := thisMachine()
	m.root = dir
	chip := gpio.ChipInfo{Label: "pinctrl-bcm2711", Path: "/dev/gpiochip0"}
	for n := range 28 {
		chip.Lines = append(chip.Lines, gpio.LineInfo{Name: fmt.Sprint("GPIO", n)})
	}
	chip.Lines[4].Consumer = "w1"
	// One of no known board: a line without a name, two with one name, one in use.
	other := gpio.ChipInfo{Label: byHand, Path: "/dev/gpiochip1", Lines: []gpio.LineInfo{
		{Name: "KEY-1"}, {}, {Name: "KEY-2"}, {Name: "TWICE"}, {Name: "TWICE"}, {Name: "RELAY", Consumer: "relay"},
	}}
	m.chips = func() []gpio.ChipInfo { return []gpio.ChipInfo{chip, other} }
	m.input = func(...string) func(string) (gpio.Pin, error) {
		return func(line string) (gpio.Pin, error) {
			return &filePin{path: m.at("/pins/" + line), woken: make(chan struct{}, 1)}, nil
		}
	}
	m.keypadAt = func(path string) (keypad.Source, error) {
		f, err := os.OpenFile(path, os.O_RDWR|unix.O_NONBLOCK, 0)
		if err != nil {
			return nil, err
		}
		return pipeKeypad{f}, nil
	}
	m.portAt = func(s serial.Settings) (serial.Line, error) {
		if _, err := os.Stat(m.at("/denied/" + filepath.Base(s.Path))); err == nil {
			return nil, fmt.Errorf("opening %s: %w", s.Path, fs.ErrPermission)
		}
		return portAt(s)
	}
	m.wire = m.wireBelow
	return m
}

// A filePin is a line whose button is pressed while there is a file.
type filePin struct {
	path  string
	woken chan struct{}
}

func (p *filePin) Closed() (bool, error) {
	_, err := os.Stat(p.path)
	return err == nil, nil
}

// pinLook is how often a file is looked for.
const pinLook = 50 * time.Millisecond

func (p *filePin) WaitForEdge(timeout time.Duration) bool {
	was, _ := p.Closed()
	for end := time.Now().Add(timeout); time.Now().Before(end); {
		select {
		case <-p.woken:
			return false
		case <-time.After(pinLook):
		}
		if now, _ := p.Closed(); now != was {
			return true
		}
	}
	return false
}

func (p *filePin) Wake() { nudge(p.woken) }

func (p *filePin) Close() error { return nil }

// A pipeKeypad has no lights and nobody else who would grab it.
type pipeKeypad struct{ *os.File }

func (pipeKeypad) KeysDown() (bool, error) { return false, nil }
func (pipeKeypad) Grab(bool) error         { return nil }
func (pipeKeypad) Light(bool) error        { return keypad.ErrNoLight }

// A simulated is a board from the side of who presses it.
type simulated struct {
	t   *testing.T
	dir string
}

func newSimulated(t *testing.T) simulated {
	t.Helper()
	s := simulated{t, t.TempDir()}
	for _, folder := range []string{"pins", "denied", "dev/input/by-path", "dev/serial/by-path"} {
		if err := os.MkdirAll(filepath.Join(s.dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	// Where the ports of simulated devices lead.
	if err := os.Symlink("/dev/pts", filepath.Join(s.dir, "dev/pts")); err != nil {
		t.Fatal(err)
	}
	return s
}

// plug puts a keypad on USB.
func (s simulated) plug(path string) {
	s.t.Helper()
	if err := syscall.Mkfifo(filepath.Join(s.dir, path), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// press keeps a button down until up is called.
func (s simulated) press(line string) (up func()) {
	s.t.Helper()
	file := filepath.Join(s.dir, "pins", line)
	writeFile(s.t, file, "")
	return func() {
		s.t.Helper()
		if err := os.Remove(file); err != nil {
			s.t.Fatal(err)
		}
	}
}

// pressFor presses a button again and again until the newest ticket shows a number: on
// a machine that is held up nobody knows when the box listens.
func (s simulated) pressFor(line, number string, newest func() string, log fmt.Stringer) {
	s.t.Helper()
	for begun := time.Now(); !strings.Contains(newest(), number); {
		up := s.press(line)
		time.Sleep(500 * time.Millisecond)
		if up(); time.Since(begun) > time.Minute {
			s.t.Fatalf("no ticket came out: %q\n%s", newest(), log)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// typeKey has a keypad send a key down and up, as the kernel would.
func (s simulated) typeKey(path string, code uint16) {
	s.t.Helper()
	var events []byte
	for _, value := range []uint32{1, 0} {
		event := make([]byte, keypad.EventBytes)
		at := event[keypad.EventBytes-8:]
		binary.LittleEndian.PutUint16(at, 1) // EV_KEY
		binary.LittleEndian.PutUint16(at[2:], code)
		binary.LittleEndian.PutUint32(at[4:], value)
		events = append(events, event...)
		events = append(events, make([]byte, keypad.EventBytes)...) // EV_SYN
	}
	f, err := os.OpenFile(filepath.Join(s.dir, path), os.O_RDWR|unix.O_NONBLOCK, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(events); err != nil {
		s.t.Fatal(err)
	}
}
