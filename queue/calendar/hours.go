package calendar

import (
	"fmt"
	"slices"

	"eliminacode/queue"
)

// What a plan says about a day whose setup gives no reason of its own.
const (
	whyClosed = "Chiusura straordinaria"
	whyOther  = "Orario straordinario"
	whyPatron = "Santo patrono"
	whyOwn    = "Festa locale"
	whyWhit   = "Lunedì di Pentecoste"
	whyWeekly = "Chiusura settimanale"
)

// leapYear stands before a patron's "MM-DD", which may be 29 February.
const leapYear = "2000-"

// hoursOn are the bands that begin on a calendar date, and why they differ
// from those of the week. When a date has two exceptions the later one in the
// setup counts; Validate refuses such a setup.
func hoursOn(setup queue.Setup, date Date) (bands []queue.WeekBand, why string) {
	for _, e := range slices.Backward(setup.Hours.Exceptions) {
		if e.Date != date.String() {
			continue
		}
		bands = offered(setup, date, e.Bands, false)
		switch {
		case e.Why != "":
			return bands, e.Why
		case len(e.Bands) == 0:
			return nil, whyClosed
		default:
			return bands, whyOther
		}
	}
	if setup.Hours.Patron == date.MonthDay() {
		return nil, whyPatron
	}
	if name, holiday := IsHoliday(date); holiday && setup.Hours.Holidays {
		return nil, name
	}
	if name, holiday := ownHoliday(setup, date); holiday {
		return nil, name
	}
	day := weekdayNames[date.Weekday()]
	bands = offered(setup, date, weekly(setup.Hours.Week, day), true)
	for _, x := range setup.Services {
		if !during(x, date) {
			continue
		}
		for _, b := range weekly(x.Week, day) {
			b.Services = []queue.ServiceID{x.ID}
			bands = append(bands, b)
		}
	}
	if len(bands) == 0 {
		return nil, whyWeekly
	}
	return bands, ""
}

// ownHoliday tells whether a date is one of the office's own holidays, with its
// name.
func ownHoliday(setup queue.Setup, date Date) (name string, holiday bool) {
	for _, day := range setup.Hours.OwnHolidays {
		switch {
		case day == queue.WhitMonday && date == Easter(date.Year).AddDays(50):
			return whyWhit, true
		case day == date.MonthDay():
			return whyOwn, true
		}
	}
	return "", false
}

// during tells whether a service is there on a date; a temporary one is so
// between its dates, both included.
func during(x queue.Service, date Date) bool {
	day := date.String()
	return (x.From == "" || x.From <= day) && (x.To == "" || day <= x.To)
}

// offered are bands without the services that they do not open on a date: those
// that are not there then, and in an ordinary week those that have hours of
// their own. A band that is left without any is dropped.
func offered(setup queue.Setup, date Date, bands []queue.WeekBand, ordinary bool) []queue.WeekBand {
	var out []queue.ServiceID
	for _, x := range setup.Services {
		if !during(x, date) || ordinary && len(x.Week) > 0 {
			out = append(out, x.ID)
		}
	}
	if len(out) == 0 {
		return bands
	}
	var left []queue.WeekBand
	for _, b := range bands {
		all := b.Services
		if len(all) == 0 {
			for _, x := range setup.Services {
				all = append(all, x.ID)
			}
		}
		b.Services = nil
		for _, id := range all {
			if !slices.Contains(out, id) {
				b.Services = append(b.Services, id)
			}
		}
		if len(b.Services) > 0 {
			left = append(left, b)
		}
	}
	return left
}

func weekly(week []queue.WeekBand, day string) []queue.WeekBand {
	var bands []queue.WeekBand
	for _, b := range week {
		if slices.Contains(b.Days, day) {
			bands = append(bands, b)
		}
	}
	return bands
}

// OpenDays are the dates from from to to, both included, on which the office
// gives tickets.
func OpenDays(setup queue.Setup, from, to Date) ([]Date, error) {
	zone, err := Zone(setup)
	if err != nil {
		return nil, err
	}
	var days []Date
	for d := from; !to.Before(d); d = d.AddDays(1) {
		plan, err := planOn(setup, zone, d)
		if err != nil {
			return nil, err
		}
		if len(plan.Bands) > 0 {
			days = append(days, d)
		}
	}
	return days, nil
}

// WeeklyMinutes is how long the office is open in a week without exceptions,
// in minutes on the clock. Bands that overlap, as those of single services do,
// count once; those of temporary services do not count.
func WeeklyMinutes(setup queue.Setup) (int, error) {
	week := setup.Hours.Week
	for _, x := range setup.Services {
		if x.From == "" && x.To == "" {
			week = append(week[:len(week):len(week)], x.Week...)
		}
	}
	total := 0
	for _, day := range weekdayNames {
		var open [dayMinutes]bool
		for _, b := range weekly(week, day) {
			from, err := minuteOfDay(b.Open)
			if err != nil {
				return 0, fmt.Errorf("opening hours: %w", err)
			}
			to, err := minuteOfDay(b.Close)
			if err != nil {
				return 0, fmt.Errorf("opening hours: %w", err)
			}
			for m := from; m < to; m++ {
				if !open[m] {
					open[m] = true
					total++
				}
			}
		}
	}
	return total, nil
}

// Validate finds the faults of a setup that need a calendar, all at once; the
// error is their Faults.
func Validate(setup queue.Setup) error {
	if faults := Faults(setup); len(faults) > 0 {
		return faults
	}
	return nil
}

// Faults are the faults of a setup that need a calendar: an unknown time zone, a
// day that does not exist, a date with two exceptions. They Are ErrUnknownZone
// and ErrBadDate.
func Faults(setup queue.Setup) (faults queue.Faults) {
	const writeDate = "write it as 2026-06-02"
	say := func(path, remedy string, err error, problem string, args ...any) {
		faults = append(faults, queue.Fault{Path: path, Problem: fmt.Sprintf(problem, args...), Remedy: remedy, Err: err})
	}
	if _, err := Zone(setup); err != nil && setup.Office.Zone != "" {
		say("office.zone", "write a name such as Europe/Rome", ErrUnknownZone, "office: zone %q: unknown time zone", setup.Office.Zone)
	}
	for i, x := range setup.Services {
		for _, d := range []struct{ key, date string }{{"from", x.From}, {"to", x.To}} {
			if _, err := ParseDate(d.date); d.date != "" && err != nil {
				say(fmt.Sprintf("service[%d].%s", i+1, d.key), writeDate, ErrBadDate, "service %q: the date %q: no such date", x.ID, d.date)
			}
		}
	}
	seen := map[string]bool{}
	for i, e := range setup.Hours.Exceptions {
		path := fmt.Sprintf("hours.exception[%d].date", i+1)
		if _, err := ParseDate(e.Date); err != nil {
			say(path, writeDate, ErrBadDate, "hours: exception %q: no such date", e.Date)
		} else if seen[e.Date] {
			say(path, "write one exception with all its bands", nil, "hours: exception %q is there twice", e.Date)
		}
		seen[e.Date] = true
	}
	for i, day := range setup.Hours.OwnHolidays {
		if _, err := ParseDate(leapYear + day); day != queue.WhitMonday && err != nil {
			say(fmt.Sprintf("hours.own_holidays[%d]", i+1), "write it as MM-DD", ErrBadDate, "hours: the own holiday %q: no such day", day)
		}
	}
	if p := setup.Hours.Patron; p != "" {
		if _, err := ParseDate(leapYear + p); err != nil {
			say("hours.patron", "write it as MM-DD", ErrBadDate, "hours: the patron saint's day %q: no such day", p)
		}
	}
	return faults
}
