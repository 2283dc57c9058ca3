package simulate

import (
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/office"
)

// BenchmarkReferencePeriod lives 124 days with 23,037 visits on the bare core.
func BenchmarkReferencePeriod(b *testing.B) {
	setup := office.Reference()
	events := 0
	for b.Loop() {
		w, err := Period(setup, Options{Seed: 1, Paper: DefaultPaper()}, periodFrom, periodTo, periodVisits)
		if err != nil {
			b.Fatal(err)
		}
		at, _ := w.Next()
		c, err := NewCore(setup, at, func(_ *queue.State, e []queue.Event) { events += len(e) })
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Run(w, 0); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkYear lives 300 days of opening, about a year, with every check and
// mishap.
func BenchmarkYear(b *testing.B) {
	events := 0
	for b.Loop() {
		out := try(b, Trial{Setup: office.Reference(), Options: Options{Seed: 1, Mishaps: DefaultMishaps()}, Days: 300})
		if len(out.Violations) > 0 {
			b.Fatal(out.Violations[0])
		}
		events += out.Counts.Events
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}
