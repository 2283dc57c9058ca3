package display

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

// Every page of the set-up can be sent back as it came: the office is then what
// it was, so that nothing that a page does not show is lost by it.
func TestPageSentBackAsItCameChangesNothing(t *testing.T) {
	u := newSetter(t)
	before := u.o.newest().Setup()
	var pages []string
	for _, section := range setupSections {
		if !section.List {
			pages = append(pages, setupHome+"/"+section.Name)
			continue
		}
		for i := range newSetupForm(before, nil, words.In("")).items(section) {
			pages = append(pages, fmt.Sprintf("%s/%s/%d", setupHome, section.Name, i+1))
		}
	}
	for _, page := range pages {
		u.edit(page, "keep")
		if diff := cmp.Diff(before, u.draft()); diff != "" {
			t.Fatalf("%s changed the office: %s", page, diff)
		}
	}
	if len(pages) < 20 {
		t.Errorf("only %d pages", len(pages))
	}
}

// Each value of an office has a field with words, and words are of no other.
func TestEveryValueOfAnOfficeHasWords(t *testing.T) {
	setup := office.Reference()
	d := office.Edit(setup)
	for _, list := range []string{"service[1].week", "service[1].week[1].caps", "hours.exception[1].band[1].caps", "hours.week[1].caps"} {
		if _, err := d.Add(list, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"service[1].names.de", "slip.text.de.note", "slip.text.de.late_one"} {
		if err := d.Set(path, "x"); err != nil {
			t.Fatal(err)
		}
	}
	setup = d.Setup()
	f := newSetupForm(setup, nil, words.In(""))
	shown := map[string]bool{}
	var see func(g setupGroup)
	see = func(g setupGroup) {
		said := map[string]string{}
		for _, field := range g.Fields {
			if other := said[field.Label]; other != "" {
				t.Errorf("%s and %s are both called %q", other, field.Path, field.Label)
			}
			said[field.Label] = field.Path
			if field.Label == "" || field.Rule == "" || strings.Contains(field.Label, "service.") {
				t.Errorf("%s has no words: %+v", field.Path, field)
			}
			shown[field.Path] = true
		}
		for _, l := range g.Lists {
			for _, item := range l.Items {
				see(item)
			}
		}
	}
	for _, section := range setupSections {
		if !section.List {
			see(f.group(section.Path))
			continue
		}
		for _, item := range f.items(section) {
			see(f.group(item.Path))
		}
	}
	for _, v := range office.Values(setup) {
		if _, ok := words.In("").SetupValue(change.KeyOf(v.Path)); !ok {
			t.Errorf("%s has no words", v.Path)
		}
		switch key := change.KeyOf(v.Path); {
		case strings.HasSuffix(key, ".id"), key == "desk.help", key == "hours.exception.band.days", key == "service.week.services":
		case !shown[v.Path]:
			t.Errorf("%s stands on no page", v.Path)
		}
	}
}

// What cannot be read stays as it was typed, in red, and the rest is kept.
func TestValueThatCannotBeReadIsShownAtItsField(t *testing.T) {
	u := newSetter(t)
	u.get("/impostazioni/servizi/1")
	form := u.filled()
	form["service[1].standard"], form["service[1].day_cap"], form["action"] = []string{"presto"}, []string{"7"}, []string{"keep"}
	v := map[string][]string(form)
	status, _, body := ask(t, request(t, "POST", u.s.url+"/impostazioni/servizi/1", encode(v), "Content-Type", "application/x-www-form-urlencoded", "Origin", u.s.url))
	if status != http.StatusUnprocessableEntity {
		t.Fatalf("answered %d", status)
	}
	for _, want := range []string{`value="presto"`, "1 valore non si capisce", `aria-invalid="true"`, "Da correggere."} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if x := u.draft().Services[0]; x.DayCap != 7 || x.StandardMs != 15*60_000 {
		t.Errorf("the draft is %+v", x)
	}
}

// A second language stands behind the usual one, which nobody has to choose for it.
func TestASecondLanguageTakesTheFirstOnesPlaceNever(t *testing.T) {
	for _, c := range []struct {
		first, second string
		want          []queue.Language
	}{
		{"", "de", []queue.Language{"it", "de"}},
		{"de", "", []queue.Language{"de"}},
		{"de", "it", []queue.Language{"de", "it"}},
		{"", "", nil},
	} {
		u := newSetter(t)
		u.get("/impostazioni/biglietto")
		form := u.filled()
		form["slip.languages"], form["action"] = []string{c.first, c.second}, []string{"keep"}
		status, _, body := ask(t, request(t, "POST", u.s.url+"/impostazioni/biglietto", encode(form), "Content-Type", "application/x-www-form-urlencoded", "Origin", u.s.url))
		if got := u.draft().Slip.Languages; !slices.Equal(got, c.want) {
			t.Errorf("%q and %q: the ticket is in %v, want %v (%d, %.200s)", c.first, c.second, got, c.want, status, body)
		}
	}
}

// A script in a name is a name.
func TestScriptInANameStaysText(t *testing.T) {
	u := newSetter(t)
	const bad = `<script>alert(1)</script>"'`
	u.edit("/impostazioni/servizi/1", "keep", "service[1].name", bad)
	for _, page := range []string{"/impostazioni", "/impostazioni/servizi", "/impostazioni/servizi/1", "/impostazioni/sportelli/1", "/impostazioni/effetto"} {
		u.get(page)
		if strings.Contains(u.page, "<script>alert") {
			t.Errorf("%s runs it", page)
		}
	}
	if u.draft().Services[0].Name != bad {
		t.Errorf("the name is %q", u.draft().Services[0].Name)
	}
}

func FuzzSetupForm(f *testing.F) {
	f.Add("service[1].standard", "15", "keep")
	f.Add("desk[1].first", "x", "add:service")
	f.Add("slip.text.de.note", "-", "remove:service[1]")
	f.Add("hours.week[1].days", "mon,tue", "up:desk[2]")
	setup := office.Empty()
	d := office.Edit(setup)
	for _, list := range []string{"series", "service", "desk", "outlet", "hours.week", "hours.exception", "service[1].week"} {
		if _, err := d.Add(list, "x"); err != nil {
			f.Fatal(err)
		}
	}
	setup = d.Setup()
	f.Fuzz(func(t *testing.T, path, text, action string) {
		form := newSetupForm(setup, nil, words.In(""))
		d := office.Edit(setup)
		posted := fields{"fields": path, path: text, "action": action, "name": text}
		form.write(d, posted)
		_, _, _ = formAct(d, setupSections[2], 1, posted, "/")
		after := newSetupForm(d.Setup(), nil, words.In(""))
		for _, section := range setupSections {
			if !section.List && section.Path != "slip" {
				after.group(section.Path)
			}
		}
		faultsAt(after, after.faults)
	})
}

// TestNoTwoChoicesSayTheSame holds for the rules, whose usual place of a transferred
// ticket can also be written out.
func TestNoTwoChoicesSayTheSame(t *testing.T) {
	all := words.In("").SetupChoices("rules.transfer_place")
	for _, has := range []string{"", "arrival", "front"} {
		left := distinct(all, has)
		seen := map[string]bool{}
		for _, c := range left {
			if seen[c.Words] {
				t.Errorf("where %q is written, %q stands twice", has, c.Words)
			}
			seen[c.Words] = true
		}
		if len(left) != 3 || !slices.ContainsFunc(left, func(c words.Choice) bool { return c.Text == has }) {
			t.Errorf("where %q is written there are %v", has, left)
		}
	}
}

// A value that is kept and cannot stay so is no success: the page says it, names the
// field with the way to it, and comes back at it.
func TestAFaultThatIsKeptLeadsToItsField(t *testing.T) {
	u := newSetter(t)
	u.get("/impostazioni/orari")
	form := u.filled()
	form["hours.week[1].close"], form["action"] = []string{"07:00"}, []string{"keep"}
	status, header, _ := ask(t, request(t, "POST", u.s.url+"/impostazioni/orari", encode(form), "Content-Type", "application/x-www-form-urlencoded", "Origin", u.s.url))
	at := header.Get("Location")
	_, field, _ := strings.Cut(at, "#")
	if status != http.StatusSeeOther || !strings.Contains(at, "draft-to-mend") || field == "" {
		t.Fatalf("answered %d, to %q", status, at)
	}
	u.get("/impostazioni/orari?esito=draft-to-mend")
	u.sees("ma c&#39;è da correggere", `href="/impostazioni/orari#`+field+`"`, ` id="`+field+`"`)
}

// Who adds something has written nothing wrong yet: the page says what to do next, and
// comes back at the first field that lacks something.
func TestWhatIsAddedIsNoFaultYet(t *testing.T) {
	u := newSetter(t)
	u.get("/impostazioni/orari")
	form := u.filled()
	form["action"] = []string{"add:hours.week"}
	_, header, _ := ask(t, request(t, "POST", u.s.url+"/impostazioni/orari", encode(form), "Content-Type", "application/x-www-form-urlencoded", "Origin", u.s.url))
	if at := header.Get("Location"); !strings.Contains(at, "draft-added") || !strings.Contains(at, "#") {
		t.Fatalf("it leads to %q", at)
	}
	u.get("/impostazioni/orari?esito=draft-added")
	u.sees("Aggiunto nella bozza")
}
