package private

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// A member is a row of members.
type member struct {
	access.Member
	PIN      string `json:"pin,omitempty"`
	Password string `json:"password,omitempty"`
	Came     bool   `json:"came,omitempty"` // somebody has signed in with it
	// Own is the language that the person chose, which no list tells: it may change when
	// the person is at work. Empty is that of the account.
	Own queue.Language `json:"own,omitempty"`
}

// language is that of the person's pages.
func (m member) language() queue.Language { return cmp.Or(m.Own, m.Language) }

// secret is the hash of what a member comes in by; empty where there is none.
func (m member) secret(how access.How) string {
	switch how {
	case access.ByPIN:
		return m.PIN
	case access.ByPassword:
		return m.Password
	}
	return ""
}

var errHash = errors.New("a hash is not one")

func (m member) valid() error {
	for _, hash := range []string{m.PIN, m.Password} {
		if hash != "" && !access.IsHash(hash) {
			return errHash
		}
	}
	chosen := m.Member
	chosen.Language = m.language()
	return errors.Join(m.Validate(), chosen.Validate())
}

// shown is the member without what it logs in with.
func (m member) shown() access.Member {
	out := m.Member
	out.Roles, out.Rights = slices.Clone(out.Roles), slices.Clone(out.Rights)
	out.Qualifications = slices.Clone(out.Qualifications)
	out.HasPIN, out.HasPassword, out.Came = m.PIN != "", m.Password != "", m.Came
	return out
}

// administers tells whether the member can come in as an administrator.
func (m member) administers() bool {
	return !m.Disabled && m.Password != "" && slices.Contains(m.Roles, access.Administrator)
}

// Members are the people of the office, by name.
func (s *Store) Members() []access.Member {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := make([]access.Member, 0, len(s.members.rows))
	for _, m := range s.members.rows {
		list = append(list, m.shown())
	}
	slices.SortFunc(list, func(a, b access.Member) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Login, b.Login))
	})
	return list
}

// Member is one of the people, or access.ErrUnknown.
func (s *Store) Member(id string) (access.Member, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	m, ok := s.members.rows[id]
	if !ok {
		return access.Member{}, access.ErrUnknown
	}
	return m.shown(), nil
}

// withLogin finds a member; an unknown one is the zero value.
func (s *Store) withLogin(login string) member {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, m := range s.members.rows {
		if m.Login == login {
			return m
		}
	}
	return member{}
}

// Tied is the member that is tied to what the body's own sign-in calls somebody. It
// answers access.ErrNotTied, or ErrDisabled.
func (s *Store) Tied(subject string) (access.Member, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	id := s.tiedTo(subject)
	if id == "" {
		return access.Member{}, access.ErrNotTied
	}
	m := s.members.rows[id]
	if m.Disabled {
		return access.Member{}, access.ErrDisabled
	}
	return m.shown(), nil
}

// tiedTo is the ID of the member with a subject; empty for none.
func (s *Store) tiedTo(subject string) string {
	for id, m := range s.members.rows {
		if subject != "" && m.Subject == subject {
			return id
		}
	}
	return ""
}

// free refuses a login or a subject that belongs to another member than m.
func (s *Store) free(m access.Member) error {
	if other := s.withLogin(m.Login).ID; other != "" && other != m.ID {
		return access.FieldError{Field: "login", Err: access.ErrTaken}
	}
	if other := s.tiedTo(m.Subject); other != "" && other != m.ID {
		return access.FieldError{Field: "subject", Err: access.ErrTaken}
	}
	return nil
}

// NeedsFirst tells whether nobody can come in as an administrator, so that a
// one-time code makes the first one; never while an account is damaged, which may be
// an administrator's (Locked).
func (s *Store) NeedsFirst() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.members.unread) == 0 && !s.otherAdministers("")
}

// otherAdministers tells whether somebody but the member of an ID can come in as
// an administrator.
func (s *Store) otherAdministers(than string) bool {
	for id, m := range s.members.rows {
		if id != than && m.administers() {
			return true
		}
	}
	return false
}

// MakeMember makes an account that nothing opens yet: NewCode gives the person
// what to choose a PIN or a password with. Its ID, version and times are given
// here. It answers access.ErrTaken, ErrFull, or what Member.Validate does.
func (s *Store) MakeMember(now time.Time, by access.By, m access.Member) (access.Member, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	fresh, changes, err := s.newMember(now, by, m, "member.make")
	if err == nil {
		err = s.commit(changes...)
	}
	return fresh.shown(), err
}

func (s *Store) newMember(now time.Time, by access.By, m access.Member, what string) (member, []change, error) {
	if err := m.Validate(); err != nil {
		return member{}, nil, err
	}
	if s.members.full() {
		return member{}, nil, access.ErrFull
	}
	m.ID = ""
	if err := s.free(m); err != nil {
		return member{}, nil, err
	}
	m.ID, m.Version, m.Made, m.Changed = s.newID(s.members.taken), 1, now, now
	fresh := member{Member: m}
	changes := []change{s.members.put(m.ID, fresh), s.audit(now, by, what, m.Login, nil, noted(m))}
	if s.otherAdministers("") { // else the damaged one keeps NeedsFirst false
		changes = append(changes, s.members.madeAgain(m.Login)...)
	}
	return fresh, changes, nil
}

// noted is a member as the audit list shows it: with how many services, and not with
// which. The journal has the profile in force at a desk, and who keeps both could tell
// by it who sat there.
func noted(m access.Member) any {
	return struct {
		access.Member
		Qualifications int `json:"qualifications,omitempty"`
	}{m, len(m.Qualifications)}
}

// newID is an ID that is not taken.
func (s *Store) newID(taken func(string) bool) string {
	for {
		if id := access.NewID(); !taken(id) {
			return id
		}
	}
}

// ChangeMember puts a member in the place of the one with its ID, if that still
// has its version; else access.ErrChanged. Its sessions end, unless it may just
// what it might before. It answers access.ErrLast where nobody would be left who
// can come in as administrator.
func (s *Store) ChangeMember(now time.Time, by access.By, m access.Member) (access.Member, error) {
	var fresh member
	err := revise(s, &s.members, m.ID, func(old member) ([]change, error) {
		if old.Version != m.Version {
			return nil, access.ErrChanged
		}
		if err := m.Validate(); err != nil {
			return nil, err
		}
		if err := s.free(m); err != nil {
			return nil, err
		}
		m.Version, m.Made, m.Changed = old.Version+1, old.Made, now
		fresh = member{m, old.PIN, old.Password, old.Came, old.Own}
		if m.Language != old.Language {
			fresh.Own = ""
		}
		if old.administers() && !fresh.administers() && !s.otherAdministers(m.ID) {
			return nil, access.ErrLast
		}
		changes := []change{s.members.put(m.ID, fresh), s.audit(now, by, "member.change", m.Login, noted(old.Member), noted(m))}
		if m.Disabled {
			changes = append(changes, s.codes.drop(codeKey(access.SetsMember, m.ID)))
		}
		if m.Login != old.Login || m.Subject != old.Subject || m.Disabled || !slices.Equal(m.Roles, old.Roles) || !slices.Equal(m.Rights, old.Rights) {
			changes = append(changes, s.endSessions(m.ID, "")...)
		}
		return changes, nil
	})
	if err != nil {
		return access.Member{}, err
	}
	return fresh.shown(), nil
}

// RemoveMember takes an account away, with its sessions and its code. The audit
// list keeps what the person did.
func (s *Store) RemoveMember(now time.Time, by access.By, id string, version uint64) error {
	return revise(s, &s.members, id, func(old member) ([]change, error) {
		switch {
		case old.Version != version:
			return nil, access.ErrChanged
		case old.administers() && !s.otherAdministers(id):
			return nil, access.ErrLast
		}
		changes := []change{s.members.drop(id), s.codes.drop(codeKey(access.SetsMember, id)),
			s.audit(now, by, "member.remove", old.Login, noted(old.Member), nil)}
		return append(changes, s.endSessions(id, "")...), nil
	})
}
