package proof

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"eliminacode/deploy/virtual-board/rig"
	"eliminacode/deploy/virtual-board/wire"
	"eliminacode/queue"
)

const (
	// soon is how long anything on the board may take that takes a second or
	// two: the processor is interpreted, and the host may be busy.
	soon = time.Minute
	// still is how long nothing may happen for a proof that nothing happens:
	// longer than the daemon looks away from an idle contact.
	still = 1500 * time.Millisecond
)

// lines are the chip's; label is what the settings know it by.
var lines = []string{"BUTTON-1", "BUTTON-2", "SPARE"}

const label = "board-buttons"

const dataDir = "/data/eliminacode"

// A bench has the board's parts on it: the kernel, the first file system, the
// disk. It makes boards.
type bench struct {
	parts, initramfs string
	disk             *rig.Disk
	prepared         *rig.Disk // the disk on which a new office was prepared
	socket           string
	begun            time.Time
	boots            *int
}

// logFolder is where each boot leaves what was said on its console.
func logFolder(parts string) string { return filepath.Join(parts, "run") }

// firstMoment is what the board's clock shows at first: an ordinary Monday.
var firstMoment = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

var modules = []string{
	"virtio_pci", "virtio_blk", "virtio_console", "ext4", "crc32c_generic", "gpio-sim",
	"xhci-pci", "ftdi_sio", "cdc-acm", "usbhid", "hid-generic", "evdev", "dummy_hcd", "libcomposite", "usb_f_acm",
}

// newBench packs the board's first file system and makes its disk.
func newBench(t *testing.T, parts, program, guest string) *bench {
	t.Helper()
	order, err := rig.ModuleOrder(filepath.Join(parts, "kit", "modules"), modules...)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{parts: parts, initramfs: filepath.Join(t.TempDir(), "initramfs"), socket: filepath.Join(shortDir(t), "disk"), begun: time.Now(), boots: new(int)}
	if err := os.RemoveAll(logFolder(parts)); err != nil {
		t.Fatal(err)
	}
	err = rig.BuildInitramfs(b.initramfs, []rig.Content{
		{Path: "/init", From: guest},
		{Path: "/bin/eliminacode", From: program},
		{Path: "/etc/eliminacode/box.toml", From: "testdata/box.toml"},
		{Path: "/etc/eliminacode/office.toml", From: "testdata/office.toml"},
	}, order)
	if err != nil {
		t.Fatal(err)
	}
	b.disk = newDisk(t, nil)
	return b
}

// diskBytes is enough for a day of the office.
const diskBytes = 128 << 20

// tool runs a command of the machine's administrator on the host.
func tool(t *testing.T, name string, args ...string) (said string) {
	t.Helper()
	command := rig.Tool(t.Context(), name, args...)
	var faults bytes.Buffer
	command.Stderr = &faults
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s%s", name, err, out, &faults)
	}
	return string(out)
}

// newDisk makes an empty file system; prepare, unless nil, does something to its image.
func newDisk(t *testing.T, prepare func(image string)) *rig.Disk {
	t.Helper()
	image := filepath.Join(t.TempDir(), "disk")
	if err := os.WriteFile(image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(image, diskBytes); err != nil {
		t.Fatal(err)
	}
	tool(t, "mkfs.ext4", "-q", "-F", image)
	if prepare != nil {
		prepare(image)
	}
	d, err := rig.OpenDisk(image)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// shortDir is a folder with a name short enough for sockets.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "board")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// A board is a machine that runs, and the proof that it is used by.
type board struct {
	*rig.Machine
	t    *testing.T
	stop func() error // of the disk

	assembled, serving bool
	killed             bool
	newest             uint64 // record of the journal that was seen
	far                *farPrinter

	letters sync.Mutex
	tokens  map[string]string // by role; see token
}

// boot starts a board with the bench's disk mounted. The chip and the plugs of
// the printers are not there yet.
func (b *bench) boot(t *testing.T) *board {
	t.Helper()
	stop, err := b.disk.Serve(b.socket)
	if err != nil {
		t.Fatal(err)
	}
	*b.boots++
	logs := filepath.Join(logFolder(b.parts), fmt.Sprint("boot-", *b.boots))
	if err := os.MkdirAll(logs, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Logf("the console is in %s", logs)
	m, err := rig.Boot(rig.Config{
		Kernel: filepath.Join(b.parts, "kit", "kernel"), Initramfs: b.initramfs, DiskSocket: b.socket,
		Logs: logs, Clock: firstMoment.Add(time.Since(b.begun)),
	})
	if err != nil {
		t.Fatal(err)
	}
	board := &board{Machine: m, t: t, stop: stop}
	board.call("System.Mount", wire.Mount{Source: "/dev/vda", Target: "/data", Type: "ext4"}, &wire.None{})
	if b.prepared != b.disk {
		b.prepared = b.disk
		if r := board.run("init", "--config", "/etc/eliminacode/box.toml"); r.Code != 0 {
			t.Fatalf("preparing a new office: %s", r.Output)
		}
	}
	return board
}

// twin is the second node of the board's chip.
const twin = "/dev/gpiochip9"

// assemble plugs in what is not there after a boot: the chip with the buttons
// and both printers.
func (b *board) assemble() {
	b.t.Helper()
	if b.assembled {
		return
	}
	b.call("Chip.Make", append([]string{label}, lines...), &wire.None{})
	var node string
	b.call("Chip.Node", wire.None{}, &node)
	b.call("System.Twin", [2]string{node, twin}, &wire.None{})
	b.do("Printer.Make")
	b.do("Printer.Plug")
	b.plugFar()
	b.links("/dev/serial/by-path/*", 2)
	b.links("/dev/input/by-path/*-event-kbd", len(rig.Keypads))
	b.assembled = true
}

// ready is a board on which everything works.
func (b *board) ready() {
	b.t.Helper()
	b.assemble()
	if !b.serving {
		b.serve()
	}
	for _, device := range []string{"pulsantiera", "sala", "accoglienza", "left", "right"} {
		b.becomes(device, "ready")
	}
	b.gives("sala", true)
	b.gives("accoglienza", true)
}

// kill cuts the power, once.
func (b *board) kill() {
	b.t.Helper()
	if b.killed {
		return
	}
	b.killed = true
	if err := b.Kill(); err != nil {
		b.t.Error(err)
	}
	if err := b.stop(); err != nil {
		b.t.Error(err)
	}
}

// call calls the agent; what it cannot do ends the proof.
func (b *board) call(method string, arguments, answer any) {
	b.t.Helper()
	if err := b.CallWithin(soon, method, arguments, answer); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
}

func (b *board) do(method string) {
	b.t.Helper()
	b.call(method, wire.None{}, &wire.None{})
}

// until waits for something to become true.
func (b *board) until(what string, is func() bool) {
	b.t.Helper()
	b.untilSaid(func() string {
		if is() {
			return ""
		}
		return what
	})
}

// untilSaid waits until nothing is said to be missing.
func (b *board) untilSaid(missing func() string) {
	b.t.Helper()
	for end := time.Now().Add(soon); ; time.Sleep(100 * time.Millisecond) {
		what := missing()
		if what == "" {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("after %v it is still not so: %s", soon, what)
		}
	}
}

// links waits until so many stable names of a pattern are there.
func (b *board) links(pattern string, n int) {
	b.t.Helper()
	b.until(fmt.Sprintf("there are %d of %s", n, pattern), func() bool {
		var found []string
		b.call("System.Glob", pattern, &found)
		return len(found) == n
	})
}

// serve starts the shipped program and waits until it answers.
func (b *board) serve() {
	b.t.Helper()
	b.call("Daemon.Start", []string{"/bin/eliminacode", "serve", "--config", "/etc/eliminacode/box.toml"}, &wire.None{})
	b.until("the daemon answers", func() bool {
		var said string
		b.call("Daemon.Said", wire.None{}, &said)
		return strings.Contains(said, "answers on")
	})
	b.serving = true
}

// stopServing has the daemon stop by itself.
func (b *board) stopServing() {
	b.t.Helper()
	b.do("Daemon.Stop")
	b.serving = false
}

// run runs a subcommand of the shipped program on the board.
func (b *board) run(arguments ...string) wire.Result {
	b.t.Helper()
	var r wire.Result
	b.call("System.Run", wire.Command{Argv: append([]string{"/bin/eliminacode"}, arguments...), Most: soon}, &r)
	return r
}

// ask asks the daemon's pages from the board itself.
func (b *board) ask(method, path string, body map[string]string, answer any) (status int) {
	b.t.Helper()
	q := wire.Request{Method: method, URL: "http://127.0.0.1:8080" + path, Bearer: b.token(roleFor(path))}
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			b.t.Fatal(err)
		}
		q.Body = string(text)
	}
	var a wire.Response
	b.call("System.Ask", q, &a)
	if err := json.Unmarshal([]byte(a.Body), answer); err != nil {
		b.t.Fatalf("%s %s: status %d, %v in %.200s", method, path, a.Status, err, a.Body)
	}
	return a.Status
}

// takeDesk opens a desk, or takes it over: the program of an earlier boot had a
// token of its own, and is another operator.
func (b *board) takeDesk(desk string) {
	b.t.Helper()
	var answer struct{ Code, Detail string }
	if status := b.ask("POST", "/api/v1/desks/"+desk+"/move", map[string]string{}, &answer); status != http.StatusOK {
		b.t.Fatalf("taking %s: status %d, %s: %s", desk, status, answer.Code, answer.Detail)
	}
}

// roleFor is a role that may use an address of the API.
func roleFor(path string) string {
	if strings.HasPrefix(path, "/api/v1/desks/") {
		return "clerk"
	}
	return "manager"
}

// token is what the proofs show the daemon of this boot for a role.
func (b *board) token(role string) string {
	b.t.Helper()
	b.letters.Lock()
	defer b.letters.Unlock()
	if b.tokens[role] == "" {
		name := fmt.Sprintf("proof %s %d", role, time.Now().UnixNano())
		r := b.run("token", "create", "--role", role, "--name", name, "--per-minute", "60000", "--data", dataDir)
		text, _, _ := strings.Cut(r.Output, "\n")
		if r.Code != 0 || text == "" {
			b.t.Fatalf("making a token: %d, %s", r.Code, r.Output)
		}
		if b.tokens == nil {
			b.tokens = map[string]string{}
		}
		b.tokens[role] = text
	}
	return b.tokens[role]
}

// request asks an outlet for a ticket as a totem does.
func (b *board) request(outlet, service, name string) (queue.TicketID, int) {
	b.t.Helper()
	var answer struct {
		Ticket *struct{ ID string }
	}
	status := b.ask("POST", "/api/v1/totem/"+outlet+"/tickets", map[string]string{"service": service, "request": name}, &answer)
	if answer.Ticket == nil {
		return 0, status
	}
	id, err := queue.ParseTicketID(answer.Ticket.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return id, status
}

// A health is a device as the manager's page shows it.
type health struct {
	Name, State, Words string
}

func (b *board) health(device string) health {
	b.t.Helper()
	var page struct {
		View struct{ Devices []health }
	}
	b.ask("GET", "/api/v1/state/manager", nil, &page)
	for _, d := range page.View.Devices {
		if d.Name == device {
			return d
		}
	}
	b.t.Fatalf("the manager's page has no device %s but %v", device, page.View.Devices)
	return health{}
}

// gives waits until the office gives tickets at an outlet, or does not. It
// learns how a printer is a few seconds after the printer's own state.
func (b *board) gives(outlet string, want bool) {
	b.t.Helper()
	b.until(fmt.Sprintf("that the outlet %s gives tickets is %v", outlet, want), func() bool {
		var page struct{ View struct{ Paper bool } }
		b.ask("GET", "/api/v1/state/totem?outlet="+outlet, nil, &page)
		return page.View.Paper == want
	})
}

// becomes waits until a device is in a state.
func (b *board) becomes(device, state string) {
	b.t.Helper()
	b.untilSaid(func() string {
		now := b.health(device)
		if now.State == state {
			return ""
		}
		return fmt.Sprintf("%s is %s; it is %s: %s", device, state, now.State, now.Words)
	})
}

// An event is a record of the journal, as far as proofs look at it.
type event struct {
	Seq  uint64
	Kind string
	By   struct{ Kind, Device string }
	Body struct {
		Ticket  queue.TicketID
		Number  queue.Number
		Service string
		Outlet  string
		Desk    string
		Paper   string
		Why     string
		Request string
	}
}

// journal is the journal after a record, as the shipped program prints it.
func (b *board) journal(after uint64) []event {
	b.t.Helper()
	events, err := b.readJournal(after)
	if err != nil {
		b.t.Fatal(err)
	}
	if len(events) > 0 {
		b.newest = max(b.newest, events[len(events)-1].Seq)
	}
	return events
}

// readJournal reads it once; a daemon that a busy host holds up is asked again.
func (b *board) readJournal(after uint64) (events []event, err error) {
	argv := []string{"/bin/eliminacode", "journal", "dump", "--data", dataDir, "--from", fmt.Sprint(after + 1)}
	var r wire.Result
	for end := time.Now().Add(soon); ; time.Sleep(time.Second) {
		r = wire.Result{}
		if err := b.CallWithin(soon, "System.Run", wire.Command{Argv: argv, Most: soon}, &r); err != nil {
			return nil, err
		}
		if r.Code == 0 {
			break
		}
		if !strings.Contains(r.Output, "in use") || time.Now().After(end) {
			return nil, fmt.Errorf("journal dump: %s", r.Output)
		}
	}
	lines := bufio.NewScanner(strings.NewReader(r.Output))
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("reading the journal: %w in %.200s", err, lines.Text())
		}
		events = append(events, e)
	}
	return events, lines.Err()
}

// last is the journal's newest record.
func (b *board) last() uint64 {
	b.t.Helper()
	b.journal(b.newest)
	return b.newest
}

// of picks the events of a kind.
func of(events []event, kind string) (picked []event) {
	for _, e := range events {
		if e.Kind == kind {
			picked = append(picked, e)
		}
	}
	return picked
}

// outcomes are what the journal says became of a ticket's paper.
func outcomes(events []event, ticket queue.TicketID) (kinds []string) {
	for _, e := range events {
		if strings.HasPrefix(e.Kind, "TicketPrint") && e.Body.Ticket == ticket {
			kinds = append(kinds, e.Kind)
		}
	}
	return kinds
}

func (b *board) printout() wire.Printout {
	b.t.Helper()
	var p wire.Printout
	b.call("Printer.Printout", wire.None{}, &p)
	return p
}

// papers counts the papers with a number.
func papers(p wire.Printout, number string) (n int) {
	for _, one := range p.Papers {
		if one.Number == number {
			n++
		}
	}
	return n
}

// move moves a contact, and gives when each step was made.
func (b *board) move(line string, steps ...wire.Step) (at []int64) {
	b.t.Helper()
	b.call("Chip.Move", wire.Moves{Line: line, Steps: steps}, &at)
	return at
}

// push is a good press of a button, and letting it go.
func (b *board) push(line string) (at int64) {
	b.t.Helper()
	return b.move(line, wire.Step{Closed: true, Rest: hold}, wire.Step{Rest: hold})[0]
}

// issued waits for the one ticket that was issued after a record, and for what
// became of its paper.
func (b *board) issued(after uint64) (ticket event, outcome string) {
	b.t.Helper()
	b.until("a ticket is issued and its paper accounted for", func() bool {
		events := b.journal(after)
		all := of(events, "TicketIssued")
		if len(all) == 0 {
			return false
		}
		ticket = all[0]
		kinds := outcomes(events, ticket.Body.Ticket)
		if len(kinds) == 0 {
			return false
		}
		outcome = kinds[0]
		return true
	})
	return ticket, outcome
}

// slipStart are the bytes that every slip begins with.
var slipStart = []byte{0x1B, 0x40}

// slipAfter finds the bytes of the first slip that the printer received after
// an instant, and when the first of them came.
func slipAfter(p wire.Printout, after int64) (at int64, slip []byte) {
	for _, c := range p.Chunks {
		if slip == nil && c.At > after {
			if i := bytes.Index(c.Data, slipStart); i >= 0 {
				at, slip = c.At, bytes.Clone(c.Data[i:])
			}
		} else if slip != nil {
			slip = append(slip, c.Data...)
		}
	}
	return at, slip
}
