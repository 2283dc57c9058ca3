package waiting

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"eliminacode/queue"
)

func TestQueriesAreChecked(t *testing.T) {
	for _, x := range []struct {
		q    Query
		is   error
		says string
	}{
		{Query{From: "2026-13-40", To: "2026-12-31", By: ByHour}, ErrBadDate, "--from 2026-13-40 is not a date; write YYYY-MM-DD"},
		{Query{From: "2026-01-01", To: "2026-02-30", By: ByHour}, ErrBadDate, "--to 2026-02-30 is not a date; write YYYY-MM-DD"},
		{Query{From: "2026-1-1", To: "2026-02-01", By: ByHour}, ErrBadDate, "--from 2026-1-1 is not a date; write YYYY-MM-DD"},
		{Query{To: "2026-02-01", By: ByHour}, ErrNoDate, "--from is missing; write YYYY-MM-DD"},
		{Query{From: "2026-02-01", By: ByHour}, ErrNoDate, "--to is missing; write YYYY-MM-DD"},
		{Query{From: "2026-02-02", To: "2026-02-01", By: ByHour}, ErrBackwards, "--from 2026-02-02 lies after --to 2026-02-01; exchange the two dates"},
		{Query{From: "2026-02-01", To: "2026-02-01", By: "moon"}, ErrBadGrouping, "--by moon is not a grouping; write hour, day, service or group"},
		{Query{From: "2026-02-01", To: "2026-02-01"}, ErrBadGrouping, "--by is not a grouping; write hour, day, service or group"},
	} {
		_, err := Make(x.q, each(nil))
		if !errors.Is(err, x.is) || err.Error() != x.says {
			t.Errorf("%+v: %v, want %s", x.q, err, x.says)
		}
	}
}

func TestNoSheetsMakeAnEmptyReport(t *testing.T) {
	var b strings.Builder
	if err := mustMake(t, Query{From: "2026-02-01", To: "2026-02-01", By: ByHour}, nil).WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	const want = `{"from":"2026-02-01","to":"2026-02-01","by":"hour","visits":0,"days":0,"rows":[],"total":{"key":"total","label":"Totale",` +
		`"visits":0,"legs":0,"served":0,"no_shows":0,"transferred":0,"cancelled":0,"expired":0,"open":0,` +
		`"mean_wait_ms":null,"median_wait_ms":null,"p90_wait_ms":null,"wait_n":0,"standard_n":0,"within_standard":null,` +
		`"mean_walk_ms":null,"walk_n":0,"walk_few_desks":0,"mean_service_ms":null,"service_n":0,"service_few_desks":0,"inferred":0,"inferred_few_desks":0}}` + "\n"
	if b.String() != want {
		t.Errorf("got %s", b.String())
	}
}

func TestFaultsOfTheStoreAreHandedOn(t *testing.T) {
	broken := errors.New("disk is gone")
	_, err := Make(Query{From: everFrom, To: everTo, By: ByDay}, Decoded(func(yield func([]byte, error) bool) { yield(nil, broken) }))
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	_, err = Make(Query{From: everFrom, To: everTo, By: ByDay}, Decoded(func(yield func([]byte, error) bool) { yield([]byte("x"), nil) }))
	if !errors.Is(err, ErrBadSheet) {
		t.Errorf("got %v", err)
	}
}

// sheetOf is a sheet of some legs at these desks, of services of which only the
// first has a standard, 10 min.
func sheetOf(date string, desks []Desk, legs ...Leg) Sheet {
	s := Sheet{
		Day: 1, Date: date, Zone: "Europe/Rome",
		Services: []Service{{ID: "anagrafe", Name: "Anagrafe", StandardMs: 10 * minute, StandardShare: 0.9}, {ID: "info", Name: "Info"}},
		Desks:    desks,
		Series:   []queue.SeriesID{"A"}, Channels: []queue.CauseKind{queue.ByTotem}, rows: make([]byte, len(legs)*rowBytes),
	}
	for i, l := range legs {
		l.Ticket = i + 1
		l.WithinStandard = queue.WithinStandard(l.FirstWaitMs, s.Services[l.Service].StandardMs)
		s.row(i).put(l)
	}
	s.split = s.judge()
	return s
}

// oneLeg is a sheet with a single leg.
func oneLeg(date string, l Leg) Sheet {
	return sheetOf(date, []Desk{{ID: "s1", Label: "1", Group: "poli"}, {ID: "s2", Label: "2"}}, l)
}

// Which legs are in the mean, and which are held against the standard, leg by
// leg.
func TestWhichLegsCount(t *testing.T) {
	const short, exact, late = 10*minute - 1, 10 * minute, 10*minute + 1
	for _, x := range []struct {
		name      string
		leg       Leg
		wait      bool // in the mean
		standard  int
		within    float64
		serviceMs bool
	}{
		{"served in time", Leg{Outcome: Served, Called: true, FirstWaitMs: short}, true, 1, 1, false},
		{"served at the standard is within it", Leg{Outcome: Served, Called: true, FirstWaitMs: exact}, true, 1, 1, false},
		{"served a millisecond later is not", Leg{Outcome: Served, Called: true, FirstWaitMs: late}, true, 1, 0, false},
		{"only the first wait is held against it", Leg{Outcome: Served, Called: true, FirstWaitMs: short, WaitMs: 2 * exact}, true, 1, 1, false},
		{"transferred", Leg{Outcome: Transferred, Called: true, FirstWaitMs: late}, true, 1, 0, false},
		{"no-show called in time", Leg{Outcome: NoShow, Called: true, FirstWaitMs: short}, false, 1, 1, false},
		{"no-show called late", Leg{Outcome: NoShow, Called: true, FirstWaitMs: late}, false, 1, 0, false},
		{"expired early", Leg{Outcome: Expired, FirstWaitMs: exact}, false, 0, 0, false},
		{"expired late", Leg{Outcome: Expired, FirstWaitMs: late}, false, 1, 0, false},
		{"expired on hold after a call in time", Leg{Outcome: Expired, Called: true, FirstWaitMs: short}, false, 1, 1, false},
		{"cancelled late", Leg{Outcome: Cancelled, FirstWaitMs: exact}, false, 0, 0, false},
		{"cancelled at the desk", Leg{Outcome: Cancelled, Called: true, FirstWaitMs: exact}, false, 0, 0, false},
		{"under way", Leg{Outcome: Open, Called: true, FirstWaitMs: exact}, false, 0, 0, false},
		{"no standard", Leg{Outcome: Served, Called: true, FirstWaitMs: exact, Service: 1}, true, 0, 0, false},
		{"known end", Leg{Outcome: Served, Called: true, HasService: true}, true, 1, 1, true},
		{"unknown end", Leg{Outcome: Served, Called: true, HasService: true, UnknownEnd: true}, true, 1, 1, true},
	} {
		f := mustMake(t, Query{From: everFrom, To: everTo, By: ByService}, []Sheet{oneLeg("2026-11-24", x.leg)}).Total.Figures
		if (f.WaitN == 1) != x.wait || f.StandardN != x.standard || (f.ServiceFewDesks == 1) != x.serviceMs || f.ServiceN != 0 {
			t.Errorf("%s: waits %d, against the standard %d, services %d", x.name, f.WaitN, f.StandardN, f.ServiceFewDesks)
		}
		if x.standard > 0 && *f.WithinStandard != x.within {
			t.Errorf("%s: within %v, want %v", x.name, *f.WithinStandard, x.within)
		}
	}
}

func TestKeysAndLabels(t *testing.T) {
	sheets := []Sheet{
		oneLeg("2026-11-24", Leg{Desk: -1, Minute: 9*60 + 59, Outcome: Expired}),
		oneLeg("2026-11-26", Leg{Desk: 1, Minute: 10 * 60, Outcome: Served, Called: true}),
		oneLeg("2026-11-25", Leg{Desk: 0, Minute: 23*60 + 59, Outcome: Served, Called: true}),
		oneLeg("2026-11-27", Leg{Desk: 0, Minute: 0, Outcome: Served, Called: true}), // out of range
	}
	sheets[1].Services[0].Name = "Anagrafe e stato civile"
	for by, want := range map[Grouping]string{
		ByHour:    "9=9-10 10=10-11 23=23-24",
		ByDay:     "2026-11-24=2026-11-24 2026-11-25=2026-11-25 2026-11-26=2026-11-26",
		ByService: "anagrafe=Anagrafe e stato civile",
		ByGroup:   "*=(uniti, meno di 3 sportelli) =(nessuno sportello)",
	} {
		r := mustMake(t, Query{From: "2026-11-24", To: "2026-11-26", By: by}, sheets)
		var got []string
		for _, row := range r.Rows {
			got = append(got, row.Key+"="+row.Label)
		}
		if strings.Join(got, " ") != want || r.Days != 3 || r.Visits != 3 {
			t.Errorf("by %s: %q, %d days, %d visits", by, got, r.Days, r.Visits)
		}
	}
}

func TestSlotsOfMinutes(t *testing.T) {
	g := slots(15)
	if k := g.key(nil, 11*4+1); k.key != "11:15" || k.label != "11:15-11:30" {
		t.Errorf("key %+v", k)
	}
}

func TestInferredLegsCanBeLeftOut(t *testing.T) {
	sheets := []Sheet{
		oneLeg("2026-11-24", Leg{Outcome: Served, Called: true}),
		oneLeg("2026-11-25", Leg{Outcome: Served, Called: true, Inferred: true}),
	}
	q := Query{From: everFrom, To: everTo, By: ByDay}
	if r := mustMake(t, q, sheets); r.Total.Inferred != 1 || r.Total.Legs != 2 || r.LeftOut != 0 {
		t.Errorf("all: %+v", r)
	}
	q.LeaveOutInferred = true
	if r := mustMake(t, q, sheets); r.Total.Inferred != 0 || r.Total.Legs != 1 || r.LeftOut != 1 || len(r.Rows) != 1 {
		t.Errorf("observed: %+v", r)
	}
}

// The picker must agree with a sort, whatever the waits and however they are
// parted.
func TestPercentilesAreByNearestRank(t *testing.T) {
	var pick picker
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(1, 3*fewWaits), rapid.IntRange(manyWaits-2, manyWaits+2)).Draw(t, "n")
		longest := rapid.Int64Range(1, 1<<rapid.IntRange(1, 48).Draw(t, "bits")).Draw(t, "longest")
		seed := rapid.Uint64().Draw(t, "seed")
		waits := make([]int64, n)
		for i := range waits {
			seed = seed*6364136223846793005 + 1442695040888963407
			waits[i] = int64(seed>>16) % longest
		}
		cut := rapid.IntRange(0, n).Draw(t, "cut")
		median, p90 := pick.percentiles([][]int64{waits[:cut], waits[cut:]}, n, slices.Max(waits))
		slices.Sort(waits)
		for percent, got := range map[int]int64{50: median, 90: p90} {
			i := 0
			for 100*(i+1) < percent*n {
				i++
			}
			if got != waits[i] {
				t.Fatalf("p%d of %d waits is %d, want %d", percent, n, got, waits[i])
			}
		}
	})
}
