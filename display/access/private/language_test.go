package private

import (
	"errors"
	"testing"

	"eliminacode/display/access"
)

// A language is the person's own choice: nothing else of the account changes, its
// sessions go on, and the audit list says nothing.
func TestALanguageIsThePersonsOwnChoice(t *testing.T) {
	s := open(t)
	anna := withAnna(t, s)
	acts := func() (n int) {
		for _, err := range s.Audit() {
			must(t, err)
			n++
		}
		return n
	}
	before := acts()
	must(t, s.SetLanguage(noon, anna.ID, "sl"))
	got, err := s.Member(anna.ID)
	must(t, err)
	want := anna
	want.Language, want.Version, want.Changed = "sl", anna.Version+1, got.Changed
	if got.Language != want.Language || got.Version != want.Version || got.Name != want.Name || got.HasPassword != want.HasPassword {
		t.Errorf("%+v, want %+v", got, want)
	}
	if n := acts(); n != before {
		t.Errorf("%d acts are noted, and there were %d", n, before)
	}
	anna.Name = "Anna Verdi"
	if _, err := s.ChangeMember(noon, admin, anna); !errors.Is(err, access.ErrChanged) {
		t.Errorf("who had the account open saves it: %v", err)
	}
	must(t, s.SetLanguage(noon, anna.ID, "sl"))
	if again, _ := s.Member(anna.ID); again.Version != got.Version {
		t.Error("the same choice again changed the account")
	}
	if err := s.SetLanguage(noon, anna.ID, "<script>"); err == nil {
		t.Error("a language that is none was kept")
	}
	if err := s.SetLanguage(noon, "nobody", "de"); !errors.Is(err, access.ErrUnknown) {
		t.Errorf("a member that there is not: %v", err)
	}
}
