// Package bar holds benchmarks to their bars: it runs the work and its bare
// limit in turns, reports the median of five rounds with a verdict beside it,
// and fails a benchmark that misses its bar by more than its noise.
//
// Only tests import it. It knows nothing of what is measured.
package bar

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Rounds is how often a figure is measured; the median counts.
const Rounds = 5

// AtMost reports the median of rounds in a unit, and fails the benchmark when
// it is above the bar by more than its noise.
func AtMost(b *testing.B, unit string, bar float64, rounds []float64) {
	b.Helper()
	report(b, unit, "≤", bar, rounds, func(over float64) float64 { return over })
}

// AtLeast is AtMost for what must not be below the bar.
func AtLeast(b *testing.B, unit string, bar float64, rounds []float64) {
	b.Helper()
	report(b, unit, "≥", bar, rounds, func(over float64) float64 { return -over })
}

// Told reports the median of rounds that have no bar of their own.
func Told(b *testing.B, unit string, rounds []float64) {
	b.Helper()
	b.ReportMetric(Median(rounds), unit)
	b.Logf("told: %s %.4g, noise %.2g", unit, Median(rounds), Noise(rounds))
}

func report(b *testing.B, unit, sign string, bar float64, rounds []float64, missing func(float64) float64) {
	b.Helper()
	middle, noise := Median(rounds), Noise(rounds)
	v := verdict(missing(middle-bar), noise)
	b.ReportMetric(middle, unit)
	said := fmt.Sprintf("%s: %s %.4g, bar %s %v, noise %.2g", v, unit, middle, sign, bar, noise)
	if v == missed {
		b.Error(said)
	} else {
		b.Log(said)
	}
}

// The verdicts.
const (
	kept   = "kept"
	narrow = "missed-within-noise"
	missed = "MISSED"
)

// verdict is what a median is worth that misses its bar by so much.
func verdict(by, noise float64) string {
	switch {
	case by <= 0:
		return kept
	case by <= noise:
		return narrow
	default:
		return missed
	}
}

// Median is the middle of some figures, of which there is at least one.
func Median(all []float64) float64 { return Percentile(all, 50) }

// Percentile is by nearest rank, of at least one figure.
func Percentile(all []float64, percent int) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[max(0, (percent*len(sorted)+99)/100-1)]
}

// Noise is how far the middle half of some figures lies apart.
func Noise(all []float64) float64 { return Percentile(all, 75) - Percentile(all, 25) }

// InTurns runs ours and the bare limit one by one in turns, each so often in a
// round, and answers how long each took, in milliseconds, round by round.
func InTurns(each int, ours, bare func()) (mine, limit [Rounds][]float64) {
	for round := range Rounds {
		for range each {
			mine[round] = append(mine[round], Took(ours))
			limit[round] = append(limit[round], Took(bare))
		}
	}
	return mine, limit
}

// Ratios are the ratios of one percentile of each round.
func Ratios(mine, limit [Rounds][]float64, percent int) (ratios []float64) {
	for round := range Rounds {
		ratios = append(ratios, Percentile(mine[round], percent)/Percentile(limit[round], percent))
	}
	return ratios
}

// each is how often work is done in a round of Each: one alone may meet a moment in
// which the machine is somebody else's.
const each = 5

// Each measures work in five rounds of five, after some preparation each time, and
// answers the milliseconds of the middle one of each round.
func Each(work, before func()) (ms []float64) {
	for range Rounds {
		var took []float64
		for range each {
			before()
			took = append(took, Took(work))
		}
		ms = append(ms, Median(took))
	}
	return ms
}

// Micros runs work so many times in each of five rounds and answers the
// microseconds of one call, and the bytes that one call allocates. They are of
// the processor, not of the clock on the wall: so short a work waits for
// nothing, and whatever else the machine does is no part of it.
func Micros(calls int, work func()) (us []float64, bytes float64) {
	work() // what is made once is made
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for range Rounds {
		began := worked()
		for range calls {
			work()
		}
		us = append(us, float64((worked()-began).Nanoseconds())/1000/float64(calls))
	}
	runtime.ReadMemStats(&after)
	return us, float64(after.TotalAlloc-before.TotalAlloc) / float64(calls*Rounds)
}

// worked is how long this thread has had a processor.
func worked() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err) // Linux has it, always
	}
	return time.Duration(t.Nano())
}

// Grows reports by how much the greatest of some figures exceeds the least, and
// fails the benchmark when that is more than the bar: they are of few and of
// many, and should not grow with their number.
func Grows(b *testing.B, unit string, bar float64, figures []float64) {
	b.Helper()
	AtMost(b, unit, bar, []float64{slices.Max(figures) / max(1, slices.Min(figures))})
}

// Took is how many milliseconds work takes.
func Took(work func()) float64 {
	began := time.Now()
	work()
	return float64(time.Since(began)) / float64(time.Millisecond)
}

// Folder is a folder on a disk. It says so when a sync costs nothing there, and
// how busy the machine is: a ratio bears that, a time does not.
func Folder(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	var fs unix.Statfs_t
	if unix.Statfs(dir, &fs) == nil && fs.Type == unix.TMPFS_MAGIC {
		b.Log("ON TMPFS: a sync costs nothing here; set TMPDIR to a disk")
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		b.Logf("load of the machine: %s", strings.TrimSpace(string(load)))
	}
	return dir
}
