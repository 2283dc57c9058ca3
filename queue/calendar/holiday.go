package calendar

import "time"

// publicHolidays are those of law 260 of 1949 as in force since 2001, by
// month and day, with the first year in which each counts; 0 is always.
// Law 151 of 2025 makes Saint Francis one again from 2026 on.
var publicHolidays = map[string]struct {
	name  string
	since int
}{
	"01-01": {name: "Capodanno"},
	"01-06": {name: "Epifania"},
	"04-25": {name: "Festa della Liberazione"},
	"05-01": {name: "Festa del Lavoro"},
	"06-02": {name: "Festa della Repubblica"},
	"08-15": {name: "Assunzione di Maria (Ferragosto)"},
	"10-04": {name: "San Francesco d'Assisi, patrono d'Italia", since: 2026},
	"11-01": {name: "Ognissanti"},
	"12-08": {name: "Immacolata Concezione"},
	"12-25": {name: "Natale"},
	"12-26": {name: "Santo Stefano"},
}

// IsHoliday tells whether a date is an Italian public holiday, with its name.
// Sundays and the patron saint are not among them, but Easter Sunday is.
func IsHoliday(d Date) (name string, holiday bool) {
	if h, ok := publicHolidays[d.MonthDay()]; ok && d.Year >= h.since {
		return h.name, true
	}
	switch easter := Easter(d.Year); d {
	case easter:
		return "Pasqua", true
	case easter.AddDays(1):
		return "Lunedì dell'Angelo", true
	}
	return "", false
}

// Easter is Easter Sunday of a year of the Gregorian calendar, by the
// anonymous algorithm of Meeus, Jones and Butcher.
func Easter(year int) Date {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return Date{year, time.Month(n / 31), n%31 + 1}
}
