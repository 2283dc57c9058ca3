package display

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/office"
	"eliminacode/queue/words"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// taken are the keys that browsers, screen readers and desktops keep for
// themselves: NVDA, JAWS and Orca have all letters, digits and signs alone, the
// numeric pad, Insert and Caps Lock; browsers have these.
var taken = map[string]bool{
	"F1": true, "F3": true, "F5": true, "F6": true, "F7": true, "F10": true, "F11": true, "F12": true,
	"Shift+F3": true, "Shift+F5": true, "Shift+F6": true, "Shift+F7": true, "Shift+F10": true, "Shift+F12": true, "Alt+F4": true,
	"Alt+Shift+A": true, "Alt+Shift+B": true, "Alt+Shift+I": true, "Alt+Shift+T": true,
}

// Each key does one thing, is shown on the page, and is nobody else's.
func TestKeysCollideWithNobody(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	usable := regexp.MustCompile(`^(Shift\+)?F[0-9]+$|^Alt\+Shift\+[A-Z]$`)
	for _, path := range []string{"/cruscotto/s1", "/cruscotto/s7", "/accoglienza"} {
		u.get(path)
		seen := map[string]bool{}
		for _, m := range regexp.MustCompile(`data-key="([^"]+)"`).FindAllStringSubmatch(u.page, -1) {
			key := strings.ReplaceAll(m[1], "&#43;", "+")
			if !usable.MatchString(key) || taken[key] || seen[key] {
				t.Errorf("%s: the key %q is another's, or used twice", path, key)
			}
			seen[key] = true
			if !strings.Contains(u.page, "<kbd>"+keyShown(key)+"</kbd>") {
				t.Errorf("%s: the key %q is not shown", path, key)
			}
		}
		if len(seen) < 3 {
			t.Errorf("%s has the keys %v", path, seen)
		}
	}
}

// A number is called as a clerk types it, on the page and by the API.
func TestAShortNumberIsCalled(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	for range 3 {
		o.issue(t, "anagrafe", "")
	}
	s := serve(t, o.config(), "")
	if status, a := command(t, s, "/api/v1/desks/s1/call", fields{"number": " a 3"}); status != http.StatusOK || o.newest().LatestByNumber("A003").State != queue.Called {
		t.Errorf("%d %+v", status, a)
	}
	u := &surfer{t: t, s: s}
	o.pass(time.Minute)
	u.post("/cruscotto/s1", "action", "call", "number", "a2", "finishing", o.newest().LatestByNumber("A003").ID.String())
	u.sees(`data-held="A002"`)
	o.pass(time.Minute)
	u.post("/cruscotto/s1", "action", "call", "number", "2", "finishing", o.newest().LatestByNumber("A002").ID.String())
	u.sees("Questo biglietto non è di oggi: controlli il numero", `data-held="A002"`)
}

// While the office is suspended the desk says so in the words of the staff, and
// offers no call.
func TestTheConsoleOfASuspendedOffice(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	o.issue(t, "anagrafe", "")
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	next := regexp.MustCompile(`value="next" data-key="F2"( disabled)?>`)
	for suspended, says := range map[string]string{"": "chiama A001", "alarm": "l&#39;ufficio è sospeso"} {
		if suspended != "" {
			o.must(t, queue.SuspendOffice{Why: suspended})
		} else if _, is := o.newest().Suspended(); is {
			o.must(t, queue.ResumeOffice{})
		}
		u.get("/cruscotto/s1")
		u.sees(says)
		m := next.FindStringSubmatch(u.page)
		if m == nil || (m[1] != "") != (suspended != "") {
			t.Errorf("suspended %q: NEXT is %q", suspended, m)
		}
		if suspended == "" {
			continue
		}
		u.sees("Ufficio sospeso (allarme): si chiama di nuovo quando il responsabile lo riprende.")
		u.post("/cruscotto/s1", "action", "next")
		u.sees("non si chiama finché il responsabile non lo riprende")
		for _, other := range []string{"indicazioni del personale", "prema AVANTI", "chiama A001", `name="number"`} {
			if strings.Contains(u.page, other) {
				t.Errorf("it says %q", other)
			}
		}
	}
}

// A parked number that a desk calls is refused with how it comes back, to people and to
// programs, in their language.
func TestACallOfAParkedNumberTellsHowToResumeIt(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	o.issue(t, "anagrafe", "")
	s := serve(t, o.config(), "")
	if status, _ := command(t, s, "/api/v1/desks/s1/next", fields{}); status != http.StatusOK {
		t.Fatal(status)
	}
	if status, _ := command(t, s, "/api/v1/desks/s1/park", fields{"ticket": "1000001"}); status != http.StatusOK {
		t.Fatal(status)
	}
	for lang, resume := range map[string]string{"it": "RIPRENDI", "de": "WIEDER AUFNEHMEN", "fr": "REPRENDRE", "sl": "VZEMI ZNOVA", "en": "RESUME"} {
		status, _, said := ask(t, request(t, "POST", s.url+"/api/v1/desks/s1/call", `{"number":"A001"}`, "Content-Type", "application/json", "Accept-Language", lang))
		if status != http.StatusConflict || !strings.Contains(said, `"code":"is-parked"`) || !strings.Contains(said, resume) || words.In(queue.Language(lang)).Say("console.resume") != resume {
			t.Errorf("%s: %d %s", lang, status, said)
		}
		if told, _ := words.In(queue.Language(lang)).ToProgram("is-parked"); !strings.Contains(told, " resume") {
			t.Errorf("%s: a program is told %q", lang, told)
		}
	}
	u := &surfer{t: t, s: s}
	u.get("/cruscotto/s1")
	u.post("/cruscotto/s1", "action", "call", "number", "a1", "finishing", "", "seen", u.hidden("seen"))
	u.sees("Questo numero è sospeso e non si chiama", `name="number"`, "aria-invalid")
}

// The same refusal is told with what can be done where it is read: at the reception, at
// a desk, by a program and by a citizen.
func TestARefusalIsToldForItsPlace(t *testing.T) {
	tongue := words.In("it")
	for _, c := range []struct{ path, code, says string }{
		{"/accoglienza", "appointments-only", "«Nuovo appuntamento»"},
		{"/api/v1/reception/issue", "appointments-only", "«Nuovo appuntamento»"},
		{"/api/v1/reception/issue", "many-tickets", "in cima a questa pagina"},
		{"/cruscotto/s1", "appointments-only", "all'accoglienza"},
		{"/cruscotto/s1", "wrong-state", "chieda all'accoglienza di rimetterla in coda"},
		{"/api/v1/desks/s1/undo", "too-late", "RIMETTI IN CODA"},
		{"/accoglienza", "too-late", "emetta un nuovo biglietto"},
		{"/accoglienza/blocchi", "wrong-state", "nell'elenco"},
		{"/accoglienzaaltro", "appointments-only", "all'accoglienza"},
		{"/attese", "not-published", "si rivolga all'accoglienza"},
		{"/b/x", "no-ticket", "si rivolga all'accoglienza"},
		{"/api/v1/totem/t/issue", "many-tickets", "aspetti un minuto e riprovi."},
		{"/responsabile", "not-published", "nelle Impostazioni"},
	} {
		if said, ok := saying(tongue, httptest.NewRequest("POST", c.path, nil), c.code); !ok || !strings.Contains(said, c.says) {
			t.Errorf("%s: %s is told as %q", c.path, c.code, said)
		}
	}
	program := httptest.NewRequest("POST", "/api/v1/desks/s1/undo", nil)
	program.Header.Set("Authorization", "Bearer x")
	if said, _ := saying(tongue, program, "too-late"); strings.Contains(said, "RIMETTI") {
		t.Errorf("a program is told %q", said)
	}
}

func TestOutcomeAndPauseAreTold(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	first, second := o.issue(t, "anagrafe", ""), o.issue(t, "anagrafe", "")
	s := serve(t, o.config(), "")
	must := func(action string, f fields) answer {
		t.Helper()
		status, a := command(t, s, "/api/v1/desks/s1/"+action, f)
		if status != http.StatusOK {
			t.Fatalf("%s %v: %d", action, f, status)
		}
		return a
	}
	must("next", fields{})
	o.pass(4 * time.Second)
	must("next", fields{"finishing": first.String(), "outcome": "back-office"})
	must("finish", fields{"ticket": second.String(), "outcome": "incomplete"})
	if a, b := o.newest().Ticket(first).Outcome, o.newest().Ticket(second).Outcome; a != queue.OutcomeBackOffice || b != queue.OutcomeIncomplete {
		t.Errorf("outcomes %q and %q", a, b)
	}
	must("pause", fields{"why": "meeting"})
	if _, now, _ := o.newest().Desk("s1"); now.Why != "meeting" {
		t.Errorf("the pause is for %q", now.Why)
	}
}

func TestNumberIsCalledAsItIsTyped(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	o.issue(t, "anagrafe", "")
	o.issue(t, "anagrafe", "")
	s := serve(t, o.config(), "")
	if status, _ := command(t, s, "/api/v1/desks/s1/call", fields{"number": "Z999"}); status != http.StatusNotFound {
		t.Errorf("a number that is not there: %d", status)
	}
	if status, _ := command(t, s, "/api/v1/desks/s1/call", fields{"number": strings.Repeat("A", maxNumberBytes+1)}); status != http.StatusUnprocessableEntity {
		t.Errorf("a number that is too long: %d", status)
	}
	if err := numbered(o.newest(), fields{"number": strings.Repeat("A", maxNumberBytes+1)}); !errors.Is(err, errBadBody) {
		t.Errorf("a number that is too long, in a form: %v", err)
	}
	if status, a := command(t, s, "/api/v1/desks/s1/call", fields{"number": " a 002"}); status != http.StatusOK || a.Ticket.Number != "A002" {
		t.Errorf("%d %+v", status, a)
	}
}

// Several services in one visit: who goes on at the same desk is the next there.
func TestVisitGoesOnAtTheSameDesk(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	first := o.issue(t, "anagrafe", "")
	o.issue(t, "anagrafe", "")
	o.next(t, "s1")
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/cruscotto/s1")
	u.sees("questo, per un&#39;altra pratica")
	u.post("/cruscotto/s1", "action", "transfer", "ticket", first.String(), "service", "stato-civile", "desk", "s1")
	u.sees("Solo per questo sportello", "chiama A001")
	u.post("/cruscotto/s1", "action", "next", "finishing", "")
	if got := o.newest().Ticket(first); got.State != queue.Called || got.Service != "stato-civile" || got.Desk != "s1" {
		t.Errorf("%s of %s at %q", got.State, got.Service, got.Desk)
	}
}

// One ticket for several services: the console says what is planned, changes it,
// goes on at once with what its desk serves too, and sends on with NEXT.
func TestConsoleLeadsAVisitThroughItsServices(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	cfg := o.config()
	cfg.Token = func() string { return "visita" }
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.post("/accoglienza", "action", "issue", "service", "anagrafe", "outlet", "accoglienza", "then", "stato-civile", "then", "cie", "request", "v1")
	var visit *queue.Ticket
	for visit = range o.newest().Tickets() {
	}
	u.get("/accoglienza")
	u.sees("poi: Stato civile, ")
	other := o.issue(t, "anagrafe", "")
	o.next(t, "s1")
	u.get("/cruscotto/s1")
	u.sees("poi: Stato civile, ", "PROSEGUI QUI: Stato civile")
	u.post("/cruscotto/s1", "action", "serve-on", "ticket", visit.ID.String(), "service", "stato-civile")
	u.sees("Prosegue qui")
	if got := o.newest().Ticket(visit.ID); got.State != queue.Serving || got.Service != "stato-civile" {
		t.Fatalf("%s of %s", got.State, got.Service)
	}
	u.post("/cruscotto/s1", "action", "plan", "ticket", visit.ID.String(), "nth", "2", "services", "cie,anagrafe")
	u.sees("Servizi della visita cambiati")
	u.post("/cruscotto/s1", "action", "plan", "ticket", visit.ID.String(), "nth", "1", "services", "")
	u.sees("Nel frattempo la situazione è cambiata")
	u.post("/cruscotto/s1", "action", "next", "finishing", visit.ID.String())
	got := o.newest().Ticket(visit.ID)
	if _, desk, _ := o.newest().Desk("s1"); got.State != queue.Waiting || got.Service != "cie" || desk.Ticket != other {
		t.Errorf("%s for %s; the desk holds %s", got.State, got.Service, desk.Ticket)
	}
	u.get("/b/" + got.Token)
	u.sees("poi: Anagrafe")
}

// A desk that is free gives a number itself to who stands at it without one: the
// service begins, no board shows a call, and a late copy gives no second number.
func TestADeskGivesANumberItself(t *testing.T) {
	o := newTestOffice(t)
	o.issue(t, "anagrafe", queue.Ordinary)
	cfg := o.config()
	cfg.Token = func() string { return "sportello" }
	u := &surfer{t: t, s: serve(t, cfg, "")}
	const button = "DAI UN NUMERO"
	offered := func() bool { return strings.Contains(u.page, button) }
	if u.get("/cruscotto/s1"); offered() {
		t.Error("a closed desk gives numbers")
	}
	o.open(t, "s1")
	_, free, _ := o.newest().Desk("s1")
	u.get("/cruscotto/s1")
	u.sees(button, "Allo sportello senza biglietto")
	give := []string{"action", "issue", "service", "stato-civile", "seen", view.SeenOf(free)}
	u.post("/cruscotto/s1", give...)
	u.sees("il servizio è cominciato", "Numero dato allo sportello", "in servizio")
	if offered() {
		t.Error("a desk that serves somebody gives numbers")
	}
	_, now, _ := o.newest().Desk("s1")
	if got := o.newest().Ticket(now.Ticket); got == nil || got.State != queue.Serving || got.Service != "stato-civile" || got.Calls != 0 || got.Token != "sportello" {
		t.Fatalf("the desk serves %+v", got)
	}
	if calls := o.newest().Calls(); len(calls) != 0 {
		t.Errorf("boards show %v", calls)
	}
	u.post("/cruscotto/s1", give...)
	u.sees("Nel frattempo la situazione è cambiata")
	u.post("/cruscotto/s1", "action", "finish", "ticket", now.Ticket.String())
	u.post("/cruscotto/s1", give...)
	u.sees("Nel frattempo la situazione è cambiata")
	if n := o.newest().Totals(); n.Issued != 2 || n.Served != 1 || n.Serving != 0 {
		t.Errorf("totals are %+v", n)
	}
	u.get("/accoglienza")
	u.sees(o.newest().Ticket(now.Ticket).Number.Text)
}

// press presses a key with what is held down with it.
func press(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	parts := strings.Split(name, "+")
	key := parts[len(parts)-1]
	held := input.ModifierNone
	for _, m := range parts[:len(parts)-1] {
		held |= map[string]input.Modifier{"Alt": input.ModifierAlt, "Shift": input.ModifierShift}[m]
	}
	code := key
	if len(key) == 1 {
		code = "Key" + key
	}
	down := input.DispatchKeyEvent(input.KeyRawDown).WithKey(key).WithCode(code).WithModifiers(held)
	up := input.DispatchKeyEvent(input.KeyUp).WithKey(key).WithCode(code).WithModifiers(held)
	do(t, ctx, down, up)
}

// Where the sentence sends to the list of desks, the button of the page leads there.
func TestADeskThatIsGoneLeadsToTheListOfDesks(t *testing.T) {
	s := serve(t, newTestOffice(t).config(), "")
	for path, leads := range map[string]string{"/cruscotto/s99": `href="/cruscotto?scegli">Torna all&#39;elenco degli sportelli`, "/nessuna": `href="/">Torna all&#39;elenco delle pagine`} {
		if status, _, body := ask(t, request(t, "GET", s.url+path, "")); status != http.StatusNotFound || !strings.Contains(body, `<a class="btn btn-primary" `+leads) {
			t.Errorf("%s answers %d: %s", path, status, body)
		}
	}
}

// TestConsoleByKeysAlone walks a desk's morning with nothing but a keyboard.
func TestConsoleByKeysAlone(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	for range 3 {
		o.issue(t, "anagrafe", queue.Ordinary)
	}
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/cruscotto/s1"), chromedp.WaitVisible(".key-next"))
	until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden`)
	held := func(number, state string) string {
		return text(".held-number") + ` === "` + number + `" && ` + text(".held-state") + `.startsWith("` + state + `")`
	}
	do(t, ctx, chromedp.KeyEvent("?"))
	until(t, ctx, "the help is open", `document.querySelector("dialog").open`)
	shot(t, ctx, "console-keys-1280x720")
	until(t, ctx, "all of it is seen at once", `document.querySelector("dialog").scrollHeight <= document.querySelector("dialog").clientHeight`)
	do(t, ctx, chromedp.KeyEvent(kb.Escape))
	until(t, ctx, "the help is closed", `!document.querySelector("dialog").open`)

	press(t, ctx, "Alt+Shift+P")
	until(t, ctx, "the desk is open", text(".state")+` === "libero"`)
	until(t, ctx, "it says who is next, and why", text(".key-hint")+`.includes("A001") && `+text(".key-hint")+`.length > 20`)
	press(t, ctx, "F2")
	until(t, ctx, "A001 is called", held("A001", "chiamato"))
	press(t, ctx, "F9")
	until(t, ctx, "it is served", held("A001", "in servizio"))
	press(t, ctx, "Alt+Shift+E")
	until(t, ctx, "the outcome has the focus", `document.activeElement.name === "outcome"`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
	press(t, ctx, "Shift+F2")
	until(t, ctx, "it is finished", `!document.querySelector(".held-number")`)
	if got := o.newest().LatestByNumber("A001"); got.State != queue.Served || got.Outcome != queue.OutcomeReleased {
		t.Errorf("A001 is %s with the outcome %q", got.State, got.Outcome)
	}
	until(t, ctx, "the next outcome is not told yet", `document.querySelector("[name=outcome]").value === ""`)

	press(t, ctx, "Alt+Shift+G")
	until(t, ctx, "the service of a number without a ticket has the focus", `document.activeElement.getAttribute("form") === "issue-form"`)
	do(t, ctx, chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "A004 is served", held("A004", "in servizio"))
	shot(t, ctx, "console-given-1280x720")
	press(t, ctx, "Shift+F2")
	until(t, ctx, "A004 is finished", `!document.querySelector(".held-number")`)

	press(t, ctx, "Alt+Shift+N")
	until(t, ctx, "the number has the focus", `document.activeElement.name === "number"`)
	do(t, ctx, chromedp.KeyEvent("a3"), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "A003 is called", held("A003", "chiamato"))
	press(t, ctx, "Shift+F4")
	until(t, ctx, "the call is undone", `!document.querySelector(".held-number")`)
	press(t, ctx, "F2")
	until(t, ctx, "A002 is called", held("A002", "chiamato"))
	press(t, ctx, "Alt+Shift+D")
	until(t, ctx, "the transfer has the focus", `document.activeElement.name === "service"`)
	press(t, ctx, "Shift+F8")
	until(t, ctx, "A002 is parked", text("[id^=parked-] strong")+` === "A002"`)
	press(t, ctx, "Alt+Shift+N")
	do(t, ctx, chromedp.KeyEvent("a2"), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "it is said to be parked, where its number was typed", text(".call-number .field-fault")+`.includes("RIPRENDI")`)
	shot(t, ctx, "console-parked-1280x720")
	press(t, ctx, "Alt+Shift+R")
	until(t, ctx, "the one that is parked has the focus, and is not resumed yet", `document.activeElement.matches("[id^=parked-] button")`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "A002 is resumed", held("A002", "in servizio")+` && !document.querySelector("[id^=parked-]")`)
	press(t, ctx, "Shift+F8")
	until(t, ctx, "A002 is parked again", text("[id^=parked-] strong")+` === "A002"`)
	press(t, ctx, "Alt+Shift+P")
	until(t, ctx, "the reasons are there", `document.querySelector("#pauses").open && document.activeElement.matches("#pauses summary")`)
	do(t, ctx, chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "the desk has a pause", text(".state")+` === "in pausa"`)
	if _, now, _ := o.newest().Desk("s1"); now.Why != "break" {
		t.Errorf("the pause is for %q", now.Why)
	}
	press(t, ctx, "Alt+Shift+C")
	until(t, ctx, "the desk is closed", text(".state")+` === "chiuso"`)
}

// A key that goes away, or cannot be pressed any more, hands the focus to what it stood
// in, and not to another key.
func TestTheFocusStaysWhereAKeyWas(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	o.issue(t, "anagrafe", queue.Ordinary)
	o.open(t, "s1")
	s := serve(t, o.config(), "")
	held := func(number, state string) string {
		return text(".held-number") + ` === "` + number + `" && ` + text(".held-state") + `.startsWith("` + state + `")`
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/cruscotto/s1"), chromedp.WaitVisible(".key-next"))
	until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden`)
	// The list of keys stays whole while the page becomes new, and gives way to a key.
	do(t, ctx, chromedp.KeyEvent("?"))
	until(t, ctx, "the help is open", `document.querySelector("dialog").matches(":modal[open]")`)
	o.issue(t, "anagrafe", queue.Ordinary)
	until(t, ctx, "the page is new", text(".key-hint")+` !== "" && document.querySelector("main").innerText.includes("2")`)
	until(t, ctx, "the help is open still", `document.querySelector("dialog").matches(":modal[open]")`)
	press(t, ctx, "Alt+Shift+N")
	until(t, ctx, "the help is closed", `!document.querySelector("dialog").matches(":modal") && document.activeElement.name === "number"`)

	do(t, ctx, chromedp.Focus(`button[value="next"]`), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "A001 is called", held("A001", "chiamato"))
	do(t, ctx, chromedp.Focus(`button[value="start"]`), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "it is served", held("A001", "in servizio"))
	until(t, ctx, "the focus stays in the section", `document.activeElement.matches("section, fieldset")`)
	do(t, ctx, chromedp.Focus(`button[value="finish"]`), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "it is finished", `!document.querySelector(".held-number")`)
	until(t, ctx, "the focus is in the page", `document.activeElement !== document.body`)
}

// A key that is pressed while the command before it is under way is not lost: the
// hall's word of that command is often on the page before its answer. The same key
// again is a double press, and what was refused takes the next one with it.
func TestNextKeyWaitsForTheAnswer(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	for range 4 {
		o.issue(t, "anagrafe", queue.Ordinary)
	}
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.Navigate(s.url+"/cruscotto/s1"), chromedp.WaitVisible(".key-next"))
	until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden`)
	press(t, ctx, "Alt+Shift+P")
	until(t, ctx, "the desk is open", text(".state")+` === "libero"`)
	press(t, ctx, "F2")
	holds := func(number string) string { return text(".held-number") + ` === "` + number + `"` }
	until(t, ctx, "A001 is called", holds("A001")+` && !document.documentElement.hasAttribute("data-sending")`)
	do(t, ctx, chromedp.Evaluate(`(() => {
		const plain = window.fetch;
		window.fetch = async (...asked) => {
			const answer = await plain(...asked);
			await new Promise((go) => { window.go = go; });
			return answer;
		};
	})()`, nil))
	press(t, ctx, "F9")
	until(t, ctx, "A001 is served, and the answer is not there", `document.querySelector(".held-serving") !== null && window.go !== undefined`)
	for range 3 {
		press(t, ctx, "F2")
	}
	if got := o.newest().LatestByNumber("A001"); got.State != queue.Serving {
		t.Fatalf("A001 is %s before its start was answered", got.State)
	}
	do(t, ctx, chromedp.Evaluate(`(() => { const go = window.go; window.go = undefined; go(); })()`, nil))
	until(t, ctx, "NEXT is sent once", holds("A002")+` && window.go !== undefined`)
	press(t, ctx, "F2")
	do(t, ctx, chromedp.Evaluate(`(() => { const go = window.go; window.go = undefined; go(); })()`, nil))
	until(t, ctx, "the second is answered", `!document.documentElement.hasAttribute("data-sending")`)
	if got := o.newest().LatestByNumber("A003"); got.State != queue.Waiting {
		t.Errorf("a double press called A003: it is %s", got.State)
	}

	do(t, ctx, chromedp.Evaluate(`(() => {
		window.asked = 0;
		window.fetch = async () => {
			window.asked += 1;
			await new Promise((go) => { window.go = go; });
			return new Response('{"detail":"no"}', { status: 409 });
		};
	})()`, nil))
	press(t, ctx, "F4")
	until(t, ctx, "the recall is under way", `window.go !== undefined`)
	press(t, ctx, "F8")
	do(t, ctx, chromedp.Evaluate(`window.go()`, nil))
	until(t, ctx, "the refusal is told", text("[data-flash]")+` === "no" && !document.documentElement.hasAttribute("data-sending")`)
	until(t, ctx, "NO-SHOW is not sent", `window.asked === 1`)
}

// great is an office of twelve services, for each of which somebody waits, and of
// fourteen desks; the first desk serves every one.
func great(t *testing.T) *testOffice {
	t.Helper()
	o := newTestOffice(t)
	setup := office.Reference()
	for i, name := range []string{"Tributi e canoni", "Servizi scolastici", "Polizia locale", "Edilizia privata"} {
		id := fmt.Sprint("altro-", i)
		setup.Series = append(setup.Series, queue.Series{ID: queue.SeriesID(id), Letters: string(rune('P' + i)), First: 1, Last: 999, Width: 3})
		setup.Services = append(setup.Services, queue.Service{ID: queue.ServiceID(id), Name: name, Series: queue.SeriesID(id), StandardMs: 20 * 60_000, StandardShare: 0.9})
	}
	setup.Desks[0].Profile = queue.Profile{}
	for _, service := range setup.Services {
		setup.Desks[0].Profile.First = append(setup.Desks[0].Profile.First, service.ID)
	}
	for i, desk := range setup.Desks[1:] {
		if i < 4 {
			setup.Desks[i+1].Profile.First = append(desk.Profile.First, queue.ServiceID(fmt.Sprint("altro-", i)))
		}
	}
	o.must(t, queue.ChangeSetup{Setup: setup})
	for _, service := range setup.Services {
		o.issue(t, service.ID, queue.Ordinary)
	}
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	o.pass(75 * time.Minute)
	o.next(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	return o
}

// Nothing that a clerk works with lies below the fold of a small screen, where the
// visitor sees every page's link too, and where the office is a great one.
func TestConsoleStandsAboveTheFold(t *testing.T) {
	ctx := browser(t)
	usual := newTestOffice(t)
	usual.busy(t)
	held := func(desk queue.DeskID) queue.TicketID { _, now, _ := usual.newest().Desk(desk); return now.Ticket }
	usual.must(t, queue.PlanServices{By: atReception, Ticket: held("s1"), Services: []queue.ServiceID{"stato-civile", "cie"}})
	for _, of := range []struct {
		name   string
		office *testOffice
		desks  []string
	}{{"usual", usual, []string{"s1", "s7", "s13"}}, {"great", great(t), []string{"s1"}}} {
		cfg := of.office.config()
		cfg.Demo, cfg.Trial, cfg.Administration = &testDemo{}, printsAll, testAccounts(t)
		s := serve(t, cfg, "")
		for _, desk := range of.desks {
			do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/cruscotto/"+desk), chromedp.WaitVisible(".key-next"))
			until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden`)
			// What an action answers stands below everything that is worked with.
			var below, cut string
			do(t, ctx, chromedp.Evaluate(`document.querySelector("[data-flash]").textContent = "Numero chiamato."`, nil), chromedp.Evaluate(`[...document.querySelectorAll("[data-main] button,[data-main] select,[data-main] input,[data-main] h3,[data-main] .panel")]
				.filter((e) => e.checkVisibility() && e.getBoundingClientRect().bottom > document.querySelector("[data-flash]").getBoundingClientRect().top)
				.map((e) => e.className + " " + e.textContent.trim().slice(0, 30) + " " + Math.round(e.getBoundingClientRect().bottom)).join("; ")`, &below),
				chromedp.Evaluate(cutOff, &cut))
			shot(t, ctx, "console-fold-"+of.name+"-"+desk)
			if below != "" || cut != "" {
				t.Errorf("%s, %s: below the fold: %s; cut off: %s", of.name, desk, below, cut)
			}
		}
	}
}
