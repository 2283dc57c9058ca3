// Package replace replaces a file as a whole, so that a power cut leaves the old
// one or the new one.
//
// A disk that takes nothing is told by queue.ErrNotKept, and the system's own error
// in it.
//
// Two goroutines must not replace the same file at once.
package replace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"eliminacode/queue"
)

// File writes what a file is from now on, which only the program's user may read.
// It returns when that is on the disk. The error says what to do.
func File(path string, b []byte) (err error) {
	f, err := os.OpenFile(path+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return failed(path, err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
			err = failed(path, err)
		}
	}()
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func failed(path string, err error) error {
	for _, disk := range []error{unix.ENOSPC, unix.EDQUOT, unix.EROFS, unix.EIO} {
		if errors.Is(err, disk) {
			err = fmt.Errorf("%w: %w", queue.ErrNotKept, err)
			break
		}
	}
	return fmt.Errorf("writing %s: %w; look at the room and the rights of the data folder", path, err)
}
