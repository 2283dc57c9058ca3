package queue

import (
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func numbers(tickets iter.Seq[*Ticket]) []string {
	var texts []string
	for t := range tickets {
		texts = append(texts, t.Number.Text)
	}
	return texts
}

// TestAVisitKeepsEveryPeriod follows one visit through everything that can
// happen to it, and reads what is left of it.
func TestAVisitKeepsEveryPeriod(t *testing.T) {
	h := newHall(t)
	h.open("1", "3")
	start := h.now.Mono
	visit := h.issue("anagrafe")
	one := console("1")
	h.pass(10 * minute)
	h.next("1")
	h.pass(minute)
	h.do(RecallTicket{By: one, Desk: "1", Ticket: visit.ID})
	h.pass(minute)
	h.do(StartService{By: one, Desk: "1", Ticket: visit.ID})
	h.pass(5 * minute)
	h.do(ParkTicket{By: one, Desk: "1", Ticket: visit.ID, ForMs: 20 * minute})
	h.pass(3 * minute)
	h.do(ResumeTicket{By: one, Desk: "1", Ticket: visit.ID})
	h.pass(minute)
	h.do(TransferTicket{By: one, From: "1", Ticket: visit.ID, Service: "cie"})
	h.pass(4 * minute)
	h.next("3")
	h.pass(2 * minute)
	h.do(CloseDesk{By: Cause{Kind: ByKeypad}, Desk: "3"})

	type period struct {
		Kind              TicketState
		Service           ServiceID
		Desk              DeskID
		Leg               int
		From, To          int64 // minutes from the issue
		Inferred, Unknown bool
	}
	want := []period{
		{Waiting, "anagrafe", "", 0, 0, 10, false, false},
		{Called, "anagrafe", "1", 0, 10, 12, false, false},
		{Serving, "anagrafe", "1", 0, 12, 17, false, false},
		{Parked, "anagrafe", "1", 0, 17, 20, false, false},
		{Serving, "anagrafe", "1", 0, 20, 21, false, false},
		{Waiting, "cie", "", 1, 21, 25, false, false},
		{Called, "cie", "3", 1, 25, 25, true, false},
		{Serving, "cie", "3", 1, 25, 27, true, true},
	}
	var got []period
	for _, p := range h.fresh(visit).Periods {
		got = append(got, period{p.Kind, p.Service, p.Desk, p.Leg,
			(p.Start.Mono - start) / minute, (p.End.Mono - start) / minute, p.EndInferred, p.EndUnknown})
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("periods (-want +got):\n%s", d)
	}
	if f := h.fresh(visit); f.State != Served || f.Calls != 2 || f.Number.Text != "A001" || f.Issued != visit.Issued {
		t.Errorf("visit %+v", f)
	}
}

func TestTheReasonOfACall(t *testing.T) {
	h := newHall(t)
	h.open("1", "2", "3")
	a := h.issue("anagrafe")
	h.pass(minute)
	b := h.issue("tributi")
	h.next("1")
	h.pass(minute)
	h.do(TransferTicket{By: console("1"), From: "1", Ticket: a.ID, Service: "tributi", Place: PlaceBack})
	h.pass(minute)
	c := h.issue("anagrafe")
	h.do(CallTicket{By: console("2"), Desk: "2", Ticket: c.ID})
	h.do(TransferTicket{By: console("2"), From: "2", Ticket: c.ID, Service: "anagrafe", Place: PlaceFront})
	reason := func(desk DeskID) Reason {
		h.t.Helper()
		h.next(desk)
		return h.state.Ticket(h.holds(desk)).Rule
	}
	// C stands in front, though A and B were issued before it: A is the older.
	if got, want := reason("1"), (Reason{Rule: RuleLongest, WaitedMs: 0, Passed: b.ID}); got != want {
		t.Errorf("front: %+v, want %+v", got, want)
	}
	if got, want := reason("1"), (Reason{Rule: RuleLongest, WaitedMs: 2 * minute}); got != want {
		t.Errorf("oldest: %+v, want %+v", got, want)
	}
	// The wait is of this leg: the first minute at the first service is not in it.
	if got, want := reason("1"), (Reason{Rule: RuleLongest, WaitedMs: minute}); got != want {
		t.Errorf("back: %+v, want %+v", got, want)
	}
	d := h.issue("anagrafe")
	if got, want := reason("3"), (Reason{Rule: RuleHelp}); got != want || h.holds("3") != d.ID {
		t.Errorf("help: %+v, want %+v", got, want)
	}
	// Waiting, parked and waiting again in one leg is one wait, without the park.
	h.pass(minute)
	h.do(ParkTicket{By: console("3"), Desk: "3", Ticket: d.ID, ForMs: minute})
	h.pass(minute)
	h.do(Tick{})
	h.pass(7 * minute)
	if got, want := reason("3"), (Reason{Rule: RuleHelp, WaitedMs: 7 * minute}); got != want {
		t.Errorf("after the park: %+v, want %+v", got, want)
	}
}

// TestAPlaceIsOfOneLeg: who was sent to the front or to the back stands by first
// arrival again after the next transfer.
func TestAPlaceIsOfOneLeg(t *testing.T) {
	for _, place := range []Place{PlaceFront, PlaceBack} {
		h := newHall(t)
		h.open("1")
		h.issue("tributi")
		moved := h.issue("anagrafe")
		h.issue("tributi")
		send := func(service ServiceID, place Place) {
			h.do(CallTicket{By: console("1"), Desk: "1", Ticket: moved.ID})
			h.do(TransferTicket{By: console("1"), From: "1", Ticket: moved.ID, Service: service, Place: place})
		}
		send("anagrafe", place)
		send("tributi", PlaceArrival)
		got := numbers(h.state.Waiting("tributi"))
		if want := []string{"A001", "A002", "A003"}; !slices.Equal(got, want) {
			t.Errorf("after %s: %v", place, got)
		}
	}
}

func TestPeopleAhead(t *testing.T) {
	h := newHall(t)
	for _, service := range []ServiceID{"cie", "cie", "tributi", "tributi", "tributi"} {
		h.issue(service)
	}
	ahead := func(service ServiceID) int { return h.issue(service).Ahead }
	// No desk is open: all that serve anagrafe take their next in turn, desk 3
	// with its cards too.
	if got := ahead("anagrafe"); got != 4 {
		t.Errorf("nobody works: %d ahead", got)
	}
	h.open("1")
	if got := ahead("anagrafe"); got != 4 {
		t.Errorf("desk 1 works: %d ahead", got)
	}
	// Desk 3 would have to open, and is the last in each turn.
	if got := ahead("cie"); got != 5 {
		t.Errorf("cards: %d ahead", got)
	}
	h.do(PauseDesk{By: console("1"), Desk: "1", Why: "break"})
	h.open("3")
	// Desk 3 only helps: its cards go first, and those it helps already.
	if got := ahead("anagrafe"); got != 5 {
		t.Errorf("desk 3 alone: %d ahead", got)
	}
}

func TestWhatIsRemovedEndsWithItsLastTicket(t *testing.T) {
	h := newHall(t)
	h.open("1", "2", "3")
	manager := Cause{Kind: ByManager}
	c1, c2 := h.issue("cie"), h.issue("cie")
	h.next("3")
	sent := h.issue("anagrafe")
	h.next("1")
	h.do(TransferTicket{By: console("1"), From: "1", Ticket: sent.ID, Service: "anagrafe", Desk: "3"})

	// The cards go, and with them the only desk that made them.
	setup := without(without(h.state.Setup(), "service", "cie"), "desk", "3")
	h.do(ChangeSetup{By: manager, Setup: setup})
	// Another operator may end what the first one began there.
	if got := kinds(h.do(OpenDesk{By: console("3"), Desk: "3", Account: "another"})); !slices.Equal(got, []string{"DeskOpened"}) {
		t.Errorf("taking desk 3 over did %v", got)
	}
	h.refused(SetDeskProfile{By: manager, Desk: "3"}, ErrUnknownDesk)
	h.refused(SetDeskProfile{By: manager, Desk: "1", Profile: Profile{First: []ServiceID{"cie"}}}, ErrUnknownService)
	h.pass(hastyMs)
	h.refused(CallTicket{By: console("3"), Desk: "3", Finishing: c1.ID, Ticket: c2.ID}, ErrDeskClosed)

	// Desk 3 ends with the ticket that it holds, and lets go of whom it was sent.
	got := kinds(h.do(CallNext{By: console("3"), Desk: "3", Finishing: c1.ID}))
	if want := []string{"ServiceStarted", "TicketServed", "DeskClosed"}; !slices.Equal(got, want) {
		t.Errorf("desk 3 did %v", got)
	}
	h.refused(CallNext{By: Cause{Kind: ByKeypad}, Desk: "3"}, ErrDeskClosed)
	h.refused(OpenDesk{By: console("3"), Desk: "3", Account: "another"}, ErrUnknownDesk)
	if got := h.next("1"); got.ID != sent.ID {
		t.Errorf("desk 1 got %s", got.Number.Text)
	}
	h.refused(TransferTicket{By: console("1"), From: "1", Ticket: sent.ID, Service: "cie"}, ErrUnknownService)

	// Who still waits for a card is helped out by whoever is left.
	if got := h.next("2"); got.ID != c2.ID || got.Rule.Rule != RuleHelp {
		t.Errorf("desk 2 got %s, %+v", got.Number.Text, got.Rule)
	}

	// A desk that is removed while it is idle closes at once.
	h.next("2")
	setup = without(setup, "desk", "2")
	if got := kinds(h.do(ChangeSetup{By: manager, Setup: setup})); !slices.Equal(got, []string{"SetupChanged", "DeskClosed"}) {
		t.Errorf("removing an idle desk did %v", got)
	}
	// The next day knows nothing of what was removed.
	h.pass(24 * hour)
	h.do(OpenDay{Plan: testPlan(tuesday+24*hour, "2026-11-25")})
	if _, _, ok := h.state.Desk("3"); ok {
		t.Error("desk 3 is still there the next day")
	}
	if _, ok := h.state.Service("cie"); ok {
		t.Error("the cards are still there the next day")
	}
}

func TestTheDayEnds(t *testing.T) {
	setup := testSetup()
	setup.Rules.CallOutside = true
	h := newHallOf(t, setup)
	h.open("1")
	h.do(ReportOutlet{Outlet: "totem", Gives: Able})
	waits, parks := h.issue("anagrafe"), h.issue("anagrafe")
	serving := h.issue("cie")
	h.do(CallTicket{By: console("1"), Desk: "1", Ticket: parks.ID})
	h.do(ParkTicket{By: console("1"), Desk: "1", Ticket: parks.ID, ForMs: 20 * hour})
	h.do(CallTicket{By: console("1"), Desk: "1", Ticket: serving.ID})
	next := OpenDay{Plan: testPlan(tuesday+24*hour, "2026-11-25")}
	h.nothing(next)

	h.pass(tuesday + 18*hour - h.state.OfficeTime(h.now) - 1)
	h.nothing(Tick{})
	h.pass(1)
	if got := kinds(h.do(Tick{})); !slices.Equal(got, []string{"TicketExpired", "TicketExpired"}) {
		t.Fatalf("at the expiry: %v", got)
	}
	h.wantState(waits, Expired)
	h.wantState(parks, Expired)
	h.wantState(serving, Called)

	// Nobody ticked at midnight: the box was off. The next day ends this one.
	h.reboot(15 * hour)
	if !h.state.NeedsDay(h.now) {
		t.Fatal("no new day is needed")
	}
	h.refused(OpenDay{Plan: testPlan(tuesday, "2026-11-24")}, ErrBadCommand)
	got := h.do(next)
	if want := []string{"ServiceStarted", "TicketServed", "DeskClosed", "DayClosed", "DayOpened"}; !slices.Equal(kinds(got), want) {
		t.Fatalf("the day's end: %v", kinds(got))
	}
	if b := got[1].Body.(TicketServed); !b.UnknownEnd || !got[1].By.Inferred {
		t.Errorf("the last service: %+v", got[1])
	}
	if b := got[3].Body.(DayClosed); b != (DayClosed{Day: 1, Issued: 3, Served: 1, Expired: 2}) {
		t.Errorf("closed with %+v", b)
	}
	if h.state.Ticket(waits.ID) != nil || h.state.Totals() != (Totals{}) || len(h.state.Calls()) != 0 {
		t.Error("something of yesterday is left")
	}
}

func TestAbilitiesOutliveTheDay(t *testing.T) {
	h := newHall(t)
	h.do(ReportOutlet{Outlet: "totem", Gives: Unable, Why: "paper-out"})
	h.pass(24 * hour)
	h.do(OpenDay{Plan: testPlan(tuesday+24*hour, "2026-11-25")})
	if _, o, _ := h.state.Outlet("totem"); o.Gives != Unable || o.Why != "paper-out" {
		t.Errorf("the next day: %+v", o)
	}
	if _, o, _ := h.state.Outlet("kiosk"); o.Gives != AbleUnknown {
		t.Errorf("the kiosk: %+v", o)
	}
}

func TestAStepOfTheClockNeverEndsADayThatPeopleWaitIn(t *testing.T) {
	h := newHall(t)
	a := h.issue("anagrafe")
	h.now.Wall += 100 * 24 * hour
	if got := kinds(h.do(Tick{})); !slices.Equal(got, []string{"ClockStepped"}) {
		t.Errorf("after the step: %v", got)
	}
	if ms, ok := h.state.Due(h.now); !ok || ms != 15*hour+30*minute-6*hour {
		t.Errorf("due in %d, %v", ms, ok)
	}
	later := testPlan(tuesday+100*24*hour, "2027-03-04")
	if !h.state.NeedsDay(h.now) {
		t.Error("the day keeps a date that is not today's")
	}
	if got := kinds(h.do(OpenDay{Plan: later})); !slices.Equal(got, []string{"DayRedated"}) {
		t.Errorf("the day's date: %v", got)
	}
	if h.state.NeedsDay(h.now) || h.state.Plan().Date != "2027-03-04" || h.issue("anagrafe").Number.Text != "A002" {
		t.Error("the day does not go on under its new date")
	}
	h.do(CancelTicket{By: Cause{Kind: ByReception}, Ticket: a.ID + 1, Why: "citizen"})
	if ms, ok := h.state.Due(h.now); !ok || ms != 9*hour+30*minute {
		t.Errorf("due in %d, %v", ms, ok)
	}
	h.do(CancelTicket{By: Cause{Kind: ByReception}, Ticket: a.ID, Why: "citizen"})
	h.now.Wall += 24 * hour
	if got := kinds(h.do(Tick{})); !slices.Equal(got, []string{"ClockStepped", "DayClosed"}) {
		t.Errorf("with nobody left: %v", got)
	}
	h.nothing(Tick{})
	h.refused(CallNext{By: console("1"), Desk: "1"}, ErrNoDay)
	if _, ok := h.state.Due(h.now); ok {
		t.Error("something is due while no day is open")
	}
}

func TestTheBoardRemembersTheLastCalls(t *testing.T) {
	h := newHall(t)
	h.open("1", "2")
	for range 20 {
		h.issue("anagrafe")
	}
	first := h.next("2")
	for range shownCalls + 3 {
		h.next("1")
	}
	calls := h.state.Calls()
	if len(calls) != shownCalls || calls[0].Number.Text != "A016" || calls[0].Label != "1" {
		t.Fatalf("%d calls, newest %+v", len(calls), calls[0])
	}
	h.pass(minute)
	h.do(RecallTicket{By: console("2"), Desk: "2", Ticket: first.ID})
	if c := h.state.Calls()[0]; c.Ticket != first.ID || c.Recalls != 1 || c.Seq != h.state.Seq() {
		t.Errorf("after the recall %+v", c)
	}
	h.do(RecallTicket{By: console("1"), Desk: "1", Ticket: h.holds("1")})
	if got := h.state.Calls(); got[0].Number.Text != "A016" || got[1].Ticket != first.ID || len(got) != shownCalls {
		t.Errorf("a ticket stands on the board once, got %+v", got[:3])
	}
}

func TestWhereEverybodyIs(t *testing.T) {
	h := busyHall(t)
	if got := numbers(h.state.Parked()); !slices.Equal(got, []string{"A003"}) {
		t.Errorf("parked %v", got)
	}
	if got := numbers(h.state.WaitingAt("3")); !slices.Equal(got, []string{"A004"}) {
		t.Errorf("for desk 3 alone %v", got)
	}
	if got := h.state.WaitingFor("cie"); got != 2 {
		t.Errorf("%d wait for a card, the one sent to desk 3 included", got)
	}
	if got := h.state.LatestByNumber("A005"); got == nil || got.State != Serving {
		t.Errorf("A005: %+v", got)
	}
	if h.state.LatestByNumber("Z999") != nil {
		t.Error("Z999 was found")
	}
	n := 0
	for range h.state.Waiting("anagrafe") {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("visited %d after saying stop", n)
	}
}
