package display

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
)

var (
	// errDraftKept: a draft with changes is kept already, and nobody has said that
	// another may take its place.
	errDraftKept = errors.New("a draft is kept already")
	// errNoAside: no earlier draft is kept.
	errNoAside = errors.New("no earlier draft is kept")
)

// asideOf is under which name an author's last draft is kept that another took the
// place of. No author has a space in the name.
func asideOf(author string) string { return author + " aside" }

// aside is the author's earlier draft.
func (s *Server) aside(e editing) (SetupDraft, bool) { return s.cfg.Setups.Draft(asideOf(e.author)) }

// written tells that the draft has changes, which somebody may miss.
func (e editing) written() bool {
	return e.kept && len(change.Between(e.compared(), e.Setup)) > 0
}

// setAside keeps a draft with changes as the earlier one.
func (s *Server) setAside(e editing) error {
	if !e.written() {
		return nil
	}
	if err := s.cfg.Setups.KeepDraft(asideOf(e.author), e.SetupDraft); err != nil {
		return fmt.Errorf("keeping the earlier draft: %w", err)
	}
	return nil
}

// replaceDraft makes another draft the author's. One with changes gives its place only
// to who names it by its mark, and is set aside. The caller holds drafting.
func (s *Server) replaceDraft(e editing, by SetupDraft, mark string) error {
	if now := office.Mark(e.Setup); e.written() && office.Mark(by.Setup) != now {
		if mark != now {
			return errDraftKept
		}
		if err := s.setAside(e); err != nil {
			return err
		}
	}
	e.Base = by.Base
	return s.keep(e, by.Setup)
}

// bringBack makes the earlier draft the author's again. The one that is kept now
// becomes the earlier one.
func (s *Server) bringBack(e editing) error {
	d, ok := s.aside(e)
	if !ok {
		return errNoAside
	}
	var err error
	if e.written() {
		err = s.setAside(e)
	} else {
		err = s.cfg.Setups.DropDraft(asideOf(e.author))
	}
	if err != nil {
		return err
	}
	return s.cfg.Setups.KeepDraft(e.author, d)
}

// draftOf makes a whole setup the visitor's draft, in place of the one with a mark.
func (s *Server) draftOf(r *http.Request, setup queue.Setup, mark string) error {
	s.drafting.Lock()
	defer s.drafting.Unlock()
	e := s.editing(s.visitor(r))
	return s.replaceDraft(e, SetupDraft{Base: e.inForce, Setup: setup}, mark)
}

// A setupReplacePage asks whether a draft may lose its place.
type setupReplacePage struct {
	Draft  setupDraftPage
	Things []changedThing // what the draft changes
	Fields []hiddenField  // what was sent, to be sent again
	File   bool           // it is sent as a file is
}

// A hiddenField is a value that a form sends again as it came.
type hiddenField struct{ Name, Value string }

// askReplace answers what would take the place of a draft with the question whether it
// may. Sent are the fields of the request, which sends them again if so.
func (s *Server) askReplace(w http.ResponseWriter, r *http.Request, sent fields, file bool) {
	e := s.editing(s.visitor(r))
	tongue := s.tongueOf(r)
	before := e.compared()
	v := setupReplacePage{
		Draft:  s.draftPage(e, newSetupForm(e.Setup, nil, tongue)),
		Things: changedThings(tongue, change.Between(before, e.Setup), before, e.Setup),
		File:   file,
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		if name != "replaces" {
			v.Fields = append(v.Fields, hiddenField{name, sent[name]})
		}
	}
	p := s.page(r, "setup-replace")
	p.View, p.status = v, http.StatusConflict
	s.render(w, r, p)
}
