package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"eliminacode/queue/procedure"
)

const twoProcedures = "codice,pratica,servizio,costo\nresidenza,Residenza,anagrafe,\"=1+1, gratis\"\nfunghi,Funghi,boschi,\n"

// TestProceduresGoInAndOutThroughTheDaemon puts a catalogue in force, kills the
// daemon, and finds the catalogue again, in a backup and in a folder that lost it.
func TestProceduresGoInAndOutThroughTheDaemon(t *testing.T) {
	t.Parallel() // it waits more than it works
	base := t.TempDir()
	data, file, copied := filepath.Join(base, "data"), filepath.Join(base, "pratiche.csv"), filepath.Join(base, "copy")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(twoProcedures), 0o600); err != nil {
		t.Fatal(err)
	}
	d := startServe(t, data)
	says(t, "the reference catalogue", runProgram(t, "procedure", "export", "--data", data), "cambio-residenza;Cambio di residenza;anagrafe;")
	says(t, "check beside the daemon", runProgram(t, "procedure", "check", file, "--data", data), "WARN  funghi: the office has no service \"boschi\"; ", "OK    2 procedures")
	says(t, "import", runProgram(t, "procedure", "import", file, "--data", data), "WARN  funghi: ", "WARN  gone from the catalogue: ", "cambio-residenza", "The catalogue has 2 procedures now.")
	out := runProgram(t, "procedure", "export", "--data", data)
	says(t, "export", out, "residenza;Residenza;anagrafe;;;;\"'=1+1, gratis\";")
	d.kill()

	d = startServe(t, data)
	if again := runProgram(t, "procedure", "export", "--data", data); again != out {
		t.Errorf("after a restart: %s", again)
	}
	runProgram(t, "journal", "backup", "--data", data, "--to", copied)
	d.stop(t)
	if v := runProgram(t, "journal", "verify", "--data", copied); strings.Contains(v, "not part") {
		t.Errorf("verify of the backup: %s", v)
	}
	kept := filepath.Join(data, proceduresName)
	for _, lost := range []error{os.Remove(kept), os.WriteFile(kept, []byte("half"), 0o600)} {
		if lost != nil {
			t.Fatal(lost)
		}
		runProgram(t, "restore", "--from", copied, "--data", data)
		if c, err := readProcedures(kept); err != nil || string(c.Format()) != out {
			t.Errorf("put back: %v", err)
		}
	}
	// One that can be read stays.
	if err := os.WriteFile(kept, []byte("codice;pratica;servizio\nx;y;z\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	runProgram(t, "restore", "--from", copied, "--data", data)
	if c, err := readProcedures(kept); err != nil || len(c.All()) != 1 {
		t.Errorf("one that was there: %v", err)
	}
}

// TestDamagedProceduresStopNobody: the office opens, and says what to do.
func TestDamagedProceduresStopNobody(t *testing.T) {
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, proceduresName), []byte("codice;prat\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	p := openProcedures(data, slog.New(slog.NewTextHandler(&log, nil)))
	if c, err := p.Catalogue(); c != nil || err == nil {
		t.Errorf("%v, %v", c, err)
	}
	says(t, "the log", log.String(), "cannot be used", "eliminacode procedure import FILE")
	if _, err := p.Replace([]byte("codice;pratica\n")); err == nil {
		t.Error("a file with a fault is put in force")
	}
	if _, err := p.Replace([]byte(twoProcedures)); err != nil {
		t.Fatal(err)
	}
	if c, err := p.Catalogue(); err != nil || len(c.All()) != 2 {
		t.Errorf("after another one was put in force: %v", err)
	}
	if p.Earlier() != nil {
		t.Error("what could not be read is kept as the earlier one")
	}
	if _, err := p.Replace([]byte("codice;pratica;servizio\nx;y;z\n")); err != nil {
		t.Fatal(err)
	}
	if before := openProcedures(data, slog.New(slog.DiscardHandler)).Earlier(); before == nil || len(before.All()) != 2 {
		t.Error("the earlier one is not kept on disk")
	}
	if _, err := p.Replace([]byte(twoProcedures)); err != nil {
		t.Fatal(err)
	}
	if again := openProcedures(data, slog.New(slog.DiscardHandler)); again.err != nil || len(again.catalogue.All()) != 2 {
		t.Errorf("after a restart: %v", again.err)
	}
}

// TestReleasedProceduresAreReadForEver: a file of the first release.
func TestReleasedProceduresAreReadForEver(t *testing.T) {
	c, err := readProcedures(filepath.Join("testdata", "procedures-1.csv"))
	if err != nil {
		t.Fatal(err)
	}
	p, ok := c.Procedure("prova")
	want := procedure.Procedure{
		ID: "prova", Name: "Prova", Service: "anagrafe", Words: "a, b", Who: "chi", Documents: "documenti", Cost: "=1+1",
		Time: "tempo", Where: "dove", Office: "ufficio", TargetDays: 30,
	}
	if !ok || p != want {
		t.Errorf("%+v", p)
	}
}
