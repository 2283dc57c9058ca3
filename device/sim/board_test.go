package sim_test

import (
	"errors"
	"testing"

	"eliminacode/device"
	"eliminacode/device/devicetest"
	"eliminacode/device/sim"
)

func TestLampsContract(t *testing.T) {
	devicetest.TestLamps(t, func(*testing.T) devicetest.LampsBench {
		lamps := sim.NewLamps("anagrafe", "cie")
		return devicetest.LampsBench{Lamps: lamps, Names: []string{"anagrafe", "cie"}, Lit: lamps.Lit}
	})
}

func TestLampsShow(t *testing.T) {
	l := sim.NewLamps("anagrafe", "tributi")
	if err := l.Show("ufficio", device.LightReady); !errors.Is(err, device.ErrNoLamp) {
		t.Errorf("an unknown lamp gave %v", err)
	}
	for _, light := range []device.Light{device.LightBusy, device.LightReady, device.LightBeep} {
		if err := l.Show("anagrafe", light); err != nil {
			t.Fatal(err)
		}
	}
	if got := l.Light("anagrafe"); got != device.LightReady {
		t.Errorf("lamp shows %v, want ready", got)
	}
	if got := l.Light("tributi"); got != device.LightOff {
		t.Errorf("lamp shows %v, want off", got)
	}
}
