package private

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"eliminacode/display/access"
)

// A browser is known for a member's PIN or password once the member has signed in
// there. It keeps a mark for each in one cookie: a name that the box drew, and a MAC
// of that name, the member and the hash of the secret under a key of this box. So the
// cookie tells nobody whose it is, opens nothing, and is worth nothing once the member
// has another secret. What a mark gives is a count of wrong tries of its own.
const (
	browserKeyBytes = 32
	markNameBytes   = 9
	markMACBytes    = 16
	mostMarks       = 24 // in one browser: a desk at which a dozen people work
)

var browserKey = []byte("browsers")

// loadBrowserKey reads the key of the marks; a file that has none yet gets one.
func (s *Store) loadBrowserKey(meta *bbolt.Bucket) error {
	value := meta.Get(browserKey)
	if value == nil {
		return nil
	}
	err := decodeRow(value, &s.browsers)
	if err == nil && len(s.browsers) != browserKeyBytes {
		err = errors.New("it has another length")
	}
	if err != nil {
		return fmt.Errorf("the key of known browsers: %w", err)
	}
	return nil
}

// makeBrowserKey makes the key of the marks where there is none. One that could not be
// stored holds until the program ends.
func (s *Store) makeBrowserKey() {
	if s.browsers != nil {
		return
	}
	s.browsers = make([]byte, browserKeyBytes)
	rand.Read(s.browsers) // never fails
	s.writing.Lock()
	defer s.writing.Unlock()
	err := s.commit(change{store: func(tx *bbolt.Tx) error {
		value, err := encodeRow(s.browsers)
		if err != nil {
			return err
		}
		return tx.Bucket(metaBucket).Put(browserKey, value)
	}})
	if err != nil {
		s.log.Warn("storing the key of known browsers", "err", err)
	}
}

// Known is the cookie of known browsers after a member has come in by how, for a
// browser whose cookie was known before. By a PIN it is known for the PIN alone, by
// anything else for both secrets that the member has.
func (s *Store) Known(known, id string, how access.How) string {
	s.mu.RLock()
	m := s.members.rows[id]
	s.mu.RUnlock()
	var fresh, others []string
	for _, mark := range marks(known) {
		if s.vouches(mark, m, access.ByPIN) || s.vouches(mark, m, access.ByPassword) {
			fresh = append(fresh, mark)
		} else {
			others = append(others, mark)
		}
	}
	for _, by := range []access.How{access.ByPIN, access.ByPassword} {
		has := slices.ContainsFunc(fresh, func(mark string) bool { return s.vouches(mark, m, by) })
		if (by == how || how != access.ByPIN) && m.secret(by) != "" && !has {
			fresh = append(fresh, s.mark(m, by))
		}
	}
	all := append(fresh, others...) // of the oldest none is left
	return strings.Join(all[:min(len(all), mostMarks)], ".")
}

// knownFor is the name of the mark with which a browser is known for a member's
// secret; empty for none.
func (s *Store) knownFor(known string, m member, how access.How) string {
	for _, mark := range marks(known) {
		if s.vouches(mark, m, how) {
			return mark[:markNameChars]
		}
	}
	return ""
}

var (
	markNameChars = base64.RawURLEncoding.EncodedLen(markNameBytes)
	markChars     = markNameChars + base64.RawURLEncoding.EncodedLen(markMACBytes)
)

// marks are those of a cookie, as far as they look like some.
func marks(known string) (all []string) {
	if len(known) > mostMarks*(markChars+1) {
		return nil
	}
	for mark := range strings.SplitSeq(known, ".") {
		if len(mark) == markChars {
			all = append(all, mark)
		}
	}
	return all
}

// mark makes a mark of a member's secret.
func (s *Store) mark(m member, how access.How) string {
	name := make([]byte, markNameBytes)
	rand.Read(name) // never fails
	text := base64.RawURLEncoding.EncodeToString(name)
	return text + s.markMAC(text, m, how)
}

// vouches tells whether a mark is one of a member's secret of now.
func (s *Store) vouches(mark string, m member, how access.How) bool {
	return m.secret(how) != "" && hmac.Equal([]byte(mark[markNameChars:]), []byte(s.markMAC(mark[:markNameChars], m, how)))
}

func (s *Store) markMAC(name string, m member, how access.How) string {
	h := hmac.New(sha256.New, s.browsers)
	fmt.Fprintf(h, "%s %s %s %s", name, m.ID, how, m.secret(how)) // none of them has a blank
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:markMACBytes])
}
