package calendar

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"eliminacode/queue"
)

// zones jump in every way that clocks have jumped: by half an hour, at
// midnight, southern, never, and over a whole day.
var zones = []string{
	"Europe/Rome", "UTC", "America/St_Johns", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Tehran",
	"Pacific/Apia", "Africa/Casablanca", "America/Havana", "Antarctica/Troll", "Asia/Kathmandu",
}

func drawClock(t *rapid.T, from, to int, label string) string {
	m := rapid.IntRange(from, to).Draw(t, label)
	return fmt.Sprintf("%02d:%02d", m/60, m%60)
}

func drawBand(t *rapid.T) queue.WeekBand {
	open := rapid.IntRange(0, dayMinutes-1).Draw(t, "open")
	return queue.WeekBand{
		Days: rapid.SliceOfN(rapid.SampledFrom(weekdayNames[:]), 1, 7).Draw(t, "days"),
		Open: fmt.Sprintf("%02d:%02d", open/60, open%60), Close: drawClock(t, open+1, dayMinutes, "close"),
	}
}

func drawSetup(t *rapid.T) queue.Setup {
	s := queue.Setup{Office: queue.Office{Zone: rapid.SampledFrom(zones).Draw(t, "zone")}}
	for range rapid.IntRange(0, 4).Draw(t, "bands") {
		s.Hours.Week = append(s.Hours.Week, drawBand(t))
	}
	s.Hours.Holidays = rapid.Bool().Draw(t, "holidays")
	s.Hours.ExpireAfterMs = rapid.Int64Range(0, 40*3_600_000).Draw(t, "expire")
	if rapid.Bool().Draw(t, "cut") {
		s.Hours.Cut = drawClock(t, 0, dayMinutes, "cut at")
	}
	return s
}

// Whatever the hours and the zone, every moment lies in exactly one day, days
// follow each other without a gap, and bands lie within their day.
func TestEveryMomentHasOneDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		setup := drawSetup(t)
		at := time.Date(rapid.IntRange(1960, 2060).Draw(t, "year"), 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli() +
			rapid.Int64Range(0, 366*86_400_000).Draw(t, "at")
		plan, err := Plan(setup, at)
		if err != nil {
			t.Fatal(err)
		}
		if at < plan.Begins || at >= plan.Ends {
			t.Fatalf("%d is not in %+v", at, plan)
		}
		if length := plan.Ends - plan.Begins; length < 20*3_600_000 || length > 28*3_600_000 {
			t.Fatalf("the day has %d hours", length/3_600_000)
		}
		for _, border := range []int64{plan.Begins, plan.Ends - 1} {
			if same, err := Plan(setup, border); err != nil || same.Date != plan.Date {
				t.Fatalf("%d is in %s (%v), not in %s", border, same.Date, err, plan.Date)
			}
		}
		next, err := Plan(setup, plan.Ends)
		if err != nil || next.Begins != plan.Ends {
			t.Fatalf("after %+v comes %+v (%v)", plan, next, err)
		}
		checkBands(t, plan)
	})
}

func checkBands(t *rapid.T, plan queue.DayPlan) {
	last := plan.Begins
	for _, b := range plan.Bands {
		if b.Opens >= b.Closes || b.Opens < plan.Begins || b.Closes > plan.Ends {
			t.Fatalf("a band outside its day: %+v", plan)
		}
		last = max(last, b.Closes)
	}
	if !slices.IsSortedFunc(plan.Bands, func(a, b queue.Band) int { return int(a.Opens - b.Opens) }) {
		t.Fatalf("bands out of order: %+v", plan)
	}
	switch {
	case len(plan.Bands) == 0 && plan.Expiry != 0, len(plan.Bands) > 0 && (plan.Expiry < last || plan.Expiry > plan.Ends):
		t.Fatalf("expiry %d of %+v", plan.Expiry, plan)
	}
}

// What the bands of a whole year add up to on the clock is what the week says,
// wherever no clock is changed.
func TestBandsAddUpToTheWeek(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		setup := drawSetup(t)
		setup.Office.Zone, setup.Hours.Holidays, setup.Hours.Cut = "UTC", false, ""
		want, err := WeeklyMinutes(setup)
		if err != nil {
			t.Fatal(err)
		}
		open := map[int64]bool{}
		from := Date{2026, time.March, 2}
		for i := range 7 {
			plan, err := PlanOn(setup, from.AddDays(i))
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range plan.Bands {
				for at := b.Opens; at < b.Closes; at += 60_000 {
					open[at] = true
				}
			}
		}
		if len(open) != want {
			t.Fatalf("the plans of a week open %d minutes, the hours say %d", len(open), want)
		}
	})
}

func FuzzPlan(f *testing.F) {
	f.Add("Europe/Rome", "08:15", "17:00", "", "08-10", int64(1_795_000_000_000))
	f.Add("Pacific/Apia", "00:00", "24:00", "12:00", "02-29", int64(1_325_200_000_000))
	f.Add("", "8", "24:60", "24:00", "x", int64(-1))
	f.Fuzz(func(t *testing.T, zone, open, closing, cut, patron string, at int64) {
		setup := queue.Setup{Office: queue.Office{Zone: zone}, Hours: queue.Hours{
			Week:   []queue.WeekBand{{Days: weekdayNames[:], Open: open, Close: closing}},
			Patron: patron, Cut: cut, Holidays: true,
		}}
		at %= 250_000_000_000_000 // The years -5900 to 9900: beyond them no clock goes.
		plan, err := Plan(setup, at)
		if err != nil {
			return
		}
		if at < plan.Begins || at >= plan.Ends {
			t.Errorf("%d is not in %+v", at, plan)
		}
	})
}
