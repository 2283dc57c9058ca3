package private

import (
	"errors"
	"testing"

	"eliminacode/display/access"
)

func TestTwoAdministratorsSavingAtOnceAreTold(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	first, second := anna, anna
	first.Name, second.Language = "Anna Verdi", "de"
	changed, err := s.ChangeMember(noon, admin, first)
	must(t, err)
	if _, err := s.ChangeMember(noon, admin, second); !errors.Is(err, access.ErrChanged) {
		t.Errorf("the second one: %v", err)
	}
	if err := s.RemoveMember(noon, admin, anna.ID, anna.Version); !errors.Is(err, access.ErrChanged) {
		t.Errorf("removing: %v", err)
	}
	if got, _ := s.Member(anna.ID); got.Name != "Anna Verdi" || got.Language != "it" || got.Version != changed.Version {
		t.Errorf("%+v", got)
	}
}

func TestLastAdministratorStays(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s, access.Administrator, access.Clerk)
	for name, spoil := range map[string]func(*access.Member){
		"disabled":         func(m *access.Member) { m.Disabled = true },
		"without the role": func(m *access.Member) { m.Roles = []access.Role{access.Clerk} },
	} {
		m := anna
		spoil(&m)
		if _, err := s.ChangeMember(noon, admin, m); !errors.Is(err, access.ErrLast) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.RemoveMember(noon, admin, anna.ID, anna.Version); !errors.Is(err, access.ErrLast) {
		t.Errorf("removed: %v", err)
	}
	// One who cannot come in yet is no other administrator.
	bruno, err := s.MakeMember(noon, admin, access.Member{Login: "bruno", Name: "Bruno", Roles: []access.Role{access.Administrator}})
	must(t, err)
	if err := s.RemoveMember(noon, admin, anna.ID, anna.Version); !errors.Is(err, access.ErrLast) {
		t.Errorf("beside one without a password: %v", err)
	}
	choose(t, s, bruno, access.ByPassword, "sette nani sul tetto")
	must(t, s.RemoveMember(noon, admin, anna.ID, anna.Version))
	if s.NeedsFirst() {
		t.Error("nobody is left")
	}
}

func TestLoginBelongsToOne(t *testing.T) {
	s := open(t)
	withAnna(t, s)
	other := access.Member{Login: "anna", Name: "Anna Neri", Roles: []access.Role{access.Clerk}}
	if _, err := s.MakeMember(noon, admin, other); !errors.Is(err, access.ErrTaken) {
		t.Error(err)
	}
	other.Login = "anna.n"
	m, err := s.MakeMember(noon, admin, other)
	must(t, err)
	m.Login = "anna"
	if _, err := s.ChangeMember(noon, admin, m); !errors.Is(err, access.ErrTaken) {
		t.Error(err)
	}
}

func TestNewAccountOpensNothing(t *testing.T) {
	s := open(t)
	_, err := s.MakeMember(noon, admin, access.Member{Login: "bruno", Name: "Bruno", Roles: []access.Role{access.Clerk}})
	must(t, err)
	for _, how := range []access.How{access.ByPIN, access.ByPassword, ""} {
		for _, secret := range []string{"", "bruno", "000000"} {
			if _, err := login(s, noon, how, "bruno", secret); err == nil {
				t.Errorf("%q with %q opens it", how, secret)
			}
		}
	}
}

func TestNumberOfMembersIsBounded(t *testing.T) {
	s := open(t)
	s.members.most = 1
	withAnna(t, s)
	if _, err := s.MakeMember(noon, admin, access.Member{Login: "bruno", Name: "B", Roles: []access.Role{access.Clerk}}); !errors.Is(err, access.ErrFull) {
		t.Error(err)
	}
}
