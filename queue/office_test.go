package queue

import (
	"errors"
	"flag"
	"testing"
)

// update rewrites the golden files and the scripts under testdata.
var update = flag.Bool("update", false, "rewrite the golden files under testdata")

const (
	second = int64(1_000)
	minute = 60 * second
	hour   = 60 * minute
	// tuesday is the midnight with which 24 November 2026 begins, in UTC, which
	// is the zone of the office in these tests.
	tuesday = int64(1_795_478_400_000)
)

// testSetup is a small office: two services that share a series, electronic
// cards with a series of their own that wraps after three, three desks, a totem
// with paper only, a kiosk with paper and screen, and the reception's list.
func testSetup() Setup {
	rules := DefaultRules()
	rules.CallByNumber = true
	return Setup{
		Office: Office{Body: "Comune di Prova", Name: "Sportello", Place: "piano terra", Zone: "Europe/Rome"},
		Series: []Series{
			{ID: "A", Letters: "A", First: 1, Last: 999, Width: 3},
			{ID: "C", Letters: "C", First: 1, Last: 3, Width: 2, Wrap: true},
		},
		Services: []Service{
			{ID: "anagrafe", Name: "Anagrafe", Series: "A", StandardMs: 15 * minute, StandardShare: 0.9},
			{ID: "tributi", Name: "Tributi", Series: "A", StandardMs: 15 * minute, StandardShare: 0.9, DayCap: 30},
			{ID: "cie", Name: "Carta d'identità", Series: "C", StandardMs: 20 * minute, StandardShare: 0.9},
		},
		Desks: []Desk{
			{ID: "1", Label: "1", Group: "poli", Profile: Profile{First: []ServiceID{"anagrafe", "tributi"}}},
			{ID: "2", Label: "2", Group: "poli", Profile: Profile{First: []ServiceID{"anagrafe", "tributi"}}},
			{ID: "3", Label: "3", Group: "cie", Profile: Profile{First: []ServiceID{"cie"}, Help: []ServiceID{"anagrafe"}}},
		},
		Outlets: []Outlet{
			{ID: "totem", Name: "Totem", Printer: true},
			{ID: "kiosk", Name: "Chiosco", Printer: true, Screen: true},
			{ID: "list", Name: "Accoglienza"},
		},
		Hours: Hours{Week: []WeekBand{{Days: []string{"tue"}, Open: "08:15", Close: "17:00"}}},
		Rules: rules,
	}
}

func testPlan(midnight int64, date string) DayPlan {
	return DayPlan{
		Date: date, Begins: midnight, Ends: midnight + 24*hour,
		Bands:  []Band{{Opens: midnight + 8*hour + 15*minute, Closes: midnight + 17*hour}},
		Expiry: midnight + 18*hour,
	}
}

// A hall is an office under test: its state, its clock, and every event so far.
type hall struct {
	t      testing.TB
	state  *State
	now    Now
	events []Event
}

// newHall is the test office on Tuesday at half past eight, with no desk open.
func newHall(t testing.TB) *hall {
	t.Helper()
	return newHallOf(t, testSetup())
}

func newHallOf(t testing.TB, setup Setup) *hall {
	t.Helper()
	h := &hall{t: t, state: &State{}, now: Now{Wall: tuesday + 8*hour + 30*minute, Boot: "boot-1", Mono: minute, Synced: true}}
	h.do(StartUp{Version: "test", Journal: "journal-1"})
	h.do(ChangeSetup{By: Cause{Kind: ByManager}, Setup: setup})
	h.do(OpenDay{Plan: testPlan(tuesday, "2026-11-24")})
	return h
}

func (h *hall) pass(ms int64) {
	h.now.Wall += ms
	h.now.Mono += ms
}

// reboot is a power cut that lasts ms, by the wall clock.
func (h *hall) reboot(ms int64) {
	h.now.Wall += ms
	h.now.Boot += "'"
	h.now.Mono = 20 * second
	h.do(StartUp{Version: "test", Journal: "never-used"})
}

// step decides and remembers the events, if there were any.
func (h *hall) step(c Command) ([]Event, error) {
	s, events, err := h.state.Step(h.now, c)
	h.state = s
	h.events = append(h.events, events...)
	return events, err
}

// do decides what must be allowed.
func (h *hall) do(c Command) []Event {
	h.t.Helper()
	events, err := h.step(c)
	if err != nil {
		h.t.Fatalf("%T %+v: %v", c, c, err)
	}
	return events
}

// refused decides what must be refused with want, and must change nothing.
func (h *hall) refused(c Command, want error) {
	h.t.Helper()
	before := h.state
	events, err := h.step(c)
	if !errors.Is(err, want) {
		h.t.Fatalf("%T %+v: got %v, want %v", c, c, err, want)
	}
	if len(events) > 0 || h.state != before {
		h.t.Fatalf("%T was refused and changed something: %v", c, events)
	}
}

// nothing decides what must be allowed and must change nothing.
func (h *hall) nothing(c Command) {
	h.t.Helper()
	if events := h.do(c); len(events) > 0 {
		h.t.Fatalf("%T %+v: events %v, want none", c, c, kinds(events))
	}
}

// issue gives a ticket at the reception's list.
func (h *hall) issue(service ServiceID) *Ticket {
	h.t.Helper()
	h.do(IssueTicket{By: Cause{Kind: ByReception}, Service: service, Outlet: "list"})
	return h.state.tickets.at(h.state.tickets.len() - 1)
}

// open opens desks.
func (h *hall) open(desks ...DeskID) {
	h.t.Helper()
	for _, d := range desks {
		h.do(OpenDesk{By: console(d), Desk: d})
	}
}

func (h *hall) holds(desk DeskID) TicketID {
	_, d, _ := h.state.Desk(desk)
	return d.Ticket
}

// next presses NEXT at a desk, and is the ticket that it then holds.
func (h *hall) next(desk DeskID) *Ticket {
	h.t.Helper()
	if t := h.state.Ticket(h.holds(desk)); t != nil && t.State == Called && h.now.within(hastyMs, t.Called) {
		// Who is called comes at once, so that the NEXT is no double click.
		h.do(StartService{By: console(desk), Desk: desk, Ticket: t.ID})
	}
	h.do(CallNext{By: console(desk), Desk: desk, Finishing: h.holds(desk)})
	return h.state.Ticket(h.holds(desk))
}

// fresh is the ticket as it now is.
func (h *hall) fresh(t *Ticket) *Ticket { return h.state.Ticket(t.ID) }

func (h *hall) wantState(t *Ticket, want TicketState) {
	h.t.Helper()
	if got := h.fresh(t).State; got != want {
		h.t.Fatalf("%s is %s, want %s", t.Number.Text, got, want)
	}
}

func console(desk DeskID) Cause { return Cause{Kind: ByConsole, Device: string(desk)} }

func kinds(events []Event) []string {
	var names []string
	for _, e := range events {
		names = append(names, e.Body.Kind())
	}
	return names
}
