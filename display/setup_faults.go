package display

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

// A setupFault is a fault, or what may not be meant, with the page to mend it on.
type setupFault struct {
	Where string `json:"where" doc:"The value, in words"`
	Rule  string `json:"rule" doc:"What it must be"`
	Page  string `json:"page" doc:"The page on which a person mends it, at its place there"`
}

// faultsAt are faults with the places to mend them at.
func faultsAt(f *setupForm, faults queue.Faults) (all []setupFault) {
	for _, x := range faults {
		t := f.text(change.KeyOf(x.Path))
		fault := setupFault{Where: t.Label, Rule: t.Rule, Page: setupHome}
		if section, n, ok := sectionOf(x.Path); ok {
			if items := f.items(section); section.List && n >= 1 && n <= len(items) {
				fault.Where = items[n-1].Name + ": " + t.Label
			}
		}
		at := f.mendedAt(x.Path)
		if section, n, ok := sectionOf(at); ok {
			fault.Page += "/" + section.Name
			if n > 0 {
				fault.Page += fmt.Sprintf("/%d", n)
			}
			fault.Page += f.anchor(section, at)
		}
		if !slices.Contains(all, fault) {
			all = append(all, fault)
		}
	}
	return all
}

// sectionOf is the section that a value stands in, and which of its things: 0 is none.
func sectionOf(path string) (section setupSection, n int, ok bool) {
	for _, section := range setupSections {
		rest, within := strings.CutPrefix(path, section.Path)
		if !within || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		if place, _, listed := strings.Cut(strings.TrimPrefix(rest, "["), "]"); listed && section.List {
			n, _ = strconv.Atoi(place)
		}
		return section, n, true
	}
	return setupSection{}, 0, false
}

// mendedAt is the value to change for the fault of another: which desks serve a service
// stands at the desks.
func (f *setupForm) mendedAt(path string) string {
	switch key := change.KeyOf(path); {
	case key == "service.desks" && len(f.setup.Desks) == 1:
		return "desk[1].first"
	case key == "service.desks":
		return "desk"
	case key == "desk.help":
		at, _, _ := strings.Cut(path, ".")
		return at + ".first" // one widget has both lists
	}
	return path
}

// anchor is the place on its page where a value stands, or the nearest thing around it,
// as the end of an address.
func (f *setupForm) anchor(section setupSection, path string) string {
	if path == section.Path && section.List {
		return "#new-name" // there is none yet, or too few
	}
	top := section.Path
	if section.List {
		top, _, _ = strings.Cut(path, ".")
	}
	ids := f.group(top).ids()
	for at := path; at != ""; at = at[:max(0, strings.LastIndexAny(at, ".["))] {
		if id := idOf(at); slices.Contains(ids, id) {
			return "#" + id
		}
	}
	return ""
}

// ids are the names of all elements that the form of a group has.
func (g setupGroup) ids() []string {
	all := []string{idOf(g.Path)}
	for _, x := range g.Fields {
		all = append(all, x.ID())
	}
	for _, l := range g.Lists {
		all = append(all, l.ID())
		for _, item := range l.Items {
			all = append(all, item.ids()...)
		}
	}
	return all
}

// mostToMend is how many faults a page of the set-up names before its form.
const mostToMend = 5

// faultsToMend are the first faults of the draft, each with the place to mend it at.
func faultsToMend(f *setupForm) (all []setupFault) {
	for _, x := range f.faults {
		for _, fault := range faultsAt(f, queue.Faults{x}) {
			if len(all) < mostToMend && !slices.Contains(all, fault) {
				all = append(all, fault)
			}
		}
	}
	return all
}

// setupTooLong says that a setup takes more than a day can carry, and what to do.
func setupTooLong(tongue *words.Tongue, size queue.SetupSizeError) string {
	return tongue.Say("settings.too-long", "bytes", size.Bytes, "most", size.Most)
}

// longestShown is how many values are shown of a setup that is too long: to shorten them
// helps most.
const longestShown = 5

// longestAt are the longest values of a setup, the longest first, with the pages to
// shorten them on.
func longestAt(f *setupForm, setup queue.Setup) (all []setupFault) {
	values := slices.Clone(office.Values(setup))
	slices.SortStableFunc(values, func(a, b office.Value) int { return cmp.Compare(len(b.Text), len(a.Text)) })
	for _, v := range values[:min(longestShown, len(values))] {
		for _, fault := range faultsAt(f, queue.Faults{{Path: v.Path}}) {
			fault.Rule = f.tongue.Say("settings.takes", "bytes", len(v.Text))
			all = append(all, fault)
		}
	}
	return all
}
