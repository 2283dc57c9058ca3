package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"eliminacode/deploy/virtual-board/wire"
)

// Daemon is the product under test, as a child process. What it says goes to
// the console, which the host keeps.
type Daemon struct {
	mu    sync.Mutex
	child *exec.Cmd
	given [3]string // what descriptors 0 to 2 were at its start
	ended chan struct{}
	said  strings.Builder
}

// stopMost is how long the daemon may take to stop.
const stopMost = time.Minute

var errNotRunning = errors.New("the daemon does not run")

// Start starts the daemon.
func (d *Daemon) Start(argv []string, _ *wire.None) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.child != nil {
		return errors.New("the daemon runs already")
	}
	in, err := os.Create("/run/stdin")
	if err != nil {
		return err
	}
	defer in.Close()
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer write.Close()
	c := exec.Command(argv[0], argv[1:]...)
	c.Stdin, c.Stdout, c.Stderr = in, write, write
	for i, f := range []*os.File{in, write, write} {
		if d.given[i], err = os.Readlink(fmt.Sprintf("/proc/self/fd/%d", f.Fd())); err != nil {
			return err
		}
	}
	if err := c.Start(); err != nil {
		read.Close()
		return err
	}
	d.child, d.ended = c, make(chan struct{})
	d.said.Reset()
	go d.follow(c, read, d.ended)
	return nil
}

// follow hands on what the daemon says, until it ends.
func (d *Daemon) follow(c *exec.Cmd, said io.ReadCloser, ended chan<- struct{}) {
	defer close(ended)
	defer said.Close()
	lines := bufio.NewScanner(said)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fmt.Println("eliminacode:", lines.Text())
		d.mu.Lock()
		d.said.WriteString(lines.Text() + "\n")
		d.mu.Unlock()
	}
	err := c.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	fmt.Println("eliminacode ended:", err)
	if d.child == c {
		d.child = nil
	}
}

// Stop asks the daemon to stop, and waits until it has.
func (d *Daemon) Stop(_ wire.None, _ *wire.None) error {
	d.mu.Lock()
	c, ended := d.child, d.ended
	d.mu.Unlock()
	if c == nil {
		return errNotRunning
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-ended:
		return nil
	case <-time.After(stopMost):
		return fmt.Errorf("the daemon has not stopped after %v", stopMost)
	}
}

// Said is what the daemon has said since it started.
func (d *Daemon) Said(_ wire.None, text *string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	*text = d.said.String()
	return nil
}

func (d *Daemon) pid() (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.child == nil {
		return 0, errNotRunning
	}
	return d.child.Process.Pid, nil
}

// Descriptors compares the daemon's descriptors 0 to 2 with what it was given,
// and names those that differ.
func (d *Daemon) Descriptors(_ wire.None, wrong *[]string) error {
	pid, err := d.pid()
	if err != nil {
		return err
	}
	for i, given := range d.given {
		is, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", pid, i))
		if err != nil || is != given {
			*wrong = append(*wrong, fmt.Sprintf("descriptor %d is %q (%v), it was given %q", i, is, err, given))
		}
	}
	return nil
}

// Freeze stops the daemon where it is, and Thaw lets it go on.
func (d *Daemon) Freeze(_ wire.None, _ *wire.None) error {
	pid, err := d.pid()
	if err != nil {
		return err
	}
	if err := unix.Kill(pid, unix.SIGSTOP); err != nil {
		return err
	}
	for range 500 {
		if allStopped(pid) {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.New("the daemon does not freeze")
}

// Thaw ends what Freeze began.
func (d *Daemon) Thaw(_ wire.None, _ *wire.None) error {
	pid, err := d.pid()
	if err != nil {
		return err
	}
	return unix.Kill(pid, unix.SIGCONT)
}

// allStopped says whether every thread of a process is stopped.
func allStopped(pid int) bool {
	stats, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil || len(stats) == 0 {
		return false
	}
	for _, path := range stats {
		b, err := os.ReadFile(path)
		// The state follows the name, which is in brackets.
		_, state, found := strings.Cut(string(b), ") ")
		if err != nil || !found || state[0] != 'T' {
			return false
		}
	}
	return true
}

// StealEdges reads away, on the daemon's own descriptors, every edge that the
// kernel keeps for it, and says how many there were. The daemon is frozen.
func (d *Daemon) StealEdges(_ wire.None, n *int) error {
	pid, err := d.pid()
	if err != nil {
		return err
	}
	process, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return fmt.Errorf("reaching into the daemon: %w", err)
	}
	defer unix.Close(process)
	open, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil {
		return err
	}
	for _, path := range open {
		if what, err := os.Readlink(path); err != nil || !strings.Contains(what, "gpio-line") {
			continue
		}
		fd, err := strconv.Atoi(filepath.Base(path))
		if err != nil {
			return err
		}
		line, err := unix.PidfdGetfd(process, fd, 0)
		if err != nil {
			return fmt.Errorf("borrowing the daemon's line: %w", err)
		}
		stolen, err := drainEdges(line)
		*n += stolen
		if err := errors.Join(err, unix.Close(line)); err != nil {
			return err
		}
	}
	return nil
}

// edgeBytes is the size of struct gpio_v2_line_event.
const edgeBytes = 48

func drainEdges(line int) (n int, err error) {
	buf := make([]byte, 64*edgeBytes)
	for {
		ready := []unix.PollFd{{Fd: int32(line), Events: unix.POLLIN}}
		if k, err := unix.Poll(ready, 0); err != nil || k == 0 {
			return n, err
		}
		k, err := unix.Read(line, buf)
		if err != nil {
			return n, fmt.Errorf("reading edges away: %w", err)
		}
		n += k / edgeBytes
	}
}
