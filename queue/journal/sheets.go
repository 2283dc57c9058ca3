package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"go.etcd.io/bbolt"
)

// A StoredSheet is the day sheet of one closed day, as its maker encoded it. It is
// derived from the events and never the truth: whoever asks must be able to make
// it again.
type StoredSheet struct {
	Day     int // ordinal
	Version int // of the encoding
	// Stale tells that something changed on which the sheet rests, such as a
	// correction of the clock.
	Stale   bool
	Encoded []byte
}

const sheetsBucket = "sheets"

// lastDay is after every day.
const lastDay = 1<<31 - 1

// A stored sheet: layout, flags, version (4), CRC-32C (4) of all the rest, rows.
const (
	sheetLayout = 1
	sheetStale  = 0x01
	sheetHeader = 10
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (s StoredSheet) encode() []byte {
	b := make([]byte, sheetHeader, sheetHeader+len(s.Encoded))
	b[0] = sheetLayout
	if s.Stale {
		b[1] = sheetStale
	}
	binary.BigEndian.PutUint32(b[2:], uint32(s.Version))
	b = append(b, s.Encoded...)
	binary.BigEndian.PutUint32(b[6:], sheetSum(b))
	return b
}

func sheetSum(b []byte) uint32 {
	return crc32.Update(crc32.Checksum(b[:6], castagnoli), castagnoli, b[sheetHeader:])
}

func decodeSheet(k, b []byte) (StoredSheet, error) {
	day, ok := number(k)
	if !ok || len(b) < sheetHeader || b[0] != sheetLayout || sheetSum(b) != binary.BigEndian.Uint32(b[6:]) {
		return StoredSheet{}, errors.New("a sheet is not what was stored")
	}
	return StoredSheet{
		Day: int(day), Version: int(binary.BigEndian.Uint32(b[2:])), Stale: b[1]&sheetStale != 0, Encoded: b[sheetHeader:],
	}, nil
}

// PutSheet stores a day's sheet in place of the one before.
func (j *Journal) PutSheet(s StoredSheet) error {
	if s.Day < 1 || s.Version < 0 || int64(s.Version) > 1<<32-1 {
		return fmt.Errorf("storing the sheet of day %d, version %d: no such day or version", s.Day, s.Version)
	}
	if j.o.ReadOnly {
		return ErrReadOnly
	}
	j.sheetsUse.Lock()
	l, err := j.openSheets(true)
	j.sheetsUse.Unlock()
	if err != nil {
		return err
	}
	err = l.update(func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucketIfNotExists([]byte(metaBucket))
		if err != nil {
			return err
		}
		if err := meta.Put([]byte(formatKey), fmt.Append(nil, fileFormat)); err != nil {
			return err
		}
		b, err := tx.CreateBucketIfNotExists([]byte(sheetsBucket))
		if err != nil {
			return err
		}
		return b.Put(key(uint64(s.Day)), s.encode())
	})
	switch {
	case err == nil:
		return nil
	case isFull(err):
		return fmt.Errorf("storing sheets: %w; make room on the disk", asFull(err))
	}
	_ = j.dropSheets(err)
	return fmt.Errorf("storing sheets: %w", err)
}

// sheetsBytes is how much of the sheets is read at once, a first part of them, while
// who asked for them works on what was read before.
const sheetsBytes = 256 << 10

// rooms are kept from one report to the next: their memory is most of what a
// report takes.
var rooms = sync.Pool{New: func() any { return &room{least: 2 * sheetsBytes} }}

// Sheets yields the sheets of the days from..to, both included, in order. A
// day without a sheet is left out. The rows of a sheet are valid until the next
// one is asked for: ten years are too much to make memory for. An error is the
// last thing it yields.
func (j *Journal) Sheets(from, to int) iter.Seq2[StoredSheet, error] {
	type reading struct {
		batch []StoredSheet
		err   error
	}
	return func(yield func(StoredSheet, error) bool) {
		// Nothing waits in the channel: once a batch is taken, the one before it is
		// used up, and its room may be filled again.
		read, enough := make(chan reading), make(chan struct{})
		now, then := rooms.Get().(*room), rooms.Get().(*room)
		defer func() { rooms.Put(now); rooms.Put(then) }()
		var reader sync.WaitGroup
		defer reader.Wait()
		defer close(enough)
		reader.Go(func() {
			defer close(read)
			for next := max(from, 1); next <= to; now, then = then, now {
				now.empty()
				var r reading
				if r.batch, r.err = j.sheetBatch(now, next, to); len(r.batch) == 0 && r.err == nil {
					return
				}
				select {
				case read <- r:
				case <-enough:
					return
				}
				if r.err != nil {
					return
				}
				next = r.batch[len(r.batch)-1].Day + 1
			}
		})
		for r := range read {
			for _, s := range r.batch {
				if !yield(s, nil) {
					return
				}
			}
			if r.err != nil {
				yield(StoredSheet{}, r.err)
				return
			}
		}
	}
}

func (j *Journal) sheetBatch(pages *room, from, to int) (batch []StoredSheet, err error) {
	t, closer, err := j.viewSheets()
	if t == nil || err != nil {
		return nil, err
	}
	t.room = pages
	batch, err = readSheets(t, from, to)
	closer()
	if err != nil {
		return nil, j.dropSheets(err)
	}
	return batch, nil
}

func readSheets(t *tree, from, to int) ([]StoredSheet, error) {
	b, ok, err := t.bucket(sheetsBucket)
	if err != nil || !ok {
		return nil, err
	}
	var batch []StoredSheet
	size := 0
	for x, err := range b.from(key(uint64(from))) {
		if err != nil {
			return nil, err
		}
		s, err := decodeSheet(x.key, x.value)
		if err != nil {
			return nil, err
		}
		if s.Day > to || size >= sheetsBytes {
			break
		}
		batch = append(batch, s)
		size += len(x.value)
	}
	return batch, nil
}

// viewSheets is the file as it is now; nil when there is none.
func (j *Journal) viewSheets() (*tree, func(), error) {
	j.sheetsUse.Lock()
	defer j.sheetsUse.Unlock()
	if !j.o.ReadOnly {
		l, err := j.openSheets(false)
		if l == nil || err != nil {
			return nil, nil, err
		}
		_, t, closer, err := l.pin()
		return t, closer, err
	}
	if j.isClosed() {
		return nil, nil, ErrClosed
	}
	f, err := os.Open(filepath.Join(j.dir, sheetsName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("opening the sheets: %w", err)
	}
	t, _, err := readTree(f)
	if err != nil {
		f.Close()
		return nil, nil, &DamageError{File: sheetsName, Err: err}
	}
	return t, func() { f.Close() }, nil
}

// openSheets is the file open for writing. It is opened when it is first needed;
// one that cannot be used is thrown away, since nothing is lost by that but time,
// and one that is not there is made, or not. The caller holds the lock.
func (j *Journal) openSheets(toMake bool) (*live, error) {
	if j.isClosed() {
		return nil, ErrClosed
	}
	if j.sheets != nil {
		return j.sheets, nil
	}
	switch err := usableSheets(filepath.Join(j.dir, sheetsName)); {
	case errors.Is(err, fs.ErrNotExist) && !toMake:
		return nil, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		if err := j.removeSheets(err); err != nil {
			return nil, err
		}
	}
	l, err := j.openLive(sheetsName, fileMeta{})
	if err != nil {
		return nil, fmt.Errorf("opening the sheets: %w", err)
	}
	j.sheets = l
	return l, nil
}

func (j *Journal) removeSheets(why error) error {
	j.log.Warn("throwing the sheets away", "file", sheetsName, "err", why)
	if _, err := remove(j.dir, sheetsName); err != nil {
		return fmt.Errorf("throwing the sheets away: %w", err)
	}
	return nil
}

// usableSheets tells whether the file has a format that this program knows.
func usableSheets(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	t, _, err := readTree(f)
	if err != nil {
		return err
	}
	meta, ok, err := t.bucket(metaBucket)
	if err != nil || !ok {
		return err // a file that was only just made has no buckets
	}
	format, err := meta.get([]byte(formatKey))
	if n, bad := strconv.Atoi(string(format)); err == nil && (bad != nil || n != fileFormat) {
		err = fmt.Errorf("format %q", format)
	}
	return err
}

// dropSheets throws the sheets away after damage was found. The answer is nil
// when that is done: there are then no sheets, which is the truth.
func (j *Journal) dropSheets(why error) error {
	if j.o.ReadOnly {
		return &DamageError{File: sheetsName, Err: why}
	}
	j.sheetsUse.Lock()
	defer j.sheetsUse.Unlock()
	if j.isClosed() {
		return ErrClosed
	}
	if j.sheets != nil {
		j.sheets.retire()
		j.sheets = nil
	}
	return j.removeSheets(why)
}
