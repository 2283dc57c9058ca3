package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"eliminacode/display"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/journal"
	"eliminacode/queue/waiting"
)

// An archive answers questions about the past: the running daemon's, or a
// folder's that nobody has open.
type archive interface {
	Report(ctx context.Context, q waiting.Query) (waiting.Report, error)
	// Verify tells how far it is where it can.
	Verify(ctx context.Context, w *progress) (journal.Verification, error)
	Dump(ctx context.Context, w io.Writer, from uint64) error
	// WriteCopy writes the journal for journal.Backup to read.
	WriteCopy(ctx context.Context, w io.Writer) error
	// Office is the office in force.
	Office(ctx context.Context) (queue.Setup, error)
	// Today is the date of the office's business day, YYYY-MM-DD.
	Today(ctx context.Context) (string, error)
	// Clock is what the office's clock shows, in its zone.
	Clock(ctx context.Context) (time.Time, error)
	Close() error
}

// journalDir is where the journal lies within the data folder.
func journalDir(data string) string { return filepath.Join(data, "journal") }

// openArchive asks the daemon that runs on the data folder, or else opens the
// folder itself. It never waits on the daemon's lock for more than a second.
func openArchive(ctx context.Context, data string) (archive, error) {
	if info, err := os.Stat(data); err != nil || !info.IsDir() {
		return nil, errNoDataFolder(data)
	}
	if d, err := daemonOf(ctx, data); d != nil {
		return d, nil
	} else if err != nil {
		return nil, err
	}
	j, err := openJournal(data)
	if err != nil {
		return nil, err
	}
	return newArchive(j, nil), nil
}

func errNoDataFolder(data string) error {
	return fmt.Errorf("there is no data folder %s; name the folder of serve or demo with --data", data)
}

// openJournal opens for reading the journal of a data folder, or a backup as it
// lies.
func openJournal(data string) (*journal.Journal, error) {
	dir := journalDir(data)
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		if dir = data; !journal.Holds(data) {
			return nil, fmt.Errorf("%s holds no journal; name the folder of serve or demo, or a backup, with --data", data)
		}
	}
	j, err := journal.Open(dir, journal.Options{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	if last, _ := j.Last(); last == 0 {
		return nil, errors.Join(errNoOfficeHere(data), j.Close())
	}
	return j, nil
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
type localArchive struct {
	journal *journal.Journal
	today   func() *queue.State // the office that this process runs; nil when it runs none
	reports reports
	open    openSheet
}

// newArchive is the archive of a journal, and of the office that runs on it.
func newArchive(j *journal.Journal, today func() *queue.State) *localArchive {
	return &localArchive{journal: j, today: today, reports: newReports()}
}

func (a *localArchive) Close() error { return a.journal.Close() }

// state is the office as the journal has it.
func (a *localArchive) state() (*queue.State, error) {
	state, err := queue.FoldSeq(a.journal.Today())
	if err != nil {
		return nil, fmt.Errorf("reading today: %w", err)
	}
	if !state.HasSetup() {
		return nil, queue.ErrNoSetup
	}
	return state, nil
}

// Office is the office in force.
func (a *localArchive) Office(context.Context) (queue.Setup, error) {
	state, err := a.state()
	if err != nil {
		return queue.Setup{}, err
	}
	return state.Setup(), nil
}

// Today is by this machine's clock as the office corrected it, in the office's
// zone; a clock that is behind the journal's last day is not believed.
func (a *localArchive) Today(context.Context) (string, error) {
	state, err := a.state()
	if err != nil {
		return "", err
	}
	date, err := businessDate(state, queue.Now{Wall: time.Now().UnixMilli()})
	if plan := state.Plan(); plan != nil {
		return max(date, plan.Date), err
	}
	return date, err
}

// Clock is this machine's clock as the office corrected it.
func (a *localArchive) Clock(context.Context) (time.Time, error) {
	state, err := a.state()
	if err != nil {
		return time.Time{}, err
	}
	return wallTime(state, queue.Now{Wall: time.Now().UnixMilli()})
}

// businessDate is the date of the business day that an office's clock is in.
func businessDate(state *queue.State, now queue.Now) (string, error) {
	date, err := calendar.BusinessDate(state.Setup(), state.OfficeTime(now))
	if err != nil {
		return "", fmt.Errorf("finding today's date: %w", err)
	}
	return date.String(), nil
}

func (a *localArchive) Verify(ctx context.Context, w *progress) (journal.Verification, error) {
	last, _ := a.journal.Last()
	ctx = journal.Follow(ctx, func(seq uint64) { w.at(seq, last) })
	return a.journal.Verify(ctx)
}

func (a *localArchive) WriteCopy(ctx context.Context, w io.Writer) error {
	return a.journal.WriteCopy(ctx, w)
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

// Since yields the events from seq on; see journal.Journal.Since.
func (a *localArchive) Since(seq uint64) iter.Seq2[queue.Event, error] { return a.journal.Since(seq) }

// Opening is the sequence of the event that opened the day of another, or the
// oldest that is kept. For an event that is kept no more it answers a
// display.EventsGoneError.
func (a *localArchive) Opening(seq uint64) (uint64, error) {
	opening := a.journal.First()
	if seq < opening {
		return 0, display.EventsGoneError{Oldest: opening}
	}
	days, err := a.journal.Days("", "")
	if err != nil {
		return 0, fmt.Errorf("finding the days: %w", err)
	}
	for _, d := range days {
		if d.First >= opening && d.First <= seq {
			opening = d.First
		}
	}
	return opening, nil
}

// Report answers a query about waiting. At most one report is made at a time.
func (a *localArchive) Report(ctx context.Context, q waiting.Query) (waiting.Report, error) {
	return a.reports.ask(ctx, q, func() any { return a.restsOn(q) }, func(ctx context.Context) (waiting.Report, error) {
		return waiting.Make(q, a.sheets(ctx, q.From, q.To))
	})
}

// restsOn is what a report may change with: while it is the same, so is the
// report. Closed days do not change, and today only with an event.
func (a *localArchive) restsOn(q waiting.Query) any {
	type rest struct {
		day  queue.Day
		date string
		seq  uint64
	}
	if a.today == nil {
		return nil // nobody writes what this process reads
	}
	s := a.today()
	r := rest{day: s.Day(), seq: s.Seq()}
	if plan := s.Plan(); plan != nil {
		if r.date = plan.Date; r.date < q.From || r.date > q.To {
			r.seq = 0
		}
	}
	return r
}

// sheets are the sheets of a range of dates: those that are stored, that of
// the day in memory, or made now. Each is valid until the next is asked for.
func (a *localArchive) sheets(ctx context.Context, from, to string) iter.Seq2[waiting.Sheet, error] {
	return func(yield func(waiting.Sheet, error) bool) {
		days, err := a.journal.Days(from, to)
		if err != nil {
			yield(waiting.Sheet{}, fmt.Errorf("finding the days: %w", err))
			return
		}
		read := 0
		for d, sheet := range a.stored(days) {
			if err = ctx.Err(); err != nil {
				yield(waiting.Sheet{}, err)
				return
			}
			if sheet == nil {
				sheet = a.open.of(a.today, d.Ordinal)
			}
			if sheet == nil {
				var made waiting.Sheet
				made, err = a.made(d.Ordinal)
				sheet = &made
			}
			if !yield(*sheet, err) || err != nil {
				return
			}
			if read++; read%sheetsAtATime == 0 {
				runtime.Gosched()
			}
		}
	}
}

// sheetsAtATime is how many sheets a report reads, in half a millisecond, before
// it makes way: a report has time, a press has not.
const sheetsAtATime = 16

// stored pairs days with their stored sheets, nil for a day that has none that
// can be read. A sheet is never the truth: a bad one is made again.
func (a *localArchive) stored(days []journal.Day) iter.Seq2[journal.Day, *waiting.Sheet] {
	return func(yield func(journal.Day, *waiting.Sheet) bool) {
		if len(days) == 0 {
			return
		}
		next, stop := iter.Pull2(waiting.Decoded(a.storedRows(days[0].Ordinal, days[len(days)-1].Ordinal)))
		defer stop()
		var sheet waiting.Sheet
		more := true
		for _, d := range days {
			for more && sheet.Day < d.Ordinal {
				var err error
				if sheet, err, more = next(); err != nil {
					sheet = waiting.Sheet{}
				}
			}
			found := &sheet
			if !more || sheet.Day != d.Ordinal {
				found = nil
			}
			if !yield(d, found) {
				return
			}
		}
	}
}

// storedRows are the stored sheets of the days from..to, as they lie. What
// cannot be read ends them.
func (a *localArchive) storedRows(from, to int) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for s, err := range a.journal.Sheets(from, to) {
			if err != nil {
				return
			}
			if !s.Stale && !yield(s.Encoded, nil) {
				return
			}
		}
	}
}

// made is the sheet of a day, from its events.
func (a *localArchive) made(day int) (waiting.Sheet, error) {
	events, err := a.journal.Day(day)
	if err != nil {
		return waiting.Sheet{}, fmt.Errorf("reading day %d: %w", day, err)
	}
	return waiting.RowsOf(events), nil
}

// openSheet is the sheet of the day in memory, made anew only where something
// has happened since.
type openSheet struct {
	mu    sync.Mutex
	sheet waiting.UnderWay
}

// of is the sheet of a day, or nil when it is not the one in memory.
func (o *openSheet) of(today func() *queue.State, day int) *waiting.Sheet {
	if today == nil {
		return nil
	}
	s := today()
	if s.Day().Ordinal != day || !s.Day().Open {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	sheet := o.sheet.Rows(s)
	return &sheet
}

// sheetsRest is how long a start goes on without a look at the sheets.
const sheetsRest = 10 * time.Second

// keepSheets stores the sheets of days that are closed and have none, whenever
// a day begins or ends, until ctx ends.
func (a *localArchive) keepSheets(ctx context.Context, watch func() (*queue.State, <-chan struct{}), failed func(error)) {
	// A start has better to do than to go through ten years of sheets.
	select {
	case <-time.After(sheetsRest):
	case <-ctx.Done():
		return
	}
	last := -1
	for {
		state, newer := watch()
		open := newestClosed(state) + 1
		if open != last {
			last = open
			if err := a.storeSheets(ctx, open); err != nil && ctx.Err() == nil {
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

// storeSheets stores the sheets that are missing of the days before open.
func (a *localArchive) storeSheets(ctx context.Context, open int) error {
	days, err := a.journal.Days("", "")
	if err != nil {
		return fmt.Errorf("finding the days: %w", err)
	}
	days = slices.DeleteFunc(days, func(d journal.Day) bool { return d.Ordinal >= open })
	for d, sheet := range a.stored(days) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		runtime.Gosched()
		if sheet != nil {
			continue
		}
		made, err := a.made(d.Ordinal)
		if err != nil {
			return err
		}
		if err := a.journal.PutSheet(journal.StoredSheet{Day: d.Ordinal, Version: waiting.SheetVersion, Encoded: made.Encode()}); err != nil {
			return fmt.Errorf("keeping the sheet of %s: %w", d.Date, err)
		}
	}
	return nil
}
