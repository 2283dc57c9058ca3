package words

import (
	"fmt"
	"slices"
	"strings"

	"eliminacode/queue"
)

// things are the words for one of a list of an office, by the code of its key.
var things = map[string]string{
	"series": "thing.series", "service": "thing.service", "desk": "thing.desk", "outlet": "thing.outlet",
	"hours-week": "thing.band", "hours-exception": "thing.exception", "hours-exception-band": "thing.band", "service-week": "thing.band",
	"band-caps": "thing.caps",
}

// SetupThing is a thing of an office by the key of its list and its name, such as
// "Servizio «Anagrafe»". What is no thing of a list is called as its part of the
// office is.
func (t *Tongue) SetupThing(key, name string) string {
	id, ok := things[valueCode(key)]
	if !ok {
		text, _ := t.SetupValue(key)
		return text.Label
	}
	return t.Say(id, "name", t.Day(name)) // that of a day that differs is its date
}

// SetupAdd is what the button says that adds to a list; empty when nothing can be
// added.
func (t *Tongue) SetupAdd(key string) string {
	switch valueCode(key) {
	case "series":
		return t.Say("thing.add-series")
	case "service":
		return t.Say("thing.add-service")
	case "desk":
		return t.Say("thing.add-desk")
	case "outlet":
		return t.Say("thing.add-outlet")
	case "hours-exception":
		return t.Say("thing.add-exception")
	case "hours-week", "hours-exception-band", "service-week":
		return t.Say("thing.add-band")
	case "band-caps":
		return t.Say("thing.add-caps")
	}
	return ""
}

// SetupOrder is what is said of a list that has another order.
func (t *Tongue) SetupOrder() string { return t.Say("thing.order") }

// SetupLabel names a value within a thing, such as "Fascia 2: Apre"; inner is its
// path there.
func (t *Tongue) SetupLabel(key, inner string) string {
	label := key
	if text, ok := t.SetupValue(key); ok {
		label = text.Label
	}
	in := func(l string) string {
		return t.Say("thing.in-language", "value", label, "language", LanguageName(queue.Language(l)))
	}
	if l, _, of := strings.Cut(strings.TrimPrefix(inner, "text."), "."); of && strings.HasPrefix(key, "slip.text.") {
		return in(l)
	}
	if l, of := strings.CutPrefix(inner, "names."); of {
		return in(l)
	}
	if list, rest, of := strings.Cut(inner, "["); of && strings.Contains(rest, "].") {
		n, _, _ := strings.Cut(rest, "]")
		id := "thing.band"
		if list == "caps" {
			id = "thing.caps"
		}
		return t.Say("thing.in-band", "band", t.Say(id, "name", n), "value", label)
	}
	return label
}

// SeriesShort is a series as sentences name it: by its letters, in words where it
// has none.
func (t *Tongue) SeriesShort(s queue.Series) string {
	if s.Letters == "" {
		return t.Say("thing.no-letters")
	}
	return s.Letters
}

// SeriesName is a series among others, such as "A, da 1 a 999".
func (t *Tongue) SeriesName(s queue.Series) string {
	return t.Say("thing.series-name", "letters", t.SeriesShort(s), "from", fmt.Sprint(s.First), "to", fmt.Sprint(s.Last))
}

// ServiceFacts are what stands beside a service in the list of them; letters are
// those of its series.
func (t *Tongue) ServiceFacts(x queue.Service, letters string) []string {
	facts := []string{t.Say("thing.of-series", "letters", letters), t.Say("thing.standard", "length", Length(fmt.Sprintf("%dms", x.StandardMs)))}
	switch {
	case x.From != "" && x.To != "":
		facts = append(facts, t.Say("thing.dates", "from", t.Day(x.From), "to", t.Day(x.To)))
	case x.From != "":
		facts = append(facts, t.Say("thing.dates-from", "from", t.Day(x.From)))
	case x.To != "":
		facts = append(facts, t.Say("thing.dates-to", "to", t.Day(x.To)))
	}
	if x.DayCap > 0 {
		facts = append(facts, t.Say("thing.a-day", "number", x.DayCap))
	}
	return facts
}

// DeskFacts are what stands beside a desk in the list of them.
func (t *Tongue) DeskFacts(x queue.Desk, setup queue.Setup) (facts []string) {
	names := func(ids []queue.ServiceID) string {
		var all []string
		for _, id := range ids {
			name := string(id)
			if i := slices.IndexFunc(setup.Services, func(s queue.Service) bool { return s.ID == id }); i >= 0 {
				name = setup.Services[i].Name
			}
			all = append(all, name)
		}
		return strings.Join(all, ", ")
	}
	if x.BackOffice {
		facts = append(facts, t.Say("thing.back-office"))
	}
	if len(x.Profile.First) > 0 {
		facts = append(facts, t.Say("thing.first", "names", names(x.Profile.First)))
	}
	if len(x.Profile.Help) > 0 {
		facts = append(facts, t.Say("thing.help", "names", names(x.Profile.Help)))
	}
	return facts
}

// OutletFacts are what stands beside an outlet in the list of them.
func (t *Tongue) OutletFacts(x queue.Outlet) (facts []string) {
	for _, f := range []struct {
		is bool
		id string
	}{{x.Printer, "thing.prints"}, {x.Screen, "thing.screen"}, {x.Reception, "thing.reception"}} {
		if f.is {
			facts = append(facts, t.Say(f.id))
		}
	}
	return facts
}

// FeltRemoved says to whom it matters that their service is taken away.
func (t *Tongue) FeltRemoved(people int) string { return t.Say("felt.removed", "count", people) }

// FeltDesks says that other open desks serve a service.
func (t *Tongue) FeltDesks(before, after int) string {
	return t.Say("felt.desks", "before", before, "after", after)
}

// FeltStandard says that a service has another standard.
func (t *Tongue) FeltStandard(before, after string) string {
	return t.Say("felt.standard", "before", before, "after", after)
}

// FeltSooner says how many have fewer people before them.
func (t *Tongue) FeltSooner(people int) string { return t.Say("felt.sooner", "count", people) }

// FeltLater says how many have more people before them.
func (t *Tongue) FeltLater(people int) string { return t.Say("felt.later", "count", people) }

// timesSaid is how many times are named one by one.
const timesSaid = 12

// Times are times such as "12:15, 15:47", of many only the first and how many more.
func (t *Tongue) Times(all []string) string {
	if len(all) <= timesSaid {
		return strings.Join(all, ", ")
	}
	return t.Say("felt.times-more", "count", len(all)-timesSaid, "times", strings.Join(all[:timesSaid], ", "))
}

// StrandedHours says that appointments of today, due at times such as "12:15, 15:47",
// fall outside the hours.
func (t *Tongue) StrandedHours(count int, times string) string {
	return t.Say("felt.appointments-hours", "count", count, "times", times)
}

// StrandedService says that the service of appointments of today is taken away.
func (t *Tongue) StrandedService(count int, times string) string {
	return t.Say("felt.appointments-service", "count", count, "times", times)
}

// StrandedDesk says that the desk of appointments of today is taken away.
func (t *Tongue) StrandedDesk(count int, times string) string {
	return t.Say("felt.appointments-desk", "count", count, "times", times)
}

// FeltExpiry says that who is left expires at another hour.
func (t *Tongue) FeltExpiry(before, after string) string {
	return t.Say("felt.expiry", "before", before, "after", after)
}

// FeltDesk is what an open desk does otherwise; a number is empty when it would
// call nobody.
func (t *Tongue) FeltDesk(removed bool, before, after string) string {
	switch {
	case removed:
		return t.Say("felt.desk-removed")
	case after == "":
		return t.Say("felt.desk-nobody", "before", before)
	case before == "":
		return t.Say("felt.desk-somebody", "after", after)
	}
	return t.Say("felt.desk-other", "before", before, "after", after)
}

// WeekHours is a length of the week, such as "40 h 45 min"; "0 h" is an office that
// never opens.
func WeekHours(minutes int) string {
	if minutes == 0 {
		return "0 h"
	}
	return Length(fmt.Sprintf("%dm", minutes))
}

// Week says how long the office is open in an ordinary week, in minutes, and how long
// it was; first tells that there was no office before.
func (t *Tongue) Week(before, after int, first bool) string {
	is, was := WeekHours(after), WeekHours(before)
	switch {
	case after == 0 && (first || before == 0):
		return t.Say("settings.week-never")
	case after == 0:
		return t.Say("settings.week-never-now", "before", was)
	case first:
		return t.Say("settings.week-open", "length", is)
	case before == after:
		return t.Say("settings.week-same", "length", is)
	case before == 0:
		return t.Say("settings.week-from-never", "length", is)
	}
	return t.Say("settings.week-other", "length", is, "before", was)
}

// SetupNamed is a thing of an office as people call it, by the key of its list and its
// name there: the days of a band are in words, as in "lunedì, martedì 08:15-12:00".
func (t *Tongue) SetupNamed(list, name string) string {
	days, hours, band := strings.Cut(name, "; ")
	if list != "hours.week" || !band {
		return name
	}
	return t.SetupShown("hours.week.days", "", false, days) + " " + hours
}
