package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	officefile "eliminacode/queue/office"
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
		writeFile(t, filepath.Join(data, proceduresName), strings.ReplaceAll(string(readFile(t, "testdata/procedures-1.csv")), ";Prova;", ";Pratica di "+name+";"))
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
	// A draft of the office here, and what somebody prepared for a day that has come.
	plan := filepath.Join(here, setupsName, "planned-000001.json")
	waits, err := officefile.Parse("here", []byte(strings.Replace(alwaysOpenOffice, "Comune di Prova", "Comune di Qui", 1)))
	if err != nil {
		t.Fatal(err)
	}
	stands, err := json.Marshal(waits)
	if err != nil {
		t.Fatal(err)
	}
	waits.Office.Note = "Preparato di qua"
	prepared, err := json.Marshal(waits)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, plan, `{"v":1,"base":`+string(stands)+`,"setup":`+string(prepared)+`,"from":"2026-01-02","why":"Di qua"}`)
	writeFile(t, filepath.Join(here, setupsName, "draft-0.json"), `{"v":1,"author":"x"}`)
	administered(t, here)

	said := runProgram(t, "restore", "--from", foreign, "--data", here, "--another-office")
	says(t, "the other office", said, "The backup of Comune di Là, Sportello is put back", "The office that was there is Comune di Qui, Sportello")
	if _, err := os.Stat(journalDir(here) + "-before-2"); err != nil {
		t.Error(err)
	}
	says(t, "the office now", runProgram(t, "office", "show", "--data", here), "Comune di Là")

	// What belonged to the office before is set aside, and told; the accounts stay.
	aside := filepath.Join(here, "office-before-1")
	says(t, "the other office", said, "procedures, drafts, settings that waited", aside, "Accounts, programs, screens and webhooks stay")
	for _, kept := range []string{setupsName + "/planned-000001.json", setupsName + "/draft-0.json", proceduresName} {
		if _, err := os.Stat(filepath.Join(aside, kept)); err != nil {
			t.Error(err)
		}
	}
	if p := string(readFile(t, filepath.Join(here, proceduresName))); !strings.Contains(p, "Pratica di there") {
		t.Errorf("the procedures are %q", p)
	}
	d := startProgram(t, programCommand(t.Context(), "serve", "--data", here, "--listen", "127.0.0.1:0"))
	client := signedIn(t, d.address)
	says(t, "what is planned", browse(t, client, http.MethodGet, d.address+"/impostazioni/programmate", nil), "Modifiche programmate")
	if page := browse(t, client, http.MethodGet, d.address+"/impostazioni/programmate", nil); strings.Contains(page, "2026-01-02") || strings.Contains(page, "Di qua") {
		t.Errorf("the plan of the office before is there: %s", page)
	}
	d.stop(t)
	if now := runProgram(t, "office", "show", "--data", here); strings.Contains(now, "Preparato di qua") {
		t.Errorf("the plan of the office before is in force: %s", now)
	}
}
