package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestACopyIsPutBackInTheBrowser begins a box with no office beside a copy of one:
// its page says what the copy holds, asks once, puts it back as the command does,
// and comes to the office, whose numbers go on; a damaged copy is told and changes
// nothing.
func TestACopyIsPutBackInTheBrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	base := t.TempDir()
	old, copied, data := filepath.Join(base, "old", "data"), filepath.Join(base, "copia"), filepath.Join(base, "data")
	d := startServe(t, old)
	if a, status, answer := d.issue(t, "before"); status != http.StatusCreated || a.Ticket.Number != "B001" {
		t.Fatalf("issuing: %d %s", status, answer)
	}
	runProgram(t, "journal", "backup", "--data", old, "--to", copied)
	d.stop(t)
	broken := filepath.Join(base, "rotta")
	if err := os.CopyFS(broken, os.DirFS(copied)); err != nil {
		t.Fatal(err)
	}
	months, err := filepath.Glob(filepath.Join(broken, "*.db"))
	if err != nil || len(months) == 0 {
		t.Fatalf("the copy has no months: %v", err)
	}
	writeFile(t, months[0], "no database")

	if out, err := programCommand(t.Context(), "init", "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	administered(t, data)
	d = startProgram(t, programCommand(t.Context(), "serve", "--data", data, "--listen", freeAddress(t)))
	defer d.stop(t)
	p := open(t, browser(t), d.address+"/accesso")
	p.signIn(d.address)
	p.do(chromedp.Navigate(d.address+"/impostazioni"), chromedp.Click(`a[href="/impostazioni/copia"]`), chromedp.WaitVisible(`.copy`))
	says(t, "the list", p.text("main"), copied, "B101", "Non si può rimettere", broken)

	// What cannot be put back is refused, whoever asks for it.
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	defer client.CloseIdleConnections()
	browse(t, client, http.MethodPost, d.address+"/accesso", url.Values{"nome": {"a.rossi"}, "segreto": {goodPassword}})
	says(t, "a copy that is not there", browse(t, client, http.MethodPost, d.address+"/impostazioni/copia", url.Values{"copia": {"../etc"}}), "scelga dall")

	p.do(chromedp.Click(`a[href^="/impostazioni/copia?copia="]`), chromedp.WaitVisible(`button[name=copia]`))
	says(t, "the question", p.text("main"), "Rimettere la copia di")
	p.do(chromedp.Click(`button[name=copia]`))
	p.comesTo("the office is in force", `location.pathname === '/impostazioni' && document.querySelector('.first-run') === null && document.querySelector('.tiles') !== null`)
	if a, status, answer := d.issue(t, "after"); status != http.StatusCreated || a.Ticket.Number != "B101" {
		t.Errorf("after the copy: %d %s", status, answer)
	}
	says(t, "the page of copies", browse(t, client, http.MethodGet, d.address+"/impostazioni/copia", nil), "Impostazioni")
	says(t, "the daemon", d.said.String(), "is put back")
	says(t, "verify", runProgram(t, "journal", "verify", "--data", data), "OK:")
}
