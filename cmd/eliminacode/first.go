package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	config "eliminacode/firmware-config"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/journal"
	officefile "eliminacode/queue/office"
)

// A new office is begun by a person. A data folder without a journal may just
// as well be the empty place of a disk that is not mounted, and an office that
// begins there gives A001 to the second person of the morning.

// newOfficeMark is the file in a data folder by which a person says that the
// next start begins a new office there.
const newOfficeMark = "new-office"

// What the mark says when the new office is the reference one, and the line with
// which it begins when it is the file of the office itself.
const (
	markReference = "reference\n"
	markOffice    = "# The office that the next start of eliminacode serve begins here.\n"
)

func (p program) init() *cobra.Command {
	var flags boxFlags
	var reference bool
	c := &cobra.Command{
		Use:   "init",
		Short: "Prepare the data folder of a new box; its first start begins a new office there",
		Long: "Prepare the data folder of a new box. The next start of serve begins a new office there, that of the\n" +
			"settings, or that of --office as it is now; without one the office is set up in the browser, or is the\n" +
			"reference office with --reference, to try things out. Without init serve begins none, unless the folder is not there yet and\n" +
			"would lie beside the settings that name it: an empty folder may be a disk that is not mounted.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			named := flags
			named.office = ""
			s, err := named.settings(p.machine)
			if err != nil {
				return err
			}
			if s.Office.File != "" && flags.office != "" {
				return fmt.Errorf("the settings name the office's file %s, and --office another; leave --office out, or take the file out of the settings", s.Office.File)
			}
			s.Office.File = cmp.Or(s.Office.File, flags.office)
			return p.prepare(c.Context(), s, flags, reference)
		},
	}
	flags.addBox(c)
	flags.addOffice(c)
	c.Flags().BoolVar(&reference, "reference", false, "where no office is named, begin the reference office, a town that does not exist")
	return c
}

// runsWithoutOffice is why no office can be named for a folder on which a daemon runs: it
// has looked at the mark already.
func runsWithoutOffice(ctx context.Context, dir string) error {
	d, err := daemonOf(ctx, dir)
	if d == nil {
		return err
	}
	return errors.Join(fmt.Errorf("eliminacode runs on it, and %w", queue.ErrNoSetup), d.Close())
}

// prepare marks a data folder for a new office, once all that the office needs
// was looked at. An office that a flag names is kept in the mark, since the settings
// by which a service starts do not name it.
func (p program) prepare(ctx context.Context, s config.Settings, flags boxFlags, reference bool) error {
	dir := s.Data.Dir
	// A journal may have been begun by serve, and its office still be set up in the browser.
	begun := journal.Holds(journalDir(dir))
	var err error
	if begun && !isDemo(dir) {
		_, err = officeInForce(ctx, dir)
	}
	if errors.Is(err, errNoOffice) {
		err = cmp.Or(runsWithoutOffice(ctx, dir), err)
	}
	switch {
	case isDemo(dir):
		return fmt.Errorf("%s holds a demonstration; name another folder with --data", dir)
	case begun && !errors.Is(err, errNoOffice):
		if err != nil {
			return fmt.Errorf("looking for the office in %s: %w; set it up in the browser, or stop eliminacode and run this again", dir, err)
		}
		return fmt.Errorf("%s has an office already; eliminacode serve runs it, and eliminacode office change changes it", dir)
	case journal.Holds(dir):
		return fmt.Errorf("%s is a backup of an office; put it back with eliminacode restore --from %[1]s, or name another folder with --data", dir)
	}
	if err := p.machine.mounted(dir); err != nil {
		return err
	}
	setup, err := readOffice(s.Office.File)
	if err != nil {
		return err
	}
	if err := calendar.Validate(setup); err != nil {
		return fmt.Errorf("reading the opening hours: %w", err)
	}
	mark, inBrowser := "The next start of eliminacode serve begins a new office here.\n", false
	switch {
	case flags.office != "":
		mark = markOffice + string(officefile.Format(setup))
	case s.Office.File == "" && reference:
		mark = markReference
	case s.Office.File == "":
		inBrowser = true
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("making the data folder: %w; run this as root, or name another with --data", err)
	}
	if err := os.WriteFile(filepath.Join(dir, newOfficeMark), []byte(mark), 0o644); err != nil {
		return fmt.Errorf("marking the data folder: %w; run this as root, or name another with --data", err)
	}
	switch {
	case begun && inBrowser:
		_, err := fmt.Fprintf(p.out, "%s is begun already and has no office yet, which is set up in the browser.\nGo on with it: systemctl start eliminacode, or %s\n", dir, flags.command("serve"))
		return err
	case begun:
		fmt.Fprintf(p.out, "%s is begun already and has no office yet. If eliminacode runs on it, stop it before: the office comes with the next start.\n", dir)
	case inBrowser:
		_, err := fmt.Fprintf(p.out, "%s is ready for a new office, which is set up in the browser.\nBegin it: systemctl enable --now eliminacode, or %s\n", dir, flags.command("serve"))
		return err
	}
	for _, f := range inEnglish(misfits(s, setup)) {
		p.tell(f)
	}
	_, err = fmt.Fprintf(p.out, "%s is ready for a new office: %s.\nBegin it: systemctl enable --now eliminacode, or %s\n", dir, english().Tell(inShort(setup)), flags.command("serve"))
	return err
}

// A dataFolder is where an office keeps its data.
type dataFolder struct {
	path     string
	settings string // the file that names it; empty when a flag does
}

// mayBegin tells whether a new office may begin in a data folder that has none:
// a person said so with init, or it is a demonstration's, or the folder is not
// there and would lie beside the settings that name it, where no other disk can
// be missing, and no office began there before.
func (f dataFolder) mayBegin() bool {
	if isDemo(f.path) {
		return true
	}
	if _, err := os.Lstat(filepath.Join(f.path, newOfficeMark)); err == nil {
		return true
	}
	_, err := os.Lstat(f.path)
	_, before := os.Lstat(f.begunBefore())
	return f.besideSettings() && errors.Is(err, os.ErrNotExist) && errors.Is(before, os.ErrNotExist)
}

// told is the new office that init was told of; errInBrowser where it was told none.
func (f dataFolder) told() (queue.Setup, error) {
	path := filepath.Join(f.path, newOfficeMark)
	mark, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return queue.Setup{}, errInBrowser
	case err != nil:
		return queue.Setup{}, fmt.Errorf("reading what init was told: %w; run eliminacode init again", err)
	case string(mark) == markReference:
		return officefile.Reference(), nil
	case bytes.HasPrefix(mark, []byte(markOffice)):
		return officefile.Parse(path, mark)
	}
	return queue.Setup{}, errInBrowser
}

// besideSettings tells whether the folder lies beside the settings that name it.
func (f dataFolder) besideSettings() bool {
	beside, err1 := filepath.Abs(filepath.Dir(f.settings))
	data, err2 := filepath.Abs(f.path)
	return f.settings != "" && err1 == nil && err2 == nil && filepath.Dir(data) == beside
}

// begunBefore is the file beside a data folder that says that an office began in
// it without init: where the folder then is missing, it was taken away.
func (f dataFolder) begunBefore() string { return filepath.Clean(f.path) + ".begun" }

// open makes sure that an office is there or may begin, and tells whether it is
// a new one.
func (f dataFolder) open() (fresh bool, err error) {
	_, err = os.ReadDir(journalDir(f.path))
	switch {
	case errors.Is(err, syscall.ENOTDIR):
		return false, fmt.Errorf("looking for the journal: %w; it must be a folder: move what is there away", err)
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return false, fmt.Errorf("looking for the journal: %w; the user that the program runs as must be allowed to read and write there", err)
	case journal.Holds(journalDir(f.path)):
		return false, nil
	}
	if !f.mayBegin() {
		return false, errNoOfficeHere(f.path)
	}
	if err := os.MkdirAll(f.path, 0o750); err != nil {
		return false, fmt.Errorf("making the data folder: %w; give the program the right to write there, or name another with --data", err)
	}
	return true, nil
}

// there answers with an error where no office is and none may begin. What keeps it
// from looking is told by open.
func (f dataFolder) there() error {
	_, err := os.ReadDir(journalDir(f.path))
	if err != nil && !errors.Is(err, os.ErrNotExist) || journal.Holds(journalDir(f.path)) || f.mayBegin() {
		return nil
	}
	return errNoOfficeHere(f.path)
}

// begun takes the mark of a new office away, once the office is on disk.
func (f dataFolder) begun() error {
	err := os.Remove(filepath.Join(f.path, newOfficeMark))
	if errors.Is(err, os.ErrNotExist) && f.besideSettings() {
		err = os.WriteFile(f.begunBefore(), []byte("An office began in the folder beside this file; eliminacode init begins another.\n"), 0o644)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("taking the mark of a new office away: %w; give the program the right to write in the data folder", err)
	}
	return nil
}

// noOffice is that a data folder has no office and that none may begin there.
func noOffice(dir string) finding { return partOf("journal").fail("journal-no-office", "dir", dir) }

func errNoOfficeHere(data string) error {
	said := noOffice(data).in(english())
	return fmt.Errorf("%s; %s", said.Found, said.Do)
}

// fstab is the machine's table of disks.
const fstab = "/etc/fstab"

// mounted answers with an error when the machine's fstab mounts a disk at a
// folder, or at one above it, and the disk is not there.
func (m machine) mounted(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("finding %s: %w", dir, err)
	}
	for line := range strings.Lines(m.text(fstab)) {
		entry := strings.Fields(line)
		if len(entry) < 4 || strings.HasPrefix(entry[0], "#") {
			continue
		}
		at := path.Clean(strings.ReplaceAll(entry[1], `\040`, " "))
		options := strings.Split(entry[3], ",")
		if at == "/" || at != dir && !strings.HasPrefix(dir, at+"/") || slices.Contains(options, "bind") {
			continue
		}
		here, err1 := m.volume(m.at(at))
		above, err2 := m.volume(m.at(path.Dir(at)))
		if err1 != nil || err2 != nil || here.device == above.device {
			return fmt.Errorf("the disk %s that /etc/fstab has for %s is not mounted; run: mount %[2]s, and look at the disk if that fails", entry[0], at)
		}
	}
	return nil
}
