package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"eliminacode/queue/bar"
)

// BenchmarkStart is the program from its first instruction to its first answer,
// on the journal of ten years and a million events before today. Its memory is
// looked at when it has settled.
func BenchmarkStart(b *testing.B) {
	for _, c := range []struct {
		today    int
		ms, mega float64
	}{{10_000, 150, 40}, {50_000, 600, 120}} {
		b.Run(fmt.Sprint("today=", c.today), func(b *testing.B) {
			settings := tenYears.with(c.today, 2_000).write(b, bar.Folder(b))
			b.ResetTimer()
			for b.Loop() {
				var ms, mega []float64
				for range bar.Rounds {
					var d *served
					ms = append(ms, bar.Took(func() {
						d = startProgram(b, programCommand(b.Context(), "serve", "--config", settings))
						fetch(b, d.address+"/api/v1/state/board")
					}))
					time.Sleep(time.Second)
					mega = append(mega, inStatus(b, fmt.Sprint(d.pid), "RssAnon")/1024)
					d.stop(b)
				}
				bar.AtMost(b, "ms-first-answer", c.ms, ms)
				bar.AtMost(b, "MB-RssAnon", c.mega, mega)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// inStatus is a number in the status of a process, or of one of its threads.
func inStatus(b *testing.B, process, name string) (n float64) {
	b.Helper()
	text := readFile(b, "/proc/"+process+"/status")
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			n, err := strconv.ParseFloat(strings.Fields(value)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return n
		}
	}
	b.Fatalf("no %s in the status of %s", name, process)
	return 0
}

func readFile(b testing.TB, path string) []byte {
	b.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	return text
}
