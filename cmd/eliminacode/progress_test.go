package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"eliminacode/device/sim"
)

// TestLongWorkTellsATerminalHowFarItIs: simulate and journal verify write how
// much is done on a terminal, take it away at the end, and write nothing in a
// pipe.
func TestLongWorkTellsATerminalHowFarItIs(t *testing.T) {
	t.Parallel() // it waits more than it works
	data := filepath.Join(t.TempDir(), "data")
	for _, c := range []struct {
		command []string
		tells   string
	}{
		{[]string{"simulate", "--days", "40", "--out", data, "--json"}, `living the days: \d+s, \d+ of 40 \(\d+ %\)`},
		{[]string{"journal", "verify", "--data", data, "--json"}, `checking the journal: \d+s, \d+ of \d+ \(\d+ %\)`},
	} {
		said := onTerminal(t, c.command...)
		if !regexp.MustCompile(c.tells).MatchString(said) {
			t.Errorf("%v tells a terminal %q", c.command, said)
		}
		if !strings.HasSuffix(said, "\r\x1b[K") {
			t.Errorf("%v leaves %q on the terminal", c.command, said)
		}
	}
	var out, errs bytes.Buffer
	quiet := programCommand(t.Context(), "journal", "verify", "--data", data)
	quiet.Stdout, quiet.Stderr = &out, &errs
	if err := quiet.Run(); err != nil || errs.Len() > 0 || strings.Contains(out.String(), "\r") {
		t.Errorf("in a pipe: %v, %q, %q", err, out.String(), errs.String())
	}
}

// onTerminal is what the program writes to standard error where that is a
// terminal.
func onTerminal(t *testing.T, args ...string) string {
	t.Helper()
	port, err := sim.OpenPTY("")
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	terminal, err := os.OpenFile(port.Path(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := programCommand(ctx, args...)
	c.Stderr = terminal
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	heard, ended := &lockedBuffer{}, make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(heard, port.Line())
	}()
	if err := c.Wait(); err != nil {
		t.Errorf("%v: %v", args, err)
	}
	// The last bytes cross the port a little later.
	for began := time.Now(); !strings.HasSuffix(heard.String(), "\x1b[K") && time.Since(began) < time.Minute; {
		time.Sleep(10 * time.Millisecond)
	}
	terminal.Close()
	port.Unplug()
	<-ended
	return heard.String()
}
