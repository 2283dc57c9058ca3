package calendar

import (
	"fmt"
	"time"
)

// A Date is a day of the calendar, without a time zone. Dates compare with ==.
type Date struct {
	Year  int
	Month time.Month
	Day   int // of the month, from 1
}

// DateOf is the date of t in the zone that t is in.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads "2026-06-02"; the error Is ErrBadDate.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("reading the date %q: %w", s, ErrBadDate)
	}
	return DateOf(t), nil
}

// String is the date as "2026-06-02".
func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MonthDay is the part of String that comes back every year, as "06-02".
func (d Date) MonthDay() string { return fmt.Sprintf("%02d-%02d", int(d.Month), d.Day) }

// AddDays is the date n days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC))
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.noon().Weekday() }

// Before tells whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.noon().Before(other.noon()) }

// DaysUntil is how many days later other is; negative when it is earlier.
func (d Date) DaysUntil(other Date) int {
	return int(other.noon().Sub(d.noon()) / (24 * time.Hour))
}

// noon is a moment that stands for the date where zones play no part.
func (d Date) noon() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC)
}

// weekdayNames are the days as a setup writes them.
var weekdayNames = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
