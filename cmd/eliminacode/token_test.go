package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access/private"
)

// askAs asks a page of a daemon with a token, and answers the status.
func askAs(t *testing.T, address, bearer string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+bearer)
	resp, err := (&http.Client{Timeout: time.Minute}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// TestTokensOnTheBox makes a token by the command line, uses it, kills the daemon,
// uses it again, and takes it back.
func TestTokensOnTheBox(t *testing.T) {
	t.Parallel() // it waits more than it works
	data := t.TempDir()
	d := startServe(t, data)
	says(t, "an empty list", runProgram(t, "token", "list", "--data", data), "No program has a token")
	runProgram(t, "clock", "set", time.Now().AddDate(0, 0, 3).Format("2006-01-02 15:04"), "--sure", "--data", data)
	text := strings.TrimSpace(runProgram(t, "token", "create", "--role", "manager", "--name", "intranet", "--expires", "1w", "--scope", "state", "--data", data))
	if got := askAs(t, d.address+"/api/v1/state/manager", text); got != http.StatusOK {
		t.Errorf("its role's page answers %d", got)
	}
	if got := askAs(t, d.address+"/api/v1/state/reception", text); got != http.StatusForbidden {
		t.Errorf("another role's page answers %d", got)
	}
	says(t, "the same name again", failing(t, time.Minute, "token", "create", "--role", "manager", "--name", "intranet", "--data", data), "choose another name")
	says(t, "a scope that there is not", failing(t, time.Minute, "token", "create", "--role", "manager", "--name", "x", "--scope", "tickets", "--data", data), "tickets", "use some of blocks", "reception")
	says(t, "ten years", failing(t, time.Minute, "token", "create", "--role", "manager", "--name", "x", "--expires", "500w", "--data", data), "expires", "--help")
	d.kill()

	d = startServe(t, data)
	if got := askAs(t, d.address+"/api/v1/state/manager", text); got != http.StatusOK {
		t.Errorf("after a restart its page answers %d", got)
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	var list []listedToken
	if err := json.Unmarshal([]byte(runProgram(t, "token", "list", "--json", "--data", data)), &list); err != nil || len(list) != 1 || list[0].Used == nil {
		t.Fatalf("%+v, %v", list, err)
	}
	says(t, "the list", runProgram(t, "token", "list", "--data", data), list[0].ID, "intranet", "manager", "state", list[0].Expires.In(rome).Format(time.DateOnly))
	says(t, "another ID", failing(t, time.Minute, "token", "revoke", "00000000", "--data", data), "see eliminacode token list")
	says(t, "revoke", runProgram(t, "token", "revoke", list[0].ID, "--data", data), "intranet")
	says(t, "revoke once more", runProgram(t, "token", "revoke", list[0].ID, "--data", data), "The token "+list[0].ID+" was taken back before.")
	if got := askAs(t, d.address+"/api/v1/state/manager", text); got != http.StatusUnauthorized {
		t.Errorf("taken back it answers %d", got)
	}
	d.kill()
	// The audit list is dated by the clock of the office, which is three days ahead here.
	store, err := private.Open(filepath.Join(data, privateName, accountsName), cheap)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	seen := 0
	for e, err := range store.Audit() {
		if err != nil {
			t.Fatal(err)
		}
		if ahead := time.Until(e.At); strings.HasPrefix(e.What, "token.") {
			if seen++; ahead < 60*time.Hour || ahead > 84*time.Hour {
				t.Errorf("%s is dated %v", e.What, e.At)
			}
		}
	}
	if seen != 2 {
		t.Errorf("%d acts on tokens are in the list", seen)
	}
}

// A person is somebody at a browser of their own, without script.
type person struct {
	t       *testing.T
	address string
	http.Client
}

func newPerson(t *testing.T, address string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t, address, http.Client{Jar: jar, Timeout: time.Minute}}
}

// opens asks for a page and follows where it leads.
func (p *person) opens(path string) (status int, page string) {
	return p.does(http.MethodGet, path, nil)
}

// sends sends a form and follows where it leads.
func (p *person) sends(path string, pairs ...string) (status int, page string) {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return p.does(http.MethodPost, path, form)
}

func (p *person) does(method, path string, form url.Values) (status int, page string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", p.address)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := p.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

var (
	shownCode    = regexp.MustCompile(`<p class="secret-text"[^>]*>([A-Z0-9]{4}-[A-Z0-9]{4})</p>`)
	pairingShown = regexp.MustCompile(`>\s*([ACDEFGHJKMNPQRTUVWXY34679]{3}-[ACDEFGHJKMNPQRTUVWXY34679]{3})\s*<`)
	versionShown = regexp.MustCompile(`name="versione" value="(\d+)"`)
	personShown  = regexp.MustCompile(`href="(/persone/[0-9a-f]{8})"`)
)

func found(t *testing.T, what string, pattern *regexp.Regexp, text string) string {
	t.Helper()
	m := pattern.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no %s in %s", what, text)
	}
	return m[1]
}

// TestAdministratorsDay: with the code from the console of a new box somebody
// becomes the first administrator, adds a clerk who chooses a password and comes
// in, pairs a board that shows its code, and switches the clerk off. The audit
// list tells of it all, after a power cut too.
func TestAdministratorsDay(t *testing.T) {
	t.Parallel() // it waits more than it works
	flags := []string{"--data", t.TempDir(), "--office", alwaysOpen(t, t.TempDir())}
	initBox(t, flags...) // with no administrator yet
	start := func() *served {
		return startProgram(t, programCommand(t.Context(), slices.Concat([]string{"serve"}, flags, []string{"--listen", "127.0.0.1:0"})...))
	}
	d := start()
	var code string
	for deadline := time.Now().Add(2 * time.Minute); code == ""; time.Sleep(50 * time.Millisecond) {
		if m := codeSaid.FindStringSubmatch(d.said.String()); m != nil {
			code = m[1]
		} else if time.Now().After(deadline) {
			t.Fatalf("the console tells no code: %s", d.said.String())
		}
	}
	ada, carla, board := newPerson(t, d.address), newPerson(t, d.address), newPerson(t, d.address)
	if _, page := ada.sends("/primo-accesso", "codice", "ACDE-FGHJ", "nome", "ada", "persona", "Ada Neri", "segreto", "quattro cavalli in blu"); strings.Contains(page, `href="/persone"`) {
		t.Error("another code makes an administrator")
	}
	ada.sends("/primo-accesso", "codice", code, "nome", "ada", "persona", "Ada Neri", "segreto", "quattro cavalli in blu")
	status, page := ada.sends("/persone", "persona", "Carla Verdi", "nome", "carla", "ruolo", "clerk")
	if status != http.StatusOK {
		t.Fatalf("adding a person: %d %s", status, page)
	}
	carla.sends("/codice", "codice", found(t, "code", shownCode, page), "nome", "carla", "come", "password", "segreto", "sette nani sul tetto")
	if status, _ = carla.opens("/cruscotto"); status != http.StatusOK {
		t.Errorf("the console is closed to its clerk: %d", status)
	}
	if status, _ = carla.opens("/persone"); status != http.StatusForbidden {
		t.Errorf("the people are open to a clerk: %d", status)
	}

	_, page = board.opens("/tabellone")
	if status, page = ada.sends("/schermi", "codice", found(t, "pairing code", pairingShown, page), "nome", "Atrio", "ruolo", "board"); status != http.StatusOK {
		t.Errorf("pairing: %d %s", status, page)
	}
	if status, page = board.opens("/tabellone"); status != http.StatusOK || !strings.Contains(page, "data-big-number") {
		t.Errorf("the board that was paired: %d", status)
	}
	if status, _ = board.opens("/cruscotto"); status == http.StatusOK {
		t.Error("a board opens the console")
	}

	_, page = ada.opens("/persone")
	var of string
	for _, m := range personShown.FindAllStringSubmatch(page, -1) {
		if _, one := ada.opens(m[1]); strings.Contains(one, "Carla Verdi") {
			of = m[1]
			ada.sends(of, "versione", found(t, "version", versionShown, one), "azione", "disable")
		}
	}
	if _, page = carla.opens("/cruscotto"); of == "" || strings.Contains(page, "desk-card") {
		t.Error("a person who was switched off is still in")
	}

	file := filepath.Join(t.TempDir(), "office.toml")
	text := runProgram(t, "office", "show", "--data", flags[1])
	if err := os.WriteFile(file, []byte(strings.Replace(text, "piano terra", "primo piano", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, "a reason that is too long", failing(t, 30*time.Second, "office", "change", file, "--data", flags[1], "--why", strings.Repeat("x", 301)), "300 characters")
	runProgram(t, "office", "change", file, "--data", flags[1], "--why", "Delibera 12 del 3 marzo")
	d.kill()

	d = start()
	ada.address, board.address = d.address, d.address // cookies go by the host alone
	if status, page = ada.opens("/atti"); status != http.StatusOK {
		t.Fatalf("after a restart the administrator is out: %d", status)
	}
	says(t, "the audit list", page, "Primo amministratore", "Persona aggiunta", "Schermo collegato", "Delibera 12 del 3 marzo", "Ada Neri", "Carla Verdi")
	if status, page = board.opens("/tabellone"); status != http.StatusOK || !strings.Contains(page, "data-big-number") {
		t.Errorf("after a restart the board must be paired again: %d", status)
	}
}

func TestLifeOfAToken(t *testing.T) {
	for text, want := range map[string]time.Duration{"90d": 90 * 24 * time.Hour, "12w": 84 * 24 * time.Hour, "8h": 8 * time.Hour} {
		if got, err := readLife(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "d", "90", "0d", "-1d", "+1d", "1.5d", "90m", "1 d", "90999w", "99999w", "9999999999999d"} {
		if got, err := readLife(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func FuzzReadLife(f *testing.F) {
	f.Add("90d")
	f.Add("99999w")
	f.Fuzz(func(t *testing.T, text string) {
		if life, err := readLife(text); err == nil && (life <= 0 || life > longestLife) {
			t.Errorf("%q is read as %v", text, life)
		} else if err != nil && !strings.Contains(err.Error(), ";") {
			t.Errorf("%v does not say what to write", err)
		}
	})
}
