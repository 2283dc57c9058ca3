package waiting

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"eliminacode/queue"
)

// A hall is an office driven by a test, and the events it made.
type hall struct {
	t      testing.TB
	state  *queue.State
	now    queue.Now
	events []queue.Event
	// visits draws who comes for several services, apart from what happens else.
	visits *rand.Rand
	// told draws what clerks tell of services and who comes, apart from both.
	told *rand.Rand
}

var byConsole = queue.Cause{Kind: queue.ByConsole, Device: "s1"}

func testSetup() queue.Setup {
	rules := queue.DefaultRules()
	rules.CallByNumber, rules.CallOutside = true, true
	rules.Discipline = queue.FirstCome
	rules.RestMs, rules.RecallRestMs = 0, 0
	return queue.Setup{
		Office: queue.Office{Body: "Comune di Prova", Zone: "Europe/Rome"},
		Series: []queue.Series{
			{ID: "A", Letters: "A", First: 1, Last: 999, Width: 3},
			{ID: "C", Letters: "C", First: 1, Last: 999, Width: 3},
		},
		Services: []queue.Service{
			{ID: "anagrafe", Name: "Anagrafe", Series: "A", StandardMs: 15 * 60_000, StandardShare: 0.9},
			{ID: "cie", Name: "Carta d'identità", Series: "C", StandardMs: 20 * 60_000, StandardShare: 0.8},
			{ID: "stato-civile", Name: "Stato civile, cittadinanza", Series: "A", StandardMs: 7 * 60_000, StandardShare: 0.9},
		},
		Desks: []queue.Desk{
			{ID: "s1", Label: "1", Group: "polifunzionali", Profile: queue.Profile{First: []queue.ServiceID{"anagrafe", "stato-civile"}}},
			{ID: "s2", Label: "2", Group: "polifunzionali", Profile: queue.Profile{First: []queue.ServiceID{"anagrafe"}, Help: []queue.ServiceID{"cie"}}},
			{ID: "s3", Label: "3", Group: "cie", Profile: queue.Profile{First: []queue.ServiceID{"cie"}}},
			{ID: "s4", Label: "4", Profile: queue.Profile{First: []queue.ServiceID{"stato-civile", "cie"}}},
		},
		Outlets: []queue.Outlet{{ID: "totem", Name: "Totem", Screen: true}},
		Rules:   rules,
	}
}

func rome(t testing.TB) *time.Location {
	t.Helper()
	l, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// clockOn is the instant of a local clock reading, "15:04", on a date.
func clockOn(t testing.TB, date, clock string) int64 {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", date+" "+clock+":00", rome(t))
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMilli()
}

// plan is a day with bands given as "08:15", "13:00", "14:00", "17:00".
func plan(t testing.TB, date string, hours ...string) queue.DayPlan {
	t.Helper()
	day, err := time.ParseInLocation(time.DateOnly, date, rome(t))
	if err != nil {
		t.Fatal(err)
	}
	p := queue.DayPlan{Date: date, Begins: day.UnixMilli(), Ends: day.AddDate(0, 0, 1).UnixMilli()}
	for i := 0; i+1 < len(hours); i += 2 {
		p.Bands = append(p.Bands, queue.Band{Opens: clockOn(t, date, hours[i]), Closes: clockOn(t, date, hours[i+1])})
	}
	return p
}

// newHall is an office that was just set up, before its first day.
func newHall(t testing.TB, setup queue.Setup) *hall {
	h := &hall{t: t, state: &queue.State{}, now: queue.Now{Wall: 1, Boot: "b0", Mono: 1, Synced: true}}
	h.must(queue.StartUp{Version: "test", Journal: "prova"})
	h.must(queue.ChangeSetup{By: byConsole, Setup: setup})
	return h
}

// pass lets time go by.
func (h *hall) pass(ms int64) {
	h.now.Wall += ms
	h.now.Mono += ms
}

// at lets time go by until the wall clock reads ms.
func (h *hall) at(ms int64) { h.pass(ms - h.now.Wall) }

func (h *hall) try(c queue.Command) error {
	next, events, err := h.state.Step(h.now, c)
	h.state = next
	h.events = append(h.events, events...)
	return err
}

func (h *hall) must(c queue.Command) {
	h.t.Helper()
	if err := h.try(c); err != nil {
		h.t.Fatalf("%T: %v", c, err)
	}
}

func (h *hall) issue(service queue.ServiceID) queue.TicketID {
	h.t.Helper()
	h.must(queue.IssueTicket{By: queue.Cause{Kind: queue.ByTotem, Device: "totem"}, Service: service, Outlet: "totem"})
	return h.last()
}

func (h *hall) last() (id queue.TicketID) {
	for t := range h.state.Tickets() {
		id = t.ID
	}
	return id
}

// holds is the ticket that a desk holds.
func (h *hall) holds(desk queue.DeskID) queue.TicketID {
	_, now, _ := h.state.Desk(desk)
	return now.Ticket
}

// sheet is the sheet of the present day, folded from its events alone.
func (h *hall) sheet() Sheet {
	all := h.sheets()
	return all[len(all)-1]
}

// sheets has one sheet a day.
func (h *hall) sheets() []Sheet {
	var sheets []Sheet
	for _, day := range daysOf(h.events) {
		sheets = append(sheets, Rows(queue.Fold(day)))
	}
	return sheets
}

// daysOf parts events into days, each from its DayOpened to its DayClosed.
func daysOf(events []queue.Event) [][]queue.Event {
	var days [][]queue.Event
	open := false
	for _, e := range events {
		if _, ok := e.Body.(queue.DayOpened); ok {
			days, open = append(days, nil), true
		}
		if open {
			days[len(days)-1] = append(days[len(days)-1], e)
		}
		if _, ok := e.Body.(queue.DayClosed); ok {
			open = false
		}
	}
	return days
}

// randomDays are a few days of an office in which anything may happen: breaks
// at midday, power cuts, clocks that step, hours and services that change,
// desks with only a keypad. The same seed makes the same days.
func randomDays(t testing.TB, seed uint64) []queue.Event {
	rng := rand.New(rand.NewPCG(seed, 7))
	h := newHall(t, testSetup())
	h.visits, h.told = rand.New(rand.NewPCG(seed, 8)), rand.New(rand.NewPCG(seed, 9))
	dates := []string{"2026-03-27", "2026-03-28", "2026-03-30", "2026-10-24", "2026-10-25", "2026-10-26"}
	first := rng.IntN(len(dates) - 2)
	for _, date := range dates[first : first+3] {
		p := plan(t, date, "08:15", "13:00", "14:00", "17:00")
		switch rng.IntN(4) {
		case 0:
			p.Bands = plan(t, date, "15:00", "18:00", "08:15", "12:30", "09:00", "12:00", "12:10", "13:30").Bands
		case 1:
			p.Bands[1].Services = []queue.ServiceID{"cie"}
		}
		if rng.IntN(3) == 0 {
			p.Expiry = clockOn(t, date, "18:30")
		}
		h.at(max(h.now.Wall, clockOn(t, date, "08:05")-h.state.CorrectionMs()))
		for h.state.Day().Open && !h.state.NeedsDay(h.now) {
			h.pass(3_600_000)
		}
		h.must(queue.OpenDay{Plan: p})
		for range 150 + rng.IntN(150) {
			h.something(rng)
		}
	}
	if rng.IntN(2) == 0 {
		h.pass(40 * 3_600_000)
		h.must(queue.Tick{})
	}
	return h.events
}

func one[T any](rng *rand.Rand, of ...T) T { return of[rng.IntN(len(of))] }

// something lets a little time go by and has somebody do something, which may
// be refused.
func (h *hall) something(rng *rand.Rand) {
	h.pass(one(rng, 0, rng.Int64N(1_000), rng.Int64N(60_000), rng.Int64N(200_000)))
	if rng.IntN(60) == 0 {
		h.pass(rng.Int64N(5_400_000)) // a quiet hour, or the midday break
	}
	desk := one(rng, queue.DeskID("s1"), "s2", "s3", "s4")
	service := one(rng, queue.ServiceID("anagrafe"), "anagrafe", "cie", "cie", "stato-civile")
	by := queue.Cause{Kind: one(rng, queue.ByConsole, queue.ByConsole, queue.ByKeypad), Device: string(desk)}
	held := h.holds(desk)
	somebody := held
	if last := h.last(); last != 0 {
		somebody = last - queue.TicketID(rng.IntN(last.Ordinal()))
	}
	parked := somebody
	for t := range h.state.Parked() {
		parked = t.ID
		break
	}
	var c queue.Command
	switch n := rng.IntN(100); {
	case n < 34:
		c = queue.IssueTicket{
			By:      queue.Cause{Kind: one(rng, queue.ByTotem, queue.ByButton, queue.ByReception), Device: "totem"},
			Service: service, Outlet: "totem", Class: one(rng, queue.Ordinary, queue.Ordinary, queue.Priority),
			Then: one(h.visits, nil, nil, nil, []queue.ServiceID{"cie"}, []queue.ServiceID{"stato-civile", "anagrafe"}),
		}
	case n < 52:
		c = queue.CallNext{By: by, Desk: desk, Finishing: held, Outcome: h.outcome()}
	case n < 66:
		c = queue.StartService{By: by, Desk: desk, Ticket: held}
	case n < 70:
		c = queue.FinishTicket{By: by, Desk: desk, Ticket: held, Outcome: h.outcome()}
	case n < 73:
		c = queue.MarkNoShow{By: by, Desk: desk, Ticket: held}
	case n < 78:
		c = queue.TransferTicket{
			By: by, From: desk, Ticket: held, Service: service,
			Desk: one(rng, "", "", desk), Place: one(rng, queue.PlaceArrival, queue.PlaceFront, queue.PlaceBack),
		}
	case n < 82:
		c = queue.ParkTicket{By: by, Desk: desk, Ticket: held, ForMs: rng.Int64N(900_000)}
	case n < 84:
		c = queue.ResumeTicket{By: by, Desk: desk, Ticket: parked}
	case n < 85:
		c = queue.CallTicket{By: by, Desk: desk, Finishing: held, Ticket: somebody}
	case n < 86:
		c = queue.CancelTicket{By: by, Ticket: somebody, Why: "citizen"}
	case n < 89:
		c = queue.RecallTicket{By: by, Desk: desk, Ticket: held}
	case n < 93:
		c = queue.OpenDesk{By: by, Desk: desk}
	case n < 94:
		c = queue.CloseDesk{By: by, Desk: desk, Current: one(h.visits, "", queue.CurrentServed, queue.CurrentNotCome)}
	case n < 97:
		c = queue.Tick{}
	default:
		c = h.rarely(rng, by)
	}
	// A refusal is as good an answer as any here.
	_ = h.try(c)
	if h.visits.IntN(30) == 0 {
		_ = h.try(queue.PlanServices{By: by, Ticket: somebody, Services: one(h.visits, nil, []queue.ServiceID{service})})
	}
	if t := h.state.Ticket(h.holds(desk)); t != nil && len(h.state.Planned(t)) > 0 && h.visits.IntN(5) == 0 {
		_ = h.try(queue.ServeOn{By: by, Desk: desk, Ticket: t.ID, Service: h.state.Planned(t)[0], Outcome: h.outcome()})
	}
	if h.told.IntN(5) == 0 {
		_ = h.try(queue.SetCategory{By: by, Ticket: somebody, Category: one(h.told, queue.Categories[:]...)})
	}
}

// outcome is what a clerk tells of a service, or nothing.
func (h *hall) outcome() queue.Outcome {
	return one(h.told, append([]queue.Outcome{"", ""}, queue.Outcomes[:]...)...)
}

// rarely is what happens to an office once in a while.
func (h *hall) rarely(rng *rand.Rand, by queue.Cause) queue.Command {
	switch rng.IntN(13) {
	case 10, 11:
		if _, suspended := h.state.Suspended(); suspended {
			return queue.ResumeOffice{By: by}
		}
		return queue.SuspendOffice{By: by, Why: "alarm"}
	case 12: // the power goes, and the network's time comes late
		if h.now.Synced {
			h.now.Boot = fmt.Sprintf("b%d", rng.Uint32())
			h.now.Mono, h.now.Synced = rng.Int64N(30_000), false
			h.now.Wall -= rng.Int64N(7_200_000)
			return queue.StartUp{Version: "test"}
		}
		h.now.Wall += rng.Int64N(7_200_000)
		h.now.Synced = true
		return queue.Tick{}
	case 0: // the power goes, and the clock is off by a little when it is back
		h.now.Boot = fmt.Sprintf("b%d", rng.Uint32())
		h.now.Mono = rng.Int64N(30_000)
		h.now.Wall += rng.Int64N(300_000) - 60_000
		return queue.StartUp{Version: "test"}
	case 1:
		return queue.SetClock{By: by, CorrectionMs: rng.Int64N(5_400_000) - 2_700_000, Sure: true}
	case 2: // the wall clock steps by itself
		h.now.Wall += rng.Int64N(1_200_000) - 600_000
		return queue.Tick{}
	case 6, 7, 8, 9:
		return h.back(rng, by)
	case 3:
		setup := testSetup()
		setup.Services[0].StandardMs = 60_000 * (1 + rng.Int64N(20))
		setup.Services[1].Name = "CIE"
		setup.Desks[1].Group = "cie"
		return queue.ChangeSetup{By: by, Setup: setup, Plan: *h.state.Plan()}
	case 4: // a service and a desk are removed
		setup := testSetup()
		setup.Services, setup.Desks = setup.Services[:2], setup.Desks[:3]
		setup.Desks[0].Profile.First = []queue.ServiceID{"anagrafe"}
		p := *h.state.Plan()
		p.Bands = p.Bands[:1:1]
		return queue.ChangeSetup{By: by, Setup: setup, Plan: p}
	default:
		return queue.ChangeSetup{By: by, Setup: testSetup(), Plan: *h.state.Plan()}
	}
}

// back is what goes another way than forward: a wrong call taken back, a
// no-show who turns up, a ticket put back or reinstated.
func (h *hall) back(rng *rand.Rand, by queue.Cause) queue.Command {
	var found []queue.Command
	for _, id := range []queue.DeskID{"s1", "s2", "s3", "s4"} {
		if t := h.state.Undoable(id, h.now); t != 0 {
			found = append(found, queue.UndoCall{By: by, Desk: id, Ticket: t})
		}
		found = append(found, queue.PutBack{By: by, Desk: id, Ticket: h.holds(id)})
	}
	for t := range h.state.Tickets() {
		if h.state.Returnable(t.ID, h.now) == nil {
			found = append(found, queue.ReturnTicket{By: by, Ticket: t.ID})
		}
		if t.Reinstatable() {
			found = append(found, queue.Reinstate{By: by, Ticket: t.ID})
		}
	}
	return one(rng, found...)
}
