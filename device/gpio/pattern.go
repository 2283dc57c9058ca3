package gpio

import (
	"time"

	"eliminacode/device"
)

// The patterns of the lights. Steady and slow is good, quick is trouble; a
// beep is one long pulse and a refusal three short ones, so that the two can
// be told apart by ear and by eye.
const (
	busyHalf    = 500 * time.Millisecond // half a period of LightBusy
	faultHalf   = 125 * time.Millisecond // half a period of LightFault
	beepLong    = 150 * time.Millisecond // LightBeep
	errorShort  = 80 * time.Millisecond  // each pulse of LightError, and each gap
	errorPulses = 3
	never       = time.Duration(1<<63 - 1)
)

// passing says that a light shows for a moment and then gives way to the one
// before it.
func passing(l device.Light) bool { return l == device.LightBeep || l == device.LightError }

// lit says whether a lamp that has shown the light for so long is on, and
// after how long that changes. A passing light that is over answers with done.
func lit(l device.Light, shown time.Duration) (on bool, next time.Duration, done bool) {
	switch l {
	case device.LightReady:
		return true, never, false
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
		return false, never, false
	}
}

func blink(shown, half time.Duration) (on bool, next time.Duration) {
	return shown/half%2 == 0, half - shown%half
}
