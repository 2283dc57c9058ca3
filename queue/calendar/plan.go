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
	date, err := BusinessDate(setup, officeMs)
	if err != nil {
		return queue.DayPlan{}, err
	}
	return PlanOn(setup, date)
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
			if band.StopIssue >= band.Closes {
				band.StopIssue = 0
			}
			if band.Opens < band.Closes {
				plan.Bands = append(plan.Bands, band)
			}
		}
	}
	slices.SortStableFunc(plan.Bands, func(a, b queue.Band) int {
		return cmp.Or(cmp.Compare(a.Opens, b.Opens), cmp.Compare(a.Closes, b.Closes))
	})
	plan.Expiry = expiry(plan, setup.Hours.ExpireAfterMs)
	plan.StopCalls = stopCalls(plan, setup.Hours)
	if setup.Rules.Break == queue.BreakExpires {
		plan.BreakExpiries = breakExpiries(plan, setup.Hours.ExpireAfterMs)
	}
	return plan, nil
}

// lastClosing is when the last band closes; the beginning of a day that never
// opens.
func lastClosing(plan queue.DayPlan) int64 {
	last := plan.Begins
	for _, b := range plan.Bands {
		last = max(last, b.Closes)
	}
	return last
}

// stopCalls is when nobody is called any more; 0 when calls go on to the end.
func stopCalls(plan queue.DayPlan, hours queue.Hours) int64 {
	last := lastClosing(plan)
	if !hours.StopCalls || len(plan.Bands) == 0 || hours.StopCallsAfterMs >= plan.Ends-last {
		return 0
	}
	return last + max(0, hours.StopCallsAfterMs)
}

// breakExpiries are when those who wait over a break expire: some time after
// the office closed for it, and when it opens again at the latest.
func breakExpiries(plan queue.DayPlan, afterMs int64) []int64 {
	var all []int64
	open := plan.Begins
	for i, b := range plan.Bands {
		if i > 0 && b.Opens > open {
			all = append(all, open+min(max(0, afterMs), b.Opens-open))
		}
		open = max(open, b.Closes)
	}
	return all
}

// expiry is when those still waiting expire: some time after the last closing,
// and at the end of the day at the latest; 0 on a day that never opens.
func expiry(plan queue.DayPlan, afterMs int64) int64 {
	last := lastClosing(plan)
	if len(plan.Bands) == 0 {
		return 0
	}
	return last + min(max(0, afterMs), plan.Ends-last)
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
	band := queue.Band{Opens: opens, Closes: closes, Services: slices.Clone(b.Services), Caps: slices.Clone(b.Caps)}
	if b.StopIssue != "" {
		minute, err := minuteOfDay(b.StopIssue)
		if err != nil {
			return queue.Band{}, fmt.Errorf("last ticket: %w", err)
		}
		_, band.StopIssue = instants(zone, date, minute)
	}
	return band, nil
}
