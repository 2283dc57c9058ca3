package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"eliminacode/cmd/eliminacode/counters"
	config "eliminacode/firmware-config"
	"eliminacode/queue/words"
)

func (p program) device() *cobra.Command {
	test := commandGroup("test", "Try printers, buttons, keypads, lamps or panels", "",
		p.testPrinter(), p.testButtons(), p.testKeypads(), p.testLamps(), p.testPanels())
	return commandGroup("device", "Show the devices of the box and try each", "",
		p.listDevices(), test, p.deviceLegend(), p.deviceLogo())
}

// alone makes sure that no daemon holds the devices.
func alone(ctx context.Context, s config.Settings, what string) error {
	d, err := daemonOf(ctx, s.Data.Dir)
	if d == nil {
		return err
	}
	d.Close()
	return fmt.Errorf("the daemon that runs on %s holds the %s; stop it first (systemctl stop eliminacode), and start it again afterwards", s.Data.Dir, what)
}

func (p program) listDevices() *cobra.Command {
	var asJSON bool
	c := boxCommand(&cobra.Command{
		Use:   "list",
		Short: "List the devices, how each is and what it has counted",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		gpioErr := p.machine.init()
		s, err := flags.settings(p.machine)
		if err != nil {
			return err
		}
		if info, err := os.Stat(flags.data); flags.data != "" && (err != nil || !info.IsDir()) {
			return errNoDataFolder(flags.data)
		}
		d, err := daemonOf(c.Context(), s.Data.Dir)
		if err != nil {
			return err
		}
		var all []health
		if d != nil {
			defer d.Close()
			all, err = d.Devices(c.Context())
		} else {
			all, err = p.machine.opened(c.Context(), s)
			// The drivers have counted nothing yet: what earlier runs have is kept.
			kept := counters.Open(filepath.Join(s.Data.Dir, countersName), p.log(slog.LevelWarn))
			all = counted(all, kept)
		}
		if err != nil {
			return errors.Join(err, gpioErr)
		}
		if asJSON {
			return p.indented(shownAll(func() []health { return all })(words.In("")))
		}
		if len(all) == 0 {
			fmt.Fprintln(p.out, "The settings name no device.")
		}
		for _, h := range all {
			p.tell(h.told())
			fmt.Fprintf(p.out, "      %s\n", h.counted())
		}
		return nil
	})
	c.Flags().BoolVar(&asJSON, "json", false, "print the devices as the pages have them, as JSON")
	return c
}

// toTry reads the settings for trying a part of the box, which the daemon must
// not hold meanwhile; onGPIO says that the part hangs on GPIO lines.
func (p program) toTry(ctx context.Context, flags boxFlags, part string, onGPIO bool) (config.Settings, error) {
	// Before anything else is opened, as gpio.Init wants it.
	gpioErr := p.machine.init()
	s, err := flags.settings(p.machine)
	if err == nil && onGPIO {
		err = gpioErr
	}
	if err == nil {
		err = alone(ctx, s, part)
	}
	return s, err
}

// wiredToTry are the drivers for trying a part of the box.
func (p program) wiredToTry(ctx context.Context, flags boxFlags, part string, onGPIO bool) (*hardware, error) {
	s, err := p.toTry(ctx, flags, part, onGPIO)
	if err != nil {
		return nil, err
	}
	h, err := p.machine.wire(s, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, fmt.Errorf("making the %s: %w", part, err)
	}
	return h, nil
}
