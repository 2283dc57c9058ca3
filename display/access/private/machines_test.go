package private

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"eliminacode/display/access"
)

func TestScreenIsLetInByItsCode(t *testing.T) {
	s := open(t)
	p, err := s.BeginPairing(noon, "192.0.2.9")
	must(t, err)
	shown := access.Shown{Screen: p.Secret}
	if v, err := s.Visitor(noon, shown); err != nil || v.Kind != access.Nobody {
		t.Errorf("before its code is typed it is %+v, %v", v, err)
	}
	if code, _, ok := s.Pairing(noon, p.Secret); !ok || code != p.Code {
		t.Error("a reload shows another code")
	}
	wrong := "ACDEFG"
	if _, err := s.Pair(noon, admin, wrong, access.Paired{Name: "Atrio", Role: access.Board}); !errors.Is(err, access.ErrWrong) {
		t.Errorf("another code: %v", err)
	}
	if _, err := s.Pair(noon, admin, p.Code, access.Paired{Name: "Atrio", Role: access.Clerk}); !errors.Is(err, access.ErrBadValue) {
		t.Errorf("a person's role: %v", err)
	}
	paired, err := s.Pair(noon, admin, access.SpellCode(p.Code), access.Paired{Name: "Sportello 3", Role: access.Voting, Place: "3"})
	must(t, err)
	v, err := s.Visitor(noon.Add(time.Minute), shown)
	must(t, err)
	if v.Kind != access.Screen || v.Name != "Sportello 3" || !v.May(access.Voting) || v.Desk != "3" {
		t.Errorf("%+v", v)
	}
	if got := s.Screens()[0].Seen; !got.Equal(noon.Add(time.Minute)) {
		t.Errorf("last seen %v", got)
	}
	if _, err := s.Pair(noon, admin, p.Code, access.Paired{Name: "Altro", Role: access.Board}); !errors.Is(err, access.ErrWrong) {
		t.Errorf("the code lets in two: %v", err)
	}
	must(t, s.RevokeScreen(noon, admin, paired.ID))
	acts := len(listed(t, s))
	must(t, s.RevokeScreen(noon, admin, paired.ID)) // it is done already
	if again := len(listed(t, s)); again != acts {
		t.Errorf("what was done already stands in the audit list: %d acts, then %d", acts, again)
	}
	if err := s.RevokeScreen(noon, admin, "never"); !errors.Is(err, access.ErrUnknown) {
		t.Errorf("a screen that never was: %v", err)
	}
	if v, err := s.Visitor(noon, shown); err != nil || v.Kind != access.Nobody {
		t.Errorf("revoked it is %+v, %v", v, err)
	}
}

func TestPairingCodeEndsAfterTenMinutes(t *testing.T) {
	s := open(t)
	p, err := s.BeginPairing(noon, "192.0.2.9")
	must(t, err)
	late := noon.Add(10 * time.Minute)
	if _, _, ok := s.Pairing(late, p.Secret); ok {
		t.Error("it is shown for longer")
	}
	if _, err := s.Pair(late, admin, p.Code, access.Paired{Name: "Atrio", Role: access.Board}); !errors.Is(err, access.ErrExpired) {
		t.Error(err)
	}
}

func TestPairingCodesAreBounded(t *testing.T) {
	s := open(t)
	for range 100 {
		_, err := s.BeginPairing(noon, "192.0.2.9")
		must(t, err)
	}
	if n := len(s.live.pairing); n != mostPairingsOf {
		t.Errorf("one address has %d codes", n)
	}
	var err error
	for i := range 100 {
		if _, err = s.BeginPairing(noon, fmt.Sprintf("198.51.100.%d", i)); err != nil {
			break
		}
	}
	if !errors.Is(err, access.ErrFull) || len(s.live.pairing) != mostPairings {
		t.Errorf("%d codes, %v", len(s.live.pairing), err)
	}
	if _, err := s.BeginPairing(noon.Add(10*time.Minute), "203.0.113.1"); err != nil {
		t.Errorf("when they have ended: %v", err)
	}
}

func TestTwoAdministratorsOfScreensAreTold(t *testing.T) {
	s := open(t)
	p, err := s.BeginPairing(noon, "")
	must(t, err)
	paired, err := s.Pair(noon, admin, p.Code, access.Paired{Name: "Atrio", Role: access.Board})
	must(t, err)
	other := paired
	other.Name = "Ingresso"
	_, err = s.ChangeScreen(noon, admin, other)
	must(t, err)
	paired.Name = "Scala"
	if _, err := s.ChangeScreen(noon, admin, paired); !errors.Is(err, access.ErrChanged) {
		t.Error(err)
	}
	if v, _ := s.Visitor(noon, access.Shown{Screen: p.Secret}); v.Name != "Ingresso" {
		t.Errorf("the screen must be paired again: %+v", v)
	}
}

func TestTokenHasItsRoleUntilItsEnd(t *testing.T) {
	s := open(t)
	made, text, err := s.MakeToken(noon, admin, access.Token{Name: "sito", Role: access.Reception, Scopes: []string{"reception"}, Expires: noon.Add(time.Hour)})
	must(t, err)
	v, err := s.Visitor(noon, access.Shown{Bearer: text, Session: "unknown"})
	must(t, err)
	if v.Kind != access.Program || !v.May(access.Reception) || !v.InScope("reception") || v.InScope("reports") {
		t.Errorf("%+v", v)
	}
	for name, bearer := range map[string]string{
		"another secret": access.SpellToken(made.ID, access.NewSecret()),
		"another name":   access.SpellToken(access.NewID(), access.NewSecret()),
		"no token":       "hello",
	} {
		if v, err := s.Visitor(noon, access.Shown{Bearer: bearer}); !errors.Is(err, access.ErrWrong) || v.Kind != access.Nobody {
			t.Errorf("%s: %+v %v", name, v, err)
		}
	}
	if _, err := s.Visitor(noon.Add(time.Hour), access.Shown{Bearer: text}); !errors.Is(err, access.ErrExpired) {
		t.Errorf("at its end: %v", err)
	}
	must(t, s.RevokeToken(noon, admin, made.ID))
	must(t, s.RevokeToken(noon, admin, made.ID)) // it is done already
	if err := s.RevokeToken(noon, admin, "never"); !errors.Is(err, access.ErrUnknown) {
		t.Errorf("a token that never was: %v", err)
	}
	if _, err := s.Visitor(noon, access.Shown{Bearer: text}); !errors.Is(err, access.ErrWrong) {
		t.Errorf("revoked: %v", err)
	}
}

func TestTokenIsRefusedWithoutAnEndOrWithARoleOfNoProgram(t *testing.T) {
	s := open(t)
	good := access.Token{Name: "sito", Role: access.Reception, Expires: noon.Add(time.Hour)}
	for name, spoil := range map[string]func(*access.Token){
		"no end":            func(x *access.Token) { x.Expires = time.Time{} },
		"over":              func(x *access.Token) { x.Expires = noon },
		"ten years":         func(x *access.Token) { x.Expires = noon.AddDate(10, 0, 0) },
		"administrator":     func(x *access.Token) { x.Role = access.Administrator },
		"no role":           func(x *access.Token) { x.Role = "" },
		"no name":           func(x *access.Token) { x.Name = "" },
		"a scope":           func(x *access.Token) { x.Scopes = []string{"All Of It"} },
		"too much a minute": func(x *access.Token) { x.PerMinute = 1e9 },
	} {
		bad := good
		spoil(&bad)
		if _, _, err := s.MakeToken(noon, admin, bad); !errors.Is(err, access.ErrBadValue) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(s.Tokens()) != 0 {
		t.Error("one was made")
	}
}

func TestTokenHasItsRequestsAMinute(t *testing.T) {
	s := open(t)
	_, text, err := s.MakeToken(noon, admin, access.Token{Name: "sito", Role: access.Reception, Expires: noon.Add(time.Hour), PerMinute: 60})
	must(t, err)
	shown := access.Shown{Bearer: text}
	for i := range 60 {
		if _, err := s.Visitor(noon, shown); err != nil {
			t.Fatalf("request %d: %v", i+1, err)
		}
	}
	_, err = s.Visitor(noon, shown)
	var many access.TooManyError
	if !errors.As(err, &many) || many.RetryAfter != time.Second {
		t.Fatalf("request 61: %v, %v", err, many.RetryAfter)
	}
	if _, err := s.Visitor(noon.Add(many.RetryAfter), shown); err != nil {
		t.Errorf("when it may again: %v", err)
	}
	if _, err := s.Visitor(noon.Add(many.RetryAfter), shown); !errors.Is(err, access.ErrTooMany) {
		t.Errorf("it may once: %v", err)
	}
}

func TestAccountIsTheSameForADayAndNoLonger(t *testing.T) {
	s := open(t)
	account := func(day int, member string) string {
		t.Helper()
		a, err := s.Account(day, member)
		must(t, err)
		if len(a) != 43 {
			t.Errorf("account %q", a)
		}
		return a
	}
	first := account(1, "anna")
	if account(1, "anna") != first {
		t.Error("it changes within a day")
	}
	if account(1, "bruno") == first || account(2, "anna") == first {
		t.Error("two people or two days have the same")
	}
	must(t, s.Destroy(1))
	if account(1, "anna") == first {
		t.Error("the key was not destroyed")
	}
}

// Whoever reads the blocks of the file afterwards finds zeros.
func TestDestroyedKeyIsOverwritten(t *testing.T) {
	s := open(t)
	_, err := s.Account(7, "anna")
	must(t, err)
	key := bytes.Clone(s.days.keys[7])
	path := filepath.Join(filepath.Dir(s.path), "day-7.key")
	held, err := os.Open(path)
	must(t, err)
	defer held.Close()
	must(t, s.Destroy(7))
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is there: %v", err)
	}
	info, err := held.Stat()
	must(t, err)
	left := make([]byte, info.Size())
	if n, err := held.ReadAt(left, 0); err != nil || n == 0 {
		t.Fatalf("%d bytes, %v", n, err)
	}
	if len(bytes.Trim(left, "\x00")) != 0 {
		t.Errorf("the file holds %q", left)
	}
	must(t, s.Destroy(7))
	s = again(t, s)
	if again := s.days.keys[7]; bytes.Equal(again, key) {
		t.Error("the key is there after a restart")
	}
}

func TestKeysOfOtherDaysAreDestroyedAtAStart(t *testing.T) {
	s := open(t)
	for day := range 4 {
		_, err := s.Account(day, "anna")
		must(t, err)
	}
	s = again(t, s)
	must(t, s.DestroyBut(2))
	left, err := filepath.Glob(filepath.Join(filepath.Dir(s.path), "day-*"))
	must(t, err)
	if len(left) != 1 || filepath.Base(left[0]) != "day-2.key" {
		t.Errorf("left are %v", left)
	}
}

func TestDamagedKeyOfADayStopsNothing(t *testing.T) {
	s := open(t)
	_, err := s.Account(7, "anna")
	must(t, err)
	dir := filepath.Dir(s.path)
	must(t, s.Close())
	must(t, os.WriteFile(filepath.Join(dir, "day-7.key"), []byte("00000000 {}"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "day-8.key.tmp"), []byte("half"), 0o600))
	s = openAt(t, s.path)
	if _, err := s.Account(7, "anna"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "day-8.key.tmp")); !errors.Is(err, os.ErrNotExist) {
		t.Error("an unfinished key is left")
	}
}
