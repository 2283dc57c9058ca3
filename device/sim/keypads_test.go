package sim_test

import (
	"testing"

	"eliminacode/device"
	"eliminacode/device/devicetest"
	"eliminacode/device/sim"
)

func TestKeypadsContract(t *testing.T) {
	devicetest.TestKeypads(t, func(t *testing.T) devicetest.KeypadsBench {
		k := sim.NewKeypads("sportello-1", "sportello-2")
		return devicetest.KeypadsBench{
			Keypads: k, Names: k.Names(),
			// What is typed while nobody listens is refused.
			Type:   func(name string, code device.KeyCode) { _ = k.Press(name, code) },
			Unplug: k.Unplug, Replug: k.Replug,
		}
	})
}

func TestUnknownKeypad(t *testing.T) {
	k := sim.NewKeypads("sportello-1")
	if k.Press("sportello-2", device.KeyNext) == nil {
		t.Error("a keypad that is not there could be typed on")
	}
	if k.Press("sportello-1", device.KeyNext) == nil {
		t.Error("a keypad that nobody listens to could be typed on")
	}
}
