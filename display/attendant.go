package display

import "net/http"

// getAttendant answers with the page of who helps people in the hall.
func (s *Server) getAttendant(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	v := l.Attendant(s.devices(l.Tongue))
	var err error
	if v.Search, err = s.search(l, r.URL.Query().Get("pratica"), false); err != nil {
		s.refuse(w, r, err)
		return
	}
	p := s.pageAt(l, "attendant")
	p.View, p.Topic = v, topic{page: "attendant"}.in(l.Tongue).address()
	s.render(w, r, p)
}
