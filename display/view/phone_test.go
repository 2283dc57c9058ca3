package view

import (
	"strings"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// TestPhoneFollowsItsTicket reads the page behind a QR code at each turn of a
// visit.
func TestPhoneFollowsItsTicket(t *testing.T) {
	o := newExample(t)
	reception := queue.Cause{Kind: queue.ByReception}
	for _, token := range []string{"first", "second"} {
		o.do(queue.IssueTicket{By: reception, Service: "anagrafe", Outlet: o.state.Setup().Outlets[0].ID, Token: token, Class: queue.Priority})
	}
	desk := queue.Cause{Kind: queue.ByConsole, Device: "s1"}
	o.do(queue.OpenDesk{By: desk, Desk: "s1"})
	say := func(token string) Phone {
		t.Helper()
		v, ok := o.look().Phone(token)
		if !ok {
			t.Fatalf("there is no page for %s", token)
		}
		return v
	}
	if got := say("second").Say; !strings.Contains(got, "1 persona davanti a lei.") {
		t.Errorf("while another waits before it says %q", got)
	}
	// The slip said the same.
	for _, token := range []string{"first", "second"} {
		for ticket := range o.state.Tickets() {
			if said := say(token).Say; ticket.Token == token && said != "In attesa. "+words.In("").Ahead(ticket.Ahead)+"." {
				t.Errorf("%s reads %q, and its ticket says %d ahead", token, said, ticket.Ahead)
			}
		}
	}
	o.do(queue.CallNext{By: desk, Desk: "s1"})
	if got := say("first"); got.Desk != "1" || !strings.Contains(got.Say, "suo turno") || got.Ended {
		t.Errorf("when called it says %+v", got)
	}
	if got := say("second").Say; !strings.Contains(got, "Nessuno davanti a lei.") {
		t.Errorf("when first in the queue it says %q", got)
	}
	o.do(queue.CallNext{By: desk, Desk: "s1", Finishing: o.state.Calls()[0].Ticket})
	if got := say("first"); !got.Ended || got.Desk != "" {
		t.Errorf("when served it says %+v", got)
	}
	for _, token := range []string{"", "third"} {
		if _, ok := o.look().Phone(token); ok {
			t.Errorf("there is a page for the token %q", token)
		}
	}
}
