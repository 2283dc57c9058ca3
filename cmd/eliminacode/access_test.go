package main

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"eliminacode/device/sim/printer"
	"eliminacode/display/access"
	"eliminacode/display/access/private"
	"eliminacode/queue/words"
)

const goodPassword = "vento di tramontana 12"

// cheap costs tests little; what a secret costs is shown elsewhere.
var cheap = private.Options{Cost: access.Cost{MemoryKiB: 64, Passes: 1, Threads: 1}}

// administered makes the first administrator of a data folder whose daemon does
// not run, so that its start prints no code.
func administered(t testing.TB, data string) {
	t.Helper()
	s, err := private.Open(filepath.Join(data, privateName, "access.db"), cheap)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.NeedsFirst() {
		administeredIn(t, s)
	}
}

// administeredIn is administered for accounts that are open.
func administeredIn(t testing.TB, s *private.Store) {
	t.Helper()
	code, err := s.PrintCode(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	who := access.Attempt{Address: "127.0.0.1", Login: "a.rossi", Secret: code.Code, How: access.ByPassword}
	if _, err := s.MakeFirst(t.Context(), time.Now(), who, access.Member{Login: "a.rossi", Name: "Anna Rossi"}, goodPassword); err != nil {
		t.Fatal(err)
	}
}

var (
	codeOnPaper  = regexp.MustCompile(`(?m)^\s*([2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4})\s*$`)
	codeSaid     = regexp.MustCompile(`write the code ([2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}) within`)
	staffAddress = regexp.MustCompile(`https://[0-9.:]+`)
	fingerprint  = regexp.MustCompile(`(?m)^([0-9A-F]{2}:){31}[0-9A-F]{2}$`)
)

// eventually waits for a text that something says.
func eventually(t *testing.T, what string, say func() string, pattern *regexp.Regexp) []string {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(50 * time.Millisecond) {
		if found := pattern.FindStringSubmatch(say()); found != nil {
			return found
		}
	}
	t.Fatalf("%s never says %v: %s", what, pattern, say())
	return nil
}

func lastTicket(p *printer.Printer) func() string {
	return func() string {
		if all := p.Tickets(); len(all) > 0 {
			return all[len(all)-1].Text
		}
		return ""
	}
}

// TestTheFirstCodeIsOnPaper begins an office: its printer gives the code of the
// first administrator, who signs in under TLS by a certificate whose fingerprint
// stands on the slip; a restart keeps account and session, and prints nothing.
func TestTheFirstCodeIsOnPaper(t *testing.T) {
	t.Parallel() // it waits more than it works
	data, port := t.TempDir(), filepath.Join(t.TempDir(), "atrio")
	paper := startPrinter(port, func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}, t.Cleanup)
	box, office := filepath.Join(t.TempDir(), "box.toml"), alwaysOpen(t, t.TempDir())
	writeFile(t, box, "schema = 1\n[data]\ndir = \""+data+"\"\n[web]\nlisten = \"127.0.0.1:0\"\nstaff = \"127.0.0.1:0\"\n"+
		"[[printer]]\nname = \"atrio\"\nport = \""+port+"\"\noutlet = \"sala\"\nprofile = \"generic-80-process-id\"\n")
	initBox(t, "--config", box, "--office", office)
	serve := func() *served {
		return startProgram(t, programCommand(t.Context(), "serve", "--config", box, "--office", office))
	}
	d := serve()
	code := eventually(t, "the paper", lastTicket(paper), codeOnPaper)[1]
	slip := lastTicket(paper)()
	said := eventually(t, "the daemon", d.said.String, fingerprint)[0]
	for i := 0; i < len(said); i += 24 {
		if pairs := strings.TrimSuffix(said[i:min(i+24, len(said))], ":"); !strings.Contains(slip, pairs) {
			t.Errorf("the slip lacks %s of the fingerprint:\n%s", pairs, slip)
		}
	}
	// On a busy machine the printer is not always heard in time, and the console
	// tells the same code.
	told := eventually(t, "the start", d.said.String, regexp.MustCompile(`came out of the ticket printer|`+codeSaid.String()))
	if told[1] != "" && told[1] != code {
		t.Errorf("the paper says %s, the console %s", code, told[1])
	}

	// Nobody but a person compares the fingerprint; here the test does.
	client := newVisitor(t)
	client.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	at := staffAddress.FindString(d.said.String())
	page := becomeFirst(t, client, at, code, "Anna Rossi", "a.rossi")
	says(t, "the first page", page, "Anna Rossi")
	says(t, "the manager's page", browse(t, client, http.MethodGet, at+"/responsabile", nil), "Anna Rossi")

	printed := len(paper.Tickets())
	d.stop(t)
	d = serve()
	defer d.stop(t)
	// The port is another one, and cookies are a host's.
	again := staffAddress.FindString(eventually(t, "the restarted daemon", d.said.String, staffAddress)[0])
	says(t, "the manager's page after a restart", browse(t, client, http.MethodGet, again+"/responsabile", nil), "Anna Rossi")
	if now := eventually(t, "the restarted daemon", d.said.String, fingerprint)[0]; now != said {
		t.Error("a restart made another certificate")
	}
	if n := len(paper.Tickets()); n != printed {
		t.Errorf("a restart printed %d more slips", n-printed)
	}
}

// A slip that nobody has confirmed may be on paper all the same: the console tells
// its code, and no other that would make the paper's void.
func TestTheConsoleTellsTheCodeThatMayBeOnPaper(t *testing.T) {
	store, err := private.Open(filepath.Join(t.TempDir(), "access.db"), cheap)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	o := &office{access: store, address: "http://127.0.0.1:80"}
	var slip words.BoxStatus
	if err := o.addCode(t.Context(), &slip); err != nil || !slip.First {
		t.Fatalf("%+v, %v", slip, err)
	}
	var said string
	if err := new(app).tellFirstCode(t.Context(), o, func(text string) { said = text }); err != nil {
		t.Fatal(err)
	}
	if told := codeSaid.FindStringSubmatch(said); told == nil || told[1] != slip.Code {
		t.Errorf("the slip says %s, the console %q", slip.Code, said)
	}
}

// A technician's grip on a box without a printer has the console tell another code, and
// the one before is void; once there is an administrator it tells none.
func TestAGripHasTheConsoleTellAnotherCode(t *testing.T) {
	store, err := private.Open(filepath.Join(t.TempDir(), "access.db"), cheap)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	o := &office{access: store, address: "http://127.0.0.1:80", log: slog.New(slog.DiscardHandler)}
	grip := func() (code string) {
		t.Helper()
		err := new(app).answerGrip(t.Context(), o, []string{"GPIO2", "GPIO3"}, func(text string) {
			if told := codeSaid.FindStringSubmatch(text); told != nil {
				code = told[1]
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	first, second := grip(), grip()
	if first == "" || second == "" || first == second {
		t.Errorf("two grips had the console tell %q and %q", first, second)
	}
	administeredIn(t, store)
	if code := grip(); code != "" {
		t.Errorf("with an administrator the console tells %q", code)
	}
}

// TestTheFirstCodeIsOnTheConsole: a box with no printer tells the code where it was
// started.
func TestTheFirstCodeIsOnTheConsole(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	initBox(t, "--data", data)
	d := startProgram(t, programCommand(t.Context(), "serve", "--data", data, "--listen", "127.0.0.1:0"))
	defer d.stop(t)
	code := eventually(t, "the console", d.said.String, codeSaid)[1]
	client := newVisitor(t)
	page := becomeFirst(t, client, d.address, code, "Anna Rossi", "a.rossi")
	says(t, "the first page", page, "Anna Rossi")
}

// newVisitor is a browser in which nobody has signed in.
func newVisitor(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// becomeFirst makes somebody the first administrator with the one-time code, and
// answers the page that shows.
func becomeFirst(t *testing.T, client *http.Client, address, code, person, login string) string {
	t.Helper()
	return browse(t, client, http.MethodPost, address+"/primo-accesso", url.Values{
		"codice": {code}, "persona": {person}, "nome": {login}, "segreto": {goodPassword},
	})
}

// browse answers what a browser shows.
func browse(t *testing.T, client *http.Client, method, address string, form url.Values) string {
	t.Helper()
	return browsed(t, client, method, address, form, http.StatusOK)
}

// browsed answers what a browser shows, which comes with a status.
func browsed(t *testing.T, client *http.Client, method, address string, form url.Values, status int) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return shownWith(t, client, r, status)
}

// shownFor is the page that answers a request.
func shownFor(t *testing.T, client *http.Client, r *http.Request) string {
	t.Helper()
	return shownWith(t, client, r, http.StatusOK)
}

// shownWith is the page that answers a request with a status.
func shownWith(t *testing.T, client *http.Client, r *http.Request, status int) string {
	t.Helper()
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		t.Fatalf("%s answers %s, %v: %s", r.URL, resp.Status, err, b)
	}
	return string(b)
}

// TestAccountsThatCannotBeReadStopNoQueue damages the file of the accounts: the
// office opens, its pages say what to do, and who presses gets a ticket.
func TestAccountsThatCannotBeReadStopNoQueue(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	prepareBox(t, "--data", data)
	writeFile(t, filepath.Join(data, privateName, "access.db"), "this is no database")
	d := startProgram(t, programCommand(t.Context(), "serve", "--data", data, "--listen", "127.0.0.1:0"))
	defer d.stop(t)
	resp, err := http.Get(d.address + "/accesso")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	says(t, "the sign-in page", string(b), "avvisi subito il tecnico")
	says(t, "the log", d.log.String(), "nobody can sign in", "access.db")
	if _, err := os.Stat(filepath.Join(data, privateName, "access.db")); err != nil {
		t.Errorf("the file is gone: %v", err)
	}
	says(t, "the journal", runProgram(t, "journal", "verify", "--data", data), "OK:")
}
