package engine

import (
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/queue"
)

// morning is a plan that gives tickets from eight to one.
func morning(_ queue.Setup, officeTime int64) (queue.DayPlan, error) {
	plan, err := allDay(queue.Setup{}, officeTime)
	plan.Bands = []queue.Band{{Opens: plan.Begins + 8*3_600_000, Closes: plan.Begins + 13*3_600_000}}
	return plan, err
}

// A box without a battery wakes at midnight in 1970, when the office would be
// closed, and gives tickets all the same; the network's time comes after an hour
// and gives the day its date within seconds, without a key.
func TestAWrongClockNeverStopsIssuing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		woke := time.Now()
		var synced atomic.Bool
		const right = 1_795_509_000_000 // 24 November 2026, half past eight
		e, stop := start(t, m, func(c *Config) {
			c.Plan = morning
			c.Now = func() queue.Now {
				up := time.Since(woke).Milliseconds()
				now := queue.Now{Wall: up, Boot: "b1", Mono: up + 1, Synced: synced.Load()}
				if synced.Load() {
					now.Wall += right
				}
				return now
			}
		})
		s, _ := do(t, e, issue(1))
		if !s.Day().Provisional || !s.ClockDoubtful(e.Now()) {
			t.Errorf("the day is %+v", s.Day())
		}
		time.Sleep(time.Hour)
		do(t, e, issue(2))
		synced.Store(true)
		time.Sleep(longestSleep + time.Second)
		synctest.Wait()
		s, _ = e.Watch()
		if p := s.Plan(); p.Date != "2026-11-24" || p.Provisional || s.Day().Provisional || s.Totals().Waiting != 2 {
			t.Errorf("after the network's time: %+v, %+v", s.Day(), *p)
		}
		s, events := do(t, e, issue(3))
		if got := events[0].Body.(queue.TicketIssued).Number.Text; got != "A003" || s.Day().Ordinal != 1 {
			t.Errorf("the third ticket is %s of day %d", got, s.Day().Ordinal)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, e := range m.stored() {
			if k := e.Body.Kind(); k == "DayOpened" || k == "ClockSynced" || k == "DayRedated" || k == "DayClosed" {
				kinds = append(kinds, k)
			}
		}
		if !slices.Equal(kinds, []string{"DayOpened", "ClockSynced", "DayRedated"}) {
			t.Errorf("the journal holds %v", kinds)
		}
	})
}
