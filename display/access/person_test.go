package access

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestFieldsOfAMember(t *testing.T) {
	good := Member{Login: "anna.b", Name: "Anna Bianchi", Roles: []Role{Clerk}, Rights: []Right{Sound}, Qualifications: []string{"stato civile"}, Language: "it"}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Member){
		"login":          func(m *Member) { m.Login = "Anna" },
		"name":           func(m *Member) { m.Name = "Anna\nBianchi" },
		"roles":          func(m *Member) { m.Roles = []Role{Board} },
		"rights":         func(m *Member) { m.Rights = []Right{"all"} },
		"qualifications": func(m *Member) { m.Qualifications = []string{"anagrafe", "anagrafe"} },
		"language":       func(m *Member) { m.Language = "italiano!" },
	} {
		m := good
		spoil(&m)
		err := m.Validate()
		var f FieldError
		if !errors.As(err, &f) || f.Field != name || !errors.Is(err, ErrBadValue) {
			t.Errorf("%s: %v", name, err)
		}
	}
	m := Member{Name: strings.Repeat("x", 81)}
	for _, name := range []string{"login", "name", "roles"} {
		if err := m.Validate(); !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not tell of the %s", err, name)
		}
	}
}

func TestPINOpensOnlyTheDesk(t *testing.T) {
	m := Member{Roles: PeopleRoles()}
	if got := m.RolesBy(ByPIN); !slices.Equal(got, []Role{Clerk, Reception, Attendant}) {
		t.Errorf("a PIN opens %v", got)
	}
	if got := m.RolesBy(ByPassword); !slices.Equal(got, PeopleRoles()) {
		t.Errorf("a password opens %v", got)
	}
}

func TestLoginIsReadAsItIsTyped(t *testing.T) {
	if got := ReadLogin("  Anna.B "); got != "anna.b" {
		t.Errorf("%q", got)
	}
}

// A clerk is hidden among people who come to work, not among accounts.
func TestServes(t *testing.T) {
	works := Member{Roles: []Role{Clerk}, HasPIN: true, Came: true}
	if !works.Serves(false) {
		t.Error("a clerk with a PIN who has signed in does not count")
	}
	for name, c := range map[string]struct {
		change   func(*Member)
		provider bool
		want     bool
	}{
		"switched off":          {func(m *Member) { m.Disabled = true }, true, false},
		"never signed in":       {func(m *Member) { m.Came = false }, true, false},
		"no clerk":              {func(m *Member) { m.Roles = []Role{Manager} }, true, false},
		"nothing opens it":      {func(m *Member) { m.HasPIN = false }, true, false},
		"password":              {func(m *Member) { m.HasPIN, m.HasPassword = false, true }, false, true},
		"the body's own":        {func(m *Member) { m.HasPIN, m.Subject = false, "ab" }, true, true},
		"the body's own is off": {func(m *Member) { m.HasPIN, m.Subject = false, "ab" }, false, false},
	} {
		m := works
		c.change(&m)
		if got := m.Serves(c.provider); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
