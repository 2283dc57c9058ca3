package serial

import (
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"eliminacode/device/setting"
)

// A ticket printer with DTR/DSR flow control switches its DTR, which is our
// DSR, off when its buffer is nearly full, and drops what comes when it is
// quite full. The kernel's CRTSCTS looks at CTS alone, so the line is read here
// before each chunk; TIOCMIWAIT would tell of a change without asking, but has
// no end.
//
// How large a chunk may be follows from what still reaches the printer after it
// said "busy": what the kernel, the UART's FIFO (16 to 128 bytes) or the
// adapter's (32 to 256) hold goes out all the same, for neither knows of DSR. So
// they never hold more than one chunk: the next one waits until the wire has
// had the time to carry the one before. Then at most the chunk on the wire
// arrives, and those decided on readings that were already old: an adapter
// tells of DSR up to 16 ms late, most within 1 ms. The smallest reserve known
// is 16 bytes (printers set to a 45-byte buffer), otherwise 128. With chunks of
// 8, one on the wire and one more decided on a late reading are 16 bytes; and
// 16 ms late at 57,600 bit/s are 8 + 96 bytes, less than 128.
const chunkBytes = 8

// Bounds of the pause between two looks at a busy device. The first is about a
// byte's time; a device that has been busy for a while is out of paper, and
// need not be asked often.
const (
	pauseLeast = time.Millisecond
	pauseMost  = 20 * time.Millisecond
)

// bitsAByte is a start bit, eight bits and a stop bit, and one more: a wire that
// is slower than we think, by its clock or by an adapter's pauses, would let
// bytes pile up where we cannot see them.
const bitsAByte = 11

// A gate lets chunks through to a device that says when it is busy. It has one
// writer; setDeadline and close may come from anywhere.
type gate struct {
	modem  ModemReader
	baud   int
	write  func([]byte) (int, error)
	unsent func() (int, error) // bytes that the kernel holds
	free   time.Time           // when the wire has carried what was let through
	closed chan struct{}       // closed with the port

	mu       sync.Mutex
	deadline time.Time // zero: none
}

// watchDSR makes writes wait for DSR. The lines are read once, so that a port
// without them is told when it is opened and not at the first ticket.
func (p *Port) watchDSR(s Settings) error {
	p.gate = &gate{modem: s.Modem, baud: s.Baud, write: p.write, unsent: p.unsent, closed: make(chan struct{})}
	if p.gate.modem == nil {
		p.gate.modem = p
	}
	if _, err := p.gate.modem.ModemLines(); err != nil {
		return fmt.Errorf("flow control %q: %w", setting.FlowDTRDSR, err)
	}
	return nil
}

func (p *Port) unsent() (n int, err error) {
	err = control(p.data, func(fd int) (err error) {
		n, err = unix.IoctlGetInt(fd, unix.TIOCOUTQ)
		return err
	})
	return n, err
}

// send hands b over chunk by chunk, and returns how many bytes it handed over.
// One that waits for the device sees a changed deadline within pauseMost.
func (g *gate) send(b []byte) (sent int, err error) {
	for len(b) > 0 {
		if err := g.ready(); err != nil {
			return sent, err
		}
		n, err := g.write(b[:min(chunkBytes, len(b))])
		g.free = time.Now().Add(time.Duration(n) * bitsAByte * time.Second / time.Duration(g.baud))
		sent += n
		if err != nil {
			return sent, err
		}
		b = b[n:]
	}
	return sent, nil
}

// ready waits until the wire is free and the device takes bytes.
func (g *gate) ready() error {
	if err := g.pause(time.Until(g.free)); err != nil {
		return err
	}
	for wait := pauseLeast; ; wait = min(2*wait, pauseMost) {
		lines, err := g.modem.ModemLines()
		if err != nil {
			return err
		}
		unsent, err := g.unsent()
		if err != nil {
			return err
		}
		if lines.DSR && unsent == 0 {
			return g.pause(0)
		}
		if err := g.pause(wait); err != nil {
			return err
		}
	}
}

// pause waits, at most until the deadline or the end of the port.
func (g *gate) pause(d time.Duration) error {
	g.mu.Lock()
	deadline := g.deadline
	g.mu.Unlock()
	if !deadline.IsZero() {
		left := time.Until(deadline)
		if left <= 0 {
			return os.ErrDeadlineExceeded
		}
		d = min(d, left)
	}
	select {
	case <-g.closed:
		return os.ErrClosed
	case <-time.After(max(0, d)):
		return nil
	}
}

func (g *gate) setDeadline(t time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.deadline = t
}
