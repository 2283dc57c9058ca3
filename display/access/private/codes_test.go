package private

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/display/access"
)

var ada = access.Member{Login: "ada", Name: "Ada"}

func TestFirstAdministratorIsMadeWithThePrintedCode(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	c, err := s.PrintCode(ctx, noon)
	must(t, err)
	if c.Purpose != access.MakesFirst || len(c.Code) != access.OneTimeCodeChars {
		t.Fatalf("%+v", c)
	}
	with := access.Attempt{Address: "192.0.2.1", Secret: c.Code}
	if _, err := s.MakeFirst(ctx, noon, with, ada, "password2026"); !errors.Is(err, access.ErrWeak) {
		t.Errorf("a weak password: %v", err)
	}
	if _, err := s.MakeFirst(ctx, noon, access.Attempt{Secret: "ACDEFGHJ"}, ada, annasPassword); !errors.Is(err, access.ErrWrong) {
		t.Errorf("another code: %v", err)
	}
	first, err := s.MakeFirst(ctx, noon, with, ada, annasPassword)
	must(t, err)
	if s.NeedsFirst() || !first.HasPassword {
		t.Errorf("%+v", first)
	}
	if _, err := s.MakeFirst(ctx, noon, with, access.Member{Login: "eve", Name: "Eve"}, annasPassword); !errors.Is(err, access.ErrWrong) {
		t.Errorf("the code is used twice: %v", err)
	}
	s = again(t, s)
	m, err := login(s, noon, access.ByPassword, "ada", annasPassword)
	must(t, err)
	if len(m.Roles) != 3 {
		t.Errorf("%+v", m)
	}
}

func TestNewCodeVoidsTheOld(t *testing.T) {
	s := open(t)
	old, err := s.PrintCode(t.Context(), noon)
	must(t, err)
	_, err = s.PrintCode(t.Context(), noon)
	must(t, err)
	if _, err := s.MakeFirst(t.Context(), noon, access.Attempt{Secret: old.Code}, ada, annasPassword); !errors.Is(err, access.ErrWrong) {
		t.Error(err)
	}
}

func TestCodeEndsAfterHalfAnHour(t *testing.T) {
	for after, want := range map[time.Duration]error{30*time.Minute - time.Second: nil, 30 * time.Minute: access.ErrWrong} {
		s := open(t)
		c, err := s.PrintCode(t.Context(), noon)
		must(t, err)
		if _, err := s.MakeFirst(t.Context(), noon.Add(after), access.Attempt{Secret: c.Code}, ada, annasPassword); !errors.Is(err, want) {
			t.Errorf("after %v: %v", after, err)
		}
	}
}

// Whoever types wrong codes in somebody's name takes the right one from nobody.
func TestWrongCodesVoidNoCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		anna := withAnna(t, s)
		c, err := s.NewCode(t.Context(), time.Now(), admin, anna.ID)
		must(t, err)
		checked := attack(t, s, 10*time.Minute, 1, 4, func(n int) access.Attempt {
			return access.Attempt{Address: "192.0.2.66", Login: "anna", Secret: "ACDEFGHJ", How: access.ByPassword}
		}, true)
		if most := codeAtOnce + int(10*time.Minute/codeEvery) + 1; checked > most {
			t.Errorf("%d codes were tried, more than %d", checked, most)
		}
		known := s.Known("", anna.ID, access.ByPassword)
		for _, of := range []access.Attempt{{Address: "192.0.2.66", Known: known}, {Address: "192.0.2.66"}, {Address: "192.0.2.7"}} {
			begun := time.Now()
			right := access.Attempt{Address: of.Address, Known: of.Known, Login: "anna", Secret: c.Code, How: access.ByPassword}
			if _, err := s.UseCode(t.Context(), begun, right, annasPassword); err != nil {
				t.Errorf("the right code from %+v: %v", of, err)
			}
			if waited := time.Since(begun); waited > 6*codeEvery || of.Known != "" && waited != 0 {
				t.Errorf("the right code from %+v waits %v", of, waited)
			}
			c, err = s.NewCode(t.Context(), time.Now(), admin, anna.ID)
			must(t, err)
		}
	})
}

func TestForgottenPasswordOfAnAdministrator(t *testing.T) {
	s := open(t)
	ada := withAnna(t, s, access.Administrator, access.Clerk)
	bruno, err := s.MakeMember(noon, admin, access.Member{Login: "bruno", Name: "Bruno", Roles: []access.Role{access.Clerk}})
	must(t, err)
	c, err := s.PrintCode(t.Context(), noon.Add(time.Second))
	must(t, err)
	if c.Purpose != access.SetsAdministrator {
		t.Fatalf("%+v", c)
	}
	use := func(login string, how access.How, secret string) error {
		_, err := s.UseCode(t.Context(), noon.Add(time.Second), access.Attempt{Login: login, Secret: c.Code, How: how}, secret)
		return err
	}
	if err := use(bruno.Login, access.ByPassword, "sette nani sul tetto"); !errors.Is(err, access.ErrWrong) {
		t.Errorf("it opens a clerk's account: %v", err)
	}
	must(t, s.Sessions().Commit("old", values(t, ada.ID, access.ByPassword), time.Now().Add(time.Hour)))
	must(t, use(ada.Login, access.ByPassword, "sette nani sul tetto"))
	if _, found, _ := s.Sessions().Find("old"); found {
		t.Error("a session from before goes on")
	}
	if err := use(ada.Login, access.ByPassword, "otto nani sul tetto"); !errors.Is(err, access.ErrWrong) {
		t.Errorf("it is used twice: %v", err)
	}
}

func TestCodeOfADisabledMemberIsVoid(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	c, err := s.NewCode(context.Background(), noon, admin, anna.ID)
	must(t, err)
	anna.Disabled = true
	anna, err = s.ChangeMember(noon, admin, anna)
	must(t, err)
	if _, err := s.NewCode(context.Background(), noon, admin, anna.ID); !errors.Is(err, access.ErrDisabled) {
		t.Errorf("a new one: %v", err)
	}
	anna.Disabled = false
	_, err = s.ChangeMember(noon, admin, anna)
	must(t, err)
	if _, err := s.UseCode(t.Context(), noon, access.Attempt{Login: "anna", Secret: c.Code, How: access.ByPassword}, "sette nani sul tetto"); !errors.Is(err, access.ErrWrong) {
		t.Errorf("the old one: %v", err)
	}
}

// A PIN is chosen by nobody whose pages it would not open, and the code is still good for
// a password then; who has no code is not told what a login may.
func TestNobodyChoosesAPINThatOpensNothing(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	m, err := s.MakeMember(noon, admin, access.Member{Login: "gina", Name: "Gina", Roles: []access.Role{access.Manager}})
	must(t, err)
	c, err := s.NewCode(ctx, noon, admin, m.ID)
	must(t, err)
	with := access.Attempt{Address: "192.0.2.1", Login: "gina", Secret: c.Code, How: access.ByPIN}
	guess := with
	guess.Secret = "ACDEFGHJ"
	if _, err := s.UseCode(ctx, noon, guess, "927461"); !errors.Is(err, access.ErrWrong) {
		t.Errorf("without a code: %v", err)
	}
	if _, err := s.UseCode(ctx, noon, with, "927461"); !errors.Is(err, access.ErrNotAllowed) {
		t.Errorf("with the code: %v", err)
	}
	with.How = access.ByPassword
	m, err = s.UseCode(ctx, noon, with, annasPassword)
	must(t, err)
	if m.HasPIN {
		t.Error("the PIN that was refused is kept")
	}
	now := access.Attempt{Address: "192.0.2.1", Login: "gina", Secret: annasPassword, How: access.ByPassword}
	if err := s.ChangeSecret(ctx, noon, m.ID, now, access.ByPIN, "927461", ""); !errors.Is(err, access.ErrNotAllowed) {
		t.Errorf("beside the password: %v", err)
	}
}
