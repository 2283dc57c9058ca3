package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	config "eliminacode/firmware-config"
)

// Where an installed box has its settings, and its data if they do not say.
const (
	defaultConfig = "/etc/eliminacode/box.toml"
	defaultData   = "/var/lib/eliminacode"
)

// boxFlags are the flags by which every command finds the box: --data, else the
// folder of the settings, else the default.
type boxFlags struct {
	config, data, listen, office string
}

// addBox adds the flags by which a command finds the box.
func (f *boxFlags) addBox(c *cobra.Command) {
	c.Flags().StringVar(&f.config, "config", "", "the box's settings (default "+defaultConfig+" if it is there, else no hardware)")
	c.Flags().StringVar(&f.data, "data", "", "the data folder, instead of the settings'")
}

// boxCommand makes a command that finds the box by its flags, and takes no
// arguments unless it says which.
func boxCommand(c *cobra.Command, run func(c *cobra.Command, flags boxFlags, args []string) error) *cobra.Command {
	var flags boxFlags
	flags.addBox(c)
	if c.Args == nil {
		c.Args = cobra.NoArgs
	}
	c.RunE = func(c *cobra.Command, args []string) error { return run(c, flags, args) }
	return c
}

// settings reads the settings of the box and lays the flags over them.
func (f boxFlags) settings(m machine) (config.Settings, error) {
	s := config.Default()
	path, err := f.file(m)
	if err != nil {
		return s, err
	}
	if path != "" {
		if s, err = config.Load(path); err != nil {
			return s, err
		}
	}
	return f.over(s, path), nil
}

// over lays the flags over settings that a file names, whose paths begin beside it.
func (f boxFlags) over(s config.Settings, path string) config.Settings {
	for _, file := range []*string{&s.Office.File, &s.Web.Certificate, &s.Web.Key, &s.Web.OIDC.SecretFile} {
		if *file != "" && !filepath.IsAbs(*file) {
			*file = filepath.Join(filepath.Dir(path), *file)
		}
	}
	s.Data.Dir = cmp.Or(f.data, s.Data.Dir)
	s.Web.Listen = cmp.Or(f.listen, s.Web.Listen)
	s.Office.File = cmp.Or(f.office, s.Office.File)
	return s
}

// file is the settings' file, or empty where the machine has none. One that is
// there and cannot be looked at is not taken for none: the box would be another.
func (f boxFlags) file(m machine) (string, error) {
	if f.config != "" {
		return f.config, nil
	}
	path := m.at(defaultConfig)
	switch _, err := os.Stat(path); {
	case err == nil:
		return path, nil
	case errors.Is(err, os.ErrNotExist):
		return "", nil
	default:
		return "", fmt.Errorf("looking for the box's settings: %w; run this as root, or name them with --config", err)
	}
}

// folder is the data folder of a command that reads what the box wrote. It says
// which one it is where it could be taken for another.
func (p program) folder(f boxFlags) (string, error) {
	if f.data != "" {
		return f.data, nil // needs no settings, so a fault in them does not matter
	}
	s, err := f.settings(p.machine)
	if err != nil {
		return "", err
	}
	if note := p.machine.otherJournal(s); note != "" {
		fmt.Fprintln(p.errs, "eliminacode:", note)
	}
	return s.Data.Dir, nil
}

// otherJournal names the journal of the default folder that the settings have
// left behind, or is empty.
func (m machine) otherJournal(s config.Settings) string {
	left := m.at(defaultData)
	if s.Data.Dir == left || !m.has(journalDir(defaultData)) {
		return ""
	}
	return fmt.Sprintf("the data is that of %s; the journal in %s is another one, which --data %[2]s would name", s.Data.Dir, left)
}
