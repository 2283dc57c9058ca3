package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync"

	"go.etcd.io/bbolt"
	"golang.org/x/sys/unix"

	"eliminacode/queue"
)

// growBytes is by how much a month file grows at a time: about a day.
const growBytes = 1 << 20

// mapBytes is the address space for the file in use. While it suffices, bbolt
// need not map the file anew, which waits for every reader.
func mapBytes() int {
	if strconv.IntSize == 32 {
		return 64 << 20
	}
	return 1 << 30
}

// A live is the month file in use: bbolt writes it, and views of it stay
// readable meanwhile. It is closed when it is retired and its last view is.
type live struct {
	name string
	db   *bbolt.DB
	file *os.File // bbolt's own
	meta fileMeta
	// copied tells that the file has the mark of a copy, which the next commit
	// takes away; only the one who appends touches it.
	copied bool
	// reserved is how long the file was when it was last asked; it only grows. Only
	// the one who writes touches it.
	reserved int64

	mu      sync.Mutex
	views   int
	retired bool
	idle    chan struct{} // closed when retired without views
	broken  error         // bbolt panicked; its locks cannot be trusted
}

// openLive opens a file with bbolt, for writing; meta is what a month file says of
// itself.
func (j *Journal) openLive(name string, meta fileMeta) (*live, error) {
	l := &live{name: name, meta: meta, idle: make(chan struct{})}
	err := guard(func() (err error) {
		l.db, err = bbolt.Open(filepath.Join(j.dir, name), 0o640, &bbolt.Options{
			Timeout:         lockTimeout,
			PageSize:        pageBytes,
			InitialMmapSize: mapBytes(),
			// The list of free pages is short where one only appends. It is
			// stored, since finding free pages by reading the whole file is
			// slow, and the array reuses the lowest page first.
			NoFreelistSync: false,
			FreelistType:   bbolt.FreelistArrayType,
			NoSync:         j.o.NoSync,
			NoGrowSync:     j.o.NoSync,
			NoStatistics:   true,
			OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
				l.file, err = os.OpenFile(name, flag, mode)
				return l.file, err
			},
		})
		return err
	})
	if err != nil {
		if l.file != nil {
			l.file.Close() // bbolt leaves it open when it panics
		}
		return nil, err
	}
	l.db.AllocSize = growBytes
	return l, nil
}

// guard turns a fault or a panic over damaged pages into an error.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errPanicked, r)
		}
	}()
	return f()
}

// errPanicked marks what guard caught.
var errPanicked = errors.New("its pages contradict one another")

// run does something with bbolt. After a panic bbolt may hold locks that it
// will never release, so that it is not asked again.
func (l *live) run(f func() error) error {
	l.mu.Lock()
	broken := l.broken
	l.mu.Unlock()
	if broken != nil {
		return broken
	}
	err := guard(f)
	if errors.Is(err, errPanicked) {
		err = &DamageError{File: l.name, Err: err}
		l.mu.Lock()
		l.broken = err
		l.mu.Unlock()
	}
	return err
}

// pin holds the file as it is now, until close.
func (l *live) pin() (tx *bbolt.Tx, t *tree, closer func(), err error) {
	l.mu.Lock()
	if l.views == 0 && l.retired {
		l.mu.Unlock()
		return nil, nil, nil, ErrClosed
	}
	l.views++
	l.mu.Unlock()
	err = l.run(func() (err error) {
		if tx, err = l.db.Begin(false); err != nil {
			return err
		}
		size := l.db.Info().PageSize
		t = &tree{r: l.file, header: header{
			pageBytes: size, pages: uint64(tx.Size()) / uint64(size), root: uint64(tx.Cursor().Bucket().Root()),
		}}
		return nil
	})
	if err != nil {
		l.release()
		return nil, nil, nil, err
	}
	return tx, t, func() {
		_ = l.run(tx.Rollback)
		l.release()
	}, nil
}

// view pins the month file as it is now.
func (l *live) view() (*view, error) {
	v := &view{name: l.name}
	var err error
	if v.tx, v.tree, v.close, err = l.pin(); err != nil {
		return nil, err
	}
	if err := v.describe(); err != nil {
		v.close()
		return nil, err
	}
	return v, nil
}

func (l *live) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.views--; l.retired && l.views == 0 {
		l.shut()
	}
}

// retire closes the file as soon as nobody looks at it; idle tells when.
func (l *live) retire() (idle <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.retired {
		l.retired = true
		if l.views == 0 {
			l.shut()
		}
	}
	return l.idle
}

// shut closes the file. All that was acknowledged is synced, so that an error
// here says nothing about it.
func (l *live) shut() {
	if l.broken == nil {
		_ = guard(l.db.Close)
	} else {
		l.file.Close() // bbolt's own Close could wait for ever
	}
	close(l.idle)
}

// update changes the file in one transaction.
func (l *live) update(change func(*bbolt.Tx) error) error {
	return l.run(func() error { return l.db.Update(change) })
}

// commit stores records and the head they lead to in one transaction.
func (l *live) commit(records []record, to head) error {
	err := l.update(func(tx *bbolt.Tx) error {
		if err := l.reserve(tx, lengthOf(records)); err != nil {
			return err
		}
		if err := put(tx, l.meta, records, to); err != nil || !l.copied {
			return err
		}
		return tx.Bucket([]byte(metaBucket)).Delete([]byte(copyKey))
	})
	if err == nil {
		l.copied = false
	}
	return err
}

func put(tx *bbolt.Tx, meta fileMeta, records []record, to head) error {
	events := tx.Bucket([]byte(eventsBucket))
	heads := tx.Bucket([]byte(metaBucket))
	if events == nil || heads == nil {
		return errors.New("a bucket is missing")
	}
	// Events only ever come after all others: a page that is split is full
	// for ever, and leaving room in it would be room lost.
	events.FillPercent = 1
	for _, r := range records {
		if err := events.Put(key(r.seq), r.value); err != nil {
			return fmt.Errorf("storing event %d: %w", r.seq, err)
		}
		if r.day == nil && (r.dated == "" || !meta.Dated) {
			continue
		}
		days, err := tx.CreateBucketIfNotExists([]byte(daysBucket))
		if err != nil {
			return err
		}
		if r.day != nil {
			err = putDay(days, r.day.Day, dayEntry{Date: r.day.Plan.Date, Seq: r.seq})
		} else {
			err = redate(days, r.dated)
		}
		if err != nil {
			return err
		}
	}
	return heads.Put([]byte(headKey), fmt.Appendf(nil, `{"seq":%d,"hash":"%v"}`, to.Seq, to.Hash))
}

// redate gives the newest day of the index another date.
func redate(days *bbolt.Bucket, date string) error {
	ordinal, value := days.Cursor().Last()
	var d dayEntry
	if ordinal == nil || json.Unmarshal(value, &d) != nil {
		return nil // an index that is not one is made again from the events
	}
	n, _ := number(ordinal)
	return putDay(days, int(n), dayEntry{Date: date, Seq: d.Seq})
}

func putDay(days *bbolt.Bucket, ordinal int, d dayEntry) error {
	value, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return days.Put(key(uint64(ordinal)), value)
}

// reserve makes sure that the disk has room for a transaction before anything
// of it is written, so that a full disk is found while it can still be said
// without doubt that nothing happened.
func (l *live) reserve(tx *bbolt.Tx, bytes int64) error {
	// Twice the records for pages that are not full, and 32 pages for the
	// branches, the root, the other buckets and the list of free pages.
	need := tx.Size() + 2*bytes + 32*int64(l.db.Info().PageSize)
	if need <= l.reserved {
		return nil
	}
	info, err := l.file.Stat()
	if err != nil {
		return err
	}
	if l.reserved = info.Size(); need <= l.reserved {
		return nil
	}
	for _, want := range []int64{need + growBytes, need} {
		err = unix.Fallocate(int(l.file.Fd()), 0, info.Size(), want-info.Size())
		if !full(err) {
			break
		}
	}
	switch {
	case full(err):
		return fmt.Errorf("%w: %v", ErrFull, err)
	case err != nil:
		return nil // this file system cannot; bbolt grows the file as it writes
	case l.db.NoSync:
		return nil
	}
	return l.file.Sync()
}

// lengthOf is how many bytes records take, with what stands around each.
func lengthOf(records []record) (bytes int64) {
	for _, r := range records {
		bytes += int64(len(r.value)) + 64
	}
	return bytes
}

func full(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) || errors.Is(err, unix.EFBIG)
}

// Append stores events, all or none, and returns when they are on disk. Their
// sequences follow that of the last event without a gap.
//
// After ErrGap, ErrFull, ErrTooLong or an event that has no encoding, nothing
// changed and the journal goes on. After any other error nobody knows what is
// on disk: nothing more is accepted, and the process must end.
func (j *Journal) Append(events []queue.Event) error {
	j.appending.Lock()
	defer j.appending.Unlock()
	if err := j.accepts(); err != nil {
		return err
	}
	if len(events) == 0 {
		return nil
	}
	records, to, err := j.encodeAll(events, j.head)
	if err != nil {
		return err
	}
	if at := j.rotatesAt(records); at >= 0 {
		err = j.rotate(records[:at], records[at:], to)
	} else {
		err = j.live.commit(records, to)
	}
	if err != nil {
		return j.refuse(err)
	}
	j.mu.Lock()
	j.head, j.copied = to, nil
	j.mu.Unlock()
	return nil
}

// Room tries whether the disk has room for what comes next, after ErrFull. It
// writes no event.
func (j *Journal) Room() error {
	j.appending.Lock()
	defer j.appending.Unlock()
	if err := j.accepts(); err != nil || j.live == nil {
		return err
	}
	return j.live.run(func() error {
		tx, err := j.live.db.Begin(true)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		return j.live.reserve(tx, growBytes)
	})
}

// accepts answers why nothing can be appended.
func (j *Journal) accepts() error {
	j.mu.RLock()
	defer j.mu.RUnlock()
	switch {
	case j.closed:
		return ErrClosed
	case j.o.ReadOnly:
		return ErrReadOnly
	case j.failed != nil:
		return fmt.Errorf("appending after an earlier failure: %w", j.failed)
	}
	return nil
}

// keptBytes bounds what is kept of the memory in which records were encoded.
const keptBytes = 256 << 10

// encodeAll makes records of events before anything is touched. They are valid
// until the next Append, which encodes its own in the same memory.
func (j *Journal) encodeAll(events []queue.Event, from head) ([]record, head, error) {
	if cap(j.encoded) > keptBytes {
		j.encoded = nil
	}
	records, b := make([]record, 0, len(events)), j.encoded[:0]
	for _, e := range events {
		if e.Seq != from.Seq+1 {
			return nil, head{}, fmt.Errorf("%w: event %d comes after event %d", ErrGap, e.Seq, from.Seq)
		}
		r, longer, err := encodeInto(b, e, from.Hash)
		if err != nil {
			return nil, head{}, err
		}
		b = longer
		records = append(records, r)
		from = head{Seq: e.Seq, Hash: hashOf(r.value)}
	}
	j.encoded = b
	return records, from, nil
}

// refuse says what a failed write means. Whatever is not known to have
// happened before anything could be on disk ends the journal's life.
func (j *Journal) refuse(err error) error {
	if isFull(err) && j.unchanged() {
		return fmt.Errorf("appending: %w; make room on the disk", asFull(err))
	}
	if !errors.Is(err, ErrDamaged) {
		err = fmt.Errorf("%w: %w; end the program and start it again, and look at the disk if it comes back", ErrSync, err)
	}
	err = fmt.Errorf("appending: %w", err)
	j.mu.Lock()
	j.failed = err
	j.mu.Unlock()
	return err
}

// isFull tells whether an error is that of a write that found no room. bbolt
// answers a failed write as the *fs.PathError of os.File.WriteAt, and a failed
// fdatasync as the bare number: a disk that is full only then has already
// lost what it had taken.
func isFull(err error) bool {
	if errors.Is(err, ErrFull) {
		return true
	}
	var failed *fs.PathError
	return errors.As(err, &failed) && (failed.Op == "write" || failed.Op == "open" || failed.Op == "truncate") && full(failed.Err)
}

func asFull(err error) error {
	if errors.Is(err, ErrFull) {
		return err
	}
	return fmt.Errorf("%w: %v", ErrFull, err)
}

// unchanged tells whether the file in use still ends where it did: a write
// that failed may have replaced the header all the same.
func (j *Journal) unchanged() bool {
	if j.live == nil {
		return true
	}
	v, err := j.live.view()
	if err != nil {
		return false
	}
	defer v.close()
	return v.head == j.head
}
