package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access/private"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	officefile "eliminacode/queue/office"
	"eliminacode/queue/words"
)

// TestAChangedLetterOfTodayIsTold: one flipped bit makes another number of a
// ticket of today. The office starts, and every staff page and the log say that
// what is on disk is not what was written.
func TestAChangedLetterOfTodayIsTold(t *testing.T) {
	data := t.TempDir()
	d := startServe(t, data)
	for range 3 {
		if _, status, answer := d.issue(t, ""); status != http.StatusCreated {
			t.Fatalf("issuing: %d %s", status, answer)
		}
	}
	d.stop(t)
	files, err := filepath.Glob(filepath.Join(journalDir(data), "journal-*.db"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.ReplaceAll(b, []byte(`"text":"B002"`), []byte(`"text":"B802"`))
	if bytes.Equal(b, changed) {
		t.Fatal("the ticket is not in the file")
	}
	if err := os.WriteFile(files[0], changed, 0o600); err != nil {
		t.Fatal(err)
	}
	d = startServe(t, data)
	alarm := words.In("").Alarm(words.AlarmJournalBroken)
	for _, page := range []string{"/accoglienza", "/cruscotto", "/responsabile"} {
		says(t, page, d.page(t, page), alarm.What, alarm.Do)
	}
	if a, _, answer := d.issue(t, "after"); a.Ticket == nil || a.Ticket.Number != "B004" {
		t.Errorf("the office does not go on: %s", answer)
	}
	d.stop(t)
	if n := strings.Count(d.log.String(), "the journal is not what was written"); n == 0 || n > 2 {
		t.Errorf("the log tells it %d times:\n%s", n, d.log)
	}
	says(t, "the log", d.log.String(), "level=ERROR", filepath.Base(files[0]))
}

// TestTheWholeJournalIsReadWhenTheOfficeIsClosed: not while people wait, and in
// the night where an office never closes.
func TestTheWholeJournalIsReadWhenTheOfficeIsClosed(t *testing.T) {
	setup := officefile.Reference()
	zone, err := calendar.Zone(setup)
	if err != nil {
		t.Fatal(err)
	}
	at := func(hour int) queue.Now {
		now := time.Date(2026, 11, 24, hour, 30, 0, 0, zone)
		return queue.Now{Wall: now.UnixMilli(), Boot: "b", Mono: int64(hour) * 3_600_000, Synced: true}
	}
	opened := func() *queue.State {
		plan, err := calendar.Plan(setup, at(6).Wall)
		if err != nil {
			t.Fatal(err)
		}
		state := &queue.State{}
		for _, c := range []queue.Command{
			queue.StartUp{Version: "test", Journal: "j"}, queue.ChangeSetup{Setup: setup}, queue.OpenDay{Plan: plan},
		} {
			if state, _, err = state.Step(at(6), c); err != nil {
				t.Fatal(err)
			}
		}
		return state
	}
	state := opened()
	for hour, want := range map[int]bool{7: true, 9: false, 16: false, 20: true, 3: true} {
		if got := quiet(state, at(hour)); got != want {
			t.Errorf("at %d:30 quiet is %v", hour, got)
		}
	}
	for i := range setup.Hours.Week {
		setup.Hours.Week[i].Open, setup.Hours.Week[i].Close = "00:00", "24:00"
	}
	if state = opened(); quiet(state, at(20)) || !quiet(state, at(3)) {
		t.Error("an office that never closes is read at another hour than 3")
	}
	if !quiet(&queue.State{}, at(10)) {
		t.Error("a box without an office is not quiet")
	}
}

// TestOldActsAreDroppedAtNight: those older than the settings say, and the list
// says how many. A box without an office has nobody waiting at any hour.
func TestOldActsAreDroppedAtNight(t *testing.T) {
	dir := t.TempDir()
	box, data := filepath.Join(dir, "box.toml"), filepath.Join(dir, "data")
	writeFile(t, box, "schema = 1\n[data]\ndir = \""+data+"\"\naudit-days = 45\n[web]\nlisten = \"127.0.0.1:0\"\n")
	initBox(t, "--config", box)
	accounts := filepath.Join(data, privateName, "access.db")
	store, err := private.Open(accounts, private.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, ago := range []int{60, 50, 40} {
		if err := store.Note(time.Now().AddDate(0, 0, -ago), onTheBox, "office.change", "", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	d := startProgram(t, programCommand(t.Context(), "serve", "--config", box))
	eventually(t, "the log", d.log.String, regexp.MustCompile("old acts were dropped from the audit list.*acts=2"))
	d.stop(t)
	if store, err = private.Open(accounts, private.Options{}); err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	left, err := store.AuditBefore(0, 10)
	if err != nil || left[len(left)-1].Seq != 3 || left[0].What != "audit.drop" && left[1].What != "audit.drop" {
		t.Errorf("left are %v, %v", left, err)
	}
}
