package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	config "eliminacode/firmware-config"
	"eliminacode/queue/journal"
)

// A finding is what check says of one part of the box.
type finding struct {
	Part  string `json:"part"`
	State string `json:"state"` // OK, WARN or FAIL
	Found string `json:"found"`
	Do    string `json:"do,omitempty"`
}

const (
	stateOK   = "OK"
	stateWarn = "WARN"
	stateFail = "FAIL"
)

// one is a part about which there is one thing to say.
func one(part, state, found, do string) []finding { return []finding{{part, state, found, do}} }

// An inspection gathers findings.
type inspection struct {
	machine
	findings []finding
}

func failed(all []finding) bool {
	return slices.ContainsFunc(all, func(f finding) bool { return f.State == stateFail })
}

// How long a part is looked at before check goes on without it: a disk or a
// bus that hangs must not hang the technician too. Reading a journal of years
// takes its time.
const (
	lookMost   = 15 * time.Second
	verifyMost = 5 * time.Minute
)

// look adds what a part answers, within a bound.
func (i *inspection) look(ctx context.Context, most time.Duration, part string, at func(context.Context) []finding) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	found := make(chan []finding, 1)
	go func() { found <- at(ctx) }()
	select {
	case all := <-found:
		i.findings = append(i.findings, all...)
	case <-ctx.Done():
		i.findings = append(i.findings, finding{part, stateFail, fmt.Sprintf("it has not answered within %v", most), "restart the box; if it happens again, replace what hangs"})
	}
}

func (p program) check() *cobra.Command {
	var flags boxFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Look at every part of the box and say what to do",
		Long: "Look at every part of the box: settings, office, data, disk, journal, clock, board, power, service,\n" +
			"the body's sign-in, pages, printers, buttons, keypads, panels. Each is OK, WARN or FAIL, with what to do. Nothing is printed on\n" +
			"paper; a daemon that runs is asked for its devices. The exit code is 1 when any is FAIL.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			gpioErr := p.machine.init()
			w := p.working("looking at the box")
			i := inspect(c.Context(), flags, p.machine, gpioErr, true)
			w.end()
			if !asJSON {
				return p.tellAll(i.findings)
			}
			bad := failed(i.findings)
			err := p.indented(struct {
				OK    bool      `json:"ok"`
				Parts []finding `json:"parts"`
			}{!bad, i.findings})
			if err == nil && bad {
				err = errReported
			}
			return err
		},
	}
	flags.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	return c
}

// indented prints a value as JSON that a person can read too.
func (p program) indented(v any) error {
	e := json.NewEncoder(p.out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// tellAll writes findings for people; errReported says that one is FAIL.
func (p program) tellAll(all []finding) error {
	for _, f := range all {
		p.tell(f)
	}
	if failed(all) {
		return errReported
	}
	return nil
}

// tell writes a finding for people.
func (p program) tell(f finding) {
	fmt.Fprintf(p.out, "%-4s  %s: %s\n", f.State, f.Part, strings.ReplaceAll(f.Found, "\n", "\n      "))
	if f.Do != "" {
		fmt.Fprintf(p.out, "      -> %s\n", strings.ReplaceAll(f.Do, "\n", "\n         "))
	}
}

// inspect looks at everything, as far as the settings can be read; at the whole
// journal only where it is told to.
func inspect(ctx context.Context, flags boxFlags, m machine, gpioErr error, whole bool) *inspection {
	i := &inspection{machine: m}
	s, err := flags.settings(m)
	if err != nil {
		i.findings = one("settings", stateFail, err.Error(), "correct every line named above and check again")
		return i
	}
	i.findings = one("settings", stateOK, wiringInShort(s), "")
	if note := m.otherJournal(s); note != "" {
		i.findings = append(i.findings, finding{"data", stateWarn, note, "move the journal that nobody needs away"})
	}
	folder := dataFolder{path: s.Data.Dir}
	if flags.data == "" {
		folder.settings, _ = flags.file(m) // they were read a moment ago
	}
	d, err := daemonOf(ctx, s.Data.Dir)
	if d != nil {
		defer d.Close()
	}
	of := func(look func(config.Settings) []finding) func(context.Context) []finding {
		return func(context.Context) []finding { return look(s) }
	}
	i.look(ctx, lookMost, "office", func(ctx context.Context) []finding { return officeParts(ctx, s, flags.command("office change")) })
	i.look(ctx, lookMost, "data", of(i.data))
	i.look(ctx, lookMost, "disk", of(i.disk))
	if whole {
		i.look(ctx, verifyMost, "journal", func(ctx context.Context) []finding { return journalParts(ctx, folder) })
	}
	i.look(ctx, lookMost, "clock", func(ctx context.Context) []finding { return i.clock(zoneInForce(ctx, s.Data.Dir)) })
	i.look(ctx, lookMost, "board", of(i.model))
	i.look(ctx, lookMost, "power", of(i.supply))
	i.look(ctx, lookMost, "service", func(ctx context.Context) []finding { return i.service(ctx, s) })
	i.look(ctx, lookMost, "udev rules", of(i.rules))
	i.look(ctx, lookMost, "sign-in", func(ctx context.Context) []finding { return i.signIn(ctx, s) })
	if err != nil {
		i.findings = append(i.findings, finding{"daemon", stateFail, err.Error(), "pages and devices are the daemon's and were not looked at"})
		return i
	}
	i.look(ctx, lookMost, "pages", func(ctx context.Context) []finding { return i.pages(ctx, s, d) })
	i.look(ctx, lookMost, "GPIO", func(context.Context) []finding { return i.gpio(s, d != nil, gpioErr) })
	i.look(ctx, lookMost, "devices", func(ctx context.Context) []finding { return i.devices(ctx, s, d) })
	return i
}

// wiringInShort counts what a box has.
func wiringInShort(s config.Settings) string {
	return fmt.Sprintf("%d printers, %d buttons, %d lamps, %d keypads, %d panels on a %s",
		len(s.Printers), len(s.Buttons), len(s.Lamps), len(s.Keypads), len(s.Panels), s.Board.Model)
}

func journalParts(ctx context.Context, f dataFolder) []finding {
	dir := f.path
	_, unread := os.ReadDir(journalDir(dir))
	switch {
	case isDemo(dir):
		return nil
	case errors.Is(unread, fs.ErrPermission):
		return one("journal", stateFail, unread.Error(), "run this as root, or as the user that the service runs as")
	case journal.Holds(journalDir(dir)):
	case f.mayBegin():
		return one("journal", stateOK, "there is none yet: the first start begins a new office", "")
	default:
		return one("journal", stateFail, "there is no office in "+dir, noOfficeRemedy)
	}
	a, err := openArchive(ctx, dir)
	if err != nil {
		return one("journal", stateFail, err.Error(), "")
	}
	defer a.Close()
	v, err := a.Verify(ctx, &progress{})
	switch {
	case errors.Is(err, journal.ErrNewerFormat):
		return one("journal", stateFail, err.Error(), "install the newer program")
	case err != nil:
		return one("journal", stateFail, err.Error(), "keep a copy of the folder before anything else is done to it")
	}
	found := fmt.Sprintf("%d events in %d files, every hash right", v.Events, v.Files)
	if len(v.Foreign) > 0 {
		return one("journal", stateWarn, found+"; not part of it: "+strings.Join(v.Foreign, ", "), "move what is not part of it out of "+journalDir(dir))
	}
	return one("journal", stateOK, found, "")
}
