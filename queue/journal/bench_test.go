package journal

import (
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"eliminacode/queue"
	"eliminacode/queue/bar"
)

// BenchmarkAppendTicket appends one ticket's event, and in turn puts the same
// bytes under the same key into a bare bbolt file and commits.
func BenchmarkAppendTicket(b *testing.B) {
	dir := bar.Folder(b)
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
	for b.Loop() {
		var e queue.Event
		mine, limit := bar.InTurns(200, func() {
			e = s.issue()
			must(b, j.Append([]queue.Event{e}))
		}, func() {
			_, prev := j.Last()
			r, err := encode(e, prev)
			must(b, err)
			must(b, bare.Update(func(tx *bbolt.Tx) error {
				bucket := tx.Bucket([]byte(eventsBucket))
				bucket.FillPercent = 1
				return bucket.Put(key(e.Seq), r.value)
			}))
		})
		bar.AtMost(b, "x-bare-p50", 1.3, bar.Ratios(mine, limit, 50))
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkSheets reads ten years of sheets, and in turn the bare file.
func BenchmarkSheets(b *testing.B) {
	dir := filepath.Join(bar.Folder(b), "journal")
	j := mustOpen(b, dir, Options{NoSync: true})
	const days = 2_500
	for day := range days {
		must(b, j.PutSheet(StoredSheet{Day: day + 1, Version: 1, Encoded: make([]byte, 400*32)}))
	}
	for b.Loop() {
		mine, limit := bar.InTurns(1, func() {
			n := 0
			for _, err := range j.Sheets(1, lastDay) {
				must(b, err)
				n++
			}
			if n != days {
				b.Fatal(n)
			}
		}, func() {
			_, err := os.ReadFile(filepath.Join(dir, sheetsName))
			must(b, err)
		})
		bar.Told(b, "x-bare", bar.Ratios(mine, limit, 50))
	}
	b.ReportMetric(0, "ns/op")
}
