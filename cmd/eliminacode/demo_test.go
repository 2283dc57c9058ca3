package main

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// TestDemoOnAMachineThatStandsStill stops the whole program again and again, as
// a machine does that has too much else to do. The simulated office does the
// same as on an idle machine: every slip is printed, nothing is late, and as
// many come and are called. A call of the last moment may still be under way when
// the minute ends.
func TestDemoOnAMachineThatStandsStill(t *testing.T) {
	t.Parallel() // it waits more than it works
	idle, hindered := runDemo(t, nil), runDemo(t, func(pid int, ended <-chan struct{}) {
		for {
			_ = syscall.Kill(pid, syscall.SIGSTOP)
			time.Sleep(1200 * time.Millisecond)
			_ = syscall.Kill(pid, syscall.SIGCONT)
			select {
			case <-ended:
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	})
	if idle.Issued == 0 || idle.Calls == 0 || idle.Unprinted != 0 {
		t.Errorf("on an idle machine: %+v", idle)
	}
	if hindered.Issued != idle.Issued || max(hindered.Calls, idle.Calls)-min(hindered.Calls, idle.Calls) > 1 || hindered.Unprinted != 0 || hindered.Violations != 0 {
		t.Errorf("on a machine that stands still:\n%+v\nelse\n%+v", hindered, idle)
	}
}

// slowDisk are the lines of the log about a disk that lets the office wait.
var slowDisk = regexp.MustCompile(`(?m)^.*msg="the disk (does not answer|answers again)\b.*\n`)

// runDemo runs a demonstration of a minute, hindered by somebody who is
// told when it has ended. It has nothing to complain of but its disk, which may
// really be slow where others write, and seems so to a program that is stopped.
func runDemo(t *testing.T, hinder func(pid int, ended <-chan struct{})) (s demoSummary) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	c := programCommand(ctx, "demo", "--office-time", "1m", "--speed", "60", "--seed", "7", "--json", "--listen", "127.0.0.1:0")
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended, freed := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(freed)
		if hinder != nil {
			hinder(c.Process.Pid, ended)
		}
	}()
	err := c.Wait()
	close(ended)
	<-freed
	if said := slowDisk.ReplaceAllString(errs.String(), ""); err != nil || said != "" {
		t.Fatalf("the demonstration ended with %v and said:\n%s", err, said)
	}
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	return s
}
