package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"eliminacode/deploy/virtual-board/wire"
)

// System is the board's kernel and files.
type System struct{}

// Uptime is the time since the kernel started.
func (*System) Uptime(_ wire.None, up *time.Duration) error {
	*up = time.Duration(now())
	return nil
}

// now reads the board's monotonic clock.
func now() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		return 0
	}
	return t.Nano()
}

// Mount mounts a file system on a folder.
func (*System) Mount(m wire.Mount, _ *wire.None) error {
	if err := os.MkdirAll(m.Target, 0o755); err != nil {
		return err
	}
	return unix.Mount(m.Source, m.Target, m.Type, 0, "")
}

// Write makes a file and the folders above it.
func (*System) Write(f wire.File, _ *wire.None) error {
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(f.Path, f.Data, 0o644)
}

// Glob finds files by a pattern.
func (*System) Glob(pattern string, found *[]string) (err error) {
	*found, err = filepath.Glob(pattern)
	return err
}

// Twin makes another node of the same device, as some boards' systems do.
func (*System) Twin(nodes [2]string, _ *wire.None) error {
	var st unix.Stat_t
	if err := unix.Stat(nodes[0], &st); err != nil {
		return err
	}
	return unix.Mknod(nodes[1], st.Mode, int(st.Rdev))
}

// Run runs a program to its end.
func (*System) Run(c wire.Command, r *wire.Result) error {
	ctx, cancel := context.WithTimeout(context.Background(), c.Most)
	defer cancel()
	out, err := exec.CommandContext(ctx, c.Argv[0], c.Argv[1:]...).CombinedOutput()
	r.Output = string(out)
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		r.Code = exit.ExitCode()
		return nil
	}
	return err
}

// Ask asks the daemon's pages.
func (*System) Ask(q wire.Request, a *wire.Response) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, q.Method, q.URL, strings.NewReader(q.Body))
	if err != nil {
		return err
	}
	if q.Body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+q.Bearer)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var body bytes.Buffer
	_, err = io.Copy(&body, io.LimitReader(resp.Body, 8<<20))
	a.Status, a.Body = resp.StatusCode, body.String()
	return err
}

// KernelLog is all that the kernel has said and still remembers.
func (*System) KernelLog(_ wire.None, text *string) error {
	buf := make([]byte, 1<<20)
	n, err := unix.Klogctl(unix.SYSLOG_ACTION_READ_ALL, buf)
	*text = string(buf[:max(n, 0)])
	return err
}
