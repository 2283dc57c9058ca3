package queue

import (
	"slices"
	"testing"
)

// TestClocks puts people before every way in which a clock can be wrong. The
// wait of the one who was there before, whom desk 1 calls ten minutes after,
// must be right; a press must give a ticket; and the day must have its date.
func TestClocks(t *testing.T) {
	const wrong, back = 10 * minute, 5 * minute
	for _, c := range []struct {
		name   string
		happen func(h *hall)
		waited int64
		date   string
		kinds  []string // of the day and the clock
	}{
		{
			name:   "right all the time",
			happen: func(h *hall) { h.pass(wrong + back) },
			waited: wrong + back, date: "2026-11-24",
		},
		{
			name: "a jump forward, and back",
			happen: func(h *hall) {
				h.now.Wall += 3 * hour
				h.pass(wrong)
				h.do(Tick{})
				h.now.Wall -= 3 * hour
				h.pass(back)
			},
			waited: wrong + back, date: "2026-11-24", kinds: []string{"ClockStepped", "ClockStepped"},
		},
		{
			name: "a jump of a day, with somebody waiting",
			happen: func(h *hall) {
				h.now.Wall += 24 * hour
				h.pass(wrong + back)
			},
			waited: wrong + back, date: "2026-11-25", kinds: []string{"ClockStepped", "DayRedated"},
		},
		{
			name: "a jump back over midnight",
			happen: func(h *hall) {
				h.now.Wall -= 24 * hour
				h.pass(wrong + back)
			},
			waited: wrong + back, date: "2026-11-23", kinds: []string{"ClockStepped", "DayRedated"},
		},
		{
			name: "a restart an hour in the past, never corrected",
			happen: func(h *hall) {
				h.pass(wrong)
				h.now.Synced = false
				h.reboot(-hour)
				h.pass(back)
			},
			// What lies before the restart cannot be known, and is not guessed.
			waited: 0, date: "2026-11-24",
		},
		{
			name: "a restart an hour in the past, then synchronised",
			happen: func(h *hall) {
				h.pass(wrong)
				h.now.Synced = false
				h.reboot(-hour)
				h.pass(minute)
				h.do(Tick{})
				h.now.Wall, h.now.Synced = h.now.Wall+hour, true
				h.pass(back - minute)
			},
			waited: wrong + back, date: "2026-11-24", kinds: []string{"ClockSynced"},
		},
		{
			name: "first synchronised when it was right already",
			happen: func(h *hall) {
				h.now.Synced = false
				h.reboot(wrong)
				h.do(Tick{})
				h.now.Synced = true
				h.pass(back)
			},
			waited: wrong + back, date: "2026-11-24", kinds: []string{"ClockSynced"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHall(t)
			h.open("1")
			h.pass(90 * minute)
			first := h.issue("anagrafe")
			before := len(h.events)
			c.happen(h)
			if h.state.NeedsDay(h.now) {
				days := (h.state.OfficeTime(h.now) - tuesday) / (24 * hour)
				if h.state.OfficeTime(h.now) < tuesday {
					days--
				}
				midnight := tuesday + days*24*hour
				h.do(OpenDay{Plan: testPlan(midnight, dateAt(midnight))})
			}
			h.do(IssueTicket{By: Cause{Kind: ByButton, Device: "b"}, Service: "anagrafe", Outlet: "totem"})
			called := h.next("1")
			if called.ID != first.ID || called.Rule.WaitedMs != c.waited {
				t.Errorf("%s was called after %d ms, want %s after %d", called.Number.Text, called.Rule.WaitedMs, first.Number.Text, c.waited)
			}
			if got := h.state.Plan().Date; got != c.date || h.state.Day().Ordinal != 1 {
				t.Errorf("the day is %d, %s, want %s", h.state.Day().Ordinal, got, c.date)
			}
			var kinds []string
			for _, e := range h.events[before:] {
				switch k := e.Body.Kind(); k {
				case "ClockSynced", "ClockStepped", "DayRedated", "DayOpened", "DayClosed":
					kinds = append(kinds, k)
				}
			}
			if !slices.Equal(kinds, c.kinds) {
				t.Errorf("%v happened, want %v", kinds, c.kinds)
			}
		})
	}
}

// TestADoubtfulDayEndsInAQuietNight: where nobody ever sets the clock, a day is
// over when a day has gone by and nothing happened for hours.
func TestADoubtfulDayEndsInAQuietNight(t *testing.T) {
	h := newHall(t)
	h.pass(9 * hour)
	h.open("1")
	h.do(CloseDesk{By: console("1"), Desk: "1"})
	h.now = Now{Wall: 5 * minute, Boot: "b2", Mono: second}
	h.do(StartUp{Version: "test"})
	garbage := testPlan(0, "1970-01-01")
	if got := kinds(h.do(OpenDay{Plan: garbage})); !slices.Equal(got, []string{"DayOpened"}) {
		t.Fatalf("got %v", got)
	}
	h.pass(8 * hour)
	h.issue("anagrafe")
	h.pass(15 * hour)
	h.issue("anagrafe")
	h.pass(3 * hour)
	h.nothing(Tick{})
	h.pass(hour)
	if got := kinds(h.do(Tick{})); !slices.Equal(got, []string{"TicketExpired", "TicketExpired", "DayClosed"}) {
		t.Errorf("after four quiet hours: %v", got)
	}
}
