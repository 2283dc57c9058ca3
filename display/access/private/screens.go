package private

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"eliminacode/display/access"
)

// The bounds of pairing.
const (
	pairingLife    = 10 * time.Minute
	mostPairings   = 32
	mostPairingsOf = 4 // one address
)

// A pairing waits for somebody to type its code; it lives in memory.
type pairing struct {
	hash  string
	place string
	life  life
}

// A screen is a row of screens.
type screen struct {
	access.Paired
	Hash string `json:"hash"`
}

var errScreen = errors.New("the screen has no hash")

func (v screen) valid() error {
	if len(v.Hash) != len(access.HashMachine("")) {
		return errScreen
	}
	return v.Validate()
}

// BeginPairing gives a screen the code that it shows and the secret that it keeps
// as a cookie. It answers access.ErrFull when too many screens show codes.
func (s *Store) BeginPairing(now time.Time, address string) (access.Pairing, error) {
	read := s.o.Clock(now)
	s.mu.Lock()
	defer s.mu.Unlock()
	place := access.Place(address)
	var own []string
	for code, p := range s.live.pairing {
		if p.life.over(read) {
			delete(s.live.pairing, code)
		} else if p.place == place {
			own = append(own, code)
		}
	}
	if len(own) >= mostPairingsOf {
		// Its oldest code is one that a reload has replaced.
		delete(s.live.pairing, slices.MinFunc(own, func(a, b string) int {
			return cmp.Compare(s.live.pairing[a].life.At.Mono, s.live.pairing[b].life.At.Mono)
		}))
	}
	if len(s.live.pairing) >= mostPairings {
		return access.Pairing{}, access.ErrFull
	}
	fresh := access.Pairing{Code: access.NewCode(access.PairingCodeChars), Secret: access.NewSecret(), Until: now.Add(pairingLife)}
	for taken := true; taken; {
		if _, taken = s.live.pairing[fresh.Code]; taken {
			fresh.Code = access.NewCode(access.PairingCodeChars)
		}
	}
	s.live.pairing[fresh.Code] = pairing{access.HashMachine(fresh.Secret), place, newLife(read, pairingLife)}
	return fresh, nil
}

// Pairing tells until when a screen's code stands; false when it shows none.
func (s *Store) Pairing(now time.Time, secret string) (code string, until time.Time, ok bool) {
	read := s.o.Clock(now)
	s.mu.RLock()
	defer s.mu.RUnlock()
	for code, p := range s.live.pairing {
		if left := p.life.left(read); left > 0 && access.CheckMachine(secret, p.hash) {
			return code, now.Add(left), true
		}
	}
	return "", time.Time{}, false
}

// Pair lets in the screen that shows a code. It answers access.ErrWrong where none
// does, ErrExpired where its time is over, ErrTaken, ErrFull, or what
// Paired.Validate does.
func (s *Store) Pair(now time.Time, by access.By, typed string, p access.Paired) (access.Paired, error) {
	if err := p.Validate(); err != nil {
		return access.Paired{}, err
	}
	text, err := access.ParseCode(typed, access.PairingCodeChars)
	if err != nil {
		return access.Paired{}, access.FieldError{Field: "code", Err: access.ErrWrong}
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.RLock()
	shown, ok := s.live.pairing[text]
	s.mu.RUnlock()
	switch {
	case !ok:
		return access.Paired{}, access.FieldError{Field: "code", Err: access.ErrWrong}
	case shown.life.over(s.o.Clock(now)):
		return access.Paired{}, access.FieldError{Field: "code", Err: access.ErrExpired}
	case s.screens.full():
		return access.Paired{}, access.ErrFull
	case s.screenNamed(p.Name) != "":
		return access.Paired{}, access.FieldError{Field: "name", Err: access.ErrTaken}
	}
	p.ID, p.Version, p.Made = s.newID(s.screens.taken), 1, now
	changes := append(s.screens.madeAgain(p.Name), s.screens.put(p.ID, screen{p, shown.hash}).and(func() { delete(s.live.pairing, text) }),
		s.audit(now, by, "screen.pair", p.Name, nil, p))
	err = s.commit(changes...)
	return p, err
}

func (s *Store) screenNamed(name string) (id string) {
	for id, v := range s.screens.rows {
		if v.Name == name {
			return id
		}
	}
	return ""
}

// Screens are the paired ones, by name.
func (s *Store) Screens() []access.Paired {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := make([]access.Paired, 0, len(s.screens.rows))
	for id, v := range s.screens.rows {
		p := v.Paired
		p.Seen = s.live.seen[id]
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b access.Paired) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// ChangeScreen gives a screen another name, role or place, if it still has the
// version; else access.ErrChanged.
func (s *Store) ChangeScreen(now time.Time, by access.By, p access.Paired) (access.Paired, error) {
	if err := p.Validate(); err != nil {
		return access.Paired{}, err
	}
	err := revise(s, &s.screens, p.ID, func(old screen) ([]change, error) {
		if old.Version != p.Version {
			return nil, access.ErrChanged
		}
		if other := s.screenNamed(p.Name); other != "" && other != p.ID {
			return nil, access.FieldError{Field: "name", Err: access.ErrTaken}
		}
		p.Version, p.Made = old.Version+1, old.Made
		return []change{s.screens.put(p.ID, screen{p, old.Hash}), s.audit(now, by, "screen.change", p.Name, old.Paired, p)}, nil
	})
	if err != nil {
		return access.Paired{}, err
	}
	return p, nil
}

// RevokeScreen ends a pairing: the screen shows a code again. One that was revoked
// before is done already; one that never was is access.ErrUnknown.
func (s *Store) RevokeScreen(now time.Time, by access.By, id string) error {
	const what = "screen.revoke"
	return revoke(s, &s.screens, what, id, func(old screen) ([]change, error) {
		return []change{s.screens.drop(id).and(func() { delete(s.live.seen, id) }),
			s.audit(now, by, what, old.Name, old.Paired, nil)}, nil
	})
}
