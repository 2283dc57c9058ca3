package setups

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"eliminacode/display"
	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/office"
)

// The files of what is under way: a save until its draft has ended, and a change that is
// nobody's draft. They are two, since the second may come before the first has ended.
const (
	savingName   = "saving.json"
	changingName = "changing.json"
)

// An underway is a change of the office that is under way: what is to be done once it is
// in force, or waits for its day. A program that was cut off in between does it at its
// next start.
type underway struct {
	V      int           `json:"v"`
	From   string        `json:"from,omitempty"`   // the day for which it is planned; empty is at once
	Plan   int           `json:"plan,omitempty"`   // the number of what waited for its day; 0 is none
	Before string        `json:"before,omitempty"` // where the setup is not known yet: the mark of what was in force
	Author string        `json:"author,omitempty"` // whose draft ends with it
	Note   *access.Entry `json:"note,omitempty"`   // for the audit list
	version
}

// begin keeps what is to be done after a change. The caller holds saving.
func (s *Store) begin(name string, u underway) error {
	u.V = layout
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(name, u)
}

// ended forgets a change that is done or was refused.
func (s *Store) ended(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(name)
}

// forget is ended for a caller that holds mu.
func (s *Store) forget(name string) {
	if err := s.remove(name); err != nil {
		s.log.Warn("a change that has ended stays on disk", "err", err)
	}
}

// cutOff does once what the program before this one has left undone, before anything new
// is under way. The caller holds saving.
func (s *Store) cutOff() {
	if s.whole {
		return
	}
	s.whole = true
	s.complete(savingName)
	s.complete(changingName)
}

// complete does what a change that was cut off has left undone, if it is in force or waits
// for its day: the history with who and why, the end of what waited for its day, the
// audit list, and the end of the draft. Otherwise it did not happen, and its draft or its
// plan is still there.
func (s *Store) complete(name string) {
	if _, err := os.Stat(s.path(name)); errors.Is(err, fs.ErrNotExist) {
		return
	}
	var was underway
	defer s.ended(name)
	if !s.read(name, &was) {
		return
	}
	state, _ := s.office.Watch()
	if !s.happened(was, state) {
		s.log.Warn("a change of the office was cut off before it was in force; what was written for it is still there", "why", was.Why)
		return
	}
	if was.From == "" {
		s.remember(was.version)
		s.endWalk()
	}
	if was.Plan != 0 {
		// Its plan is gone already where only this file was left.
		if err := s.Unplan(was.Plan); err != nil && !errors.Is(err, display.ErrNoPlan) {
			s.log.Error("a planned set-up stays on disk", "err", err)
		}
	}
	if was.Note != nil && s.Noted != nil {
		if err := s.Noted(*was.Note); err != nil {
			s.log.Error("an act is not in the audit list", "what", was.Note.What, "err", err)
		}
	}
	if was.Author != "" {
		if err := s.DropDraft(was.Author); err != nil {
			s.log.Error("the draft of an office that is in force stays on disk", "err", err)
		}
	}
	s.log.Info("a change of the office that was cut off is completed", "why", was.Why)
}

// happened tells whether a change is in force, or waits for its day.
func (s *Store) happened(was underway, state *queue.State) bool {
	is := office.Mark(state.Setup())
	switch {
	case was.From != "":
		return s.waits(was.From, was.Mark)
	case was.Before != "":
		return state.HasSetup() && is != was.Before
	}
	return state.HasSetup() && is == was.Mark
}

// waits tells whether a setup waits for a day.
func (s *Store) waits(from, mark string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	for _, p := range s.plans {
		if p.From == from && office.Mark(p.Setup) == mark {
			return true
		}
	}
	return false
}

// draftEnded forgets the save of a draft, which was the last thing to do after it. The
// caller holds mu.
func (s *Store) draftEnded(author string) {
	b, err := os.ReadFile(s.path(savingName))
	var was underway
	if err == nil && json.Unmarshal(b, &was) == nil && was.Author == author {
		s.forget(savingName)
	}
}
