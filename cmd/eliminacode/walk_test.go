package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
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
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	t.Cleanup(client.CloseIdleConnections)
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
	dir := t.TempDir()
	data, box := filepath.Join(dir, "data"), filepath.Join(dir, "box.toml")
	good := "schema = 1\n[data]\ndir = \"" + data + "\"\n[web]\nlisten = \"" + freeAddress(t) + "\" # of this test\n[board]\nmodel = \"pi4\"\n# Buttons come here.\n"
	writeFile(t, box, good)
	command := func(args ...string) *exec.Cmd {
		c := programCommand(t.Context(), append(args, "--config", box)...)
		c.Env = append(c.Env, simulatedBoard+"="+board.dir)
		return c
	}
	if out, err := command("init").CombinedOutput(); err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	administered(t, data)
	d := startProgram(t, command("serve"))
	defer d.stop(t)
	client := signedIn(t, d.address)
	const walk = "/impostazioni/prove"
	get := func() string { return browse(t, client, http.MethodGet, d.address+walk, nil) }
	starts := 0
	startsAgain := func() {
		t.Helper()
		starts++
		eventually(t, "the console", d.said.String, regexp.MustCompile(fmt.Sprintf(`(?s)(starts again with them.*answers on.*){%d}`, starts)))
	}
	name := func(fields ...string) string {
		t.Helper()
		form := url.Values{"action": {"name"}}
		for i := 0; i < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		return browse(t, client, http.MethodPost, d.address+walk, form)
	}
	browse(t, client, http.MethodPost, d.address+"/impostazioni/effetto", url.Values{"action": {"reference"}})
	says(t, "the ports", get(), port, "Porte seriali non ancora usate")

	says(t, "a printer's meaning", name("kind", "printer", "name", port, "outlet", "totem", "model", "generic-80"), "riparte con le nuove impostazioni")
	startsAgain()
	says(t, "the printer", get(), "Non ancora provata", "0 su 1")

	// A button that is down when its line is opened was not pressed then.
	pressed := func(seen func() bool) {
		t.Helper()
		for begun := time.Now(); !seen(); {
			if time.Since(begun) > time.Minute {
				t.Fatalf("the button is not seen: %s\n%s", get(), d.log)
			}
			up := board.press("GPIO27")
			time.Sleep(500 * time.Millisecond)
			up()
			time.Sleep(200 * time.Millisecond)
		}
	}
	pressed(func() bool { return strings.Contains(get(), `value="GPIO27"`) })
	if page := get(); strings.Contains(page, `value="GPIO26"`) || !strings.Contains(page, "pin 13") {
		t.Errorf("other buttons are found, or not where it hangs: %s", page)
	}
	says(t, "a button's meaning", name("kind", "button", "name", "GPIO27", "service", "anagrafe", "class", "", "outlet", "totem"), "riparte con le nuove impostazioni")
	startsAgain()
	says(t, "the button", get(), "Non ancora premuto")
	pressed(func() bool { return strings.Contains(get(), "Ha risposto") })
	says(t, "a button that was not found", name("kind", "button", "name", "GPIO27", "service", "cie"), "le impostazioni non andrebbero")
	says(t, "another meaning", name("kind", "button", "name", "anagrafe", "service", "cie"), "riparte con le nuove impostazioni")
	startsAgain()

	// A folder in the place of the new file keeps the box from writing it.
	if err := os.Mkdir(box+".tmp", 0o700); err != nil {
		t.Fatal(err)
	}
	for begun := time.Now(); !strings.Contains(get(), `value="`+pad+`"`); time.Sleep(200 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatalf("the keypad is not found: %s", get())
		}
		board.typeKey(pad, 96) // KEY_KPENTER
	}
	says(t, "a keypad's meaning", name("kind", "keypad", "name", pad, "desk", "s1", "model", "numeric"), "da mettere a mano", box, "[[keypad]]")
	b, err := os.ReadFile(box)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, box, string(b)+"\n[[keypad]]\nname = \"desk-s1\"\npath = \""+pad+"\"\ndesk = \"s1\"\nkeymap = \"numeric\"\n")
	startsAgain()
	says(t, "the keypad", get(), "Nessun tasto ancora")
	for begun := time.Now(); strings.Contains(get(), "Nessun tasto ancora"); time.Sleep(200 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatalf("no key of the keypad comes through: %s", get())
		}
		board.typeKey(pad, 96)
	}
	if !strings.HasPrefix(string(b), good) || !strings.Contains(string(b), "line = \"GPIO27\"\nservice = \"cie\"\n") {
		t.Errorf("the settings are %s", b)
	}
}
