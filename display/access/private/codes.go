package private

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"eliminacode/display/access"
)

// codeLife is the life of a one-time code.
const codeLife = 30 * time.Minute

// A code is a row of codes.
type code struct {
	Purpose access.Purpose `json:"purpose"`
	Member  string         `json:"member,omitempty"`
	Hash    string         `json:"hash"`
	Made    time.Time      `json:"made"`
	Until   time.Time      `json:"until"`
	Life    life           `json:"life,omitzero"`
	Act     uint64         `json:"act,omitempty"` // of the audit list, which says that it was made
}

func (c code) valid() error {
	if !access.IsHash(c.Hash) {
		return errHash
	}
	if c.Until.IsZero() {
		return errors.New("the code has no end")
	}
	return nil
}

func codeKey(p access.Purpose, member string) string {
	if p == access.SetsMember {
		return string(p) + ":" + member
	}
	return string(p)
}

// PrintCode makes the code that is printed for the technician who stands before
// the box: it makes the first administrator, or where there is one it lets an
// administrator choose a new password. It voids the one before. It answers ErrDamaged
// where the store is Locked.
func (s *Store) PrintCode(ctx context.Context, now time.Time) (access.OneTimeCode, error) {
	if s.Locked() {
		return access.OneTimeCode{}, damaged(s.path, errLocked)
	}
	p := access.SetsAdministrator
	if s.NeedsFirst() {
		p = access.MakesFirst
	}
	return s.newCode(ctx, now, access.By{Name: "box", Role: access.Technician}, p, access.Member{Login: "box"})
}

// NewCode makes a code with which a member chooses a PIN or a password. It voids
// the one before.
func (s *Store) NewCode(ctx context.Context, now time.Time, by access.By, id string) (access.OneTimeCode, error) {
	m, err := s.Member(id)
	if err != nil {
		return access.OneTimeCode{}, err
	}
	if m.Disabled {
		return access.OneTimeCode{}, access.ErrDisabled
	}
	return s.newCode(ctx, now, by, access.SetsMember, m)
}

func (s *Store) newCode(ctx context.Context, now time.Time, by access.By, p access.Purpose, m access.Member) (access.OneTimeCode, error) {
	text := access.NewCode(access.OneTimeCodeChars)
	leave, err := s.turns.enter(ctx, own())
	if err != nil {
		return access.OneTimeCode{}, err
	}
	hash := access.HashSecret(text, s.o.Cost)
	leave()
	s.dropEnded(now)
	s.writing.Lock()
	defer s.writing.Unlock()
	key := codeKey(p, m.ID)
	if _, there := s.codes.rows[key]; !there && s.codes.full() {
		return access.OneTimeCode{}, access.ErrFull
	}
	c := code{Purpose: p, Member: m.ID, Hash: hash, Made: now, Until: now.Add(codeLife), Life: newLife(s.o.Clock(now), codeLife), Act: s.audited + 1}
	err = s.commit(s.codes.put(key, c), s.audit(now, by, "code.make", m.Login, nil, map[string]access.Purpose{"purpose": p}))
	return access.OneTimeCode{Code: text, Purpose: p, Until: c.Until}, err
}

// MakeFirst makes the first administrator, who has the printed code and chooses a
// password. Where m has no roles, it gets those that a first day needs. It answers
// what Login does; ErrWrong where there is an administrator already.
func (s *Store) MakeFirst(ctx context.Context, now time.Time, a access.Attempt, m access.Member, password string) (access.Member, error) {
	m.Login = access.ReadLogin(m.Login)
	if len(m.Roles) == 0 {
		m.Roles = []access.Role{access.Administrator, access.Manager, access.Technician}
	}
	if !slices.Contains(m.Roles, access.Administrator) {
		return access.Member{}, access.FieldError{Field: "roles", Err: access.ErrBadValue}
	}
	// Before the code is used up, so that a typing error costs none.
	if err := errors.Join(m.Validate(), judged(password, m.Login)); err != nil {
		return access.Member{}, err
	}
	key := codeKey(access.MakesFirst, "")
	if err := s.checkCode(ctx, now, a, func() string { return key }); err != nil {
		return access.Member{}, err
	}
	hash, err := s.hash(ctx, access.ByPassword, password, m.Login)
	if err != nil {
		return access.Member{}, err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if _, there := s.codes.rows[key]; !there || !s.NeedsFirst() {
		return access.Member{}, access.ErrWrong
	}
	fresh, changes, err := s.newMember(now, access.By{Name: m.Name, Role: access.Administrator}, m, "member.first")
	if err != nil {
		return access.Member{}, err
	}
	fresh.Password = hash
	changes = append(changes, s.members.put(fresh.ID, fresh), s.codes.drop(key))
	if err := s.commit(changes...); err != nil {
		return access.Member{}, err
	}
	return fresh.shown(), nil
}

func judged(password, login string) error {
	if err := access.JudgePassword(password, login); err != nil {
		return access.FieldError{Field: "secret", Err: err}
	}
	return nil
}

// UseCode lets the member of a.Login choose a PIN or a password (a.How) with the
// one-time code a.Secret. All the member's sessions end. It answers what Login
// does, access.ErrNotAllowed for a PIN that would open none of the member's pages, and
// what access.JudgePIN and JudgePassword do; what is refused does not use the code up.
func (s *Store) UseCode(ctx context.Context, now time.Time, a access.Attempt, secret string) (access.Member, error) {
	a.Login = access.ReadLogin(a.Login)
	judge := access.JudgePIN(secret)
	if a.How != access.ByPIN {
		judge = access.JudgePassword(secret, a.Login)
	}
	if judge != nil {
		return access.Member{}, access.FieldError{Field: "secret", Err: judge}
	}
	var m member
	key := ""
	err := s.checkCode(ctx, now, a, func() string {
		m = s.withLogin(a.Login)
		key = s.codeFor(m, a.How)
		return key
	})
	if err != nil {
		return access.Member{}, err
	}
	if len(m.RolesBy(a.How)) == 0 { // only now: whoever has no code is not told what others are
		return access.Member{}, access.ErrNotAllowed
	}
	hash, err := s.hash(ctx, a.How, secret, m.Login)
	if err != nil {
		return access.Member{}, err
	}
	if err := s.setSecret(now, access.By{ID: m.ID, Name: m.Name}, m.ID, a.How, hash, "", key); err != nil {
		return access.Member{}, err
	}
	return s.Member(m.ID)
}

// codeFor is the key of the code that a member can use: the newest one. It is
// that of no row where there is none.
func (s *Store) codeFor(m member, how access.How) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	own := codeKey(access.SetsMember, m.ID)
	printed := codeKey(access.SetsAdministrator, "")
	switch {
	case m.ID == "" || m.Disabled:
		return ""
	case how != access.ByPassword || !slices.Contains(m.Roles, access.Administrator):
		return own
	case s.codes.rows[printed].after(s.codes.rows[own]):
		return printed
	}
	return own
}

// after tells whether a code was made after another one, whatever the wall clock
// said each time.
func (c code) after(other code) bool {
	return cmp.Or(cmp.Compare(c.Act, other.Act), c.Made.Compare(other.Made)) > 0
}

// checkCode tells whether an attempt shows the code of a row. It costs one check
// whether or not there is such a row.
func (s *Store) checkCode(ctx context.Context, now time.Time, a access.Attempt, keyOf func() string) error {
	typed, bad := access.ParseCode(a.Secret, access.OneTimeCodeChars)
	t := s.codeTryOf(a)
	leave, err := s.admit(ctx, now, t)
	if err != nil {
		return err
	}
	defer leave()
	key := keyOf()
	s.mu.RLock()
	c := s.codes.rows[key]
	s.mu.RUnlock()
	right := access.CheckSecret(typed, c.Hash, s.o.Cost) && bad == nil
	over := c.Life.over(s.o.Clock(now))
	if right && !over {
		if t.delays != nil {
			t.delays.Right(t.key)
		}
		return nil
	}
	t.wrong(s.up(now))
	if right {
		s.dropEnded(now)
	}
	return access.ErrWrong
}
