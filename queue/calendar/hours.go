package calendar

import (
	"errors"
	"fmt"
	"slices"

	"eliminacode/queue"
)

// What a plan says about a day whose setup gives no reason of its own.
const (
	whyClosed = "Chiusura straordinaria"
	whyOther  = "Orario straordinario"
	whyPatron = "Santo patrono"
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
		switch {
		case e.Why != "":
			return e.Bands, e.Why
		case len(e.Bands) == 0:
			return nil, whyClosed
		default:
			return e.Bands, whyOther
		}
	}
	if setup.Hours.Patron == date.MonthDay() {
		return nil, whyPatron
	}
	if name, holiday := IsHoliday(date); holiday && setup.Hours.Holidays {
		return nil, name
	}
	bands = weekly(setup, weekdayNames[date.Weekday()])
	if len(bands) == 0 {
		return nil, whyWeekly
	}
	return bands, ""
}

func weekly(setup queue.Setup, day string) []queue.WeekBand {
	var bands []queue.WeekBand
	for _, b := range setup.Hours.Week {
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
// count once.
func WeeklyMinutes(setup queue.Setup) (int, error) {
	total := 0
	for _, day := range weekdayNames {
		var open [dayMinutes]bool
		for _, b := range weekly(setup, day) {
			from, err := minuteOfDay(b.Open)
			if err != nil {
				return 0, fmt.Errorf("opening hours: %w", err)
			}
			to, err := minuteOfDay(b.Close)
			if err != nil {
				return 0, fmt.Errorf("opening hours: %w", err)
			}
			for m := from; m < to; m++ {
				open[m] = true
			}
		}
		for _, minute := range open {
			if minute {
				total++
			}
		}
	}
	return total, nil
}

// Validate finds the faults of a setup that need a calendar, all at once: an
// unknown time zone, a day that does not exist, a date with two exceptions.
// Each line says where, in the words of queue.Setup.Validate.
func Validate(setup queue.Setup) error {
	var faults []error
	if _, err := Zone(setup); err != nil && setup.Office.Zone != "" {
		faults = append(faults, fmt.Errorf("office: zone %q: %w", setup.Office.Zone, ErrUnknownZone))
	}
	seen := map[string]bool{}
	for _, e := range setup.Hours.Exceptions {
		if _, err := ParseDate(e.Date); err != nil {
			faults = append(faults, fmt.Errorf("hours: exception %q: %w", e.Date, ErrBadDate))
		} else if seen[e.Date] {
			faults = append(faults, fmt.Errorf("hours: exception %q is there twice; write one exception with all its bands", e.Date))
		}
		seen[e.Date] = true
	}
	if p := setup.Hours.Patron; p != "" {
		if _, err := ParseDate(leapYear + p); err != nil {
			faults = append(faults, fmt.Errorf("hours: the patron saint's day %q: no such day; write it as MM-DD", p))
		}
	}
	return errors.Join(faults...)
}

// Notices are what is right but perhaps not meant, one sentence each: a patron
// saint on a public holiday, an exception that changes nothing because the
// date was closed anyway.
func Notices(setup queue.Setup) []string {
	var notices []string
	patron, err := ParseDate(leapYear + setup.Hours.Patron)
	if err == nil && setup.Hours.Holidays {
		patron.Year = 2026 // The first year with all of today's holidays.
		if name, fixed := publicHolidays[patron.MonthDay()]; fixed {
			notices = append(notices, fmt.Sprintf(
				"hours: the patron saint's day %s is a public holiday as well (%s); it closes one day, not two",
				setup.Hours.Patron, name.name))
		}
	}
	for _, e := range setup.Hours.Exceptions {
		date, err := ParseDate(e.Date)
		if err != nil || len(e.Bands) > 0 {
			continue
		}
		without := setup
		without.Hours.Exceptions = nil
		if bands, why := hoursOn(without, date); len(bands) == 0 {
			notices = append(notices, fmt.Sprintf(
				"hours: exception %q closes a day that is closed anyway (%s)", e.Date, why))
		}
	}
	return notices
}
