package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"eliminacode/device/sim"
	"eliminacode/queue/bar"
)

// BenchmarkIdle is a box in the middle of a day on which nothing happens: a
// printer and a serial keypad behind ports, and two boards. Of the 15 switches
// a second that the whole box may make, 5 are left to its eight buttons, which
// are measured where they are (device/gpio, BenchmarkIdle): a machine that runs
// benchmarks has no lines for them.
func BenchmarkIdle(b *testing.B) {
	dir := bar.Folder(b)
	settings := past{}.with(200, 5).write(b, dir)
	port, keys := filepath.Join(dir, "printer"), filepath.Join(dir, "keys")
	startPrinter(port, func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}, b.Cleanup)
	pads := sim.NewSerialKeypads(sim.KeypadFrames, 1)
	behind(b, keys, func(p *sim.PTY, ctx context.Context) error { return p.Serve(ctx, pads.Serve) })
	writeFile(b, settings, string(readFile(b, settings))+fmt.Sprintf(`
[[printer]]
name = "sala"
port = %q
profile = "generic-80-process-id"
outlet = "sala"
[[keypad]]
name = "k1"
desk = "s1"
port = %q
protocol = "stx"
`, port, keys))
	d := startProgram(b, programCommand(context.Background(), "serve", "--config", settings))
	for _, name := range []string{"Atrio", "Sala"} {
		conn, resp, err := websocket.DefaultDialer.Dial(strings.Replace(d.address, "http", "ws", 1)+"/ws?page=board&nome="+name, nil)
		if err != nil {
			b.Fatal(err)
		}
		_ = resp.Body.Close()
		b.Cleanup(func() { _ = conn.Close() })
		go func() {
			for {
				if _, _, err := conn.ReadMessage(); err != nil {
					return
				}
			}
		}()
	}
	time.Sleep(15 * time.Second) // until the printer is known and the start has settled
	for b.Loop() {
		var each, mega []float64
		for range bar.Rounds {
			const seconds = 6
			before := switches(b, d.pid)
			time.Sleep(seconds * time.Second)
			each = append(each, (switches(b, d.pid)-before)/seconds)
			mega = append(mega, inStatus(b, fmt.Sprint(d.pid), "RssAnon")/1024)
		}
		bar.AtMost(b, "switches/s", 10, each)
		bar.AtMost(b, "MB-RssAnon", 30, mega)
	}
	b.ReportMetric(0, "ns/op")
	d.stop(b)
}

// switches is how often the threads of a process gave up the processor by
// themselves so far.
func switches(b *testing.B, pid int) (n float64) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if err != nil || len(threads) == 0 {
		b.Fatalf("%d has no threads: %v", pid, err)
	}
	for _, t := range threads {
		n += inStatus(b, strings.TrimPrefix(t, "/proc/"), "voluntary_ctxt_switches")
	}
	return n
}
