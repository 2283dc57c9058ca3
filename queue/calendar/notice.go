package calendar

import (
	"fmt"
	"slices"

	"eliminacode/queue"
)

// Notices are what is right but perhaps not meant, for a setup that passes
// Validate: hours that are said twice, an office or a service that opens at none,
// a patron saint on a public holiday, an exception that changes nothing because
// the date was closed anyway.
func Notices(setup queue.Setup) queue.Faults {
	n := &notices{}
	n.overlaps("hours.week", "hours: bands", setup.Hours.Week)
	for i, x := range setup.Services {
		n.overlaps(fmt.Sprintf("service[%d].week", i+1), fmt.Sprintf("service %q: bands", x.ID), x.Week)
	}
	for i, e := range setup.Hours.Exceptions {
		n.overlaps(fmt.Sprintf("hours.exception[%d].band", i+1), fmt.Sprintf("hours: exception %q: bands", e.Date), e.Bands)
	}
	n.never(setup)
	n.patron(setup.Hours)
	for i, e := range setup.Hours.Exceptions {
		date, err := ParseDate(e.Date)
		if err != nil || len(e.Bands) > 0 {
			continue
		}
		without := setup
		without.Hours.Exceptions = nil
		if bands, why := hoursOn(without, date); len(bands) == 0 {
			n.say(fmt.Sprintf("hours.exception[%d]", i+1), "leave it out, or correct the date",
				"hours: exception %q closes a day that is closed anyway (%s)", e.Date, why)
		}
	}
	return n.found
}

type notices struct{ found queue.Faults }

func (n *notices) say(path, remedy, problem string, args ...any) {
	n.found = append(n.found, queue.Fault{Path: path, Problem: fmt.Sprintf(problem, args...), Remedy: remedy})
}

// overlaps finds pairs of bands that open the same service at the same hour.
func (n *notices) overlaps(path, where string, bands []queue.WeekBand) {
	for j, b := range bands {
		for i, a := range bands[:j] {
			day := ""
			for _, d := range a.Days {
				if day == "" && slices.Contains(b.Days, d) {
					day = " on " + d
				}
			}
			// The bands of an exception name no days: all are of its date.
			sameDay := day != "" || len(a.Days)+len(b.Days) == 0
			if from, to := max(a.Open, b.Open), min(a.Close, b.Close); sameDay && from < to && shareService(a, b) {
				n.say(fmt.Sprintf("%s[%d]", path, j+1), "write each hour once: what a band says of the last ticket or of caps would hold in both",
					"%s %d and %d overlap%s from %s to %s", where, i+1, j+1, day, from, to)
			}
		}
	}
}

// shareService tells whether two bands open a service in common.
func shareService(a, b queue.WeekBand) bool {
	if len(a.Services) == 0 || len(b.Services) == 0 {
		return true
	}
	return slices.ContainsFunc(a.Services, func(id queue.ServiceID) bool { return slices.Contains(b.Services, id) })
}

// never finds services that no hour opens, and an office without any.
func (n *notices) never(setup queue.Setup) {
	common := slices.Clone(setup.Hours.Week)
	for _, e := range setup.Hours.Exceptions {
		common = append(common, e.Bands...)
	}
	var closed []int
	for i, x := range setup.Services {
		opens := func(b queue.WeekBand) bool { return len(b.Services) == 0 || slices.Contains(b.Services, x.ID) }
		if len(x.Week) == 0 && !slices.ContainsFunc(common, opens) {
			closed = append(closed, i)
		}
	}
	if len(setup.Services) > 0 && len(closed) == len(setup.Services) {
		n.say("hours", "write [[hours.week]] with days, open and close", "hours: the office opens at no hour, and gives no tickets")
		return
	}
	for _, i := range closed {
		n.say(fmt.Sprintf("service[%d].week", i+1), "name it in the services of a band, or give it a week of its own",
			"service %q opens at no hour", setup.Services[i].ID)
	}
}

// patron finds a patron saint's day that is closed anyway.
func (n *notices) patron(h queue.Hours) {
	patron, err := ParseDate(leapYear + h.Patron)
	if err != nil || !h.Holidays {
		return
	}
	patron.Year = 2026 // The first year with all of today's holidays.
	if name, fixed := publicHolidays[patron.MonthDay()]; fixed {
		n.say("hours.patron", "leave it out unless it is meant: it closes one day, not two",
			"hours: the patron saint's day %s is a public holiday as well (%s)", h.Patron, name.name)
	}
}
