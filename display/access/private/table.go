package private

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"

	"go.etcd.io/bbolt"

	"eliminacode/display/access"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumBytes are the sum of a row and the space behind it.
const sumBytes = 9

// encodeRow is a row as it is stored: its sum and its JSON.
func encodeRow(row any) ([]byte, error) {
	text, err := json.Marshal(row)
	if err != nil {
		return nil, fmt.Errorf("encoding a row: %w", err)
	}
	return fmt.Appendf(nil, "%08x %s", crc32.Checksum(text, castagnoli), text), nil
}

// decodeRow reads a row. A field that it does not know is one of a later version
// and is left out.
func decodeRow(value []byte, row any) error {
	if len(value) < sumBytes || string(value[:sumBytes]) != fmt.Sprintf("%08x ", crc32.Checksum(value[sumBytes:], castagnoli)) {
		return errors.New("its sum does not fit")
	}
	return json.Unmarshal(value[sumBytes:], row)
}

// A row can say what is wrong with itself.
type row interface{ valid() error }

// A table is a bucket whose rows are in memory too, at most so many.
type table[T row] struct {
	name string
	most int
	rows map[string]T
	// unread are the damaged rows by key: they open nothing.
	unread map[string]Unread
}

// load reads the rows; one that is damaged is no fault of the others.
func (t *table[T]) load(tx *bbolt.Tx) error {
	t.rows, t.unread = map[string]T{}, map[string]Unread{}
	b := tx.Bucket([]byte(t.name))
	if b == nil {
		return fmt.Errorf("it has no %s", t.name)
	}
	return b.ForEach(func(k, v []byte) error {
		var r T
		err := decodeRow(v, &r)
		if err == nil {
			err = r.valid()
		}
		if err != nil {
			t.unread[string(k)] = unreadRow(t.name, k, v, err)
			return nil
		}
		t.rows[string(k)] = r
		return nil
	})
}

// put is the change that a row is there, new or anew.
func (t *table[T]) put(key string, r T) change {
	return change{
		func(tx *bbolt.Tx) error {
			value, err := encodeRow(r)
			if err != nil {
				return err
			}
			return tx.Bucket([]byte(t.name)).Put([]byte(key), value)
		},
		func() { t.rows[key] = r },
	}
}

// drop is the change that a row is not there any more.
func (t *table[T]) drop(key string) change {
	return change{
		func(tx *bbolt.Tx) error { return tx.Bucket([]byte(t.name)).Delete([]byte(key)) },
		func() { delete(t.rows, key) },
	}
}

// revise makes the changes that follow from the row of an ID, in one transaction. It
// answers access.ErrUnknown where there is no such row, or what follow does.
func revise[T row](s *Store, t *table[T], id string, follow func(old T) ([]change, error)) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	old, ok := t.rows[id]
	if !ok {
		return access.ErrUnknown
	}
	changes, err := follow(old)
	if err != nil || len(changes) == 0 {
		return err
	}
	return s.commit(changes...)
}

// revoked tells whether an act took the row of an ID away, as far back as the audit
// list goes: what was revoked once may be revoked again.
func (s *Store) revoked(what, id string) (bool, error) {
	for e, err := range s.Audit() {
		if err != nil {
			return false, err
		}
		var row struct {
			ID string `json:"id"`
		}
		if e.What == what && json.Unmarshal(e.Before, &row) == nil && row.ID == id {
			return true, nil
		}
	}
	return false, nil
}

// revoke drops the row of an ID, with what else an act that revokes it changes. One
// that it took away before is done already; else the error is access.ErrUnknown.
func revoke[T row](s *Store, t *table[T], what, id string, follow func(old T) ([]change, error)) error {
	err := revise(s, t, id, follow)
	if !errors.Is(err, access.ErrUnknown) {
		return err
	}
	if done, unread := s.revoked(what, id); done || unread != nil {
		return unread
	}
	return err
}

// full tells whether no further row has room.
func (t *table[T]) full() bool { return len(t.rows)+len(t.unread) >= t.most }

// taken tells whether there is a row of a key, damaged or not.
func (t *table[T]) taken(key string) bool {
	_, read := t.rows[key]
	_, unread := t.unread[key]
	return read || unread
}

// keysOf are the keys of the rows that are so.
func (t *table[T]) keysOf(so func(T) bool) (keys []string) {
	for k := range maps.Keys(t.rows) {
		if so(t.rows[k]) {
			keys = append(keys, k)
		}
	}
	return keys
}
