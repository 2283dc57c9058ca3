package calendar

import (
	"fmt"
	"time"

	"eliminacode/queue"
)

// Zone is the time zone of an office; the error Is ErrUnknownZone. A name that
// would depend on the box ("" or "Local") is not one.
func Zone(setup queue.Setup) (*time.Location, error) {
	name := setup.Office.Zone
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("office zone %q: %w", name, ErrUnknownZone)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("office zone %q: %w", name, ErrUnknownZone)
	}
	return zone, nil
}

// dayMinutes is how many minutes a clock shows in a day, on any day.
const dayMinutes = 24 * 60

// minuteOfDay is an hour of a setup, "HH:MM", as minutes on the clock; the error Is
// ErrBadHours.
func minuteOfDay(clock string) (int, error) {
	minutes, ok := queue.ReadHour(clock)
	if !ok || queue.HourOf(minutes) != clock {
		return 0, fmt.Errorf("reading the hour %q: %w", clock, ErrBadHours)
	}
	return minutes, nil
}

// instants are the first and the last moment, in milliseconds since 1970 UTC,
// at which clocks in the zone show the date and minute. They differ when the
// hour comes twice. An hour that is skipped is the moment of the jump.
func instants(zone *time.Location, d Date, minute int) (first, last int64) {
	shown := time.Date(d.Year, d.Month, d.Day, 0, minute, 0, 0, time.UTC)
	before := offsetSeconds(shown.Add(-36*time.Hour), zone)
	after := offsetSeconds(shown.Add(36*time.Hour), zone)
	found := false
	for _, offset := range [...]int{before, after} {
		at := shown.Add(-time.Duration(offset) * time.Second)
		if offsetSeconds(at, zone) != offset {
			continue
		}
		ms := at.UnixMilli()
		if !found {
			first, last, found = ms, ms, true
		}
		first, last = min(first, ms), max(last, ms)
	}
	if !found {
		// Read with the offset before the jump, the hour lies just behind it.
		jump, _ := shown.Add(-time.Duration(before) * time.Second).In(zone).ZoneBounds()
		first, last = jump.UnixMilli(), jump.UnixMilli()
	}
	return first, last
}

func offsetSeconds(t time.Time, zone *time.Location) int {
	_, offset := t.In(zone).Zone()
	return offset
}
