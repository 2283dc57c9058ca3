package main

import (
	"bytes"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// TestAGripBeginsDamagedAccountsAnew: the accounts are damaged, the pages say so after
// every start, and buttons go on giving tickets. Two buttons held down have the file set
// aside as it is, and the code of a new administrator comes out of the printer.
func TestAGripBeginsDamagedAccountsAnew(t *testing.T) {
	t.Parallel() // it waits more than it works
	board := newSimulated(t)
	const port = "/dev/serial/by-path/usb-0:1.2-port0"
	paper := startPrinter(filepath.Join(board.dir, port), func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}, t.Cleanup)
	dir := t.TempDir()
	data, settings := filepath.Join(dir, "data"), filepath.Join(dir, "box.toml")
	writeFile(t, settings, "schema = 1\n[data]\ndir = \""+data+"\"\n[web]\nlisten = \""+freeAddress(t)+"\"\n[office]\nfile = \""+alwaysOpen(t, dir)+"\"\n"+
		"[board]\nmodel = \"pi4\"\n[[printer]]\nname = \"atrio\"\nport = \""+port+"\"\nbaud = 115200\noutlet = \"sala\"\nprofile = \"generic-80-process-id\"\n"+
		"[[button]]\nname = \"anagrafe\"\nline = \"GPIO17\"\nservice = \"anagrafe\"\noutlet = \"sala\"\n[[button]]\nname = \"cie\"\nline = \"GPIO27\"\nservice = \"cie\"\noutlet = \"sala\"\n")
	initBox(t, "--config", settings)
	administered(t, data)
	accounts := filepath.Join(data, privateName, accountsName)
	spoilt := readFile(t, accounts)
	copy(spoilt[:8192], bytes.Repeat([]byte("spoilt "), 1200))
	writeFile(t, accounts, string(spoilt))
	serve := func() *served {
		c := programCommand(t.Context(), "serve", "--config", settings)
		c.Env = append(c.Env, simulatedBoard+"="+board.dir)
		return startProgram(t, c)
	}
	d := serve()
	refused := func() {
		t.Helper()
		resp, err := http.Get(d.address + "/accesso")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var page bytes.Buffer
		if _, err := page.ReadFrom(resp.Body); err != nil || resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("the sign-in answers %s, %v", resp.Status, err)
		}
		says(t, "the sign-in", page.String(), "tenga premuti insieme due pulsanti")
	}
	refused()
	d.stop(t)
	d = serve()
	defer func() { d.stop(t) }()
	refused()
	board.pressFor("GPIO17", "A001", lastTicket(paper), d.log)

	one, two := board.press("GPIO17"), board.press("GPIO27")
	code := eventually(t, "the paper", lastTicket(paper), codeOnPaper)[1]
	one()
	two()
	says(t, "the console", d.said.String(), "The damaged accounts are kept in "+accounts+".damaged-")
	aside, err := filepath.Glob(accounts + ".damaged-*")
	if err != nil || len(aside) != 1 || !bytes.Equal(readFile(t, aside[0]), spoilt) {
		t.Fatalf("set aside are %v, %v", aside, err)
	}
	client := newVisitor(t)
	page := becomeFirst(t, client, d.address, code, "Bruna Verdi", "b.verdi")
	says(t, "the first page", page, "Bruna Verdi")
	says(t, "the acts", browse(t, client, http.MethodGet, d.address+"/atti", nil), "Accessi guasti messi da parte", filepath.Base(aside[0]))
	if state := browse(t, client, http.MethodGet, d.address+"/responsabile", nil); strings.Contains(state, "Gli accessi non si possono leggere") {
		t.Errorf("the alarm stays: %s", state)
	}
}
