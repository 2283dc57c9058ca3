package journal

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
)

// mustBackup backs a journal up.
func mustBackup(t testing.TB, j *Journal, dest string) Verification {
	t.Helper()
	v, err := Backup(context.Background(), dest, j.WriteCopy)
	must(t, err)
	return v
}

// A copy says that it is one, for as long as nobody has gone on from it,
// whatever else happens to it meanwhile.
func TestACopyIsMarkedUntilItGoesOn(t *testing.T) {
	dir, events := written(t)
	j := mustOpen(t, dir, Options{ReadOnly: true})
	if _, ok := j.Copied(); ok {
		t.Fatal("the journal itself is taken for a copy")
	}
	dest := filepath.Join(t.TempDir(), "copy")
	v := mustBackup(t, j, dest)
	last := events[len(events)-1].Seq
	if v.Last != last || v.Files != 3 || v.Sheets != 1 {
		t.Fatalf("%+v", v)
	}
	for _, o := range []Options{{ReadOnly: true}, {}, {}} {
		c := mustOpen(t, dest, o)
		got, ok := c.Copied()
		if d := cmp.Diff(Copied{Seq: last}, got); d != "" || !ok {
			t.Fatal(d, ok)
		}
		same(t, all(t, c), events)
		c.Close()
	}
	// A header that is mended on the way does not make it forget.
	newest := months(t, dest)[2]
	flip(t, filepath.Join(dest, newest), pageHeader+16, 1)
	c := mustOpen(t, dest, Options{})
	if _, ok := c.Copied(); !ok {
		t.Fatal("the mark was lost with a header")
	}
	s := &script{seq: last, day: 5, ticket: 90}
	mustAppend(t, c, s.issue())
	if _, ok := c.Copied(); ok {
		t.Fatal("somebody went on and it still is a copy")
	}
	c.Close()
	c = mustOpen(t, dest, Options{})
	if _, ok := c.Copied(); ok {
		t.Fatal("the mark came back")
	}
	c.Close()
	_, err := verified(dest)
	must(t, err)
}

// The newest file of a backup in the place of the same file of the journal is a
// copy too.
func TestOneFilePutBackByHandIsACopy(t *testing.T) {
	dir, _ := written(t)
	j := mustOpen(t, dir, Options{})
	dest := filepath.Join(t.TempDir(), "copy")
	mustBackup(t, j, dest)
	seq, _ := j.Last()
	mustAppend(t, j, (&script{seq: seq, day: 5, ticket: 90}).issue())
	j.Close()
	newest := months(t, dir)[2]
	b, err := os.ReadFile(filepath.Join(dest, newest))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, newest), b, 0o600))
	if c, ok := mustOpen(t, dir, Options{}).Copied(); !ok || c.Seq != seq {
		t.Fatal(c, ok)
	}
}

// A copy that was cut off or changed on its way, or that is not what WriteCopy
// writes, never gets its name.
func TestABadCopyIsRefused(t *testing.T) {
	dir, _ := written(t)
	j := mustOpen(t, dir, Options{ReadOnly: true})
	var whole bytes.Buffer
	must(t, j.WriteCopy(context.Background(), &whole))
	record := stretches(t, dir, months(t, dir)[0])[3]
	for name, bad := range map[string]func() []byte{
		"empty":      func() []byte { return nil },
		"cut off":    func() []byte { return whole.Bytes()[:whole.Len()/2] },
		"no end":     func() []byte { return whole.Bytes()[:whole.Len()-1536] },
		"changed":    func() []byte { b := bytes.Clone(whole.Bytes()); b[512+record.at+90] ^= 1; return b },
		"no journal": func() []byte { return bytes.Repeat([]byte("Comune "), 1000) },
		"another file": func() []byte {
			var b bytes.Buffer
			w := tar.NewWriter(&b)
			must(t, writeFile(w, "../../etc/passwd", []byte("x")))
			must(t, w.Close())
			return b.Bytes()
		},
		"a link": func() []byte {
			var b bytes.Buffer
			w := tar.NewWriter(&b)
			must(t, w.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: months(t, dir)[0], Linkname: "/etc/passwd"}))
			must(t, w.Close())
			return b.Bytes()
		},
	} {
		t.Run(name, func(t *testing.T) {
			base := t.TempDir()
			_, err := Backup(context.Background(), filepath.Join(base, "copy"), func(_ context.Context, w io.Writer) error {
				_, err := w.Write(bad())
				return err
			})
			if err == nil {
				t.Fatal("it was taken")
			}
			if left, err := os.ReadDir(base); err != nil || len(left) != 0 {
				t.Fatal(left, err)
			}
		})
	}
	failed := errors.New("the cable was pulled")
	_, err := Backup(context.Background(), filepath.Join(t.TempDir(), "copy"), func(_ context.Context, w io.Writer) error {
		_, _ = w.Write(whole.Bytes())
		return failed
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
}

func TestRestoreSetsAsideAndMarks(t *testing.T) {
	dir, events := written(t)
	j := mustOpen(t, dir, Options{})
	dest := filepath.Join(t.TempDir(), "copy")
	mustBackup(t, j, dest)
	b := mustOpen(t, dest, Options{ReadOnly: true})
	next := []queue.SeriesFrom{{Series: "a", From: 158}}
	if _, _, err := b.Restore(context.Background(), dir, next); !errors.Is(err, ErrInUse) {
		t.Fatalf("under an open journal: %v", err)
	}
	if _, _, err := b.Restore(context.Background(), dest, next); !errors.Is(err, ErrForeign) {
		t.Fatalf("over itself: %v", err)
	}
	seq, _ := j.Last()
	lost := mustAppend(t, j, (&script{seq: seq, day: 5, ticket: 90}).issue())
	j.Close()
	must(t, os.Mkdir(dir+".restored", 0o750)) // a try that the power ended
	for i, want := range [][]queue.Event{append(slices.Clone(events), lost...), events} {
		aside, v, err := b.Restore(context.Background(), dir, next)
		must(t, err)
		if v.Last != seq || !strings.HasPrefix(aside, dir+"-before-") {
			t.Fatalf("%d: %+v, aside %q", i, v, aside)
		}
		same(t, all(t, mustOpen(t, aside, Options{ReadOnly: true})), want)
		r := mustOpen(t, dir, Options{ReadOnly: true})
		same(t, all(t, r), events)
		if c, ok := r.Copied(); !ok || !slices.Equal(c.Next, next) {
			t.Fatal(c, ok)
		}
		r.Close()
	}
	empty := filepath.Join(t.TempDir(), "journal")
	if aside, _, err := b.Restore(context.Background(), empty, nil); err != nil || aside != "" {
		t.Fatal(aside, err)
	}
	if _, ok := mustOpen(t, empty, Options{}).Copied(); !ok {
		t.Fatal("what was restored is no copy")
	}
}

// A damaged backup restores nothing and touches nothing.
func TestADamagedBackupIsNotRestored(t *testing.T) {
	dir, events := written(t)
	backup, _ := written(t)
	name := months(t, backup)[1]
	flip(t, filepath.Join(backup, name), stretches(t, backup, name)[4].at+100, 1)
	b := mustOpen(t, backup, Options{ReadOnly: true})
	if _, _, err := b.Restore(context.Background(), dir, nil); !errors.Is(err, ErrDamaged) {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(dir + "*"); err != nil || len(left) != 1 {
		t.Fatal(left, err)
	}
	same(t, all(t, mustOpen(t, dir, Options{})), events)
}

// Closed months are put back without losing what came since.
func TestClosedMonthsAreMendedFromABackup(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(dir string, files []string)
		want int
	}{
		"whole":               {func(string, []string) {}, 0},
		"first month damaged": {func(dir string, files []string) { damage(t, dir, files[0]) }, 1},
		"two months gone": {func(dir string, files []string) {
			must(t, os.Remove(filepath.Join(dir, files[0])))
			must(t, os.Remove(filepath.Join(dir, files[1])))
		}, 2},
		"one damaged, one empty": {func(dir string, files []string) {
			damage(t, dir, files[0])
			must(t, os.Truncate(filepath.Join(dir, files[1]), 0))
		}, 2},
		"newest damaged":          {func(dir string, files []string) { damage(t, dir, files[2]) }, 0},
		"newest and first damage": {func(dir string, files []string) { damage(t, dir, files[0]); damage(t, dir, files[2]) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			dir, events := written(t)
			j := mustOpen(t, dir, Options{})
			dest := filepath.Join(t.TempDir(), "copy")
			mustBackup(t, j, dest)
			seq, _ := j.Last()
			events = append(slices.Clone(events), mustAppend(t, j, (&script{seq: seq, day: 5, ticket: 90}).issue())...)
			j.Close()
			c.harm(dir, months(t, dir))
			b := mustOpen(t, dest, Options{ReadOnly: true})
			mended, aside, err := b.Mend(context.Background(), dir)
			must(t, err)
			if len(mended) != c.want {
				t.Fatalf("mended %v, want %d", mended, c.want)
			}
			if c.want == 0 {
				if left, err := filepath.Glob(dir + "*"); err != nil || len(left) != 1 || aside != "" {
					t.Fatal(left, aside, err)
				}
				return
			}
			v, err := verified(dir)
			must(t, err)
			if v.Last != seq+1 {
				t.Fatalf("%+v", v)
			}
			k := mustOpen(t, dir, Options{})
			same(t, all(t, k), events)
			if _, ok := k.Copied(); ok {
				t.Fatal("a mended journal is taken for a copy")
			}
		})
	}
}

// damage changes a byte of a record.
func damage(t *testing.T, dir, name string) {
	t.Helper()
	flip(t, filepath.Join(dir, name), stretches(t, dir, name)[2].at+100, 1)
}

// FuzzUnpack: whatever bytes come as a copy, they make files of a journal in
// their folder or an error.
func FuzzUnpack(f *testing.F) {
	var small bytes.Buffer
	w := tar.NewWriter(&small)
	must(f, writeFile(w, fileMeta{First: 1, Month: "2026-11"}.file().name, []byte("no file of bbolt")))
	must(f, writeFile(w, "sheet-1", StoredSheet{Day: 1}.encode()))
	must(f, writeFile(w, endName, nil))
	must(f, w.Close())
	f.Add(small.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		inner := filepath.Join(dir, "copy")
		must(t, os.Mkdir(inner, 0o700))
		_ = unpack(context.Background(), bytes.NewReader(b), inner, nil)
		if _, _, err := list(inner); err != nil && !errors.Is(err, ErrForeign) {
			t.Fatal(err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Fatal(left, err)
		}
	})
}
