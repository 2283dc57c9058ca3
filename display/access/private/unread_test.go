package private

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"eliminacode/display/access"
)

// spoilRows damages one byte of the rows of a table that a text stands in, in the file
// of a store that is closed.
func spoilRows(t *testing.T, path, table, in string) (spoilt int) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	must(t, err)
	must(t, db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(table))
		rows := map[string][]byte{}
		must(t, b.ForEach(func(k, v []byte) error {
			if strings.Contains(string(v), in) {
				rows[string(k)] = append([]byte(nil), v...)
			}
			return nil
		}))
		for k, v := range rows {
			v[0] ^= 1 // of its sum
			must(t, b.Put([]byte(k), v))
			spoilt++
		}
		return nil
	}))
	must(t, db.Close())
	return spoilt
}

// anOffice has an administrator, a clerk, two screens and two tokens.
func anOffice(t *testing.T, s *Store) (clerk access.Member, screens, bearers map[string]string) {
	t.Helper()
	boss, err := s.MakeMember(noon, admin, access.Member{Login: "ada", Name: "Ada", Roles: []access.Role{access.Administrator}})
	must(t, err)
	choose(t, s, boss, access.ByPassword, "otto cavalli in verde")
	clerk = withAnna(t, s)
	screens, bearers = map[string]string{}, map[string]string{}
	for _, name := range []string{"Atrio", "Scale"} {
		p, err := s.BeginPairing(noon, "")
		must(t, err)
		_, err = s.Pair(noon, admin, p.Code, access.Paired{Name: name, Role: access.Board})
		must(t, err)
		screens[name] = p.Secret
	}
	for _, name := range []string{"sito", "registro"} {
		_, text, err := s.MakeToken(noon, admin, access.Token{Name: name, Role: access.Manager, Expires: noon.Add(time.Hour)})
		must(t, err)
		bearers[name] = text
	}
	return clerk, screens, bearers
}

func signedIn(s *Store, cookie string) bool {
	_, found, err := s.Sessions().(interface {
		Find(string) ([]byte, bool, error)
	}).Find(cookie)
	return found && err == nil
}

// A damaged session is dropped alone, and the audit list says so.
func TestADamagedSessionIsDroppedAlone(t *testing.T) {
	s := open(t)
	clerk, _, _ := anOffice(t, s)
	boss := s.withLogin("ada")
	must(t, s.Sessions().Commit("clerk", values(t, clerk.ID, access.ByPIN), time.Now().Add(time.Hour)))
	must(t, s.Sessions().Commit("boss", values(t, boss.ID, access.ByPassword), time.Now().Add(time.Hour)))
	must(t, s.Close())
	if n := spoilRows(t, s.path, "sessions", clerk.ID); n != 1 {
		t.Fatalf("%d sessions are damaged", n)
	}
	s = openAt(t, s.path)
	if signedIn(s, "clerk") || !signedIn(s, "boss") {
		t.Errorf("the damaged session opens: %v; the other: %v", signedIn(s, "clerk"), signedIn(s, "boss"))
	}
	newest, err := s.AuditBefore(0, 1)
	must(t, err)
	if len(newest) != 1 || newest[0].What != "session.drop" || string(newest[0].After) != `{"rows":1}` {
		t.Errorf("the acts say %+v", newest)
	}
	s = again(t, s)
	if newest, err = s.AuditBefore(0, 2); err != nil || newest[1].What == "session.drop" || len(s.Unread()) != 0 {
		t.Errorf("it is dropped again: %+v %v", newest, err)
	}
}

// A damaged account, screen or token opens nothing and is told; the others go on. Made
// again it is told no more.
func TestADamagedRowIsSetAsideAlone(t *testing.T) {
	s := open(t)
	_, screens, bearers := anOffice(t, s)
	must(t, s.Close())
	for table, in := range map[string]string{"members": `"anna"`, "screens": "Atrio", "tokens": "sito"} {
		if n := spoilRows(t, s.path, table, in); n != 1 {
			t.Fatalf("%d rows of %s are damaged", n, table)
		}
	}
	looked, locked, err := Look(s.path)
	if err != nil || locked || len(looked) != 3 {
		t.Errorf("before a start: %+v %v %v", looked, locked, err)
	}
	for range 2 { // every start tells it
		s = openAt(t, s.path)
		var told []string
		for _, u := range s.Unread() {
			told = append(told, u.Table+" "+u.Name)
		}
		if got := strings.Join(told, ", "); got != "members anna, screens Atrio, tokens sito" || s.Locked() || s.NeedsFirst() {
			t.Errorf("damaged are %s; locked %v, needs a first %v", got, s.Locked(), s.NeedsFirst())
		}
		for how, secret := range map[access.How]string{access.ByPassword: annasPassword, access.ByPIN: annasPIN} {
			if _, err := login(s, time.Now(), how, "anna", secret); !errors.Is(err, access.ErrWrong) {
				t.Errorf("a damaged account opens by %s: %v", how, err)
			}
		}
		if _, err := login(s, time.Now(), access.ByPassword, "ada", "otto cavalli in verde"); err != nil {
			t.Error(err)
		}
		for name, opens := range map[string]bool{"Atrio": false, "Scale": true} {
			if v, err := s.Visitor(time.Now(), access.Shown{Screen: screens[name]}); (v.Kind == access.Screen) != opens {
				t.Errorf("screen %s: %+v %v", name, v, err)
			}
		}
		for name, opens := range map[string]bool{"sito": false, "registro": true} {
			if v, err := s.Visitor(time.Now(), access.Shown{Bearer: bearers[name]}); (v.Kind == access.Program) != opens {
				t.Errorf("program %s: %+v %v", name, v, err)
			}
		}
		if _, err := s.PrintCode(context.Background(), time.Now()); err != nil {
			t.Errorf("the administrator who is there gets no code: %v", err)
		}
		must(t, s.Close())
	}
	s = openAt(t, s.path)
	withAnna(t, s)
	p, err := s.BeginPairing(noon, "")
	must(t, err)
	_, err = s.Pair(noon, admin, p.Code, access.Paired{Name: "Atrio", Role: access.Board})
	must(t, err)
	_, _, err = s.MakeToken(noon, admin, access.Token{Name: "sito", Role: access.Manager, Expires: noon.Add(time.Hour)})
	must(t, err)
	if left := s.Unread(); len(left) != 0 {
		t.Errorf("made again, and still told: %+v", left)
	}
	if s = again(t, s); len(s.Unread()) != 0 {
		t.Errorf("after a start still told: %+v", s.Unread())
	}
}

// While a damaged account may be the administrator's, no code makes a new one: neither
// one that is asked for then nor one of before.
func TestADamagedAdministratorOpensNoDoor(t *testing.T) {
	s := open(t)
	first, err := s.PrintCode(context.Background(), time.Now())
	must(t, err)
	if first.Purpose != access.MakesFirst {
		t.Fatalf("the code is one that %s", first.Purpose)
	}
	anOffice(t, s)
	must(t, s.Close())
	spoilRows(t, s.path, "members", `"ada"`)
	s = openAt(t, s.path)
	if s.NeedsFirst() || !s.Locked() {
		t.Errorf("needs a first %v, locked %v", s.NeedsFirst(), s.Locked())
	}
	if c, err := s.PrintCode(context.Background(), noon); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "hold two buttons down") {
		t.Errorf("a code that %q: %v", c.Purpose, err)
	}
	_, err = s.MakeFirst(context.Background(), time.Now(), access.Attempt{Address: "192.0.2.1", Secret: first.Code, How: access.ByPassword},
		access.Member{Login: "mallory", Name: "M"}, "sette cavalli in rosa")
	if !errors.Is(err, access.ErrWrong) {
		t.Errorf("a code of before makes an administrator: %v", err)
	}
	if _, err := login(s, noon, access.ByPIN, "anna", annasPIN); err != nil {
		t.Errorf("the others do not go on: %v", err)
	}
	// Not even an account that is made elsewhere takes the damaged one away.
	_, err = s.MakeMember(noon, admin, access.Member{Login: "ada", Name: "Ada", Roles: []access.Role{access.Clerk}})
	must(t, err)
	if s.NeedsFirst() || !s.Locked() {
		t.Errorf("an account made meanwhile: needs a first %v, locked %v", s.NeedsFirst(), s.Locked())
	}
}

// Where the last reading of the clocks is damaged nobody can tell how long a session has
// lasted, and everybody signs in again; a damaged alert is off.
func TestDamageOfTheRestIsOnTheSafeSide(t *testing.T) {
	s := open(t)
	clerk, _, _ := anOffice(t, s)
	must(t, s.Sessions().Commit("clerk", values(t, clerk.ID, access.ByPIN), time.Now().Add(time.Hour)))
	must(t, s.Close())
	db, err := bbolt.Open(s.path, 0o600, nil)
	must(t, err)
	must(t, db.Update(func(tx *bbolt.Tx) error {
		for _, key := range [][]byte{clockKey, alertKey, browserKey} {
			must(t, tx.Bucket(metaBucket).Put(key, []byte("00000000 {}")))
		}
		return nil
	}))
	must(t, db.Close())
	s = openAt(t, s.path)
	if signedIn(s, "clerk") || s.DeskAlert() != (access.DeskAlert{}) {
		t.Errorf("signed in %v, alert %+v", signedIn(s, "clerk"), s.DeskAlert())
	}
	if _, err := login(s, noon, access.ByPIN, "anna", annasPIN); err != nil {
		t.Error(err)
	}
	var acts []string
	for e, err := range s.Audit() {
		must(t, err)
		acts = append(acts, e.What)
	}
	if got := strings.Join(acts[:2], " "); got != "alert.off session.drop" {
		t.Errorf("the acts are %s", got)
	}
	if s = again(t, s); s.alertLost || s.clock.IsZero() {
		t.Error("what was damaged is not mended")
	}
}

// A damaged act does not end the list: it stands there as one that cannot be read, and
// goes when those around it are old.
func TestADamagedActDoesNotEndTheList(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.db")
	s, err := Open(path, Options{Cost: quick, KeepAudit: 24 * time.Hour})
	must(t, err)
	for _, on := range []string{"uno", "due", "tre"} {
		must(t, s.Note(noon, admin, "office.change", on, nil, nil))
	}
	must(t, s.Close())
	for _, on := range []string{"due", "tre"} { // the newest too
		spoilRows(t, path, auditName, `"`+on+`"`)
	}
	s, err = Open(path, Options{Cost: quick, KeepAudit: 24 * time.Hour})
	must(t, err)
	defer s.Close()
	must(t, s.Note(noon.Add(time.Hour), admin, "office.change", "quattro", nil, nil))
	var list []string
	for e, err := range s.Audit() {
		must(t, err)
		list = append(list, e.What+" "+e.On)
		if e.What == access.ActUnread {
			if text, err := json.Marshal(e); err != nil || strings.Contains(string(text), `"at"`) || e.Seq == 0 {
				t.Errorf("it is told as %s, %v", text, err)
			}
		}
	}
	if got := strings.Join(list, ", "); got != "office.change quattro, audit.unread , audit.unread , office.change uno" {
		t.Errorf("the list is %s", got)
	}
	if n, err := s.DropOldActs(noon.Add(24*time.Hour+time.Minute), admin); n != 1 || err != nil {
		t.Errorf("dropped are %d, %v: those behind the last readable old one stay", n, err)
	}
	if n, err := s.DropOldActs(noon.Add(26*time.Hour), admin); n != 3 || err != nil {
		t.Errorf("dropped are %d, %v", n, err)
	}
}
