package keypad

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"eliminacode/device"
)

// A Source is an open keypad. It is used by one goroutine, but for Light and for
// SetReadDeadline, which may come from another one to end a read.
type Source interface {
	// Read gives raw events. It returns an error that Is
	// os.ErrDeadlineExceeded at the deadline; any other error means that the
	// keypad is lost.
	io.Reader
	SetReadDeadline(t time.Time) error
	// KeysDown says whether any key is down.
	KeysDown() (bool, error)
	// Grab takes the keypad's keys away from everybody else, or gives them
	// back. The error Is device.ErrInUse when another program has them.
	Grab(take bool) error
	// Light switches the keypad's own lights, all of them. The error Is
	// ErrNoLight when it has none that may be switched.
	Light(on bool) error
	Close() error
}

// From linux/input.h: EVIOCGRAB is _IOW('E', 0x90, int), EVIOCGKEY(len) is
// _IOC(_IOC_READ, 'E', 0x18, len), EVIOCGVERSION is _IOR('E', 0x01, int).
const (
	ioctlGrab    = 0x40044590
	ioctlVersion = 0x80044501
	keyBytes     = 0x300 / 8 // KEY_CNT bits
	ioctlKeys    = 2<<30 | keyBytes<<16 | 'E'<<8 | 0x18

	// EVIOCGBIT(EV_LED, len) is _IOC(_IOC_READ, 'E', 0x20+EV_LED, len).
	typeLight   = 0x11 // EV_LED
	lightBytes  = 2    // LED_CNT bits
	ioctlLights = 2<<30 | lightBytes<<16 | 'E'<<8 | (0x20 + typeLight)
)

// evdev is a Source on a node of /dev/input.
type evdev struct {
	file   *os.File
	lights uint16 // bits of its LEDs; none when it may not be written to
}

// Open opens a keypad by its path, such as one below /dev/input/by-path.
func Open(path string) (Source, error) {
	f, err := os.OpenFile(path, os.O_RDWR|unix.O_NONBLOCK, 0)
	writable := err == nil
	if errors.Is(err, fs.ErrPermission) {
		// Its keys do without its lights.
		f, err = os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	}
	if err != nil {
		remedy := "plug the keypad into the port that the settings name"
		if errors.Is(err, fs.ErrPermission) {
			remedy = "put the service's user in the group input"
		}
		return nil, fmt.Errorf("opening keypad: %w: %w; %s", device.ErrLost, err, remedy)
	}
	e := &evdev{file: f}
	var version int32
	if err := e.ioctl(ioctlVersion, unsafe.Pointer(&version)); err != nil {
		return nil, errors.Join(fmt.Errorf("opening keypad: %w: %s is no input device: %w; use the entry of /dev/input/by-path that ends in -event-kbd",
			device.ErrLost, path, device.ErrNotOfKind), f.Close())
	}
	if writable {
		var lights [lightBytes]byte
		if err := e.ioctl(ioctlLights, unsafe.Pointer(&lights)); err == nil {
			e.lights = binary.LittleEndian.Uint16(lights[:])
		}
	}
	return e, nil
}

func (e *evdev) Light(on bool) error {
	if e.lights == 0 {
		return ErrNoLight
	}
	value := uint32(0)
	if on {
		value = 1
	}
	var events []byte
	for code := range uint16(16) {
		if e.lights&(1<<code) != 0 {
			events = appendEvent(events, typeLight, code, value)
		}
	}
	_, err := e.file.Write(appendEvent(events, typeSync, syncReport, 0))
	return err
}

// appendEvent adds one struct input_event; the kernel fills in its time.
func appendEvent(to []byte, kind, code uint16, value uint32) []byte {
	to = append(to, make([]byte, EventBytes-payloadBytes)...)
	to = binary.LittleEndian.AppendUint16(to, kind)
	to = binary.LittleEndian.AppendUint16(to, code)
	return binary.LittleEndian.AppendUint32(to, value)
}

func (e *evdev) Read(p []byte) (int, error) { return e.file.Read(p) }

func (e *evdev) SetReadDeadline(t time.Time) error { return e.file.SetReadDeadline(t) }

func (e *evdev) Close() error { return e.file.Close() }

func (e *evdev) KeysDown() (bool, error) {
	var keys [keyBytes]byte
	if err := e.ioctl(ioctlKeys, unsafe.Pointer(&keys)); err != nil {
		return false, fmt.Errorf("asking which keys are down: %w", err)
	}
	return keys != [keyBytes]byte{}, nil
}

func (e *evdev) Grab(take bool) error {
	var argument uintptr
	if take {
		argument = 1
	}
	err := e.control(func(fd uintptr) unix.Errno {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, ioctlGrab, argument)
		return errno
	})
	if errors.Is(err, unix.EBUSY) {
		return fmt.Errorf("%w: another program has grabbed it; stop that program: %w", device.ErrInUse, err)
	}
	return err
}

func (e *evdev) ioctl(request uintptr, into unsafe.Pointer) error {
	return e.control(func(fd uintptr) unix.Errno {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, request, uintptr(into))
		return errno
	})
}

// control runs f on the descriptor without making the file blocking, as
// File.Fd would.
func (e *evdev) control(f func(fd uintptr) unix.Errno) error {
	raw, err := e.file.SyscallConn()
	if err != nil {
		return err
	}
	var errno unix.Errno
	if err := raw.Control(func(fd uintptr) { errno = f(fd) }); err != nil {
		return err
	}
	if errno != 0 {
		return errno
	}
	return nil
}
