package private

import (
	"context"
	"time"

	"eliminacode/display/access"
)

// longestTyped bounds a secret that is hashed, in bytes.
const longestTyped = 4 * access.SecretMost

// Login answers who somebody is by login and PIN or password. It takes as long for
// a login that there is not. It answers access.ErrWrong, a WaitError, ErrBusy,
// ErrDisabled to who knows the secret, or ErrNotAllowed where a PIN opens none of
// the member's roles.
func (s *Store) Login(ctx context.Context, now time.Time, a access.Attempt) (access.Member, error) {
	login := access.ReadLogin(a.Login)
	leave, err := s.admit(ctx, now, a.Address, login)
	if err != nil {
		return access.Member{}, err
	}
	defer leave()
	m := s.withLogin(login)
	if !s.proves(m, a) {
		s.wrong(now, a.Address, login)
		return access.Member{}, access.ErrWrong
	}
	s.byLogin.Right(login)
	if m.Disabled {
		return access.Member{}, access.ErrDisabled
	}
	if len(m.RolesBy(a.How)) == 0 {
		return access.Member{}, access.ErrNotAllowed
	}
	return m.shown(), nil
}

// proves tells whether the attempt's secret is the member's. It costs one check
// in any case.
func (s *Store) proves(m member, a access.Attempt) bool {
	kept := ""
	switch a.How {
	case access.ByPIN:
		kept = m.PIN
	case access.ByPassword:
		kept = m.Password
	}
	return len(a.Secret) <= longestTyped && access.CheckSecret(a.Secret, kept, s.o.Cost)
}

// admit lets an attempt at a login through when its delays are over and its turn
// has come; leave must be called after its secret was checked.
func (s *Store) admit(ctx context.Context, now time.Time, address, login string) (leave func(), err error) {
	up := s.up(now)
	wait := func() error {
		if d := max(s.byLogin.Wait(up, login), s.byPlace.Wait(up, access.Place(address))); d > 0 {
			return access.WaitError{For: d}
		}
		return nil
	}
	if err := wait(); err != nil {
		return nil, err
	}
	leave, err = s.gate.enter(ctx)
	if err != nil {
		return nil, err
	}
	// Others may have been wrong in the meantime.
	if err := wait(); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

func (s *Store) wrong(now time.Time, address, login string) {
	up := s.up(now)
	s.byLogin.Wrong(up, login)
	s.byPlace.Wrong(up, access.Place(address))
}

// up is for how long the box has been on.
func (s *Store) up(now time.Time) time.Duration {
	return time.Duration(s.o.Clock(now).Mono) * time.Millisecond
}

// ChangeSecret gives the member of an ID another PIN or password, where a.Secret is
// one that the member has: a.How says which. All the member's other sessions end;
// session is the cookie of the one that goes on. It answers what Login does, and
// what access.JudgePIN and JudgePassword do.
func (s *Store) ChangeSecret(ctx context.Context, now time.Time, id string, a access.Attempt, how access.How, secret, session string) error {
	m, err := s.Member(id)
	if err != nil {
		return err
	}
	a.Login = m.Login
	m, err = s.Login(ctx, now, a)
	if err != nil {
		return err
	}
	// What opens little must not give what opens more.
	if a.How == access.ByPIN && how == access.ByPassword {
		return access.ErrNotAllowed
	}
	hash, err := s.hash(ctx, how, secret, m.Login)
	if err != nil {
		return err
	}
	return s.setSecret(now, access.By{ID: m.ID, Name: m.Name}, m.ID, how, hash, access.HashMachine(session), "")
}

// hash judges a secret and hashes it when its turn has come.
func (s *Store) hash(ctx context.Context, how access.How, secret, login string) (string, error) {
	var err error
	switch how {
	case access.ByPIN:
		err = access.JudgePIN(secret)
	case access.ByPassword:
		err = access.JudgePassword(secret, login)
	default:
		err = access.ErrBadValue
	}
	if err != nil {
		return "", access.FieldError{Field: "secret", Err: err}
	}
	leave, err := s.gate.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return access.HashSecret(secret, s.o.Cost), nil
}

// setSecret stores a hash, ends the sessions but one, and drops the code that
// allowed it, if any.
func (s *Store) setSecret(now time.Time, by access.By, id string, how access.How, hash, but, codeKey string) error {
	return revise(s, &s.members, id, func(m member) ([]change, error) {
		changes := s.withSecret(m, now, by, how, hash, but)
		if codeKey == "" {
			return changes, nil
		}
		if _, there := s.codes.rows[codeKey]; !there {
			return nil, access.ErrWrong // somebody else has just used it
		}
		return append(changes, s.codes.drop(codeKey)), nil
	})
}

func (s *Store) withSecret(m member, now time.Time, by access.By, how access.How, hash, but string) []change {
	if how == access.ByPIN {
		m.PIN = hash
	} else {
		m.Password = hash
	}
	m.Version++
	m.Changed = now
	changes := []change{s.members.put(m.ID, m), s.audit(now, by, "member.secret", m.Login, nil, map[string]access.How{"how": how})}
	return append(changes, s.endSessions(m.ID, but)...)
}
