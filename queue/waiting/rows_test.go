package waiting

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

const minute = int64(60_000)

// openHall is an office at its first opening of a day, with all desks open.
func openHall(t *testing.T, date string, hours ...string) *hall {
	t.Helper()
	h := newHall(t, testSetup())
	h.at(clockOn(t, date, hours[0]))
	h.must(queue.OpenDay{Plan: plan(t, date, hours...)})
	for _, d := range testSetup().Desks {
		h.must(queue.OpenDesk{By: byConsole, Desk: d.ID})
	}
	return h
}

func (h *hall) call(desk queue.DeskID) queue.TicketID {
	h.t.Helper()
	h.must(queue.CallNext{By: byConsole, Desk: desk, Finishing: h.holds(desk)})
	if h.holds(desk) == 0 {
		h.t.Fatalf("nobody to call at %s", desk)
	}
	return h.holds(desk)
}

func legsOf(s Sheet) []Leg {
	var legs []Leg
	for _, l := range s.Legs() {
		legs = append(legs, l)
	}
	return legs
}

func TestRowsOfAVisit(t *testing.T) {
	h := openHall(t, "2026-11-24", "08:15", "13:00")
	h.pass(5*minute + 7)
	a := h.issue("anagrafe")
	h.pass(9 * minute)
	h.call("s1")
	h.pass(20_000)
	h.must(queue.RecallTicket{By: byConsole, Desk: "s1", Ticket: a})
	h.pass(13_001)
	h.must(queue.StartService{By: byConsole, Desk: "s1", Ticket: a})
	h.pass(4 * minute)
	h.must(queue.ParkTicket{By: byConsole, Desk: "s1", Ticket: a, ForMs: 3 * minute})
	h.pass(3 * minute)
	h.must(queue.Tick{})
	h.pass(2 * minute)
	h.call("s1")
	h.pass(11_000)
	h.must(queue.StartService{By: byConsole, Desk: "s1", Ticket: a})
	h.pass(minute)
	h.must(queue.TransferTicket{By: byConsole, From: "s1", Ticket: a, Service: "cie"})
	h.pass(20 * minute)
	h.call("s3")
	h.pass(minute)
	h.must(queue.CloseDesk{By: queue.Cause{Kind: queue.ByKeypad}, Desk: "s3"})

	want := []Leg{
		{
			Ticket: 1, Leg: 0, Service: 0, Desk: 0, Outcome: Transferred, Minute: 8*60 + 20,
			FirstWaitMs: 9 * minute, WaitMs: 11 * minute, WalkMs: 11_000, HasWalk: true,
			ServiceMs: 5 * minute, HasService: true, HoldMs: 3 * minute,
			Called: true, WithinStandard: true,
		},
		{
			// Exactly the standard of 20 minutes is within it, and what
			// ended when the desk closed has no known end.
			Ticket: 1, Leg: 1, Service: 1, Desk: 2, Outcome: Served, Minute: 8*60 + 20 + 9 + 4 + 3 + 2 + 1,
			FirstWaitMs: 20 * minute, WaitMs: 20 * minute, ServiceMs: minute, HasService: true,
			Called: true, Inferred: true, UnknownEnd: true, WithinStandard: true,
		},
	}
	s := h.sheet()
	if diff := cmp.Diff(want, legsOf(s)); diff != "" {
		t.Errorf("legs (-want +got):\n%s", diff)
	}
	if s.Day != 1 || s.Date != "2026-11-24" || s.Zone != "Europe/Rome" {
		t.Errorf("sheet of day %d, %s, %s", s.Day, s.Date, s.Zone)
	}
	if s.Services[1] != (Service{ID: "cie", Name: "Carta d'identità", StandardMs: 20 * minute, StandardShare: 0.8}) {
		t.Errorf("service %+v", s.Services[1])
	}
	if s.Desks[0] != (Desk{ID: "s1", Label: "1", Group: "polifunzionali"}) || s.Channels[0] != queue.ByTotem {
		t.Errorf("desk %+v, channel %s", s.Desks[0], s.Channels[0])
	}
}

func TestRecallsAreOfTheLastCall(t *testing.T) {
	h := openHall(t, "2026-11-24", "08:15", "13:00")
	a := h.issue("anagrafe")
	h.call("s1")
	for range 2 {
		h.pass(minute)
		h.must(queue.RecallTicket{By: byConsole, Desk: "s1", Ticket: a})
	}
	h.must(queue.TransferTicket{By: byConsole, From: "s1", Ticket: a, Service: "cie"})
	if got := legsOf(h.sheet()); got[0].Recalls != 2 || got[1].Recalls != 0 {
		t.Errorf("recalls %d and %d, want 2 and 0", got[0].Recalls, got[1].Recalls)
	}
}

// A wait over the midday break is counted as if the break had not been; one
// that goes on after the last closing is counted to its end.
func TestWaitsExcludeTheMiddayBreak(t *testing.T) {
	for _, x := range []struct {
		name         string
		issued       string
		waits, wants int64
	}{
		{"before", "12:00", 30 * minute, 30 * minute},
		{"over all of it", "12:50", 90 * minute, 30 * minute},
		{"into it", "12:50", 25 * minute, 10 * minute},
		{"up to its end", "12:50", 70 * minute, 10 * minute},
		{"after the last closing", "16:50", 30 * minute, 30 * minute},
	} {
		t.Run(x.name, func(t *testing.T) {
			h := openHall(t, "2026-11-24", "08:15", "13:00", "14:00", "17:00")
			h.at(clockOn(t, "2026-11-24", x.issued))
			h.issue("anagrafe")
			h.pass(x.waits)
			h.call("s1")
			l := h.sheet().Leg(0)
			if l.FirstWaitMs != x.wants || l.WaitMs != x.wants {
				t.Errorf("wait %d, first %d, want %d", l.WaitMs, l.FirstWaitMs, x.wants)
			}
		})
	}
}

// A wait leaves out the time in which the office was suspended, once where that
// was over the midday break, and whatever the clock did in between.
func TestWaitsExcludeASuspension(t *testing.T) {
	h := openHall(t, "2026-11-24", "08:15", "13:00", "14:00", "17:00")
	h.at(clockOn(t, "2026-11-24", "10:00"))
	h.issue("anagrafe")
	h.pass(10 * minute)
	h.now.Wall += 45 * minute
	h.must(queue.SuspendOffice{By: byConsole, Why: "alarm"})
	h.pass(5 * minute)
	h.must(queue.ResumeOffice{By: byConsole})
	h.pass(minute)
	h.call("s1")
	if l := h.sheet().Leg(0); l.WaitMs != 11*minute {
		t.Errorf("waited %d ms, want 11 minutes", l.WaitMs)
	}
	h.now.Wall -= 45 * minute
	h.at(clockOn(t, "2026-11-24", "12:50"))
	h.issue("cie")
	h.pass(5 * minute)
	h.must(queue.SuspendOffice{By: byConsole})
	h.pass(30 * minute)
	h.must(queue.ResumeOffice{By: byConsole})
	h.pass(45 * minute)
	h.call("s3")
	if l := h.sheet().Leg(1); l.WaitMs != 15*minute {
		t.Errorf("waited %d ms over the break, want 15 minutes", l.WaitMs)
	}
}

// A day that began by a clock that nobody believed has the right hours once the
// clock is right.
func TestSlotsOfAProvisionalDay(t *testing.T) {
	h := newHall(t, testSetup())
	h.now = queue.Now{Wall: 1_000, Boot: "b1", Mono: 1_000}
	h.must(queue.StartUp{Version: "test"})
	h.must(queue.OpenDay{Plan: queue.DayPlan{Date: "1970-01-01", Ends: 86_400_000}})
	h.issue("anagrafe")
	h.pass(20 * minute)
	h.now.Synced, h.now.Wall = true, clockOn(t, "2026-11-24", "08:50")
	h.must(queue.OpenDay{Plan: plan(t, "2026-11-24", "08:15", "13:00")})
	s := h.sheet()
	if l := s.Leg(0); s.Date != "2026-11-24" || l.Minute != 8*60+30 || l.DateOffset != 0 || l.WaitMs != 20*minute {
		t.Errorf("sheet of %s, leg %+v", s.Date, l)
	}
}

// A step of the wall clock changes no wait; a correction moves the slot.
func TestClockStepsChangeNoWait(t *testing.T) {
	h := openHall(t, "2026-11-24", "08:15", "13:00")
	h.at(clockOn(t, "2026-11-24", "10:59"))
	h.issue("anagrafe")
	h.now.Wall += 45 * minute
	h.pass(7 * minute)
	h.call("s1")
	h.must(queue.SetClock{By: byConsole, CorrectionMs: 2 * minute})
	if l := h.sheet().Leg(0); l.WaitMs != 7*minute || l.Minute != 11*60+1 || l.Inexact {
		t.Errorf("wait %d at minute %d, inexact %v", l.WaitMs, l.Minute, l.Inexact)
	}
}

func TestWaitsOverARestartAreInexact(t *testing.T) {
	h := openHall(t, "2026-11-24", "08:15", "13:00")
	h.issue("anagrafe")
	h.now.Boot, h.now.Mono, h.now.Wall = "b1", 5, h.now.Wall+4*minute
	h.must(queue.StartUp{Version: "test"})
	h.call("s1")
	if l := h.sheet().Leg(0); l.WaitMs != 4*minute || !l.Inexact {
		t.Errorf("wait %d, inexact %v", l.WaitMs, l.Inexact)
	}
}

// The night on which summer time ends has an hour twice; both are hour 2. A
// day that goes on after midnight has legs of the next date.
func TestSlotsAreLocal(t *testing.T) {
	h := newHall(t, testSetup())
	p := plan(t, "2026-10-24", "20:00", "23:59")
	p.Ends += 8 * 60 * minute
	p.Bands[0].Closes = p.Ends
	h.at(clockOn(t, "2026-10-24", "23:30"))
	h.must(queue.OpenDay{Plan: p})
	for range 4 {
		h.issue("anagrafe")
		h.pass(60 * minute)
	}
	h.pass(60 * minute)
	h.issue("anagrafe")
	type slot struct{ minute, date int }
	var got []slot
	for _, l := range legsOf(h.sheet()) {
		got = append(got, slot{l.Minute, l.DateOffset})
	}
	want := []slot{{23*60 + 30, 0}, {30, 1}, {90, 1}, {150, 1}, {3*60 + 30, 1}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(slot{})); diff != "" {
		t.Errorf("slots (-want +got):\n%s", diff)
	}
}

// A slot is what the calendar makes of an instant, in any zone and before 1970
// too: a clock may be that wrong.
func TestSlotsAreThoseOfTheCalendar(t *testing.T) {
	date := calendar.Date{Year: 2026, Month: time.October, Day: 24}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{"Europe/Rome", "UTC", "America/St_Johns", "Pacific/Apia"}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		m := sheetMaker{day: &queue.State{}, zone: zone, begins: beginsInUTC(date)}
		near := time.Date(2026, time.October, 25, 1, 0, 0, 0, time.UTC).UnixMilli() // summer time ends in Rome
		for _, ms := range rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(-2e12, 4e12), rapid.Int64Range(near-1e8, near+1e8)), 2, 9).Draw(t, "instants") {
			local := time.UnixMilli(ms).In(zone)
			minute, days := m.slot(queue.Now{Wall: ms})
			if minute != local.Hour()*60+local.Minute() || days != date.DaysUntil(calendar.DateOf(local)) {
				t.Fatalf("%v is minute %d, %d days later", local, minute, days)
			}
		}
	})
}

func TestUnknownZonesAreUTC(t *testing.T) {
	h := newHall(t, testSetup())
	h.at(clockOn(t, "2026-11-24", "08:30"))
	h.must(queue.OpenDay{Plan: plan(t, "2026-11-24", "08:00", "17:00")})
	h.issue("anagrafe")
	at := slices.IndexFunc(h.events, func(e queue.Event) bool { _, ok := e.Body.(queue.DayOpened); return ok })
	day := h.events[at:]
	for _, name := range []string{"Mars/Olympus", "Local", ""} {
		opened := day[0].Body.(queue.DayOpened)
		opened.Setup.Office.Zone = name
		day[0].Body = opened
		if s := RowsOf(day); s.Zone != "UTC" || s.Leg(0).Minute != 7*60+30 {
			t.Errorf("in the zone %q a sheet has the times of %s, minute %d", name, s.Zone, s.Leg(0).Minute)
		}
	}
}

// What changes after a day has closed, and before the next opens, is not of it.
func TestRowsEndWithTheDay(t *testing.T) {
	h := smallDay(t)
	want := h.sheet().Encode()
	setup := testSetup()
	for i := range setup.Services {
		setup.Services[i].StandardMs = 1
	}
	h.must(queue.ChangeSetup{By: byConsole, Setup: setup})
	h.must(queue.SetClock{By: byConsole, CorrectionMs: 60 * minute, Sure: true})
	events := h.events
	for _, ok := events[0].Body.(queue.DayOpened); !ok; _, ok = events[0].Body.(queue.DayOpened) {
		events = events[1:]
	}
	if _, ok := events[len(events)-1].Body.(queue.ClockSet); !ok {
		t.Fatal("the clock was not set after the day")
	}
	if !bytes.Equal(want, RowsOf(events).Encode()) {
		t.Error("a change after the day rewrote it")
	}
}

func TestRowsOfNothing(t *testing.T) {
	s := Rows(&queue.State{})
	if s.Len() != 0 || s.Date != "" {
		t.Errorf("sheet of no day: %+v", s)
	}
	if _, err := Decode(s.Encode()); err != nil {
		t.Error(err)
	}
}
