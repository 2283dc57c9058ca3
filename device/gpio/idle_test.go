package gpio_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/gpio"
	"eliminacode/queue/bar"
)

// A quietPin never moves. It waits as a real line does: on a descriptor, by the
// runtime's poller, until a deadline.
type quietPin struct{ edges *os.File }

func (p quietPin) Closed() (bool, error) { return false, nil }
func (p quietPin) Close() error          { return p.edges.Close() }
func (p quietPin) Wake()                 { _ = p.edges.SetReadDeadline(time.Unix(1, 0)) }
func (p quietPin) WaitForEdge(timeout time.Duration) bool {
	if p.edges.SetReadDeadline(time.Now().Add(timeout)) != nil {
		return false
	}
	n, _ := p.edges.Read(make([]byte, 1))
	return n > 0
}

// switches is how often the threads of this program gave up the processor by
// themselves so far.
func switches(tb testing.TB) (n int) {
	tb.Helper()
	threads, err := filepath.Glob("/proc/self/task/*/status")
	if err != nil || len(threads) == 0 {
		tb.Skip("this system does not count context switches")
	}
	for _, path := range threads {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // A thread that has just ended.
		}
		for line := range strings.Lines(string(text)) {
			var its int
			if _, err := fmt.Sscanf(line, "voluntary_ctxt_switches: %d", &its); err == nil {
				n += its
			}
		}
	}
	return n
}

// BenchmarkIdle lets a panel of eight buttons and four lamps rest, and counts
// how often that wakes the processor. A box has 15 switches a second for
// everything, and 5 of them are for these.
func BenchmarkIdle(b *testing.B) {
	var cfg gpio.ButtonsConfig
	for i := range 8 {
		name := fmt.Sprint("b", i)
		cfg.Buttons = append(cfg.Buttons, gpio.ButtonLine{Name: name, Line: name})
	}
	cfg.Open = func(string) (gpio.Pin, error) {
		read, write, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		b.Cleanup(func() { write.Close() })
		return quietPin{read}, nil
	}
	buttons, err := gpio.NewButtons(cfg)
	if err != nil {
		b.Fatal(err)
	}
	var lines gpio.LampsConfig
	for i := range 4 {
		name := fmt.Sprint("l", i)
		lines.Lamps = append(lines.Lamps, gpio.LampLine{Name: name, Line: name})
	}
	lines.Open = func(string, bool) (gpio.Output, error) { return &wire{}, nil }
	lamps, err := gpio.NewLamps(lines)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 2)
	go func() { ended <- buttons.Run(ctx, func(device.Press) {}) }()
	go func() { ended <- lamps.Run(ctx) }()
	for _, l := range lines.Lamps {
		if err := lamps.Show(l.Name, device.LightReady); err != nil {
			b.Fatal(err)
		}
	}
	time.Sleep(2500 * time.Millisecond) // They start at once, then rest.
	for b.Loop() {
		var each []float64
		for range bar.Rounds {
			const seconds = 5 // At one go: each end of a sleep costs some, too.
			before := switches(b)
			time.Sleep(seconds * time.Second)
			each = append(each, float64(switches(b)-before)/seconds)
		}
		bar.AtMost(b, "switches/s", 5, each)
	}
	b.ReportMetric(0, "ns/op")
	cancel()
	for range cap(ended) {
		if err := <-ended; err != nil {
			b.Error(err)
		}
	}
	if s := buttons.Status(); s.State != device.StateReady {
		b.Errorf("the buttons say %+v", s)
	}
}
