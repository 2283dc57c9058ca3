package display

import (
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue/procedure"
)

// A shownInput names a ticket.
type shownInput struct {
	Ticket string `path:"ticket" example:"1000011" doc:"The ticket, as calls name it"`
}

// Inputs of the calls that look at something.
type (
	callsInput struct {
		Query string `query:"q" maxLength:"20" example:"A042" doc:"A part of a number; without it, the newest calls"`
	}
	blockInput struct {
		ID string `path:"id" doc:"The code of the block"`
	}
	searchInput struct {
		Query string `query:"q" maxLength:"100" example:"residenza" doc:"Words, one of them misspelt at most; without them nothing is found"`
	}
	procedureInput struct {
		ID string `path:"id" doc:"The procedure, as the catalogue names it"`
	}
	// An alertBody is what switches the alert on.
	alertBody struct {
		Minutes   int    `json:"minutes" minimum:"15" maximum:"240" example:"30" doc:"Past which a desk that is on one number is marked"`
		Ground    string `json:"ground" doc:"For what it is needed"`
		Basis     string `json:"basis" doc:"What allows it: an agreement or a permit"`
		Reference string `json:"reference" doc:"Which agreement or permit it is"`
		Informed  bool   `json:"informed" doc:"The people at the desks were told"`
	}
)

// registerLooking are the calls for what pages show besides the views of the hub,
// and what is done there.
func (o *operations) registerLooking() {
	s := o.s
	operate(o, manager, call(http.MethodGet, "/api/v1/manager/profiles", "manager", "What each desk serves, by its profile in force"),
		func(r *http.Request, _ *struct{}) (view.Profiles, error) { return s.lookFor(r).Profiles(), nil })
	operate(o, manager, call(http.MethodGet, "/api/v1/manager/calls", "manager", "The calls of today, with the rule that chose each"),
		func(r *http.Request, in *callsInput) (view.Calls, error) { return s.lookFor(r).Calls(in.Query), nil })
	operate(o, reception, call(http.MethodGet, "/api/v1/blocks", "blocks", "The blocks of today"),
		func(r *http.Request, _ *struct{}) (view.Blocks, error) { return s.lookFor(r).Blocks(), nil })
	operate(o, reception, call(http.MethodGet, "/api/v1/blocks/{id}", "blocks", "A block, with all its numbers, for the paper"),
		func(r *http.Request, in *blockInput) (view.Block, error) {
			b, ok := s.look().Block(in.ID)
			if !ok {
				return b, fmt.Errorf("%w: no block %q", errNoPage, in.ID)
			}
			return b, nil
		})
	operate(o, reception, call(http.MethodGet, "/api/v1/reception/tickets/{ticket}", "reception", "Show a number again, with what its holder is shown who has no paper"),
		func(r *http.Request, in *shownInput) (heldView, error) { return s.heldAgain(s.lookFor(r), in.Ticket) })
	if s.cfg.Administration != nil {
		o.registerAlert()
	}
	if s.cfg.Procedures != nil {
		o.registerProcedures()
	}
	if s.cfg.Technician != nil {
		o.registerTechnician()
	}
}

func (o *operations) registerAlert() {
	const path, tag = "/api/v1/manager/alert", "manager"
	s := o.s
	operate(o, manager, call(http.MethodGet, path, tag, "Past which limit the manager's page marks a desk that is on one number; empty while it marks none"),
		func(*http.Request, *struct{}) (access.DeskAlert, error) { return s.cfg.Administration.DeskAlert(), nil })
	perform(o, manager, call(http.MethodPost, path, tag, "Mark desks past a limit: the law asks for a ground, an agreement or a permit, and that people are told"),
		func(r *http.Request, in *sent[alertBody]) error { return s.setAlert(r, access.DeskAlert(in.Body)) })
	perform(o, manager, call(http.MethodPost, path+"/off", tag, "Mark no desk"),
		func(r *http.Request, _ *struct{}) error { return s.clearAlert(r) })
}

func (o *operations) registerProcedures() {
	const path, tag = "/api/v1/procedures", "procedures"
	s := o.s
	operate(o, helpers, call(http.MethodGet, path, tag, "Find procedures by words, the best first"),
		func(r *http.Request, in *searchInput) (view.Search, error) {
			return s.search(s.lookFor(r), in.Query, false)
		})
	operate(o, helpers, call(http.MethodGet, path+"/{id}", tag, "The sheet of a procedure: who, documents, cost, time and where"),
		func(r *http.Request, in *procedureInput) (view.ProcedureSheet, error) {
			c, err := s.cfg.Procedures.Catalogue()
			if err != nil {
				return view.ProcedureSheet{}, errNoCatalogue
			}
			p, ok := c.Procedure(procedure.ID(in.ID))
			if !ok {
				return view.ProcedureSheet{}, fmt.Errorf("%w: no procedure %q", errNoPage, in.ID)
			}
			return s.lookFor(r).Sheet(p), nil
		})
	operate(o, setters, call(http.MethodGet, topicsAPI, tag, "The topics of the catalogue, and the service that each belongs to here"),
		func(*http.Request, *struct{}) (topicsAnswer, error) { return s.topics() })
	operate(o, setters, call(http.MethodPost, topicsAPI, tag, "Say which service each topic belongs to; those that are left out stay where they are"),
		func(r *http.Request, in *sent[topicsBody]) (topicsAnswer, error) {
			if err := s.placeTopics(r, in.Body.Services); err != nil {
				return topicsAnswer{}, err
			}
			return s.topics()
		})
	handle[string](o, catalogue, call(http.MethodGet, path+".csv", tag, "The catalogue as a table"), "text/csv", s.getProceduresCSV)
	file := call(http.MethodPut, path+".csv", tag, "Put the catalogue of a table in force; one with a fault changes nothing")
	file.RequestBody = fileBody("text/csv")
	handle[replaced](o, catalogue, file, jsonMedia, s.apiReplaceProcedures)
	operate(o, catalogue, call(http.MethodPost, path+"/back", tag, "Put the catalogue in force again that was so before the newest one; the newest is kept in its place"),
		func(r *http.Request, _ *struct{}) (replaced, error) { return s.backToEarlier(r) })
}

// fileBody is a body that is a file.
func fileBody(media string) *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{media: {Schema: &huma.Schema{Type: huma.TypeString}}}}
}
