package private

import (
	"cmp"
	"context"
	"crypto/rand"
	"time"

	"eliminacode/display/access"
)

// longestTyped bounds a secret that is hashed, in bytes.
const longestTyped = 4 * access.SecretMost

// longestLogin bounds what is remembered of a login that somebody types, in bytes.
const longestLogin = 64

// Login answers who somebody is by login and PIN or password. It takes as long for
// a login that there is not. It answers access.ErrWrong, a WaitError, ErrBusy,
// ErrDisabled to who knows the secret, or ErrNotAllowed where a PIN opens none of
// the member's roles.
func (s *Store) Login(ctx context.Context, now time.Time, a access.Attempt) (access.Member, error) {
	return s.login(ctx, now, a, "")
}

// login is Login; session is one that the member is known by, empty for none.
func (s *Store) login(ctx context.Context, now time.Time, a access.Attempt, session string) (access.Member, error) {
	login := access.ReadLogin(a.Login)
	t := s.tryOf(a, login, session)
	leave, err := s.admit(ctx, now, t)
	if err != nil {
		return access.Member{}, err
	}
	defer leave()
	m := s.withLogin(login)
	if !s.proves(m, a) {
		t.wrong(s.up(now))
		return access.Member{}, access.ErrWrong
	}
	t.delays.Right(t.key)
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
	return len(a.Secret) <= longestTyped && access.CheckSecret(a.Secret, m.secret(a.How), s.o.Cost)
}

// The bounds of wrong PINs and passwords; the package comment says what they come to.
const (
	delayFree, delayMost, delayForgive = 3, time.Minute, 15 * time.Minute
	nameAtOnce, nameEvery              = 30, 30 * time.Second
	placeAtOnce, placeEvery            = 60, 6 * time.Second
	codeAtOnce, codeEvery              = 10, time.Second
)

// bounds are those of wrong secrets.
type bounds struct {
	// byPair delays who was wrong with a login from an address, byBrowser who was in
	// a browser that is known.
	byPair, byBrowser *access.Delays
	// byName paces all strangers' tries at a login, byPlace those from an address, and
	// byCode those of one-time codes from there.
	byName, byPlace, byCode *access.Paces
}

func newBounds() bounds {
	return bounds{
		byPair:    access.NewDelays(delayFree, delayMost, delayForgive, mostDelays),
		byBrowser: access.NewDelays(delayFree, delayMost, delayForgive, mostDelays),
		byName:    access.NewPaces(nameAtOnce, nameEvery, mostDelays),
		byPlace:   access.NewPaces(placeAtOnce, placeEvery, mostDelays),
		byCode:    access.NewPaces(codeAtOnce, codeEvery, mostDelays),
	}
}

// A try is how an attempt waits for its check, and how it counts.
type try struct {
	asker
	delays *access.Delays // nil for none
	key    string
	paces  []paced
}

type paced struct {
	by  *access.Paces
	key string
}

// tryOf is how an attempt with a PIN or a password counts.
func (s *Store) tryOf(a access.Attempt, login, session string) *try {
	m := s.withLogin(login)
	browser := s.knownFor(a.Known, m, a.How)
	if browser == "" && session != "" && m.ID != "" && s.isSessionOf(session, m.ID) {
		browser = access.HashMachine(session)
	}
	if browser != "" {
		return &try{asker: asker{browser: browser}, delays: s.bounds.byBrowser, key: browser + " " + login}
	}
	place, login := access.Place(a.Address), counted(login)
	t := &try{
		asker: asker{place: place, name: login}, delays: s.bounds.byPair, key: place + " " + login,
		paces: []paced{{s.bounds.byName, login}, {s.bounds.byPlace, place}},
	}
	t.held = t.pace
	return t
}

// codeTryOf is how an attempt with a one-time code counts. A stranger's has no delay,
// and wrong ones void no code: that would be a way to keep somebody out.
func (s *Store) codeTryOf(a access.Attempt) *try {
	place, login := access.Place(a.Address), access.ReadLogin(a.Login)
	m := s.withLogin(login)
	if browser := cmp.Or(s.knownFor(a.Known, m, access.ByPassword), s.knownFor(a.Known, m, access.ByPIN)); browser != "" {
		return &try{asker: asker{browser: browser}, delays: s.bounds.byBrowser, key: browser + " code"}
	}
	t := &try{asker: asker{place: place, name: "code of " + counted(login), code: true}, paces: []paced{{s.bounds.byCode, place}}}
	t.held = t.pace
	return t
}

// counted is a login as tries are counted by it: a longer one is nobody's.
func counted(login string) string { return login[:min(len(login), longestLogin)] }

// own is how somebody waits who has shown already to be the person.
func own() *asker { return &asker{browser: rand.Text()} }

// pace is how long the try's paces hold it back.
func (t *try) pace(up time.Duration) (wait time.Duration) {
	for _, p := range t.paces {
		wait = max(wait, p.by.Wait(up, p.key))
	}
	return wait
}

func (t *try) wrong(up time.Duration) {
	up = max(up, t.atTurn())
	if t.delays != nil {
		t.delays.Wrong(up, t.key)
	}
	for _, p := range t.paces {
		p.by.Wrong(up, p.key)
	}
}

// admit lets a try through when its delay is over and its turn has come; leave must
// be called after its secret was checked.
func (s *Store) admit(ctx context.Context, now time.Time, t *try) (leave func(), err error) {
	t.up = s.up(now)
	delay := func(up time.Duration) error {
		if t.delays == nil {
			return nil
		}
		if d := t.delays.Wait(up, t.key); d > 0 {
			return access.WaitError{For: d}
		}
		return nil
	}
	if err := delay(t.up); err != nil {
		return nil, err
	}
	if t.delays != nil {
		t.missed = t.delays.Left(t.up, t.key)
	}
	leave, err = s.turns.enter(ctx, &t.asker)
	if err != nil {
		return nil, err
	}
	// Others may have been wrong in the meantime.
	if err := delay(t.atTurn()); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

// up is for how long the box has been on.
func (s *Store) up(now time.Time) time.Duration {
	return time.Duration(s.o.Clock(now).Mono) * time.Millisecond
}

// ChangeSecret gives the member of an ID another PIN or password, where a.Secret is
// one that the member has: a.How says which. All the member's other sessions end;
// session is the cookie of the one that goes on. It answers what Login does,
// ErrNotAllowed also for a PIN that would open nothing, and what access.JudgePIN and
// JudgePassword do.
func (s *Store) ChangeSecret(ctx context.Context, now time.Time, id string, a access.Attempt, how access.How, secret, session string) error {
	m, err := s.Member(id)
	if err != nil {
		return err
	}
	a.Login = m.Login
	m, err = s.login(ctx, now, a, session)
	if err != nil {
		return err
	}
	// What opens little must not give what opens more.
	if a.How == access.ByPIN && how == access.ByPassword || len(m.RolesBy(how)) == 0 {
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
	leave, err := s.turns.enter(ctx, own())
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
	changes := []change{s.members.put(m.ID, m)}
	// Of whoever does not administer it would tell when the person was there.
	if access.Administer(m.Roles) {
		changes = append(changes, s.audit(now, by, "member.secret", m.Login, nil, map[string]access.How{"how": how}))
	}
	return append(changes, s.endSessions(m.ID, but)...)
}
