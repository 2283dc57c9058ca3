package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"eliminacode/queue/bar"
)

// A reportAsked is what somebody asks who waits for a report: each time another
// question, so that no kept answer will do.
type reportAsked struct {
	name string
	days int     // back from today; 0 is today alone
	most float64 // ms through the page
}

var reportsAsked = []reportAsked{{"today", 0, 20}, {"one-year", 365, 10}, {"ten-years", 3_099, 100}}

// BenchmarkReport is the time of a report as its readers wait for it: the page,
// the command beside the daemon, and the command where none runs. Ten years are
// a million legs, a year is 75,000, and today, which is in all of them, has
// 10,000 tickets.
func BenchmarkReport(b *testing.B) {
	settings := tenYears.with(10_000, 2_000).write(b, bar.Folder(b))
	d := startProgram(b, programCommand(context.Background(), "serve", "--config", settings))
	time.Sleep(2 * time.Second) // until the start has settled
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			for _, asked := range reportsAsked {
				for _, by := range []string{"hour", "service"} {
					n := 0
					bar.AtMost(b, fmt.Sprintf("ms-%s-by-%s", asked.name, by), asked.most, bar.Each(func() {
						from, to := asked.between(n)
						n++
						fetch(b, d.address+"/responsabile/attese?from="+from+"&to="+to+"&by="+by)
					}, func() { press(b, d) }))
				}
			}
		}
		b.ReportMetric(0, "ns/op")
	})
	b.Run("command", func(b *testing.B) {
		for b.Loop() {
			reportCommands(b, settings)
		}
	})
	d.stop(b)
	b.Run("cold-command", func(b *testing.B) {
		for b.Loop() {
			reportCommands(b, settings)
		}
	})
}

// reportCommands runs the command for each of the questions.
func reportCommands(b *testing.B, settings string) {
	for _, asked := range reportsAsked {
		n := 10 // other questions than the page's
		bar.Told(b, "ms-"+asked.name, bar.Each(func() {
			from, to := asked.between(n)
			n++
			runProgram(b, "report", "--config", settings, "--from", from, "--to", to, "--by", "hour")
		}, func() {}))
	}
	b.ReportMetric(0, "ns/op")
}

// between are the first and the last day of the n-th question. A day earlier each
// time makes it another one of the same length.
func (r reportAsked) between(n int) (from, to string) {
	today := time.Now()
	if r.days == 0 {
		n = 0
	}
	return today.AddDate(0, 0, -r.days+n).Format(time.DateOnly), today.Format(time.DateOnly)
}

// press gives a ticket, and fails the benchmark when it is refused.
func press(b *testing.B, d *served) {
	b.Helper()
	if a, status, answer := d.issue(b, fmt.Sprint("p", time.Now().UnixNano())); a.Ticket == nil {
		b.Fatalf("a press is answered with %d: %s", status, answer)
	}
}

// BenchmarkPressBesideReports is a press while eight people read reports of ten
// years, no two alike, one after another.
func BenchmarkPressBesideReports(b *testing.B) {
	const readers, presses = 8, 200
	settings := tenYears.with(10_000, 2_000).write(b, bar.Folder(b))
	for b.Loop() {
		d := startProgram(b, programCommand(context.Background(), "serve", "--config", settings))
		time.Sleep(2 * time.Second)
		var alone, beside []float64
		round := func() (ms []float64) {
			for range presses {
				ms = append(ms, bar.Took(func() { press(b, d) }))
			}
			return ms
		}
		for range bar.Rounds {
			alone = append(alone, bar.Percentile(round(), 99))
			ctx, stop := context.WithCancel(b.Context())
			var reading sync.WaitGroup
			for i := range readers {
				reading.Go(func() {
					for n := 0; ctx.Err() == nil; n++ {
						from, to := reportsAsked[2].between(i*100 + n%100)
						read(ctx, d.address+"/responsabile/attese?by=hour&from="+from+"&to="+to)
					}
				})
			}
			time.Sleep(100 * time.Millisecond) // until the first is being made
			beside = append(beside, bar.Percentile(round(), 99))
			stop()
			reading.Wait()
		}
		bar.Told(b, "ms-press-p99-alone", alone)
		bar.AtMost(b, "ms-press-p99-beside-reports", 10, beside)
		bar.Told(b, "MB-RssAnon-beside-reports", []float64{inStatus(b, fmt.Sprint(d.pid), "RssAnon") / 1024})
		d.stop(b)
	}
	b.ReportMetric(0, "ns/op")
}

// read gets a page and throws it away; a reader that hangs up is no fault.
func read(ctx context.Context, url string) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return
	}
	if lettered(r) != nil {
		return
	}
	if resp, err := http.DefaultClient.Do(r); err == nil {
		_ = resp.Body.Close()
	}
}
