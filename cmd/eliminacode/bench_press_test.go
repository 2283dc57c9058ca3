package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"eliminacode/queue"
	"eliminacode/queue/bar"
	"eliminacode/queue/engine"
	"eliminacode/queue/journal"
)

// The benchmarks put the engine with its journal beside the bare limit: the
// same bytes put into bbolt by nothing but a loop, in the same process, whose
// memory is bounded as the daemon's is.
const (
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

// busy is an engine on a real disk in the middle of a hard day, until the end of
// the benchmark.
func busy(b *testing.B, dir string) *engine.Engine {
	b.Helper()
	e, stop := busyDay(b, filepath.Join(dir, "journal"))
	b.Cleanup(stop)
	return e
}

// busyDay is busy until stop is called.
func busyDay(b *testing.B, dir string) (e *engine.Engine, stop func()) {
	b.Helper()
	j, err := journal.Open(dir, journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	begun := time.Now()
	e = engine.New(engine.Config{
		Journal: j, Version: "bench", JournalID: "bench",
		Now: func() queue.Now {
			ms := time.Since(begun).Milliseconds() + benchAheadMs.Load()
			return queue.Now{Wall: begun.UnixMilli() + ms, Boot: "bench", Mono: ms + 1, Synced: true}
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
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
		if err := j.Close(); err != nil {
			b.Error(err)
		}
	}
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
	for range alreadyGone {
		state, _ := e.Watch()
		if state.Totals().Waiting <= alreadyOpen {
			break
		}
		var cancels sync.WaitGroup
		n := 0
		for t := range state.Waiting("anagrafe") {
			cancels.Go(func() { must(b, e, queue.CancelTicket{By: reception, Ticket: t.ID, Why: "citizen"}) })
			if n++; n == 200 {
				break
			}
		}
		cancels.Wait()
	}
	return e, stop
}

func must(b *testing.B, e *engine.Engine, c queue.Command) []queue.Event {
	_, events, err := e.Do(context.Background(), c)
	if err != nil {
		b.Errorf("%T: %v", c, err)
	}
	return events
}

// bare is a bbolt file set up as the journal's: the limit. It has as many records
// as the journal has today, of the bytes of a press, so that the trees are alike.
func bare(b *testing.B, dir string, press [][]byte) *bolt.DB {
	b.Helper()
	db, err := bolt.Open(filepath.Join(dir, "bare.db"), 0o600, &bolt.Options{PageSize: 4096, InitialMmapSize: 1 << 30, FreelistType: bolt.FreelistArrayType})
	if err != nil {
		b.Fatal(err)
	}
	db.AllocSize = 1 << 20
	b.Cleanup(func() { db.Close() })
	if err := db.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("events")); return err }); err != nil {
		b.Fatal(err)
	}
	seq := uint64(0)
	for range 16 {
		var batch [][]byte
		for range 1000 {
			batch = append(batch, press[0])
		}
		if err := put(db, &seq, batch...); err != nil {
			b.Fatal(err)
		}
	}
	return db
}

// stored are events as the journal stores them, but for their hashes. Their length
// matters to the byte: how many records fill a page decides whether the free pages
// of two commits lie in two rows or between one another, which is one write for the
// disk or several.
func stored(b *testing.B, events []queue.Event) (records [][]byte) {
	b.Helper()
	prev := []byte(`"prev":"` + strings.Repeat("0", 2*len(journal.Hash{})) + `",`)
	for _, e := range events {
		record, err := e.AppendJSON(nil, prev)
		if err != nil {
			b.Fatal(err)
		}
		records = append(records, record)
	}
	return records
}

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

// BenchmarkIssue is one caller: the time of an issue at the engine against a
// bare put and commit of as many bytes, one by one in turns.
func BenchmarkIssue(b *testing.B) {
	boundMemory()()
	dir := bar.Folder(b)
	e := busy(b, dir)
	press := stored(b, must(b, e, issue()))
	db, seq := bare(b, dir, press), uint64(1<<20)
	for b.Loop() {
		mine, limit := bar.InTurns(200, func() { must(b, e, issue()) }, func() {
			if err := put(db, &seq, press...); err != nil {
				b.Fatal(err)
			}
		})
		bar.AtMost(b, "x-bare-p50", 1.3, bar.Ratios(mine, limit, 50))
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkIssue32 is 32 callers at once at the engine against as many at one
// goroutine that drains a channel of as many bytes into one update at a time:
// tickets a second, and the time of one of a hundred that takes longest.
func BenchmarkIssue32(b *testing.B) {
	boundMemory()()
	dir := bar.Folder(b)
	e, stop := busyDay(b, filepath.Join(dir, "journal"))
	press := stored(b, must(b, e, issue()))
	stop()
	db, seq := bare(b, dir, press), uint64(1<<20)
	// Short bursts in turns, so that whatever else the machine does strikes
	// both; and so many that one of a hundred presses is 150 of them. Each round
	// has a day of its own, or the last would have far more tickets than any.
	const bursts = 24
	for b.Loop() {
		var rates, slowest []float64
		for range bar.Rounds {
			e, stop := busyDay(b, filepath.Join(b.TempDir(), "journal"))
			var ours, theirs burst
			for range bursts {
				ours.add(32, func(int) { must(b, e, issue()) })
				drained(b, db, &seq, &theirs, 32, press...)
			}
			rates = append(rates, theirs.ms/ours.ms)
			slowest = append(slowest, bar.Percentile(ours.presses, 99)/bar.Percentile(theirs.presses, 99))
			stop()
		}
		bar.AtLeast(b, "x-bare-rate", 0.75, rates)
		bar.AtMost(b, "x-bare-p99", 1.5, slowest)
	}
	b.ReportMetric(0, "ns/op")
}

// A burst is what so many callers at once waited, in milliseconds.
type burst struct {
	ms      float64 // in all
	presses []float64
}

func (m *burst) add(callers int, press func(caller int)) {
	const each = 20
	presses := make([]float64, callers*each)
	m.ms += bar.Took(func() {
		var all sync.WaitGroup
		for i := range callers {
			all.Go(func() {
				for j := range each {
					presses[i*each+j] = bar.Took(func() { press(i) })
				}
			})
		}
		all.Wait()
	})
	m.presses = append(m.presses, presses...)
}

// drained is a burst at the bare limit, in which each press puts some values.
func drained(b *testing.B, db *bolt.DB, seq *uint64, m *burst, callers int, press ...[]byte) {
	type put1 struct {
		values [][]byte
		done   chan error
	}
	puts := make(chan put1, 256)
	var drain sync.WaitGroup
	drain.Go(func() {
		for first := range puts {
			batch, values := []put1{first}, slices.Clone(first.values)
		more:
			for {
				select {
				case p, ok := <-puts:
					if !ok {
						break more
					}
					batch, values = append(batch, p), append(values, p.values...)
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
	m.add(callers, func(int) {
		p := put1{values: press, done: make(chan error, 1)}
		puts <- p
		if err := <-p.done; err != nil {
			b.Error(err)
		}
	})
	close(puts)
	drain.Wait()
}

// BenchmarkCallNext is one NEXT that serves a ticket and calls another, on disk,
// against a bare commit of the bytes of its events.
func BenchmarkCallNext(b *testing.B) {
	boundMemory()()
	dir := bar.Folder(b)
	e, d := busy(b, dir), benchDesk{id: "s1"}
	d.next(b, e)
	press := stored(b, d.next(b, e))
	db, seq := bare(b, dir, press), uint64(1<<20)
	for b.Loop() {
		mine, limit := bar.InTurns(60, func() { d.next(b, e) }, func() {
			if err := put(db, &seq, press...); err != nil {
				b.Fatal(err)
			}
		})
		bar.AtMost(b, "x-bare-p50", 1.3, bar.Ratios(mine, limit, 50))
	}
	b.ReportMetric(0, "ns/op")
}

// benchAheadMs is how far the clock of a benchmark's office is ahead, since a NEXT in
// the moment of the call would be taken for a double click, and one soon after it
// for the word that nobody came.
var benchAheadMs atomic.Int64

// A benchDesk presses NEXT, and knows from each answer whom it has called.
type benchDesk struct {
	id        queue.DeskID
	finishing queue.TicketID
}

func (d *benchDesk) next(b *testing.B, e *engine.Engine) []queue.Event {
	benchAheadMs.Add(20_000)
	events := must(b, e, queue.CallNext{By: reception, Desk: d.id, Finishing: d.finishing})
	if len(events) > 0 {
		if called, ok := events[len(events)-1].Body.(queue.TicketCalled); ok {
			d.finishing = called.Ticket
			return events
		}
	}
	b.Errorf("NEXT called nobody: %v", events)
	return nil
}

// BenchmarkCallNext8 is eight desks that press NEXT at once, again and again,
// against as many callers at one goroutine that drains a channel of the bytes of
// their events into one update at a time: the time of all presses.
func BenchmarkCallNext8(b *testing.B) {
	boundMemory()()
	dir := bar.Folder(b)
	e, stop := busyDay(b, filepath.Join(dir, "journal"))
	d := benchDesk{id: "s1"}
	d.next(b, e)
	press := stored(b, d.next(b, e))
	stop()
	db, seq := bare(b, dir, press), uint64(1<<20)
	// Each round has a day of its own, whose line is enough for all its bursts.
	const bursts = 12
	for b.Loop() {
		var times []float64
		for range bar.Rounds {
			e, stop := busyDay(b, filepath.Join(b.TempDir(), "journal"))
			desks := openDesks(b, e, 8)
			var ours, theirs burst
			for range bursts {
				ours.add(len(desks), func(i int) { desks[i].next(b, e) })
				drained(b, db, &seq, &theirs, len(desks), press...)
			}
			times = append(times, ours.ms/theirs.ms)
			stop()
		}
		bar.AtMost(b, "x-bare-time", 1.3, times)
	}
	b.ReportMetric(0, "ns/op")
}

// openDesks gives an office so many desks, which are open and have called
// somebody.
func openDesks(b *testing.B, e *engine.Engine, n int) []benchDesk {
	setup := benchSetup()
	desks := make([]benchDesk, n)
	for i := range desks {
		id := queue.DeskID(fmt.Sprint("s", i+1))
		desks[i].id = id
		if i > 0 {
			setup.Desks = append(setup.Desks, queue.Desk{ID: id, Label: fmt.Sprint(i + 1), Profile: setup.Desks[0].Profile})
		}
	}
	must(b, e, queue.ChangeSetup{By: reception, Setup: setup})
	for i := range desks {
		must(b, e, queue.OpenDesk{By: reception, Desk: desks[i].id})
		desks[i].next(b, e)
	}
	return desks
}
