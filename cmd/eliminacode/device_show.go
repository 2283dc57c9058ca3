package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"eliminacode/device"
	"eliminacode/queue/words"
)

func (p program) testLamps() *cobra.Command {
	var each time.Duration
	c := boxCommand(&cobra.Command{
		Use:   "lamps",
		Short: "Show every light on every lamp, with its meaning",
		Long: "Show every light on every lamp, one after the other, and say what it means; at the end all are off.\n" +
			"The daemon must not run: it holds the lines.",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		h, err := p.wiredToTry(c.Context(), flags, "lamps", true)
		if err != nil {
			return err
		}
		if h.lamps == nil {
			return fmt.Errorf("the settings name no lamp; add a [[lamp]] for each")
		}
		var all []sight
		for _, l := range h.settings.Lamps {
			for _, s := range lights {
				all = append(all, sight{
					words: fmt.Sprintf("%s (%s): %s (%s)", l.Name, l.Line, words.In("").Lamp(lightNames[s.light]), s.english),
					show:  func() error { return h.lamps.Show(l.Name, s.light) },
				})
			}
		}
		return p.cycle(c.Context(), h.lamps.Run, all, each, func() (found []told) {
			for _, s := range h.lamps.Status() {
				found = append(found, health{Kind: "lamp", Status: s}.told())
			}
			return found
		})
	})
	c.Flags().DurationVar(&each, "each", 2*time.Second, "how long each light is shown")
	return c
}

// lightNames are the lights of a lamp as words.Lamp knows them.
var lightNames = map[device.Light]string{
	device.LightOff: "off", device.LightReady: "ready", device.LightBusy: "busy",
	device.LightFault: "fault", device.LightBeep: "beep", device.LightError: "error",
}

// lights are what lamps are put through.
var lights = []struct {
	light   device.Light
	english string
}{
	{device.LightReady, "ready"}, {device.LightBusy, "busy"}, {device.LightFault, "out of service"},
	{device.LightBeep, "one beep"}, {device.LightError, "refused"}, {device.LightOff, "off"},
}

func (p program) testPanels() *cobra.Command {
	var each time.Duration
	var text string
	c := boxCommand(&cobra.Command{
		Use:   "panels",
		Short: "Show 888, or a text, on each LED panel",
		Long: "Show 888, or another text, on each LED panel, one after the other; at the end all are dark. Look\n" +
			"whether the panel that lights is the one that is named, and whether every segment does: most panels\n" +
			"answer nothing. The daemon must not run: it holds the lines.",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		h, err := p.wiredToTry(c.Context(), flags, "panels", false)
		if err != nil {
			return err
		}
		if h.panels == nil {
			return fmt.Errorf("the settings name no panel; add a [[panel]] for each")
		}
		panels := h.settings.Panels
		var all []sight
		for _, one := range panels {
			all = append(all, sight{
				words: fmt.Sprintf("%s (%s, address %d): %s", one.Name, one.Port, one.Address, text),
				show:  func() error { return h.panels.Show(one.Name, text) },
				after: func() error { return h.panels.Show(one.Name, "") },
			})
		}
		return p.cycle(c.Context(), h.panels.Run, all, each, func() (found []told) {
			for i, s := range h.panels.Status() {
				f := health{Kind: "panel", Status: s}.told()
				if place := p.machine.port(panels[i].Port, true); f.State == stateFail && place.state != "" {
					said := place.in(english())
					f.Found, f.Do = said.Found, said.Do
				}
				found = append(found, f)
			}
			return found
		})
	})
	c.Flags().DurationVar(&each, "each", 3*time.Second, "how long the text stays on each panel")
	c.Flags().StringVar(&text, "text", "888", "what to show, such as A042")
	return c
}

// A sight is something that a lamp or a panel shows for a while.
type sight struct {
	words string // for who looks
	show  func() error
	after func() error // what the device shows then; nil leaves it
}

// cycle shows one sight after the other until ctx ends, while run drives the
// devices, and then tells how the devices are.
func (p program) cycle(ctx context.Context, run func(context.Context) error, all []sight, each time.Duration, devices func() []told) error {
	stop, ended := background(run)
	tell := teller(p.out)
	var fault error
	for _, s := range all {
		if ctx.Err() != nil {
			break
		}
		if err := s.show(); err != nil {
			fault = errors.Join(fault, err)
			continue
		}
		tell("%s", s.words)
		rest(ctx, each)
		if s.after != nil {
			fault = errors.Join(fault, s.after())
		}
	}
	fault = errors.Join(fault, p.tellAll(devices()))
	stop()
	return errors.Join(fault, <-ended)
}
