package serial

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	bugst "go.bug.st/serial"
	"golang.org/x/sys/unix"
)

// Errors of Open and of a port in use. Each is in a chain with the system's own
// error and ends in what to do.
var (
	// ErrNotThere: no device has this path now.
	ErrNotThere = errors.New("port is not there; check the cable and the path below /dev/serial/by-path")
	// ErrDenied: this user may not open the port.
	ErrDenied = errors.New("no permission for the port; add the service's user to group dialout")
	// ErrInUse: another program has the port.
	ErrInUse = errors.New("port is in use by another program; stop it, or look for a console or ModemManager on this port")
	// ErrNotSerial: the path is no serial port.
	ErrNotSerial = errors.New("path is no serial port; name a tty, best one below /dev/serial/by-path")
	// ErrSettings: speed or flow control is not possible.
	ErrSettings = errors.New("serial settings are not possible; check speed and flow control")
	// ErrGone: the device went away while the port was open.
	ErrGone = errors.New("device went away; it is opened again when it comes back")
	// ErrNoModemLines: the port has no modem lines, such as a pseudo-terminal.
	ErrNoModemLines = errors.New("port has no modem lines; use an adapter and a cable with DSR, or let the device use XON/XOFF")
	// ErrNoRS485: the driver does not switch the direction of an RS-485 line.
	ErrNoRS485 = errors.New("the port does not switch the direction of RS-485; leave rs485 away: USB adapters switch by themselves, " +
		"and other ports need a transceiver that does")
)

// explain puts our word and what to do before the system's error.
func explain(err error) error {
	var port *bugst.PortError
	if errors.As(err, &port) {
		switch port.Code() {
		case bugst.PortBusy:
			return fmt.Errorf("%w: %w: %w", ErrInUse, unix.EBUSY, err)
		case bugst.PermissionDenied:
			return fmt.Errorf("%w: %w: %w", ErrDenied, fs.ErrPermission, err)
		case bugst.PortNotFound:
			return fmt.Errorf("%w: %w: %w", ErrNotThere, fs.ErrNotExist, err)
		case bugst.InvalidSpeed, bugst.InvalidDataBits, bugst.InvalidParity, bugst.InvalidStopBits:
			return fmt.Errorf("%w: %w", ErrSettings, err)
		case bugst.InvalidSerialPort:
			return fmt.Errorf("%w: %w", ErrNotSerial, err)
		case bugst.PortClosed:
			return fmt.Errorf("%w: %w", ErrGone, err)
		}
	}
	switch {
	case errors.Is(err, ErrNotSerial), errors.Is(err, ErrInUse), errors.Is(err, ErrSettings),
		errors.Is(err, ErrNoRS485), errors.Is(err, ErrNoModemLines), errors.Is(err, ErrGone):
		return err
	case errors.Is(err, unix.EIO), errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENXIO),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrShortWrite), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: %w", ErrGone, err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: %w", ErrNotThere, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: %w", ErrDenied, err)
	case errors.Is(err, unix.EBUSY):
		return fmt.Errorf("%w: %w", ErrInUse, err)
	case errors.Is(err, unix.ENOTTY):
		return fmt.Errorf("%w: %w", ErrNotSerial, err)
	}
	return err
}
