package display

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"eliminacode/display/access"
)

// A Provider is the body's own sign-in. Its errors are those of package access.
type Provider interface {
	// Ready tells whether it answered when it was last looked for.
	Ready() bool
	// Begin is the address at which it asks somebody who it is, and what the
	// browser's way there and back is known by.
	Begin(ctx context.Context) (address string, way access.SignIn, err error)
	// Finish is what it calls somebody who has come back.
	Finish(ctx context.Context, way access.SignIn, answer url.Values) (subject string, err error)
}

// ReturnPath is where people come back from the body's own sign-in.
const ReturnPath = "/accesso/ente/ritorno"

const (
	// wayCookie marks a browser that is on its way to the provider and back.
	wayCookie = "via"
	// wayLife is how long somebody may take there.
	wayLife = 10 * time.Minute
)

// The values of the session of a browser that is on its way.
const (
	wayState    = "state"
	wayNonce    = "nonce"
	wayVerifier = "verifier"
	wayTo       = "to"
)

// getProvider sends somebody to the body's own sign-in.
func (s *Server) getProvider(w http.ResponseWriter, r *http.Request) {
	to := ownPath(r.URL.Query().Get("poi"))
	address, way, err := s.cfg.Provider.Begin(r.Context())
	if err != nil {
		s.notSignedIn(w, r, to, err)
		return
	}
	token, err := s.newSession(r.Context(), wayLife, map[string]any{
		wayState: way.State, wayNonce: way.Nonce, wayVerifier: way.Verifier, wayTo: to,
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	http.SetCookie(w, cookie(r, wayCookie, token, wayLife))
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// way is what a browser that comes back was sent away with, which it can do once.
func (s *Server) way(w http.ResponseWriter, r *http.Request) (way access.SignIn, to string, err error) {
	c, err := r.Cookie(wayCookie)
	if err != nil {
		return way, "/", fmt.Errorf("%w: this browser was not sent there", access.ErrNotProven)
	}
	http.SetCookie(w, cookie(r, wayCookie, "", 0))
	ctx, err := s.sessions.Load(r.Context(), c.Value)
	if err == nil {
		err = s.sessions.Store.Delete(c.Value)
	}
	if err != nil {
		return way, "/", err
	}
	text := func(name string) string { return s.sessions.GetString(ctx, name) }
	if text(wayState) == "" {
		return way, "/", fmt.Errorf("%w: this browser was not sent there, or long ago", access.ErrNotProven)
	}
	return access.SignIn{State: text(wayState), Nonce: text(wayNonce), Verifier: text(wayVerifier)}, ownPath(text(wayTo)), nil
}

// getReturn lets in whom the body's own sign-in vouches for.
func (s *Server) getReturn(w http.ResponseWriter, r *http.Request) {
	way, to, err := s.way(w, r)
	subject := ""
	if err == nil {
		subject, err = s.cfg.Provider.Finish(r.Context(), way, r.URL.Query())
	}
	var m access.Member
	if err == nil {
		m, err = s.cfg.Access.Tied(subject)
	}
	if errors.Is(err, access.ErrNotTied) {
		p := s.page(r, "not-tied")
		p.View, p.status = subject, http.StatusForbidden
		s.render(w, r, p)
		return
	}
	if err == nil {
		err = s.begin(w, r, m.ID, access.ByProvider, "")
	}
	if err != nil {
		s.notSignedIn(w, r, to, err)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// notSignedIn sends somebody back to where one signs in, with what was wrong.
func (s *Server) notSignedIn(w http.ResponseWriter, r *http.Request, to string, err error) {
	s.log.Info("somebody did not come in by the body's sign-in", "err", err)
	_, code := s.explain(err)
	q := url.Values{"esito": {code}, "rifiuto": {"1"}, "poi": {to}, "password": {"1"}}
	http.Redirect(w, r, "/accesso?"+q.Encode(), http.StatusSeeOther)
}
