package simulate

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/oracle"
)

// A Trial is a number of days of an office, lived with all its people and
// mishaps, and held against every invariant: the events one by one, the counts
// after every command, and once a day, at a random moment, the whole office
// against the fold of the day's events as they are on disk.
type Trial struct {
	Setup queue.Setup
	// Options.From is the first day; its To and Visits are not used.
	Options Options
	// Days is how many days of opening are lived.
	Days int
	// Sink gets the events of each command as they come; its error ends the
	// trial. It may be nil.
	Sink func([]queue.Event) error
	// Report is how the analysis of waiting times sums up a closed day; the sums
	// are held against the checker's own. It may be nil.
	Report func(day *queue.State) oracle.DaySum
}

// An Outcome is what a Trial has shown.
type Outcome struct {
	Counts     *Counts
	Violations []oracle.Violation // empty when every invariant held
	Folds      int                // comparisons with the fold of the stored events
	State      *queue.State
}

// longestSearchDays is how far ahead the days of opening are looked for.
const longestSearchDays = 100 * 366

// Run lives the days. Its error is a fault of the options or of the machine;
// breaches of the rules are in the outcome.
func (t Trial) Run() (Outcome, error) {
	r, err := t.begin()
	if err != nil {
		return Outcome{}, err
	}
	if err := r.live(); err != nil {
		return Outcome{}, err
	}
	return Outcome{Counts: r.counts, Violations: r.checker.Violations(), Folds: r.folds, State: r.core.State()}, nil
}

// begin makes everything ready for the first day.
func (t Trial) begin() (*running, error) {
	dates, err := t.dates()
	if err != nil {
		return nil, err
	}
	o := t.Options
	o.To, o.Visits = dates[len(dates)-1], 0
	if o.Conduct == nil {
		c := TrialConduct()
		o.Conduct = &c
	}
	if o.From == 0 {
		return nil, fmt.Errorf("%w: a trial needs the day it begins; set From", ErrBadOptions)
	}
	r := &running{trial: t, checker: oracle.NewChecker()}
	if r.world, err = New(t.Setup, o); err != nil {
		return nil, err
	}
	if r.counts, err = NewCounts(t.Setup); err != nil {
		return nil, err
	}
	begins, _ := r.world.Next()
	if r.core, err = NewCore(t.Setup, begins-1, r.see); err != nil {
		return nil, err
	}
	if err := r.plan(dates); err != nil {
		return nil, err
	}
	return r, nil
}

// dates are the first days of opening from the beginning on.
func (t Trial) dates() ([]calendar.Date, error) {
	if t.Days <= 0 {
		return nil, fmt.Errorf("%w: %d days; use 1 or more", ErrBadOptions, t.Days)
	}
	date, err := calendar.BusinessDate(t.Setup, t.Options.From)
	if err != nil {
		return nil, fmt.Errorf("finding the days of opening: %w", err)
	}
	var dates []calendar.Date
	for range longestSearchDays {
		plan, err := calendar.PlanOn(t.Setup, date)
		if err != nil {
			return nil, fmt.Errorf("finding the days of opening: %w", err)
		}
		if len(plan.Bands) > 0 {
			if dates = append(dates, date); len(dates) == t.Days {
				return dates, nil
			}
		}
		date = date.AddDays(1)
	}
	return nil, fmt.Errorf("%w: %d days of opening in a hundred years, wanted %d; check the hours", ErrBadOptions, len(dates), t.Days)
}

// running is a trial under way.
type running struct {
	trial   Trial
	world   *World
	core    *Core
	acts    []act // what befalls the box, in order of time
	checker *oracle.Checker
	counts  *Counts
	folds   int
	err     error // of the sink
}

// live lets the days go by.
func (r *running) live() error {
	for _, act := range r.acts {
		if err := r.core.Run(r.world, act.at); err != nil {
			return err
		}
		if err := act.do(); err != nil {
			return err
		}
		if r.err != nil {
			return r.err
		}
	}
	if err := r.core.Run(r.world, 0); err != nil {
		return err
	}
	r.counts.End()
	r.checker.Compare(r.core.State())
	return r.err
}

// see takes the events of one command and the office after them.
func (r *running) see(s *queue.State, events []queue.Event) {
	for _, e := range events {
		r.checker.See(e)
		if closed := r.counts.See(e); closed != nil && r.trial.Report != nil {
			r.checker.Sum(r.trial.Report(closed))
		}
	}
	r.checker.Glance(s)
	if r.trial.Sink != nil && r.err == nil {
		r.err = r.trial.Sink(events)
	}
}

// An act is something that befalls the box, or a look at it.
type act struct {
	at int64
	do func() error
}

// plan decides what befalls the box on some days.
func (r *running) plan(dates []calendar.Date) error {
	for _, date := range dates {
		plan, err := calendar.PlanOn(r.trial.Setup, date)
		if err != nil {
			return fmt.Errorf("planning the mishaps: %w", err)
		}
		day := int64(calendar.Date{Year: 1970, Month: 1, Day: 1}.DaysUntil(date))
		look := stream(r.trial.Options.Seed, "look", day)
		s := stretches(plan)
		r.acts = append(r.acts, act{between(look, s[0].from, s[len(s)-1].to), r.look})
		r.acts = append(r.acts, r.mishaps(stream(r.trial.Options.Seed, "box", day), plan)...)
	}
	slices.SortStableFunc(r.acts, func(a, b act) int { return cmp.Compare(a.at, b.at) })
	return nil
}

// mishaps are the power cuts and the steps of the clock of one day.
func (r *running) mishaps(rnd *rand.Rand, plan queue.DayPlan) []act {
	m := r.trial.Options.Mishaps
	if m == nil {
		return nil
	}
	var acts []act
	for _, at := range moments(rnd, plan, m.PowerCuts) {
		outage, wrong, syncAfter := between(rnd, 10*secondMs, 25*minuteMs), int64(0), int64(0)
		if rnd.Float64() < m.WrongBoots {
			wrong, syncAfter = wrongClock(rnd, at), between(rnd, minuteMs, 90*minuteMs)
		}
		acts = append(acts, r.powerCut(at, outage, wrong, syncAfter)...)
	}
	if rnd.Float64() < m.WrongMornings {
		at := stretches(plan)[0].from - between(rnd, 20*minuteMs, 4*hourMs)
		wrong := wrongClock(rnd, at)
		acts = append(acts, r.powerCut(at, minuteMs, wrong, between(rnd, 30*minuteMs, 8*hourMs)-minuteMs)...)
	}
	for _, at := range moments(rnd, plan, m.ClockSteps) {
		wrong := between(rnd, -4*minuteMs, 4*minuteMs)
		acts = append(acts,
			act{at, func() error { return r.step(wrong, true) }},
			act{at + between(rnd, minuteMs, hourMs), func() error { return r.step(0, true) }})
	}
	if rnd.Float64() < m.Evenings {
		s := stretches(plan)
		at := s[len(s)-1].to - between(rnd, 0, 40*minuteMs)
		outage, wrong, syncAfter := between(rnd, 12*hourMs, 16*hourMs), int64(0), int64(0)
		if rnd.Float64() < 0.75 {
			// Where it was saved last, or at the beginning of its time.
			wrong = one(rnd, -outage+between(rnd, -hourMs, hourMs), wrongClock(rnd, at+outage))
			syncAfter = between(rnd, minuteMs, 90*minuteMs)
		}
		acts = append(acts, r.powerCut(at, outage, wrong, syncAfter)...)
	}
	return acts
}

// powerCut is a power cut, and where the clock then wakes wrong, the time server
// that is reached so long after the start; 0 is a clock known to be right.
func (r *running) powerCut(at, outage, wrong, syncAfter int64) []act {
	wake := r.core.Wake
	if stream(r.trial.Options.Seed, "other box", at).Float64() < r.trial.Options.Mishaps.OtherBoxes {
		wake = r.core.WakeElsewhere
	}
	acts := []act{{at, func() error { return wake(outage, wrong, syncAfter == 0) }}}
	if syncAfter > 0 {
		acts = append(acts, act{at + outage + syncAfter, func() error { return r.step(0, true) }})
	}
	return acts
}

// one draws one of two.
func one(r *rand.Rand, a, b int64) int64 {
	if r.IntN(2) == 0 {
		return a
	}
	return b
}

// wrongClock is how far from the truth a clock without a battery may wake: at
// the beginning of its time, where it last was saved, or anywhere near.
func wrongClock(r *rand.Rand, at int64) int64 {
	switch x := r.Float64(); {
	case x < 0.35:
		return between(r, 0, hourMs) - at // 1970
	case x < 0.85:
		return -between(r, minuteMs, 3*hourMs)
	default:
		return between(r, minuteMs, 40*minuteMs)
	}
}

func (r *running) step(wrongMs int64, synced bool) error {
	r.core.Step(wrongMs, synced)
	return nil
}

// look holds the whole office against the fold of the day's events, as they
// are read back from their encoding: what a start after a power cut would see.
func (r *running) look() error {
	live, today := r.core.State(), r.counts.today
	r.checker.Compare(live)
	if len(today) == 0 {
		return nil
	}
	stored := make([]queue.Event, len(today))
	for i, e := range today {
		b, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("encoding event %d: %w", e.Seq, err)
		}
		if err := json.Unmarshal(b, &stored[i]); err != nil {
			return fmt.Errorf("reading event %d back: %w", e.Seq, err)
		}
	}
	r.folds++
	r.checker.Fold(stored, live)
	return nil
}
