package change

import (
	"slices"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/office"
)

// factKeys are the values that somebody must check of a thing that is added, beside its
// name: what decides when it holds, for whom and how much of it there is.
var factKeys = []string{
	"series.first", "series.last", "series.ranges",
	"service.series", "service.standard", "service.day_cap", "service.from", "service.to", "service.quota", "service.appointments_only", "service.published",
	"desk.group", "desk.first", "desk.help", "desk.back_office",
	"outlet.printer", "outlet.screen", "outlet.reception",
	"hours.week.services", "hours.week.stop_issue",
	"hours.exception.why",
}

// bandLists are the lists of bands within things, by their key. A day of its own that has
// no band is closed, which is a fact too.
var bandLists = []string{"service.week", "hours.exception.band"}

// Facts are what somebody must check of the things of a setup, by Difference.Thing, as if
// each was there before without any value: those in force of factKeys, and each band as
// its days and hours, as the name of a band of the week is. A day of its own without
// bands has its band with an empty After.
func Facts(setup queue.Setup) map[string][]Difference {
	all := map[string][]Difference{}
	bands := map[string]map[string]string{}
	for _, v := range office.Values(setup) {
		key := KeyOf(v.Path)
		thing, _, inner := thingOf(setup, v.Path)
		if slices.Contains(factKeys, key) && v.Text != "" && v.Text != "0" && v.Text != "false" {
			all[thing] = append(all[thing], Difference{Thing: thing, Key: key, Inner: inner, After: v.Text})
		}
		for _, list := range bandLists {
			value, of := strings.CutPrefix(key, list+".")
			if !of || !slices.Contains([]string{"days", "open", "close"}, value) {
				continue
			}
			place, _, _ := strings.Cut(inner, ".")
			at := thing + " " + place
			if bands[at] == nil {
				bands[at] = map[string]string{}
				all[thing] = append(all[thing], Difference{Thing: thing, Key: list, Inner: place})
			}
			bands[at][value] = v.Text
		}
	}
	for thing, facts := range all {
		for i, d := range facts {
			if b := bands[thing+" "+d.Inner]; b != nil && slices.Contains(bandLists, d.Key) {
				facts[i].After = b["open"] + "-" + b["close"]
				if b["days"] != "" {
					facts[i].After = b["days"] + "; " + facts[i].After
				}
			}
		}
		if slices.ContainsFunc(facts, func(d Difference) bool { return d.Key == "series.ranges" }) {
			all[thing] = slices.DeleteFunc(facts, func(d Difference) bool { return d.Key == "series.first" || d.Key == "series.last" })
		}
	}
	for _, x := range setup.Hours.Exceptions {
		if thing := "hours.exception[" + x.Date + "]"; len(x.Bands) == 0 {
			all[thing] = append(all[thing], Difference{Thing: thing, Key: "hours.exception.band", Inner: "band"})
		}
	}
	return all
}
