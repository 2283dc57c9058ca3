package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"eliminacode/queue/journal"
)

// TestAFirstStartIsAnActOfAPerson begins an office, takes its disk away, and
// starts it on the empty place that is left: a page says what is missing, and the
// office goes on by itself once it is there again.
func TestAFirstStartIsAnActOfAPerson(t *testing.T) {
	dir := t.TempDir()
	data, office := filepath.Join(dir, "data"), alwaysOpen(t, dir)
	flags := []string{"--data", data, "--office", office}
	d := startBox(t, flags...)
	if _, status, answer := d.issue(t, "first"); status != http.StatusCreated {
		t.Fatalf("issuing: %d %s", status, answer)
	}
	if _, err := os.Stat(filepath.Join(data, newOfficeMark)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the mark of a new office is still there: %v", err)
	}
	d.stop(t)
	says(t, "a second init", failing(t, 30*time.Second, append([]string{"init"}, flags...)...), "has an office already", "office change")

	away := filepath.Join(dir, "away")
	if err := errors.Join(os.Rename(data, away), os.Mkdir(data, 0o700)); err != nil {
		t.Fatal(err)
	}
	d = startProgram(t, programCommand(t.Context(), append([]string{"serve", "--listen", freeAddress(t)}, flags...)...))
	says(t, "a start without the disk", d.log.String(), "there is no office in "+data, "mount the disk", "eliminacode init")
	says(t, "its page", stoppedAnswer(t, d.address+"/"), "Fuori servizio", "non c&#39;è nessun ufficio", "lo colleghi e lo monti")
	says(t, "check", failing(t, 60*time.Second, "check", "--data", data, "--listen", "127.0.0.1:0"), "FAIL  journal: there is no office in "+data, "-> mount the disk")
	if left, err := os.ReadDir(data); err != nil || len(left) != 0 {
		t.Errorf("the start without the disk left %v, %v", left, err)
	}
	if err := errors.Join(os.Remove(data), os.Rename(away, data)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the console", d.said.String, regexp.MustCompile(`(?s)out of service\n.*answers on`))
	if a, _, answer := d.issue(t, "second"); a.Ticket == nil || a.Ticket.Number != "B002" {
		t.Errorf("with the disk again: %s", answer)
	}
	d.stop(t)
}

// TestInitKeepsTheOfficeThatItWasTold: the service starts by its settings, which do not
// name the office that a person gave to init.
func TestInitKeepsTheOfficeThatItWasTold(t *testing.T) {
	dir := t.TempDir()
	data, office := filepath.Join(dir, "data"), alwaysOpen(t, dir)
	prepareBox(t, "--data", data, "--office", office)
	if err := os.Remove(office); err != nil {
		t.Fatal(err)
	}
	d := startProgram(t, programCommand(t.Context(), "serve", "--data", data, "--listen", "127.0.0.1:0"))
	if a, status, answer := d.issue(t, "first"); status != http.StatusCreated || a.Ticket == nil || a.Ticket.Number != "B001" {
		t.Errorf("issuing: %d %s", status, answer)
	}
	d.stop(t)

	settings := filepath.Join(dir, "box.toml")
	writeFile(t, settings, fmt.Sprintf("schema = 1\n[office]\nfile = %q\n", office))
	says(t, "two offices", failing(t, 30*time.Second, "init", "--config", settings, "--data", filepath.Join(dir, "other"), "--office", alwaysOpen(t, dir)), "the settings name the office's file", "leave --office out")
}

// TestAStartThatFailsLeavesNothing: neither a socket nor a journal without an
// event, whatever it fails on.
func TestAStartThatFailsLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	data, office := filepath.Join(dir, "data"), alwaysOpen(t, dir)
	initBox(t, "--data", data, "--office", office)
	writeFile(t, office, "format = 1\ncolour = \"red\"\n")
	d := startProgram(t, programCommand(t.Context(), "serve", "--data", data, "--office", office, "--listen", "127.0.0.1:0"))
	d.stop(t)
	says(t, "a start with a bad office", d.log.String(), "colour")
	left, err := filepath.Glob(filepath.Join(data, "*"))
	if err != nil || len(left) != 2 || filepath.Base(left[0]) != newOfficeMark || filepath.Base(left[1]) != privateName {
		t.Errorf("it left %v, %v", left, err)
	}

	// A disk with no room for a first event.
	small, ballast := smallDisk(t)
	initBox(t, "--data", small)
	if err := os.WriteFile(ballast, make([]byte, 16<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	says(t, "a first start on a full disk", failing(t, 30*time.Second, "serve", "--data", small, "--listen", "127.0.0.1:0"), "disk is full")
	left, err = filepath.Glob(filepath.Join(small, "*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != newOfficeMark {
		t.Errorf("it left %v, %v", left, err)
	}
}

// TestAMountThatIsMissingIsTold: the machine's own table says that a disk
// belongs where the data is.
func TestAMountThatIsMissingIsTold(t *testing.T) {
	const fstab = "# <file system> <mount point> <type> <options>\nUUID=1 / ext4 defaults 0 1\n" +
		"UUID=2 /srv/office ext4 nofail 0 2\nUUID=3 /other ext4 defaults 0 2\n/x /srv/office/b none bind 0 0\n"
	for dir, want := range map[string]struct {
		mounted bool
		says    string
	}{
		"/srv/office":        {false, "UUID=2"},
		"/srv/office/data":   {false, "mount /srv/office"},
		"/srv/office/b/data": {true, ""},
		"/srv/officer":       {true, ""},
		"/var/lib/x":         {true, ""},
	} {
		m := tree(t, map[string]string{"/etc/fstab": fstab})
		m.volume = func(path string) (volume, error) {
			v := volume{free: 1 << 40, device: "8:1"}
			if want.mounted && m.named(path) == "/srv/office" {
				v.device = "8:2"
			}
			return v, nil
		}
		err := m.mounted(dir)
		if (err == nil) != want.mounted || err != nil && !strings.Contains(err.Error(), want.says) {
			t.Errorf("%s: %v", dir, err)
		}
		s := settings(t, "[data]\ndir = \""+dir+"\"\n")
		if text := lines(m.data(s)); want.says != "" && !strings.Contains(text, "FAIL data: the disk "+"UUID=2") {
			t.Errorf("check says %s", text)
		}
	}
}

// TestAMountThatIsMissingIsAPage starts a box whose table of disks has one that is not
// there: its page says so to anybody, and the office starts once it is mounted.
func TestAMountThatIsMissingIsAPage(t *testing.T) {
	t.Parallel() // it waits more than it works
	board, dir := newSimulated(t), t.TempDir()
	data := filepath.Join(dir, "disk", "data")
	command := func(args ...string) *exec.Cmd {
		c := programCommand(t.Context(), append(args, "--data", data, "--office", alwaysOpen(t, dir))...)
		c.Env = append(c.Env, simulatedBoard+"="+board.dir)
		return c
	}
	if out, err := command("init").CombinedOutput(); err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	administered(t, data)
	table := filepath.Join(board.dir, fstab)
	if err := os.MkdirAll(filepath.Dir(table), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, table, "UUID=2 "+filepath.Dir(data)+" ext4 nofail 0 2\n")
	d := startProgram(t, command("serve", "--listen", freeAddress(t)))
	defer d.stop(t)
	says(t, "the console", d.log.String(), "UUID=2", "not mounted", "run: mount")
	page := stoppedAnswer(t, d.address+"/")
	says(t, "the page", page, "Fuori servizio", "non è montato", "riparte da solo")
	if strings.Contains(page, "UUID=2") || strings.Contains(page, "/accesso") {
		t.Errorf("anybody reads more than that, or is sent to where nobody can sign in: %s", page)
	}
	// As if it were mounted: volumes of a test are all of one disk.
	writeFile(t, table, "")
	eventually(t, "the console", d.said.String, regexp.MustCompile(`(?s)out of service\n.*answers on`))
	if _, status, answer := d.issue(t, "first"); status != http.StatusCreated {
		t.Errorf("issuing: %d %s", status, answer)
	}
}

// TestDataBesideItsSettingsNeedsNoInit: a folder that is not there, in the folder
// that the settings were read from, waits for no disk.
func TestDataBesideItsSettingsNeedsNoInit(t *testing.T) {
	dir := t.TempDir()
	box := filepath.Join(dir, "box.toml")
	for path, want := range map[string]bool{
		filepath.Join(dir, "data"):         true,
		filepath.Join(dir, "disk", "data"): false,
		filepath.Join(t.TempDir(), "data"): false,
		dir:                                false,
	} {
		if got := (dataFolder{path: path, settings: box}).mayBegin(); got != want {
			t.Errorf("%s: %v", path, got)
		}
		if err := (dataFolder{path: path, settings: box}).there(); (err == nil) != want || err != nil && !strings.HasSuffix(err.Error(), "or begin a new office: eliminacode init") {
			t.Errorf("%s: is an office there: %v", path, err)
		}
		if (dataFolder{path: path}).mayBegin() {
			t.Errorf("%s, named by a flag, may begin", path)
		}
	}
	// Once an office began there, a folder that is missing was taken away.
	trial := dataFolder{path: filepath.Join(dir, "data"), settings: box}
	if err := trial.begun(); err != nil {
		t.Fatal(err)
	}
	if trial.mayBegin() {
		t.Error("another office may begin where one is missing")
	}
	if err := os.Mkdir(trial.path, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(trial.path, newOfficeMark), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if !trial.mayBegin() {
		t.Error("init does not begin another")
	}
	if journal.Holds(dir) {
		t.Error("a folder with settings holds a journal")
	}
}

// TestInitWhereServeBeganWithoutAnOffice: a folder beside its settings is begun by serve
// and set up in the browser; until then init tells so, and takes an office for the next
// start.
func TestInitWhereServeBeganWithoutAnOffice(t *testing.T) {
	dir := t.TempDir()
	box, data := filepath.Join(dir, "box.toml"), filepath.Join(dir, "data")
	writeFile(t, box, fmt.Sprintf("schema = 1\n[data]\ndir = %q\n", data))
	serve := func() *served {
		return startProgram(t, programCommand(t.Context(), "serve", "--config", box, "--listen", "127.0.0.1:0"))
	}
	d := serve()
	says(t, "init beside the service", failing(t, 30*time.Second, "init", "--config", box), "no setup yet", "in the browser", "stop eliminacode")
	d.stop(t)
	says(t, "init", runProgram(t, "init", "--config", box), "begun already and has no office yet", "eliminacode serve --config")
	says(t, "init with an office", runProgram(t, "init", "--config", box, "--office", alwaysOpen(t, dir)), "begun already", "the next start", "Comune di Prova")
	administered(t, data)
	serve().stop(t)
	says(t, "the office in force", runProgram(t, "office", "show", "--config", box), "Comune di Prova")
	says(t, "init where an office is", failing(t, 30*time.Second, "init", "--config", box), "has an office already")
}
