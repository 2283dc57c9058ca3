package display

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
)

// A Walk is what hangs on the box, on the way to its first office and afterwards, and
// what of it was tried. Its methods may be called from any goroutine.
type Walk interface {
	// Wired are the printers, buttons, keypads and panels of the box's settings.
	Wired() []Wired
	// Tried is what was tried, each thing once. Lost tells that what was kept
	// cannot be read, so that it is begun anew.
	Tried() (all []Tried, lost bool)
	// Try keeps the outcome of a trial in the place of an earlier one of the same
	// thing, and answers when it is on disk.
	Try(t Tried) error
	// Changed is closed when there is something else to show: a press, say.
	Changed() <-chan struct{}

	// Search looks for devices that no setting names, for some minutes, or goes on looking.
	// Until an office is in force they are looked for without it.
	Search()
	// SearchEnds is when that ends, in office time in ms since 1970 UTC; 0 while nobody
	// searches.
	SearchEnds() int64
	// Heard are the last presses, the newest first, at most 16.
	Heard() []Heard
	// Found are the devices that no setting names: buttons and keypads that were
	// pressed, serial ports, each as one for a printer and as one for a panel, and places
	// that cannot be used.
	Found() []Wired
	// Models are the names of what a kind of device can be: profiles of printers,
	// keymaps of keypads.
	Models(kind ThingKind) []string
	// Show has a panel show a number: one of the settings its own, which is among its
	// Signs; on a port that no setting names a number for each kind of panel, at an
	// address. The error Is ErrNoPanel when there is no such panel or port.
	Show(panel Thing, address int) error
	// Seek looks for a printer on a port that no setting names, at the usual speeds, and
	// answers at once: Sought of Found says how it goes. The error Is ErrNoPort when there
	// is no such port.
	Seek(port Thing) error
	// Name gives a device that was found, or one of the settings, a meaning in the
	// settings' file, and has the box start again with it, soon after it has answered.
	// Written is false where the box may not write that file: then Lines has what a
	// person puts there. The error Is ErrUnfound when there is no such device, ErrNaming
	// when there cannot be such a setting.
	Name(n Naming) (written bool, err error)
	// Lines are what a person still has to put into the settings' file.
	Lines() (file, lines string)
	// Begun tells that the box is about to start again with other settings.
	Begun() bool
	// Shown tells that the page which waits for that is in the browser.
	Shown()
	// Chip is a chip that the settings name by hand and that is none of a known board's;
	// empty without one. Its lines are listened to once a person has agreed: see Agreed.
	Chip() string
}

// A Heard is a press.
type Heard struct {
	Thing
	Key   string `json:"key,omitempty"` // of a keypad, as words.Tongue.Key has it
	At    int64  `json:"at"`            // office time in ms since 1970 UTC
	Wired bool   `json:"wired"`         // the settings name it
}

// A Naming is the meaning of a device: of a button a service, a class and where the
// number comes out; of a keypad a desk and its keymap; of a printer on a port its
// profile and the outlet; of a panel the desk whose calls it shows, or none for all,
// and on a port its frame and its address.
type Naming struct {
	Thing
	Service queue.ServiceID
	Class   queue.Class
	Outlet  queue.OutletID
	Desk    queue.DeskID
	Model   string
	Address int // of a panel, on its line
	Baud    int // of a printer, in bit/s; 0: the profile's
	// Printer is a printer of the settings that is put at the outlet of a button with it;
	// empty where one is there already.
	Printer string
	// Instead is a printer of the settings whose place one that was found takes: it goes out
	// of them at once. It is empty where that has an outlet of its own.
	Instead string
	// Gone tells that a device of the settings is taken out of them, whatever else is said.
	Gone bool
}

// ErrNaming: the settings would be refused with that.
var ErrNaming = errors.New("the settings would be refused")

// ErrNoPanel: no panel has that name, or its port is not there or cannot be used.
var ErrNoPanel = errors.New("no such panel")

// ErrNoPort: no serial port that is free has that name.
var ErrNoPort = errors.New("no such serial port")

// errWalkOver: that is asked for on the way to a first office alone.
var errWalkOver = errors.New("an office is in force")

// A ThingKind is a kind of thing that the walk goes past.
type ThingKind string

// The kinds of things. A whole step is one too, since it may be left out.
const (
	PrinterThing ThingKind = "printer"
	ButtonThing  ThingKind = "button"
	KeypadThing  ThingKind = "keypad"
	PanelThing   ThingKind = "panel"
	StepThing    ThingKind = "step"
	ChipThing    ThingKind = "chip"
	PortThing    ThingKind = "port" // a serial port that cannot be used
)

// A Thing names something that the walk goes past.
type Thing struct {
	Kind ThingKind `json:"kind" enum:"printer,button,keypad,panel,step,chip,port"`
	// Name is that of the settings, or of the step; of a device that no setting names
	// it is the line, the path or the port.
	Name string `json:"name" example:"anagrafe" doc:"As the settings name it; of a device that they do not name: its line, its path or its port"`
}

// Anchor names the thing's part of a page: what a person has chosen there stays with it
// when others come before it.
func (t Thing) Anchor() string { return string(t.Kind) + "-" + url.QueryEscape(t.Name) }

// A Wired is a device that hangs on the box.
type Wired struct {
	Thing
	Place string `json:"place"` // where it hangs: a port, a line of the board, a path
	// Meaning is the outlet of a printer, the service of a button or the desk of a
	// keypad or panel, by their ids; empty for what was found.
	Meaning string `json:"meaning,omitempty"`
	Outlet  string `json:"outlet,omitempty" doc:"Of a button of the settings: where its number comes out"`
	Class   string `json:"class,omitempty" doc:"Of a button of the settings: priority; left out, for everybody"`
	Model   string `json:"model,omitempty" doc:"Of the settings: the profile of a printer, the keymap of a keypad, the frame of a panel"`
	// Hindrance is why its place cannot be used; empty while it can.
	Hindrance string `json:"hindrance,omitempty" enum:"gone,other,console,taken,denied,unread"`
	Holder    string `json:"holder,omitempty" doc:"The program that has the place, or the port that the console writes on"`
	Command   string `json:"command,omitempty" doc:"What a technician runs on the box to free it"`
	// Signs are the numbers that a panel is made to show; of a port that no setting names
	// those that it was sent, by kind of panel, at Address.
	Signs   []PanelSign `json:"signs,omitempty"`
	Address int         `json:"address,omitempty" doc:"Of a panel: its address on its line; left out, 0"`
	// How a search for a printer on a port goes: empty before one.
	Sought string `json:"sought,omitempty" enum:"seeking,found,silent"`
	Speeds []int  `json:"speeds,omitempty" doc:"The speeds at which a printer was asked, in bit/s"`
	Baud   int    `json:"baud,omitempty" doc:"The speed at which it answers, in bit/s; of the settings the one that they say"`
}

// How a search for a printer goes.
const (
	Seeking    = "seeking"
	SeekFound  = "found"
	SeekSilent = "silent" // no printer answers; one that never does may be there
)

// A PanelSign is a number that tells one panel, or one kind of panels, from others.
type PanelSign struct {
	Model string `json:"model,omitempty" doc:"The kind of panel, by the name of its frame"`
	Text  string `json:"text" doc:"What it shows"`
}

// Why a place cannot be used.
const (
	PlaceGone    = "gone"    // there is nothing
	PlaceOther   = "other"   // it is something else than the settings say
	PlaceConsole = "console" // the system's console writes on it
	PlaceTaken   = "taken"   // another program has it
	PlaceDenied  = "denied"  // this program may not open it
	PlaceUnread  = "unread"  // what comes from it is of no device that is known
)

// A TrialOutcome is what became of a trial.
type TrialOutcome string

// The outcomes of trials. What a printer says is not enough: a person looks at the
// paper.
const (
	TrialPrinted TrialOutcome = "printed"  // the printer says so
	TrialUnknown TrialOutcome = "unknown"  // the printer does not say
	TrialFailed  TrialOutcome = "failed"   // the printer says that it is not
	TrialCameOut TrialOutcome = "came-out" // a person says so
	TrialNotOut  TrialOutcome = "not-out"  // a person says that it did not
	TrialPressed TrialOutcome = "pressed"
	StepLeft     TrialOutcome = "left"   // a person says that there is nothing to try
	LinesAgreed  TrialOutcome = "agreed" // a person lets a chip's lines be listened to
)

// A Tried is what became of the last trial of a thing.
type Tried struct {
	Thing
	Outcome TrialOutcome `json:"outcome"`
	At      int64        `json:"at"`            // office time in ms since 1970 UTC
	Who     string       `json:"who,omitempty"` // the id of the person; empty for a press
}

// walkHome is the address of the page where the devices are tried.
const walkHome = setupHome + "/prove"

// A WalkStep is one step of the way to a first office.
type WalkStep struct {
	Name     string `json:"name" doc:"office, procedures, printers, buttons, keypads, panels, boards or force"`
	Done     bool   `json:"done"`
	Left     bool   `json:"left" doc:"A person says that it is not needed here"`
	Here     bool   `json:"here" doc:"The first that is not done"`
	Count    int    `json:"count" doc:"How many of its things are done"`
	Of       int    `json:"of" doc:"How many things it has"`
	Leavable bool   `json:"leavable" doc:"It may be left out"`
	Link     string `json:"link" doc:"Where a person does it"`
	// Lacks are what the office cannot do without and the draft has nothing of.
	Lacks []string `json:"lacks,omitempty" doc:"What the draft has nothing of: services, desks, outlets or hours"`
}

// Unable tells whether something does not work without the step as it is now.
func (w WalkStep) Unable() bool {
	return w.Name != "office" && w.Name != "force" && w.Name != topicsStepName && (w.Left || !w.Done)
}

// A triedThing is a device of the settings and what became of its trial.
type triedThing struct {
	Wired
	Tried Tried     `json:"tried,omitzero" doc:"Left out until it was tried"`
	Who   string    `json:"who,omitempty" doc:"The name of who tried it; left out of a press"`
	At    time.Time `json:"at,omitzero" doc:"When; left out until it was tried"`
}

// Asks tells that a person has to say whether the paper came out.
func (t triedThing) Asks() bool {
	return t.Tried.Outcome == TrialPrinted || t.Tried.Outcome == TrialUnknown
}

// Sign is the number of a panel.
func (t triedThing) Sign() string {
	if len(t.Signs) == 0 {
		return ""
	}
	return t.Signs[0].Text
}

// Done tells that nothing is to be tried any more.
func (t triedThing) Done() bool {
	return t.Tried.Outcome == TrialCameOut || t.Tried.Outcome == TrialPressed
}

// A walkPage is the page where the devices are tried.
type walkPage struct {
	Lost  bool        `json:"lost"`
	Steps []walkGroup `json:"steps"`
	Heard []heardAt   `json:"heard"`
	Begun bool        `json:"begun"`
	// After tells that an office is in force: its steps are over, and what no setting names
	// is found while a person searches.
	After bool `json:"after" doc:"An office is in force: what the settings do not name is found while a search goes on"`
	// SearchEnds is when the search that goes on ends.
	SearchEnds time.Time `json:"search-ends,omitzero" doc:"When the search for new devices ends; left out while nobody searches"`
	// Hindered are the places that no setting names and that cannot be used.
	Hindered []Wired `json:"hindered"`
	// Chip has lines that are not listened to before a person agrees.
	Chip string `json:"chip,omitempty"`
	// File and Lines are what a person has to put where.
	File  string `json:"file,omitempty"`
	Lines string `json:"lines,omitempty"`
	// What a meaning may be, of the draft.
	Services []queue.Service `json:"-"`
	Desks    []queue.Desk    `json:"-"`
	Outlets  []queue.Outlet  `json:"-"` // of the office, all
	Printing []queue.Outlet  `json:"-"` // those that print and have no printer
	printers []Wired         // of the settings
}

// A heardAt is a press and when it was.
type heardAt struct {
	Heard
	When time.Time `json:"when"`
}

// A walkGroup is a step of the walk with its devices.
type walkGroup struct {
	WalkStep
	Kind   ThingKind    `json:"kind"`
	Things []triedThing `json:"things"`
	Found  []Wired      `json:"found"`
	Models []string     `json:"models"`
}

// toldKinds are the kinds of keypads and printers that have words; those that a box's
// own settings add have none.
var toldKinds = []string{"numeric", "full", "one-key", "generic-80-process-id", "generic-80", "generic-58", "custom-vkp80", "custom-tg2480", "custom-kpm", "raw"}

// Explained tells whether a kind has words.
func (walkGroup) Explained(model string) bool { return slices.Contains(toldKinds, model) }

// Bauds are the speeds that a printer may have.
func (walkGroup) Bauds() []int { return printerSpeeds }

// walkKinds are the steps that try devices, in their order.
var walkKinds = []walkKind{{"printers", PrinterThing}, {"buttons", ButtonThing}, {"keypads", KeypadThing}, {"panels", PanelThing}}

type walkKind struct {
	step string
	kind ThingKind
}

// walk is the page of the trials as it is now.
func (s *Server) walk() walkPage {
	tried, lost := s.cfg.Walk.Tried()
	v := walkPage{Lost: lost, Begun: s.cfg.Walk.Begun(), After: s.inForce(), SearchEnds: s.searchEnds()}
	v.File, v.Lines = s.cfg.Walk.Lines()
	if chip := s.cfg.Walk.Chip(); !Agreed(tried, chip) {
		v.Chip = chip
	}
	for _, h := range s.cfg.Walk.Heard() {
		v.Heard = append(v.Heard, heardAt{h, time.UnixMilli(h.At)})
	}
	wired, found := s.cfg.Walk.Wired(), s.cfg.Walk.Found()
	for _, w := range found {
		if w.Hindrance != "" {
			v.Hindered = append(v.Hindered, w)
		}
	}
	s.choices(&v, wired)
	for _, k := range walkKinds {
		g := walkGroup{Kind: k.kind, Models: s.cfg.Walk.Models(k.kind), WalkStep: WalkStep{Name: k.step, Left: left(tried, k.step), Leavable: true, Link: walkHome + "#" + k.step}}
		for _, w := range wired {
			if w.Kind != k.kind {
				continue
			}
			t := triedThing{Wired: w}
			if i := slices.IndexFunc(tried, func(x Tried) bool { return x.Thing == w.Thing }); i >= 0 {
				t.Tried, t.Who, t.At = tried[i], s.nameOf(tried[i].Who), time.UnixMilli(tried[i].At)
			}
			if t.Done() {
				g.Count++
			}
			g.Things = append(g.Things, t)
		}
		for _, w := range found {
			if w.Kind == k.kind && w.Hindrance == "" {
				g.Found = append(g.Found, w)
			}
		}
		g.Of = len(g.Things)
		g.Done = g.Left || g.Of > 0 && g.Count == g.Of
		v.Steps = append(v.Steps, g)
	}
	return v
}

// lacking is what an office cannot do without and a draft has nothing of.
func lacking(draft queue.Setup) (all []string) {
	minutes, err := calendar.WeeklyMinutes(draft)
	for _, x := range []struct {
		what  string
		lacks bool
	}{
		{"services", len(draft.Services) == 0}, {"desks", len(draft.Desks) == 0},
		{"outlets", len(draft.Outlets) == 0}, {"hours", err == nil && minutes == 0},
	} {
		if x.lacks {
			all = append(all, x.what)
		}
	}
	return all
}

// left tells that a person has left a step out.
func left(tried []Tried, step string) bool { return became(tried, Thing{StepThing, step}, StepLeft) }

// Agreed tells that a person lets the lines of a chip be listened to.
func Agreed(tried []Tried, chip string) bool {
	return became(tried, Thing{ChipThing, chip}, LinesAgreed)
}

// became tells what became of a thing.
func became(tried []Tried, thing Thing, outcome TrialOutcome) bool {
	return slices.ContainsFunc(tried, func(t Tried) bool { return t.Thing == thing && t.Outcome == outcome })
}

// walkSteps are all steps to the first office that a draft is.
func (s *Server) walkSteps(e editing) []WalkStep {
	faults := len(office.Faults(e.Setup))
	first := WalkStep{Name: "office", Link: "#parti"}
	if e.kept {
		first.Lacks = lacking(e.Setup)
		first.Done = faults == 0 && len(first.Lacks) == 0
	}
	steps := []WalkStep{first}
	if step, ok := s.topicsStep(); ok {
		steps = append(steps, step)
	}
	for _, g := range s.walk().Steps {
		steps = append(steps, g.WalkStep)
	}
	if s.cfg.Administration != nil {
		tried, _ := s.cfg.Walk.Tried()
		boards := WalkStep{Name: "boards", Left: left(tried, "boards"), Leavable: true, Link: "/schermi"}
		for _, screen := range s.cfg.Administration.Screens() {
			if screen.Role == access.Board {
				boards.Count++
			}
		}
		boards.Of = boards.Count
		boards.Done = boards.Left || boards.Count > 0
		steps = append(steps, boards)
	}
	steps = append(steps, WalkStep{Name: "force", Link: setupHome + "/effetto"})
	if i := slices.IndexFunc(steps, func(x WalkStep) bool { return !x.Done }); i >= 0 {
		steps[i].Here = true
	}
	return steps
}

// Until an office is in force the trials are its steps; then they are beside the wiring.
func (s *Server) getWalk(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	p := s.pageAt(l, "walk").flash(r)
	v := s.walk()
	p.View, p.Topic, p.Refresh, p.Again = v, topic{page: "walk"}.in(l.Tongue).address(), unaidedRefresh, walkHome
	if v.Begun {
		// It comes anew by its script once the box answers again.
		p.Refresh = stoppedSeconds
	}
	s.render(w, r, p)
	if v.Begun {
		s.cfg.Walk.Shown()
	}
}

func (s *Server) postWalk(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	to, extra := walkHome, url.Values{}
	if f["from"] == setupHome {
		to = setupHome
	}
	code, err := s.walkAct(r, f["action"], f)
	if err != nil {
		if !s.tellForm(w, r, s.getWalk, nil, err) {
			s.backFrom(w, r, to, err)
		}
		return
	}
	if code == "trial-failed" {
		extra.Set("rifiuto", "1")
	}
	s.back(w, r, to, extra, code, nil)
}

// walkAct tries something or notes what a person says of it, for a page or a program,
// and answers the code of what was done. What is refused since there is no device of that
// name is told at the name.
func (s *Server) walkAct(r *http.Request, action string, f fields) (code string, err error) {
	if s.inForce() && s.overAct(action, f) {
		return "", errWalkOver
	}
	code, err = s.walkDo(r, action, f)
	switch {
	case errors.Is(err, ErrUnfound):
		err = s.unfound(err, ThingKind(f["kind"]), f["name"])
	case errors.Is(err, ErrNoPanel):
		err = s.unfound(err, PanelThing, f["name"])
	case errors.Is(err, ErrNoPort):
		err = s.unfound(err, PrinterThing, f["name"])
	}
	return code, err
}

func (s *Server) walkDo(r *http.Request, action string, f fields) (code string, err error) {
	note := func(t Thing, outcome TrialOutcome) error {
		state, _ := s.cfg.Engine.Watch()
		return s.cfg.Walk.Try(Tried{Thing: t, Outcome: outcome, At: state.OfficeTime(s.cfg.Engine.Now()), Who: s.visitor(r).ID})
	}
	switch action {
	case "trial":
		printer, err := s.wiredPrinter(f["name"])
		if err != nil {
			return "", err
		}
		if code, err = s.deviceAct(r.Context(), "trial", fields{"outlet": printer.Meaning}); err != nil {
			return "", err
		}
		outcomes := map[string]TrialOutcome{"trial-printed": TrialPrinted, "trial-failed": TrialFailed, "trial-unknown": TrialUnknown}
		return code, note(printer.Thing, outcomes[code])
	case "came-out", "not-out":
		thing, err := s.triedByEye(f)
		if err != nil {
			return "", err
		}
		return "walk-kept", note(thing, TrialOutcome(action))
	case "show":
		address, err := addressIn(f)
		if err != nil {
			return "", err
		}
		panel := Thing{PanelThing, f["name"]}
		if err := s.cfg.Walk.Show(panel, address); err != nil {
			return "", err
		}
		if _, err := s.wiredOf(PanelThing, f["name"]); err != nil {
			return "walk-shown", nil // on a port that no setting names
		}
		return "walk-shown", note(panel, TrialUnknown)
	case "search":
		s.cfg.Walk.Search()
		return "walk-searching", nil
	case "seek":
		return "walk-seeking", s.cfg.Walk.Seek(Thing{PrinterThing, f["name"]})
	case "leave":
		if step := f["name"]; step != "boards" && step != topicsStepName && !slices.ContainsFunc(walkKinds, func(k walkKind) bool { return k.step == step }) {
			return "", fmt.Errorf("%w: no step %q can be left out", errBadBody, step)
		}
		return "walk-kept", note(Thing{StepThing, f["name"]}, StepLeft)
	case "listen":
		chip := s.cfg.Walk.Chip()
		if chip == "" {
			return "", fmt.Errorf("%w: the settings name no chip by hand", errBadBody)
		}
		return "walk-listening", note(Thing{ChipThing, chip}, LinesAgreed)
	case "name":
		naming, err := s.namingOf(f)
		if err == nil {
			err = s.ofAKind(naming)
		}
		if err == nil {
			err = s.placed(&naming)
		}
		if err != nil {
			return "", err
		}
		before := s.cfg.Walk.Wired()
		written, err := s.cfg.Walk.Name(naming)
		if err != nil {
			s.log.Warn("a device gets no meaning", "device", f["name"], "err", err)
			return "", err
		}
		if !written {
			return "walk-lines", nil // nothing is others yet
		}
		s.noteWiring(r, naming, before)
		return "walk-written", nil
	case "remove":
		return s.removeDevice(r, Thing{ThingKind(f["kind"]), f["name"]})
	}
	return "", fmt.Errorf("%w: no action %q on the way to an office", errBadBody, action)
}

// wiredOf is a device of the settings by its kind and name.
func (s *Server) wiredOf(kind ThingKind, name string) (Wired, error) {
	wired := s.cfg.Walk.Wired()
	i := slices.IndexFunc(wired, func(w Wired) bool { return w.Thing == Thing{kind, name} })
	if i < 0 {
		wired = slices.DeleteFunc(slices.Clone(wired), func(w Wired) bool { return w.Kind != kind })
		return Wired{}, amongIDs("name", name, wired, func(w Wired) string { return w.Name })
	}
	return wired[i], nil
}

// wiredPrinter is a printer of the settings that can be tried.
func (s *Server) wiredPrinter(name string) (Wired, error) {
	if s.cfg.Trial == nil {
		return Wired{}, fmt.Errorf("%w: nothing prints here", errBadBody)
	}
	return s.wiredOf(PrinterThing, name)
}

// triedByEye is what a form says of which a person has seen whether it works: a
// printer, unless it says that it is a panel.
func (s *Server) triedByEye(f fields) (Thing, error) {
	kind := PrinterThing
	if ThingKind(f["kind"]) == PanelThing {
		kind = PanelThing
	}
	w, err := s.wiredOf(kind, f["name"])
	return w.Thing, err
}
