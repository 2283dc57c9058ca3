package queue

import (
	"slices"
	"testing"
)

// TestASilentKeypadServesNobody: who has not touched the keypad of a desk for
// half an hour is taken to have gone, and whoever waits has one desk less. At
// ten minutes a ticket four people need twenty minutes of two desks, and forty
// of one.
func TestASilentKeypadServesNobody(t *testing.T) {
	const closes = 17 * hour
	for _, c := range []struct {
		name   string
		keys   []int64 // of desk 2, time of day
		stops  int64
		silent bool
	}{
		{"silent since ten to four", []int64{15*hour + 50*minute}, closes - 40*minute, true},
		{"silent since five past four", []int64{15*hour + 50*minute, 16*hour + 5*minute}, 16*hour + 35*minute, true},
		{"at work", []int64{15*hour + 50*minute, 16*hour + 5*minute, 16*hour + 30*minute}, closes - 20*minute, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			keypad := Cause{Kind: ByKeypad, Device: "k2"}
			setup := testSetup()
			setup.Services[0].LastTicket = true
			h := newHallOf(t, setup)
			clock := func(at int64) {
				h.pass(tuesday + at - h.now.Wall)
				if events := h.do(Tick{}); at < c.stops && len(events) > 0 {
					t.Fatalf("at %d: %v", at, kinds(events))
				}
			}
			clock(14 * hour)
			h.open("1")
			for range measuredLeast {
				h.issue("anagrafe")
				h.next("1")
				h.pass(10 * minute)
			}
			h.do(FinishTicket{By: console("1"), Desk: "1", Ticket: h.holds("1")})
			for i, at := range c.keys {
				clock(at)
				h.do(CallNext{By: keypad, Desk: "2"})
				if i == 0 {
					for range 4 {
						h.issue("anagrafe")
					}
					continue
				}
				h.do(PutBack{By: keypad, Desk: "2", Ticket: h.holds("2")})
			}
			clock(c.stops - 1)
			if due, _ := h.state.Due(h.now); due != 1 {
				t.Errorf("due in %d ms, want the next", due)
			}
			h.pass(1)
			if got := kinds(h.do(Tick{})); !slices.Equal(got, []string{"ServiceStopped"}) {
				t.Errorf("when the time was full: %v", got)
			}
			if h.state.PresumedAway("2", h.now) != c.silent {
				t.Errorf("desk 2 is presumed away: %v", !c.silent)
			}
		})
	}
}
