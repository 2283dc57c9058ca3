package display

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"

	"golang.org/x/text/language"
)

// languageCookie holds the language that was chosen at this browser.
const languageCookie = "lingua"

// officeTongue is how an office speaks to whoever has chosen nothing, and to the
// hall: in the first language of its tickets.
func officeTongue(setup queue.Setup) *words.Tongue {
	if len(setup.Slip.Languages) == 0 {
		return words.In("")
	}
	return words.In(setup.Slip.Languages[0])
}

// tongueOf is how whoever sent a request is spoken to: in the language that the
// address asks for, as the hub is asked for what belongs to a page; else in the
// person's, else in that of this browser's choice, else, by a call of the API, in one
// that it accepts, else in the office's. A citizen at a totem is spoken to in what the
// address asks for, which a key of the totem sets, else in the office's, and one with a
// phone in what the address asks for, else in a language that the phone accepts: it is
// the reader's own. What another browser says of its own languages is not asked for a
// page: it is that of whoever installed the computer. Whoever calls the API says it on
// purpose, as the scripts of the pages do, which name the language of their page.
func (s *Server) tongueOf(r *http.Request) *words.Tongue {
	state, _ := s.cfg.Engine.Watch()
	office := officeTongue(state.Setup())
	if onPhone(r) {
		for _, l := range []queue.Language{queue.Language(r.URL.Query().Get(languageCookie)), accepted(r)} {
			if staffLanguage(l) {
				return words.In(l)
			}
		}
		return office
	}
	if toCitizen(r) {
		if l := queue.Language(r.URL.Query().Get(languageCookie)); staffLanguage(l) {
			return words.In(l)
		}
		return office
	}
	v := s.visitor(r)
	asked := []queue.Language{queue.Language(r.URL.Query().Get(languageCookie)), v.Language}
	if c, err := r.Cookie(languageCookie); err == nil {
		asked = append(asked, queue.Language(c.Value))
	}
	if v.Kind == access.Program || v.Kind != access.Screen && strings.HasPrefix(r.URL.Path, "/api/") {
		asked = append(asked, accepted(r))
	}
	for _, l := range asked {
		if staffLanguage(l) {
			return words.In(l)
		}
	}
	return office
}

// mostAccepted bounds what a program may say of its languages, in bytes.
const mostAccepted = 200

// accepted is the first language of the staff that a request says it accepts.
func accepted(r *http.Request) queue.Language {
	header := r.Header.Get("Accept-Language")
	if len(header) > mostAccepted {
		return ""
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return ""
	}
	for _, tag := range tags {
		base, _ := tag.Base()
		if l := queue.Language(base.String()); staffLanguage(l) {
			return l
		}
	}
	return ""
}

func staffLanguage(l queue.Language) bool { return slices.Contains(words.StaffLanguages(), l) }

// lookFor is the office as whoever sent a request sees it now.
func (s *Server) lookFor(r *http.Request) view.Look {
	l := s.look()
	l.Tongue = s.tongueOf(r)
	return l
}

// Languages are those that a person of the staff may choose.
func (p *page) Languages() []queue.Language { return words.StaffLanguages() }

// Chosen tells that the page is in a language.
func (p *page) Chosen(l queue.Language) bool { return p.tongue.Language() == l }

// postLanguage keeps the language that somebody chose, with the account of who has
// signed in and else with this browser, and goes back to the page where it was
// chosen.
func (s *Server) postLanguage(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err == nil && !staffLanguage(queue.Language(f[languageCookie])) {
		err = fmt.Errorf("%w: no language %q", errBadBody, f[languageCookie])
	}
	v := s.visitor(r)
	signedIn := s.cfg.Access != nil && v.Kind == access.Person
	if err == nil && signedIn {
		err = s.cfg.Access.SetLanguage(v.ID, queue.Language(f[languageCookie]))
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if !signedIn {
		http.SetCookie(w, cookie(r, languageCookie, f[languageCookie], machineLife))
	}
	http.Redirect(w, r, pageBefore(r), http.StatusSeeOther)
}

// pageBefore is the page that a form stands on that is on every page, with its
// question but without what its last post did.
func pageBefore(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || !localPath(from.Path) {
		return "/"
	}
	q := from.Query()
	for _, outcome := range []string{"esito", "rifiuto", "biglietto", "mancato", languageCookie} {
		q.Del(outcome)
	}
	if len(q) == 0 {
		return from.EscapedPath()
	}
	return from.EscapedPath() + "?" + q.Encode()
}
