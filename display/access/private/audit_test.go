package private

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
)

func listed(t *testing.T, s *Store) (list []access.Entry) {
	t.Helper()
	for e, err := range s.Audit() {
		must(t, err)
		list = append(list, e)
	}
	return list
}

func TestEveryActIsInTheAuditList(t *testing.T) {
	s := open(t)
	acts := []string{}
	did := func(what string, err error) {
		t.Helper()
		must(t, err)
		acts = append(acts, what)
		if list := listed(t, s); len(list) == 0 || list[0].What != what {
			t.Errorf("%s is not in the list", what)
		}
	}
	_, err := s.PrintCode(t.Context(), noon)
	did("code.make", err)
	c, err := s.PrintCode(t.Context(), noon)
	did("code.make", err)
	_, err = s.MakeFirst(t.Context(), noon, access.Attempt{Secret: c.Code}, ada, annasPassword)
	did("member.first", err)
	m, err := s.MakeMember(noon, admin, access.Member{Login: "bruno", Name: "Bruno", Roles: []access.Role{access.Clerk, access.Technician}})
	did("member.make", err)
	c, err = s.NewCode(t.Context(), noon, admin, m.ID)
	did("code.make", err)
	m, err = s.UseCode(t.Context(), noon, access.Attempt{Login: "bruno", Secret: c.Code, How: access.ByPIN}, annasPIN)
	did("member.secret", err)
	m.Name = "Bruno Neri"
	m, err = s.ChangeMember(noon, admin, m)
	did("member.change", err)
	change := listed(t, s)[0]
	if change.Who != admin || change.On != "bruno" || !strings.Contains(string(change.Before), `"name":"Bruno"`) || !strings.Contains(string(change.After), `"name":"Bruno Neri"`) {
		t.Errorf("%+v", change)
	}
	did("member.remove", s.RemoveMember(noon, admin, m.ID, m.Version))
	p, err := s.BeginPairing(noon, "")
	must(t, err)
	screen, err := s.Pair(noon, admin, p.Code, access.Paired{Name: "Atrio", Role: access.Board})
	did("screen.pair", err)
	screen, err = s.ChangeScreen(noon, admin, screen)
	did("screen.change", err)
	did("screen.revoke", s.RevokeScreen(noon, admin, screen.ID))
	token, _, err := s.MakeToken(noon, admin, access.Token{Name: "sito", Role: access.Manager, Expires: noon.Add(time.Hour)})
	did("token.make", err)
	did("token.revoke", s.RevokeToken(noon, admin, token.ID))
	alert := access.DeskAlert{Minutes: 30, Ground: "organisation", Basis: "agreement", Reference: "3 marzo 2026", Informed: true}
	did("alert.on", s.SetDeskAlert(noon, admin, alert))
	did("alert.off", s.ClearDeskAlert(noon, admin))
	did("office.change", s.Note(noon, admin, "office.change", "", nil, map[string]int{"services": 4}))
	for i, e := range listed(t, s) {
		if want := len(acts) - i; e.Seq != uint64(want) || e.What != acts[want-1] {
			t.Errorf("entry %d is %d, %s", i, e.Seq, e.What)
		}
		if strings.Contains(string(e.Before)+string(e.After), "argon2id") {
			t.Errorf("entry %d holds a hash: %s %s", e.Seq, e.Before, e.After)
		}
	}
}

func TestAuditListIsBoundedByAge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.db")
	s, err := Open(path, Options{Cost: quick, KeepAudit: 30 * 24 * time.Hour})
	must(t, err)
	defer s.Close()
	for day := range 100 {
		must(t, s.Note(noon.AddDate(0, 0, day), admin, "office.change", "", nil, nil))
	}
	last := noon.AddDate(0, 0, 99)
	dropped, err := s.DropOldActs(last, admin)
	must(t, err)
	list := listed(t, s)
	// Acts 70 to 100, and that the older ones were dropped.
	if dropped != 69 || len(list) != 32 || s.acts != 32 || list[31].Seq != 70 {
		t.Errorf("%d dropped, %d entries, counted %d, from %d", dropped, len(list), s.acts, list[len(list)-1].Seq)
	}
	if list[0].What != "audit.drop" || string(list[0].After) != `{"acts":69,"until":"`+last.AddDate(0, 0, -30).Format(time.RFC3339)+`"}` {
		t.Errorf("noted is %s %s", list[0].What, list[0].After)
	}
	if dropped, err = s.DropOldActs(last, admin); err != nil || dropped != 0 || s.audited != 101 {
		t.Errorf("dropped again: %d, %v; the list ends at %d", dropped, err, s.audited)
	}
	must(t, s.Close())
	s = openAt(t, path)
	if s.acts != 32 || s.audited != 101 {
		t.Errorf("after a restart %d entries to %d", s.acts, s.audited)
	}
}

// An act that a wrong clock wrote is neither lost at once nor in the way of others.
func TestActsOfAWrongClockGoWithThoseAroundThem(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "access.db"), Options{Cost: quick, KeepAudit: 400 * 24 * time.Hour})
	must(t, err)
	defer s.Close()
	early, late := time.Unix(0, 0), noon.AddDate(100, 0, 0)
	for _, at := range []time.Time{late, noon, noon.AddDate(1, 0, 0), early, late, noon.AddDate(2, 0, 0)} {
		must(t, s.Note(at, admin, "office.change", "", nil, nil))
	}
	for _, c := range []struct {
		now  time.Time
		want int
	}{{noon.AddDate(1, 0, 0), 0}, {noon.AddDate(2, 0, 0), 2}, {noon.AddDate(2, 6, 0), 2}, {noon.AddDate(4, 0, 0), 4}} {
		// The notes of droppings are acts too.
		if got, err := s.DropOldActs(c.now, admin); err != nil || got != c.want {
			t.Errorf("at %v %d acts were dropped, want %d: %v", c.now, got, c.want, err)
		}
	}
}

// Acts are dated by the office's clock, which people may have corrected, and are kept by
// it: a computer whose clock is two hours slow dates nothing two hours early.
func TestActsAreDatedByTheOfficesClock(t *testing.T) {
	ahead := 2 * time.Hour
	s, err := Open(filepath.Join(t.TempDir(), "access.db"), Options{
		Cost: quick, KeepAudit: 24 * time.Hour, Office: func(now time.Time) time.Time { return now.Add(ahead) },
	})
	must(t, err)
	defer s.Close()
	must(t, s.Note(noon, admin, "office.change", "", nil, nil))
	_, err = s.MakeMember(noon, admin, access.Member{Login: "bruno", Name: "Bruno", Roles: []access.Role{access.Clerk}})
	must(t, err)
	for _, e := range listed(t, s) {
		if !e.At.Equal(noon.Add(ahead)) {
			t.Errorf("%s is dated %v", e.What, e.At)
		}
	}
	// The computer's clock is set right meanwhile: the office's goes on as before.
	ahead = 0
	for _, c := range []struct {
		now  time.Time
		want int
	}{{noon.Add(25 * time.Hour), 0}, {noon.Add(27 * time.Hour), 2}} {
		if got, err := s.DropOldActs(c.now, admin); err != nil || got != c.want {
			t.Errorf("at %v %d acts were dropped, want %d: %v", c.now, got, c.want, err)
		}
	}
}

func TestAuditListIsBoundedInNumber(t *testing.T) {
	s := open(t)
	must(t, s.Note(noon, admin, "office.change", "", nil, nil))
	s.acts = mostAudit // as if there were so many
	must(t, s.Note(noon, admin, "office.change", "", nil, nil))
	if list := listed(t, s); len(list) != 1 || list[0].Seq != 2 || s.acts != mostAudit {
		t.Errorf("%d entries, counted %d", len(list), s.acts)
	}
}

func TestLongSideIsNotKept(t *testing.T) {
	s := open(t)
	must(t, s.Note(noon, admin, "office.change", "", nil, strings.Repeat("x", 1<<20)))
	if e := listed(t, s)[0]; string(e.After) != `{"bytes":1048578}` {
		t.Errorf("%.80s", e.After)
	}
}

// A list that somebody reads while others act is read on from where it was.
func TestAuditListIsReadInParts(t *testing.T) {
	s := open(t)
	for range 450 {
		must(t, s.Note(noon, admin, "office.change", "", nil, nil))
	}
	n := uint64(450)
	for e, err := range s.Audit() {
		must(t, err)
		if e.Seq != n {
			t.Fatalf("entry %d where %d is due", e.Seq, n)
		}
		if n--; n%100 == 0 {
			must(t, s.Note(noon, admin, "office.change", "", nil, nil))
		}
	}
	if n != 0 {
		t.Errorf("%d entries were not read", n)
	}
}
