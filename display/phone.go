package display

import (
	"net/http"

	"eliminacode/queue"
)

// getPhone answers the address behind a ticket's QR code. The page needs no
// script: it fetches itself again while the ticket is open.
func (s *Server) getPhone(w http.ResponseWriter, r *http.Request) {
	l := s.look()
	v, ok := l.Phone(r.PathValue("token"))
	if !ok {
		s.refuse(w, r, errNoTicket)
		return
	}
	p := s.pageAt(l, "phone")
	p.View, p.Theme = v, theme(r, "chiaro")
	if v.State != string(queue.Served) && v.State != string(queue.Expired) {
		// A no-show and a cancelled one may be put back.
		p.Refresh = unaidedRefresh
	}
	s.render(w, r, p)
}
