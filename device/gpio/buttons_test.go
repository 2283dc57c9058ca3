package gpio_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
	"eliminacode/device/devicetest"
	"eliminacode/device/gpio"
	"eliminacode/device/sim"
)

// onBoard is the real driver on the lines of a simulated board.
func onBoard(t *testing.T, board *sim.Board) *gpio.Buttons {
	t.Helper()
	b, err := gpio.NewButtons(gpio.ButtonsConfig{
		Name: "pulsanti",
		Buttons: []gpio.ButtonLine{
			{Name: "anagrafe", Line: "GPIO17"}, {Name: "tributi", Line: "GPIO27"}, {Name: "stato-civile", Line: "GPIO22"},
		},
		Open: func(line string) (gpio.Pin, error) { return board.Pin(line) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pins are the lines of onBoard.
func pins(t *testing.T, board *sim.Board) map[string]*sim.Pin {
	t.Helper()
	all := map[string]*sim.Pin{}
	for button, line := range map[string]string{"anagrafe": "GPIO17", "tributi": "GPIO27", "stato-civile": "GPIO22"} {
		p, err := board.Pin(line)
		if err != nil {
			t.Fatal(err)
		}
		all[button] = p
	}
	return all
}

// TestContract runs the contract with contacts that move cleanly, and again
// with contacts that chatter each time they move.
func TestContract(t *testing.T) {
	chatter := []time.Duration{1, 3, 1, 2, 1, 4}
	for i := range chatter {
		chatter[i] *= time.Millisecond
	}
	for name, gaps := range map[string][]time.Duration{"clean": nil, "bouncing": chatter} {
		t.Run(name, func(t *testing.T) {
			devicetest.TestButtons(t, func(t *testing.T) devicetest.ButtonsBench {
				board := sim.NewBoard("GPIO17", "GPIO27", "GPIO22")
				contacts := pins(t, board)
				return devicetest.ButtonsBench{
					Buttons: onBoard(t, board), Names: []string{"anagrafe", "tributi", "stato-civile"},
					Push:    func(button string) { contacts[button].Bounce(true, gaps...) },
					Release: func(button string) { contacts[button].Bounce(false, gaps...) },
					Unplug:  board.Unplug, Replug: board.Replug,
					Settle: 40 * time.Millisecond, StuckAfter: 30 * time.Second,
					NoticesLossSoon: 3 * time.Second, ReopensWithin: 40 * time.Second,
				}
			})
		})
	}
}

// start runs the driver in a bubble and hands out what it reports.
func start(t *testing.T, b *gpio.Buttons) (presses *atomic.Int32) {
	t.Helper()
	presses = new(atomic.Int32)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := b.Run(ctx, func(device.Press) { presses.Add(1) }); err != nil {
			t.Errorf("Run: %v", err)
		}
	}()
	t.Cleanup(func() { cancel(); <-ended })
	time.Sleep(2 * time.Second)
	return presses
}

func TestNoGPIOIsAStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, err := gpio.NewButtons(gpio.ButtonsConfig{
			Buttons: []gpio.ButtonLine{{Name: "anagrafe", Line: "GPIO17"}},
			Open:    gpio.OnChip("pinctrl-that-no-machine-has").Input,
		})
		if err != nil {
			t.Fatal(err)
		}
		start(t, b)
		s := b.Status()
		if s.State != device.StateLost || len(s.Faults) != 1 || !strings.Contains(s.Detail, "GPIO chip") {
			t.Errorf("status without GPIO: %+v", s)
		}
	})
}

func TestOneLostLineIsDegraded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := sim.NewBoard("GPIO17", "GPIO27", "GPIO22")
		contacts := pins(t, board)
		contacts["tributi"].Fail(errors.Join(device.ErrLost, device.ErrDenied))
		b := onBoard(t, board)
		presses := start(t, b)
		s := b.Status()
		if s.State != device.StateDegraded || len(s.Faults) != 1 || s.Faults[0] != device.FaultDenied || !strings.Contains(s.Detail, "tributi") {
			t.Errorf("status with one denied line: %+v", s)
		}
		contacts["anagrafe"].Set(true)
		time.Sleep(time.Second)
		if presses.Load() != 1 {
			t.Errorf("%d presses of the button that works", presses.Load())
		}
		contacts["tributi"].Fail(nil)
		time.Sleep(time.Minute)
		contacts["anagrafe"].Set(false)
		time.Sleep(time.Second)
		if s := b.Status(); s.State != device.StateReady {
			t.Errorf("status when the line is back: %+v", s)
		}
	})
}

// TestLostEdges: a contact whose edges never reach us is found by the look
// that the idle wait ends with.
func TestLostEdges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := sim.NewBoard("GPIO17", "GPIO27", "GPIO22")
		contact := pins(t, board)["anagrafe"]
		presses := start(t, onBoard(t, board))
		for i := range int32(3) {
			contact.SetSilently(true)
			time.Sleep(1500 * time.Millisecond)
			contact.SetSilently(false)
			time.Sleep(1500 * time.Millisecond)
			if presses.Load() != i+1 {
				t.Fatalf("%d presses after %d silent ones", presses.Load(), i+1)
			}
		}
	})
}

// TestCounters: a clean press counts no bounce, each further edge of a train
// counts one, and a chip that took all lines with it counts once.
func TestCounters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := sim.NewBoard("GPIO17", "GPIO27", "GPIO22")
		contact := pins(t, board)["anagrafe"]
		b := onBoard(t, board)
		start(t, b)
		want := func(want device.Counters) {
			t.Helper()
			time.Sleep(2 * time.Second)
			if got := b.Status().Count; got != want {
				t.Errorf("counted %+v, want %+v", got, want)
			}
		}
		time.Sleep(300 * time.Millisecond) // Between two of the driver's own looks.
		contact.Set(true)
		time.Sleep(time.Second)
		contact.Set(false)
		want(device.Counters{Presses: 1})
		gaps := []time.Duration{time.Millisecond, time.Millisecond, time.Millisecond, time.Millisecond}
		contact.Bounce(true, gaps...)
		want(device.Counters{Presses: 2, Bounces: 4})
		contact.Bounce(false, gaps[:2]...)
		want(device.Counters{Presses: 2, Bounces: 6})
		contact.Bounce(false, gaps[:2]...)
		want(device.Counters{Presses: 2, Bounces: 8})
		contact.SetSilently(true)
		time.Sleep(2 * time.Second)
		contact.SetSilently(false)
		want(device.Counters{Presses: 3, Bounces: 8})
		board.Unplug()
		time.Sleep(3 * time.Second)
		board.Replug()
		time.Sleep(time.Minute)
		want(device.Counters{Presses: 3, Bounces: 8, Retries: 1})
	})
}

// A stormyPin has an edge whenever it is asked and never changes; a brokenPin
// never waits. Neither may make the driver spin.
type stormyPin struct {
	*sim.Pin
	reads  *atomic.Int64
	edge   bool
	closed *atomic.Bool
}

func (p stormyPin) Closed() (bool, error) {
	p.reads.Add(1)
	return p.closed.Load(), nil
}

func (p stormyPin) WaitForEdge(time.Duration) bool { return p.edge }

func TestNoiseDoesNotSpin(t *testing.T) {
	for name, edge := range map[string]bool{"an edge every time": true, "waits that fail": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pin := stormyPin{Pin: sim.NewPin(), reads: new(atomic.Int64), edge: edge, closed: new(atomic.Bool)}
				b, err := gpio.NewButtons(gpio.ButtonsConfig{
					Buttons: []gpio.ButtonLine{{Name: "anagrafe", Line: "GPIO17"}},
					Open:    func(string) (gpio.Pin, error) { return pin, nil },
				})
				if err != nil {
					t.Fatal(err)
				}
				presses := start(t, b)
				before := pin.reads.Load()
				time.Sleep(10 * time.Second)
				if n := pin.reads.Load() - before; n > 10*450 {
					t.Errorf("%d reads in ten seconds", n)
				}
				pin.closed.Store(true)
				time.Sleep(2 * time.Second)
				if presses.Load() != 1 {
					t.Errorf("%d presses in the noise, want 1", presses.Load())
				}
			})
		})
	}
}

func TestButtonsConfig(t *testing.T) {
	_, err := gpio.NewButtons(gpio.ButtonsConfig{
		Buttons: []gpio.ButtonLine{{Name: "a", Line: "GPIO1"}, {Name: "b", Line: "GPIO1"}},
		Settle:  time.Minute, Stuck: time.Second,
	})
	for _, want := range []string{"Chip.Input", "make no sense", "GPIO1 is there twice"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
}
