package counters

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
)

// A bench is a file and a log.
type bench struct {
	*testing.T
	path string
	log  bytes.Buffer
}

func newBench(t *testing.T) *bench {
	return &bench{T: t, path: filepath.Join(t.TempDir(), "counters.json")}
}

func (b *bench) open() *Counters {
	return Open(b.path, slog.New(slog.NewTextHandler(&b.log, nil)))
}

func printer(count device.Counters) device.Status {
	return device.Status{Name: "atrio", State: device.StateReady, Count: count}
}

// TestOverRestarts counts in three runs, with a refill in the second.
func TestOverRestarts(t *testing.T) {
	b := newBench(t)
	for _, run := range []struct{ count, total device.Counters }{
		{device.Counters{Printed: 10, Failed: 1, PaperMM: 800, Presses: 4}, device.Counters{Printed: 10, Failed: 1, PaperMM: 800, Presses: 4}},
		{device.Counters{Printed: 5, Unknown: 2, PaperMM: 100, Refills: 1}, device.Counters{Printed: 15, Failed: 1, Unknown: 2, PaperMM: 100, Refills: 1}},
		{device.Counters{Printed: 1, PaperMM: 80, Retries: 3}, device.Counters{Printed: 16, Failed: 1, Unknown: 2, PaperMM: 180, Retries: 3}},
	} {
		kept := b.open()
		if got := kept.Total(printer(run.count)).Count; got != run.total {
			t.Errorf("counted %+v: total %+v, want %+v", run.count, got, run.total)
		}
		kept.Save([]device.Status{printer(run.count)})
		// What was saved is not counted again.
		if got := kept.Total(printer(run.count)).Count; got != run.total {
			t.Errorf("after saving: total %+v, want %+v", got, run.total)
		}
	}
	if b.log.Len() > 0 {
		t.Errorf("the log says %s", b.log.String())
	}
	if left, err := filepath.Glob(b.path + "?*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestAnotherPrinter keeps the counters of one that is not there in this run.
func TestAnotherPrinter(t *testing.T) {
	b := newBench(t)
	b.open().Save([]device.Status{printer(device.Counters{Printed: 7})})
	b.open().Save([]device.Status{{Name: "sala", Count: device.Counters{Printed: 1}}})
	if got := b.open().Total(printer(device.Counters{})).Count.Printed; got != 7 {
		t.Errorf("atrio has printed %d", got)
	}
}

// TestDamagedFiles start from zero and say so, but a missing one is silent.
func TestDamagedFiles(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "half": `{"format":1,"printers":{"atrio":{"prin`, "other format": `{"format":2,"printers":{}}`,
		"below zero": `{"format":1,"printers":{"atrio":{"printed":-1}}}`, "huge": strings.Repeat(" ", maxBytes+1),
		"beyond all": `{"format":1,"printers":{"atrio":{"paper_mm":9000000000000000}}}`,
	} {
		b := newBench(t)
		if err := os.WriteFile(b.path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		kept := b.open()
		if got := kept.Total(printer(device.Counters{Printed: 3})).Count.Printed; got != 3 || strings.Count(b.log.String(), "\n") != 1 {
			t.Errorf("%s: printed %d, log %q", name, got, b.log.String())
		}
		kept.Save([]device.Status{printer(device.Counters{Printed: 3})})
		if got := b.open().Total(printer(device.Counters{})).Count.Printed; got != 3 {
			t.Errorf("%s: afterwards %d", name, got)
		}
	}
	b := newBench(t)
	if b.open(); b.log.Len() > 0 {
		t.Errorf("a first start says %s", b.log.String())
	}
}

// TestWritesSeldom watches the file for an hour of printing and an hour of
// quiet.
func TestWritesSeldom(t *testing.T) {
	b := newBench(t)
	synctest.Test(t, func(t *testing.T) {
		kept := b.open()
		start := time.Now()
		statuses := func() []device.Status {
			minutes := min(60, int(time.Since(start)/time.Minute))
			return []device.Status{printer(device.Counters{Printed: minutes})}
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- kept.Run(ctx, statuses) }()
		writes, last := 0, ""
		for range 120 {
			time.Sleep(time.Minute)
			synctest.Wait()
			// Removed by the test: who finds it again has written it.
			if b, err := os.ReadFile(b.path); err == nil {
				writes, last = writes+1, string(b)
				if err := os.Remove(kept.path); err != nil {
					t.Fatal(err)
				}
			}
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if writes != 12 || !strings.Contains(last, `"printed":60`) {
			t.Errorf("%d writes, the last %s", writes, last)
		}
	})
}

// TestHalfAFileIsRemoved: the power went while the file was written.
func TestHalfAFileIsRemoved(t *testing.T) {
	b := newBench(t)
	for _, name := range []string{b.path + ".tmp", b.path + ".123456.tmp"} {
		if err := os.WriteFile(name, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept := b.open()
	kept.Save([]device.Status{printer(device.Counters{Printed: 3})})
	if left, err := filepath.Glob(b.path + "*"); err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
}

// TestUnwritable says once that nothing is kept, each time it tries.
func TestUnwritable(t *testing.T) {
	b := newBench(t)
	b.path = filepath.Join(b.path, "no", "folder")
	kept := b.open()
	kept.Save([]device.Status{printer(device.Counters{Printed: 3})})
	if !strings.Contains(b.log.String(), "data folder") {
		t.Errorf("the log says %q", b.log.String())
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"format":1,"printers":null}`, `{"format":1,"printers":{"a":{"printed":1,"paper_mm":2}}}`, `{"format":1e0}`, `[1]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		records, err := parse(b)
		if records == nil || err != nil && len(records) > 0 {
			t.Fatalf("%v with %v", records, err)
		}
		for name, r := range records {
			kept := &Counters{before: records}
			if got := kept.Total(device.Status{Name: name}).Count; got.Printed != r.Printed || got.Printed < 0 || got.PaperMM < 0 {
				t.Fatalf("%q: %+v of %+v", name, got, r)
			}
		}
	})
}
