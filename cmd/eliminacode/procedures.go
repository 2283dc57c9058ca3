package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"eliminacode/cmd/eliminacode/replace"
	"eliminacode/queue"
	officefile "eliminacode/queue/office"
	"eliminacode/queue/procedure"
)

// proceduresName is the file in the data folder that holds the catalogue of
// procedures, once somebody has put one in force.
const proceduresName = "procedures.csv"

// earlierName is the file beside it that holds the catalogue that was in force before.
const earlierName = "procedures-before.csv"

// procedures are the catalogue in force: that of the data folder, or else the
// reference one, which is an example everywhere but in the reference office. A file
// that cannot be read leaves the office without a catalogue until another is put in
// force.
type procedures struct {
	path string
	// atReference tells that the reference office is in force; nil is that it is not.
	atReference func() bool

	mu        sync.Mutex           // held while the file is replaced
	catalogue *procedure.Catalogue // nil while nobody has put one in force
	err       error                // why there is none
	earlier   *procedure.Catalogue // that was in force before; nil when none is kept
}

// example is read once.
var example = sync.OnceValue(procedure.Example)

// referenceBody is the body of the reference office, by which it is known.
var referenceBody = sync.OnceValue(func() string { return officefile.Reference().Office.Body })

func openProcedures(data string, log *slog.Logger) *procedures {
	p := &procedures{path: filepath.Join(data, proceduresName)}
	if p.catalogue, p.err = readProcedures(p.path); errors.Is(p.err, os.ErrNotExist) {
		p.err = nil
	}
	// One that cannot be read costs the way back alone.
	p.earlier, _ = readProcedures(p.earlierPath())
	if p.err != nil {
		log.Error("the catalogue of procedures cannot be used", "err", p.err, "do", "put one in force: eliminacode procedure import FILE")
	}
	return p
}

// readProcedures reads a file of procedures. It says which file is at fault.
func readProcedures(path string) (*procedure.Catalogue, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the procedures: %w; correct the name, or give the right to read it", err)
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, procedure.MaxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading the procedures: %w; copy the file again", err)
	}
	c, err := procedure.Parse(file)
	if err != nil {
		return nil, fmt.Errorf("%s:\n%w", path, err)
	}
	return c, nil
}

// Catalogue is the catalogue in force, or why there is none.
func (p *procedures) Catalogue() (*procedure.Catalogue, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.inForce()
}

func (p *procedures) inForce() (*procedure.Catalogue, error) {
	switch {
	case p.catalogue != nil || p.err != nil:
		return p.catalogue, p.err
	case p.atReference != nil && p.atReference():
		return procedure.Reference(), nil
	}
	return example(), nil
}

func (p *procedures) earlierPath() string { return filepath.Join(filepath.Dir(p.path), earlierName) }

// Earlier is the catalogue that was in force before; nil when none is kept.
func (p *procedures) Earlier() *procedure.Catalogue {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.earlier
}

// Replace puts the catalogue of a CSV file in force, once it is on disk. A file
// with a fault changes nothing. The one that was in force is kept as the earlier one;
// where it could not be read, the earlier one stays.
func (p *procedures) Replace(file []byte) (*procedure.Catalogue, error) {
	c, err := procedure.Parse(file)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	was, err := p.inForce()
	if err == nil {
		if err := replace.File(p.earlierPath(), was.Format()); err != nil {
			return nil, err
		}
		p.earlier = was
	}
	if err := replace.File(p.path, c.Format()); err != nil {
		return nil, err
	}
	p.catalogue, p.err = c, nil
	return c, nil
}

// astray says of which procedures the office does not have the service.
func astray(c *procedure.Catalogue, setup queue.Setup) (all []string) {
	for _, p := range c.Astray(setup) {
		all = append(all, fmt.Sprintf("%s: the office has no service %q; nobody can be given a ticket for it until its servizio is one of the office's", p.ID, p.Service))
	}
	return all
}

// goneOf says which procedures are there no more, and the way back; empty when none is
// gone.
func goneOf(c, before *procedure.Catalogue) string {
	if before == nil {
		return ""
	}
	var ids []string
	for _, p := range c.Since(before).Gone {
		ids = append(ids, string(p.ID))
	}
	if len(ids) == 0 {
		return ""
	}
	return fmt.Sprintf("gone from the catalogue: %s; the one before is kept, and the page /pratiche puts it in force again", strings.Join(ids, ", "))
}

// hasProcedures tells whether a data folder has a catalogue that can be read.
func hasProcedures(data string) bool {
	_, err := readProcedures(filepath.Join(data, proceduresName))
	return err == nil
}

// copyProcedures copies the catalogue of one folder, as it is, into another, which
// is made. Where there is none nothing is copied.
func copyProcedures(from, to string) error {
	file, err := os.ReadFile(filepath.Join(from, proceduresName))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("copying the procedures: %w; give the right to read the file", err)
	}
	if err := os.MkdirAll(to, 0o750); err != nil {
		return fmt.Errorf("copying the procedures: %w; give the right to write there", err)
	}
	return replace.File(filepath.Join(to, proceduresName), file)
}

func (p program) procedureCommand() *cobra.Command {
	return commandGroup("procedure", "Check, print or replace the catalogue of procedures that the reception searches", "",
		p.procedureExport(), p.procedureImport(), p.procedureCheck())
}

func (p program) procedureExport() *cobra.Command {
	return boxCommand(&cobra.Command{
		Use:   "export",
		Short: "Print the procedures in force as a CSV file for a spreadsheet",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		return p.withDaemon(c.Context(), flags, "which has them", func(d *daemon) error {
			file, err := d.Procedures(c.Context())
			if err != nil {
				return err
			}
			_, err = p.out.Write(file)
			return err
		})
	})
}

func (p program) procedureImport() *cobra.Command {
	return boxCommand(&cobra.Command{
		Use:   "import FILE",
		Short: "Put the procedures of a CSV file in force, while the daemon runs",
		Long: "Put the procedures of a CSV file in force, in place of all that are there. A file with a fault changes\n" +
			"nothing. Procedures of a service that the office does not have are told: they can be looked up, but no\n" +
			"ticket can be given for them.",
		Args: cobra.ExactArgs(1),
	}, func(c *cobra.Command, flags boxFlags, args []string) error {
		// Every fault is told here, with the file's name.
		catalogue, err := readProcedures(args[0])
		if err != nil {
			return err
		}
		var strays []string
		if err := p.withDaemon(c.Context(), flags, "which keeps them", func(d *daemon) (err error) {
			strays, err = d.ReplaceProcedures(c.Context(), catalogue.Format())
			return err
		}); err != nil {
			return err
		}
		for _, s := range strays {
			fmt.Fprintln(p.out, "WARN ", s)
		}
		fmt.Fprintf(p.out, "The catalogue has %s now.\n", many(len(catalogue.All()), "procedure"))
		return nil
	})
}

func (p program) procedureCheck() *cobra.Command {
	return boxCommand(&cobra.Command{
		Use:   "check FILE",
		Short: "Read a CSV file of procedures and say everything that is wrong with it",
		Long: "Read a CSV file of procedures and say everything that is wrong with it. Where the daemon runs, what\n" +
			"does not fit its office is told too.",
		Args: cobra.ExactArgs(1),
	}, func(c *cobra.Command, flags boxFlags, args []string) error {
		catalogue, err := readProcedures(args[0])
		if err != nil {
			return err
		}
		data, err := p.folder(flags)
		if err != nil {
			return err
		}
		d, err := daemonOf(c.Context(), data)
		if err != nil {
			return err
		}
		if d != nil {
			setup, err := d.Office(c.Context())
			if err = errors.Join(err, d.Close()); err != nil {
				return err
			}
			for _, s := range astray(catalogue, setup) {
				fmt.Fprintln(p.out, "WARN ", s)
			}
		}
		fmt.Fprintf(p.out, "OK    %s\n", many(len(catalogue.All()), "procedure"))
		return nil
	})
}
