package queue

import (
	"errors"
	"testing"
)

func press(device string) IssueTicket {
	return IssueTicket{By: Cause{Kind: ByButton, Device: device}, Service: "anagrafe", Outlet: "kiosk"}
}

func TestAButtonRestsByItself(t *testing.T) {
	h := newHall(t)
	h.do(press("b1"))
	h.pass(1_499)
	h.refused(press("b1"), ErrResting)
	h.do(press("b2"))
	h.pass(1)
	h.do(press("b1"))
}

func TestAButtonGivesTwentyAMinute(t *testing.T) {
	h := newHall(t)
	for range 20 {
		h.do(press("b1"))
		h.pass(2 * second)
	}
	h.refused(press("b1"), ErrTooManyPresses)
	h.do(press("b2"))
	h.pass(20*second - 1)
	h.refused(press("b1"), ErrTooManyPresses)
	h.pass(1)
	h.do(press("b1"))
	h.pass(second + 500)
	h.refused(press("b1"), ErrTooManyPresses)
	// A person at the reception is no button.
	for range 30 {
		h.issue("anagrafe")
	}
}

func TestARestDoesNotOutliveAPowerCut(t *testing.T) {
	h := newHall(t)
	h.pass(2 * hour)
	h.do(press("b1"))
	h.reboot(-hour)
	h.do(press("b1"))
}

func TestARequestIsAnsweredOnce(t *testing.T) {
	h := newHall(t)
	c := IssueTicket{By: Cause{Kind: ByTotem, Device: "t"}, Service: "cie", Outlet: "kiosk", Request: "r-77"}
	h.do(c)
	first := h.state.TicketByRequest("r-77")
	h.nothing(c)
	h.pass(10 * hour) // the service has closed meanwhile
	h.nothing(c)
	if got := h.state.TicketByRequest("r-77"); got != first {
		t.Errorf("another ticket: %+v", got)
	}
	h.refused(IssueTicket{By: Cause{Kind: ByReception}, Service: "cie", Outlet: "list"}, ErrServiceClosed)
	if h.state.TicketByRequest("") != nil {
		t.Error("a request without a name was found")
	}
}

// A name that was used is no name for something else: whoever asks is not told that it
// was done.
func TestARequestOfOneNameAsksForTheSame(t *testing.T) {
	h := newHall(t)
	h.open("1")
	first := IssueTicket{By: Cause{Kind: ByReception}, Service: "cie", Outlet: "list", Request: "r", Then: []ServiceID{"tributi"}}
	h.do(first)
	id := h.state.TicketByRequest("r").ID
	for what, change := range map[string]func(*IssueTicket){
		"service":  func(c *IssueTicket) { c.Service = "anagrafe" },
		"class":    func(c *IssueTicket) { c.Class = Priority },
		"category": func(c *IssueTicket) { c.Category = "firm" },
		"outlet":   func(c *IssueTicket) { c.Outlet = "kiosk" },
		"then":     func(c *IssueTicket) { c.Then = nil },
		"others":   func(c *IssueTicket) { c.Then = []ServiceID{"anagrafe"} },
	} {
		c := first
		change(&c)
		if _, err := h.step(c); !errors.Is(err, ErrOtherRequest) {
			t.Errorf("another %s is answered %v", what, err)
		}
	}
	here := atDesk("1", "tributi")
	here.Request = "r"
	h.refused(here, ErrOtherRequest)
	// What became of the ticket meanwhile is nothing that its request asked for.
	h.do(GrantPriority{By: Cause{Kind: ByReception}, Ticket: id})
	h.do(SetCategory{By: Cause{Kind: ByReception}, Ticket: id, Category: "firm"})
	h.nothing(first)

	here.Request = "here"
	h.do(here)
	h.nothing(here)
	for _, other := range []IssueAtDesk{
		{By: console("1"), Desk: "1", Service: "anagrafe", Request: "here"},
		{By: console("2"), Desk: "2", Service: "tributi", Request: "here"},
		{By: console("1"), Desk: "1", Service: "tributi", Category: "firm", Request: "here"},
	} {
		h.refused(other, ErrOtherRequest)
	}
	h.refused(IssueTicket{By: Cause{Kind: ByReception}, Service: "tributi", Outlet: "list", Request: "here"}, ErrOtherRequest)

	contact := RecordContact{By: Cause{Kind: ByReception}, Contact: ContactInformation, Request: "cc"}
	h.do(contact)
	h.nothing(contact)
	for _, other := range []RecordContact{
		{By: contact.By, Contact: ContactForms, Request: "cc"},
		{By: contact.By, Contact: ContactInformation, Category: "firm", Request: "cc"},
	} {
		h.refused(other, ErrOtherRequest)
	}
}

func TestAServiceIsOpenInItsBands(t *testing.T) {
	h := newHall(t)
	plan := testPlan(tuesday, "2026-11-24")
	plan.Bands = []Band{
		{Opens: tuesday + 9*hour, Closes: tuesday + 12*hour},
		{Opens: tuesday + 14*hour, Closes: tuesday + 16*hour, Services: []ServiceID{"cie"}},
	}
	h.do(ChangeSetup{By: Cause{Kind: ByManager}, Setup: testSetup(), Plan: plan})
	h.nothing(ChangeSetup{By: Cause{Kind: ByManager}, Setup: testSetup(), Plan: plan})
	for _, c := range []struct {
		at      int64
		service ServiceID
		open    bool
		opens   int64
	}{
		{9*hour - 1, "anagrafe", false, 9 * hour},
		{9 * hour, "anagrafe", true, 0},
		{12*hour - 1, "cie", true, 0},
		{12 * hour, "anagrafe", false, 0},
		{12 * hour, "cie", false, 14 * hour},
		{14 * hour, "cie", true, 0},
		{14 * hour, "anagrafe", false, 0},
		{16 * hour, "cie", false, 0},
		{9 * hour, "catasto", false, 0},
	} {
		h.pass(tuesday + c.at - h.state.OfficeTime(h.now))
		open, opens := h.state.ServiceOpen(c.service, h.now)
		if open != c.open || opens != 0 && opens != tuesday+c.opens || (opens == 0) != (c.opens == 0) {
			t.Errorf("%s at %d: %v, opens %d", c.service, c.at, open, opens)
		}
		if c.service != "catasto" {
			_, _, err := h.state.Step(h.now, IssueTicket{By: Cause{Kind: ByReception}, Service: c.service, Outlet: "list"})
			if (err == nil) != c.open {
				t.Errorf("%s at %d: %v", c.service, c.at, err)
			}
		}
	}
}

func TestADayCap(t *testing.T) {
	setup := testSetup()
	setup.Services[1].DayCap = 2
	h := newHallOf(t, setup)
	h.issue("tributi")
	h.issue("tributi")
	h.refused(IssueTicket{By: Cause{Kind: ByReception}, Service: "tributi", Outlet: "list"}, ErrDayCapReached)
	h.issue("anagrafe")
}

func TestNumbers(t *testing.T) {
	setup := testSetup()
	setup.Series[0] = Series{ID: "A", Letters: "AB", First: 98, Last: 100, Width: 4}
	h := newHallOf(t, setup)
	for _, want := range []string{"AB0098", "AB0099", "AB0100"} {
		if got := h.issue("anagrafe").Number.Text; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	h.refused(IssueTicket{By: Cause{Kind: ByReception}, Service: "tributi", Outlet: "list"}, ErrSeriesExhausted)

	// C wraps after three, over the number that is still held.
	h.open("3")
	for _, want := range []string{"C01", "C02", "C03"} {
		if got := h.issue("cie").Number.Text; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	h.next("3")
	h.next("3") // C01 is served, C02 is called
	if n := h.issue("cie").Number; n.Text != "C01" || n.Lap != 1 {
		t.Errorf("after the wrap: %+v", n)
	}
	h.refused(IssueTicket{By: Cause{Kind: ByReception}, Service: "cie", Outlet: "list"}, ErrSeriesExhausted)
	h.next("3") // C02 is served, C03 is called
	if n := h.issue("cie").Number; n.Text != "C02" || n.Lap != 1 {
		t.Errorf("the second of the second lap: %+v", n)
	}

	// The next day begins again, even after a day without power.
	h.reboot(48 * hour)
	h.do(OpenDay{Plan: testPlan(tuesday+48*hour, "2026-11-26")})
	if n := h.issue("anagrafe").Number; n.Text != "AB0098" || n.Lap != 0 {
		t.Errorf("the next day: %+v", n)
	}
	if h.state.Day().Ordinal != 2 || h.state.Totals().Open() != 1 {
		t.Errorf("day %+v, totals %+v", h.state.Day(), h.state.Totals())
	}
}

func TestLettersStayWithTheirSeries(t *testing.T) {
	h := newHall(t)
	h.open("1")
	a := h.issue("anagrafe")
	swapped := testSetup()
	swapped.Series[0].Letters, swapped.Series[1].Letters = "C", "A"
	change := ChangeSetup{By: Cause{Kind: ByManager}, Setup: swapped}
	h.refused(change, ErrBadSetup)
	_, err := h.step(change)
	var at Faults
	if !errors.As(err, &at) || len(at) != 2 || at[0].Path != "series[1].letters" || at[1].Path != "series[2].letters" {
		t.Errorf("told at %+v", at)
	}
	h.do(CancelTicket{By: console("1"), Ticket: a.ID, Why: "mistake"})
	h.do(change)
	h.nothing(change)
}

func TestPaper(t *testing.T) {
	issue := func(outlet OutletID) Command {
		return IssueTicket{By: Cause{Kind: ByReception}, Service: "anagrafe", Outlet: outlet}
	}
	newest := func(h *hall) *Ticket { return h.state.tickets.at(h.state.tickets.len() - 1) }
	t.Run("out, without a screen", func(t *testing.T) {
		h := newHall(t)
		h.do(ReportOutlet{Outlet: "totem", Gives: Unable, Why: "paper-out"})
		h.nothing(ReportOutlet{Outlet: "totem", Gives: Unable, Why: "paper-out"})
		h.refused(issue("totem"), ErrNoPaper)
		h.refused(ReportOutlet{Outlet: "totem", Gives: Able}, ErrTooSoon)
		h.pass(5 * second)
		h.do(ReportOutlet{Outlet: "totem", Gives: Able})
		h.do(issue("totem"))
	})
	t.Run("opened a moment after it was closed", func(t *testing.T) {
		h := newHall(t)
		h.do(ReportOutlet{Outlet: "totem", Gives: Able})
		h.pass(second)
		h.do(ReportOutlet{Outlet: "totem", Gives: Unable, Why: "cover-open"})
		h.refused(issue("totem"), ErrNoPaper)
		h.refused(ReportOutlet{Outlet: "totem", Gives: Unable, Why: "paper-out"}, ErrTooSoon)
		h.pass(4 * second)
		h.refused(ReportOutlet{Outlet: "totem", Gives: Able}, ErrTooSoon)
		h.pass(second)
		h.do(ReportOutlet{Outlet: "totem", Gives: Able})
		h.do(issue("totem"))
	})
	t.Run("out, with a screen", func(t *testing.T) {
		h := newHall(t)
		h.do(ReportOutlet{Outlet: "kiosk", Gives: Unable, Why: "paper-out"})
		h.do(issue("kiosk"))
		if p := newest(h).Paper; p != Paperless {
			t.Errorf("paper %s", p)
		}
	})
	t.Run("three on their way", func(t *testing.T) {
		h := newHall(t)
		for range 3 {
			h.do(issue("totem"))
			h.do(issue("kiosk"))
		}
		h.refused(issue("totem"), ErrPrinterBehind)
		h.do(issue("kiosk"))
		if p := newest(h).Paper; p != Paperless {
			t.Errorf("the kiosk's fourth is %s", p)
		}
		first := ticketID(1, 1)
		h.do(ReportPaper{Ticket: first, Job: 1, Paper: PaperPrinted, Rung: "process-id"})
		h.nothing(ReportPaper{Ticket: first, Job: 1, Paper: PaperPrinted, Rung: "process-id"})
		h.nothing(ReportPaper{Ticket: first, Job: 1, Paper: PaperFailed, Why: "late"})
		h.do(issue("totem"))
	})
	t.Run("failed", func(t *testing.T) {
		h := newHall(t)
		h.do(issue("totem"))
		voided := newest(h)
		h.refused(ReportPaper{Ticket: voided.ID, Job: 1, Paper: "wet"}, ErrBadCommand)
		h.nothing(ReportPaper{Ticket: voided.ID, Job: 2, Paper: PaperFailed})
		h.do(ReportPaper{Ticket: voided.ID, Job: 1, Paper: PaperFailed, Why: "paper-out"})
		h.wantState(voided, Cancelled)
		h.do(issue("kiosk"))
		shown := newest(h)
		h.do(ReportPaper{Ticket: shown.ID, Job: 1, Paper: PaperFailed, Why: "paper-out"})
		h.wantState(shown, Waiting)
		if p := h.fresh(shown).Paper; p != Paperless {
			t.Errorf("paper %s", p)
		}
	})
	t.Run("failed after the call", func(t *testing.T) {
		h := newHall(t)
		h.open("1")
		h.do(issue("totem"))
		called := h.next("1")
		h.do(ReportPaper{Ticket: called.ID, Job: 1, Paper: PaperFailed, Why: "paper-out"})
		h.wantState(called, Called)
	})
	t.Run("restart and reprint", func(t *testing.T) {
		h := newHall(t)
		h.do(issue("totem"))
		lost := newest(h)
		h.reboot(minute)
		if f := h.fresh(lost); f.Paper != PaperUnknown || f.PaperWhy != "restart" || f.State != Waiting {
			t.Fatalf("after the restart %+v", f)
		}
		if _, o, _ := h.state.Outlet("totem"); o.Unprinted != 0 || o.Gives != AbleUnknown {
			t.Errorf("outlet %+v", o)
		}
		h.refused(Reprint{Ticket: lost.ID, Job: 2}, ErrStale)
		h.refused(Reprint{Ticket: lost.ID, Job: 1, Outlet: "list"}, ErrNoPaper)
		h.refused(Reprint{Ticket: lost.ID, Job: 1, Outlet: "moon"}, ErrUnknownOutlet)
		h.do(Reprint{Ticket: lost.ID, Job: 1, Outlet: "kiosk"})
		h.refused(Reprint{Ticket: lost.ID, Job: 1}, ErrStale)
		if _, o, _ := h.state.Outlet("kiosk"); o.Unprinted != 1 {
			t.Errorf("the kiosk counts %d", o.Unprinted)
		}
		h.do(ReportPaper{Ticket: lost.ID, Job: 2, Paper: PaperFailed, Why: "cutter"})
		h.wantState(lost, Waiting)
	})
	t.Run("a first slip on request that fails", func(t *testing.T) {
		h := newHall(t)
		h.do(issue("list"))
		told := newest(h)
		h.do(Reprint{Ticket: told.ID, Outlet: "totem"})
		h.do(ReportPaper{Ticket: told.ID, Job: h.fresh(told).Job, Paper: PaperFailed, Why: "paper-out"})
		h.wantState(told, Waiting)
	})
}

func TestTicketNames(t *testing.T) {
	id := ticketID(7, 42)
	if back, err := ParseTicketID(id.String()); err != nil || back != id || id.Day() != 7 || id.Ordinal() != 42 {
		t.Errorf("%v, %v", back, err)
	}
	for _, bad := range []string{"", "-1", "A001", "99999999999999999999", "1e3"} {
		if _, err := ParseTicketID(bad); !errors.Is(err, ErrUnknownTicket) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestARestIsCountedWithinOneBoot(t *testing.T) {
	early := Now{Wall: 1_000, Boot: "a", Mono: 500}
	if (Now{Wall: 500, Boot: "b"}).within(second, early) || !(Now{Boot: "a", Mono: 1_499}).within(second, early) ||
		(Now{Boot: "a", Mono: 1_500}).within(second, early) || (Now{}).within(second, Now{}) {
		t.Error("a rest is counted within one boot, from an instant that was")
	}
}
