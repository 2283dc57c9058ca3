package journal

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"
)

// A Verification is what Verify found to be whole.
type Verification struct {
	Files  int
	Events uint64
	Days   int
	Sheets int
	Last   uint64 // sequence of the newest event
	Hash   Hash   // of the newest event: compare it with the day's slip
	// Mended names what was missing and made again from the events.
	Mended []string
	// Foreign names what lies in the folder and is no part of the journal: it
	// should be moved away.
	Foreign []string `json:",omitempty"`
}

// Follow makes a context with which Verify tells, now and then, up to which event
// it has come. It must not block.
func Follow(ctx context.Context, at func(seq uint64)) context.Context {
	return context.WithValue(ctx, follower{}, at)
}

type follower struct{}

// Verify reads everything: the chain of hashes from the first event to the
// newest, each event, the index of days, and every page of every file. It may
// run while events are appended; those count that were there at its beginning.
// The first damage ends it, with an error that says where and what to do. What
// is derived and missing is made again, unless the journal is read-only.
func (j *Journal) Verify(ctx context.Context) (Verification, error) {
	found, err := j.verify(ctx)
	switch {
	case err == nil:
		j.mu.Lock()
		j.suspected = nil
		j.mu.Unlock()
	case errors.Is(err, ErrDamaged) || errors.Is(err, ErrMissing) || errors.Is(err, ErrDisk):
		j.suspect(err)
	}
	return found, err
}

func (j *Journal) verify(ctx context.Context) (Verification, error) {
	var found Verification
	var before head
	for i := range j.fileCount() {
		v, err := j.viewAtRest(i)
		if err == nil && v.spare != nil && v.tx == nil && !j.o.ReadOnly {
			v, err = j.mendedView(v, i, &found)
		}
		if err != nil {
			return found, fmt.Errorf("verifying: %w", err)
		}
		err = j.verifyFile(ctx, v, i, before, &found)
		before = v.head
		v.close()
		if err != nil {
			return found, fmt.Errorf("verifying: %w", err)
		}
		found.Files++
		found.Last, found.Hash = before.Seq, before.Hash
	}
	for _, err := range j.Sheets(1, lastDay) {
		if err != nil {
			return found, fmt.Errorf("verifying: %w", err)
		}
		found.Sheets++
	}
	var err error
	if _, found.Foreign, err = list(j.dir); err != nil {
		return found, fmt.Errorf("verifying: %w", err)
	}
	return found, nil
}

// mendedView is the view of a closed file after its bad header was mended.
func (j *Journal) mendedView(v *view, i int, found *Verification) (*view, error) {
	v.close()
	next, err := j.view(i + 1)
	if err != nil {
		return nil, err
	}
	next.close()
	if err := j.mendClosed(v, next.meta); err != nil {
		return nil, err
	}
	found.Mended = append(found.Mended, v.name+": header")
	return j.viewAtRest(i)
}

// viewAtRest opens a file with both its headers read while nothing is written.
func (j *Journal) viewAtRest(i int) (*view, error) {
	j.appending.Lock()
	defer j.appending.Unlock()
	v, err := j.view(i)
	if err != nil || v.tx == nil {
		return v, err
	}
	t, spare, err := readTree(j.live.file)
	if err == nil && t.root != v.tree.root {
		err = errors.New("its header is not the one that was written")
	}
	if err != nil {
		v.close()
		return nil, v.damaged(0, err)
	}
	v.tree, v.spare = t, spare
	return v, nil
}

func (j *Journal) verifyFile(ctx context.Context, v *view, i int, before head, found *Verification) error {
	if v.spare != nil {
		// bbolt would go on with the other header and report nothing, and with it
		// the last transaction would be gone.
		return &DamageError{File: v.name, Err: v.spare, Mends: true}
	}
	if v.meta.Ordinal != i+1 {
		if err := j.missesFiles(); err != nil {
			return err
		}
	}
	if err := checkLink(v, before); err != nil {
		return err
	}
	days, err := v.verifyChain(ctx, j.done)
	if err != nil {
		return err
	}
	if err := v.tree.account(); err != nil {
		return v.damaged(0, err)
	}
	if err := j.verifyDays(v, days, found); err != nil {
		return err
	}
	found.Events += v.head.Seq - v.meta.First + 1
	found.Days += len(days)
	return nil
}

// verifyChain reads all events of a file and answers the days they open.
func (v *view) verifyChain(ctx context.Context, done <-chan struct{}) ([]Day, error) {
	var days []Day
	seq, hash := v.meta.First, v.meta.Prev
	follow, _ := ctx.Value(follower{}).(func(uint64))
	for r, err := range v.records(0) {
		if err != nil {
			return nil, err
		}
		if r.Seq != seq {
			return nil, v.damaged(seq, fmt.Errorf("in its place is event %d", r.Seq))
		}
		prev, e, err := v.decode(r)
		if err != nil {
			return nil, err
		}
		if prev != hash {
			return nil, v.damaged(seq, fmt.Errorf("it does not follow event %d: one of the two was changed", seq-1))
		}
		if x := recordOf(e, nil); x.day != nil || v.meta.Dated {
			days = found(days, x)
		}
		hash = r.Hash()
		if seq++; seq%256 == 0 {
			if follow != nil {
				follow(seq)
			}
			if err := stopped(ctx, done); err != nil {
				return nil, err
			}
		}
	}
	if seq != v.head.Seq+1 {
		return nil, v.damaged(seq, fmt.Errorf("it is not there; the newest is event %d", v.head.Seq))
	}
	if hash != v.head.Hash {
		return nil, v.damaged(v.head.Seq, errors.New("the newest event does not have the hash that was stored for it"))
	}
	return days, nil
}

func stopped(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-done:
		return ErrClosed
	default:
		return nil
	}
}

// verifyDays compares the index of days with the events.
func (j *Journal) verifyDays(v *view, days []Day, found *Verification) error {
	index, ok, err := v.tree.bucket(daysBucket)
	if err != nil {
		return v.damaged(0, err)
	}
	if ok {
		indexed, err := v.indexed(index)
		if err == nil && !slices.Equal(indexed, days) {
			err = v.damaged(0, errors.New("the index of days does not agree with the events"))
		}
		return err
	}
	if j.o.ReadOnly {
		return nil
	}
	mend := func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte(daysBucket))
		for _, d := range days {
			if err == nil {
				err = putDay(b, d.Ordinal, dayEntry{Date: d.Date, Seq: d.First})
			}
		}
		return err
	}
	if err := j.mendFile(v, mend); err != nil {
		return fmt.Errorf("making the index of days of %s again: %w", v.name, err)
	}
	found.Mended = append(found.Mended, v.name+": index of days")
	return nil
}

// mendFile changes what is derived in a month file.
func (j *Journal) mendFile(v *view, mend func(*bbolt.Tx) error) error {
	j.appending.Lock()
	defer j.appending.Unlock()
	if err := j.accepts(); err != nil {
		return err
	}
	if live := j.live; live.name == v.name {
		return live.update(mend)
	}
	l, err := j.openLive(v.name, v.meta)
	if err != nil {
		return err
	}
	err = l.update(mend)
	<-l.retire()
	return err
}
