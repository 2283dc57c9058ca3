package display

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/office"
)

// A Walk is the way of a box to its first office: what hangs on the box, and what
// of it was tried. Its methods may be called from any goroutine.
type Walk interface {
	// Wired are the printers, buttons and keypads of the box's settings.
	Wired() []Wired
	// Tried is what was tried, each thing once. Lost tells that what was kept
	// cannot be read, so that it is begun anew.
	Tried() (all []Tried, lost bool)
	// Try keeps the outcome of a trial in the place of an earlier one of the same
	// thing, and answers when it is on disk.
	Try(t Tried) error
	// Changed is closed when there is something else to show: a press, say.
	Changed() <-chan struct{}
}

// A ThingKind is a kind of thing that the walk goes past.
type ThingKind string

// The kinds of things. A whole step is one too, since it may be left out.
const (
	PrinterThing ThingKind = "printer"
	ButtonThing  ThingKind = "button"
	KeypadThing  ThingKind = "keypad"
	StepThing    ThingKind = "step"
)

// A Thing names something that the walk goes past.
type Thing struct {
	Kind ThingKind `json:"kind"`
	Name string    `json:"name"` // in the settings, or of the step
}

// A Wired is a device of the box's settings.
type Wired struct {
	Thing
	Place  string         `json:"place"`            // where it hangs: a port, a line of the board, a path
	Outlet queue.OutletID `json:"outlet,omitempty"` // of a printer
}

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
	StepLeft     TrialOutcome = "left" // a person says that there is nothing to try
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

// A walkStep is one step of the way to a first office.
type walkStep struct {
	Name     string `json:"name"` // office, printers, buttons, keypads, boards or force
	Done     bool   `json:"done"`
	Left     bool   `json:"left"`  // a person says that it is not needed here
	Here     bool   `json:"here"`  // the first that is not done
	Count    int    `json:"count"` // of the things of the step that are done
	Of       int    `json:"of"`
	Leavable bool   `json:"leavable"`
	Link     string `json:"link"`
}

// A triedThing is a device of the settings and what became of its trial.
type triedThing struct {
	Wired
	Tried Tried     `json:"tried"`
	Who   string    `json:"who"` // the person's name
	At    time.Time `json:"at"`
}

// Asks tells that a person has to say whether the paper came out.
func (t triedThing) Asks() bool {
	return t.Tried.Outcome == TrialPrinted || t.Tried.Outcome == TrialUnknown
}

// Done tells that nothing is to be tried any more.
func (t triedThing) Done() bool {
	return t.Tried.Outcome == TrialCameOut || t.Tried.Outcome == TrialPressed
}

// A walkPage is the page where the devices are tried.
type walkPage struct {
	Lost  bool        `json:"lost"`
	Steps []walkGroup `json:"steps"`
}

// A walkGroup is a step of the walk with its devices.
type walkGroup struct {
	walkStep
	Things []triedThing `json:"things"`
}

// walkKinds are the steps that try devices, in their order.
var walkKinds = []walkKind{{"printers", PrinterThing}, {"buttons", ButtonThing}, {"keypads", KeypadThing}}

type walkKind struct {
	step string
	kind ThingKind
}

// walk is the page of the trials as it is now.
func (s *Server) walk() walkPage {
	tried, lost := s.cfg.Walk.Tried()
	v := walkPage{Lost: lost}
	wired := s.cfg.Walk.Wired()
	for _, k := range walkKinds {
		g := walkGroup{walkStep: walkStep{Name: k.step, Left: left(tried, k.step), Leavable: true, Link: walkHome + "#" + k.step}}
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
		g.Of = len(g.Things)
		g.Done = g.Left || g.Of > 0 && g.Count == g.Of
		v.Steps = append(v.Steps, g)
	}
	return v
}

// left tells that a person has left a step out.
func left(tried []Tried, step string) bool {
	return slices.ContainsFunc(tried, func(t Tried) bool { return t.Thing == Thing{StepThing, step} && t.Outcome == StepLeft })
}

// walkSteps are all steps to the first office that a draft is.
func (s *Server) walkSteps(e editing) []walkStep {
	faults := len(office.Faults(e.Setup))
	steps := []walkStep{{Name: "office", Done: e.kept && faults == 0, Link: "#parti"}}
	for _, g := range s.walk().Steps {
		steps = append(steps, g.walkStep)
	}
	if s.cfg.Administration != nil {
		tried, _ := s.cfg.Walk.Tried()
		boards := walkStep{Name: "boards", Left: left(tried, "boards"), Leavable: true, Link: "/schermi"}
		for _, screen := range s.cfg.Administration.Screens() {
			if screen.Role == access.Board {
				boards.Count++
			}
		}
		boards.Of = boards.Count
		boards.Done = boards.Left || boards.Count > 0
		steps = append(steps, boards)
	}
	steps = append(steps, walkStep{Name: "force", Link: setupHome + "/effetto"})
	if i := slices.IndexFunc(steps, func(x walkStep) bool { return !x.Done }); i >= 0 {
		steps[i].Here = true
	}
	return steps
}

// The trials are there until an office is in force.
func (s *Server) getWalk(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	if l.State.HasSetup() {
		http.Redirect(w, r, setupHome, http.StatusSeeOther)
		return
	}
	p := s.pageAt(l, "walk").flash(r)
	p.View, p.Topic, p.Refresh, p.Again = s.walk(), topic{page: "walk"}.in(l.Tongue).address(), unaidedRefresh, walkHome
	s.render(w, r, p)
}

func (s *Server) postWalk(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if state, _ := s.cfg.Engine.Watch(); state.HasSetup() {
		http.Redirect(w, r, setupHome, http.StatusSeeOther)
		return
	}
	to, extra := walkHome, url.Values{}
	if f["da"] == setupHome {
		to = setupHome
	}
	code, err := s.walkAct(r, f)
	if err != nil {
		s.backFrom(w, r, to, err)
		return
	}
	if code == "trial-failed" {
		extra.Set("rifiuto", "1")
	}
	s.back(w, r, to, extra, code, nil)
}

// walkAct tries something or notes what a person says of it, and answers the code
// of what was done.
func (s *Server) walkAct(r *http.Request, f fields) (code string, err error) {
	note := func(t Thing, outcome TrialOutcome) error {
		state, _ := s.cfg.Engine.Watch()
		return s.cfg.Walk.Try(Tried{Thing: t, Outcome: outcome, At: state.OfficeTime(s.cfg.Engine.Now()), Who: s.visitor(r).ID})
	}
	for field, outcome := range map[string]TrialOutcome{"uscita": TrialCameOut, "non-uscita": TrialNotOut} {
		if f[field] == "" {
			continue
		}
		if _, err := s.wiredPrinter(f[field]); err != nil {
			return "", err
		}
		return "walk-kept", note(Thing{PrinterThing, f[field]}, outcome)
	}
	switch {
	case f["salta"] != "":
		if f["salta"] != "boards" && !slices.ContainsFunc(walkKinds, func(k walkKind) bool { return k.step == f["salta"] }) {
			return "", errBadBody
		}
		return "walk-kept", note(Thing{StepThing, f["salta"]}, StepLeft)
	case f["prova"] == "":
		return "", errBadBody
	}
	printer, err := s.wiredPrinter(f["prova"])
	if err != nil {
		return "", err
	}
	if code, err = s.deviceAct(r.Context(), "trial", fields{"outlet": string(printer.Outlet)}); err != nil {
		return "", err
	}
	outcomes := map[string]TrialOutcome{"trial-printed": TrialPrinted, "trial-failed": TrialFailed, "trial-unknown": TrialUnknown}
	return code, note(printer.Thing, outcomes[code])
}

// wiredPrinter is a printer of the settings by its name.
func (s *Server) wiredPrinter(name string) (Wired, error) {
	wired := s.cfg.Walk.Wired()
	i := slices.IndexFunc(wired, func(w Wired) bool { return w.Thing == Thing{PrinterThing, name} })
	if i < 0 || s.cfg.Trial == nil {
		return Wired{}, errBadBody
	}
	return wired[i], nil
}
