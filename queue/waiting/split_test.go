package waiting

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"eliminacode/queue"
)

// asInferred is a leg as a keypad's desk makes it: nobody marked its start.
func asInferred(l Leg) Leg {
	l.Inferred, l.HasWalk, l.WalkMs = true, false, 0
	return l
}

// legsAt has legs of desks, by hour from 8: a digit is a desk whose start was marked, and
// one after a dot a desk where it was inferred.
func legsAt(hours ...string) (legs []Leg) {
	for i, desks := range hours {
		inferred := false
		for _, d := range desks {
			if d == '.' {
				inferred = true
				continue
			}
			l := withTimes(int(d-'0'), 8+i)
			if inferred {
				l = asInferred(l)
			}
			legs, inferred = append(legs, l), false
		}
	}
	return legs
}

// TestWhereInferenceIsTold tells in which rows of a day it stands how many legs were
// inferred, and whether they can be left out.
func TestWhereInferenceIsTold(t *testing.T) {
	noShow := func(desk int, inferred bool) Leg {
		return Leg{Desk: desk, Minute: 480, Outcome: NoShow, Called: true, Inferred: inferred}
	}
	three := legsAt("0.1", "2.3", "4.5")
	goesOn := sheetOf("2026-11-24", desksIn(slices.Repeat([]string{"a"}, 6)), three...)
	goesOn.GoesOn = true
	for _, x := range []struct {
		name  string
		sheet Sheet
		legs  []Leg
		want  string // hours, then the day, then how many are left out by hour and by day
	}{
		{"none inferred", Sheet{}, legsAt("012", "345"), "8=0 9=0 day=0 left 0 0"},
		{"all inferred", Sheet{}, legsAt(".0.1.2", ".3"), "8=3 9=1 day=4 left 4 4"},
		{"one keypad", Sheet{}, legsAt("01.4", "23", "0.4"), "8=- 9=- 10=- day=- left 0 0"},
		{"two keypads", Sheet{}, legsAt("01.4", "23.5", "0.4"), "8=- 9=- 10=- day=- left 0 0"},
		{"three of each", Sheet{}, three, "8=- 9=- 10=- day=3 left 0 3"},
		{"one console", Sheet{}, legsAt("0.1", "0.2", "0.3"), "8=- 9=- 10=- day=- left 0 0"},
		{"a keypad, and two starts forgotten", Sheet{}, legsAt("0.0.5", "1.5.5", "2.1"), "8=- 9=- 10=- day=- left 0 0"},
		{"one keypad's call to nobody", Sheet{}, append(three, noShow(0, false), noShow(1, true)), "8=- 9=- 10=- day=4 left 0 0"},
		{"a keypad's service that was marked", Sheet{}, append(slices.Clone(three), Leg{Desk: 1, Minute: 480, Outcome: Served, Called: true, HasService: true}), "8=- 9=- 10=- day=3 left 0 3"},
		{"only no-shows are of enough desks", Sheet{}, append(legsAt("0.3"), noShow(0, false), noShow(1, false), noShow(2, false), noShow(3, true), noShow(4, true), noShow(5, true)), "8=- day=- left 0 0"},
		{"a desk with a keypad and a console", Sheet{}, func() []Leg {
			legs := legsAt(".0.1.2.3")
			legs[0].HasWalk = true // its start was marked, its end was not
			return legs
		}(), "8=- day=- left 0 0"},
		{"sent on with no service", Sheet{}, append(legsAt("012"), Leg{Desk: 0, Minute: 480, Outcome: Transferred, Called: true}), "8=0 day=0 left 0 0"},
		{"the day goes on", goesOn, nil, "8=- 9=- 10=- day=- left 0 0"},
	} {
		s := x.sheet
		if x.legs != nil {
			s = sheetOf("2026-11-24", desksIn(slices.Repeat([]string{"a"}, 6)), x.legs...)
		}
		inferred := func(r Row) string {
			if r.InferredFewDesks > 0 {
				if r.InferredFewDesks != r.Legs || r.Inferred != 0 || r.WalkN != 0 || r.MeanWalkMs != nil || r.WalkFewDesks != r.WaitN {
					t.Errorf("%s: %+v tells of some", x.name, r)
				}
				return r.Key + "=-"
			}
			return r.Key + "=" + strconv.Itoa(r.Inferred)
		}
		ask := func(by Grouping, leaveOut bool) Report {
			q := Query{From: everFrom, To: everTo, By: by, LeaveOutInferred: leaveOut}
			r, err := Make(q, func(yield func(Sheet, error) bool) { yield(s, nil) })
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		got := ""
		for _, row := range ask(ByHour, false).Rows {
			got += inferred(row) + " "
		}
		day := ask(ByDay, false)
		day.Rows[0].Key = "day"
		got += inferred(day.Rows[0]) + fmt.Sprintf(" left %d %d", ask(ByHour, true).LeftOut, ask(ByDay, true).LeftOut)
		if got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
		// Whatever rows go by, the total tells as much of the day as its own row.
		for _, by := range allGroupings {
			total := ask(by, false).Total
			if total.Inferred != day.Total.Inferred || total.InferredFewDesks != day.Total.InferredFewDesks ||
				total.WalkN != day.Total.WalkN || total.WalkFewDesks != day.Total.WalkFewDesks {
				t.Errorf("%s: by %s all together are %+v, and by day %+v", x.name, by, total, day.Total)
			}
		}
	}
}

// TestARangeTellsNoMoreThanItsDays: of a range of days one of which does not tell what was
// inferred the sums are those of the others.
func TestARangeTellsNoMoreThanItsDays(t *testing.T) {
	desks := desksIn(slices.Repeat([]string{"a"}, 6))
	sheets := []Sheet{
		sheetOf("2026-11-24", desks, legsAt("01.2", "3.2")...),
		sheetOf("2026-11-25", desks, legsAt("0.1", "2.3", "4.5")...),
		sheetOf("2026-11-26", desks, legsAt(".0.1.2")...),
		sheetOf("2026-11-27", desks, legsAt("012", "3")...),
	}
	for _, by := range allGroupings {
		r := mustMake(t, Query{From: everFrom, To: everTo, By: by}, sheets)
		if r.Total.Inferred != 6 || r.Total.InferredFewDesks != 5 || r.Total.WalkN != 7 || r.Total.WalkFewDesks != 5 {
			t.Errorf("by %s: %+v", by, r.Total)
		}
		left := mustMake(t, Query{From: everFrom, To: everTo, By: by, LeaveOutInferred: true}, sheets)
		want := map[bool]int{true: 6, false: 3}[by == ByDay] // the day of three of each stays whole where rows are less than days
		if left.LeftOut != want || left.Total.InferredFewDesks != 5 || left.Total.Legs != r.Total.Legs-want {
			t.Errorf("by %s, leaving out: %+v", by, left)
		}
	}
}

// TestServicesOfWhatIsLeftOutAreOfThreeDesks: of the legs that are left out the service
// times are known of one desk alone, and are not told by subtracting.
func TestServicesOfWhatIsLeftOutAreOfThreeDesks(t *testing.T) {
	legs := legsAt("0.1", "2.3", "4.5")
	legs[1].UnknownEnd, legs[3].UnknownEnd = true, true
	r := mustMake(t, Query{From: everFrom, To: everTo, By: ByDay, LeaveOutInferred: true}, []Sheet{sheetOf("2026-11-24", desksIn(slices.Repeat([]string{"a"}, 6)), legs...)})
	if r.LeftOut != 3 || r.Total.ServiceN != 0 || r.Total.ServiceFewDesks != 3 || r.Total.WalkN != 3 || r.Total.WaitN != 3 {
		t.Errorf("%d left out: %+v", r.LeftOut, r.Total)
	}
}

// everyReport is all that reports tell of sheets, with and without what was inferred.
func everyReport(t *testing.T, sheets []Sheet) (all map[Query]Report, written []byte) {
	t.Helper()
	all = map[Query]Report{}
	var b bytes.Buffer
	for _, by := range allGroupings {
		for _, leaveOut := range []bool{false, true} {
			q := Query{From: everFrom, To: everTo, By: by, LeaveOutInferred: leaveOut, Told: true}
			r := mustMake(t, q, sheets)
			all[q] = r
			for _, err := range []error{r.WriteJSON(&b), r.WriteCSV(&b, Point), r.WriteTable(&b), r.Told.WriteCSV(&b, Comma)} {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return all, b.Bytes()
}

// TestReportsDoNotTellWhichDeskHasTheKeypad: an office with one keypad, or one console,
// has the reports that it would have were that at another desk with other hours; and
// nobody reckons from them how many were served there in an hour.
func TestReportsDoNotTellWhichDeskHasTheKeypad(t *testing.T) {
	hours := []string{"0001234", "0012223", "1122334", "0111444"}
	for name, isInferred := range map[string]func(desk, odd int) bool{
		"one keypad":  func(desk, odd int) bool { return desk == odd },
		"one console": func(desk, odd int) bool { return desk != odd },
	} {
		office := func(odd int) []Sheet {
			legs := legsAt(hours...)
			for i, l := range legs {
				if isInferred(l.Desk, odd) {
					legs[i] = asInferred(l)
				}
			}
			return []Sheet{sheetOf("2026-11-24", desksIn([]string{"a", "a", "a", "a", "a"}), legs...)}
		}
		reports, one := everyReport(t, office(0))
		if _, other := everyReport(t, office(1)); !bytes.Equal(one, other) {
			t.Errorf("%s: the reports differ with its desk", name)
		}
		truth := map[string]int{"8": 3, "9": 2, "10": 0, "11": 1}
		q := Query{From: everFrom, To: everTo, By: ByHour, Told: true}
		without := q
		without.LeaveOutInferred = true
		for attack, guess := range map[string]func(with, without Figures) int{
			"inferred":             func(f, _ Figures) int { return f.Inferred },
			"not inferred":         func(f, _ Figures) int { return f.Legs - f.Inferred },
			"walks":                func(f, _ Figures) int { return f.WalkN + f.WalkFewDesks },
			"waits without a walk": func(f, _ Figures) int { return f.WaitN - f.WalkN - f.WalkFewDesks },
			"left out":             func(f, o Figures) int { return f.Served - o.Served },
			"what stays":           func(_, o Figures) int { return o.Served },
		} {
			right := 0
			for _, row := range reports[q].Rows {
				var left Figures
				for _, o := range reports[without].Rows {
					if o.Key == row.Key {
						left = o.Figures
					}
				}
				if guess(row.Figures, left) == truth[row.Key] {
					right++
				}
			}
			if right == len(truth) {
				t.Errorf("%s: who takes %q knows what its desk did in each hour", name, attack)
			}
		}
	}
}

// TestASplitIsOfTheWholeDay: a sheet is of the day as its events are folded, and a day that
// goes on tells nothing.
func TestASplitIsOfTheWholeDay(t *testing.T) {
	h := openHall(t, "2026-11-24", "08:15", "13:00")
	h.issue("anagrafe")
	h.must(queue.StartService{By: byConsole, Desk: "s1", Ticket: h.call("s1")})
	h.must(queue.FinishTicket{By: byConsole, Desk: "s1", Ticket: h.holds("s1")})
	var under UnderWay
	if a, b := Rows(h.state).split, under.Rows(h.state).split; a != splitUntold || b != splitUntold {
		t.Errorf("the day goes on, and its splits are %d and %d", a, b)
	}
	h.pass(40 * 60 * minute)
	h.must(queue.Tick{})
	if a, b := Rows(h.state).split, under.Rows(h.state).split; a != splitOpen || b != splitOpen {
		t.Errorf("the day is closed, and its splits are %d and %d", a, b)
	}
	s := h.sheet()
	b := s.Encode()
	b[atSplit] = byte(splits)
	if _, err := Decode(summed(b)); err == nil {
		t.Error("a split that there is not is read")
	}
}
