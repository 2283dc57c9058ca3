package gpio_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
	"eliminacode/device/devicetest"
	"eliminacode/device/gpio"
)

// A wire records when it is switched.
type wire struct {
	mu    sync.Mutex
	err   error
	began time.Time
	at    []time.Duration // of each switch, on first
	on    bool
}

func (w *wire) Set(on bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.err
	}
	if on != w.on {
		w.on = on
		w.at = append(w.at, time.Since(w.began))
	}
	return nil
}

func (w *wire) Close() error { return nil }

func (w *wire) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = err
}

func (w *wire) switches() []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.at)
}

func (w *wire) lit() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.on
}

func TestLampsContract(t *testing.T) {
	devicetest.TestLamps(t, func(t *testing.T) devicetest.LampsBench {
		lines := map[string]*wire{"GPIO22": {}, "GPIO23": {}}
		lamps, err := gpio.NewLamps(gpio.LampsConfig{
			Lamps: []gpio.LampLine{{Name: "anagrafe", Line: "GPIO22"}, {Name: "cie", Line: "GPIO23"}},
			Open:  func(line string, _ bool) (gpio.Output, error) { return lines[line], nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		return devicetest.LampsBench{
			Lamps: lamps, Names: []string{"anagrafe", "cie"},
			Lit: func(lamp string) bool {
				return lines[map[string]string{"anagrafe": "GPIO22", "cie": "GPIO23"}[lamp]].lit()
			},
		}
	})
}

func runLamps(t *testing.T, w *wire) (*gpio.Lamps, func()) {
	t.Helper()
	w.began = time.Now()
	lamps, err := gpio.NewLamps(gpio.LampsConfig{
		Lamps: []gpio.LampLine{{Name: "anagrafe", Line: "GPIO22"}},
		Open: func(string, bool) (gpio.Output, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w, w.err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := lamps.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	}()
	synctest.Wait()
	return lamps, func() { cancel(); <-ended }
}

func msec(n ...int) []time.Duration {
	all := make([]time.Duration, len(n))
	for i := range n {
		all[i] = time.Duration(n[i]) * time.Millisecond
	}
	return all
}

func TestLampPatterns(t *testing.T) {
	for _, test := range []struct {
		name   string
		lights []device.Light
		want   []time.Duration // switches within the first second; the last one is the end of Run
	}{
		{"off", []device.Light{device.LightOff}, nil},
		{"ready", []device.Light{device.LightReady}, msec(0, 1000)},
		{"busy", []device.Light{device.LightBusy}, msec(0, 500)},
		{"fault", []device.Light{device.LightFault}, msec(0, 125, 250, 375, 500, 625, 750, 875)},
		{"beep on a dark lamp", []device.Light{device.LightBeep}, msec(0, 150)},
		{"refusal on a dark lamp", []device.Light{device.LightError}, msec(0, 80, 160, 240, 320, 400)},
		{"refusal on a lit lamp", []device.Light{device.LightReady, device.LightError}, msec(0, 0, 80, 160, 240, 320, 400, 1000)},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{}
				lamps, stop := runLamps(t, w)
				for _, light := range test.lights {
					if err := lamps.Show("anagrafe", light); err != nil {
						t.Fatal(err)
					}
					synctest.Wait()
				}
				time.Sleep(time.Second - time.Nanosecond)
				synctest.Wait()
				stopAt := time.Nanosecond
				time.Sleep(stopAt)
				stop()
				got := w.switches()
				if len(got) > len(test.want) {
					got = got[:len(test.want)] // A blink that falls on the end of the second.
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("switched at %v, want %v", got, test.want)
				}
				if w.on {
					t.Error("the lamp is lit after Run")
				}
			})
		})
	}
}

// TestSteadyLampIsFoundLost: nobody shows anything new, and yet a line that
// went away is found lost and lit again when it is back.
func TestSteadyLampIsFoundLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		lamps, stop := runLamps(t, w)
		defer stop()
		if err := lamps.Show("anagrafe", device.LightReady); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		w.fail(device.ErrLost)
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if s := lamps.Status()[0]; s.State != device.StateLost {
			t.Errorf("status of a lamp whose line went away: %+v", s)
		}
		w.mu.Lock()
		w.err, w.on = nil, false // A line that is opened is off.
		w.mu.Unlock()
		time.Sleep(time.Minute)
		synctest.Wait()
		if s := lamps.Status()[0]; s.State != device.StateReady || s.Count.Retries != 1 {
			t.Errorf("status of a lamp that is back: %+v", s)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.on {
			t.Error("a lamp that is back is dark")
		}
	})
}

// TestBeeper: what is heard is silent but for what passes.
func TestBeeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{began: time.Now()}
		lamps, err := gpio.NewLamps(gpio.LampsConfig{
			Lamps: []gpio.LampLine{{Name: "anagrafe", Line: "GPIO22", Beeper: true}},
			Open:  func(string, bool) (gpio.Output, error) { return w, nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- lamps.Run(ctx) }()
		for _, light := range []device.Light{device.LightReady, device.LightFault, device.LightBusy} {
			if err := lamps.Show("anagrafe", light); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if len(w.switches()) > 0 {
			t.Errorf("a beeper sounds for longer than a beep: %v", w.switches())
		}
		if err := lamps.Show("anagrafe", device.LightBeep); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if got := w.switches(); !slices.Equal(got, msec(3000, 3150)) {
			t.Errorf("a beep sounds at %v", got)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestLampLostAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		w.fail(errors.Join(device.ErrLost, gpio.ErrNoLine))
		lamps, stop := runLamps(t, w)
		defer stop()
		if err := lamps.Show("anagrafe", device.LightReady); err != nil {
			t.Errorf("a lost lamp gave %v", err)
		}
		if s := lamps.Status()[0]; s.State != device.StateLost || s.Detail == "" {
			t.Errorf("status of a lost lamp: %+v", s)
		}
		w.fail(nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		if s := lamps.Status()[0]; s.State != device.StateReady || s.Name != "anagrafe" {
			t.Errorf("status of a lamp that is back: %+v", s)
		}
		if len(w.switches()) != 1 {
			t.Errorf("a lamp that is back does not show what it should: %v", w.switches())
		}
		w.fail(device.ErrLost)
		if err := lamps.Show("anagrafe", device.LightOff); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if s := lamps.Status()[0]; s.State != device.StateLost {
			t.Errorf("status of a lamp lost again: %+v", s)
		}
		if err := lamps.Show("sala", device.LightOff); !errors.Is(err, device.ErrNoLamp) {
			t.Errorf("an unknown lamp gave %v", err)
		}
	})
}

// TestLampStatusWhileItIsLost asks all the time how a lamp without a line is,
// for the race detector.
func TestLampStatusWhileItIsLost(t *testing.T) {
	lamps, err := gpio.NewLamps(gpio.LampsConfig{
		Lamps: []gpio.LampLine{{Name: "anagrafe", Line: "GPIO22"}},
		Open: func(string, bool) (gpio.Output, error) {
			time.Sleep(10 * time.Millisecond)
			return nil, device.ErrLost
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- lamps.Run(ctx) }()
	for ctx.Err() == nil {
		if s := lamps.Status()[0]; s.State == device.StateReady {
			t.Fatalf("the lamp is %+v", s)
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
