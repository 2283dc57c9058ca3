package gpio

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"eliminacode/device"
)

// What follows speaks to the kernel itself, by the second version of its GPIO
// interface (linux/gpio.h, from Linux 5.10 on). It opens chips that were not
// there when Init looked, and those that went away and came back: the driver's
// own list is made once in the life of a program. It keeps no chip open, so
// that none is ever stale: a line that was given stays open by itself.

// Sizes that the kernel fixes.
const (
	nameBytes = 32 // of a chip, a label, a line
	mostLines = 64 // in one request
	mostAttrs = 10
)

// chipInfo is struct gpiochip_info.
type chipInfo struct {
	name, label [nameBytes]byte
	lines       uint32
}

// lineInfo is struct gpio_v2_line_info.
type lineInfo struct {
	name, consumer [nameBytes]byte
	offset         uint32
	attrCount      uint32
	flags          uint64
	attrs          [mostAttrs][2]uint64
	padding        [4]uint32
}

// lineRequest is struct gpio_v2_line_request with its gpio_v2_line_config.
type lineRequest struct {
	offsets   [mostLines]uint32
	consumer  [nameBytes]byte
	flags     uint64
	attrCount uint32
	padding   [5]uint32
	attrs     [mostAttrs][3]uint64
	lineCount uint32
	buffer    uint32 // of edges; 0 is the kernel's 16
	padding2  [5]uint32
	fd        int32
}

// lineValues is struct gpio_v2_line_values.
type lineValues struct{ bits, mask uint64 }

// edgeBytes is the size of struct gpio_v2_line_event. Its content is not looked
// at: an edge is a hint to read the level.
const edgeBytes = 48

// The flags of a line.
const (
	flagActiveLow   = 1 << 1
	flagInput       = 1 << 2
	flagOutput      = 1 << 3
	flagEdgeRising  = 1 << 4
	flagEdgeFalling = 1 << 5
	flagPullUp      = 1 << 8
)

// The requests: direction, size, the letter of GPIO, number.
const (
	readFrom    = 2 << 30
	readAndBack = 3 << 30

	getChipInfo = readFrom | unsafe.Sizeof(chipInfo{})<<16 | 0xb4<<8 | 0x01
	getLineInfo = readAndBack | unsafe.Sizeof(lineInfo{})<<16 | 0xb4<<8 | 0x05
	getLine     = readAndBack | unsafe.Sizeof(lineRequest{})<<16 | 0xb4<<8 | 0x07
	getValues   = readAndBack | unsafe.Sizeof(lineValues{})<<16 | 0xb4<<8 | 0x0e
	setValues   = readAndBack | unsafe.Sizeof(lineValues{})<<16 | 0xb4<<8 | 0x0f
)

// ask is one request to the kernel about an open chip or line.
func ask(fd uintptr, request uintptr, about unsafe.Pointer) error {
	for {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, request, uintptr(about))
		switch errno {
		case 0:
			return nil
		case unix.EINTR:
		default:
			return errno
		}
	}
}

// nodes are the files of all chips, each chip once: on some boards a second
// name leads to the same one.
func nodes() []string {
	all, err := filepath.Glob("/dev/gpiochip*")
	if err != nil {
		return nil // Only a bad pattern is an error.
	}
	var chips []string
	for _, path := range all {
		if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSymlink == 0 {
			chips = append(chips, path)
		}
	}
	return chips
}

// openByLabel opens the chip that has the label now; the error Is errNotFound
// when none has.
func openByLabel(label string) (*os.File, error) {
	failed := errNotFound
	for _, path := range nodes() {
		chip, its, err := openChip(path)
		switch {
		case err != nil:
			failed = err
		case its == label:
			return chip, nil
		default:
			chip.Close()
		}
	}
	return nil, failed
}

// openChip opens a chip and says its label.
func openChip(path string) (*os.File, string, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, "", fmt.Errorf("opening %s: %w", path, err)
	}
	chip := os.NewFile(uintptr(fd), path)
	var info chipInfo
	if err := ask(chip.Fd(), getChipInfo, unsafe.Pointer(&info)); err != nil {
		chip.Close()
		return nil, "", fmt.Errorf("asking %s for its label: %w", path, err)
	}
	return chip, text(info.label), nil
}

func labelOf(path string) (string, error) {
	chip, label, err := openChip(path)
	if err != nil {
		return "", err
	}
	return label, chip.Close()
}

// errNotFound: no chip has the label, or none of its lines the name.
var errNotFound = errors.New("not found")

func text(b [nameBytes]byte) string {
	s, _, _ := strings.Cut(string(b[:]), "\x00")
	return s
}

// lineNumber finds a line of an open chip by name.
func lineNumber(chip *os.File, name string) (uint32, error) {
	var about chipInfo
	if err := ask(chip.Fd(), getChipInfo, unsafe.Pointer(&about)); err != nil {
		return 0, err
	}
	names := make([]string, about.lines)
	for n := range names {
		info := lineInfo{offset: uint32(n)}
		if err := ask(chip.Fd(), getLineInfo, unsafe.Pointer(&info)); err != nil {
			return 0, err
		}
		names[n] = text(info.name)
	}
	n := indexOf(names, text(about.name), name)
	if n < 0 {
		return 0, errNotFound
	}
	return uint32(n), nil
}

// A lateLine is a line of a chip that was not there when Init looked.
type lateLine struct {
	name string
	file *os.File
	raw  syscall.RawConn
}

// openLine asks for a line of an open chip.
func openLine(chip *os.File, name string, flags uint64) (*lateLine, error) {
	n, err := lineNumber(chip, name)
	if err != nil {
		return nil, err
	}
	request := lineRequest{flags: flags, lineCount: 1}
	request.offsets[0] = n
	copy(request.consumer[:nameBytes-1], "eliminacode")
	if err := ask(chip.Fd(), getLine, unsafe.Pointer(&request)); err != nil {
		return nil, err
	}
	fd := int(request.fd)
	unix.CloseOnExec(fd)
	// Non-blocking, or a wait would hold a thread and know no deadline.
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return nil, err
	}
	file := os.NewFile(uintptr(fd), name)
	raw, err := file.SyscallConn()
	if err != nil {
		file.Close()
		return nil, err
	}
	return &lateLine{name: name, file: file, raw: raw}, nil
}

// ask is one request about the line, which may be closed meanwhile.
func (l *lateLine) ask(request uintptr, values *lineValues) error {
	var err error
	if e := l.raw.Control(func(fd uintptr) { err = ask(fd, request, unsafe.Pointer(values)) }); e != nil {
		return e
	}
	return err
}

// Closed reads the level; the line was asked for as active when low.
func (l *lateLine) Closed() (bool, error) {
	values := lineValues{mask: 1}
	if err := l.ask(getValues, &values); err != nil {
		return false, fmt.Errorf("reading GPIO line %s: %w: %w", l.name, device.ErrLost, err)
	}
	return values.bits&1 != 0, nil
}

// WaitForEdge takes one edge, so that each is a hint of its own.
func (l *lateLine) WaitForEdge(timeout time.Duration) bool {
	if err := l.file.SetReadDeadline(time.Now().Add(timeout)); err != nil {
		return false
	}
	var edge [edgeBytes]byte
	n, err := l.file.Read(edge[:])
	return err == nil && n == edgeBytes
}

// Wake ends a wait; one that begins later sets its own deadline.
func (l *lateLine) Wake() {
	// It fails only on a file that is closed, where nobody waits.
	_ = l.file.SetReadDeadline(time.Unix(1, 0))
}

// Set switches what hangs on the line on or off.
func (l *lateLine) Set(on bool) error {
	values := lineValues{mask: 1}
	if on {
		values.bits = 1
	}
	if err := l.ask(setValues, &values); err != nil {
		return fmt.Errorf("setting GPIO line %s: %w: %w", l.name, device.ErrLost, err)
	}
	return nil
}

// Close gives the line back.
func (l *lateLine) Close() error { return l.file.Close() }
