package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"eliminacode/display"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
	officefile "eliminacode/queue/office"
)

// The example settings name what the reference office has, each of its printing
// outlets has a printer, and a box starts with both.
func TestTheExampleFitsTheReferenceOffice(t *testing.T) {
	s, err := config.Parse("example.toml", config.ExampleTOML)
	if err != nil {
		t.Fatal(err)
	}
	if found := misfits(s, officefile.Reference()); len(found) > 0 {
		t.Error(lines(found))
	}
	dir := t.TempDir()
	box, office := filepath.Join(dir, "box.toml"), filepath.Join(dir, "office.toml")
	writeFile(t, box, string(config.ExampleTOML))
	writeFile(t, office, runProgram(t, "office", "example"))
	d := startBox(t, "--config", box, "--data", filepath.Join(dir, "data"), "--office", office)
	fetch(t, d.address+"/tabellone")
	d.stop(t)
	if text := d.log.String(); strings.Contains(text, "do not fit") {
		t.Errorf("the log says %s", text)
	}
	says(t, "config check", runProgram(t, "config", "check", box), "OK    "+box+": printers 3, buttons 2")
	if text := runProgram(t, "config", "example"); text != string(config.ExampleTOML) {
		t.Error("config example prints something else")
	}
}

// Where there is a journal, check judges the office that is in force, with the
// wiring, and a file that differs is a warning with the command to run.
func TestCheckJudgesTheOfficeInForce(t *testing.T) {
	dir := t.TempDir()
	data, box, file := filepath.Join(dir, "data"), filepath.Join(dir, "box.toml"), alwaysOpen(t, dir)
	settings := "schema = 1\n[data]\ndir = \"" + data + "\"\n[office]\nfile = \"office.toml\"\n[[printer]]\nname = \"atrio\"\nport = \"" + dir + "/none\"\noutlet = \"sala\"\n"
	writeFile(t, box, settings)
	look := func() string {
		s, err := boxFlags{config: box}.settings(machine{})
		if err != nil {
			t.Fatal(err)
		}
		return lines(officeParts(t.Context(), s, boxFlags{config: box}.command("office change")))
	}
	if got := look(); !strings.HasPrefix(got, "OK office: Comune di Prova: services 2") {
		t.Errorf("before the first start: %s", got)
	}
	d := startProgram(t, programCommand(t.Context(), "serve", "--config", box, "--listen", "127.0.0.1:0"))
	for _, running := range []bool{true, false} {
		if !running {
			d.stop(t)
		}
		writeFile(t, file, alwaysOpenOffice)
		if got := look(); !strings.HasPrefix(got, "OK office: in force: Comune di Prova") || strings.Contains(got, "differs") {
			t.Errorf("running %v, the same office: %s", running, got)
		}
		writeFile(t, file, strings.Replace(alwaysOpenOffice, "Comune di Prova", "Comune di Altrove", 1))
		says(t, "another office's file", look(), "OK office: in force: Comune di Prova",
			"WARN office: "+file+" differs from the office in force", "to put it in force: send it at /impostazioni, or run: eliminacode office change --config "+box+" "+file)
		writeFile(t, file, "colour = 1\n")
		if got := look(); !strings.Contains(got, "WARN office: the office's file is not in force, and cannot be: "+file+":1:1: colour") || strings.Contains(got, "FAIL") {
			t.Errorf("running %v, a file that is refused: %s", running, got)
		}
	}
	writeFile(t, file, strings.Replace(alwaysOpenOffice, "Comune di Prova", "Comune di Altrove", 1))
	writeFile(t, box, settings+"[[keypad]]\nname = \"k\"\npath = \"/dev/input/by-path/x\"\ndesk = \"s9\"\n")
	says(t, "a keypad of no desk", look(), `FAIL office: keypad "k": the desk "s9" is not among those of the office`)
	d = startProgram(t, programCommand(t.Context(), "serve", "--config", box, "--listen", "127.0.0.1:0"))
	d.stop(t)
	says(t, "the log", d.log.String(), "level=ERROR", `the desk \"s9\" is not among those`, "level=WARN", "differs from the office in force", "eliminacode office change --config "+box)
}

// Before the first office check says so, whether the daemon runs already or not.
func TestCheckSaysThatThereIsNoOfficeYet(t *testing.T) {
	dir := t.TempDir()
	data, box := filepath.Join(dir, "data"), filepath.Join(dir, "box.toml")
	writeFile(t, box, "schema = 1\n[data]\ndir = \""+data+"\"\n")
	if err := os.Mkdir(data, 0o750); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(data, newOfficeMark), "")
	look := func() string {
		s, err := boxFlags{config: box}.settings(machine{})
		if err != nil {
			t.Fatal(err)
		}
		return lines(officeParts(t.Context(), s, ""))
	}
	none := look()
	says(t, "before the first start", none, "WARN office: there is no office yet")
	d := startProgram(t, programCommand(t.Context(), "serve", "--config", box, "--listen", "127.0.0.1:0"))
	if got := look(); got != none {
		t.Errorf("while the daemon runs: %s, want %s", got, none)
	}
	d.stop(t)
	if got := look(); got != none {
		t.Errorf("after it has run: %s, want %s", got, none)
	}
}

// A change of the office tells what it leaves behind, and so does the log.
func TestAChangeTellsWhatItBreaks(t *testing.T) {
	dir := t.TempDir()
	data, box, file := filepath.Join(dir, "data"), filepath.Join(dir, "box.toml"), alwaysOpen(t, dir)
	writeFile(t, box, "schema = 1\n[data]\ndir = \""+data+"\"\n[[printer]]\nname = \"atrio\"\nport = \""+dir+"/none\"\noutlet = \"sala\"\n"+
		"[[keypad]]\nname = \"k\"\npath = \"/dev/input/by-path/x\"\ndesk = \"s2\"\n")
	d := startProgram(t, programCommand(t.Context(), "serve", "--config", box, "--office", file, "--listen", "127.0.0.1:0"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, status, err := post(ctx, http.DefaultClient, d.address+"/api/v1/reception/issue", map[string]string{"service": "cie", "outlet": "accoglienza"}); err != nil || status/100 != 2 {
		t.Fatalf("issuing: %d, %v", status, err)
	}
	if _, status, err := post(ctx, http.DefaultClient, d.address+"/api/v1/desks/s2/open", map[string]string{}); err != nil || status/100 != 2 {
		t.Fatalf("opening: %d, %v", status, err)
	}
	setup, err := officefile.Parse(file, []byte(alwaysOpenOffice))
	if err != nil {
		t.Fatal(err)
	}
	cards := setup.Desks[1].Profile
	setup.Desks[1].Profile = queue.Profile{First: []queue.ServiceID{"anagrafe"}}
	setup.Desks[0].Profile.First = []queue.ServiceID{"anagrafe", "cie"}
	writeFile(t, file, string(officefile.Format(setup)))
	says(t, "who waits would be left", failing(t, 30*time.Second, "office", "change", file, "--config", box), `service "cie", for which 1 wait, would be served by no open desk`, "repeat with --sure")
	setup.Desks[1].Profile = cards
	setup.Services = setup.Services[:1]
	setup.Desks = setup.Desks[:1]
	setup.Desks[0].Profile.First = []queue.ServiceID{"anagrafe"}
	writeFile(t, file, string(officefile.Format(setup)))
	says(t, "a dry run", runProgram(t, "office", "change", "--dry-run", file, "--config", box),
		"WOULD service[cie] is gone", `WOULD 1 person waits for "cie": 0 open desks serve it instead of 1`, `WARN  service "cie" is gone, and 1 person waits for it`, "Nothing is changed yet")
	if text := runProgram(t, "office", "show", "--config", box); !strings.Contains(text, `id = "cie"`) {
		t.Errorf("the dry run changed the office: %s", text)
	}
	says(t, "the change", runProgram(t, "office", "change", file, "--config", box),
		`WARN  service "cie" is gone, and 1 person waits for it`, `WARN  desk "s2" is gone while it is open`, `WARN  keypad "k": the desk "s2" is not among those of the office`, "The office is changed")
	says(t, "the same again", runProgram(t, "office", "change", file, "--config", box), "The office is changed")
	if text := runProgram(t, "office", "change", file, "--config", box); strings.Contains(text, "WARN") {
		t.Errorf("a change that changes nothing breaks %s", text)
	}
	says(t, "a dry run of the same", runProgram(t, "office", "change", "--dry-run", file, "--config", box), "Nothing would change")
	d.stop(t)
	says(t, "the log", d.log.String(), "the change of the office breaks something", `service \"cie\" is gone`, `keypad \"k\": the desk \"s2\" is not among`)
}

// A printer that is tried without the daemon prints the words of the office in
// force, though its file has gone since.
func TestATrialHasTheWordsOfTheOfficeInForce(t *testing.T) {
	dir := t.TempDir()
	port, box, file := filepath.Join(dir, "atrio"), filepath.Join(dir, "box.toml"), alwaysOpen(t, dir)
	p := startPrinter(port, func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}, t.Cleanup)
	writeFile(t, box, "schema = 1\n[data]\ndir = \""+dir+"/data\"\n[office]\nfile = \"office.toml\"\n"+
		"[[printer]]\nname = \"atrio\"\nport = \""+port+"\"\noutlet = \"sala\"\nprofile = \"generic-80-process-id\"\n")
	startProgram(t, programCommand(t.Context(), "serve", "--config", box, "--listen", "127.0.0.1:0")).stop(t)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	says(t, "the trial", runProgram(t, "device", "test", "printer", "--config", box), "OK    printer atrio: PROVA printed")
	if tickets := p.Tickets(); len(tickets) != 1 || !strings.Contains(tickets[0].Text, "Comune di Prova") {
		t.Errorf("the paper is %+v", tickets)
	}
}

// TestLinesOfTheWalkAreSettings: what the page of the trials says to put into the
// settings file is taken there.
func TestLinesOfTheWalkAreSettings(t *testing.T) {
	for step, lines := range display.FileLines {
		if _, err := config.Parse("box.toml", []byte("schema = 1\n"+lines)); err != nil {
			t.Errorf("%s: %v", step, err)
		}
	}
}
