package private

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/scs/v2"

	"eliminacode/display/access"
)

// values are a session's as scs encodes them.
func values(t *testing.T, member string, how access.How) []byte {
	t.Helper()
	named := map[string]any{"flash": "fatto"}
	if member != "" {
		named[access.SessionMember], named[access.SessionHow], named[access.SessionDesk] = member, string(how), "3"
	}
	b, err := scs.GobCodec{}.Encode(time.Now().Add(time.Hour), named)
	must(t, err)
	return b
}

func begin(t *testing.T, s *Store, member, cookie string, life time.Duration) {
	t.Helper()
	must(t, s.Sessions().Commit(cookie, values(t, member, access.ByPassword), time.Now().Add(life)))
}

func goesOn(t *testing.T, s *Store, cookie string) bool {
	t.Helper()
	_, found, err := s.Sessions().Find(cookie)
	must(t, err)
	v, err := s.Visitor(time.Now(), access.Shown{Session: cookie})
	if (v.Kind == access.Person) != found || (err == nil) != found {
		t.Errorf("scs finds the session: %v; the visitor is %+v, %v", found, v, err)
	}
	return found
}

func TestSessionEndsIdleAndAtItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(filepath.Join(t.TempDir(), "access.db"), Options{Cost: quick, Idle: 30 * time.Minute})
		must(t, err)
		defer s.Close()
		anna := withAnna(t, s)
		begin(t, s, anna.ID, "used", 12*time.Hour)
		begin(t, s, anna.ID, "idle", 12*time.Hour)
		for used := time.Duration(0); used < 12*time.Hour; used += 29 * time.Minute {
			if !goesOn(t, s, "used") {
				t.Fatalf("a session that is used ends after %v", used)
			}
			time.Sleep(29 * time.Minute)
		}
		if goesOn(t, s, "used") {
			t.Error("a session has no end")
		}
		if goesOn(t, s, "idle") {
			t.Error("an idle session goes on")
		}
	})
}

func TestSessionGoesOnAfterARestart(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	begin(t, s, anna.ID, "cookie", time.Hour)
	begin(t, s, anna.ID, "over", -time.Second)
	s = again(t, s)
	if !goesOn(t, s, "cookie") {
		t.Error("a restart ends it")
	}
	if len(s.sessions.rows) != 1 {
		t.Errorf("what has ended is kept: %d rows", len(s.sessions.rows))
	}
}

func TestSessionSaysWhoAsks(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s, access.Clerk, access.Manager)
	begin(t, s, anna.ID, "password", time.Hour)
	must(t, s.Sessions().Commit("pin", values(t, anna.ID, access.ByPIN), time.Now().Add(time.Hour)))
	v, err := s.Visitor(time.Now(), access.Shown{Session: "password"})
	must(t, err)
	if v.Kind != access.Person || v.ID != anna.ID || v.Desk != "3" || !v.May(access.Manager) || !v.Has(access.Sound) || !slices.Equal(v.Qualifications, []string{"anagrafe"}) {
		t.Errorf("%+v", v)
	}
	v, err = s.Visitor(time.Now(), access.Shown{Session: "pin"})
	must(t, err)
	if !v.May(access.Clerk) || v.May(access.Manager) || v.Has(access.Sound) {
		t.Errorf("by PIN: %+v", v)
	}
}

func TestSessionsEndWhenAPersonMayAnother(t *testing.T) {
	for name, change := range map[string]func(*Store, access.Member) error{
		"other roles": func(s *Store, m access.Member) error {
			m.Roles = []access.Role{access.Reception}
			_, err := s.ChangeMember(noon, admin, m)
			return err
		},
		"disabled": func(s *Store, m access.Member) error {
			m.Disabled = true
			_, err := s.ChangeMember(noon, admin, m)
			return err
		},
		"removed": func(s *Store, m access.Member) error { return s.RemoveMember(noon, admin, m.ID, m.Version) },
	} {
		s := open(t)
		anna := withAnna(t, s)
		begin(t, s, anna.ID, "cookie", time.Hour)
		must(t, change(s, anna))
		if goesOn(t, s, "cookie") {
			t.Errorf("%s: the session goes on", name)
		}
		if s = again(t, s); goesOn(t, s, "cookie") {
			t.Errorf("%s: the session goes on after a restart", name)
		}
		if name != "other roles" {
			if err := s.Sessions().Commit("late", values(t, anna.ID, access.ByPassword), time.Now().Add(time.Hour)); !errors.Is(err, access.ErrDisabled) {
				t.Errorf("%s: a login that was under way: %v", name, err)
			}
		}
	}
}

func TestSessionGoesOnWhenAPersonMayTheSame(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	begin(t, s, anna.ID, "cookie", time.Hour)
	anna.Name, anna.Language, anna.Qualifications = "Anna Verdi", "de", nil
	_, err := s.ChangeMember(noon, admin, anna)
	must(t, err)
	if !goesOn(t, s, "cookie") {
		t.Error("another name ends it")
	}
	if v, _ := s.Visitor(time.Now(), access.Shown{Session: "cookie"}); v.Name != "Anna Verdi" || v.Language != "de" || len(v.Qualifications) != 0 {
		t.Errorf("it has the old values: %+v", v)
	}
}

func TestLogoutEndsTheSession(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	begin(t, s, anna.ID, "cookie", time.Hour)
	must(t, s.Sessions().Delete("cookie"))
	must(t, s.Sessions().Delete("cookie"))
	if goesOn(t, s, "cookie") {
		t.Error("it goes on")
	}
}

func TestSessionsAreBounded(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	for i := range mostOfMember + 3 {
		begin(t, s, anna.ID, fmt.Sprint(i), time.Hour)
	}
	if n := len(s.sessions.rows); n != mostOfMember {
		t.Errorf("a member has %d sessions", n)
	}
	if goesOn(t, s, "0") || !goesOn(t, s, fmt.Sprint(mostOfMember+2)) {
		t.Error("not the oldest made room")
	}
}

func TestVisitorsWhoDoNotLogInCostNoWriteAndAreBounded(t *testing.T) {
	s := open(t)
	before := s.db.Stats()
	for i := range mostAnonymous + 10 {
		must(t, s.Sessions().Commit(fmt.Sprint(i), values(t, "", ""), time.Now().Add(time.Hour)))
	}
	if n := len(s.live.anonymous); n != mostAnonymous {
		t.Errorf("%d sessions of nobody", n)
	}
	if s.audited != 0 || len(s.sessions.rows) != 0 || s.db.Stats().TxN != before.TxN {
		t.Error("they are on disk")
	}
	cookie := fmt.Sprint(mostAnonymous)
	if _, found, _ := s.Sessions().Find(cookie); !found {
		t.Error("the newest are not kept")
	}
	if v, err := s.Visitor(time.Now(), access.Shown{Session: cookie}); err != nil || v.Kind != access.Nobody {
		t.Errorf("%+v %v", v, err)
	}
}

// scs drives the store as the pages will.
func TestStoreServesSCS(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	m := scs.New()
	m.Store = s.Sessions()
	ctx, err := m.Load(t.Context(), "")
	must(t, err)
	m.Put(ctx, access.SessionMember, anna.ID)
	m.Put(ctx, access.SessionHow, string(access.ByPassword))
	cookie, _, err := m.Commit(ctx)
	must(t, err)
	if v, err := s.Visitor(time.Now(), access.Shown{Session: cookie}); err != nil || v.ID != anna.ID {
		t.Errorf("%+v %v", v, err)
	}
	ctx, err = m.Load(t.Context(), cookie)
	must(t, err)
	if m.GetString(ctx, access.SessionMember) != anna.ID {
		t.Error("scs does not find it")
	}
	must(t, m.Destroy(ctx))
	if v, _ := s.Visitor(time.Now(), access.Shown{Session: cookie}); v.Kind != access.Nobody {
		t.Errorf("%+v", v)
	}
}

// A page that is left open, asked about every few seconds, keeps no session alive
// and takes no request of a token.
func TestStillIsNoUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(filepath.Join(t.TempDir(), "access.db"), Options{Cost: quick, Idle: 30 * time.Minute})
		must(t, err)
		defer s.Close()
		anna := withAnna(t, s)
		begin(t, s, anna.ID, "open", 12*time.Hour)
		_, bearer, err := s.MakeToken(time.Now(), access.By{Name: "Anna"}, access.Token{
			Name: "prenotazioni", Role: access.Reception, Expires: time.Now().Add(24 * time.Hour), PerMinute: 1,
		})
		must(t, err)
		for range 29 {
			time.Sleep(time.Minute)
			for _, shown := range []access.Shown{{Session: "open"}, {Bearer: bearer}} {
				if v := s.Still(time.Now(), shown); v.Kind == access.Nobody {
					t.Fatalf("%+v is nobody already", shown)
				}
			}
		}
		time.Sleep(time.Minute)
		if v := s.Still(time.Now(), access.Shown{Session: "open"}); v.Kind != access.Nobody {
			t.Error("asking keeps an idle session alive")
		}
		for range 100 {
			s.Still(time.Now(), access.Shown{Bearer: bearer})
		}
		if _, err := s.Visitor(time.Now(), access.Shown{Bearer: bearer}); err != nil {
			t.Errorf("asking takes requests of a token: %v", err)
		}
	})
}
