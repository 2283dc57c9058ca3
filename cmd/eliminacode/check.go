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
	"eliminacode/queue/words"
)

// An inspection gathers findings.
type inspection struct {
	machine
	findings []finding
}

func failed(all []finding) bool {
	return slices.ContainsFunc(all, func(f finding) bool { return f.state == stateFail })
}

// How long a part is looked at before check goes on without it: a disk or a
// bus that hangs must not hang the technician too. Reading a journal of years
// takes its time.
const (
	lookMost   = 15 * time.Second
	verifyMost = 5 * time.Minute
)

// look adds what a part answers, within a bound.
func (i *inspection) look(ctx context.Context, most time.Duration, p part, at func(context.Context) []finding) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	found := make(chan []finding, 1)
	go func() { found <- at(ctx) }()
	select {
	case all := <-found:
		i.findings = append(i.findings, all...)
	case <-ctx.Done():
		i.findings = append(i.findings, p.fail("slow", "wait", most))
	}
}

func (p program) check() *cobra.Command {
	var flags boxFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Look at every part of the box and say what to do",
		Long: "Look at every part of the box: settings, office, data, private files, accounts, disk, journal, clock, board, power, service,\n" +
			"the body's sign-in, pages, printers, buttons, keypads, panels,\n" +
			"boards. Each is OK, WARN or FAIL, with what to do. Nothing is printed on paper;\n" +
			"a daemon that runs is asked for its devices. The exit code is 1 when any is FAIL.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			gpioErr := p.machine.init()
			w := p.working("looking at the box")
			i := inspect(c.Context(), flags, p.machine, gpioErr, true)
			w.end()
			said := inEnglish(i.findings)
			if !asJSON {
				return p.tellAll(said)
			}
			bad := failed(i.findings)
			err := p.indented(struct {
				OK    bool   `json:"ok"`
				Parts []told `json:"parts"`
			}{!bad, said})
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
func (p program) tellAll(all []told) (err error) {
	for _, f := range all {
		p.tell(f)
		if f.State == stateFail {
			err = errReported
		}
	}
	return err
}

// tell writes a finding for people.
func (p program) tell(f told) {
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
		i.findings = []finding{partOf("settings").fail("settings-bad", "detail", err)}
		return i
	}
	i.findings = []finding{{part: words.Text(partOf("settings")), state: stateOK, found: wiringInShort(s)}}
	if note := m.otherJournal(s); note != "" {
		i.findings = append(i.findings, partOf("data").warn("data-other", "detail", note))
	}
	folder := dataFolder{path: s.Data.Dir}
	if flags.data == "" {
		folder.settings, _ = flags.file(m) // they were read a moment ago
	}
	d, err := daemonOf(ctx, s.Data.Dir)
	if d != nil {
		defer d.Close()
	}
	by := func(look func(config.Settings) []finding) func(context.Context) []finding {
		return func(context.Context) []finding { return look(s) }
	}
	i.look(ctx, lookMost, partOf("office"), func(ctx context.Context) []finding { return officeParts(ctx, s, flags.command("office change")) })
	i.look(ctx, lookMost, partOf("data"), by(i.data))
	i.look(ctx, lookMost, partOf("private"), by(i.private))
	i.look(ctx, lookMost, partOf("disks"), by(i.disk))
	if err == nil {
		i.look(ctx, lookMost, partOf("accounts"), func(ctx context.Context) []finding { return accounts(ctx, s.Data.Dir, d) })
	}
	if whole {
		i.look(ctx, verifyMost, partOf("journal"), func(ctx context.Context) []finding { return journalParts(ctx, folder) })
	}
	i.look(ctx, lookMost, partOf("clock"), func(ctx context.Context) []finding { return i.clock(zoneInForce(ctx, s.Data.Dir)) })
	i.look(ctx, lookMost, partOf("board"), by(i.model))
	i.look(ctx, lookMost, partOf("power"), by(i.supply))
	i.look(ctx, lookMost, partOf("service"), func(ctx context.Context) []finding { return i.service(ctx, s) })
	i.look(ctx, lookMost, partOf("udev-rules"), by(i.rules))
	i.look(ctx, lookMost, partOf("voice"), func(ctx context.Context) []finding { return i.voice(ctx, s) })
	i.look(ctx, lookMost, partOf("sign-in"), func(ctx context.Context) []finding { return i.signIn(ctx, s) })
	if err != nil {
		i.findings = append(i.findings, partOf("daemon").fail("daemon-away", "detail", err))
		return i
	}
	i.look(ctx, lookMost, partOf("pages"), func(ctx context.Context) []finding { return i.pages(ctx, s, d) })
	i.look(ctx, lookMost, partOf("gpio"), func(context.Context) []finding { return i.gpio(s, d != nil, gpioErr) })
	i.look(ctx, lookMost, partOf("devices"), func(ctx context.Context) []finding { return i.devices(ctx, s, d) })
	i.look(ctx, lookMost, partOf("hall-boards"), func(ctx context.Context) []finding { return boards(ctx, d) })
	return i
}

// wiringInShort counts what a box has.
func wiringInShort(s config.Settings) words.Text {
	return text("settings", "printers", len(s.Printers), "buttons", len(s.Buttons), "lamps", len(s.Lamps),
		"keypads", len(s.Keypads), "panels", len(s.Panels), "board", s.Board.Model)
}

func journalParts(ctx context.Context, f dataFolder) []finding {
	if isDemo(f.path) {
		return nil
	}
	return []finding{journalPart(ctx, f)}
}

func journalPart(ctx context.Context, f dataFolder) finding {
	p, dir := partOf("journal"), f.path
	_, unread := os.ReadDir(journalDir(dir))
	switch {
	case errors.Is(unread, fs.ErrPermission):
		return p.fail("journal-unreadable", "detail", unread)
	case journal.Holds(journalDir(dir)):
	case f.mayBegin():
		return p.ok("journal-none-yet")
	default:
		return noOffice(dir)
	}
	a, err := openArchive(ctx, dir)
	if err != nil {
		return p.fail("journal-unopened", "detail", err)
	}
	defer a.Close()
	v, err := a.Verify(ctx, &progress{})
	switch {
	case errors.Is(err, journal.ErrNewerFormat):
		return p.fail("journal-newer", "detail", err)
	case err != nil:
		return p.fail("journal-damaged", "detail", err)
	}
	good := p.ok("journal-good", "events", int(v.Events), "files", v.Files)
	if len(v.Foreign) > 0 {
		return p.warn("journal-foreign", "journal", good.found, "names", strings.Join(v.Foreign, ", "), "dir", journalDir(dir))
	}
	return good
}
