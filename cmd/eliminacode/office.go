package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"eliminacode/display"
	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	officefile "eliminacode/queue/office"
)

func (p program) officeCommand() *cobra.Command {
	return commandGroup("office", "Check, show or change what the office is: services, desks, hours, rules", "",
		p.officeExample(), p.officeCheck(), p.officeShow(), p.officeChange())
}

func (p program) officeExample() *cobra.Command {
	return &cobra.Command{
		Use:   "example",
		Short: "Print the reference office with every key explained, to start an office's own file from",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := p.out.Write(officefile.ReferenceFile())
			return err
		},
	}
}

func (p program) officeCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE",
		Short: "Read an office's file and say everything that is wrong with it",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			setup, err := readOffice(args[0])
			if err != nil {
				return err
			}
			for _, n := range officefile.Notices(setup) {
				fmt.Fprintln(p.out, "WARN ", n)
			}
			minutes, err := calendar.WeeklyMinutes(setup)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.out, "OK    %s: %s, %s, open %s a week\n",
				setup.Office.Body, many(len(setup.Services), "service"), many(len(setup.Desks), "desk"), inHours(minutes))
			return nil
		},
	}
}

func (p program) officeShow() *cobra.Command {
	return boxCommand(&cobra.Command{
		Use:   "show",
		Short: "Print the office in force as a TOML file",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		return p.withArchive(c.Context(), flags, func(a archive) error {
			setup, err := a.Office(c.Context())
			if err != nil {
				return err
			}
			_, err = p.out.Write(officefile.Format(setup))
			return err
		})
	})
}

func (p program) officeChange() *cobra.Command {
	var dry, sure bool
	var why string
	c := boxCommand(&cobra.Command{
		Use:   "change FILE",
		Short: "Put another office in force, while the daemon runs",
		Long: "Put the office of a TOML file in force from now on. The running daemon does it, so that\n" +
			"nobody who waits is lost; what would break open tickets is refused. What else it breaks is listed:\n" +
			"buttons, keypads and printers that name what is no longer there, services with people waiting.\n" +
			"What leaves people to whom an open desk attends now is put in force with --sure alone.\n\n" +
			"With --dry-run it only says what would change: every value, for whom waits now, and the week's hours.",
		Args: cobra.ExactArgs(1),
	}, func(c *cobra.Command, flags boxFlags, args []string) error {
		// Every fault is told here, with its place in the file.
		if _, err := readOffice(args[0]); err != nil {
			return err
		}
		text, err := os.ReadFile(args[0])
		if err != nil {
			return fmt.Errorf("reading the office: %w", err)
		}
		var e officeEffect
		if err := p.withDaemon(c.Context(), flags, "or name the file with --office before its first start", func(d *daemon) (err error) {
			e, err = d.ChangeOffice(c.Context(), text, why, dry, sure)
			return err
		}); err != nil {
			return err
		}
		if dry {
			for _, line := range e.Changed {
				fmt.Fprintln(p.out, "WOULD", line)
			}
		}
		for _, b := range e.Broken {
			fmt.Fprintln(p.out, "WARN ", b)
		}
		switch {
		case e.Refused != "":
			return fmt.Errorf("it would be refused now: %s", e.Refused)
		case dry && len(e.Changed) == 0:
			fmt.Fprintln(p.out, "Nothing would change: this office is in force.")
		case dry:
			fmt.Fprintln(p.out, "Nothing is changed yet. Without --dry-run it holds from the next ticket and the next call on.")
		default:
			fmt.Fprintln(p.out, "The office is changed. It holds from the next ticket and the next call on.")
		}
		return nil
	})
	c.Flags().BoolVar(&dry, "dry-run", false, "only say what would change")
	c.Flags().StringVar(&why, "why", "", "why it is changed, as the history of the office and the audit list will have it")
	c.Flags().BoolVar(&sure, "sure", false, "put it in force although people would wait for a service that no open desk serves")
	return c
}

// tryOffice tells what another office would mean now.
func (o *office) tryOffice(text []byte) (officeEffect, error) {
	setup, err := officefile.Parse("office", text)
	if err != nil {
		return officeEffect{}, err
	}
	return o.effectOf(setup), nil
}

// changeOffice puts another office in force, and tells what it breaks. An empty why
// says how it was done instead.
func (o *office) changeOffice(ctx context.Context, text []byte, why string, sure bool) (officeEffect, error) {
	setup, err := officefile.Parse("office", text)
	if err != nil {
		return officeEffect{}, err
	}
	e := o.effectOf(setup)
	e.Refused = "" // the core says so itself
	if why = strings.TrimSpace(why); why == "" {
		why = "eliminacode office change"
	} else if !display.SaysWhy(why) {
		return officeEffect{}, errors.New("the reason is too long or has characters that nobody sees; write --why in one line of at most 300 characters")
	}
	err = o.setups.Save(ctx, display.SetupAct{Setup: setup, Who: access.Visitor{Roles: []access.Role{access.Technician}}, Why: why, Sure: sure})
	if errors.Is(err, queue.ErrUnattended) {
		err = fmt.Errorf("%w; if that is right, repeat with --sure", err)
	}
	if err == nil {
		o.note("office.change", why)
	}
	return e, err
}
