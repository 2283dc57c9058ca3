package view

import (
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
	// Ended tells that the page will not change any more.
	Ended bool `json:"ended"`
	Planned
}

// Phone is the view of one of today's tickets by its token; ok is false when
// there is none, since yesterday's have no page.
func (l Look) Phone(token string) (v Phone, ok bool) {
	if token == "" {
		return Phone{}, false
	}
	var t *queue.Ticket
	for one := range l.State.Tickets() {
		if one.Token == token {
			t = one
			break
		}
	}
	if t == nil {
		return Phone{}, false
	}
	v = Phone{
		Office: l.heading(), Number: t.Number.Text, Service: l.serviceOf(t),
		State: string(t.State), Ended: t.State.Ended(), Planned: l.planned(t),
	}
	if d, _, ok := l.State.Desk(t.Desk); ok && (t.State == queue.Called || t.State == queue.Serving) {
		v.Desk = d.Label
	}
	ahead := 0
	if t.State == queue.Waiting {
		ahead = l.State.Ahead(t.ID, l.Now)
	}
	v.Say = l.tongue().PhoneTicket(t.State, ahead)
	return v, true
}
