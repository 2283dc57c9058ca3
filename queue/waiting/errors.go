package waiting

import "errors"

// Faults of a question: the text goes to the person who asked, after the name
// of the option.
var (
	// ErrNoDate: a bound of the range was left out.
	ErrNoDate = errors.New("is missing; write YYYY-MM-DD")
	// ErrBadDate: a bound of the range is no day of the calendar.
	ErrBadDate = errors.New("is not a date; write YYYY-MM-DD")
	// ErrBackwards: the range ends before it begins.
	ErrBackwards = errors.New("lies after")
	// ErrBadGrouping: there is no such way to group.
	ErrBadGrouping = errors.New("is not a grouping; write hour, day, service or group")
)

// Faults of stored sheets. A sheet is derived: whoever meets one of these
// folds the events of the day again and makes the sheet anew.
var (
	// ErrBadSheet: the bytes are no sheet, or are damaged.
	ErrBadSheet = errors.New("not a day sheet, or damaged; rebuild it from the events")
	// ErrOtherFormat: the sheet was written by another version of the program.
	ErrOtherFormat = errors.New("day sheet of another version; rebuild it from the events")
)
