package view

import (
	"slices"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/procedure"
)

// totemLooksBack is how many of the day's newest tickets are looked through for
// those of one totem: what is older is long taken.
const totemLooksBack = 500

// totemTickets is how many of its last tickets a totem follows, so that a
// paper that fails is told to its holder.
const totemTickets = 4

// A Totem is the touch screen of one outlet.
type Totem struct {
	Office Heading  `json:"office"`
	Day    Day      `json:"day"`
	Outlet string   `json:"outlet"`
	Name   string   `json:"name"`
	Paper  bool     `json:"paper"`           // tickets come out on paper now
	Sign   string   `json:"sign,omitempty"`  // what is wrong and what to do
	Moved  []string `json:"moved,omitempty"` // where slips are that came out elsewhere, newest first
	RestMs int64    `json:"rest_ms"`         // how long a button rests after a ticket
	// Several tells that one ticket may be asked for several services here.
	Several  bool           `json:"several,omitempty"`
	Services []TotemService `json:"services"`
	Tickets  []TotemTicket  `json:"tickets"` // its last ones, newest first
}

// A TotemService is one button.
type TotemService struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Detail  string `json:"detail,omitempty"`
	Letters string `json:"letters"`
	Open    bool   `json:"open"`
	// Hours says when it opens, or that it is closed; empty while open.
	Hours   string `json:"hours,omitempty"`
	Waiting int    `json:"waiting"`
}

// A TotemTicket is what a totem tells the holder of a ticket it gave.
type TotemTicket struct {
	ID      string `json:"id" doc:"The ticket, as calls name it"`
	Number  string `json:"number" doc:"Its number, such as A042"`
	Service string `json:"service" doc:"The service, for a person"`
	Ahead   string `json:"ahead" doc:"How many are ahead, in words; empty in the answer to a command when it does not wait any more"`
	Paper   string `json:"paper" doc:"requested, printed, failed, unknown or paperless"`
	Do      string `json:"do" doc:"What to do now, in words: take the paper, or note the number down; in the answer to a command that gave no paper, where the ticket stands"`
	Where   string `json:"where,omitempty" doc:"Which printer the paper comes out of, when that is another than where the number was asked for"`
	Lost    bool   `json:"lost,omitempty" doc:"The ticket was cancelled because nobody could read it"`
}

// Totem is the view of one outlet; ok is false when there is none.
func (l Look) Totem(id queue.OutletID) (v Totem, ok bool) {
	s := l.State
	outlet, now, ok := s.Outlet(id)
	if !ok {
		return Totem{}, false
	}
	setup := s.Setup()
	v = Totem{
		Office: l.heading(), Day: l.day(), Outlet: string(id), Name: outlet.Name,
		Paper: outlet.Printer && now.Gives != queue.Unable, RestMs: setup.Rules.RestMs, Several: outlet.Several,
		Services: []TotemService{}, Tickets: []TotemTicket{},
	}
	if v.Day.Open && outlet.Printer && now.Gives == queue.Unable {
		v.Sign = l.tongue().OutletSign(now.Why, outlet.Screen)
	}
	for _, x := range setup.Services {
		if s.ServiceOver(x) {
			continue
		}
		v.Services = append(v.Services, l.atTotem(x))
	}
	seen := 0
	newest(s, func(t *queue.Ticket) bool {
		seen++
		if t.Asked == id {
			v.Tickets = append(v.Tickets, l.TotemTicketOf(t))
			if sign := l.moved(t); sign != "" {
				v.Moved = append(v.Moved, sign)
			}
		}
		return len(v.Tickets) < totemTickets && seen < totemLooksBack
	})
	return v, true
}

// atTotem is a service as a citizen sees it who can take its tickets.
func (l Look) atTotem(x queue.Service) TotemService {
	s := l.State
	open, opens := s.ServiceOpen(x.ID, l.Now)
	t := TotemService{
		ID: string(x.ID), Name: l.ServiceName(x), Detail: x.Detail, Letters: letters(s.Setup(), x.Series),
		Open: open, Waiting: s.WaitingFor(x.ID),
	}
	switch refusal := s.MayIssue(x.ID, queue.Ordinary, l.Now); {
	case open && refusal != nil:
		t.Open, t.Hours = false, l.tongue().RefusalToCitizen(refusal)
	case !open:
		t.Hours = l.tongue().TotemOpens(l.hour(opens))
	}
	return t
}

// TotemTicketOf is what its holder is told of a ticket.
func (l Look) TotemTicketOf(t *queue.Ticket) TotemTicket {
	s := l.State
	v := TotemTicket{
		ID: t.ID.String(), Number: t.Number.Text, Service: l.serviceOf(t),
		Ahead: l.tongue().Ahead(t.Ahead), Paper: string(t.Paper),
		Lost: t.State == queue.Cancelled,
	}
	if then := l.planned(t).ThenInWords(); then != "" {
		v.Service += ", " + l.tongue().Say("plan.then", "services", then)
	}
	where := elsewhere(s, t)
	v.Do = l.tongue().TotemTicket(t, where)
	if where != "" && !v.Lost && (t.Paper == queue.PaperRequested || t.Paper == queue.PaperPrinted) {
		v.Where = l.tongue().PaperAt(where)
	}
	return v
}

// AnswerTicket is what the answer to a command says of a ticket. papered tells that the
// command gave it or printed it. Who was called waits behind nobody, and took the paper
// long ago.
func (l Look) AnswerTicket(t *queue.Ticket, papered bool) TotemTicket {
	v := l.TotemTicketOf(t)
	switch {
	case papered && t.State == queue.Cancelled:
	case t.State == queue.Waiting:
		ahead := l.State.Ahead(t.ID, l.Now)
		if v.Ahead = l.tongue().Ahead(ahead); !papered {
			v.Do, v.Where = l.tongue().PhoneTicket(t.State, ahead), ""
		}
	default:
		v.Ahead, v.Do, v.Where = "", l.tongue().PhoneTicket(t.State, 0), ""
	}
	return v
}

// totemFound is how many procedures a search at a totem shows: they stand on one screen,
// above the keyboard.
const totemFound = 4

// A TotemSearch is what somebody has to do, by words, and what was found of it.
type TotemSearch struct {
	Query string
	Found []ProcedureSheet
	// Notice says that nothing was found, and what to do; empty when something was, or
	// nothing was asked.
	Notice string
}

// TotemSearch finds procedures by words, among those that somebody can take a number
// for here.
func (l Look) TotemSearch(c *procedure.Catalogue, query string) TotemSearch {
	v := TotemSearch{Query: query}
	for _, p := range c.FindAmong(l.tongue().Language(), query, totemFound, func(p procedure.Procedure) bool { return l.offers(p.Service) }) {
		sheet := l.Sheet(p)
		if x, ok := l.State.Service(p.Service); ok {
			sheet.Service = l.atTotem(x)
		}
		v.Found = append(v.Found, sheet)
	}
	if query != "" && len(v.Found) == 0 {
		v.Notice = l.tongue().Say("totem.nothing-found")
	}
	return v
}

// offers tells that there is a service here, now or at another hour.
func (l Look) offers(id queue.ServiceID) bool {
	x, ok := l.State.Service(id)
	return ok && !l.State.ServiceOver(x)
}

// A TotemAbout is what a service is for.
type TotemAbout struct {
	Service TotemService
	Hours   string // of today, in words; empty when they are not known
	Found   []ProcedureSheet
}

// TotemAbout is what a service is for; ok is false when there is no such service. The
// catalogue may be nil.
func (l Look) TotemAbout(c *procedure.Catalogue, id queue.ServiceID) (v TotemAbout, ok bool) {
	x, ok := l.State.Service(id)
	if !ok || !l.offers(id) {
		return TotemAbout{}, false
	}
	v.Service = l.atTotem(x)
	if plan := l.State.Plan(); plan != nil && !plan.Provisional && l.State.Day().Open {
		var bands []string
		for _, b := range plan.Bands {
			if len(b.Services) == 0 || slices.Contains(b.Services, id) {
				bands = append(bands, l.hour(b.Opens)+"–"+l.hour(b.Closes))
			}
		}
		if len(bands) > 0 {
			v.Hours = l.tongue().Say("totem.hours-today", "hours", strings.Join(bands, ", "))
		}
	}
	if c != nil {
		for _, p := range c.All() {
			if p.Service == id {
				v.Found = append(v.Found, l.Sheet(p))
			}
		}
	}
	return v, true
}
