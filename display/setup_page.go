package display

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

// setupHome is the address of the set-up.
const setupHome = "/impostazioni"

// maxSetupBody bounds the body of a request that changes the office: a form of
// all its hours, or a whole one as a file.
const maxSetupBody = 256 << 10

// A setupDraftPage is what every page of the set-up says of the draft.
type setupDraftPage struct {
	Kept     bool // there is a draft
	Earlier  bool // an earlier one is kept, which can be brought back
	Changes  int
	Faults   int
	ToMend   []setupFault // the first of them, each with the way to its field
	Outdated bool         // somebody else has put another office in force since it began
	Mark     string
	Planned  []plannedLine
	Early    []SetupVersion // see planMisses
	// Form is the form of the page, by its id: the way to the effect keeps first
	// what was written in it. Empty on a page without one.
	Form string
}

func (s *Server) draftPage(e editing, f *setupForm) setupDraftPage {
	d := setupDraftPage{Kept: e.kept, Faults: len(f.faults), Outdated: e.outdated(), Mark: office.Mark(e.Setup)}
	if e.kept {
		d.Changes = len(change.Between(e.compared(), e.Setup))
	}
	d.ToMend = faultsToMend(f)
	_, d.Earlier = s.aside(e)
	l := s.look()
	l.Tongue = f.tongue
	d.Planned, d.Early = s.plannedLines(l), s.planMisses(l).Early
	return d
}

// A setupOverview is the first page of the set-up.
type setupOverview struct {
	Draft    setupDraftPage
	Sections []setupPart
	First    bool // there is no office yet
	Steps    []WalkStep
}

// A setupPart is a section in the overview.
type setupPart struct {
	titledSection
	Faults int
	Count  int // of its things
	Facts  []string
}

func (s *Server) getSetup(w http.ResponseWriter, r *http.Request) {
	e := s.editing(s.visitor(r))
	f := newSetupForm(e.Setup, nil, s.tongueOf(r))
	v := setupOverview{Draft: s.draftPage(e, f), First: !e.state.HasSetup()}
	for _, section := range setupSections {
		part := setupPart{titledSection: f.titled(section), Faults: f.faultsOf(section.Path)}
		if section.List {
			items := f.items(section)
			part.Count = len(items)
			for _, i := range items {
				part.Facts = append(part.Facts, i.Name)
			}
		}
		v.Sections = append(v.Sections, part)
	}
	if v.First && s.cfg.Walk != nil {
		v.Steps = s.walkSteps(e)
	}
	p := s.page(r, "setup").flash(r)
	p.View = v
	s.render(w, r, p)
}

// A setupItem is a thing of a list, as the list shows it.
type setupItem struct {
	Path   string
	Number int
	Name   string
	Facts  []string
	Faults int
}

// items are the things of a section that is a list.
func (f *setupForm) items(section setupSection) (all []setupItem) {
	add := func(name string, facts ...string) {
		n := len(all) + 1
		path := fmt.Sprintf("%s[%d]", section.Path, n)
		all = append(all, setupItem{path, n, name, facts, f.faultsOf(path)})
	}
	s := f.setup
	switch section.Path {
	case "series":
		for _, x := range s.Series {
			add(f.tongue.SeriesName(x))
		}
	case "service":
		for _, x := range s.Services {
			series := ""
			if i := slices.IndexFunc(s.Series, func(r queue.Series) bool { return r.ID == x.Series }); i >= 0 {
				series = s.Series[i].Letters
			}
			add(x.Name, f.tongue.ServiceFacts(x, series)...)
		}
	case "desk":
		for _, x := range s.Desks {
			add(f.tongue.DeskName(x.Label), f.tongue.DeskFacts(x, s)...)
		}
	case "outlet":
		for _, x := range s.Outlets {
			add(x.Name, f.tongue.OutletFacts(x)...)
		}
	}
	return all
}

// getSlip is the picture of a ticket as the draft would have it printed.
func (s *Server) getSlip(w http.ResponseWriter, r *http.Request) {
	e := s.editing(s.visitor(r))
	service, png := strings.CutSuffix(r.PathValue("service"), ".png")
	known := slices.ContainsFunc(e.Setup.Services, func(x queue.Service) bool { return string(x.ID) == service })
	if s.cfg.Slip == nil || !png || !known {
		s.refuse(w, r, errNoPage)
		return
	}
	l := s.lookAt(e.state)
	picture, err := s.cfg.Slip(e.Setup, queue.ServiceID(service), timeOf(l, e.state.OfficeTime(l.Now)))
	if err != nil {
		s.log.Debug("a ticket cannot be drawn", "service", service, "err", err)
		s.refuse(w, r, errNoPage)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(picture)
}

// A setupSectionPage is a section, or one thing of it, to be edited.
type setupSectionPage struct {
	Draft   setupDraftPage
	Section titledSection
	Items   []setupItem // of a list
	Add     string
	Group   setupGroup // the form
	Item    int        // of the list; 0 is the section itself
	Name    string     // of the thing
	Refused bool       // something that was written cannot be read
	Slip    bool       // there is a picture of the ticket
	QR      bool       // tickets have a QR code
	Choices []words.Choice
}

func findSection(name string) (setupSection, bool) {
	i := slices.IndexFunc(setupSections, func(x setupSection) bool { return x.Name == name })
	if i < 0 {
		return setupSection{}, false
	}
	return setupSections[i], true
}

// at is what an address of the set-up is about.
func (f *setupForm) at(r *http.Request) (section setupSection, item int, err error) {
	section, ok := findSection(r.PathValue("section"))
	number := r.PathValue("item")
	if !ok || (number != "") && !section.List {
		return section, 0, errNoPage
	}
	if number != "" {
		if item, err = strconv.Atoi(number); err != nil || item < 1 || item > len(f.items(section)) {
			return section, 0, errNoPage
		}
	}
	return section, item, nil
}

func (s *Server) getSetupSection(w http.ResponseWriter, r *http.Request) {
	s.showSection(w, r, nil)
}

// showSection is the page of a section or of a thing in it. What was refused stands
// in its field, as it was typed.
func (s *Server) showSection(w http.ResponseWriter, r *http.Request, refused map[string]string) {
	e := s.editing(s.visitor(r))
	f := newSetupForm(e.Setup, refused, s.tongueOf(r))
	section, item, err := f.at(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	v := setupSectionPage{Draft: s.draftPage(e, f), Section: f.titled(section), Item: item, Add: f.tongue.SetupAdd(section.Path)}
	switch {
	case item > 0:
		v.Group = f.group(fmt.Sprintf("%s[%d]", section.Path, item))
		v.Name = f.tongue.SetupThing(section.Path, f.items(section)[item-1].Name)
		if section.Path == "desk" {
			v.Name = f.items(section)[item-1].Name // it says what it is
		}
	case section.List:
		v.Items = f.items(section)
	default:
		v.Group = f.group(section.Path)
	}
	v.Draft.Form, v.Refused = "draft-form", len(refused) > 0
	v.Slip, v.QR = s.cfg.Slip != nil && section.Path == "slip", s.cfg.Phones != ""
	v.Choices = f.services()
	p := s.page(r, "setup-section").flash(r)
	p.View = v
	if v.Refused {
		p.status = http.StatusUnprocessableEntity
		p.Flash, p.Failed = f.tongue.SetupNotRead(len(refused)), true
	}
	s.render(w, r, p)
}

// postSetupSection writes a form into the draft, and then does what its button
// says: add, remove or move something.
func (s *Server) postSetupSection(w http.ResponseWriter, r *http.Request, e editing, posted fields) {
	f := newSetupForm(e.Setup, nil, s.tongueOf(r))
	section, item, err := f.at(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if posted["mark"] != office.Mark(e.Setup) {
		s.back(w, r, r.URL.Path, url.Values{"rifiuto": {"1"}}, "draft-changed", nil)
		return
	}
	d := office.Edit(e.Setup)
	refused := map[string]string{}
	if posted["fields"] != "" {
		refused = f.write(d, posted)
	}
	to, code, err := formAct(d, section, item, posted, r.URL.Path)
	if err != nil {
		s.refuse(w, r, fmt.Errorf("%w: %w", errBadBody, err))
		return
	}
	if err := s.keep(e, d.Setup()); err != nil {
		s.backFrom(w, r, to, err)
		return
	}
	if len(refused) > 0 {
		s.showSection(w, r, refused)
		return
	}
	// What was kept and cannot stay so is said, and its field has the focus.
	at := ""
	if to == r.URL.Path && code == "draft-kept" {
		own := section.Path
		if item > 0 {
			own = fmt.Sprintf("%s[%d]", section.Path, item)
		}
		for _, x := range office.Faults(d.Setup()) {
			if x.Path == own || strings.HasPrefix(x.Path, own+".") || strings.HasPrefix(x.Path, own+"[") {
				code = "draft-to-mend"
				if strings.HasPrefix(posted["action"], "add:") { // nobody has written anything wrong yet
					code = "draft-added"
				}
				at = newSetupForm(d.Setup(), nil, f.tongue).anchor(section, x.Path)
				break
			}
		}
	}
	http.Redirect(w, r, to+"?esito="+code+at, http.StatusSeeOther)
}

// backFrom goes back to a page with the sentence of a refusal.
func (s *Server) backFrom(w http.ResponseWriter, r *http.Request, to string, err error) {
	s.backKeeping(w, r, to, url.Values{}, err)
}

// backKeeping is backFrom with what is kept of what was written.
func (s *Server) backKeeping(w http.ResponseWriter, r *http.Request, to string, kept url.Values, err error) {
	status, code := s.explain(err)
	if status == http.StatusInternalServerError {
		s.refuse(w, r, err)
		return
	}
	kept.Set("rifiuto", "1")
	s.back(w, r, to, kept, code, nil)
}

// formAct does what the button of a form says beside keeping what was written (add,
// remove or move something, or go on to the effect), and answers where to go on.
func formAct(d *office.Draft, section setupSection, item int, posted fields, here string) (to, code string, err error) {
	action, path, _ := strings.Cut(posted["action"], ":")
	to, code = here, "draft-kept"
	switch action {
	case "keep":
	case "effect":
		// On the page of a list, what may have been written is the name of a new thing.
		if name := strings.TrimSpace(posted["name"]); section.List && item == 0 && name != "" {
			if _, err := addTo(d, section.Path, name); err != nil {
				return "", "", err
			}
		}
		to = setupHome + "/effetto"
	case "add":
		n, err := addTo(d, path, posted["name"])
		if err != nil {
			return "", "", err
		}
		if path == section.Path {
			to = fmt.Sprintf("%s/%s/%d", setupHome, section.Name, n)
		}
	case "remove":
		if err := d.Remove(path); err != nil {
			return "", "", err
		}
		code = "draft-removed"
		if item > 0 && path == fmt.Sprintf("%s[%d]", section.Path, item) {
			to = setupHome + "/" + section.Name
		}
	case "up":
		err = d.Move(path, -1)
	case "down":
		err = d.Move(path, 1)
	default:
		err = fmt.Errorf("no action %q", action)
	}
	return to, code, err
}

// named is the value that a thing of a list is called by.
var named = map[string]string{"service": "name", "desk": "label", "outlet": "name", "series": "letters"}

// addTo adds a thing to a list of a draft, with what it usually has, and answers its
// place from 1.
func addTo(d *office.Draft, list, name string) (n int, err error) {
	if n, err = d.Add(list, name); err != nil || named[list] == "" {
		return n, err
	}
	begin(d, list, n)
	return n, d.Set(fmt.Sprintf("%s[%d].%s", list, n, named[list]), strings.TrimSpace(name))
}

// begin gives a new thing what it usually has, so that it has few faults.
func begin(d *office.Draft, list string, n int) {
	setup := d.Setup()
	set := func(key, text string) { _ = d.Set(fmt.Sprintf("%s[%d].%s", list, n, key), text) }
	switch list {
	case "service":
		set("standard", "15m")
		set("share", "90%")
		if len(setup.Series) > 0 {
			set("series", string(setup.Series[0].ID))
		}
	case "outlet":
		set("printer", "true")
	}
}
