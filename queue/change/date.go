package change

import (
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

// A Turn is what another time zone, or another hour at which days begin, makes of the
// date of the office: the open day goes on with its own until it ends.
type Turn struct {
	Before, After calendar.Date // of the open day, and the date that it would have by the setup
	// Ends is when the open day ends, as office time in milliseconds, and Next the date of
	// the day that begins then.
	Ends int64
	Next calendar.Date
	Zone *time.Location // of the setup
}

// turn finds out what a setup makes of the date of the open day; nil for nothing, and where
// nobody knows what day it is.
func turn(state *queue.State, now queue.Now, after queue.Setup) *Turn {
	plan := state.Plan()
	if plan.Provisional {
		return nil
	}
	zone, err := calendar.Zone(after)
	if err != nil {
		return nil
	}
	t := &Turn{Ends: plan.Ends, Zone: zone}
	var faults [3]error
	t.Before, faults[0] = calendar.ParseDate(plan.Date)
	t.After, faults[1] = calendar.BusinessDate(after, state.OfficeTime(now))
	t.Next, faults[2] = calendar.BusinessDate(after, plan.Ends)
	if faults != [3]error{} || t.Before == t.After {
		return nil
	}
	return t
}
