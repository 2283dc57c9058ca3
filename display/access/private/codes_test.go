package private

import (
	"context"
	"errors"
	"testing"
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

func TestCodeIsVoidAfterTenWrongTries(t *testing.T) {
	for wrong, want := range map[int]error{9: nil, 10: access.ErrWrong} {
		b := newBox(t)
		s := b.open(t)
		anna := withAnna(t, s)
		c, err := s.NewCode(t.Context(), b.now(), admin, anna.ID)
		must(t, err)
		a := access.Attempt{Address: "192.0.2.1", Login: "anna", Secret: "ACDEFGHJ", How: access.ByPassword}
		for tries := 0; tries < wrong; {
			_, err := s.UseCode(t.Context(), b.now(), a, "sette nani sul tetto")
			var wait access.WaitError
			if errors.As(err, &wait) {
				b.pass(wait.For)
				continue
			}
			if !errors.Is(err, access.ErrWrong) {
				t.Fatal(err)
			}
			if tries++; tries == 5 {
				must(t, s.Close())
				s = b.open(t) // they are counted over a restart
			}
		}
		a.Secret = c.Code
		b.pass(time.Minute)
		if _, err := s.UseCode(t.Context(), b.now(), a, "sette nani sul tetto"); !errors.Is(err, want) {
			t.Errorf("after %d wrong tries: %v", wrong, err)
		}
	}
}

func TestForgottenPasswordOfAnAdministrator(t *testing.T) {
	s := open(t)
	ada := withAnna(t, s, access.Administrator)
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
