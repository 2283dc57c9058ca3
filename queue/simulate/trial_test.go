package simulate

import (
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/office"
	"eliminacode/queue/waiting"
)

// daySum is how the reports sum up a day.
func daySum(day []queue.Event) DaySum {
	var sum DaySum
	for _, leg := range waiting.RowsOf(day).Legs() {
		sum.Legs++
		if leg.Leg == 0 {
			sum.Visits++
		}
		switch leg.Outcome {
		case waiting.Served:
			sum.Served++
		case waiting.NoShow:
			sum.NoShows++
		case waiting.Cancelled:
			sum.Cancelled++
		case waiting.Expired:
			sum.Expired++
		}
	}
	return sum
}

func try(t testing.TB, trial Trial) Outcome {
	t.Helper()
	if trial.Options.From == 0 {
		trial.Options.From = at(t, "2026-01-05 00:00")
	}
	if trial.Options.Paper == nil {
		trial.Options.Paper = DefaultPaper()
	}
	trial.Report = daySum
	out, err := trial.Run()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFortyDays(t *testing.T) {
	began := time.Now()
	out := try(t, Trial{Setup: office.Reference(), Options: Options{Seed: 1, Mishaps: DefaultMishaps()}, Days: 40})
	for _, v := range out.Violations {
		t.Error(v)
	}
	t.Logf("%d visits, %d events, %d folds in %v; rules %v; kinds %v", out.Tally.Visits, out.Tally.Events, out.Folds,
		time.Since(began).Round(time.Millisecond), out.Tally.Rules, out.Tally.Kinds)
}
