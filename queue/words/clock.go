package words

import (
	"fmt"
	"strconv"
	"time"
)

// Clock is the time of day, such as "10:31", in every language. The time stands
// in the office's own zone, as for all functions here.
func Clock(t time.Time) string { return t.Format("15:04") }

// Date is the day in full in Italian, such as "martedì 24 novembre 2026"; the
// first of a month is "1º".
func Date(t time.Time) string { return In(italian).Date(t) }

// Date is the day in full, such as "Dienstag, 24. November 2026".
func (t *Tongue) Date(day time.Time) string { return t.citizens.date(t.citizens.Date.Long, day) }

// DateParts are what a page's script writes a day in full with, as Date does.
type DateParts struct {
	Long     string   `json:"long"`     // such as "{weekday} {day} {month} {year}"
	First    string   `json:"first"`    // the day number of the first of a month
	Weekdays []string `json:"weekdays"` // from Sunday
	Months   []string `json:"months"`
}

// DateParts are the parts of Date in this language.
func (t *Tongue) DateParts() DateParts {
	d := t.citizens.Date
	return DateParts{Long: d.Long, First: d.First, Weekdays: d.Weekdays, Months: d.Months}
}

// Moment is day and time to the second, such as "24/11/2026, 10:31:05".
func (t *Tongue) Moment(at time.Time) string { return t.ShortDate(at) + ", " + at.Format("15:04:05") }

// ShortDate is the day in figures, such as "24/11/2026".
func (t *Tongue) ShortDate(day time.Time) string { return t.citizens.date(t.citizens.Date.Short, day) }

// Day is a day of a file, such as "2026-11-24", in figures as people write it; what
// is no day is said as it is.
func (t *Tongue) Day(date string) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.ShortDate(day)
}

// Duration is a length of time as people say it: "meno di un minuto",
// "1 minuto", "12 minuti", "1 ora e 5 minuti". Whole minutes, rounded down,
// since nobody has waited a minute before it is over.
func (t *Tongue) Duration(ms int64) string {
	minutes := ms / 60_000
	switch {
	case minutes < 1:
		return t.Say("format.under-minute")
	case minutes < 60:
		return t.Say("format.minutes", "count", minutes)
	case minutes%60 == 0:
		return t.Say("format.hours", "count", minutes/60)
	default:
		return t.Say("format.hours-minutes",
			"hours", t.Say("format.hours", "count", minutes/60), "minutes", t.Say("format.minutes", "count", minutes%60))
	}
}

// Wait is a length of time in short, for lists: "12 min", "1 h 05 min". It has
// no colon, since "12:05" beside a clock is a time of day. The signs of the units
// are the same in all languages.
func Wait(ms int64) string {
	minutes := max(0, ms/60_000)
	switch {
	case minutes == 0:
		return "< 1 min"
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	default:
		return fmt.Sprintf("%d h %02d min", minutes/60, minutes%60)
	}
}

// Stopwatch is a length of time to the second: "7 s", "4 min 07 s",
// "1 h 04 min 07 s". Like Wait it has no colon.
func Stopwatch(ms int64) string {
	s := max(0, ms/1000)
	switch {
	case s < 60:
		return fmt.Sprintf("%d s", s)
	case s < 3600:
		return fmt.Sprintf("%d min %02d s", s/60, s%60)
	default:
		return fmt.Sprintf("%d h %02d min %02d s", s/3600, s/60%60, s%60)
	}
}

// Ago is how long ago something was, in short: "adesso", "3 s fa",
// "12 min fa", "1 h 05 min fa", "3 giorni fa".
func (t *Tongue) Ago(ms int64) string {
	switch s := ms / 1000; {
	case s < 1:
		return t.Say("format.now")
	case s < 60:
		return t.Say("format.ago", "time", strconv.FormatInt(s, 10)+" s")
	case s < 86_400:
		return t.Say("format.ago", "time", Wait(ms))
	default:
		return t.Say("format.days-ago", "count", s/86_400)
	}
}
