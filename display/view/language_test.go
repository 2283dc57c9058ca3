package view

import (
	"slices"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A service, and the office itself, have the name that the office gave them in
// the language of who looks; where it gave none, the plain one.
func TestNamesAreThoseOfTheLanguage(t *testing.T) {
	o := morning(t)
	setup := o.state.Setup()
	setup.Services = slices.Clone(setup.Services)
	setup.Services[0].Names = map[queue.Language]string{"de": "Meldeamt"}
	setup.Slip.Texts = map[queue.Language]queue.Wording{"de": {queue.WordName: "Bürgerschalter"}}
	o.do(queue.ChangeSetup{Setup: setup})
	l := o.look()
	for language, want := range map[queue.Language][2]string{
		"de": {"Meldeamt", "Bürgerschalter"}, "sl": {setup.Services[0].Name, setup.Office.Name},
	} {
		l.Tongue = words.In(language)
		v := l.Manager(nil)
		if got := [2]string{v.Services[0].Name, v.Office.Name}; got != want {
			t.Errorf("in %s the names are %q, want %q", language, got, want)
		}
	}
}
