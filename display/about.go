package display

import "net/http"

// An aboutPage tells what becomes of people's data, or how the pages may be used.
type aboutPage struct {
	Privacy bool
	// Of the body: the address of its own notice, and how to reach its data
	// protection officer.
	Notice, DPO string
}

func (s *Server) getPrivacy(w http.ResponseWriter, r *http.Request) { s.about(w, r, true) }

func (s *Server) getAccessibility(w http.ResponseWriter, r *http.Request) { s.about(w, r, false) }

func (s *Server) about(w http.ResponseWriter, r *http.Request, privacy bool) {
	p := s.page(r, "about")
	state, _ := s.cfg.Engine.Watch()
	o := state.Setup().Office
	p.View, p.Theme = aboutPage{privacy, o.Privacy, o.DPO}, theme(r, phoneTheme)
	s.render(w, r, p)
}
