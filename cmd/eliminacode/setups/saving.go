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

// savingName is the file of a save that is under way: what is to be done once the
// setup is in force, or waits for its day. A program that was cut off in between does
// it at its next start.
const savingName = "saving.json"

// A saving is a save that is under way.
type saving struct {
	V      int          `json:"v"`
	From   string       `json:"from,omitempty"` // a day; empty is at once
	Author string       `json:"author"`         // whose draft it was
	Note   access.Entry `json:"note"`           // for the audit list
	version
}

// begin keeps what is to be done after a save of somebody's draft.
func (s *Store) begin(act display.SetupAct, v version) error {
	if act.Author == "" {
		return nil
	}
	v.Mark = office.Mark(act.Setup)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(savingName, saving{V: layout, From: act.From, Author: act.Author, Note: act.Note, version: v})
}

// ended forgets a save that is done or was refused. The caller holds mu.
func (s *Store) ended() {
	if err := s.remove(savingName); err != nil {
		s.log.Warn("a save that has ended stays on disk", "err", err)
	}
}

// cutOff does what a save that was cut off by the end of the program has left undone,
// if its setup is in force or waits for its day: the history with who and why, the audit
// list, and the end of the draft. Otherwise it did not happen, and the draft is still
// there.
func (s *Store) cutOff(state *queue.State) {
	if _, err := os.Stat(s.path(savingName)); errors.Is(err, fs.ErrNotExist) {
		return
	}
	var was saving
	ok := s.read(savingName, &was)
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.ended()
	}()
	switch {
	case !ok:
		return
	case was.From != "":
		ok = s.waits(was.From, was.Mark)
	default:
		ok = office.Mark(state.Setup()) == was.Mark
	}
	if !ok {
		s.log.Warn("a change of the office was cut off before it was in force; its draft is still there", "why", was.Why)
		return
	}
	if was.From == "" {
		s.remember(was.version)
		s.endWalk()
	}
	s.note(was.Note)
	if err := s.DropDraft(was.Author); err != nil {
		s.log.Error("the draft of an office that is in force stays on disk", "err", err)
	}
	s.log.Info("a change of the office that was cut off is completed", "why", was.Why)
}

// note puts an act that was cut off into the audit list.
func (s *Store) note(act access.Entry) {
	if s.Noted == nil {
		return
	}
	if err := s.Noted(act); err != nil {
		s.log.Error("an act is not in the audit list", "what", act.What, "err", err)
	}
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
	var was saving
	if err == nil && json.Unmarshal(b, &was) == nil && was.Author == author {
		s.ended()
	}
}
