package private

import (
	"errors"
	"slices"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// Visitor tells who sends a request, by what it shows: a program's token before
// all else, then a person's session, then a screen's cookie. Whoever shows nothing
// is nobody, and that is no error.
//
// A token that opens nothing answers access.ErrWrong, ErrExpired or a
// TooManyError. A session that has ended answers ErrExpired, and one that is not
// known ErrWrong, with nobody as the visitor: a page may go on with it. A screen
// whose pairing is gone is nobody.
func (s *Store) Visitor(now time.Time, shown access.Shown) (access.Visitor, error) {
	v, err := s.visitor(now, shown, true)
	if errors.Is(err, access.ErrExpired) {
		s.dropEnded(now)
	}
	if v.Kind == access.Person || v.Kind == access.Program {
		s.noteClock(s.o.Clock(now))
	}
	return v, err
}

// Still is who shows what a page showed when it was opened; nobody when that opens
// nothing any more. A page that is merely left open is no use of a session, and
// takes no request of a token.
func (s *Store) Still(now time.Time, shown access.Shown) access.Visitor {
	v, err := s.visitor(now, shown, false)
	if err != nil {
		return access.Visitor{}
	}
	return v
}

func (s *Store) visitor(now time.Time, shown access.Shown, used bool) (access.Visitor, error) {
	if shown.Bearer != "" {
		return s.program(now, shown.Bearer, used)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if shown.Session != "" {
		var v access.Visitor
		if v, err = s.person(now, shown.Session, used); v.Kind == access.Person {
			return v, nil
		}
	}
	if shown.Screen != "" {
		for id, p := range s.screens.rows {
			if access.CheckMachine(shown.Screen, p.Hash) {
				s.live.seen[id] = now
				return p.visitor(), nil
			}
		}
	}
	return access.Visitor{}, err
}

// person is who a session is of; nobody where nobody has logged in. The caller
// holds mu.
func (s *Store) person(now time.Time, cookie string, used bool) (access.Visitor, error) {
	key, read := access.HashMachine(cookie), s.o.Clock(now)
	if a, ok := s.live.anonymous[key]; ok && !a.life.over(read) {
		return access.Visitor{}, nil
	}
	row, err := s.sessionNow(key, read)
	if err != nil {
		return access.Visitor{}, err
	}
	if used {
		s.live.used[key] = read.Mono
	}
	m := s.members.rows[row.Member]
	v := access.Visitor{
		Kind: access.Person, ID: m.ID, Name: m.Name, Roles: m.RolesBy(row.How), Language: m.language(),
		Desk: queue.DeskID(row.Desk), Qualifications: slices.Clone(m.Qualifications),
	}
	if row.How != access.ByPIN {
		v.Rights = slices.Clone(m.Rights)
	}
	return v, nil
}

func (v screen) visitor() access.Visitor {
	out := access.Visitor{Kind: access.Screen, ID: v.ID, Name: v.Name, Roles: []access.Role{v.Role}}
	switch v.Role {
	case access.Voting:
		out.Desk = queue.DeskID(v.Place)
	case access.Totem:
		out.Outlet, out.Display = queue.OutletID(v.Place), v.Display()
	case access.Board:
		out.Display = v.Display()
	}
	return out
}

func (s *Store) program(now time.Time, bearer string, used bool) (access.Visitor, error) {
	id, secret, err := access.ParseToken(bearer)
	if err != nil {
		return access.Visitor{}, access.ErrWrong
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tokens.rows[id]
	if !ok || !access.CheckMachine(secret, t.Hash) {
		return access.Visitor{}, access.ErrWrong
	}
	if t.over(s.o.Clock(now)) != "" {
		return access.Visitor{}, access.ErrExpired
	}
	r := s.live.rates[id]
	if used {
		wait, ok := r.take(now, t.PerMinute)
		s.live.rates[id] = r
		if !ok {
			return access.Visitor{}, access.TooManyError{RetryAfter: wait, Quota: r.quota(t.PerMinute)}
		}
	}
	return access.Visitor{
		Kind: access.Program, ID: t.ID, Name: t.Name, Roles: []access.Role{t.Role}, Scopes: slices.Clone(t.Scopes),
		Quota: r.quota(t.PerMinute),
	}, nil
}
