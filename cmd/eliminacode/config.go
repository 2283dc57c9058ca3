package main

import (
	"github.com/spf13/cobra"

	config "eliminacode/firmware-config"
)

func (p program) configCommand() *cobra.Command {
	return commandGroup("config", "Print or check the settings of a box", "", p.configExample(), p.configCheck())
}

func (p program) configExample() *cobra.Command {
	return &cobra.Command{
		Use:   "example",
		Short: "Print settings that show every key, to start a box's own from",
		Long: "Print settings that show every key with its default, to start a box's own from. They fit the\n" +
			"reference office.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := p.out.Write(config.ExampleTOML)
			return err
		},
	}
}

func (p program) configCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check [FILE]",
		Short: "Read settings and say everything that is wrong with them",
		Long: "Read settings, " + defaultConfig + " if no file is named, and say everything that is wrong with\n" +
			"them, and what in them does not fit the office's file that they name. No device is looked at;\n" +
			"eliminacode check does that.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			path := defaultConfig
			if len(args) > 0 {
				path = args[0]
			}
			s, err := boxFlags{config: path}.settings(p.machine)
			if err != nil {
				return err
			}
			return p.tellAll(append([]told{{path, stateOK, english().Tell(wiringInShort(s)), ""}}, inEnglish(officeFileParts(s))...))
		},
	}
}
