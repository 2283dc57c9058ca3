package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestACopyOfAnotherOfficeIsRestoredOnlyWhenSaid: the copy is of another office than the
// one in the folder. The command says which is which and changes nothing; with its flag
// the box becomes the other office, and what was there is set aside. A copy of the same
// office needs no flag.
func TestACopyOfAnotherOfficeIsRestoredOnlyWhenSaid(t *testing.T) {
	t.Parallel() // it waits more than it works
	base := t.TempDir()
	begun := func(name, body string) (data, copied string) {
		t.Helper()
		data, copied = filepath.Join(base, name), filepath.Join(base, name+"-copy")
		office := filepath.Join(base, name+".toml")
		writeFile(t, office, strings.Replace(alwaysOpenOffice, "Comune di Prova", body, 1))
		initBox(t, "--data", data, "--office", office)
		startProgram(t, programCommand(t.Context(), "serve", "--data", data, "--listen", "127.0.0.1:0")).stop(t)
		runProgram(t, "journal", "backup", "--data", data, "--to", copied)
		return data, copied
	}
	here, own := begun("here", "Comune di Qui")
	_, foreign := begun("there", "Comune di Là")
	before := runProgram(t, "journal", "dump", "--data", here)
	refused := failing(t, 30*time.Second, "restore", "--from", foreign, "--data", here)
	says(t, "a copy of another office", refused, "Comune di Là, Sportello", "Comune di Qui, Sportello", "nothing was changed", "--another-office")
	if after := runProgram(t, "journal", "dump", "--data", here); after != before {
		t.Error("the journal is another one after the refusal")
	}
	if aside, _ := filepath.Glob(journalDir(here) + "-before-*"); len(aside) > 0 {
		t.Errorf("set aside is %v", aside)
	}
	says(t, "its own copy", runProgram(t, "restore", "--from", own, "--data", here), "Comune di Qui, Sportello", "is put back")
	said := runProgram(t, "restore", "--from", foreign, "--data", here, "--another-office")
	says(t, "the other office", said, "The backup of Comune di Là, Sportello is put back", "The office that was there is Comune di Qui, Sportello")
	if _, err := os.Stat(journalDir(here) + "-before-2"); err != nil {
		t.Error(err)
	}
	says(t, "the office now", runProgram(t, "office", "show", "--data", here), "Comune di Là")
}
