package display

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
)

// Setups keeps the offices that are being written and those that were in force,
// beside the journal. Its methods may be called from any goroutine.
type Setups interface {
	// Draft is what an author is writing; ok is false when there is nothing.
	Draft(author string) (d SetupDraft, ok bool)
	// KeepDraft puts an author's draft on disk. The error may be ErrDraftsFull.
	KeepDraft(author string, d SetupDraft) error
	DropDraft(author string) error
	// Versions are the offices that were in force, the newest first.
	Versions() []SetupVersion
	// Version is one of them by its number.
	Version(number int) (queue.Setup, error)
	// Save puts a setup in force, now or from a day on. The error Is
	// ErrSetupChanged when another one is in force than the act is based on.
	// It may be ErrPlansFull.
	Save(ctx context.Context, act SetupAct) error
	// By carries out a change of the office that is made by another way than Save, and
	// keeps whose it is. The change itself puts note into the audit list; note is for
	// the next start, should the program end before, and may be empty. The error is
	// that of change.
	By(who access.Visitor, note access.Entry, change func() error) error
	// Planned are what wait for their day, in the order in which they will be put
	// in force.
	Planned() []SetupPlan
	// PlanEnded tells that a setup of this number waited once and waits no more. No
	// number is given twice.
	PlanEnded(number int) bool
	// Unplan takes one of them back, by its number. The error may be ErrNoPlan.
	Unplan(number int) error
}

// A SetupDraft is what somebody is writing: the office as it was when they began,
// and as they have it now.
type SetupDraft struct {
	Base  queue.Setup `json:"base"`
	Setup queue.Setup `json:"setup"`
}

// A SetupVersion is an office that was in force.
type SetupVersion struct {
	Number int
	At     time.Time   // when it was put in force; the office's time
	Role   access.Role // of who did it; empty when it was not on these pages
	Who    string      // the id of the person; empty when nobody has signed in
	Why    string
	For    string // the day for which it was planned, such as "2026-12-01"; empty where it was not
	Mark   string // of the setup, see office.Mark
}

// A SetupAct puts a setup in force.
type SetupAct struct {
	Setup queue.Setup
	Base  string // the mark of the setup that it changes
	Who   access.Visitor
	Why   string
	// From is the day from which on it holds, such as "2026-12-01"; empty is now.
	From string
	// Sure: it holds from now although that leaves people without an open desk; see
	// queue.UnattendedError.
	Sure bool
	// Author is whose draft it is, and Note the act as the audit list will have it, with
	// the sequence that the list had reached before. Both are for the case that the
	// program ends before DropDraft: at its next start the act is noted and the draft
	// dropped, if the setup is in force by then or waits.
	Author string
	Note   access.Entry
}

// A SetupPlan is a setup that waits for its day.
type SetupPlan struct {
	Number int
	// Base is the office in force when it was saved, Setup what was made of it.
	Base, Setup queue.Setup
	From        string // a day, such as "2026-12-01"
	Role        access.Role
	Who         string // the id of the person; empty when nobody has signed in
	Why         string
	// Failed is the code of why it could not be put in force when its day came;
	// empty while it is still to come.
	Failed string
}

// Refusals of who keeps setups.
var (
	// ErrSetupChanged: somebody else has put another office in force meanwhile.
	ErrSetupChanged = errors.New("another office is in force meanwhile")
	// ErrDraftsFull: as many drafts are kept as there is room for.
	ErrDraftsFull = errors.New("too many drafts")
	// ErrPlansFull: as many setups wait for their day as there is room for.
	ErrPlansFull = errors.New("too many setups are planned")
	// ErrNoPlan: no such setup waits for its day.
	ErrNoPlan = errors.New("no such setup is planned")
	// errPlanEnded: it waited once; it is in force, was taken back or taken up.
	errPlanEnded = errors.New("the setup waits no more")
	// ErrNoVersion: no such version is kept.
	ErrNoVersion = errors.New("no such version of the office")
)

// firstAuthor is whose the draft of a first office is: whoever sets the box up goes
// on where another stopped.
const firstAuthor = "first"

// author is whose draft a visitor writes. In a demonstration, which knows nobody,
// all write one.
func author(v access.Visitor) string {
	if v.ID == "" {
		return "demo"
	}
	return v.ID
}

// An editing is an author's draft, beside the office in force.
type editing struct {
	SetupDraft
	author  string
	kept    bool // it is on disk
	inForce queue.Setup
	state   *queue.State
}

func (s *Server) editing(v access.Visitor) editing {
	state, _ := s.cfg.Engine.Watch()
	e := editing{author: author(v), inForce: state.Setup(), state: state}
	if !state.HasSetup() {
		e.author = firstAuthor
	}
	if e.SetupDraft, e.kept = s.cfg.Setups.Draft(e.author); !e.kept {
		e.SetupDraft = SetupDraft{Base: e.inForce, Setup: e.inForce}
		if !state.HasSetup() {
			e.Setup = office.Begun()
		}
	}
	return e
}

// inDraft answers a posted form with something that changes the visitor's draft, one
// at a time.
func (s *Server) inDraft(do func(http.ResponseWriter, *http.Request, editing, fields)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		posted, err := readForm(r)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		s.drafting.Lock()
		defer s.drafting.Unlock()
		do(w, r, s.editing(s.visitor(r)), posted)
	}
}

// compared is the office that a draft is compared with, to say what it changes: with
// no office in force, what every new one begins with, which nobody has decided.
func (e editing) compared() queue.Setup {
	if !e.state.HasSetup() {
		return office.Begun()
	}
	return e.Base
}

// changes tells whether a setup means something else than the one in force.
func (e editing) changes(setup queue.Setup) bool {
	if !e.state.HasSetup() {
		return len(change.Between(office.Begun(), setup)) > 0
	}
	return len(change.Between(e.inForce, setup)) > 0
}

// outdated tells that another office is in force than the draft began with.
func (e editing) outdated() bool { return office.Mark(e.Base) != office.Mark(e.inForce) }

// rebased brings what was changed meanwhile into the draft; what somebody else removed and
// the draft changes is left out, unless it is kept.
func (e editing) rebased(keep bool) SetupDraft {
	merge := change.Merge
	if keep {
		merge = change.MergeKeeping
	}
	return SetupDraft{Base: e.inForce, Setup: merge(e.Base, e.Setup, e.inForce)}
}

// keep puts the draft on disk as it is now. One that means what is in force, however
// it is written, is none.
func (s *Server) keep(e editing, setup queue.Setup) error {
	if !e.changes(setup) && !e.outdated() {
		return s.cfg.Setups.DropDraft(e.author)
	}
	if err := s.cfg.Setups.KeepDraft(e.author, SetupDraft{Base: e.Base, Setup: setup}); err != nil {
		return fmt.Errorf("keeping the draft: %w", err)
	}
	return nil
}
