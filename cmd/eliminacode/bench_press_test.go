package engine_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"sort"
	"sync"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"eliminacode/queue"
	"eliminacode/queue/engine"
	"eliminacode/queue/journal"
)

// The benchmarks put the engine with its journal beside the bare limit: the
// same bytes put into bbolt by nothing but a loop. Both run in turns in the
// same run, and the median of five rounds counts.
const (
	rounds      = 5
	alreadyOpen = 2_000
	alreadyGone = 6_000
)

func benchSetup() queue.Setup {
	return queue.Setup{
		Office:   queue.Office{Body: "Comune", Name: "Sportello", Zone: "Europe/Rome"},
		Series:   []queue.Series{{ID: "A", Letters: "A", First: 1, Last: 999_999, Width: 3}},
		Services: []queue.Service{{ID: "anagrafe", Name: "Anagrafe", Series: "A", StandardMs: 900_000, StandardShare: 0.9}},
		Desks:    []queue.Desk{{ID: "s1", Label: "1", Profile: queue.Profile{First: []queue.ServiceID{"anagrafe"}}}},
		Outlets:  []queue.Outlet{{ID: "totem", Name: "Totem", Screen: true}},
		Rules:    queue.DefaultRules(),
	}
}

var reception = queue.Cause{Kind: queue.ByReception}

func issue() queue.IssueTicket {
	return queue.IssueTicket{By: reception, Service: "anagrafe", Outlet: "totem", Token: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
}

// busy is an engine on a real disk in the middle of a hard day.
func busy(b *testing.B, dir string) *engine.Engine {
	b.Helper()
	j, err := journal.Open(filepath.Join(dir, "journal"), journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	begun := time.Now()
	e := engine.New(engine.Config{
		Journal: j, Version: "bench", JournalID: "bench",
		Now: func() queue.Now {
			return queue.Now{Wall: time.Now().UnixMilli(), Boot: "bench", Mono: time.Since(begun).Milliseconds() + 1, Synced: true}
		},
		Plan: func(_ queue.Setup, office int64) (queue.DayPlan, error) {
			return queue.DayPlan{
				Date: "2026-11-24", Begins: office - 1, Ends: office + 86_400_000,
				Bands: []queue.Band{{Opens: office - 1, Closes: office + 86_400_000}},
			}, nil
		},
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	b.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
		if err := j.Close(); err != nil {
			b.Error(err)
		}
	})
	<-e.Ready()
	must(b, e, queue.ChangeSetup{By: reception, Setup: benchSetup()})
	must(b, e, queue.OpenDesk{By: reception, Desk: "s1"})
	// Many callers fill the day quickly: they share the syncs.
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			for range (alreadyOpen + alreadyGone) / 200 {
				must(b, e, issue())
			}
		})
	}
	all.Wait()
	for i := range alreadyGone {
		state, _ := e.Watch()
		if i%200 == 0 {
			b.Logf("%d tickets wait", state.Totals().Waiting)
		}
		if state.Totals().Waiting <= alreadyOpen {
			break
		}
		var cancels sync.WaitGroup
		n := 0
		state.EachWaiting("anagrafe", func(t *queue.Ticket) bool {
			cancels.Go(func() { must(b, e, queue.CancelTicket{By: reception, Ticket: t.ID, Why: "citizen"}) })
			n++
			return n < 200
		})
		cancels.Wait()
	}
	return e
}

func must(b *testing.B, e *engine.Engine, c queue.Command) []queue.Event {
	_, events, err := e.Do(context.Background(), c)
	if err != nil {
		b.Errorf("%T: %v", c, err)
	}
	return events
}

// bare is a bbolt file set up as the journal's: the limit.
func bare(b *testing.B, dir string) *bolt.DB {
	b.Helper()
	db, err := bolt.Open(filepath.Join(dir, "bare.db"), 0o600, &bolt.Options{PageSize: 4096})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	if err := db.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("events")); return err }); err != nil {
		b.Fatal(err)
	}
	// As many records as the journal has today, so that the trees are alike.
	seq := uint64(0)
	for range 16 {
		var batch [][]byte
		for range 1000 {
			batch = append(batch, make([]byte, recordBytes))
		}
		if err := put(db, &seq, batch...); err != nil {
			b.Fatal(err)
		}
	}
	return db
}

// recordBytes is the size of a stored TicketIssued.
const recordBytes = 460

func put(db *bolt.DB, seq *uint64, values ...[]byte) error {
	return db.Update(func(tx *bolt.Tx) error {
		bucket := tx.Bucket([]byte("events"))
		bucket.FillPercent = 1
		for _, v := range values {
			*seq++
			if err := bucket.Put(binary.BigEndian.AppendUint64(nil, *seq), v); err != nil {
				return err
			}
		}
		return nil
	})
}

// warnDisk says when the figures are not of a disk.
func warnDisk(b *testing.B, dir string) {
	var fs syscall.Statfs_t
	const tmpfs = 0x01021994
	if syscall.Statfs(dir, &fs) == nil && fs.Type == tmpfs {
		b.Log("this folder is on tmpfs: a sync costs nothing here, so set TMPDIR to a disk")
	}
}

func median(d []float64) float64 {
	sort.Float64s(d)
	return d[len(d)/2]
}

// BenchmarkIssue is one caller: the time of an issue at the engine against a
// bare put and commit of as many bytes, one by one in turns. Bar: 1.3.
func BenchmarkIssue(b *testing.B) {
	dir := b.TempDir()
	warnDisk(b, dir)
	e, db := busy(b, dir), bare(b, dir)
	seq := uint64(1 << 20)
	value := make([]byte, recordBytes)
	var ratios, mine, limit []float64
	b.ResetTimer()
	for range b.N {
		for range rounds {
			var ours, theirs []float64
			for range 100 {
				t := time.Now()
				must(b, e, issue())
				ours = append(ours, float64(time.Since(t)))
				t = time.Now()
				if err := put(db, &seq, value); err != nil {
					b.Fatal(err)
				}
				theirs = append(theirs, float64(time.Since(t)))
			}
			ratios = append(ratios, median(ours)/median(theirs))
			mine, limit = append(mine, median(ours)), append(limit, median(theirs))
		}
	}
	b.ReportMetric(median(ratios), "x-bare(bar≤1.3)")
	b.ReportMetric(median(mine)/1e6, "ms/issue")
	b.ReportMetric(median(limit)/1e6, "ms/bare")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkIssue32 is 32 callers at once: tickets a second at the engine
// against one goroutine that drains a channel of as many bytes into one update
// at a time. Bar: 0.7.
func BenchmarkIssue32(b *testing.B) {
	const callers, each = 32, 60
	dir := b.TempDir()
	warnDisk(b, dir)
	e, db := busy(b, dir), bare(b, dir)
	seq := uint64(1 << 20)
	var ratios, mine, limit []float64
	b.ResetTimer()
	for range b.N {
		for range rounds {
			ours := rate(callers, each, func() { must(b, e, issue()) })
			theirs := drained(b, db, &seq, callers, each)
			ratios = append(ratios, ours/theirs)
			mine, limit = append(mine, ours), append(limit, theirs)
		}
	}
	b.ReportMetric(median(ratios), "x-bare(bar≥0.7)")
	b.ReportMetric(median(mine), "issues/s")
	b.ReportMetric(median(limit), "bare/s")
	b.ReportMetric(0, "ns/op")
}

// rate is how often a second callers get f done.
func rate(callers, each int, f func()) float64 {
	began := time.Now()
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for range each {
				f()
			}
		})
	}
	all.Wait()
	return float64(callers*each) / time.Since(began).Seconds()
}

func drained(b *testing.B, db *bolt.DB, seq *uint64, callers, each int) float64 {
	type put1 struct {
		value []byte
		done  chan error
	}
	puts := make(chan put1, 256)
	var drain sync.WaitGroup
	drain.Go(func() {
		for first := range puts {
			batch, values := []put1{first}, [][]byte{first.value}
		more:
			for {
				select {
				case p, ok := <-puts:
					if !ok {
						break more
					}
					batch, values = append(batch, p), append(values, p.value)
				default:
					break more
				}
			}
			err := put(db, seq, values...)
			for _, p := range batch {
				p.done <- err
			}
		}
	})
	r := rate(callers, each, func() {
		p := put1{value: make([]byte, recordBytes), done: make(chan error, 1)}
		puts <- p
		if err := <-p.done; err != nil {
			b.Error(err)
		}
	})
	close(puts)
	drain.Wait()
	return r
}

// BenchmarkNext is one NEXT that serves a ticket and calls another, on disk,
// against a bare commit of the bytes of its events.
func BenchmarkNext(b *testing.B) {
	dir := b.TempDir()
	warnDisk(b, dir)
	e, db := busy(b, dir), bare(b, dir)
	seq := uint64(1 << 20)
	third := make([]byte, 320)
	var ratios []float64
	finishing := queue.TicketID(0)
	b.ResetTimer()
	for range b.N {
		for range rounds {
			var ours, theirs []float64
			for range 60 {
				t := time.Now()
				events := must(b, e, queue.CallNext{By: reception, Desk: "s1", Finishing: finishing})
				ours = append(ours, float64(time.Since(t)))
				called, ok := events[len(events)-1].Body.(queue.TicketCalled)
				if !ok {
					b.Fatal(fmt.Sprint("NEXT called nobody: ", events))
				}
				finishing = called.Ticket
				t = time.Now()
				if err := put(db, &seq, third, third, third); err != nil {
					b.Fatal(err)
				}
				theirs = append(theirs, float64(time.Since(t)))
			}
			ratios = append(ratios, median(ours)/median(theirs))
		}
	}
	b.ReportMetric(median(ratios), "x-bare")
	b.ReportMetric(0, "ns/op")
}
