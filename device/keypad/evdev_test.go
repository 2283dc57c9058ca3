package keypad

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"eliminacode/device"
)

// A fifo is a Source on a real pipe, which has the kernel's deadlines and
// wake-ups but no keyboard's ioctls.
type fifo struct{ *evdev }

func (fifo) KeysDown() (bool, error) { return false, nil }
func (fifo) Grab(bool) error         { return nil }

// TestRealFile reads events through the kernel, in pieces, stops within the
// deadline, and takes the end of the file for an unplugged keypad.
func TestRealFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "event0")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := New(Config{
		Keypads: []Keypad{{Name: "sportello-1", Path: path, Keys: Numeric()}},
		Open: func(path string) (Source, error) {
			f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
			return fifo{&evdev{file: f}}, err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	hand, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	keys := make(chan device.Key, 16)
	ended := make(chan error, 1)
	go func() { ended <- k.Run(ctx, func(key device.Key) { keys <- key }) }()

	data := events(EventBytes, [3]int{1, 96, 1}, [3]int{0, 0, 0}, [3]int{1, 96, 0}, [3]int{0, 0, 0}, [3]int{1, 76, 1}, [3]int{0, 0, 0})
	for part := range slices.Chunk(data, 13) {
		if _, err := hand.Write(part); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Millisecond)
	}
	for _, want := range []device.KeyCode{device.KeyNext, "5"} {
		select {
		case got := <-keys:
			if got.Code != want || got.Keypad != "sportello-1" {
				t.Errorf("key %+v, want %s", got, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("no key %s", want)
		}
	}
	if err := hand.Close(); err != nil {
		t.Fatal(err)
	}
	await(t, "the end of the file to count as unplugged", func() bool { return k.Status()[0].State == device.StateLost })
	began := time.Now()
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("Run did not end")
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("Run ended %v after ctx", took)
	}
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited ten seconds for %s", what)
		}
	}
}

// From linux/uinput.h.
const (
	uiSetEventBit = 0x40045564
	uiSetKeyBit   = 0x40045565
	uiSetLightBit = 0x40045569
	uiDevSetup    = 0x405c5503
	uiDevCreate   = 0x5501
	uiDevDestroy  = 0x5502
	uiGetSysname  = 2<<30 | 64<<16 | 'U'<<8 | 44
)

// uinput makes a real keyboard of the kernel and gives its path; unplug takes
// it away.
func uinput(t *testing.T) (hand *os.File, path string, unplug func()) {
	t.Helper()
	fd, err := unix.Open("/dev/uinput", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skipf("NOT TESTED on a real kernel keyboard: /dev/uinput cannot be opened (%v); "+
			"run as root with the uinput module, as the virtual board does", err)
	}
	hand = os.NewFile(uintptr(fd), "/dev/uinput")
	t.Cleanup(func() { _ = hand.Close() })
	ioctl := func(request, argument uintptr) {
		t.Helper()
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, argument); errno != 0 {
			t.Fatalf("uinput ioctl %#x: %v", request, errno)
		}
	}
	ioctl(uiSetEventBit, typeKey)
	for code := range Numeric() {
		ioctl(uiSetKeyBit, uintptr(code))
	}
	var setup [92]byte // struct uinput_setup: id, name, ff_effects_max
	copy(setup[8:], "eliminacode test keypad")
	ioctl(uiSetEventBit, typeLight)
	ioctl(uiSetLightBit, 0) // LED_NUML
	ioctl(uiDevSetup, uintptr(unsafe.Pointer(&setup)))
	ioctl(uiDevCreate, 0)
	var name [64]byte
	ioctl(uiGetSysname, uintptr(unsafe.Pointer(&name)))
	sys := filepath.Join("/sys/devices/virtual/input", string(bytes.TrimRight(name[:], "\x00")), "event*")
	nodes, err := filepath.Glob(sys)
	if err != nil || len(nodes) == 0 {
		t.Fatalf("no event node below %s (%v)", sys, err)
	}
	path = filepath.Join("/dev/input", filepath.Base(nodes[0]))
	await(t, path, func() bool { _, err := os.Stat(path); return err == nil })
	return hand, path, func() { ioctl(uiDevDestroy, 0) }
}

// TestRealKeyboard does everything on a keyboard of the kernel: grab, keys,
// autorepeat, lights, unplug.
func TestRealKeyboard(t *testing.T) {
	hand, path, unplug := uinput(t)
	k, err := New(Config{Keypads: []Keypad{{Name: "sportello-1", Path: path, Keys: Numeric()}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	keys := make(chan device.Key, 16)
	ended := make(chan error, 1)
	go func() { ended <- k.Run(ctx, func(key device.Key) { keys <- key }) }()
	await(t, "the keypad", func() bool { return k.Status()[0].State == device.StateReady })

	other, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	await(t, "the grab", func() bool { return errors.Is(other.Grab(true), device.ErrInUse) })

	for _, e := range [][3]int{{1, 96, 1}, {0, 0, 0}, {1, 96, 2}, {0, 0, 0}, {1, 96, 0}, {0, 0, 0}, {1, 82, 1}, {0, 0, 0}, {1, 82, 0}, {0, 0, 0}} {
		if _, err := hand.Write(event(EventBytes, uint16(e[0]), uint16(e[1]), int32(e[2]))); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []device.KeyCode{device.KeyNext, "0"} {
		select {
		case got := <-keys:
			if got.Code != want {
				t.Errorf("key %s, want %s", got.Code, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("no key %s", want)
		}
	}
	// The keyboard's hand reads what its lights are told.
	if err := k.Lamps().Show("sportello-1", device.LightReady); err != nil {
		t.Error(err)
	}
	lit := make(chan []byte, 1)
	go func() {
		told := make([]byte, EventBytes)
		if _, err := io.ReadFull(hand, told); err != nil {
			told = nil
		}
		lit <- told
	}()
	select {
	case told := <-lit:
		if want := event(EventBytes, typeLight, 0, 1); told == nil || !bytes.Equal(told[EventBytes-payloadBytes:], want[EventBytes-payloadBytes:]) {
			t.Errorf("its lights were told % X", told)
		}
	case <-time.After(time.Minute):
		t.Error("its lights were told nothing")
	}
	unplug()
	await(t, "the loss", func() bool { return k.Status()[0].State == device.StateLost })
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
