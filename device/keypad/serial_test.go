package keypad_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
	"eliminacode/device/devicetest"
	"eliminacode/device/frame"
	"eliminacode/device/keypad"
	"eliminacode/device/keypad/keys"
	"eliminacode/device/serial"
	"eliminacode/device/sim"
)

// chars are the bytes of the keys that the tests type.
var chars = map[device.KeyCode]byte{device.KeyNext: '\r', device.KeyRecall: '+', "5": '5'}

func byChars() map[uint16]device.KeyCode {
	return map[uint16]device.KeyCode{'\r': device.KeyNext, '+': device.KeyRecall, '5': "5"}
}

func template(t testing.TB, source string) frame.Template {
	t.Helper()
	parsed, err := frame.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// The kinds of protocols: one character a key; frames that are acknowledged;
// frames that must be asked for.
func bare(t testing.TB) *keys.Protocol {
	return &keys.Protocol{Frame: template(t, "{key}"), GapMs: 100}
}

func stx(t testing.TB) *keys.Protocol {
	return &keys.Protocol{
		Frame: template(t, "02 ( {address:dec2} {sequence:digit} {key} ) {xor8} 03"),
		Ack:   template(t, "06 {address:dec2}"), Nak: template(t, "15 {address:dec2}"),
		GapMs: 100, RepeatMs: 2000,
		Beep: template(t, "02 ( {address:dec2} 'B1' ) {xor8} 03"), Refuse: template(t, "02 ( {address:dec2} 'B3' ) {xor8} 03"),
		LampOn: template(t, "02 ( {address:dec2} 'L1' ) {xor8} 03"), LampOff: template(t, "02 ( {address:dec2} 'L0' ) {xor8} 03"),
		Text: template(t, "02 ( {address:dec2} 'T' {text:4} ) {xor8} 03"),
	}
}

func polled(t testing.TB) *keys.Protocol {
	p := stx(t)
	p.Text = frame.Template{}
	p.Poll, p.Idle, p.PollMs = template(t, "05 {address:dec2}"), template(t, "04 {address:dec2}"), 50
	return p
}

// over makes a way to open simulated cables by their port's name.
func over(t testing.TB, cables map[string]*sim.Cable) func(string) (serial.Line, error) {
	for _, c := range cables {
		t.Cleanup(func() { c.Close() })
	}
	return func(port string) (serial.Line, error) {
		near, err := cables[port].Open()
		if err != nil {
			return nil, err
		}
		return near, nil
	}
}

// onLine are the desks' keypads on one line, 1 and 12.
func onLine(t testing.TB, kind sim.KeypadKind, p *keys.Protocol) (*keypad.Keypads, *sim.SerialKeypads, *sim.Cable) {
	t.Helper()
	pads := sim.NewSerialKeypads(kind, 1, 12)
	cable := sim.NewCable(pads.Serve)
	k, err := keypad.New(keypad.Config{
		Keypads: []keypad.Keypad{
			{Name: "sportello-1", Port: "line", Address: 1, Protocol: p, Keys: byChars()},
			{Name: "sportello-2", Port: "line", Address: 12, Protocol: p, Keys: byChars()},
		},
		Line: over(t, map[string]*sim.Cable{"line": cable}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return k, pads, cable
}

var address = map[string]int{"sportello-1": 1, "sportello-2": 12}

// Keypads on one line, each with its address.
func TestContractOnOneLine(t *testing.T) {
	for name, protocol := range map[string]func(testing.TB) *keys.Protocol{"spontaneous": stx, "polled": polled} {
		kind := map[string]sim.KeypadKind{"spontaneous": sim.KeypadFrames, "polled": sim.KeypadPolled}[name]
		t.Run(name, func(t *testing.T) {
			devicetest.TestKeypads(t, func(t *testing.T) devicetest.KeypadsBench {
				k, pads, _ := onLine(t, kind, protocol(t))
				bench := devicetest.KeypadsBench{
					Keypads: k, Lamps: k.Lamps(), Names: []string{"sportello-1", "sportello-2"},
					Type: func(name string, code device.KeyCode) { pads.Type(address[name], chars[code]) },
					Hold: func(name string, code device.KeyCode, held time.Duration) {
						pads.Hold(address[name], chars[code], held)
					},
					Lit: func(name string) bool { return pads.Shows(address[name]).Lamp },
					Beeped: func(name string) (int, int) {
						s := pads.Shows(address[name])
						return s.Beeps, s.Refusals
					},
				}
				if name == "polled" {
					// Who is asked and does not answer is known to be lost.
					bench.Unplug = func(name string) { pads.Switch(address[name], false) }
					bench.Replug = func(name string) { pads.Switch(address[name], true) }
				}
				return bench
			})
		})
	}
}

// A keypad on USB and one on a line are two keypads like any other two.
func TestContractOfBothKinds(t *testing.T) {
	devicetest.TestKeypads(t, func(t *testing.T) devicetest.KeypadsBench {
		usb, p := sim.NewInputDevice(keypad.EventBytes), bare(t)
		pads := sim.NewSerialKeypads(sim.KeypadBytes, 0)
		cable := sim.NewCable(pads.Serve)
		k, err := keypad.New(keypad.Config{
			Keypads: []keypad.Keypad{
				{Name: "sportello-1", Port: "line", Protocol: p, Keys: byChars()},
				{Name: "sportello-2", Path: "usb", Keys: keypad.Numeric()},
			},
			Open: func(string) (keypad.Source, error) { return usb.Open() },
			Line: over(t, map[string]*sim.Cable{"line": cable}),
		})
		if err != nil {
			t.Fatal(err)
		}
		return devicetest.KeypadsBench{
			Keypads: k, Names: []string{"sportello-1", "sportello-2"},
			Type: func(name string, code device.KeyCode) {
				if name == "sportello-1" {
					pads.Type(0, chars[code])
					return
				}
				usb.Key(codes[code], 1)
				usb.Key(codes[code], 0)
			},
			Unplug: func(string) { cable.Unplug() },
			Replug: func(string) { cable.Replug() },
		}
	})
}

// What a bad line does to frames: noise between them, halves, a wrong checksum,
// acknowledgements that get lost. Each key counts once all the same.
func TestBadLine(t *testing.T) {
	for name, protocol := range map[string]func(testing.TB) *keys.Protocol{"spontaneous": stx, "polled": polled} {
		kind := map[string]sim.KeypadKind{"spontaneous": sim.KeypadFrames, "polled": sim.KeypadPolled}[name]
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k, pads, cable := onLine(t, kind, protocol(t))
				l := run(t, k)
				time.Sleep(2 * time.Second)
				pads.Raw([]byte{0xff, 0x02, 0x30, 0x00, 0x02})
				pads.Type(1, '\r')
				time.Sleep(time.Second)
				pads.Raw([]byte("\x02010\r"))
				time.Sleep(time.Second)
				pads.LoseAcks(2)
				pads.Type(12, '5')
				pads.Type(12, '5')
				time.Sleep(2 * time.Second)
				pads.Raw([]byte("\x021209\x00\x03"))
				time.Sleep(time.Second)
				if got := l.all(); !slices.Equal(got, []device.KeyCode{device.KeyNext, "5", "5"}) {
					t.Errorf("keys %v", got)
				}
				if s := pads.Shows(12); s.Naks != 1 || s.Acks < 2 {
					t.Errorf("keypad 12 was answered %+v", s)
				}
				cable.Unplug()
				time.Sleep(2 * time.Second)
				for _, s := range k.Status() {
					if s.State != device.StateLost || s.Faults[0] != device.FaultUnplugged {
						t.Errorf("status without a line: %+v", s)
					}
				}
				cable.Replug()
				time.Sleep(6 * time.Second)
				pads.Type(1, '+')
				time.Sleep(time.Second)
				s := k.Status()[0]
				if got := l.all(); len(got) != 4 || s.State != device.StateReady || s.Count.Presses != 2 || s.Count.Retries < 1 {
					t.Errorf("keys %v, status %+v", got, s)
				}
			})
		})
	}
}

// A keypad that is asked and never answers is silent, the others go on.
func TestSilentKeypad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, pads, _ := onLine(t, sim.KeypadPolled, polled(t))
		pads.Switch(12, false)
		l := run(t, k)
		time.Sleep(3 * time.Second)
		if s := k.Status()[1]; s.State != device.StateLost || s.Faults[0] != device.FaultSilent || !strings.Contains(s.Detail, "address") {
			t.Errorf("status of a silent keypad: %+v", s)
		}
		pads.Type(1, '\r')
		time.Sleep(time.Second)
		if s := k.Status()[0]; len(l.all()) != 1 || s.State != device.StateReady {
			t.Errorf("beside a silent keypad: %v, %+v", l.all(), s)
		}
	})
}

// The number that a desk serves stands on its keypad's display, also after the
// line was lost.
func TestShowText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, pads, cable := onLine(t, sim.KeypadFrames, stx(t))
		run(t, k)
		time.Sleep(time.Second)
		want := func(text string) {
			t.Helper()
			if got := pads.Shows(12).Text; got != text {
				t.Errorf("the display shows %q, want %q", got, text)
			}
		}
		for _, text := range []string{"A041", "A042"} {
			if err := k.Panels().Show("sportello-2", text); err != nil {
				t.Error(err)
			}
		}
		time.Sleep(time.Second)
		want("A042")
		cable.Unplug()
		pads.Switch(12, true)
		want("")
		time.Sleep(time.Second)
		cable.Replug()
		time.Sleep(6 * time.Second)
		want("A042")
	})
}

// Through the kernel's tty, with the real serial port, unplugged and plugged in
// again.
func TestOverPTY(t *testing.T) {
	pty, err := sim.OpenPTY(filepath.Join(t.TempDir(), "keypads"))
	if err != nil {
		t.Fatal(err)
	}
	defer pty.Close()
	p := stx(t)
	pads := sim.NewSerialKeypads(sim.KeypadFrames, 1)
	k, err := keypad.New(keypad.Config{
		Keypads: []keypad.Keypad{{Name: "sportello-1", Port: pty.Path(), Address: 1, Protocol: p, Keys: byChars()}},
		Line: func(port string) (serial.Line, error) {
			opened, err := serial.Open(serial.Settings{Path: port, Baud: 9600})
			if err != nil {
				return nil, err
			}
			return opened, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- pty.Serve(ctx, pads.Serve) }()
	l := run(t, k)
	types := func(n int) {
		t.Helper()
		// What is typed before both ends have opened the line is lost.
		for end := time.Now().Add(15 * time.Second); len(l.all()) < n; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%d keys, want %d; %+v", len(l.all()), n, k.Status())
			}
			// Nor do acknowledgements say how many keys came: a slow one is given
			// twice for a key that was sent twice.
			if k.Status()[0].State == device.StateReady {
				pads.Type(1, '\r')
			}
		}
	}
	types(1)
	pty.Unplug()
	if err := pty.Replug(); err != nil {
		t.Fatal(err)
	}
	types(len(l.all()) + 1)
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func TestSerialConfig(t *testing.T) {
	p := stx(t)
	lines := func(string) (serial.Line, error) { return nil, nil }
	_, err := keypad.New(keypad.Config{Line: lines, Keypads: []keypad.Keypad{
		{Name: "a", Port: "p", Address: 1, Protocol: p, Keys: byChars()}, {Name: "b", Port: "p", Address: 1, Protocol: p, Keys: byChars()},
		{Name: "c", Port: "p", Address: 2, Protocol: stx(t), Keys: byChars()},
		{Name: "d", Port: "q", Protocol: bare(t), Keys: byChars()},
		{Name: "e", Port: "r", Keys: byChars()},
		{Name: "f", Port: "s", Address: 100, Protocol: stx(t), Keys: byChars()},
	}})
	for _, want := range []string{"is there twice", "another protocol", "needs a protocol", "more than 2 digits"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	b := bare(t)
	_, err = keypad.New(keypad.Config{Line: lines, Keypads: []keypad.Keypad{
		{Name: "a", Port: "p", Address: 1, Protocol: b, Keys: byChars()}, {Name: "b", Port: "p", Address: 2, Protocol: b, Keys: byChars()},
	}})
	if err == nil || !strings.Contains(err.Error(), "alone on its line") {
		t.Errorf("two keypads without addresses on a line: %v", err)
	}
}

// A keypad on the line whose address is nobody's is told of as such, and no key of it
// reaches a desk.
func TestAStrangerOnTheLineIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pads := sim.NewSerialKeypads(sim.KeypadFrames, 1, 9)
		cable := sim.NewCable(pads.Serve)
		p := stx(t)
		p.Name = "stx"
		k, err := keypad.New(keypad.Config{
			Keypads: []keypad.Keypad{{Name: "sportello-1", Port: "line", Address: 1, Protocol: p, Keys: byChars()}},
			Line:    over(t, map[string]*sim.Cable{"line": cable}),
		})
		if err != nil {
			t.Fatal(err)
		}
		strangers := make(chan keypad.Said, 8)
		k.Strangers(func(port string, said keypad.Said) {
			if port == "line" {
				strangers <- said
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		keys := make(chan device.Key, 8)
		ended := make(chan error, 1)
		go func() { ended <- k.Run(ctx, func(key device.Key) { keys <- key }) }()
		for _, address := range []int{9, 1} {
			time.Sleep(time.Second)
			pads.Type(address, '\r')
		}
		time.Sleep(time.Second)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if len(strangers) != 1 || len(keys) != 1 {
			t.Fatalf("%d strangers and %d keys are heard", len(strangers), len(keys))
		}
		if said, key := <-strangers, <-keys; said != (keypad.Said{Protocol: "stx", Address: 9, Key: '\r'}) || key.Keypad != "sportello-1" {
			t.Errorf("heard %+v and %+v", said, key)
		}
	})
}
