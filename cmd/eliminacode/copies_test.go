package main

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

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
	client := newVisitor(t)
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

// sendFile posts a form with one file, as a browser does.
func sendFile(t *testing.T, client *http.Client, address, name string, file []byte) string {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	_, err = part.Write(file)
	if err := errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	return shownFor(t, client, r)
}

var copyChosen = regexp.MustCompile(`copia\?copia=([0-9a-f]+)`)

// putBackFrom puts the one copy back that a page lists, of an office that gave B001, and
// has it go on.
func putBackFrom(t *testing.T, d *served, client *http.Client, page string) {
	t.Helper()
	chosen := copyChosen.FindStringSubmatch(page)
	if chosen == nil {
		t.Fatalf("nothing can be chosen: %s", page)
	}
	browse(t, client, http.MethodPost, d.address+"/impostazioni/copia", url.Values{"copia": {chosen[1]}})
	eventually(t, "the console", d.said.String, regexp.MustCompile(`(?s)is put back.*answers on`))
	if a, status, answer := d.issue(t, "after"); status != http.StatusCreated || a.Ticket.Number != "B101" {
		t.Errorf("after the copy: %d %s", status, answer)
	}
}

// TestACopyIsSentAndPutBack sends the file of a copy to a box without an office, which
// reads it through, lists it and puts it back; half of one, and what is no copy, are
// refused and leave nothing.
func TestACopyIsSentAndPutBack(t *testing.T) {
	t.Parallel() // it waits more than it works
	base := t.TempDir()
	old, file, data := filepath.Join(base, "old", "data"), filepath.Join(base, "copia.tar"), filepath.Join(base, "new", "data")
	d := startServe(t, old)
	if a, status, answer := d.issue(t, "before"); status != http.StatusCreated || a.Ticket.Number != "B001" {
		t.Fatalf("issuing: %d %s", status, answer)
	}
	says(t, "the backup", runProgram(t, "journal", "backup", "--data", old, "--to", file), file, "/impostazioni/copia")
	says(t, "a second one", failing(t, 30*time.Second, "journal", "backup", "--data", old, "--to", file), "exists already")
	d.stop(t)
	sent, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := programCommand(t.Context(), "init", "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	administered(t, data)
	d = startProgram(t, programCommand(t.Context(), "serve", "--data", data, "--listen", freeAddress(t)))
	defer d.stop(t)
	client := signedIn(t, d.address)
	to := d.address + "/impostazioni/copia/file"
	for what, bad := range map[string][]byte{"no copy": []byte("no copy"), "half a copy": sent[:len(sent)/2], "nothing": nil} {
		says(t, what, sendFile(t, client, to, "copia.tar", bad), "non è una copia intera")
		if left, _ := filepath.Glob(filepath.Join(data, sentName, "*")); len(left) > 0 {
			t.Errorf("%s leaves %v", what, left)
		}
	}
	page := sendFile(t, client, to, "copia.tar", sent)
	says(t, "the copy", page, "Copia ricevuta", "B101")
	// What is refused now leaves the one that came whole.
	for what, bad := range map[string][]byte{"no copy after a good one": []byte("\xff\xd8\xff\xe0 a picture"), "half a copy after a good one": sent[:len(sent)/2]} {
		refused := sendFile(t, client, to, "foto.jpg", bad)
		says(t, what, refused, "non è una copia intera", "B101")
		if strings.Contains(refused, "Nessuna copia trovata") {
			t.Errorf("%s takes the good one away", what)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(data, sentName, "*")); len(left) != 1 {
		t.Errorf("beside the good one there is %v", left)
	}
	page = sendFile(t, client, to, "copia.tar", sent)
	says(t, "the copy once more", page, "Copia ricevuta", "B101")
	putBackFrom(t, d, client, page)
	if strings.Contains(d.log.String(), "as fast as a page") {
		t.Error("a large copy would be broken off")
	}
	if _, err := os.Stat(filepath.Join(data, sentName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the copy that was sent is still there: %v", err)
	}
}

// TestADamagedJournalIsAPage damages the journal of an office: its pages say that it is
// out of service, who signs in reads which file and puts a copy back, and the office
// goes on at numbers that nobody has; the damaged journal is kept.
func TestADamagedJournalIsAPage(t *testing.T) {
	t.Parallel() // it waits more than it works
	base := t.TempDir()
	data, copied := filepath.Join(base, "data"), filepath.Join(base, "copia")
	d := startServe(t, data)
	if a, status, answer := d.issue(t, "before"); status != http.StatusCreated || a.Ticket.Number != "B001" {
		t.Fatalf("issuing: %d %s", status, answer)
	}
	runProgram(t, "journal", "backup", "--data", data, "--to", copied)
	d.stop(t)
	months, err := filepath.Glob(filepath.Join(data, "journal", "journal-*.db"))
	if err != nil || len(months) == 0 {
		t.Fatalf("there are no months: %v", err)
	}
	if err := os.Truncate(months[0], 0); err != nil {
		t.Fatal(err)
	}
	d = startProgram(t, programCommand(t.Context(), "serve", "--data", data, "--listen", freeAddress(t)))
	defer d.stop(t)
	says(t, "the console", d.log.String(), filepath.Base(months[0]), "restore --from")
	anybody := stoppedAnswer(t, d.address+"/")
	says(t, "the page for anybody", anybody, "I dati dell&#39;ufficio sono danneggiati", "Avvisi il tecnico", `href="/accesso"`)
	if strings.Contains(anybody, filepath.Base(months[0])) || strings.Contains(anybody, "/impostazioni/copia") {
		t.Errorf("anybody reads where the data are: %s", anybody)
	}
	says(t, "a program", stoppedAnswer(t, d.address+"/api/v1/state/board"), `"code":"office-stopped"`)
	client := newVisitor(t)
	why := stoppedAnswerTo(t, client, http.MethodPost, d.address+"/accesso", url.Values{"nome": {"a.rossi"}, "segreto": {goodPassword}})
	says(t, "the page for who mends it", why, months[0], `href="/impostazioni/copia"`, "Rimetti una copia")
	list := browse(t, client, http.MethodGet, d.address+"/impostazioni/copia", nil)
	says(t, "the copies", list, copied, "B101")
	putBackFrom(t, d, client, list)
	if kept, err := filepath.Glob(filepath.Join(data, "journal"+"*", filepath.Base(months[0]))); err != nil || len(kept) < 2 {
		t.Errorf("the damaged journal is not kept: %v, %v", kept, err)
	}
}
