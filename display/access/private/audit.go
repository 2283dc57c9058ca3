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
	// prunedAtOnce bounds what one act takes off the end of the list.
	prunedAtOnce = 100
)

// errAudit: an entry that is read is not one that was written.
var errAudit = errors.New("entry of the audit list is damaged")

func (s *Store) loadAudit(tx *bbolt.Tx) error {
	b := tx.Bucket([]byte(auditName))
	if b == nil {
		return errors.New("it has no audit list")
	}
	if k, _ := b.Cursor().Last(); k != nil {
		if len(k) != 8 {
			return errAudit
		}
		s.audited = binary.BigEndian.Uint64(k)
	}
	s.acts = b.Stats().KeyN
	return nil
}

// audit is the change that an act stands in the list; it also takes off the end
// what is older than is kept. The caller holds writing.
func (s *Store) audit(now time.Time, by access.By, what, on string, before, after any) change {
	seq := s.audited + 1
	pruned := 0
	return change{
		func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(auditName))
			e := access.Entry{Seq: seq, At: now, Who: by, What: what, On: on, Before: side(before), After: side(after)}
			value, err := encodeRow(e)
			if err != nil {
				return err
			}
			if err := b.Put(binary.BigEndian.AppendUint64(nil, seq), value); err != nil {
				return err
			}
			pruned, err = prune(b, now.Add(-s.o.KeepAudit), s.acts+1-mostAudit)
			return err
		},
		func() { s.audited, s.acts = seq, s.acts+1-pruned },
	}
}

// prune deletes the oldest entries: those from before limit, and at least more.
func prune(b *bbolt.Bucket, limit time.Time, more int) (pruned int, err error) {
	var old [][]byte
	c := b.Cursor()
	for k, v := c.First(); k != nil && len(old) < prunedAtOnce; k, v = c.Next() {
		var e access.Entry
		if err := decodeRow(v, &e); err != nil {
			return 0, fmt.Errorf("%w: %w", errAudit, err)
		}
		if !e.At.Before(limit) && len(old) >= more {
			break
		}
		old = append(old, bytes.Clone(k))
	}
	for _, k := range old {
		if err := b.Delete(k); err != nil {
			return 0, err
		}
	}
	return len(old), nil
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

// AuditBefore reads at most so many entries, newest first, from below a sequence;
// from the newest for 0.
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
				var e access.Entry
				if len(k) != 8 || binary.BigEndian.Uint64(k) > last {
					continue
				}
				if err := decodeRow(v, &e); err != nil {
					return fmt.Errorf("%w: %w", errAudit, err)
				}
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
