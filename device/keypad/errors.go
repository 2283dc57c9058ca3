package keypad

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"

	"eliminacode/device"
)

// Why a keypad cannot be used as it should.
var (
	// ErrNoLight: the keypad has no lights, or they may not be switched.
	ErrNoLight = errors.New("keypad has no lights")
	// errSilent: the keypad does not answer when it is asked for its keys.
	errSilent = fmt.Errorf("%w to its questions; look at its cable, its power and its address", device.ErrSilent)
)

// elsewhere reports whether an error of Grab leaves the keypad readable: its
// keys go to another program too, or to that one alone.
func elsewhere(err error) bool {
	return errors.Is(err, device.ErrInUse) || errors.Is(err, fs.ErrPermission) || errors.Is(err, unix.EBUSY)
}
