package display

import (
	"net/http"
	"net/url"
	"time"

	"eliminacode/display/access"
)

// An ownSecretPage asks for the secret of now and another one; both are passwords
// unless the page tells that somebody has chosen otherwise.
type ownSecretPage struct {
	NowPIN, FreshPIN bool
}

// getOwnSecret shows the page where somebody who is in chooses another PIN or
// password.
func (s *Server) getOwnSecret(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p := s.page(r, "own-secret").flash(r)
	p.View = ownSecretPage{NowPIN: q.Get("come") == "pin", FreshPIN: q.Get("nuovo-come") == "pin"}
	s.render(w, r, p)
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
	q := url.Values{"esito": {"secret-changed"}}
	member := s.visitor(r).ID
	if err := s.cfg.Access.ChangeSecret(r.Context(), time.Now(), member, now, fresh, f["nuovo"], showing(r).Session); err != nil {
		_, code := s.explain(err)
		if code == "wrong-login" {
			code = "wrong-secret"
		}
		q = url.Values{"esito": {code}, "rifiuto": {"1"}}
		for name, how := range map[string]access.How{"come": now.How, "nuovo-come": fresh} {
			if how == access.ByPIN {
				q.Set(name, "pin")
			}
		}
	} else {
		s.know(w, r, member, now.How)
	}
	http.Redirect(w, r, "/mio-accesso?"+q.Encode(), http.StatusSeeOther)
}
