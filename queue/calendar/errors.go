package calendar

import "errors"

// Faults of a setup that queue.Setup.Validate cannot see, since they need a
// calendar. A setup that passes Validate of both packages has a plan for every
// day.
var (
	// ErrUnknownZone: the office's time zone is not in the embedded database;
	// write a name such as Europe/Rome.
	ErrUnknownZone = errors.New("unknown time zone; write a name such as Europe/Rome")
	// ErrBadHours: an opening hour, a closing hour or the cut is not "HH:MM".
	ErrBadHours = errors.New("hours are not valid; write them as HH:MM")
	// ErrBadDate: there is no such day in the calendar.
	ErrBadDate = errors.New("no such date; write it as 2026-06-02")
)
