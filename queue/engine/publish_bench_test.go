package engine

import (
	"fmt"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/bar"
)

// BenchmarkDecideApplyPublish is a NEXT and a press without their disk: decided, applied and
// published to the watchers, with 40 services: in 20 µs each, and with bytes that do
// not grow with the number waiting.
func BenchmarkDecideApplyPublish(b *testing.B) {
	for range b.N {
		var allocated []float64
		for _, waiting := range []int{200, 2_000, 20_000} {
			setup := testSetup()
			setup.Services, setup.Series[0].Last = nil, 999_999
			profile := queue.Profile{}
			for i := range 40 {
				id := queue.ServiceID(fmt.Sprint("service-", i))
				setup.Services = append(setup.Services, queue.Service{ID: id, Name: string(id), Series: "A", StandardMs: 900_000, StandardShare: 0.9})
				profile.First = append(profile.First, id)
			}
			for i := range setup.Desks {
				setup.Desks[i].Profile = profile
			}
			e := New(Config{Journal: &memory{}, Plan: longDay, Version: "bench", JournalID: "j"})
			ms := int64(1_795_514_400_000)
			e.cfg.Now = func() queue.Now {
				ms++
				return queue.Now{Wall: ms, Boot: "bench", Mono: ms - 1_795_500_000_000, Synced: true}
			}
			o := owner{Engine: e, tip: e.newest.Load().state}
			do := func(c queue.Command) {
				o.decide(request{command: c})
				if err := o.waiters[0].answer.err; err != nil {
					b.Fatalf("%T: %v", c, err)
				}
				o.publish(published{state: o.tip})
				o.events, o.waiters = o.events[:0], o.waiters[:0]
			}
			by := queue.Cause{Kind: queue.ByReception}
			do(queue.StartUp{Version: "bench", Journal: "j"})
			do(queue.ChangeSetup{By: by, Setup: setup})
			do(queue.OpenDesk{By: by, Desk: "s1"})
			issue := func(i int) {
				do(queue.IssueTicket{By: by, Service: setup.Services[i%40].ID, Outlet: "totem"})
			}
			for i := range waiting {
				issue(i)
			}
			next := func() {
				_, desk, _ := o.tip.Desk("s1")
				ms += 20_000 // NEXT at once would be taken for a double click
				do(queue.CallNext{By: by, Desk: "s1", Finishing: desk.Ticket})
			}
			next()
			// What is called comes back at once, and the number waiting stays.
			i := 0
			us, bytes := bar.Micros(2_000, func() {
				next()
				issue(i)
				i++
			})
			bar.AtMost(b, fmt.Sprintf("µs-waiting=%d", waiting), 40, us)
			allocated = append(allocated, bytes)
		}
		bar.Grows(b, "x-bytes", 1.25, allocated)
	}
	b.ReportMetric(0, "ns/op")
}

// longDay is a day that does not end while a benchmark runs.
func longDay(setup queue.Setup, officeTime int64) (queue.DayPlan, error) {
	plan, err := allDay(setup, officeTime)
	plan.Ends += 365 * 86_400_000
	plan.Bands[0].Closes = plan.Ends
	return plan, err
}
