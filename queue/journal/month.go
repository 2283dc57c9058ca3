package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"

	"go.etcd.io/bbolt"

	"eliminacode/queue"
)

// fileFormat is the version of the layout of a month file. A reader refuses a
// greater one.
const fileFormat = 1

// The buckets of a month file, and the keys of its meta bucket.
const (
	metaBucket   = "meta"
	eventsBucket = "events"
	daysBucket   = "days"

	formatKey = "format"
	fileKey   = "file"
	headKey   = "head"
	copyKey   = "copy"
)

// A fileMeta is what a month file says of itself when it is made.
type fileMeta struct {
	Ordinal int    `json:"ordinal"` // of the file in its journal, from 1
	First   uint64 `json:"first"`   // sequence of its first event
	Prev    Hash   `json:"prev"`    // of the record before the first
	Month   string `json:"month"`   // "2026-11"
	Product string `json:"product"` // version of the program that made it
	// Dated tells that the index of days has the dates that days were given
	// later, too; in a file of an earlier version it has those of their opening.
	Dated bool `json:"dated,omitempty"`
}

// A head is the newest record of a file.
type head struct {
	Seq  uint64 `json:"seq"`
	Hash Hash   `json:"hash"`
}

// A dayEntry is a value of the days bucket.
type dayEntry struct {
	Date string `json:"date"`
	Seq  uint64 `json:"seq"`
}

// A view is one month file at one moment. What is written meanwhile does not
// change it.
type view struct {
	name   string
	tree   *tree
	tx     *bbolt.Tx // of the file in use; nil for one that nobody writes
	spare  error     // what is wrong with the header that is not in force
	meta   fileMeta
	head   head
	copied *Copied // nil when it is no copy, or somebody has gone on from it
	close  func()
}

// openView opens a month file that nobody writes.
func openView(dir, name string) (*view, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil, missing(name)
	}
	if err != nil {
		return nil, cannotRead(err)
	}
	v := &view{name: name, close: func() { f.Close() }}
	if v.tree, v.spare, err = readTree(f); err != nil {
		err = v.damaged(0, err)
	} else {
		err = v.describe()
	}
	if err != nil {
		v.close()
		return nil, err
	}
	return v, nil
}

func missing(name string) error {
	return fmt.Errorf("%w: %s; %s", ErrMissing, name, putBack)
}

func (v *view) damaged(seq uint64, err error) error {
	var d *DamageError
	if errors.As(err, &d) || errors.Is(err, ErrNewerFormat) || errors.Is(err, ErrDisk) {
		return err
	}
	if failing := diskFails(v.name, err); failing != nil {
		return failing
	}
	return &DamageError{File: v.name, Seq: seq, Err: err}
}

// describe reads what the file says of itself.
func (v *view) describe() error {
	if err := v.readMeta(); err != nil {
		return v.damaged(0, err)
	}
	return nil
}

func (v *view) readMeta() error {
	meta, ok, err := v.tree.bucket(metaBucket)
	if err == nil && !ok {
		err = errors.New("it is not a file of a journal")
	}
	stored := map[string][]byte{}
	for _, k := range []string{formatKey, fileKey, headKey, copyKey} {
		if err == nil {
			stored[k], err = meta.get([]byte(k))
		}
	}
	if err != nil {
		return err
	}
	err = json.Unmarshal(stored[fileKey], &v.meta)
	switch n, bad := strconv.ParseUint(string(stored[formatKey]), 10, 31); {
	case bad != nil || n == 0:
		return errors.New("it does not say its format")
	case n > fileFormat:
		return newer(v.name, v.meta.Product, fmt.Errorf("%w: format %d, this program knows up to %d", ErrNewerFormat, n, fileFormat))
	}
	if err != nil {
		return fmt.Errorf("reading what it says of itself: %w", err)
	}
	if err := json.Unmarshal(stored[headKey], &v.head); err != nil {
		return fmt.Errorf("reading its head: %w", err)
	}
	if copied := stored[copyKey]; copied != nil {
		if err := json.Unmarshal(copied, &v.copied); err != nil {
			return fmt.Errorf("reading that it is a copy: %w", err)
		}
	}
	if v.meta.First == 0 || v.head.Seq < v.meta.First || v.meta.Ordinal < 1 {
		return fmt.Errorf("it says that it holds the events %d to %d", v.meta.First, v.head.Seq)
	}
	return nil
}

// checkHead compares the newest record with the head.
func (v *view) checkHead() error {
	events, err := v.events()
	if err != nil {
		return err
	}
	k, value, err := events.cursor().end()
	if err != nil {
		return v.damaged(v.head.Seq, err)
	}
	if seq, ok := number(k); !ok || seq != v.head.Seq {
		return v.damaged(v.head.Seq, errors.New("the newest event is not there"))
	}
	if hashOf(value) != v.head.Hash {
		return v.damaged(v.head.Seq, errors.New("the newest event does not have the hash that was stored for it"))
	}
	return nil
}

// checkFirst compares the oldest record with what the file says of its beginning.
func (v *view) checkFirst() error {
	events, err := v.events()
	if err != nil {
		return err
	}
	k, value, err := events.cursor().seek(nil)
	if err != nil {
		return v.damaged(v.meta.First, err)
	}
	prev, err := previous(value)
	if err != nil {
		return v.notDecoded(Record{Seq: v.meta.First, Value: value}, err)
	}
	if seq, ok := number(k); !ok || seq != v.meta.First || prev != v.meta.Prev {
		return v.damaged(v.meta.First, errors.New("it is not the event that the file says it begins with"))
	}
	return nil
}

// records yields the records of the file from a sequence on, in the order of
// their keys. An error is the last thing it yields.
func (v *view) records(from uint64) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		next := max(from, v.meta.First)
		events, err := v.events()
		if err != nil {
			yield(Record{}, err)
			return
		}
		for e, err := range events.from(key(from)) {
			seq, ok := number(e.key)
			if err == nil && !ok {
				err = errors.New("its key is not a sequence")
			}
			if err != nil {
				yield(Record{}, v.damaged(next, err))
				return
			}
			if !yield(Record{Seq: seq, Value: e.value}, nil) {
				return
			}
			next = seq + 1
		}
	}
}

// decode reads a record of the file.
func (v *view) decode(r Record) (prev Hash, e queue.Event, err error) {
	if prev, e, err = decode(r.Seq, r.Value); err != nil {
		err = v.notDecoded(r, err)
	}
	return prev, e, err
}

// notDecoded tells of a record that cannot be read. What looks as if a newer
// version had written it is damage when its hash is not the one that was stored
// for it.
func (v *view) notDecoded(r Record, err error) error {
	if !errors.Is(err, ErrNewerFormat) {
		return v.damaged(r.Seq, err)
	}
	if stored, ok := v.storedHash(r.Seq); ok && stored != r.Hash() {
		return &DamageError{File: v.name, Seq: r.Seq, Err: errors.New("it does not have the hash that was stored for it")}
	}
	return newer(v.name, "", err)
}

// storedHash is what the record behind another one, or the head behind the
// newest, holds as its hash; ok is false when that cannot be read.
func (v *view) storedHash(seq uint64) (h Hash, ok bool) {
	if seq == v.head.Seq {
		return v.head.Hash, true
	}
	events, err := v.events()
	if err != nil {
		return h, false
	}
	value, err := events.get(key(seq + 1))
	if err != nil {
		return h, false
	}
	h, err = previous(value)
	return h, err == nil || errors.Is(err, ErrNewerFormat) && h != Hash{}
}

func (v *view) events() (bucket, error) {
	b, ok, err := v.tree.bucket(eventsBucket)
	if err == nil && !ok {
		err = errors.New("it has no events")
	}
	if err != nil {
		return b, v.damaged(0, err)
	}
	return b, nil
}
