package queue

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestUndoGivesTheTurnBack: whatever was called, by whatever rule, an undo at
// once leaves the order as it was, at every desk.
func TestUndoGivesTheTurnBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		setup := testSetup()
		setup.Rules.PriorityRatio = rapid.IntRange(1, 3).Draw(r, "ratio")
		setup.Series[1].Last = 999
		h := newHallOf(t, setup)
		h.open("1", "2", "3")
		for range rapid.IntRange(5, 40).Draw(r, "steps") {
			h.pass(rapid.Int64Range(1, 20*minute).Draw(r, "time"))
			desk := DeskID(rapid.SampledFrom([]string{"1", "2", "3"}).Draw(r, "desk"))
			switch rapid.IntRange(0, 4).Draw(r, "what") {
			case 0, 1:
				service := ServiceID(rapid.SampledFrom([]string{"anagrafe", "tributi", "cie"}).Draw(r, "service"))
				if _, err := h.step(IssueTicket{By: Cause{Kind: ByReception}, Service: service, Outlet: "list",
					Class: rapid.SampledFrom([]Class{Ordinary, Priority}).Draw(r, "class")}); err != nil {
					continue
				}
			case 2:
				if held := h.holds(desk); held != 0 {
					h.do(TransferTicket{By: console(desk), From: desk, Ticket: held, Service: "anagrafe", Desk: "1"})
				}
			default:
				profiles, turns, totals := h.state.profiles, h.state.turns, h.state.totals
				finished, next := h.holds(desk), [3]TicketID{}
				was := h.state.Ticket(finished)
				for i, d := range []DeskID{"1", "2", "3"} {
					next[i], _, _ = h.state.Next(h.now, d)
				}
				called := h.next(desk)
				if called == nil {
					continue
				}
				if rapid.Bool().Draw(r, "keep") {
					continue
				}
				before := h.state.Ticket(called.ID)
				h.do(UndoCall{By: console(desk), Desk: desk, Ticket: called.ID})
				if !slices.Equal(profiles, h.state.profiles) || !slices.Equal(turns, h.state.turns) {
					r.Fatalf("turns %+v %+v, were %+v %+v", h.state.profiles, h.state.turns, profiles, turns)
				}
				for i, d := range []DeskID{"1", "2", "3"} {
					if id, _, _ := h.state.Next(h.now, d); id != next[i] {
						r.Fatalf("desk %s would call %d, would have called %d", d, id, next[i])
					}
				}
				if was != nil {
					totals.Called, totals.Serving = h.state.totals.Called, h.state.totals.Serving // its start stays known
				}
				if h.state.totals != totals || h.holds(desk) != finished {
					r.Fatalf("totals %+v, were %+v; the desk holds %d, held %d", h.state.totals, totals, h.holds(desk), finished)
				}
				if after := h.state.Ticket(called.ID); after.key != before.key || after.State != Waiting {
					r.Fatalf("%s stands at %d as %s, stood at %d", after.Number.Text, after.key, after.State, before.key)
				}
			}
		}
	})
}

// TestUndoAfterOthersCalled: what other desks called in between still counts.
func TestUndoAfterOthersCalled(t *testing.T) {
	h := newHall(t)
	h.open("1", "2")
	for range 5 {
		h.issueAs("anagrafe", Ordinary)
	}
	p, q := h.issueAs("anagrafe", Priority), h.issueAs("anagrafe", Priority)
	h.wantNext("1", p, RulePriority)
	h.next("2")
	h.do(UndoCall{By: console("1"), Desk: "1", Ticket: p.ID})
	// One ordinary call, and none of priority: it is still the first of the day.
	if got := h.state.profileTurn(0); got != (profileTurn{ordinary: 1}) {
		t.Errorf("turn %+v", got)
	}
	h.wantNext("1", p, RulePriority)
	h.next("2")
	h.next("1")
	h.wantNext("2", q, RulePriority)
}

// TestUndoReturnsWhoWasSentToADesk: a ticket for one desk alone stays for it.
func TestUndoReturnsWhoWasSentToADesk(t *testing.T) {
	h := newHall(t)
	h.open("1", "2")
	a := h.issue("anagrafe")
	h.next("1")
	h.do(TransferTicket{By: console("1"), From: "1", Ticket: a.ID, Service: "anagrafe", Desk: "2"})
	h.wantNext("2", a, RuleTransferred)
	h.do(UndoCall{By: console("2"), Desk: "2", Ticket: a.ID})
	h.nothing(CallNext{By: console("1"), Desk: "1"})
	h.wantNext("2", a, RuleTransferred)
	h.do(PutBack{By: console("2"), Desk: "2", Ticket: a.ID})
	h.nothing(CallNext{By: console("1"), Desk: "1"})
	h.refused(CallTicket{By: console("1"), Desk: "1", Ticket: a.ID}, ErrNotAllowed)
	h.do(CloseDesk{By: console("2"), Desk: "2"})
	h.wantNext("1", a, RuleLongest)
}

// TestUndoOfAHastyKey: what the key took for a no-show is called again.
func TestUndoOfAHastyKey(t *testing.T) {
	h := newHall(t)
	h.open("1")
	a, b := h.issue("anagrafe"), h.issue("anagrafe")
	keypad := Cause{Kind: ByKeypad, Device: "k1"}
	h.do(CallNext{By: keypad, Desk: "1"})
	h.pass(10 * second)
	h.do(CallNext{By: keypad, Desk: "1", Finishing: a.ID})
	h.pass(second)
	h.do(UndoCall{By: keypad, Desk: "1", Ticket: b.ID})
	if h.wantState(a, Called); h.holds("1") != a.ID || h.state.Totals().NoShows != 0 {
		t.Errorf("%+v", h.fresh(a))
	}
	h.pass(minute)
	h.do(CallNext{By: keypad, Desk: "1", Finishing: a.ID})
	h.wantState(a, Served)
	h.wantState(b, Called)
}

// TestANumberGivenAgainIsNobodyElses: after a wrap the old holder of a number, who
// could not come back any more, is not brought back.
func TestANumberGivenAgainIsNobodyElses(t *testing.T) {
	h := newHall(t)
	h.open("3")
	a := h.issue("cie")
	h.next("3")
	h.do(MarkNoShow{By: console("3"), Desk: "3", Ticket: a.ID})
	b := h.issue("cie")
	h.do(CancelTicket{By: console("3"), Ticket: b.ID, Why: "citizen"})
	h.pass(15*minute + 1)
	for range 3 {
		h.issue("cie")
	}
	h.refused(ReturnTicket{By: console("3"), Ticket: a.ID}, ErrNumberTaken)
	h.refused(Reinstate{By: console("3"), Ticket: b.ID}, ErrNumberTaken)
}

// TestALateReturnOverARestart: a power cut does not shut the door on who was
// away for a moment.
func TestALateReturnOverARestart(t *testing.T) {
	h := newHall(t)
	h.open("1")
	a := h.issue("anagrafe")
	h.next("1")
	h.do(MarkNoShow{By: console("1"), Desk: "1", Ticket: a.ID})
	h.reboot(10 * minute)
	h.do(ReturnTicket{By: Cause{Kind: ByReception}, Ticket: a.ID})
	h.nothing(ReturnTicket{By: Cause{Kind: ByReception}, Ticket: a.ID})
	h.wantNext("1", a, RuleReturned)
}

// TestRecallsMakeANoShow, near each other or at a desk that closes over them.
func TestRecallsMakeANoShow(t *testing.T) {
	for _, c := range []struct {
		gapMs  int64
		recall int
		want   TicketState
	}{{30 * second, 2, NoShow}, {29 * second, 2, Served}, {20 * second, 3, NoShow}, {hour, 1, Served}} {
		for _, closes := range []bool{false, true} {
			h := newHall(t)
			h.open("1")
			a := h.issue("anagrafe")
			h.next("1")
			for range c.recall {
				h.pass(c.gapMs)
				h.do(RecallTicket{By: console("1"), Desk: "1", Ticket: a.ID})
			}
			h.pass(hastyMs)
			if closes {
				h.do(CloseDesk{By: Cause{Kind: ByKeypad}, Desk: "1"})
			} else {
				h.next("1")
			}
			if got := h.fresh(a); got.State != c.want || !got.Periods[len(got.Periods)-1].EndInferred {
				t.Errorf("%d recalls %d ms apart, closes %v: %s", c.recall, c.gapMs, closes, got.State)
			}
			// Who says that the visit is over knows it.
			if c.want == NoShow && h.fresh(a).Recalls != c.recall {
				t.Errorf("%d recalls", h.fresh(a).Recalls)
			}
		}
	}
}

// TestAKeypadIsPresumedAway half an hour after its last key, and counts in no
// estimate then.
func TestAKeypadIsPresumedAway(t *testing.T) {
	h := newHall(t)
	keypad := Cause{Kind: ByKeypad, Device: "k1"}
	h.do(CallNext{By: keypad, Desk: "1"})
	h.open("3")
	h.pass(29 * minute)
	if h.state.PresumedAway("1", h.now) {
		t.Error("after 29 minutes")
	}
	// A key that finds nothing to do tells that somebody is there.
	if got := kinds(h.do(CallNext{By: keypad, Desk: "1"})); !slices.Equal(got, []string{"DeskSeen"}) {
		t.Errorf("the key did %v", got)
	}
	h.nothing(CallNext{By: keypad, Desk: "1"})
	h.issue("cie")
	h.next("3")
	h.issue("tributi")
	h.issue("tributi")
	if n := h.aheadOf("anagrafe", Ordinary); n != 1 {
		t.Errorf("%d ahead while desk 1 calls one and desk 3 the next", n)
	}
	h.pass(30 * minute)
	if !h.state.PresumedAway("1", h.now) || h.state.PresumedAway("3", h.now) || h.state.PresumedAway("9", h.now) {
		t.Error("after half an hour")
	}
	if n := h.aheadOf("anagrafe", Ordinary); n != 0 {
		t.Errorf("%d ahead at desk 3, which helps Anagrafe out", n)
	}
	// Whoever sits down at its console is there.
	h.do(CallNext{By: console("1"), Desk: "1"})
	h.pass(2 * hour)
	if h.state.PresumedAway("1", h.now) {
		t.Error("a console is never presumed away")
	}
}

func TestTheUsualPlaceOfATransfer(t *testing.T) {
	setup := testSetup()
	setup.Rules.TransferPlace = PlaceBack
	h := newHallOf(t, setup)
	h.open("1")
	a, b := h.issue("anagrafe"), h.issue("tributi")
	h.next("1")
	h.do(TransferTicket{By: console("1"), From: "1", Ticket: a.ID, Service: "tributi"})
	h.wantNext("1", b, RuleLongest)
}

func TestPeopleAheadOfPriority(t *testing.T) {
	h := newHall(t)
	h.open("1")
	for range 9 {
		h.issueAs("anagrafe", Ordinary)
	}
	h.issueAs("anagrafe", Priority)
	if n := h.aheadOf("anagrafe", Ordinary); n != 10 {
		t.Errorf("%d ahead of an ordinary one", n)
	}
	if n := h.aheadOf("anagrafe", Priority); n != 3 {
		t.Errorf("%d ahead of one with priority", n)
	}
	if n := h.aheadOf("anagrafe", Appointment); n != 0 {
		t.Errorf("%d ahead of an appointment", n)
	}
}
