// Package calendar turns opening hours into instants: from a queue.Setup and a
// moment of office time it makes the queue.DayPlan of that business day.
//
// It owns the weekly hours, the exceptions by date, the Italian public
// holidays, the patron saint's day, the business day with its own cut, and the
// days on which the clocks change. It is the only package, apart from reports,
// that knows the time zone. It reads no clock: whoever asks says when.
//
// How a date's hours are found: an exception for the date replaces everything
// else; then the patron saint's day, the office's own holidays and, where it
// keeps them, the public holidays are closed; then the weekly hours count: those
// of the office, and in their place a service's own where it has some. A
// temporary service is open only between its dates, whatever the hours.
//
// How an hour becomes an instant: an hour that the clocks skip in spring is
// the moment at which they jump. Of an hour that they show twice in autumn,
// an opening and the cut of the day mean the first, a closing means the second,
// so that nobody finds a door shut at an hour at which it is said to be open.
//
// How a business day is bounded: it begins at the cut on its date and ends at
// the cut on the next one, so that each moment belongs to exactly one day, and
// a day may have 23, 24 or 25 hours. Opening hours are written by the calendar
// date; those that lie before the cut belong to the business day of the date
// before.
//
// All functions are pure apart from reading the time zone database, which is
// embedded. They may be called from any goroutine.
package calendar

// The time zones must be there on a board whose system has none.
import _ "time/tzdata"
