package display

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A takenDesk is a desk at which another operator works; Told says that a refusal has
// just said so.
type takenDesk struct {
	Desk string
	Told bool
}

// getConsole is the page of a desk, which is that of this computer from then on; at one that another operator has open it says who
// may take the place.
func (s *Server) getConsole(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	t := topic{page: "console", arg: r.PathValue("desk")}
	switch err := s.shownTo(s.visitor(r), t, l.State); {
	case errors.Is(err, errDeskTaken):
		desk, _, _ := l.State.Desk(queue.DeskID(t.arg))
		p := s.pageAt(l, "console-taken").flash(r)
		p.View, p.status = takenDesk{Desk: desk.Label, Told: p.Failed}, http.StatusConflict
		s.render(w, r, p)
		return
	case err != nil:
		s.refuse(w, r, err)
		return
	}
	v, err := s.view(t, l)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if c, err := r.Cookie(deskCookie); err != nil || c.Value != t.arg {
		http.SetCookie(w, cookie(r, deskCookie, t.arg, machineLife))
	}
	p := s.pageAt(l, "console").flash(r).named(l, r)
	if id, err := queue.ParseTicketID(r.URL.Query().Get("mancato")); err == nil && p.Flash != "" && !p.Failed {
		if missed := missedSaid(p.tongue, l.State, id, queue.DeskID(t.arg)); missed != "" {
			p.Flash += " " + missed
		}
	}
	if x := ticketNamed(l, r); x != nil && p.Flash != "" && !p.Failed {
		if paused := pausedSaid(p.tongue, l.State, r.URL.Query().Get("esito"), x.ID); paused != "" {
			p.Flash += " " + paused
		}
	}
	p.Move = p.Failed && slices.Contains(movable, r.URL.Query().Get("esito"))
	p.View, p.Topic = v, t.in(l.Tongue).address()
	s.render(w, r, p)
}

// missedSaid is the sentence on a ticket that AVANTI took not to have come, and on what
// a clerk can do who knows better; empty for none.
func missedSaid(tongue *words.Tongue, s *queue.State, id queue.TicketID, desk queue.DeskID) string {
	t := s.Ticket(id)
	if t == nil {
		return ""
	}
	if t.State != queue.Waiting {
		return tongue.Say("console.missed", "number", t.Number.Text)
	}
	said := tongue.Say("console.missed-back", "number", t.Number.Text)
	if _, now, _ := s.Desk(desk); now.Ticket != 0 {
		said += " " + tongue.Say("console.missed-undo")
	}
	return said
}

// pausedSaid is the sentence on a ticket that was sent to a desk which is paused; empty
// for another.
func pausedSaid(tongue *words.Tongue, s *queue.State, code string, id queue.TicketID) string {
	t := s.Ticket(id)
	if code != "transferred" || t == nil || t.State != queue.Waiting {
		return ""
	}
	d, now, ok := s.Desk(t.Bound())
	if !ok || !now.Paused {
		return ""
	}
	return tongue.Say("console.sent-paused", "desk", tongue.DeskName(d.Label))
}

// chooseAnew in the address of the list of desks asks for the list, at a computer that
// has its desk too.
const chooseAnew = "scegli"

// movable are the refusals after which an operator may come to the desk.
var movable = []string{"operator-elsewhere", "desk-taken"}

// maxNumberBytes bounds a number that a clerk types.
const maxNumberBytes = 20

// numbered puts the ticket of a number that a clerk has typed into the fields of an
// action: "a6" is A006.
func numbered(state *queue.State, f fields) error {
	typed, ok := f["number"]
	if !ok {
		return nil
	}
	if len(typed) > maxNumberBytes {
		return fmt.Errorf("%w: %w", errBadBody, queue.ValueError{Field: "number", Rule: queue.RuleLine, Most: maxNumberBytes, Value: typed})
	}
	t := state.LatestByNumber(typed)
	if t == nil {
		return fmt.Errorf("%w: number %q", queue.ErrUnknownTicket, typed)
	}
	f["ticket"] = t.ID.String()
	return nil
}

// keyShown is a key, as data-key writes it, as people read it beside what it does.
func keyShown(name string) string { return strings.NewReplacer("Shift+", "⇧", "+", "").Replace(name) }
