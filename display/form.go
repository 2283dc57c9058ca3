package display

import (
	"net/http"
	"net/url"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// readForm reads a posted form.
func readForm(r *http.Request) (fields, error) {
	if err := r.ParseForm(); err != nil {
		return nil, errBadBody
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
		if !words.IsRefusal(err) {
			s.refuse(w, r, err)
			return
		}
		code = words.RefusalCode(err)
		extra.Set("rifiuto", "1")
	}
	extra.Set("esito", code)
	http.Redirect(w, r, to+"?"+extra.Encode(), http.StatusSeeOther)
}

func (s *Server) postConsole(w http.ResponseWriter, r *http.Request) {
	desk := r.PathValue("desk")
	state, _ := s.cfg.Office.Watch()
	if _, _, ok := state.Desk(queue.DeskID(desk)); !ok {
		s.refuse(w, r, queue.ErrUnknownDesk)
		return
	}
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	done, err := s.deskAct(r.Context(), queue.DeskID(desk), f["action"], f)
	extra := url.Values{}
	if done.ticket != 0 {
		extra.Set("biglietto", done.ticket.String())
	}
	s.back(w, r, "/cruscotto/"+url.PathEscape(desk), extra, done.code, err)
}

func (s *Server) postReception(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	done, err := s.receptionAct(r.Context(), addressOf(r), f["action"], f)
	extra := url.Values{}
	if f["q"] != "" {
		extra.Set("q", f["q"])
	}
	if done.ticket != 0 {
		extra.Set("biglietto", done.ticket.String())
	}
	s.back(w, r, "/accoglienza", extra, done.code, err)
}

func (s *Server) postTotem(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	extra := url.Values{"outlet": {f["outlet"]}}
	done, err := s.totemAct(r.Context(), addressOf(r), queue.OutletID(f["outlet"]), f)
	if err == nil {
		extra.Set("biglietto", done.ticket.String())
	}
	s.back(w, r, "/totem", extra, done.code, err)
}
