package gpio

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"eliminacode/device"
)

// TestGuard does to descriptor 0 what the driver does on a board where two
// names are one chip, and worse.
func TestGuard(t *testing.T) {
	for name, harm := range map[string]func() error{
		"closed": func() error { return unix.Close(0) },
		"closed and taken by another file": func() error {
			if err := unix.Close(0); err != nil {
				return err
			}
			fd, err := unix.Open("/proc/self/status", unix.O_RDONLY, 0)
			if err == nil && fd != 0 {
				return errors.New("the other file did not get descriptor 0")
			}
			return err
		},
		"untouched": func() error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			var before, after [3]unix.Stat_t
			for fd := range before {
				if err := unix.Fstat(fd, &before[fd]); err != nil {
					t.Skipf("descriptor %d is not open in this test run: %v", fd, err)
				}
			}
			if err := guarded(harm); err != nil {
				t.Fatal(err)
			}
			for fd := range after {
				if err := unix.Fstat(fd, &after[fd]); err != nil || before[fd].Ino != after[fd].Ino || before[fd].Dev != after[fd].Dev {
					t.Errorf("descriptor %d is another file than before (%v)", fd, err)
				}
			}
		})
	}
}

func TestHoldOpen(t *testing.T) {
	const spare = 200 // Far above what a test binary has open.
	if err := holdOpen(spare); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(spare)
	null, err := os.Stat(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	held, err := os.Stat("/proc/self/fd/200")
	if err != nil || !os.SameFile(null, held) {
		t.Errorf("the held descriptor is not /dev/null: %v", err)
	}
	if err := holdOpen(spare); err != nil {
		t.Errorf("holding an open descriptor: %v", err)
	}
}

// TestInit looks for real chips. A machine without any is the normal case.
func TestInit(t *testing.T) {
	for range 2 {
		if err := Init(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := OnChip("no such label").Input("GPIO17"); !errors.Is(err, device.ErrLost) || !errors.Is(err, ErrNoChip) && !errors.Is(err, device.ErrDenied) {
		t.Errorf("a chip that is not there gave %v", err)
	}
	if _, err := OnChip("no such label").Output("GPIO17", false); !errors.Is(err, device.ErrLost) {
		t.Errorf("a chip that is not there gave %v", err)
	}
	for _, chip := range found() {
		if _, err := OnChip(chip.Label()).Input("no such line"); !errors.Is(err, ErrNoLine) {
			t.Errorf("a line that is not there gave %v", err)
		}
	}
}
