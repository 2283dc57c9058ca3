// Package serial opens a serial port so that nothing can block for ever: writes
// obey a deadline, reads end at Close, and flow control can be chosen: by CTS and
// by XON/XOFF, which the kernel does, by DSR, which it does not, and RS-485's
// change of direction.
//
// It owns two descriptors on the same tty. One is opened non-blocking before
// the other and carries every byte both ways, through the runtime's poller: so
// a write that flow control holds back ends at its deadline with the exact
// number of bytes handed over, and Close frees a pending read without a thread
// stuck in the kernel. The other is go.bug.st/serial's, which sets speed and
// framing, takes exclusive access and reads the modem lines; its own Write has
// no deadline, its Open clears all flow control, and its Close races with its
// Read for the descriptor's number, so it never carries data here.
//
// A port is named by a path that survives replugging, such as one below
// /dev/serial/by-path. When the device goes away, Read and Write fail with
// ErrGone: close the port and open it again, since a port that is still open
// makes the kernel give the device another name when it comes back.
//
// A Port may be used by one reader and one writer at a time; Close may be called
// from anywhere, more than once.
//
// For drivers that talk in small frames it keeps a line in use: Keep opens it,
// reads it, and opens it again when it was lost. Nothing of that waits for ever
// either: a read ends when the line is closed, a write at its deadline, and what
// nobody takes off Received waits in the kernel.
package serial

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	bugst "go.bug.st/serial"
	"golang.org/x/sys/unix"

	"eliminacode/device/setting"
)

// Settings say which port to open and how. Framing is 8N1, which every ticket
// printer and keypad speaks.
type Settings struct {
	Path string       // best one below /dev/serial/by-path
	Baud int          // such as 9600
	Flow setting.Flow // setting.FlowNone when empty
	// RS485 lets the driver switch the direction of a half-duplex line by RTS.
	RS485 bool
	// Modem reads the modem lines; nil is the port itself. A simulated device
	// behind a pseudo-terminal, which has none, brings its own.
	Modem ModemReader
}

// A ModemReader reads modem lines; an open Port is one.
type ModemReader interface {
	// ModemLines fails with ErrNoModemLines where there are none.
	ModemLines() (ModemLines, error)
}

// A Port is an open serial port.
type Port struct {
	path string
	data *os.File   // non-blocking: every byte
	mode bugst.Port // mode, exclusive access, modem lines
	gate *gate      // nil unless the flow control is ours to do

	// The poller hears of the deadline only while a write waits: each that it
	// has heard of wakes the processor when it comes, though the write ended
	// long before.
	mu       sync.Mutex
	deadline time.Time // of writes; zero: none
	waits    bool      // a write that the kernel did not take at once

	once sync.Once
	err  error
}

// ModemLines are the inputs that a device drives.
type ModemLines struct {
	CTS, DSR, DCD, RI bool
}

// Open opens the port and sets it up. What an earlier program left in the
// receive buffer is thrown away.
func Open(s Settings) (*Port, error) {
	if err := s.validate(); err != nil {
		return nil, fmt.Errorf("opening %s: %w", s.Path, err)
	}
	// Non-blocking also means that no carrier is waited for.
	data, err := os.OpenFile(s.Path, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", s.Path, explain(err))
	}
	mode, err := openMode(data, s)
	if err != nil {
		data.Close()
		return nil, fmt.Errorf("opening %s: %w", s.Path, explain(err))
	}
	p := &Port{path: s.Path, data: data, mode: mode}
	if s.Flow == setting.FlowDTRDSR {
		if err := p.watchDSR(s); err != nil {
			p.Close()
			return nil, fmt.Errorf("opening %s: %w", s.Path, err)
		}
	}
	return p, nil
}

func (s Settings) validate() error {
	if s.Path == "" {
		return fmt.Errorf("%w: no path", ErrSettings)
	}
	if s.Baud < 50 || s.Baud > 4_000_000 {
		return fmt.Errorf("%w: speed %d", ErrSettings, s.Baud)
	}
	switch s.Flow {
	case "", setting.FlowNone, setting.FlowRTSCTS, setting.FlowXonXoff, setting.FlowDTRDSR:
	default:
		return fmt.Errorf("%w: flow control %q is not none, xonxoff, rtscts or dtrdsr", ErrSettings, s.Flow)
	}
	if s.RS485 && s.Flow == setting.FlowRTSCTS {
		return fmt.Errorf("%w: RS-485 needs RTS for the direction, so that flow control cannot have it", ErrSettings)
	}
	return nil
}

// SetBaud changes the speed of an open port. What came before and was not read is
// thrown away: it came at another speed. The error Is ErrSettings for a speed that no
// port has.
func (p *Port) SetBaud(baud int) error {
	if err := (Settings{Path: p.path, Baud: baud}).validate(); err != nil {
		return fmt.Errorf("setting the speed of %s: %w", p.path, err)
	}
	if err := p.mode.SetMode(&bugst.Mode{BaudRate: baud, DataBits: 8}); err != nil {
		return p.wrap("setting the speed", err)
	}
	return control(p.data, func(fd int) error { return unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH) })
}

// openMode opens the library's descriptor and sets flow control, which the
// library clears, through ours.
func openMode(data *os.File, s Settings) (bugst.Port, error) {
	if err := control(data, func(fd int) error {
		if _, err := unix.IoctlGetTermios(fd, unix.TCGETS); err != nil {
			return fmt.Errorf("%w: %w", ErrNotSerial, err)
		}
		// Exclusive access does not stop root: the lock does, among programs
		// that know it, such as a second copy of this one.
		if err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); err != nil {
			return fmt.Errorf("%w: %w", ErrInUse, err)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	mode, err := bugst.Open(s.Path, &bugst.Mode{BaudRate: s.Baud, DataBits: 8})
	if err != nil {
		return nil, err
	}
	if err := control(data, func(fd int) error {
		if s.RS485 {
			if err := setRS485(fd); err != nil {
				return err
			}
		}
		return setFlow(fd, s.Flow)
	}); err != nil {
		mode.Close()
		return nil, err
	}
	return mode, nil
}

func setFlow(fd int, flow setting.Flow) error {
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return fmt.Errorf("reading port settings: %w", err)
	}
	t.Cflag &^= unix.CRTSCTS
	t.Iflag &^= unix.IXON | unix.IXOFF | unix.IXANY
	switch flow {
	case setting.FlowRTSCTS:
		t.Cflag |= unix.CRTSCTS
	case setting.FlowXonXoff:
		// Only the device holds us back: sending XOFF to it would put 13 and
		// 11 among its commands.
		t.Iflag |= unix.IXON
		t.Cc[unix.VSTART], t.Cc[unix.VSTOP] = 0x11, 0x13
	}
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, t); err != nil {
		return fmt.Errorf("%w: %w", ErrSettings, err)
	}
	now, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return fmt.Errorf("reading port settings: %w", err)
	}
	// The kernel takes what a driver can and says nothing about the rest.
	if now.Cflag&unix.CRTSCTS != t.Cflag&unix.CRTSCTS || now.Iflag&unix.IXON != t.Iflag&unix.IXON {
		return fmt.Errorf("%w: the driver refused flow control %q", ErrSettings, flow)
	}
	return unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH)
}

// control runs f on the descriptor without making it blocking, as Fd would.
func control(file *os.File, f func(fd int) error) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}

// Read waits for at least one byte, the end of the device, or Close.
func (p *Port) Read(b []byte) (int, error) {
	n, err := p.data.Read(b)
	if n > 0 {
		return n, nil
	}
	if len(b) == 0 && err == nil {
		return 0, nil
	}
	return 0, p.wrap("reading", err)
}

// SetReadDeadline bounds Read; past it Read fails with os.ErrDeadlineExceeded.
// The zero time takes the bound away.
func (p *Port) SetReadDeadline(t time.Time) error {
	return p.wrap("setting read deadline of", p.data.SetReadDeadline(t))
}

// SetWriteDeadline bounds Write; past it Write fails with
// os.ErrDeadlineExceeded. The zero time takes the bound away.
func (p *Port) SetWriteDeadline(t time.Time) error {
	if p.gate != nil {
		p.gate.setDeadline(t)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deadline = t
	if !p.waits {
		return nil
	}
	return p.wrap("setting write deadline of", p.data.SetWriteDeadline(t))
}

// wait begins and ends a write that waits for the device.
func (p *Port) wait(on bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waits = on
	if !on {
		return p.data.SetWriteDeadline(time.Time{})
	}
	return p.data.SetWriteDeadline(p.deadline)
}

// late reports whether it is too late for any write.
func (p *Port) late() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.deadline.IsZero() && time.Until(p.deadline) <= 0
}

// Write hands b to the kernel and returns how many bytes it took; less than all
// of them is always an error. That they were taken does not mean that they are
// on the wire.
func (p *Port) Write(b []byte) (int, error) {
	if p.gate != nil {
		n, err := p.gate.send(b)
		return n, p.wrap("writing", err)
	}
	n, err := p.write(b)
	return n, p.wrap("writing", err)
}

func (p *Port) write(b []byte) (int, error) {
	if p.late() {
		return 0, os.ErrDeadlineExceeded
	}
	n, err := p.writeNow(b)
	if err != nil || n == len(b) {
		return n, err
	}
	if err := p.wait(true); err != nil {
		return n, err
	}
	m, err := p.data.Write(b[n:])
	n += m
	if err == nil && n < len(b) {
		// What an unplugged adapter answers to the write it interrupted.
		err = io.ErrShortWrite
	}
	return n, errors.Join(err, p.wait(false))
}

// writeNow writes what the kernel takes without waiting.
func (p *Port) writeNow(b []byte) (n int, err error) {
	raw, err := p.data.SyscallConn()
	if err != nil {
		return 0, err
	}
	var now error
	err = raw.Write(func(fd uintptr) bool {
		n, now = unix.Write(int(fd), b)
		return true
	})
	if err = errors.Join(err, now); errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) {
		err = nil
	}
	return max(n, 0), err
}

// ModemLines reads the inputs, or fails with ErrNoModemLines.
func (p *Port) ModemLines() (ModemLines, error) {
	bits, err := p.mode.GetModemStatusBits()
	if err != nil {
		if errors.Is(err, unix.ENOTTY) || errors.Is(err, unix.EINVAL) {
			return ModemLines{}, fmt.Errorf("reading modem lines of %s: %w", p.path, ErrNoModemLines)
		}
		return ModemLines{}, p.wrap("reading modem lines of", err)
	}
	return ModemLines{CTS: bits.CTS, DSR: bits.DSR, DCD: bits.DCD, RI: bits.RI}, nil
}

// Close gives the port back at once. Bytes that the wire has not taken are
// thrown away: waiting for them takes the kernel half a minute when the device
// holds us back. A pseudo-terminal holds none back, and what it still carries
// arrives.
func (p *Port) Close() error {
	p.once.Do(func() {
		if p.gate != nil {
			close(p.gate.closed)
		}
		// Best effort: a device that went away has nothing to flush.
		_ = control(p.data, func(fd int) error {
			flush := unix.TCIOFLUSH
			if held, err := unix.IoctlGetInt(fd, unix.TIOCOUTQ); err == nil && held == 0 {
				flush = unix.TCIFLUSH
			}
			return unix.IoctlSetInt(fd, unix.TCFLSH, flush)
		})
		if err := errors.Join(p.mode.Close(), p.data.Close()); err != nil {
			p.err = fmt.Errorf("closing %s: %w", p.path, err)
		}
	})
	return p.err
}

func (p *Port) wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", doing, p.path, explain(err))
}
