package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"eliminacode/queue"
)

func sheetsOf(t testing.TB, j *Journal) []StoredSheet {
	t.Helper()
	var sheets []StoredSheet
	for s, err := range j.Sheets(1, lastDay) {
		must(t, err)
		s.Encoded = bytes.Clone(s.Encoded)
		sheets = append(sheets, s)
	}
	return sheets
}

func TestSheetsAreKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	j := mustOpen(t, dir, Options{})
	if got := sheetsOf(t, j); got != nil {
		t.Fatal(got)
	}
	want := []StoredSheet{
		{Day: 1, Version: 1, Encoded: []byte("one")},
		{Day: 2, Version: 1, Encoded: make([]byte, 20_000)},
		{Day: 4, Version: 2, Encoded: []byte{}},
	}
	for _, s := range want {
		must(t, j.PutSheet(s))
	}
	if d := cmp.Diff(want, sheetsOf(t, j)); d != "" {
		t.Fatal(d)
	}
	for i := range want[1:] {
		want[i+1].Stale = true
		must(t, j.PutSheet(want[i+1]))
	}
	for _, o := range []Options{{}, {ReadOnly: true}} {
		j.Close()
		j = mustOpen(t, dir, o)
		if d := cmp.Diff(want, sheetsOf(t, j)); d != "" {
			t.Fatal(d)
		}
	}
	if err := j.PutSheet(want[0]); !errors.Is(err, ErrReadOnly) {
		t.Fatal(err)
	}
	j.Close()
	j = mustOpen(t, dir, Options{})
	want[1] = StoredSheet{Day: 2, Version: 2, Encoded: []byte("again")}
	must(t, j.PutSheet(want[1]))
	if d := cmp.Diff(want, sheetsOf(t, j)); d != "" {
		t.Fatal(d)
	}
	if err := j.PutSheet(StoredSheet{Day: 0}); err == nil {
		t.Fatal("there is no day 0")
	}
}

// Damaged sheets cost nothing but the time to make them again.
func TestDamagedSheetsAreThrownAway(t *testing.T) {
	for name, harm := range map[string]func([]byte) []byte{
		"row": func(b []byte) []byte {
			b[slices.Index(b, 0xA7)] ^= 1
			return b
		},
		"empty":   func([]byte) []byte { return nil },
		"headers": func(b []byte) []byte { clear(b[:2*pageBytes]); return b },
		"foreign": func(b []byte) []byte { return []byte("something else") },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "journal")
			j := mustOpen(t, dir, Options{})
			rows := make([]byte, 9000)
			for i := range rows {
				rows[i] = 0xA7
			}
			must(t, j.PutSheet(StoredSheet{Day: 1, Encoded: rows}))
			j.Close()
			path := filepath.Join(dir, sheetsName)
			b, err := os.ReadFile(path)
			must(t, err)
			must(t, os.WriteFile(path, harm(b), 0o600))

			if _, err := verified(dir); !errors.Is(err, ErrDamaged) {
				t.Fatalf("a reader does not tell: %v", err)
			}
			j = mustOpen(t, dir, Options{})
			if got := sheetsOf(t, j); got != nil {
				t.Fatal(got)
			}
			must(t, j.PutSheet(StoredSheet{Day: 1, Encoded: rows}))
			if got := sheetsOf(t, j); len(got) != 1 {
				t.Fatal(got)
			}
		})
	}
}

// change edits a bucket of a month file with bbolt.
func change(t *testing.T, path string, f func(tx *bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	must(t, err)
	must(t, db.Update(f))
	must(t, db.Close())
}

func TestAMissingIndexOfDaysIsMadeAgain(t *testing.T) {
	dir, events := written(t)
	drop := func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte(daysBucket)) }
	for _, name := range months(t, dir) {
		change(t, filepath.Join(dir, name), drop)
	}
	at := slices.IndexFunc(events, func(e queue.Event) bool { return isDay(e, 5) })
	for _, o := range []Options{{ReadOnly: true}, {}} {
		j := mustOpen(t, dir, o)
		today, err := collected(j.Today())
		must(t, err)
		same(t, today, events[at:])
		v, err := j.Verify(context.Background())
		must(t, err)
		if len(v.Mended) != map[bool]int{true: 0, false: 3}[o.ReadOnly] {
			t.Fatal(v.Mended)
		}
		v, err = j.Verify(context.Background())
		if must(t, err); !o.ReadOnly && v.Mended != nil {
			t.Fatal(v.Mended)
		}
		j.Close()
	}
}

// A wrong index never makes another day of today.
func TestAWrongIndexOfDaysIsNotBelieved(t *testing.T) {
	dir, events := written(t)
	name := months(t, dir)[2]
	change(t, filepath.Join(dir, name), func(tx *bbolt.Tx) error {
		return putDay(tx.Bucket([]byte(daysBucket)), 5, dayEntry{Date: "2027-01-03", Seq: events[len(events)-3].Seq})
	})
	j := mustOpen(t, dir, Options{})
	at := slices.IndexFunc(events, func(e queue.Event) bool { return isDay(e, 5) })
	today, err := collected(j.Today())
	must(t, err)
	same(t, today, events[at:])
	day, err := j.Day(5)
	must(t, err)
	same(t, day, events[at:])
	if _, err := j.Verify(context.Background()); !errors.Is(err, ErrDamaged) {
		t.Fatal(err)
	}
}

func TestANewerFormatSaysWhatToDo(t *testing.T) {
	t.Run("file", func(t *testing.T) {
		dir, _ := written(t)
		change(t, filepath.Join(dir, months(t, dir)[2]), func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte(metaBucket)).Put([]byte(formatKey), []byte("2"))
		})
		for _, o := range []Options{{ReadOnly: true}, {}} {
			if _, err := Open(dir, o); !errors.Is(err, ErrNewerFormat) || !contains(err, "install version 1.0") {
				t.Fatal(err)
			}
		}
	})
	t.Run("event", func(t *testing.T) {
		dir, events := written(t)
		last := events[len(events)-1].Seq
		change(t, filepath.Join(dir, months(t, dir)[2]), func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(eventsBucket))
			value := append([]byte(`{"v":2,`), b.Get(key(last))[len(`{"v":1,`):]...)
			must(t, b.Put(key(last), value))
			h := head{last, hashOf(value)}
			return put(tx, fileMeta{}, nil, h)
		})
		j := mustOpen(t, dir, Options{})
		if _, err := collected(j.Today()); !errors.Is(err, ErrNewerFormat) || !contains(err, "install") {
			t.Fatal(err)
		}
	})
}

// The chain tells a record of a newer version, which is whole, from one of this
// version whose bytes were changed.
func TestAChangedVersionOrKindIsDamage(t *testing.T) {
	for name, c := range map[string][2]string{
		"version": {`{"v":1,`, `{"v":2,`},
		"kind":    {`"kind":"TicketIssued"`, `"kind":"TicketIssuee"`},
	} {
		t.Run(name, func(t *testing.T) {
			dir, events := written(t)
			month := filepath.Join(dir, months(t, dir)[2])
			seq := events[len(events)-3].Seq
			replace := func(tx *bbolt.Tx, seq uint64, from, to string) error {
				b := tx.Bucket([]byte(eventsBucket))
				value := bytes.Replace(b.Get(key(seq)), []byte(from), []byte(to), 1)
				if bytes.Equal(value, b.Get(key(seq))) {
					t.Fatalf("event %d has no %s", seq, from)
				}
				return b.Put(key(seq), value)
			}
			change(t, month, func(tx *bbolt.Tx) error { return replace(tx, seq, c[0], c[1]) })
			j := mustOpen(t, dir, Options{})
			var damage *DamageError
			if _, err := collected(j.Today()); !errors.As(err, &damage) || damage.Seq != seq || errors.Is(err, ErrNewerFormat) {
				t.Errorf("today: %v", err)
			}
			if _, err := j.Verify(context.Background()); !errors.As(err, &damage) || damage.Seq != seq || errors.Is(err, ErrNewerFormat) {
				t.Errorf("verify: %v", err)
			}
			j.Close()
			// With the chain made for it, the same record is of a newer version.
			change(t, month, func(tx *bbolt.Tx) error {
				b := tx.Bucket([]byte(eventsBucket))
				before := b.Get(key(seq))
				for next := seq + 1; next <= events[len(events)-1].Seq; next++ {
					prev, err := previous(b.Get(key(next)))
					must(t, err)
					must(t, replace(tx, next, prev.String(), hashOf(before).String()))
					before = b.Get(key(next))
				}
				return put(tx, fileMeta{}, nil, head{events[len(events)-1].Seq, hashOf(before)})
			})
			j = mustOpen(t, dir, Options{})
			if _, err := collected(j.Today()); !errors.Is(err, ErrNewerFormat) || errors.Is(err, ErrDamaged) {
				t.Errorf("of a newer version: %v", err)
			}
			if _, err := j.Verify(context.Background()); !errors.Is(err, ErrNewerFormat) || errors.Is(err, ErrDamaged) {
				t.Errorf("of a newer version, verify: %v", err)
			}
		})
	}
}

func TestBackupWhileRunning(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "journal")
	j := mustOpen(t, dir, Options{})
	s := &script{}
	mustAppend(t, j, append(s.begin(), s.open("2026-11-29")...)...)
	must(t, j.PutSheet(StoredSheet{Day: 1, Version: 1, Encoded: []byte("rows")}))
	stop := make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			events := []queue.Event{s.issue()}
			if i%10 == 5 {
				events = append(events, s.open([]string{"2026-11-30", "2026-12-01"}[i/10%2])...)
			}
			if err := j.Append(events); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for i := range 3 {
		before, _ := j.Last()
		dest := filepath.Join(base, "backup"+string(rune('1'+i)))
		mustBackup(t, j, dest)
		v, err := verified(dest)
		must(t, err)
		if v.Last < before || v.Sheets != 1 {
			t.Fatalf("%+v, before %d", v, before)
		}
		if _, err := Backup(context.Background(), dest, j.WriteCopy); !errors.Is(err, ErrExists) {
			t.Fatal(err)
		}
		if _, err := j.Verify(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	work.Wait()
	if _, err := Backup(context.Background(), filepath.Join(dir, "backup"), j.WriteCopy); !errors.Is(err, ErrForeign) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Backup(ctx, filepath.Join(base, "late"), j.WriteCopy); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(base, "*partial*"))
	if must(t, err); left != nil {
		t.Fatal(left)
	}
	// A backup is a journal that goes on.
	k := mustOpen(t, filepath.Join(base, "backup1"), Options{})
	seq, _ := k.Last()
	mustAppend(t, k, (&script{seq: seq, day: 99}).issue())
}

// TestBackupOfOneFileStops stops a backup at the first byte of the file in
// use, which bbolt writes.
func TestBackupOfOneFileStops(t *testing.T) {
	base := t.TempDir()
	j := mustOpen(t, filepath.Join(base, "journal"), Options{})
	s := &script{}
	mustAppend(t, j, append(s.begin(), s.open("2026-11-29")...)...)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Backup(ctx, filepath.Join(base, "late"), j.WriteCopy); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func isDay(e queue.Event, ordinal int) bool {
	d, ok := e.Body.(queue.DayOpened)
	return ok && d.Day == ordinal
}

// A box without a battery opens each day of a week by a clock of 1970 and learns
// the date a little later. Every day is found under the last date it was given
// and under no other, months are files by those dates, and a journal that an
// earlier version wrote, whose index has the dates of the openings, is read the
// same.
func TestDaysAreFoundUnderTheDateTheyWereGiven(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	j := mustOpen(t, dir, Options{})
	s := &script{}
	mustAppend(t, j, s.begin()...)
	wrong := queue.DayPlan{Date: "1970-01-01", Provisional: true}
	var want []Day
	for _, dates := range [][]string{{"2026-11-28"}, {"2026-11-29", "2026-11-30"}, {"2026-12-01"}, {}, {"2026-12-03"}, {"2027-01-04"}, {"2027-01-05"}} {
		events := s.open(wrong.Date)
		opened := events[len(events)-1].Body.(queue.DayOpened)
		opened.Plan = wrong
		events[len(events)-1].Body = opened
		want = append(want, Day{Ordinal: s.day, Date: wrong.Date, First: events[len(events)-1].Seq})
		mustAppend(t, j, append(events, s.issue())...)
		for _, date := range dates {
			mustAppend(t, j, s.event(queue.DayRedated{Date: date, Plan: queue.DayPlan{Date: date}}), s.issue())
			want[len(want)-1].Date = date
		}
	}
	check := func(t *testing.T, j *Journal) {
		t.Helper()
		days, err := j.Days("", "")
		must(t, err)
		if !slices.Equal(days, want) {
			t.Errorf("days %v, want %v", days, want)
		}
		for _, c := range []struct {
			from, to string
			ordinals []int
		}{{"2026-11-28", "2026-11-30", []int{1, 2}}, {"2026-11-29", "2026-11-29", nil}, {"2026-12-01", "2026-12-31", []int{3, 5}}, {"2026-01-01", "2026-12-31", []int{1, 2, 3, 5}}, {"1970-01-01", "1970-01-01", []int{4}}} {
			days, err := j.Days(c.from, c.to)
			must(t, err)
			var got []int
			for _, d := range days {
				got = append(got, d.Ordinal)
			}
			if !slices.Equal(got, c.ordinals) {
				t.Errorf("from %s to %s are the days %v, want %v", c.from, c.to, got, c.ordinals)
			}
		}
	}
	check(t, j)
	_, err := j.Verify(context.Background())
	must(t, err)
	j.Close()
	var months []string
	files, _, err := list(dir)
	must(t, err)
	for _, f := range files {
		months = append(months, f.name[len("journal-000000000001-"):])
	}
	// Each month begins with the first day after the one that told it.
	if d := cmp.Diff([]string{"2026-11.db", "2026-12.db", "2027-01.db"}, months); d != "" {
		t.Error(d)
	}
	t.Run("read by a new start", func(t *testing.T) { check(t, mustOpen(t, dir, Options{ReadOnly: true})) })
	t.Run("without an index", func(t *testing.T) {
		copied := filepath.Join(t.TempDir(), "journal")
		must(t, os.CopyFS(copied, os.DirFS(dir)))
		for _, f := range files {
			change(t, filepath.Join(copied, f.name), func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte(daysBucket)) })
		}
		check(t, mustOpen(t, copied, Options{ReadOnly: true}))
	})
	t.Run("of an earlier version", func(t *testing.T) {
		for _, f := range files {
			change(t, filepath.Join(dir, f.name), func(tx *bbolt.Tx) error {
				meta, days := tx.Bucket([]byte(metaBucket)), tx.Bucket([]byte(daysBucket))
				var m fileMeta
				must(t, json.Unmarshal(meta.Get([]byte(fileKey)), &m))
				m.Dated = false
				b, err := json.Marshal(m)
				must(t, err)
				must(t, meta.Put([]byte(fileKey), b))
				for _, d := range want {
					if days.Get(key(uint64(d.Ordinal))) != nil {
						must(t, putDay(days, d.Ordinal, dayEntry{Date: wrong.Date, Seq: d.First}))
					}
				}
				return nil
			})
		}
		check(t, mustOpen(t, dir, Options{ReadOnly: true}))
	})
	t.Run("of an earlier version, gone on with", func(t *testing.T) {
		j := mustOpen(t, dir, Options{})
		check(t, j)
		_, err := j.Verify(context.Background())
		must(t, err)
		mustAppend(t, j, s.event(queue.DayRedated{Date: "2027-01-06", Plan: queue.DayPlan{Date: "2027-01-06"}}))
		want[len(want)-1].Date = "2027-01-06"
		check(t, j)
		_, err = j.Verify(context.Background())
		must(t, err)
	})
}

// TestDaysOfClosedMonthsAreReadOnce takes the file of a month away after the
// first question: its days are known, and those of the month in use still grow.
func TestDaysOfClosedMonthsAreReadOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	j := mustOpen(t, dir, Options{})
	s := &script{}
	mustAppend(t, j, s.begin()...)
	for _, date := range []string{"2026-11-29", "2026-11-30", "2026-12-01"} {
		mustAppend(t, j, append(s.open(date), s.issue())...)
	}
	before, err := j.Days("", "")
	must(t, err)
	must(t, os.Rename(filepath.Join(dir, j.files[0].name), filepath.Join(t.TempDir(), "away")))
	mustAppend(t, j, s.open("2026-12-02")...)
	after, err := j.Days("", "")
	if err != nil || len(before) != 3 || len(after) != 4 || !slices.Equal(after[:3], before) {
		t.Errorf("days %v, then %v (%v)", before, after, err)
	}
}
