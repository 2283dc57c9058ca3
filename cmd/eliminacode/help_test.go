package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestEveryHelpSaysWhatToType: each command's help has lines to be copied, and
// each of those is a command line that the program takes.
func TestEveryHelpSaysWhatToType(t *testing.T) {
	known := map[string]bool{}
	var each func(c *cobra.Command)
	each = func(c *cobra.Command) {
		known[c.CommandPath()] = true
		if c.Example == "" {
			t.Errorf("the help of %q does not say what to type", c.CommandPath())
		}
		for line := range strings.Lines(c.Example) {
			line, _, _ = strings.Cut(line, "#")
			line, _, _ = strings.Cut(line, ">")
			line, _, _ = strings.Cut(line, "|")
			words := strings.Fields(line)
			if len(words) == 0 || words[0] != "eliminacode" {
				continue // a system's own command
			}
			root := program{}.root()
			found, rest, err := root.Find(words[1:])
			if err == nil {
				err = found.ParseFlags(rest)
			}
			if err == nil {
				err = found.ValidateArgs(found.Flags().Args())
			}
			if err != nil {
				t.Errorf("the help of %q says %q: %v", c.CommandPath(), line, err)
			}
		}
		for _, sub := range c.Commands() {
			each(sub)
		}
	}
	each(program{}.root())
	for path := range examples {
		if !known[path] {
			t.Errorf("there are examples of %q, which is no command", path)
		}
	}
}

// TestVersionFlag: --version prints what the command version does.
func TestVersionFlag(t *testing.T) {
	said := func(arg string) string {
		var out, errs bytes.Buffer
		if code := (program{out: &out, errs: &errs}).run([]string{arg}); code != 0 || errs.Len() > 0 {
			t.Errorf("%s: %d, %s", arg, code, errs.String())
		}
		return out.String()
	}
	if flag, command := said("--version"), said("version"); flag != command || !strings.HasPrefix(flag, "eliminacode ") {
		t.Errorf("--version prints %q, version %q", flag, command)
	}
}
