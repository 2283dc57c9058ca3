package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"eliminacode/display/access/private"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/journal"
	officefile "eliminacode/queue/office"
	"eliminacode/queue/simulate"
	"eliminacode/queue/waiting"
)

// A livedOffice is some days of the reference office on disk, with accounts as the
// pages give them, and its private file.
type livedOffice struct {
	data  string
	store *private.Store
	days  []int
}

// livedDays lives days whose clerks are on each day the members that order says.
func livedDays(t *testing.T, days int, order func(day, clerk int) int) livedOffice {
	t.Helper()
	o := livedOffice{data: t.TempDir()}
	var err error
	o.store, err = private.Open(filepath.Join(o.data, "private", "access.db"), private.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.store.Close() })
	j, err := journal.Open(journalDir(o.data), journal.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	setup := officefile.Reference()
	plan, err := calendar.PlanOn(setup, calendar.Date{Year: 2026, Month: 1, Day: 5})
	if err != nil {
		t.Fatal(err)
	}
	day := 0
	trial := simulate.Trial{
		Setup: setup, Days: days,
		Options: simulate.Options{Seed: 9, From: plan.Begins, VisitsPerDay: 60, Paper: simulate.DefaultPaper()},
		Sink: func(events []queue.Event) error {
			kept := slices.Clone(events)
			for i, e := range kept {
				switch b := e.Body.(type) {
				case queue.DayOpened:
					day = b.Day
					o.days = append(o.days, day)
				case queue.DeskOpened:
					var clerk int
					if _, err := fmt.Sscanf(b.Account, "op%d", &clerk); err != nil {
						continue // a keypad, which knows nobody
					}
					if b.Account, err = o.store.Account(day, fmt.Sprintf("member-%02d", order(day, clerk))); err != nil {
						return err
					}
					kept[i].Body = b
				}
			}
			return j.Append(kept)
		},
	}
	if _, err := trial.Run(); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return o
}

// inHand is all that somebody has who has the journal, the day sheets and the
// exports, with each account called by the order in which its day names it: the
// most that can be made of a hash whose key is gone.
func (o livedOffice) inHand(t *testing.T) (text string, accounts map[string][]int) {
	t.Helper()
	j, err := journal.Open(journalDir(o.data), journal.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var out strings.Builder
	accounts = map[string][]int{}
	day, names := 0, map[string]string{}
	for event, err := range j.Since(1) {
		if err != nil {
			t.Fatal(err)
		}
		switch b := event.Body.(type) {
		case queue.DayOpened:
			day, names = b.Day, map[string]string{}
		case queue.DeskOpened:
			if b.Account != "" {
				if names[b.Account] == "" {
					names[b.Account] = fmt.Sprintf("somebody-%d", len(names))
					accounts[b.Account] = append(accounts[b.Account], day)
				}
				b.Account = names[b.Account]
				event.Body = b
			}
		}
		line, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
	for _, by := range []waiting.Grouping{waiting.ByHour, waiting.ByDay, waiting.ByService, waiting.ByGroup} {
		for _, as := range [][]string{{"--format", "csv"}, {"--format", "csv", "--told"}, {"--format", "json", "--told"}} {
			var report, errs bytes.Buffer
			if code := (program{out: &report, errs: &errs}).run(append([]string{"report", "--data", o.data, "--from", "2026-01-01", "--to", "2026-12-31", "--by", string(by)}, as...)); code != 0 {
				t.Fatalf("%s: %s", by, errs.String())
			}
			out.WriteString(report.String())
		}
	}
	return out.String(), accounts
}

// TestNobodyTiesTwoDaysToOnePerson: with the journal, the sheets and the exports in
// hand but without the keys of the days, an office in which each clerk is the same
// person every day looks just as one in which they change places each night. So
// nothing that anybody works out of them can say whether two days are one person's.
func TestNobodyTiesTwoDaysToOnePerson(t *testing.T) {
	const days, clerks = 6, 15
	shuffled := map[int][]int{}
	r := rand.New(rand.NewPCG(7, 7))
	same := livedDays(t, days, func(_, clerk int) int { return clerk })
	other := livedDays(t, days, func(day, clerk int) int {
		if shuffled[day] == nil {
			shuffled[day] = r.Perm(clerks + 1)
		}
		return shuffled[day][clerk]
	})

	// Whoever has the keys ties the days together: that is what destroys them.
	first, err := same.store.Account(same.days[0], "member-01")
	if err != nil {
		t.Fatal(err)
	}
	if _, accounts := same.inHand(t); len(accounts[first]) == 0 {
		t.Fatal("with its key a day does not tell who member-01 was; the test shows nothing")
	}
	for _, o := range []livedOffice{same, other} {
		if err := o.store.DestroyBut(0); err != nil {
			t.Fatal(err)
		}
	}
	if again, err := same.store.Account(same.days[0], "member-01"); err != nil || again == first {
		t.Fatalf("the key of a day that was destroyed is there again: %v", err)
	}

	a, named := same.inHand(t)
	b, namedOther := other.inHand(t)
	if a != b {
		t.Error("what is in hand tells an office whose clerks change places from one whose clerks do not")
	}
	if len(named) < 2*days {
		t.Fatalf("only %d accounts in %d days; the test shows nothing", len(named), days)
	}
	for _, all := range []map[string][]int{named, namedOther} {
		for account, on := range all {
			if len(on) > 1 {
				t.Errorf("%s is the same on the days %v", account, on)
			}
			if len(account) != 43 || strings.Contains(account, "member") {
				t.Errorf("account %q says something", account)
			}
			if strings.Contains(a, account) || strings.Contains(b, account) {
				t.Errorf("%s stands elsewhere than where a desk was opened", account)
			}
		}
	}
	// A private file has no key left either.
	var left []string
	if left, err = filepath.Glob(filepath.Join(other.data, "private", "*.key")); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}
