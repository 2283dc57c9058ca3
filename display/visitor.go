package display

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"eliminacode/display/access"
)

type visitorKey struct{}

// lostKey stands in the context of a request whose visitor cannot be told, since the
// accounts cannot be read.
type lostKey struct{}

// visitor is who sent a request. An address that is for everybody asks only
// where its answer depends on it.
func (s *Server) visitor(r *http.Request) access.Visitor {
	v, _ := s.recognise(r)
	return v
}

// allows tells whether a visitor may use an address.
func (w who) allows(v access.Visitor) bool { return w.roles == nil || v.May(w.roles...) }

// mux answers the addresses of one port. That of the hall has those of the hall
// alone, and sends who opens another page to the port of the staff.
func (s *Server) mux(hall bool) http.Handler {
	paths := map[string]byMethod{}
	for _, one := range s.routes() {
		do := s.admit(one)
		switch {
		case hall && one.who.topic:
			do = s.topicsOfHall(do)
		case one.who.hall || !hall:
		case s.cfg.StaffPort != "" && strings.HasPrefix(one.pattern, "GET "):
			do = s.toStaffPort
		default:
			continue
		}
		method, path, ok := strings.Cut(one.pattern, " ")
		if !ok {
			method, path = "", one.pattern
		}
		if paths[path] == nil {
			paths[path] = byMethod{}
		}
		paths[path][method] = do
	}
	m := http.NewServeMux()
	for path, methods := range paths {
		m.HandleFunc(path, s.dispatch(methods))
	}
	return m
}

// byMethod are what an address answers, by method; by the empty one, whatever it is.
type byMethod map[string]http.HandlerFunc

// dispatch answers a request to an address by its method, and refuses one that is not
// taken there with those that are: http.ServeMux would take it for a request to a
// wider pattern, and a page that is there for one that is not.
func (s *Server) dispatch(methods byMethod) http.HandlerFunc {
	takes := slices.Sorted(maps.Keys(methods))
	if methods[http.MethodGet] != nil {
		takes = append(takes, http.MethodHead)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		switch {
		case methods[method] != nil:
			methods[method](w, r)
		case methods[""] != nil:
			methods[""](w, r)
		case s.cfg.stopped != nil:
			s.stoppedElsewhere(w, r)
		default:
			w.Header().Set("Allow", strings.Join(takes, ", "))
			s.refuse(w, r, errMethod)
		}
	}
}

// topicsOfHall answers for the pages of the hall alone: what the staff sees leaves the
// box under TLS only.
func (s *Server) topicsOfHall(do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page := r.PathValue("page")
		if page == "" {
			page = r.URL.Query().Get("page")
		}
		switch {
		case (topic{page: page}).ofHall():
			do(w, r)
		case s.cfg.StaffPort != "" && r.Header.Get("Upgrade") == "":
			s.toStaffPort(w, r)
		default:
			s.refuse(w, r, errNoPage)
		}
	}
}

// toStaffPort sends a browser to the same page at the port of the staff.
func (s *Server) toStaffPort(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "https://"+net.JoinHostPort(strings.Trim(hostName(r.Host), "[]"), s.cfg.StaffPort)+r.URL.RequestURI(), http.StatusTemporaryRedirect)
}

// admit lets those visitors to an address who may use it.
func (s *Server) admit(one route) http.HandlerFunc {
	if one.who.roles == nil && !one.who.topic {
		return one.do
	}
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := s.recognise(r)
		r = r.WithContext(context.WithValue(r.Context(), visitorKey{}, v))
		if errors.Is(err, errAccessLost) {
			r = r.WithContext(context.WithValue(r.Context(), lostKey{}, true))
		}
		tellQuota(w.Header(), v.Quota)
		var many access.TooManyError
		switch {
		case errors.As(err, &many):
			tellQuota(w.Header(), many.Quota)
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(many.RetryAfter.Seconds()))))
			s.refuse(w, r, errTokenBusy)
		case !one.who.topic && !one.who.allows(v):
			s.turnAway(w, r)
		case v.Kind == access.Program && !v.InScope(scopeOf(r.URL.Path)):
			s.refuse(w, r, errNotInScope)
		default:
			one.do(w, r)
		}
	}
}

// tellQuota tells a program what its token has left of its requests, in the fields
// of draft-ietf-httpapi-ratelimit-headers, versions 8 to 11: q requests in a window
// of w seconds, of which r are left for the next t seconds.
func tellQuota(h http.Header, q access.Quota) {
	if q.PerMinute == 0 {
		return
	}
	h.Set("RateLimit-Policy", fmt.Sprintf(`"minute";q=%d;w=60`, q.PerMinute))
	h.Set("RateLimit", fmt.Sprintf(`"minute";r=%d;t=%d`, q.Left, int(math.Ceil(q.Whole.Seconds()))))
}

// scopeOf is the scope that a token must have for an address, where it is narrowed
// to some: the part of the API, such as "reception" of /api/v1/reception/issue.
// The websocket of the pages is "state", and everything else "pages".
func scopeOf(path string) string {
	part, ofAPI := strings.CutPrefix(path, "/api/v1/")
	switch {
	case ofAPI:
		if end := strings.IndexAny(part, "/."); end >= 0 {
			part = part[:end] // a file is of the part that it is named after
		}
		return part
	case path == "/ws":
		return "state"
	}
	return "pages"
}

// noPage answers for an address that there is not. While the accounts cannot be read,
// those of who looks after them are among these.
func (s *Server) noPage(w http.ResponseWriter, r *http.Request) {
	if _, err := s.recognise(r); errors.Is(err, errAccessLost) {
		s.refuse(w, r, err)
		return
	}
	s.refuse(w, r, errNoPage)
}

// recognise finds out who sent a request; with an error, what it shows opens nothing,
// but with errAccessLost what its visitor may.
func (s *Server) recognise(r *http.Request) (access.Visitor, error) {
	if v, ok := r.Context().Value(visitorKey{}).(access.Visitor); ok {
		return v, nil
	}
	if !s.cfg.Open {
		v, err := s.cfg.Access.Visitor(time.Now(), showing(r))
		if err != nil {
			s.log.Debug("somebody shows what opens nothing", "err", err, "path", r.URL.Path)
		}
		return v, err
	}
	v := access.Visitor{Kind: access.Person, Roles: everyRole}
	if chosen, err := r.Cookie(roleCookie); err == nil {
		if role := access.Role(chosen.Value); slices.Contains(staff.roles, role) {
			v.Roles = []access.Role{role}
		}
	}
	return v, nil
}

// still tells, long after a request was let in, whether who sent it may use the
// address yet: an answer that does not end goes on no longer.
func (s *Server) still(r *http.Request, w who) func() bool {
	if s.cfg.Open {
		return func() bool { return true }
	}
	shown := showing(r)
	return func() bool { return w.allows(s.cfg.Access.Still(time.Now(), shown)) }
}

// everyRole is what a visitor of a demonstration has who has chosen none.
var everyRole = append(access.PeopleRoles(), access.ScreenRoles()...)

// roleCookie holds the role that a visitor of a demonstration has chosen.
const roleCookie = "ruolo"

// postRole lets a visitor of a demonstration be somebody else, or with no role
// everybody at once.
func (s *Server) postRole(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err == nil && f["ruolo"] != "" && !slices.Contains(staff.roles, access.Role(f["ruolo"])) {
		err = fmt.Errorf("%w: no role %q", errBadBody, f["ruolo"])
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	c := http.Cookie{Name: roleCookie, Value: f["ruolo"], Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if c.Value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, &c)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// screenPages are the pages of screens that are paired.
var screenPages = []string{"/tabellone", "/totem", "/voto"}

// turnAway answers a visitor who may not use an address: a page where one signs
// in to who is nobody, a code to pair to a screen, a sentence to who is somebody
// else. While the accounts cannot be read, each of them is told that, and no program
// that its token is no good.
func (s *Server) turnAway(w http.ResponseWriter, r *http.Request) {
	if lost, _ := r.Context().Value(lostKey{}).(bool); lost {
		s.refuse(w, r, errAccessLost)
		return
	}
	if s.visitor(r).Kind != access.Nobody {
		s.refuse(w, r, errNotYours)
		return
	}
	if r.Method == http.MethodGet && slices.Contains(screenPages, r.URL.Path) {
		s.showPairing(w, r)
		return
	}
	if r.Method == http.MethodGet && !strings.HasPrefix(r.URL.Path, "/api/") && r.URL.Path != "/ws" {
		http.Redirect(w, r, "/accesso?"+url.Values{"poi": {r.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
		return
	}
	s.refuse(w, r, errSignIn)
}
