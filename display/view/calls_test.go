package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"eliminacode/queue"
)

// The manager sees of each call of today why it was that ticket's turn, those
// included that were taken back, and not at which desk.
func TestCallsWithTheirReason(t *testing.T) {
	o := newExample(t)
	desk := queue.Cause{Kind: queue.ByConsole, Device: "s1"}
	reception := queue.Cause{Kind: queue.ByReception}
	o.do(queue.OpenDesk{By: desk, Desk: "s1"})
	o.do(queue.IssueTicket{By: reception, Service: "anagrafe", Outlet: "accoglienza"})
	o.do(queue.IssueTicket{By: reception, Service: "anagrafe", Outlet: "accoglienza", Class: queue.Priority})
	o.do(queue.CallNext{By: desk, Desk: "s1"})
	o.ms -= 25_000
	o.do(queue.UndoCall{By: desk, Desk: "s1", Ticket: 1_000_002})
	o.do(queue.CallNext{By: desk, Desk: "s1"})
	o.do(queue.CallNext{By: desk, Desk: "s1", Finishing: 1_000_002})
	var got []string
	for _, c := range o.look().Calls("").Rows {
		got = append(got, fmt.Sprintf("%s %v", c.Reason, c.Undone))
	}
	for i, want := range []string{"A001: ", "A002 prima di A001: precedenza 1:2", "A002 prima di A001: precedenza 1:2"} {
		if len(got) != 3 || !strings.HasPrefix(got[i], want) || strings.HasSuffix(got[i], "true") != (i == 2) {
			t.Fatalf("calls %q", got)
		}
	}
	v := o.look().Manager(nil)
	if len(v.Calls) != 2 || !strings.HasPrefix(v.Calls[1].Reason, "A002 prima di A001: precedenza 1:2") {
		t.Errorf("the first page has %+v", v.Calls)
	}
	// What the page counts is what the first page counts: one undone is no call.
	if c := o.look().Calls(""); c.Found != 2 || c.More || v.Today.Calls != c.Found {
		t.Errorf("%d calls, and the first page has %d", c.Found, v.Today.Calls)
	}
	if c := o.look().Calls(" a 1"); c.Found != 1 || c.Rows[0].Number != "A001" {
		t.Errorf("searched short: %+v", c)
	}
	if c := o.look().Calls("a001"); c.Found != 1 || c.Rows[0].Number != "A001" {
		t.Errorf("a search finds %+v", c)
	}
}

// The first page has each of the newest calls, those of a number that was called twice
// too, and none that was undone.
func TestTheFirstPageHasEachCall(t *testing.T) {
	o := newExample(t)
	desk := queue.Cause{Kind: queue.ByConsole, Device: "s1"}
	o.do(queue.OpenDesk{By: desk, Desk: "s1"})
	for n := range 20 {
		o.do(queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Outlet: "accoglienza"})
		o.do(queue.ReportPaper{Ticket: queue.TicketID(1_000_001 + n), Job: 1, Paper: queue.PaperPrinted, Rung: "clean"})
	}
	for n := range 20 {
		o.do(queue.CallNext{By: desk, Desk: "s1"})
		_, now, _ := o.state.Desk("s1")
		if n%3 == 0 {
			o.do(queue.ParkTicket{By: desk, Desk: "s1", Ticket: now.Ticket})
			o.do(queue.ResumeTicket{By: desk, Desk: "s1", Ticket: now.Ticket})
			o.do(queue.TransferTicket{By: desk, From: "s1", Ticket: now.Ticket, Service: "anagrafe"})
		} else if n%5 == 0 {
			o.ms -= 40_000
			o.do(queue.UndoCall{By: desk, Desk: "s1", Ticket: now.Ticket})
		} else {
			o.do(queue.FinishTicket{By: desk, Desk: "s1", Ticket: now.Ticket})
		}
	}
	var want []CallRow
	twice := map[string]int{}
	for _, c := range o.look().Calls("").Rows {
		if !c.Undone && len(want) < 12 {
			want = append(want, c)
			twice[c.Number]++
		}
	}
	if got := o.look().Manager(nil).Calls; !slices.Equal(got, want) || len(want) != 12 || len(twice) == 12 {
		t.Errorf("the first page has %+v, the page of calls %+v", got, want)
	}
}
