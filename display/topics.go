package display

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/office"
	"eliminacode/queue/procedure"
)

// topicsHome is the address of the page that says which service here each topic of the
// catalogue belongs to, and topicsAPI that of its calls.
const topicsHome, topicsAPI = setupHome + "/pratiche", "/api/v1/procedure-topics"

// topicsStepName is the step of the walk that the page is.
const topicsStepName = "procedures"

// stayHere is what the page says of a topic whose procedures are at several services
// and stay there.
const stayHere = "="

type (
	// A topicRow is a topic of the catalogue and where it belongs.
	topicRow struct {
		ID         string   `json:"id" doc:"The topic: the reference office's service for it"`
		Name       string   `json:"name" doc:"What the reference office calls it"`
		Procedures []string `json:"procedures" doc:"What is in it, by name"`
		Service    string   `json:"service" doc:"The service here, as the office's file names it; empty is none"`
		Mixed      bool     `json:"mixed,omitempty" doc:"Its procedures are at several services, as the table says one by one"`
		Missing    bool     `json:"missing,omitempty" doc:"The office has no such service: nobody can be given a number for it"`
		Suggested  string   `json:"suggested,omitempty" doc:"The service that it most likely belongs to, by the names"`
		Leavable   bool     `json:"leavable" doc:"It may belong to no service"`
	}
	topicsAnswer struct {
		Topics   []topicRow `json:"topics"`
		Examples int        `json:"examples" doc:"How many sheets are still those of the reference office"`
	}
	topicsBody struct {
		Services map[string]string `json:"services" example:"{\"anagrafe\":\"demografici\"}" doc:"The service by topic; an empty one is none"`
	}
)

// Placed tells that a person has said where it belongs, and that it holds.
func (t topicRow) Placed() bool { return !t.Missing }

// Choice is what the page offers first: what was said, else what the names suggest.
func (t topicRow) Choice() string {
	switch {
	case t.Missing && t.Mixed:
		return stayHere
	case t.Missing:
		return t.Suggested
	case t.Mixed:
		return stayHere
	}
	return t.Service
}

// servicesHere are the services that topics may belong to: of the office in force, or
// of the draft of the first one.
func (s *Server) servicesHere() []queue.Service {
	if state, _ := s.cfg.Engine.Watch(); state.HasSetup() {
		return slices.DeleteFunc(slices.Clone(state.Setup().Services), func(x queue.Service) bool { return state.ServiceOver(x) })
	}
	if s.cfg.Setups == nil {
		return nil
	}
	draft, _ := s.cfg.Setups.Draft(firstAuthor)
	return draft.Setup.Services
}

// topics are those of the catalogue as they are now.
func (s *Server) topics() (topicsAnswer, error) {
	a := topicsAnswer{Topics: []topicRow{}}
	c, err := s.cfg.Procedures.Catalogue()
	if err != nil {
		return a, errNoCatalogue
	}
	called := map[queue.ServiceID]string{}
	for _, x := range office.Reference().Services {
		called[x.ID] = x.Name
	}
	here := s.servicesHere()
	has := func(id queue.ServiceID) bool {
		return id == "" || slices.ContainsFunc(here, func(x queue.Service) bool { return x.ID == id })
	}
	for _, t := range c.Topics() {
		row := topicRow{ID: string(t.ID), Name: cmp.Or(called[t.ID], string(t.ID)), Service: string(t.Service), Mixed: t.Mixed, Leavable: called[t.ID] != ""}
		row.Suggested = string(t.Suggest(row.Name, here))
		for _, p := range t.Procedures {
			row.Procedures = append(row.Procedures, p.Name)
			row.Missing = row.Missing || !has(p.Service)
		}
		a.Topics = append(a.Topics, row)
	}
	for _, p := range c.All() {
		if p.Example {
			a.Examples++
		}
	}
	return a, nil
}

// topicsStep is the step of the walk that says where topics belong; ok is false where
// there is no catalogue to say it of.
func (s *Server) topicsStep() (step WalkStep, ok bool) {
	if s.cfg.Procedures == nil {
		return step, false
	}
	a, err := s.topics()
	if err != nil || len(a.Topics) == 0 {
		return step, false
	}
	tried, _ := s.cfg.Walk.Tried()
	step = WalkStep{Name: topicsStepName, Left: left(tried, topicsStepName), Of: len(a.Topics), Leavable: true, Link: topicsHome}
	for _, t := range a.Topics {
		if t.Placed() {
			step.Count++
		}
	}
	step.Done = step.Left || step.Count == step.Of
	return step, true
}

// placeTopics puts topics at services of this office, and keeps the catalogue so.
func (s *Server) placeTopics(r *http.Request, services map[string]string) error {
	c, err := s.cfg.Procedures.Catalogue()
	if err != nil {
		return errNoCatalogue
	}
	here, known := s.servicesHere(), c.Topics()
	placed := map[queue.ServiceID]queue.ServiceID{}
	for topic, service := range services {
		if !slices.ContainsFunc(known, func(t procedure.Topic) bool { return string(t.ID) == topic }) {
			return fmt.Errorf("%w: the catalogue has no topic %q", queue.ErrUnknownService, topic)
		}
		if service != "" && !slices.ContainsFunc(here, func(x queue.Service) bool { return string(x.ID) == service }) {
			return fmt.Errorf("%w: the office has no service %q", queue.ErrUnknownService, service)
		}
		placed[queue.ServiceID(topic)] = queue.ServiceID(service)
	}
	if _, err := s.cfg.Procedures.Replace(c.At(placed).Format()); err != nil {
		return err
	}
	s.note(r, setters, "procedures.place", nil, services)
	return nil
}

// A topicsPage is the page that says where topics belong.
type topicsPage struct {
	topicsAnswer
	Services []queue.Service
	First    bool // there is no office yet
}

// Missing is how many topics nobody can be given a number for.
func (v topicsPage) Missing() (n int) {
	for _, t := range v.Topics {
		if t.Missing {
			n++
		}
	}
	return n
}

func (s *Server) getTopics(w http.ResponseWriter, r *http.Request) {
	a, err := s.topics()
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p := s.page(r, "topics").flash(r)
	p.View = topicsPage{a, s.servicesHere(), !s.inForce()}
	s.render(w, r, p)
}

// postTopics keeps what the page says of each topic.
func (s *Server) postTopics(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	services := map[string]string{}
	for name, service := range f {
		if topic, ok := strings.CutPrefix(name, "topic."); ok && service != stayHere {
			services[topic] = service
		}
	}
	if err := s.placeTopics(r, services); err != nil {
		s.backFrom(w, r, topicsHome, err)
		return
	}
	s.back(w, r, topicsHome, nil, "topics-placed", nil)
}
