package journal

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// The names in the folder besides those of the months.
const (
	nextName   = "journal-next.tmp"
	sheetsName = "sheets.db"
)

// lockTimeout is how long Open waits for another program to leave.
const lockTimeout = time.Second

var monthName = regexp.MustCompile(`^journal-([0-9]{12})-([0-9]{4}-[0-9]{2})\.db$`)

// likeMonth finds the name of a month file in one that was made of it.
var likeMonth = regexp.MustCompile(`journal-([0-9]{12})-[0-9]{4}-[0-9]{2}`)

// A monthFile is where the events from first on are.
type monthFile struct {
	name  string
	first uint64
	month string // "2026-11"
}

// file is the month file that says this of itself.
func (m fileMeta) file() monthFile {
	return monthFile{name: fmt.Sprintf("journal-%012d-%s.db", m.First, m.Month), first: m.First, month: m.Month}
}

// Beside is the folder within a backup that holds what the office keeps beside its
// journal. The journal leaves it alone.
const Beside = "beside"

// list finds the month files of a folder, oldest first, and names what else lies
// there and is no part of a journal.
func list(dir string) (files []monthFile, foreign []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("listing the journal: %w; the folder must be readable by the user that the program runs as", err)
	}
	for _, e := range entries {
		name := e.Name()
		m := monthName.FindStringSubmatch(name)
		switch {
		case m != nil && e.Type().IsRegular() && firstOf(name) != 0:
			files = append(files, monthFile{name: name, first: firstOf(name), month: m[2]})
		case name == nextName || name == sheetsName || name == Beside && e.IsDir():
		case name == "lost+found" || strings.HasPrefix(name, "."):
			// The folder may be a partition of its own.
		default:
			foreign = append(foreign, name)
		}
	}
	slices.SortFunc(files, func(a, b monthFile) int { return cmp.Compare(a.first, b.first) })
	for i := len(files) - 1; i > 0; i-- {
		if files[i].first != files[i-1].first {
			continue
		}
		if i == len(files)-1 {
			return nil, nil, fmt.Errorf("%w: %s and %s begin with the same event; move the one that does not belong here out of %s",
				ErrForeign, files[i-1].name, files[i].name, dir)
		}
		stray := i
		if v, err := openView(dir, files[i].name); err == nil {
			v.close()
			if v.meta.file() == files[i] {
				stray = i - 1
			}
		}
		foreign = append(foreign, files[stray].name)
		files = slices.Delete(files, stray, stray+1)
	}
	return files, foreign, nil
}

// firstOf is the event that the month file begins with whose name is in a name,
// such as that of a copy; 0 when none is.
func firstOf(name string) uint64 {
	m := likeMonth.FindStringSubmatch(name)
	if m == nil {
		return 0
	}
	first, _ := strconv.ParseUint(m[1], 10, 64) // twelve digits fit
	return first
}

// checkForeign refuses, and otherwise logs, what lies in the folder and is no part
// of the journal. A name of a month file that would go on where the newest one
// ends is refused: it may be today, renamed, and without it numbers would be
// given twice.
func (j *Journal) checkForeign(foreign []string) error {
	for _, name := range foreign {
		if firstOf(name) > j.head.Seq {
			return fmt.Errorf("%w: %s, which by its name goes on where the journal ends; give the file its name back if it is a month of this journal, or move it out of %s", ErrForeign, name, j.dir)
		}
	}
	if len(foreign) > 0 {
		const most = 5
		j.log.Warn("not part of the journal", "files", len(foreign), "such_as", strings.Join(foreign[:min(most, len(foreign))], ", "), "do", "move them out of "+j.dir)
	}
	return nil
}

// lockFolder takes the folder for one writer or many readers. The lock is on
// the folder itself, so that it holds whatever file is in use, needs nothing
// written, and ends with the process.
func lockFolder(dir string, shared bool) (*os.File, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, cannotRead(err)
	}
	how := unix.LOCK_EX
	if shared {
		how = unix.LOCK_SH
	}
	for until := time.Now().Add(lockTimeout); ; time.Sleep(20 * time.Millisecond) {
		err = unix.Flock(int(d.Fd()), how|unix.LOCK_NB)
		if err == nil {
			return d, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			d.Close()
			return nil, fmt.Errorf("locking %s: %w", dir, err)
		}
		if time.Now().After(until) {
			d.Close()
			return nil, fmt.Errorf("%w: another program has %s open; ask the running service instead, or stop it first", ErrInUse, dir)
		}
	}
}

// makeFolder makes the journal's folder. It does not make the folder above: a
// data partition that was not mounted must not be replaced by an empty one.
func makeFolder(dir string) error {
	switch err := os.Mkdir(dir, 0o750); {
	case err == nil:
		return syncFolder(filepath.Dir(dir))
	case errors.Is(err, fs.ErrExist):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("making the journal's folder: %w; make the folder above it, or mount the data partition", err)
	case errors.Is(err, unix.EROFS):
		return fmt.Errorf("making the journal's folder: %w", diskFails(dir, err))
	default:
		return fmt.Errorf("making the journal's folder: %w; the user that the program runs as must be allowed to write there", err)
	}
}

// writable makes sure that files can be made in the folder: the next one would
// otherwise be missed when a month ends.
func writable(dir string) error {
	err := unix.Faccessat(unix.AT_FDCWD, dir, unix.W_OK|unix.X_OK, unix.AT_EACCESS)
	if err == nil {
		return nil
	}
	if failing := diskFails(dir, err); failing != nil {
		return fmt.Errorf("opening the journal: %w", failing)
	}
	return fmt.Errorf("opening the journal: %s: %w; the user that the program runs as must be allowed to make files there, where each month begins one", dir, err)
}

// remove deletes a file of a folder, if it is there; was tells that it was.
func remove(dir, name string) (was bool, err error) {
	if err = os.Remove(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
