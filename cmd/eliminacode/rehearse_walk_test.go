package main

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/device"
)

// TestAVirtualKeypadHasTheKeysThatItShows presses every key that the page shows, and has
// no key that the usual keypad lacks.
func TestAVirtualKeypadHasTheKeysThatItShows(t *testing.T) {
	b, err := newVirtualBox(t.TempDir(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range b.Keypads() {
		for _, key := range k.Keys {
			if err := b.Key(k.ID, key); err != nil {
				t.Error(err)
			}
		}
		if !slices.Contains(k.Keys, string(device.KeyNext)) || slices.Contains(k.Keys, string(device.KeyFinish)) {
			t.Errorf("%s shows the keys %v", k.ID, k.Keys)
		}
	}
}

// TestTheFirstRunIsRehearsedFromNothing has nothing but the program: the code of the
// first administrator is on the simulated paper, printers are tried, buttons and keypads
// found by pressing them on a page, and a button gives the first ticket.
func TestTheFirstRunIsRehearsedFromNothing(t *testing.T) {
	t.Parallel() // it waits more than it works
	data := filepath.Join(t.TempDir(), "rehearsal")
	serve := func(listen string) *served {
		return startProgram(t, programCommand(t.Context(), "serve", "--simulate", "printer", "--data", data, "--listen", listen))
	}
	b := &walkedBox{t: t, d: serve(freeAddress(t))}
	nobody := &http.Client{}
	defer nobody.CloseIdleConnections()
	get := func(client *http.Client, path string) string {
		return browse(t, client, http.MethodGet, b.d.address+path, nil)
	}
	says(t, "the console", eventually(t, "the console", b.d.said.String, regexp.MustCompile(`(?s)came out of the ticket printer.*|Nobody can sign in.*`))[0], "came out of the ticket printer")
	says(t, "the console", b.d.said.String(), "/demo/carta", "/demo/pulsanti")
	codes := func() (all []string) {
		return slices.Compact(regexp.MustCompile(`[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}`).FindAllString(html.UnescapeString(get(nobody, "/demo/carta")), -1))
	}
	first := codes()
	if len(first) != 1 {
		t.Fatalf("the paper has the codes %v: %s", first, get(nobody, "/demo/carta"))
	}
	// The slip is lost: two buttons that nothing names yet print another code.
	browse(t, nobody, http.MethodPost, b.d.address+"/demo/pulsanti", url.Values{"action": {"hold"}})
	another := func(code string) bool { return code != first[0] }
	for begun := time.Now(); !slices.ContainsFunc(codes(), another); time.Sleep(200 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatalf("a technician's grip prints no new code: %s\n%s", get(nobody, "/demo/carta"), b.d.log)
		}
	}
	code := codes()[slices.IndexFunc(codes(), another)]
	says(t, "the page of the first code", get(nobody, "/primo-accesso"), `href="/demo/carta"`)
	b.client = newVisitor(t)
	becomeFirst(t, b.client, b.d.address, code, "Anna Rossi", "a.rossi")
	says(t, "the first page", get(b.client, "/"), "Primo avvio")

	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	file, err := m.CreateFormFile("file", "ufficio.toml")
	if err == nil {
		_, err = file.Write([]byte(alwaysOpenOffice))
	}
	if err == nil {
		err = m.Close()
	}
	r, errOf := http.NewRequestWithContext(t.Context(), http.MethodPost, b.d.address+"/impostazioni/ufficio.toml", &form)
	if err != nil || errOf != nil {
		t.Fatal(err, errOf)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	shownFor(t, b.client, r)

	found := portsFolder + "/usb-0:1.4-port0"
	says(t, "a PROVA", b.post(walkPath, "trial", "name", "atrio"), "si legge bene ed è tagliata?")
	says(t, "the paper", get(nobody, "/demo/carta"), "PROVA")
	says(t, "a person's word", b.post(walkPath, "came-out", "name", "atrio"), "È uscita bene")
	says(t, "the printer's outlet", b.page(), `<option value="pulsantiera" selected>pulsantiera (l&#39;ufficio non ce l&#39;ha)`)
	b.until(`name="kind" value="printer"><input type="hidden" name="name" value="`+found+`"`, 1, func() { time.Sleep(200 * time.Millisecond) })

	press := func(action string, fields ...string) func() {
		return func() {
			form := url.Values{"action": {action}}
			for i := 0; i < len(fields); i += 2 {
				form.Set(fields[i], fields[i+1])
			}
			browse(t, nobody, http.MethodPost, b.d.address+"/demo/pulsanti", form)
		}
	}
	buttons := regexp.MustCompile(`name="button" value="(GPIO\d+)"`).FindAllStringSubmatch(get(nobody, "/demo/pulsanti"), -1)
	if len(buttons) < 2 {
		t.Fatalf("the page has the buttons %v", buttons)
	}
	if page := get(nobody, "/demo/pulsanti"); strings.Contains(page, "Persone simulate") {
		t.Error("a rehearsal without people has a switch for them")
	}
	line, pad := buttons[0][1], "usb-0:1.1-event-kbd"
	b.until(`value="`+line+`"`, 1, press("press", "button", line))
	// The printer goes where the number of its button comes out.
	b.named("a button", "kind", "button", "name", line, "service", "anagrafe", "outlet", "sala")
	says(t, "the printer", b.page(), `name="name" value="atrio"><label>Dove esce il numero <select class="form-select" name="outlet"><option value="sala" selected>`)
	b.until(`name="name" value="/dev/input/by-path/`+pad+`"`, 1, press("key", "keypad", pad, "key", "next"))
	b.named("a keypad", "kind", "keypad", "name", "/dev/input/by-path/"+pad, "desk", "s1", "model", "numeric")

	page := get(b.client, "/impostazioni/effetto")
	browse(t, b.client, http.MethodPost, b.d.address+"/impostazioni/effetto", url.Values{
		"mark": {markOfDraft.FindStringSubmatch(page)[1]}, "action": {"save"}, "when": {"now"}, "why": {"Apertura"},
	})
	for begun := time.Now(); !strings.Contains(get(nobody, "/demo/carta"), "A001"); time.Sleep(200 * time.Millisecond) {
		if press("press", "button", line)(); time.Since(begun) > time.Minute {
			t.Fatalf("no ticket came out: %s\n%s", get(nobody, "/demo/carta"), b.d.log)
		}
	}
	// What the devices are for is mended with the office in force, too.
	says(t, "the wiring", b.page(), "Collegamenti", `<option value="anagrafe" selected>`)
	b.named("the button again", "kind", "button", "name", "anagrafe", "service", "anagrafe", "outlet", "sala")
	says(t, "the devices", get(b.client, "/responsabile/apparecchi"), `href="/impostazioni/prove"`)
	const technician = "/responsabile/tecnico"
	says(t, "the technician's page", get(b.client, technician), "È una prova", "atrio", `href="/impostazioni/prove"`)
	browse(t, b.client, http.MethodPost, b.d.address+technician, url.Values{"action": {"check"}})
	says(t, "the technician's check", get(b.client, technician), "è una prova: servizio, utenti, dischi e orologio")
	b.d.stop(t)

	// The rehearsal goes on where it stopped, and is no box of its own.
	b.d = serve("127.0.0.1:0")
	says(t, "the rehearsal again", get(b.client, "/"), "Comune di Prova")
	says(t, "a real box on it", failing(t, 30*time.Second, "serve", "--data", data, "--listen", "127.0.0.1:0"), "holds a demonstration")
	b.d.stop(t)
}
