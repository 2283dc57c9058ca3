package private

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"go.etcd.io/bbolt"

	"eliminacode/display/access"
)

const (
	auditName = "audit"
	// longestSide bounds what an entry keeps of before and after, in bytes.
	longestSide = 4096
)

func (s *Store) loadAudit(tx *bbolt.Tx) error {
	b := tx.Bucket([]byte(auditName))
	if b == nil {
		return errors.New("it has no audit list")
	}
	c := b.Cursor()
	for k, _ := c.Last(); k != nil; k, _ = c.Prev() {
		if len(k) == 8 { // else its key is damaged
			s.audited = binary.BigEndian.Uint64(k)
			break
		}
	}
	s.acts = b.Stats().KeyN
	return nil
}

// audit is the change that an act stands in the list; a full list loses its oldest
// act. The caller holds writing.
func (s *Store) audit(now time.Time, by access.By, what, on string, before, after any) change {
	seq := s.audited + 1
	pruned := 0
	return change{
		func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(auditName))
			e := access.Entry{Seq: seq, At: s.o.Office(now), Who: by, What: what, On: on, Before: side(before), After: side(after)}
			value, err := encodeRow(e)
			if err != nil {
				return err
			}
			if err := b.Put(binary.BigEndian.AppendUint64(nil, seq), value); err != nil {
				return err
			}
			for k, _ := b.Cursor().First(); k != nil && s.acts+1-pruned > mostAudit; k, _ = b.Cursor().First() {
				if err := b.Delete(k); err != nil {
					return err
				}
				pruned++
			}
			return nil
		},
		func() { s.audited, s.acts = seq, s.acts+1-pruned },
	}
}

// DropOldActs takes the acts off the list that are older than is kept, and notes
// how many they were. Now must be the time of a clock that is right.
func (s *Store) DropOldActs(now time.Time, by access.By) (dropped int, err error) {
	if s.o.KeepAudit == 0 {
		return 0, nil
	}
	shown := s.o.Office(now)
	limit := shown.Add(-s.o.KeepAudit)
	s.writing.Lock()
	defer s.writing.Unlock()
	var old [][]byte
	if err := guard(func() error {
		return s.db.View(func(tx *bbolt.Tx) (err error) {
			old, err = oldest(tx.Bucket([]byte(auditName)), limit, shown)
			return err
		})
	}); err != nil {
		return 0, damaged(s.path, err)
	}
	if len(old) == 0 {
		return 0, nil
	}
	drop := change{
		func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(auditName))
			for _, k := range old {
				if err := b.Delete(k); err != nil {
					return err
				}
			}
			return nil
		},
		func() { s.acts -= len(old) },
	}
	noted := s.audit(now, by, "audit.drop", "", nil, map[string]any{"acts": len(old), "until": limit})
	return len(old), s.commit(noted, drop)
}

// oldest are the keys of the first acts, up to the last one from before limit. An
// act that says it is from after now was written by a wrong clock and goes with
// those around it, and so does a damaged one.
func oldest(b *bbolt.Bucket, limit, now time.Time) (keys [][]byte, err error) {
	old := 0
	c := b.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		e, read := readEntry(k, v)
		if !read {
			keys = append(keys, bytes.Clone(k))
			continue
		}
		if !e.At.Before(limit) && !e.At.After(now) {
			break
		}
		keys = append(keys, bytes.Clone(k))
		if e.At.Before(limit) {
			old = len(keys)
		}
	}
	return keys[:old], nil
}

// side is before or after as it is kept.
func side(x any) json.RawMessage {
	if x == nil {
		return nil
	}
	text, err := json.Marshal(x)
	if err != nil || len(text) > longestSide {
		text = fmt.Appendf(nil, `{"bytes":%d}`, len(text))
	}
	return text
}

// Note puts an act into the audit list that changed something elsewhere, such as
// the office's set-up. What is a word such as "office.change".
func (s *Store) Note(now time.Time, by access.By, what, on string, before, after any) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.commit(s.audit(now, by, what, on, before, after))
}

// Audit yields the audit list, newest first. An error is the last it yields. It
// reads a part at a time, so that a slow reader stops nobody.
func (s *Store) Audit() iter.Seq2[access.Entry, error] {
	return func(yield func(access.Entry, error) bool) {
		for before := uint64(0); ; {
			part, err := s.AuditBefore(before, 200)
			if err != nil {
				yield(access.Entry{}, err)
				return
			}
			for _, e := range part {
				if !yield(e, nil) {
					return
				}
				before = e.Seq
			}
			if len(part) == 0 || before == 1 {
				return
			}
		}
	}
}

// readEntry reads an entry. A damaged one has its sequence alone and says that it is so.
func readEntry(k, v []byte) (e access.Entry, read bool) {
	if decodeRow(v, &e) == nil {
		return e, true
	}
	e = access.Entry{What: access.ActUnread}
	if len(k) == 8 {
		e.Seq = binary.BigEndian.Uint64(k)
	}
	return e, false
}

// AuditBefore reads at most so many entries, newest first, from below a sequence;
// from the newest for 0. A damaged one is access.ActUnread, with its sequence.
func (s *Store) AuditBefore(before uint64, most int) (part []access.Entry, err error) {
	last := before - 1 // for 0 the last one that there can be
	err = guard(func() error {
		return s.db.View(func(tx *bbolt.Tx) error {
			c := tx.Bucket([]byte(auditName)).Cursor()
			k, v := c.Seek(binary.BigEndian.AppendUint64(nil, last))
			if k == nil {
				k, v = c.Last()
			}
			for ; k != nil && len(part) < most; k, v = c.Prev() {
				if len(k) != 8 || binary.BigEndian.Uint64(k) > last {
					continue
				}
				e, _ := readEntry(k, v)
				part = append(part, e)
			}
			return nil
		})
	})
	if err != nil {
		return nil, damaged(s.path, err)
	}
	return part, nil
}
