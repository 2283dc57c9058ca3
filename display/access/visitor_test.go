package access

import "testing"

func TestNobodyMayNothingThatNeedsARole(t *testing.T) {
	all := append(append(PeopleRoles(), ScreenRoles()...), ProgramRoles()...)
	if (Visitor{}).May(all...) {
		t.Error("nobody has a role")
	}
	if (Visitor{Kind: Person, Roles: all}).May() {
		t.Error("an address that names no role lets somebody in")
	}
}

func TestRoleGivesNoOther(t *testing.T) {
	for _, has := range append(PeopleRoles(), ScreenRoles()...) {
		for _, asked := range append(PeopleRoles(), ScreenRoles()...) {
			if got := (Visitor{Kind: Person, Roles: []Role{has}}).May(asked); got != (has == asked) {
				t.Errorf("%s may what %s may: %v", has, asked, got)
			}
		}
	}
}

func TestProgramIsNoAdministrator(t *testing.T) {
	if Administrator.OfProgram() || !Administrator.OfPerson() || Administrator.OfScreen() {
		t.Error("administrator is a role of people only")
	}
	for _, r := range ScreenRoles() {
		if r.OfPerson() || r.OfProgram() {
			t.Errorf("%s is a role of machines only", r)
		}
	}
}

func TestScopesNarrow(t *testing.T) {
	v := Visitor{Kind: Program, Roles: []Role{Reception}}
	if !v.InScope("tickets") {
		t.Error("a token with no scopes has all of its role")
	}
	v.Scopes = []string{"reports"}
	if v.InScope("tickets") || !v.InScope("reports") {
		t.Error("a token with scopes has others")
	}
}
