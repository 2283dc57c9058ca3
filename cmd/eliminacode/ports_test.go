package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// taken is a port that this test has.
func taken(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// byThisTest is this test's program as the box names who has a port.
func byThisTest() string { return fmt.Sprintf(`is taken by \S+ \(%d\)`, os.Getpid()) }

// TestATakenPortIsToldAndWaitedFor starts a box whose port this test has: the console
// and check say who has it and what to do, and it comes up once the port is free.
func TestATakenPortIsToldAndWaitedFor(t *testing.T) {
	t.Parallel() // it waits more than it works
	data, held := filepath.Join(t.TempDir(), "data"), taken(t)
	initBox(t, "--data", data)
	at := []string{"--data", data, "--listen", held.Addr().String()}
	said, _ := programCommand(t.Context(), append([]string{"check"}, at...)...).CombinedOutput()
	says(t, "check", string(said), regexp.MustCompile(byThisTest()).FindString(string(said)), "-> stop")

	d, answers := beginProgram(t, programCommand(t.Context(), append([]string{"serve"}, at...)...))
	eventually(t, "the console", d.log.String, regexp.MustCompile(`(?s)the pages cannot be reached yet: .*`+byThisTest()+`.*\nstop .*come by themselves`))
	held.Close()
	answers()
	if d.address != "http://"+held.Addr().String() {
		t.Errorf("it answers on %s", d.address)
	}
	d.stop(t)
}

// TestABoxOutOfServiceIsMendedWhateverItsPortDoes starts a box whose settings are wrong
// and whose port this test has: the console says both at once, the box sees that its
// settings are mended while it still waits for the port, and the office comes up once
// the port is free.
func TestABoxOutOfServiceIsMendedWhateverItsPortDoes(t *testing.T) {
	t.Parallel() // it waits more than it works
	dir, held := t.TempDir(), taken(t)
	data, box := filepath.Join(dir, "data"), filepath.Join(dir, "box.toml")
	good := "schema = 1\n[data]\ndir = \"" + data + "\"\n[web]\nlisten = \"" + held.Addr().String() + "\"\n"
	writeFile(t, box, good)
	initBox(t, "--config", box)
	wrong := good + "[[printer]]\nname = \"atrio\"\nport = \"/dev/ttyUSB0\"\nspeed = 9600\n"
	writeFile(t, box, wrong)
	d, _ := beginProgram(t, programCommand(t.Context(), "serve", "--config", box))
	eventually(t, "the console", d.log.String, regexp.MustCompile(`(?s)the office cannot start.*the pages cannot say why the office does not start: .*`+byThisTest()))
	writeFile(t, box, good)
	eventually(t, "the console of a box that was mended", d.log.String, regexp.MustCompile(`the pages cannot be reached yet: .*`+byThisTest()))
	held.Close()
	eventually(t, "the console once the port is free", d.said.String, regexp.MustCompile(`(?m)^eliminacode \S+ answers on http://`+regexp.QuoteMeta(held.Addr().String())+`$`))
	d.stop(t)
}

// TestTheStaffsPortMayComeLater starts a box whose port for the staff this test has:
// all else works, check and the pages say so, and the staff gets in once it is free.
func TestTheStaffsPortMayComeLater(t *testing.T) {
	t.Parallel() // it waits more than it works
	dir, held := t.TempDir(), taken(t)
	data, box := filepath.Join(dir, "data"), filepath.Join(dir, "box.toml")
	writeFile(t, box, "schema = 1\n[data]\ndir = \""+data+"\"\n[web]\nlisten = \""+freeAddress(t)+"\"\nstaff = \""+held.Addr().String()+"\"\n")
	if out, err := programCommand(t.Context(), "init", "--config", box).CombinedOutput(); err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	administered(t, data)
	d := startProgram(t, programCommand(t.Context(), "serve", "--config", box))
	check := func() string {
		out, _ := programCommand(t.Context(), "check", "--config", box).CombinedOutput()
		return string(out)
	}
	said := check()
	if !regexp.MustCompile(`FAIL  .*staff's pages.*` + byThisTest()).MatchString(said) {
		t.Errorf("check says %s", said)
	}
	client := signedIn(t, d.address)
	alarmed := func() bool {
		page := browse(t, client, http.MethodGet, d.address+"/responsabile/tecnico", nil)
		return strings.Contains(page, "La porta delle pagine del personale è occupata")
	}
	if !alarmed() {
		t.Error("the technician's page does not say that the staff's port is taken")
	}
	held.Close()
	for begun := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		conn, err := tls.Dial("tcp", held.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		if err == nil {
			conn.Close()
			break
		}
		if time.Since(begun) > time.Minute {
			t.Fatalf("the staff's port never opens: %v", err)
		}
	}
	if said := check(); alarmed() || strings.Contains(said, "is taken by") {
		t.Errorf("with the port open it is still said to be taken: %s", said)
	}
	d.stop(t)
}

// TestATicketComesOutWhateverThePagesDo starts a box whose port this test has: a button
// gives a ticket on paper, check says who has the port, and the pages come once it is
// free, with the same numbers.
func TestATicketComesOutWhateverThePagesDo(t *testing.T) {
	t.Parallel() // it waits more than it works
	board, held, dir := newSimulated(t), taken(t), t.TempDir()
	const port = "/dev/serial/by-path/usb-0:1.2-port0"
	paper := startPrinter(filepath.Join(board.dir, port), func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}, t.Cleanup)
	data, settings := filepath.Join(dir, "data"), filepath.Join(dir, "box.toml")
	writeFile(t, settings, "schema = 1\n[data]\ndir = \""+data+"\"\n[web]\nlisten = \""+held.Addr().String()+"\"\n[office]\nfile = \""+alwaysOpen(t, dir)+"\"\n"+
		"[board]\nmodel = \"pi4\"\n[[printer]]\nname = \"atrio\"\nport = \""+port+"\"\nbaud = 115200\noutlet = \"sala\"\n"+
		"[[button]]\nname = \"anagrafe\"\nline = \"GPIO17\"\nservice = \"anagrafe\"\noutlet = \"sala\"\n")
	initBox(t, "--config", settings)
	administered(t, data)
	c := programCommand(t.Context(), "serve", "--config", settings)
	c.Env = append(c.Env, simulatedBoard+"="+board.dir)
	d, answers := beginProgram(t, c)
	board.pressFor("GPIO17", "A001", lastTicket(paper), d.log)
	if strings.Contains(d.said.String(), "answers on") {
		t.Errorf("it says that it answers: %s", d.said)
	}
	check := func() string {
		out, _ := programCommand(t.Context(), "check", "--config", settings).CombinedOutput()
		return string(out)
	}
	if said := check(); !regexp.MustCompile(`FAIL  .*pages.*` + byThisTest()).MatchString(said) {
		t.Errorf("check says %s", said)
	}
	held.Close()
	answers()
	if d.address != "http://"+held.Addr().String() {
		t.Errorf("it answers on %s", d.address)
	}
	says(t, "the manager's page", browse(t, signedIn(t, d.address), http.MethodGet, d.address+"/responsabile", nil), "Comune di Prova")
	says(t, "the journal", runProgram(t, "journal", "dump", "--data", data), `"kind":"TicketIssued"`)
	if said := check(); strings.Contains(said, "is taken by") {
		t.Errorf("with the port open it is still said to be taken: %s", said)
	}
	d.stop(t)
}
