package setups

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"eliminacode/display"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
)

// planned saves a change of some values of the office in force for a day.
func planned(t *testing.T, s *Store, from string, values ...string) {
	t.Helper()
	state, _ := s.office.Watch()
	d := office.Edit(state.Setup())
	for i := 0; i < len(values); i += 2 {
		if err := d.Set(values[i], values[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Save(t.Context(), display.SetupAct{Setup: d.Setup(), Base: office.Mark(state.Setup()), Who: manager, Why: "per il " + from, From: from}); err != nil {
		t.Fatal(err)
	}
}

// whys are the reasons of what waits, in order.
func whys(s *Store) (all []string) {
	for _, p := range s.Planned() {
		all = append(all, p.Why)
	}
	return all
}

// Plans are put in force at the beginning of their days, those of one day in the
// order in which they were saved, also when the box was off on the day itself.
func TestPlansHoldFromTheirDaysInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, o := t.TempDir(), newOffice(t)
		s := open(t, dir, o)
		planned(t, s, "2026-11-27", "office.note", "venerdì")
		planned(t, s, "2026-11-25", "office.note", "mercoledì", "office.place", "Piano 1")
		planned(t, s, "2026-11-25", "office.place", "Piano 2")
		want := []string{"per il 2026-11-25", "per il 2026-11-25", "per il 2026-11-27"}
		s = open(t, dir, o) // after a restart
		if diff := cmp.Diff(want, whys(s)); diff != "" {
			t.Fatal(diff)
		}
		stop := running(t, s)
		o.tomorrow(t)
		synctest.Wait()
		if got := o.state.Setup().Office; got.Note != "mercoledì" || got.Place != "Piano 2" || len(s.Planned()) != 1 {
			t.Errorf("on Wednesday in force is %+v, and %v wait", got, whys(s))
		}
		stop()
		o.tomorrow(t)
		o.tomorrow(t)
		o.tomorrow(t)
		s = open(t, dir, o)
		defer running(t, s)()
		if got := o.state.Setup().Office; got.Note != "venerdì" || got.Place != "Piano 2" || len(s.Planned()) > 0 {
			t.Errorf("on Saturday in force is %+v, and %v wait", got, whys(s))
		}
	})
}

// What can no longer be put in force when its day comes is told, keeps no other
// back, and is tried again the next day.
func TestPlanThatCannotHoldIsToldAndKeepsNoneBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		s := open(t, t.TempDir(), o)
		defer running(t, s)()
		planned(t, s, "2026-11-25", "series[1].letters", "Q")
		planned(t, s, "2026-11-25", "office.note", "mercoledì")
		now := office.Edit(o.state.Setup())
		_ = now.Set("series[2].letters", "Q")
		if err := s.Save(t.Context(), display.SetupAct{Setup: now.Setup(), Base: office.Mark(o.state.Setup()), Who: manager}); err != nil {
			t.Fatal(err)
		}
		o.tomorrow(t)
		synctest.Wait()
		if o.state.Setup().Office.Note != "mercoledì" {
			t.Error("the other of the day is not in force")
		}
		all := s.Planned()
		if len(all) != 1 || all[0].Failed != "bad-setup" {
			t.Fatalf("planned are %+v", all)
		}
		// What stood against it goes away.
		now = office.Edit(o.state.Setup())
		_ = now.Set("series[2].letters", "B")
		if err := s.Save(t.Context(), display.SetupAct{Setup: now.Setup(), Base: office.Mark(o.state.Setup()), Who: manager}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if len(s.Planned()) != 1 {
			t.Error("it is tried again on the same day")
		}
		o.tomorrow(t)
		synctest.Wait()
		if len(s.Planned()) > 0 || o.state.Setup().Series[0].Letters != "Q" {
			t.Errorf("on the next day %v wait", whys(s))
		}
	})
}

// A plan whose file is damaged is told and left where it is: the others wait and
// hold, and none is written over it.
func TestDamagedPlanKeepsNoneBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, o := t.TempDir(), newOffice(t)
		s := open(t, dir, o)
		planned(t, s, "2026-11-25", "office.note", "uno")
		planned(t, s, "2026-11-25", "office.place", "Piano 2")
		bad := filepath.Join(dir, planName(2))
		if err := os.Rename(filepath.Join(dir, planName(1)), filepath.Join(dir, onlyPlan)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(bad, []byte(`{"v":1,"from":`), 0o600); err != nil {
			t.Fatal(err)
		}
		var log strings.Builder
		s = Open(dir, o, slog.New(slog.NewTextHandler(&log, nil)))
		planned(t, s, "2026-11-25", "office.excluded_letters", "IO")
		if n := len(s.Planned()); n != 2 || !strings.Contains(log.String(), planName(2)) {
			t.Errorf("%d are planned, and told is %s", n, log.String())
		}
		defer running(t, s)()
		o.tomorrow(t)
		synctest.Wait()
		if got := o.state.Setup().Office; got.Note != "uno" || got.ExcludedLetters != "IO" || len(s.Planned()) > 0 {
			t.Errorf("in force is %+v", got)
		}
		if b, err := os.ReadFile(bad); err != nil || string(b) != `{"v":1,"from":` {
			t.Error("the damaged one is gone, or another was written over it")
		}
	})
}

func TestPlansAreBoundedAndTakenBackOneByOne(t *testing.T) {
	o := newOffice(t)
	s := open(t, t.TempDir(), o)
	for i := range mostPlans {
		planned(t, s, "2026-12-01", "office.note", fmt.Sprint(i))
	}
	in := o.state.Setup()
	act := display.SetupAct{Setup: in, Base: office.Mark(in), Who: manager, From: "2026-12-02"}
	if err := s.Save(t.Context(), act); !errors.Is(err, display.ErrPlansFull) {
		t.Errorf("one more: %v", err)
	}
	if s.PlanEnded(mostPlans) || s.PlanEnded(mostPlans+1) {
		t.Error("one has ended that waits, or never was")
	}
	if err := errors.Join(s.Unplan(mostPlans), s.Save(t.Context(), act)); err != nil {
		t.Error(err)
	}
	if all := s.Planned(); all[mostPlans-1].Number != mostPlans+1 {
		t.Errorf("the number of one that was taken back is given again: %d", all[mostPlans-1].Number)
	}
	if again := open(t, s.dir, o); !again.PlanEnded(mostPlans) || again.PlanEnded(mostPlans+1) || again.PlanEnded(mostPlans+2) || again.PlanEnded(0) {
		t.Error("after a start nobody knows which have ended")
	}
	act.From = "2026-12-03"
	if err := errors.Join(s.Unplan(3), s.Save(t.Context(), act)); err != nil {
		t.Error(err)
	}
	if err := s.Unplan(3); !errors.Is(err, display.ErrNoPlan) {
		t.Errorf("the same again: %v", err)
	}
	if all := s.Planned(); len(all) != mostPlans || all[2].Setup.Office.Note != "3" || all[mostPlans-1].From != "2026-12-03" {
		t.Errorf("%d are planned", len(all))
	}
}

// setClock lets a person set the clock to so much more, and the day get its date.
func (o *fakeOffice) setClock(t *testing.T, byMs int64) {
	t.Helper()
	o.mu.Lock()
	o.now.Synced = false
	o.mu.Unlock()
	o.must(t, queue.SetClock{CorrectionMs: o.state.CorrectionMs() + byMs, Sure: true})
	plan, err := calendar.Plan(o.state.Setup(), o.state.OfficeTime(o.Now()))
	if err != nil {
		t.Fatal(err)
	}
	o.must(t, queue.OpenDay{Plan: plan})
}

// A person sets the clock over the day for which something was planned, in the middle
// of a day: it is in force at once, and its history says for when it was meant. The
// clock set back undoes nothing.
func TestAPlanHoldsWhenTheClockIsSetOverItsDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		s := open(t, t.TempDir(), o)
		defer running(t, s)()
		planned(t, s, "2026-11-25", "office.note", "mercoledì")
		planned(t, s, "2026-12-04", "office.place", "Piano 2")
		// Somebody waits, so that the day goes on under another date.
		setup, day := o.state.Setup(), o.state.Day().Ordinal
		o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: setup.Services[0].ID, Outlet: setup.Outlets[0].ID})
		o.setClock(t, 3*86_400_000)
		synctest.Wait()
		if o.state.Day().Ordinal != day || o.state.Plan().Date != "2026-11-27" {
			t.Fatalf("the day is %d, %s: want the same one under another date", o.state.Day().Ordinal, o.state.Plan().Date)
		}
		if o.state.Setup().Office.Note != "mercoledì" || !cmp.Equal(whys(s), []string{"per il 2026-12-04"}) {
			t.Errorf("the note is %q, and %v wait", o.state.Setup().Office.Note, whys(s))
		}
		newest := s.Versions()[0]
		if newest.For != "2026-11-25" || newest.Why != "per il 2026-11-25" || newest.Who != "m1" || newest.At.UTC().Format("2006-01-02") != "2026-11-27" {
			t.Errorf("the history says %+v", newest)
		}
		o.setClock(t, -3*86_400_000)
		synctest.Wait()
		if o.state.Plan().Date != "2026-11-24" || o.state.Setup().Office.Note != "mercoledì" || len(s.Versions()) != 2 {
			t.Errorf("on %s the note is %q, of %d versions", o.state.Plan().Date, o.state.Setup().Office.Note, len(s.Versions()))
		}
		if again := open(t, s.dir, o).Versions(); again[0].For != "2026-11-25" {
			t.Error("after a start the history does not say for when it was meant")
		}
	})
}

// A day that opens by a doubtful clock puts nothing in force; the moment that its date is
// known does.
func TestAPlanWaitsUntilTheDateIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		s := open(t, t.TempDir(), o)
		defer running(t, s)()
		planned(t, s, "2026-11-25", "office.note", "mercoledì")
		o.mu.Lock()
		o.now = queue.Now{Wall: 60_000, Boot: "b2", Mono: 60_000}
		o.mu.Unlock()
		o.must(t, queue.StartUp{Version: "t"})
		o.now.Wall += 30 * 3_600_000
		o.now.Mono += 30 * 3_600_000
		o.must(t, queue.Tick{})
		plan, err := calendar.Plan(o.state.Setup(), o.state.OfficeTime(o.Now()))
		if err != nil {
			t.Fatal(err)
		}
		o.must(t, queue.OpenDay{Plan: plan})
		synctest.Wait()
		if !o.state.Plan().Provisional || len(s.Planned()) != 1 {
			t.Fatalf("provisional %t, and %v wait", o.state.Plan().Provisional, whys(s))
		}
		o.setClock(t, nine+30*3_600_000-60_000-30*3_600_000)
		synctest.Wait()
		if o.state.Plan().Date != "2026-11-25" || len(s.Planned()) != 0 || o.state.Setup().Office.Note != "mercoledì" {
			t.Errorf("on %s %v wait", o.state.Plan().Date, whys(s))
		}
	})
}
