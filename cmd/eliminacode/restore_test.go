package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestABackupIsReadAsItLiesAndPutBack makes a backup beside the daemon, loses
// the journal, and puts the backup back: by the command and by hand.
func TestABackupIsReadAsItLiesAndPutBack(t *testing.T) {
	t.Parallel() // it waits more than it works
	base := t.TempDir()
	data, copied := filepath.Join(base, "data"), filepath.Join(base, "stick", "copy")
	for _, dir := range []string{data, filepath.Dir(copied)} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	d := startServe(t, data)
	number := func(d *served, request string) (string, string) {
		t.Helper()
		a, status, answer := d.issue(t, request)
		if status != http.StatusCreated {
			t.Fatalf("issuing: %d %s", status, answer)
		}
		return a.Ticket.Number, a.Journal
	}
	first, identity := number(d, "before")
	says(t, "journal backup", runProgram(t, "journal", "backup", "--data", data, "--to", copied), "read back", "restore --from "+copied)
	says(t, "verify of the backup", runProgram(t, "journal", "verify", "--data", copied), "OK:")
	tomorrow := time.Now().AddDate(0, 0, 1).Format(time.DateOnly)
	report := func(data string) string {
		return runProgram(t, "report", "--data", data, "--from", "2026-01-01", "--to", tomorrow, "--format", "json")
	}
	says(t, "report of the backup", report(copied), `"visits":1`)
	lost, _ := number(d, "after the backup")
	says(t, "restore beside the daemon", failing(t, 30*time.Second, "restore", "--from", copied, "--data", data), "in use", "systemctl stop")
	d.stop(t)

	// The command reads of what is there how far the numbers went.
	says(t, "a number that no series gives", failing(t, 30*time.Second, "restore", "--from", copied, "--data", data, "--next", "B=100000"), "100000")
	out := runProgram(t, "restore", "--from", copied, "--data", data)
	says(t, "restore", out, "journal-before-1", "B at 102", "--next", "systemctl start")
	if _, err := os.Stat(filepath.Join(data, "journal-before-1")); err != nil {
		t.Error(err)
	}
	// Put back once more, it still knows what the journal set aside had given.
	says(t, "a second restore", runProgram(t, "restore", "--from", copied, "--data", data), "journal-before-2", "B at 102")
	says(t, "a number that was given", failing(t, 30*time.Second, "restore", "--from", copied, "--data", data, "--next", "B=2"), `series "B" has given 2 already; say a number from 3 on`)
	says(t, "a file", failing(t, 30*time.Second, "restore", "--from", os.Args[0], "--data", data), "is a file; name the folder")
	d = startServe(t, data)
	again, other := number(d, "restored")
	if again != "B102" || other == identity {
		t.Errorf("after %s and %s the restored office gives %s in journal %s, was %s", first, lost, again, other, identity)
	}
	says(t, "the log", d.log.String(), "goes on as another journal")
	d.stop(t)
	d = startServe(t, data)
	if next, same := number(d, "restarted"); next != "B103" || same != other {
		t.Errorf("a second start gives %s in journal %s, want B103 in %s", next, same, other)
	}
	d.stop(t)
	says(t, "verify of the restored journal", runProgram(t, "journal", "verify", "--data", data), "OK:")

	// Told by a person.
	runProgram(t, "restore", "--from", copied, "--data", data, "--next", "B=700")
	d = startServe(t, data)
	if told, _ := number(d, "told"); told != "B700" {
		t.Errorf("told to go on at B700 it gives %s", told)
	}
	d.stop(t)

	// By hand, with nothing but the copy.
	if err := os.RemoveAll(journalDir(data)); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(journalDir(data), os.DirFS(copied)); err != nil {
		t.Fatal(err)
	}
	d = startServe(t, data)
	byHand, third := number(d, "by hand")
	if byHand != "B101" || third == identity {
		t.Errorf("a copy put back by hand gives %s in journal %s", byHand, third)
	}
	d.stop(t)
	if left, err := filepath.Glob(filepath.Join(data, "*restored*")); err != nil || len(left) != 0 {
		t.Error(left, err)
	}
}

// TestABackupOfNothingLeavesNothing: neither a folder nor a part of one.
func TestABackupOfNothingLeavesNothing(t *testing.T) {
	base := t.TempDir()
	says(t, "a backup of nothing", failing(t, 30*time.Second, "journal", "backup", "--data", base, "--to", filepath.Join(base, "copy")), "holds no journal")
	if left, err := os.ReadDir(base); err != nil || len(left) != 0 {
		t.Error(left, err)
	}
	says(t, "a restore of nothing", failing(t, 30*time.Second, "restore", "--from", base, "--data", base), "holds no journal")
}
