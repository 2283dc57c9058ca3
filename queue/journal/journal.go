package journal

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"
)

// Options say how a journal is opened.
type Options struct {
	// Product is the version of the program. It is stored with each file, so
	// that an older program can say which one is needed.
	Product string
	// ReadOnly opens an existing journal beside other readers, never beside a
	// writer, and changes nothing at all.
	ReadOnly bool
	// Log receives what Open finds and mends; nil is nowhere.
	Log *slog.Logger
	// NoSync answers before anything is on disk. ONLY for tests, and for a
	// copy of which nobody knows yet: after a power cut, events that were
	// acknowledged are gone or the file is damaged.
	NoSync bool
}

// A Journal is a folder of events.
type Journal struct {
	dir  string
	o    Options
	log  *slog.Logger
	lock *os.File
	done chan struct{} // closed by Close: long work stops

	appending sync.Mutex // held by one Append at a time
	encoded   []byte     // of the last Append

	mu     sync.RWMutex
	files  []monthFile
	live   *live // nil when there is no file yet or none is written
	head   head
	copied *Copied
	gaps   []gap // where Open found that files are missing
	failed error // why nothing more is accepted
	// suspected is what is wrong with what was written earlier; see Suspected.
	suspected error
	closed    bool

	dating     sync.Mutex
	closedDays map[string][]Day // by file that is written no more; see daysOf

	sheetsUse sync.Mutex // held while sheets is found, opened or dropped
	sheets    *live      // nil until it is first needed
}

func hashOf(value []byte) Hash { return sha256.Sum256(value) }

// Open opens the journal in a folder, and makes the folder if only that is
// missing. It looks at the newest file, which must be whole, and at the one
// before it, of which Suspected tells; what lies further back is checked by
// Verify. The program that opens a journal for writing has it alone.
func Open(dir string, o Options) (*Journal, error) {
	j := &Journal{dir: dir, o: o, log: o.Log, done: make(chan struct{}), closedDays: map[string][]Day{}}
	if j.log == nil {
		j.log = slog.New(slog.DiscardHandler)
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("opening the journal: %s is a file; name the folder that holds the journal's files", dir)
	} else if o.ReadOnly && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("opening the journal: %w; name the folder that holds the journal's files", err)
	}
	if !o.ReadOnly {
		if err := makeFolder(dir); err != nil {
			return nil, err
		}
		if err := writable(dir); err != nil {
			return nil, err
		}
	}
	var err error
	if j.lock, err = lockFolder(dir, o.ReadOnly); err != nil {
		return nil, err
	}
	if err := j.open(); err != nil {
		if j.live != nil {
			<-j.live.retire()
		}
		j.lock.Close()
		return nil, err
	}
	return j, nil
}

func (j *Journal) open() error {
	files, foreign, err := list(j.dir)
	if err != nil {
		return err
	}
	j.files = files
	newest, noList, err := j.checkNewest()
	if err != nil {
		return err
	}
	last := newest
	if last != nil {
		j.head, j.copied = last.head, last.copied
		last.close()
		if err := j.checkOlder(last); err != nil {
			j.suspect(err)
		}
	}
	if err := j.checkForeign(foreign); err != nil {
		return err
	}
	if last, err = j.finishRotation(last); err != nil {
		return err
	}
	if last == nil || j.o.ReadOnly {
		return nil
	}
	if last != newest {
		noList = nil // of a file that is not written any more
	}
	if noList != nil {
		if err := j.forgetFree(last, noList); err != nil {
			return err
		}
	}
	if j.live, err = j.openLive(last.name, last.meta); err != nil {
		return cannotWrite(last.name, err)
	}
	switch {
	case last.spare != nil:
		// The power went while a header was written, or it was damaged later.
		err = j.mendHeader(j.live, last, head{})
	case noList != nil:
		err = j.live.commit(nil, j.head) // which stores the list
	}
	j.live.copied = j.copied != nil
	return err
}

// checkNewest looks whether the newest file is whole as far as a start needs it,
// which must not read a month. It answers nil when there is none yet. noList
// tells why the list of free pages must be made anew.
func (j *Journal) checkNewest() (last *view, noList, err error) {
	if len(j.files) == 0 {
		return nil, nil, nil
	}
	newest := j.files[len(j.files)-1]
	if last, err = openView(j.dir, newest.name); err != nil {
		return nil, nil, err
	}
	if err = checkName(last, newest); err == nil {
		err = last.checkHead()
	}
	if err == nil {
		err = last.checkFirst()
	}
	if err == nil && !j.o.ReadOnly {
		noList, err = last.checkFree()
	}
	if err == nil && noList != nil && last.spare != nil {
		err = last.damaged(0, noList) // the header before could be needed
	}
	if err != nil {
		last.close()
		return nil, nil, err
	}
	return last, noList, nil
}

// checkOlder looks whether all older files are there and the newest one follows
// the one before it. Files are counted from both ends, so that ten years of
// months do not have to be opened. What is wrong there is told and does not stop
// today.
func (j *Journal) checkOlder(last *view) error {
	n := len(j.files)
	if last.meta.Ordinal != n {
		return j.missesFiles()
	}
	if n == 1 {
		return checkLink(last, head{})
	}
	if first, err := openView(j.dir, j.files[0].name); err != nil {
		return err
	} else if first.close(); first.meta.Ordinal != 1 {
		return j.missesFiles()
	}
	before, err := openView(j.dir, j.files[n-2].name)
	if err != nil {
		return err
	}
	before.close()
	if before.spare != nil {
		return j.mendClosed(before, last.meta)
	}
	if checkLink(last, before.head) != nil {
		return before.damaged(before.head.Seq, fmt.Errorf("it ends with event %d, and the next file goes on after another event %d", before.head.Seq, last.meta.First-1))
	}
	return nil
}

// suspect remembers and logs what is wrong with files that are not needed now.
func (j *Journal) suspect(err error) {
	j.mu.Lock()
	known := j.suspected != nil && j.suspected.Error() == err.Error()
	j.suspected = err
	j.mu.Unlock()
	if !known {
		j.log.Error("the journal is not what was written", "err", err)
	}
}

// Suspected is what is known to be wrong with the journal while it goes on: what
// Open, Today or Verify found; nil when all that was read is right. A Verify that
// finds everything whole ends it.
func (j *Journal) Suspected() error {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.suspected
}

// missesFiles finds and keeps what is missing, and tells of the oldest of it.
func (j *Journal) missesFiles() error {
	gaps, err := j.findGaps()
	j.mu.Lock()
	j.gaps = gaps
	j.mu.Unlock()
	if len(gaps) > 0 {
		return gaps[0].missing()
	}
	return err
}

// A gap is where files of the journal are not there.
type gap struct {
	files  int    // how many
	first  uint64 // event that the oldest of them begins with; 0 when it is not known
	before monthFile
	after  string // month of the file before the gap; empty when there is none
}

// findGaps opens file after file to say where one is not there. A file that
// cannot be read counts as the one that is expected in its place; err tells of
// the first.
func (j *Journal) findGaps() (gaps []gap, err error) {
	j.mu.RLock()
	files := j.files
	j.mu.RUnlock()
	ordinal, first, after := 0, uint64(1), ""
	for _, f := range files {
		ordinal++
		next := uint64(0)
		if v, bad := openView(j.dir, f.name); bad == nil {
			v.close()
			if v.meta.Ordinal > ordinal {
				gaps = append(gaps, gap{files: v.meta.Ordinal - ordinal, first: first, before: f, after: after})
			} else if v.meta.Ordinal < ordinal && err == nil {
				err = v.damaged(0, fmt.Errorf("it says that it is number %d of the journal and is here number %d or later", v.meta.Ordinal, ordinal))
			}
			ordinal, next = v.meta.Ordinal, v.head.Seq+1
		} else if err == nil {
			err = bad
		}
		first, after = next, f.month
	}
	return gaps, err
}

// missing says which files are not there.
func (g gap) missing() error {
	which := fmt.Sprintf("%d before %s", g.files, g.before.name)
	if g.first != 0 {
		which = fmt.Sprintf("journal-%012d-*.db, %d in all before %s, with the events %d to %d", g.first, g.files, g.before.name, g.first, g.before.first-1)
	}
	return fmt.Errorf("%w: %s; %s", ErrMissing, which, putBack)
}

// touches tells whether days of the dates from..to may be in what is missing, by
// the months of the files around it, as elsewhere does; without both it does not
// matter.
func (g gap) touches(from, to string) bool {
	if from == "" && to == "" {
		return false
	}
	before := g.before.month
	if g.after != "" && monthAfter(g.after) >= before {
		return true // a clock was wrong, and the months say nothing
	}
	return (from == "" || from[:min(len(before), len(from))] < before) && (to == "" || to[:min(len(before), len(to))] > g.after)
}

// monthAfter is the month that follows another.
func monthAfter(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return t.AddDate(0, 1, 0).Format("2006-01")
}

func checkName(v *view, f monthFile) error {
	if v.meta.First != f.first {
		return v.damaged(0, fmt.Errorf("by its name it begins with event %d, by its content with %d; was it renamed", f.first, v.meta.First))
	}
	return nil
}

// checkLink compares the beginning of a file with the end of the one before.
func checkLink(v *view, before head) error {
	if v.meta.First != before.Seq+1 || v.meta.Prev != before.Hash {
		return v.damaged(v.meta.First, fmt.Errorf("it does not go on where the file before ends, at event %d", before.Seq))
	}
	return nil
}

// cannotRead says what to do about a folder or a month file that does not open.
func cannotRead(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("opening the journal: %w; the user that the program runs as must be allowed to read it", err)
	}
	return fmt.Errorf("opening the journal: %w", err)
}

// cannotWrite says what to do about a month file that bbolt does not open.
func cannotWrite(name string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("opening the journal: %w; the user that the program runs as must be allowed to write the file", err)
	}
	if failing := diskFails(name, err); failing != nil {
		return fmt.Errorf("opening the journal: %w", failing)
	}
	return &DamageError{File: name, Err: err}
}

// Last is the newest event's sequence and hash; both zero in an empty journal.
func (j *Journal) Last() (seq uint64, hash Hash) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.head.Seq, j.head.Hash
}

// First is the oldest event that is kept; 1 in a journal that has none yet.
func (j *Journal) First() uint64 {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if len(j.files) == 0 {
		return 1
	}
	return j.files[0].first
}

// Close ends long reading, waits for a running Append and gives the folder
// back. Closing again does nothing.
func (j *Journal) Close() error {
	j.appending.Lock()
	defer j.appending.Unlock()
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return nil
	}
	j.closed = true
	close(j.done)
	j.mu.Unlock()
	j.sheetsUse.Lock() // whoever takes it from now on finds the journal closed
	sheets := j.sheets
	j.sheetsUse.Unlock()
	for _, l := range []*live{j.live, sheets} {
		if l != nil {
			<-l.retire()
		}
	}
	return j.lock.Close()
}

func (j *Journal) isClosed() bool {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.closed
}

// view opens the file that is number i of the journal.
func (j *Journal) view(i int) (*view, error) {
	j.mu.RLock()
	if j.closed {
		j.mu.RUnlock()
		return nil, ErrClosed
	}
	f, live := j.files[i], j.live
	if live != nil && i == len(j.files)-1 {
		defer j.mu.RUnlock() // so that it is not retired in between
		return live.view()
	}
	j.mu.RUnlock()
	v, err := openView(j.dir, f.name)
	if err != nil {
		return nil, err
	}
	if err := checkName(v, f); err != nil {
		v.close()
		return nil, err
	}
	return v, nil
}
