package queue

import (
	"fmt"
	"testing"
)

// A request that is repeated gets the ticket that it was given, however many
// others came in between, and no other request does.
func TestARepeatedRequestIsRecognisedAllDay(t *testing.T) {
	setup := testSetup()
	setup.Series[0].Last, setup.Series[0].Width = 99_999, 5
	h := newHallOf(t, setup)
	const most = 3_000
	for i := range most {
		c := IssueTicket{By: Cause{Kind: ByReception}, Service: "anagrafe", Outlet: "list"}
		if i%7 != 3 {
			c.Request = fmt.Sprint("page-", i)
		}
		h.do(c)
		if i%97 != 0 && i < most-1 {
			continue
		}
		for j := 0; j <= i; j += 1 + j/3 {
			if j%7 == 3 {
				continue
			}
			c.Request = fmt.Sprint("page-", j)
			h.nothing(c)
			if x := h.state.TicketByRequest(c.Request); x == nil || x.ID.Ordinal() != j+1 {
				t.Fatalf("after %d tickets, request %d has %+v", i+1, j+1, x)
			}
		}
		for _, other := range []string{"", "page", "page-00", fmt.Sprint("page-", i+1)} {
			if x := h.state.TicketByRequest(other); x != nil {
				t.Fatalf("%q was never asked for, and has %s", other, x.Number.Text)
			}
		}
	}
	if got := len(h.state.names.runs); got > 10 {
		t.Errorf("a search looks at %d runs", got)
	}
	h.pass(24 * hour)
	h.do(OpenDay{Plan: testPlan(tuesday+24*hour, "2026-11-25")})
	if h.state.TicketByRequest("page-0") != nil {
		t.Error("a ticket of yesterday answers a request of today")
	}
}
