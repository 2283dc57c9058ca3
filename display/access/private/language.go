package private

import "eliminacode/queue"

// SetLanguage keeps the language in which a member wants the pages. It is the
// person's own choice and no act of an administrator: it stands in no audit list,
// ends no session, and moves nothing of the account that others read. Who gives the
// account another language takes the choice away. It answers access.ErrUnknown, or
// what Member.Validate does.
func (s *Store) SetLanguage(id string, language queue.Language) error {
	return revise(s, &s.members, id, func(m member) ([]change, error) {
		if m.language() == language {
			return nil, nil
		}
		m.Own = language
		return []change{s.members.put(id, m)}, m.valid()
	})
}
