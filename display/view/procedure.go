package view

import (
	"eliminacode/queue"
	"eliminacode/queue/procedure"
)

// A Search is what the reception or the hall looks for, and the sheets that were
// found, the best first.
type Search struct {
	Query string           `json:"query"`
	Found []ProcedureSheet `json:"found"`
	// Notice says why nothing is there, or that what is meant most has no service here,
	// and what to do; empty when it is there, or nothing was asked.
	Notice string `json:"notice,omitempty"`
}

// A ProcedureSheet is what is read out about a procedure.
type ProcedureSheet struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Gloss is the name in the reader's language, where that is not Italian and one is known.
	Gloss string `json:"gloss,omitempty"`
	// Service is whose ticket it takes; its ID is empty when the office has none
	// such.
	Service   TotemService `json:"service"`
	Who       string       `json:"who,omitempty"`
	Documents string       `json:"documents,omitempty"`
	Cost      string       `json:"cost,omitempty"`
	Time      string       `json:"time,omitempty"`
	Where     string       `json:"where,omitempty"`
	Office    string       `json:"office,omitempty"`
	Days      int          `json:"days,omitempty"`   // within how many it is done
	Target    string       `json:"target,omitempty"` // the same in words
	// Example tells that the sheet is still that of the reference office: what holds
	// nowhere else, such as cost and place, is left out.
	Example bool `json:"example,omitempty"`
}

// Procedures finds procedures by words, at most most of them; with served those alone
// that somebody can be given a number for here. A sheet of the reference office that
// belongs to no service here is no help to anybody and never found: where it is what the
// words mean most, the notice says so. Without a catalogue it says what to do.
func (l Look) Procedures(c *procedure.Catalogue, query string, most int, served bool) Search {
	v := Search{Query: query, Found: []ProcedureSheet{}}
	if c == nil {
		v.Notice = l.tongue().Say("procedure.no-catalogue")
		return v
	}
	offered := func(p procedure.Procedure) bool {
		x, ok := l.State.Service(p.Service)
		return ok && !l.State.ServiceOver(x) || !served && !p.Example
	}
	for _, p := range c.FindAmong(l.tongue().Language(), query, most, offered) {
		v.Found = append(v.Found, l.Sheet(p))
	}
	best := c.Find(l.tongue().Language(), query, 1)
	switch unserved := len(best) > 0 && !offered(best[0]); {
	case unserved && len(v.Found) > 0:
		v.Notice = l.tongue().Say("procedure.others", "name", best[0].Name)
	case unserved:
		v.Notice = l.tongue().Say("procedure.unserved", "name", best[0].Name)
	case query != "" && len(v.Found) == 0:
		v.Notice = l.tongue().Say("procedure.nothing")
	}
	return v
}

// Sheet is what is read out about a procedure.
func (l Look) Sheet(p procedure.Procedure) ProcedureSheet {
	sheet := ProcedureSheet{
		ID: string(p.ID), Name: p.Name, Gloss: p.Gloss(l.tongue().Language()), Who: p.Who, Documents: p.Documents, Cost: p.Cost, Time: p.Time,
		Where: p.Where, Office: p.Office, Days: p.TargetDays,
	}
	if p.Example {
		sheet.Example, sheet.Cost, sheet.Time, sheet.Where, sheet.Office, sheet.Days = true, "", "", "", "", 0
	}
	if sheet.Days > 0 {
		sheet.Target = l.tongue().Say("procedure.days", "count", sheet.Days)
	}
	if x, ok := l.State.Service(p.Service); ok && !l.State.ServiceOver(x) {
		sheet.Service = l.counter(l.State.Setup(), x)
	}
	return sheet
}

// counter is a service as those see it who give its tickets.
func (l Look) counter(setup queue.Setup, x queue.Service) TotemService {
	open, opens := l.State.ServiceOpen(x.ID, l.Now)
	t := TotemService{ID: string(x.ID), Name: l.ServiceName(x), Letters: letters(setup, x.Series), Open: open, Waiting: l.State.WaitingFor(x.ID)}
	if !open {
		t.Hours = l.tongue().ServiceOpens(l.hour(opens))
	}
	return t
}
