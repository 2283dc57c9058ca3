package lamp_test

import (
	"slices"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/lamp"
)

// changes follows a lamp for as long and says, in milliseconds, when it is
// switched, on first.
func changes(l *lamp.Lamp, from time.Time, long time.Duration) (at []int) {
	lit := false
	for now := from; now.Sub(from) <= long; {
		on, next := l.On(now)
		if on != lit {
			lit = on
			at = append(at, int(now.Sub(from).Milliseconds()))
		}
		if next <= 0 || next > long {
			break
		}
		now = now.Add(next)
	}
	return at
}

func TestPatterns(t *testing.T) {
	for shown, want := range map[device.Light][]int{
		device.LightOff:   nil,
		device.LightReady: {0},
		device.LightBusy:  {0, 500, 1000, 1500, 2000},
		device.LightFault: {0, 125, 250, 375, 500, 625, 750, 875, 1000, 1125, 1250, 1375, 1500, 1625, 1750, 1875, 2000},
		device.LightBeep:  {0, 150},
		device.LightError: {0, 80, 160, 240, 320, 400},
	} {
		var l lamp.Lamp
		began := time.Now()
		l.Show(shown, began)
		if got := changes(&l, began, 2*time.Second); !slices.Equal(got, want) {
			t.Errorf("light %d is switched at %v, want %v", shown, got, want)
		}
	}
}

// A beep gives way to what was there before it, and the same light shown again
// does not begin its pattern anew.
func TestPassingAndAgain(t *testing.T) {
	var l lamp.Lamp
	began := time.Now()
	if !l.Show(device.LightReady, began) || l.Show(device.LightReady, began.Add(time.Second)) {
		t.Error("a lasting light counts as changed once")
	}
	l.Show(device.LightError, began)
	if got := changes(&l, began, 2*time.Second); !slices.Equal(got, []int{80, 160, 240, 320, 400}) {
		t.Errorf("a refusal on a lit lamp is switched at %v, want three dark pulses", got)
	}
	if on, next := l.On(began.Add(time.Second)); !on || next != lamp.Never {
		t.Errorf("after a refusal the lamp is lit: %v, for %v", on, next)
	}
}

// A beep is seen on a lamp whatever it shows, and leaves what was there.
func TestBeepIsSeen(t *testing.T) {
	for base, want := range map[device.Light][]int{
		device.LightOff:   {0, 150},
		device.LightReady: {150},
		device.LightBusy:  {150, 500},
	} {
		var l lamp.Lamp
		began := time.Now()
		l.Show(base, began)
		l.Show(device.LightBeep, began)
		if got := changes(&l, began, 900*time.Millisecond); !slices.Equal(got, want) {
			t.Errorf("a beep on light %d is switched at %v, want %v", base, got, want)
		}
	}
}
