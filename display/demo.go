package display

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"eliminacode/queue"
)

// A buttonsPage is what one can press in the demo.
type buttonsPage struct {
	Buttons []DemoButton
	Keypads []DemoKeypad
	Demo    bool // there are people, and a clock that goes faster
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
	v := buttonsPage{Buttons: s.cfg.Presses.Buttons(), Keypads: s.cfg.Presses.Keypads()}
	if d := s.cfg.Demo; d != nil {
		v.Demo, v.People, v.Speed, v.Speeds = true, d.People(), d.Speed(), []float64{1, 5, 10, 30, 60}
	}
	p.View = v
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

// amongIDs refuses the name of a thing that is not there, and tells those that are.
func amongIDs[T any](field, id string, all []T, name func(T) string) error {
	var names []string
	for _, x := range all {
		names = append(names, name(x))
	}
	if slices.Contains(names, id) {
		return nil
	}
	return wrongValue(field, id, queue.RuleOneOf, names...)
}

// demoAct presses, breaks or hurries something. What the rehearsal does not have is
// a fault of who asks.
func (s *Server) demoAct(action string, f fields) error {
	if action == "fault" {
		if err := amongIDs("fault", f["fault"], s.cfg.Papers.Faults(), func(x DemoFault) string { return x.ID }); err != nil {
			return err
		}
		return s.cfg.Papers.SetFault(f["fault"], f["on"] == "1")
	}
	d := s.cfg.Demo
	switch presses := s.cfg.Presses; {
	case presses == nil:
		return fmt.Errorf("%w: no action %q of a rehearsal", errNoPage, action)
	case action == "press":
		if err := amongIDs("button", f["button"], presses.Buttons(), func(b DemoButton) string { return b.ID }); err != nil {
			return err
		}
		return presses.Press(f["button"])
	case action == "hold":
		if len(presses.Buttons()) < 2 {
			return fmt.Errorf("%w: two buttons are held, and there are not two", errBadBody)
		}
		return presses.Hold()
	case action == "key":
		all := presses.Keypads()
		if err := amongIDs("keypad", f["keypad"], all, func(k DemoKeypad) string { return k.ID }); err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(k DemoKeypad) bool { return k.ID == f["keypad"] })
		if _, err := oneOf(f["key"], all[at].Keys); err != nil {
			return wrongValue("key", f["key"], queue.RuleOneOf, all[at].Keys...)
		}
		return presses.Key(f["keypad"], f["key"])
	case d == nil:
		return fmt.Errorf("%w: no action %q of a rehearsal", errNoPage, action)
	case action == "people":
		d.SetPeople(f["on"] == "1")
		return nil
	case action == "speed":
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
