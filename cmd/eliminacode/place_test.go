package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// settledBox is a machine below a root of its own: its settings name a journal,
// and another one lies in the default folder.
func settledBox(t *testing.T) (root, data string) {
	t.Helper()
	root = t.TempDir()
	data = filepath.Join(root, "srv", "data")
	simulated := func(dir, visits string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
			t.Fatal(err)
		}
		runProgram(t, "simulate", "--days", "1", "--visits", visits, "--from", "2026-01-07", "--out", dir, "--json")
	}
	simulated(filepath.Join(root, defaultData), "20")
	simulated(data, "60")
	settings := filepath.Join(root, defaultConfig)
	if err := os.MkdirAll(filepath.Dir(settings), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, settings, "schema = 1\n[data]\ndir = \""+data+"\"\n")
	return root, data
}

// onMachine runs the program in this process on a machine below root.
func onMachine(root string, args ...string) (out, errs string, code int) {
	var o, e bytes.Buffer
	p := program{in: strings.NewReader(""), out: &o, errs: &e, machine: thisMachine()}
	p.machine.root = root
	code = p.run(args)
	return o.String(), e.String(), code
}

// TestEveryCommandReadsTheDataOfTheSettings: with settings in their place a
// command without --data reads what the box writes, and says that another
// journal lies in the default folder.
func TestEveryCommandReadsTheDataOfTheSettings(t *testing.T) {
	root, data := settledBox(t)
	day := []string{"--from", "2026-01-07", "--to", "2026-01-07"}
	for _, command := range [][]string{
		append([]string{"report"}, day...),
		{"journal", "verify"},
		{"journal", "dump"},
		{"office", "show"},
	} {
		want, silent, code := onMachine(root, append(command, "--data", data)...)
		if code != 0 || silent != "" || want == "" {
			t.Fatalf("%v --data %s: %d, %s", command, data, code, silent)
		}
		got, said, code := onMachine(root, command...)
		if code != 0 || got != want {
			t.Errorf("%v reads another journal than that of the settings:\n%s\nnot\n%s", command, got, want)
		}
		if !strings.Contains(said, "the data is that of "+data) || !strings.Contains(said, filepath.Join(root, defaultData)) {
			t.Errorf("%v says %q and not which of two journals it reads", command, said)
		}
	}
	copied := filepath.Join(t.TempDir(), "copy")
	if _, said, code := onMachine(root, "journal", "backup", "--to", copied); code != 0 {
		t.Fatalf("journal backup: %s", said)
	}
	if !sameJournal(t, filepath.Join(data, "journal"), copied) {
		t.Error("journal backup copied another journal than that of the settings")
	}
	if _, said, _ := onMachine(root, "office", "change", "../../queue/office/reference.toml"); !strings.Contains(said, "no daemon runs on "+data) {
		t.Errorf("office change says %q", said)
	}
}

// sameJournal tells whether the copy has as many events as the journal.
func sameJournal(t *testing.T, journal, copied string) bool {
	t.Helper()
	parent := t.TempDir()
	if err := os.Symlink(copied, filepath.Join(parent, "journal")); err != nil {
		t.Fatal(err)
	}
	return runProgram(t, "journal", "verify", "--data", parent) == runProgram(t, "journal", "verify", "--data", filepath.Dir(journal))
}

// TestSettingsThatCannotBeReadStopACommand: it does not go on with the default
// folder.
func TestSettingsThatCannotBeReadStopACommand(t *testing.T) {
	root, _ := settledBox(t)
	settings := filepath.Join(root, defaultConfig)
	writeFile(t, settings, "schema = 1\n[data]\ndir = 5\n")
	if out, said, code := onMachine(root, "journal", "verify"); code != exitFailure || out != "" || !strings.Contains(said, settings) {
		t.Errorf("journal verify with broken settings: %d, %q, %q", code, out, said)
	}
	if _, said, code := onMachine(root, "journal", "verify", "--data", filepath.Join(root, defaultData)); code != 0 {
		t.Errorf("journal verify --data needs the settings: %s", said)
	}
	folder := filepath.Dir(settings)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	writeFile(t, folder, "a file where the folder of the settings should be")
	if out, said, code := onMachine(root, "journal", "verify"); code != exitFailure || out != "" || !strings.Contains(said, "--config") {
		t.Errorf("journal verify where nobody can look for settings: %d, %q, %q", code, out, said)
	}
}

// TestReportsTodayIsTheOffices: wherever on earth the machine believes to be,
// a report without dates is about the office's day.
func TestReportsTodayIsTheOffices(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	runProgram(t, "simulate", "--days", "1", "--visits", "20", "--from", "2026-01-07", "--out", data, "--json")
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	// At every instant these two are on different dates.
	for _, zone := range []string{"Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		before := time.Now().In(rome).Format(time.DateOnly)
		c := programCommand(t.Context(), "report", "--data", data)
		c.Env = append(c.Env, "TZ="+zone)
		out, err := c.Output()
		if err != nil {
			t.Fatalf("report: %v", err)
		}
		after := time.Now().In(rome).Format(time.DateOnly)
		is := func(date string) bool { return strings.HasPrefix(string(out), "Attese dal "+date+" al "+date) }
		if !is(before) && !is(after) {
			t.Errorf("in %s the report is of\n%s\nnot of %s", zone, out, before)
		}
	}
}

// TestADataFolderWithoutRights says what to do; nobody may make a socket in /sys,
// root included.
func TestADataFolderWithoutRights(t *testing.T) {
	l, err := listenControl("/sys")
	if err == nil {
		l.Close()
	}
	if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "/sys: ") || !strings.Contains(err.Error(), "must be allowed to write") || strings.Contains(err.Error(), "/proc/self/fd") {
		t.Error(err)
	}
}
