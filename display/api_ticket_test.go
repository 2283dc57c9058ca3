package display

import (
	"net/http"
	"strings"
	"testing"

	"eliminacode/display/access"
)

// An answer says of a ticket what fits where it stands: who waits is told how many are
// ahead now, who was called or served nothing of it, and the paper is spoken of by who
// gave it.
func TestAnAnswerSaysWhatFitsTheTicket(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	c := &caller{t: t, s: s}
	type told struct {
		Seen   string       `json:"seen"`
		Ticket answerTicket `json:"ticket"`
	}
	const issue = "/api/v1/reception/issue"
	var first, second, called, served, granted, back told
	c.call(http.StatusOK, "POST", "/api/v1/desks/s1/open", object{}, nil)
	c.call(http.StatusCreated, "POST", issue, object{"service": "anagrafe", "outlet": "totem"}, &first)
	c.call(http.StatusCreated, "POST", issue, object{"service": "anagrafe", "outlet": "totem"}, &second)
	if first.Ticket.Ahead == "" || !strings.Contains(first.Ticket.Do, "biglietto") || second.Ticket.Ahead == first.Ticket.Ahead {
		t.Errorf("given are %+v and %+v", first.Ticket, second.Ticket)
	}
	c.call(http.StatusOK, "POST", "/api/v1/desks/s1/next", object{}, &called)
	if called.Ticket.State != "called" || called.Ticket.Ahead != "" || !strings.Contains(called.Ticket.Do, "turno") {
		t.Errorf("called is %+v", called.Ticket)
	}
	c.call(http.StatusOK, "POST", "/api/v1/reception/grant", object{"ticket": second.Ticket.ID}, &granted)
	if granted.Ticket.State != "waiting" || granted.Ticket.Ahead == "" || strings.Contains(granted.Ticket.Do, "biglietto") {
		t.Errorf("granted is %+v", granted.Ticket)
	}
	c.call(http.StatusOK, "POST", "/api/v1/desks/s1/finish", object{"ticket": called.Ticket.ID}, &served)
	if served.Ticket.State != "served" || served.Ticket.Ahead != "" || !strings.Contains(served.Ticket.Do, "concluso") {
		t.Errorf("served is %+v", served.Ticket)
	}
	// A request that is sent again long after it is answered by what is so now.
	c.call(http.StatusOK, "POST", "/api/v1/desks/s1/next", object{}, &back)
	if back.Ticket.ID != second.Ticket.ID || back.Ticket.Ahead != "" {
		t.Errorf("called is %+v", back.Ticket)
	}
}

// Codes that people read off paper and type have no signs that look like others.
func TestCodesOnPaperHaveNoLookalikes(t *testing.T) {
	for _, request := range strings.Fields("a b c d e f g h i j k l m n o p q r s t u v w x y z") {
		for _, code := range []string{string(bookingCode(request)), newBlockCode()} {
			if len(code) != 6 || strings.Trim(code, access.CodeAlphabet) != "" {
				t.Errorf("%s is easily read as something else", code)
			}
		}
	}
}
