package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"eliminacode/device/sim"
	"eliminacode/device/sim/printer"
	"eliminacode/queue/journal"
	"eliminacode/queue/words"
)

// Environment of a child process that is the program itself. The second makes
// its journal answer before anything is on disk, so that the test that watches
// for syncs can be seen to fail.
const (
	beProgram      = "ELIMINACODE_TEST_PROGRAM"
	beIdleBox      = "idle-box" // a value of beProgram
	withoutSyncing = "ELIMINACODE_TEST_NO_SYNC"
	// simulatedBoard names the folder of a board that a test presses, see boardBelow.
	simulatedBoard = "ELIMINACODE_TEST_BOARD"
)

func testProgram() program {
	p := program{in: os.Stdin, out: os.Stdout, errs: os.Stderr, machine: thisMachine()}
	p.journal.NoSync = os.Getenv(withoutSyncing) != ""
	if dir := os.Getenv(simulatedBoard); dir != "" {
		p.machine = boardBelow(dir)
	}
	return p
}

func TestMain(m *testing.M) {
	switch os.Getenv(beProgram) {
	case "":
	case beIdleBox:
		if err := serveIdle(os.Args[1]); err != nil {
			log.Fatal(err)
		}
		os.Exit(0)
	default:
		os.Exit(testProgram().run(os.Args[1:]))
	}
	testscript.Main(m, map[string]func(){
		"eliminacode": func() { os.Exit(testProgram().run(os.Args[1:])) },
	})
}

// TestScripts runs the real program as its users do; each file in
// testdata/script says how.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  filepath.Join("testdata", "script"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"printer": scriptPrinter, "picture": scriptPicture, "shows": scriptShows, "slip": scriptSlip},
	})
}

// scriptPrinter switches a virtual printer on for the rest of a script: printer
// PORT makes the port, a link in the script's folder; "cover-open" or
// "paper-low" after it breaks the printer. In the file box.toml "@" is replaced
// by that folder, since ports have absolute paths.
func scriptPrinter(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: printer PORT [fault]")
	}
	p := startPrinter(ts.MkAbs(args[0]), ts.Check, ts.Defer)
	for _, fault := range args[1:] {
		switch fault {
		case "cover-open":
			p.SetCoverOpen(true)
		case "paper-low":
			p.SetPaperLow(true)
		default:
			ts.Fatalf("no fault %q", fault)
		}
	}
	box := ts.MkAbs("box.toml")
	text := strings.ReplaceAll(ts.ReadFile("box.toml"), "@", ts.MkAbs("."))
	ts.Check(os.WriteFile(box, []byte(text), 0o600))
}

// scriptShows runs a command again until its output has a line: shows LINE COMMAND,
// with ! before it when the command fails. A virtual printer of a test is silent, and
// found to be, for as long as the machine has no time for it.
func scriptShows(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: shows LINE COMMAND")
	}
	line := regexp.MustCompile("(?m)" + args[0])
	for began := time.Now(); ; {
		err := ts.Exec(args[1], args[2:]...)
		switch {
		case line.MatchString(ts.ReadFile("stdout")) && (err != nil) == neg:
			return
		case time.Since(began) > 2*time.Minute:
			ts.Fatalf("no line %q, and the command ended with %v", line, err)
		}
	}
}

// scriptPicture draws a small PNG.
func scriptPicture(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: picture FILE")
	}
	drawn := image.NewGray(image.Rect(0, 0, 64, 32))
	for i := range 32 {
		drawn.SetGray(i, i, color.Gray{Y: 255})
	}
	var b bytes.Buffer
	ts.Check(png.Encode(&b, drawn))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o600))
}

// scriptSlip types off the slip of the first day of a data folder: EVENT is its number,
// HASH its hash as on paper in capitals, LINE the first line of that.
func scriptSlip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: slip FOLDER")
	}
	j, err := journal.Open(journalDir(ts.MkAbs(args[0])), journal.Options{ReadOnly: true})
	ts.Check(err)
	defer j.Close()
	days, err := j.Days("", "")
	ts.Check(err)
	end, hash, err := j.Closing(days[0])
	ts.Check(err)
	lines := words.HashLines(strings.ToUpper(hash.String()))
	ts.Setenv("EVENT", fmt.Sprint(end.Seq))
	ts.Setenv("HASH", strings.Join(lines, "  "))
	ts.Setenv("LINE", lines[0])
}

// startPrinter is a virtual printer behind a link to its port, until the test
// ends. check fails the test on an error; later calls what ends the printer.
func startPrinter(link string, check func(error), later func(func())) *printer.Printer {
	p := printer.New(printer.Config{Baud: 115_200})
	port, err := sim.OpenPTY(link)
	check(err)
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { _ = p.Run(ctx) })
	all.Go(func() { _ = port.Serve(ctx, p.Serve) })
	later(func() {
		cancel()
		port.Close()
		all.Wait()
	})
	return p
}

// programCommand is the program as a child process.
func programCommand(ctx context.Context, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	c := exec.CommandContext(ctx, self, args...)
	c.Env = append(os.Environ(), beProgram+"=1")
	return c
}

// runProgram runs the program to its end and returns what it printed.
func runProgram(t testing.TB, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	c := programCommand(ctx, args...)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("eliminacode %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return out.String()
}

// untilShown runs the program again until it says all that is wanted, as scriptShows
// does and for its reason.
func untilShown(t testing.TB, wanted []string, args ...string) {
	t.Helper()
	for began := time.Now(); ; {
		out, err := programCommand(t.Context(), args...).CombinedOutput()
		missing := slices.DeleteFunc(slices.Clone(wanted), func(w string) bool { return strings.Contains(string(out), w) })
		switch {
		case err == nil && len(missing) == 0:
			return
		case time.Since(began) > 2*time.Minute:
			t.Fatalf("eliminacode %s: %v; it does not say %q:\n%s", strings.Join(args, " "), err, missing, out)
		}
	}
}

// A served is a daemon that runs in a child process.
type served struct {
	*exec.Cmd
	pid     int    // who is told to stop
	gone    bool   // it has ended, and its pid may be another's
	address string // http://host:port
	log     *lockedBuffer
	said    *lockedBuffer // what it printed
	ended   chan error
}

// lockedBuffer keeps what a child said, for the message of a failing test.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.b.Len() > 1<<20 {
		b.b.Reset()
	}
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

var answersOn = regexp.MustCompile(`http://[0-9.:\[\]]+`)

// startProgram starts a daemon and waits until it prints its address.
func startProgram(t testing.TB, c *exec.Cmd) *served {
	t.Helper()
	d, answers := beginProgram(t, c)
	answers()
	return d
}

// beginProgram starts a daemon; answers waits until it answers, which it may do late.
func beginProgram(t testing.TB, c *exec.Cmd) (d *served, answers func()) {
	t.Helper()
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	d = &served{Cmd: c, log: &lockedBuffer{}, said: &lockedBuffer{}, ended: make(chan error, 1)}
	c.Stderr = d.log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	d.pid = c.Process.Pid
	// Whatever becomes of the test, its daemon does not outlive it.
	t.Cleanup(func() {
		if !d.gone {
			_ = syscall.Kill(d.pid, syscall.SIGKILL)
		}
	})
	address := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			fmt.Fprintln(d.said, lines.Text())
			if a := answersOn.FindString(lines.Text()); a != "" {
				select {
				case address <- a:
				default:
				}
			}
		}
		d.ended <- c.Wait()
	}()
	return d, func() {
		t.Helper()
		select {
		case d.address = <-address:
		case err := <-d.ended:
			t.Fatalf("the daemon ended: %v\n%s", err, d.log)
		case <-time.After(60 * time.Second):
			d.Process.Kill()
			t.Fatalf("the daemon does not answer\n%s", d.log)
		}
		knows(d, folderOf(t, c.Args))
	}
}

// startBox runs serve with flags that init knows too. The first time it begins
// a new office, as a technician does.
func startBox(t *testing.T, flags ...string) *served {
	t.Helper()
	prepareBox(t, flags...)
	return startProgram(t, programCommand(t.Context(), slices.Concat([]string{"serve"}, flags, []string{"--listen", "127.0.0.1:0"})...))
}

// prepareBox has the next start begin a new office, unless there is one. There is
// an administrator, so that the start prints no code.
func prepareBox(t *testing.T, flags ...string) {
	t.Helper()
	initBox(t, flags...)
	administered(t, folderOf(t, append([]string{"serve"}, flags...)))
}

// initBox runs init, which refuses where there is an office.
func initBox(t *testing.T, flags ...string) {
	t.Helper()
	out, err := programCommand(t.Context(), append([]string{"init", "--reference"}, flags...)...).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "has an office already") {
		t.Fatalf("eliminacode init: %v\n%s", err, out)
	}
}

// stop ends the daemon as systemd would.
func (d *served) stop(t testing.TB) {
	t.Helper()
	if err := syscall.Kill(d.pid, syscall.SIGINT); err != nil {
		t.Errorf("stopping the daemon: %v", err)
	}
	select {
	case err := <-d.ended:
		d.gone = true
		if err != nil {
			t.Errorf("the daemon stopped with %v\n%s", err, d.log)
		}
	case <-time.After(60 * time.Second):
		d.Process.Kill()
		t.Errorf("the daemon does not stop\n%s", d.log)
	}
}

// kill ends it as a power cut would.
func (d *served) kill() {
	d.Process.Kill()
	<-d.ended
	d.gone = true
}

// An acknowledgement is the API's good answer.
type acknowledgement struct {
	Journal string `json:"journal"`
	Seq     uint64 `json:"seq"`
	Events  int    `json:"events"`
	Code    string `json:"code"`
	Ticket  *struct {
		ID     string `json:"id"`
		Number string `json:"number"`
	} `json:"ticket"`
}

// post sends a command to the API as a page would. A refusal is answered with
// its status; err is for what is no answer at all.
func post(ctx context.Context, client *http.Client, url string, body map[string]string) (a acknowledgement, status int, err error) {
	b, err := json.Marshal(body)
	if err != nil {
		return a, 0, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(b))
	if err != nil {
		return a, 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	if err := lettered(r); err != nil {
		return a, 0, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return a, 0, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return a, 0, err
	}
	if resp.StatusCode >= 300 {
		return a, resp.StatusCode, nil
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return a, resp.StatusCode, fmt.Errorf("answer %s: %w", answer, err)
	}
	return a, resp.StatusCode, nil
}

// alwaysOpen writes an office that gives tickets at any hour of any day, since
// the daemon under test lives by the machine's clock. Its hall has a printer
// and its reception has none.
func alwaysOpen(t testing.TB, dir string) (path string) {
	t.Helper()
	path = filepath.Join(dir, "office.toml")
	if err := os.WriteFile(path, []byte(alwaysOpenOffice), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const alwaysOpenOffice = `
format = 1

[office]
body = "Comune di Prova"
name = "Sportello"
place = "Piano terra"
zone = "Europe/Rome"

[[series]]
id = "A"
letters = "A"
first = 1
last = 99999
width = 3

[[series]]
id = "B"
letters = "B"
first = 1
last = 99999
width = 3

[[service]]
id = "anagrafe"
name = "Anagrafe"
series = "A"
standard = "15m"
share = "90%"

[[service]]
id = "cie"
name = "Carta d'identità"
series = "B"
standard = "15m"
share = "90%"

[[desk]]
id = "s1"
label = "1"
group = "sala"
first = ["anagrafe", "cie"]

[[desk]]
id = "s2"
label = "2"
group = "sala"
first = ["anagrafe", "cie"]

[[desk]]
id = "s3"
label = "3"
group = "sala"
first = ["cie"]
help = ["anagrafe"]

[[outlet]]
id = "sala"
name = "Sala"
printer = true

[[outlet]]
id = "accoglienza"
name = "Accoglienza"
printer = false
screen = true

[hours]
holidays = false
expire_after = "0s"

[[hours.week]]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
open = "00:00"
close = "24:00"
`

// fetch gets a file that a page shows.
func fetch(t testing.TB, url string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := lettered(r); err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("getting %s: %s, %v", url, resp.Status, err)
	}
	return b
}
