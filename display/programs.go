package display

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"eliminacode/display/access"
)

// A tokenForm is what can be said of a program, and what of it was refused.
type tokenForm struct {
	access.Token
	Days   int
	Faults faults
}

// The choices of the form.
func (tokenForm) AllRoles() []access.Role { return access.ProgramRoles() }
func (tokenForm) Lives() []int            { return []int{30, 90, 365, 730} }

// AllScopes are those that there are.
func (tokenForm) AllScopes() []string { return access.Scopes() }

// Scoped tells whether a scope is ticked.
func (f tokenForm) Scoped(scope string) bool { return slices.Contains(f.Scopes, scope) }

// A programsPage is the tokens that there are, and a form for another one.
type programsPage struct {
	Tokens []access.Token
	Form   tokenForm
}

// A tokenPage shows a token, this once.
type tokenPage struct {
	access.Token
	Text string
}

// Header is how a program shows it.
func (tokenPage) Header() string { return "Authorization: Bearer …" }

func (s *Server) getPrograms(w http.ResponseWriter, r *http.Request) {
	s.showPrograms(w, r, tokenForm{Days: 90, Token: access.Token{PerMinute: access.StandardPerMinute}})
}

func (s *Server) showPrograms(w http.ResponseWriter, r *http.Request, form tokenForm) {
	p := s.page(r, "programs").flash(r).faulty(form.Faults)
	p.View = programsPage{s.cfg.Administration.Tokens(), form}
	s.render(w, r, p)
}

// postPrograms makes a token and shows it.
func (s *Server) postPrograms(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	now := time.Now()
	typed := tokenForm{Token: access.Token{
		Name: strings.TrimSpace(f["nome"]), Role: access.Role(f["ruolo"]), Scopes: ticked[string](f["ambiti"]),
	}}
	// What is no number is told as a fault of its field.
	typed.Days, _ = strconv.Atoi(f["giorni"])
	typed.PerMinute, err = strconv.Atoi(f["richieste"])
	if err != nil || typed.PerMinute == 0 {
		typed.PerMinute = -1
	}
	typed.Expires = now.AddDate(0, 0, min(max(typed.Days, 0), 100_000))
	made, text, err := s.cfg.Administration.MakeToken(now, s.administrator(r), typed.Token)
	if typed.Faults = fieldFaults(s.tongueOf(r), err); len(typed.Faults) > 0 {
		typed.PerMinute = cmp.Or(max(typed.PerMinute, 0), access.StandardPerMinute)
		s.showPrograms(w, r, typed)
		return
	}
	if err != nil {
		s.backTo(w, r, "/programmi", "", err)
		return
	}
	p := s.page(r, "program-token")
	p.View = tokenPage{made, text}
	w.Header().Set("Cache-Control", "no-store")
	s.render(w, r, p)
}

// postProgram takes a token away.
func (s *Server) postProgram(w http.ResponseWriter, r *http.Request) {
	err := s.cfg.Administration.RevokeToken(time.Now(), s.administrator(r), r.PathValue("id"))
	s.backTo(w, r, "/programmi", "token-revoked", err)
}
