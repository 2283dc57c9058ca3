package private

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"eliminacode/display/access"
)

// An Unread is a row of an account, a screen or a token that is not what was written. It
// opens nothing, and stays in the file as it is until the same is made again.
type Unread struct {
	Table string `json:"table"` // "members", "screens" or "tokens"
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"` // the login of an account; empty where it cannot be read
	Why   string `json:"why"`            // in English
}

// longestUnreadName bounds the name of a damaged row, in bytes.
const longestUnreadName = 100

// unreadRow is a damaged row, with its name as far as that can be read.
func unreadRow(table string, key, value []byte, why error) Unread {
	u := Unread{Table: table, ID: fmt.Sprintf("%.40q", key), Why: why.Error()}
	u.ID = strings.Trim(u.ID, `"`)
	var named struct{ Login, Name string }
	if len(value) > sumBytes && json.Unmarshal(value[sumBytes:], &named) == nil {
		u.Name = named.Name
		if table == membersName {
			u.Name = named.Login
		}
	}
	if len(u.Name) > longestUnreadName || strings.ContainsFunc(u.Name, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }) {
		u.Name = ""
	}
	return u
}

// Unread are the damaged rows of accounts, screens and tokens, in that order and by ID.
func (s *Store) Unread() (all []Unread) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, rows := range []map[string]Unread{s.members.unread, s.screens.unread, s.tokens.unread} {
		var some []Unread
		for _, u := range rows {
			some = append(some, u)
		}
		slices.SortFunc(some, func(a, b Unread) int { return strings.Compare(a.ID, b.ID) })
		all = append(all, some...)
	}
	return all
}

// Locked tells that nobody can come in as an administrator and accounts are damaged,
// one of which may be an administrator's: no code makes another one, and only SetAside
// begins anew.
func (s *Store) Locked() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.members.unread) > 0 && !s.otherAdministers("")
}

// errLocked is why PrintCode makes no code.
var errLocked = errors.New("no account of an administrator can be read")

// spoil has every row count as damaged.
func (t *table[T]) spoil(why error) {
	for key := range t.rows {
		t.unread[key] = Unread{Table: t.name, Why: why.Error()}
	}
	clear(t.rows)
}

// dropUnread is the change that a damaged row is not in the file any more.
func (t *table[T]) dropUnread(key string) change {
	return change{
		func(tx *bbolt.Tx) error { return tx.Bucket([]byte(t.name)).Delete([]byte(key)) },
		func() { delete(t.unread, key) },
	}
}

// madeAgain are the changes that follow when a row of a name is made: a damaged one of
// that name, or else one whose name cannot be read, is no longer needed.
func (t *table[T]) madeAgain(name string) []change {
	for _, called := range []string{name, ""} {
		for key, u := range t.unread {
			if u.Name == called {
				return []change{t.dropUnread(key)}
			}
		}
	}
	return nil
}

// mend drops at a start what is damaged and worth nothing: sessions and codes, of
// which new ones are made in a minute, and the alert of desks, which is off then. What
// else is damaged is told in the log.
func (s *Store) mend(now time.Time) {
	for _, u := range s.Unread() {
		s.log.Error("a row of the accounts is damaged and opens nothing", "table", u.Table, "row", u.ID, "name", u.Name, "err", u.Why, "do", "run eliminacode check")
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	box := access.By{Name: "box", Role: access.Technician}
	dropped := func(what string, after any, changes []change) {
		if len(changes) == 0 {
			return
		}
		s.log.Warn("what was damaged among the accounts is dropped", "what", what, "rows", len(changes))
		if err := s.commit(append(changes, s.audit(now, box, what, "", nil, after))...); err != nil {
			s.log.Warn("storing that damaged rows are dropped", "what", what, "err", err)
		}
	}
	var sessions, codes, alert []change
	for key := range s.sessions.unread {
		sessions = append(sessions, s.sessions.dropUnread(key))
	}
	for key := range s.codes.unread {
		codes = append(codes, s.codes.dropUnread(key))
	}
	if s.alertLost {
		alert = []change{{func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Delete(alertKey) }, func() { s.alertLost = false }}}
	}
	dropped("session.drop", map[string]int{"rows": len(sessions)}, sessions)
	dropped("code.drop", map[string]int{"rows": len(codes)}, codes)
	dropped("alert.off", nil, alert)
}

// Look reads a private file that no program has open, and changes nothing: its damaged
// rows, and whether it is Locked. The error Is ErrInUse, ErrDamaged, ErrNewerFormat or
// fs.ErrNotExist where that cannot be told.
func Look(path string) (all []Unread, locked bool, err error) {
	s := newStore(path, Options{})
	err = guard(func() (err error) {
		s.db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: openTimeout, ReadOnly: true, NoStatistics: true})
		return err
	})
	switch {
	case err == nil:
		defer s.db.Close()
	case errors.Is(err, berrors.ErrTimeout):
		return nil, false, fmt.Errorf("%w: %s", ErrInUse, path)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return nil, false, fmt.Errorf("looking at the private file: %w", err)
	default:
		return nil, false, damaged(path, err)
	}
	if err := guard(func() error { return s.db.View(s.load) }); err != nil {
		if errors.Is(err, ErrNewerFormat) {
			return nil, false, err
		}
		return nil, false, damaged(path, err)
	}
	return s.Unread(), s.Locked(), nil
}
