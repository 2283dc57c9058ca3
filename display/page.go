package display

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/display/web"
	"eliminacode/queue"
	"eliminacode/queue/procedure"
	"eliminacode/queue/words"
)

// A sheet is what a template is given of the office. It is all that the hub has,
// which renders a page once for all who watch it: nothing in it tells who looks.
type sheet struct {
	Name    string // of the template
	Build   string
	Version string // of the program, for people
	Assets  string // path before every style and script
	Vendor  bool   // Bootstrap Italia is there
	Demo    bool
	Papers  bool
	Presses bool
	Reports bool
	Trials  bool // a printer can be tried
	Setups  bool // the office can be changed
	Alerts  bool // desks past a limit can be marked
	// Procedures can be searched.
	Procedures bool
	Alarms     []words.FaultText
	// Doubt is what to do about a clock that cannot be relied on; nil when it can.
	Doubt  *clockDoubt
	Office view.Heading
	// Statement is the address of the body's accessibility statement; empty when it
	// is not said.
	Statement string
	Day       view.Day
	Clock     string // "10:31", for who has no script
	Journal   string
	Seq       uint64
	NowMs     int64
	Rate      float64
	View      any
	// Request names the next request of a form, so that a form that is sent
	// twice gives one ticket. It is empty in what the hub sends, where the script
	// names it.
	Request string

	tongue *words.Tongue
	zone   *time.Location
	// correction is what the office's clock adds to the box's, in ms.
	correction int64
	live       bool // only the body, for a page that counts its times itself
}

// A page is a sheet for the visitor who has asked for it.
type page struct {
	sheet
	Theme  string
	Flash  string // what the last post did
	Failed bool   // and that it failed
	// Manages tells that the visitor may replace the procedures.
	Manages bool

	// Refresh is after how many seconds a browser without script loads the page
	// anew; 0 is never.
	Refresh int
	// Again is the address that it loads then, for a page whose own says what
	// was just done.
	Again string

	// Topic is the address of the websocket that keeps the page fresh, without
	// the host; empty for a page that stays as it is.
	Topic string

	// Open tells that a visitor may choose a role; Roles are those there are, and
	// Role is the one that was chosen, or empty.
	Open  bool
	Roles []access.Role
	Role  access.Role

	// Misses are the changes that were planned and do not hold by their days.
	Misses planMisses

	// Move offers an operator to come to this desk.
	Move bool
	// Visitor is who is signed in; nobody in a demonstration.
	Visitor access.Visitor

	// Takes is what calls take, for the script that sends the forms; see takes.
	Takes string

	opens  func(path string) bool
	status int
}

// Body is what the body of the page is given: where the hub renders it too, the
// sheet alone, so that it cannot ask who looks and then say it to all who watch.
func (p *page) Body() any {
	if p.Topic != "" {
		return &p.sheet
	}
	return p
}

// A clockDoubt is what the staff read about a clock that cannot be relied on,
// and the correction that it has.
type clockDoubt struct {
	words.FaultText
	CorrectionMs int64
}

// Ago is how long ago something was, in figures. It is empty in what the hub
// sends, where the page counts on from the instant: the same state must make
// the same bytes.
func (p *sheet) Ago(officeMs int64) string {
	if p.live || officeMs == 0 {
		return ""
	}
	return words.Wait(p.NowMs - officeMs)
}

// Opens tells whether the visitor may open the page at a path.
func (p *page) Opens(path string) bool { return p.opens(path) }

// Wait is a length of time in figures.
func (p *sheet) Wait(ms int64) string { return words.Wait(ms) }

// Moment is an office time, to the second, on the office's wall.
func (p *sheet) Moment(officeMs int64) string {
	return p.tongue.Moment(time.UnixMilli(officeMs).In(p.zone))
}

// BoxMoment is a reading of the box's own clock as the office's clock tells it, which
// people see at the head of the same page.
func (p *sheet) BoxMoment(wallMs int64) string { return p.Moment(wallMs + p.correction) }

// pageNames are the templates; those of the staff share a layout.
var pageNames = map[string]string{
	"board": "bare", "totem": "bare", "voting": "bare", "pairing": "bare", "sign-in": "staff", "code": "staff", "own-secret": "staff", "not-tied": "staff",
	"phone": "phone", "phone-error": "phone", "waits": "phone", "about": "phone", "api": "api",
	"attendant": "staff",
	"index":     "staff", "desks": "staff", "console": "staff", "console-taken": "staff", "reception": "staff", "manager": "staff", "profiles": "staff", "devices": "staff",
	"technician": "staff", "calls": "staff", "alert": "staff", "report": "staff", "papers": "staff", "buttons": "staff", "error": "staff",
	"people": "staff", "person": "staff", "person-code": "staff", "screens": "staff", "programs": "staff", "program-token": "staff", "acts": "staff",
	"held":       "staff",
	"procedures": "staff", "topics": "staff", "blocks": "staff", "block": "staff",
	"setup": "staff", "setup-section": "staff", "setup-temporary": "staff", "setup-planned": "staff", "setup-effect": "staff", "setup-history": "staff", "setup-file": "staff", "setup-replace": "staff",
	"webhooks": "staff",
	"copies":   "staff",
	"walk":     "staff",
	"stopped":  "staff", "stopped-hall": "bare",
}

// setupParts are what the pages of the set-up have in common.
var setupParts = []string{"templates/part-setup.html"}

// parts are what the templates of some pages have in common.
var parts = map[string][]string{
	"reception":  {"templates/part-procedures.html"},
	"procedures": {"templates/part-procedures.html"},
	"attendant":  {"templates/part-procedures.html"},

	"walk": {"templates/part-walk.html", "templates/part-walk-found.html"}, "devices": {"templates/part-walk.html"}, "technician": {"templates/part-walk.html"},
	"index": {"templates/part-administration.html"},

	"setup": append([]string{"templates/part-walk.html"}, setupParts...), "setup-section": setupParts, "setup-temporary": setupParts, "setup-planned": setupParts, "setup-effect": append([]string{"templates/part-administration.html"}, setupParts...), "setup-history": setupParts, "setup-file": setupParts, "setup-replace": setupParts,
}

// A pageIn is a page in a language of the staff.
type pageIn struct {
	name     string
	language queue.Language
}

// embeddedPages are the templates, whose functions speak the page's language. Each is
// read when somebody first asks for it: at its start the box needs two or three, and
// few offices use more than two languages.
func (s *Server) embeddedPages() map[pageIn]func() (*template.Template, error) {
	all := map[pageIn]func() (*template.Template, error){}
	for _, l := range words.StaffLanguages() {
		functions := sync.OnceValues(func() (template.FuncMap, error) { return s.functions(words.In(l)) })
		for name, layout := range pageNames {
			files := append([]string{"templates/layout-" + layout + ".html", "templates/" + name + ".html"}, parts[name]...)
			all[pageIn{name, l}] = sync.OnceValues(func() (*template.Template, error) {
				f, err := functions()
				if err != nil {
					return nil, err
				}
				return template.New(name).Funcs(f).ParseFS(web.FS, files...)
			})
		}
	}
	return all
}

// functions are what templates may call beside their data.
func (s *Server) functions(tongue *words.Tongue) (template.FuncMap, error) {
	script, err := json.Marshal(tongue.Script())
	if err != nil {
		return nil, fmt.Errorf("encoding the sentences of scripts: %w", err)
	}
	dateParts, err := json.Marshal(tongue.DateParts())
	return template.FuncMap{
		"say":       tongue.Say,
		"language":  tongue.Language,
		"native":    func(l queue.Language) string { return words.In(l).Say("language.name") },
		"forWhom":   func() []view.Choice { return view.Categories(tongue) },
		"count":     tongue.Count,
		"ago":       tongue.Ago,
		"desk":      tongue.DeskName,
		"day":       tongue.Day,
		"event":     tongue.EventKind,
		"scope":     tongue.Scope,
		"lamp":      tongue.Lamp,
		"key":       tongue.Key,
		"fault":     func(code string) string { return tongue.Fault(code).What },
		"role":      func(r access.Role) string { return tongue.Role(string(r)) },
		"right":     func(r access.Right) string { return tongue.Right(string(r)) },
		"does":      func(r access.Role) string { return tongue.Say("people.role-" + string(r)) },
		"script":    func() string { return string(script) },
		"dateParts": func() string { return string(dateParts) },
		"waiting":   tongue.Waiting,
		"metres":    tongue.Metres,
		"keyboard":  keyShown,
		"flawed":    func(f procedure.Fault) string { return flawed(tongue, f) },
		"instant":   instant,
		"list":      func(texts ...string) []string { return texts },
		"length":    length,
		"minutes":   func(ms int64) int64 { return ms / 60_000 },
		"seconds":   reportTime,
		"mean":      reportMean,
		"waited":    waited,
		"share": func(share *float64) string {
			if share == nil {
				return "–"
			}
			return tongue.Percent(*share)
		},
		"row": func(printers []view.Printer, r view.TicketRow) rowPage {
			return rowPage{TicketRow: r, Printers: printers}
		},
		"rows": func(printers []view.Printer, rows []view.TicketRow) rowsPage { return rowsPage{rows, printers} },
	}, err
}

// execute writes a template of a sheet, in the sheet's language. The template is
// given data: the sheet, or the page that it is part of.
func (s *Server) execute(w io.Writer, template string, of *sheet, data any) error {
	t, err := s.pages[pageIn{of.Name, of.tongue.Language()}]()
	if err != nil {
		return fmt.Errorf("reading the embedded page %s: %w", of.Name, err)
	}
	return t.ExecuteTemplate(w, template, data)
}

// length is the class of a text that stands big, by its characters: the style
// makes the longer ones smaller, so that all that an office may have is whole.
func length(text string) string {
	switch n := utf8.RuneCountInString(text); {
	case n <= 4:
		return "short"
	case n <= 7:
		return "long"
	default:
		return "longer"
	}
}

// A waitedTime is how long somebody has waited: a page counts it on from Since,
// unless it stands. Limit is the standard, 0 for none.
type waitedTime struct {
	Since, Limit int64
	Stands, Late bool
	Text         string
}

func waited(p *sheet, since int64, stand *int64, limit int64) waitedTime {
	if stand == nil {
		return waitedTime{Since: since, Limit: limit, Text: p.Ago(since)}
	}
	return waitedTime{Stands: true, Late: limit > 0 && *stand > limit, Text: words.Wait(*stand)}
}

// A rowPage is a ticket and where it can be printed again: at the first of the
// printers, or at one that is chosen.
type rowPage struct {
	view.TicketRow
	Printers []view.Printer
	Choose   bool
}

// A rowsPage is a list of papers to see to.
type rowsPage struct {
	Rows     []view.TicketRow
	Printers []view.Printer
}

// Choosing is a row of the list with a choice of printers, if there is one.
func (p rowsPage) Choosing(r view.TicketRow) rowPage {
	return rowPage{TicketRow: r, Printers: p.Printers, Choose: len(p.Printers) > 1}
}

// page is a page of the office as it is now, for who sent a request.
func (s *Server) page(r *http.Request, name string) *page {
	return s.pageAt(s.lookFor(r), name)
}

func (s *Server) pageAt(l view.Look, name string) *page {
	return &page{sheet: s.sheet(l, name), status: http.StatusOK}
}

func (s *Server) sheet(l view.Look, name string) sheet {
	b := l.Board(view.Every)
	now := l.State.OfficeTime(l.Now)
	var doubt *clockDoubt
	if text, ok := l.Tongue.ClockTrouble(l.State.ClockDoubtful(l.Now), l.State.ClockSure(l.Now)); ok && l.State.Day().Ordinal > 0 {
		doubt = &clockDoubt{text, l.State.CorrectionMs()}
	}
	var alarms []words.FaultText
	for _, code := range l.Alarms {
		alarms = append(alarms, l.Tongue.Alarm(code))
	}
	if b.Office.Name == "" {
		b.Office.Name = "eliminacode" // until there is an office
	}
	return sheet{
		Alarms: alarms, Doubt: doubt, Procedures: s.cfg.Procedures != nil,
		Name: name, Build: s.build(), Version: s.cfg.Build, Assets: s.assets.base(), Vendor: s.assets.vendor,
		Demo: s.cfg.Demo != nil, Papers: s.cfg.Papers != nil, Presses: s.cfg.Presses != nil, Reports: s.cfg.Reports != nil, Trials: s.cfg.Trial != nil, Setups: s.cfg.Setups != nil, Alerts: s.cfg.Administration != nil,
		Office: b.Office, Statement: l.State.Setup().Office.Accessibility, Day: b.Day, Clock: words.Clock(timeOf(l, now)),
		Journal: l.State.Journal(), Seq: l.State.Seq(), NowMs: now, Rate: s.cfg.Rate(),
		zone: l.Zone, tongue: l.Tongue, correction: l.State.CorrectionMs(),
	}
}

// sheetOf is the sheet of a topic, for what all who watch it are sent.
func (s *Server) sheetOf(t topic, l view.Look, v any) *sheet {
	p := s.sheet(l, t.page)
	p.View, p.live = v, true
	return &p
}

// render writes a page at once, so that a fault of a template is an error and
// not half a page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, p *page) {
	v := s.visitor(r)
	p.opens = func(path string) bool {
		who, there := s.who["GET "+path]
		return there && who.allows(v)
	}
	if !s.who["POST /orologio"].allows(v) {
		p.Doubt = nil // it asks for what this visitor may not do
	}
	p.Takes = s.takes(v)
	if !s.cfg.Open {
		p.Visitor = v
	}
	if p.Open = s.cfg.Open; p.Open {
		p.Roles = staff.roles
		if len(v.Roles) == 1 {
			p.Role = v.Roles[0]
		}
	}
	var b bytes.Buffer
	if err := s.execute(&b, pageNames[p.Name], &p.sheet, p); err != nil {
		s.log.Error("rendering a page", "page", p.Name, "err", err)
		http.Error(w, p.tongue.Refusal(err), http.StatusInternalServerError)
		return
	}
	text := b.String()
	if p.Failed && p.status >= http.StatusBadRequest {
		text = pointAtFaults(p.tongue, text)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(p.status)
	_, _ = io.WriteString(w, text)
}

// flash puts what the last post did on the page, by its code alone.
func (p *page) flash(r *http.Request) *page {
	code := r.URL.Query().Get("esito")
	if text, ok := saying(p.tongue, r, code); ok {
		p.Flash, p.Failed = text, r.URL.Query().Has("rifiuto")
	}
	return p
}

// named says which ticket the last post was about.
func (p *page) named(l view.Look, r *http.Request) *page {
	x := ticketNamed(l, r)
	code := r.URL.Query().Get("esito")
	switch {
	case x == nil || p.Flash == "":
		return p
	case p.Failed:
		if code == words.RefusalCode(queue.ErrWrongState) {
			p.Flash = inState(p.tongue, r, queue.StateError{Ticket: x.ID, Number: x.Number.Text, State: x.State})
		}
		return p
	}
	switch t := l.TotemTicketOf(x); {
	case slices.Contains(numbering, code) && x.State == queue.Waiting:
		p.Flash = strings.TrimSpace(t.Number + ": " + t.Ahead + ". " + t.Where)
	default:
		p.Flash = t.Number + ": " + p.Flash
	}
	return p
}

func (s *Server) getIndex(w http.ResponseWriter, r *http.Request) {
	if state, _ := s.cfg.Engine.Watch(); !state.HasSetup() && s.cfg.Setups != nil && setters.allows(s.visitor(r)) {
		http.Redirect(w, r, setupHome, http.StatusSeeOther)
		return
	}
	p := s.page(r, "index")
	p.View = s.look().State.Setup().Outlets
	s.render(w, r, p)
}

func (s *Server) getBoard(w http.ResponseWriter, r *http.Request) {
	l := s.look()
	p := s.pageAt(l, "board")
	hangs := s.displayOf(r)
	p.View = boardPage{Board: l.Board(hangs.Shows), Name: s.boardName(r), Hangs: hangs, setup: l.State.Setup()}
	p.Theme = hangs.Look
	s.render(w, r, p)
}

// theme is the appearance that the address asks for.
func theme(r *http.Request, usual string) string {
	switch t := r.URL.Query().Get("tema"); t {
	case "chiaro", "scuro", "contrasto":
		return t
	default:
		return usual
	}
}

// getVoting shows the voting screen of the desk where it was paired; somebody of
// the office may look at that of any desk.
func (s *Server) getVoting(w http.ResponseWriter, r *http.Request) {
	l := s.look()
	asked := r.URL.Query().Get("sportello")
	if setup := l.State.Setup(); asked == "" && len(setup.Desks) > 0 {
		asked = string(setup.Desks[0].ID)
	}
	t := topic{page: "voting", arg: asked}.boundTo(s.visitor(r))
	v, ok := l.Voting(queue.DeskID(t.arg))
	if !ok {
		s.refuse(w, r, fmt.Errorf("%w: %q", queue.ErrUnknownDesk, t.arg))
		return
	}
	p := s.pageAt(l, "voting")
	p.View, p.Theme = v, theme(r, "chiaro")
	p.Refresh, p.Again = unaidedRefresh, r.URL.RequestURI()
	s.render(w, r, p)
}

// getDesks lists the desks to choose from. Who comes to a computer that has chosen one,
// today or on any other day, goes on there, unless it is to choose anew.
func (s *Server) getDesks(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	if c, err := r.Cookie(deskCookie); err == nil && !r.URL.Query().Has(chooseAnew) {
		if slices.ContainsFunc(l.State.WorkDesks(), func(d queue.Desk) bool { return string(d.ID) == c.Value }) {
			http.Redirect(w, r, "/cruscotto/"+url.PathEscape(c.Value), http.StatusSeeOther)
			return
		}
	}
	p := s.pageAt(l, "desks")
	p.View, p.Topic, p.Refresh = l.Desks(), topic{page: "desks"}.in(l.Tongue).address(), unaidedRefresh
	s.render(w, r, p)
}

func (s *Server) getReception(w http.ResponseWriter, r *http.Request) {
	t, err := readTopic(map[string][]string{"page": {"reception"}, "q": {r.URL.Query().Get("q")}})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	l := s.lookFor(r)
	p := s.pageAt(l, "reception").flash(r).named(l, r)
	v := l.Reception(t.query)
	if v.Search, err = s.search(l, r.URL.Query().Get("pratica"), true); err != nil {
		s.refuse(w, r, err)
		return
	}
	p.View, p.Request = v, rand.Text()
	p.Topic = t.in(l.Tongue).address()
	s.render(w, r, p)
}

func (s *Server) getProfiles(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	p := s.pageAt(l, "profiles").flash(r).unserved(l, r)
	p.View = l.Profiles()
	s.render(w, r, p)
}

func (s *Server) getCalls(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query().Get("q")
	if len(query) > maxQueryBytes {
		s.refuse(w, r, fmt.Errorf("%w: search of %d bytes", errBadBody, len(query)))
		return
	}
	l := s.lookFor(r)
	p := s.pageAt(l, "calls")
	p.View = l.Calls(query)
	s.render(w, r, p)
}

// unaidedRefresh is how often a page that changes is loaded anew by a browser
// that runs no script, in seconds. Where somebody types it is not: such a page
// says instead how old it is.
const unaidedRefresh = 15

func (s *Server) getDevices(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	p := s.pageAt(l, "devices").flash(r)
	p.View, p.Topic, p.Refresh = s.devicesPage(l), topic{page: "devices"}.in(l.Tongue).address(), unaidedRefresh
	s.render(w, r, p)
}
