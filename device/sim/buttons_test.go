package sim_test

import (
	"errors"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/devicetest"
	"eliminacode/device/sim"
)

func TestButtonsContract(t *testing.T) {
	devicetest.TestButtons(t, func(t *testing.T) devicetest.ButtonsBench {
		b := sim.NewButtons("pulsanti", "anagrafe", "tributi", "stato-civile")
		return devicetest.ButtonsBench{
			Buttons: b, Names: b.Names(), StuckAfter: 30 * time.Second,
			// What a hand does to buttons that nobody listens to is refused.
			Push:    func(name string) { _ = b.Push(name) },
			Release: func(name string) { _ = b.Release(name) },
			Unplug:  b.Unplug, Replug: b.Replug,
		}
	})
}

func TestUnknownButton(t *testing.T) {
	b := sim.NewButtons("pulsanti", "anagrafe")
	if b.Press("tributi") == nil || b.Release("tributi") == nil {
		t.Error("a button that is not there could be pressed")
	}
	if b.Press("anagrafe") == nil {
		t.Error("a button that nobody listens to could be pressed")
	}
}

func TestLampsContract(t *testing.T) {
	devicetest.TestLamps(t, func(*testing.T) devicetest.LampsBench {
		lamps := sim.NewLamps("anagrafe", "cie")
		return devicetest.LampsBench{Lamps: lamps, Names: []string{"anagrafe", "cie"}, Lit: lamps.Lit}
	})
}

func TestLampsRemember(t *testing.T) {
	l := sim.NewLamps("anagrafe", "tributi")
	if err := l.Show("ufficio", device.LightReady); !errors.Is(err, device.ErrNoLamp) {
		t.Errorf("an unknown lamp gave %v", err)
	}
	for range 3000 {
		for _, light := range []device.Light{device.LightBusy, device.LightReady, device.LightBeep} {
			if err := l.Show("anagrafe", light); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := l.Light("anagrafe"); got != device.LightReady {
		t.Errorf("lamp shows %v, want ready", got)
	}
	if got := l.Light("tributi"); got != device.LightOff {
		t.Errorf("lamp shows %v, want off", got)
	}
	history := l.History("anagrafe")
	if len(history) == 0 || len(history) > 1024 || history[len(history)-1].Light != device.LightBeep {
		t.Errorf("history has %d entries", len(history))
	}
}
