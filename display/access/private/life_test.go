package private

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// A box has clocks that the test moves.
type box struct {
	queue.Now
	path string
}

var in1970 = time.UnixMilli(0)

func newBox(t *testing.T) *box {
	t.Helper()
	return &box{queue.Now{Wall: noon.UnixMilli(), Boot: "first", Mono: 5_000}, filepath.Join(t.TempDir(), "access.db")}
}

func (b *box) open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(b.path, Options{Cost: quick, Clock: func(time.Time) queue.Now { return b.Now }})
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func (b *box) now() time.Time { return time.UnixMilli(b.Wall) }

func (b *box) pass(d time.Duration) {
	b.Wall, b.Mono = b.Wall+d.Milliseconds(), b.Mono+d.Milliseconds()
}

func (b *box) set(wall time.Time) { b.Wall = wall.UnixMilli() }

// cut takes the power away: what the store had in mind is lost, and the clock
// shows wall at the next start.
func (b *box) cut(t *testing.T, s *Store, wall time.Time) *Store {
	t.Helper()
	return b.cutTo(t, s, queue.Now{Wall: wall.UnixMilli()})
}

// cutTo is the same, with a clock that may be vouched for.
func (b *box) cutTo(t *testing.T, s *Store, shows queue.Now) *Store {
	t.Helper()
	left, err := os.ReadFile(b.path)
	must(t, err)
	must(t, s.Close())
	must(t, os.WriteFile(b.path, left, 0o600))
	b.Now = queue.Now{Wall: shows.Wall, Boot: b.Boot + "+", Mono: 9_000, Synced: shows.Synced}
	return b.open(t)
}

func (b *box) alive(t *testing.T, s *Store, cookie string) bool {
	t.Helper()
	v, _ := s.Visitor(b.now(), access.Shown{Session: cookie})
	if _, found, err := s.Sessions().Find(cookie); err != nil || found != (v.Kind == access.Person) {
		t.Errorf("scs finds the session: %v, %v; the visitor is %+v", found, err, v)
	}
	return v.Kind == access.Person
}

// used lets time pass in which a session is used.
func (b *box) used(t *testing.T, s *Store, cookie string, d time.Duration) {
	t.Helper()
	for step := 30 * time.Minute; d > 0; d -= step {
		if !b.alive(t, s, cookie) {
			t.Fatalf("the session ends %v too early", d)
		}
		b.pass(min(step, d))
	}
}

func TestAClockThatIsSetGivesASessionNoTimeAndTakesNone(t *testing.T) {
	for _, wall := range []time.Time{in1970, noon.AddDate(30, 0, 0)} {
		b := newBox(t)
		s := b.open(t)
		begin(t, s, withAnna(t, s).ID, "cookie", 12*time.Hour)
		b.used(t, s, "cookie", time.Hour)
		b.set(wall)
		b.used(t, s, "cookie", 5*time.Hour)
		must(t, s.Close())
		s = b.open(t) // the daemon alone starts again
		b.used(t, s, "cookie", 5*time.Hour)
		b.set(noon)
		b.used(t, s, "cookie", 55*time.Minute)
		b.pass(5 * time.Minute)
		for _, back := range []time.Time{noon, wall, noon} {
			if b.set(back); b.alive(t, s, "cookie") {
				t.Errorf("set to %v and to %v it goes on after its end", wall, back)
			}
		}
		if s = b.cut(t, s, noon); b.alive(t, s, "cookie") {
			t.Error("a power cut lets it begin anew")
		}
	}
}

func TestAClockThatIsSetBackKeepsNoIdleSession(t *testing.T) {
	b := newBox(t)
	s := b.open(t)
	begin(t, s, withAnna(t, s).ID, "cookie", 12*time.Hour)
	b.set(in1970)
	b.pass(IdleEnd - time.Minute)
	if !b.alive(t, s, "cookie") {
		t.Error("it ends before it is idle for long")
	}
	b.pass(IdleEnd)
	if b.alive(t, s, "cookie") {
		t.Error("it goes on")
	}
	if s = b.cut(t, s, noon); b.alive(t, s, "cookie") {
		t.Error("a power cut lets it begin anew")
	}
}

func TestAPowerCutWithoutABatterySignsNobodyOut(t *testing.T) {
	b := newBox(t)
	s := b.open(t)
	begin(t, s, withAnna(t, s).ID, "cookie", 12*time.Hour)
	b.used(t, s, "cookie", 2*time.Hour)
	s = b.cut(t, s, in1970)
	b.used(t, s, "cookie", 9*time.Hour+50*time.Minute)
	s = b.cut(t, s, in1970)
	// What passed before either power cut is known up to the last use.
	b.pass(time.Hour)
	if b.alive(t, s, "cookie") {
		t.Error("power cuts make the session longer")
	}
}

// Once the clock is set after a power cut, it tells for how long the box was off.
func TestTheClockThatIsSetAfterAPowerCutTells(t *testing.T) {
	for off, want := range map[time.Duration]bool{time.Hour: true, 48 * time.Hour: false} {
		b := newBox(t)
		s := b.open(t)
		begin(t, s, withAnna(t, s).ID, "cookie", 12*time.Hour)
		b.used(t, s, "cookie", time.Hour)
		on := b.now().Add(off)
		s = b.cut(t, s, in1970)
		b.used(t, s, "cookie", time.Minute)
		b.set(on)
		if b.alive(t, s, "cookie") != want {
			t.Errorf("the box was off for %v, and the session goes on: %v", off, !want)
		}
		if b.set(in1970); b.alive(t, s, "cookie") != want {
			t.Errorf("the box was off for %v and the clock is set back, and the session goes on: %v", off, !want)
		}
	}
}

// A clock that was wrong when a session began, and right since, is no reason to
// end it at the next start.
func TestAClockThatWasWrongSignsNobodyOut(t *testing.T) {
	b := newBox(t)
	b.set(in1970)
	s := b.open(t)
	begin(t, s, withAnna(t, s).ID, "cookie", 12*time.Hour)
	b.pass(2 * time.Minute)
	b.set(noon)
	b.used(t, s, "cookie", time.Minute)
	if s = b.cut(t, s, noon.Add(10*time.Minute)); !b.alive(t, s, "cookie") {
		t.Error("the session has ended")
	}
}

func TestAClockThatIsSetGivesACodeNoTimeAndTakesNone(t *testing.T) {
	first := func(s *Store, b *box, code string) error {
		_, err := s.MakeFirst(t.Context(), b.now(), access.Attempt{Secret: code}, ada, annasPassword)
		return err
	}
	for name, try := range map[string]struct {
		happens func(*testing.T, *box, *Store) *Store
		want    error
	}{
		"set back, in time": {func(t *testing.T, b *box, s *Store) *Store { b.set(in1970); b.pass(29 * time.Minute); return s }, nil},
		"set forth":         {func(t *testing.T, b *box, s *Store) *Store { b.set(noon.AddDate(30, 0, 0)); return s }, nil},
		"set back":          {func(t *testing.T, b *box, s *Store) *Store { b.set(in1970); b.pass(30 * time.Minute); return s }, access.ErrWrong},
		"set back after its end": {func(t *testing.T, b *box, s *Store) *Store {
			b.pass(30 * time.Minute)
			b.set(noon)
			return s
		}, access.ErrWrong},
		"a power cut": {func(t *testing.T, b *box, s *Store) *Store { return b.cut(t, s, in1970) }, nil},
		"a power cut and its time": {func(t *testing.T, b *box, s *Store) *Store {
			s = b.cut(t, s, in1970)
			b.pass(30 * time.Minute)
			return s
		}, access.ErrWrong},
		"a power cut of a box whose clock went on": {func(t *testing.T, b *box, s *Store) *Store {
			s = b.cut(t, s, noon.Add(30*time.Minute))
			b.set(noon)
			return s
		}, access.ErrWrong},
	} {
		b := newBox(t)
		s := b.open(t)
		c, err := s.PrintCode(t.Context(), b.now())
		must(t, err)
		s = try.happens(t, b, s)
		if err := first(s, b, c.Code); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
}

// The only administrator has a code already, and the clock wakes in the past: the
// code that the box prints then must open.
func TestTheCodePrintedLastIsTheNewestWhateverTheClock(t *testing.T) {
	b := newBox(t)
	s := b.open(t)
	anna := withAnna(t, s, access.Administrator, access.Clerk)
	_, err := s.NewCode(t.Context(), b.now(), admin, anna.ID)
	must(t, err)
	s = b.cut(t, s, in1970)
	c, err := s.PrintCode(t.Context(), b.now())
	must(t, err)
	if _, err := s.UseCode(t.Context(), b.now(), access.Attempt{Login: "anna", Secret: c.Code, How: access.ByPassword}, "sette nani sul tetto"); err != nil {
		t.Errorf("the administrator is locked out: %v", err)
	}
}

func TestAClockThatIsSetGivesAPairingNoTimeAndTakesNone(t *testing.T) {
	for _, wall := range []time.Time{in1970, noon.AddDate(30, 0, 0)} {
		b := newBox(t)
		s := b.open(t)
		p, err := s.BeginPairing(b.now(), "192.0.2.9")
		must(t, err)
		b.set(wall)
		b.pass(pairingLife - time.Second)
		if _, _, ok := s.Pairing(b.now(), p.Secret); !ok {
			t.Errorf("set to %v its code is gone too early", wall)
		}
		b.pass(time.Second)
		for _, back := range []time.Time{wall, noon} {
			b.set(back)
			if _, err := s.Pair(b.now(), admin, p.Code, access.Paired{Name: "Atrio", Role: access.Board}); !errors.Is(err, access.ErrExpired) {
				t.Errorf("set to %v and to %v: %v", wall, back, err)
			}
		}
	}
}

func TestAClockThatIsSetChangesNoDelay(t *testing.T) {
	for _, wall := range []time.Time{in1970, noon.AddDate(30, 0, 0)} {
		b := newBox(t)
		s := b.open(t)
		withAnna(t, s)
		var wait access.WaitError
		for !errors.As(refused(login(s, b.now(), access.ByPIN, "anna", "000000")), &wait) {
		}
		b.set(wall)
		var still access.WaitError
		if !errors.As(refused(login(s, b.now(), access.ByPIN, "anna", annasPIN)), &still) || still.For != wait.For {
			t.Errorf("set to %v it waits %v, and before %v", wall, still.For, wait.For)
		}
		b.pass(wait.For)
		if _, err := login(s, b.now(), access.ByPIN, "anna", annasPIN); err != nil {
			t.Errorf("set to %v, when it has waited: %v", wall, err)
		}
	}
}

func refused(_ access.Member, err error) error { return err }

// A session that a version without lives wrote has what its wall times leave.
func TestASessionOfAnEarlierVersionGoesOnToItsEnd(t *testing.T) {
	for after, want := range map[time.Duration]bool{time.Hour: true, 13 * time.Hour: false} {
		b := newBox(t)
		s := b.open(t)
		begin(t, s, withAnna(t, s).ID, "cookie", 12*time.Hour)
		for key, row := range s.sessions.rows {
			row.Life, row.Begun, row.Until = life{}, b.now(), b.now().Add(12*time.Hour)
			must(t, s.db.Update(func(tx *bbolt.Tx) error {
				return errors.Join(s.sessions.put(key, row).store(tx), tx.Bucket(metaBucket).Delete(clockKey))
			}))
		}
		if s = b.cut(t, s, b.now().Add(after)); b.alive(t, s, "cookie") != want {
			t.Errorf("after %v it goes on: %v", after, !want)
		}
	}
}

// A disk that hangs keeps one change waiting, and nobody who only asks.
func TestWhoAsksWaitsForNoDiskThatHangs(t *testing.T) {
	b := newBox(t)
	s := b.open(t)
	begin(t, s, withAnna(t, s).ID, "cookie", 12*time.Hour)
	begin(t, s, s.Members()[0].ID, "idle", 12*time.Hour)
	b.used(t, s, "cookie", IdleEnd)
	s.writing.Lock()
	if !b.alive(t, s, "cookie") || b.alive(t, s, "idle") {
		t.Error("sessions are not told apart")
	}
	s.writing.Unlock()
	if b.alive(t, s, "idle"); len(s.sessions.rows) != 1 {
		t.Errorf("%d sessions are kept", len(s.sessions.rows))
	}
}

// lifeGolden is what a golden file with lives holds.
type lifeGolden struct {
	Clock      queue.Now
	Code       string `json:",omitempty"` // of the first administrator
	Good, Over string `json:",omitempty"` // tokens
}

// released is the box of a golden file, and what that holds. With -update, write
// makes it anew first.
func released(t *testing.T, dir string, write func(*box, *Store) lifeGolden) (*box, lifeGolden) {
	t.Helper()
	b := newBox(t)
	golden, file := filepath.Join(dir, "contents.json"), filepath.Join(dir, "access.db")
	if *update {
		must(t, os.RemoveAll(dir))
		s := b.open(t)
		text, err := json.Marshal(write(b, s))
		must(t, err)
		must(t, s.Close())
		must(t, os.MkdirAll(dir, 0o755))
		must(t, os.Rename(b.path, file))
		must(t, os.WriteFile(golden, append(text, '\n'), 0o600))
	}
	text, err := os.ReadFile(golden)
	must(t, err)
	var want lifeGolden
	must(t, json.Unmarshal(text, &want))
	copied, err := os.ReadFile(file)
	must(t, err)
	must(t, os.WriteFile(b.path, copied, 0o600))
	b.Now = want.Clock
	return b, want
}

// A session and a code that this version wrote are read for ever.
func TestLivesOfFormat1AreReadForEver(t *testing.T) {
	b, want := released(t, "testdata/format1-life", func(b *box, s *Store) lifeGolden {
		bruno, err := s.MakeMember(b.now(), admin, access.Member{Login: "bruno", Name: "Bruno", Roles: []access.Role{access.Clerk}})
		must(t, err)
		begin(t, s, bruno.ID, "cookie", 12*time.Hour)
		c, err := s.PrintCode(t.Context(), b.now())
		must(t, err)
		return lifeGolden{Clock: b.Now, Code: c.Code}
	})
	b.pass(29 * time.Minute)
	s := b.open(t)
	if !b.alive(t, s, "cookie") {
		t.Error("the session has ended")
	}
	if _, err := s.MakeFirst(t.Context(), b.now(), access.Attempt{Secret: want.Code}, ada, annasPassword); err != nil {
		t.Errorf("the code: %v", err)
	}
	b.pass(12 * time.Hour)
	if b.alive(t, s, "cookie") {
		t.Error("the session has no end")
	}
}
