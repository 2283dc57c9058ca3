package waiting

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"eliminacode/queue"
)

// desksIn are desks in these groups, "-" for none.
func desksIn(groups []string) (desks []Desk) {
	for i, g := range groups {
		desks = append(desks, Desk{ID: queue.DeskID(fmt.Sprint("s", i)), Label: fmt.Sprint(i), Group: queue.GroupID(strings.Trim(g, "-!"))})
	}
	return desks
}

// TestGroupsOfFewDesksAreOne: a leg was called at each desk, but at those with an
// exclamation mark, and one at none.
func TestGroupsOfFewDesksAreOne(t *testing.T) {
	for _, x := range []struct{ name, groups, want string }{
		{"all of three", "a a a b b b", "a=3 b=3 =1"},
		{"two desks, and the others with them", "a a b b b", "*=5 =1"},
		{"two groups that are of three together", "a a b c c c", "c=3 *=3 =1"},
		{"two groups of one desk, and the smallest with them", "a b c c c c d d d", "c=4 *=5 =1"},
		{"desks without a group are one too", "a a a - - -", "a=3 -=3 =1"},
		{"one desk without a group", "a a a -", "*=4 =1"},
		{"a desk at which nobody was counts for none", "a a a! b b b", "*=5 =1"},
		{"the only group", "a a", "*=2 =1"},
		{"no two groups of the office have three desks", "a b", "*=2 =1"},
	} {
		groups := strings.Fields(x.groups)
		legs := []Leg{{Desk: -1, Outcome: Expired}}
		for i, g := range groups {
			if !strings.HasSuffix(g, "!") {
				legs = append(legs, Leg{Desk: i, Outcome: Served, Called: true, WaitMs: int64(i) * minute})
			}
		}
		r := mustMake(t, Query{From: everFrom, To: everTo, By: ByGroup}, []Sheet{sheetOf("2026-11-24", desksIn(groups), legs...)})
		var got []string
		for _, row := range r.Rows {
			got = append(got, fmt.Sprintf("%s=%d", row.Key, row.Legs))
		}
		if strings.Join(got, " ") != x.want || r.Total.Legs != len(legs) {
			t.Errorf("%s: %q, want %q, in all %d", x.name, got, x.want, r.Total.Legs)
		}
	}
}

// withTimes is a leg of a minute at a desk, as nobody inferred it.
func withTimes(desk, hour int) Leg {
	return Leg{
		Desk: desk, Minute: hour * 60, Outcome: Served, Called: true, Given: queue.OutcomeReleased,
		HasService: true, ServiceMs: int64(desk+1) * minute, HasWalk: true, WalkMs: int64(desk+1) * 1000,
	}
}

// TestWhoWorkedAloneIsNotTold: the times of a desk, and what was told there, are in the
// row of an hour when three desks worked in it, with the smallest of the other hours
// where they could be subtracted; the waits are in it always.
func TestWhoWorkedAloneIsNotTold(t *testing.T) {
	for _, x := range []struct{ name, desksByHour, want, told string }{
		{"three in each hour", "012 123", "8=3+0 9=3+0 all=6+0", "8=3 9=3 all=6 few=0"},
		{"one alone, and the other hour with it", "012 1", "8=0+3 9=0+1 all=4+0", "*=4 all=4 few=0"},
		{"one alone, and the smallest with it", "0123 123 2", "8=4+0 9=0+3 10=0+1 all=8+0", "8=4 *=4 all=8 few=0"},
		{"three hours of one, who are three together", "0 1 2 012", "8=0+1 9=0+1 10=0+1 11=3+0 all=6+0", "11=3 *=3 all=6 few=0"},
		{"two desks all day", "01 01 0", "8=0+2 9=0+2 10=0+1 all=0+5", "all=0 few=5"},
	} {
		var legs []Leg
		for i, desks := range strings.Fields(x.desksByHour) {
			for _, d := range desks {
				legs = append(legs, withTimes(int(d-'0'), 8+i))
			}
		}
		r := mustMake(t, Query{From: everFrom, To: everTo, By: ByHour, Told: true}, []Sheet{sheetOf("2026-11-24", desksIn([]string{"a", "a", "a", "a"}), legs...)})
		var got, told []string
		for _, row := range r.Rows {
			got = append(got, fmt.Sprintf("%s=%d+%d", row.Key, row.ServiceN, row.ServiceFewDesks))
			if row.WaitN != row.Legs || row.MeanWaitMs == nil {
				t.Errorf("%s: of %d waits at %s it tells %d", x.name, row.Legs, row.Key, row.WaitN)
			}
			if row.WalkN != row.ServiceN || row.WalkFewDesks != row.ServiceFewDesks || (row.MeanServiceMs == nil) != (row.ServiceN == 0) {
				t.Errorf("%s: %+v", x.name, row)
			}
		}
		got = append(got, fmt.Sprintf("all=%d+%d", r.Total.ServiceN, r.Total.ServiceFewDesks))
		for _, row := range r.Told.Rows {
			told = append(told, fmt.Sprintf("%s=%d", row.Key, row.Services))
		}
		told = append(told, fmt.Sprintf("all=%d few=%d", r.Told.Total.Services, r.Told.FewDesks))
		if strings.Join(got, " ") != x.want || strings.Join(told, " ") != x.told {
			t.Errorf("%s: %q, want %q; told %q, want %q", x.name, got, x.want, told, x.told)
		}
	}
}

// TestADayThatGoesOnTellsOfNoDesk: two reports of it, before and after a service ended at
// a desk that the hall saw it called to, tell no time and no outcome of it; once the day
// is closed they are there.
func TestADayThatGoesOnTellsOfNoDesk(t *testing.T) {
	h := openHall(t, "2026-11-24", "08:15", "13:00")
	report := func(by Grouping) Report {
		r, err := Make(Query{From: everFrom, To: everTo, By: by, Told: true}, func(yield func(Sheet, error) bool) { yield(h.sheet(), nil) })
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	services := map[queue.DeskID]queue.ServiceID{"s1": "anagrafe", "s2": "anagrafe", "s3": "cie"}
	for i, desk := range []queue.DeskID{"s1", "s2", "s3"} {
		h.issue(services[desk])
		id := h.call(desk)
		h.must(queue.StartService{By: byConsole, Desk: desk, Ticket: id})
		h.pass(int64(i+1) * minute)
		h.must(queue.FinishTicket{By: byConsole, Desk: desk, Ticket: id, Outcome: queue.OutcomeReleased})
		for _, by := range allGroupings {
			r := report(by)
			if total := r.Total; total.Served != i+1 || total.WaitN != i+1 ||
				total.ServiceN+total.WalkN != 0 || total.ServiceFewDesks != i+1 || total.WalkFewDesks != i+1 {
				t.Errorf("by %s, after %d services: %+v", by, i+1, total)
			}
			if !r.FewDesks() || r.Told.Total.Services != 0 || r.Told.FewDesks != i+1 {
				t.Errorf("by %s, after %d services it tells %+v", by, i+1, r.Told)
			}
		}
	}
	h.pass(40 * 60 * minute)
	h.must(queue.Tick{})
	for _, by := range []Grouping{ByHour, ByDay, ByGroup} {
		if r := report(by); r.Total.ServiceN != 3 || r.Total.WalkN != 3 || *r.Total.MeanServiceMs != float64(2*minute) || r.Told.Total.Outcomes.Released != 3 {
			t.Errorf("by %s, of the closed day: %+v, told %+v", by, r.Total, r.Told)
		}
	}
}

// TestADayAloneIsNotReadFromTwoRanges: what a range tells of desks is the sum of what
// each of its days does, so that two of them that differ by a day tell no more of it
// than its own report does.
func TestADayAloneIsNotReadFromTwoRanges(t *testing.T) {
	sheets := []Sheet{
		sheetOf("2026-11-24", desksIn([]string{"a", "a", "a", "b"}), withTimes(0, 8), withTimes(1, 8), withTimes(2, 8)),
		sheetOf("2026-11-25", desksIn([]string{"a", "a", "a", "b"}), withTimes(0, 8), withTimes(0, 9)),
	}
	for _, by := range allGroupings {
		first := mustMake(t, Query{From: "2026-11-24", To: "2026-11-24", By: by, Told: true}, sheets)
		both := mustMake(t, Query{From: "2026-11-24", To: "2026-11-25", By: by, Told: true}, sheets)
		if *both.Total.MeanServiceMs != *first.Total.MeanServiceMs || both.Total.ServiceN != 3 || both.Total.ServiceFewDesks != 2 {
			t.Errorf("by %s: %+v after %+v", by, both.Total, first.Total)
		}
		if both.Told.Total != first.Told.Total || both.Told.FewDesks != 2 {
			t.Errorf("by %s: told %+v after %+v", by, both.Told, first.Told)
		}
		for _, row := range both.Rows {
			if row.Key == "a" && row.Legs != 3 {
				t.Errorf("group a has %d legs, two of them of a desk alone", row.Legs)
			}
		}
	}
}

// keyOf is the row that a leg of a sheet belongs to before rows are merged.
func keyOf(s Sheet, l Leg, by Grouping) string {
	switch by {
	case ByHour:
		return strconv.Itoa(l.Minute / 60)
	case ByDay:
		return s.Date
	case ByService:
		return string(s.Services[l.Service].ID)
	}
	switch {
	case l.Desk < 0:
		return KeyNoDesk
	case s.Desks[l.Desk].Group == "":
		return KeyNoGroup
	}
	return string(s.Desks[l.Desk].Group)
}

// TestNoRowIsOfFewDesks holds any report of a day against a count leg by leg: what a row
// tells of desks is of three of them and whole, and so is what it lacks of the total;
// and the report of several days is the sum of theirs.
func TestNoRowIsOfFewDesks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "-"}), 1, 12).Draw(t, "groups")
		leg := rapid.Custom(func(t *rapid.T) Leg {
			l := Leg{
				Desk: rapid.IntRange(-1, len(groups)-1).Draw(t, "desk"), Service: rapid.IntRange(0, 1).Draw(t, "service"),
				Outcome: Outcome(rapid.IntRange(0, int(outcomes)-1).Draw(t, "outcome")), Minute: 60 * rapid.IntRange(8, 11).Draw(t, "hour"),
				Given:    rapid.SampledFrom(append(queue.Outcomes[:], "")).Draw(t, "given"),
				Category: rapid.SampledFrom(append(queue.Categories[:], "")).Draw(t, "category"),
				Finished: rapid.Bool().Draw(t, "finished"), Called: true,
			}
			l.HasService = l.Desk >= 0 && rapid.Bool().Draw(t, "has a service")
			l.HasWalk = l.HasService
			l.ServiceMs, l.WalkMs = rapid.Int64Range(0, 1e6).Draw(t, "service time"), rapid.Int64Range(0, 1e6).Draw(t, "walk")
			return l
		})
		var sheets []Sheet
		for i := range rapid.IntRange(1, 3).Draw(t, "days") {
			sheets = append(sheets, sheetOf(fmt.Sprintf("2026-11-%d", 10+i), desksIn(groups), rapid.SliceOfN(leg, 0, 60).Draw(t, "legs")...))
		}
		for _, by := range allGroupings {
			sum := map[string]int64{}
			for _, s := range sheets {
				r, err := Make(Query{From: s.Date, To: s.Date, By: by, Told: true}, each(sheets))
				if err != nil {
					t.Fatal(err)
				}
				checkFew(t, r, s, by)
				for what, n := range countsOf(r) {
					sum[what] += n
				}
			}
			all, err := Make(Query{From: everFrom, To: everTo, By: by, Told: true}, each(sheets))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(sum, countsOf(all)); diff != "" {
				t.Errorf("by %s (-days +range):\n%s", by, diff)
			}
		}
	})
}

// countsOf is what a report tells of desks, as numbers that can be added up.
func countsOf(r Report) map[string]int64 {
	c := map[string]int64{}
	add := func(what string, n int) {
		if n != 0 {
			c[what] += int64(n)
		}
	}
	took := func(what string, mean *float64, n, few int) {
		if mean != nil {
			add(what+" ms", int(math.Round(*mean*float64(n))))
		}
		add(what, n)
		add(what+" of few", few)
	}
	for _, row := range append(slices.Clip(r.Rows), r.Total) {
		add(row.Key+" legs", row.Legs)
		took(row.Key+" services", row.MeanServiceMs, row.ServiceN, row.ServiceFewDesks)
		took(row.Key+" walks", row.MeanWalkMs, row.WalkN, row.WalkFewDesks)
	}
	for _, row := range append(slices.Clip(r.Told.Rows), r.Told.Total) {
		for i, n := range row.Counts() {
			add(fmt.Sprint("told ", row.Key, i), n)
		}
	}
	add("told of few", r.Told.FewDesks)
	return c
}

// checkFew holds the report of a day against its legs.
func checkFew(t *rapid.T, r Report, s Sheet, by Grouping) {
	type counted map[string][]int // the desks of what is counted in a row
	legs, services, told := counted{}, counted{}, counted{}
	for _, l := range s.Legs() {
		k := keyOf(s, l, by)
		if l.Desk < 0 {
			continue
		}
		legs[k] = append(legs[k], l.Desk)
		if l.HasService && (l.Outcome == Served || l.Outcome == Transferred) {
			services[k] = append(services[k], l.Desk)
		}
		if l.Outcome == Served || l.Finished {
			told[k] = append(told[k], l.Desk)
		}
	}
	few := func(desks []int) bool {
		desks = slices.Sorted(slices.Values(desks))
		return len(slices.Compact(desks)) < LeastDesks
	}
	// check holds what rows tell of what there is; the rest is all that nothing tells
	// of, or of three desks.
	check := func(what string, rows map[string]int, of counted, total int) {
		var all, rest []int
		for k, desks := range of {
			if all = append(all, desks...); rows[k] == 0 {
				rest = append(rest, desks...)
			} else if rows[k] != len(desks) || few(desks) {
				t.Errorf("%s by %s: %d in %q, where they are of the desks %v", what, by, rows[k], k, desks)
			}
		}
		if total != 0 && (total != len(all) || few(all)) {
			t.Errorf("%s by %s: %d in all, where they are of the desks %v", what, by, total, all)
		}
		if total != 0 && len(rest) > 0 && few(rest) {
			t.Errorf("%s by %s: the total tells of the desks %v alone", what, by, rest)
		}
	}
	atDesks, served, ended := map[string]int{}, map[string]int{}, map[string]int{}
	if by != ByGroup { // whose rows may be of several groups, and are checked by their legs
		for _, row := range r.Rows {
			served[row.Key] = row.ServiceN
		}
		check("services", served, services, r.Total.ServiceN)
		for _, row := range r.Told.Rows {
			ended[row.Key] = row.Services
		}
		check("told", ended, told, r.Told.Total.Services)
		return
	}
	merged := 0
	for _, row := range r.Rows {
		switch row.Key {
		case KeyNoDesk:
		case KeyMerged:
			merged = row.Legs
		default:
			atDesks[row.Key] = row.Legs
		}
	}
	total := 0
	for _, n := range atDesks {
		total += n
	}
	if total > 0 { // else the merged row is all there is
		total += merged
	}
	check("legs", atDesks, legs, total)
}

func addTold(a, b ToldRow) ToldRow {
	a.Services += b.Services
	a.Outcomes.Released += b.Outcomes.Released
	a.Outcomes.BackOffice += b.Outcomes.BackOffice
	a.Outcomes.Incomplete += b.Outcomes.Incomplete
	a.Outcomes.OtherDesk += b.Outcomes.OtherDesk
	a.Outcomes.NotTold += b.Outcomes.NotTold
	a.Categories.Citizen += b.Categories.Citizen
	a.Categories.Firm += b.Categories.Firm
	a.Categories.Association += b.Categories.Association
	a.Categories.Body += b.Categories.Body
	a.Categories.NotTold += b.Categories.NotTold
	return a
}
