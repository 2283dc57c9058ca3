package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"eliminacode/device/clock"
	"eliminacode/queue"
	"eliminacode/queue/journal"
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
		d := startProgram(t, programCommand(t.Context(), "serve", "--data", data, "--listen", "127.0.0.1:0"))
		says(t, "the clock of "+name, runProgram(t, "clock", "confirm", "--data", data), " that it is right.")
		d.stop(t)
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
	if clock := runProgram(t, "clock", "--data", here); !strings.Contains(clock, "Nobody has said") && !strings.Contains(clock, "The network says") {
		t.Errorf("the clock goes by what was said before the copy was made: %s", clock)
	}
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

// A stoppedClock shows one instant, as the box it is in reads it.
type stoppedClock struct{ clock.Reading }

func (c stoppedClock) Read() clock.Reading         { return c.Reading }
func (c stoppedClock) Real(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

// TestTheClockOfACopyStaysWithItsBox: a person put the clock of one box right, and the
// copy of its journal is put back on another one. That one adds no correction to its own
// clock and says that nobody vouches for it, also on the next day; where the network
// does, it is sure. A journal that is there is read as it was.
func TestTheClockOfACopyStaysWithItsBox(t *testing.T) {
	base := t.TempDir()
	first := filepath.Join(base, "first")
	if err := os.MkdirAll(journalDir(first), 0o700); err != nil {
		t.Fatal(err)
	}
	setup, err := officefile.Parse("office", []byte(alwaysOpenOffice))
	if err != nil {
		t.Fatal(err)
	}
	const ahead = 3 * 3_600_000
	begins := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC).UnixMilli()
	run := func(data string, at clock.Reading, commands ...queue.Command) (*queue.State, queue.Now) {
		t.Helper()
		j, err := journal.Open(journalDir(data), journal.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		today, err := queue.FoldSeq(j.Today())
		if err != nil {
			t.Fatal(err)
		}
		e := (&app{clock: stoppedClock{at}, log: slog.New(slog.DiscardHandler)}).engine(j, today)
		stop, ended := background(e.Run)
		<-e.Ready()
		for _, c := range commands {
			if _, _, err := e.Do(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		state, _ := e.Watch()
		return state, queue.Now(at)
	}
	manager, console := queue.Cause{Kind: queue.ByManager}, queue.Cause{Kind: queue.ByConsole}
	here := clock.Reading{Wall: begins + ahead, Boot: "first", Mono: 60_000}
	if state, now := run(first, here, queue.ChangeSetup{By: manager, Setup: setup}, queue.SetClock{By: console, CorrectionMs: -ahead, Sure: true}); !state.ClockSure(now) {
		t.Fatal("the first box is not sure of what a person said")
	}
	for name, c := range map[string]struct {
		at   clock.Reading
		sure bool
	}{
		"an hour later":       {clock.Reading{Wall: begins + 3_600_000, Boot: "second", Mono: 20_000}, false},
		"on the next day":     {clock.Reading{Wall: begins + 26*3_600_000, Boot: "second", Mono: 20_000}, false},
		"kept by the network": {clock.Reading{Wall: begins + 3_600_000, Boot: "second", Mono: 20_000, Synced: true}, true},
	} {
		data := filepath.Join(base, name)
		if err := os.Mkdir(data, 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := testProgram().restoreFrom(t.Context(), journalDir(first), data, restoring{}); err != nil {
			t.Fatal(err)
		}
		for _, start := range []string{"the first start", "a start after it"} {
			state, now := run(data, c.at)
			if state.CorrectionMs() != 0 || state.OfficeTime(now) != now.Wall || state.ClockSure(now) != c.sure || state.ClockDoubtful(now) {
				t.Errorf("%s, %s: a correction of %d ms, sure %t, doubtful %t", name, start, state.CorrectionMs(), state.ClockSure(now), state.ClockDoubtful(now))
			}
			c.at.Mono += 1_000
			c.at.Wall += 1_000
		}
	}
	// The first box itself goes on as before.
	here.Wall, here.Mono = here.Wall+1_000, here.Mono+1_000
	if state, now := run(first, here); state.CorrectionMs() != -ahead || !state.ClockSure(now) {
		t.Errorf("the first box has a correction of %d ms, sure %t", state.CorrectionMs(), state.ClockSure(now))
	}
}
