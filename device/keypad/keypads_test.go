package keypad_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
	"eliminacode/device/devicetest"
	"eliminacode/device/keypad"
	"eliminacode/device/sim"
)

// codes are the kernel's codes of the keys that the tests type.
var codes = map[device.KeyCode]uint16{device.KeyNext: 96, device.KeyRecall: 78, "5": 76}

// onDesks is the real driver on two simulated keyboards.
func onDesks(t *testing.T, desks map[string]*sim.InputDevice, eventBytes int) *keypad.Keypads {
	t.Helper()
	k, err := keypad.New(keypad.Config{
		Keypads: []keypad.Keypad{
			{Name: "sportello-1", Path: "sportello-1", Keys: keypad.Numeric()},
			{Name: "sportello-2", Path: "sportello-2", Keys: keypad.Numeric()},
		},
		Open:       func(path string) (keypad.Source, error) { return desks[path].Open() },
		EventBytes: eventBytes,
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newDesks(eventBytes int) map[string]*sim.InputDevice {
	return map[string]*sim.InputDevice{
		"sportello-1": sim.NewInputDevice(eventBytes), "sportello-2": sim.NewInputDevice(eventBytes),
	}
}

func TestContract(t *testing.T) {
	for name, eventBytes := range map[string]int{"64-bit": 24, "32-bit": 16} {
		t.Run(name, func(t *testing.T) {
			devicetest.TestKeypads(t, func(t *testing.T) devicetest.KeypadsBench {
				desks := newDesks(eventBytes)
				k := onDesks(t, desks, eventBytes)
				return devicetest.KeypadsBench{
					Keypads: k, Lamps: k.Lamps(), Names: []string{"sportello-1", "sportello-2"},
					Type: func(name string, code device.KeyCode) {
						desks[name].Key(codes[code], 1)
						desks[name].Key(codes[code], 0)
					},
					Hold: func(name string, code device.KeyCode, held time.Duration) {
						desks[name].Key(codes[code], 1)
						for began := time.Now(); time.Since(began) < held; time.Sleep(33 * time.Millisecond) {
							desks[name].Key(codes[code], 2)
						}
						desks[name].Key(codes[code], 0)
					},
					Unplug: func(name string) { desks[name].Unplug() },
					Replug: func(name string) { desks[name].Replug() },
					Lit:    func(name string) bool { on, _ := desks[name].Lit(); return on },
				}
			})
		})
	}
}

// A USB keypad has nothing but its lights: a beep is one flash, a refusal three.
func TestFlashes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desks := newDesks(keypad.EventBytes)
		desks["sportello-2"].WithoutLights()
		k := onDesks(t, desks, 0)
		run(t, k)
		time.Sleep(time.Second)
		for _, step := range []struct {
			light   device.Light
			flashes int
		}{{device.LightBeep, 1}, {device.LightError, 4}, {device.LightBeep, 5}} {
			for name := range desks {
				if err := k.Lamps().Show(name, step.light); err != nil {
					t.Error(err)
				}
			}
			time.Sleep(time.Second)
			if on, flashes := desks["sportello-1"].Lit(); on || flashes != step.flashes {
				t.Errorf("after light %d: %d flashes, want %d", step.light, flashes, step.flashes)
			}
		}
		if _, flashes := desks["sportello-2"].Lit(); flashes > 0 {
			t.Errorf("a keypad without lights flashed %d times", flashes)
		}
	})
}

// A log gathers keys.
type log struct {
	mu   sync.Mutex
	keys []device.KeyCode
}

func (l *log) add(k device.Key) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keys = append(l.keys, k.Code)
}

func (l *log) all() []device.KeyCode {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.keys)
}

// run starts the keypads and gives what they report.
func run(t *testing.T, k *keypad.Keypads) *log {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	l := &log{}
	go func() {
		defer close(ended)
		if err := k.Run(ctx, l.add); err != nil {
			t.Errorf("Run: %v", err)
		}
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return l
}

// TestGrabWaitsForKeysUp: a key that is down when the program starts must come
// up where it went down, at the console; from then on the console sees nothing.
func TestGrabWaitsForKeysUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desks := newDesks(keypad.EventBytes)
		desk := desks["sportello-1"]
		desk.Key(28, 1)
		l := run(t, onDesks(t, desks, 0))
		time.Sleep(5 * time.Second)
		desk.Key(96, 1)
		desk.Key(96, 0)
		time.Sleep(time.Second)
		if got := desk.Console(); !slices.Equal(got, []uint16{28, 96}) {
			t.Errorf("with a key held, the console saw %v", got)
		}
		desk.Key(28, 0)
		time.Sleep(3 * time.Second)
		desk.Key(78, 1)
		desk.Key(78, 0)
		time.Sleep(time.Second)
		if got := desk.Console(); !slices.Equal(got, []uint16{28, 96}) {
			t.Errorf("the console saw %v of a grabbed keypad", got)
		}
		if got := l.all(); !slices.Equal(got, []device.KeyCode{device.KeyNext, device.KeyRecall}) {
			t.Errorf("keys %v", got)
		}
	})
}

func TestGrabbedByAnotherProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desks := newDesks(keypad.EventBytes)
		desks["sportello-1"].TakeElsewhere(true)
		k := onDesks(t, desks, 0)
		l := run(t, k)
		time.Sleep(2 * time.Second)
		s := k.Status()[0]
		if s.State != device.StateStopped || len(s.Faults) != 1 || s.Faults[0] != device.FaultInUse {
			t.Errorf("status of a keypad that another program has: %+v", s)
		}
		desks["sportello-1"].TakeElsewhere(false)
		time.Sleep(3 * time.Second)
		if s := k.Status()[0]; s.State != device.StateReady {
			t.Errorf("status of a keypad that is free again: %+v", s)
		}
		desks["sportello-1"].Key(96, 1)
		time.Sleep(time.Second)
		if got := l.all(); len(got) != 1 {
			t.Errorf("keys %v", got)
		}
	})
}

func TestOverflowAndUnknownKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desks := newDesks(keypad.EventBytes)
		l := run(t, onDesks(t, desks, 0))
		time.Sleep(2 * time.Second)
		desks["sportello-1"].Overflow(96)
		time.Sleep(time.Second)
		for _, code := range []uint16{30, 78} { // The keymap has no 30.
			desks["sportello-1"].Key(code, 1)
			desks["sportello-1"].Key(code, 0)
		}
		time.Sleep(time.Second)
		if got := l.all(); !slices.Equal(got, []device.KeyCode{device.KeyRecall}) {
			t.Errorf("keys %v, want recall only", got)
		}
	})
}

// TestOpenRefusesWhatIsNoKeypad uses real paths: a missing one, a file, a
// terminal's neighbour.
func TestOpenRefusesWhatIsNoKeypad(t *testing.T) {
	dir := t.TempDir()
	if _, err := keypad.Open(filepath.Join(dir, "none")); !errors.Is(err, device.ErrLost) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing path gave %v", err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, os.DevNull} {
		_, err := keypad.Open(path)
		if !errors.Is(err, device.ErrNotOfKind) || !strings.Contains(err.Error(), "by-path") {
			t.Errorf("%s gave %v", path, err)
		}
	}
}

func TestConfig(t *testing.T) {
	_, err := keypad.New(keypad.Config{Keypads: []keypad.Keypad{
		{Name: "a", Path: "/dev/input/x", Keys: keypad.Numeric()}, {Name: "b", Path: "/dev/input/x"},
	}})
	for _, want := range []string{"is there twice", "empty keymap"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
}
