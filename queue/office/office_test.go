package office

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

func TestReferenceIsTheOfficeOfTheDomain(t *testing.T) {
	setup := Reference()
	if err := errors.Join(setup.Validate(), calendar.Validate(setup)); err != nil {
		t.Fatal(err)
	}
	if got, err := calendar.WeeklyMinutes(setup); err != nil || got != 40*60+45 {
		t.Errorf("open %d minutes a week (%v), want 40 h 45 min", got, err)
	}
	procedures := 0
	for _, s := range setup.Services {
		procedures += strings.Count(s.Detail, ";") + 1
	}
	if procedures < 65 || procedures > 75 {
		t.Errorf("%d procedures, want about 70", procedures)
	}
	groups := map[queue.GroupID]int{}
	for _, d := range setup.Desks {
		groups[d.Group]++
		for _, id := range append(d.Profile.First, d.Profile.Help...) {
			if id == "cie" && d.Group != "cie" {
				t.Errorf("desk %s is of group %q and serves identity cards", d.ID, d.Group)
			}
		}
	}
	if want := (map[queue.GroupID]int{"polifunzionali": 12, "cie": 2}); !reflect.DeepEqual(groups, want) {
		t.Errorf("desks by group are %v, want %v", groups, want)
	}
	b, err := json.Marshal(setup)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 64<<10 {
		t.Errorf("the setup takes %d bytes in the journal, which allows 64 KiB", len(b))
	}
}

func TestFormatReadsBack(t *testing.T) {
	want := Reference()
	got, err := Parse("again.toml", Format(want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the setup changed (-want +got):\n%s", diff)
	}
}
