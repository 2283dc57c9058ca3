package display

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue/procedure"
	"eliminacode/queue/words"
)

// proceduresShown is how many sheets a search shows: more are no help to who has
// somebody waiting.
const proceduresShown = 8

var (
	// Who tells people where to go may look procedures up.
	helpers = only(access.Reception, access.Attendant, access.Clerk, access.BackOffice, access.Manager)
	// The catalogue is the office's, and so the manager's.
	catalogue = only(access.Manager)
)

// procedureRoutes are the addresses of the catalogue.
func (s *Server) procedureRoutes() []route {
	if s.cfg.Procedures == nil {
		return nil
	}
	return []route{
		{"GET /pratiche", helpers, s.getProcedures},
		{"GET /pratiche.csv", catalogue, s.getProceduresCSV},
		{"POST /pratiche", catalogue, s.postProcedures},
		{"POST /pratiche/prima", catalogue, s.postEarlierProcedures},
		{"GET " + topicsHome, setters, s.getTopics},
		{"POST " + topicsHome, setters, s.postTopics},
	}
}

// search looks procedures up as a request asks; with served those alone that somebody
// can be given a number for.
func (s *Server) search(l view.Look, query string, served bool) (view.Search, error) {
	if len(query) > procedure.MaxQueryBytes {
		return view.Search{}, fmt.Errorf("%w: search of %d bytes", errBadBody, len(query))
	}
	if s.cfg.Procedures == nil {
		return view.Search{Query: query}, nil
	}
	return l.Procedures(s.procedures(), query, proceduresShown, served), nil
}

// A proceduresPage is the search of procedures, and the catalogue's way in and out
// for who may.
type proceduresPage struct {
	Search view.Search
	// Prints tells that what is found stands beside a form that gives numbers.
	Prints bool
	// All is how many there are, Examples how many of their sheets are still those of
	// the reference office; Replaced that they were put in force just now.
	All      int
	Examples int
	Replaced bool
	// Faults are why a file was not taken; Astray are those of services that the
	// office does not have.
	Faults procedure.Faults
	Astray []procedure.Procedure
	// Before is how many the earlier catalogue has, and Since what is otherwise than in
	// it; 0 when none is kept, or nothing is otherwise.
	Before int
	Since  procedure.Change
}

// getProcedures answers with the page, or with what was found alone for a script.
func (s *Server) getProcedures(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	l := s.lookFor(r)
	found, err := s.search(l, q.Get("pratica"), q.Has("numeri"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p := s.pageAt(l, "procedures")
	v := proceduresPage{Search: found, Prints: q.Has("numeri"), Replaced: q.Has("caricato")}
	if q.Get("as") == "html" {
		p.View = v
		s.renderPart(w, "found", p)
		return
	}
	s.renderProcedures(w, r, p, v)
}

// renderProcedures writes the page, with the catalogue as it is now.
func (s *Server) renderProcedures(w http.ResponseWriter, r *http.Request, p *page, v proceduresPage) {
	if c, err := s.cfg.Procedures.Catalogue(); err == nil {
		state, _ := s.cfg.Engine.Watch()
		v.All, v.Astray = len(c.All()), c.Astray(state.Setup())
		if before := s.cfg.Procedures.Earlier(); before != nil {
			if v.Since = c.Since(before); !v.Since.None() {
				v.Before = len(before.All())
			}
		}
		for _, one := range c.All() {
			if one.Example {
				v.Examples++
			}
		}
	}
	p.View, p.Manages = v, catalogue.allows(s.visitor(r))
	s.render(w, r, p)
}

// renderPart writes one template of a page, for a script that puts it there.
func (s *Server) renderPart(w http.ResponseWriter, part string, p *page) {
	var b bytes.Buffer
	if err := s.execute(&b, part, &p.sheet, p); err != nil {
		s.log.Error("rendering a part of a page", "page", p.Name, "part", part, "err", err)
		http.Error(w, p.tongue.Refusal(err), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes())
}

func (s *Server) getProceduresCSV(w http.ResponseWriter, r *http.Request) {
	c, err := s.cfg.Procedures.Catalogue()
	if err != nil {
		s.refuse(w, r, errNoCatalogue)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="pratiche.csv"`)
	_, _ = w.Write(c.Format())
}

// maxUploadBytes bounds a form with a file: the file, and what stands around it.
const maxUploadBytes = procedure.MaxFileBytes + 16<<10

// postProcedures puts the catalogue of a file in force that the manager chose.
func (s *Server) postProcedures(w http.ResponseWriter, r *http.Request) {
	file, err := uploaded(r)
	if err == nil {
		if _, err = s.cfg.Procedures.Replace(file); err == nil {
			s.note(r, catalogue, "procedures.replace", nil, nil)
		}
	}
	var faults procedure.Faults
	switch {
	case err == nil:
		http.Redirect(w, r, "/pratiche?caricato=1", http.StatusSeeOther)
	case errors.As(err, &faults):
		p := s.page(r, "procedures")
		p.status = http.StatusUnprocessableEntity
		if faults[0].Flaw == procedure.FlawLong {
			p.status = http.StatusRequestEntityTooLarge
		}
		s.renderProcedures(w, r, p, proceduresPage{Faults: faults})
	default:
		s.refuse(w, r, err)
	}
}

// postEarlierProcedures puts the catalogue in force that was so before.
func (s *Server) postEarlierProcedures(w http.ResponseWriter, r *http.Request) {
	if _, err := s.backToEarlier(r); err != nil {
		s.refuse(w, r, err)
		return
	}
	http.Redirect(w, r, "/pratiche?caricato=1", http.StatusSeeOther)
}

// backToEarlier puts the earlier catalogue in force, and keeps the other as the earlier
// one.
func (s *Server) backToEarlier(r *http.Request) (replaced, error) {
	before := s.cfg.Procedures.Earlier()
	if before == nil {
		return replaced{}, errNoEarlier
	}
	c, err := s.cfg.Procedures.Replace(before.Format())
	if err != nil {
		return replaced{}, err
	}
	s.note(r, catalogue, "procedures.replace", nil, nil)
	return s.replacedBy(c), nil
}

// uploaded is the file of a form.
func uploaded(r *http.Request) ([]byte, error) {
	f, _, err := r.FormFile("file")
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return nil, procedure.Faults{{Flaw: procedure.FlawLong, Limit: procedure.MaxFileBytes}}
	case err != nil:
		return nil, procedure.Faults{{Flaw: procedure.FlawEmpty}}
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, procedure.MaxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBadBody, err)
	}
	return file, nil
}

// A replaced answers a program that has put a catalogue in force.
type replaced struct {
	Procedures int            `json:"procedures" doc:"How many the catalogue has"`
	Astray     []procedure.ID `json:"astray" doc:"Those of services that the office does not have"`
	Added      []procedure.ID `json:"added" doc:"Those that the catalogue before did not have"`
	Changed    []procedure.ID `json:"changed" doc:"Those whose sheet is another now"`
	Removed    []procedure.ID `json:"removed" doc:"Those that are there no more; POST /api/v1/procedures/back puts the catalogue before in force again"`
}

// replacedBy is what a catalogue that was put in force just now has and changes.
func (s *Server) replacedBy(c *procedure.Catalogue) replaced {
	state, _ := s.cfg.Engine.Watch()
	done := replaced{Procedures: len(c.All()), Astray: idsOf(c.Astray(state.Setup()))}
	var since procedure.Change
	if before := s.cfg.Procedures.Earlier(); before != nil {
		since = c.Since(before)
	}
	done.Added, done.Changed, done.Removed = idsOf(since.Added), idsOf(since.Changed), idsOf(since.Gone)
	return done
}

// idsOf are the short names of procedures, never nil.
func idsOf(all []procedure.Procedure) []procedure.ID {
	ids := make([]procedure.ID, len(all))
	for i, p := range all {
		ids[i] = p.ID
	}
	return ids
}

func (s *Server) apiReplaceProcedures(w http.ResponseWriter, r *http.Request) {
	file, err := io.ReadAll(r.Body)
	var long *http.MaxBytesError
	if err != nil && !errors.As(err, &long) {
		s.refuse(w, r, fmt.Errorf("%w: %v", errBadBody, err))
		return
	}
	if long != nil || len(file) > procedure.MaxFileBytes {
		s.refuse(w, r, &http.MaxBytesError{Limit: procedure.MaxFileBytes})
		return
	}
	c, err := s.cfg.Procedures.Replace(file)
	var faults procedure.Faults
	if errors.As(err, &faults) {
		s.badFile(w, r, faults)
		return
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.note(r, catalogue, "procedures.replace", nil, nil)
	writeJSON(w, http.StatusOK, s.replacedBy(c))
}

// badFile answers a program whose file has faults with all of them.
func (s *Server) badFile(w http.ResponseWriter, r *http.Request, faults procedure.Faults) {
	p := s.problemFor(r, errBadFile)
	for _, f := range faults {
		p.Errors = append(p.Errors, problemField{Location: "body", Message: flawed(s.tongueOf(r), f)})
	}
	writeProblem(w, p)
}

// flawed says in a language what is wrong in a file of procedures, where, and what
// to do.
func flawed(tongue *words.Tongue, f procedure.Fault) string {
	said := tongue.Say("flaw.is-"+string(f.Flaw), "text", f.Text, "limit", f.Limit, "other", f.Other)
	switch {
	case f.Line == 0:
		return said
	case f.Letter() == "":
		return tongue.Say("flaw.line", "line", f.Line, "flaw", said)
	case f.Heading == "":
		return tongue.Say("flaw.column", "line", f.Line, "column", f.Letter(), "flaw", said)
	default:
		return tongue.Say("flaw.cell", "line", f.Line, "column", f.Letter(), "heading", f.Heading, "flaw", said)
	}
}
