package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"eliminacode/display"
	"eliminacode/display/view"
	"eliminacode/queue/journal"
)

// copyJournal copies the journal of an archive, and what the office keeps beside it in
// its data folder, into a new folder, and answers once it was read back from there.
func copyJournal(ctx context.Context, a interface {
	WriteCopy(context.Context, io.Writer) error
}, data, to string) (journal.Verification, error) {
	v, err := journal.Backup(ctx, to, a.WriteCopy)
	if err != nil {
		return v, err
	}
	return v, copyProcedures(data, filepath.Join(to, journal.Beside))
}

// mountPoints are where sticks and disks are mounted.
var mountPoints = []string{"/media/*", "/media/*/*", "/run/media/*/*", "/mnt", "/mnt/*"}

// mostPlaces bounds the places that are told.
const mostPlaces = 16

// copyPlaces are the sticks and disks that are mounted now, in the order of their
// folders, but for the one that has the data folder itself.
func (m machine) copyPlaces(data string) (all []view.CopyPlace) {
	ours, err := m.volume(data)
	if err != nil {
		return nil
	}
	for _, pattern := range mountPoints {
		for _, folder := range m.glob(pattern) {
			here, err1 := m.volume(m.at(folder))
			above, err2 := m.volume(m.at(path.Dir(folder)))
			if err1 != nil || err2 != nil || here.device == above.device || here.device == ours.device || here.memory || len(all) == mostPlaces {
				continue
			}
			all = append(all, view.CopyPlace{ID: folderID(folder), Folder: folder, FreeBytes: here.free})
		}
	}
	slices.SortFunc(all, func(a, b view.CopyPlace) int { return cmp.Compare(a.Folder, b.Folder) })
	return all
}

// folderID names a folder to who may choose it and not name one.
func folderID(folder string) string {
	sum := sha256.Sum256([]byte(folder))
	return hex.EncodeToString(sum[:8])
}

// copyMargin is the room that has to stay free beside a copy.
const copyMargin = 4 << 20

// MakeCopy implements display.Technician.
func (t *technician) MakeCopy(ctx context.Context, place, who string, now time.Time) (made view.CopyMade, err error) {
	if !t.copying.TryLock() {
		return made, display.ErrCopying
	}
	defer t.copying.Unlock()
	places := t.machine.copyPlaces(t.office.data)
	i := slices.IndexFunc(places, func(p view.CopyPlace) bool { return p.ID == place })
	if i < 0 {
		return made, fmt.Errorf("%w: %q", display.ErrNoPlace, place)
	}
	data := t.office.data
	size, err := sizeBelow(journalDir(data))
	if err != nil {
		return made, fmt.Errorf("%w: %w", display.ErrCopyFailed, err)
	}
	if free := places[i].FreeBytes; free < size+copyMargin {
		return made, fmt.Errorf("%w: %s has %s free, and a copy may take %d", display.ErrPlaceFull, places[i].Folder, many(free, "byte"), size+copyMargin)
	}
	to, err := newFolder(t.machine.at(places[i].Folder), now)
	if err == nil {
		_, err = copyJournal(ctx, t.office.archive, data, to)
	}
	if err != nil {
		return made, notCopied(err)
	}
	made = view.CopyMade{AtMs: time.Now().UnixMilli(), Folder: t.machine.named(to), Who: who}
	if err := noteCopy(data, made); err != nil {
		t.office.log.Warn("the copy is good, but the page does not know of it", "copy", made.Folder, "err", err)
	}
	return made, nil
}

// notCopied is why a copy was not made, as display tells it.
func notCopied(err error) error {
	switch {
	case errors.Is(err, journal.ErrFull), errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EDQUOT):
		return fmt.Errorf("%w: %w", display.ErrPlaceFull, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, unix.EROFS):
		return fmt.Errorf("%w: %w", display.ErrPlaceClosed, err)
	case errors.Is(err, context.Canceled):
		return err
	}
	return fmt.Errorf("%w: %w", display.ErrCopyFailed, err)
}

// WriteCopy implements display.Technician.
func (t *technician) WriteCopy(ctx context.Context, to io.Writer, who string) error {
	if !t.copying.TryLock() {
		return display.ErrCopying
	}
	defer t.copying.Unlock()
	if err := t.office.archive.WriteCopy(ctx, to); err != nil {
		return notCopied(err)
	}
	if err := noteCopy(t.office.data, view.CopyMade{AtMs: time.Now().UnixMilli(), Who: who}); err != nil {
		t.office.log.Warn("the copy was sent, but the page does not know of it", "err", err)
	}
	return nil
}

// newFolder is a name for a copy that no folder has yet, by the office's time when it is made.
func newFolder(below string, now time.Time) (string, error) {
	name := filepath.Join(below, "eliminacode-"+now.Format("2006-01-02-150405"))
	for n := 1; n < 100; n++ {
		to := name
		if n > 1 {
			to = fmt.Sprint(name, "-", n)
		}
		_, err := os.Lstat(to)
		if errors.Is(err, fs.ErrNotExist) {
			return to, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("%s: %w", name, journal.ErrExists)
}

// sizeBelow is how many bytes the files of a folder have.
func sizeBelow(dir string) (bytes uint64, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it went meanwhile
		}
		if err == nil {
			bytes += uint64(info.Size())
		}
		return err
	})
	return bytes, err
}
