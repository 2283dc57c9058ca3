package waiting

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

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
		{"the only group", "a a", "a=2 =1"},
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

// A desk counts once, however many days it was open; and a group whose desks
// changed over the days is of all of them.
func TestDesksOfAGroupAreCountedOverAllDays(t *testing.T) {
	served := Leg{Outcome: Served, Called: true}
	days := func(ids ...string) (sheets []Sheet) {
		for i, id := range ids {
			sheets = append(sheets, sheetOf(fmt.Sprintf("2026-11-%d", 10+i), []Desk{{ID: queue.DeskID(id), Group: "a"}}, served))
			others := sheetOf(fmt.Sprintf("2026-11-%d", 20+i), desksIn([]string{"b", "b", "b"}), served)
			others.Desks[0].ID = queue.DeskID(fmt.Sprint("b", i))
			sheets = append(sheets, others)
		}
		return sheets
	}
	for _, x := range []struct {
		ids  []string
		want int
	}{{[]string{"x", "x", "x"}, 1}, {[]string{"x", "y", "x"}, 1}, {[]string{"x", "y", "z"}, 2}} {
		if r := mustMake(t, Query{From: everFrom, To: everTo, By: ByGroup}, days(x.ids...)); len(r.Rows) != x.want {
			t.Errorf("a group whose desk was %v over three days: %d rows, want %d", x.ids, len(r.Rows), x.want)
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

// TestNoRowIsOfFewDesks holds any report by group, and what was told by anything,
// against a count leg by leg: each row is of three desks or the only one, has all
// that it names, and the rows are the total.
func TestNoRowIsOfFewDesks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "-"}), 1, 12).Draw(t, "groups")
		leg := rapid.Custom(func(t *rapid.T) Leg {
			return Leg{
				Desk: rapid.IntRange(-1, len(groups)-1).Draw(t, "desk"), Service: rapid.IntRange(0, 1).Draw(t, "service"),
				Outcome: Outcome(rapid.IntRange(0, int(outcomes)-1).Draw(t, "outcome")), Minute: 60 * rapid.IntRange(8, 11).Draw(t, "hour"),
				Given:    rapid.SampledFrom(append(queue.Outcomes[:], "")).Draw(t, "given"),
				Category: rapid.SampledFrom(append(queue.Categories[:], "")).Draw(t, "category"),
				Finished: rapid.Bool().Draw(t, "finished"),
			}
		})
		var sheets []Sheet
		for i := range rapid.IntRange(1, 3).Draw(t, "days") {
			sheets = append(sheets, sheetOf(fmt.Sprintf("2026-11-%d", 10+i), desksIn(groups), rapid.SliceOfN(leg, 0, 60).Draw(t, "legs")...))
		}
		for _, by := range allGroupings {
			r, err := Make(Query{From: everFrom, To: everTo, By: by, Told: true}, each(sheets))
			if err != nil {
				t.Fatal(err)
			}
			at, told := map[string][]int{}, map[string][]int{} // the desks
			legs, services := map[string]int{}, map[string]int{}
			for _, s := range sheets {
				for _, l := range s.Legs() {
					k := keyOf(s, l, by)
					if legs[k]++; l.Desk < 0 {
						continue
					}
					at[k] = append(at[k], l.Desk)
					if l.Outcome == Served || l.Finished {
						services[k]++
						told[k] = append(told[k], l.Desk)
					}
				}
			}
			if by == ByGroup {
				rows := map[string]int{}
				for _, row := range r.Rows {
					rows[row.Key] = row.Legs
				}
				if n, ok := rows[KeyNoDesk]; n != legs[KeyNoDesk] || ok != (n > 0) {
					t.Errorf("%d legs at no desk, want %d", n, legs[KeyNoDesk])
				}
				delete(rows, KeyNoDesk)
				delete(legs, KeyNoDesk)
				checkFew(t, "legs by group", rows, legs, at)
			}
			rows := map[string]int{}
			var sum ToldRow
			for _, row := range r.Told.Rows {
				rows[row.Key] = row.Services
				sum = addTold(sum, row)
			}
			checkFew(t, "told by "+string(by), rows, services, told)
			if !slices.Equal(sum.Counts(), r.Told.Total.Counts()) {
				t.Errorf("by %s the rows are %v, the total is %v", by, sum.Counts(), r.Told.Total.Counts())
			}
		}
	})
}

// checkFew holds the counts of rows against those before they were merged.
func checkFew(t *rapid.T, what string, rows, counted map[string]int, desks map[string][]int) {
	var merged []int
	n := 0
	for k, count := range counted {
		if _, ok := rows[k]; !ok {
			merged = append(merged, desks[k]...)
			n += count
		} else if rows[k] != count {
			t.Errorf("%s: %d in %q, want %d", what, rows[k], k, count)
		}
	}
	if rows[KeyMerged] != n {
		t.Errorf("%s: %d are merged, want %d", what, rows[KeyMerged], n)
	}
	for k := range rows {
		of := desks[k]
		if k == KeyMerged {
			of = merged
		}
		of = slices.Clone(of)
		slices.Sort(of)
		if len(slices.Compact(of)) < LeastDesks && len(rows) > 1 {
			t.Errorf("%s: %q tells of the desks %v alone", what, k, of)
		}
	}
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
