package serial_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"eliminacode/device/serial"
	"eliminacode/device/setting"
	"eliminacode/device/sim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A wire is a port and the hands of the device at its other end.
type wire struct {
	*sim.PTY
	far far
}

type far interface {
	Read([]byte) (int, error)
	Write([]byte) (int, error)
}

func newWire(t *testing.T) wire {
	t.Helper()
	pty, err := sim.OpenPTY(filepath.Join(t.TempDir(), "port"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pty.Close() })
	return wire{pty, pty.Line()}
}

func open(t *testing.T, w wire, flow setting.Flow) *serial.Port {
	t.Helper()
	p, err := serial.Open(serial.Settings{Path: w.Path(), Baud: 9600, Flow: flow})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// within fails when f does not end in time, instead of hanging for ever.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(time.Minute): // long on any machine
		t.Fatalf("%s does not end", what)
	}
}

func TestAllBytesBothWays(t *testing.T) {
	w := newWire(t)
	p := open(t, w, setting.FlowNone)
	var all []byte
	for i := range 256 {
		all = append(all, byte(i))
	}
	for name, dir := range map[string][2]far{"out": {p, w.far}, "in": {w.far, p}} {
		if _, err := dir[0].Write(all); err != nil {
			t.Fatal(err)
		}
		var got []byte
		buf := make([]byte, 300)
		within(t, "reading", func() {
			for len(got) < len(all) {
				n, err := dir[1].Read(buf)
				if err != nil {
					t.Error(err)
					return
				}
				got = append(got, buf[:n]...)
			}
		})
		if !bytes.Equal(got, all) {
			t.Errorf("%s: got % X", name, got)
		}
	}
}

// The far end does not read: the write ends at its deadline and says exactly
// how much left.
func TestWriteDeadline(t *testing.T) {
	w := newWire(t)
	p := open(t, w, setting.FlowNone)
	p.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
	var n int
	var err error
	within(t, "a write with a deadline", func() { n, err = p.Write(make([]byte, 256<<10)) })
	if !errors.Is(err, os.ErrDeadlineExceeded) || n == 0 || n == 256<<10 {
		t.Fatalf("wrote %d, %v", n, err)
	}
	got := 0
	buf := make([]byte, 4096)
	within(t, "reading what left", func() {
		for got < n {
			m, err := w.far.Read(buf)
			if err != nil {
				t.Error(err)
				return
			}
			got += m
		}
	})
	if got != n {
		t.Errorf("said %d, sent %d", n, got)
	}
	// And the port works again.
	p.SetWriteDeadline(time.Now().Add(time.Second))
	if _, err := p.Write([]byte("x")); err != nil {
		t.Error(err)
	}
}

// XOFF from the device holds the write back, XON releases it.
func TestXonXoff(t *testing.T) {
	w := newWire(t)
	p := open(t, w, setting.FlowXonXoff)
	w.far.Write([]byte{0x13})
	stopped := func() bool {
		p.SetWriteDeadline(time.Now().Add(50 * time.Millisecond))
		_, err := p.Write([]byte("x"))
		return errors.Is(err, os.ErrDeadlineExceeded)
	}
	for end := time.Now().Add(5 * time.Second); !stopped(); {
		if time.Now().After(end) {
			t.Fatal("XOFF does not hold back")
		}
	}
	w.far.Write([]byte{0x11})
	for end := time.Now().Add(5 * time.Second); stopped(); {
		if time.Now().After(end) {
			t.Fatal("XON does not release")
		}
	}
}

// Without flow control 11 and 13 are bytes like others.
func TestNoFlowControlPassesXoff(t *testing.T) {
	w := newWire(t)
	p := open(t, w, setting.FlowNone)
	w.far.Write([]byte{0x13, 0x11})
	buf := make([]byte, 2)
	got := 0
	within(t, "reading", func() {
		for got < 2 {
			n, err := p.Read(buf[got:])
			if err != nil {
				t.Error(err)
				return
			}
			got += n
		}
	})
	if !bytes.Equal(buf, []byte{0x13, 0x11}) {
		t.Errorf("got % X", buf)
	}
}

// Flow control survives the library, which clears it, and is what was asked.
func TestFlowControlIsSet(t *testing.T) {
	for flow, want := range map[setting.Flow][2]bool{
		"": {false, false}, setting.FlowNone: {false, false}, setting.FlowRTSCTS: {true, false}, setting.FlowXonXoff: {false, true},
	} {
		w := newWire(t)
		open(t, w, flow)
		fd, err := unix.Open(w.Path(), unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
		if errors.Is(err, unix.EBUSY) {
			t.Skip("exclusive access keeps this user out")
		}
		if err != nil {
			t.Fatal(err)
		}
		tio, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		unix.Close(fd)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]bool{tio.Cflag&unix.CRTSCTS != 0, tio.Iflag&unix.IXON != 0}; got != want {
			t.Errorf("%q: RTS/CTS and XON/XOFF are %v", flow, got)
		}
		if tio.Iflag&unix.IXOFF != 0 {
			t.Errorf("%q: we would send XOFF among commands", flow)
		}
	}
}

// Unplugging ends a pending read and fails writes; after closing, the same path
// opens again.
func TestUnplugAndReplug(t *testing.T) {
	w := newWire(t)
	p := open(t, w, setting.FlowNone)
	read := make(chan error, 1)
	go func() {
		_, err := p.Read(make([]byte, 10))
		read <- err
	}()
	time.Sleep(20 * time.Millisecond)
	w.Unplug()
	select {
	case err := <-read:
		if !errors.Is(err, serial.ErrGone) {
			t.Errorf("read: %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("a read outlives the device")
	}
	if _, err := p.Write([]byte("x")); !errors.Is(err, serial.ErrGone) {
		t.Errorf("write: %v", err)
	}
	if _, err := serial.Open(serial.Settings{Path: w.Path(), Baud: 9600}); !errors.Is(err, serial.ErrNotThere) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("open without a device: %v", err)
	}
	within(t, "closing", func() { p.Close() })
	if err := w.Replug(); err != nil {
		t.Fatal(err)
	}
	p = open(t, w, setting.FlowNone)
	if _, err := p.Write([]byte("x")); err != nil {
		t.Error(err)
	}
}

// Close frees a pending read, at once, even while flow control holds bytes back.
func TestCloseFreesReadAndDropsBytes(t *testing.T) {
	w := newWire(t)
	p := open(t, w, setting.FlowXonXoff)
	w.far.Write([]byte{0x13})
	time.Sleep(20 * time.Millisecond)
	p.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
	p.Write(make([]byte, 64<<10))
	read := make(chan error, 1)
	go func() {
		_, err := p.Read(make([]byte, 10))
		read <- err
	}()
	time.Sleep(20 * time.Millisecond)
	within(t, "closing", func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Error("closing twice:", err)
		}
	})
	within(t, "the read", func() {
		if err := <-read; err == nil {
			t.Error("read after close has no error")
		}
	})
	if _, err := p.Write([]byte("x")); err == nil {
		t.Error("write after close has no error")
	}
}

// What was written through a pseudo-terminal arrives, however late the machine is
// with carrying it: the port that is closed at once takes nothing back.
func TestCloseLeavesWhatIsOnItsWay(t *testing.T) {
	frame := []byte("0123456789")
	for range 200 {
		w := newWire(t)
		p := open(t, w, setting.FlowNone)
		if _, err := p.Write(frame); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(frame))
		within(t, "reading", func() {
			for n := 0; n < len(got); {
				m, err := w.far.Read(got[n:])
				if err != nil {
					t.Error(err)
					return
				}
				n += m
			}
		})
		if !bytes.Equal(got, frame) {
			t.Fatalf("got %q", got)
		}
		w.Close()
	}
}

func TestReadDeadline(t *testing.T) {
	p := open(t, newWire(t), setting.FlowNone)
	p.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	within(t, "reading", func() {
		if n, err := p.Read(make([]byte, 1)); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("read %d, %v", n, err)
		}
	})
}

func TestModemLinesOfPTY(t *testing.T) {
	p := open(t, newWire(t), setting.FlowNone)
	if _, err := p.ModemLines(); !errors.Is(err, serial.ErrNoModemLines) {
		t.Errorf("got %v", err)
	}
}

// Every refusal has a name and says what to do.
func TestOpenErrors(t *testing.T) {
	w := newWire(t)
	open(t, w, setting.FlowNone)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	closed := filepath.Join(t.TempDir(), "closed")
	if err := os.WriteFile(closed, nil, 0); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		s    serial.Settings
		want error
		hint string
	}{
		{serial.Settings{Path: "/dev/serial/by-path/none", Baud: 9600}, serial.ErrNotThere, "check the cable"},
		{serial.Settings{Path: file, Baud: 9600}, serial.ErrNotSerial, "name a tty"},
		{serial.Settings{Path: w.Path(), Baud: 9600}, serial.ErrInUse, "stop it"},
		{serial.Settings{Path: w.Path(), Baud: 0}, serial.ErrSettings, "check speed"},
		{serial.Settings{Path: w.Path(), Baud: 9600, Flow: "dtr"}, serial.ErrSettings, "rtscts"},
		{serial.Settings{Path: w.Path(), Baud: 9600, Flow: setting.FlowRTSCTS, RS485: true}, serial.ErrSettings, "needs RTS"},
		{serial.Settings{Path: newWire(t).Path(), Baud: 9600, Flow: setting.FlowDTRDSR}, serial.ErrNoModemLines, "XON/XOFF"},
		{serial.Settings{Path: newWire(t).Path(), Baud: 9600, RS485: true}, serial.ErrNoRS485, "leave rs485 away"},
		{serial.Settings{Baud: 9600}, serial.ErrSettings, "no path"},
	}
	if os.Getuid() != 0 {
		cases = append(cases, struct {
			s    serial.Settings
			want error
			hint string
		}{serial.Settings{Path: closed, Baud: 9600}, serial.ErrDenied, "dialout"})
	}
	for _, c := range cases {
		_, err := serial.Open(c.s)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.hint) {
			t.Errorf("%+v: %v", c.s, err)
		}
	}
	if _, err := serial.Open(cases[2].s); !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EBUSY) {
		t.Errorf("in use, without the system's word: %v", err)
	}
}

func TestOddSpeeds(t *testing.T) {
	for _, baud := range []int{1200, 9600, 115200, 123456, 250000} {
		p, err := serial.Open(serial.Settings{Path: newWire(t).Path(), Baud: baud})
		if err != nil {
			t.Errorf("%d: %v", baud, err)
			continue
		}
		p.Close()
	}
}

// A deadline that is set while a write waits counts for that write, and one that
// is over for the next.
func TestWriteDeadlineWhileWaiting(t *testing.T) {
	w := newWire(t)
	p := open(t, w, setting.FlowNone)
	if err := p.SetWriteDeadline(time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := p.Write(make([]byte, 1<<20)) // more than the kernel holds
		ended <- err
	}()
	for {
		// Again and again, as the write may not wait yet.
		if err := p.SetWriteDeadline(time.Now().Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-ended:
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("the write ended with %v", err)
			}
		case <-time.After(10 * time.Millisecond):
			continue
		}
		break
	}
	if n, err := p.Write([]byte("x")); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a write that is too late: %d, %v", n, err)
	}
}
