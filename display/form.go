package display

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"eliminacode/queue/words"
)

// readForm reads a posted form.
func readForm(r *http.Request) (fields, error) {
	if err := r.ParseForm(); err != nil {
		return nil, fmt.Errorf("%w: %w", errBadBody, err)
	}
	f := fields{}
	for name, values := range r.PostForm {
		if len(values) > 0 {
			f[name] = strings.Join(values, ",") // of boxes that are ticked
		}
	}
	return f, nil
}

// back sends a browser without script to the page it came from, with what was
// done: a reload then repeats nothing.
func (s *Server) back(w http.ResponseWriter, r *http.Request, to string, extra url.Values, code string, err error) {
	if extra == nil {
		extra = url.Values{}
	}
	if err != nil {
		if !words.IsRefusal(err) && !errors.Is(err, errDeskTaken) {
			s.refuse(w, r, err)
			return
		}
		_, code = s.explain(err)
		extra.Set("rifiuto", "1")
		unservedIn(extra, err)
		stateIn(extra, err)
	}
	extra.Set("esito", code)
	http.Redirect(w, r, to+"?"+extra.Encode(), http.StatusSeeOther)
}

// form answers a posted form with the page that it stands on, which is asked for
// with the kept fields and the ticket that do was about. What is refused is told on
// the page where it was filled in; with no page of its own, at the head of the next.
func (s *Server) form(page http.HandlerFunc, do act, kept ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, err := readForm(r)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		if f["request"] != "" {
			f["request"] = postedAs(f)
		}
		done, err := do(r, f)
		extra := url.Values{}
		for _, name := range kept {
			if f[name] != "" {
				extra.Set(name, f[name])
			}
		}
		if done.ticket != 0 {
			extra.Set("biglietto", done.ticket.String())
		}
		if done.missed != 0 {
			extra.Set("mancato", done.missed.String())
		}
		if done.series != "" {
			extra.Set("serie", string(done.series))
		}
		if err != nil && s.tellForm(w, r, page, extra, err) {
			return
		}
		s.back(w, r, pageOfForm(r), extra, done.code, err)
	}
}

// postedAs is the name of the request that a form makes of the one that its page has for
// it, so that each button and each choice is a request of its own: of a form that is
// sent twice the second does nothing, and who chooses otherwise on a page that lay open
// is no repetition of whoever was there before.
func postedAs(f fields) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(f)) {
		fmt.Fprintf(sum, "%q %q\n", name, f[name])
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// pageOfForm is the page that a posted form stands on: the one at its address.
// That of the clock stands on every page of the staff.
func pageOfForm(r *http.Request) string {
	if r.URL.Path != "/orologio" {
		return r.URL.EscapedPath()
	}
	if from, err := url.Parse(r.Referer()); err == nil && localPath(from.Path) {
		return from.Path
	}
	return "/"
}

// localPath tells that a path leads nowhere but to this box.
func localPath(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//")
}

// postConsole refuses a desk that is not there: it has no page to go back to.
func (s *Server) postConsole(w http.ResponseWriter, r *http.Request) {
	state, _ := s.cfg.Engine.Watch()
	if err := (topic{page: "console", arg: r.PathValue("desk")}).known(state); err != nil {
		s.refuse(w, r, err)
		return
	}
	s.form(s.getConsole, s.atDesk)(w, r)
}
