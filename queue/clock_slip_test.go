package queue

import (
	"errors"
	"testing"
)

// A person who sets the clock wrong and then right has changed nothing about when the
// day ends: not at once, and not by a later slip either, which would otherwise find
// the day over and everybody who waits with it.
func TestASlipOfTheClockThatIsPutRightIsNone(t *testing.T) {
	for _, slip := range []int64{14 * hour, 3 * hour, -2 * hour} {
		h := newHall(t)
		h.now.Synced = false // a box without a network
		h.open("1")
		h.issue("anagrafe")
		for _, correction := range []int64{0, slip, 0} {
			h.pass(minute)
			h.do(SetClock{By: Cause{Kind: ByManager}, CorrectionMs: correction, Sure: true})
			h.do(Tick{})
		}
		h.issue("anagrafe")
		began := h.state.Day()
		h.pass(3 * hour)
		h.do(SetClock{By: Cause{Kind: ByManager}, CorrectionMs: 20 * hour, Sure: true})
		h.pass(minute)
		h.do(Tick{})
		h.do(SetClock{By: Cause{Kind: ByManager}, CorrectionMs: 0, Sure: true})
		h.pass(minute)
		h.do(Tick{})
		if day := h.state.Day(); day.Ordinal != began.Ordinal {
			t.Errorf("a slip of %d h ends the day: %+v after %+v", slip/hour, day, began)
		}
		if n := h.state.Totals(); n.Waiting == 0 || n.Expired > 1 {
			t.Errorf("a slip of %d h: %+v", slip/hour, n)
		}
	}
}

// Appointments that a slip of the clock gave up are expected again once it is put right,
// and given up in their own time; those whose time has passed stay given up.
func TestASlipOfTheClockGivesNoAppointmentUp(t *testing.T) {
	h := newHall(t)
	h.now.Synced = false
	now := h.state.OfficeTime(h.now)
	for id, due := range map[AppointmentID]int64{"soon": now + 5*minute, "later": now + 2*hour} {
		h.do(BookAppointment{By: Cause{Kind: ByReception}, Appointment: Booking{ID: id, Service: "cie", DueAt: due}})
	}
	want := func(when string, expected, missed int) {
		t.Helper()
		h.do(Tick{})
		if n := h.state.Appointments(); n.Expected != expected || n.Missed != missed {
			t.Errorf("%s: %+v, want %d expected and %d missed", when, n, expected, missed)
		}
	}
	set := func(correction int64) {
		h.pass(minute)
		h.do(SetClock{By: Cause{Kind: ByManager}, CorrectionMs: correction, Sure: true})
	}
	set(0)
	want("at first", 2, 0)
	set(3 * hour)
	want("three hours ahead", 0, 2)
	set(0)
	want("put right", 2, 0)
	h.pass(hour)
	want("an hour later", 1, 1)
	set(3 * hour)
	want("ahead again", 0, 2)
	set(0)
	want("put right again", 1, 1)
	h.pass(3 * hour)
	want("in the evening", 0, 2)
}

// A clock that showed the next day for a while, with nobody in the office, brings the
// date back with its numbers: nobody reads A001 twice under one date.
func TestADateThatComesBackGoesOnWithItsNumbers(t *testing.T) {
	for name, c := range map[string]struct {
		back  func(w *wristwatch)
		wrong int // given on the wrong day
	}{
		"before anybody came": {func(*wristwatch) {}, 0},
		"after somebody came": {func(*wristwatch) {}, 2},
		"over a restart":      {func(w *wristwatch) { w.wake(minute, w.time+minute) }, 1},
	} {
		w := &wristwatch{hall: &hall{t: t, state: &State{}}, time: tuesday + 11*hour}
		w.now = Now{Wall: w.time, Boot: "boot", Mono: 20_000}
		w.do(StartUp{Version: "test", Journal: "journal-1"})
		w.do(ChangeSetup{By: Cause{Kind: ByManager}, Setup: testSetup()})
		serve := func() string { // nobody waits after it
			w.pass(minute)
			ticket := w.press()
			w.do(CancelTicket{By: Cause{Kind: ByReception}, Ticket: ticket.ID, Why: "citizen"})
			return ticket.Number.Text
		}
		set := func(ms int64, date string) {
			w.do(SetClock{By: Cause{Kind: ByManager}, CorrectionMs: ms, Sure: true})
			w.day()
			if w.state.Plan().Date != date {
				t.Fatalf("%s: with %d h the day is %s", name, ms/hour, w.state.Plan().Date)
			}
		}
		for range 3 {
			serve()
		}
		set(24*hour, "2026-11-25")
		for i := range c.wrong {
			if want := []string{"A001", "A002"}[i]; serve() != want {
				t.Errorf("%s: the next day does not begin with %s", name, want)
			}
		}
		w.pass(10 * minute)
		c.back(w)
		set(0, "2026-11-24")
		if n := serve(); n != "A004" {
			t.Errorf("%s: %s is given", name, n)
		}
		w.now = Now{Wall: w.now.Wall + 24*hour, Boot: w.now.Boot, Mono: w.now.Mono + 24*hour}
		if n := serve(); n != "A001" || w.state.Plan().Date != "2026-11-25" {
			t.Errorf("%s: the next day, %s, begins with %s", name, w.state.Plan().Date, n)
		}
	}
}

// TestAFarStepIsSure: while the day is open, a clock that is believed is moved by ten
// minutes or more, on or back, only by who is sure; the refusal says from when to when, and
// nothing is written down. A clock that is doubted is set at once, and so is one over night.
func TestAFarStepIsSure(t *testing.T) {
	set := func(ms int64, sure bool) SetClock {
		return SetClock{By: Cause{Kind: ByTechnician}, CorrectionMs: ms, Sure: sure}
	}
	h := newHall(t)
	for _, far := range []int64{10 * minute, -10 * minute, 3 * hour, 900 * 24 * hour} {
		h.refused(set(far, false), ErrClockJump)
		_, _, err := h.state.Step(h.now, set(far, false))
		var jump ClockJumpError
		if shows := h.state.OfficeTime(h.now); !errors.As(err, &jump) || jump != (ClockJumpError{shows, shows + far}) {
			t.Errorf("a step of %d ms is refused with %v", far, err)
		}
	}
	for _, near := range []int64{10*minute - 1, 0, -10*minute + 1, 0} {
		h.do(set(near, false))
	}
	h.do(set(10*minute, true))
	h.refused(set(0, false), ErrClockJump) // the way back is as far
	h.do(set(0, true))

	h = newHall(t)
	shows := h.state.OfficeTime(h.now)
	h.now = Now{Wall: EarliestTime - 1, Boot: "another", Mono: 1} // a clock without a battery
	h.do(set(shows+minute-h.now.Wall, false))
}
