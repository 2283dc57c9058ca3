package display

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
)

// longestWhy bounds the sentence that says why an office was changed, in
// characters.
const longestWhy = 300

func (s *Server) postSetupEffect(w http.ResponseWriter, r *http.Request) {
	posted, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	here, code, err := s.draftAct(r, posted["action"], posted)
	if errors.Is(err, errDraftKept) {
		s.askReplace(w, r, posted, false)
		return
	}
	if err != nil {
		s.backKeeping(w, r, here, proposed(posted), err)
		return
	}
	s.back(w, r, here, nil, code, nil)
}

// proposed is what was written into the form that puts a draft in force, for the page that
// it is refused on.
func proposed(posted fields) url.Values {
	kept := url.Values{}
	for name, field := range map[string]string{"quando": "when", "dal": "from", "perche": "why"} {
		if text := posted[field]; text != "" && utf8.RuneCountInString(text) <= longestWhy {
			kept.Set(name, text)
		}
	}
	return kept
}

// draftAct does something with the visitor's draft as a whole. It answers the page
// to look at next, and the code of what was done.
func (s *Server) draftAct(r *http.Request, action string, posted fields) (here, code string, err error) {
	s.drafting.Lock()
	defer s.drafting.Unlock()
	e := s.editing(s.visitor(r))
	here = setupHome + "/effetto"
	switch action {
	case "discard":
		here, code = setupHome, "draft-dropped"
		if err = s.setAside(e); err == nil {
			err = s.cfg.Setups.DropDraft(e.author)
		}
	case "bring-back":
		code, err = "draft-back", s.bringBack(e)
	case "rebase", "rebase-keeping":
		code, err = s.rebase(e, action == "rebase-keeping")
	case "reference":
		here, code = setupHome, "draft-reference"
		err = s.replaceDraft(e, SetupDraft{Base: e.Base, Setup: office.Reference()}, posted["replaces"])
	case "save":
		code, err = s.saveSetup(r, e, posted)
		if err == nil {
			here = setupHome
		}
	default:
		err = fmt.Errorf("%w: no action %q", errBadBody, action)
	}
	return here, code, err
}

// rebase brings the draft and what somebody else has put in force since together. A draft
// of which something is lost by that is set aside, so that nothing of it is gone.
func (s *Server) rebase(e editing, keep bool) (code string, err error) {
	lost := len(change.Lost(e.Base, e.Setup, e.inForce)) > 0
	d := e.rebased(keep)
	if !e.changes(d.Setup) {
		if err := s.setAside(e); err != nil {
			return "", err
		}
		return "draft-rebased-nothing", s.cfg.Setups.DropDraft(e.author)
	}
	code = "draft-rebased"
	switch {
	case lost && keep:
		code = "draft-rebased-kept"
	case lost:
		code, err = "draft-rebased-lost", s.setAside(e)
	case len(change.Clashes(e.Base, e.Setup, e.inForce)) > 0:
		code = "draft-rebased-own"
	}
	if err != nil {
		return "", err
	}
	return code, s.cfg.Setups.KeepDraft(e.author, d)
}

// SaysWhy tells that a text, without blanks around it, can stand in the history as the
// reason of a change: it is there, is of at most 300 characters, and all of it is seen.
func SaysWhy(why string) bool {
	return why != "" && utf8.ValidString(why) && utf8.RuneCountInString(why) <= longestWhy && !strings.ContainsFunc(why, queue.Unseen)
}

// saveSetup puts a draft in force, now or from a day on.
func (s *Server) saveSetup(r *http.Request, e editing, posted fields) (code string, err error) {
	why := strings.TrimSpace(posted["why"])
	sure, err := sureOf(posted)
	act := SetupAct{Setup: e.Setup, Base: office.Mark(e.Base), Who: s.visitor(r), Why: why, Sure: sure}
	code = "setup-saved"
	switch {
	case err != nil:
		return "", err
	case posted["mark"] != office.Mark(e.Setup):
		return "", errDraftChanged
	case !SaysWhy(why):
		return "", errNoWhy
	case len(office.Faults(e.Setup)) > 0:
		return "", s.badSetup(r, e.Setup)
	case e.Setup.Fits() != nil:
		return "", e.Setup.Fits()
	case e.outdated():
		return "", ErrSetupChanged
	case !e.changes(e.Setup):
		return "", errNothingToSave
	}
	when := posted["when"]
	if when == "" && posted["from"] != "" {
		when = "date"
	}
	if when != "date" && posted["from"] != "" {
		return "", errTwoDays
	}
	if when == "day" || when == "date" {
		now := e.state.OfficeTime(s.cfg.Engine.Now())
		today, err := calendar.BusinessDate(e.Setup, now)
		if err != nil {
			return "", queue.ErrBadSetup
		}
		from := today.AddDays(1)
		if when == "date" {
			if from, err = calendar.ParseDate(posted["from"]); err != nil || !today.Before(from) || today.DaysUntil(from) > mostDaysAhead {
				return "", errBadFrom
			}
		}
		act.From, code = from.String(), "setup-planned"
	}
	what := "office.change"
	if act.From != "" {
		what = "office.plan"
	}
	before, after := noted(e.Base, e.Setup, why, act.From)
	act.Author = e.author
	if act.Note, err = s.toNote(r, setters, what, before, after); err != nil {
		return "", err
	}
	if err := s.cfg.Setups.Save(r.Context(), act); errors.Is(err, queue.ErrUnattended) {
		return "", fmt.Errorf("%w: %w", errSetupSure, err)
	} else if err != nil {
		return "", err
	}
	s.note(r, setters, what, before, after)
	return code, s.cfg.Setups.DropDraft(e.author)
}

// badSetup tells every fault of a draft at its place.
func (s *Server) badSetup(r *http.Request, setup queue.Setup) error {
	f := newSetupForm(setup, nil, s.tongueOf(r))
	p := s.problemFor(r, queue.ErrBadSetup)
	for _, x := range f.faults {
		p.Errors = append(p.Errors, problemField{Location: "draft." + x.Path, Code: "general", Message: f.text(change.KeyOf(x.Path)).Rule})
	}
	return errors.Join(queue.ErrBadSetup, &refused{p})
}

// mostDaysAhead is how far ahead a setup may be planned.
const mostDaysAhead = 400

var (
	// errDraftChanged: the page shows a draft that was changed elsewhere since.
	errDraftChanged = errors.New("the draft was changed elsewhere")
	// errNoWhy: a setup is put in force without a sentence that says why.
	errNoWhy = errors.New("no reason was given")
	// errNothingToSave: the draft means what is in force.
	errNothingToSave = errors.New("the draft changes nothing")
	// errBadFrom: the day from which a setup holds is none that is to come.
	errBadFrom = errors.New("the day is not to come")
	// errSetupSure: it holds from now for who is sure alone; it stands around
	// queue.ErrUnattended.
	errSetupSure = errors.New("it leaves people without an open desk")
	// errTwoDays: a date is written, and another choice than that date is made.
	errTwoDays = errors.New("a date beside another choice")
)
