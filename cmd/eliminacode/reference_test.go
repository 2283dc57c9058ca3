package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/engine"
	"eliminacode/queue/journal"
	officefile "eliminacode/queue/office"
	"eliminacode/queue/oracle"
	"eliminacode/queue/simulate"
)

// The reference period: what the reference office served, and on how many days.
const (
	referenceVisits = 23_037
	referenceDays   = 124
	referenceFrom   = "2009-12-01"
	referenceTo     = "2010-05-01"
)

// TestReferencePeriod lives the reference office's five months through core,
// engine and journal, and holds every cell of the reports against a script
// that knows nothing but the dump of the journal.
func TestReferencePeriod(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("COULD NOT RUN: node is not installed, and the script that recounts the journal needs it")
	}
	data := t.TempDir()
	live(t, data)

	dump := runProgram(t, "journal", "dump", "--data", data)
	recount := exec.CommandContext(t.Context(), node, filepath.Join("..", "..", "queue", "waiting", "testdata", "recompute.mjs"),
		"--from", referenceFrom, "--to", referenceTo)
	recount.Stdin = strings.NewReader(dump)
	var complaint bytes.Buffer
	recount.Stderr = &complaint
	out, err := recount.Output()
	if err != nil {
		t.Fatalf("recounting the dump: %v\n%s", err, complaint.String())
	}
	var recounted map[string]map[string]any
	if err := json.Unmarshal(out, &recounted); err != nil {
		t.Fatalf("reading the recount: %v", err)
	}
	for _, by := range []string{"hour", "day", "service", "group"} {
		var report map[string]any
		text := runProgram(t, "report", "--data", data, "--from", referenceFrom, "--to", referenceTo, "--by", by, "--told", "--format", "json")
		if err := json.Unmarshal([]byte(text), &report); err != nil {
			t.Fatalf("reading the report by %s: %v", by, err)
		}
		if report["visits"] != float64(referenceVisits) || report["days"] != float64(referenceDays) {
			t.Errorf("the report by %s has %v visits on %v days, want %d on %d", by, report["visits"], report["days"], referenceVisits, referenceDays)
		}
		var observed map[string]any
		text = runProgram(t, "report", "--data", data, "--from", referenceFrom, "--to", referenceTo, "--by", by, "--told", "--observed", "--format", "json")
		if err := json.Unmarshal([]byte(text), &observed); err != nil {
			t.Fatalf("reading the report by %s of what was observed: %v", by, err)
		}
		if want := recounted["observed"][by]; !reflect.DeepEqual(any(observed), want) {
			t.Errorf("the report by %s of what was observed and the recount of the dump differ:\n%s\n%v", by, text, want)
		}
		if !reflect.DeepEqual(report, recounted[by]) {
			t.Errorf("the report by %s and the recount of the dump differ:\n%s\n%v", by, text, recounted[by])
		}
		total := report["total"].(map[string]any)
		for _, rare := range []string{"no_shows", "transferred", "expired", "cancelled"} {
			if total[rare].(float64) == 0 {
				t.Errorf("the period has no leg that is %s, and proves nothing about them", rare)
			}
		}
	}
}

// live simulates the period into a journal. The clock is the simulation's; the
// journal does not sync, since what a sync is worth is proved elsewhere and
// 126,000 of them take their time.
func live(t *testing.T, data string) {
	t.Helper()
	setup := officefile.Reference()
	from, to := mustDate(t, referenceFrom), mustDate(t, referenceTo)
	world, err := simulate.Period(setup, simulate.Options{Seed: 1, Paper: simulate.DefaultPaper()}, from, to, referenceVisits)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := calendar.PlanOn(setup, from)
	if err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(journalDir(data), journal.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	var office atomic.Int64
	office.Store(plan.Begins)
	e := engine.New(engine.Config{
		Journal: j, Plan: calendar.Plan, Version: "test", JournalID: "reference",
		Now: func() queue.Now {
			ms := office.Load()
			return queue.Now{Wall: ms, Boot: "reference", Mono: ms - plan.Begins + 1, Synced: true}
		},
		// Nothing happens by itself: the loop below ticks when it is time.
		Real: func(int64) time.Duration { return time.Hour },
	})
	stop, ended := background(e.Run)
	<-e.Ready()
	do := func(_ queue.Now, c queue.Command) (*queue.State, []queue.Event, error) {
		return e.Do(context.Background(), c)
	}
	if _, _, err := do(queue.Now{}, queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: setup}); err != nil {
		t.Fatal(err)
	}
	checker := oracle.NewChecker()
	for {
		next, more := world.Next()
		state, _ := e.Watch()
		if ms, due := state.Due(e.Now()); due {
			next = min(next, office.Load()+ms)
		}
		if !more {
			break
		}
		office.Store(max(office.Load(), next))
		if err := world.Act(e.Now(), do); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	for event, err := range j.Since(1) {
		if err != nil {
			t.Fatal(err)
		}
		checker.See(event)
	}
	if broken := checker.Violations(); len(broken) > 0 {
		t.Errorf("%d rules were broken, the first: %v", len(broken), broken[0])
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustDate(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
