package display

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

// temporaryDays is for how long a service is proposed to be there.
const temporaryDays = 30

// temporaryFields are what the page of a new service asks, by the keys of an
// office's file, in the order of the page. Which desks serve it is asked last.
var temporaryFields = []string{
	"service.name", "service.from", "service.to", "service.day_cap", "series.letters", "service.appointments_only", "service.detail",
}

// temporaryDesks is the name of the field of the desks.
const temporaryDesks = "desks"

// A temporaryPage is the page of a new service.
type temporaryPage struct {
	Draft setupDraftPage
	Group setupGroup
}

// A newService is a service that is being added to a draft, with a series of its
// own for as long as nobody says that it shares one.
type newService struct {
	draft           *office.Draft
	service, series int // places in the lists of the draft
	desks           []string
}

// path is where a value of the service or its series stands in the draft.
func (n newService) path(key string) string {
	thing, value, _ := strings.Cut(key, ".")
	return fmt.Sprintf("%s[%d].%s", thing, map[string]int{"service": n.service, "series": n.series}[thing], value)
}

// proposed is a new service as it usually is: from the next day on which the office
// is open, for a month, with a letter that is free, at the desks that are open today.
func (e editing) proposed(now int64, name string) (n newService, err error) {
	n.draft = office.Edit(e.Setup)
	letters := freeLetters(e.Setup)
	if n.series, err = n.draft.Add("series", letters); err != nil {
		return n, err
	}
	if n.service, err = n.draft.Add("service", name); err != nil {
		return n, err
	}
	begin(n.draft, "service", n.service)
	set := func(key, text string) { _ = n.draft.Set(n.path(key), text) }
	set("series.letters", letters)
	set("service.series", string(n.draft.Setup().Series[n.series-1].ID))
	if today, err := calendar.BusinessDate(e.inForce, now); err == nil {
		from := today.AddDays(1)
		if open, err := calendar.OpenDays(e.inForce, from, today.AddDays(temporaryDays)); err == nil && len(open) > 0 {
			from = open[0]
		}
		set("service.from", from.String())
		set("service.to", from.AddDays(temporaryDays-1).String())
	}
	n.desks = e.desksOfToday()
	return n, nil
}

// desksOfToday are the desks that are open or have called today; when none has, all
// that see the public.
func (e editing) desksOfToday() (today []string) {
	var all []string
	for _, d := range e.Setup.Desks {
		if d.BackOffice {
			continue
		}
		all = append(all, string(d.ID))
		if _, now, ok := e.state.Desk(d.ID); ok && (now.Open || now.LastCall != queue.Now{}) {
			today = append(today, string(d.ID))
		}
	}
	if len(today) == 0 {
		return all
	}
	return today
}

// freeLetters are the first letters that no series has and that may be used; empty
// when all are taken.
func freeLetters(setup queue.Setup) string {
	taken := func(letters string) bool {
		return strings.ContainsAny(setup.Office.ExcludedLetters, letters) ||
			slices.ContainsFunc(setup.Series, func(x queue.Series) bool { return x.Letters == letters })
	}
	for first := rune('A'); first <= 'Z'; first++ {
		if !taken(string(first)) {
			return string(first)
		}
	}
	for second := rune('A'); second <= 'Z'; second++ {
		if !taken("A" + string(second)) {
			return "A" + string(second)
		}
	}
	return ""
}

// written puts what a form says into the draft, and answers what of it was refused,
// by path.
func (n *newService) written(tongue *words.Tongue, posted fields) (refused map[string]string) {
	form := newSetupForm(n.draft.Setup(), nil, tongue)
	said := fields{}
	for _, key := range temporaryFields {
		path := n.path(key)
		said[path] = strings.TrimSpace(posted[key])
		said["fields"] += path + ","
	}
	letters := n.path("series.letters")
	said[letters] = strings.ToUpper(said[letters])
	refused = form.write(n.draft, said)
	n.share(said[letters])
	n.desks = nil
	id := string(n.draft.Setup().Services[n.service-1].ID)
	for i, d := range n.draft.Setup().Desks {
		if slices.Contains(strings.Split(posted[temporaryDesks], ","), string(d.ID)) {
			n.desks = append(n.desks, string(d.ID))
			var first []string
			for _, x := range d.Profile.First {
				first = append(first, string(x))
			}
			_ = n.draft.Set(fmt.Sprintf("desk[%d].first", i+1), strings.Join(append(first, id), ", "))
		}
	}
	return refused
}

// share lets the service take its numbers from a series that is there already, when
// that has the letters.
func (n *newService) share(letters string) {
	for i, x := range n.draft.Setup().Series {
		if i+1 != n.series && x.Letters == letters {
			_ = n.draft.Set(n.path("service.series"), string(x.ID))
			_ = n.draft.Remove(fmt.Sprintf("series[%d]", n.series))
			n.series = 0
			return
		}
	}
}

// group is the form of the service. A value that is refused stands as it was typed.
func (n newService) group(f *setupForm, posted fields) (g setupGroup) {
	for _, key := range temporaryFields {
		t := f.text(key)
		field := setupField{Label: t.Label, Rule: t.Rule, Text: posted[key], Widget: "text"}
		i := slices.IndexFunc(f.values, func(v office.Value) bool { return v.Path == n.path(key) })
		if i >= 0 {
			field = f.field(f.values[i], key)
		}
		if key == "series.letters" {
			field.Label = f.tongue.Say("temporary.letters")
			if !field.Fault {
				field.Rule = f.tongue.Say("temporary.letters-hint")
			}
		}
		field.Path = key
		g.Fields = append(g.Fields, field)
	}
	desks := setupField{Path: temporaryDesks, Label: f.tongue.Say("temporary.desks"), Rule: f.tongue.Say("temporary.desks-hint"), Widget: "checks"}
	for _, d := range f.setup.Desks {
		desks.Choices = append(desks.Choices, setupChoice{
			Choice: words.Choice{Text: string(d.ID), Words: f.tongue.DeskName(d.Label)}, Chosen: slices.Contains(n.desks, string(d.ID)),
		})
	}
	if posted != nil && len(n.desks) == 0 {
		desks.Fault, desks.Rule = true, f.tongue.Say("temporary.no-desk")
	}
	g.Fields = append(g.Fields, desks)
	return g
}

func (s *Server) getTemporary(w http.ResponseWriter, r *http.Request) {
	e := s.editing(s.visitor(r))
	n, err := e.proposed(e.state.OfficeTime(s.cfg.Engine.Now()), "")
	if err != nil {
		s.refuse(w, r, fmt.Errorf("%w: %w", errBadBody, err))
		return
	}
	s.showTemporary(w, r, e, n, nil, nil)
}

func (s *Server) showTemporary(w http.ResponseWriter, r *http.Request, e editing, n newService, refused map[string]string, posted fields) {
	tongue := s.tongueOf(r)
	f := newSetupForm(n.draft.Setup(), refused, tongue)
	if posted == nil {
		f.faults = nil // nobody has written anything yet
	}
	p := s.page(r, "setup-temporary").flash(r)
	p.View = temporaryPage{Draft: s.draftPage(e, newSetupForm(e.Setup, nil, tongue)), Group: n.group(f, posted)}
	if posted != nil {
		p.status = http.StatusUnprocessableEntity
		p.Flash, p.Failed = tongue.Say("temporary.not-yet"), true
	}
	s.render(w, r, p)
}

// postTemporary adds a new service to the visitor's draft, and leads to the effect,
// with the day and the reason that it is put in force for.
func (s *Server) postTemporary(w http.ResponseWriter, r *http.Request, e editing, posted fields) {
	n, err := e.proposed(e.state.OfficeTime(s.cfg.Engine.Now()), posted["service.name"])
	if err != nil {
		s.refuse(w, r, fmt.Errorf("%w: %w", errBadBody, err))
		return
	}
	refused := n.written(s.tongueOf(r), posted)
	f := newSetupForm(n.draft.Setup(), nil, s.tongueOf(r))
	service := fmt.Sprintf("service[%d]", n.service)
	if len(refused) > 0 || len(n.desks) == 0 || f.faultsOf(service) > 0 || n.series > 0 && f.faultsOf(fmt.Sprintf("series[%d]", n.series)) > 0 {
		s.showTemporary(w, r, e, n, refused, posted)
		return
	}
	if err := s.keep(e, n.draft.Setup()); err != nil {
		s.backFrom(w, r, r.URL.Path, err)
		return
	}
	x := n.draft.Setup().Services[n.service-1]
	why := s.tongueOf(r).Say("temporary.why", "name", x.Name)
	if x.To != "" {
		why = s.tongueOf(r).Say("temporary.why-until", "name", x.Name, "to", s.tongueOf(r).Day(x.To))
	}
	s.back(w, r, setupHome+"/effetto", url.Values{"dal": {x.From}, "perche": {why}}, "draft-kept", nil)
}
