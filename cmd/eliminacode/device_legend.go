package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"eliminacode/device/keypad/keys"
	config "eliminacode/firmware-config"
)

func (p program) deviceLegend() *cobra.Command {
	return boxCommand(&cobra.Command{
		Use:   "legend [KEYMAP]",
		Short: "Say what the keys of the keypads do, to be laid beside them",
		Long: "Say in the clerks' language what the keys of each keypad of the settings do, or those of one keymap:\n" +
			"to be printed and laid beside the keypad.",
		Args: cobra.MaximumNArgs(1),
	}, func(c *cobra.Command, flags boxFlags, args []string) error {
		s, err := flags.settings(p.machine)
		if err != nil {
			return err
		}
		var names []string
		for _, k := range s.Known().Keymaps {
			names = append(names, k.Name)
		}
		if len(args) == 1 {
			k, ok := s.Keymap(args[0])
			if !ok {
				return usageError{fmt.Errorf("there is no keymap %q; name one of: %s", args[0], strings.Join(names, ", "))}
			}
			p.legend(k.Name, k)
			return nil
		}
		if len(s.Keypads) == 0 {
			return fmt.Errorf("the settings name no keypad; name a keymap: %s", strings.Join(names, ", "))
		}
		for _, pad := range s.Keypads {
			if k, ok := s.Keymap(pad.Keymap); ok {
				p.legend(pad.Name, k)
			}
		}
		return nil
	})
}

// legend prints a keymap's legend under a title.
func (p program) legend(title string, k keys.Keymap) {
	fmt.Fprintln(p.out, title)
	for _, l := range config.Legend(k) {
		fmt.Fprintf(p.out, "  %-32s %s\n", l.Keys, l.Does)
	}
}
