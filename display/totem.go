package display

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/procedure"
	"eliminacode/queue/words"
)

// modesRefresh is after how many seconds a totem without script is as it was, when
// somebody has set it for himself and gone away.
const modesRefresh = 60

// totemInches is the diagonal of the totem that asks: as it was paired, else as its
// address says.
func (s *Server) totemInches(r *http.Request) float64 {
	if v := s.visitor(r); v.Kind == access.Screen {
		return cmp.Or(v.Display.Inches, access.StandardTotemInches)
	}
	n, _ := strconv.ParseFloat(r.URL.Query().Get("pollici"), 64)
	p := access.Paired{Name: "totem", Place: "totem", Role: access.Totem, Board: &access.Display{Inches: n}}
	if p.Validate() != nil {
		p.Board = nil
	}
	return p.Display().Inches
}

// heldRefresh is after how many seconds a totem without script is as it was, when a number
// stands on its screen alone.
const heldRefresh = 65

// totemModes are how a citizen has set a totem while he stands there: they stand in
// the address, and each round key is a link to another one. It needs no script, and
// nothing is kept of who goes away.
type totemModes struct {
	language   queue.Language // empty is the office's
	large      bool           // letters of 7.3 mm, for who reads badly at 0.6 m
	contrast   bool
	low        bool // all that is touched stands in the lower 60 % of the screen
	precedence bool // the ticket has priority
	paperless  bool // the number is on the screen alone, for a phone
	// What stands in the place of the services, when it is not they.
	languages bool            // the languages
	searching bool            // what one has to do, by words
	query     string          // the words
	about     queue.ServiceID // what a service is for
}

// readTotemModes reads an address. What it does not know is not set.
func readTotemModes(q url.Values) totemModes {
	m := totemModes{
		large: q.Get("testo") == "grande", contrast: q.Get("contrasto") == "alto",
		low: q.Get("tasti") == "bassi", precedence: q.Get("precedenza") == "si",
		paperless: q.Get("carta") == paperNo, languages: q.Has("lingue"),
	}
	if l := queue.Language(q.Get(languageCookie)); staffLanguage(l) {
		m.language = l
	}
	m.searching, m.query = q.Has("cerca"), q.Get("cerca")
	if len(m.query) > procedure.MaxQueryBytes {
		m.query = ""
	}
	m.about = queue.ServiceID(q.Get("informazioni"))
	return m
}

// modesKept are the modes that stay for whoever reads the answer to a form: all but the
// precedence and the lack of paper, which are the next one's to ask for.
var modesKept = []string{languageCookie, "testo", "contrasto", "tasti"}

// address is that of a totem with these modes; at rest it is the totem's own.
func (m totemModes) address(rest string) string {
	q := url.Values{}
	set := func(on bool, name, value string) {
		if on {
			q.Set(name, value)
		}
	}
	set(m.language != "", languageCookie, string(m.language))
	set(m.large, "testo", "grande")
	set(m.contrast, "contrasto", "alto")
	set(m.low, "tasti", "bassi")
	set(m.precedence, "precedenza", "si")
	set(m.paperless, "carta", paperNo)
	set(m.languages, "lingue", "")
	set(m.searching, "cerca", m.query)
	set(m.about != "", "informazioni", string(m.about))
	if len(q) == 0 {
		return rest
	}
	return rest + "&" + q.Encode()
}

// atServices are the same modes with the services in their place.
func (m totemModes) atServices() totemModes {
	m.languages, m.searching, m.query, m.about = false, false, "", ""
	return m
}

// A totemMode is one value of an address.
type totemMode struct{ Name, Value string }

// values are those of the address, for a form that leads to it.
func (m totemModes) values(rest string) (list []totemMode) {
	u, err := url.Parse(m.address(rest))
	if err != nil {
		return nil
	}
	q := u.Query()
	for _, name := range slices.Sorted(maps.Keys(q)) {
		list = append(list, totemMode{name, q.Get(name)})
	}
	return list
}

// A totemKey is one of the round keys.
type totemKey struct {
	Name string // its picture, and its sentence among those of the totem
	To   string // the address that it leads to
	On   bool
}

// keys are the round keys, which are in reach wherever one stands; searches tells that
// there is a catalogue, and phones that one may do without paper.
func (m totemModes) keys(rest string, searches, phones bool) []totemKey {
	key := func(name string, on bool, turn func(*totemModes)) totemKey {
		then := m
		then.languages = false
		turn(&then)
		return totemKey{name, then.address(rest), on}
	}
	var list []totemKey
	if searches {
		list = append(list, key("search", m.searching, func(n *totemModes) {
			*n = n.atServices()
			n.searching = !m.searching
		}))
	}
	list = append(list,
		key("language", m.languages || m.language != "", func(n *totemModes) { n.languages = !m.languages }),
		key("large", m.large, func(n *totemModes) { n.large = !m.large }),
		key("contrast", m.contrast, func(n *totemModes) { n.contrast = !m.contrast }),
		key("low", m.low, func(n *totemModes) { n.low = !m.low }),
		key("precedence", m.precedence, func(n *totemModes) { n.precedence = !m.precedence }),
	)
	if phones {
		list = append(list, key("phone", m.paperless, func(n *totemModes) { n.paperless = !m.paperless }))
	}
	return list
}

// A totemLanguage is one language to choose.
type totemLanguage struct {
	Language queue.Language
	To       string
	On       bool
	Choose   string // the title of the choice, in it
}

func (m totemModes) offered(rest string, office queue.Language) (list []totemLanguage) {
	for _, l := range words.StaffLanguages() {
		then := m
		then.languages, then.language = false, l
		if l == office {
			then.language = "" // which needs no word on the slip
		}
		list = append(list, totemLanguage{l, then.address(rest), cmp.Or(m.language, office) == l, words.In(l).Say("totem.choose-language")})
	}
	return list
}

// class is that of the ticket that is given.
func (m totemModes) class() queue.Class {
	if m.precedence {
		return queue.Priority
	}
	return queue.Ordinary
}

// A totemPage is a totem with the modes that a citizen has set, and the ticket that
// was just given to somebody whose browser runs no script.
type totemPage struct {
	view.Totem
	Given     *view.TotemTicket
	Held      *heldNumber // what its holder is shown who has no paper
	Choosing  *several    // nil for one service
	More      string      // the address at which one chooses several; empty where there are none
	Keys      []totemKey
	Languages []totemLanguage // while one is chosen
	Inches    float64         // the diagonal of the screen
	Language  queue.Language  // that was chosen; empty is none
	Class     queue.Class
	Paperless bool
	Large     bool
	Low       bool
	Contrast  bool
	Set       bool              // some mode is set
	Informs   bool              // there is a catalogue, to search and to read
	Search    *view.TotemSearch // while one does
	About     *view.TotemAbout  // what a service is for, while one looks at it
	Back      string            // the address with the services again
	Modes     []totemMode       // for a form that is sent to this page itself
	AboutAt   func(id string) string
	Rest      string
}

func (s *Server) getTotem(w http.ResponseWriter, r *http.Request) {
	l := s.look()
	outlet := s.outlet(r, r.URL.Query().Get("outlet"))
	if outlet == "" {
		outlet = firstOutlet(l.State)
	}
	modes, office := readTotemModes(r.URL.Query()), l.Tongue.Language()
	if modes.language != "" {
		l.Tongue = words.In(modes.language)
	}
	v, ok := l.Totem(queue.OutletID(outlet))
	if !ok {
		s.refuse(w, r, fmt.Errorf("%w: %q", queue.ErrUnknownOutlet, outlet))
		return
	}
	p := s.pageAt(l, "totem").flash(r)
	p.Theme, p.Request = theme(r, "chiaro"), s.cfg.Token()
	t := totemPage{
		Totem: v, Language: modes.language, Class: modes.class(), Paperless: modes.paperless, Large: modes.large, Low: modes.low, Contrast: modes.contrast,
		Rest: "/totem?" + url.Values{"outlet": {outlet}, "tema": {p.Theme}}.Encode(),
	}
	t.Inches = s.totemInches(r)
	if q := r.URL.Query(); q.Has("pollici") && t.Inches != access.StandardTotemInches {
		t.Rest += "&pollici=" + strconv.FormatFloat(t.Inches, 'f', -1, 64)
	}
	t.Given, t.Held = s.given(l, r)
	here := modes.address(t.Rest)
	t.Set = modes != totemModes{}
	if modes.contrast {
		p.Theme = "contrasto"
	}
	p.Refresh, p.Again = unaidedRefresh, t.Rest
	if t.Set {
		p.Refresh = modesRefresh
	}
	plain := modes.atServices()
	t.Back = plain.address(t.Rest)
	catalogue := s.procedures()
	t.AboutAt = func(id string) string {
		there := plain
		there.about = queue.ServiceID(id)
		return there.address(t.Rest)
	}
	o, _, _ := l.State.Outlet(queue.OutletID(outlet))
	phones := s.cfg.Phones != "" && o.Printer && o.Screen
	t.Keys, t.Informs = modes.keys(t.Rest, catalogue != nil, phones), catalogue != nil
	switch t.Choosing = severalAt(v, r.URL.Query(), here); {
	case modes.languages:
		t.Languages, t.Choosing = modes.offered(t.Rest, office), nil
	case modes.searching && catalogue != nil:
		found := l.TotemSearch(catalogue, modes.query)
		t.Search, t.Choosing, t.Modes = &found, nil, plain.values(t.Rest)
	case modes.about != "":
		t.Choosing = nil
		if about, ok := l.TotemAbout(catalogue, modes.about); ok {
			t.About = &about
		}
	case t.Choosing != nil:
		p.Refresh = severalRefresh
	case v.Several:
		t.More = choosing(here)
	}
	p.View = t
	switch {
	case t.Given != nil && t.Given.Paper == string(queue.PaperRequested):
		// What became of the paper is told before the next one comes.
		p.Refresh, p.Again = 3, r.URL.RequestURI()
	case t.Held != nil:
		p.Refresh = heldRefresh
	}
	s.render(w, r, p)
}

// procedures is the catalogue, or nil where there is none that can be read.
func (s *Server) procedures() *procedure.Catalogue {
	if s.cfg.Procedures == nil {
		return nil
	}
	c, _ := s.cfg.Procedures.Catalogue() // the daemon has told the log
	return c
}

// given is the ticket that an address names. What its holder is shown who has no paper
// is shown only to who knows the name of the request: the next number can be guessed.
func (s *Server) given(l view.Look, r *http.Request) (*view.TotemTicket, *heldNumber) {
	q, t := r.URL.Query(), ticketNamed(l, r)
	if t == nil {
		return nil, nil
	}
	v := l.TotemTicketOf(t)
	if q.Get("request") == "" || q.Get("request") != t.Request || onPaper(t) || t.State.Ended() {
		return &v, nil
	}
	return &v, s.heldOf(t)
}

// ticketNamed is the ticket that an address names, or nil.
func ticketNamed(l view.Look, r *http.Request) *queue.Ticket {
	id, err := queue.ParseTicketID(r.URL.Query().Get("biglietto"))
	if err != nil {
		return nil
	}
	return l.State.Ticket(id)
}

// onPaper tells that the number of a ticket is on its way to paper, or on it.
func onPaper(t *queue.Ticket) bool {
	return t.Paper == queue.PaperRequested || t.Paper == queue.PaperPrinted
}

// firstOutlet is the first outlet with a screen, or else the first.
func firstOutlet(state *queue.State) string {
	outlets := state.Setup().Outlets
	for _, o := range outlets {
		if o.Screen {
			return string(o.ID)
		}
	}
	if len(outlets) > 0 {
		return string(outlets[0].ID)
	}
	return ""
}
