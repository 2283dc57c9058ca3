package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"eliminacode/queue"
)

// written copies a journal of three months, with enough events for branch
// pages and pages that overflow, and without room to grow.
func written(t testing.TB) (dir string, events []queue.Event) {
	t.Helper()
	fixture.once.Do(func() {
		dir := filepath.Join(t.TempDir(), "journal")
		fixture.events = write(t, dir)
		fixture.files = map[string][]byte{}
		entries, err := os.ReadDir(dir)
		must(t, err)
		for _, e := range entries {
			trim(t, filepath.Join(dir, e.Name()))
			fixture.files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name()))
			must(t, err)
		}
	})
	dir = filepath.Join(t.TempDir(), "journal")
	must(t, os.Mkdir(dir, 0o750))
	for name, b := range fixture.files {
		must(t, os.WriteFile(filepath.Join(dir, name), b, 0o600))
	}
	return dir, fixture.events
}

var fixture struct {
	once   sync.Once
	files  map[string][]byte
	events []queue.Event
}

func write(t testing.TB, dir string) []queue.Event {
	t.Helper()
	j := mustOpen(t, dir, Options{NoSync: true, Product: "1.0"})
	s := &script{}
	events := mustAppend(t, j, s.begin()...)
	for _, date := range []string{"2026-11-29", "2026-11-30", "2026-12-01", "2027-01-02", "2027-01-03"} {
		events = append(events, mustAppend(t, j, s.open(date)...)...)
		for range 12 {
			events = append(events, mustAppend(t, j, s.issue(), s.issue())...)
		}
	}
	big := setup()
	for i := range 60 {
		big.Services = append(big.Services, queue.Service{ID: queue.ServiceID(fmt.Sprint("s", i)), Name: strings.Repeat("Servizio ", 10)})
	}
	events = append(events, mustAppend(t, j, s.event(queue.SetupChanged{Setup: big}))...)
	for range 8 {
		events = append(events, mustAppend(t, j, s.issue())...)
	}
	must(t, j.PutSheet(StoredSheet{Day: 1, Version: 3, Encoded: []byte("rows of the first day")}))
	must(t, j.Close())
	return events
}

// flip changes one byte of a file, and back.
func flip(t testing.TB, path string, at int64, by byte) (back func()) {
	t.Helper()
	toggle := func() {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		must(t, err)
		defer f.Close()
		var b [1]byte
		_, err = f.ReadAt(b[:], at)
		must(t, err)
		b[0] ^= by
		_, err = f.WriteAt(b[:], at)
		must(t, err)
	}
	toggle()
	return toggle
}

// verified opens a journal for reading and verifies it.
func verified(dir string) (Verification, error) {
	j, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		return Verification{}, err
	}
	defer j.Close()
	return j.Verify(context.Background())
}

// within fails the test with all stacks when f takes longer than any damage
// may make it take.
func within(t testing.TB, what string, f func()) {
	t.Helper()
	timer := time.AfterFunc(20*time.Second, func() { panic("hangs: " + what) })
	defer timer.Stop()
	f()
}

func months(t testing.TB, dir string) []string {
	t.Helper()
	files, _, err := list(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.name)
	}
	return names
}

// A stretch is where a record lies in its file.
type stretch struct {
	seq uint64
	at  int64
	n   int
}

// stretches finds the live records of a file.
func stretches(t testing.TB, dir, name string) []stretch {
	t.Helper()
	v, err := openView(dir, name)
	if err != nil {
		t.Fatal(err)
	}
	defer v.close()
	b, err := v.events()
	if err != nil {
		t.Fatal(err)
	}
	var found []stretch
	c := b.cursor()
	for k, value, err := c.seek(nil); k != nil; k, value, err = c.next() {
		if err != nil {
			t.Fatal(err)
		}
		seq, _ := number(k)
		top := c.stack[len(c.stack)-1]
		pos, klen, _ := top.p.extent(top.i)
		found = append(found, stretch{seq, int64(top.p.id)*int64(v.tree.pageBytes) + int64(pageHeader+top.i*elementHeader) + int64(pos+klen), len(value)})
	}
	return found
}

func TestVerifyAgreesWithWhatWasWritten(t *testing.T) {
	dir, events := written(t)
	v, err := verified(dir)
	if err != nil {
		t.Fatal(err)
	}
	if v.Files != 3 || v.Events != uint64(len(events)) || v.Days != 5 || v.Sheets != 1 || v.Last != events[len(events)-1].Seq || v.Mended != nil {
		t.Fatalf("%+v", v)
	}
}

// Every changed byte of a live record is found, and the message says where.
func TestEveryChangedByteOfARecordIsFound(t *testing.T) {
	dir, _ := written(t)
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	for _, name := range months(t, dir) {
		path := filepath.Join(dir, name)
		for i, s := range stretches(t, dir, name) {
			if i%3 != 0 && s.n < 2000 {
				continue // a third of them is enough for one run
			}
			for range 2 {
				at := s.at + r.Int64N(int64(s.n))
				by := byte(1 + r.IntN(255))
				back := flip(t, path, at, by)
				_, err := verified(dir)
				back()
				if err == nil {
					t.Fatalf("%s: byte %d of event %d was changed by %#x and nobody noticed", name, at-s.at, s.seq, by)
				}
				var d *DamageError
				if !errors.As(err, &d) || d.File != name || d.Seq < s.seq || d.Seq > s.seq+1 || !strings.Contains(err.Error(), "put back") {
					t.Fatalf("event %d was changed: %v", s.seq, err)
				}
			}
		}
	}
}

// Any changed byte of any kind of page is found or changes nothing, and
// neither ends the program nor hangs it.
func TestAnyChangedByteIsFoundOrHarmless(t *testing.T) {
	dir, _ := written(t)
	j := mustOpen(t, dir, Options{ReadOnly: true})
	var whole [][]byte
	for r, err := range j.Records(1) {
		must(t, err)
		whole = append(whole, r.Value)
	}
	j.Close()
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 2))
	t.Logf("seed %d", seed)
	rounds := 150
	if testing.Short() {
		rounds = 50
	}
	for _, name := range months(t, dir) {
		path := filepath.Join(dir, name)
		v, err := openView(dir, name)
		must(t, err)
		pages := int64(v.tree.pages)
		v.close()
		for range rounds {
			// Half of the changes hit the heads of pages, where the
			// references are.
			at := r.Int64N(pages) * pageBytes
			if r.IntN(2) == 0 {
				at += r.Int64N(128)
			} else {
				at += r.Int64N(pageBytes)
			}
			back := flip(t, path, at, byte(1+r.IntN(255)))
			within(t, fmt.Sprintf("%s, byte %d", name, at), func() {
				if _, err := verified(dir); err == nil {
					must(t, boltCheck(path))
					j := mustOpen(t, dir, Options{ReadOnly: true})
					n := 0
					for r, err := range j.Records(1) {
						if must(t, err); !bytes.Equal(r.Value, whole[n]) {
							t.Fatalf("event %d is another one and nobody noticed", r.Seq)
						}
						n++
					}
					if j.Close(); n != len(whole) {
						t.Fatalf("%d of %d events are there and nobody noticed", n, len(whole))
					}
				}
			})
			back()
		}
	}
}

// A damaged file in use is refused or goes on; it never ends the program.
func TestADamagedFileInUseNeverCrashes(t *testing.T) {
	dir, events := written(t)
	names := months(t, dir)
	path := filepath.Join(dir, names[len(names)-1])
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := openView(dir, names[len(names)-1])
	if err != nil {
		t.Fatal(err)
	}
	pages := int64(v.tree.pages)
	v.close()
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 3))
	t.Logf("seed %d", seed)
	for range 150 {
		at := r.Int64N(pages)*pageBytes + r.Int64N(160)
		bad := slices.Clone(whole)
		bad[at] ^= byte(1 + r.IntN(255))
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		within(t, fmt.Sprintf("byte %d", at), func() {
			j, err := Open(dir, Options{NoSync: true})
			if err != nil {
				return
			}
			defer j.Close()
			s := &script{seq: events[len(events)-1].Seq, day: 5, ticket: 90}
			if seq, _ := j.Last(); seq < s.seq {
				s.seq = seq // one header was hit: the older one is in force
			}
			for range 3 {
				if err := j.Append([]queue.Event{s.issue()}); err != nil {
					break
				}
			}
			_, _ = collected(j.Today())
			_, _ = j.Verify(context.Background())
		})
	}
}

func TestOneBadHeaderIsFound(t *testing.T) {
	dir, _ := written(t)
	for _, name := range months(t, dir) {
		path := filepath.Join(dir, name)
		whole, _ := os.ReadFile(path)
		for id := range 2 {
			bad := slices.Clone(whole)
			bad[id*pageBytes+pageHeader+48] ^= 4 // its transaction
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := verified(dir); !errors.Is(err, ErrDamaged) {
				t.Fatalf("%s, header %d: %v", name, id, err)
			}
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// The newest header may rot, or the power may go while it is written: what it
// led to is found again, and the journal is whole after it was opened.
func TestABadHeaderIsMended(t *testing.T) {
	for id := range int64(2) {
		for _, what := range []string{"one byte", "torn"} {
			dir, events := written(t)
			names := months(t, dir)
			path := filepath.Join(dir, names[len(names)-1])
			if what == "torn" {
				f, err := os.OpenFile(path, os.O_RDWR, 0)
				must(t, err)
				_, err = f.WriteAt(make([]byte, 512), id*pageBytes)
				must(t, err)
				f.Close()
			} else {
				flip(t, path, id*pageBytes+pageHeader+16, 1)
			}
			j := mustOpen(t, dir, Options{})
			same(t, all(t, j), events)
			_, err := j.Verify(context.Background())
			must(t, err)
			s := &script{seq: events[len(events)-1].Seq, day: 5, ticket: 90}
			mustAppend(t, j, s.issue())
			j.Close()
			_, err = verified(dir)
			must(t, err)
		}
	}
}

// A list of free pages that cannot be trusted is made anew from the pages that
// are in use, and no event is written over.
func TestADamagedListOfFreePagesIsMadeAnew(t *testing.T) {
	harms := map[string]func(list, used []byte){
		"a used page said to be free": func(list, used []byte) { copy(list[pageHeader:], used) },
		"another kind of page":        func(list, _ []byte) { list[8] ^= 0xFF },
		"another page's number":       func(list, _ []byte) { list[0] ^= 0x40 },
		"a count beyond the page":     func(list, _ []byte) { order.PutUint16(list[10:], 0xFF00) },
		"nothing":                     func(list, _ []byte) { clear(list) },
	}
	for name, harm := range harms {
		t.Run(name, func(t *testing.T) {
			dir, events := written(t)
			newest := months(t, dir)[2]
			v, err := openView(dir, newest)
			must(t, err)
			v.close()
			path := filepath.Join(dir, newest)
			b, err := os.ReadFile(path)
			must(t, err)
			list := b[v.tree.freelist*pageBytes:][:pageBytes]
			record := stretches(t, dir, newest)[2]
			harm(list, order.AppendUint64(nil, uint64(record.at/pageBytes)))
			must(t, os.WriteFile(path, b, 0o600))
			j := mustOpen(t, dir, Options{})
			s := &script{seq: events[len(events)-1].Seq, day: 5, ticket: 90}
			for range 200 {
				events = append(events, mustAppend(t, j, s.issue())...)
			}
			j.Close()
			_, err = verified(dir)
			must(t, err)
			same(t, all(t, mustOpen(t, dir, Options{ReadOnly: true})), events)
		})
	}
}

// What today does not need does not stop today: it is told, with the file that
// is wrong, and the journal goes on into the next month.
func TestOldMonthsDoNotStopToday(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(t *testing.T, dir string, months []string)
		is   error
		says int // the month that is blamed
	}{
		"first file empty":     {func(t *testing.T, dir string, m []string) { must(t, os.Truncate(filepath.Join(dir, m[0]), 0)) }, ErrDamaged, 0},
		"month before empty":   {func(t *testing.T, dir string, m []string) { must(t, os.Truncate(filepath.Join(dir, m[1]), 0)) }, ErrDamaged, 1},
		"month before gone":    {func(t *testing.T, dir string, m []string) { must(t, os.Remove(filepath.Join(dir, m[1]))) }, ErrMissing, 2},
		"first month gone":     {func(t *testing.T, dir string, m []string) { must(t, os.Remove(filepath.Join(dir, m[0]))) }, ErrMissing, 1},
		"both headers bad":     {func(t *testing.T, dir string, m []string) { spoil(t, dir, m[1], 0); spoil(t, dir, m[1], 1) }, ErrDamaged, 1},
		"head of month before": {func(t *testing.T, dir string, m []string) { flipHead(t, dir, m[1]) }, ErrDamaged, 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir, events := written(t)
			names := months(t, dir)
			c.harm(t, dir, names)
			for _, o := range []Options{{ReadOnly: true}, {}} {
				j := mustOpen(t, dir, o)
				if err := j.Suspected(); !errors.Is(err, c.is) || !strings.Contains(err.Error(), names[c.says]) || !strings.Contains(err.Error(), "restore") {
					t.Fatalf("read-only %v: %v", o.ReadOnly, err)
				}
				today, err := collected(j.Today())
				must(t, err)
				same(t, today, events[len(events)-len(today):])
				j.Close()
			}
			j := mustOpen(t, dir, Options{})
			s := &script{seq: events[len(events)-1].Seq, day: 5, ticket: 90}
			mustAppend(t, j, s.issue())
			mustAppend(t, j, s.open("2027-02-01")...)
			if _, err := j.Days("2027-02-01", "2027-02-28"); err != nil {
				t.Errorf("a report of this month: %v", err)
			}
			j.Close()
			j = mustOpen(t, dir, Options{})
			if seq, _ := j.Last(); seq != s.seq {
				t.Fatalf("it goes on at %d, not at %d", seq, s.seq)
			}
			if _, err := j.Verify(context.Background()); err == nil || j.Suspected() == nil {
				t.Errorf("verify says %v, suspected %v", err, j.Suspected())
			}
		})
	}
}

// A report of a month whose file is gone is an error that names the file, never
// a month in which nobody came; other months are answered.
func TestDaysOfAMissingFileAreAnError(t *testing.T) {
	for gone, periods := range map[int]map[[2]string]bool{
		0: {{"2026-11-01", "2026-11-30"}: true, {"2026-11-29", "2026-12-01"}: true, {"", "2026-12-31"}: true, {"2026-12-01", "2026-12-31"}: false, {"2027-01-02", ""}: false, {"", ""}: false},
		1: {{"2026-11-01", "2026-11-30"}: false, {"2026-12-01", "2026-12-31"}: true, {"2026-11-30", "2027-01-02"}: true, {"2027-01-01", "2027-01-31"}: false, {"2026-12-15", ""}: true},
	} {
		dir, _ := written(t)
		names := months(t, dir)
		must(t, os.Remove(filepath.Join(dir, names[gone])))
		for _, o := range []Options{{ReadOnly: true}, {}} {
			j := mustOpen(t, dir, o)
			for period, needs := range periods {
				_, err := j.Days(period[0], period[1])
				if !needs && err != nil {
					t.Errorf("%s is gone, and %v: %v", names[gone], period, err)
				}
				if needs && (!errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), names[gone][:len("journal-000000000001-")]) || !strings.Contains(err.Error(), "restore")) {
					t.Errorf("%s is gone, and %v: %v", names[gone], period, err)
				}
			}
			j.Close()
		}
	}
}

// spoil makes one header of a file bad.
func spoil(t *testing.T, dir, name string, id int64) {
	t.Helper()
	flip(t, filepath.Join(dir, name), id*pageBytes+pageHeader+16, 1)
}

// flipHead changes the hash that a file holds of its newest event.
func flipHead(t *testing.T, dir, name string) {
	t.Helper()
	v, err := openView(dir, name)
	must(t, err)
	v.close()
	path := filepath.Join(dir, name)
	b, err := os.ReadFile(path)
	must(t, err)
	hash := []byte(v.head.Hash.String())
	other := bytes.Clone(hash)
	other[0] = map[bool]byte{true: '1', false: '0'}[hash[0] == '0']
	must(t, os.WriteFile(path, bytes.ReplaceAll(b, hash, other), 0o600))
}

// A bad header of a closed month is mended: that of the month before when the
// journal is opened, any other when it is verified.
func TestABadHeaderOfAClosedMonthIsMended(t *testing.T) {
	for month := range 2 {
		for id := range int64(2) {
			dir, events := written(t)
			names := months(t, dir)
			spoil(t, dir, names[month], id)
			if j := mustOpen(t, dir, Options{ReadOnly: true}); month == 1 {
				if err := j.Suspected(); err == nil || !strings.Contains(err.Error(), names[month]) {
					t.Errorf("month %d, header %d: a reader is told %v", month, id, err)
				}
				j.Close()
			} else {
				j.Close()
			}
			j := mustOpen(t, dir, Options{})
			if err := j.Suspected(); err != nil {
				t.Errorf("month %d, header %d: %v", month, id, err)
			}
			v, err := j.Verify(context.Background())
			must(t, err)
			if mended := len(v.Mended) > 0; mended != (month == 0) {
				t.Errorf("month %d, header %d: verify mended %v", month, id, v.Mended)
			}
			same(t, all(t, j), events)
			j.Close()
			_, err = verified(dir)
			must(t, err)
		}
	}
}

// One changed letter of today is noticed when today is read, and does not stop
// it: an office with one wrong number does better than one that does not open.
func TestTodayIsHashedWhenItIsRead(t *testing.T) {
	dir, events := written(t)
	newest := months(t, dir)[2]
	path := filepath.Join(dir, newest)
	whole, err := os.ReadFile(path)
	must(t, err)
	r := mustOpen(t, dir, Options{ReadOnly: true})
	today, err := collected(r.Today())
	must(t, err)
	r.Close()
	changed := 0
	for _, s := range stretches(t, dir, newest) {
		if s.seq < today[0].Seq {
			continue
		}
		b := bytes.Clone(whole)
		value := b[s.at : s.at+int64(s.n)]
		at := bytes.Index(value, []byte(`"text":"A0`))
		if at < 0 {
			continue
		}
		value[at+len(`"text":"A`)] = '8'
		changed++
		must(t, os.WriteFile(path, b, 0o600))
		j, err := Open(dir, Options{ReadOnly: true})
		if s.seq == events[len(events)-1].Seq {
			if !errors.Is(err, ErrDamaged) {
				t.Fatalf("the newest event was changed: %v", err)
			}
			continue
		}
		must(t, err)
		if err := j.Suspected(); err != nil {
			t.Fatalf("before anything was read: %v", err)
		}
		today, err := collected(j.Today())
		must(t, err)
		var d *DamageError
		if err := j.Suspected(); !errors.As(err, &d) || d.Seq != s.seq+1 || d.File != newest || len(today) == 0 {
			t.Fatalf("event %d was changed: %v", s.seq, err)
		}
		j.Close()
	}
	if changed < 10 {
		t.Fatalf("%d tickets of today were changed", changed)
	}
	must(t, os.WriteFile(path, whole, 0o600))
	j := mustOpen(t, dir, Options{})
	if _, err := collected(j.Today()); err != nil || j.Suspected() != nil {
		t.Fatal(err, j.Suspected())
	}
}

// boltCheck lets bbolt check a file that Verify found to be whole: bbolt checks in
// a goroutine of its own, where a fault over a damaged one could not be caught.
func boltCheck(path string) error {
	return guard(func() error {
		db, err := bbolt.Open(path, 0, &bbolt.Options{
			ReadOnly: true, Timeout: lockTimeout, PreLoadFreelist: true, NoStatistics: true,
			OpenFile: func(name string, _ int, _ os.FileMode) (*os.File, error) { return os.Open(name) },
		})
		if err != nil {
			return err
		}
		defer db.Close()
		return db.View(func(tx *bbolt.Tx) error {
			var first error
			for err := range tx.Check() {
				if first == nil {
					first = err
				}
			}
			return first
		})
	})
}
