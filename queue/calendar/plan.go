package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"eliminacode/queue"
)

// Plan works out the business day that holds an office instant, in
// milliseconds since 1970 UTC. The plan's beginning is at or before the
// instant and its end after it. The error Is ErrUnknownZone or ErrBadHours,
// and never comes for a setup that passes Validate.
func Plan(setup queue.Setup, officeMs int64) (queue.DayPlan, error) {
	zone, err := Zone(setup)
	if err != nil {
		return queue.DayPlan{}, err
	}
	date, err := businessDate(setup, zone, officeMs)
	if err != nil {
		return queue.DayPlan{}, err
	}
	return planOn(setup, zone, date)
}

// PlanOn works out the business day of a date.
func PlanOn(setup queue.Setup, date Date) (queue.DayPlan, error) {
	zone, err := Zone(setup)
	if err != nil {
		return queue.DayPlan{}, err
	}
	return planOn(setup, zone, date)
}

// BusinessDate is the date of the business day that holds an office instant.
func BusinessDate(setup queue.Setup, officeMs int64) (Date, error) {
	zone, err := Zone(setup)
	if err != nil {
		return Date{}, err
	}
	return businessDate(setup, zone, officeMs)
}

// Local is what the clocks of the office show at an instant: the calendar
// date, and the minutes since midnight on the clock (0..1439).
func Local(setup queue.Setup, officeMs int64) (Date, int, error) {
	zone, err := Zone(setup)
	if err != nil {
		return Date{}, 0, err
	}
	t := time.UnixMilli(officeMs).In(zone)
	return DateOf(t), t.Hour()*60 + t.Minute(), nil
}

func businessDate(setup queue.Setup, zone *time.Location, officeMs int64) (Date, error) {
	// The last of three dates whose cut is past: around a jump of the clocks
	// over midnight the instant's own calendar date may be either side.
	date := DateOf(time.UnixMilli(officeMs).In(zone)).AddDays(1)
	for range 3 {
		begins, err := cutOn(setup, zone, date)
		if err != nil {
			return Date{}, err
		}
		if begins <= officeMs {
			break
		}
		date = date.AddDays(-1)
	}
	return date, nil
}

// cutOn is the instant at which the business day of a date begins.
func cutOn(setup queue.Setup, zone *time.Location, date Date) (int64, error) {
	minute := 0
	if cut := setup.Hours.Cut; cut != "" {
		m, err := minuteOfDay(cut)
		if err != nil {
			return 0, fmt.Errorf("cut of the business day: %w", err)
		}
		// 24:00 is the other name of midnight, and not a day later.
		minute = m % dayMinutes
	}
	first, _ := instants(zone, date, minute)
	return first, nil
}

func planOn(setup queue.Setup, zone *time.Location, date Date) (queue.DayPlan, error) {
	plan := queue.DayPlan{Date: date.String()}
	var err error
	if plan.Begins, err = cutOn(setup, zone, date); err != nil {
		return queue.DayPlan{}, err
	}
	if plan.Ends, err = cutOn(setup, zone, date.AddDays(1)); err != nil {
		return queue.DayPlan{}, err
	}
	for ahead := range 2 {
		bands, why := hoursOn(setup, date.AddDays(ahead))
		if ahead == 0 {
			plan.Why = why
		}
		for _, b := range bands {
			band, err := bandOn(zone, date.AddDays(ahead), b)
			if err != nil {
				return queue.DayPlan{}, err
			}
			band.Opens, band.Closes = max(band.Opens, plan.Begins), min(band.Closes, plan.Ends)
			if band.Opens < band.Closes {
				plan.Bands = append(plan.Bands, band)
			}
		}
	}
	slices.SortStableFunc(plan.Bands, func(a, b queue.Band) int {
		return cmp.Or(cmp.Compare(a.Opens, b.Opens), cmp.Compare(a.Closes, b.Closes))
	})
	plan.Expiry = expiry(plan, setup.Hours.ExpireAfterMs)
	return plan, nil
}

// expiry is when those still waiting expire: some time after the last closing,
// and at the end of the day at the latest; 0 on a day that never opens.
func expiry(plan queue.DayPlan, afterMs int64) int64 {
	last := plan.Begins
	for _, b := range plan.Bands {
		last = max(last, b.Closes)
	}
	if len(plan.Bands) == 0 {
		return 0
	}
	if afterMs >= plan.Ends-last {
		return plan.Ends
	}
	return last + max(0, afterMs)
}

func bandOn(zone *time.Location, date Date, b queue.WeekBand) (queue.Band, error) {
	open, err := minuteOfDay(b.Open)
	if err != nil {
		return queue.Band{}, fmt.Errorf("opening hours: %w", err)
	}
	closing, err := minuteOfDay(b.Close)
	if err != nil {
		return queue.Band{}, fmt.Errorf("opening hours: %w", err)
	}
	opens, _ := instants(zone, date, open)
	_, closes := instants(zone, date, closing)
	return queue.Band{Opens: opens, Closes: closes, Services: slices.Clone(b.Services)}, nil
}
