package private

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"eliminacode/display/access"
	"eliminacode/queue"
)

var update = flag.Bool("update", false, "write the golden file of the present format anew; a released one is never written again")

var (
	// noon is long after any day on which the tests run: what has ended by the
	// machine's clock is dropped when a file is opened.
	noon  = time.Date(2126, 11, 28, 12, 0, 0, 0, time.UTC)
	quick = access.Cost{MemoryKiB: 64, Passes: 1, Threads: 1}
	admin = access.By{ID: "00000000", Name: "Ada", Role: access.Administrator}
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openAt(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(path, Options{Cost: quick})
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func open(t *testing.T) *Store { return openAt(t, filepath.Join(t.TempDir(), "private", "access.db")) }

// again is the store after a restart.
func again(t *testing.T, s *Store) *Store {
	t.Helper()
	must(t, s.Close())
	return openAt(t, s.path)
}

const (
	annasPassword = "quattro cavalli in blu"
	annasPIN      = "739164"
)

// withAnna makes a clerk who has a password and a PIN.
func withAnna(t *testing.T, s *Store, roles ...access.Role) access.Member {
	t.Helper()
	if len(roles) == 0 {
		roles = []access.Role{access.Clerk, access.Manager}
	}
	m, err := s.MakeMember(noon, admin, access.Member{Login: "anna", Name: "Anna Bianchi", Roles: roles,
		Rights: []access.Right{access.Sound}, Qualifications: []string{"anagrafe"}, Language: "it"})
	must(t, err)
	for how, secret := range map[access.How]string{access.ByPassword: annasPassword, access.ByPIN: annasPIN} {
		m = choose(t, s, m, how, secret)
	}
	return m
}

func choose(t *testing.T, s *Store, m access.Member, how access.How, secret string) access.Member {
	t.Helper()
	c, err := s.NewCode(context.Background(), noon, admin, m.ID)
	must(t, err)
	m, err = s.UseCode(context.Background(), noon, access.Attempt{Address: "192.0.2.1", Login: m.Login, Secret: c.Code, How: how}, secret)
	must(t, err)
	return m
}

func login(s *Store, now time.Time, how access.How, name, secret string) (access.Member, error) {
	return s.Login(context.Background(), now, access.Attempt{Address: "192.0.2.1", Login: name, Secret: secret, How: how})
}

func TestFileIsForItsOwnerOnly(t *testing.T) {
	s := open(t)
	_, err := s.Account(1, "anna")
	must(t, err)
	for _, path := range []string{s.path, filepath.Join(filepath.Dir(s.path), "day-1.key")} {
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
	}
	must(t, os.Chmod(s.path, 0o644))
	must(t, os.Chmod(filepath.Dir(s.path), 0o755))
	again(t, s)
	for path, want := range map[string]os.FileMode{s.path: 0o600, filepath.Dir(s.path): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s after a start: %v %v", path, info.Mode(), err)
		}
	}
}

func TestEverythingIsThereAfterARestart(t *testing.T) {
	b := newBox(t)
	s := b.open(t)
	anna := withAnna(t, s)
	pairing, err := s.BeginPairing(noon, "192.0.2.9")
	must(t, err)
	_, err = s.Pair(noon, admin, pairing.Code, access.Paired{Name: "Atrio", Role: access.Board})
	must(t, err)
	_, text, err := s.MakeToken(noon, admin, access.Token{Name: "sito", Role: access.Manager, Expires: noon.Add(time.Hour)})
	must(t, err)
	account, err := s.Account(7, anna.ID)
	must(t, err)

	must(t, s.Close())
	s = b.open(t)
	if diff := cmp.Diff([]access.Member{anna}, s.Members()); diff != "" {
		t.Error(diff)
	}
	if _, err := login(s, noon, access.ByPassword, "Anna", annasPassword); err != nil {
		t.Error(err)
	}
	if v, err := s.Visitor(noon, access.Shown{Screen: pairing.Secret}); err != nil || !v.May(access.Board) {
		t.Errorf("screen: %+v %v", v, err)
	}
	if v, err := s.Visitor(noon, access.Shown{Bearer: text}); err != nil || !v.May(access.Manager) {
		t.Errorf("token: %+v %v", v, err)
	}
	if same, err := s.Account(7, anna.ID); err != nil || same != account {
		t.Errorf("account of the day: %q, was %q, %v", same, account, err)
	}
}

func TestNoSecretIsInTheFile(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	c, err := s.NewCode(context.Background(), noon, admin, anna.ID)
	must(t, err)
	pairing, err := s.BeginPairing(noon, "")
	must(t, err)
	_, err = s.Pair(noon, admin, pairing.Code, access.Paired{Name: "Atrio", Role: access.Board})
	must(t, err)
	_, text, err := s.MakeToken(noon, admin, access.Token{Name: "sito", Role: access.Manager, Expires: noon.Add(time.Hour)})
	must(t, err)
	_, secret, err := access.ParseToken(text)
	must(t, err)
	must(t, s.Close())
	file, err := os.ReadFile(s.path)
	must(t, err)
	if !bytes.Contains(file, []byte("Anna Bianchi")) {
		t.Fatal("the test does not find what is in the file")
	}
	for name, hidden := range map[string]string{"password": annasPassword, "PIN": `"` + annasPIN, "code": c.Code, "screen": pairing.Secret, "token": secret} {
		if bytes.Contains(file, []byte(hidden)) {
			t.Errorf("the %s is in the file", name)
		}
	}
}

func TestSecondProgramIsToldToAskTheFirst(t *testing.T) {
	s := open(t)
	if _, err := Open(s.path, Options{}); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "stop it first") {
		t.Error(err)
	}
}

func TestUnfinishedFileIsMadeAnew(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "access.db.tmp"), []byte("half"), 0o600))
	if !openAt(t, filepath.Join(dir, "access.db")).NeedsFirst() {
		t.Error("a new file has an administrator")
	}
}

func TestDamageIsToldWithWhatToDo(t *testing.T) {
	base := open(t)
	withAnna(t, base)
	must(t, base.Close())
	whole, err := os.ReadFile(base.path)
	must(t, err)
	damage := map[string]func([]byte) []byte{
		"cut short": func(b []byte) []byte { return b[:4096] },
		"empty":     func([]byte) []byte { return nil }, // bbolt begins it, without a format
		"text":      func([]byte) []byte { return []byte(strings.Repeat("not a database\n", 1000)) },
		"pages of zeros": func(b []byte) []byte {
			for at := bytes.Index(b, []byte("Anna Bianchi")); at >= 0; at = bytes.Index(b, []byte("Anna Bianchi")) {
				clear(b[at/4096*4096 : at/4096*4096+4096]) // pages that are free now have it too
			}
			return b
		},
	}
	for name, spoil := range damage {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "access.db")
			must(t, os.WriteFile(path, spoil(bytes.Clone(whole)), 0o600))
			_, err := Open(path, Options{Cost: quick})
			if !errors.Is(err, ErrDamaged) {
				t.Fatalf("%v", err)
			}
			if !strings.Contains(err.Error(), "move it to another folder") || !strings.Contains(err.Error(), path) {
				t.Errorf("%v does not tell what to do", err)
			}
		})
	}
}

func TestFileOfALaterVersionIsLeftAlone(t *testing.T) {
	s := open(t)
	must(t, s.db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Put(formatKey, []byte("2")) }))
	must(t, s.Close())
	if _, err := Open(s.path, Options{}); !errors.Is(err, ErrNewerFormat) || errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
}

func TestRowWithAFieldOfALaterVersionIsRead(t *testing.T) {
	value, err := encodeRow(map[string]any{"purpose": "first", "hash": access.HashSecret("x", quick), "until": noon, "later": true})
	must(t, err)
	var c code
	if err := decodeRow(value, &c); err != nil || c.Purpose != access.MakesFirst {
		t.Errorf("%+v %v", c, err)
	}
}

func FuzzDecodeRow(f *testing.F) {
	value, _ := encodeRow(code{Purpose: access.MakesFirst, Hash: "x", Until: noon})
	f.Add(value)
	f.Add([]byte("00000000 "))
	f.Fuzz(func(t *testing.T, value []byte) {
		var c code
		if decodeRow(value, &c) == nil && len(value) < sumBytes {
			t.Errorf("%q is a row", value)
		}
	})
}

func FuzzParseDayKey(f *testing.F) {
	value, _ := encodeRow(dayKey{1, 7, make([]byte, dayKeyBytes)})
	f.Add(value)
	f.Fuzz(func(t *testing.T, value []byte) {
		if key, err := parseDayKey(value, 7); err == nil && len(key) != dayKeyBytes {
			t.Errorf("%q gives a key of %d bytes", value, len(key))
		}
	})
}

// golden is what the golden file of format 1 holds.
type golden struct {
	Members []access.Member
	Screens []access.Paired
	Tokens  []access.Token
	Audit   []access.Entry
	Code    string // of the technician
	Screen  string // cookie
	Bearer  string
	Account string // of day 7 and the first member
}

func (s *Store) golden(t *testing.T, g golden) golden {
	t.Helper()
	g.Members, g.Screens, g.Tokens = s.Members(), s.Screens(), s.Tokens()
	for i := range g.Screens {
		g.Screens[i].Seen = time.Time{}
	}
	for i := range g.Tokens {
		g.Tokens[i].Used = time.Time{}
	}
	g.Audit = nil
	for e, err := range s.Audit() {
		must(t, err)
		g.Audit = append(g.Audit, e)
	}
	var err error
	g.Account, err = s.Account(7, g.Members[0].ID)
	must(t, err)
	return g
}

// A private file of format 1 is opened for ever, with the key of a day.
func TestFormat1IsOpenedForEver(t *testing.T) {
	const dir = "testdata/format1"
	then := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC) // when it was written
	if *update {
		writeGolden(t, dir)
	}
	work := t.TempDir()
	for _, name := range []string{"access.db", "day-7.key"} {
		file, err := os.ReadFile(filepath.Join(dir, name))
		must(t, err)
		must(t, os.WriteFile(filepath.Join(work, name), file, 0o600))
	}
	text, err := os.ReadFile(filepath.Join(dir, "contents.json"))
	must(t, err)
	var want golden
	must(t, json.Unmarshal(text, &want))
	s, err := Open(filepath.Join(work, "access.db"), Options{Cost: quick, Clock: func(time.Time) queue.Now {
		return queue.Now{Wall: then.UnixMilli(), Boot: "a later one", Mono: 60_000}
	}})
	must(t, err)
	defer s.Close()
	got := s.golden(t, want)
	for i := range got.Members {
		want.Members[i].HasPIN, want.Members[i].HasPassword = true, true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for how, secret := range map[access.How]string{access.ByPassword: annasPassword, access.ByPIN: annasPIN} {
		if _, err := login(s, then, how, "anna", secret); err != nil {
			t.Errorf("%s: %v", how, err)
		}
	}
	if v, err := s.Visitor(then, access.Shown{Screen: want.Screen}); err != nil || v.Kind != access.Screen {
		t.Errorf("%+v %v", v, err)
	}
	if v, err := s.Visitor(then, access.Shown{Bearer: want.Bearer}); err != nil || v.Kind != access.Program {
		t.Errorf("%+v %v", v, err)
	}
}

func writeGolden(t *testing.T, dir string) {
	t.Helper()
	must(t, os.RemoveAll(dir))
	s := openAt(t, filepath.Join(dir, "access.db"))
	withAnna(t, s, access.Clerk, access.Administrator)
	c, err := s.PrintCode(context.Background(), noon)
	must(t, err)
	p, err := s.BeginPairing(noon, "")
	must(t, err)
	_, err = s.Pair(noon, admin, p.Code, access.Paired{Name: "Atrio", Role: access.Totem, Place: "totem"})
	must(t, err)
	_, bearer, err := s.MakeToken(noon, admin, access.Token{Name: "sito", Role: access.Manager, Scopes: []string{"reports"}, Expires: noon.Add(365 * 24 * time.Hour)})
	must(t, err)
	text, err := json.Marshal(s.golden(t, golden{Code: c.Code, Screen: p.Secret, Bearer: bearer}))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "contents.json"), append(text, '\n'), 0o600))
	must(t, s.Close())
}

// Reading, changing, logging in and asking who it is go on at once.
func TestManyAtOnce(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	_, text, err := s.MakeToken(noon, admin, access.Token{Name: "sito", Role: access.Manager, Expires: noon.Add(time.Hour)})
	must(t, err)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for j := range 10 {
				m, err := s.MakeMember(noon, admin, access.Member{Login: fmt.Sprintf("p%d-%d", i, j), Name: "P", Roles: []access.Role{access.Clerk}})
				if err != nil {
					t.Error(err)
				}
				m.Name = "Q"
				if _, err := s.ChangeMember(noon, admin, m); err != nil {
					t.Error(err)
				}
				cookie := fmt.Sprintf("cookie %d %d", i, j)
				if err := s.Sessions().Commit(cookie, values(t, m.ID, access.ByPassword), time.Now().Add(time.Hour)); err != nil {
					t.Error(err)
				}
				s.Visitor(noon, access.Shown{Session: cookie})
				s.Visitor(noon, access.Shown{Bearer: text})
				s.Members()
				login(s, noon, access.ByPIN, "anna", annasPIN)
				if _, err := s.Account(j, anna.ID); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := len(s.Members()); n != 41 {
		t.Errorf("%d members", n)
	}
}

// A file that is spoilt while it is open refuses what is asked of it, and ends: the
// program must stop and give the journal free.
func TestAFileSpoiltMeanwhileEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.db")
	s, err := Open(path, Options{Cost: access.Cost{MemoryKiB: 64, Passes: 1, Threads: 1}})
	if err != nil {
		t.Fatal(err)
	}
	by := access.By{Name: "Anna", Role: access.Administrator}
	if _, err := s.MakeMember(time.Now(), by, access.Member{Login: "anna", Name: "Anna", Roles: []access.Role{access.Clerk}}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		_, err = f.Write(bytes.Repeat([]byte{0xdb}, int(info.Size())))
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.MakeMember(time.Now(), by, access.Member{Login: "bruno", Name: "Bruno", Roles: []access.Role{access.Clerk}}); err == nil {
			t.Error("a spoilt file takes an account")
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Close() }()
	select {
	case err := <-ended:
		t.Log(err)
	case <-time.After(time.Minute):
		t.Error("a spoilt file does not end")
	}
}
