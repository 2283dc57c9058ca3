package queue

import "testing"

// TestTheOutcomeIsKeptWithTheServiceItCameOf: FINISH and NEXT may tell what came
// of the ticket they finish; it is kept with that ticket alone, is never asked
// for, and goes when the NEXT is undone.
func TestTheOutcomeIsKeptWithTheServiceItCameOf(t *testing.T) {
	h := newHall(t)
	h.open("1")
	first, second, third := h.issue("anagrafe"), h.issue("anagrafe"), h.issue("anagrafe")
	h.next("1")
	h.do(FinishTicket{By: console("1"), Desk: "1", Ticket: first.ID, Outcome: OutcomeIncomplete})
	h.next("1")
	h.do(StartService{By: console("1"), Desk: "1", Ticket: second.ID})
	h.do(CallNext{By: console("1"), Desk: "1", Finishing: second.ID, Outcome: OutcomeBackOffice})
	for ticket, want := range map[*Ticket]Outcome{first: OutcomeIncomplete, second: OutcomeBackOffice, third: ""} {
		if got := h.fresh(ticket).Outcome; got != want {
			t.Errorf("%s: outcome %q, want %q", ticket.Number.Text, got, want)
		}
	}
	h.do(UndoCall{By: console("1"), Desk: "1", Ticket: third.ID})
	if got := h.fresh(second); got.State != Serving || got.Outcome != "" {
		t.Errorf("after the NEXT was undone %s is %s with outcome %q", got.Number.Text, got.State, got.Outcome)
	}
	h.refused(FinishTicket{By: console("1"), Desk: "1", Ticket: second.ID, Outcome: "happy"}, ErrBadCommand)
	h.refused(CallNext{By: console("1"), Desk: "1", Finishing: second.ID, Outcome: "happy"}, ErrBadCommand)
	h.refused(CallTicket{By: console("1"), Desk: "1", Finishing: second.ID, Ticket: third.ID, Outcome: "happy"}, ErrBadCommand)
	h.do(CallTicket{By: console("1"), Desk: "1", Finishing: second.ID, Ticket: third.ID, Outcome: OutcomeReleased})
	if got := h.fresh(second).Outcome; got != OutcomeReleased {
		t.Errorf("outcome %q by a call of a number, want %q", got, OutcomeReleased)
	}
}

// TestTheCategoryCanBeToldAndCorrected: at the outlet, afterwards, and once the
// visit is over; telling the same again changes nothing.
func TestTheCategoryCanBeToldAndCorrected(t *testing.T) {
	h := newHall(t)
	h.open("1")
	by := Cause{Kind: ByReception}
	h.do(IssueTicket{By: by, Service: "anagrafe", Outlet: "list", Category: CategoryFirm})
	ticket := h.state.Ticket(ticketID(1, 1))
	if ticket.Category != CategoryFirm {
		t.Fatalf("issued with category %q", ticket.Category)
	}
	h.nothing(SetCategory{By: by, Ticket: ticket.ID, Category: CategoryFirm})
	h.next("1")
	h.do(SetCategory{By: console("1"), Ticket: ticket.ID, Category: CategoryBody})
	h.do(FinishTicket{By: console("1"), Desk: "1", Ticket: ticket.ID})
	h.do(SetCategory{By: by, Ticket: ticket.ID})
	if got := h.fresh(ticket); got.Category != "" || got.State != Served {
		t.Errorf("category %q, %s", got.Category, got.State)
	}
	h.refused(SetCategory{By: by, Ticket: ticket.ID, Category: "party"}, ErrBadCommand)
	h.refused(SetCategory{By: by, Ticket: 999, Category: CategoryFirm}, ErrUnknownTicket)
	h.refused(IssueTicket{By: by, Service: "anagrafe", Outlet: "list", Category: "party"}, ErrBadCommand)
	h.refused(RecordContact{By: by, Contact: ContactForms, Category: "party"}, ErrBadCommand)
}

// TestWhoLacksADocumentIsCountedApart: it is no contact that was helped.
func TestWhoLacksADocumentIsCountedApart(t *testing.T) {
	h := newHall(t)
	by := Cause{Kind: ByReception}
	h.do(RecordContact{By: by, Contact: ContactIncomplete, Category: CategoryCitizen})
	h.do(RecordContact{By: by, Contact: ContactForms})
	if got, want := h.state.Contacts(), (Contacts{All: 1, Forms: 1, MissingDocument: 1}); got != want {
		t.Errorf("contacts %+v, want %+v", got, want)
	}
}

// TestPriorityStandsByItsIssue: who is given priority stands among the others
// with priority by the issue of the ticket, and back among the ordinary at the
// old place when it is withdrawn.
func TestPriorityStandsByItsIssue(t *testing.T) {
	h := newHall(t)
	h.open("1")
	reception := Cause{Kind: ByReception}
	a, b := h.issue("anagrafe"), h.issue("anagrafe")
	h.pass(second)
	h.do(IssueTicket{By: reception, Service: "anagrafe", Outlet: "list", Class: Priority})
	c := h.state.Ticket(ticketID(1, 3))
	d := h.issue("anagrafe")
	h.do(GrantPriority{By: reception, Ticket: d.ID})
	h.do(GrantPriority{By: Cause{Kind: ByManager}, Ticket: b.ID})
	h.nothing(GrantPriority{By: reception, Ticket: b.ID})
	order := func(want ...*Ticket) {
		t.Helper()
		h := *h // calls of a copy
		for i, w := range want {
			if got := h.next("1"); got.ID != w.ID {
				t.Fatalf("call %d is of %s, want %s", i+1, got.Number.Text, w.Number.Text)
			}
			h.pass(minute)
		}
	}
	// B is the first with priority by its issue, then one ordinary is left.
	order(b, a, c, d)
	h.do(WithdrawPriority{By: reception, Ticket: b.ID})
	order(c, a, b, d)
}

// TestPriorityIsForWhoWaits: only a person of the reception or the manager gives
// it, to a ticket that waits and has no appointment.
func TestPriorityIsForWhoWaits(t *testing.T) {
	h := newHall(t)
	h.open("1")
	by := Cause{Kind: ByReception}
	ticket := h.issue("anagrafe")
	h.refused(GrantPriority{By: console("1"), Ticket: ticket.ID}, ErrNotAllowed)
	h.refused(GrantPriority{By: Cause{Kind: ByButton, Device: "b"}, Ticket: ticket.ID}, ErrNotAllowed)
	h.refused(GrantPriority{By: by, Ticket: 999}, ErrUnknownTicket)
	h.nothing(WithdrawPriority{By: by, Ticket: ticket.ID})
	h.next("1")
	h.refused(GrantPriority{By: by, Ticket: ticket.ID}, ErrWrongState)
	h.do(BookAppointment{By: by, Appointment: Booking{ID: "x", Service: "anagrafe", DueAt: h.state.OfficeTime(h.now) + 5*minute}})
	h.do(CheckIn{By: by, Appointment: "x", Outlet: "list"})
	h.refused(GrantPriority{By: by, Ticket: ticketID(1, 2)}, ErrHasAppointment)
	h.refused(WithdrawPriority{By: by, Ticket: ticketID(1, 2)}, ErrHasAppointment)
}
