package queue

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestEveryCommandInEveryState: what may be done to a ticket depends on where
// it stands. Desk 1 is the one that acts; in the states called and serving it
// holds the ticket. An empty list is "allowed, and nothing happens".
func TestEveryCommandInEveryState(t *testing.T) {
	states := []TicketState{Waiting, Called, Serving, Parked, Served, NoShow, Cancelled, Expired}
	type answer any // a refusal, or the kinds of the events
	yes := func(kinds ...string) answer { return kinds }
	nothing := yes()
	call := console("1")
	for _, c := range []struct {
		name    string
		command func(TicketID) Command
		want    [8]answer // by state, in the order above
	}{
		{"recall", func(id TicketID) Command { return RecallTicket{By: call, Desk: "1", Ticket: id} },
			[8]answer{ErrStale, yes("TicketRecalled"), ErrWrongState, ErrStale, ErrStale, ErrStale, ErrStale, ErrStale}},
		{"start", func(id TicketID) Command { return StartService{By: call, Desk: "1", Ticket: id} },
			[8]answer{ErrStale, yes("ServiceStarted"), nothing, ErrStale, ErrStale, ErrStale, ErrStale, ErrStale}},
		{"finish", func(id TicketID) Command { return FinishTicket{By: call, Desk: "1", Ticket: id} },
			[8]answer{ErrStale, yes("ServiceStarted", "TicketServed"), yes("TicketServed"), ErrStale, ErrStale, ErrStale, ErrStale, ErrStale}},
		{"no-show", func(id TicketID) Command { return MarkNoShow{By: call, Desk: "1", Ticket: id} },
			[8]answer{ErrStale, yes("TicketNoShow"), ErrWrongState, ErrStale, ErrStale, ErrStale, ErrStale, ErrStale}},
		{"transfer", func(id TicketID) Command {
			return TransferTicket{By: call, From: "1", Ticket: id, Service: "cie"}
		}, [8]answer{ErrStale, yes("ServiceStarted", "TicketTransferred"), yes("TicketTransferred"), ErrStale, ErrStale, ErrStale, ErrStale, ErrStale}},
		{"park", func(id TicketID) Command { return ParkTicket{By: call, Desk: "1", Ticket: id} },
			[8]answer{ErrStale, yes("ServiceStarted", "TicketParked"), yes("TicketParked"), ErrStale, ErrStale, ErrStale, ErrStale, ErrStale}},
		{"resume", func(id TicketID) Command { return ResumeTicket{By: call, Desk: "1", Ticket: id} },
			[8]answer{ErrWrongState, ErrDeskHasTicket, nothing, yes("TicketResumed"), ErrWrongState, ErrWrongState, ErrWrongState, ErrWrongState}},
		{"next, finishing it", func(id TicketID) Command { return CallNext{By: call, Desk: "1", Finishing: id} },
			[8]answer{ErrStale, yes("ServiceStarted", "TicketServed"), yes("TicketServed"), ErrStale, ErrStale, ErrStale, ErrStale, ErrStale}},
		{"call by number", func(id TicketID) Command { return CallTicket{By: console("2"), Desk: "2", Ticket: id} },
			[8]answer{yes("TicketCalled"), ErrWrongState, ErrWrongState, ErrParked, ErrWrongState, ErrWrongState, ErrWrongState, ErrWrongState}},
		{"cancel", func(id TicketID) Command { return CancelTicket{By: call, Ticket: id, Why: "citizen"} },
			[8]answer{yes("TicketCancelled"), yes("TicketCancelled"), yes("TicketCancelled"), yes("TicketCancelled"), ErrWrongState, ErrWrongState, nothing, ErrWrongState}},
		{"reprint", func(id TicketID) Command { return Reprint{By: call, Ticket: id, Outlet: "totem"} },
			[8]answer{yes("ReprintRequested"), yes("ReprintRequested"), yes("ReprintRequested"), yes("ReprintRequested"), ErrWrongState, ErrWrongState, ErrWrongState, ErrWrongState}},
		{"close its desk", func(TicketID) Command { return CloseDesk{By: call, Desk: "1"} },
			[8]answer{yes("DeskClosed"), ErrUntold, ErrUntold, yes("DeskClosed"), yes("DeskClosed"), yes("DeskClosed"), yes("DeskClosed"), yes("DeskClosed")}},
		{"close its desk by keypad", func(TicketID) Command { return CloseDesk{By: Cause{Kind: ByKeypad}, Desk: "1"} },
			[8]answer{yes("DeskClosed"), yes("ServiceStarted", "TicketServed", "DeskClosed"), yes("TicketServed", "DeskClosed"), yes("DeskClosed"), yes("DeskClosed"), yes("DeskClosed"), yes("DeskClosed"), yes("DeskClosed")}},
		{"close its desk, served", func(TicketID) Command { return CloseDesk{By: call, Desk: "1", Current: CurrentServed} },
			[8]answer{yes("DeskClosed"), yes("ServiceStarted", "TicketServed", "DeskClosed"), yes("TicketServed", "DeskClosed"), yes("DeskClosed"), yes("DeskClosed"), yes("DeskClosed"), yes("DeskClosed"), yes("DeskClosed")}},
		{"close its desk, not come", func(TicketID) Command { return CloseDesk{By: call, Desk: "1", Current: CurrentNotCome} },
			[8]answer{yes("DeskClosed"), yes("TicketNoShow", "TicketReturned", "DeskClosed"), ErrWrongState, yes("DeskClosed"), yes("DeskClosed"), yes("DeskClosed"), yes("DeskClosed"), yes("DeskClosed")}},
		{"pause its desk", func(TicketID) Command { return PauseDesk{By: call, Desk: "1", Why: "break"} },
			[8]answer{yes("DeskPaused"), ErrDeskHasTicket, ErrDeskHasTicket, yes("DeskPaused"), yes("DeskPaused"), yes("DeskPaused"), yes("DeskPaused"), yes("DeskPaused")}},
	} {
		for i, state := range states {
			t.Run(c.name+" when "+string(state), func(t *testing.T) {
				h, ticket := hallWith(t, state)
				command := c.command(ticket.ID)
				switch want := c.want[i].(type) {
				case error:
					h.refused(command, want)
				case []string:
					if got := kinds(h.do(command)); !slices.Equal(got, want) {
						t.Fatalf("got %v, want %v", got, want)
					}
					// Once more, from a second click: nothing, or the news that
					// the office has moved on.
					if again, _ := h.step(command); len(again) > 0 {
						t.Fatalf("the second time did %v", kinds(again))
					}
				}
			})
		}
	}
}

// hallWith is an office with one ticket, in a state.
func hallWith(t *testing.T, state TicketState) (*hall, *Ticket) {
	h := newHall(t)
	h.open("1", "2")
	ticket := h.issue("anagrafe")
	h.pass(minute)
	if state != Waiting && state != Expired {
		h.next("1")
		h.pass(minute)
	}
	one := console("1")
	switch state {
	case Serving:
		h.do(StartService{By: one, Desk: "1", Ticket: ticket.ID})
	case Parked:
		h.do(ParkTicket{By: one, Desk: "1", Ticket: ticket.ID})
	case Served:
		h.do(FinishTicket{By: one, Desk: "1", Ticket: ticket.ID})
	case NoShow:
		h.do(MarkNoShow{By: one, Desk: "1", Ticket: ticket.ID})
	case Cancelled:
		h.do(CancelTicket{By: one, Ticket: ticket.ID, Why: "citizen"})
	case Expired:
		h.now.Wall, h.now.Mono = h.now.Wall+10*hour, h.now.Mono+10*hour
		h.do(Tick{})
	}
	h.wantState(ticket, state)
	return h, h.fresh(ticket)
}

// TestNamesThatAreNotThere: a command that names nothing is refused with what
// it should have named.
func TestNamesThatAreNotThere(t *testing.T) {
	h := newHall(t)
	h.open("1")
	reception := Cause{Kind: ByReception}
	for _, c := range []struct {
		command Command
		want    error
	}{
		{IssueTicket{By: reception, Service: "catasto", Outlet: "list"}, ErrUnknownService},
		{IssueTicket{By: reception, Service: "cie", Outlet: "moon"}, ErrUnknownOutlet},
		{IssueTicket{By: reception, Service: "cie", Outlet: "list", Class: "vip"}, ErrBadCommand},
		{IssueTicket{By: reception, Service: "cie", Outlet: "list", Request: string(make([]byte, 200))}, ErrBadCommand},
		{IssueTicket{By: Cause{Kind: ByReception, Device: "\xff"}, Service: "cie", Outlet: "list"}, ErrBadCommand},
		{CallNext{By: console("9"), Desk: "9"}, ErrUnknownDesk},
		{CallNext{By: console("2"), Desk: "2"}, ErrDeskClosed},
		{PauseDesk{By: console("2"), Desk: "2"}, ErrDeskClosed},
		{PauseDesk{By: console("1"), Desk: "1", Why: "il dentista"}, ErrBadCommand},
		{RecallTicket{By: console("1"), Desk: "1"}, ErrDeskIdle},
		{CallTicket{By: console("1"), Desk: "1", Ticket: 5}, ErrUnknownTicket},
		{ResumeTicket{By: console("1"), Desk: "1", Ticket: 5}, ErrUnknownTicket},
		{CancelTicket{By: reception, Ticket: 1 << 63}, ErrUnknownTicket},
		{ReportPaper{Ticket: 5}, ErrUnknownTicket},
		{ReportOutlet{Outlet: "moon", Gives: Able}, ErrUnknownOutlet},
		{ReportOutlet{Outlet: "totem", Gives: "maybe"}, ErrBadCommand},
		{SetDeskProfile{Desk: "9"}, ErrUnknownDesk},
		{SetDeskProfile{Desk: "1", Profile: Profile{First: []ServiceID{"catasto"}}}, ErrUnknownService},
		{SetDeskProfile{Desk: "1", Profile: Profile{First: []ServiceID{"cie"}, Help: []ServiceID{"cie"}}}, ErrBadCommand},
		{SetClock{CorrectionMs: 1 << 60}, ErrNoSuchTime},
		{ChangeSetup{}, ErrBadSetup},
		{nil, ErrBadCommand},
		{&CallNext{By: console("1"), Desk: "1"}, ErrBadCommand},
	} {
		h.refused(c.command, c.want)
	}
	empty := &State{}
	if _, err := empty.Decide(h.now, Tick{}); !errors.Is(err, ErrNoSetup) {
		t.Errorf("before any setup: %v", err)
	}
	if _, err := empty.Decide(h.now, StartUp{}); !errors.Is(err, ErrBadCommand) {
		t.Errorf("a journal without an identity: %v", err)
	}
}

func TestTwoDesksNeverGetTheSameTicket(t *testing.T) {
	h := newHall(t)
	h.open("1", "2")
	a, b := h.issue("anagrafe"), h.issue("tributi")
	if got := h.next("1"); got.ID != a.ID {
		t.Errorf("desk 1 got %s", got.Number.Text)
	}
	if got := h.next("2"); got.ID != b.ID {
		t.Errorf("desk 2 got %s", got.Number.Text)
	}
	// A retry of either NEXT is late, whatever came between.
	h.refused(CallNext{By: console("1"), Desk: "1"}, ErrStale)
	h.refused(CallNext{By: console("2"), Desk: "2"}, ErrStale)
}

func TestAKeypadOpensItsDeskAndBounces(t *testing.T) {
	h := newHall(t)
	a, b := h.issue("anagrafe"), h.issue("anagrafe")
	keypad := Cause{Kind: ByKeypad, Device: "keypad-1"}
	events := h.do(CallNext{By: keypad, Desk: "1"})
	if !slices.Equal(kinds(events), []string{"DeskOpened", "TicketCalled"}) || !events[0].By.Inferred || events[1].By.Inferred {
		t.Fatalf("the first key: %+v", events)
	}
	h.pass(2_999)
	h.refused(CallNext{By: keypad, Desk: "1", Finishing: a.ID}, ErrTooSoon)
	h.pass(1)
	// Nobody is served in three seconds: the first did not come, and is called
	// again after two calls. The key finishes nothing that it saw.
	events = h.do(CallNext{By: keypad, Desk: "1", Finishing: a.ID})
	if !slices.Equal(kinds(events), []string{"TicketNoShow", "TicketCalled", "TicketReturned"}) ||
		!events[0].By.Inferred || events[1].By.Inferred || !events[2].By.Inferred {
		t.Fatalf("the hasty key: %+v", events)
	}
	h.wantState(a, Waiting)
	h.wantState(b, Called)
	// After a power cut the clock may read anything; the key works at once.
	h.reboot(-hour)
	events = h.do(CallNext{By: keypad, Desk: "1", Finishing: b.ID})
	h.wantState(b, Served)
	for _, e := range events[:2] {
		if !e.By.Inferred {
			t.Errorf("%s was not seen by anybody", e.Body.Kind())
		}
	}
	// Nobody else is there, so that the two calls need not pass.
	h.wantState(a, Called)
}

// TestASecondNextOfTheSameClick counts nobody as served, whoever presses: neither in
// the moment of the call, nor while nobody can have come.
func TestASecondNextOfTheSameClick(t *testing.T) {
	page := Cause{Kind: ByConsole, Device: "1"}
	keypad := Cause{Kind: ByKeypad, Device: "keypad-1"}
	for _, c := range []struct {
		name    string
		by      Cause
		afterMs int64
		outcome Outcome
		before  func(h *hall, id TicketID)
		refused error
		kinds   []string
	}{
		{"a double click", page, 0, "", nil, ErrJustCalled, nil},
		{"almost three seconds", page, 2_999, "", nil, ErrJustCalled, nil},
		{"an outcome of the one before", page, 2_999, OutcomeReleased, nil, ErrJustCalled, nil},
		{"a keypad", keypad, 2_999, "", nil, ErrJustCalled, nil},
		{"nobody came", page, 3_000, "", nil, nil, []string{"TicketNoShow", "TicketCalled", "TicketReturned"}},
		{"nobody came, still", page, 19_999, "", nil, nil, []string{"TicketNoShow", "TicketCalled", "TicketReturned"}},
		{"the clerk says what came of it", page, 3_000, OutcomeIncomplete, nil, nil, []string{"ServiceStarted", "TicketServed", "TicketCalled"}},
		{"time enough", page, 20_000, "", nil, nil, []string{"ServiceStarted", "TicketServed", "TicketCalled"}},
		{"the service was begun", page, 1_000, "", func(h *hall, id TicketID) {
			h.do(StartService{By: page, Desk: "1", Ticket: id})
		}, nil, []string{"TicketServed", "TicketCalled"}},
		{"it was ended", page, 1_000, "", func(h *hall, id TicketID) {
			h.do(FinishTicket{By: page, Desk: "1", Ticket: id})
		}, nil, []string{"TicketCalled"}},
		{"a keypad rests even so", keypad, 1_000, "", func(h *hall, id TicketID) {
			h.do(FinishTicket{By: page, Desk: "1", Ticket: id})
		}, ErrTooSoon, nil},
	} {
		for _, numbered := range []bool{false, true} {
			h := newHall(t)
			h.open("1")
			a, b := h.issue("anagrafe"), h.issue("anagrafe")
			h.next("1")
			if c.before != nil {
				c.before(h, a.ID)
			}
			h.pass(c.afterMs)
			var next Command = CallNext{By: c.by, Desk: "1", Finishing: h.holds("1"), Outcome: c.outcome}
			if numbered {
				next = CallTicket{By: c.by, Desk: "1", Finishing: h.holds("1"), Outcome: c.outcome, Ticket: b.ID}
			}
			if c.refused != nil {
				h.refused(next, c.refused)
				h.refused(next, ErrTooSoon) // ErrJustCalled is one
				h.wantState(b, Waiting)
				continue
			}
			if got := kinds(h.do(next)); !slices.Equal(got, c.kinds) {
				t.Errorf("%s, by number %v: %v, want %v", c.name, numbered, got, c.kinds)
			}
			h.wantState(b, Called)
		}
	}
}

// TestAHastyNextPutsBackOnce whoever was called too hastily at a page, and the clerk
// may take it back meanwhile.
func TestAHastyNextPutsBackOnce(t *testing.T) {
	h := newHall(t)
	h.open("1")
	a, b := h.issue("anagrafe"), h.issue("anagrafe")
	hasty := func() {
		h.pass(4 * second)
		h.do(CallNext{By: console("1"), Desk: "1", Finishing: h.holds("1")})
	}
	h.next("1")
	hasty()
	h.wantState(a, Waiting)
	h.do(UndoCall{By: console("1"), Desk: "1", Ticket: b.ID})
	h.wantState(a, Called)
	h.wantState(b, Waiting)
	hasty()
	h.pass(minute)
	if got := h.next("1"); got.ID != a.ID {
		t.Fatalf("the desk holds %s", got.Number.Text)
	}
	hasty()
	h.wantState(a, NoShow)
	// Called again and again, and known not to have come: nothing was hasty.
	c := h.issue("anagrafe")
	h.next("1")
	for range 2 {
		h.pass(30 * second)
		h.do(RecallTicket{By: console("1"), Desk: "1", Ticket: c.ID})
	}
	hasty()
	h.wantState(c, NoShow)
}

// TestAnOutcomeIsTheClerksWord: who was recalled twice and came after all is served.
func TestAnOutcomeIsTheClerksWord(t *testing.T) {
	h := newHall(t)
	h.open("1")
	a := h.issue("anagrafe")
	h.next("1")
	for range 2 {
		h.pass(30 * second)
		h.do(RecallTicket{By: console("1"), Desk: "1", Ticket: a.ID})
	}
	h.pass(minute)
	h.do(CallNext{By: console("1"), Desk: "1", Finishing: a.ID, Outcome: OutcomeReleased})
	if got := h.fresh(a); got.State != Served || got.Outcome != OutcomeReleased {
		t.Errorf("%s is %s with outcome %q", got.Number.Text, got.State, got.Outcome)
	}
}

func TestOneOperatorADesk(t *testing.T) {
	h := newHall(t)
	open := func(account string) Command { return OpenDesk{By: console("1"), Desk: "1", Account: account} }
	h.do(open("op-1"))
	h.nothing(open("op-1"))
	// The next shift sits down over the ticket in service.
	a := h.issue("anagrafe")
	h.next("1")
	h.do(open("op-2"))
	if _, d, _ := h.state.Desk("1"); d.Account != "op-2" || d.Ticket != a.ID {
		t.Errorf("after the shift: %+v", d)
	}
	h.nothing(open(""))
	// Nobody sits at two desks.
	h.refused(OpenDesk{By: console("2"), Desk: "2", Account: "op-2"}, ErrOperatorElsewhere)
	h.do(OpenDesk{By: console("2"), Desk: "2", Account: "op-1"})
	h.refused(open("op-1"), ErrOperatorElsewhere)
	h.do(FinishTicket{By: console("1"), Desk: "1", Ticket: a.ID})
	h.do(CloseDesk{By: console("2"), Desk: "2"})
	h.do(open("op-1"))
	h.do(PauseDesk{By: console("1"), Desk: "1", Why: "break"})
	h.refused(CallNext{By: console("1"), Desk: "1"}, ErrDeskClosed)
	h.do(open("op-2"))
	if _, d, _ := h.state.Desk("1"); d.Account != "op-2" || d.Paused || d.Why != "" {
		t.Errorf("after the break: %+v", d)
	}
}

func TestCallByNumberOnlyWhereAllowed(t *testing.T) {
	setup := testSetup()
	setup.Rules.CallByNumber = false
	h := newHallOf(t, setup)
	h.open("1")
	a := h.issue("anagrafe")
	h.refused(CallTicket{By: console("1"), Desk: "1", Ticket: a.ID}, ErrNotAllowed)

	h = newHall(t)
	h.open("1")
	h.issue("anagrafe")
	b := h.issue("anagrafe")
	called := h.do(CallTicket{By: console("1"), Desk: "1", Ticket: b.ID})[0].Body.(TicketCalled)
	if called.Reason.Rule != RuleByNumber || called.Reason.Passed != b.ID-1 {
		t.Errorf("reason %+v", called.Reason)
	}
}

func TestARecallRestsAfterTheCall(t *testing.T) {
	h := newHall(t)
	h.open("1")
	recall := RecallTicket{By: console("1"), Desk: "1", Ticket: h.issue("anagrafe").ID}
	h.next("1")
	h.pass(1_999)
	h.refused(recall, ErrTooSoon)
	h.pass(1)
	h.do(recall)
	h.refused(recall, ErrTooSoon)
	// After a power cut the clock may wake in the past: a clerk is not kept waiting.
	h.reboot(-hour)
	h.do(recall)
}

// TestADevicesWordsAreCut: what a device says about its fault may be long or
// broken, and its report counts all the same.
func TestADevicesWordsAreCut(t *testing.T) {
	h := newHall(t)
	h.do(ReportOutlet{Outlet: "totem", Gives: Unable, Why: "\xff" + strings.Repeat("è", 200)})
	_, o, _ := h.state.Outlet("totem")
	if len(o.Why) > longestText || !strings.HasPrefix(o.Why, "è") || !utf8.ValidString(o.Why) {
		t.Errorf("stored %q", o.Why)
	}
}

// A copy of a command that comes late, after the desk has gone on, does nothing,
// also where it names no ticket, or one that is there again.
func TestALateCopyDoesNothing(t *testing.T) {
	by := console("1")
	seen := func(h *hall) uint64 {
		_, d, _ := h.state.Desk("1")
		return d.Seq
	}
	call := func(h *hall) Command { return CallNext{By: by, Desk: "1", Finishing: h.holds("1"), Seen: seen(h)} }
	finish := func(h *hall) { h.do(FinishTicket{By: by, Desk: "1", Ticket: h.holds("1")}) }
	for _, c := range []struct {
		name    string
		before  func(h *hall)
		command func(h *hall) Command
		after   func(h *hall)
	}{
		{"the first NEXT", func(*hall) {}, call, finish},
		{"NEXT at a desk that is idle again", func(h *hall) { h.next("1"); finish(h) }, call, finish},
		{"NEXT at a desk that holds somebody again", func(*hall) {}, call, func(h *hall) { finish(h); h.next("1") }},
		{"a number called out of order", func(*hall) {}, func(h *hall) Command {
			return CallTicket{By: by, Desk: "1", Ticket: 1_000_002, Seen: seen(h)}
		}, func(h *hall) { h.do(PutBack{By: by, Desk: "1", Ticket: h.holds("1")}) }},
		{"a recall", func(h *hall) { h.next("1"); h.pass(minute) }, func(h *hall) Command {
			return RecallTicket{By: by, Desk: "1", Ticket: h.holds("1"), Seen: seen(h)}
		}, func(*hall) {}},
		{"a recall of somebody who was called anew", func(h *hall) { h.next("1"); h.pass(minute) }, func(h *hall) Command {
			return RecallTicket{By: by, Desk: "1", Ticket: h.holds("1"), Seen: seen(h)}
		}, func(h *hall) { h.do(PutBack{By: by, Desk: "1", Ticket: h.holds("1")}); h.next("1") }},
		{"the opening of a desk", func(h *hall) { h.do(CloseDesk{By: by, Desk: "1"}) }, func(h *hall) Command {
			return OpenDesk{By: by, Desk: "1", Seen: seen(h)}
		}, func(h *hall) { h.do(CloseDesk{By: by, Desk: "1"}) }},
		{"a break", func(*hall) {}, func(h *hall) Command { return PauseDesk{By: by, Desk: "1", Why: "pausa", Seen: seen(h)} },
			func(h *hall) { h.do(OpenDesk{By: by, Desk: "1"}) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHall(t)
			h.open("1")
			for range 4 {
				h.issue("anagrafe")
			}
			c.before(h)
			command := c.command(h)
			if events := h.do(command); len(events) == 0 {
				t.Fatalf("%+v did nothing the first time", command)
			}
			h.pass(minute)
			c.after(h)
			h.pass(minute)
			h.refused(command, ErrStale)
		})
	}
}

// Who does not say what was seen is asked for no more than before.
func TestSeenMayBeLeftOut(t *testing.T) {
	h := newHall(t)
	h.open("1")
	h.issue("anagrafe")
	h.issue("anagrafe")
	h.next("1")
	h.do(FinishTicket{By: console("1"), Desk: "1", Ticket: h.holds("1")})
	if x := h.next("1"); x == nil || x.Number.Text != "A002" {
		t.Errorf("NEXT called %+v", x)
	}
}
