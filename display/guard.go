package display

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// maxBodyBytes bounds the body of a request that brings no file.
const maxBodyBytes = 16 << 10

// mostBody is how many bytes the body of a request may have.
func mostBody(r *http.Request) int64 {
	switch r.URL.Path {
	case "/pratiche", "/api/v1/procedures.csv":
		return maxUploadBytes
	case sentCopy, sentCopyAPI:
		return maxCopyBytes
	}
	if strings.HasPrefix(r.URL.Path, setupHome+"/") || strings.HasPrefix(r.URL.Path, draftAPI) {
		return maxSetupBody
	}
	return maxBodyBytes
}

// guard stands before every page.
func (s *Server) guard(next http.Handler) http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	for _, own := range s.origins {
		if err := sameOrigin.AddTrustedOrigin(own); err != nil {
			s.log.Warn("a name of the box is no host; correct it", "err", err)
		}
	}
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, errForeignOrigin)
	}))
	inner := sameOrigin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served := s.served(r.Host)
		s.safetyHeaders(w.Header(), r, served)
		if !served {
			s.log.Debug("refusing a request", "err", errForeignHost, "host", r.Host)
			s.refuse(w, r, errForeignHost)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, mostBody(r))
		s.bounded(inner, w, r)
	})
}

// bounded answers a request within the bounds of its address. Websockets,
// and phones that follow their ticket, have places of their own.
func (s *Server) bounded(next http.Handler, w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/ws" || isPhoneStream(r) {
		next.ServeHTTP(w, r)
		return
	}
	from, now := addressOf(r), time.Now()
	under, err := s.askers.enter(from, now)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	defer s.askers.leave(under)
	if r.ContentLength != 0 {
		control := http.NewResponseController(w)
		r.Body = s.askers.awaits(under, r.Body, func() error { return control.SetReadDeadline(time.Unix(1, 0)) })
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		heavy := heavyPath(r.URL.Path)
		weight := 1
		if heavy {
			weight = heavyReads
		}
		if err = s.askers.read(from, now, weight); err == nil && heavy {
			var done func()
			if done, err = s.askers.alone(r.Context()); err == nil {
				defer done()
			}
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
	}
	next.ServeHTTP(w, r)
}

// heavyPath tells that an address answers with what adds up the whole day.
func heavyPath(path string) bool {
	switch path {
	case "/accoglienza", "/responsabile", "/responsabile/chiamate", "/responsabile/apparecchi", setupHome + "/effetto", draftAPI + "/effect":
		return true
	}
	page, ok := strings.CutPrefix(path, "/api/v1/state/")
	return ok && topic{page: page}.heavy()
}

// safetyHeaders are on every answer, a refusal included.
func (s *Server) safetyHeaders(h http.Header, r *http.Request, served bool) {
	h.Set("Content-Security-Policy", contentPolicy(r.Host, served))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cache-Control", "no-store")
}

// contentPolicy allows what the box itself serves and nothing inline. A host
// that is served names the websocket, for browsers whose 'self' leaves it out;
// no other host stands in the policy, since it may hold anything.
func contentPolicy(host string, served bool) string {
	socket := ""
	if served {
		socket = " ws://" + host + " wss://" + host
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; " +
		"connect-src 'self'" + socket + "; " +
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
}

// served tells whether a Host header names this box. A page of another site
// that makes its own name point here keeps that name in the header, and is
// refused by it; an address in figures is of no site.
func (s *Server) served(host string) bool {
	name := hostName(host)
	if s.hosts[name] {
		return true
	}
	_, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && !strings.ContainsAny(host, "; ,'\"")
}

// ownOrigin tells whether a page of this box asks for a websocket: its origin is
// the host that was asked, or, where a proxy puts another host there, one of the
// box's names.
func (s *Server) ownOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || slices.Contains(s.origins, strings.ToLower(origin)) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// hostName is a host without its port, in lower case.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.ToLower(host), ".")
}
