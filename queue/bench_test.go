package queue

import (
	"fmt"
	"testing"

	"eliminacode/queue/bar"
)

// benchHall is an office of 40 services in 4 series and 14 desks that serve all
// of them, with so many waiting, some with priority; today tickets were given in
// all, of which the first ones are served.
func benchHall(b *testing.B, waiting, today int) *hall {
	setup := testSetup()
	setup.Services, setup.Desks, setup.Series = nil, nil, nil
	for i := range 4 {
		id := string(rune('A' + i))
		setup.Series = append(setup.Series, Series{ID: SeriesID(id), Letters: id, First: 1, Last: 99_999, Width: 3})
	}
	var all []ServiceID
	for i := range 40 {
		id := ServiceID(fmt.Sprintf("s%d", i))
		all = append(all, id)
		setup.Services = append(setup.Services, Service{ID: id, Name: "x", Series: setup.Series[i%4].ID, StandardMs: minute, StandardShare: 0.9})
	}
	for i := range 14 {
		id := DeskID(fmt.Sprint(i + 1))
		setup.Desks = append(setup.Desks, Desk{ID: id, Label: string(id), Profile: Profile{First: all}})
	}
	h := newHallOf(b, setup)
	for i := range 14 {
		h.open(DeskID(fmt.Sprint(i + 1)))
	}
	for i := range today {
		class := Ordinary
		if i%5 == 0 {
			class = Priority
		}
		h.issueAs(all[i*7%40], class)
		h.pass(second / 4)
		if i < today-waiting {
			h.next("1")
		}
	}
	h.next("1")
	h.events = nil
	if w := h.state.Totals().Waiting; w > waiting || w < waiting-1 {
		b.Fatalf("%d wait, want %d", w, waiting)
	}
	return h
}

var waitingSizes = []struct{ waiting, today int }{{200, 8_000}, {2_000, 8_000}, {20_000, 26_000}}

// BenchmarkNext: who is next is known from the heads of 40 queues, however many
// stand behind them.
func BenchmarkNext(b *testing.B) {
	for range b.N {
		of := map[string][]float64{}
		for _, n := range waitingSizes {
			h := benchHall(b, n.waiting, n.today)
			next := func(name string, s *State, now Now) {
				us, bytes := bar.Micros(200_000, func() {
					if _, _, ok := s.Next(now, "2"); !ok {
						b.Fatal("nobody is next")
					}
				})
				bar.AtMost(b, fmt.Sprintf("µs-waiting=%d%s", n.waiting, name), 2, us)
				if bytes > 1 {
					b.Errorf("Next allocates %.0f bytes with %d waiting", bytes, n.waiting)
				}
				of[name] = append(of[name], bar.Median(us))
			}
			next("", h.state, h.now)
			// All waits lie over a break of two hours, and over a suspension.
			plan := *h.state.plan
			closes := h.state.OfficeTime(h.now)
			plan.Bands = []Band{{Opens: closes - hour, Closes: closes}, {Opens: closes + 2*hour, Closes: closes + 9*hour}}
			apply := func(b Body) { h.state = h.state.Apply(Event{Seq: h.state.seq + 1, At: h.now, Body: b}) }
			apply(DayReplanned{Plan: plan})
			apply(OfficeSuspended{})
			h.pass(3 * hour)
			apply(OfficeResumed{})
			h.pass(minute)
			next("-break", h.state, h.now)
		}
		bar.Grows(b, "x-with-waiting", 1.5, of[""])
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkAhead is the people ahead of the last who waits, at desks of several
// profiles, so that the order is run forward: at most AheadMost calls, however
// many wait behind. It is told by the call, which is to be held beside Next.
func BenchmarkAhead(b *testing.B) {
	for _, n := range waitingSizes {
		h := benchHall(b, n.waiting, n.today)
		setup := h.state.Setup()
		setup.Desks = append([]Desk(nil), setup.Desks...)
		setup.Desks[13].Profile.First = setup.Desks[13].Profile.First[1:]
		h.do(ChangeSetup{By: Cause{Kind: ByManager}, Setup: setup, Plan: *h.state.Plan()})
		last := ticketID(1, h.state.tickets.len())
		for h.state.Ticket(last).Class != Ordinary {
			last--
		}
		b.Run(fmt.Sprintf("waiting=%d", n.waiting), func(b *testing.B) {
			b.ReportAllocs()
			ahead := 0
			for b.Loop() {
				ahead = h.state.Ahead(last, h.now)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(ahead), "ns/call")
			b.ReportMetric(float64(ahead), "ahead")
		})
	}
}

// BenchmarkDue is when something happens next by itself, which the engine asks
// after every commit: with no expiry but the day's, and with one at a break that
// is past, after which everybody came.
func BenchmarkDue(b *testing.B) {
	for range b.N {
		for _, n := range waitingSizes {
			h := benchHall(b, n.waiting, n.today)
			for _, breaks := range [][]int64{nil, {h.state.plan.Begins + 1}} {
				plan := *h.state.plan
				plan.BreakExpiries = breaks
				s := h.state.Apply(Event{Seq: h.state.seq + 1, At: h.now, Body: DayReplanned{Plan: plan}})
				us, _ := bar.Micros(50_000, func() { s.Due(h.now) })
				bar.AtMost(b, fmt.Sprintf("µs-waiting=%d-past=%d", n.waiting, len(breaks)), 2, us)
			}
		}
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkCallNext is deciding and applying a NEXT: the ticket before is
// started from its call, served, and another is called.
func BenchmarkCallNext(b *testing.B) {
	benchStep(b, func(h *hall) Command {
		h.pass(minute) // who was called before has been served since
		return CallNext{By: console("1"), Desk: "1", Finishing: h.holds("1")}
	})
}

// BenchmarkIssueTicket is deciding and applying a press, the count of people
// ahead over 40 services and 14 desks included.
func BenchmarkIssueTicket(b *testing.B) {
	benchStep(b, func(*hall) Command {
		return IssueTicket{By: Cause{Kind: ByButton, Device: "b1"}, Service: "s3", Outlet: "list"}
	})
}

// benchStep decides the same command on the same state again and again, so that
// the numbers waiting and today stay what they are said to be. It may take 20 µs,
// and no more memory however many wait.
func benchStep(b *testing.B, command func(*hall) Command) {
	for range b.N {
		var allocated []float64
		for _, n := range waitingSizes {
			h := benchHall(b, n.waiting, n.today)
			c := command(h)
			us, bytes := bar.Micros(2_000, func() {
				if _, events, err := h.state.Step(h.now, c); err != nil || len(events) == 0 {
					b.Fatal(events, err)
				}
			})
			bar.AtMost(b, fmt.Sprintf("µs-waiting=%d", n.waiting), 20, us)
			allocated = append(allocated, bytes)
		}
		bar.Grows(b, "x-bytes", 1.25, allocated)
	}
	b.ReportMetric(0, "ns/op")
}
