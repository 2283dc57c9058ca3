package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	config "eliminacode/firmware-config"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	officefile "eliminacode/queue/office"
)

// The office in force is in the journal. Its file counts at the first start
// only, so that nothing here judges the file where there is a journal: it may
// differ, and then a person decides which of the two is right.

// errNoOffice: the data folder holds no journal with an office in it.
var errNoOffice = errors.New("no office is in force yet")

// officeInForce is the office of a data folder, from the daemon that runs on it
// or else from its journal.
func officeInForce(ctx context.Context, data string) (queue.Setup, error) {
	if _, err := os.Stat(journalDir(data)); errors.Is(err, os.ErrNotExist) || isDemo(data) {
		return queue.Setup{}, errNoOffice
	}
	a, err := openArchive(ctx, data)
	if err != nil {
		return queue.Setup{}, err
	}
	setup, err := a.Office(ctx)
	if errors.Is(err, queue.ErrNoSetup) {
		err = errNoOffice
	}
	return setup, errors.Join(err, a.Close())
}

// zoneInForce is the zone of the office in force; UTC before the first start.
func zoneInForce(ctx context.Context, data string) *time.Location {
	setup, err := officeInForce(ctx, data)
	if err != nil {
		return time.UTC
	}
	return zoneOf(setup)
}

// zoneOf is an office's zone; UTC where this machine does not know it.
func zoneOf(setup queue.Setup) *time.Location {
	zone, err := calendar.Zone(setup)
	if err != nil {
		return time.UTC
	}
	return zone
}

// officeParts judges the office in force; before the first start, the one that
// will be. change is the command that puts another in force.
func officeParts(ctx context.Context, s config.Settings, change string) []finding {
	setup, err := officeInForce(ctx, s.Data.Dir)
	switch {
	case errors.Is(err, errNoOffice):
		return officeFileParts(s)
	case err != nil:
		return one("office", stateWarn, "the office in force cannot be read: "+err.Error(), "see what is said of the journal")
	}
	all := one("office", stateOK, "in force: "+inShort(setup), "")
	for _, f := range slices.Concat(setup.Faults(), calendar.Faults(setup)) {
		all = append(all, finding{"office", stateWarn, "in force, and refused by this program in a file: " + f.Problem, f.Remedy})
	}
	return slices.Concat(all, noticed(setup), misfits(s, setup), otherOffice(s, setup, change))
}

// officeFileParts judges the office that the first start puts in force.
func officeFileParts(s config.Settings) []finding {
	setup, err := readOffice(s.Office.File)
	if err != nil {
		return one("office", stateFail, err.Error(), "correct the office's file")
	}
	found := inShort(setup)
	if s.Office.File == "" {
		return append(one("office", stateWarn, found+" (the reference office)", "name the office's own file with [office] file before the first start"), misfits(s, setup)...)
	}
	return slices.Concat(one("office", stateOK, found, ""), noticed(setup), misfits(s, setup))
}

func inShort(setup queue.Setup) string {
	return fmt.Sprintf("%s: %d services, %d desks", setup.Office.Body, len(setup.Services), len(setup.Desks))
}

func noticed(setup queue.Setup) (all []finding) {
	for _, n := range officefile.Notices(setup) {
		all = append(all, finding{"office", stateWarn, n.Problem, n.Remedy})
	}
	return all
}

// misfits are what the settings name and the office does not have, and the
// outlets of the office that print and have no printer in the settings.
func misfits(s config.Settings, setup queue.Setup) (all []finding) {
	for _, fault := range misbound(s, setup) {
		all = append(all, finding{"office", stateFail, fault.Error(), "make the names in the settings those of the office"})
	}
	for _, p := range s.Panels {
		if wide := tooWide(s, p, setup); wide != "" {
			all = append(all, finding{"office", stateWarn, fmt.Sprintf("panel %q has no room for %q and would show dashes", p.Name, wide),
				"give it a wider frame or {digits} alone as its text, or give the office shorter numbers or labels"})
		}
	}
	var without []string
	for _, o := range setup.Outlets {
		has := func(p config.Printer) bool { return p.Outlet == string(o.ID) }
		if o.Printer && !slices.ContainsFunc(s.Printers, has) {
			without = append(without, fmt.Sprintf("%q", o.ID))
		}
	}
	if len(without) > 0 {
		all = append(all, finding{"office", stateWarn, "the office prints at " + strings.Join(without, ", ") + ", and the settings have no printer there: it is out of service on paper",
			"add a [[printer]] with that outlet to the settings, or write printer = false in the office's file"})
	}
	return all
}

// otherOffice compares the office in force with the file that the settings name.
func otherOffice(s config.Settings, inForce queue.Setup, change string) []finding {
	if s.Office.File == "" {
		if bytes.Equal(officefile.Format(inForce), officefile.Format(officefile.Reference())) {
			return one("office", stateWarn, "it is the reference office, a town that does not exist", "write the office's own file and run: "+change+" FILE")
		}
		return nil
	}
	setup, err := readOffice(s.Office.File)
	switch {
	case err != nil:
		return one("office", stateWarn, "the office's file is not in force, and cannot be: "+err.Error(), "correct it, or leave [office] file out of the settings")
	case bytes.Equal(officefile.Format(setup), officefile.Format(inForce)):
		return nil
	}
	return one("office", stateWarn, fmt.Sprintf("%s differs from the office in force, and counts at the first start only", s.Office.File),
		fmt.Sprintf("to put it in force: %s %s\nto keep what is in force: eliminacode office show, into the file", change, s.Office.File))
}

// command is how a command is typed for the box of these flags.
func (f boxFlags) command(name string) string {
	command := "eliminacode " + name
	for _, flag := range []struct{ name, value string }{{"--config", f.config}, {"--data", f.data}} {
		if flag.value != "" {
			command += " " + flag.name + " " + flag.value
		}
	}
	return command
}
