package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"eliminacode/device"
)

func (p program) testLamps() *cobra.Command {
	var flags boxFlags
	var each time.Duration
	c := &cobra.Command{
		Use:   "lamps",
		Short: "Show every light on every lamp, with its meaning",
		Long: "Show every light on every lamp, one after the other, and say what it means; at the end all are off.\n" +
			"The daemon must not run: it holds the lines.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := p.forLines(c.Context(), flags, "lamps")
			if err != nil {
				return err
			}
			h, err := p.machine.wire(s, slog.New(slog.DiscardHandler))
			if err != nil {
				return fmt.Errorf("making the lamps: %w", err)
			}
			if h.lamps == nil {
				return fmt.Errorf("the settings name no lamp; add a [[lamp]] for each")
			}
			return p.cycleLamps(c.Context(), h, each)
		},
	}
	flags.addBox(c)
	c.Flags().DurationVar(&each, "each", 2*time.Second, "how long each light is shown")
	return c
}

// lights are what lamps are put through.
var lights = []struct {
	light device.Light
	words string
}{
	{device.LightReady, "pronto (ready)"}, {device.LightBusy, "attendere (busy)"}, {device.LightFault, "fuori servizio (out of service)"},
	{device.LightBeep, "un segnale (one beep)"}, {device.LightError, "rifiuto (refused)"}, {device.LightOff, "chiuso (off)"},
}

// cycleLamps shows every light on every lamp until ctx ends.
func (p program) cycleLamps(ctx context.Context, h *hardware, each time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- h.lamps.Run(ctx) }()
	tell := teller(p.out)
	var failed error
	for _, l := range h.settings.Lamps {
		for _, show := range lights {
			if ctx.Err() != nil {
				break
			}
			if err := h.lamps.Show(l.Name, show.light); err != nil {
				failed = errors.Join(failed, err)
				continue
			}
			tell("%s (%s): %s", l.Name, l.Line, show.words)
			rest(ctx, each)
		}
	}
	for _, s := range h.lamps.Status() {
		f := health{Kind: "lamp", Status: s}.finding()
		if f.State == stateFail {
			failed = errors.Join(failed, errReported)
		}
		p.tell(f)
	}
	cancel()
	return errors.Join(failed, <-ended)
}
