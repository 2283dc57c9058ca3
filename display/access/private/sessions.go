package private

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// A session is a row of sessions.
type session struct {
	Member string     `json:"member"`
	How    access.How `json:"how"`
	Desk   string     `json:"desk,omitempty"`
	Begun  time.Time  `json:"begun"`
	Until  time.Time  `json:"until"`
	Life   life       `json:"life,omitzero"`
	Values []byte     `json:"values"` // as scs encodes them
}

func (v session) valid() error {
	if v.Member == "" || v.Until.IsZero() {
		return fmt.Errorf("the session is nobody's")
	}
	return nil
}

// live is what is known only while the daemon runs.
type live struct {
	opened    int64                // milliseconds of the boot
	used      map[string]int64     // the same, of the last use of sessions, by hash
	anonymous map[string]anonymous // sessions of who has not logged in, by hash
	seen      map[string]time.Time // screens, by ID
	pairing   map[string]pairing   // by code
	rates     map[string]rate      // tokens, by ID
}

type anonymous struct {
	values []byte
	life   life
}

func newLive(opened int64) live {
	return live{opened, map[string]int64{}, map[string]anonymous{}, map[string]time.Time{}, map[string]pairing{}, map[string]rate{}}
}

// Sessions is the store of sessions for scs. Only the hash of a cookie is kept.
// A session in which access.SessionMember names somebody is on disk; all others
// are in memory, so that visitors who never log in cost no write.
func (s *Store) Sessions() scs.Store { return sessions{s} }

type sessions struct{ s *Store }

// Find implements scs.Store.
func (v sessions) Find(token string) (values []byte, found bool, err error) {
	s, key, now := v.s, access.HashMachine(token), v.s.o.Clock(time.Now())
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.live.anonymous[key]; ok && !a.life.over(now) {
		return a.values, true, nil
	}
	row, err := s.sessionNow(key, now)
	if err == nil {
		s.live.used[key] = now.Mono
	}
	return row.Values, err == nil, nil
}

// sessionNow is a session that has not ended, and when. The caller holds
// mu.
func (s *Store) sessionNow(key string, now queue.Now) (session, error) {
	row, ok := s.sessions.rows[key]
	if !ok {
		return row, access.ErrWrong
	}
	m, ok := s.members.rows[row.Member]
	if !ok || m.Disabled || s.ended(key, row, now) {
		return session{}, access.ErrExpired
	}
	return row, nil
}

// ended tells whether a session has come to its end, or was not used for too long.
// The caller holds mu.
func (s *Store) ended(key string, row session, now queue.Now) bool {
	return row.Life.over(now) || now.Mono-s.lastUse(key) >= s.o.Idle.Milliseconds()
}

// lastUse is when a session was last used, in milliseconds of the boot, as far as
// this daemon knows: one of before its start counts as used at the start.
func (s *Store) lastUse(key string) int64 {
	if used, ok := s.live.used[key]; ok {
		return used
	}
	return s.live.opened
}

// Commit implements scs.Store.
func (v sessions) Commit(token string, values []byte, until time.Time) error {
	_, named, err := scs.GobCodec{}.Decode(values)
	if err != nil {
		return fmt.Errorf("reading a session: %w", err)
	}
	s, key, wall := v.s, access.HashMachine(token), time.Now()
	now := s.o.Clock(wall)
	fresh := newLife(now, until.Sub(wall))
	text := func(name string) string { t, _ := named[name].(string); return t }
	if text(access.SessionMember) == "" {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.keepAnonymous(key, anonymous{slices.Clone(values), fresh}, now)
		return nil
	}
	var changes []change
	row := session{text(access.SessionMember), access.How(text(access.SessionHow)), text(access.SessionDesk), wall, until, fresh, slices.Clone(values)}
	s.writing.Lock()
	defer s.writing.Unlock()
	if old, ok := s.sessions.rows[key]; ok {
		row.Begun, row.Until, row.Life = old.Begun, old.Until, old.Life
	} else if m, ok := s.members.rows[row.Member]; !ok || m.Disabled {
		return access.ErrDisabled
	} else if !m.Came {
		m.Came = true // no change that anybody sees: its version and its time stay
		changes = append(changes, s.members.put(m.ID, m))
	}
	changes = append(changes, s.roomForSession(key, row.Member)...)
	return s.commit(append(changes, s.sessions.put(key, row).and(func() {
		s.live.used[key] = now.Mono
		delete(s.live.anonymous, key)
	}))...)
}

// Delete implements scs.Store.
func (v sessions) Delete(token string) error {
	s, key := v.s, access.HashMachine(token)
	s.mu.Lock()
	delete(s.live.anonymous, key)
	_, there := s.sessions.rows[key]
	s.mu.Unlock()
	if !there {
		return nil
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.commit(s.dropSession(key))
}

// keepAnonymous keeps the session of a visitor who has not logged in; when there
// are too many, the oldest makes room.
func (s *Store) keepAnonymous(key string, a anonymous, now queue.Now) {
	if old, ok := s.live.anonymous[key]; ok {
		a.life = old.life
	} else if len(s.live.anonymous) >= mostAnonymous {
		oldest := ""
		for k, other := range s.live.anonymous {
			if other.life.over(now) {
				delete(s.live.anonymous, k)
			} else if oldest == "" || other.life.At.Mono < s.live.anonymous[oldest].life.At.Mono {
				oldest = k
			}
		}
		if len(s.live.anonymous) >= mostAnonymous {
			delete(s.live.anonymous, oldest)
		}
	}
	s.live.anonymous[key] = a
}

// roomForSession drops the sessions that make room for another one: the least used
// ones beyond the bounds.
func (s *Store) roomForSession(key, member string) (changes []change) {
	if _, there := s.sessions.rows[key]; there {
		return nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	leastUsed := func(keys []string, over int) {
		slices.SortFunc(keys, func(a, b string) int {
			return cmp.Or(cmp.Compare(s.lastUse(a), s.lastUse(b)), cmp.Compare(a, b))
		})
		for _, k := range keys[:min(max(over, 0), len(keys))] {
			changes = append(changes, s.dropSession(k))
		}
	}
	own := s.sessions.keysOf(func(v session) bool { return v.Member == member })
	leastUsed(own, len(own)-mostOfMember+1)
	if len(changes) == 0 {
		all := s.sessions.keysOf(func(session) bool { return true })
		leastUsed(all, len(all)-mostSessions+1)
	}
	return changes
}

func (s *Store) dropSession(key string) change {
	return s.sessions.drop(key).and(func() { delete(s.live.used, key) })
}

// endSessions are the changes that end a member's sessions, but that of a hash.
func (s *Store) endSessions(member, but string) (changes []change) {
	for _, key := range s.sessions.keysOf(func(v session) bool { return v.Member == member }) {
		if key != but {
			changes = append(changes, s.dropSession(key))
		}
	}
	return changes
}

// dropEnded takes away what has ended, so that the file does not keep it and no
// clock that is set back lets it begin anew; that of a token is kept, and that it
// ended. While another change is being stored it
// leaves that for the next time: whoever asks must not wait for a disk that hangs.
func (s *Store) dropEnded(wall time.Time) {
	now := s.o.Clock(wall)
	if !s.writing.TryLock() {
		return
	}
	defer s.writing.Unlock()
	changes := s.judgeTokens(now)
	s.mu.RLock()
	for key, row := range s.sessions.rows {
		if s.ended(key, row, now) {
			changes = append(changes, s.dropSession(key))
		}
	}
	for _, key := range s.codes.keysOf(func(c code) bool { return c.Life.over(now) }) {
		changes = append(changes, s.codes.drop(key))
	}
	s.mu.RUnlock()
	if len(changes) == 0 {
		return
	}
	if err := s.commit(changes...); err != nil {
		s.log.Warn("storing what has ended", "err", err)
	}
}

// isSessionOf tells whether a cookie is that of a member's session.
func (s *Store) isSessionOf(cookie, id string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.sessions.rows[access.HashMachine(cookie)].Member == id
}
