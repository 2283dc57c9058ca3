package serial_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
	"testing"
	"time"

	"eliminacode/device/serial"
	"eliminacode/device/setting"
)

// A busyLine is the DSR of a device that is busy when a test says so, by how
// often it was looked at.
type busyLine struct {
	mu    sync.Mutex
	looks int
	busy  func(look int) bool
}

func (b *busyLine) ModemLines() (serial.ModemLines, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.looks++
	return serial.ModemLines{DSR: !b.busy(b.looks)}, nil
}

func (b *busyLine) looked() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.looks
}

func openDSR(t *testing.T, w wire, baud int, busy func(look int) bool) (*serial.Port, *busyLine) {
	t.Helper()
	line := &busyLine{busy: busy}
	p, err := serial.Open(serial.Settings{Path: w.Path(), Baud: baud, Flow: setting.FlowDTRDSR, Modem: line})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p, line
}

// arrived reads what came to the device, which the test knows to be n bytes.
func arrived(t *testing.T, w wire, n int) []byte {
	t.Helper()
	got := make([]byte, n)
	within(t, "reading what arrived", func() {
		if _, err := io.ReadFull(w.far, got); err != nil {
			t.Error(err)
		}
	})
	return got
}

func count(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

// Busy in the middle: not a byte goes out until the device is ready again, and
// none is lost or sent twice. The first look is that of Open.
func TestDSRBusyInTheMiddle(t *testing.T) {
	w := newWire(t)
	const before, looksBusy = 3, 8
	var handed []int // bytes that had arrived at each look of the busy time
	out := 0
	p, line := openDSR(t, w, 115200, func(look int) bool {
		busy := look > 1+before && look <= 1+before+looksBusy
		if busy {
			if look == 2+before { // What was let through before is all there is.
				n, _ := io.ReadFull(w.far, make([]byte, 8*before))
				out += n
			}
			handed = append(handed, out)
		}
		return busy
	})
	p.SetWriteDeadline(time.Now().Add(10 * time.Second))
	sent := count(100)
	var n int
	var err error
	within(t, "a write to a device that is busy for a while", func() { n, err = p.Write(sent) })
	if n != len(sent) || err != nil {
		t.Fatalf("wrote %d, %v", n, err)
	}
	if len(handed) != looksBusy || handed[0] != 24 || handed[looksBusy-1] != 24 {
		t.Errorf("while the device was busy it had %v bytes; at first 3 chunks of 8 went out", handed)
	}
	if got := arrived(t, w, len(sent)-out); !bytes.Equal(got, sent[out:]) {
		t.Errorf("arrived % X", got)
	}
	if line.looked() < 1+13+looksBusy {
		t.Errorf("%d looks for 13 chunks", line.looked())
	}
}

// Busy for ever: the write ends at its deadline and says exactly how much left;
// it does not spin meanwhile.
func TestDSRBusyForEver(t *testing.T) {
	w := newWire(t)
	p, line := openDSR(t, w, 115200, func(look int) bool { return look > 3 })
	p.SetWriteDeadline(time.Now().Add(300 * time.Millisecond))
	var n int
	var err error
	within(t, "a write to a busy device", func() { n, err = p.Write(count(64)) })
	if n != 16 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("wrote %d, %v", n, err)
	}
	if got := arrived(t, w, n); !bytes.Equal(got, count(16)) {
		t.Errorf("arrived % X", got)
	}
	if looks := line.looked(); looks > 40 {
		t.Errorf("%d looks in 300 ms", looks)
	}
	line.mu.Lock()
	line.busy = func(int) bool { return false }
	line.mu.Unlock()
	p.SetWriteDeadline(time.Now().Add(5 * time.Second))
	if n, err := p.Write([]byte("x")); n != 1 || err != nil {
		t.Errorf("after the device is ready again: wrote %d, %v", n, err)
	}
}

// The wire's own time passes between two chunks, so that neither the UART's
// FIFO nor an adapter's fills up behind our back.
func TestDSRKeepsTheWiresPace(t *testing.T) {
	w := newWire(t)
	p, _ := openDSR(t, w, 1200, func(int) bool { return false })
	began := time.Now()
	p.SetWriteDeadline(began.Add(10 * time.Second))
	if n, err := p.Write(count(32)); n != 32 || err != nil {
		t.Fatalf("wrote %d, %v", n, err)
	}
	// The last chunk is handed over when the wire has carried the others.
	if took, least := time.Since(began), 24*10*time.Second/1200; took < least {
		t.Errorf("32 bytes at 1200 bit/s were handed over in %v, want at least %v", took, least)
	}
}

func TestDSRUnpluggedWhileBusy(t *testing.T) {
	w := newWire(t)
	p, line := openDSR(t, w, 115200, func(look int) bool { return look > 2 })
	p.SetWriteDeadline(time.Now().Add(20 * time.Second))
	ended := make(chan error, 1)
	go func() {
		_, err := p.Write(count(64))
		ended <- err
	}()
	for line.looked() < 5 {
		time.Sleep(time.Millisecond)
	}
	w.Unplug()
	select {
	case err := <-ended:
		if !errors.Is(err, serial.ErrGone) {
			t.Errorf("write: %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("a write outlives the device")
	}
}

// Close frees a write that waits for the device, even one without a deadline.
func TestDSRCloseWhileBusy(t *testing.T) {
	p, line := openDSR(t, newWire(t), 115200, func(look int) bool { return look > 1 })
	ended := make(chan error, 1)
	go func() {
		_, err := p.Write(count(64))
		ended <- err
	}()
	for line.looked() < 3 {
		time.Sleep(time.Millisecond)
	}
	p.Close()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("a write that was cut off has no error")
		}
	case <-time.After(time.Minute):
		t.Fatal("a write outlives Close")
	}
}
