package display

import (
	"net/http"
	"net/url"
	"strings"

	"eliminacode/display/view"
	"eliminacode/queue"
)

// unservedSaid is the sentence on services that no desk would serve, with who waits
// for each now; empty for services that there are not.
func unservedSaid(l view.Look, services ...queue.ServiceID) string {
	var said []string
	for _, id := range services {
		x, ok := l.State.Service(id)
		if !ok {
			continue
		}
		if n := l.State.WaitingFor(id); n > 0 {
			said = append(said, l.Tongue.Say("hands.unserved-waiting", "service", l.ServiceName(x), "count", n))
		} else {
			said = append(said, l.Tongue.Say("hands.unserved", "service", l.ServiceName(x)))
		}
	}
	return strings.Join(said, " ")
}

// nameUnserved tells in a problem which services would be left, and the field that
// leaves them.
func (s *Server) nameUnserved(r *http.Request, p *problem, err error) {
	l := s.lookFor(r)
	var services []queue.ServiceID
	for _, left := range within[queue.UnservedError](err) {
		services = append(services, left.Service)
		p.Errors = append(p.Errors, problemField{Location: "body.serve." + string(left.Service), Code: p.Code, Message: unservedSaid(l, left.Service)})
	}
	if said := unservedSaid(l, services...); said != "" {
		p.say(said)
	}
}

// unservedIn names services that no desk would serve in the address of the page that
// says so.
func unservedIn(q url.Values, err error) {
	for _, left := range within[queue.UnservedError](err) {
		q.Add("servizio", string(left.Service))
	}
}

// unserved says which services no desk would serve, if that is what was refused.
func (p *page) unserved(l view.Look, r *http.Request) *page {
	q := r.URL.Query()
	if q.Get("esito") != "unserved" {
		return p
	}
	var services []queue.ServiceID
	for _, id := range q["servizio"] {
		services = append(services, queue.ServiceID(id))
	}
	if said := unservedSaid(l, services...); said != "" {
		p.Flash = said
	}
	return p
}
