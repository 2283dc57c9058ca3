package private

import (
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// SetLanguage keeps the language in which a member wants the pages. It is the
// person's own choice and no act of an administrator: it stands in no audit list
// and ends no session, but who is changing the account meanwhile is told. It
// answers access.ErrUnknown, or what Member.Validate does.
func (s *Store) SetLanguage(now time.Time, id string, language queue.Language) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	m, ok := s.members.rows[id]
	if !ok {
		return access.ErrUnknown
	}
	if m.Language == language {
		return nil
	}
	m.Language, m.Version, m.Changed = language, m.Version+1, now
	if err := m.Validate(); err != nil {
		return err
	}
	return s.commit(s.members.put(id, m))
}
