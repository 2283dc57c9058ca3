package gpio

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"
	"periph.io/x/conn/v3/driver/driverreg"
	"periph.io/x/host/v3/gpioioctl"
)

// initialised is what Init found; the driver can look for chips only once in
// the life of a program.
var initialised struct {
	sync.Mutex
	done  bool
	err   error
	chips []knownChip
}

// A knownChip is a chip of the driver's, and the file that it was then.
type knownChip struct {
	*gpioioctl.GPIOChip
	on node
}

// Init looks for the board's GPIO chips. It must be called once, before
// anything else is opened and before other goroutines run: the driver closes
// descriptors that it does not own. Whatever it does to standard input, output
// and error is undone; those that are closed to begin with are opened on
// /dev/null, so that no later file becomes one of them by accident.
//
// No GPIO at all is normal and gives no error; a later call does nothing. An
// error means that descriptors 0 to 2 could not be guarded, and that the
// program should not go on.
func Init() error {
	initialised.Lock()
	defer initialised.Unlock()
	if initialised.done {
		return initialised.err
	}
	initialised.done = true
	initialised.err = guarded(func() error {
		// A board without chips is reported as a skipped driver, not here.
		if _, err := driverreg.Init(); err != nil {
			return fmt.Errorf("looking for GPIO chips: %w", err)
		}
		return nil
	})
	for _, chip := range gpioioctl.Chips {
		if on, err := nodeAt(chip.Path()); err == nil {
			initialised.chips = append(initialised.chips, knownChip{chip, on})
		}
	}
	return initialised.err
}

// found are the chips that Init found; none before it is called. Some may have
// gone away since.
func found() []knownChip {
	initialised.Lock()
	defer initialised.Unlock()
	return initialised.chips
}

// A ChipInfo is a GPIO chip as Init found it.
type ChipInfo struct {
	Label string // such as pinctrl-bcm2711
	Path  string // such as /dev/gpiochip0
	Lines []LineInfo
}

// A LineInfo is a line of a chip as Init found it.
type LineInfo struct {
	Name     string // such as GPIO17; empty for a line without one
	Consumer string // who has it, as the kernel says; empty when nobody has
}

// Survey is every chip that Init found, with its lines. It opens nothing.
func Survey() []ChipInfo {
	var chips []ChipInfo
	for _, chip := range found() {
		info := ChipInfo{Label: chip.Label(), Path: chip.Path()}
		for _, l := range chip.Lines() {
			info.Lines = append(info.Lines, LineInfo{Name: ownName(chip.Name(), l.Name()), Consumer: l.Consumer()})
		}
		chips = append(chips, info)
	}
	return chips
}

// guarded runs f and gives descriptors 0 to 2 back what they were before.
func guarded(f func() error) (err error) {
	for fd := range 3 {
		if err := holdOpen(fd); err != nil {
			return err
		}
	}
	var saved [3]int
	for fd := range saved {
		saved[fd], err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
		if err != nil {
			return fmt.Errorf("guarding descriptor %d: %w", fd, err)
		}
	}
	err = f()
	for fd, copied := range saved {
		if !same(fd, copied) {
			if e := unix.Dup3(copied, fd, 0); e != nil {
				err = errors.Join(err, fmt.Errorf("restoring descriptor %d: %w", fd, e))
			}
		}
		if e := unix.Close(copied); e != nil {
			err = errors.Join(err, fmt.Errorf("closing the guard of descriptor %d: %w", fd, e))
		}
	}
	return err
}

// holdOpen opens /dev/null as descriptor fd if nothing is open there.
func holdOpen(fd int) error {
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
		return nil
	}
	null, err := unix.Open(os.DevNull, unix.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("holding descriptor %d: %w", fd, err)
	}
	if null == fd {
		return nil
	}
	if err := unix.Dup3(null, fd, 0); err != nil {
		return fmt.Errorf("holding descriptor %d: %w", fd, err)
	}
	return unix.Close(null)
}

// same says whether two descriptors are open on the same file.
func same(a, b int) bool {
	var sa, sb unix.Stat_t
	if unix.Fstat(a, &sa) != nil || unix.Fstat(b, &sb) != nil {
		return false
	}
	return sa.Dev == sb.Dev && sa.Ino == sb.Ino && sa.Rdev == sb.Rdev
}
