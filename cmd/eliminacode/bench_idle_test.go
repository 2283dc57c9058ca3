package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"eliminacode/device/bridge"
	"eliminacode/device/gpio"
	"eliminacode/device/sim"
	"eliminacode/queue/bar"
)

// BenchmarkIdle is a box in the middle of a day on which nothing happens: eight
// buttons and four lamps on lines, a printer and a serial keypad behind ports,
// and two boards.
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
	c := programCommand(context.Background(), settings)
	c.Env = append(c.Env, beProgram+"="+beIdleBox)
	d := startProgram(b, c)
	knows(d, folderOf(b, []string{"serve", "--config", settings}))
	for _, name := range []string{"Atrio", "Sala"} {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, d.address+"/ws?page=board&nome="+name, nil)
		if err == nil {
			err = lettered(r)
		}
		if err != nil {
			b.Fatal(err)
		}
		conn, resp, err := websocket.DefaultDialer.Dial(strings.Replace(r.URL.String(), "http", "ws", 1), r.Header)
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
		bar.AtMost(b, "switches/s", 15, each)
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

// serveIdle is serve, with buttons and lamps on lines that never move: a machine
// that runs benchmarks has no others.
func serveIdle(settings string) error {
	p := testProgram()
	flags := boxFlags{config: settings}
	s, err := flags.settings(p.machine)
	if err != nil {
		return err
	}
	a, err := p.box(s, "", p.log(slog.LevelInfo))
	if err != nil {
		return err
	}
	buttons := gpio.ButtonsConfig{Open: openQuiet}
	lamps := gpio.LampsConfig{Open: func(string, bool) (gpio.Output, error) { return quietOutput{}, nil }}
	for i := range 8 {
		name := fmt.Sprint("b", i)
		buttons.Buttons = append(buttons.Buttons, gpio.ButtonLine{Name: name, Line: name})
		bound := bridge.Button{Service: "anagrafe", Outlet: "sala"}
		if i%2 == 0 {
			lamps.Lamps = append(lamps.Lamps, gpio.LampLine{Name: name, Line: "l" + name})
			bound.Lamp = name
		}
		a.bridge.Bindings[name] = bound
	}
	if a.bridge.Buttons, err = gpio.NewButtons(buttons); err != nil {
		return err
	}
	lit, err := gpio.NewLamps(lamps)
	if err != nil {
		return err
	}
	a.bridge.Lamps = append(a.bridge.Lamps, lit)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return a.run(ctx)
}

// A quietPin never moves. It waits as a real line does: on a descriptor, by the
// runtime's poller, until a deadline.
type quietPin struct{ edges, other *os.File }

func openQuiet(string) (gpio.Pin, error) {
	read, write, err := os.Pipe()
	return quietPin{read, write}, err
}

func (p quietPin) Closed() (bool, error) { return false, nil }
func (p quietPin) Close() error          { return errors.Join(p.edges.Close(), p.other.Close()) }
func (p quietPin) Wake()                 { _ = p.edges.SetReadDeadline(time.Unix(1, 0)) }
func (p quietPin) WaitForEdge(timeout time.Duration) bool {
	if p.edges.SetReadDeadline(time.Now().Add(timeout)) != nil {
		return false
	}
	n, _ := p.edges.Read(make([]byte, 1))
	return n > 0
}

// A quietOutput has nothing on its line.
type quietOutput struct{}

func (quietOutput) Set(bool) error { return nil }
func (quietOutput) Close() error   { return nil }
