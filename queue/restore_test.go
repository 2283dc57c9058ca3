package queue

import (
	"errors"
	"testing"
)

// restored puts back what the hall was, after ms by the wall clock.
func (h *hall) restored(ms int64, next ...SeriesFrom) {
	h.now.Wall += ms
	h.now.Boot += "'"
	h.now.Mono = 20 * second
	h.do(StartUp{Version: "test", Journal: "journal-2", Restored: &Restoration{Next: next}})
}

// TestARestoredOfficeGivesNoNumberTwice: what was given after the copy was made
// is not given again, on the same day and on the next.
func TestARestoredOfficeGivesNoNumberTwice(t *testing.T) {
	for name, c := range map[string]struct {
		later  int64
		synced bool
		told   []SeriesFrom
		today  int // the first number after the copy is put back; 0 is not asked
		newDay bool
		next   int // of the day after that
	}{
		"the same morning":                {later: hour, synced: true, today: 103, next: 1},
		"told another number":             {later: hour, synced: true, told: []SeriesFrom{{"A", 200}}, today: 200, next: 1},
		"told a number that is not there": {later: hour, synced: true, told: []SeriesFrom{{"A", 5000}}, today: 103, next: 1},
		"a copy of yesterday":             {later: 24 * hour, synced: true, newDay: true, today: 103, next: 1},
		"by a clock that is not sure":     {later: -hour, synced: false, today: 103, next: 103},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t)
			for range 3 {
				h.issue("anagrafe")
				h.pass(second)
			}
			copied, n := h.state, len(h.events)
			last := h.issue("anagrafe") // after the copy was made
			h.state, h.events = copied, h.events[:n]
			h.now.Synced = c.synced
			h.restored(c.later, c.told...)
			if h.state.Journal() != "journal-2" {
				t.Errorf("the journal is %q", h.state.Journal())
			}
			open := func(day int64, date string) { h.do(OpenDay{Plan: testPlan(tuesday+day*24*hour, date)}) }
			if c.newDay {
				open(1, "2026-11-25")
			}
			got := h.issue("anagrafe").Number
			if got.Value != c.today || got.Value == last.Number.Value {
				t.Errorf("the first number is %d, want %d", got.Value, c.today)
			}
			h.now.Wall += 26 * hour
			h.now.Mono += 26 * hour
			h.now.Synced = true
			if h.state.NeedsDay(h.now) {
				open(map[bool]int64{true: 2, false: 1}[c.newDay], "2026-11-26")
			}
			if got := h.issue("anagrafe").Number.Value; got != c.next {
				t.Errorf("on the day after it is %d, want %d", got, c.next)
			}
			if d := digest(Fold(h.events)); d != digest(h.state) {
				t.Error("the events make another office")
			}
		})
	}
}

// TestAShortSeriesGoesOnFarFromItsLast: a gap that does not fit wraps, and never
// comes back to the numbers that were just given.
func TestAShortSeriesGoesOnFarFromItsLast(t *testing.T) {
	for _, c := range []struct {
		series     Series
		next, want int
	}{
		{Series{First: 1, Last: 999}, 0, 100},
		{Series{First: 1, Last: 999}, 43, 142},
		{Series{First: 1, Last: 999}, 951, 51},
		{Series{First: 1, Last: 60}, 11, 40},
		{Series{First: 1, Last: 60}, 51, 20},
		{Series{First: 500, Last: 999}, 500, 599},
		{Series{Ranges: []Range{{1, 99}, {200, 399}}}, 51, 250},
		{Series{First: 7, Last: 7}, 8, 7},
	} {
		if got := c.series.after(c.next, restoreGap); got != c.want || !c.series.has(got) {
			t.Errorf("%+v after %d: %d, want %d", c.series, c.next, got, c.want)
		}
	}
}

func TestAfterRestoreRefusesWhatNoSeriesGives(t *testing.T) {
	h := newHall(t)
	if _, err := h.state.AfterRestore([]SeriesFrom{{"nothing", 1}}); !errors.Is(err, ErrUnknownSeries) {
		t.Error(err)
	}
	if _, err := h.state.AfterRestore([]SeriesFrom{{"A", 100_000}}); !errors.Is(err, ErrBadCommand) {
		t.Error(err)
	}
	backup := h.state
	h.issue("anagrafe")
	if _, err := backup.AfterRestore([]SeriesFrom{{"A", 1}}, h.state); !errors.Is(err, ErrBadCommand) {
		t.Errorf("a number that another state has given: %v", err)
	}
	if next, err := backup.AfterRestore(nil, h.state, &State{}); err != nil || next[0] != (SeriesFrom{"A", 101}) {
		t.Errorf("with another state of the day the series go on at %v, %v", next, err)
	}
	next, err := h.state.AfterRestore([]SeriesFrom{{"C", 2}})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range next {
		if want := map[SeriesID]int{"A": 101, "C": 2}[n.Series]; want != 0 && n.From != want {
			t.Errorf("series %s goes on at %d, want %d", n.Series, n.From, want)
		}
	}
}

// TestTheClockOfACopyVouchesForNoOtherBox: what the copy knew of the clock it was made
// beside, its correction and who said that it is right, holds for no other clock. The
// clock of the box that goes on is asked for as after a first start.
func TestTheClockOfACopyVouchesForNoOtherBox(t *testing.T) {
	const ahead = 3 * hour // what the first box's clock shows too much
	for name, c := range map[string]struct {
		later      int64 // of the start on the other box
		synced     bool  // its clock
		sameBoot   bool  // the copy is put back where it was made, without a start
		correction int64
		sure       bool
	}{
		"the same morning":                      {later: hour},
		"on the next day, as over a night":      {later: 25 * hour},
		"a clock that the network keeps":        {later: hour, synced: true, sure: true},
		"the clock it was made beside":          {later: hour, sameBoot: true, correction: -ahead},
		"the same, which the network keeps now": {later: hour, sameBoot: true, synced: true, sure: true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t)
			h.now.Synced = false
			h.now.Wall += ahead
			h.do(SetClock{By: Cause{Kind: ByConsole}, CorrectionMs: -ahead, Sure: true})
			if !h.state.ClockSure(h.now) || h.state.OfficeTime(h.now) != tuesday+8*hour+30*minute {
				t.Fatal("the clock of the first box is not as somebody set it")
			}
			h.issue("anagrafe")
			h.now.Wall += c.later
			h.now.Synced = c.synced
			if c.sameBoot {
				h.now.Mono += c.later
			} else {
				h.now.Wall -= ahead
				h.now.Boot, h.now.Mono = "another box", 20*second
			}
			if c.synced {
				h.now.Wall = tuesday + 8*hour + 30*minute + c.later
			}
			h.do(StartUp{Version: "test", Journal: "journal-2", Restored: &Restoration{}})
			want := tuesday + 8*hour + 30*minute + c.later
			if h.state.CorrectionMs() != c.correction || h.state.OfficeTime(h.now) != want || h.state.ClockSure(h.now) != c.sure || h.state.Day().Provisional == c.sure {
				t.Errorf("a correction of %d ms shows %d ms more than is right, sure %t, want %d ms and sure %t",
					h.state.CorrectionMs(), h.state.OfficeTime(h.now)-want, h.state.ClockSure(h.now), c.correction, c.sure)
			}
			if h.state.ClockDoubtful(h.now) {
				t.Error("a clock that shows what can be is taken for wrong")
			}
			h.do(SetClock{By: Cause{Kind: ByConsole}, CorrectionMs: c.correction})
			if !h.state.ClockSure(h.now) {
				t.Error("it is not sure when somebody said so")
			}
			if d := digest(Fold(h.events)); d != digest(h.state) {
				t.Error("the events make another office")
			}
		})
	}
}

// TestAJournalOfBeforeKeepsItsClock: where a journal was begun on a copy before trust
// began anew with it, it reads as it did then.
func TestAJournalOfBeforeKeepsItsClock(t *testing.T) {
	h := newHall(t)
	h.now.Synced = false
	h.do(SetClock{By: Cause{Kind: ByConsole}, CorrectionMs: 4 * minute})
	before := h.state
	h.pass(26 * hour)
	e := Event{Seq: before.Seq() + 1, At: h.now, Body: JournalBegun{Journal: "journal-2", After: "journal-1"}}
	e.At.Boot, e.At.Mono = "boot-2", 20*second
	after := before.Apply(e)
	if after.CorrectionMs() != 4*minute || !after.sure {
		t.Errorf("the correction is %d ms, sure %t", after.CorrectionMs(), after.sure)
	}
	e.Body = JournalBegun{Journal: "journal-2", After: "journal-1", ClockAnew: true}
	if anew := before.Apply(e); anew.CorrectionMs() != 0 || anew.sure || anew.vouched != "" {
		t.Error("the trust does not begin anew")
	}
}
