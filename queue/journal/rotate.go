package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"eliminacode/queue"
)

// rotatesAt is the index of the record that begins another file, or -1.
func (j *Journal) rotatesAt(records []record) int {
	if j.live == nil {
		return 0
	}
	for i, r := range records {
		if r.day == nil {
			continue
		}
		if m := j.monthOfDay(*r.day); m != "" && m != j.live.meta.Month {
			return i
		}
	}
	return -1
}

// monthOfDay is the month in which a day opens. A day that opens by a clock that
// is not believed says nothing of it: then it is the month of the newest day in
// the file in use whose date is known, or empty when there is none.
func (j *Journal) monthOfDay(d queue.DayOpened) string {
	if !d.Plan.Provisional {
		return monthOf(d.Plan.Date)
	}
	if j.live == nil {
		return ""
	}
	v, err := j.live.view()
	if err != nil {
		return ""
	}
	defer v.close()
	days, _, err := v.days()
	if err != nil {
		return ""
	}
	for _, known := range slices.Backward(days) {
		if opened, err := v.opening(known); err == nil && (!opened.Plan.Provisional || opened.Plan.Date != known.Date) {
			return monthOf(known.Date)
		}
	}
	return ""
}

// monthOf is the month of a date, or empty when it is not one.
func monthOf(date string) string {
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return ""
	}
	return date[:len("2026-11")]
}

// monthFor names the month of a file that begins with records. The very first
// one may hold no day; its month is then that of the clock, right or wrong.
func (j *Journal) monthFor(records []record) string {
	for _, r := range records {
		if r.day != nil {
			if m := j.monthOfDay(*r.day); m != "" {
				return m
			}
		}
	}
	if t := time.UnixMilli(records[0].wall).UTC(); t.Year() >= 1970 && t.Year() <= 9999 {
		return t.Format("2006-01")
	}
	return "0000-00"
}

// rotate stores the last records of the file in use and the first ones of the
// next file, both or neither.
func (j *Journal) rotate(old, fresh []record, to head) error {
	from := j.head
	if len(old) > 0 {
		from = head{Seq: old[len(old)-1].seq, Hash: hashOf(old[len(old)-1].value)}
	}
	next, err := j.prepare(fresh, from, to)
	if err != nil {
		return j.abandon(nil, err)
	}
	if len(old) > 0 {
		// From here on the next file follows the one in use, and Open
		// finishes what is left to do.
		if err := j.live.commit(old, from); err != nil {
			return j.abandon(next, err)
		}
	}
	if err := j.publish(next.meta); err != nil {
		next.retire()
		return err
	}
	f := next.meta.file()
	next.name = f.name
	j.mu.Lock()
	before := j.live
	j.live = next
	j.files = append(j.files[:len(j.files):len(j.files)], f)
	j.mu.Unlock()
	if before != nil {
		before.retire()
	}
	return nil
}

// prepare makes the next file complete and durable, under a name that does not
// count yet.
func (j *Journal) prepare(records []record, from, to head) (*live, error) {
	meta := fileMeta{
		Ordinal: j.ordinal() + 1, First: records[0].seq, Prev: from.Hash,
		Month: j.monthFor(records), Product: j.o.Product, Dated: true,
	}
	if _, err := remove(j.dir, nextName); err != nil {
		return nil, err
	}
	next, err := j.openLive(nextName, meta)
	if err != nil {
		return nil, err
	}
	err = next.update(func(tx *bbolt.Tx) error {
		if err := next.reserve(tx, lengthOf(records)); err != nil {
			return err
		}
		if err := begin(tx, meta); err != nil {
			return err
		}
		return put(tx, meta, records, to)
	})
	if err == nil && !j.o.NoSync {
		err = syncFolder(j.dir)
	}
	if err != nil {
		next.retire()
		return nil, err
	}
	return next, nil
}

// ordinal is the number of the file in use; older ones may be missing.
func (j *Journal) ordinal() int {
	if j.live == nil {
		return 0
	}
	return j.live.meta.Ordinal
}

// begin writes what a new file says of itself.
func begin(tx *bbolt.Tx, meta fileMeta) error {
	for _, name := range []string{metaBucket, eventsBucket, daysBucket} {
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return err
		}
	}
	described, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	b := tx.Bucket([]byte(metaBucket))
	if err := b.Put([]byte(formatKey), fmt.Append(nil, fileFormat)); err != nil {
		return err
	}
	return b.Put([]byte(fileKey), described)
}

// publish gives the next file its name.
func (j *Journal) publish(meta fileMeta) error {
	err := os.Rename(filepath.Join(j.dir, nextName), filepath.Join(j.dir, meta.file().name))
	if err != nil || j.o.NoSync {
		return err
	}
	return syncFolder(j.dir)
}

// abandon takes back a rotation that did not happen. The file must be gone for
// certain: the refused events would otherwise come back at the next start.
func (j *Journal) abandon(next *live, why error) error {
	if next != nil {
		next.retire()
	}
	was, err := remove(j.dir, nextName)
	if was && !j.o.NoSync {
		err = syncFolder(j.dir)
	}
	if err != nil {
		return fmt.Errorf("%v; and %s is still there: %v", why, nextName, err)
	}
	return why
}

// finishRotation finishes or takes back a rotation that the power cut short.
// last is the newest file, already closed, or nil; the answer is the newest
// file after it. A reader changes nothing and takes the file as it is named.
func (j *Journal) finishRotation(last *view) (*view, error) {
	path := filepath.Join(j.dir, nextName)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return last, nil
	}
	next, err := openView(j.dir, nextName)
	if err == nil {
		next.close()
		err = j.checkNext(next, last)
	}
	if errors.Is(err, ErrNewerFormat) {
		return nil, err
	}
	if err != nil {
		// Nothing in it was ever acknowledged.
		if j.o.ReadOnly {
			return last, nil
		}
		j.log.Info("taking back an unfinished journal file", "file", nextName, "err", err)
		return last, j.abandon(nil, nil)
	}
	f := next.meta.file()
	if j.o.ReadOnly {
		f.name = nextName
	} else {
		j.log.Info("finishing the rotation of the journal", "file", f.name)
		if err := j.publish(next.meta); err != nil {
			return nil, fmt.Errorf("finishing the rotation of the journal: %w", err)
		}
	}
	next.name = f.name
	j.files = append(j.files, f)
	j.head, j.copied = next.head, next.copied
	return next, nil
}

// checkNext tells whether an unfinished file follows the newest one.
func (j *Journal) checkNext(next, last *view) error {
	if next.spare != nil {
		return next.spare
	}
	if err := checkLink(next, j.head); err != nil {
		return err
	}
	before := 0
	if last != nil {
		before = last.meta.Ordinal
	}
	if next.meta.Ordinal != before+1 {
		return fmt.Errorf("it is number %d of the journal", next.meta.Ordinal)
	}
	v, err := openView(j.dir, nextName)
	if err != nil {
		return err
	}
	defer v.close()
	return v.checkHead()
}
