package view

import (
	"strconv"

	"eliminacode/queue"
)

// A Phone is the page behind a ticket's QR code: where the ticket stands now.
// It tells nothing that a board or the ticket itself would not.
type Phone struct {
	Office  Heading `json:"office"`
	Number  string  `json:"number"`
	Service string  `json:"service"`
	State   string  `json:"state"` // as package queue names it
	// Say is the one sentence that matters now, and Desk the desk that calls
	// or serves, or empty.
	Say  string `json:"say"`
	Desk string `json:"desk,omitempty"`
	// Ahead is how many will be called before it while it waits, and Why one sentence on
	// why that may change; Estimate is what is left of the wait that was promised, in
	// words, or empty.
	Ahead    int    `json:"ahead"`
	Why      string `json:"why,omitempty"`
	Estimate string `json:"estimate,omitempty"`
	// Ring names the last call or recall while it is called: a page that rings does so
	// when it changes. It is empty otherwise.
	Ring string `json:"ring,omitempty"`
	// Ended tells that the page will not change any more.
	Ended bool `json:"ended"`
	// MayGoOn tells that the reception may put an ended one back, whose holder stays in
	// the hall.
	MayGoOn bool `json:"-"`
	Planned
}

// Phone is the view of one of today's tickets by its token; ok is false when
// there is none, since yesterday's have no page.
func (l Look) Phone(token string) (v Phone, ok bool) {
	t := TicketByToken(l.State, token)
	if t == nil {
		return Phone{}, false
	}
	v = Phone{
		Office: l.heading(), Number: t.Number.Text, Service: l.serviceOf(t),
		State: string(t.State), Ended: t.State.Ended(), Planned: l.planned(t),
		MayGoOn: t.State == queue.NoShow || t.State == queue.Cancelled || t.EndUnseen(),
	}
	if d, _, ok := l.State.Desk(t.Desk); ok && (t.State == queue.Called || t.State == queue.Serving) {
		v.Desk = d.Label
	}
	if t.State == queue.Called {
		v.Ring = strconv.Itoa(t.Calls) + "." + strconv.Itoa(t.Recalls)
	}
	if t.State == queue.Waiting {
		v.Ahead = l.State.Ahead(t.ID, l.Now)
		v.Why = l.phoneWhy(t)
		if t.Leg == 0 && t.Calls == 0 { // the promise was of the first call
			passed, _ := l.State.Elapsed(t.Issued, l.Now)
			v.Estimate = l.tongue().Estimate(t.Promise, passed)
		}
	}
	v.Say = l.tongue().PhoneTicket(t.State, v.Ahead)
	return v, true
}

// TicketByToken is the one of today's tickets that has a token; nil when there is none.
func TicketByToken(s *queue.State, token string) *queue.Ticket {
	if token == "" {
		return nil
	}
	for t := range s.Tickets() {
		if t.Token == token {
			return t
		}
	}
	return nil
}

// phoneWhy is why the place of a ticket that waits is what it is.
func (l Look) phoneWhy(t *queue.Ticket) string {
	if suspension, suspended := l.State.Suspended(); suspended {
		return l.tongue().Suspended(suspension.Why)
	}
	return l.tongue().PhoneWhy(t.Returned && t.Leg == 0, t.Desk == "" && l.desksFor(t.Service) == 0)
}
