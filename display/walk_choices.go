package display

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"eliminacode/display/view"
	"eliminacode/queue"
)

// A meaningChoice is one of what a device may be for.
type meaningChoice struct {
	ID, Name string
	Chosen   bool // the settings say so now
	// Foreign tells that the office has no such thing, so that nothing comes of it.
	Foreign bool
	Printer string // that is at the outlet now, of another choice than the chosen one
}

// errOutletUnserved: where the number of a button shall come out there is no printer.
var errOutletUnserved = errors.New("no printer is at that outlet")

// errOutletUnsaid: a printer that was found is at no outlet yet.
var errOutletUnsaid = errors.New("the printer is at no outlet")

// errOutletNeeded: numbers of buttons come out of the printer that is to be taken away.
var errOutletNeeded = errors.New("buttons have their numbers printed there")

// removeDevice takes a device out of the settings. Where there are more printers, one has
// to stay while numbers of buttons come out of it: the settings would be refused.
func (s *Server) removeDevice(r *http.Request, thing Thing) (code string, err error) {
	w, err := s.wiredOf(thing.Kind, thing.Name)
	if err != nil {
		return "", err
	}
	before := s.cfg.Walk.Wired()
	another := slices.ContainsFunc(before, func(x Wired) bool { return x.Kind == PrinterThing && x.Name != w.Name })
	needed := slices.ContainsFunc(before, func(x Wired) bool { return x.Kind == ButtonThing && x.Outlet == w.Meaning })
	if w.Kind == PrinterThing && another && needed {
		return "", errOutletNeeded
	}
	written, err := s.cfg.Walk.Name(Naming{Thing: w.Thing, Gone: true})
	if err != nil {
		s.log.Warn("a device stays in the settings", "device", thing.Name, "err", err)
		return "", err
	}
	if !written {
		return "walk-lines", nil // nothing is others yet
	}
	s.noteOn(r, setters, "wiring.change", thing.Name, s.notedWired(w), map[string]string{})
	return "walk-removed", nil
}

// A walkThing is a device of the settings, with what it may be for.
type walkThing struct {
	Wired
	V walkPage
}

// Of is a device with what it may be for.
func (v walkPage) Of(w Wired) walkThing { return walkThing{w, v} }

// Models are what a device may be, with what the settings say that it is.
func (t walkThing) Models() (all []meaningChoice) {
	for _, g := range t.V.Steps {
		if g.Kind != t.Kind {
			continue
		}
		for _, m := range g.Models {
			all = append(all, meaningChoice{ID: m, Chosen: m == t.Model})
		}
	}
	return all
}

// Bauds are the speeds that a printer may have: 0 is that of its kind.
func (t walkThing) Bauds() (all []meaningChoice) {
	speeds := printerSpeeds
	if t.Baud != 0 && !slices.Contains(speeds, t.Baud) {
		speeds = slices.Sorted(slices.Values(append(slices.Clone(speeds), t.Baud)))
	}
	for _, baud := range append([]int{0}, speeds...) {
		all = append(all, meaningChoice{ID: strconv.Itoa(baud), Chosen: baud == t.Baud})
	}
	return all
}

// Explained tells whether a kind has words.
func (t walkThing) Explained(model string) bool { return walkGroup{}.Explained(model) }

// Wired tells whether the settings name any device.
func (v walkPage) Wired() bool {
	return slices.ContainsFunc(v.Steps, func(g walkGroup) bool { return len(g.Things) > 0 })
}

// misfits are what of the box does not fit the office in force, and the page where
// that is mended; empty where the pages cannot.
func (s *Server) misfits(l view.Look) (all []view.Found, wiring string) {
	if s.cfg.Misfits != nil && l.State.HasSetup() {
		all = s.cfg.Misfits(l.State.Setup(), l.Tongue)
	}
	if s.cfg.Walk != nil {
		wiring = walkHome
	}
	return all, wiring
}

// devicesPage is the page of the devices.
func (s *Server) devicesPage(l view.Look) view.Devices {
	v := l.Devices(s.devices(l.Tongue))
	v.Misfits, v.Wiring = s.misfits(l)
	return v
}

// choices are what devices may be for: what the office has, which is the draft of the
// first one while none is in force.
func (s *Server) choices(v *walkPage, wired []Wired) {
	setup := s.walkSetup()
	v.Services, v.Desks, v.Outlets = setup.Services, setup.Desks, setup.Outlets
	for _, w := range wired {
		if w.Kind == PrinterThing {
			v.printers = append(v.printers, w)
		}
	}
	for _, o := range setup.Outlets {
		if o.Printer && v.printerAt(string(o.ID)) == "" {
			v.Printing = append(v.Printing, o)
		}
	}
}

// walkSetup is the office in force, else the draft of the first one.
func (s *Server) walkSetup() queue.Setup {
	if state, _ := s.cfg.Engine.Watch(); state.HasSetup() {
		return state.Setup()
	}
	draft, _ := s.cfg.Setups.Draft(firstAuthor)
	return draft.Setup
}

// printerAt is the printer of the settings at an outlet; empty for none.
func (v walkPage) printerAt(outlet string) string {
	for _, p := range v.printers {
		if p.Meaning == outlet {
			return p.Name
		}
	}
	return ""
}

// strays are the printers of the settings at outlets that the office does not have.
func (v walkPage) strays() (all []Wired) {
	for _, p := range v.printers {
		if !slices.ContainsFunc(v.Outlets, func(o queue.Outlet) bool { return string(o.ID) == p.Meaning }) {
			all = append(all, p)
		}
	}
	return all
}

// marked are choices with what the settings say now, which comes first where the
// office does not have it.
func marked(all []meaningChoice, now string) []meaningChoice {
	if i := slices.IndexFunc(all, func(c meaningChoice) bool { return c.ID == now }); i >= 0 {
		all[i].Chosen, all[i].Printer = true, ""
		return all
	}
	if now == "" {
		return all
	}
	return append([]meaningChoice{{ID: now, Name: now, Chosen: true, Foreign: true}}, all...)
}

// FoundPlaces are the outlets where a printer that was found may be: those without one come
// first, and at the others it takes the place of the printer that is there.
func (v walkPage) FoundPlaces() (all []meaningChoice) {
	all = v.PrinterPlaces("")
	slices.SortStableFunc(all, func(a, b meaningChoice) int { return cmp.Compare(min(len(a.Printer), 1), min(len(b.Printer), 1)) })
	return all
}

// PrinterPlaces are the outlets where a printer of the settings may be. Where another
// printer is, the two change places.
func (v walkPage) PrinterPlaces(now string) (all []meaningChoice) {
	for _, o := range v.Outlets {
		if o.Printer {
			all = append(all, meaningChoice{ID: string(o.ID), Name: o.Name, Printer: v.printerAt(string(o.ID))})
		}
	}
	return marked(all, now)
}

// ButtonOutlets are the outlets where the number of a button may come out: those with
// a printer, and where the settings have one at an outlet that the office does not
// have, also those that it can be put at. Without printers, all.
func (v walkPage) ButtonOutlets(now string) (all []meaningChoice) {
	for _, o := range v.Outlets {
		if len(v.printers) == 0 || v.printerAt(string(o.ID)) != "" || o.Printer && len(v.strays()) == 1 {
			all = append(all, meaningChoice{ID: string(o.ID), Name: o.Name})
		}
	}
	for _, p := range v.strays() {
		if p.Meaning != now {
			all = append(all, meaningChoice{ID: p.Meaning, Name: p.Meaning, Foreign: true})
		}
	}
	return marked(all, now)
}

// ButtonServices are the services that a button may give numbers of.
func (v walkPage) ButtonServices(now string) (all []meaningChoice) {
	for _, x := range v.Services {
		all = append(all, meaningChoice{ID: string(x.ID), Name: x.Name})
	}
	return marked(all, now)
}

// DesksOf are the desks that a keypad or a panel may be of.
func (v walkPage) DesksOf(now string) (all []meaningChoice) {
	for _, d := range v.Desks {
		all = append(all, meaningChoice{ID: string(d.ID), Name: d.Label})
	}
	return marked(all, now)
}

// placed sees that there is a printer where the number of a button shall come out. The
// only one that is at an outlet which the office does not have is put there. A printer that
// was found takes the place of the one that is at its outlet.
func (s *Server) placed(n *Naming) error {
	var v walkPage
	s.choices(&v, s.cfg.Walk.Wired())
	if n.Kind == PrinterThing && !slices.ContainsFunc(v.printers, func(p Wired) bool { return p.Thing == n.Thing }) {
		if n.Outlet == "" {
			return errOutletUnsaid
		}
		n.Instead = v.printerAt(string(n.Outlet))
	}
	if n.Kind != ButtonThing || n.Outlet == "" {
		return nil
	}
	if len(v.printers) == 0 || v.printerAt(string(n.Outlet)) != "" {
		return nil
	}
	strays := v.strays()
	if i := slices.IndexFunc(v.Printing, func(o queue.Outlet) bool { return o.ID == n.Outlet }); i < 0 || len(strays) != 1 {
		return errOutletUnserved
	}
	n.Printer = strays[0].Name
	return nil
}
