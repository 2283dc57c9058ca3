package simulate

import (
	"errors"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/office"
	"eliminacode/queue/oracle"
	"eliminacode/queue/waiting"
)

// daySum is how a report sums up a day.
func daySum(day *queue.State) oracle.DaySum {
	sheet := waiting.Rows(day)
	q := waiting.Query{From: sheet.Date, To: sheet.Date, By: waiting.ByDay}
	r, err := waiting.Make(q, func(yield func(waiting.Sheet, error) bool) { yield(sheet, nil) })
	if err != nil {
		return oracle.DaySum{}
	}
	n := r.Total
	return oracle.DaySum{Visits: n.Visits, Legs: n.Legs, Served: n.Served, NoShows: n.NoShows, Cancelled: n.Cancelled, Expired: n.Expired}
}

func try(t testing.TB, trial Trial) Outcome {
	t.Helper()
	if trial.Options.From == 0 {
		trial.Options.From = at(t, "2026-01-05 00:00")
	}
	if trial.Options.Paper == nil {
		trial.Options.Paper = WornPaper()
	}
	trial.Report = daySum
	out, err := trial.Run()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// days is how many days a long trial lives.
func days(t testing.TB, whole, raceful int) int {
	t.Helper()
	if raced {
		return raceful
	}
	return whole
}

// logCounts prints what a trial did.
func logCounts(t testing.TB, out Outcome, began time.Time) {
	t.Helper()
	n, took := out.Counts, time.Since(began)
	t.Logf("%d days, %d visits, %d events, %d folds in %v: %.0f events/s", n.Days, n.Visits, n.Events, out.Folds,
		took.Round(time.Millisecond), float64(n.Events)/took.Seconds())
	t.Logf("mean wait %.1f min (n %d), 11-12 %.1f min (n %d); served %d, no-shows %d, cancelled %d, expired %d, transfers %d",
		n.FirstWaits.Minutes(), n.FirstWaits.N, n.FirstWaitsByHour[11].Minutes(), n.FirstWaitsByHour[11].N,
		n.Served, n.NoShows, n.Cancelled, n.Expired, n.Kinds["TicketTransferred"])
	t.Logf("rules %v", n.Rules)
	t.Logf("events by kind %v", n.Kinds)
}

// Forty days of the reference office with everything that can go wrong.
func TestFortyDays(t *testing.T) {
	began := time.Now()
	out := try(t, Trial{Setup: office.Reference(), Options: Options{Seed: 1, Mishaps: DefaultMishaps()}, Days: days(t, 40, 10)})
	for _, v := range out.Violations {
		t.Error(v)
	}
	if out.Folds < out.Counts.Days-2 {
		t.Errorf("the office was compared with its journal %d times in %d days", out.Folds, out.Counts.Days)
	}
	logCounts(t, out, began)
}

// A thousand days: every rule chooses somebody, every kind of event comes, and
// no invariant breaks.
func TestThousandDays(t *testing.T) {
	t.Parallel() // one goroutine for most of a minute
	began := time.Now()
	setup := office.Reference()
	out := try(t, Trial{Setup: setup, Options: Options{Seed: 1, Mishaps: DefaultMishaps()}, Days: days(t, 1000, 15)})
	for _, v := range out.Violations {
		t.Error(v)
	}
	for _, r := range Rules(setup) {
		if out.Counts.Rules[r] == 0 && !raced {
			t.Errorf("rule %q chose nobody", r)
		}
	}
	if len(out.Counts.Rules) > len(Rules(setup)) {
		t.Errorf("rules %v chose, want only %v", out.Counts.Rules, Rules(setup))
	}
	logCounts(t, out, began)
}

// The two other disciplines, without calls by number, and with other numbers in
// every rule.
func TestOtherRules(t *testing.T) {
	t.Parallel() // one goroutine for most of a minute
	for _, d := range []queue.Discipline{queue.FirstCome, queue.StrictProfile} {
		t.Run(string(d), func(t *testing.T) {
			setup := office.Reference()
			r := &setup.Rules
			r.Discipline, r.CallByNumber, r.CallOutside = d, false, true
			r.PriorityRatio, r.TransferPlace, r.ReturnAfterCalls = 3, queue.PlaceBack, 1
			r.NoShowRecalls, r.LateReturnMs, r.UndoMs = 1, 10*minuteMs, 15*secondMs
			r.AppointmentEarlyMs, r.AppointmentToleranceMs = 5*minuteMs, 8*minuteMs
			for i := range setup.Services {
				setup.Services[i].MaxMs = 2 * setup.Services[i].StandardMs
			}
			// One desk without public, for transfers and appointments alone.
			setup.Desks = append(setup.Desks, queue.Desk{
				ID: "retro", Label: "R", Group: "retro", BackOffice: true, Profile: queue.Profile{First: []queue.ServiceID{"invalidi"}},
			})
			began := time.Now()
			out := try(t, Trial{Setup: setup, Options: Options{Seed: 2, Mishaps: DefaultMishaps(), Conduct: strained(), VisitsPerDay: 220}, Days: days(t, 100, 4)})
			for _, v := range out.Violations {
				t.Error(v)
			}
			for _, r := range Rules(setup) {
				if out.Counts.Rules[r] == 0 && !raced {
					t.Errorf("rule %q chose nobody", r)
				}
			}
			logCounts(t, out, began)
		})
	}
}

// A report that forgets one is found.
func TestTrialChecksTheReports(t *testing.T) {
	out, err := Trial{
		Setup: office.Reference(), Days: 2, Options: Options{Seed: 1, From: at(t, "2026-01-05 00:00"), Paper: DefaultPaper()},
		Report: func(day *queue.State) oracle.DaySum {
			sum := daySum(day)
			sum.Served--
			return sum
		},
	}.Run()
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Violations) != 2 || out.Violations[0].Breach != oracle.BreachReport {
		t.Errorf("found %v, want one breach of %q a day", out.Violations, oracle.BreachReport)
	}
}

func TestTrialsThatCannotBe(t *testing.T) {
	shut := office.Reference()
	shut.Hours.Week = nil
	shut.Hours.Exceptions = nil
	from := at(t, "2026-01-05 00:00")
	for name, trial := range map[string]Trial{
		"no days":                {Setup: office.Reference(), Options: Options{From: from}},
		"no beginning":           {Setup: office.Reference(), Days: 1},
		"an office always shut":  {Setup: shut, Days: 1, Options: Options{From: from}},
		"mishaps without an end": {Setup: office.Reference(), Days: 1, Options: Options{From: from, Mishaps: &Mishaps{Children: -1}}},
		"a share above all":      {Setup: office.Reference(), Days: 1, Options: Options{From: from, Mishaps: &Mishaps{WrongBoots: 2}}},
	} {
		if _, err := trial.Run(); !errors.Is(err, ErrBadOptions) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
