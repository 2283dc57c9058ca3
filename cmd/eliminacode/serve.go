package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"eliminacode/cmd/eliminacode/certificate"
	"eliminacode/device/clock"
	"eliminacode/device/gpio"
	"eliminacode/display"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
	officefile "eliminacode/queue/office"
)

// add adds the flags of a command that runs the box or looks at all of it.
func (f *boxFlags) add(c *cobra.Command) {
	f.addBox(c)
	c.Flags().StringVar(&f.listen, "listen", "", "host:port of the pages, instead of the settings'")
	f.addOffice(c)
}

func (f *boxFlags) addOffice(c *cobra.Command) {
	c.Flags().StringVar(&f.office, "office", "", "the office as a TOML file, for the first start, instead of the settings'")
}

func (p program) serve() *cobra.Command {
	var flags boxFlags
	var simulated []string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the office on this box",
		Long: "Run the office on this box until it is told to stop. Before the first start: eliminacode init,\n" +
			"unless the data folder is not there yet and lies beside the settings that name it.\n\n" +
			"With --simulate printer it is a rehearsal: the box's settings and its office, but virtual printers,\n" +
			"whose paper is on the page /demo/carta, and a data folder of its own, thrown away at the end unless\n" +
			"--data names one. The real office's data stays as it is. Where there is no office yet it rehearses the\n" +
			"first run: an empty box with settings of its own, printers, and buttons and keypads to press on the\n" +
			"page /demo/pulsanti, which is set up in the browser; the first code comes out on /demo/carta.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			for _, part := range simulated {
				if part != "printer" {
					return usageError{fmt.Errorf("--simulate %q is not possible; use printer", part)}
				}
			}
			// Before anything is opened: periph may close descriptor 0.
			gpioErr := gpio.Init()
			log := p.log(slog.LevelInfo)
			if len(simulated) > 0 {
				return p.rehearse(c.Context(), flags, log)
			}
			return p.runBox(c.Context(), flags, gpioErr, log)
		},
	}
	flags.add(c)
	c.Flags().StringSliceVar(&simulated, "simulate", nil, "printer: a rehearsal with virtual printers")
	return c
}

// ready is the office of the box, once all that its settings name was looked at.
// What a person can mend in a file while the program waits is a faultyFile.
func (p program) ready(flags boxFlags, gpioErr error, log *slog.Logger) (*app, error) {
	path, err := flags.file(p.machine)
	if err != nil {
		return nil, err
	}
	look := &technician{flags: flags, file: path, read: changedAt(path), machine: p.machine, gpioErr: gpioErr, logs: &deviceLog{}}
	log = slog.New(look.logs.over(log.Handler()))
	s, err := flags.settings(p.machine)
	if err != nil {
		return nil, faultyFile{error: err, path: path}
	}
	if gpioErr != nil && s.Board.Model != "desktop" {
		log.Warn("the board's GPIO cannot be used", "err", gpioErr)
	}
	if note := p.machine.otherJournal(s); note != "" {
		log.Warn(note)
	}
	if p.rehearsed == nil && isDemo(s.Data.Dir) {
		return nil, fmt.Errorf("%s holds a demonstration; name another folder with --data", s.Data.Dir)
	}
	if err := p.machine.mounted(s.Data.Dir); err != nil {
		return nil, faultyFile{error: err, path: fstab, missing: display.MissingDisk}
	}
	a, err := p.box(s, flags.command("office change"), log)
	if err != nil {
		return nil, faultyFile{error: err, path: path}
	}
	if look.settings, a.technician = s, look; p.rehearsed != nil {
		a.technician = rehearsalTechnician{look}
		a.pages.Papers, a.pages.Presses = p.rehearsed, p.rehearsed
	}
	if flags.data == "" {
		a.settings = path
	}
	if path != "" {
		a.wiring.file = path
	}
	if err := (dataFolder{path: a.data, settings: a.settings}).there(); err != nil {
		return nil, faultyFile{error: err, path: a.data, missing: display.MissingOffice}
	}
	if a.begins() {
		if _, err := a.checkedSetup(); err != nil && !errors.Is(err, errInBrowser) {
			return nil, faultyFile{error: err, path: s.Office.File}
		}
	}
	return a, nil
}

// box is the office of a box's settings, ready to run; change is the command that
// puts another office in force, empty where none may.
func (p program) box(s config.Settings, change string, log *slog.Logger) (*app, error) {
	system, err := clock.NewSystem()
	if err != nil {
		return nil, err
	}
	h, err := p.machine.wire(s, log)
	if err != nil {
		return nil, err
	}
	a := &app{
		slipProfile: slipProfile(s),
		keepAudit:   days(s.Data.AuditDays),
		data:        s.Data.Dir, clock: system, log: log, journal: p.journal,
		listen: s.Web.Listen, taken: p.tellLate, staff: s.Web.Staff,
		given:  certificate.Config{Certificate: s.Web.Certificate, Key: s.Web.Key},
		oidc:   s.Web.OIDC,
		public: func(string) string { return s.Web.Public },
		bridge: h.bind(), devices: h.devices,
		wiring:  &wiring{machine: p.machine, settings: s, file: p.machine.at(defaultConfig)},
		setup:   func() (queue.Setup, error) { return firstOffice(s) },
		misfits: func(setup queue.Setup) []finding { return misfits(s, setup) },
	}
	a.beside = append(a.beside, func(ctx context.Context, o *office) error { return workNightly(ctx, o, log) })
	a.beside = append(a.beside, func(ctx context.Context, o *office) error {
		if o.walk == nil {
			<-ctx.Done()
			return nil
		}
		o.walk.grip = func(ctx context.Context, held []string) error {
			return a.answerGrip(ctx, o, held, func(text string) { fmt.Fprintln(p.out, text) })
		}
		return o.walk.run(ctx, o)
	})
	a.beside = append(a.beside, func(ctx context.Context, o *office) error {
		state, _ := o.Watch()
		var found []finding
		if state.HasSetup() {
			found = misfits(s, state.Setup())
			if change != "" {
				found = append(found, otherOffice(s, state.Setup(), change)...)
			}
		}
		for _, f := range inEnglish(found) {
			level := slog.LevelWarn
			if f.State == stateFail {
				level = slog.LevelError
			}
			log.Log(ctx, level, "the settings and the office do not fit", "found", f.Found, "do", f.Do)
		}
		if o.awaits().Pages != "" {
			// The code is told at once: whoever has it opens the pages as soon as they come.
			a.tellCode(ctx, o, p.out)
			select {
			case <-ctx.Done():
				return nil
			case <-o.open:
			}
			p.tellAddresses(a, o)
		} else {
			p.tellAddresses(a, o)
			a.tellCode(ctx, o, p.out)
		}
		<-ctx.Done()
		return nil
	})
	return a, nil
}

// tellAddresses says on the console where the pages are.
func (p program) tellAddresses(a *app, o *office) {
	fmt.Fprintf(p.out, "eliminacode %s answers on %s\n", buildVersion(), opened(o.address, ownAddresses()))
	if staff := o.awaits().Staff; staff != "" {
		fmt.Fprintf(p.out, "The staff's pages come once another program leaves %s; eliminacode check says which\n", staff)
	} else if o.certificate != nil {
		fmt.Fprintf(p.out, "The staff's pages are on %s\n", opened(o.secure, ownAddresses()))
		if o.certificate.Own() {
			fmt.Fprintf(p.out, "A browser asks once whether it is this box: compare the SHA-256 fingerprint\n%s\n", o.certificate.Fingerprint())
		}
	}
	if a.pages.Papers != nil {
		fmt.Fprintf(p.out, "What the virtual printers print is on %s/demo/carta\n", opened(o.address, ownAddresses()))
	}
	if a.pages.Presses != nil {
		fmt.Fprintf(p.out, "The virtual buttons and keypads are on %s/demo/pulsanti\n", opened(o.address, ownAddresses()))
	}
}

// tellCode tells the code of the first administrator where nobody can sign in yet.
func (a *app) tellCode(ctx context.Context, o *office, out io.Writer) {
	if o.access == nil {
		return
	}
	if err := a.tellFirstCode(ctx, o, func(text string) { fmt.Fprintln(out, text) }); err != nil {
		a.log.Error("nobody can sign in yet", "err", err)
	}
}

// errInBrowser: no office was named, so that somebody sets it up in the browser.
var errInBrowser = errors.New("the office is set up in the browser")

// firstOffice is the office that the first start puts in force: that of the settings,
// else that which init was told; errInBrowser where it was told none.
func firstOffice(s config.Settings) (queue.Setup, error) {
	if s.Office.File != "" {
		return readOffice(s.Office.File)
	}
	return dataFolder{path: s.Data.Dir}.told()
}

// readOffice reads the office's file; without one it is the reference office.
func readOffice(path string) (queue.Setup, error) {
	if path == "" {
		return officefile.Reference(), nil
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return queue.Setup{}, fmt.Errorf("the office's file %s is not there; correct the path where it is named (the command line, or [office] file in the settings)", path)
	} else if err != nil {
		return queue.Setup{}, fmt.Errorf("reading the office: %w", err)
	}
	return officefile.Parse(path, b)
}
