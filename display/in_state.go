package display

import (
	"errors"
	"net/http"
	"net/url"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// stateSaid is the sentence on a ticket that is in another state than what was asked of
// it needs: which state, and what to do; empty for another error. Whoever reads it at a
// desk or a totem, or is a program, is told the general one of the place, with the state
// before it where they know the ticket.
func (s *Server) stateSaid(r *http.Request, err error) string {
	var wrong queue.StateError
	if !errors.As(err, &wrong) || errors.Is(err, queue.ErrParked) {
		return ""
	}
	return inState(s.tongueOf(r), r, wrong)
}

func inState(t *words.Tongue, r *http.Request, wrong queue.StateError) string {
	general, _ := saying(t, r, words.RefusalCode(queue.ErrWrongState))
	switch {
	case toCitizen(r):
		return general
	case toProgram(r), under(r, "/cruscotto", "/api/v1/desks"):
		return wrong.Number + ", " + t.TicketState(wrong.State) + ". " + general
	}
	return t.Say("in-state."+string(wrong.State), "number", wrong.Number)
}

// stateIn names the ticket that is in another state in the address of the page that says
// so.
func stateIn(q url.Values, err error) {
	var wrong queue.StateError
	if errors.As(err, &wrong) {
		q.Set("biglietto", wrong.Ticket.String())
	}
}
