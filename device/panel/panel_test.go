package panel_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"eliminacode/device"
	"eliminacode/device/devicetest"
	"eliminacode/device/frame"
	"eliminacode/device/panel"
	"eliminacode/device/serial"
	"eliminacode/device/sim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func template(t testing.TB, source string) frame.Template {
	t.Helper()
	parsed, err := frame.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// stx is the frame that the simulated panels understand.
func stx(t testing.TB, repeat time.Duration) frame.Panel {
	return frame.Panel{
		Show:   template(t, "02 ( {address:dec2} 'W' {text:4} 03 ) {xor8}"),
		Blink:  template(t, "02 ( {address:dec2} 'B' {text:4} 03 ) {xor8}"),
		BlinkS: 5, RepeatS: int(repeat.Seconds()),
	}
}

var addresses = map[string]int{"atrio": 1, "corridoio": 12}

func newPanels(t testing.TB, repeat time.Duration, open func() (serial.Line, error)) *panel.Panels {
	t.Helper()
	p, err := panel.New(panel.Config{
		Panels: []panel.Panel{
			{Name: "atrio", Port: "p", Address: addresses["atrio"], Frame: stx(t, repeat)},
			{Name: "corridoio", Port: "p", Address: addresses["corridoio"], Frame: stx(t, repeat)},
		},
		Open: func(string) (serial.Line, error) { return open() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func overCable(t testing.TB, leds *sim.LEDPanels, repeat time.Duration) (*panel.Panels, *sim.Cable) {
	cable := sim.NewCable(leds.Serve)
	t.Cleanup(func() { cable.Close() })
	return newPanels(t, repeat, func() (serial.Line, error) {
		near, err := cable.Open()
		if err != nil {
			return nil, err
		}
		return near, nil
	}), cable
}

func TestContract(t *testing.T) {
	devicetest.TestPanels(t, func(t *testing.T) devicetest.PanelsBench {
		leds := sim.NewLEDPanels(1, 12)
		p, cable := overCable(t, leds, 30*time.Second)
		t.Cleanup(func() {
			// An unplugged line may tear one frame; nothing else is wrong.
			if c := leds.Complaints(); len(c) > 0 {
				t.Errorf("the panels complain: %v", c)
			}
		})
		return devicetest.PanelsBench{
			Panels: p, Names: []string{"atrio", "corridoio"},
			Shown:    func(name string) string { chars, _ := leds.Shown(addresses[name]); return chars },
			Blinking: func(name string) bool { _, blinking := leds.Shown(addresses[name]); return blinking },
			Unplug:   cable.Unplug, Replug: cable.Replug,
			PowerCycle: func(name string) { leds.PowerCycle(addresses[name]) },
			Within:     200 * time.Millisecond, ReopensWithin: 6 * time.Second, RepeatsWithin: 31 * time.Second,
		}
	})
}

// run starts the panels for the length of a test in a bubble.
func run(t *testing.T, p *panel.Panels) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := p.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	}()
	t.Cleanup(func() { cancel(); <-ended })
}

// A line that takes no byte is given up and opened again; what was shown
// meanwhile does not pile up.
func TestStalledLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leds := sim.NewLEDPanels(1, 12)
		p, _ := overCable(t, leds, 0)
		run(t, p)
		show := func(text string) {
			if err := p.Show("atrio", text); err != nil {
				t.Error(err)
			}
		}
		show("A001")
		time.Sleep(time.Second)
		leds.Stall(true)
		for _, text := range []string{"A002", "A003", "A004"} {
			show(text)
			time.Sleep(time.Second)
		}
		if s := p.Status()[0]; s.State != device.StateLost || s.Faults[0] != device.FaultWriteStuck {
			t.Errorf("status of a line that takes nothing: %+v", s)
		}
		leds.Stall(false)
		time.Sleep(6 * time.Second)
		if chars, _ := leds.Shown(1); chars != "A004" {
			t.Errorf("it shows %q", chars)
		}
	})
}

// A panel that remembers is left alone: no frame goes out while nothing changes.
func TestSilentWithoutRepeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leds := sim.NewLEDPanels(1, 12)
		p, _ := overCable(t, leds, 0)
		run(t, p)
		if err := p.Show("atrio", "A001"); err != nil {
			t.Error(err)
		}
		time.Sleep(24 * time.Hour)
		if n := leds.Frames(); n != 1 {
			t.Errorf("%d frames in a day, want 1", n)
		}
	})
}

// A number that is too wide is never cut: dashes, and a status that says why.
func TestTooWide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leds := sim.NewLEDPanels(1, 12)
		p, _ := overCable(t, leds, 0)
		run(t, p)
		if err := p.Show("atrio", "A1042"); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
		if chars, _ := leds.Shown(1); chars != "----" {
			t.Errorf("it shows %q", chars)
		}
		if s := p.Status()[0]; s.State != device.StateDegraded || !strings.Contains(s.Detail, "too wide") {
			t.Errorf("status: %+v", s)
		}
	})
}

// Through the kernel's tty, with the real serial port, unplugged and plugged in
// again.
func TestOverPTY(t *testing.T) {
	t.Parallel()
	pty, err := sim.OpenPTY(filepath.Join(t.TempDir(), "panels"))
	if err != nil {
		t.Fatal(err)
	}
	defer pty.Close()
	leds := sim.NewLEDPanels(1, 12)
	p := newPanels(t, 0, func() (serial.Line, error) {
		port, err := serial.Open(serial.Settings{Path: pty.Path(), Baud: 9600})
		if err != nil {
			return nil, err
		}
		return port, nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	served, ended := make(chan error, 1), make(chan error, 1)
	go func() { served <- pty.Serve(ctx, leds.Serve) }()
	go func() { ended <- p.Run(ctx) }()
	shows := func(text string) {
		t.Helper()
		if err := p.Show("corridoio", text); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(15 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			if chars, _ := leds.Shown(12); chars == text {
				return
			} else if time.Now().After(end) {
				t.Fatalf("it shows %q, want %q; %v", chars, text, p.Status())
			}
		}
	}
	shows("A042")
	pty.Unplug()
	if err := pty.Replug(); err != nil {
		t.Fatal(err)
	}
	shows("A043")
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func TestConfig(t *testing.T) {
	open := func(string) (serial.Line, error) { return nil, nil }
	_, err := panel.New(panel.Config{Open: open, Panels: []panel.Panel{
		{Name: "a", Port: "p", Address: 1, Frame: stx(t, 0)}, {Name: "b", Port: "p", Address: 1, Frame: stx(t, 0)},
		{Name: "c", Port: "q", Frame: frame.Panel{Show: template(t, "02")}},
		{Name: "d", Port: "q", Address: 100, Frame: stx(t, 0)},
	}})
	for _, want := range []string{"is there twice", "has no text", "more than 2 digits"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
}
