package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"
)

func (p program) testPanels() *cobra.Command {
	var flags boxFlags
	var each time.Duration
	var text string
	c := &cobra.Command{
		Use:   "panels",
		Short: "Show 888, or a text, on each LED panel",
		Long: "Show 888, or another text, on each LED panel, one after the other; at the end all are dark. Look\n" +
			"whether the panel that lights is the one that is named, and whether every segment does: most panels\n" +
			"answer nothing. The daemon must not run: it holds the lines.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := flags.settings(p.machine)
			if err == nil {
				err = alone(c.Context(), s, "panels")
			}
			if err != nil {
				return err
			}
			h, err := p.machine.wire(s, slog.New(slog.DiscardHandler))
			if err != nil {
				return fmt.Errorf("making the panels: %w", err)
			}
			if h.panels == nil {
				return fmt.Errorf("the settings name no panel; add a [[panel]] for each")
			}
			return p.cyclePanels(c.Context(), h, text, each)
		},
	}
	flags.addBox(c)
	c.Flags().DurationVar(&each, "each", 3*time.Second, "how long the text stays on each panel")
	c.Flags().StringVar(&text, "text", "888", "what to show, such as A042")
	return c
}

// cyclePanels shows a text on one panel after the other until ctx ends.
func (p program) cyclePanels(ctx context.Context, h *hardware, text string, each time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- h.panels.Run(ctx) }()
	tell := teller(p.out)
	var failed error
	for _, one := range h.settings.Panels {
		if ctx.Err() != nil {
			break
		}
		if err := h.panels.Show(one.Name, text); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		tell("%s (%s, address %d): %s", one.Name, one.Port, one.Address, text)
		rest(ctx, each)
		failed = errors.Join(failed, h.panels.Show(one.Name, ""))
	}
	for i, s := range h.panels.Status() {
		f := health{Kind: "panel", Status: s}.finding()
		if place := p.machine.port(h.settings.Panels[i].Port, true); f.State == stateFail && place.State != "" {
			f.Found, f.Do = place.Found, place.Do
		}
		if f.State == stateFail {
			failed = errors.Join(failed, errReported)
		}
		p.tell(f)
	}
	cancel()
	return errors.Join(failed, <-ended)
}
