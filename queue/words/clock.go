package words

import (
	"fmt"
	"time"
)

// Clock is the time of day, such as "10:31". The time stands in the office's
// own zone, as for all functions here.
func Clock(t time.Time) string { return t.Format("15:04") }

// Date is the day in full, such as "martedì 24 novembre 2026"; the first of a
// month is "1º".
func Date(t time.Time) string {
	c := catalogues()[italian]
	return c.date(c.Date.Long, t)
}

// DateClock is day and time, such as "martedì 24 novembre 2026, 10:31".
func DateClock(t time.Time) string { return Date(t) + ", " + Clock(t) }

// Moment is day and time to the second, such as "24/11/2026, 10:31:05".
func Moment(t time.Time) string { return t.Format("02/01/2006, 15:04:05") }

// ShortDate is the day in figures, such as "24/11/2026".
func ShortDate(t time.Time) string { return t.Format("02/01/2006") }

// Duration is a length of time as people say it: "meno di un minuto",
// "1 minuto", "12 minuti", "1 ora e 5 minuti". Whole minutes, rounded down,
// since nobody has waited a minute before it is over.
func Duration(ms int64) string {
	minutes := ms / 60_000
	switch {
	case minutes < 1:
		return "meno di un minuto"
	case minutes < 60:
		return counted(minutes, "minuto", "minuti")
	case minutes%60 == 0:
		return counted(minutes/60, "ora", "ore")
	default:
		return counted(minutes/60, "ora", "ore") + " e " + counted(minutes%60, "minuto", "minuti")
	}
}

// Wait is a length of time in short, for lists: "12 min", "1 h 05 min". It has
// no colon, since "12:05" beside a clock is a time of day.
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

func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
