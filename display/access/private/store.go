package private

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// Options say how a store is opened; the zero value is what an office has.
type Options struct {
	// Idle ends a session that asks for nothing so long; 0 is IdleEnd.
	Idle time.Duration
	// KeepAudit is how long DropOldActs leaves an act in the audit list; 0 is for
	// as long as there is room.
	KeepAudit time.Duration
	// Clock reads the box's clocks, for a time of time.Now; nil takes each Open for a
	// boot of its own, as old as the time since.
	Clock func(now time.Time) queue.Now
	// Office is what the office's clock shows at a time of time.Now, by which the audit
	// list is dated: people may have corrected it. Nil is the computer's.
	Office func(now time.Time) time.Time
	// Cost of new hashes; zero is access.Standard.
	Cost access.Cost
	// Log receives what Open finds; nil is nowhere.
	Log *slog.Logger
}

// IdleEnd is what ends a session in an office whose Options say nothing else.
const IdleEnd = 4 * time.Hour

// The bounds of what is kept.
const (
	mostMembers   = 500
	mostSessions  = 2000
	mostAnonymous = 500
	mostOfMember  = 8 // sessions
	mostScreens   = 200
	mostTokens    = 100
	mostCodes     = 100
	mostAudit     = 10_000
	mostDelays    = 4096
)

const membersName = "members"

const (
	format      = "1"
	openTimeout = time.Second
)

var (
	metaBucket = []byte("meta")
	formatKey  = []byte("format")
)

// A Store is the private file, open.
type Store struct {
	path string
	o    Options
	log  *slog.Logger
	db   *bbolt.DB

	turns    *turns // one check of a secret at a time
	bounds   bounds // of wrong ones
	browsers []byte // the key of the marks of known browsers; set by Open

	members  table[member]
	sessions table[session]
	screens  table[screen]
	tokens   table[token]
	codes    table[code]

	writing sync.Mutex // held from the decision about a change to its end
	broken  error      // of writing: why nothing more is stored
	spoilt  atomic.Bool
	audited uint64 // of writing: the newest sequence of the audit list
	acts    int    // of writing: how many there are

	mu    sync.RWMutex // of the rows in memory, and of what follows
	live  live
	newer chan struct{} // closed with the next change
	clock queue.Now     // the latest reading that is on disk
	alert access.DeskAlert
	// alertLost is that what is stored of it is damaged.
	alertLost bool

	days dayKeys
}

// Open opens the private file, and makes it and its folder if they are missing.
// The keys of days lie in the same folder.
func Open(path string, o Options) (*Store, error) {
	if o.Idle == 0 {
		o.Idle = IdleEnd
	}
	if o.Cost == (access.Cost{}) {
		o.Cost = access.Standard
	}
	if o.Clock == nil {
		boot, opened := rand.Text(), time.Now()
		o.Clock = func(now time.Time) queue.Now {
			return queue.Now{Wall: now.UnixMilli(), Boot: boot, Mono: now.Sub(opened).Milliseconds()}
		}
	}
	if o.Office == nil {
		o.Office = func(now time.Time) time.Time { return now }
	}
	now := time.Now()
	s := newStore(path, o)
	s.live = newLive(o.Clock(now).Mono)
	dir := filepath.Dir(path)
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	if err := s.make(); err != nil {
		return nil, err
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	if err := guard(func() error { return s.db.View(s.load) }); err != nil {
		s.db.Close()
		if errors.Is(err, ErrNewerFormat) {
			return nil, fmt.Errorf("opening %s: %w; install the version of the program that wrote it, or a later one", path, err)
		}
		return nil, damaged(path, err)
	}
	s.days = openDayKeys(dir, s.log)
	s.mend(now)
	s.carry(o.Clock(now))
	s.dropEnded(now)
	s.makeBrowserKey()
	return s, nil
}

// newStore is a store that has read nothing yet.
func newStore(path string, o Options) *Store {
	s := &Store{
		path: path, o: o, log: o.Log, turns: newTurns(), bounds: newBounds(), newer: make(chan struct{}),
		members:  table[member]{name: membersName, most: mostMembers},
		sessions: table[session]{name: "sessions", most: mostSessions},
		screens:  table[screen]{name: "screens", most: mostScreens},
		tokens:   table[token]{name: "tokens", most: mostTokens},
		codes:    table[code]{name: "codes", most: mostCodes},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the private folder: %w; the user that the program runs as must be allowed to write there", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return fmt.Errorf("guarding the private folder: %w; it must belong to the user that the program runs as", err)
	}
	return nil
}

// make makes the file if it is missing: under another name, so that it is whole
// or not there.
func (s *Store) make() error {
	if _, err := os.Stat(s.path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	fresh := s.path + ".tmp"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("making the private file: %w", err)
	}
	db, err := bbolt.Open(fresh, 0o600, &bbolt.Options{Timeout: openTimeout})
	if err != nil {
		return fmt.Errorf("making the private file: %w", err)
	}
	err = errors.Join(db.Update(func(tx *bbolt.Tx) error {
		for _, name := range []string{s.members.name, s.sessions.name, s.screens.name, s.tokens.name, s.codes.name, auditName} {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		meta, err := tx.CreateBucket(metaBucket)
		if err != nil {
			return err
		}
		return meta.Put(formatKey, []byte(format))
	}), db.Close())
	if err == nil {
		err = errors.Join(os.Rename(fresh, s.path), syncFolder(filepath.Dir(s.path)))
	}
	if err != nil {
		return fmt.Errorf("making the private file: %w; is the disk full?", err)
	}
	return nil
}

func (s *Store) open() error {
	if err := os.Chmod(s.path, 0o600); err != nil {
		return fmt.Errorf("guarding the private file: %w; it must belong to the user that the program runs as", err)
	}
	err := guard(func() (err error) {
		s.db, err = bbolt.Open(s.path, 0o600, &bbolt.Options{Timeout: openTimeout, FreelistType: bbolt.FreelistArrayType, NoStatistics: true})
		return err
	})
	switch {
	case err == nil:
		return nil
	case errors.Is(err, berrors.ErrTimeout):
		return fmt.Errorf("%w: %s; ask the running service instead, or stop it first", ErrInUse, s.path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("opening the private file: %w; it must belong to the user that the program runs as", err)
	}
	return damaged(s.path, err)
}

// load reads everything but the audit list, of which it reads the newest entry.
func (s *Store) load(tx *bbolt.Tx) error {
	meta := tx.Bucket(metaBucket)
	if meta == nil {
		return errors.New("it has no format")
	}
	if f := string(meta.Get(formatKey)); f != format {
		if len(f) == 1 && f > format {
			return fmt.Errorf("%w: format %s", ErrNewerFormat, f)
		}
		return errors.New("it has no format that is known")
	}
	for err := range tx.Check() {
		return err
	}
	err := errors.Join(s.members.load(tx), s.sessions.load(tx), s.screens.load(tx), s.tokens.load(tx), s.codes.load(tx), s.loadAudit(tx))
	if err != nil {
		return err
	}
	if err := s.loadAlert(meta); err != nil {
		s.log.Error("the alert of desks is off: it cannot be read", "err", err)
		s.alert, s.alertLost = access.DeskAlert{}, true
	}
	if err := s.loadClock(meta); err != nil {
		// Nobody can tell how long sessions and codes have lasted.
		s.log.Error("everybody signs in again", "err", err)
		s.clock = queue.Now{}
		s.sessions.spoil(err)
		s.codes.spoil(err)
	}
	if err := s.loadBrowserKey(meta); err != nil {
		s.log.Error("no browser is known any more", "err", err)
		s.browsers = nil
	}
	return nil
}

// Close ends all use of the store.
func (s *Store) Close() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.broken == nil {
		if err := s.commit(); err != nil {
			s.log.Warn("storing a reading of the clocks", "err", err)
		}
		s.broken = ErrClosed
	}
	closed := make(chan error, 1)
	go func() { closed <- s.db.Close() }()
	select {
	case err := <-closed:
		return err
	case <-time.After(closeWait):
		// It is as it was stored: what waits are locks, which end with the program.
		return damaged(s.path, errPages)
	}
}

// closeWait bounds the end of a store whose pages were damaged meanwhile: bbolt may
// hold locks then that it will never release.
const closeWait = 3 * time.Second

// A change is one row that is put or dropped: on disk first, then in memory.
type change struct {
	store func(*bbolt.Tx) error
	apply func()
}

// and is the change after which more is in force.
func (c change) and(more func()) change {
	return change{c.store, func() { c.apply(); more() }}
}

// commit puts changes on disk in one transaction, with a reading of the clocks, and
// then in force. The caller holds writing.
func (s *Store) commit(changes ...change) error {
	if s.broken != nil {
		return s.broken
	}
	changes = append(changes, s.putClock(s.o.Clock(time.Now())))
	err := guard(func() error {
		return s.db.Update(func(tx *bbolt.Tx) error {
			for _, c := range changes {
				if err := c.store(tx); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		if errors.Is(err, errPages) {
			// bbolt may hold locks now that it will never release.
			s.broken = damaged(s.path, err)
			s.spoilt.Store(true)
			return s.broken
		}
		return fmt.Errorf("%w: %w; is the disk full, or does it fail? See dmesg", ErrNotStored, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range changes {
		if c.apply != nil {
			c.apply()
		}
	}
	close(s.newer)
	s.newer = make(chan struct{})
	return nil
}

// Damaged tells that the file was found damaged while it was open: what is in memory
// is still read, and nothing more is stored.
func (s *Store) Damaged() bool { return s.spoilt.Load() }

// Changed is closed once something is stored that Still may answer otherwise for.
func (s *Store) Changed() <-chan struct{} {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.newer
}

// errPages marks what guard caught.
var errPages = errors.New("its pages contradict one another")

// guard turns a fault over damaged pages into an error.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errPages, r)
		}
	}()
	return f()
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
