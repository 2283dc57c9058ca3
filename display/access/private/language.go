package private

import (
	"time"

	"eliminacode/queue"
)

// SetLanguage keeps the language in which a member wants the pages. It is the
// person's own choice and no act of an administrator: it stands in no audit list
// and ends no session, but who is changing the account meanwhile is told. It
// answers access.ErrUnknown, or what Member.Validate does.
func (s *Store) SetLanguage(now time.Time, id string, language queue.Language) error {
	return revise(s, &s.members, id, func(m member) ([]change, error) {
		if m.Language == language {
			return nil, nil
		}
		m.Language, m.Version, m.Changed = language, m.Version+1, now
		return []change{s.members.put(id, m)}, m.Validate()
	})
}
