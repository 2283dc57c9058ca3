package serial

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// From linux/serial.h: struct serial_rs485 and its flags. TIOCSRS485 is not
// among x/sys/unix's constants; its number is the same on amd64, arm and arm64.
const (
	ioctlGetRS485    = 0x542e
	ioctlSetRS485    = 0x542f
	rs485Enabled     = 1 << 0
	rs485RTSOnSend   = 1 << 1
	rs485RTSAfterEnd = 1 << 2
)

type rs485 struct {
	flags              uint32
	delayRTSBeforeSend uint32 // ms
	delayRTSAfterSend  uint32 // ms
	_                  [5]uint32
}

// setRS485 lets the driver raise RTS while it sends, as the transceivers on the
// UART of a small board want it, and drop it when the last bit is out: no
// program is quick enough for that.
func setRS485(fd int) error {
	want := rs485{flags: rs485Enabled | rs485RTSOnSend}
	if err := ioctlRS485(fd, ioctlSetRS485, &want); err != nil {
		return err
	}
	var now rs485
	if err := ioctlRS485(fd, ioctlGetRS485, &now); err != nil {
		return err
	}
	// A driver may take what it can and say nothing about the rest.
	if now.flags&(rs485Enabled|rs485RTSOnSend|rs485RTSAfterEnd) != want.flags {
		return fmt.Errorf("%w: the driver set flags %#x", ErrNoRS485, now.flags)
	}
	return nil
}

func ioctlRS485(fd int, request uintptr, value *rs485) error {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, uintptr(unsafe.Pointer(value)))
	switch {
	case errno == 0:
		return nil
	case errors.Is(errno, unix.ENOTTY), errors.Is(errno, unix.EINVAL), errors.Is(errno, unix.EOPNOTSUPP):
		return fmt.Errorf("%w: %w", ErrNoRS485, errno)
	}
	return fmt.Errorf("setting up RS-485: %w", errno)
}
