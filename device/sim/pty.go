package sim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

// A PTY is a serial port without a wire. The program under test opens Path as
// it would open a real port; the simulated device holds the other end. Unplug
// looks to that program like pulling a USB adapter: its reads end, its writes
// fail, and the path is gone.
type PTY struct {
	link string

	mu      sync.Mutex
	master  *os.File
	slave   *os.File // held open, so that the master lives while no host is there
	path    string
	plugged chan struct{} // closed while plugged
	closed  bool
}

// OpenPTY makes a plugged port. With link not empty, Path is that symbolic link,
// which keeps its name over Replug as /dev/serial/by-id does; an older link of
// that name is replaced, a file is not.
func OpenPTY(link string) (*PTY, error) {
	t := &PTY{link: link, plugged: make(chan struct{})}
	if err := t.Replug(); err != nil {
		return nil, err
	}
	return t, nil
}

// Path is what the host opens.
func (t *PTY) Path() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.link != "" {
		return t.link
	}
	return t.path
}

// Line is the device's end as it is plugged now, for a device that needs no
// Serve; nil while unplugged. It belongs to whoever reads it.
func (t *PTY) Line() io.ReadWriteCloser {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.master == nil {
		return nil
	}
	return line{t, t.master}
}

// Unplug breaks the line. It does nothing when unplugged already.
func (t *PTY) Unplug() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unplug()
}

func (t *PTY) unplug() {
	if t.master == nil {
		return
	}
	if t.link != "" {
		os.Remove(t.link)
	}
	t.master.Close()
	t.slave.Close()
	t.master, t.slave = nil, nil
	t.plugged = make(chan struct{})
}

// Replug makes a new line under the same Path, if that is a link. It does
// nothing when plugged already.
func (t *PTY) Replug() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return fmt.Errorf("plugging simulated port in: %w", os.ErrClosed)
	}
	if t.master != nil {
		return nil
	}
	master, slave, path, err := openPair()
	if err != nil {
		return fmt.Errorf("plugging simulated port in: %w", err)
	}
	if t.link != "" {
		if err := relink(path, t.link); err != nil {
			master.Close()
			slave.Close()
			return fmt.Errorf("plugging simulated port in: %w", err)
		}
	}
	t.master, t.slave, t.path = master, slave, path
	close(t.plugged)
	return nil
}

func relink(path, link string) error {
	if info, err := os.Lstat(link); err == nil {
		if info.Mode()&os.ModeSymlink == 0 {
			return fmt.Errorf("%s is there and is no symbolic link; choose another name", link)
		}
		if err := os.Remove(link); err != nil {
			return err
		}
	}
	return os.Symlink(path, link)
}

// Close unplugs for good.
func (t *PTY) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	t.unplug()
	return nil
}

// Serve lets a device live behind the port until ctx ends, through every Unplug
// and Replug. serve is called for each line and returns when it breaks, such as
// Printer.Serve.
func (t *PTY) Serve(ctx context.Context, serve func(context.Context, io.ReadWriteCloser) error) error {
	for {
		t.mu.Lock()
		plugged, master := t.plugged, t.master
		t.mu.Unlock()
		if master == nil {
			select {
			case <-plugged:
				continue
			case <-ctx.Done():
				return nil
			}
		}
		if err := serve(ctx, line{t, master}); err != nil && ctx.Err() == nil {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
	}
}

// A line is one life of a PTY. Closing it unplugs, unless a newer one is there.
type line struct {
	t *PTY
	*os.File
}

func (l line) Close() error {
	l.t.mu.Lock()
	defer l.t.mu.Unlock()
	if l.t.master == l.File {
		l.t.unplug()
	}
	return nil
}

// openPair makes a pseudo-terminal in raw mode, both ends non-blocking so that
// closing one frees whoever reads it.
func openPair() (master, slave *os.File, path string, err error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, "", fmt.Errorf("opening /dev/ptmx: %w; is devpts mounted?", err)
	}
	master = os.NewFile(uintptr(fd), "/dev/ptmx")
	defer func() {
		if err != nil {
			master.Close()
		}
	}()
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		return nil, nil, "", fmt.Errorf("asking for the pty's number: %w", err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, "", fmt.Errorf("unlocking the pty: %w", err)
	}
	path = "/dev/pts/" + strconv.Itoa(n)
	slaveFD, err := unix.Open(path, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, "", fmt.Errorf("opening %s: %w", path, err)
	}
	slave = os.NewFile(uintptr(slaveFD), path)
	if err := makeRaw(slaveFD); err != nil {
		slave.Close()
		return nil, nil, "", errors.Join(fmt.Errorf("making %s raw: %w", path, err))
	}
	return master, slave, path, nil
}

// makeRaw is cfmakeraw: without it the kernel would echo the device's answers
// back to it and swallow control bytes.
func makeRaw(fd int) error {
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	t.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	t.Oflag &^= unix.OPOST
	t.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	t.Cflag = t.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	return unix.IoctlSetTermios(fd, unix.TCSETS, t)
}
