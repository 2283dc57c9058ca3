package private

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// dayKeys are the keys of the days that are not closed: usually one. While a key
// is there, the same member has the same account all day, also after a restart;
// without it nobody can tell which accounts of two days are one person's, nor
// whose they are.
type dayKeys struct {
	dir string
	log *slog.Logger

	mu   *sync.Mutex
	keys map[int][]byte
}

const dayKeyBytes = 32

// A key's file is one row with these fields.
type dayKey struct {
	Format int    `json:"format"`
	Day    int    `json:"day"`
	Key    []byte `json:"key"`
}

var errDayKey = errors.New("key of a day is damaged")

func dayKeyName(day int) string { return "day-" + strconv.Itoa(day) + ".key" }

// dayOf is the day whose key a file of that name holds.
func dayOf(name string) (day int, ok bool) {
	rest, begins := strings.CutPrefix(name, "day-")
	digits, ends := strings.CutSuffix(rest, ".key")
	day, err := strconv.Atoi(digits)
	return day, begins && ends && err == nil && name == dayKeyName(day)
}

// openDayKeys reads the keys. One that is damaged is told and destroyed: whoever
// is at a desk then has another account for the rest of that day.
func openDayKeys(dir string, log *slog.Logger) dayKeys {
	k := dayKeys{dir, log, &sync.Mutex{}, map[int][]byte{}}
	files, err := os.ReadDir(dir)
	if err != nil {
		log.Warn("listing the keys of days", "err", err)
		return k
	}
	for _, f := range files {
		day, ok := dayOf(f.Name())
		if !ok {
			if strings.HasPrefix(f.Name(), "day-") && strings.HasSuffix(f.Name(), ".tmp") {
				// The power went while a key was made; nobody has used it.
				if err := wipe(filepath.Join(dir, f.Name())); err != nil {
					log.Warn("destroying an unfinished key", "err", err)
				}
			}
			continue
		}
		value, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err == nil {
			k.keys[day], err = parseDayKey(value, day)
		}
		if err != nil {
			delete(k.keys, day)
			err = errors.Join(err, wipe(filepath.Join(dir, f.Name())))
			log.Warn("a key of a day could not be read and is made anew; operators who cannot go on open their desk again", "day", day, "err", err)
		}
	}
	return k
}

func parseDayKey(value []byte, day int) ([]byte, error) {
	var row dayKey
	if err := decodeRow(value, &row); err != nil {
		return nil, fmt.Errorf("%w: %w", errDayKey, err)
	}
	if row.Format != 1 || row.Day != day || len(row.Key) != dayKeyBytes {
		return nil, fmt.Errorf("%w: it is not that of day %d", errDayKey, day)
	}
	return row.Key, nil
}

// Account is the member's account of a day, for queue.OpenDesk: a text of 43
// characters that is the same all day and says nothing without the key of the day.
// The key is made when it is first needed.
func (s *Store) Account(day int, member string) (string, error) {
	k := s.days
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[day]
	if !ok {
		key = make([]byte, dayKeyBytes)
		rand.Read(key) // never fails
		if err := k.write(day, key); err != nil {
			return "", fmt.Errorf("keeping the key of the day: %w: %w; is the disk full?", ErrNotStored, err)
		}
		k.keys[day] = key
	}
	mac := hmac.New(sha256.New, key)
	io.WriteString(mac, member)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}

func (k dayKeys) write(day int, key []byte) error {
	value, err := encodeRow(dayKey{1, day, key})
	if err != nil {
		return err
	}
	path := filepath.Join(k.dir, dayKeyName(day))
	f, err := os.OpenFile(path+".tmp", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(value)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return errors.Join(err, os.Remove(path+".tmp"))
	}
	return errors.Join(os.Rename(path+".tmp", path), syncFolder(k.dir))
}

// Destroy takes the key of a day off the disk and out of memory: from then on no
// account of that day can be tied to anybody. A key that is not there is no error.
// Sessions that have ended go with it: they have their beginning.
func (s *Store) Destroy(day int) error {
	defer s.dropEnded(time.Now())
	k := s.days
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.destroy(day)
}

// DestroyBut destroys the keys of all days but one, as at a start: the daemon may
// have been off when a day was closed. 0 spares none.
func (s *Store) DestroyBut(day int) error {
	k := s.days
	k.mu.Lock()
	defer k.mu.Unlock()
	var errs []error
	for other := range k.keys {
		if other != day {
			errs = append(errs, k.destroy(other))
		}
	}
	return errors.Join(errs...)
}

func (k dayKeys) destroy(day int) error {
	key, ok := k.keys[day]
	if !ok {
		return nil
	}
	if err := wipe(filepath.Join(k.dir, dayKeyName(day))); err != nil {
		return fmt.Errorf("destroying the key of day %d: %w", day, err)
	}
	clear(key)
	delete(k.keys, day)
	return nil
}

// wipe writes a file over with zeros, syncs it and deletes it.
func wipe(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.Write(make([]byte, info.Size()))
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return errors.Join(os.Remove(path), syncFolder(filepath.Dir(path)))
}
