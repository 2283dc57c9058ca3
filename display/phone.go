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

// follows tells that what a page says of a ticket may still change: a no-show, a
// cancelled one and one that a desk closed over may be put back.
func follows(v view.Phone) bool { return !v.Ended || v.MayGoOn }

// postPhone cancels a ticket whose holder needs it no more, as long as it waits: one that
// a desk has called meanwhile is left alone, and the page that follows says so. The
// reception can put it back.
func (s *Server) postPhone(w http.ResponseWriter, r *http.Request) {
	state, _ := s.cfg.Engine.Watch()
	t := view.TicketByToken(state, r.PathValue("token"))
	if t == nil {
		s.refuse(w, r, errNoTicket)
		return
	}
	c := queue.CancelTickets{By: queue.Cause{Kind: queue.ByPhone}, Tickets: []queue.TicketID{t.ID}, Why: "citizen"}
	if _, err := s.do(r.Context(), c); err != nil {
		s.refuse(w, r, err)
		return
	}
	to := r.URL.EscapedPath()
	if l := queue.Language(r.URL.Query().Get(languageCookie)); staffLanguage(l) {
		to += "?" + languageCookie + "=" + string(l)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
