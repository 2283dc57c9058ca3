package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/journal"
	officefile "eliminacode/queue/office"
	"eliminacode/queue/oracle"
	"eliminacode/queue/simulate"
	"eliminacode/queue/waiting"
)

type simulateFlags struct {
	office, out, from string
	seed              uint64
	days, staff       int
	visitsPerDay      float64
	before, calm      bool
	json              bool
}

func (p program) simulate() *cobra.Command {
	f := simulateFlags{}
	c := &cobra.Command{
		Use:   "simulate",
		Short: "Live days of an office in seconds, and check every rule",
		Long: "Live days of opening of an office: arrivals, clerks, breaks, appointments, and all that goes wrong\n" +
			"(paper, power, clocks, children). After every event the rules of the office are checked. The same seed\n" +
			"gives the same events. The exit code is 1 when a rule was broken.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return p.runSimulate(f) },
	}
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of the people and of what goes wrong")
	c.Flags().IntVar(&f.days, "days", 40, "how many days of opening to live")
	c.Flags().StringVar(&f.office, "office", "", "office file (default the reference office)")
	c.Flags().BoolVar(&f.before, "before", false, "the reference office as it was before, each desk bound to one subject")
	c.Flags().StringVar(&f.from, "from", "2026-01-05", "first day, YYYY-MM-DD")
	c.Flags().IntVar(&f.staff, "staff", 0, "clerks for two shifts (default by the number of desks, at most 15)")
	c.Flags().Float64Var(&f.visitsPerDay, "visits", 0, "mean visits a day (default by the number of desks, at most 186)")
	c.Flags().BoolVar(&f.calm, "calm", false, "nothing goes wrong with paper, power, clock and buttons")
	c.Flags().BoolVar(&f.json, "json", false, "print the outcome as JSON")
	c.Flags().StringVar(&f.out, "out", "", "write the journal into this folder, which must be empty or missing")
	c.MarkFlagsMutuallyExclusive("office", "before")
	return c
}

func (p program) runSimulate(f simulateFlags) (err error) {
	if f.days < 1 {
		return usageError{fmt.Errorf("--days %d is not possible; use 1 or more", f.days)}
	}
	setup := officefile.Before()
	if !f.before {
		if setup, err = readOffice(f.office); err != nil {
			return err
		}
	}
	date, err := calendar.ParseDate(f.from)
	if err != nil {
		return usageError{fmt.Errorf("--from %q: %w", f.from, err)}
	}
	plan, err := calendar.PlanOn(setup, date)
	if err != nil {
		return fmt.Errorf("planning the first day: %w", err)
	}
	trial := simulate.Trial{
		Setup: setup, Days: f.days,
		Options: simulate.Options{
			Seed: f.seed, From: plan.Begins, Staff: f.staff, VisitsPerDay: f.visitsPerDay, Paper: simulate.DefaultPaper(),
		},
	}
	if !f.calm {
		trial.Options.Mishaps, trial.Options.Paper = simulate.DefaultMishaps(), simulate.WornPaper()
	}
	if f.out != "" {
		kept, err := keepJournal(f.out)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, kept.close()) }()
		trial.Sink = kept.add
	}
	w, lived := p.working("living the days"), 0
	trial.Report = func(day *queue.State) oracle.DaySum {
		lived++
		w.at(uint64(lived), uint64(f.days))
		return daySum(day)
	}
	out, err := trial.Run()
	w.end()
	if err != nil {
		return fmt.Errorf("simulating: %w", err)
	}
	s := summaryOfTrial(f, date, out)
	for _, rule := range simulate.Rules(setup) {
		s.Rules[rule] += 0 // a rule that chose nobody is told too
	}
	if f.json {
		if err := json.NewEncoder(p.out).Encode(s); err != nil {
			return fmt.Errorf("printing the outcome: %w", err)
		}
	} else if err := p.printTrial(s); err != nil {
		return fmt.Errorf("printing the outcome: %w", err)
	}
	if n := len(out.Violations); n > 0 {
		if f.json {
			return errReported
		}
		return fmt.Errorf("the rules of the office were broken %s, first: %v", many(n, "time"), out.Violations[0])
	}
	return nil
}

// daySum is how a report sums up a closed day.
func daySum(day *queue.State) oracle.DaySum {
	sheet := waiting.Rows(day)
	q := waiting.Query{From: sheet.Date, To: sheet.Date, By: waiting.ByDay}
	r, err := waiting.Make(q, func(yield func(waiting.Sheet, error) bool) { yield(sheet, nil) })
	if err != nil {
		return oracle.DaySum{} // which is no sum of any day
	}
	n := r.Total
	return oracle.DaySum{Visits: n.Visits, Legs: n.Legs, Served: n.Served, NoShows: n.NoShows, Cancelled: n.Cancelled, Expired: n.Expired}
}

// A keptJournal is a simulated journal on its way to disk: many events share
// one sync, since nobody was told of any of them yet.
type keptJournal struct {
	journal *journal.Journal
	events  []queue.Event
}

const keptTogether = 20_000

func keepJournal(dir string) (*keptJournal, error) {
	empty, err := makeFolder(dir)
	if err == nil && !empty {
		err = fmt.Errorf("%s is not empty; name an empty or a new folder with --out", dir)
	}
	if err == nil {
		err = markDemo(dir, "a simulation")
	}
	if err != nil {
		return nil, err
	}
	j, err := journal.Open(journalDir(dir), journal.Options{Product: buildVersion()})
	if err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	return &keptJournal{journal: j}, nil
}

func (k *keptJournal) add(events []queue.Event) error {
	if k.events = append(k.events, events...); len(k.events) < keptTogether {
		return nil
	}
	return k.flush()
}

func (k *keptJournal) flush() error {
	err := k.journal.Append(k.events)
	k.events = k.events[:0]
	if err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	return nil
}

func (k *keptJournal) close() error {
	err := k.flush()
	if closing := k.journal.Close(); closing != nil {
		err = errors.Join(err, fmt.Errorf("closing the journal: %w", closing))
	}
	return err
}

// A trialSummary is what a simulation did. Means are in minutes, of the first
// waits of walk-ins; who was never called is in none, and who had an
// appointment stands in ByClass alone.
type trialSummary struct {
	Seed       uint64               `json:"seed"`
	From       string               `json:"from"`
	Days       int                  `json:"days"`
	Visits     int                  `json:"visits"`
	Events     int                  `json:"events"`
	Violations []oracle.Violation   `json:"violations"`
	Rules      map[queue.Rule]int   `json:"rules"`
	MeanWait   hourlyMeans          `json:"mean_wait_minutes"`
	Waited     hourlyCounts         `json:"waited"` // how many the means are of
	ByClass    map[string]classWait `json:"by_class"`
	Served     int                  `json:"served"`
	NoShows    int                  `json:"no_shows"`
	Cancelled  int                  `json:"cancelled"`
	Expired    int                  `json:"expired"`
	Transfers  int                  `json:"transfers"`
	Inexact    int                  `json:"inexact_waits"` // that span a restart, and are in no mean
	Folds      int                  `json:"folds_compared"`
	MostOpen   int                  `json:"most_desks_open"`
	Kinds      map[string]int       `json:"events_by_kind"`
}

type hourlyMeans struct {
	All    float64            `json:"all"`
	ByHour map[string]float64 `json:"by_hour"`
}

type hourlyCounts struct {
	All    int            `json:"all"`
	ByHour map[string]int `json:"by_hour"`
}

type classWait struct {
	MeanMinutes float64 `json:"mean_wait_minutes"`
	N           int     `json:"n"`
}

func summaryOfTrial(f simulateFlags, from calendar.Date, out simulate.Outcome) trialSummary {
	n := out.Counts
	s := trialSummary{
		Seed: f.seed, From: from.String(), Days: n.Days, Visits: n.Visits, Events: n.Events,
		Violations: append([]oracle.Violation{}, out.Violations...), Rules: n.Rules,
		MeanWait: hourlyMeans{All: hundredths(n.FirstWaits.Minutes()), ByHour: map[string]float64{}},
		Waited:   hourlyCounts{All: n.FirstWaits.N, ByHour: map[string]int{}},
		ByClass:  map[string]classWait{},
		Served:   n.Served, NoShows: n.NoShows, Cancelled: n.Cancelled, Expired: n.Expired, Transfers: n.Kinds[queue.TicketTransferred{}.Kind()], Inexact: n.Inexact,
		Folds: out.Folds, MostOpen: n.MostOpen, Kinds: n.Kinds,
	}
	for hour, mean := range n.FirstWaitsByHour {
		if mean.N > 0 {
			s.MeanWait.ByHour[strconv.Itoa(hour)] = hundredths(mean.Minutes())
			s.Waited.ByHour[strconv.Itoa(hour)] = mean.N
		}
	}
	for class, mean := range n.FirstWaitsByClass {
		name := string(class)
		if class == queue.Ordinary {
			name = "ordinary"
		}
		s.ByClass[name] = classWait{hundredths(mean.Minutes()), mean.N}
	}
	return s
}

// hundredths rounds minutes for reading.
func hundredths(minutes float64) float64 { return float64(int(minutes*100+0.5)) / 100 }

func (p program) printTrial(s trialSummary) error {
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(p.out, "%s of opening from %s, seed %d: %s, %s.\n", many(s.Days, "day"), s.From, s.Seed, many(s.Visits, "visit"), many(s.Events, "event"))
	fmt.Fprintf(p.out, "Served %d, no-shows %d, cancelled %d, expired %d; %s; at most %s open.\n\n",
		s.Served, s.NoShows, s.Cancelled, s.Expired, many(s.Transfers, "transfer"), many(s.MostOpen, "desk"))
	fmt.Fprintln(w, "hour of issue\tcalled\tmean wait, minutes\t")
	for hour := range 24 {
		if n := s.Waited.ByHour[strconv.Itoa(hour)]; n > 0 {
			fmt.Fprintf(w, "%d-%d\t%d\t%.1f\t\n", hour, hour+1, n, s.MeanWait.ByHour[strconv.Itoa(hour)])
		}
	}
	fmt.Fprintf(w, "all\t%d\t%.1f\t\n", s.Waited.All, s.MeanWait.All)
	for _, class := range slices.Sorted(maps.Keys(s.ByClass)) {
		fmt.Fprintf(w, "%s\t%d\t%.1f\t\n", class, s.ByClass[class].N, s.ByClass[class].MeanMinutes)
	}
	fmt.Fprintln(w, "\t\t\t")
	fmt.Fprintln(w, "rule of who is next\tcalls\t\t")
	for _, rule := range slices.Sorted(maps.Keys(s.Rules)) {
		fmt.Fprintf(w, "%s\t%d\t\t\n", rule, s.Rules[rule])
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.out, "\nRules broken: %d. The office was compared with its journal %s.\n", len(s.Violations), many(s.Folds, "time"))
	for _, v := range s.Violations[:min(10, len(s.Violations))] {
		fmt.Fprintln(p.out, " ", v)
	}
	return err
}
