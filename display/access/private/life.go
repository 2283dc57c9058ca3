package private

import (
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"eliminacode/queue"
)

// A life is the time that a session or a code has. Within a boot of the box it
// goes by the monotonic clock, so that a wall clock which is set forth or back makes
// it neither longer nor shorter. At the first start after another boot it is
// measured anew.
type life struct {
	At   queue.Now `json:"at"`      // when it was measured
	Left int64     `json:"left_ms"` // what it had then, in milliseconds
	// End is when it ends at the latest by a wall clock that has gone on, in
	// milliseconds since 1970; 0 in the boot in which it began.
	End int64 `json:"end_ms,omitempty"`
}

func newLife(now queue.Now, d time.Duration) life {
	return life{At: now, Left: max(d.Milliseconds(), 0)}
}

// lifeBetween is that of a row without one, which an earlier version wrote.
func lifeBetween(begun, until time.Time) life {
	return newLife(queue.Now{Wall: begun.UnixMilli()}, until.Sub(begun))
}

// left is what it still has; 0 when it is over. Now is of the boot in which it was
// measured.
func (l life) left(now queue.Now) time.Duration {
	if l.past(now) {
		return 0
	}
	return time.Duration(l.unspent(now)) * time.Millisecond
}

func (l life) over(now queue.Now) bool { return l.left(now) == 0 }

// past tells that the wall clock shows its end, or later.
func (l life) past(now queue.Now) bool { return l.End != 0 && now.Wall >= l.End }

// unspent is what it still has of the time that the box is on, in milliseconds,
// whatever the wall clock shows.
func (l life) unspent(now queue.Now) int64 { return max(l.Left-(now.Mono-l.At.Mono), 0) }

// latest is the latest reading of the boot in which it was measured, where last is
// the latest one that is on disk.
func (l life) latest(last queue.Now) queue.Now {
	if last.Boot != l.At.Boot || last.Mono < l.At.Mono || last.IsZero() {
		return l.At
	}
	return last
}

// carried is it at a start; last is the latest reading of the boot before. The
// time that the box was off counts as far as its wall clock has gone on meanwhile.
// A clock without a battery has not: then nothing is known of that time, and it
// counts once the clock is set, so that a power cut signs nobody out.
func (l life) carried(now, last queue.Now) life {
	if l.At.Boot == now.Boot {
		return l
	}
	last = l.latest(last)
	left := l.Left - (last.Mono - l.At.Mono)
	end := l.End
	if end == 0 {
		end = last.Wall + left
	}
	return life{At: now, Left: max(left-max(now.Wall-last.Wall, 0), 0), End: end}
}

// clockKey is where the latest reading of the clocks stands.
var clockKey = []byte("clock")

const (
	// Between two readings that are stored nothing is known of a boot that ends
	// with a power cut.
	clockEvery = 10 * time.Minute
	// clockStep is the least that a clock is held to have been set by.
	clockStep = time.Minute
)

func (s *Store) loadClock(meta *bbolt.Bucket) error {
	value := meta.Get(clockKey)
	if value == nil {
		return nil
	}
	if err := decodeRow(value, &s.clock); err != nil {
		return fmt.Errorf("the reading of the clocks: %w", err)
	}
	return nil
}

// putClock is the change that a reading is the latest one.
func (s *Store) putClock(now queue.Now) change {
	return change{
		func(tx *bbolt.Tx) error {
			value, err := encodeRow(now)
			if err != nil {
				return err
			}
			return tx.Bucket(metaBucket).Put(clockKey, value)
		},
		func() { s.clock = now },
	}
}

// noteClock stores a reading where the last one is old, or the wall clock was set
// since. It waits for no other change, since that may wait for a disk that hangs.
func (s *Store) noteClock(now queue.Now) {
	s.mu.RLock()
	was := s.clock
	s.mu.RUnlock()
	passed := now.Mono - was.Mono
	step := now.Wall - was.Wall - passed
	if was.Boot == now.Boot && passed < clockEvery.Milliseconds() && max(step, -step) < clockStep.Milliseconds() {
		return
	}
	if !s.writing.TryLock() {
		return
	}
	defer s.writing.Unlock()
	if err := s.commit(s.judgeTokens(now)...); err != nil {
		s.log.Warn("storing a reading of the clocks", "err", err)
		s.mu.Lock()
		s.clock = now // a full disk is not tried again before the next one
		s.mu.Unlock()
	}
}

// carry measures every life anew at a start. In memory it does so even where the
// disk takes nothing.
func (s *Store) carry(now queue.Now) {
	s.writing.Lock()
	defer s.writing.Unlock()
	// A row of before lives were kept has its two times alone.
	anew := func(l life, begun, until time.Time) (_ life, other bool) {
		if l.At.IsZero() {
			l = lifeBetween(begun, until)
		}
		if l.At.Boot == now.Boot {
			return l, false
		}
		return l.carried(now, s.clock), true
	}
	var changes []change
	for key, row := range s.sessions.rows {
		if l, other := anew(row.Life, row.Begun, row.Until); other {
			row.Life = l
			s.sessions.rows[key] = row
			changes = append(changes, s.sessions.put(key, row))
		}
	}
	for key, row := range s.codes.rows {
		if l, other := anew(row.Life, row.Made, row.Until); other {
			row.Life = l
			s.codes.rows[key] = row
			changes = append(changes, s.codes.put(key, row))
		}
	}
	for key, row := range s.tokens.rows {
		if t := row.carried(now, s.clock); t.Life != row.Life {
			s.tokens.rows[key] = t
			changes = append(changes, s.tokens.put(key, t))
		}
	}
	if len(changes) == 0 {
		return
	}
	if err := s.commit(changes...); err != nil {
		s.log.Warn("measuring sessions, codes and tokens after a start", "err", err)
	}
}
