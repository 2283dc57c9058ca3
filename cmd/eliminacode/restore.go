package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"eliminacode/queue"
	"eliminacode/queue/journal"
)

func (p program) restore() *cobra.Command {
	var from string
	var how restoring
	c := boxCommand(&cobra.Command{
		Use:   "restore --from FOLDER",
		Short: "Put a backup of the journal back, while the service is stopped",
		Long: "Put a backup of the journal back, while the service is stopped. Nothing is deleted: what is there now\n" +
			"is set aside first. Where only closed months are damaged or gone, they alone are put back, and nothing\n" +
			"is lost. Otherwise the whole backup is: it goes on as another journal, and each series 100 numbers after\n" +
			"its last one that is known, since tickets of the numbers between may be in people's hands. Procedures\n" +
			"that are there and can be read stay. A backup of another office than the one that is there is put\n" +
			"back with --another-office only: procedures, drafts, settings that wait for their day and the history of\n" +
			"the settings are then set aside too, and the backup's procedures are put in place. Accounts, programs,\n" +
			"screens and webhooks of the box stay in any case.",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		if from == "" {
			return usageError{errors.New("name the backup's folder with --from")}
		}
		data, err := p.folder(flags)
		if err != nil {
			return err
		}
		return p.runRestore(c.Context(), from, data, how)
	})
	c.Flags().StringVar(&from, "from", "", "the folder that journal backup made")
	c.Flags().BoolVar(&how.another, "another-office", false, "the backup is of another office than the one that is there, which it takes the place of")
	c.Flags().StringToIntVar(&how.next, "next", nil, "a number at which a series goes on, such as A=158; may be said for several")
	return c
}

// A restoring is how a backup is put back.
type restoring struct {
	next    map[string]int // numbers at which series go on; none are found out
	another bool           // it may be of another office than the one that is there
}

func (p program) runRestore(ctx context.Context, from, data string, how restoring) error {
	working := p.working("restoring the journal")
	done, err := p.restoreFrom(ctx, from, data, how)
	working.end()
	if errors.Is(err, journal.ErrInUse) {
		return fmt.Errorf("%w; stop the service: systemctl stop eliminacode", err)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, done+"\nStart the service: systemctl start eliminacode")
	return err
}

// restoreFrom puts the backup in a folder back. It answers what it did.
func (p program) restoreFrom(ctx context.Context, from, data string, how restoring) (string, error) {
	if err := p.machine.mounted(data); err != nil {
		return "", err
	}
	if _, err := os.Stat(data); err != nil {
		return "", fmt.Errorf("looking for the data folder: %w; mount its disk, or make the folder", err)
	}
	if info, err := os.Stat(from); err == nil && !info.IsDir() {
		return "", fmt.Errorf("%s is a file; name the folder that journal backup made", from)
	}
	backup, err := openJournal(from)
	if err != nil {
		return "", backupUnfit(err)
	}
	defer backup.Close()
	done, err := p.putBack(ctx, backup, data, how)
	if err == nil && !hasProcedures(data) {
		err = copyProcedures(filepath.Join(from, journal.Beside), data)
	}
	return done, err
}

// putBack mends what is there, or else puts the whole backup in its place. It
// answers what it did.
func (p program) putBack(ctx context.Context, backup *journal.Journal, data string, how restoring) (done string, err error) {
	dir := journalDir(data)
	if len(how.next) == 0 {
		mended, aside, err := backup.Mend(ctx, dir)
		if err != nil {
			return "", err
		}
		if len(mended) > 0 {
			return fmt.Sprintf("Put back: %s. Nothing is lost, and numbers go on as they were.\nThe damaged files are kept in %s.",
				strings.Join(mended, ", "), aside), nil
		}
	}
	state, err := queue.FoldSeq(backup.Today())
	if err != nil {
		return "", backupUnfit(fmt.Errorf("reading the backup: %w", err))
	}
	if !state.HasSetup() {
		return "", fmt.Errorf("the backup has no office yet; %w", queue.ErrNoSetup)
	}
	known := stillKnown(data)
	was := anotherOffice(state, known)
	if was != "" && !how.another {
		return "", fmt.Errorf("the backup is of %s, and the office that is there is %s: nothing was changed. "+
			"Name the backup of that one, or say --another-office if the box is to become the office of the backup", officeOf(state), was)
	}
	numbers, err := goOn(state, known, how.next)
	if err != nil {
		return "", err
	}
	aside, v, err := backup.Restore(ctx, dir, numbers)
	if err != nil {
		return "", backupUnfit(err)
	}
	others := ""
	if was != "" {
		// What waits for its day would be put in force over the office of the backup.
		if others, err = setOfficeAside(data); err != nil {
			return "", err
		}
	}
	done = fmt.Sprintf("The backup of %s is put back: %s up to %d, hash %s.", officeOf(state), many(v.Events, "event"), v.Last, v.Hash)
	if was != "" {
		done += "\nThe office that was there is " + was + ". Accounts, programs, screens and webhooks stay: look through them at /persone, /programmi, /schermi and /webhook."
	}
	if others != "" {
		done += "\nIts procedures, drafts, settings that waited for their day and history of the settings do not hold any more, and are kept in " + others + "."
	}
	if aside != "" {
		done += "\nWhat was there before is kept in " + aside + "."
	}
	if len(numbers) == 0 {
		return done, nil
	}
	var series []string
	for _, n := range numbers {
		series = append(series, fmt.Sprintf("%s at %d", n.Series, n.From))
	}
	return done + "\nThe office goes on with series " + strings.Join(series, ", ") + ". If higher numbers were given today, say so now:\n" +
		"restore again with --next " + string(numbers[0].Series) + "=NUMBER.", nil
}

// setOfficeAside puts into a folder of its own what belongs to an office that another one
// has taken the place of, beside its journal. It answers that folder; empty where there
// was nothing.
func setOfficeAside(data string) (folder string, err error) {
	for _, name := range []string{setupsName, proceduresName, earlierName} {
		from := filepath.Join(data, name)
		if _, err := os.Lstat(from); errors.Is(err, os.ErrNotExist) {
			continue
		}
		if folder == "" {
			if folder, err = madeAside(filepath.Join(data, "office")); err != nil {
				return "", fmt.Errorf("the backup is put back, and what belongs to the office before cannot be set aside: %w; give the right to write in the data folder, and move %s out of it before the start", err, from)
			}
		}
		if err := os.Rename(from, filepath.Join(folder, name)); err != nil {
			return "", fmt.Errorf("the backup is put back, and what belongs to the office before cannot be set aside: %w; move %s out of the data folder before the start", err, from)
		}
	}
	return folder, nil
}

// madeAside makes the next folder for what is set aside.
func madeAside(name string) (folder string, err error) {
	for n := 1; ; n++ {
		folder = fmt.Sprintf("%s%s%d", name, journal.SetAside, n)
		if err = os.Mkdir(folder, 0o700); !errors.Is(err, os.ErrExist) {
			return folder, err
		}
	}
}

// backupUnfit says what to do about a backup that cannot be put back.
func backupUnfit(err error) error {
	var damage *journal.DamageError
	switch {
	case errors.As(err, &damage):
		return fmt.Errorf("the backup itself is damaged, in %s: %w; nothing was changed: take another backup", damage.File, damage.Err)
	case errors.Is(err, journal.ErrMissing):
		return fmt.Errorf("the backup itself is not whole, take another one: %w", err)
	}
	return err
}

// officeOf is the office of a state, as people know it.
func officeOf(state *queue.State) string {
	o := state.Setup().Office
	return strings.Join(slices.DeleteFunc([]string{o.Body, o.Name}, func(s string) bool { return s == "" }), ", ")
}

// anotherOffice is the newest of the known offices, where a backup is of another one;
// empty where it is of the same, or none is known.
func anotherOffice(backup *queue.State, known []*queue.State) string {
	for _, state := range slices.Backward(known) {
		if !state.HasSetup() {
			continue
		}
		if was := officeOf(state); was != officeOf(backup) {
			return was
		}
		return ""
	}
	return ""
}

// goOn are the numbers at which the series of a backup go on: as told, else far
// enough after the last one that is known.
func goOn(state *queue.State, known []*queue.State, told map[string]int) ([]queue.SeriesFrom, error) {
	var named []queue.SeriesFrom
	for series, from := range told {
		named = append(named, queue.SeriesFrom{Series: queue.SeriesID(series), From: from})
	}
	next, err := state.AfterRestore(named, known...)
	if err != nil {
		return nil, usageError{fmt.Errorf("--next: %w", err)}
	}
	return next, nil
}

// stillKnown is the office as far as the journals in a data folder can be read:
// those that were set aside, and last the one in use, which may be damaged.
func stillKnown(data string) (known []*queue.State) {
	aside, _ := filepath.Glob(journalDir(data) + journal.SetAside + "*")
	for _, dir := range append(aside, journalDir(data)) {
		j, err := journal.Open(dir, journal.Options{ReadOnly: true})
		if err != nil {
			continue
		}
		state, err := queue.FoldSeq(func(yield func(queue.Event, error) bool) {
			for e, err := range j.Today() {
				if err != nil || !yield(e, nil) {
					return
				}
			}
		})
		if j.Close(); err == nil {
			known = append(known, state)
		}
	}
	return known
}
