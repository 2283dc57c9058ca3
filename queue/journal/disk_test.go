package journal

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"eliminacode/queue"
)

// small mounts a file system of a few hundred kilobytes.
func small(t *testing.T, kilobytes string) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("NOT TESTED: a full disk needs a small tmpfs, and mounting one needs root")
	}
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+kilobytes+"k"); err != nil {
		t.Skipf("NOT TESTED: a full disk needs a small tmpfs: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Errorf("unmounting: %v", err)
		}
	})
	return dir
}

// ballast fills a disk up to its last page.
func ballast(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, 4096)
	for {
		if _, err := f.Write(b); err != nil {
			return
		}
	}
}

func TestAFullDiskRefusesAndGoesOn(t *testing.T) {
	disk := small(t, "600")
	dir, filler := filepath.Join(disk, "journal"), filepath.Join(disk, "filler")
	j := mustOpen(t, dir, Options{})
	s := &script{}
	want := mustAppend(t, j, append(s.begin(), s.open("2026-11-29")...)...)
	ballast(t, filler)

	refusals := 0
	for range 3000 {
		before := *s
		e := s.issue()
		err := j.Append([]queue.Event{e})
		if err == nil {
			want = append(want, e)
			continue
		}
		if !errors.Is(err, ErrFull) || errors.Is(err, ErrSync) {
			t.Fatalf("a full disk answers %v", err)
		}
		*s = before
		if refusals++; refusals == 20 {
			break
		}
	}
	if refusals == 0 {
		t.Fatal("the disk never was full")
	}
	// Neither does a month begin, nor does a half of it stay.
	before := *s
	if err := j.Append(append(s.open("2026-12-01"), s.issue())); !errors.Is(err, ErrFull) {
		t.Fatalf("beginning a month on a full disk answers %v", err)
	}
	*s = before
	if _, err := os.Stat(filepath.Join(dir, nextName)); err == nil {
		t.Fatal("the month that was refused is still there")
	}
	same(t, all(t, j), want)
	if _, err := j.Verify(context.Background()); err != nil {
		t.Fatal(err)
	}

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	want = append(want, mustAppend(t, j, s.issue())...)
	want = append(want, mustAppend(t, j, append(s.open("2026-12-01"), s.issue())...)...)
	same(t, all(t, j), want)
	j.Close()
	if _, err := verified(dir); err != nil {
		t.Fatal(err)
	}
}

// Where the file system cannot promise room, as when the file is sparse, a
// write finds the full disk.
func TestAWriteThatFindsNoRoomRefusesAndGoesOn(t *testing.T) {
	disk := small(t, "400")
	dir, filler := filepath.Join(disk, "journal"), filepath.Join(disk, "filler")
	j := mustOpen(t, dir, Options{})
	s := &script{}
	want := mustAppend(t, j, append(s.begin(), s.open("2026-11-29")...)...)
	path := filepath.Join(dir, months(t, dir)[0])
	v, err := openView(dir, months(t, dir)[0])
	must(t, err)
	v.close()
	must(t, os.Truncate(path, int64(v.tree.pages)*pageBytes)) // gives the promised room back
	must(t, os.Truncate(path, 8<<20))
	ballast(t, filler)

	for refusals := 0; refusals < 20; {
		before := *s
		e := s.issue()
		err := j.Append([]queue.Event{e})
		if err == nil {
			want = append(want, e)
			continue
		}
		if !errors.Is(err, ErrFull) || errors.Is(err, ErrSync) || !strings.Contains(err.Error(), "write") {
			t.Fatalf("a write without room answers %v", err)
		}
		*s = before
		refusals++
	}
	must(t, os.Remove(filler))
	want = append(want, mustAppend(t, j, s.issue(), s.issue())...)
	same(t, all(t, j), want)
	if _, err := j.Verify(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestAFailedSyncEndsTheJournal(t *testing.T) {
	j, s, _ := begun(t)
	seq, hash := j.Last()
	// /dev/null takes every write and refuses every fdatasync.
	restore := replaceFile(t, j.live.file, "/dev/null")
	e := s.issue()
	for range 2 {
		if err := j.Append([]queue.Event{e}); !errors.Is(err, ErrSync) || errors.Is(err, ErrFull) || !errors.Is(err, unix.EINVAL) {
			t.Fatalf("a failed sync answers %v", err)
		}
	}
	restore()
	if err := j.Append([]queue.Event{e}); !errors.Is(err, ErrSync) {
		t.Fatalf("after a failed sync an event is accepted: %v", err)
	}
	if got, gotHash := j.Last(); got != seq || gotHash != hash {
		t.Fatal("an event counts that was not acknowledged")
	}
	for r := range j.Records(0) {
		if r.Seq > seq {
			t.Fatal("an event is read that was not acknowledged")
		}
	}
}

// begun is a journal with one open day and some tickets: enough for its file
// to have free pages, so that the next Append need not make it longer.
func begun(t testing.TB) (*Journal, *script, []queue.Event) {
	t.Helper()
	j := mustOpen(t, filepath.Join(t.TempDir(), "journal"), Options{})
	s := &script{}
	events := mustAppend(t, j, append(s.begin(), s.open("2026-11-29")...)...)
	for range 7 {
		events = append(events, mustAppend(t, j, s.issue())...)
	}
	return j, s, events
}

// replaceFile makes an open file lead to another one until it is restored.
func replaceFile(t *testing.T, f *os.File, other string) (restore func()) {
	t.Helper()
	fd := int(f.Fd())
	kept, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	o, err := os.OpenFile(other, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := unix.Dup3(int(o.Fd()), fd, unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := unix.Dup3(kept, fd, unix.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
		unix.Close(kept)
	}
}

// dirty counts the pages of a file that are not on disk yet.
func dirty(t testing.TB, path string) uint64 {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var s unix.Cachestat_t
	if err := unix.Cachestat(uint(f.Fd()), &unix.CachestatRange{}, &s, 0); err != nil {
		t.Skipf("NOT TESTED: the kernel does not tell what is on disk: %v", err)
	}
	return s.Dirty + s.Writeback
}

// What is acknowledged is on disk, and without syncing it is not.
func TestAcknowledgedIsOnDisk(t *testing.T) {
	for _, noSync := range []bool{false, true} {
		dir := filepath.Join(t.TempDir(), "journal")
		if onTmpfs(t, filepath.Dir(dir)) {
			t.Skip("NOT TESTED: the temporary folder is in memory, where nothing is on disk")
		}
		j := mustOpen(t, dir, Options{NoSync: noSync})
		s := &script{}
		mustAppend(t, j, append(s.begin(), s.open("2026-11-29")...)...)
		lost := 0
		for i := range 20 {
			if i == 10 {
				mustAppend(t, j, s.open("2026-12-01")...)
			}
			mustAppend(t, j, s.issue())
			for _, name := range months(t, dir) {
				if dirty(t, filepath.Join(dir, name)) > 0 {
					lost++
				}
			}
		}
		if noSync && lost == 0 {
			t.Error("NoSync loses nothing: this test cannot see what is on disk")
		}
		if !noSync && lost > 0 {
			t.Errorf("%d times something acknowledged was not on disk", lost)
		}
	}
}

func onTmpfs(t testing.TB, dir string) bool {
	t.Helper()
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		t.Fatal(err)
	}
	return s.Type == unix.TMPFS_MAGIC
}

func TestClearErrorsOfTheFolder(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(t *testing.T, dir string, months []string)
		is   error
		says string
	}{
		"truncated file": {func(t *testing.T, dir string, months []string) {
			must(t, os.Truncate(filepath.Join(dir, months[2]), 3*pageBytes))
		}, ErrDamaged, "cut off"},
		"file cut within a header": {func(t *testing.T, dir string, months []string) {
			must(t, os.Truncate(filepath.Join(dir, months[2]), 30))
		}, ErrDamaged, "cut off"},
		"empty file": {func(t *testing.T, dir string, months []string) {
			must(t, os.Truncate(filepath.Join(dir, months[2]), 0))
		}, ErrDamaged, "empty"},
		"newest file under another name": {func(t *testing.T, dir string, months []string) {
			must(t, os.Rename(filepath.Join(dir, months[2]), filepath.Join(dir, months[2]+".old")))
		}, ErrForeign, "give the file its name back"},
		"newest file a folder": {func(t *testing.T, dir string, months []string) {
			must(t, os.Remove(filepath.Join(dir, months[2])))
			must(t, os.Mkdir(filepath.Join(dir, months[2]), 0o700))
		}, ErrForeign, "move it out"},
		"the only file under another name": {func(t *testing.T, dir string, months []string) {
			must(t, errors.Join(os.Remove(filepath.Join(dir, months[0])), os.Remove(filepath.Join(dir, months[1]))))
			must(t, os.Rename(filepath.Join(dir, months[2]), filepath.Join(dir, "copy of "+months[2])))
		}, ErrForeign, "give the file its name back"},
		"foreign content": {func(t *testing.T, dir string, months []string) {
			must(t, os.WriteFile(filepath.Join(dir, months[2]), []byte(strings.Repeat("no journal ", 4000)), 0o600))
		}, ErrDamaged, "not a bbolt file"},
		"renamed file": {func(t *testing.T, dir string, months []string) {
			must(t, os.Rename(filepath.Join(dir, months[2]), filepath.Join(dir, fileMeta{First: 999, Month: "2027-01"}.file().name)))
		}, ErrDamaged, "renamed"},
		"the same file twice": {func(t *testing.T, dir string, months []string) {
			first := monthName.FindStringSubmatch(months[2])[1]
			must(t, os.Link(filepath.Join(dir, months[2]), filepath.Join(dir, "journal-"+first+"-2030-01.db")))
		}, ErrForeign, "begin with the same event"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := written(t)
			c.harm(t, dir, months(t, dir))
			for _, o := range []Options{{ReadOnly: true}, {}} {
				_, err := Open(dir, o)
				if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("read-only %v: %v", o.ReadOnly, err)
				}
			}
		})
	}
}

// What lies in the folder and today does not need stops nothing; it is named.
func TestWhatIsNoPartOfTheJournalIsNamed(t *testing.T) {
	dir, _ := written(t)
	names := months(t, dir)
	foreign := []string{"copy", "journal (copy).db", "journal-000000000000-2026-11.db", names[0] + "~", names[2] + ".bak", "junk.txt", "sheets.db.old"}
	for _, name := range foreign {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600))
	}
	must(t, os.Remove(filepath.Join(dir, "copy")))
	must(t, os.Mkdir(filepath.Join(dir, "copy"), 0o700))
	// A closed month twice: its content says which of the two it is.
	strays := []string{"journal-000000000001-2026-09.db", "journal-000000000001-2030-01.db"}
	for _, stray := range strays {
		must(t, os.Link(filepath.Join(dir, names[0]), filepath.Join(dir, stray)))
	}
	foreign = append(foreign, strays...)
	slices.Sort(foreign)
	for _, o := range []Options{{ReadOnly: true}, {}} {
		var log bytes.Buffer
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
		j := mustOpen(t, dir, o)
		found, err := j.Verify(context.Background())
		must(t, err)
		slices.Sort(found.Foreign)
		if !slices.Equal(found.Foreign, foreign) || found.Files != 3 || j.Suspected() != nil {
			t.Errorf("read-only %v: %+v, suspected %v", o.ReadOnly, found, j.Suspected())
		}
		if !strings.Contains(log.String(), "not part of the journal") || !strings.Contains(log.String(), "move them out") {
			t.Errorf("the log says %s", &log)
		}
		j.Close()
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpenNeedsAFolderThatItMayUse(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "not mounted", "journal"), Options{}); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "mount") {
		t.Error(err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "journal"), Options{ReadOnly: true}); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "journal")
	must(t, os.WriteFile(file, nil, 0o600))
	if _, err := Open(file, Options{}); err == nil || !strings.Contains(err.Error(), "is a file") {
		t.Error(err)
	}
}

func TestOpenWithoutPermission(t *testing.T) {
	dir, _ := written(t)
	must(t, os.Chmod(dir, 0o700))
	must(t, os.Chmod(filepath.Dir(dir), 0o755))
	must(t, os.Chmod(filepath.Dir(filepath.Dir(dir)), 0o755))
	asNobody(t, func() {
		if _, err := Open(dir, Options{}); !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "opening the journal") {
			t.Error(err)
		}
		if _, err := Open(dir, Options{ReadOnly: true}); !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "must be allowed to read it") {
			t.Error(err)
		}
	})
	must(t, os.Chmod(dir, 0o755))
	for _, name := range months(t, dir)[1:] {
		must(t, os.Chmod(filepath.Join(dir, name), 0o644))
	}
	must(t, os.Chmod(filepath.Join(dir, months(t, dir)[0]), 0))
	asNobody(t, func() {
		j, err := Open(dir, Options{ReadOnly: true})
		must(t, err)
		defer j.Close()
		if err := j.Suspected(); !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "must be allowed to read it") {
			t.Error(err)
		}
		if _, err := j.Verify(context.Background()); !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "must be allowed to read it") {
			t.Error(err)
		}
	})
	parent := t.TempDir()
	must(t, os.Chmod(parent, 0o755))
	must(t, os.Chmod(filepath.Dir(parent), 0o755))
	asNobody(t, func() {
		if _, err := Open(filepath.Join(parent, "journal"), Options{}); !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "user that the program runs as") {
			t.Error(err)
		}
	})
}

// A disk that the kernel has made read-only is no damage, and what is on it can
// still be copied away.
func TestAReadOnlyDiskIsNoDamage(t *testing.T) {
	disk := small(t, "4000")
	dir := filepath.Join(disk, "journal")
	j := mustOpen(t, dir, Options{})
	s := &script{}
	want := mustAppend(t, j, append(s.begin(), s.open("2026-11-29")...)...)
	j.Close()
	if err := unix.Mount("", disk, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir, Options{})
	if !errors.Is(err, ErrDisk) || errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "backup --to") || !strings.Contains(err.Error(), "dmesg") {
		t.Errorf("a read-only disk: %v", err)
	}
	if _, err := Open(filepath.Join(disk, "another"), Options{}); !errors.Is(err, ErrDisk) {
		t.Errorf("a new journal on a read-only disk: %v", err)
	}
	r := mustOpen(t, dir, Options{ReadOnly: true})
	copied := filepath.Join(t.TempDir(), "copy")
	mustBackup(t, r, copied)
	r.Close()
	same(t, all(t, mustOpen(t, copied, Options{ReadOnly: true})), want)
}

// A folder in which no file can be made is found at the start, and not when the
// month ends.
func TestAFolderWithoutRightsIsFoundAtStart(t *testing.T) {
	dir, _ := written(t)
	for path := dir; path != "/" && path != os.TempDir(); path = filepath.Dir(path) {
		must(t, os.Chmod(path, 0o755))
	}
	for _, name := range months(t, dir) {
		must(t, os.Chmod(filepath.Join(dir, name), 0o666))
	}
	asNobody(t, func() {
		j, err := Open(dir, Options{})
		if err == nil {
			j.Close()
		}
		if !errors.Is(err, os.ErrPermission) || errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "each month") {
			t.Errorf("a folder without rights: %v", err)
		}
	})
}
