package main

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
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

	says(t, "a PROVA", browse(t, client, http.MethodPost, d.address+walk, url.Values{"prova": {"atrio"}}), "si legge bene ed è tagliata?")
	if text := lastTicket(paper)(); !strings.Contains(text, "PROVA") {
		t.Errorf("the paper says %q", text)
	}
	browse(t, client, http.MethodPost, d.address+walk, url.Values{"uscita": {"atrio"}})
	pads.Type(1, '\r')
	for begun := time.Now(); !strings.Contains(get(walk), "Ha risposto"); time.Sleep(50 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatalf("the key is not seen: %s", get(walk))
		}
	}

	d.kill()
	d = serve()
	says(t, "the trials after a power cut", get(walk), "È uscita bene, dice Anna Rossi", "Ha risposto")
	browse(t, client, http.MethodPost, d.address+walk, url.Values{"salta": {"buttons"}})
	page := browse(t, client, http.MethodPost, d.address+"/impostazioni/effetto", url.Values{"action": {"reference"}})
	says(t, "the steps", page, "qui non serve", "1 su 1", "Continui da qui")
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
