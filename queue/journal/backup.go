package journal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Backup copies the journal as it is now into a new folder, while events go on
// being appended. The folder gets its name only when all of it is on disk; one
// that is there already is left alone and answered with ErrExists. The copy is
// a journal: open it read-only and Verify it.
func (j *Journal) Backup(ctx context.Context, dest string) error {
	if err := j.backup(ctx, dest); err != nil {
		if isFull(err) {
			err = fmt.Errorf("%w; make room or choose another disk", asFull(err))
		}
		return fmt.Errorf("backing up the journal to %s: %w", dest, err)
	}
	return nil
}

func (j *Journal) backup(ctx context.Context, dest string) error {
	if _, err := os.Lstat(dest); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fmt.Errorf("%w; choose another name", ErrExists)
		}
		return err
	}
	parent := filepath.Dir(dest)
	if err := j.outside(parent); err != nil {
		return err
	}
	partial, err := os.MkdirTemp(parent, filepath.Base(dest)+".partial-*")
	if err != nil {
		return err
	}
	if err = j.copyAll(ctx, partial); err == nil {
		err = syncFolder(partial)
	}
	if err == nil {
		err = os.Chmod(partial, 0o750)
	}
	if err == nil {
		err = renameNew(partial, dest)
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(partial))
	}
	return syncFolder(parent)
}

// outside refuses a backup within the journal, which would then be foreign.
func (j *Journal) outside(parent string) error {
	to, err := os.Stat(parent)
	if err != nil {
		return err
	}
	here, err := os.Stat(j.dir)
	if err == nil && os.SameFile(to, here) {
		err = fmt.Errorf("%w: a backup does not lie in the journal's own folder; choose another", ErrForeign)
	}
	return err
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

// copyAll copies the files up to the newest event of this moment.
func (j *Journal) copyAll(ctx context.Context, to string) error {
	n := j.fileCount()
	for i := range n {
		v, err := j.view(i)
		if err != nil {
			return err
		}
		name := v.name
		if name == nextName {
			name = nameOf(v.meta.First, v.meta.Month)
		}
		err = copyFile(filepath.Join(to, name), func(w io.Writer) error {
			return v.copyTo(stopWriter{ctx: ctx, done: j.done, w: w})
		})
		v.close()
		if err != nil {
			// bbolt tells why its writer failed in words alone.
			return cmp.Or(stopped(ctx, j.done), err)
		}
	}
	return j.copySheets(ctx, to)
}

// copyTo writes the file as it is in the view.
func (v *view) copyTo(w io.Writer) error {
	if v.tx != nil {
		_, err := v.tx.WriteTo(w)
		return err
	}
	used := int64(v.header.pages) * int64(v.header.pageBytes)
	_, err := io.Copy(w, io.NewSectionReader(v.file, 0, used))
	return err
}

// copySheets copies the sheets by value. Those that cannot be read are not
// worth failing a backup for, since they are made again.
func (j *Journal) copySheets(ctx context.Context, to string) error {
	var c *Journal
	for next := 1; ; {
		batch, err := j.sheetBatch(nil, next, lastDay)
		if err != nil && !errors.Is(err, ErrDamaged) {
			return err
		}
		if len(batch) == 0 {
			break
		}
		next = batch[len(batch)-1].Day + 1
		if c == nil {
			if c, err = Open(to, Options{NoSync: j.o.NoSync}); err != nil {
				return err
			}
			defer c.Close()
		}
		if err := stopped(ctx, j.done); err != nil {
			return err
		}
		if err := c.putSheets(batch); err != nil {
			return err
		}
	}
	if c == nil {
		return nil
	}
	return c.Close()
}

// copyFile makes a file of what write writes, and has it on disk at the end.
func copyFile(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
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
