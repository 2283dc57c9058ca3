package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"eliminacode/device/sim"
)

// signedIn is a browser without script that has signed in as the administrator.
func signedIn(t *testing.T, address string) *http.Client {
	t.Helper()
	client := newVisitor(t)
	browse(t, client, http.MethodPost, address+"/accesso", url.Values{"nome": {"a.rossi"}, "segreto": {goodPassword}})
	return client
}

// TestTheFirstRunGoesOnWhereItStopped tries a printer and a keypad of a box that has
// no office, takes its power away, and finds both tried; once an office is in force
// nothing is left of it.
func TestTheFirstRunGoesOnWhereItStopped(t *testing.T) {
	t.Parallel() // it waits more than it works
	dir := t.TempDir()
	data, box, port, keys := filepath.Join(dir, "data"), filepath.Join(dir, "box.toml"), filepath.Join(dir, "printer"), filepath.Join(dir, "keys")
	paper := startPrinter(port, func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}, t.Cleanup)
	pads := sim.NewSerialKeypads(sim.KeypadFrames, 1)
	behind(t, keys, func(p *sim.PTY, ctx context.Context) error { return p.Serve(ctx, pads.Serve) })
	writeFile(t, box, "schema = 1\n[data]\ndir = \""+data+"\"\n[web]\nlisten = \""+freeAddress(t)+"\"\n"+
		"[[printer]]\nname = \"atrio\"\nport = \""+port+"\"\nbaud = 115200\n[[keypad]]\nname = \"k1\"\ndesk = \"s1\"\nport = \""+keys+"\"\nprotocol = \"stx\"\n")
	if out, err := programCommand(t.Context(), "init", "--config", box).CombinedOutput(); err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	administered(t, data)
	serve := func() *served { return startProgram(t, programCommand(t.Context(), "serve", "--config", box)) }
	d := serve()
	client := signedIn(t, d.address)
	const walk = "/impostazioni/prove"
	get := func(path string) string { return browse(t, client, http.MethodGet, d.address+path, nil) }
	says(t, "the first page", get("/"), "Primo avvio", `href="/impostazioni/prove#printers"`)
	says(t, "the trials", get(walk), "Non ancora provata", "Nessun tasto ancora")

	says(t, "a PROVA", browse(t, client, http.MethodPost, d.address+walk, url.Values{"action": {"trial"}, "name": {"atrio"}}), "si legge bene ed è tagliata?")
	if text := lastTicket(paper)(); !strings.Contains(text, "PROVA") {
		t.Errorf("the paper says %q", text)
	}
	browse(t, client, http.MethodPost, d.address+walk, url.Values{"action": {"came-out"}, "name": {"atrio"}})
	pads.Type(1, '\r')
	for begun := time.Now(); !strings.Contains(get(walk), "Ha risposto"); time.Sleep(50 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatalf("the key is not seen: %s", get(walk))
		}
	}

	d.kill()
	d = serve()
	says(t, "the trials after a power cut", get(walk), "È uscita bene, dice Anna Rossi", "Ha risposto")
	browse(t, client, http.MethodPost, d.address+walk, url.Values{"action": {"leave"}, "name": {"buttons"}})
	page := browse(t, client, http.MethodPost, d.address+"/impostazioni/effetto", url.Values{"action": {"reference"}})
	says(t, "the steps", page, "qui non serve", "fatto", "Continui da qui")
	page = get("/impostazioni/effetto")
	browse(t, client, http.MethodPost, d.address+"/impostazioni/effetto", url.Values{
		"mark": {markOfDraft.FindStringSubmatch(page)[1]}, "action": {"save"}, "when": {"now"}, "why": {"Apertura"},
	})
	if left, _ := filepath.Glob(filepath.Join(data, setupsName, "walk.json")); len(left) > 0 {
		t.Errorf("with an office in force there is still %v", left)
	}
	if page := get(walk); !strings.Contains(page, "Impostazioni") || strings.Contains(page, "Non ancora provata") {
		t.Error("with an office in force the trials are still there")
	}
	d.stop(t)
}

const walkPath = "/impostazioni/prove"

// A walkedBox is the program on a simulated board that has no office, from the side of
// who sets it up.
type walkedBox struct {
	t      *testing.T
	board  simulated
	file   string // of the settings
	d      *served
	client *http.Client
	starts int // how often it has started again
}

// startWalked starts a box with more settings than where its data lie.
func startWalked(t *testing.T, board simulated, more string) *walkedBox {
	t.Helper()
	dir := t.TempDir()
	data, b := filepath.Join(dir, "data"), &walkedBox{t: t, board: board, file: filepath.Join(dir, "box.toml")}
	writeFile(t, b.file, "schema = 1\n[data]\ndir = \""+data+"\"\n[web]\nlisten = \""+freeAddress(t)+"\" # of this test\n"+more)
	// It is stopped when the test's own context has ended.
	ctx := context.WithoutCancel(t.Context())
	command := func(args ...string) *exec.Cmd {
		c := programCommand(ctx, append(args, "--config", b.file)...)
		c.Env = append(c.Env, simulatedBoard+"="+board.dir)
		return c
	}
	if out, err := command("init").CombinedOutput(); err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	administered(t, data)
	b.d = startProgram(t, command("serve"))
	t.Cleanup(func() { b.d.stop(t) })
	b.client = signedIn(t, b.d.address)
	return b
}

// page is the page of the trials.
func (b *walkedBox) page() string {
	b.t.Helper()
	return browse(b.t, b.client, http.MethodGet, b.d.address+walkPath, nil)
}

// post is what a page answers to a form of an action.
func (b *walkedBox) post(path, action string, fields ...string) string {
	b.t.Helper()
	return b.refused(http.StatusOK, path, action, fields...)
}

// refused is post where the answer comes with another status.
func (b *walkedBox) refused(status int, path, action string, fields ...string) string {
	b.t.Helper()
	form := url.Values{"action": {action}}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return browsed(b.t, b.client, http.MethodPost, b.d.address+path, form, status)
}

// named gives a device a meaning, with which the box starts again.
func (b *walkedBox) named(what string, fields ...string) {
	b.t.Helper()
	says(b.t, what, b.post(walkPath, "name", fields...), "riparte con le nuove impostazioni")
	b.startsAgain()
}

func (b *walkedBox) startsAgain() {
	b.t.Helper()
	b.starts++
	eventually(b.t, "the console", b.d.said.String, regexp.MustCompile(fmt.Sprintf(`(?s)(starts again with them.*answers on.*){%d}`, b.starts)))
}

// until does something again and again until the page says a text as often as it
// should.
func (b *walkedBox) until(text string, times int, do func()) {
	b.t.Helper()
	for begun := time.Now(); strings.Count(b.page(), text) != times; {
		if time.Since(begun) > time.Minute {
			b.t.Fatalf("%q is not %d times on the page: %s\n%s", text, times, b.page(), b.d.log)
		}
		do()
	}
}

// offered waits until a serial port is on the page, as one for a printer and as one for
// a panel.
func (b *walkedBox) offered(port string) {
	b.t.Helper()
	for _, kind := range []string{"printer", "panel"} {
		b.until(`id="`+kind+"-"+url.QueryEscape(port)+`"`, 1, func() { time.Sleep(200 * time.Millisecond) })
	}
}

// pressed presses a button until the page says what it should. A button that is down
// when its line is opened was not pressed then.
func (b *walkedBox) pressed(line, what string) {
	b.t.Helper()
	b.until(what, 1, func() {
		up := b.board.press(line)
		time.Sleep(500 * time.Millisecond)
		up()
		time.Sleep(200 * time.Millisecond)
	})
}

// TestFoundDevicesAreGivenAMeaning presses a button, keys of a keypad and plugs a
// printer in that no setting names: each is found, gets a meaning that is written
// into the settings without touching what stands there, and works after the box has
// started again by itself; where the file cannot be written a person puts the lines in.
func TestFoundDevicesAreGivenAMeaning(t *testing.T) {
	t.Parallel() // it waits more than it works
	board := newSimulated(t)
	const pad, port = "/dev/input/by-path/usb-0:1.3-event-kbd", "/dev/serial/by-path/usb-0:1.2-port0"
	board.plug(pad)
	startPrinter(filepath.Join(board.dir, port), func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}, t.Cleanup)
	b := startWalked(t, board, "[board]\nmodel = \"pi4\"\n# Buttons come here.\n")
	good := string(readFile(t, b.file))
	b.post("/impostazioni/effetto", "reference")
	b.offered(port)
	says(t, "the ports", b.page(), "Porte seriali non ancora usate")

	b.pressed("GPIO26", `value="GPIO26"`)
	b.named("a printer's meaning", "kind", "printer", "name", port, "outlet", "totem", "model", "generic-80")
	says(t, "the printer", b.page(), "Non ancora provata", "0 su 1")

	// What was pressed before the box started again with the printer is still offered.
	says(t, "what was pressed before", b.page(), `value="GPIO26"`)
	b.pressed("GPIO27", `value="GPIO27"`)
	if page := b.page(); strings.Contains(page, `value="GPIO25"`) || !strings.Contains(page, "pin 13") {
		t.Errorf("other buttons are found, or not where it hangs: %s", page)
	}
	b.named("a button's meaning", "kind", "button", "name", "GPIO27", "service", "anagrafe", "class", "", "outlet", "totem")
	says(t, "the button", b.page(), "Non ancora premuto", `value="GPIO26"`)
	b.pressed("GPIO27", "Ha risposto")
	says(t, "a button that was not found", b.post(walkPath, "name", "kind", "button", "name", "GPIO27", "service", "cie"), "Nessun dispositivo trovato")
	b.named("another meaning", "kind", "button", "name", "anagrafe", "service", "cie")

	// A folder in the place of the new file keeps the box from writing it.
	if err := os.Mkdir(b.file+".tmp", 0o700); err != nil {
		t.Fatal(err)
	}
	const enter = 96 // KEY_KPENTER
	again := func() {
		board.typeKey(pad, enter)
		time.Sleep(200 * time.Millisecond)
	}
	b.until(`value="`+pad+`"`, 1, again)
	says(t, "a keypad's meaning", b.post(walkPath, "name", "kind", "keypad", "name", pad, "desk", "s1", "model", "numeric"), "da mettere a mano", b.file, "[[keypad]]")
	written := string(readFile(t, b.file))
	writeFile(t, b.file, written+"\n[[keypad]]\nname = \"desk-s1\"\npath = \""+pad+"\"\ndesk = \"s1\"\nkeymap = \"numeric\"\n")
	b.startsAgain()
	says(t, "the keypad", b.page(), "Nessun tasto ancora", "0 su 1")
	b.until("Nessun tasto ancora", 0, again)
	if !strings.HasPrefix(written, good) || !strings.Contains(written, "line = \"GPIO27\"\nservice = \"cie\"\n") {
		t.Errorf("the settings are %s", written)
	}
}
