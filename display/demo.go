package display

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A buttonsPage is what one can press in the demo.
type buttonsPage struct {
	Buttons []DemoButton
	Keypads []DemoKeypad
	People  bool
	Speed   float64
	Speeds  []float64
}

// A papersPage is what came out of the virtual printers.
type papersPage struct {
	Papers []DemoPaper
	Faults []DemoFault
}

func (s *Server) getButtons(w http.ResponseWriter, r *http.Request) {
	p := s.page(r, "buttons").flash(r)
	p.View = buttonsPage{
		Buttons: s.cfg.Demo.Buttons(), Keypads: s.cfg.Demo.Keypads(),
		People: s.cfg.Demo.People(), Speed: s.cfg.Demo.Speed(), Speeds: []float64{1, 5, 10, 30, 60},
	}
	s.render(w, r, p)
}

func (s *Server) getPapers(w http.ResponseWriter, r *http.Request) {
	p := s.page(r, "papers").flash(r)
	p.View = papersPage{Papers: s.cfg.Papers.Papers(), Faults: s.cfg.Papers.Faults()}
	s.render(w, r, p)
}

func (s *Server) getPaper(w http.ResponseWriter, r *http.Request) {
	id, isPNG := strings.CutSuffix(r.PathValue("png"), ".png")
	b, ok := s.cfg.Papers.Paper(id)
	if !isPNG || !ok {
		s.refuse(w, r, errNoPage)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(b)
}

// demoAct presses, breaks or hurries something. What the rehearsal does not have is
// a fault of who asks.
func (s *Server) demoAct(action string, f fields) error {
	absent := fmt.Errorf("%w: %s of a rehearsal: %v", errBadBody, action, f)
	if action == "fault" {
		if !slices.ContainsFunc(s.cfg.Papers.Faults(), func(x DemoFault) bool { return x.ID == f["fault"] }) {
			return absent
		}
		return s.cfg.Papers.SetFault(f["fault"], f["on"] == "1")
	}
	d := s.cfg.Demo
	if d == nil {
		return fmt.Errorf("%w: no action %q of a rehearsal", errNoPage, action)
	}
	switch action {
	case "press":
		if !slices.ContainsFunc(d.Buttons(), func(b DemoButton) bool { return b.ID == f["button"] }) {
			return absent
		}
		return d.Press(f["button"])
	case "hold":
		if len(d.Buttons()) < 2 {
			return absent
		}
		return d.Hold()
	case "key":
		if !slices.ContainsFunc(d.Keypads(), func(k DemoKeypad) bool { return k.ID == f["keypad"] && slices.Contains(k.Keys, f["key"]) }) {
			return absent
		}
		return d.Key(f["keypad"], f["key"])
	case "people":
		d.SetPeople(f["on"] == "1")
		return nil
	case "speed":
		times, err := strconv.ParseFloat(f["times"], 64)
		if err == nil {
			err = d.SetSpeed(times)
		}
		if err != nil {
			return fmt.Errorf("%w: speed %q: %w", errBadBody, f["times"], err)
		}
		return nil
	default:
		return fmt.Errorf("%w: no action %q of a rehearsal", errNoPage, action)
	}
}
