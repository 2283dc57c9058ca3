package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"eliminacode/cmd/eliminacode/replace"
	"eliminacode/display/access/private"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

func (p program) privacyCommand() *cobra.Command {
	return commandGroup("privacy", "Draw up the papers that the law on personal data asks of the office", "", p.privacySheet())
}

func (p program) privacySheet() *cobra.Command {
	var out string
	var languages []string
	c := boxCommand(&cobra.Command{
		Use:   "sheet",
		Short: "Write notices, register row, retention table and impact assessment into a folder",
		Long: "Write the notices for citizens and staff, the row of the processing register, the retention table and a\n" +
			"skeleton of the impact assessment, with this office's values. What only the body knows is marked in\n" +
			"them. They are drafts: the data protection officer reads them before they are adopted.\n" +
			"All are in Italian, since an Italian authority asks for them; the notice for citizens is written besides\n" +
			"in the languages of the office's tickets, or in those of --language.",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		if out == "" {
			return usageError{fmt.Errorf("--out is missing; name an empty or a new folder")}
		}
		var known []string
		for _, l := range words.StaffLanguages() {
			known = append(known, string(l))
		}
		for _, l := range languages {
			if !slices.Contains(known, l) {
				return usageError{fmt.Errorf("--language %q: there is no notice in it; use %s", l, strings.Join(known, ", "))}
			}
		}
		s, err := flags.settings(p.machine)
		if err != nil {
			return err
		}
		return p.withArchive(c.Context(), flags, func(a archive) error {
			setup, err := a.Office(c.Context())
			if err != nil {
				return err
			}
			drawn, err := a.Clock(c.Context())
			if err != nil {
				return err
			}
			in := noticeLanguages(setup, languages)
			return p.writePrivacy(out, privacyFacts(setup, s.Data.AuditDays, drawn), in)
		})
	})
	c.Flags().StringVar(&out, "out", "", "the folder to write into, which must be empty or missing")
	c.Flags().StringSliceVar(&languages, "language", nil, "write the notice for citizens in these languages too, such as de,sl (default those of the tickets)")
	return c
}

// noticeLanguages are those of the notice for citizens besides Italian: those that were
// asked for, or those of the office's tickets that there is a notice in.
func noticeLanguages(setup queue.Setup, asked []string) (all []queue.Language) {
	for _, l := range asked {
		all = append(all, queue.Language(l))
	}
	if len(asked) > 0 {
		return all
	}
	for _, l := range setup.Slip.Languages {
		if slices.Contains(words.StaffLanguages(), l) {
			all = append(all, l)
		}
	}
	return all
}

// writePrivacy writes the papers. A folder with something in it is left alone:
// papers that were completed by hand must not be written over.
func (p program) writePrivacy(dir string, facts words.PrivacyFacts, languages []queue.Language) error {
	papers, err := words.PrivacyPapers(facts, languages...)
	if err != nil {
		return err
	}
	empty, err := makeFolder(dir)
	if err != nil {
		return err
	}
	if !empty {
		return fmt.Errorf("%s is not empty; name an empty or a new folder with --out, since papers that were completed by hand are not written over", dir)
	}
	for _, paper := range papers {
		path := filepath.Join(dir, paper.Name)
		if err := replace.File(path, paper.HTML); err != nil {
			return fmt.Errorf("writing the papers: %w", err)
		}
		// They are to be read by others.
		if err := os.Chmod(path, 0o644); err != nil {
			return fmt.Errorf("writing the papers: %w", err)
		}
		fmt.Fprintln(p.out, path)
	}
	return nil
}

// privacyFacts are what the papers say of an office on a box that keeps acts so
// many days; drawn is what the office's clock shows.
func privacyFacts(setup queue.Setup, auditDays int, drawn time.Time) words.PrivacyFacts {
	return words.PrivacyFacts{
		Body: setup.Office.Body, Office: setup.Office.Name, Place: setup.Office.Place, DPO: setup.Office.DPO,
		Services: len(setup.Services), Desks: len(setup.Desks),
		Published: slices.ContainsFunc(setup.Services, func(s queue.Service) bool { return s.Published }),
		AuditDays: auditDays, IdleHours: int(private.IdleEnd.Hours()),
		Drawn: drawn, Version: buildVersion(),
	}
}
