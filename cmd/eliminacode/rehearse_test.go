package main

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRehearsalBesideARealOffice: the office in force is rehearsed with virtual
// printers, its tickets come out on a page, and its own journal stays as it is.
func TestRehearsalBesideARealOffice(t *testing.T) {
	t.Parallel() // it waits more than it works
	dir := t.TempDir()
	real := filepath.Join(dir, "real")
	settings := filepath.Join(dir, "box.toml")
	writeFile(t, settings, "schema = 1\n[data]\ndir = \""+real+"\"\n[office]\nfile = \""+alwaysOpen(t, dir)+"\"\n"+
		"[[printer]]\nname = \"vera\"\nport = \"/dev/serial/by-path/none\"\noutlet = \"sala\"\n")
	office := startProgram(t, programCommand(t.Context(), "serve", "--config", settings, "--listen", "127.0.0.1:0"))
	defer office.stop(t)
	before := runProgram(t, "journal", "dump", "--data", real)
	// What counts is the office in force, not its file.
	if err := os.Remove(filepath.Join(dir, "office.toml")); err != nil {
		t.Fatal(err)
	}
	named := filepath.Join(dir, "rehearsal")
	d := startProgram(t, programCommand(t.Context(), "serve", "--config", settings, "--simulate", "printer", "--data", named, "--listen", "127.0.0.1:0"))
	// A slip is unknown when the machine had no time for its printer; the next is not.
	dump := ""
	for n := 1; !strings.Contains(dump, `"kind":"TicketPrinted"`) && n < 20; n++ {
		a, status, err := post(t.Context(), http.DefaultClient, d.address+"/api/v1/reception/issue", map[string]string{"service": "anagrafe", "outlet": "sala"})
		if err != nil || status != http.StatusCreated {
			t.Fatalf("a ticket of the rehearsal: %d, %v", status, err)
		}
		paper := ""
		for began := time.Now(); !strings.Contains(paper, a.Ticket.Number) && time.Since(began) < time.Minute; time.Sleep(50 * time.Millisecond) {
			paper = string(fetch(t, d.address+"/demo/carta"))
		}
		says(t, "the page of the paper", paper, a.Ticket.Number, "Comune di Prova")
		for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(100 * time.Millisecond) {
			dump = runProgram(t, "journal", "dump", "--data", named)
			if strings.Count(dump, `"kind":"TicketPrint`) >= n {
				break
			}
		}
	}
	// The settings are the real box's: they are looked at, and nothing changes them.
	given := readFile(t, settings)
	says(t, "the devices", string(fetch(t, d.address+"/responsabile/apparecchi")), "sala")
	if _, status, err := post(t.Context(), http.DefaultClient, d.address+"/api/v1/walk/name", map[string]string{"kind": "printer", "name": "sala", "outlet": "sala"}); err != nil || status != http.StatusNotFound {
		t.Errorf("the wiring in a rehearsal of an office: %d, %v", status, err)
	}
	browse(t, http.DefaultClient, http.MethodPost, d.address+"/responsabile/tecnico", url.Values{"action": {"check"}})
	page := string(fetch(t, d.address+"/responsabile/tecnico"))
	says(t, "the technician's page of a rehearsal", page, "È una prova", "Comune di Prova", "è una prova: servizio, utenti, dischi e orologio")
	if strings.Contains(page, "/impostazioni/prove") || !bytes.Equal(given, readFile(t, settings)) {
		t.Errorf("the rehearsal offers to change the settings of the real box, or has: %s", page)
	}
	says(t, "the start of a rehearsal", d.said.String(), d.address+"/demo/carta")
	if said := office.said.String(); strings.Contains(said, "/demo/carta") {
		t.Errorf("a real office tells of virtual printers: %s", said)
	}
	d.stop(t)
	dump = runProgram(t, "journal", "dump", "--data", named)
	says(t, "the rehearsal's journal", dump, `"kind":"TicketPrinted"`)
	rehearsed, err := boxFlags{data: named}.settings(machine{})
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(officeParts(t.Context(), rehearsed, "")); !strings.HasPrefix(got, "OK office: in force: Comune di Prova") || strings.Contains(got, "FAIL") {
		t.Errorf("the check of a rehearsal: %s", got)
	}
	if after := runProgram(t, "journal", "dump", "--data", real); strings.Contains(after, "TicketIssued") || !strings.HasPrefix(after, before) {
		t.Error("the rehearsal is in the journal of the real office")
	}
	says(t, "a real office on the rehearsal's data", failing(t, 30*time.Second, "serve", "--data", named, "--listen", "127.0.0.1:0"), "holds a demonstration")
	says(t, "a rehearsal on the real office's data", failing(t, 30*time.Second, "serve", "--simulate", "printer", "--data", real, "--listen", "127.0.0.1:0"), "holds no demonstration")
	says(t, "a part that cannot be simulated", failing(t, 30*time.Second, "serve", "--simulate", "tastiera"), "use printer")
}
