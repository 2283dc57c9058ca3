package private

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// A token is a row of tokens. Made and Expires are by the wall clock with which it
// was made; what counts is its life.
//
// It ends when the box was on for as long as it is good, whatever any clock shows,
// or earlier when the wall clock shows its end. Once it was seen to be over it stays
// so: a clock that wakes behind, or is set back, does not let it begin anew. A clock
// that is ahead by mistake ends it too, since the box cannot tell. But where nobody
// vouched for that clock, a synchronised one that shows an earlier time lets the
// token go on, and until then the log and the list of tokens say how it ended.
//
// Its date is not fixed before the next start of the box: until then it moves when
// the wall clock is set. One that is older than this program fixes none, and one
// that was ahead is put right by a synchronised one. One that was behind, but not as
// far, takes what it was behind from the time of the token.
type token struct {
	access.Token
	Hash string `json:"hash"`
	Life life   `json:"life,omitzero"`
	// Ended is the reading of the clocks by which it was found to be over.
	Ended queue.Now `json:"ended,omitzero"`
}

func (t token) valid() error {
	if len(t.Hash) != len(access.HashMachine("")) || t.Expires.IsZero() {
		return errors.New("the token has no hash or no end")
	}
	return t.Validate(t.Expires.Add(-time.Second))
}

// carried is the token at a start; last is the latest reading of the boot before.
// Unlike that of a session its life is not shortened by how far the wall clock has
// gone on meanwhile, since that clock may be wrong just then, and a year is long: its
// date counts instead.
func (t token) carried(now, last queue.Now) token {
	switch {
	case t.Life.At.IsZero(): // of a version before lives were kept
		t.Life = life{At: now, Left: t.Expires.Sub(t.Made).Milliseconds(), End: t.Expires.UnixMilli()}
	case t.Life.At.Boot != now.Boot:
		last = t.Life.latest(last)
		left, end := t.Life.unspent(last), t.Life.End
		if end == 0 && last.Wall >= queue.EarliestTime {
			end = last.Wall + left
		}
		t.Life = life{At: now, Left: left, End: end}
	}
	return t
}

// over is why it opens nothing; empty while it is good.
func (t token) over(now queue.Now) access.Over {
	past := t.Life.past(now)
	switch {
	case t.Life.unspent(now) == 0, t.Ended.Synced, past && now.Synced:
		return access.OverForGood
	case past, !t.Ended.IsZero() && !now.Synced:
		return access.OverByClock
	}
	return ""
}

// judged is the token as a reading of the clocks leaves it, to be kept.
func (t token) judged(now queue.Now) token {
	switch over := t.over(now); {
	case over == "":
		t.Ended = queue.Now{}
	case t.Ended.IsZero(), over == access.OverForGood && !t.Ended.Synced && t.Life.Left > 0:
		t.Ended = now
		t.Life = life{At: now, Left: t.Life.unspent(now), End: t.Life.End}
	}
	if end := now.Wall + t.Life.unspent(now); now.Synced && t.Ended.IsZero() && t.Life.End-end > clockStep.Milliseconds() {
		t.Life.End = end
	}
	return t
}

// expires is when it ends, as far as the clocks tell.
func (t token) expires(now queue.Now) time.Time {
	end := t.Life.End
	if end == 0 {
		end = now.Wall + t.Life.unspent(now)
	}
	if at := time.UnixMilli(end); at.Sub(t.Expires).Abs() >= clockStep {
		return at
	}
	return t.Expires
}

// judgeTokens are the changes that keep what a reading of the clocks tells of the
// tokens. The caller holds writing.
func (s *Store) judgeTokens(now queue.Now) (changes []change) {
	for id, was := range s.tokens.rows {
		t := was.judged(now)
		if t.Life == was.Life && t.Ended == was.Ended {
			continue
		}
		changes = append(changes, s.tokens.put(id, t))
		log := s.log.With("token", t.Name, "clock", time.UnixMilli(now.Wall).UTC())
		switch over := t.over(now); {
		case over == "" && !was.Ended.IsZero():
			log.Info("a token goes on: it was over by a clock that was wrong")
		case over == access.OverByClock:
			log.Warn("a token is over by a clock that nobody vouches for", "do", "if it is wrong, connect the box to a time server, or make another token")
		case over == access.OverForGood:
			log.Info("a token is over")
		}
	}
	return changes
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
// and never again. It answers access.ErrFull, ErrTaken, or what Token.Validate and
// Token.KnownScopes do.
func (s *Store) MakeToken(now time.Time, by access.By, t access.Token) (made access.Token, text string, err error) {
	t.PerMinute = cmp.Or(t.PerMinute, access.StandardPerMinute)
	if err := errors.Join(t.Validate(now), t.KnownScopes()); err != nil {
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
	t.ID, t.Made = s.newID(s.tokens.taken), now
	secret := access.NewSecret()
	row := token{Token: t, Hash: access.HashMachine(secret), Life: newLife(s.o.Clock(now), t.Expires.Sub(now))}
	changes := append(s.tokens.madeAgain(t.Name), s.tokens.put(t.ID, row), s.audit(now, by, "token.make", t.Name, nil, t))
	err = s.commit(changes...)
	if err != nil {
		return t, "", err
	}
	return t, access.SpellToken(t.ID, secret), nil
}

// Tokens are those that are there, by name; those whose time is over too.
func (s *Store) Tokens() []access.Token {
	now := s.o.Clock(time.Now())
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := make([]access.Token, 0, len(s.tokens.rows))
	for id, row := range s.tokens.rows {
		t := row.Token
		t.Scopes = slices.Clone(t.Scopes)
		t.Used, t.Expires, t.Over = s.live.rates[id].used, row.expires(now), row.over(now)
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b access.Token) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// RevokeToken takes a token away at once. One that was revoked
// before is done already; one that never was is access.ErrUnknown.
func (s *Store) RevokeToken(now time.Time, by access.By, id string) error {
	const what = "token.revoke"
	return revoke(s, &s.tokens, what, id, func(old token) ([]change, error) {
		return []change{s.tokens.drop(id).and(func() { delete(s.live.rates, id) }),
			s.audit(now, by, what, old.Name, old.Token, nil)}, nil
	})
}
