package journal

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"eliminacode/queue"
)

// rounds is how often a benchmark compares with the bare limit; the median
// counts.
const rounds = 5

// benchFolder is on a real disk when there is one, and says when not.
func benchFolder(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	if onTmpfs(b, dir) {
		b.Log("ON TMPFS: set TMPDIR to a real disk for figures that mean something")
	}
	return dir
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// BenchmarkAppendTicket appends one ticket's event, and in turn puts the same
// bytes under the same key into a bare bbolt file and commits. The bar is 1.3.
func BenchmarkAppendTicket(b *testing.B) {
	dir := benchFolder(b)
	j := mustOpen(b, filepath.Join(dir, "journal"), Options{})
	s := &script{}
	mustAppend(b, j, append(s.begin(), s.open("2026-11-29")...)...)
	bare, err := bbolt.Open(filepath.Join(dir, "bare.db"), 0o600, &bbolt.Options{PageSize: pageBytes, InitialMmapSize: mapBytes()})
	must(b, err)
	defer bare.Close()
	bare.AllocSize = growBytes
	must(b, bare.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte(eventsBucket))
		return err
	}))
	const each = 200
	var ratios, owns []float64
	for b.Loop() {
		for range rounds {
			own, base := make([]time.Duration, each), make([]time.Duration, each)
			for i := range each {
				e := s.issue()
				events := []queue.Event{e}
				began := time.Now()
				err := j.Append(events)
				own[i] = time.Since(began)
				must(b, err)
				_, prev := j.Last()
				r, err := encode(e, prev)
				must(b, err)
				began = time.Now()
				err = bare.Update(func(tx *bbolt.Tx) error {
					bucket := tx.Bucket([]byte(eventsBucket))
					bucket.FillPercent = 1
					return bucket.Put(key(e.Seq), r.value)
				})
				base[i] = time.Since(began)
				must(b, err)
			}
			m := median(own)
			ratios = append(ratios, float64(m)/float64(median(base)))
			owns = append(owns, float64(m)/float64(time.Microsecond))
		}
	}
	slices.Sort(ratios)
	slices.Sort(owns)
	b.ReportMetric(ratios[len(ratios)/2], "x-bare")
	b.ReportMetric(owns[len(owns)/2], "µs-p50")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkStart opens a journal of a million events and reads today. The bar
// is 200 ms. All events but today's lie in one month: the worst case.
func BenchmarkStart(b *testing.B) {
	if testing.Short() {
		b.Skip("it writes a million events first")
	}
	dir := filepath.Join(benchFolder(b), "journal")
	j := mustOpen(b, dir, Options{NoSync: true})
	s := &script{}
	mustAppend(b, j, s.begin()...)
	const days, tickets = 24, 41_700
	for range days {
		events := s.open("2026-11-29")
		for range tickets {
			if events = append(events, s.issue()); len(events) >= 10_000 {
				mustAppend(b, j, events...)
				events = nil
			}
		}
		mustAppend(b, j, events...)
	}
	mustAppend(b, j, s.open("2026-11-30")...)
	const today = 2000
	for range today / 100 {
		var events []queue.Event
		for range 100 {
			events = append(events, s.issue())
		}
		mustAppend(b, j, events...)
	}
	must(b, j.Close())
	b.ResetTimer()
	var took, open []time.Duration
	for b.Loop() {
		began := time.Now()
		j, err := Open(dir, Options{})
		must(b, err)
		open = append(open, time.Since(began))
		events, err := collected(j.Today())
		took = append(took, time.Since(began))
		must(b, err)
		if len(events) != today+1 {
			b.Fatal(len(events))
		}
		must(b, j.Close())
	}
	b.ReportMetric(float64(median(open))/float64(time.Millisecond), "ms-open")
	b.ReportMetric(float64(median(took))/float64(time.Millisecond), "ms-ready")
	b.ReportMetric(float64(s.seq), "events")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkEachSheet reads ten years of sheets, and in turn the bare file. The
// bar of all of waiting's reading is 10.
func BenchmarkEachSheet(b *testing.B) {
	dir := filepath.Join(benchFolder(b), "journal")
	j := mustOpen(b, dir, Options{NoSync: true})
	const days = 2_500
	var sheets []Sheet
	for day := range days {
		if sheets = append(sheets, Sheet{Day: day + 1, Version: 1, Rows: make([]byte, 400*32)}); len(sheets) == 100 {
			must(b, j.putSheets(sheets))
			sheets = nil
		}
	}
	var own, base []time.Duration
	for b.Loop() {
		began := time.Now()
		n := 0
		for _, err := range j.EachSheet(1, lastDay) {
			must(b, err)
			n++
		}
		own = append(own, time.Since(began))
		if n != days {
			b.Fatal(n)
		}
		began = time.Now()
		_, err := os.ReadFile(filepath.Join(dir, sheetsName))
		base = append(base, time.Since(began))
		must(b, err)
	}
	b.ReportMetric(float64(median(own))/float64(median(base)), "x-bare")
	b.ReportMetric(float64(median(own))/float64(time.Millisecond), "ms-ten-years")
	b.ReportMetric(0, "ns/op")
}
