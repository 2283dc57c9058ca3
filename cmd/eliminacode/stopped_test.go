package main

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// signIn gives a tab the session of the administrator that administered made.
func (p page) signIn(address string) {
	p.t.Helper()
	p.do(chromedp.Navigate(address+"/accesso"), chromedp.SendKeys(`[name=nome]`, "a.rossi"),
		chromedp.SendKeys(`[name=segreto]`, goodPassword), chromedp.Submit(`[name=segreto]`), chromedp.WaitVisible(`.top-who`))
}

// stoppedAnswer is what an address of an office out of service answers.
func stoppedAnswer(t *testing.T, address string) string {
	t.Helper()
	return stoppedAnswerTo(t, http.DefaultClient, http.MethodGet, address, nil)
}

// stoppedAnswerTo is what it answers in the end to somebody.
func stoppedAnswerTo(t *testing.T, client *http.Client, method, address string, form url.Values) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("%s answers %s, %v", address, resp.Status, err)
	}
	return string(body)
}

// TestWrongSettingsAreAPage breaks the settings of a box whose board and staff are
// looking: the board says that the office is out of service, who signs in reads the
// file, the line and what to do, anybody else does not, and once the file is mended
// all go on by themselves, without a restart.
func TestWrongSettingsAreAPage(t *testing.T) {
	t.Parallel() // it waits more than it works
	dir := t.TempDir()
	data, box, address := filepath.Join(dir, "data"), filepath.Join(dir, "box.toml"), freeAddress(t)
	good := "schema = 1\n[data]\ndir = \"" + data + "\"\n[web]\nlisten = \"" + address + "\"\n[office]\nfile = \"" + alwaysOpen(t, dir) + "\"\n"
	writeFile(t, box, good)
	prepareBox(t, "--config", box)
	serve := func() *served { return startProgram(t, programCommand(t.Context(), "serve", "--config", box)) }
	d := serve()
	at := d.address
	b := browser(t)
	board := open(t, b, at+"/")
	board.signIn(at)
	board.do(chromedp.Navigate(at + "/tabellone"))
	live := `document.querySelector('[data-lost]')?.hidden === true`
	board.until("the board is live", live)
	staff := open(t, b, at+"/responsabile")
	staff.until("the staff's page is live", live)
	d.stop(t)

	writeFile(t, box, good+"[[printer]]\nname = \"atrio\"\nport = \"/dev/ttyUSB0\"\nspeed = 9600\n")
	d = serve()
	says(t, "the console", d.log.String(), "box.toml:10:", "unknown key", "Mend it")
	says(t, "what it answers", d.said.String(), "out of service")
	board.comesTo("the board is out of service", `document.querySelector('h1').textContent === 'Fuori servizio' && document.body.innerText.includes('personale')`)
	staff.comesTo("the staff reads why", `document.body.innerText.includes('box.toml, riga 10')`)
	text := staff.text("main")
	for _, want := range []string{"printer[1].speed", "unknown key", "box.toml, riga 11", "/dev/serial/by-path", "riparte da solo"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
	anybody := stoppedAnswer(t, at+"/")
	says(t, "the page for anybody", anybody, "Fuori servizio", "Avvisi il tecnico", `href="/accesso"`)
	for _, detail := range []string{"box.toml", "ttyUSB0", dir} {
		if strings.Contains(anybody, detail) {
			t.Errorf("anybody reads %q: %s", detail, anybody)
		}
	}
	says(t, "a program", stoppedAnswer(t, at+"/api/v1/state/board"), `"code":"office-stopped"`)

	// Half mended, the page says what is left.
	writeFile(t, box, good+"[[printer]]\nname = \"atrio\"\nport = \"/dev/ttyUSB0\"\n")
	eventually(t, "the log", d.log.String, regexp.MustCompile(`the office cannot start yet`))
	staff.do(chromedp.Reload())
	staff.comesTo("the page says what is left", `document.querySelectorAll('.stop-faults li').length === 1`)

	writeFile(t, box, good)
	board.comesTo("the board is live again", live)
	staff.comesTo("the staff's page is an office's again", `document.querySelector('.stop-faults') === null`)
	d.stop(t)
	if strings.Contains(d.log.String(), "level=ERROR") {
		t.Errorf("the log has an error: %s", d.log)
	}
}

// Settings that no address can be read from are told at the usual one; with no
// office behind them nobody can sign in, and nothing is made.
func TestSettingsWithoutAnAddressUseTheUsualOne(t *testing.T) {
	dir := t.TempDir()
	box := filepath.Join(dir, "box.toml")
	writeFile(t, box, "[[[\nschema = 1\n[web]\nlisten = \"127.0.0.1:1\"\n[data]\ndir = \""+filepath.Join(dir, "data")+"\"\n")
	s := boxFlags{config: box}.salvaged(machine{root: dir})
	if s.Web.Listen != "127.0.0.1:8080" || s.Data.Dir != defaultData {
		t.Errorf("it would answer on %s with the data of %s", s.Web.Listen, s.Data.Dir)
	}
	d := startProgram(t, programCommand(t.Context(), "serve", "--config", box, "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0"))
	says(t, "the page", stoppedAnswer(t, d.address+"/tabellone"), "Fuori servizio")
	d.stop(t)
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("it made %v, %v", left, err)
	}
}
