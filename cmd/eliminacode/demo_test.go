package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"syscall"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/display/view"
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

// TestADemonstrationHasATechnician: whoever is the technician of a demonstration sees
// its simulated devices as those of a box, what they wrote, and checks them.
func TestADemonstrationHasATechnician(t *testing.T) {
	d := startProgram(t, programCommand(t.Context(), "demo", "--people=false", "--speed", "1", "--listen", "127.0.0.1:0"))
	defer d.stop(t)
	says(t, "the first page", d.page(t, "/"), `href="/responsabile/tecnico"`)
	told := func(method, path string, into any) {
		t.Helper()
		status, body := d.asks(t, method, path)
		if err := json.Unmarshal(body, into); err != nil || status != http.StatusOK {
			t.Fatalf("%s %d %v %s", path, status, err, body)
		}
	}
	var b view.Box
	told(http.MethodGet, "/api/v1/technician", &b)
	kinds := map[string]int{}
	for _, w := range b.Wires {
		kinds[w.Type]++
		if w.Place == "" || w.There == "" || w.Words == "" {
			t.Errorf("%+v", w)
		}
	}
	if !b.Simulated || kinds["printer"] != 3 || kinds["button"] != 8 || kinds["keypad"] != demoKeypads || len(b.Spare) > 0 || b.Program != buildVersion() {
		t.Errorf("%v in %+v", kinds, b)
	}

	// A keypad is called as its desk is, in the reader's language.
	german, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.address+"/responsabile/apparecchi", nil)
	if err != nil {
		t.Fatal(err)
	}
	german.AddCookie(&http.Cookie{Name: "lingua", Value: "de"})
	resp, err := http.DefaultClient.Do(german)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || !bytes.Contains(body, []byte("Schalter 1")) || bytes.Contains(body, []byte("Sportello 1")) {
		t.Errorf("the German page of the devices has no Schalter 1: %v %.4000s", err, body)
	}

	// A printer that runs out of paper says so in its log, and the check finds it.
	if said, status, err := post(t.Context(), http.DefaultClient, d.address+"/api/v1/demo/fault", map[string]string{"fault": "totem." + string(device.FaultPaperOut), "on": "1"}); err != nil || status != http.StatusOK {
		t.Fatalf("%d %v %+v", status, err, said)
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		var found view.Checked
		told(http.MethodPost, "/api/v1/technician/check", &found)
		told(http.MethodGet, "/api/v1/technician", &b)
		if wrong := found.Wrong(); len(wrong) > 0 && wrong[0].Code == "printer" && wrong[0].Do != "" && len(b.Wires[0].Log) > 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the check finds %+v, the log is %q", found, b.Wires[0].Log)
		}
	}
	says(t, "the page", d.page(t, "/responsabile/tecnico"), "È una dimostrazione", "Totem all", `class="log"`, "/ports/totem")
}
