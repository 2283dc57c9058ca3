package private

import (
	"errors"
	"reflect"
	"testing"

	"eliminacode/display/access"
	"eliminacode/queue"
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
	must(t, s.SetLanguage(anna.ID, "sl"))
	got, err := s.Member(anna.ID)
	must(t, err)
	if !reflect.DeepEqual(got, anna) {
		t.Errorf("others read %+v, and it was %+v", got, anna)
	}
	own := func(want queue.Language) {
		t.Helper()
		if got := s.members.rows[anna.ID].language(); got != want {
			t.Errorf("the pages are in %q, want %q", got, want)
		}
	}
	own("sl")
	if n := acts(); n != before {
		t.Errorf("%d acts are noted, and there were %d", n, before)
	}
	anna.Name = "Anna Verdi"
	anna, err = s.ChangeMember(noon, admin, anna)
	must(t, err)
	s = again(t, s)
	own("sl")
	anna.Language = "de"
	_, err = s.ChangeMember(noon, admin, anna)
	must(t, err)
	own("de")
	if err := s.SetLanguage(anna.ID, "<script>"); err == nil {
		t.Error("a language that is none was kept")
	}
	if err := s.SetLanguage("nobody", "de"); !errors.Is(err, access.ErrUnknown) {
		t.Errorf("a member that there is not: %v", err)
	}
}
