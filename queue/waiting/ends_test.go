package waiting

import (
	"bytes"
	"math"
	"testing"
)

// officeWithKeypad is a day on which the services at one desk ended unseen, as where the
// clerk closes the desk at its keypad; took is how long one took at a desk.
func officeWithKeypad(keypad int, took func(desk, nth int) int64) []Sheet {
	legs := legsAt("0001234", "0012223", "1122334", "0111444")
	for i, l := range legs {
		l.ServiceMs = took(l.Desk, i)
		if l.Desk == keypad {
			l, l.UnknownEnd = asInferred(l), true
		}
		legs[i] = l
	}
	return []Sheet{sheetOf("2026-11-24", desksIn([]string{"a", "a", "a", "a", "a"}), legs...)}
}

// TestReportsDoNotTellWhereAServiceEndedUnseen: an office with one keypad has the reports
// that it would have were that at another desk, and nobody counts from them the services
// that ended unseen in an hour.
func TestReportsDoNotTellWhereAServiceEndedUnseen(t *testing.T) {
	alike := func(int, int) int64 { return 7 * minute }
	reports, one := everyReport(t, officeWithKeypad(0, alike))
	if _, other := everyReport(t, officeWithKeypad(1, alike)); !bytes.Equal(one, other) {
		t.Error("the reports differ with the desk of the keypad")
	}
	for q, r := range reports {
		for _, row := range append(r.Rows, r.Total) {
			if n := row.Served + row.Transferred - row.ServiceN - row.ServiceFewDesks; n != 0 {
				t.Errorf("by %s: %d services of the row %s are in neither number", q.By, n, row.Key)
			}
		}
	}
}

// TestMeansDoNotTellHowManyEndsAreKnown: a mean is of as many times as its row says, so
// that neither its fractions nor those of two rows and the one of both together are of
// another number; and that of a day stays what its known services took.
func TestMeansDoNotTellHowManyEndsAreKnown(t *testing.T) {
	varied := func(desk, nth int) int64 { return int64(desk+3)*minute + int64(nth*nth)*977 }
	sheets := officeWithKeypad(0, varied)
	var known, all int64
	for _, l := range sheets[0].Legs() {
		if !l.UnknownEnd {
			known, all = known+1, all+l.ServiceMs
		}
	}
	later := officeWithKeypad(1, varied)
	later[0].Date = "2026-11-25"
	for _, by := range allGroupings {
		day := mustMake(t, Query{From: everFrom, To: everTo, By: by}, sheets)
		if mean := *day.Total.MeanServiceMs; math.Abs(mean-float64(all)/float64(known)) > 1 {
			t.Errorf("by %s the services took %v ms, and those of known end %v", by, mean, float64(all)/float64(known))
		}
		other := mustMake(t, Query{From: everFrom, To: everTo, By: by}, later)
		both := mustMake(t, Query{From: everFrom, To: everTo, By: by}, append(sheets, later...))
		sum := func(f Figures) float64 {
			if f.MeanServiceMs == nil {
				return 0
			}
			return *f.MeanServiceMs * float64(f.ServiceN)
		}
		whole := func(f Figures) bool { return math.Abs(sum(f)-math.Round(sum(f))) < 1e-6 }
		for _, r := range []Report{day, other, both} {
			rows, few := 0.0, 0
			for _, row := range r.Rows {
				rows, few = rows+sum(row.Figures), few+row.ServiceFewDesks
				if !whole(row.Figures) {
					t.Errorf("by %s the mean of %s is of another number than %d", by, row.Key, row.ServiceN)
				}
			}
			if !whole(r.Total.Figures) || few == 0 && math.Abs(rows-sum(r.Total.Figures)) > 1e-6 {
				t.Errorf("by %s the rows took %v ms and all together %v", by, rows, sum(r.Total.Figures))
			}
		}
		if got, want := sum(both.Total.Figures), sum(day.Total.Figures)+sum(other.Total.Figures); math.Abs(got-want) > 1e-6 {
			t.Errorf("by %s two days took %v ms, and one by one %v", by, got, want)
		}
	}
}
