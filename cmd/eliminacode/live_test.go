package main

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"eliminacode/display/access/private"
	"eliminacode/queue"
)

// TestTheOpenDayFromTheCommandLine: what the manager does on the page can be done
// at the box, where no page can be opened; the daemon does it, and what makes no
// sense is refused with what to write.
func TestTheOpenDayFromTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	d := startBox(t, "--data", data, "--office", alwaysOpen(t, dir))
	says(t, "a suspension", runProgram(t, "suspend", "--why", "blackout", "--data", data), "eliminacode resume")
	says(t, "the journal", runProgram(t, "journal", "dump", "--data", data), `"OfficeSuspended"`, `"blackout"`)
	says(t, "the end of it", runProgram(t, "resume", "--data", data), "The office goes on.")
	says(t, "a stop", runProgram(t, "service", "stop", "anagrafe", "--data", data), "gives no more tickets")
	says(t, "a reopening", runProgram(t, "service", "reopen", "anagrafe", "--data", data), "gives tickets again")
	says(t, "a restart", runProgram(t, "series", "restart", "A", "58", "--data", data), "goes on from there: the next ticket is A058.")
	says(t, "the journal", runProgram(t, "journal", "dump", "--data", data), `"ServiceStopped"`, `"ServiceReopened"`, `"SeriesRestarted"`, `"from":58`)

	says(t, "another reason", failing(t, 30*time.Second, "suspend", "--why", "noia", "--data", data), `"noia" is no reason; use one of`)
	says(t, "another service", failing(t, 30*time.Second, "service", "stop", "catasto", "--data", data), "unknown service")
	says(t, "no number", failing(t, 30*time.Second, "series", "restart", "A", "A058", "--data", data), "write the digits alone")
	says(t, "the clock", runProgram(t, "clock", "set", "10:31", "--sure", "--data", data), "10:31")
	d.stop(t)
	want := []string{"clock.set", "series.restart A", "service.reopen Anagrafe", "service.stop Anagrafe", "office.resume", "office.suspend"}
	if diff := cmp.Diff(want, actsOnTheBox(t, data)); diff != "" {
		t.Errorf("the audit list: %s", diff)
	}
	says(t, "no daemon", failing(t, 30*time.Second, "suspend", "--data", data), "start it")
}

// TestNumbersAreGivenAgainByFlagAlone: a step back is confirmed by --again.
func TestNumbersAreGivenAgainByFlagAlone(t *testing.T) {
	for flag, want := range map[string]bool{"true": true, "false": false, "": false} {
		c, err := liveOf(url.Values{"do": {"restart"}, "series": {"A"}, "from": {"2"}, "again": {flag}})
		if got, ok := c.(queue.RestartSeries); !ok || err != nil || got.Again != want || got.From != 2 {
			t.Errorf("again=%q: %+v, %v", flag, c, err)
		}
	}
}

// actsOnTheBox are the acts of the audit list that were done by commands, the newest
// first, each with what it is about.
func actsOnTheBox(t *testing.T, data string) (acts []string) {
	t.Helper()
	store, err := private.Open(filepath.Join(data, privateName, "access.db"), private.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for e, err := range store.Audit() {
		if err != nil {
			t.Fatal(err)
		}
		if e.Who == onTheBox {
			acts = append(acts, strings.TrimSpace(e.What+" "+e.On))
		}
	}
	return acts
}

func TestALiveCommandOfAnotherVersion(t *testing.T) {
	if _, err := liveOf(url.Values{"do": {"dance"}}); err == nil {
		t.Error("anything is carried out")
	}
}
