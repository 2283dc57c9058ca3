// Package lamp says what a lamp shows over time: which of the lights of
// package device is steady, which blinks, and how a beep differs from a
// refusal. Lamps on GPIO lines and lamps of keypads look alike because of it.
//
// It is pure: time comes in as a value, nothing is driven, and a Lamp belongs to
// one goroutine or to its caller's lock.
package lamp

import (
	"time"

	"eliminacode/device"
)

// The patterns of the lights. Steady and slow is good, quick is trouble; a
// beep is one long pulse and a refusal three short ones, so that the two can
// be told apart by ear and by eye. On a lit lamp their pulses are dark, or a
// beep would not be seen there.
//
//	LightOff    dark              closed, suspended, all tickets given
//	LightReady  steady            press and you get a ticket; at a desk: somebody waits
//	LightBusy   1 blink a second  wait a moment: the button rests, or the printer is behind
//	LightFault  4 blinks a second out of paper, or out of service
//	LightBeep   1 pulse           done; at a desk: the first person has come
//	LightError  3 short pulses    refused
const (
	busyHalf    = 500 * time.Millisecond // half a period of LightBusy
	faultHalf   = 125 * time.Millisecond // half a period of LightFault
	beepLong    = 150 * time.Millisecond // LightBeep
	errorShort  = 80 * time.Millisecond  // each pulse of LightError, and each gap
	errorPulses = 3
)

// Never is the wait for a lamp that does not change by itself.
const Never = time.Duration(1<<63 - 1)

// A Lamp is what one lamp shows. The zero Lamp is off.
type Lamp struct {
	base      device.Light // what it shows when nothing passes
	baseAt    time.Time
	passing   device.Light // LightOff: nothing
	passingAt time.Time
	over      bool // it passes over a lit lamp, and its pulses are dark
}

// Passing says that a light shows for a moment and then gives way to the one
// before it.
func Passing(l device.Light) bool { return l == device.LightBeep || l == device.LightError }

// Show sets the lamp from now on. It says whether that changes anything: a
// light that lasts and is shown already does not begin again.
func (l *Lamp) Show(light device.Light, now time.Time) (changed bool) {
	switch {
	case Passing(light):
		l.passing, l.passingAt = light, now
		l.over, _, _ = lit(l.base, now.Sub(l.baseAt))
	case l.base != light:
		l.base, l.baseAt = light, now
	default:
		return false
	}
	return true
}

// On says whether the lamp is lit at now, and after how long that changes.
func (l *Lamp) On(now time.Time) (on bool, next time.Duration) {
	if l.passing != device.LightOff {
		on, next, done := lit(l.passing, now.Sub(l.passingAt))
		if !done {
			return on != l.over, next
		}
		l.passing = device.LightOff
	}
	on, next, _ = lit(l.base, now.Sub(l.baseAt))
	return on, next
}

// lit says whether a lamp that has shown the light for so long is on, and
// after how long that changes. A passing light that is over says so.
func lit(l device.Light, shown time.Duration) (on bool, next time.Duration, over bool) {
	switch l {
	case device.LightReady:
		return true, Never, false
	case device.LightBusy:
		on, next = blink(shown, busyHalf)
		return on, next, false
	case device.LightFault:
		on, next = blink(shown, faultHalf)
		return on, next, false
	case device.LightBeep:
		return shown < beepLong, beepLong - shown, shown >= beepLong
	case device.LightError:
		on, next = blink(shown, errorShort)
		over := shown >= (2*errorPulses-1)*errorShort
		return on && !over, next, over
	default:
		return false, Never, false
	}
}

func blink(shown, half time.Duration) (on bool, next time.Duration) {
	return shown/half%2 == 0, half - shown%half
}
