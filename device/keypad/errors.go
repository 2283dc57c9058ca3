package keypad

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"

	"eliminacode/device"
	"eliminacode/device/serial"
)

// Why a keypad cannot be read. They stand in a chain with device.ErrLost.
var (
	// ErrDenied: this user may not read the keypad, or another program has
	// grabbed it.
	ErrDenied = errors.New("keypad is denied")
	// ErrNotKeypad: the path is no input device of the kernel.
	ErrNotKeypad = errors.New("not an input device")
	// ErrNoLight: the keypad has no lights, or they may not be switched.
	ErrNoLight = errors.New("keypad has no lights")
	// errSilent: the keypad does not answer when it is asked for its keys.
	errSilent = fmt.Errorf("%w to its questions; look at its cable, its power and its address", device.ErrSilent)
)

func denied(err error) bool {
	return errors.Is(err, ErrDenied) || errors.Is(err, fs.ErrPermission) || errors.Is(err, unix.EBUSY)
}

// faultOf turns the error of a keypad into the word that is shown.
func faultOf(err error) device.Fault {
	switch {
	case denied(err):
		return device.FaultDenied
	case errors.Is(err, ErrNotKeypad):
		return device.FaultMisread
	case errors.Is(err, device.ErrSilent):
		return device.FaultSilent
	default:
		return serial.Fault(err)
	}
}
