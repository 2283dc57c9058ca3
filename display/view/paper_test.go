package view

import (
	"fmt"
	"slices"
	"testing"

	"eliminacode/queue"

	"github.com/google/go-cmp/cmp"
)

// withSpares is the example office whose buttons and reception help each other
// out.
func withSpares(t *testing.T) *exampleOffice {
	o := newExample(t)
	setup := o.state.Setup()
	setup.Outlets = slices.Clone(setup.Outlets)
	setup.Outlets[1].Spare, setup.Outlets[2].Spare = "accoglienza", "tasti"
	o.do(queue.ChangeSetup{Setup: setup})
	for _, id := range []queue.OutletID{"totem", "tasti", "accoglienza"} {
		o.do(queue.ReportOutlet{Outlet: id, Gives: queue.Able})
	}
	return o
}

// issue gives a ticket and answers it.
func (o *exampleOffice) issue(by queue.CauseKind, outlet queue.OutletID) *queue.Ticket {
	o.t.Helper()
	o.do(queue.IssueTicket{By: queue.Cause{Kind: by, Device: "x"}, Service: "anagrafe", Outlet: outlet})
	return o.state.Ticket(queue.TicketID(1_000_000 + o.state.Totals().Issued))
}

func (o *exampleOffice) paper(t *queue.Ticket, became queue.PaperState, why string) {
	o.t.Helper()
	o.ms -= 30_000 // printing takes no time here
	o.do(queue.ReportPaper{Ticket: t.ID, Job: o.state.Ticket(t.ID).Job, Paper: became, Why: why})
}

// elsewhereMorning has a slip that moved, one that the reception sent to the
// spare printer, and one of each kind that somebody has to look at.
func elsewhereMorning(t *testing.T) *exampleOffice {
	o := withSpares(t)
	o.paper(o.issue(queue.ByButton, "tasti"), queue.PaperUnknown, "silent")
	o.paper(o.issue(queue.ByButton, "tasti"), queue.PaperUnknown, queue.WhyUnconfirmed)
	lost := o.issue(queue.ByButton, "tasti")
	o.paper(lost, queue.PaperUnknown, "restart")
	o.do(queue.Reprint{By: queue.Cause{Kind: queue.ByReception}, Ticket: lost.ID, Job: 1, Outlet: "totem"})
	o.paper(lost, queue.PaperFailed, "paper-out")
	o.do(queue.ReportOutlet{Outlet: "accoglienza", Gives: queue.Unable, Why: "cover-open"})
	o.issue(queue.ByReception, "accoglienza")
	o.do(queue.ReportOutlet{Outlet: "accoglienza", Gives: queue.Able})
	moved := o.issue(queue.ByButton, "tasti")
	o.paper(moved, queue.PaperFailed, "paper-out")
	o.do(queue.ReportOutlet{Outlet: "tasti", Gives: queue.Unable, Why: "paper-out"})
	return o
}

func numbers(rows []TicketRow) []string {
	list := []string{}
	for _, r := range rows {
		list = append(list, r.Number)
	}
	return list
}

func TestReceptionSeesWhatToLookAt(t *testing.T) {
	o := elsewhereMorning(t)
	v := o.look().Reception("")
	for name, c := range map[string]struct {
		rows []TicketRow
		want []string
	}{
		"doubtful": {v.Doubtful, []string{"A001"}}, "unconfirmed": {v.Unconfirmed, []string{"A002"}}, "not printed": {v.NotPrinted, []string{"A003"}},
	} {
		if d := cmp.Diff(c.want, numbers(c.rows)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	// The reception's own printer stands first; the buttons' has no paper.
	if d := cmp.Diff([]Printer{{"accoglienza", "Accoglienza"}, {"totem", "Totem"}}, v.Printers); d != "" {
		t.Errorf("printers for a reprint (-want +got):\n%s", d)
	}
	if got := v.Outlets[1]; got.Spare != "Accoglienza" || got.Sign == "" {
		t.Errorf("the buttons' outlet says %+v", got)
	}
	if got := v.Tickets[0]; got.Number != "A005" || got.Where != "Accoglienza" {
		t.Errorf("the slip that moved is shown as %+v", got)
	}
	// What was pressed at the buttons is their burst, wherever it came out.
	o.do(queue.ReportOutlet{Outlet: "tasti", Gives: queue.Able})
	o.ms -= 80_000
	for range 2 {
		o.paper(o.issue(queue.ByButton, "tasti"), queue.PaperPrinted, "")
		o.ms -= 20_000
	}
	if got := o.look().Reception("").Outlets[1].BurstNumbers; !slices.Contains(got, "A005") {
		t.Errorf("the burst of the buttons is %v", got)
	}
}

// TestUnconfirmedDoNotCrowdOutTheDoubtful: a printer that never confirms makes
// every ticket of the morning unknown; the one that may really be lost stays in
// sight.
func TestUnconfirmedDoNotCrowdOutTheDoubtful(t *testing.T) {
	o := withSpares(t)
	for range receptionTickets + 3 {
		o.paper(o.issue(queue.ByReception, "tasti"), queue.PaperUnknown, queue.WhyUnconfirmed)
	}
	o.paper(o.issue(queue.ByReception, "tasti"), queue.PaperUnknown, "silent")
	v := o.look().Reception("")
	if got := numbers(v.Doubtful); !slices.Equal(got, []string{"A044"}) {
		t.Errorf("doubtful are %v", got)
	}
	if v.UnconfirmedCount != receptionTickets+3 || len(v.Unconfirmed) != receptionTickets || v.Unconfirmed[0].Number != "A043" {
		t.Errorf("%d unconfirmed, %d shown, first %s", v.UnconfirmedCount, len(v.Unconfirmed), v.Unconfirmed[0].Number)
	}
	if f := o.look().Manager(nil).Today; f.Doubtful != 1 {
		t.Errorf("the manager is told of %d doubtful", f.Doubtful)
	}
}

func TestAnOutletSaysWhereThePaperIs(t *testing.T) {
	o := elsewhereMorning(t)
	v, _ := o.look().Totem("tasti")
	if v.Sign != "Carta esaurita: chieda il biglietto all'accoglienza." {
		t.Errorf("the sign says %q", v.Sign)
	}
	want := []string{"A005: ritiri il biglietto alla stampante «Accoglienza»."}
	if d := cmp.Diff(want, v.Moved); d != "" {
		t.Errorf("moved (-want +got):\n%s", d)
	}
	if got := v.Tickets[0]; got.Number != "A005" || got.Where != "Esce dalla stampante «Accoglienza»." || got.Do == "" {
		t.Errorf("its holder is told %+v", got)
	}
	// A reprint is no business of the outlet, nor is what the reception sent.
	if at, _ := o.look().Totem("accoglienza"); len(at.Moved) > 0 || at.Sign != "" {
		t.Errorf("the reception's outlet says %q, %v", at.Sign, at.Moved)
	}
	o.ms += movedShownMs
	if v, _ = o.look().Totem("tasti"); len(v.Moved) > 0 {
		t.Errorf("after %d s it still says %v", movedShownMs/1000, v.Moved)
	}
}

// TestAnswerSaysWhereItComesOut: who asks at the reception is told by the
// answer which printer to walk to.
func TestAnswerSaysWhereItComesOut(t *testing.T) {
	o := withSpares(t)
	here := o.issue(queue.ByReception, "accoglienza")
	o.do(queue.ReportOutlet{Outlet: "accoglienza", Gives: queue.Unable, Why: "paper-out"})
	there := o.issue(queue.ByReception, "accoglienza")
	for ticket, want := range map[*queue.Ticket]string{here: "", there: "Esce dalla stampante «Pulsantiera»."} {
		if got := o.look().TotemTicketOf(ticket).Where; got != want {
			t.Errorf("%s: %q, want %q", ticket.Number.Text, got, want)
		}
	}
	if got := o.look().Reception("").Outlets[2].Sign; got != fmt.Sprint("Carta esaurita. Metta un rotolo nuovo e chiuda il coperchio. ",
		"Intanto i biglietti dell'accoglienza e quelli non usciti escono dalla stampante «Pulsantiera».") {
		t.Errorf("the reception reads %q", got)
	}
}
