package display

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// A screenForm is what can be said of a screen, and what of it was refused.
type screenForm struct {
	access.Paired
	Code    string
	Faults  faults
	Outlets []queue.Outlet // with a screen
	Desks   []queue.Desk
	Offered []queue.Service // that a board can be of
	// Early tells that no office is in force: it has no outlet for a totem and no desk for a
	// voting screen yet.
	Early bool
	said  fields // what was typed and refused
}

// As is a value as it was typed, else as it is.
func (f screenForm) As(name string, value any) string {
	if said, typed := f.said[name]; typed {
		return said
	}
	return fmt.Sprint(value)
}

// Shown is how the board hangs and what it shows, for the form: of another screen, as
// of a board that is as usual.
func (f screenForm) Shown() access.Display {
	if f.Role != access.Board {
		return access.Paired{Role: access.Board}.Display()
	}
	return f.Paired.Display()
}

// IsTotem tells that the screen is a totem, and TotemInches the diagonal of it, or the
// usual one of another screen.
func (f screenForm) IsTotem() bool { return f.Role == access.Totem }
func (f screenForm) TotemInches() float64 {
	if f.Role != access.Totem {
		return access.StandardTotemInches
	}
	return f.Paired.Display().Inches
}

// Of tells that the board is of a service.
func (f screenForm) Of(s queue.ServiceID) bool {
	return slices.Contains(f.Shown().Services, string(s))
}

// AllRoles are the roles of the form: those that have a place only once there is one, but
// for the role that the screen has.
func (f screenForm) AllRoles() []access.Role {
	return slices.DeleteFunc(slices.Clone(access.ScreenRoles()), func(r access.Role) bool {
		return f.Early && r != access.Board && r != f.Role
	})
}

// At and AtDesk tell that the screen is at an outlet, or at a desk.
func (f screenForm) At(o queue.OutletID) bool { return f.Role == access.Totem && f.Place == string(o) }
func (f screenForm) AtDesk(d queue.DeskID) bool {
	return f.Role == access.Voting && f.Place == string(d)
}

// PlaceName is the name of the outlet or the label of the desk, or what the screen
// was told when that is not there any more.
func (f screenForm) PlaceName() string {
	for _, o := range f.Outlets {
		if f.At(o.ID) {
			return o.Name
		}
	}
	for _, d := range f.Desks {
		if f.AtDesk(d.ID) {
			return d.Label
		}
	}
	return f.Place
}

// A screensPage is the paired screens, and a form for another one.
type screensPage struct {
	Screens []screenForm
	Form    screenForm
}

// Pages are the addresses that screens open.
func (screensPage) Pages() []string { return screenPages }

// The marks of what a place is, as a form sends it.
const (
	placeOutlet = "outlet:"
	placeDesk   = "desk:"
)

// screenOf is what a form says of a screen. A place that does not go with what the
// screen shows is left out, which is told as a fault of the place.
func screenOf(f fields) access.Paired {
	version, _ := strconv.ParseUint(f["versione"], 10, 64) // 0 is no version
	p := access.Paired{Name: strings.TrimSpace(f["nome"]), Role: access.Role(f["ruolo"]), Version: version}
	switch p.Role {
	case access.Totem:
		p.Place, _ = strings.CutPrefix(f["posto"], placeOutlet)
	case access.Voting:
		p.Place, _ = strings.CutPrefix(f["posto"], placeDesk)
	}
	if p.Place == f["posto"] {
		p.Place = "" // without the mark that goes with it
	}
	switch p.Role {
	case access.Board:
		p.Board = displayIn(f)
	case access.Totem:
		p.Board = access.Display{Inches: numberIn(f, "pollici-totem")}.Said(access.Totem)
	}
	return p
}

// numberIn is a number as a form says it, 0 for none. What is no number is out of every
// bound.
func numberIn(f fields, name string) float64 {
	said := strings.Replace(strings.TrimSpace(f[name]), ",", ".", 1)
	n, err := strconv.ParseFloat(said, 64)
	switch {
	case said == "":
		return 0
	case err != nil || n == 0 || math.IsNaN(n) || math.IsInf(n, 0):
		return -1
	}
	return n
}

// displayIn is what a form says of how a board hangs and what it shows; nil where it
// says nothing of it.
func displayIn(f fields) *access.Display {
	number := func(name string) float64 { return numberIn(f, name) }
	whole := func(name string) int {
		if n := number(name); n == float64(int(n)) {
			return int(n)
		}
		return -1
	}
	d := access.Display{
		Inches: number("pollici"), Metres: number("metri"), Hall: strings.TrimSpace(f["sala"]),
		NoWaits: f["senza-attese"] != "", Look: f["aspetto"], Volume: whole("volume"), Silent: f["muto"] != "",
	}
	if f["servizio"] != "" {
		d.Services = strings.Split(f["servizio"], ",")
	}
	return d.Said(access.Board)
}

func (s *Server) getScreens(w http.ResponseWriter, r *http.Request) {
	s.showScreens(w, r, screenForm{Paired: access.Paired{Role: access.Board}})
}

func (s *Server) showScreens(w http.ResponseWriter, r *http.Request, typed screenForm) {
	setup := s.look().State.Setup()
	fill := func(f screenForm) screenForm {
		f.Desks, f.Offered, f.Early = setup.Desks, setup.Services, !s.inForce()
		for _, o := range setup.Outlets {
			if o.Screen {
				f.Outlets = append(f.Outlets, o)
			}
		}
		return f
	}
	p := s.page(r, "screens").flash(r).faulty(typed.Faults)
	view := screensPage{Form: fill(typed)}
	for _, paired := range s.cfg.Administration.Screens() {
		view.Screens = append(view.Screens, fill(screenForm{Paired: paired}))
	}
	p.View = view
	s.render(w, r, p)
}

// stands tells what of a screen the office does not have: the outlet with a screen of
// a totem, the desk of a voting screen. A board has no place. Where the screen stands
// already it may stay.
func (s *Server) stands(p access.Paired) error {
	state, _ := s.cfg.Engine.Watch()
	there := false
	switch p.Role {
	case access.Totem:
		o, _, known := state.Outlet(queue.OutletID(p.Place))
		there = known && o.Screen
	case access.Voting:
		_, _, there = state.Desk(queue.DeskID(p.Place))
	case access.Board:
		there = p.Place == ""
		for _, id := range p.Display().Services {
			if !slices.ContainsFunc(state.Setup().Services, func(x queue.Service) bool { return string(x.ID) == id }) && !s.alreadyOf(p.ID, id) {
				return access.FieldError{Field: "services", Err: access.ErrBadValue}
			}
		}
	}
	if there || slices.ContainsFunc(s.cfg.Administration.Screens(), func(x access.Paired) bool {
		return x.ID == p.ID && x.Role == p.Role && x.Place == p.Place
	}) {
		return nil
	}
	return access.FieldError{Field: "place", Err: access.ErrBadValue}
}

// alreadyOf tells that a board is of a service that the office may not have any more.
func (s *Server) alreadyOf(screen, service string) bool {
	return slices.ContainsFunc(s.cfg.Administration.Screens(), func(x access.Paired) bool {
		return x.ID == screen && slices.Contains(x.Display().Services, service)
	})
}

// pair lets in the screen that shows a code, at a place that there is.
func (s *Server) pair(r *http.Request, code string, p access.Paired) (access.Paired, error) {
	if err := errors.Join(p.Validate(), s.stands(p)); err != nil {
		return access.Paired{}, err
	}
	return s.cfg.Administration.Pair(time.Now(), s.administrator(r), code, p)
}

// changeScreen gives a screen another name, use or place that there is.
func (s *Server) changeScreen(r *http.Request, p access.Paired) (access.Paired, error) {
	if err := errors.Join(p.Validate(), s.stands(p)); err != nil {
		return access.Paired{}, err
	}
	return s.cfg.Administration.ChangeScreen(time.Now(), s.administrator(r), p)
}

// postScreens lets in a screen that shows a code.
func (s *Server) postScreens(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	typed := screenOf(f)
	_, err = s.pair(r, f["codice"], typed)
	if wrong := fieldFaults(s.tongueOf(r), err); len(wrong) > 0 {
		s.showScreens(w, r, screenForm{Paired: typed, Code: f["codice"], Faults: wrong, said: f})
		return
	}
	s.backTo(w, r, "/schermi", "screen-paired", err)
}

// postScreen changes or ends a pairing.
func (s *Server) postScreen(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	a, now, by := s.cfg.Administration, time.Now(), s.administrator(r)
	done := "entry-saved"
	if f["azione"] == "revoke" {
		done, err = "screen-revoked", a.RevokeScreen(now, by, r.PathValue("id"))
	} else {
		typed := screenOf(f)
		typed.ID = r.PathValue("id")
		_, err = s.changeScreen(r, typed)
		if len(fieldFaults(s.tongueOf(r), err)) > 0 {
			// The list has no room for a sentence at each field.
			s.refuse(w, r, errBadFields)
			return
		}
	}
	s.backTo(w, r, "/schermi", done, err)
}
