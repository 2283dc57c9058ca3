package display

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"eliminacode/display/access"
)

// errWrongSecret: the secret of now is another one, of somebody who is in.
var errWrongSecret = errors.New("it is not the secret of now")

// getOwnSecret shows the page where somebody who is in chooses another PIN or
// password.
func (s *Server) getOwnSecret(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, s.page(r, "own-secret").flash(r))
}

// postOwnSecret gives somebody another PIN or password, who must show the one of
// now: a browser that was left open is nobody's consent. All other sessions of the
// person end.
func (s *Server) postOwnSecret(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	now := attempt(r, f)
	fresh := access.ByPassword
	if f["nuovo-come"] == "pin" {
		fresh = access.ByPIN
	}
	member := s.visitor(r).ID
	if err := s.cfg.Access.ChangeSecret(r.Context(), time.Now(), member, now, fresh, f["nuovo"], showing(r).Session); err != nil {
		if _, code := s.explain(err); code == "wrong-login" {
			err = fmt.Errorf("%w: %v", errWrongSecret, err)
		}
		if !s.tellForm(w, r, s.getOwnSecret, nil, err) {
			s.backFrom(w, r, r.URL.Path, err)
		}
		return
	}
	s.know(w, r, member, now.How)
	s.back(w, r, r.URL.Path, nil, "secret-changed", nil)
}
