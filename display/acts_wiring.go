package display

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
)

// noteWiring puts into the audit list that a device got a meaning in the settings of the
// box: which one, what it was for, and what it is for now. It was found if the settings did
// not name it before.
func (s *Server) noteWiring(r *http.Request, n Naming, before []Wired) {
	var was map[string]string
	if i := slices.IndexFunc(before, func(w Wired) bool { return w.Thing == n.Thing }); i >= 0 {
		was = s.notedWired(before[i])
	}
	is := Wired{Thing: n.Thing, Place: n.Thing.Name, Outlet: string(n.Outlet), Class: string(n.Class), Model: n.Model, Address: n.Address, Baud: n.Baud}
	switch n.Kind {
	case PrinterThing:
		is.Meaning = string(n.Outlet)
	case ButtonThing:
		is.Meaning = string(n.Service)
	default:
		is.Meaning = string(n.Desk)
	}
	if was != nil {
		// Its place stays, and a button keeps what is not said of it.
		old := before[slices.IndexFunc(before, func(w Wired) bool { return w.Thing == n.Thing })]
		is.Place = old.Place
		if n.Kind == ButtonThing {
			is.Meaning, is.Outlet = cmp.Or(is.Meaning, old.Meaning), cmp.Or(is.Outlet, old.Outlet)
		}
		is.Model = cmp.Or(n.Model, old.Model)
	}
	now := s.notedWired(is)
	if n.Printer != "" {
		now["printer"] = n.Printer
	}
	for field, value := range now {
		if value == "" && was[field] == "" {
			delete(now, field)
		}
	}
	s.noteOn(r, setters, "wiring.change", n.Thing.Name, was, now)
	for _, w := range before {
		if w.Kind == PrinterThing && w.Name == n.Instead {
			s.noteOn(r, setters, "wiring.change", w.Name, s.notedWired(w), map[string]string{})
		}
	}
}

// notedWired is a device of the settings for the audit list, by what its meaning is
// called in the office.
func (s *Server) notedWired(w Wired) map[string]string {
	setup := s.walkSetup()
	outlet := func(id string) string {
		for _, o := range setup.Outlets {
			if string(o.ID) == id {
				return cmp.Or(o.Name, id)
			}
		}
		return id
	}
	side := map[string]string{"place": w.Place}
	if w.Class != "" {
		side["class"] = w.Class
	}
	if w.Model != "" {
		side["model"] = w.Model
	}
	switch w.Kind {
	case PrinterThing:
		side["outlet"] = outlet(w.Meaning)
		if w.Baud != 0 {
			side["baud"] = strconv.Itoa(w.Baud)
		}
	case ButtonThing:
		side["outlet"], side["service"] = outlet(w.Outlet), w.Meaning
		for _, x := range setup.Services {
			if string(x.ID) == w.Meaning {
				side["service"] = x.Name
			}
		}
	default:
		if w.Kind == PanelThing {
			side["address"] = strconv.Itoa(w.Address)
		}
		side["desk"] = w.Meaning
		for _, d := range setup.Desks {
			if string(d.ID) == w.Meaning {
				side["desk"] = cmp.Or(d.Label, w.Meaning)
			}
		}
	}
	return side
}
