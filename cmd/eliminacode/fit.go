package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	config "eliminacode/firmware-config"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	officefile "eliminacode/queue/office"
	"eliminacode/queue/words"
)

// The office in force is in the journal. Its file counts at the first start
// only, so that nothing here judges the file where there is a journal: it may
// differ, and then a person decides which of the two is right.

// errNoOffice: the data folder holds no journal with an office in it.
var errNoOffice = errors.New("no office is in force yet")

// officeInForce is the office of a data folder, from the daemon that runs on it
// or else from its journal.
func officeInForce(ctx context.Context, data string) (queue.Setup, error) {
	if _, err := os.Stat(journalDir(data)); errors.Is(err, os.ErrNotExist) {
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
	p := partOf("office")
	setup, err := officeInForce(ctx, s.Data.Dir)
	switch {
	case errors.Is(err, errNoOffice):
		return officeFileParts(s)
	case err != nil:
		return []finding{p.warn("office-unread", "detail", err)}
	}
	all := []finding{p.ok("office-in-force", "office", inShort(setup))}
	for _, f := range slices.Concat(setup.Faults(), calendar.Faults(setup)) {
		all = append(all, p.warn("office-faulty", "detail", f))
	}
	all = append(all, noticed(setup)...)
	if isDemo(s.Data.Dir) {
		return all // its devices are virtual: the settings of the box are not meant for it
	}
	return slices.Concat(all, misfits(s, setup), otherOffice(s, setup, change))
}

// officeFileParts judges the office that the first start puts in force.
func officeFileParts(s config.Settings) []finding {
	p := partOf("office")
	setup, err := firstOffice(s)
	switch {
	case errors.Is(err, errInBrowser):
		return []finding{p.warn("office-none")}
	case err != nil:
		return []finding{p.fail("office-bad", "detail", err)}
	case isReference(setup):
		return append([]finding{p.warn("office-reference", "office", inShort(setup))}, misfits(s, setup)...)
	}
	return slices.Concat([]finding{p.ok("as-seen", "what", inShort(setup))}, noticed(setup), misfits(s, setup))
}

// isReference tells whether an office is the reference one.
func isReference(setup queue.Setup) bool {
	return bytes.Equal(officefile.Format(setup), officefile.Format(officefile.Reference()))
}

func inShort(setup queue.Setup) words.Text {
	return text("office-short", "body", setup.Office.Body, "services", len(setup.Services), "desks", len(setup.Desks))
}

func noticed(setup queue.Setup) (all []finding) {
	for _, n := range officefile.Notices(setup) {
		all = append(all, partOf("office").warn("office-notice", "detail", n))
	}
	return all
}

func misnamed(p part, m misname) finding {
	kind, name, missing := words.Text{ID: "device.kind-" + m.device}, strconv.Quote(m.name), strconv.Quote(m.missing)
	switch m.what {
	case "outlet":
		return p.fail("misnamed-outlet", "device", kind, "name", name, "missing", missing).advise("misnamed")
	case "service":
		return p.fail("misnamed-service", "device", kind, "name", name, "missing", missing).advise("misnamed")
	case "desk":
		return p.fail("misnamed-desk", "device", kind, "name", name, "missing", missing).advise("misnamed")
	case "class":
		return p.fail("misnamed-class", "device", kind, "name", name, "missing", missing)
	default:
		return p.fail("misnamed-lamp", "device", kind, "name", name)
	}
}

// misfits are what the settings name and the office does not have, and the
// outlets of the office that print and have no printer in the settings.
func misfits(s config.Settings, setup queue.Setup) (all []finding) {
	p := partOf("office")
	for _, m := range misbound(s, setup) {
		all = append(all, misnamed(p, m))
	}
	for _, panel := range s.Panels {
		if wide := tooWide(s, panel, setup); wide != "" {
			all = append(all, p.warn("panel-narrow", "panel", strconv.Quote(panel.Name), "text", strconv.Quote(wide), "digits", "{digits}"))
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
		all = append(all, p.warn("printers-missing", "outlets", strings.Join(without, ", ")))
	}
	return all
}

// otherOffice compares the office in force with the file that the settings name.
func otherOffice(s config.Settings, inForce queue.Setup, change string) []finding {
	p := partOf("office")
	if s.Office.File == "" {
		if isReference(inForce) {
			return []finding{p.warn("office-invented", "command", change)}
		}
		return nil
	}
	setup, err := readOffice(s.Office.File)
	switch {
	case err != nil:
		return []finding{p.warn("office-unusable", "detail", err)}
	case bytes.Equal(officefile.Format(setup), officefile.Format(inForce)):
		return nil
	}
	return []finding{p.warn("office-differs", "file", s.Office.File, "command", change)}
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
