package journal

import (
	"archive/tar"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"go.etcd.io/bbolt"
	"golang.org/x/sys/unix"

	"eliminacode/queue"
)

// A Copied marks the newest file of a copy. Who goes on from a copy goes on
// from an older state than people may have seen, and must not do so under the
// same identity: the mark is gone with the first Append.
type Copied struct {
	Seq uint64 `json:"seq"` // of the newest event when the copy was made
	// Next are the numbers at which series go on, as Restore was told.
	Next []queue.SeriesFrom `json:"next,omitempty"`
}

// The names in the stream of a copy besides those of the months: a sheet, by
// its day, and what tells that nothing is missing at the end.
var sheetName = regexp.MustCompile(`^sheet-([0-9]{1,9})$`)

const endName = "end"

// WriteCopy writes the journal as it is now, while events go on being
// appended, for Backup to read: a tar archive of the month files in order, and
// then of the sheets, a file each; an empty file ends it.
func (j *Journal) WriteCopy(ctx context.Context, w io.Writer) error {
	to := tar.NewWriter(stopWriter{ctx: ctx, done: j.done, w: w})
	for i := range j.fileCount() {
		if err := j.copyMonth(to, i); err != nil {
			// bbolt gives no error value for a failed writer, only a text.
			return fmt.Errorf("copying the journal: %w", cmp.Or(stopped(ctx, j.done), err))
		}
	}
	for s, err := range j.Sheets(1, lastDay) {
		if errors.Is(err, ErrDamaged) {
			break // the rest is made again from the events
		}
		if err == nil {
			err = writeFile(to, fmt.Sprint("sheet-", s.Day), s.encode())
		}
		if err != nil {
			return fmt.Errorf("copying the sheets: %w", err)
		}
	}
	err := writeFile(to, endName, nil)
	if err == nil {
		err = to.Close()
	}
	if err != nil {
		return fmt.Errorf("copying the journal: %w", err)
	}
	return nil
}

func (j *Journal) copyMonth(to *tar.Writer, i int) error {
	v, err := j.view(i)
	if err != nil {
		return err
	}
	defer v.close()
	size := int64(v.tree.pages) * int64(v.tree.pageBytes)
	if err := to.WriteHeader(fileHeader(v.meta.file().name, size)); err != nil {
		return err
	}
	if v.tx != nil {
		_, err = v.tx.WriteTo(to)
	} else {
		_, err = io.Copy(to, io.NewSectionReader(v.tree.r, 0, size))
	}
	return err
}

func fileHeader(name string, size int64) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o640}
}

func writeFile(to *tar.Writer, name string, b []byte) error {
	if err := to.WriteHeader(fileHeader(name, int64(len(b)))); err != nil {
		return err
	}
	_, err := to.Write(b)
	return err
}

// Backup makes a new folder of what write writes, which is WriteCopy's. The
// folder gets its name only when all of it is on disk and was read back from
// there and verified; one that is there already is left alone and answered with
// ErrExists. The copy can be read as it lies. Who goes on from it does so as
// another journal: see Copied.
func Backup(ctx context.Context, dest string, write func(context.Context, io.Writer) error) (Verification, error) {
	v, err := backup(ctx, dest, write, nil)
	if err != nil {
		if isFull(err) {
			err = fmt.Errorf("%w; make room or choose another disk", asFull(err))
		}
		return v, fmt.Errorf("backing up the journal to %s: %w", dest, err)
	}
	return v, nil
}

// partial stands behind the name of a copy that is not whole yet.
const partial = ".partial-"

func backup(ctx context.Context, dest string, write func(context.Context, io.Writer) error, next []queue.SeriesFrom) (v Verification, err error) {
	if _, err := os.Lstat(dest); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fmt.Errorf("%w; choose another name", ErrExists)
		}
		return v, err
	}
	parent := filepath.Dir(dest)
	if Holds(parent) {
		return v, fmt.Errorf("%w: a backup does not lie in a journal's own folder; choose another", ErrForeign)
	}
	begun, err := os.MkdirTemp(parent, filepath.Base(dest)+partial+"*")
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("the folder %s is not there; make it, or mount its disk", parent)
	}
	if err != nil {
		return v, err
	}
	err = inTurn(
		func() error { return receive(ctx, begun, next, write) },
		func() error { return settle(begun) },
		func() (err error) { v, err = verifyCopy(ctx, begun); return err },
		func() error { return os.Chmod(begun, 0o750) },
		func() error { return renameNew(begun, dest) },
	)
	if err != nil {
		return v, errors.Join(err, os.RemoveAll(begun))
	}
	return v, syncFolder(parent)
}

// inTurn takes steps until one fails.
func inTurn(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// verifyCopy verifies the journal in a folder that nobody else knows yet.
func verifyCopy(ctx context.Context, dir string) (Verification, error) {
	c, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		return Verification{}, fmt.Errorf("reading the copy back: %w", err)
	}
	v, err := c.Verify(ctx)
	return v, errors.Join(err, c.Close())
}

// receive makes the files of a copy in an empty folder, and marks it as one.
func receive(ctx context.Context, dir string, next []queue.SeriesFrom, write func(context.Context, io.Writer) error) error {
	from, to := io.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		to.CloseWithError(write(ctx, to))
	}()
	err := unpack(ctx, from, dir, next)
	from.CloseWithError(cmp.Or(err, io.ErrClosedPipe))
	<-ended
	return err
}

// unpack reads what WriteCopy wrote. What it does not expect is an error.
func unpack(ctx context.Context, from io.Reader, dir string, next []queue.SeriesFrom) (err error) {
	files := tar.NewReader(from)
	var c *Journal
	defer func() {
		if c != nil {
			err = errors.Join(err, c.Close())
		}
	}()
	open := func() (err error) {
		if c == nil {
			c, err = Open(dir, Options{NoSync: true}) // settle has it on disk as a whole
		}
		return err
	}
	for ended := false; !ended; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return fmt.Errorf("reading the copy: %w", err)
		}
		if err := stopped(ctx, nil); err != nil {
			return err
		}
		day := sheetName.FindStringSubmatch(h.Name)
		switch {
		case h.Name == endName:
			ended = true
		case h.Typeflag != tar.TypeReg:
			err = fmt.Errorf("%w: %q", ErrForeign, h.Name)
		case c == nil && monthName.MatchString(h.Name):
			err = copyFile(filepath.Join(dir, h.Name), files)
		case day != nil && h.Size <= maxSheetBytes:
			if err = open(); err == nil {
				err = c.receiveSheet(day[1], files)
			}
		default:
			err = fmt.Errorf("%w: %q", ErrForeign, h.Name)
		}
		if err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, from); err != nil { // what tar pads with
		return fmt.Errorf("reading the copy: %w", err)
	}
	if err := open(); err != nil {
		return err
	}
	return c.mark(next)
}

// maxSheetBytes bounds a sheet in a copy: a day of a hundred thousand legs.
const maxSheetBytes = 16 << 20

func (j *Journal) receiveSheet(day string, from io.Reader) error {
	n, err := strconv.Atoi(day)
	if err != nil {
		return err
	}
	b, err := io.ReadAll(from)
	if err != nil {
		return fmt.Errorf("reading a sheet of the copy: %w", err)
	}
	s, err := decodeSheet(key(uint64(n)), b)
	if err != nil {
		return err
	}
	return j.PutSheet(s)
}

// mark says in the newest file that it is a copy.
func (j *Journal) mark(next []queue.SeriesFrom) error {
	if j.live == nil {
		return fmt.Errorf("%w: there is no event yet that could be copied", ErrMissing)
	}
	value, err := json.Marshal(Copied{Seq: j.head.Seq, Next: next})
	if err != nil {
		return err
	}
	return j.live.update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte(metaBucket)).Put([]byte(copyKey), value) })
}

// Copied tells whether the journal is a copy from which nobody has gone on yet.
// Its next events must begin another identity.
func (j *Journal) Copied() (c Copied, ok bool) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.copied == nil {
		return Copied{}, false
	}
	return *j.copied, true
}

// Holds tells whether a folder holds files of a journal.
func Holds(dir string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if monthName.MatchString(e.Name()) {
			return true
		}
	}
	return false
}

// renameNew renames and never replaces.
func renameNew(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
	switch {
	case errors.Is(err, unix.EEXIST):
		return fmt.Errorf("%w; choose another name", ErrExists)
	case errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS):
		// Some file systems cannot promise it; that dest was not there a
		// moment ago has to do.
		return os.Rename(from, to)
	}
	return err
}

// copyFile makes a file of what is read.
func copyFile(path string, from io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Close())
}

// settle has a folder's files on disk, and nowhere else: what is read next is
// what the disk has taken.
func settle(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		f, err := os.Open(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		if err = f.Sync(); err == nil {
			// Where the kernel will not forget them, they are checked in memory.
			_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
		}
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return syncFolder(dir)
}

// ownAs gives a folder and its files to who owns another one, if this is root:
// what root puts back, the service must be able to write.
func ownAs(like, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	var st unix.Stat_t
	if err := unix.Stat(like, &st); err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		return cmp.Or(err, os.Lchown(path, int(st.Uid), int(st.Gid)))
	})
}

// A stopWriter ends a long copy when nobody waits for it any more.
type stopWriter struct {
	ctx  context.Context
	done <-chan struct{}
	w    io.Writer
}

func (s stopWriter) Write(b []byte) (int, error) {
	if err := stopped(s.ctx, s.done); err != nil {
		return 0, err
	}
	return s.w.Write(b)
}
