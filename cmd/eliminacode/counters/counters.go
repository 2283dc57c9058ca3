// Package counters keeps what printers have counted when the program ends or the
// power fails: tickets, and the paper that has moved since the last refill.
//
// It owns one small file. The file is replaced as a whole, when something was
// counted since it was last written, at most every five minutes and once at
// the end: at most twelve blocks an hour for the card, and a power cut forgets
// five minutes of counting at most. Nothing in the office depends on these
// numbers. A file that is missing or makes no sense is a line in the log and a
// start from zero, never an end.
//
// A Counters may be used from any goroutine.
package counters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	"eliminacode/cmd/eliminacode/replace"
	"eliminacode/device"
)

// Every is how often the file is written at most.
const Every = 5 * time.Minute

// format is the version of the file that this program writes and reads.
const format = 1

// What a file may hold at most: more printers than a box has, and no number
// that a printer reaches in a life.
const (
	maxBytes    = 16 << 10
	maxPrinters = 64
	maxCount    = 1 << 30
)

// errNonsense: the file holds no counters.
var errNonsense = errors.New("the file of the counters makes no sense; they start from zero")

// A record is what is kept of one printer.
type record struct {
	Printed int `json:"printed"`
	Failed  int `json:"failed"`
	Unknown int `json:"unknown"`
	PaperMM int `json:"paper_mm"`
}

// A file is the whole of it.
type file struct {
	Format   int               `json:"format"`
	Printers map[string]record `json:"printers"`
}

// Counters add what the drivers have counted in this run to what was counted
// before.
type Counters struct {
	path   string
	log    *slog.Logger
	before map[string]record // when the program started; never changed

	mu      sync.Mutex
	written map[string]record // what the file holds
}

// Open reads the file, if there is one.
func Open(path string, log *slog.Logger) *Counters {
	// What a power cut left behind while it was written.
	half, _ := filepath.Glob(path + "*.tmp")
	for _, name := range half {
		_ = os.Remove(name)
	}
	before, err := read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Warn("counters of the printers are lost", "file", path, "err", err)
	}
	return &Counters{path: path, log: log, before: before, written: maps.Clone(before)}
}

func read(path string) (map[string]record, error) {
	f, err := os.Open(path)
	if err != nil {
		return map[string]record{}, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return map[string]record{}, err
	}
	return parse(b)
}

// parse reads a file; with an error the records are empty.
func parse(b []byte) (map[string]record, error) {
	none := map[string]record{}
	var f file
	if len(b) > maxBytes {
		return none, fmt.Errorf("%w: it has more than %d bytes", errNonsense, maxBytes)
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return none, fmt.Errorf("%w: %w", errNonsense, err)
	}
	if f.Format != format || len(f.Printers) > maxPrinters {
		return none, fmt.Errorf("%w: format %d with %d printers", errNonsense, f.Format, len(f.Printers))
	}
	for name, r := range f.Printers {
		for _, n := range []int{r.Printed, r.Failed, r.Unknown, r.PaperMM} {
			if n < 0 || n > maxCount {
				return none, fmt.Errorf("%w: printer %q has counted %d", errNonsense, name, n)
			}
		}
	}
	if f.Printers == nil {
		return none, nil
	}
	return f.Printers, nil
}

// Total is the status of a printer with the tickets and the paper of earlier
// runs in its counters. A refill in this run has made an end of the paper
// before it.
func (k *Counters) Total(s device.Status) device.Status {
	b := k.before[s.Name]
	s.Count.Printed += b.Printed
	s.Count.Failed += b.Failed
	s.Count.Unknown += b.Unknown
	if s.Count.Refills == 0 {
		s.Count.PaperMM += b.PaperMM
	}
	return s
}

// Run writes the file every five minutes until ctx ends; it returns nil. Save
// writes the rest, when the printers have ended.
func (k *Counters) Run(ctx context.Context, printers func() []device.Status) error {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			k.Save(printers())
		}
	}
}

// Save writes the file, if the printers have counted anything since. A file
// that cannot be written is a line in the log.
func (k *Counters) Save(printers []device.Status) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := maps.Clone(k.written)
	for _, s := range printers {
		c := k.Total(s).Count
		if r := (record{Printed: c.Printed, Failed: c.Failed, Unknown: c.Unknown, PaperMM: c.PaperMM}); r != now[s.Name] {
			now[s.Name] = r
		}
	}
	if maps.Equal(now, k.written) {
		return
	}
	if err := write(k.path, now); err != nil {
		k.log.Warn("counters of the printers are not kept", "err", err)
		return
	}
	k.written = now
}

// write replaces the file so that a power cut leaves the old one or the new.
func write(path string, printers map[string]record) error {
	b, err := json.Marshal(file{Format: format, Printers: printers})
	if err != nil {
		return err
	}
	return replace.File(path, append(b, '\n'))
}
