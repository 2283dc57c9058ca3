package journal

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"eliminacode/queue"
)

func contains(err error, s string) bool { return err != nil && strings.Contains(err.Error(), s) }

func TestWhatDoesNotFollowIsRefused(t *testing.T) {
	j, s, want := begun(t)
	before := *s
	gap := s.issue()
	gap.Seq++
	for name, c := range map[string]struct {
		events []queue.Event
		is     error
	}{
		"gap":     {[]queue.Event{gap}, ErrGap},
		"again":   {[]queue.Event{want[len(want)-1]}, ErrGap},
		"gap in":  {[]queue.Event{{Seq: gap.Seq - 1, Body: queue.JournalResumed{}}, {Seq: gap.Seq + 1, Body: queue.JournalResumed{}}}, ErrGap},
		"no body": {[]queue.Event{{Seq: gap.Seq - 1}}, nil},
		"long":    {[]queue.Event{{Seq: gap.Seq - 1, Body: queue.JournalResumed{Version: strings.Repeat("x", maxRecordBytes)}}}, ErrTooLong},
	} {
		if err := j.Append(c.events); err == nil || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, j.Append(nil))
	*s = before
	want = append(want, mustAppend(t, j, s.issue())...)
	same(t, all(t, j), want)
}

func TestAJournalBeginsAtOne(t *testing.T) {
	j := mustOpen(t, filepath.Join(t.TempDir(), "journal"), Options{})
	if err := j.Append([]queue.Event{{Seq: 2, Body: queue.JournalBegun{}}}); !errors.Is(err, ErrGap) {
		t.Fatal(err)
	}
	today, err := collected(j.Today())
	if len(today) != 0 || err != nil {
		t.Fatal(today, err)
	}
}

// A clock that is wrong, or a date that is none, harms no order.
func TestNamesDoNotRestOnTheClock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	j := mustOpen(t, dir, Options{})
	s := &script{}
	begin := s.begin()
	begin[0].At.Wall = -1 << 62
	want := mustAppend(t, j, begin...)
	for _, date := range []string{"2026-12-01", "1970-01-01", "2026-11-30", "no date", "2026-11-29"} {
		want = append(want, mustAppend(t, j, append(s.open(date), s.issue())...)...)
	}
	j.Close()
	j = mustOpen(t, dir, Options{})
	same(t, all(t, j), want)
	if got := months(t, dir); len(got) != 4 || got[0] != "journal-000000000001-0000-00.db" {
		t.Fatal(got)
	}
}

func TestReadingStopsWhereItIsTold(t *testing.T) {
	j, _, want := begun(t)
	n := 0
	for range j.Since(2) {
		if n++; n == 2 {
			break
		}
	}
	for r, err := range j.Records(3) {
		must(t, err)
		if _, e, err := decode(r.Seq, r.Value); err != nil || e.Seq != r.Seq {
			t.Fatal(err)
		}
		if r.Seq < 3 {
			t.Fatal(r.Seq)
		}
		n++
	}
	if n != 2+len(want)-2 {
		t.Fatal(n)
	}
	for range j.Since(uint64(len(want)) + 1) {
		t.Fatal("there is nothing after the last")
	}
}

// Many may read while one appends and months begin; nothing is left behind.
func TestReadingBesideAppending(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent()) // bbolt leaves a reader of a damaged file of another test behind
	dir := filepath.Join(t.TempDir(), "journal")
	j := mustOpen(t, dir, Options{NoSync: true})
	s := &script{}
	mustAppend(t, j, append(s.begin(), s.open("2026-11-29")...)...)
	var work sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		work.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				last, _ := j.Last()
				n := uint64(0)
				for e, err := range j.Since(1) {
					if n++; err != nil || e.Seq != n {
						t.Error(n, e.Seq, err)
						return
					}
				}
				if n < last {
					t.Errorf("read %d of %d", n, last)
				}
				if _, err := collected(j.Today()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 150 {
		mustAppend(t, j, s.issue())
		if i%30 == 29 {
			mustAppend(t, j, s.open([]string{"2026-12-01", "2027-01-01"}[i/30%2])...)
		}
	}
	close(stop)
	work.Wait()
	must(t, j.Close())
	must(t, j.Close())
	if err := j.Append([]queue.Event{s.issue()}); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
	if _, err := collected(j.Today()); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
}
