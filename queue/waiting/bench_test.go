package waiting

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/bar"
)

// yearsOfSheets are stored sheets of a busy office: so many days of so many
// legs, with waits as they are (most short, some long).
func yearsOfSheets(days, legsADay int) [][]byte {
	rng := rand.New(rand.NewPCG(1, 2))
	var stored [][]byte
	date := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)
	for day := range days {
		s := Sheet{Day: day + 1, Date: date.AddDate(0, 0, day).Format(time.DateOnly), Zone: "Europe/Rome"}
		s.Contacts = queue.Contacts{All: 26, Information: 14, Forms: 7, Complaint: 2, Registration: 3, MissingDocument: 4}
		for i := range 12 {
			s.Services = append(s.Services, Service{
				ID: queue.ServiceID(fmt.Sprintf("servizio-%d", i)), Name: fmt.Sprintf("Servizio numero %d", i), StandardMs: 900_000, StandardShare: 0.9,
			})
			s.Desks = append(s.Desks, Desk{ID: queue.DeskID(fmt.Sprint("s", i)), Label: fmt.Sprint(i), Group: "polifunzionali"})
		}
		s.Series = append(s.Series, "A", "B", "C")
		s.Channels = append(s.Channels, "totem", "button", "reception")
		s.rows = make([]byte, legsADay*rowBytes)
		for i := range legsADay {
			wait := int64(rng.ExpFloat64() * 600_000)
			l := Leg{
				Ticket: i + 1, Service: rng.IntN(12), Desk: rng.IntN(12), Series: rng.IntN(3), Channel: rng.IntN(3),
				Outcome: one(rng, Served, Served, Served, Served, Served, Served, Served, Transferred, NoShow),
				Minute:  495 + i*525/legsADay, FirstWaitMs: wait, WaitMs: wait, WalkMs: rng.Int64N(60_000), HasWalk: true,
				ServiceMs: rng.Int64N(900_000), HasService: true, Called: true, WithinStandard: wait < 900_000,
			}
			s.row(i).put(l)
		}
		s.split = s.judge()
		stored = append(stored, s.Encode())
	}
	return stored
}

// The bare limit is reading the same bytes, sheet by sheet, out of a file that
// the kernel has in memory; the report reads them just so and then decodes
// and counts them. What its readers wait for is measured through the program
// (cmd/eliminacode, BenchmarkReport); this says where that time goes.
func benchmarkReport(b *testing.B, days, legsADay int, by Grouping) {
	stored := yearsOfSheets(days, legsADay)
	path := filepath.Join(b.TempDir(), "sheets")
	if err := os.WriteFile(path, slices.Concat(stored...), 0o600); err != nil {
		b.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	largest := 0
	for _, s := range stored {
		largest = max(largest, len(s))
	}
	buffer := make([]byte, largest)
	read := func(yield func([]byte, error) bool) {
		at := int64(0)
		for _, s := range stored {
			if _, err := f.ReadAt(buffer[:len(s)], at); err != nil {
				b.Fatal(err)
			}
			at += int64(len(s))
			if !yield(buffer[:len(s)], nil) {
				return
			}
		}
	}
	query := Query{From: "2016-01-01", To: "2099-12-31", By: by, Told: true, Contacts: true} // as the page asks
	for b.Loop() {
		mine, limit := bar.InTurns(1, func() {
			r, err := Make(query, Decoded(read))
			if err != nil || r.Total.Legs != days*legsADay {
				b.Fatal(r.Total.Legs, err)
			}
		}, func() { read(func([]byte, error) bool { return true }) })
		bar.Told(b, "x-bare-read", bar.Ratios(mine, limit, 50))
	}
	b.ReportMetric(0, "ns/op")
}

func BenchmarkOneYearByHour(b *testing.B)     { benchmarkReport(b, 310, 242, ByHour) }
func BenchmarkOneYearByService(b *testing.B)  { benchmarkReport(b, 310, 242, ByService) }
func BenchmarkTenYearsByHour(b *testing.B)    { benchmarkReport(b, 3100, 323, ByHour) }
func BenchmarkTenYearsByService(b *testing.B) { benchmarkReport(b, 3100, 323, ByService) }
func BenchmarkTenYearsByDay(b *testing.B)     { benchmarkReport(b, 3100, 323, ByDay) }
