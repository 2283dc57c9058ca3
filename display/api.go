package display

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"eliminacode/display/view"
	"eliminacode/queue"
)

// An answer is the good answer of the API to a command.
type answer struct {
	Journal     string        `json:"journal" doc:"Identity of the journal; another one after a backup was put back"`
	Seq         uint64        `json:"seq" doc:"Sequence of the newest event after the command"`
	Events      int           `json:"events" doc:"How many events it caused; 0 when it had been carried out before"`
	Code        string        `json:"code" doc:"What was done, such as issued, called, nobody-waiting or done"`
	Say         string        `json:"say" doc:"The same for a person, in the caller's language"`
	Ticket      *answerTicket `json:"ticket,omitempty" doc:"The ticket that was issued or called, or else the one that the command was about, as it is afterwards"`
	Seen        string        `json:"seen,omitempty" doc:"What the next command of the desk sends as seen"`
	Appointment string        `json:"appointment,omitempty" doc:"The code of the appointment that was booked"`
	Next        string        `json:"next,omitempty" example:"A058" doc:"The number that is given next, of a series that was told to go on from another one"`
	Tickets     int           `json:"tickets,omitempty" doc:"How many tickets were cancelled at once"`
}

// An answerTicket is a ticket as the answer to a command tells it.
type answerTicket struct {
	view.TotemTicket
	State string      `json:"state" doc:"waiting, called, serving, served, parked, no-show, cancelled or expired"`
	Desk  string      `json:"desk,omitempty" doc:"The desk that called or serves it, or that alone may call it"`
	Job   int         `json:"job" doc:"Its newest print, from 1; 0 is none"`
	Held  *heldNumber `json:"held,omitempty" doc:"What its holder, who may have no paper, is shown beside the number; in the answer that gives the number alone"`
}

// papered are the codes of commands after which somebody takes paper, or notes a number.
var papered = []string{"issued", "checked-in", "reprinted"}

// numbering are the codes of commands that gave somebody a number which waits.
var numbering = []string{"issued", "checked-in"}

// answerOf is the good answer of a command for who sent it.
func (s *Server) answerOf(r *http.Request, done outcome) (status int, a answer) {
	a = answer{Code: done.code, Events: len(done.events)}
	tongue := s.tongueOf(r)
	a.Say, _ = tongue.ByCode(done.code)
	status = http.StatusOK
	if done.appointment != "" {
		a.Appointment, a.Say = string(done.appointment), tongue.Say("reception.booked", "code", done.appointment)
		if done.code == "booked-closed" {
			a.Say += " " + tongue.Say("reception.booked-closed")
		}
	}
	if done.series != "" {
		if next, ok := done.state.NextNumber(done.series, done.state.LastNow()); ok {
			a.Next = next.Text
		}
		a.Say = goesOnSaid(tongue, done.state, done.code, done.series, done.state.LastNow())
	}
	if done.state != nil {
		a.Journal, a.Seq = done.state.Journal(), done.state.Seq()
		if t := done.state.Ticket(done.ticket); t != nil {
			a.Ticket = &answerTicket{
				TotemTicket: view.Look{State: done.state, Tongue: tongue, Now: done.state.LastNow()}.AnswerTicket(t, slices.Contains(papered, done.code)),
				State:       string(t.State), Desk: string(t.Desk), Job: t.Job,
			}
			if slices.Contains(numbering, done.code) {
				a.Ticket.Held = s.heldOf(t)
			}
			if queue.IssuedIn(done.events) != 0 {
				status = http.StatusCreated
			} else if done.code != "issued" {
				a.Say = t.Number.Text + ": " + a.Say
			}
		}
		if missed := missedSaid(tongue, done.state, done.missed, done.desk); missed != "" {
			a.Say += " " + missed
		}
		if paused := pausedSaid(tongue, done.state, done.code, done.ticket); paused != "" {
			a.Say += " " + paused
		}
		if _, desk, ok := done.state.Desk(done.desk); ok {
			a.Seen = view.SeenOf(desk)
		}
		if done.code == "burst" {
			a.Tickets = a.Events
		}
	}
	return status, a
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", jsonMedia)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// apiState answers GET /api/v1/state/{page} with what the hub sends.
func (s *Server) apiState(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	q.Set("page", r.PathValue("page"))
	q.Del("as")
	t, err := readTopic(q)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if !t.who().allows(s.visitor(r)) {
		s.turnAway(w, r)
		return
	}
	if err := t.asksKnown(s.look().State.Setup()); err != nil {
		s.refuse(w, r, err)
		return
	}
	t = t.boundTo(s.visitor(r)).in(s.tongueOf(r))
	if t.place() != "" && t.arg == "" {
		s.answerProblem(w, r, s.badFields(r, []problemField{{
			Location: "query." + t.place(), Code: "missing", Message: s.tongueOf(r).Say("field.missing", "field", t.place()),
		}}))
		return
	}
	l := t.spoken(s.look())
	if err := s.shownTo(s.visitor(r), t, l.State); err != nil {
		s.refuse(w, r, err)
		return
	}
	v, err := s.view(t, l)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	e := s.envelope(l)
	e.Kind = "view"
	if e.View, err = json.Marshal(v); err != nil {
		s.refuse(w, r, fmt.Errorf("encoding the view of %s: %w", t.page, err))
		return
	}
	writeJSON(w, http.StatusOK, e)
}

// An act carries out what a form or a JSON body asks for.
type act func(r *http.Request, f fields) (outcome, error)

// The acts of the pages. The action stands in the address of the API, or in a
// field of the form.

func (s *Server) atDesk(r *http.Request, f fields) (outcome, error) {
	desk := queue.DeskID(r.PathValue("desk"))
	account, err := s.account(r, desk)
	if err != nil {
		return outcome{}, err
	}
	return s.deskAct(r.Context(), desk, account, actionOf(r, f), f)
}

func (s *Server) atReception(r *http.Request, f fields) (outcome, error) {
	return s.receptionAct(r.Context(), addressOf(r), actionOf(r, f), f)
}

func (s *Server) atManager(r *http.Request, f fields) (outcome, error) {
	before, _ := s.cfg.Engine.Watch()
	var done outcome
	act := func() (err error) {
		done, err = s.managerAct(r.Context(), actionOf(r, f), f)
		if err == nil && done.code == "profile-set" {
			id := queue.DeskID(f["desk"])
			desk, _, _ := done.state.Desk(id)
			s.noteOn(r, manager, "desk.profile", desk.Label, notedProfile(before, id), notedProfile(done.state, id))
		}
		return err
	}
	var err error
	if actionOf(r, f) == "profile" && s.cfg.Setups != nil {
		err = s.cfg.Setups.By(s.visitor(r), s.profileToNote(r, before, f), act)
	} else {
		err = act()
	}
	if err != nil {
		return done, err
	}
	s.noteDay(r, manager, before, done)
	return done, nil
}

func (s *Server) atTotem(r *http.Request, f fields) (outcome, error) {
	outlet := s.outlet(r, cmp.Or(r.PathValue("outlet"), f["outlet"]))
	return s.totemAct(r.Context(), addressOf(r), queue.OutletID(outlet), f)
}

// outlet is where a totem gives numbers: where it was paired, whatever it asks for.
func (s *Server) outlet(r *http.Request, asked string) string {
	return cmp.Or(string(s.visitor(r).Outlet), asked)
}

func (s *Server) atClock(r *http.Request, f fields) (outcome, error) {
	before, _ := s.cfg.Engine.Watch()
	done, err := s.clockAct(r.Context(), actionOf(r, f), f)
	if err == nil {
		s.noteDay(r, clockSetters, before, done)
	}
	return done, err
}

func (s *Server) atDemo(r *http.Request, f fields) (outcome, error) {
	return outcome{code: "done"}, s.demoAct(actionOf(r, f), f)
}

func actionOf(r *http.Request, f fields) string { return cmp.Or(r.PathValue("action"), f["action"]) }
