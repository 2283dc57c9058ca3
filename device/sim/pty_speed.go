package sim

import (
	"context"
	"io"

	"golang.org/x/sys/unix"
)

// AtBaud is a device that speaks at one speed. While the host has the port at another
// one, each of the two reads garbage: framing is lost, and with it every byte.
func (t *PTY) AtBaud(baud int, serve func(context.Context, io.ReadWriteCloser) error) func(context.Context, io.ReadWriteCloser) error {
	return func(ctx context.Context, l io.ReadWriteCloser) error {
		return serve(ctx, &speedLine{ReadWriteCloser: l, port: t, baud: baud})
	}
}

type speedLine struct {
	io.ReadWriteCloser
	port *PTY
	baud int
}

// Read implements io.Reader.
func (l *speedLine) Read(b []byte) (int, error) {
	n, err := l.ReadWriteCloser.Read(b)
	copy(b, l.port.heardAt(l.baud, b[:n]))
	return n, err
}

// Write implements io.Writer.
func (l *speedLine) Write(b []byte) (int, error) {
	return l.ReadWriteCloser.Write(l.port.heardAt(l.baud, b))
}

// heardAt is what a side with a speed of its own reads of bytes.
func (t *PTY) heardAt(baud int, sent []byte) []byte {
	if t.hostBaud() == baud {
		return sent
	}
	garbage := make([]byte, len(sent))
	for i, b := range sent {
		garbage[i] = ^b | 0x80
	}
	return garbage
}

// hostBaud is the speed that the host has set; 0 while unplugged.
func (t *PTY) hostBaud() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.slave == nil {
		return 0
	}
	raw, err := t.slave.SyscallConn()
	if err != nil {
		return 0
	}
	baud := 0
	_ = raw.Control(func(fd uintptr) {
		if set, err := unix.IoctlGetTermios(int(fd), unix.TCGETS2); err == nil {
			baud = int(set.Ospeed)
		}
	})
	return baud
}
