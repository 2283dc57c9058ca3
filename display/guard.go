package display

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// maxBodyBytes bounds the body of every request.
const maxBodyBytes = 16 << 10

// guard stands before every page.
func (s *Server) guard(next http.Handler) http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.problem(w, r, http.StatusForbidden, "foreign-origin",
			"La richiesta viene da un altro sito e non è stata eseguita: apra la pagina da questo indirizzo e ripeta.")
	}))
	inner := sameOrigin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.served(r.Host) {
			s.log.Debug("refusing a request", "err", errForeignHost, "host", r.Host)
			s.problem(w, r, http.StatusMisdirectedRequest, "foreign-host",
				"Questo indirizzo non è di questo apparecchio: usi l'indirizzo indicato dal tecnico.")
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", s.contentPolicy(r))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxBodyBytes)
		inner.ServeHTTP(w, r)
	})
}

// contentPolicy allows what the box itself serves and nothing inline. The
// host, checked before, names the websocket for browsers whose 'self' leaves
// it out.
func (s *Server) contentPolicy(r *http.Request) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; " +
		"connect-src 'self' ws://" + r.Host + " wss://" + r.Host + "; " +
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
}

// served tells whether a Host header names this box. A page of another site
// that makes its own name point here keeps that name in the header, and is
// refused by it.
func (s *Server) served(host string) bool {
	name := hostName(host)
	if s.hosts[name] {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	if err != nil || strings.ContainsAny(host, "; ,'\"") {
		return false
	}
	return ip.IsLoopback() || s.cfg.InsecureLAN
}

// hostName is a host without its port, in lower case.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.ToLower(host), ".")
}
