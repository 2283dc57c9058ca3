package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"eliminacode/display"
	"eliminacode/queue"
	"eliminacode/queue/journal"
)

// A box without an office may be given a copy of one on its pages. The program then
// closes the journal, puts the copy back as eliminacode restore does, and starts
// again in the same process.

// copies are the backups that a box finds. Its methods may be called from any
// goroutine.
type copies struct {
	data    string
	machine machine
	chosen  chan putBackError // one to put back; capacity 1
	shown   chan struct{}     // the page that waits is in the browser; capacity 1
	taking  chan struct{}     // full while one is sent; capacity 1
	times   int               // how often the box has started again in this process
	aside   string            // where accounts are that were set aside just now

	mu     sync.Mutex
	failed error // of the last try
}

// putBackError ends a run, since a copy is to be put back.
type putBackError struct {
	folder  string
	another bool // a person agreed that it is of another office
}

func (e putBackError) Error() string { return "putting back the copy in " + e.folder }

// copyPlaces are where sticks and disks are mounted, by depth.
var copyPlaces = []string{"/media/*", "/media/*/*", "/media/*/*/*", "/run/media/*/*", "/run/media/*/*/*", "/mnt/*", "/mnt/*/*"}

// maxCopies bounds the copies that are looked at.
const maxCopies = 32

func (c *copies) Copies(ctx context.Context) (all []display.Copy) {
	var folders []string
	for _, place := range copyPlaces {
		for _, folder := range c.machine.glob(place) {
			folders = append(folders, c.machine.at(folder))
		}
	}
	beside, _ := filepath.Glob(filepath.Join(filepath.Dir(filepath.Clean(c.data)), "*"))
	for _, folder := range slices.Concat([]string{c.sent()}, folders, beside) {
		if ctx.Err() != nil || len(all) == maxCopies {
			break
		}
		if journal.Holds(folder) {
			all = append(all, c.look(folder))
		}
	}
	slices.SortFunc(all, func(a, b display.Copy) int { return cmp.Compare(a.Folder, b.Folder) })
	return all
}

// look is what a copy holds.
func (c *copies) look(folder string) display.Copy {
	found := display.Copy{ID: folderID(folder), Folder: folder}
	backup, err := openJournal(folder)
	if err != nil {
		found.Unfit = backupUnfit(err).Error()
		return found
	}
	defer backup.Close()
	state, err := queue.FoldSeq(backup.Today())
	if err == nil && !state.HasSetup() {
		err = queue.ErrNoSetup
	}
	var next []queue.SeriesFrom
	if err == nil {
		known := stillKnown(c.data)
		next, err = goOn(state, known, nil)
		found.Instead = anotherOffice(state, known)
	}
	if err != nil {
		found.Unfit = backupUnfit(err).Error()
		return found
	}
	setup := state.Setup()
	found.Body, found.Name = setup.Office.Body, setup.Office.Name
	if plan := state.Plan(); plan != nil {
		found.Day = plan.Date
	}
	for _, n := range next {
		if i := slices.IndexFunc(setup.Series, func(s queue.Series) bool { return s.ID == n.Series }); i >= 0 {
			found.Series = append(found.Series, fmt.Sprintf("%s%d", setup.Series[i].Letters, n.From))
		}
	}
	return found
}

func (c *copies) PutBack(ctx context.Context, id string, another bool) error {
	all := c.Copies(ctx)
	i := slices.IndexFunc(all, func(x display.Copy) bool { return x.ID == id && x.Unfit == "" })
	if i < 0 {
		return fmt.Errorf("%w: %q", display.ErrNoCopy, id)
	}
	if all[i].Instead != "" && !another {
		return display.ErrAnotherOffice
	}
	select {
	case <-c.shown: // of an earlier try
	default:
	}
	select {
	case c.chosen <- putBackError{all[i].Folder, another}:
	default: // one is chosen already
	}
	return nil
}

// sentName is the folder in the data folder where a copy is that somebody sent; what
// has not come whole yet has another name there.
const sentName = "sent"

func (c *copies) sent() string { return filepath.Join(c.data, sentName, "copia") }

// keptFree is the room that a copy which is sent leaves on the disk.
const keptFree = 64 << 20

// comingName is the copy in the folder of sent ones that is not yet known to be whole.
const comingName = "arrivo"

// Take keeps the copy that comes, whole and verified, as the only one that was sent.
// One that is refused leaves the one that was sent before.
func (c *copies) Take(ctx context.Context, sent io.Reader) error {
	select {
	case c.taking <- struct{}{}:
		defer func() { <-c.taking }()
	default:
		return display.ErrTaking
	}
	folder := filepath.Join(c.data, sentName)
	coming := filepath.Join(folder, comingName)
	if err := errors.Join(os.MkdirAll(folder, 0o700), c.clearSent()); err != nil {
		return fmt.Errorf("making room for a copy: %w; give the program the right to write in the data folder", err)
	}
	v, err := c.machine.volume(folder)
	if err != nil {
		return fmt.Errorf("looking for room for a copy: %w", err)
	}
	room := int64(min(v.free, math.MaxInt64)) - keptFree
	var failed error
	_, err = journal.Backup(ctx, coming, func(_ context.Context, to io.Writer) error {
		n, err := io.Copy(to, io.LimitReader(sent, max(room, 0)))
		if err == nil && n >= room {
			err = display.ErrCopyTooBig
		}
		failed = err
		return err
	})
	switch {
	case err == nil:
		if err := errors.Join(os.RemoveAll(c.sent()), os.Rename(coming, c.sent())); err != nil {
			return fmt.Errorf("keeping a copy: %w; give the program the right to write in the data folder", err)
		}
		return nil
	case errors.Is(failed, display.ErrCopyTooBig):
		return failed
	case errors.Is(err, journal.ErrFull):
		return fmt.Errorf("%w: %w", display.ErrCopyTooBig, err)
	}
	// What ended the reading tells more than what it led to.
	return fmt.Errorf("%w: %w", display.ErrBadCopy, cmp.Or(failed, err))
}

// clearSent takes away what a power cut left of copies that came, and not the one that
// came whole.
func (c *copies) clearSent() (err error) {
	left, _ := filepath.Glob(filepath.Join(c.data, sentName, "*"))
	for _, path := range left {
		if path != c.sent() {
			err = errors.Join(err, os.RemoveAll(path))
		}
	}
	return err
}

func (c *copies) Shown() { nudge(c.shown) }

// nudge wakes the reader of a channel of capacity 1; one wake-up that it has not yet
// taken is enough.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// shownWait is how long the pages go on for a browser to load the one that waits.
const shownWait = 10 * time.Second

// waitShown waits until the page that waits is in the browser.
func waitShown(ctx context.Context, shown <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-time.After(shownWait):
	case <-shown:
	}
}

func (c *copies) Failed() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		return ""
	}
	return c.failed.Error()
}

// run ends with a putBackError once a copy is chosen.
func (c *copies) run(ctx context.Context, o *office) error {
	select {
	case <-ctx.Done():
		return nil
	case asked := <-c.chosen:
		if state, _ := o.Watch(); state.HasSetup() {
			o.log.Warn("no copy is put back: there is an office meanwhile", "copy", asked.folder)
			return nil
		}
		waitShown(ctx, c.shown)
		return asked
	}
}

// restart puts the copy back for which a run ended, or goes on with the settings that
// are others, or with new accounts. It answers false when the run ended for another reason.
func (p program) restart(ctx context.Context, c *copies, err error) bool {
	if errors.Is(err, errRewired) && ctx.Err() == nil {
		fmt.Fprintln(p.out, "The settings are others: the box starts again with them.")
		c.times++
		return true
	}
	if errors.Is(err, errAccessAnew) && ctx.Err() == nil {
		c.times++
		switch c.aside, err = accessAnew(c.data); {
		case err != nil:
			fmt.Fprintln(p.errs, "eliminacode: the accounts are as they were:", err)
		case c.aside != "":
			fmt.Fprintf(p.out, "The damaged accounts are kept in %s: the box starts again, and a code makes a new administrator.\n", c.aside)
		}
		return true
	}
	var asked putBackError
	if !errors.As(err, &asked) || ctx.Err() != nil {
		return false
	}
	done, err := p.restoreFrom(ctx, asked.folder, c.data, restoring{another: asked.another})
	if err != nil {
		err = fmt.Errorf("%w: %w", asked, err)
		fmt.Fprintln(p.errs, "eliminacode:", err)
	} else {
		fmt.Fprintln(p.out, done)
		if err := os.RemoveAll(filepath.Join(c.data, sentName)); err != nil {
			fmt.Fprintln(p.errs, "eliminacode: the copy that was sent stays:", err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed = err
	c.times++
	return true
}
