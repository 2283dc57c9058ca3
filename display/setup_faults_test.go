package display

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

// Whatever value has a fault, the link to it leads to a page that has an element of that
// name: of each section, its things, their values, and what they list.
func TestEveryFaultLeadsToItsPlace(t *testing.T) {
	u := newSetter(t)
	setup := office.Reference()
	band := queue.WeekBand{Days: []string{"mon"}, Open: "08:00", Close: "12:00", Caps: []queue.Cap{{Service: setup.Services[0].ID, Most: 3}}}
	setup.Services[0].Week = []queue.WeekBand{band}
	setup.Services[0].Names = map[queue.Language]string{"de": "x"}
	setup.Hours.Week = append(setup.Hours.Week, band)
	setup.Hours.Exceptions = []queue.Exception{{Date: "2026-12-31", Bands: []queue.WeekBand{band}}}
	setup.Slip.Texts = map[queue.Language]queue.Wording{"de": {}}
	for k := range words.SlipTexts("de") {
		setup.Slip.Texts["de"][k] = "x"
	}
	if err := u.setups.KeepDraft("demo", SetupDraft{Base: u.o.newest().Setup(), Setup: setup}); err != nil {
		t.Fatal(err)
	}
	paths := []string{"slip.text.de", "service[1].desks", "hours.week", "hours.exception", "service[1].week", "hours.exception[1].band"}
	for _, s := range setupSections {
		paths = append(paths, s.Path)
	}
	for _, v := range office.Values(setup) {
		paths = append(paths, v.Path)
		if v.Kind == office.KindList {
			paths = append(paths, v.Path+"[1]")
		}
		for at := v.Path; strings.Contains(at, "["); at = at[:strings.LastIndexByte(at, '[')] {
			if strings.HasSuffix(at, "]") {
				paths = append(paths, at)
			}
		}
	}
	slices.Sort(paths)
	f := newSetupForm(setup, nil, words.In("it"))
	pages := map[string]string{}
	for _, path := range slices.Compact(paths) {
		for _, fault := range faultsAt(f, queue.Faults{{Path: path}}) {
			page, id, named := strings.Cut(fault.Page, "#")
			if path == "format" || page == setupHome {
				t.Errorf("%s leads to %s", path, fault.Page)
				continue
			}
			if pages[page] == "" {
				u.get(page)
				pages[page] = u.page
			}
			if !named || !strings.Contains(pages[page], fmt.Sprintf("id=%q", id)) {
				t.Errorf("%s leads to %s, where there is no such place", path, fault.Page)
			}
			if strings.HasSuffix(fault.Where, change.KeyOf(path)) {
				t.Errorf("%s has no words", path)
			}
		}
	}
}

// A service that no desk serves is mended at the desks, and that is what is said of it.
func TestAServiceThatNoDeskServesIsMendedAtTheDesks(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/servizi", "add:service", "name", "Nozze d'oro")
	u.get("/impostazioni/effetto")
	u.sees("Nozze d&#39;oro: Sportelli che lo servono", "lo aggiunga ai servizi di uno sportello", `href="/impostazioni/sportelli`)
	if strings.Contains(u.page, "Nome interno") {
		t.Error("its internal name is blamed")
	}
}
