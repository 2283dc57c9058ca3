package waiting

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
)

// each yields sheets for Make, through their stored form.
func each(sheets []Sheet) iter.Seq2[Sheet, error] {
	return Decoded(func(yield func([]byte, error) bool) {
		for _, s := range sheets {
			if !yield(s.Encode(), nil) {
				return
			}
		}
	})
}

func mustMake(t testing.TB, q Query, sheets []Sheet) Report {
	t.Helper()
	r, err := Make(q, each(sheets))
	if err != nil {
		t.Fatalf("Make(%+v): %v", q, err)
	}
	return r
}

const everFrom, everTo = "2026-01-01", "2026-12-31"

var allGroupings = []Grouping{ByHour, ByDay, ByService, ByGroup}

// foundSeeds make days that reports and recount once told differently: a call that
// was undone while the clock stepped beside a closed hour, and suspensions that began
// in a boot whose time nobody knows.
var foundSeeds = []uint64{126, 349, 511, 570, 802}

// Every cell of every report must be what a plain recount of the events says.
func TestReportsEqualARecountOfTheEvents(t *testing.T) {
	seeds := uint64(60)
	if testing.Short() {
		seeds = 10
	}
	var seen Figures
	var told ToldRow
	var seenSplits [splits]int
	leftOut := map[Grouping]int{}
	silent := false // a service ended with nothing told, and its visit went on
	all := slices.Clone(foundSeeds)
	for seed := range seeds {
		all = append(all, seed)
	}
	for _, seed := range all {
		events := randomDays(t, seed)
		var sheets []Sheet
		for _, day := range daysOf(events) {
			sheets = append(sheets, Rows(queue.Fold(day)))
		}
		for _, by := range allGroupings {
			var got Report
			for _, leaveOut := range []bool{true, false} {
				got = mustMake(t, Query{From: everFrom, To: everTo, By: by, Told: true, LeaveOutInferred: leaveOut}, sheets)
				want := recount(t, events, by, leaveOut)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("seed %d by %s, leaving out %t (-recounted +made):\n%s", seed, by, leaveOut, diff)
				}
				leftOut[by] += got.LeftOut
				for _, row := range append(slices.Clip(got.Rows), got.Total) {
					if row.Served+row.Transferred != row.ServiceN+row.ServiceFewDesks {
						t.Fatalf("seed %d by %s, leaving out %t: the services of %s tell some apart: %+v", seed, by, leaveOut, row.Key, row)
					}
				}
			}
			seen, told = addCounts(seen, got.Total.Figures), addTold(told, got.Told.Total)
		}
		for _, s := range sheets {
			seenSplits[s.split]++
			for _, l := range s.Legs() {
				silent = silent || l.Finished && l.Given == ""
			}
		}
	}
	// The random days must have had something of everything.
	if seen.Served == 0 || seen.NoShows == 0 || seen.Transferred == 0 || seen.Cancelled == 0 || seen.Expired == 0 ||
		seen.Open == 0 || seen.WalkN == 0 || seen.ServiceN == seen.WaitN || seen.Inferred == 0 || seen.StandardN == seen.WaitN || slices.Contains(told.Counts(), 0) || !silent {
		t.Errorf("the random days leave something out: %+v, %+v, %t", seen, told, silent)
	}
	if leftOut[ByHour] == 0 || leftOut[ByDay] <= leftOut[ByHour] {
		t.Errorf("the random days have left out %v", leftOut)
	}
	if seenSplits[splitUntold] == 0 || seenSplits[splitOfDay]+seenSplits[splitParted] == 0 || seenSplits[splitOpen] == 0 {
		t.Errorf("the random days have the splits %v", seenSplits)
	}
}

// TestTodaysSumsAreThoseOfTheReport: what the state counts as the day goes on,
// for the manager's first page, is to the digit what the report of the day
// says, whatever happened to the clock, the plan and the setup meanwhile.
func TestTodaysSumsAreThoseOfTheReport(t *testing.T) {
	seeds := uint64(60)
	if testing.Short() {
		seeds = 10
	}
	compared := 0
	for seed := range seeds {
		for _, day := range daysOf(randomDays(t, seed)) {
			s := &queue.State{}
			for i, e := range day {
				s = s.Apply(e)
				if i%20 != 0 && i != len(day)-1 || s.Plan() == nil {
					continue
				}
				sheet := Rows(s)
				want := mustMake(t, Query{From: sheet.Date, To: sheet.Date, By: ByDay}, []Sheet{sheet}).Total.Figures
				got := s.Waits()
				within := 0.0
				if want.WithinStandard != nil {
					within = *want.WithinStandard * float64(want.StandardN)
				}
				mean := 0.0
				if want.MeanWaitMs != nil {
					mean = *want.MeanWaitMs
				}
				if got.N != want.WaitN || got.Judged != want.StandardN || float64(got.SumMs) != mean*float64(got.N) && float64(got.SumMs)/float64(got.N) != mean ||
					int(within+0.5) != got.Within {
					t.Fatalf("seed %d, event %d: the state counts %+v, the report %+v, mean %v, within %v", seed, e.Seq, got, want, mean, within)
				}
				compared += got.N
			}
		}
	}
	if compared == 0 {
		t.Error("nobody waited")
	}
}

func addCounts(a, b Figures) Figures {
	a.Served += b.Served
	a.NoShows += b.NoShows
	a.Transferred += b.Transferred
	a.Cancelled += b.Cancelled
	a.Expired += b.Expired
	a.Open += b.Open
	a.WaitN += b.WaitN
	a.WalkN += b.WalkN
	a.ServiceN += b.ServiceN
	a.StandardN += b.StandardN
	a.Inferred += b.Inferred
	return a
}

// The same, recounted in another language by a script that shares no code
// with the program.
func TestReportsEqualTheScripts(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("NODE IS MISSING: the reports were not checked against testdata/recompute.mjs; install nodejs")
	}
	seeds := uint64(8)
	if testing.Short() {
		seeds = 2
	}
	for seed := range seeds {
		events := randomDays(t, seed)
		var dump bytes.Buffer
		for _, e := range events {
			line, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			// A dump has the hash of the record before in each line.
			dump.WriteString(`{"prev":"00",` + string(line[1:]) + "\n")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		run := exec.CommandContext(ctx, node, "testdata/recompute.mjs", "--from", everFrom, "--to", everTo)
		run.Stdin = &dump
		var stderr bytes.Buffer
		run.Stderr = &stderr
		out, err := run.Output()
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, stderr.String())
		}
		var want map[string]any
		if err := json.Unmarshal(out, &want); err != nil {
			t.Fatal(err)
		}
		var sheets []Sheet
		for _, day := range daysOf(events) {
			sheets = append(sheets, Rows(queue.Fold(day)))
		}
		observed, _ := want["observed"].(map[string]any)
		for _, by := range allGroupings {
			for _, leaveOut := range []bool{false, true} {
				made, err := json.Marshal(mustMake(t, Query{From: everFrom, To: everTo, By: by, Told: true, LeaveOutInferred: leaveOut}, sheets))
				if err != nil {
					t.Fatal(err)
				}
				var got any
				if err := json.Unmarshal(made, &got); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(map[bool]any{false: want[string(by)], true: observed[string(by)]}[leaveOut], got); diff != "" {
					t.Fatalf("seed %d by %s, leaving out %t (-script +made):\n%s", seed, by, leaveOut, diff)
				}
			}
		}
	}
}
