package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"eliminacode/device/clock"
	"eliminacode/device/escpos/profile"
	"eliminacode/display"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	officefile "eliminacode/queue/office"
	"eliminacode/queue/oracle"
	"eliminacode/queue/simulate"
)

type demoFlags struct {
	listen, data string
	speed        float64
	seed         uint64
	length       span
	people, json bool
}

func (p program) demo() *cobra.Command {
	f := demoFlags{}
	c := &cobra.Command{
		Use:   "demo",
		Short: "Run a whole simulated town hall, with no hardware",
		Long: "Run the reference office with virtual printers, buttons to press on a page, simulated citizens\n" +
			"and clerks, and a faster clock that begins on a Tuesday at 10:30. It has a data folder of its own,\n" +
			"thrown away at the end unless --data names one, and refuses any other office's.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.runDemo(c.Context(), f) },
	}
	c.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8080", "host:port of the pages")
	c.Flags().StringVar(&f.data, "data", "", "a data folder to keep (default one that is thrown away)")
	c.Flags().Float64Var(&f.speed, "speed", 60, "how many times faster than real the office's clock runs")
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of the simulated people")
	c.Flags().DurationVar(&f.length.real, "for", 0, "stop by itself after so long of real time, with a summary")
	c.Flags().DurationVar(&f.length.office, "office-time", 0, "stop by itself after so long of the office's time, with a summary")
	c.Flags().BoolVar(&f.people, "people", true, "simulated citizens and clerks are at work")
	c.Flags().BoolVar(&f.json, "json", false, "print nothing but the summary, as JSON")
	return c
}

const (
	slowestDemo = 0.1
	fastestDemo = 600
)

func (f demoFlags) validate() error {
	if !(f.speed >= slowestDemo && f.speed <= fastestDemo) {
		return usageError{fmt.Errorf("--speed %v is not possible; use %v to %v", f.speed, slowestDemo, fastestDemo)}
	}
	if f.length.real < 0 || f.length.office < 0 {
		return usageError{errors.New("--for and --office-time cannot be below zero")}
	}
	if err := checkListen(f.listen); err != nil {
		return err
	}
	if !loopback(f.listen) {
		return usageError{fmt.Errorf("%s can be reached by other machines, and a demonstration asks nobody who it is; listen on 127.0.0.1", f.listen)}
	}
	return nil
}

func (p program) runDemo(ctx context.Context, f demoFlags) (err error) {
	if err := f.validate(); err != nil {
		return err
	}
	data, done, err := demoFolder(f.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	setup := officefile.Reference()
	begins, err := demoBegins(data, setup)
	if err != nil {
		return err
	}
	fast := clock.NewFast("demo-"+rand.Text()[:8], begins, f.speed)
	fast.Allow(0) // until somebody is at work
	world, err := simulate.New(setup, simulate.Options{Seed: f.seed, From: begins.UnixMilli(), Crowd: demoCrowd})
	if err != nil {
		return fmt.Errorf("making the people: %w", err)
	}
	logs := &deviceLog{}
	hall, err := newDemoHall(setup, fast, world, filepath.Join(data, "ports"), slog.New(logs.over(calm{p.log(slog.LevelError).Handler()})))
	if err != nil {
		return err
	}
	unplug := hall.start()
	defer unplug()
	hall.SetPeople(f.people)

	a := &app{
		slipProfile: profile.GenericProcessID(),
		data:        data, clock: fast, log: p.log(slog.LevelWarn), journal: p.journal,
		listen: f.listen,
		public: func(address string) string { return opened(address, ownAddresses()) },
		bridge: hall.bind(), devices: hall.devices,
		technician: demoTechnician{&technician{settings: config.Settings{Data: config.Data{Dir: data}}, machine: p.machine, logs: logs}, hall},
		setup:      func() (queue.Setup, error) { return setup, nil },
		pages: display.Config{
			Open: true,
			Demo: hall, Rate: fast.Speed,
		},
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	a.beside = append(a.beside,
		func(ctx context.Context, o *office) error {
			if !f.json {
				printPages(p.out, opened(o.address, ownAddresses()), data, f.speed)
			}
			return hall.live(ctx, o, f.length, stop)
		},
	)
	if err := a.run(running); err != nil {
		return err
	}
	return p.summarize(data, setup, f.json)
}

// demoFolder makes sure that the data folder is a demonstration's own; done
// throws it away unless it was named.
func demoFolder(named string) (data string, done func() error, err error) {
	data, done = named, func() error { return nil }
	if named == "" {
		if data, err = os.MkdirTemp("", "eliminacode-demo-"); err != nil {
			return "", nil, fmt.Errorf("making a folder for the demonstration: %w", err)
		}
		done = func() error { return os.RemoveAll(data) }
	}
	empty, err := makeFolder(data)
	if err == nil && !empty && !isDemo(data) {
		err = fmt.Errorf("%s is not empty and holds no demonstration; a demonstration touches no other data, so name an empty folder with --data", data)
	}
	if err == nil {
		err = markDemo(data, "a demonstration")
	}
	if err != nil {
		return "", nil, errors.Join(err, done())
	}
	return data, done, nil
}

// makeFolder makes a folder where there is none, and tells whether it is empty.
func makeFolder(dir string) (empty bool, err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return false, fmt.Errorf("making a folder: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, fmt.Errorf("looking into a folder: %w", err)
	}
	return len(entries) == 0, nil
}

// demoMark is the file that says that a data folder is no real office's.
const demoMark = "demo"

// markDemo says in a data folder whose it is: a demonstration's or a simulation's.
func markDemo(data, of string) error {
	if err := os.WriteFile(filepath.Join(data, demoMark), []byte("The data of "+of+". It may be deleted.\n"), 0o640); err != nil {
		return fmt.Errorf("marking the folder as that of %s: %w", of, err)
	}
	return nil
}

func isDemo(data string) bool {
	_, err := os.Stat(filepath.Join(data, demoMark))
	return err == nil
}

// In the hall wait those who would have come before.
const demoCrowd = 10

// The demonstration begins on a Tuesday at 10:30; one that goes on begins
// when the last one ended.
const demoDate, demoTime = "2026-11-24", 10*time.Hour + 30*time.Minute

func demoBegins(data string, setup queue.Setup) (time.Time, error) {
	zone, err := calendar.Zone(setup)
	if err != nil {
		return time.Time{}, err
	}
	day, err := time.ParseInLocation(time.DateOnly, demoDate, zone)
	if err != nil {
		return time.Time{}, err
	}
	begins := day.Add(demoTime)
	if _, err := os.Stat(journalDir(data)); errors.Is(err, os.ErrNotExist) {
		return begins, nil
	}
	j, err := openJournal(data)
	if err != nil {
		return time.Time{}, err
	}
	defer j.Close()
	for e, err := range j.Today() {
		if err != nil {
			return time.Time{}, fmt.Errorf("reading the demonstration's journal: %w", err)
		}
		if last := time.UnixMilli(e.At.Wall + 1_000); last.After(begins) {
			begins = last
		}
	}
	return begins, nil
}

func printPages(w io.Writer, address, data string, speed float64) {
	fmt.Fprintf(w, `The town hall is open. It is Tuesday morning, and the clock runs at speed %v.

  All pages            %[2]s/
  Hall board           %[2]s/tabellone
  Totem                %[2]s/totem
  Desks                %[2]s/cruscotto
  Reception            %[2]s/accoglienza
  Manager              %[2]s/responsabile
  Waiting times        %[2]s/responsabile/attese
  Technician           %[2]s/responsabile/tecnico
  Paper                %[2]s/demo/carta
  Buttons and keypads  %[2]s/demo/pulsanti

The data is in %[3]s. Stop with Ctrl-C.
`, speed, address, data)
}

// A demoSummary is what a demonstration did, read back from its journal.
type demoSummary struct {
	Issued     int      `json:"tickets_issued"`
	Printed    int      `json:"tickets_printed"`
	Unprinted  int      `json:"tickets_unprinted"`
	Calls      int      `json:"calls"`
	Served     int      `json:"served"`
	NoShows    int      `json:"no_shows"`
	Waiting    int      `json:"in_the_office"`
	Events     int      `json:"journal_events"`
	Violations int      `json:"violations"`
	Broken     []string `json:"broken_rules,omitempty"`
}

func (p program) summarize(data string, setup queue.Setup, asJSON bool) error {
	s, err := summaryOf(data, setup)
	if err != nil {
		return err
	}
	if asJSON {
		err = json.NewEncoder(p.out).Encode(s)
	} else {
		_, err = fmt.Fprintf(p.out, "\nTickets issued %d, printed %d, not printed %d. Calls %d, served %d, no-shows %d, still in the office %d.\n"+
			"The journal holds %s; rules broken: %d.\n",
			s.Issued, s.Printed, s.Unprinted, s.Calls, s.Served, s.NoShows, s.Waiting, many(s.Events, "event"), s.Violations)
	}
	if err == nil && s.Violations > 0 {
		return fmt.Errorf("the rules of the office were broken: %v", s.Broken)
	}
	return err
}

func summaryOf(data string, setup queue.Setup) (s demoSummary, err error) {
	j, err := openJournal(data)
	if err != nil {
		return s, err
	}
	defer j.Close()
	checker := oracle.NewChecker()
	n, err := simulate.NewCounts(setup)
	if err != nil {
		return s, err
	}
	printed := map[queue.TicketID]bool{}
	for e, err := range j.Since(1) {
		if err != nil {
			return s, fmt.Errorf("reading the demonstration's journal: %w", err)
		}
		checker.See(e)
		n.See(e)
		if b, ok := e.Body.(queue.TicketPrinted); ok {
			printed[b.Ticket] = true
		}
	}
	n.End()
	s.Issued, s.Printed, s.Unprinted = n.Visits, len(printed), n.Visits-len(printed)
	s.Calls, s.Served, s.NoShows, s.Events = n.Calls, n.Served, n.NoShows, n.Events
	s.Waiting = n.Visits - n.Served - n.NoShows - n.Cancelled - n.Expired
	for _, v := range checker.Violations() {
		s.Broken = append(s.Broken, v.String())
	}
	s.Violations = len(s.Broken)
	return s, nil
}
