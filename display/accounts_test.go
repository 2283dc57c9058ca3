package display

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/chromedp/chromedp"
	"pgregory.net/rapid"

	"eliminacode/display/access"
	"eliminacode/display/access/private"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// testAccounts is a private file of the test's own.
func testAccounts(t testing.TB) *private.Store { return accountsBy(t, nil) }

// accountsBy is testAccounts by a clock.
func accountsBy(t testing.TB, clock func(time.Time) queue.Now) *private.Store {
	t.Helper()
	store, err := private.Open(filepath.Join(t.TempDir(), "access.db"), private.Options{Cost: access.Cost{MemoryKiB: 64, Passes: 1, Threads: 1}, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// withAccounts is a server of an office with accounts.
func withAccounts(t *testing.T) (running, *private.Store) {
	t.Helper()
	o := newTestOffice(t)
	o.busy(t)
	store, cfg := testAccounts(t), o.config()
	cfg.Administration = store
	return serve(t, cfg, ""), store
}

// send posts a form and answers without following it.
func send(t *testing.T, s running, path string, pairs ...string) (int, http.Header, string) {
	t.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return ask(t, request(t, "POST", s.url+path, v.Encode(),
		"Content-Type", "application/x-www-form-urlencoded", "Origin", s.url, "Sec-Fetch-Site", "same-origin"))
}

var anna = []string{"persona", "Anna Bianchi", "nome", "Anna.B", "ruolo", "clerk", "ruolo", "reception", "diritto", "sound", "qualifica", "anagrafe", "qualifica", "cie", "lingua", "de"}

var shownSecret = regexp.MustCompile(`<p class="secret-text[^"]*"[^>]*>([^<]+)</p>`)

func TestAPersonIsAddedAndChoosesAPassword(t *testing.T) {
	s, store := withAccounts(t)
	status, h, body := send(t, s, "/persone", anna...)
	shown := shownSecret.FindStringSubmatch(body)
	if status != http.StatusOK || shown == nil || h.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v %s", status, h, body)
	}
	m := store.Members()[0]
	if m.Login != "anna.b" || m.Name != "Anna Bianchi" || len(m.Roles) != 2 || len(m.Rights) != 1 || len(m.Qualifications) != 2 || m.Language != "de" {
		t.Errorf("%+v", m)
	}
	if _, err := store.UseCode(t.Context(), time.Now(), access.Attempt{Login: "anna.b", Secret: shown[1], How: access.ByPassword}, "quattro cavalli in blu"); err != nil {
		t.Errorf("the code that was shown: %v", err)
	}
	u := surfer{t: t, s: s}
	u.get("/persone/" + m.ID)
	u.sees("Anna Bianchi", `value="anna.b"`, `value="anagrafe" checked`, `value="clerk" checked`, `value="de" lang="de" selected`)
	if strings.Contains(u.page, shown[1]) {
		t.Error("the code is shown again")
	}
}

func TestFaultsOfAPersonAreToldAtTheirFields(t *testing.T) {
	s, store := withAccounts(t)
	send(t, s, "/persone", anna...)
	status, _, body := send(t, s, "/persone", "persona", "", "nome", "ANNA.B", "qualifica", "anagrafe", "lingua", "de")
	if status != http.StatusUnprocessableEntity {
		t.Fatalf("%d", status)
	}
	for _, says := range []string{"Scriva un nome", "Scelga almeno un ruolo", "Da correggere: ", `value="anna.b"`, `value="anagrafe" checked`} {
		if !strings.Contains(body, says) {
			t.Errorf("the page does not say %q", says)
		}
	}
	status, _, body = send(t, s, "/persone", "persona", "Anna Neri", "nome", "anna.b", "ruolo", "clerk")
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "è di un&#39;altra persona") {
		t.Errorf("a login that is taken: %d", status)
	}
	if n := len(store.Members()); n != 1 {
		t.Errorf("%d people", n)
	}
}

func TestEveryFaultOfAFieldHasASentence(t *testing.T) {
	s, _ := withAccounts(t)
	tongue := s.tongueOf(request(t, "GET", s.url, ""))
	now := time.Now()
	for _, err := range []error{access.Member{}.Validate(), access.Paired{}.Validate(), access.Token{}.Validate(now), access.DeskAlert{Minutes: 1}.Validate(),
		access.Member{Language: "?", Rights: []access.Right{"?"}, Qualifications: []string{""}}.Validate(), access.Token{Scopes: []string{"?"}}.Validate(now)} {
		found := fieldFaults(tongue, err)
		if len(found) == 0 {
			t.Errorf("%v has no fault", err)
		}
		for field, text := range found {
			if text == "" || strings.HasPrefix(text, "accounts.") || text == tongue.Say("accounts.fault-other-bad") {
				t.Errorf("%s: %q", field, text)
			}
		}
	}
}

func TestTwoAdministratorsSavingAtOnceAreToldOnThePage(t *testing.T) {
	s, store := withAccounts(t)
	send(t, s, "/persone", anna...)
	m := store.Members()[0]
	u := surfer{t: t, s: s}
	u.get("/persone/" + m.ID)
	version := u.hidden("versione")
	u.post("/persone/"+m.ID, "versione", version, "persona", "Anna Verdi", "nome", "anna.b", "ruolo", "clerk", "azione", "save")
	u.sees("Salvato.", "Anna Verdi")
	u.post("/persone/"+m.ID, "versione", version, "persona", "Anna Neri", "nome", "anna.b", "ruolo", "clerk", "azione", "save")
	u.sees("qualcun altro ha cambiato questi dati", "Anna Verdi")
	for _, act := range []string{"disable", "remove"} {
		u.post("/persone/"+m.ID, "versione", version, "azione", act)
		u.sees("qualcun altro ha cambiato questi dati")
	}
	u.get("/persone/" + m.ID)
	u.post("/persone/"+m.ID, "versione", u.hidden("versione"), "azione", "disable")
	u.sees("non può più entrare", "disattivata")
	u.post("/persone/"+m.ID, "versione", u.hidden("versione"), "azione", "enable")
	u.post("/persone/"+m.ID, "versione", u.hidden("versione"), "azione", "remove")
	u.sees("Nessuna persona")
	u.post("/persone/"+m.ID, "azione", "remove")
	u.sees("qualcun altro l&#39;ha tolto")
}

func TestAScreenIsPairedAndUnpaired(t *testing.T) {
	s, store := withAccounts(t)
	p, err := store.BeginPairing(time.Now(), "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	status, _, body := send(t, s, "/schermi", "codice", "ACDEFG", "nome", "Atrio", "ruolo", "board")
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "Nessuno schermo mostra questo codice") || !strings.Contains(body, `value="Atrio"`) {
		t.Errorf("another code: %d", status)
	}
	status, _, body = send(t, s, "/schermi", "codice", p.Code, "nome", "Totem", "ruolo", "totem", "posto", "desk:s1")
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "Per un totem scelga dove") {
		t.Errorf("a totem at a desk: %d", status)
	}
	u := surfer{t: t, s: s}
	u.post("/schermi", "codice", access.SpellCode(p.Code), "nome", "Totem", "ruolo", "totem", "posto", "outlet:totem")
	u.sees("Schermo collegato", "Totem", "outlet:totem\" selected")
	id := store.Screens()[0].ID
	if v, err := store.Visitor(time.Now(), access.Shown{Screen: p.Secret}); err != nil || !v.May(access.Totem) {
		t.Errorf("%+v %v", v, err)
	}
	u.post("/schermi/"+id, "versione", "1", "nome", "Ingresso", "ruolo", "board", "azione", "save")
	u.sees("Salvato.", "Ingresso")
	u.post("/schermi/"+id, "versione", "1", "nome", "Scala", "ruolo", "board", "azione", "save")
	u.sees("qualcun altro ha cambiato questi dati", "Ingresso")
	u.post("/schermi/"+id, "azione", "revoke")
	u.sees("mostra di nuovo un codice", "Nessuno schermo collegato")
}

func TestATokenIsShownOnce(t *testing.T) {
	s, store := withAccounts(t)
	form := []string{"nome", "sito del Comune", "ruolo", "reception", "giorni", "30", "richieste", "60", "ambiti", "reception, reports"}
	status, h, body := send(t, s, "/programmi", form...)
	shown := shownSecret.FindStringSubmatch(body)
	if status != http.StatusOK || shown == nil || h.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", status, body)
	}
	v, err := store.Visitor(time.Now(), access.Shown{Bearer: shown[1]})
	if err != nil || !v.May(access.Reception) || !v.InScope("reports") || v.InScope("desks") {
		t.Errorf("%+v %v", v, err)
	}
	if life := time.Until(store.Tokens()[0].Expires); life < 29*24*time.Hour || life > 31*24*time.Hour {
		t.Errorf("it is good for %v", life)
	}
	status, _, body = send(t, s, "/programmi", form...)
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "Questo nome c&#39;è già") || strings.Contains(body, "elc_") {
		t.Errorf("the same again: %d", status)
	}
	for name, bad := range map[string][]string{
		"Scelga una durata":       {"nome", "x", "ruolo", "reception", "giorni", "100000000000", "richieste", "60"},
		"Da 1 a 60.000 richieste": {"nome", "x", "ruolo", "reception", "giorni", "30", "richieste", "0"},
		"Scelga una voce":         {"nome", "x", "ruolo", "administrator", "giorni", "30", "richieste", "60"},
	} {
		if status, _, body = send(t, s, "/programmi", bad...); status != http.StatusUnprocessableEntity || !strings.Contains(body, name) {
			t.Errorf("%s: %d", name, status)
		}
	}
	u := surfer{t: t, s: s}
	u.get("/programmi")
	u.sees("sito del Comune", "accoglienza, tempi di attesa")
	if strings.Contains(u.page, shown[1]) {
		t.Error("the token is shown again")
	}
	u.post("/programmi/" + store.Tokens()[0].ID)
	u.sees("Chiave tolta", "Nessuna chiave")
}

func TestActsAreListedAndExported(t *testing.T) {
	s, store := withAccounts(t)
	send(t, s, "/persone", "persona", `=cmd|"<script>alert(1)</script>"`, "nome", "eve", "ruolo", "clerk")
	m := store.Members()[0]
	u := surfer{t: t, s: s}
	u.get("/persone/" + m.ID)
	u.post("/persone/"+m.ID, "versione", u.hidden("versione"), "persona", "Eva", "nome", "eve", "ruolo", "manager", "azione", "save")
	u.get("/atti")
	u.sees("Persona modificata", "Operatore → Responsabile", "Codice per entrare", "Persona aggiunta", "demo")
	if strings.Contains(u.page, "<script>alert") || strings.Contains(u.page, "acts.") {
		t.Error("the page holds a script, or an id in the place of a text")
	}
	_, h, csv := ask(t, request(t, "GET", s.url+"/atti.csv?lingua=de", ""))
	for _, said := range []string{";what;", ";Rolle;", "member.make", words.In("de").Say("acts.did-member-make"), words.In("de").Say("acts.field-login") + ": "} {
		if !strings.Contains(csv, said) {
			t.Errorf("the file does not say %q:\n%s", said, csv)
		}
	}
	if !strings.Contains(h.Get("Content-Disposition"), "atti.csv") || strings.Count(csv, "\n") != 4 || strings.Contains(csv, "\n=") || strings.Contains(csv, ";=") {
		t.Errorf("%v %s", h, csv)
	}
	_, _, text := ask(t, request(t, "GET", s.url+"/atti.json", ""))
	var acts []access.Entry
	if err := json.Unmarshal([]byte(text), &acts); err != nil || len(acts) != 3 || acts[0].What != "member.change" {
		t.Errorf("%v %s", err, text)
	}
}

func TestLongListOfActsHasPages(t *testing.T) {
	s, store := withAccounts(t)
	for range 2*actsOnPage + 10 {
		if err := store.Note(time.Now(), access.By{Name: "Ada"}, "later.act", "", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	u := surfer{t: t, s: s}
	older := regexp.MustCompile(`/atti\?prima=\d+`)
	u.get("/atti")
	for i, want := range []int{actsOnPage, actsOnPage, 10} {
		if got := strings.Count(u.page, "later.act"); got != want {
			t.Errorf("page %d has %d acts, want %d", i+1, got, want)
		}
		next := older.FindString(u.page)
		if (next == "") != (i == 2) {
			t.Fatalf("page %d leads to %q", i+1, next)
		}
		if next != "" {
			u.get(next)
		}
	}
}

func TestWithoutAccountsThereAreNoPagesOfThem(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	if status, _, _ := ask(t, request(t, "GET", s.url+"/persone", "")); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
	if _, _, body := ask(t, request(t, "GET", s.url+"/", "")); strings.Contains(body, `href="/persone"`) {
		t.Error("the pages lead to it")
	}
}

// A desk serves what it has in common with its operator, where two others have just that
// in common with it: else the profile in force would tell the person, who stands nowhere.
func TestADeskServesWhatItsOperatorMay(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	cfg.Administration = cfg.Access.(*private.Store)
	s := serve(t, cfg, "")
	firstAdministrator(t, cfg.Access)
	id := member(t, cfg.Access, "carla", "739164", access.Clerk)
	store := cfg.Access.(*private.Store)
	m, err := store.Member(id)
	if err != nil {
		t.Fatal(err)
	}
	profile := o.newest().Setup().Desks[0].Profile
	m.Qualifications = []string{string(profile.First[0]), "gone"}
	if _, err := store.ChangeMember(time.Now(), access.By{Name: "Anna"}, m); err != nil {
		t.Fatal(err)
	}
	signIn := func(id string) (cookie string) {
		t.Helper()
		values, err := scs.GobCodec{}.Encode(time.Now().Add(time.Hour), map[string]any{access.SessionMember: id, access.SessionHow: string(access.ByPIN), access.SessionDesk: "s1"})
		if err == nil {
			err = store.Sessions().Commit("session-of-"+id, values, time.Now().Add(time.Hour))
		}
		if err != nil {
			t.Fatal(err)
		}
		return "session-of-" + id
	}
	cookie := signIn(id)
	open := func() {
		t.Helper()
		status, _, body := ask(t, request(t, "POST", s.url+"/api/v1/desks/s1/open", "{}", "Content-Type", "application/json", "Origin", s.url, "Sec-Fetch-Site", "same-origin", "Cookie", sessionCookie+"="+cookie))
		if status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
	}
	whole := func(why string) {
		t.Helper()
		open()
		if got := o.newest().ProfileInForce("s1"); len(got.First) != len(profile.First) || len(got.Help) != len(profile.Help) {
			t.Errorf("in force is %+v of %+v, which tells who alone serves it: %s", got, profile, why)
		}
	}
	whole("nobody else has it")
	for i := range 2 {
		made, err := store.MakeMember(time.Now(), access.By{Name: "Anna"}, access.Member{
			Login: fmt.Sprint("made-up", i), Name: "Made up", Roles: []access.Role{access.Clerk}, Subject: fmt.Sprint("subject-", i), Qualifications: m.Qualifications[:1],
		})
		if err != nil {
			t.Fatal(err)
		}
		if list := store.Members(); !slices.ContainsFunc(list, func(m access.Member) bool { return m.ID == made.ID }) {
			t.Fatal(list)
		}
	}
	whole("the others are accounts that nobody can sign in with")
	var others []string
	for login, pin := range map[string]string{"dora": "481736", "elio": "950272"} {
		other, err := store.Member(member(t, cfg.Access, login, pin, access.Clerk))
		if err != nil {
			t.Fatal(err)
		}
		other.Qualifications = []string{string(profile.First[0])}
		if _, err := store.ChangeMember(time.Now(), access.By{Name: "Anna"}, other); err != nil {
			t.Fatal(err)
		}
		others = append(others, other.ID)
	}
	whole("the others have never signed in")
	signIn(others[0])
	whole("one of the others has never signed in")
	before, err := store.Member(others[1])
	if err != nil {
		t.Fatal(err)
	}
	signIn(others[1])
	if after, err := store.Member(others[1]); err != nil || after.Version != before.Version || !after.Changed.Equal(before.Changed) {
		t.Errorf("the first sign-in shows in the account: %+v, was %+v (%v)", after, before, err)
	}
	open()
	if got := o.newest().ProfileInForce("s1"); len(got.First) != 1 || got.First[0] != profile.First[0] || len(got.Help) != 0 {
		t.Errorf("in force is %+v of %+v", got, profile)
	}
}

// TestNoProfileInForceIsOfFewOperators: whatever people may serve, a profile in force
// that is less than the desk's is one that at least three clerks could have put there.
func TestNoProfileInForceIsOfFewOperators(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		services := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), rapid.ID[string])
		people := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) access.Member {
			return access.Member{
				Qualifications: services.Draw(t, "may serve"), Disabled: rapid.IntRange(0, 4).Draw(t, "disabled") == 0,
				HasPIN: rapid.IntRange(0, 4).Draw(t, "pin") > 0, Came: rapid.IntRange(0, 4).Draw(t, "came") > 0,
				Roles: []access.Role{rapid.SampledFrom([]access.Role{access.Clerk, access.Clerk, access.Clerk, access.Manager}).Draw(t, "role")},
			}
		}), 1, 12).Draw(t, "people")
		ids := func(names []string) (of []queue.ServiceID) {
			for _, n := range names {
				of = append(of, queue.ServiceID(n))
			}
			return of
		}
		served := ids(services.Draw(t, "the desk's"))
		help := rapid.IntRange(0, len(served)).Draw(t, "first")
		inForce := map[string]int{} // by what stands in the journal: of how many clerks at work
		narrow := func(m access.Member) string {
			atWork := slices.DeleteFunc(slices.Clone(people), func(m access.Member) bool { return !m.Serves(false) })
			own := sharedBy(atWork, queue.Profile{First: served[:help], Help: served[help:]}, ids(m.Qualifications))
			kept := ""
			for _, id := range served {
				if len(own) == 0 || slices.Contains(own, id) {
					kept += string(id)
				}
			}
			return kept
		}
		for _, m := range people {
			if !m.Disabled && m.HasPIN && m.Came && slices.Contains(m.Roles, access.Clerk) {
				inForce[narrow(m)]++
			}
		}
		for kept, n := range inForce {
			if kept != "" && len(kept) < len(served) && n < 3 {
				t.Errorf("%q of %v would be in force for %d clerks alone", kept, served, n)
			}
		}
	})
}

// accountPages are the pages of accounts, by the names of their pictures.
var accountPages = []struct{ name, path string }{
	{"people", "/persone"}, {"person", "/persone/"}, {"screens", "/schermi"}, {"programs", "/programmi"}, {"acts", "/atti"}, {"alert", "/responsabile/avviso"},
}

// The pages of accounts are judged by axe-core and fit their screens, also those
// that show a secret and those whose form was refused.
func TestAccountPagesInBrowser(t *testing.T) {
	axe := accessibilityChecker(t)
	ctx := browser(t)
	s, store := withAccounts(t)
	by := access.By{Name: "Ada Lovelace", Role: access.Administrator}
	var first access.Member
	for _, m := range []access.Member{
		{Login: "anna.b", Name: "Anna Bianchi", Roles: []access.Role{access.Clerk, access.Reception}, Rights: []access.Right{access.Sound}, Qualifications: []string{"anagrafe"}},
		{Login: "bruno", Name: "Bruno Neri", Roles: []access.Role{access.Manager, access.Quality}, Disabled: true},
		{Login: "a-name-as-long-as-can-be-in-here", Name: "Massimiliana Bartolomei Castelfranco dei Conti di Sant'Angelo in Vado e Mercatel", Roles: access.PeopleRoles()},
	} {
		made, err := store.MakeMember(time.Now(), by, m)
		if err != nil {
			t.Fatal(err)
		}
		if first.ID == "" {
			first = made
		}
	}
	for _, p := range []access.Paired{{Name: "Atrio", Role: access.Board}, {Name: "Ingresso", Role: access.Totem, Place: "totem"}} {
		shown, err := store.BeginPairing(time.Now(), "192.0.2.1")
		if err == nil {
			_, err = store.Pair(time.Now(), by, shown.Code, p)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := store.MakeToken(time.Now(), by, access.Token{Name: "sito del Comune", Role: access.Reception, Scopes: []string{"reception"}, Expires: time.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	look := func(name string) {
		t.Helper()
		judgeLooks(t, ctx, axe, name)
		var wide int
		do(t, ctx, chromedp.Evaluate(`document.documentElement.scrollWidth - innerWidth`, &wide))
		if wide > 0 {
			t.Errorf("%s is %d pixels too wide", name, wide)
		}
		shot(t, ctx, name)
	}
	for _, z := range []size{{"1280x720", 1280, 720}, {"390x844", 390, 844}} {
		do(t, ctx, chromedp.EmulateViewport(z.width, z.height))
		for _, p := range accountPages {
			path := p.path
			if p.name == "person" {
				path += first.ID
			}
			do(t, ctx, chromedp.Navigate(s.url+path), chromedp.WaitReady("main h1"))
			if p.name == "screens" {
				do(t, ctx, chromedp.Click(".entries details summary"))
			}
			look(p.name + "-" + z.name)
		}
		do(t, ctx, chromedp.Navigate(s.url+"/persone/"+first.ID), chromedp.WaitReady("main h1"), chromedp.Click(`button[value="code"]`), chromedp.WaitReady(".secret-text"))
		look("person-code-" + z.name)
		do(t, ctx, chromedp.Navigate(s.url+"/programmi"), chromedp.WaitReady("main h1"), chromedp.SendKeys(`.entry [name="nome"]`, "program at "+z.name), chromedp.Submit(".entry"), chromedp.WaitReady(".secret-text"))
		look("program-token-" + z.name)
		do(t, ctx, chromedp.Navigate(s.url+"/persone"), chromedp.WaitReady("main h1"), chromedp.SendKeys(`[name="persona"]`, "Anna"), chromedp.SendKeys(`[name="nome"]`, "anna.b"), chromedp.Submit(".entry"), chromedp.WaitReady(".field-fault"))
		look("people-faults-" + z.name)
	}
}
