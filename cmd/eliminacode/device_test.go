package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/gpio"
	"eliminacode/device/keypad"
	"eliminacode/device/sim"
	config "eliminacode/firmware-config"
	"eliminacode/queue/words"
)

// A hand is a technician at a box whose devices are simulated.
type hand struct {
	*testing.T
	program
	settings string // the file
	said     lockedBuffer
	board    *sim.Board
	pads     map[string]*sim.InputDevice // by path
	lamps    *litLamps
}

// twoOfEach are the settings of a box to be tried.
const twoOfEach = `schema = 1
[board]
model = "pi4"
[data]
dir = "/nonexistent"
[[button]]
name = "anagrafe"
line = "GPIO17"
service = "anagrafe"
[[button]]
name = "cie"
line = "GPIO27"
service = "cie"
[[lamp]]
name = "anagrafe"
line = "GPIO22"
[[lamp]]
name = "cie"
line = "GPIO23"
[[keypad]]
name = "sportello-1"
path = "/dev/input/by-path/usb-0:1.1-event-kbd"
desk = "s1"
[[keypad]]
name = "sportello-2"
path = "/dev/input/by-path/usb-0:1.2-event-kbd"
desk = "s2"
`

func newHand(t *testing.T) *hand {
	h := &hand{
		T: t, settings: filepath.Join(t.TempDir(), "box.toml"),
		board: sim.NewBoard("GPIO17", "GPIO27"), pads: map[string]*sim.InputDevice{}, lamps: &litLamps{lit: map[string]int{}},
	}
	writeFile(t, h.settings, twoOfEach)
	for _, path := range []string{"/dev/input/by-path/usb-0:1.1-event-kbd", "/dev/input/by-path/usb-0:1.2-event-kbd"} {
		h.pads[path] = sim.NewInputDevice(keypad.EventBytes)
	}
	h.program = program{out: &h.said, errs: &h.said, machine: machine{
		root: t.TempDir(), init: func() error { return nil }, wire: h.wire,
		input: func(...string) func(string) (gpio.Pin, error) {
			return func(line string) (gpio.Pin, error) { return h.board.Pin(line) }
		},
	}}
	return h
}

// wire is the box's own with simulated lines and nodes under the real drivers.
func (h *hand) wire(s config.Settings, log *slog.Logger) (*hardware, error) {
	all := &hardware{settings: s}
	numeric, _ := s.Keymap("numeric")
	pads := keypad.Config{Log: log, Open: func(path string) (keypad.Source, error) { return h.pads[path].Open() }}
	for _, k := range s.Keypads {
		pads.Keypads = append(pads.Keypads, keypad.Keypad{Name: k.Name, Path: k.Path, Keys: numeric.ByCode()})
	}
	lamps := gpio.LampsConfig{Log: log, Open: h.lamps.open}
	for _, l := range s.Lamps {
		lamps.Lamps = append(lamps.Lamps, gpio.LampLine{Name: l.Name, Line: l.Line})
	}
	var err1, err2 error
	all.keypads, err1 = keypad.New(pads)
	all.lamps, err2 = gpio.NewLamps(lamps)
	return all, errors.Join(err1, err2)
}

// litLamps are lines with lamps that count how often they were lit.
type litLamps struct {
	mu     sync.Mutex
	lit    map[string]int
	broken string
}

type litLamp struct {
	*litLamps
	line string
}

func (l *litLamps) open(line string, _ bool) (gpio.Output, error) {
	if line == l.broken {
		return nil, device.ErrLost
	}
	return litLamp{l, line}, nil
}

func (l litLamp) Set(on bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if on {
		l.lit[l.line]++
	}
	return nil
}

func (l litLamp) Close() error { return nil }

// try runs a command in the background; the answer comes with its exit code.
func (h *hand) try(args ...string) (ended chan int) {
	ended = make(chan int, 1)
	go func() { ended <- h.run(append(args, "--config", h.settings)) }()
	return ended
}

// hears waits until the command has said something.
func (h *hand) hears(words string) {
	h.Helper()
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(5 * time.Millisecond) {
		if strings.Contains(h.said.String(), words) {
			return
		}
	}
	h.Fatalf("it never says %q:\n%s", words, h.said.String())
}

// TestTryButtons presses one of two buttons, with bounces; the other one is
// never seen.
func TestTryButtons(t *testing.T) {
	h := newHand(t)
	ended := h.try("device", "test", "buttons", "--for", "1500ms")
	h.hears("Press every button")
	pin, err := h.board.Pin("GPIO17")
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	const ms = time.Millisecond
	pin.Bounce(true, ms, ms)
	h.hears("anagrafe (GPIO17) pressed")
	pin.Bounce(false, ms, ms)
	h.hears("anagrafe (GPIO17) released after 0.")
	pin.Bounce(true, 2*ms)
	pin.Set(false)
	h.hears("anagrafe (GPIO17) bounced")
	if code := <-ended; code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	says(t, "it", h.said.String(), "OK    button anagrafe: 1 press,", "FAIL  button cie: never pressed", "GPIO27")
	if strings.Contains(h.said.String(), "cie (GPIO27)") {
		t.Errorf("a button that nobody pressed moved:\n%s", h.said.String())
	}
}

func TestTryButtonsWornOrGone(t *testing.T) {
	h := newHand(t)
	short, err1 := h.board.Pin("GPIO17")
	gone, err2 := h.board.Pin("GPIO27")
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	short.Set(true)
	gone.Fail(device.ErrLost)
	if code := <-h.try("device", "test", "buttons", "--for", "300ms"); code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	says(t, "it", h.said.String(), "FAIL  button anagrafe: closed all the time", "short circuit between GPIO17", "FAIL  button cie: ")
}

// TestCheckFindsWhoHasAKeypad opens one that another program has grabbed, and
// one that is not plugged in.
func TestCheckFindsWhoHasAKeypad(t *testing.T) {
	h := newHand(t)
	h.pads["/dev/input/by-path/usb-0:1.1-event-kbd"].TakeElsewhere(true)
	h.pads["/dev/input/by-path/usb-0:1.2-event-kbd"].Unplug()
	m := tree(t, map[string]string{
		"/dev/input/by-path/usb-0:1.1-event-kbd": "-> ../event3", "/dev/input/event3": "",
		"/proc/77/comm": "evtest\n", "/proc/77/fd/3": "-> /dev/input/event3",
	})
	m.wire = h.wire
	text, err := os.ReadFile(h.settings)
	if err != nil {
		t.Fatal(err)
	}
	s, err := config.Parse("box.toml", text)
	if err != nil {
		t.Fatal(err)
	}
	says(t, "check", lines(m.devices(t.Context(), s, nil)),
		"FAIL keypad sportello-1: in use by another program", "open in evtest (77)",
		"FAIL keypad sportello-2: /dev/input/by-path/usb-0:1.2-event-kbd is not there", "usb-0:1.1-event-kbd")
}

// TestTryKeypads presses keys on one of two equal keypads, one of them without
// a meaning.
func TestTryKeypads(t *testing.T) {
	h := newHand(t)
	ended := h.try("device", "test", "keypads", "--for", "2s")
	h.hears("sportello-2 (desk s2) at /dev/input/by-path/usb-0:1.2-event-kbd")
	time.Sleep(5 * strayEvery) // The keypads are opened and have been looked at.
	pad := h.pads["/dev/input/by-path/usb-0:1.1-event-kbd"]
	const kpEnter, kp5, escape = 96, 76, 1
	for _, key := range []uint16{kpEnter, kp5, escape} {
		pad.Key(key, 1)
		pad.Key(key, 0)
		time.Sleep(3 * strayEvery)
	}
	h.hears("sportello-1: AVANTI (next)")
	h.hears("sportello-1: 5 (5)")
	h.hears("sportello-1: a key to which its keymap gives no meaning")
	if code := <-ended; code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	text := h.said.String()
	says(t, "it", text, "avanti: chiama il prossimo", "OK    keypad sportello-1: 2 keys", "FAIL  keypad sportello-2: never heard", "another keypad")
	if n := strings.Count(text, "gives no meaning"); n != 1 {
		t.Errorf("%d keys without a meaning:\n%s", n, text)
	}
}

func TestTryLamps(t *testing.T) {
	h := newHand(t)
	if code := <-h.try("device", "test", "lamps", "--each", "20ms"); code != 0 {
		t.Errorf("exit code %d\n%s", code, h.said.String())
	}
	text := h.said.String()
	for _, lamp := range []string{"anagrafe (GPIO22)", "cie (GPIO23)"} {
		for _, l := range lights {
			says(t, "it", text, lamp+": "+words.In("").Lamp(lightNames[l.light])+" ("+l.english+")")
		}
	}
	h.lamps.mu.Lock()
	defer h.lamps.mu.Unlock()
	if h.lamps.lit["GPIO22"] == 0 || h.lamps.lit["GPIO23"] == 0 {
		t.Errorf("lit %v", h.lamps.lit)
	}
}

func TestTryALostLamp(t *testing.T) {
	h := newHand(t)
	h.lamps.broken = "GPIO23"
	if code := <-h.try("device", "test", "lamps", "--each", "20ms"); code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	says(t, "it", h.said.String(), "OK    lamp anagrafe", "FAIL  lamp cie: not connected")
}

// TestTryBesideADaemon prints through the daemon, asks it for its devices, and
// is kept off what it holds.
func TestTryBesideADaemon(t *testing.T) {
	t.Parallel() // it waits more than it works
	data, port := t.TempDir(), filepath.Join(t.TempDir(), "atrio")
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	p := startPrinter(port, check, t.Cleanup)
	box := filepath.Join(t.TempDir(), "box.toml")
	settings := strings.NewReplacer(`"/nonexistent"`, `"`+data+`"`, "[[button]]", "[[button]]\noutlet = \"sala\"").Replace(twoOfEach)
	writeFile(t, box, settings+`
[[printer]]
name = "atrio"
port = "`+port+`"
outlet = "sala"
profile = "generic-80-process-id"
`)
	d := startBox(t, "--config", box, "--office", alwaysOpen(t, t.TempDir()))
	defer d.stop(t)
	untilShown(t, []string{"OK    printer atrio: PROVA printed", "confirmed by process-id"}, "device", "test", "printer", "--config", box)
	tickets := p.Tickets()
	if len(tickets) == 0 || !strings.Contains(tickets[0].Text, "PROVA") {
		t.Errorf("the paper is %+v", tickets)
	}
	list := runProgram(t, "device", "list", "--config", box)
	says(t, "the list", list, "OK    printer atrio: works", "FAIL  keypad sportello-1: not connected", "FAIL  buttons pulsantiera")
	out := failing(t, 30*time.Second, "check", "--config", box)
	says(t, "check", out, "a daemon runs on this data folder", "OK    printer atrio: works", "FAIL  keypad sportello-1: /dev/input/by-path/usb-0:1.1-event-kbd is not there")
	for _, what := range []string{"buttons", "keypads", "lamps"} {
		says(t, what, failing(t, 30*time.Second, "device", "test", what, "--config", box), "stop it first (systemctl stop eliminacode)")
	}
	p.SetCoverOpen(true)
	var text string
	for begun := time.Now(); !strings.Contains(text, "cover open") && time.Since(begun) < time.Minute; {
		text = runOut(t, "check", "--config", box)
	}
	says(t, "check with an open cover", text, "FAIL  printer atrio: cover open")
	says(t, "a trial with an open cover", failing(t, 60*time.Second, "device", "test", "printer", "atrio", "--config", box), "FAIL  printer atrio: PROVA not printed", "close the cover")
	if n := strings.Count(string(fetch(t, d.address+"/api/v1/state/devices")), `"printed":`); n == 0 {
		t.Error("the pages know nothing of the counters")
	}
}

// runOut is all that the program says, whatever its exit code.
func runOut(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out bytes.Buffer
	c := programCommand(ctx, args...)
	c.Stdout, c.Stderr = &out, &out
	_ = c.Run()
	return out.String()
}

// TestCountersOutliveADaemon prints in one daemon and asks the next.
func TestCountersOutliveADaemon(t *testing.T) {
	t.Parallel() // it waits more than it works
	data, port := t.TempDir(), filepath.Join(t.TempDir(), "atrio")
	startPrinter(port, func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}, t.Cleanup)
	box := filepath.Join(t.TempDir(), "box.toml")
	writeFile(t, box, "schema = 1\n[data]\ndir = \""+data+"\"\n[[printer]]\nname = \"atrio\"\nport = \""+port+"\"\noutlet = \"sala\"\nprofile = \"generic-80-process-id\"\n")
	office := alwaysOpen(t, t.TempDir())
	start := func() *served {
		return startBox(t, "--config", box, "--office", office)
	}
	d := start()
	runProgram(t, "device", "test", "printer", "--config", box)
	d.stop(t)
	if b, err := os.ReadFile(filepath.Join(data, countersName)); err != nil || !bytes.Contains(b, []byte(`"paper_mm":`)) {
		t.Fatalf("kept: %s, %v", b, err)
	}
	d = start()
	defer d.stop(t)
	var text string
	for begun := time.Now(); time.Since(begun) < time.Minute; {
		if text = runOut(t, "device", "list", "--config", box); strings.Contains(text, "1 printed") {
			return
		}
	}
	t.Errorf("after a restart: %s", text)
}

// TestTryPanels shows a text on a panel that is there, and finds another one's
// port missing.
func TestTryPanels(t *testing.T) {
	port, err := sim.OpenPTY(filepath.Join(t.TempDir(), "panel"))
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	heard := make(chan []byte, 1)
	go func() {
		var all []byte
		b := make([]byte, 256)
		line := port.Line()
		for !bytes.Contains(all, []byte("A042")) {
			n, err := line.Read(b)
			if err != nil {
				break
			}
			all = append(all, b[:n]...)
		}
		heard <- all
	}()
	h := newHand(t)
	h.machine = thisMachine()
	writeFile(t, h.settings, "schema = 1\n[data]\ndir = \"/nonexistent\"\n[[panel]]\nname = \"corridoio\"\nport = \""+port.Path()+"\"\n"+
		"[[panel]]\nname = \"scala\"\nport = \"/dev/serial/by-path/nothing\"\naddress = 2\n")
	if code := <-h.try("device", "test", "panels", "--each", "300ms", "--text", "A042"); code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	says(t, "it", h.said.String(), "corridoio ("+port.Path()+", address 1): A042", "OK    panel corridoio", "FAIL  panel scala: port /dev/serial/by-path/nothing is not there")
	select {
	case all := <-heard:
		if !bytes.Contains(all, []byte("A042")) {
			t.Errorf("the panel heard %q", all)
		}
	case <-time.After(time.Minute):
		t.Error("the panel heard nothing")
	}
}
