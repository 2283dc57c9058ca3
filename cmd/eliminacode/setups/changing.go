package setups

import (
	"errors"
	"io/fs"
	"os"

	"eliminacode/display"
	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/office"
)

// changingName is the file of a change that is under way and is nobody's draft.
const changingName = "changing.json"

// A changing is a setup that waited for its day and is being put in force, or a change
// of the office by another way than a save.
type changing struct {
	V      int           `json:"v"`
	Plan   int           `json:"plan,omitempty"`   // the number of what waited; 0 is none
	Before string        `json:"before,omitempty"` // without a plan: the mark of what was in force
	Note   *access.Entry `json:"note,omitempty"`   // for the audit list
	version
}

// change keeps what is to be done after a change, and answers what ends it. The caller
// holds saving.
func (s *Store) change(c changing) (ended func(), err error) {
	c.V = layout
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed, s.write(changingName, c)
}

// changed forgets a change that is done or was refused.
func (s *Store) changed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.remove(changingName); err != nil {
		s.log.Warn("a change that has ended stays on disk", "err", err)
	}
}

// changeCutOff does what a change that was cut off by the end of the program has left
// undone, if it is in force: the history with who and why, the audit list, and the end of
// what waited for its day. Otherwise it did not happen, and a plan still waits.
func (s *Store) changeCutOff(state *queue.State) {
	if _, err := os.Stat(s.path(changingName)); errors.Is(err, fs.ErrNotExist) {
		return
	}
	var was changing
	defer s.changed()
	if !s.read(changingName, &was) {
		return
	}
	is := office.Mark(state.Setup())
	if was.Plan != 0 && is != was.Mark || was.Plan == 0 && is == was.Before {
		return
	}
	s.remember(was.version)
	if was.Plan != 0 {
		// Its plan is gone already where only this file was left.
		if err := s.Unplan(was.Plan); err != nil && !errors.Is(err, display.ErrNoPlan) {
			s.log.Error("a planned set-up stays on disk", "err", err)
		}
	}
	if was.Note != nil {
		s.note(*was.Note)
	}
	s.log.Info("a change of the office that was cut off is completed", "why", was.Why)
}
