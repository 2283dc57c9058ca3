package queue

import (
	"testing"

	"pgregory.net/rapid"
)

// TestAnyPaper lives through random papers of two outlets that help each other
// out: slips that print, fail or are lost, printers that stop and go on, power
// cuts, and a reception that prints again.
func TestAnyPaper(t *testing.T) {
	moved := 0
	rapid.Check(t, func(r *rapid.T) {
		h := newHallOf(t, spareSetup())
		h.open("1")
		h.do(ReportOutlet{Outlet: "totem", Gives: Able})
		h.do(ReportOutlet{Outlet: "kiosk", Gives: Able})
		for range rapid.IntRange(8, 32).Draw(r, "steps") {
			if rapid.IntRange(0, 30).Draw(r, "cut") == 0 {
				h.reboot(minute)
			}
			h.pass(rapid.SampledFrom([]int64{0, 2 * second, 6 * second, minute}).Draw(r, "pass"))
			command, before := anyPaper(r, h), h.state
			events, err := h.step(command)
			checkStep(r, h, before, command, events, err)
			checkPaper(r, before, command, events)
			checkState(r, h.state)
			if again, _ := h.step(command); len(again) > 0 && err == nil && repeatable(command) {
				r.Fatalf("%T %+v came twice, and the second did %v", command, command, kinds(again))
			}
			for _, e := range events {
				if e.Body.Kind() == (SlipMoved{}).Kind() {
					moved++
				}
			}
		}
		checkFolds(r, h)
	})
	if moved == 0 {
		t.Error("no slip ever moved: the test proves nothing")
	}
}

func anyPaper(r *rapid.T, h *hall) Command {
	outlet := rapid.SampledFrom([]OutletID{"totem", "kiosk"}).Draw(r, "outlet")
	ticket := TicketID(0)
	if n := h.state.tickets.len(); n > 0 {
		ticket = ticketID(h.state.day.Ordinal, rapid.IntRange(max(1, n-4), n).Draw(r, "ticket"))
	}
	job := 0
	if t := h.state.Ticket(ticket); t != nil {
		job = t.Job - rapid.SampledFrom([]int{0, 0, 0, 0, 1}).Draw(r, "old job")
	}
	switch rapid.IntRange(0, 11).Draw(r, "paper") {
	case 0, 1, 2:
		return IssueTicket{
			By: Cause{Kind: rapid.SampledFrom([]CauseKind{ByButton, ByTotem, ByReception}).Draw(r, "by")}, Service: "anagrafe", Outlet: outlet,
		}
	case 3, 4, 5, 6:
		return ReportPaper{Ticket: ticket, Job: job, Paper: rapid.SampledFrom([]PaperState{PaperPrinted, PaperFailed, PaperFailed, PaperUnknown}).Draw(r, "outcome")}
	case 7:
		return ReportOutlet{Outlet: outlet, Gives: rapid.SampledFrom([]Ability{Able, Able, Unable, AbleUnknown}).Draw(r, "gives")}
	case 8, 9, 10:
		return Reprint{By: Cause{Kind: ByReception}, Ticket: ticket, Job: job, Outlet: outlet}
	default:
		return CallNext{By: console("1"), Desk: "1", Finishing: h.holds("1")}
	}
}

// checkPaper holds what happened to slips against the rules of the paper: only
// a slip that is known to have failed moves, once and at once; a mark stands
// exactly on what a person asked for; and no number is left that nobody can
// read.
func checkPaper(r *rapid.T, before *State, command Command, events []Event) {
	s := before
	for i, e := range events {
		after := s.Apply(e)
		switch b := e.Body.(type) {
		case TicketIssued:
			checkGiven(r, s, command, b)
		case TicketPrinted:
			if t := s.Ticket(b.Ticket); t.Job != b.Job || t.Paper != PaperRequested && t.Paper != PaperUnknown {
				r.Fatalf("%s was printed by job %d and is %+v", t.Number.Text, b.Job, *t)
			}
		case SlipMoved:

			t := s.Ticket(b.Ticket)
			failed, ok := events[max(0, i-1)].Body.(TicketPrintFailed)
			if !ok || failed.Ticket != b.Ticket || t.Paper != PaperFailed {
				r.Fatalf("%s moved while its paper is %s", t.Number.Text, t.Paper)
			}
			spare, now, _ := s.Outlet(b.Outlet)
			asked, _, _ := s.Outlet(t.Asked)
			if t.Job != 1 || b.Job != 2 || t.Reprinted || t.State != Waiting || asked.Spare != b.Outlet || t.Outlet != t.Asked {
				r.Fatalf("%+v moved to %s as job %d", *t, b.Outlet, b.Job)
			}
			if !spare.Printer || now.Gives != Able || now.Unprinted >= max(1, s.Setup().Rules.UnprintedMax) {
				r.Fatalf("%s moved to a printer that is %+v", t.Number.Text, now)
			}
		case ReprintRequested:
			if _, asked := command.(Reprint); !asked || !after.Ticket(b.Ticket).Reprinted {
				r.Fatalf("%T printed %d again, marked %v", command, b.Ticket, after.Ticket(b.Ticket).Reprinted)
			}
		case TicketPrintFailed:
			// Whoever waits with a first slip that failed reads the number
			// elsewhere, or it is void.
			if t := s.Ticket(b.Ticket); !t.Reprinted && t.State == Waiting && i == len(events)-1 {
				r.Fatalf("the number %s is burnt", t.Number.Text)
			}
		}
		s = after
	}
	for t := range s.Tickets() {
		if t.Reprinted != before.reprinted(t.ID) {
			if _, asked := command.(Reprint); !asked {
				r.Fatalf("%T marked %s", command, t.Number.Text)
			}
		}
	}
}

// reprinted tells whether a ticket of the same day was marked.
func (s *State) reprinted(id TicketID) bool {
	t := s.Ticket(id)
	return t != nil && t.Reprinted
}

// checkGiven: a slip is asked for only where it can come out, and elsewhere
// than where its holder stands only by the reception.
func checkGiven(r *rapid.T, s *State, command Command, b TicketIssued) {
	if b.Paper == Paperless || b.Block != "" && b.Paper == PaperPrinted {
		return
	}
	o, now, _ := s.Outlet(b.Outlet)
	if !o.Printer || now.Gives == Unable {
		r.Fatalf("%s asks for paper at %+v, which is %+v", b.Number.Text, o, now)
	}
	if b.Asked == "" {
		return
	}
	asked, _, _ := s.Outlet(b.Asked)
	if command.by().Kind != ByReception || asked.Spare != b.Outlet || now.Gives != Able || s.prints(s.outletIndex(b.Asked)) {
		r.Fatalf("%T by %s asks at %+v for paper at %s, which is %+v", command, command.by().Kind, asked, b.Outlet, now)
	}
}
