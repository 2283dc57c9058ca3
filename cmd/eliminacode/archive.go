package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/journal"
	"eliminacode/queue/waiting"
)

// An archive answers questions about the past: the running daemon's, or a
// folder's that nobody has open.
type archive interface {
	Report(ctx context.Context, q waiting.Query) (waiting.Report, error)
	Verify(ctx context.Context) (journal.Verification, error)
	Dump(ctx context.Context, w io.Writer, from uint64) error
	Backup(ctx context.Context, dir string) error
	Office(ctx context.Context) ([]byte, error)
	// Today is the date of the office's business day, YYYY-MM-DD.
	Today(ctx context.Context) (string, error)
	Close() error
}

// journalDir is where the journal lies within the data folder.
func journalDir(data string) string { return filepath.Join(data, "journal") }

// openArchive asks the daemon that runs on the data folder, or else opens the
// folder itself. It never waits on the daemon's lock for more than a second.
func openArchive(ctx context.Context, data string) (archive, error) {
	if info, err := os.Stat(data); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("there is no data folder %s; name the folder of serve or demo with --data", data)
	}
	if d, err := dialDaemon(ctx, data); err == nil {
		return d, nil
	} else if !errors.Is(err, errNoDaemon) {
		return nil, err
	}
	if _, err := os.Stat(journalDir(data)); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no journal; name the folder of serve or demo with --data", data)
	}
	j, err := journal.Open(journalDir(data), journal.Options{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	return &localArchive{journal: j}, nil
}

// withArchive asks the archive of the box, or of another folder, something and
// closes it.
func (p program) withArchive(ctx context.Context, flags boxFlags, ask func(archive) error) error {
	data, err := p.folder(flags)
	if err != nil {
		return err
	}
	a, err := openArchive(ctx, data)
	if err != nil {
		return err
	}
	return errors.Join(ask(a), a.Close())
}

// localArchive reads a journal that this process has open.
type localArchive struct{ journal *journal.Journal }

func (a *localArchive) Close() error { return a.journal.Close() }

// Today is by this machine's clock as the office corrected it, in the office's
// zone; a clock that is behind the journal's last day is not believed.
func (a *localArchive) Today(context.Context) (string, error) {
	state, err := queue.FoldSeq(a.journal.Today())
	if err != nil {
		return "", fmt.Errorf("reading today: %w", err)
	}
	if !state.HasSetup() {
		return "", queue.ErrNoSetup
	}
	date, err := calendar.BusinessDate(state.Setup(), state.OfficeTime(queue.Now{Wall: time.Now().UnixMilli()}))
	if err != nil {
		return "", fmt.Errorf("finding today's date: %w", err)
	}
	if plan := state.Plan(); plan != nil {
		return max(date.String(), plan.Date), nil
	}
	return date.String(), nil
}

func (a *localArchive) Verify(ctx context.Context) (journal.Verification, error) {
	return a.journal.Verify(ctx)
}

func (a *localArchive) Backup(ctx context.Context, dir string) error {
	return a.journal.Backup(ctx, dir)
}

func (a *localArchive) Dump(ctx context.Context, w io.Writer, from uint64) error {
	for record, err := range a.journal.Records(from) {
		if err != nil {
			return fmt.Errorf("reading the journal: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := w.Write(append(record.Value, '\n')); err != nil {
			return fmt.Errorf("writing the records: %w", err)
		}
	}
	return nil
}

func (a *localArchive) Report(ctx context.Context, q waiting.Query) (waiting.Report, error) {
	return waiting.Make(q, a.sheets(ctx, q.From, q.To))
}

// sheets are the sheets of a range of dates: the stored ones, or made now.
func (a *localArchive) sheets(ctx context.Context, from, to string) iter.Seq2[waiting.Sheet, error] {
	return func(yield func(waiting.Sheet, error) bool) {
		days, err := a.journal.Days(from, to)
		if err != nil {
			yield(waiting.Sheet{}, fmt.Errorf("finding the days: %w", err))
			return
		}
		for _, d := range days {
			if err := ctx.Err(); err != nil {
				yield(waiting.Sheet{}, err)
				return
			}
			sheet, ok := a.stored(d.Ordinal)
			if !ok {
				sheet, err = a.made(d.Ordinal)
			}
			if !yield(sheet, err) || err != nil {
				return
			}
		}
	}
}

// stored is the kept sheet of a day, if there is one that can be read. A sheet
// is never the truth: a bad one is made again.
func (a *localArchive) stored(day int) (waiting.Sheet, bool) {
	kept, ok, err := a.journal.Sheet(day)
	if err != nil || !ok || kept.Stale {
		return waiting.Sheet{}, false
	}
	s, err := waiting.Decode(kept.Rows)
	return s, err == nil
}

// made is the sheet of a day, from its events.
func (a *localArchive) made(day int) (waiting.Sheet, error) {
	events, err := a.journal.Day(day)
	if err != nil {
		return waiting.Sheet{}, fmt.Errorf("reading day %d: %w", day, err)
	}
	return waiting.RowsOf(events), nil
}

// keepSheets stores the sheets of days that have ended and have none, whenever
// another day begins, until ctx ends.
func (a *localArchive) keepSheets(ctx context.Context, watch func() (*queue.State, <-chan struct{}), failed func(error)) {
	last := -1
	for {
		state, newer := watch()
		if day := state.Day().Ordinal; day != last {
			last = day
			if err := a.storeSheets(ctx, day); err != nil && ctx.Err() == nil {
				failed(err)
			}
		}
		select {
		case <-newer:
		case <-ctx.Done():
			return
		}
	}
}

func (a *localArchive) storeSheets(ctx context.Context, today int) error {
	days, err := a.journal.Days("", "")
	if err != nil {
		return fmt.Errorf("finding the days: %w", err)
	}
	for _, d := range days {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if d.Ordinal >= today {
			continue
		}
		if _, ok := a.stored(d.Ordinal); ok {
			continue
		}
		sheet, err := a.made(d.Ordinal)
		if err != nil {
			return err
		}
		if err := a.journal.PutSheet(journal.Sheet{Day: d.Ordinal, Version: waiting.SheetVersion, Rows: sheet.Encode()}); err != nil {
			return fmt.Errorf("keeping the sheet of %s: %w", d.Date, err)
		}
	}
	return nil
}
