package display

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/access/private"
	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/gorilla/websocket"
)

const goodPassword = "vento di tramontana 12"

// closed is a configuration that asks everybody who it is.
func closed(t testing.TB, o *testOffice) Config {
	cfg := o.config()
	cfg.Open, cfg.Access = false, testAccounts(t)
	return cfg
}

// firstAdministrator makes an administrator with more roles, and answers the login.
func firstAdministrator(t testing.TB, a Access, roles ...access.Role) string {
	t.Helper()
	store := a.(*private.Store)
	code, err := store.PrintCode(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	m, err := store.MakeFirst(t.Context(), time.Now(), access.Attempt{Address: "127.0.0.1", Login: "a.rossi", Secret: code.Code, How: access.ByPassword},
		access.Member{Login: "a.rossi", Name: "Anna Rossi", Roles: append(roles, access.Administrator)}, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	return m.Login
}

// member makes somebody with a PIN and answers the ID.
func member(t testing.TB, a Access, login, pin string, roles ...access.Role) string {
	t.Helper()
	store := a.(*private.Store)
	m, err := store.MakeMember(time.Now(), byAnna, access.Member{Login: login, Name: "Persona " + login, Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	code, err := store.NewCode(t.Context(), time.Now(), byAnna, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.UseCode(t.Context(), time.Now(), access.Attempt{Address: "127.0.0.1", Login: login, Secret: code.Code, How: access.ByPIN}, pin); err != nil {
		t.Fatal(err)
	}
	return m.ID
}

// A person at a browser: it keeps cookies and follows where it is sent.
type person struct {
	*http.Client
	url string
}

func newPerson(t testing.TB, s running) person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := person{&http.Client{Jar: jar}, s.url}
	t.Cleanup(p.CloseIdleConnections)
	return p
}

// post sends a form and answers the page where it ends.
func (p person) post(t testing.TB, path string, pairs ...string) (status int, at, body string) {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := request(t, "POST", p.url+path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	return p.send(t, r)
}

func (p person) get(t testing.TB, path string) (status int, at, body string) {
	t.Helper()
	return p.send(t, request(t, "GET", p.url+path, ""))
}

func (p person) send(t testing.TB, r *http.Request) (status int, at, body string) {
	t.Helper()
	resp, err := p.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var b strings.Builder
	if _, err := io.Copy(&b, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Request.URL.RequestURI(), b.String()
}

// atDesk signs in with a PIN at a desk, and answers where that ends.
func (p person) atDesk(t testing.TB, desk, login, pin string) (at, body string) {
	t.Helper()
	_, at, body = p.post(t, "/accesso", "come", "pin", "sportello", desk, "nome", login, "segreto", pin)
	return at, body
}

// withPassword signs in with goodPassword, and answers where that ends.
func (p person) withPassword(t testing.TB, login string) (at, body string) {
	t.Helper()
	_, at, body = p.post(t, "/accesso", "nome", login, "segreto", goodPassword)
	return at, body
}

var codeOnScreen = regexp.MustCompile(`aria-label="Codice: ([^"]+)"`)

// codeAt is the code that a screen shows which nobody has let in.
func (p person) codeAt(t testing.TB, path string) string {
	t.Helper()
	status, _, body := p.get(t, path)
	found := codeOnScreen.FindStringSubmatch(body)
	if status != http.StatusUnauthorized || found == nil {
		t.Fatalf("a new screen answers %d: %s", status, body)
	}
	return found[1]
}

// byAnna is who lets people and screens in.
var byAnna = access.By{Name: "Anna Rossi", Role: access.Administrator}

// paired lets in the screen at p, which opens a page.
func (p person) paired(t testing.TB, a Access, path string, as access.Paired) access.Paired {
	t.Helper()
	screen, err := a.(*private.Store).Pair(time.Now(), byAnna, p.codeAt(t, path), as)
	if err != nil {
		t.Fatal(err)
	}
	return screen
}

// The first administrator writes the code that the box printed, chooses a
// password, and is in; the code opens nothing more.
func TestTheFirstAdministrator(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	s := serve(t, cfg, "")
	p := newPerson(t, s)
	if _, at, _ := p.get(t, "/responsabile"); at != "/primo-accesso" {
		t.Fatalf("with no administrator the manager's page leads to %s", at)
	}
	code, err := cfg.Access.(*private.Store).PrintCode(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	first := []string{"codice", strings.ToLower(access.SpellCode(code.Code)), "persona", "Anna Rossi", "nome", "a.rossi"}
	if status, at, body := p.post(t, "/primo-accesso", append(first, "segreto", "corta")...); status != http.StatusBadRequest || !strings.Contains(body, "troppo corta") || at != "/primo-accesso" ||
		!strings.Contains(body, `value="`+first[1]+`"`) || !strings.Contains(body, `value="Anna Rossi"`) || strings.Contains(body, "corta\"") {
		t.Errorf("a short password leads to %d %s: %s", status, at, body)
	}
	if _, _, body := p.post(t, "/primo-accesso", "codice", "AAAA-AAAA", "persona", "X", "nome", "a.rossi", "segreto", goodPassword); !strings.Contains(body, "ne faccia uscire un altro") {
		t.Error("a wrong code is not refused")
	}
	if status, at, _ := p.post(t, "/primo-accesso", append(first, "segreto", goodPassword)...); status != http.StatusOK || at != "/" {
		t.Fatalf("the first administrator ends at %s with %d", at, status)
	}
	if status, _, body := p.get(t, "/responsabile"); status != http.StatusOK || !strings.Contains(body, "Anna Rossi") {
		t.Errorf("the manager's page answers %d to the first administrator", status)
	}
	other := newPerson(t, s)
	other.post(t, "/primo-accesso", append(first, "nome", "b.verdi", "segreto", goodPassword)...)
	if all := cfg.Access.(*private.Store).Members(); len(all) != 1 {
		t.Errorf("the code makes another administrator: %v", all)
	}
}

// A one-time code that comes in an address, as its square on paper brings it, is out of
// the address at once and stands in the form; one that was refused stays out of it.
func TestACodeStaysInNoAddress(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	s := serve(t, cfg, "")
	for _, path := range []string{"/primo-accesso", "/codice"} {
		if path == "/codice" {
			firstAdministrator(t, cfg.Access)
		}
		p := newPerson(t, s)
		r := request(t, "GET", p.url+path+"?codice=ACDE-FGHJ", "")
		status, header, _ := ask(t, r)
		if status != http.StatusSeeOther || header.Get("Location") != path || header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s answers %d with %v", path, status, header)
		}
		status, at, body := p.get(t, path+"?codice=ACDE-FGHJ")
		if status != http.StatusOK || at != path || !strings.Contains(body, `value="ACDE-FGHJ"`) {
			t.Errorf("%s ends at %s with %d", path, at, status)
		}
		// Who chooses a PIN signs in with it at a desk, afterwards.
		if enters := strings.Contains(body, "Salva ed entra"); enters != (path == "/primo-accesso") || !strings.Contains(body, "<button class=\"btn btn-primary\">Salva") {
			t.Errorf("the key of %s promises to enter: %v", path, enters)
		}
		typed := url.Values{"codice": {"ACDE-FGHJ"}, "nome": {"x.y"}, "segreto": {goodPassword}}
		if path == "/primo-accesso" {
			typed.Set("persona", "X")
		}
		status, header, body = ask(t, request(t, "POST", p.url+path, typed.Encode(),
			"Content-Type", "application/x-www-form-urlencoded"))
		if status != http.StatusForbidden || header.Get("Location") != "" || header.Get("Cache-Control") != "no-store" || header.Get("Referrer-Policy") != "no-referrer" ||
			!strings.Contains(body, `value="ACDE-FGHJ"`) || strings.Contains(body, goodPassword) {
			t.Errorf("%s refuses with %d %v", path, status, header)
		}
		if _, at, body := p.get(t, path+"?codice="+strings.Repeat("A", 200)); at != path || strings.Contains(body, "AAAA") {
			t.Errorf("a long one ends at %s", at)
		}
	}
}

// A clerk signs in with a PIN at the desk of this computer, which remembers the
// desk; what the clerk does there bears an account of the day, never a name.
func TestAClerkSignsInAtADesk(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	firstAdministrator(t, cfg.Access)
	id := member(t, cfg.Access, "b.verdi", "927461", access.Clerk)
	s := serve(t, cfg, "")
	p := newPerson(t, s)
	if _, at, _ := p.get(t, "/cruscotto/s3"); at != "/accesso?poi=%2Fcruscotto%2Fs3" {
		t.Errorf("the console leads to %s", at)
	}
	if _, body := p.atDesk(t, "s3", "b.verdi", "927460"); !strings.Contains(body, "non sono giusti") {
		t.Error("a wrong PIN is not refused")
	}
	if at, _ := p.atDesk(t, "s3", "B.Verdi ", "927461"); at != "/cruscotto/s3" {
		t.Fatalf("after the PIN one is at %s", at)
	}
	if _, at, body := p.post(t, "/cruscotto/s3", "action", "open"); !strings.Contains(body, "Sportello aperto") {
		t.Fatalf("opening the desk ends at %s", at)
	}
	_, desk, _ := o.newest().Desk("s3")
	want, err := cfg.Access.Account(o.newest().Day().Ordinal, id)
	if err != nil || desk.Account != want || want == "" {
		t.Errorf("the desk has the account %q, want %q (%v)", desk.Account, want, err)
	}
	if status, _, body := p.get(t, "/responsabile"); status != http.StatusForbidden || !strings.Contains(body, "altro ruolo") {
		t.Errorf("the manager's page answers %d to a clerk", status)
	}
	if _, at, _ := p.post(t, "/uscita"); at != "/accesso?esito=signed-out" {
		t.Errorf("signing out leads to %s", at)
	}
	if _, at, body := p.get(t, "/cruscotto/s3"); !strings.HasPrefix(at, "/accesso") || !strings.Contains(body, `name="sportello" value="s3"`) {
		t.Errorf("the computer does not remember its desk: %s", at)
	}
}

// One desk has one operator and one operator one desk: who has another desk open
// moves, and who finds somebody at a desk takes the place, each in one action.
func TestOneDeskOneOperator(t *testing.T) {
	o, s := withTwoClerks(t)
	verdi, neri := newPerson(t, s), newPerson(t, s)
	verdi.atDesk(t, "s3", "b.verdi", "927461")
	neri.atDesk(t, "s4", "c.neri", "584213")
	verdi.post(t, "/cruscotto/s3", "action", "open")
	neri.post(t, "/cruscotto/s4", "action", "open")

	if _, _, body := verdi.post(t, "/cruscotto/s5", "action", "open"); !strings.Contains(body, "un altro sportello") || !strings.Contains(body, `value="move"`) {
		t.Error("an operator opens a second desk, or is not offered to move")
	}
	if _, _, body := verdi.post(t, "/cruscotto/s5", "action", "move"); !strings.Contains(body, "Sportello aperto") {
		t.Error("moving is refused")
	}
	if _, was, _ := o.newest().Desk("s3"); was.Open {
		t.Error("the desk where the operator was is still open")
	}
	conn, _ := verdi.watch(t, "console&desk=s5")
	if _, _, body := neri.post(t, "/cruscotto/s5", "action", "next", "finishing", "0"); !strings.Contains(body, "altro operatore") || !strings.Contains(body, `value="move"`) {
		t.Error("another operator calls at the desk, or is not offered to take the place")
	}
	neri.post(t, "/cruscotto/s5", "action", "move")
	if _, now, _ := o.newest().Desk("s5"); !now.Open {
		t.Error("the desk is closed")
	}
	if _, _, body := verdi.post(t, "/cruscotto/s5", "action", "pause"); !strings.Contains(body, "altro operatore") {
		t.Error("who lost the desk still acts at it")
	}
	// Nor does who lost it open it anew, or look on.
	if _, _, body := verdi.post(t, "/cruscotto/s5", "action", "open"); !strings.Contains(body, "altro operatore") || !strings.Contains(body, `value="move"`) {
		t.Error("who lost the desk takes it back unasked")
	}
	sentAway(t, conn)
	if status, _, body := verdi.get(t, "/cruscotto/s5"); status != http.StatusConflict || !strings.Contains(body, "lavora un&#39;altra persona") || !strings.Contains(body, `value="move"`) || strings.Contains(body, "page=console") {
		t.Errorf("who lost the desk looks on: %d %s", status, body)
	}
	if status, _, body := verdi.get(t, "/api/v1/state/console?desk=s5"); status != http.StatusConflict || !strings.Contains(body, "desk-taken") {
		t.Errorf("by a call: %d %s", status, body)
	}
	// A number in service is not left behind.
	id := o.issue(t, "anagrafe", queue.Ordinary)
	neri.post(t, "/cruscotto/s5", "action", "next", "finishing", "0")
	if held := o.newest().Ticket(id); held.Desk != "s5" {
		t.Fatalf("the ticket is at %q", held.Desk)
	}
	if _, _, body := neri.post(t, "/cruscotto/s6", "action", "move"); !strings.Contains(body, "numero in corso") {
		t.Error("an operator leaves a number behind")
	}
}

// A thousand wrong PINs open nothing and cost the box no more than their delays;
// a neighbour comes in meanwhile.
func TestManyWrongPINs(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	firstAdministrator(t, cfg.Access)
	member(t, cfg.Access, "b.verdi", "927461", access.Clerk)
	s := serve(t, cfg, "")
	waited := 0
	for i := range 1000 {
		r := request(t, "POST", s.url+"/accesso", url.Values{"come": {"pin"}, "sportello": {"s3"}, "nome": {"b.verdi"}, "segreto": {"111222"}}.Encode(),
			"Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", "10.0.0.66", "X-Forwarded-Proto", "https")
		status, header, body := ask(t, r)
		if status != http.StatusForbidden && status != http.StatusTooManyRequests || header.Get("Set-Cookie") != "" || !strings.Contains(body, `class="form-told"`) {
			t.Fatalf("try %d answers %d: %s", i, status, body)
		} else if status == http.StatusTooManyRequests {
			waited++
		}
	}
	if waited < 900 {
		t.Errorf("only %d of 1,000 had to wait", waited)
	}
	neighbour := newPerson(t, s)
	if at, _ := neighbour.withPassword(t, "a.rossi"); at != "/" {
		t.Errorf("the neighbour ends at %s", at)
	}
}

// Who has signed in at this browser comes in again whatever others at the same address
// are wrong with; the cookie that does it opens nothing, and no script reads it.
func TestAKnownBrowserIsNotHeldBack(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	firstAdministrator(t, cfg.Access)
	s := serve(t, cfg, "")
	anna, stranger := newPerson(t, s), newPerson(t, s)
	if at, _ := anna.withPassword(t, "a.rossi"); at != "/" {
		t.Fatalf("she ends at %s", at)
	}
	_, header, _ := ask(t, request(t, "POST", s.url+"/accesso", url.Values{"nome": {"a.rossi"}, "segreto": {goodPassword}}.Encode(), "Content-Type", "application/x-www-form-urlencoded"))
	var known string
	for _, c := range header.Values("Set-Cookie") {
		if strings.HasPrefix(c, knownCookie+"=") {
			known = c
		}
	}
	if !strings.Contains(known, "HttpOnly") || !strings.Contains(known, "Max-Age=34560000") || strings.Contains(known, "rossi") {
		t.Errorf("the cookie is %q", known)
	}
	anna.post(t, "/uscita")
	if status, _, _ := anna.get(t, "/persone"); status == http.StatusOK {
		t.Error("without a session the known browser opens a page")
	}
	for range 20 {
		stranger.post(t, "/accesso", "nome", "a.rossi", "segreto", "qualcos'altro")
	}
	if at, body := stranger.withPassword(t, "a.rossi"); at != "/accesso" || !strings.Contains(body, "chieda un codice all&#39;amministratore") {
		t.Errorf("the stranger ends at %s", at)
	}
	if at, _ := anna.withPassword(t, "a.rossi"); at != "/" {
		t.Errorf("in her own browser she ends at %s", at)
	}
}

// Where one goes on after signing in is a page of this box.
func TestSigningInLeadsNowhereElse(t *testing.T) {
	for to, want := range map[string]string{
		"/responsabile": "/responsabile", "/accoglienza?q=A001": "/accoglienza?q=A001", "": "/", "x": "/",
		"//evil.example": "/", "https://evil.example/": "/", `/\evil.example`: "/", "/a\nb": "/", "javascript:alert(1)": "/",
	} {
		if got := ownPath(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}

// A screen shows a code until an administrator has written it, then its page; a
// revoked one shows a code again.
func TestAScreenIsPaired(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	store := cfg.Access.(*private.Store)
	s := serve(t, cfg, "")
	board := newPerson(t, s)
	if code := board.codeAt(t, "/tabellone"); board.codeAt(t, "/tabellone") != code {
		t.Error("a reload shows another code")
	}
	paired := board.paired(t, store, "/tabellone", access.Paired{Name: "Atrio", Role: access.Board})
	if status, _, body := board.get(t, "/tabellone?nome=Altro"); status != http.StatusOK || !strings.Contains(body, `data-own="Atrio"`) {
		t.Errorf("the paired board answers %d, and is not told its name", status)
	}
	if status, _, _ := board.get(t, "/totem"); status != http.StatusForbidden {
		t.Errorf("the totem answers %d to a board", status)
	}
	if status, _, _ := board.get(t, "/responsabile"); status != http.StatusForbidden {
		t.Errorf("the manager's page answers %d to a board", status)
	}
	if err := store.RevokeScreen(time.Now(), byAnna, paired.ID); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := board.get(t, "/tabellone"); status != http.StatusUnauthorized {
		t.Errorf("the revoked board answers %d", status)
	}
}

// Accounts that cannot be read stop no board that was paired, and let nobody in.
func TestLostAccounts(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Open, cfg.Access = false, LostAccess{}
	s := serve(t, cfg, "")
	if status, _, _ := ask(t, request(t, "GET", s.url+"/tabellone", "", "Cookie", screenCookie+"=kept")); status != http.StatusOK {
		t.Errorf("a board answers %d", status)
	}
	p := newPerson(t, s)
	if _, body := p.withPassword(t, "a.rossi"); !strings.Contains(body, "avvisi subito il tecnico") {
		t.Error("signing in does not say what to do")
	}
	if status, _, _ := p.get(t, "/totem"); status != http.StatusServiceUnavailable {
		t.Errorf("an unpaired screen answers %d", status)
	}
	// Nobody is told to sign in, or that what it shows is no good: a program would throw
	// its token away.
	shown := map[string][]string{"a program": {"Authorization", "Bearer elc_kept"}, "a person": {"Cookie", sessionCookie + "=kept"}, "a board": {"Cookie", screenCookie + "=kept"}, "nobody": nil}
	for _, path := range []string{"/accesso", "/responsabile", "/cruscotto/s1", "/accoglienza", "/totem", "/persone",
		"/api/v1/state/manager", "/api/v1/state/console?desk=s1", "/api/v1/events", "/api/v1/acts", "/api/v1/tokens", "/ws?page=manager"} {
		for who, headers := range shown {
			status, h, body := ask(t, request(t, "GET", s.url+path, "", headers...))
			if status != http.StatusServiceUnavailable || !strings.Contains(body, "avvisi subito il tecnico, che tenga premuti insieme due pulsanti") {
				t.Errorf("%s at %s is answered %d: %.200s", who, path, status, body)
			}
			if strings.HasPrefix(path, "/api/") && (h.Get("Content-Type") != "application/problem+json" || !strings.Contains(body, `"code":"access-lost"`)) {
				t.Errorf("%s at %s is answered %s: %s", who, path, h.Get("Content-Type"), body)
			}
		}
	}
	if status, _, body := ask(t, request(t, "POST", s.url+"/api/v1/reception/issue", `{"service":"anagrafe"}`, shown["a program"]...)); status != http.StatusServiceUnavailable {
		t.Errorf("a program's command is answered %d: %s", status, body)
	}
}

// A page that is open is sent away when its visitor may no longer see it.
func TestAnOpenPageEndsWithTheSession(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	cfg.WriteTimeout = neverRound
	firstAdministrator(t, cfg.Access, access.Manager)
	s := serve(t, cfg, "")
	p := newPerson(t, s)
	p.withPassword(t, "a.rossi")
	conn, _ := p.watch(t, "manager")
	p.post(t, "/uscita")
	sentAway(t, conn)
}

// watch opens the websocket of a page, with its arguments, and answers the first
// message.
func (p person) watch(t testing.TB, page string) (conn *websocket.Conn, first string) {
	t.Helper()
	dialer := websocket.Dialer{Jar: p.Jar}
	conn, resp, err := dialer.Dial(strings.Replace(p.url, "http", "ws", 1)+"/ws?page="+page, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	_, message, err := conn.ReadMessage()
	if err != nil {
		t.Fatal(err)
	}
	return conn, string(message)
}

// neverRound is a WriteTimeout with which no round of the hub sends anybody away within
// a test: what does so is what has changed.
const neverRound = time.Hour

// sentAway waits until an open page is told that it may no longer be seen.
func sentAway(t testing.TB, conn *websocket.Conn) {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	var err error
	for err == nil {
		_, _, err = conn.ReadMessage()
	}
	if !websocket.IsCloseError(err, closeBarred) {
		t.Errorf("the page is closed by %v", err)
	}
}

// deskName is a desk as people read it.
func deskName(o *testOffice, id queue.DeskID) string {
	desk, _, _ := o.newest().Desk(id)
	return words.In("").DeskName(desk.Label)
}

// A voting screen shows the page of the desk where it was paired, whatever it asks
// for, and nothing else; it follows where an administrator puts it.
func TestAVotingScreenIsBoundToItsDesk(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	cfg.WriteTimeout = neverRound
	store := cfg.Access.(*private.Store)
	s := serve(t, cfg, "")
	voting := newPerson(t, s)
	paired := voting.paired(t, store, "/voto?sportello=s2", access.Paired{Name: "Voto 1", Role: access.Voting, Place: "s1"})
	shows := func(desk string) {
		t.Helper()
		label := deskName(o, queue.DeskID(desk))
		status, _, body := voting.get(t, "/voto?sportello=s2")
		if status != http.StatusOK || !strings.Contains(body, label+"</h1>") || !strings.Contains(body, "è pronto") {
			t.Errorf("the screen of %s answers %d: %s", desk, status, body)
		}
		if strings.Contains(body, "<button") || strings.Contains(body, "<form") {
			t.Error("it has something to press")
		}
		for _, path := range []string{"/api/v1/state/voting?desk=s2", "/api/v1/state/voting"} {
			if status, _, body = voting.get(t, path); status != http.StatusOK || !strings.Contains(body, label+`"`) {
				t.Errorf("%s for %s answers %d: %s", path, desk, status, body)
			}
		}
	}
	shows("s1")
	conn, first := voting.watch(t, "voting&desk=s2")
	if !strings.Contains(first, deskName(o, "s1")) {
		t.Errorf("the first message is %s", first)
	}
	paired.Place = "s3"
	if _, err := store.ChangeScreen(time.Now(), byAnna, paired); err != nil {
		t.Fatal(err)
	}
	sentAway(t, conn)
	shows("s3")
	conn, _ = voting.watch(t, "voting&desk=s2")
	if err := store.RevokeScreen(time.Now(), byAnna, paired.ID); err != nil {
		t.Fatal(err)
	}
	sentAway(t, conn)
	voting.codeAt(t, "/voto")
}

// A totem gives the numbers of the outlet where it was paired, whatever it asks for.
func TestAPairedTotemStaysAtItsOutlet(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	s := serve(t, cfg, "")
	totem := newPerson(t, s)
	totem.paired(t, cfg.Access, "/totem?outlet=accoglienza", access.Paired{Name: "Ingresso", Role: access.Totem, Place: "totem"})
	for _, outlet := range []string{"accoglienza", "totem"} {
		r := request(t, "POST", s.url+"/api/v1/totem/"+outlet+"/tickets", `{"service":"anagrafe"}`, "Content-Type", "application/json")
		if status, _, body := totem.send(t, r); status != http.StatusCreated {
			t.Fatalf("asking at %s answers %d: %s", outlet, status, body)
		}
		o.pass(time.Minute)
	}
	for ticket := range o.newest().Tickets() {
		if ticket.Outlet != "totem" {
			t.Errorf("%s was given at %s", ticket.Number.Text, ticket.Outlet)
		}
	}
}
