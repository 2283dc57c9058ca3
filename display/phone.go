package display

import (
	"net/http"

	"eliminacode/display/view"
	"eliminacode/queue"
)

// phoneTheme is the appearance that a phone itself asks for: light, dark or of high
// contrast.
const phoneTheme = "telefono"

// getPhone answers the address behind a ticket's QR code. The page needs no
// script: it fetches itself again while the ticket is open.
func (s *Server) getPhone(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	v, ok := l.Phone(r.PathValue("token"))
	if !ok {
		s.refuse(w, r, errNoTicket)
		return
	}
	p := s.phonePage(l, v)
	p.Theme = theme(r, phoneTheme)
	w.Header().Set("Vary", "Accept-Language")
	s.render(w, r, p)
}

// phonePage is the page of a ticket, in the tongue of a look.
func (s *Server) phonePage(l view.Look, v view.Phone) *page {
	p := s.pageAt(l, "phone")
	p.View = v
	if follows(v) {
		p.Refresh = unaidedRefresh
	}
	return p
}

// follows tells that what a page says of a ticket may still change: a no-show and a
// cancelled one may be put back.
func follows(v view.Phone) bool {
	return v.State != string(queue.Served) && v.State != string(queue.Expired)
}
