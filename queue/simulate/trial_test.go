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

// A box whose clock runs ahead, and was set by a person, goes off every day, and another
// one goes on with a copy whose own clock is right or wrong.
func TestOtherBoxesGoOn(t *testing.T) {
	m := DefaultMishaps()
	m.PowerCuts, m.OtherBoxes, m.ClockSteps = 2, 1, 0
	trial := Trial{
		Setup: office.Reference(), Days: days(t, 30, 4), Report: daySum,
		Options: Options{Seed: 4, From: at(t, "2026-01-05 00:00"), Paper: WornPaper(), Mishaps: m},
	}
	r, err := trial.begin()
	if err != nil {
		t.Fatal(err)
	}
	copied := 0
	acts := r.acts
	r.acts = nil
	for _, a := range acts {
		r.acts = append(r.acts, act{a.at, func() error {
			// A person puts right what the clock shows too much. A correction counts as
			// right, so that the wall clock is moved by as much before.
			s, now := r.core.State(), r.core.Now()
			if copied%3 == 0 && s.Day().Open && s.ClockSure(now) && r.core.wrong == 0 {
				r.core.now.Wall += 40 * minuteMs
				r.core.now.Synced = false
				if _, _, err := r.core.Do(r.core.now, queue.SetClock{CorrectionMs: s.CorrectionMs() - 40*minuteMs, Sure: true}); err != nil {
					return err
				}
			}
			before := r.core.State()
			if err := a.do(); err != nil {
				return err
			}
			if s, now := r.core.State(), r.core.Now(); s.Journal() != before.Journal() {
				copied++
				if s.CorrectionMs() != 0 || s.ClockSure(now) != now.Synced {
					t.Errorf("copy %d: a correction of %d ms, sure %t where the network says so %t", copied, s.CorrectionMs(), s.ClockSure(now), now.Synced)
				}
			}
			return nil
		}})
	}
	if err := r.live(); err != nil {
		t.Fatal(err)
	}
	for _, v := range r.checker.Violations() {
		t.Error(v)
	}
	if corrected := r.counts.Kinds["ClockSet"]; copied < days(t, 30, 3) || corrected == 0 {
		t.Errorf("%d copies were put back, and %d clocks were set", copied, corrected)
	}
	t.Logf("%d copies, %d clocks set, %d visits", copied, r.counts.Kinds["ClockSet"], r.counts.Visits)
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
