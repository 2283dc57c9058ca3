package private

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"eliminacode/display/access"
)

// A token is a row of tokens.
type token struct {
	access.Token
	Hash string `json:"hash"`
}

func (t token) valid() error {
	if len(t.Hash) != len(access.HashMachine("")) || t.Expires.IsZero() {
		return errors.New("the token has no hash or no end")
	}
	return t.Validate(t.Expires.Add(-time.Second))
}

// A rate is what a token has left of its requests.
type rate struct {
	left float64
	at   time.Time
	used time.Time
}

// take takes one request; when none is left it tells when one is.
func (r *rate) take(now time.Time, perMinute int) (wait time.Duration, ok bool) {
	if r.at.IsZero() {
		r.left, r.at = float64(perMinute), now
	}
	each := time.Minute / time.Duration(perMinute)
	r.left = min(r.left+float64(max(now.Sub(r.at), 0))/float64(each), float64(perMinute))
	r.at, r.used = now, now
	if r.left < 1 {
		return time.Duration((1 - r.left) * float64(each)), false
	}
	r.left--
	return 0, true
}

// quota is what is left.
func (r rate) quota(perMinute int) access.Quota {
	used := float64(perMinute) - r.left
	return access.Quota{PerMinute: perMinute, Left: int(r.left), Whole: time.Duration(used * float64(time.Minute/time.Duration(perMinute)))}
}

// MakeToken lets a program in. The text that the program shows is answered once
// and never again. It answers access.ErrFull, ErrTaken, or what Token.Validate
// does.
func (s *Store) MakeToken(now time.Time, by access.By, t access.Token) (made access.Token, text string, err error) {
	t.PerMinute = cmp.Or(t.PerMinute, access.StandardPerMinute)
	if err := t.Validate(now); err != nil {
		return t, "", err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.tokens.full() {
		return t, "", access.ErrFull
	}
	if len(s.tokens.keysOf(func(o token) bool { return o.Name == t.Name })) > 0 {
		return t, "", access.FieldError{Field: "name", Err: access.ErrTaken}
	}
	t.ID, t.Made = s.newID(func(id string) bool { _, taken := s.tokens.rows[id]; return taken }), now
	secret := access.NewSecret()
	err = s.commit(s.tokens.put(t.ID, token{t, access.HashMachine(secret)}), s.audit(now, by, "token.make", t.Name, nil, t))
	if err != nil {
		return t, "", err
	}
	return t, access.SpellToken(t.ID, secret), nil
}

// Tokens are those that are there, by name; those whose time is over too.
func (s *Store) Tokens() []access.Token {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := make([]access.Token, 0, len(s.tokens.rows))
	for id, row := range s.tokens.rows {
		t := row.Token
		t.Scopes = slices.Clone(t.Scopes)
		t.Used = s.live.rates[id].used
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b access.Token) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// RevokeToken takes a token away at once.
func (s *Store) RevokeToken(now time.Time, by access.By, id string) error {
	return revise(s, &s.tokens, id, func(old token) ([]change, error) {
		return []change{s.tokens.drop(id).and(func() { delete(s.live.rates, id) }),
			s.audit(now, by, "token.revoke", old.Name, old.Token, nil)}, nil
	})
}
