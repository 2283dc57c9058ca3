package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"

	"eliminacode/queue"
)

// SetAside stands between the name of a journal's folder and the number of one
// that Restore put in its place.
const SetAside = "-before-"

// Restore puts a copy of this journal, which is a backup open for reading, in
// the place of the one in dir. Nothing is deleted: what is in dir now is set
// aside first, under the name that is answered; empty when there was nothing.
// The new journal is on disk and verified before that. It has the mark of a
// copy, with the numbers at which series go on, so that its next events begin
// another identity. ErrInUse tells that a program has dir open.
func (j *Journal) Restore(ctx context.Context, dir string, next []queue.SeriesFrom) (aside string, v Verification, err error) {
	fail := func(err error) (string, Verification, error) {
		if isFull(err) {
			err = fmt.Errorf("%w; make room: what is there now is kept", asFull(err))
		}
		return "", v, fmt.Errorf("restoring the journal in %s: %w", dir, err)
	}
	free, err := j.takePlace(dir)
	if err != nil {
		return fail(err)
	}
	defer free()
	fresh := dir + ".restored"
	// What an earlier try left behind when the power went.
	left, _ := filepath.Glob(fresh + partial + "*")
	for _, name := range append(left, fresh) {
		if err := os.RemoveAll(name); err != nil {
			return fail(err)
		}
	}
	if v, err = backup(ctx, fresh, j.WriteCopy, next); err != nil {
		return fail(err)
	}
	if err = ownAs(filepath.Dir(dir), fresh); err == nil {
		aside, err = setAside(dir, fresh)
	}
	if err != nil {
		return fail(errors.Join(err, os.RemoveAll(fresh)))
	}
	return aside, v, nil
}

// takePlace makes sure that nobody uses the journal in dir until free is called.
func (j *Journal) takePlace(dir string) (free func(), err error) {
	there, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	if here, err := os.Stat(j.dir); err == nil && os.SameFile(here, there) {
		return nil, fmt.Errorf("%w: it is the journal itself; name a backup", ErrForeign)
	}
	lock, err := lockFolder(dir, false)
	if err != nil {
		return nil, err
	}
	return func() { lock.Close() }, nil
}

// setAside gives the fresh folder the name dir, and what had it another one.
func setAside(dir, fresh string) (aside string, err error) {
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(fresh, dir); err != nil {
			return "", err
		}
		return "", syncFolder(filepath.Dir(dir))
	}
	for n := 1; ; n++ {
		aside = fmt.Sprintf("%s%s%d", dir, SetAside, n)
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	// In one step where the file system can, so that a power cut in between
	// leaves no box without a journal.
	err = unix.Renameat2(unix.AT_FDCWD, fresh, unix.AT_FDCWD, dir, unix.RENAME_EXCHANGE)
	if err == nil {
		err = os.Rename(fresh, aside)
	} else if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		if err = os.Rename(dir, aside); err == nil {
			err = os.Rename(fresh, dir)
		}
	}
	if err != nil {
		return "", err
	}
	return aside, syncFolder(filepath.Dir(dir))
}

// Mend puts whole months of this journal, which is a backup open for reading,
// in the place of damaged or missing ones in dir. A month that is closed never
// changes, so that nothing is lost and the journal stays what it is. It answers
// the files that it put back; what they were lies in the folder aside. It does
// nothing, and answers none, when the newest file is damaged or when the backup
// does not have what is missing: then only Restore helps.
func (j *Journal) Mend(ctx context.Context, dir string) (mended []string, aside string, err error) {
	free, err := j.takePlace(dir)
	if err != nil {
		return nil, "", fmt.Errorf("mending the journal in %s: %w", dir, err)
	}
	defer free()
	bad, err := j.mendable(ctx, dir)
	if err != nil || len(bad) == 0 {
		return nil, "", err
	}
	if aside, err = j.replace(dir, bad); err != nil {
		return nil, "", fmt.Errorf("mending the journal in %s: %w", dir, err)
	}
	for _, f := range bad {
		mended = append(mended, f.name)
	}
	return mended, aside, nil
}

// mendable are the closed months that are damaged or missing in dir and whole
// here, if all other files of dir are whole and follow one another with them.
func (j *Journal) mendable(ctx context.Context, dir string) (bad []monthFile, err error) {
	there, _, err := list(dir)
	if err != nil || len(there) == 0 {
		return nil, nil
	}
	newest := there[len(there)-1]
	before := head{}
	for i := 0; before.Seq+1 != newest.first; i++ {
		first := before.Seq + 1
		if at := beginningWith(there, first); at >= 0 {
			if h, ok := wholeMonth(ctx, dir, there[at].name, before); ok {
				before = h
				continue
			}
		}
		// The last file of the backup may not be the whole month.
		at := beginningWith(j.files, first)
		if at < 0 || at == len(j.files)-1 || i > len(j.files) {
			return nil, stopped(ctx, nil)
		}
		h, ok := wholeMonth(ctx, j.dir, j.files[at].name, before)
		if !ok {
			return nil, stopped(ctx, nil)
		}
		bad, before = append(bad, j.files[at]), h
	}
	if _, ok := wholeMonth(ctx, dir, newest.name, before); !ok {
		return nil, stopped(ctx, nil)
	}
	return bad, nil
}

// wholeMonth tells whether a file is whole and goes on from a head, and where it
// ends.
func wholeMonth(ctx context.Context, dir, name string, before head) (head, bool) {
	v, err := openView(dir, name)
	if err != nil {
		return head{}, false
	}
	defer v.close()
	if checkLink(v, before) != nil {
		return head{}, false
	}
	if _, err := v.verifyChain(ctx, nil); err != nil {
		return head{}, false
	}
	return v.head, v.tree.account() == nil
}

// replace copies files of this journal over those of dir, which are kept aside.
func (j *Journal) replace(dir string, files []monthFile) (aside string, err error) {
	if aside, err = os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+"-damaged-*"); err != nil {
		return "", err
	}
	for _, f := range files {
		from, err := os.Open(filepath.Join(j.dir, f.name))
		if err != nil {
			return "", err
		}
		part := filepath.Join(dir, "."+f.name+".tmp")
		_ = os.Remove(part)
		err = inTurn(
			func() error { return errors.Join(copyFile(part, from), from.Close()) },
			func() error { return settle(dir) },
			func() error { return ownAs(dir, part) },
			func() error { return keepAside(dir, aside, f.first) },
			func() error { return os.Rename(part, filepath.Join(dir, f.name)) },
		)
		if err != nil {
			return "", errors.Join(err, os.Remove(part))
		}
	}
	return aside, errors.Join(syncFolder(dir), syncFolder(aside))
}

// keepAside moves the file that begins with an event out of the way.
func keepAside(dir, aside string, first uint64) error {
	there, _, err := list(dir)
	if err != nil {
		return err
	}
	at := beginningWith(there, first)
	if at < 0 {
		return nil
	}
	return os.Rename(filepath.Join(dir, there[at].name), filepath.Join(aside, there[at].name))
}

// beginningWith is the index of the file that begins with an event, or -1.
func beginningWith(files []monthFile, first uint64) int {
	return slices.IndexFunc(files, func(f monthFile) bool { return f.first == first })
}
