package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What a person says about the time goes to the running daemon, is read in the
// office's zone, and stays; without a daemon it is refused with what to do.
func TestAPersonSetsTheClock(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	d := startBox(t, "--data", data, "--office", alwaysOpen(t, dir))
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	says(t, "the clock of a new box", runProgram(t, "clock", "--data", data), "Office time: ", "(Europe/Rome)")
	watch := time.Now().Add(3 * time.Hour).In(rome).Truncate(time.Minute)
	far := watch.Format("2006-01-02 15:04")
	says(t, "a step of three hours", failing(t, 30*time.Second, "clock", "set", far, "--data", data), "it shows 20", "would show "+far, "repeat with --sure")
	says(t, "the clock that was left", runProgram(t, "clock", "--data", data), "Office time: ", "Nobody has said")
	set := runProgram(t, "clock", "set", far, "--sure", "--data", data)
	says(t, "the clock that was set", set, "Office time: "+watch.Format("2006-01-02 15:04"))
	if strings.Contains(set, "Nobody has said") || strings.Contains(set, "wrong") {
		t.Errorf("somebody has said what time it is:\n%s", set)
	}
	says(t, "the clock confirmed", runProgram(t, "clock", "confirm", "--data", data), watch.Format("2006-01-02 15:"))
	says(t, "the log", d.log.String(), "a person said what time it is")
	// What people read of the box goes by it, too.
	runProgram(t, "clock", "set", "2030-01-01 10:00", "--sure", "--data", data)
	runProgram(t, "token", "create", "--role", "reception", "--name", "intranet", "--expires", "10d", "--data", data)
	says(t, "the tokens", runProgram(t, "token", "list", "--data", data), "2030-01-11")
	papers := filepath.Join(dir, "papers")
	runProgram(t, "privacy", "sheet", "--data", data, "--out", papers)
	says(t, "the privacy papers", string(readFile(t, filepath.Join(papers, "informativa-cittadini.html"))), "1º gennaio 2030")
	says(t, "no time", failing(t, 30*time.Second, "clock", "set", "soon", "--data", data), `"soon" is not a time; write 10:31`)
	says(t, "an impossible year", failing(t, 30*time.Second, "clock", "set", "2350-01-01 10:00", "--data", data), "from 2026-01-01 to 2199-12-31")
	d.stop(t)
	says(t, "a journal without its daemon", failing(t, 30*time.Second, "clock", "--data", data), "start it")
}

func TestTimesAsPeopleWriteThem(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 9, 15, 20, 0, rome)
	for text, want := range map[string]string{
		"10:31": "2026-11-24T10:31:00+01:00", "10:31:05": "2026-11-24T10:31:05+01:00", " 9:05 ": "2026-11-24T09:05:00+01:00",
		"2026-07-01 10:31": "2026-07-01T10:31:00+02:00", "2026-11-24T10:31:05": "2026-11-24T10:31:05+01:00",
		"": "", "25:00": "", "24:00": "", "10.31": "2026-11-24T10:31:00+01:00", "8": "2026-11-24T08:00:00+01:00", "2026-02-30 10:00": "", "10:31 pm": "",
	} {
		got, err := readTime(text, now)
		if (err == nil) != (want != "") || err == nil && got.Format(time.RFC3339) != want {
			t.Errorf("%q is %v (%v), want %s", text, got, err, want)
		}
	}
}

func FuzzReadTime(f *testing.F) {
	for _, text := range []string{"10:31", "2026-11-24 10:31:05", "T", "9999-12-31T23:59"} {
		f.Add(text)
	}
	now := time.Date(2026, 11, 24, 9, 15, 20, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := readTime(text, now)
		if err != nil {
			return
		}
		again, err := readTime(got.Format(time.DateTime), now)
		if err != nil || !again.Equal(got) {
			t.Errorf("%q is %v, which reads as %v (%v)", text, got, again, err)
		}
	})
}
