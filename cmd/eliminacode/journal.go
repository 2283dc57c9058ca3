package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"eliminacode/queue/journal"
)

func (p program) journalCommand() *cobra.Command {
	return commandGroup("journal", "Check, print or copy the journal",
		"Check, print or copy the journal of the box or of another data folder. Beside a running daemon\n"+
			"the daemon is asked.",
		p.journalVerify(), p.journalDump(), p.journalBackup())
}

func (p program) journalVerify() *cobra.Command {
	var asJSON bool
	var event uint64
	var hash string
	c := boxCommand(&cobra.Command{
		Use:   "verify",
		Short: "Check every record against the chain of hashes, and against the slip of a closed day",
		Long: "Check every record against the chain of hashes. With --event and --hash, which stand on the slip that a\n" +
			"closed day prints, it tells besides whether the journal up to there is the one of which that slip was printed:\n" +
			"a chain that somebody made anew is whole in itself, and fits no slip that lies outside the box.",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		var slip *anchor
		switch ofEvent, ofHash := c.Flags().Changed("event"), c.Flags().Changed("hash"); {
		case ofEvent != ofHash:
			return usageError{errors.New("--event and --hash go together: type both as they stand on the slip of a closed day")}
		case ofEvent:
			a, err := parseAnchor(event, hash)
			if err != nil {
				return err
			}
			slip = &a
		}
		var v struct {
			journal.Verification
			Slip *anchorFit `json:",omitempty"`
		}
		err := p.withArchive(c.Context(), flags, func(a archive) (err error) {
			w := p.working("checking the journal")
			defer w.end()
			if v.Verification, err = a.Verify(c.Context(), w); err != nil || slip == nil {
				return err
			}
			v.Slip, err = slip.compare(c.Context(), a, v.Last)
			return err
		})
		if err != nil || asJSON {
			return p.verdict(asJSON, v, err)
		}
		fmt.Fprintf(p.out, "OK: %s in %s, %s; last event %d, hash %s\n", many(v.Events, "event"), many(v.Files, "file"), many(v.Days, "day"), v.Last, v.Hash)
		if v.Slip != nil {
			fmt.Fprintf(p.out, "The slip fits: event %d has its hash, in all the %s that were typed. Up to there the journal is as it was\n"+
				"when the slip was printed.\n", v.Slip.Event, many(v.Slip.Digits, "digit"))
		}
		for _, m := range v.Mended {
			fmt.Fprintln(p.out, "Mended:", m)
		}
		for _, name := range v.Foreign {
			fmt.Fprintf(p.out, "Not part of the journal: %s; move it away.\n", name)
		}
		return nil
	})
	c.Flags().BoolVar(&asJSON, "json", false, "print the verdict as JSON")
	c.Flags().Uint64Var(&event, "event", 0, "the number of the event on the slip of a closed day, after Registro n.")
	c.Flags().StringVar(&hash, "hash", "", "the hash on the same slip, at least its first 16 digits; blanks and case do not count")
	return c
}

// verdict prints what was found as JSON, or leaves an error to be printed.
func (p program) verdict(asJSON bool, found any, err error) error {
	if !asJSON {
		return err
	}
	out := struct {
		OK    bool   `json:"ok"`
		Error string `json:"error,omitempty"`
		Found any    `json:"found,omitempty"`
	}{OK: err == nil, Found: found}
	if err != nil {
		out.Error, out.Found = err.Error(), nil
	}
	if e := json.NewEncoder(p.out).Encode(out); e != nil {
		return e
	}
	if err != nil {
		return errReported
	}
	return nil
}

func (p program) journalDump() *cobra.Command {
	var from uint64
	c := boxCommand(&cobra.Command{
		Use:   "dump",
		Short: "Print every record, one JSON object a line, exactly as stored",
		Long: "Print every record, one JSON object a line, exactly as stored: with it the desk and the moment of all that\n" +
			"was done, which no report and no program is told of days that are over. It is for whoever repairs the box;\n" +
			"the privacy papers (eliminacode privacy sheet) say who may have it.",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		return p.withArchive(c.Context(), flags, func(a archive) error {
			out := bufio.NewWriterSize(p.out, 64<<10)
			err := a.Dump(c.Context(), out, from)
			return errors.Join(err, out.Flush())
		})
	})
	c.Flags().Uint64Var(&from, "from", 1, "first sequence number to print")
	return c
}

func (p program) journalBackup() *cobra.Command {
	var to string
	c := boxCommand(&cobra.Command{
		Use:   "backup --to FOLDER|FILE.tar",
		Short: "Copy the journal into a new folder, while the office works",
		Long: "Copy the journal into a new folder, on a stick for instance, while the office works; with it goes\n" +
			"what the office keeps beside it, its procedures. The folder is written by whoever types the command. It\n" +
			"can be read as it lies: eliminacode journal verify --data FOLDER. With a name that ends in .tar the journal\n" +
			"alone goes into one file, which a box without an office takes in the browser.",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		if to == "" {
			return usageError{errors.New("name the new folder with --to")}
		}
		data, err := p.folder(flags)
		if err != nil {
			return err
		}
		a, err := openArchive(c.Context(), data)
		if err != nil {
			return err
		}
		working := p.working("copying the journal")
		if filepath.Ext(to) == ".tar" {
			err = copyToFile(c.Context(), a, to)
			working.end()
			if err = errors.Join(err, a.Close()); err == nil {
				fmt.Fprintf(p.out, "The journal is copied to the file %s. A box without an office takes it in the browser, and reads it\nthrough before it puts it back: /impostazioni/copia\n", to)
			}
			return err
		}
		v, err := copyJournal(c.Context(), a, data, to)
		working.end()
		if err = errors.Join(err, a.Close()); err != nil {
			return err
		}
		if err := tellCopy(c.Context(), data, to); err != nil {
			fmt.Fprintf(p.errs, "The copy is good, but the technician's page does not know of it: %v\n", err)
		}
		fmt.Fprintf(p.out, "The journal is copied to %s and read back from there: %s, hash %s.\n"+
			"Keep it on another disk. To put it back: eliminacode restore --from %[1]s\n", to, many(v.Events, "event"), v.Hash)
		return nil
	})
	c.Flags().StringVar(&to, "to", "", "a folder, or a file with a name that ends in .tar, that does not exist yet")
	return c
}

// copyToFile writes a copy of the journal into a new file; it returns when that is on
// the disk.
func copyToFile(ctx context.Context, a archive, to string) (err error) {
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s exists already; choose another name", to)
	} else if err != nil {
		return fmt.Errorf("writing the copy: %w; choose another place", err)
	}
	if err := errors.Join(a.WriteCopy(ctx, f), f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("writing the copy: %w", err), os.Remove(to))
	}
	return nil
}
