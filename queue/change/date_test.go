package change

import (
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
)

// What another zone makes of the office's date is told as the core does it: the open day
// goes on with its own date, and the one that is told follows it.
func TestAnotherDateIsToldAsTheCoreDoesIt(t *testing.T) {
	const hour = 3_600_000
	for name, x := range map[string]struct {
		late                int64 // after nine o'clock in Rome on 24 November
		key, value          string
		before, after, next string // none: the date stays
	}{
		"a date ahead":       {8 * hour, "office.zone", "Pacific/Kiritimati", "2026-11-24", "2026-11-25", "2026-11-25"},
		"a date behind":      {0, "office.zone", "Pacific/Honolulu", "2026-11-24", "2026-11-23", "2026-11-24"},
		"a day that is over": {0, "hours.cut", "10:00", "2026-11-24", "2026-11-23", "2026-11-24"},
		"the same date":      {0, "office.zone", "Europe/Athens", "", "", ""},
		"another name":       {0, "office.name", "Sportello unico", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t)
			h.now.Wall, h.now.Mono = h.now.Wall+x.late, h.now.Mono+x.late
			after := h.edited(func(d *office.Draft) { d.Set(x.key, x.value) })
			e := Of(h.state, h.now, after)
			if len(e.Faults) > 0 || e.Refused != nil {
				t.Fatal(e.Faults, e.Refused)
			}
			if x.before == "" {
				if e.Turn != nil {
					t.Fatalf("the date stays, and told is %+v", e.Turn)
				}
				return
			}
			if e.Turn == nil {
				t.Fatal("the date changes, and that is not told")
			}
			if got := [3]string{e.Turn.Before.String(), e.Turn.After.String(), e.Turn.Next.String()}; got != [3]string{x.before, x.after, x.next} {
				t.Errorf("told is %v", got)
			}
			state := h.state
			step := func(c queue.Command) {
				t.Helper()
				next, _, err := state.Step(h.now, c)
				if err != nil {
					t.Fatal(err)
				}
				state = next
			}
			plan, err := calendar.Plan(after, h.now.Wall)
			if err != nil {
				t.Fatal(err)
			}
			step(queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: after, Plan: plan, Sure: true})
			for _, wait := range []int64{-1, 0} {
				h.now.Mono += e.Turn.Ends + wait - h.now.Wall
				h.now.Wall = e.Turn.Ends + wait
				step(queue.Tick{})
				if over := state.NeedsDay(h.now); over != (wait == 0) || state.Plan().Date != x.before {
					t.Fatalf("%d ms beside its end the day is over: %t, and its date %s", wait, over, state.Plan().Date)
				}
			}
			if plan, err = calendar.Plan(after, h.now.Wall); err != nil {
				t.Fatal(err)
			}
			step(queue.OpenDay{Plan: plan})
			if got := state.Plan().Date; got != x.next {
				t.Errorf("the next day is %s, and told is %s", got, x.next)
			}
		})
	}
}
