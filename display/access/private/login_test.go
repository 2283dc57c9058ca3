package private

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"eliminacode/display/access"
)

func TestOnlyTheRightSecretOpens(t *testing.T) {
	s := open(t)
	withAnna(t, s)
	now := noon
	for _, try := range []struct {
		how          access.How
		name, secret string
		want         error
	}{
		{access.ByPassword, "anna", annasPassword, nil},
		{access.ByPassword, " ANNA ", annasPassword, nil},
		{access.ByPIN, "anna", annasPIN, nil},
		{access.ByPassword, "anna", annasPIN, access.ErrWrong},
		{access.ByPIN, "anna", annasPassword, access.ErrWrong},
		{access.ByPassword, "anna", "", access.ErrWrong},
		{access.ByPassword, "nobody", annasPassword, access.ErrWrong},
		{"", "anna", annasPassword, access.ErrWrong},
		{access.ByPassword, "anna", string(make([]byte, 1<<20)), access.ErrWrong},
	} {
		now = now.Add(10 * time.Minute)
		if _, err := login(s, now, try.how, try.name, try.secret); !errors.Is(err, try.want) {
			t.Errorf("%+.60v: %v", try, err)
		}
	}
}

func TestDisabledAccountOpensNothingAndTellsOnlyItsOwner(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	anna.Disabled = true
	_, err := s.ChangeMember(noon, admin, anna)
	must(t, err)
	if _, err := login(s, noon, access.ByPassword, "anna", annasPassword); !errors.Is(err, access.ErrDisabled) {
		t.Error(err)
	}
	if _, err := login(s, noon, access.ByPassword, "anna", "something else"); !errors.Is(err, access.ErrWrong) {
		t.Error(err)
	}
}

func TestPINOpensNoManager(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s, access.Clerk)
	anna.Roles = []access.Role{access.Manager}
	_, err := s.ChangeMember(noon, admin, anna)
	must(t, err)
	if _, err := login(s, noon, access.ByPIN, "anna", annasPIN); !errors.Is(err, access.ErrNotAllowed) {
		t.Error(err)
	}
	if err := s.ChangeSecret(context.Background(), noon, s.Members()[0].ID, access.Attempt{Secret: annasPIN, How: access.ByPIN}, access.ByPassword, "un altro cavallo rosso", ""); !errors.Is(err, access.ErrNotAllowed) {
		t.Errorf("a PIN gives a password: %v", err)
	}
}

// Whoever tries PINs as fast as the delays allow finds few in a day.
func TestThousandWrongPINsTakeMostOfADay(t *testing.T) {
	s := open(t)
	withAnna(t, s)
	now, checked := noon, 0
	for checked < 1000 {
		_, err := login(s, now, access.ByPIN, "anna", fmt.Sprintf("%06d", checked))
		var wait access.WaitError
		switch {
		case errors.As(err, &wait):
			if wait.For > time.Minute {
				t.Fatalf("it waits %v: that is a lock-out", wait.For)
			}
			now = now.Add(wait.For)
		case errors.Is(err, access.ErrWrong):
			checked++
		default:
			t.Fatal(err)
		}
	}
	if took := now.Sub(noon); took < 16*time.Hour {
		t.Errorf("1,000 PINs were tried in %v", took)
	}
	if _, err := login(s, now, access.ByPIN, "anna", annasPIN); !errors.Is(err, access.ErrWait) {
		t.Errorf("the right one passes the delay: %v", err)
	}
	if _, err := login(s, now.Add(time.Minute), access.ByPIN, "anna", annasPIN); err != nil {
		t.Errorf("after a minute: %v", err)
	}
}

// An unknown login must cost what a known one does; the memory of a check is
// counted, since it does not depend on how busy the machine is.
func TestUnknownLoginCostsOneCheck(t *testing.T) {
	s := open(t)
	withAnna(t, s)
	s.o.Cost = access.Cost{MemoryKiB: 8 * 1024, Passes: 1, Threads: 1}
	choose(t, s, s.Members()[0], access.ByPassword, annasPassword)
	cost := func(name string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		login(s, noon, access.ByPassword, name, "something else")
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) >> 20
	}
	if known, unknown := cost("anna"), cost("nobody"); known != unknown || known < 8 {
		t.Errorf("a known login costs %d MiB, an unknown one %d MiB", known, unknown)
	}
}

func TestMemberChangesTheOwnSecret(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	sessions := s.Sessions()
	for _, cookie := range []string{"this one", "at home"} {
		must(t, sessions.Commit(cookie, values(t, anna.ID, access.ByPassword), time.Now().Add(time.Hour)))
	}
	own := access.Attempt{Address: "192.0.2.1", Secret: annasPassword, How: access.ByPassword}
	if err := s.ChangeSecret(t.Context(), noon, anna.ID, own, access.ByPassword, "password2026", "this one"); !errors.Is(err, access.ErrWeak) {
		t.Errorf("a weak one: %v", err)
	}
	must(t, s.ChangeSecret(t.Context(), noon, anna.ID, own, access.ByPassword, "un altro cavallo rosso", "this one"))
	if _, err := login(s, noon, access.ByPassword, "anna", annasPassword); !errors.Is(err, access.ErrWrong) {
		t.Errorf("the old one: %v", err)
	}
	if _, err := login(s, noon, access.ByPassword, "anna", "un altro cavallo rosso"); err != nil {
		t.Errorf("the new one: %v", err)
	}
	for cookie, want := range map[string]bool{"this one": true, "at home": false} {
		if _, found, _ := sessions.Find(cookie); found != want {
			t.Errorf("session %q goes on: %v", cookie, found)
		}
	}
}
