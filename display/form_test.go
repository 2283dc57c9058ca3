package display

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
)

// A surfer is a browser without script: it reads a page, fills in one of its
// forms and follows the redirect.
type surfer struct {
	t    *testing.T
	s    running
	at   string
	page string
}

func (u *surfer) get(path string) {
	u.t.Helper()
	status, _, body := ask(u.t, request(u.t, "GET", u.s.url+path, ""))
	if status != http.StatusOK {
		u.t.Fatalf("GET %s: %d %s", path, status, body)
	}
	u.at, u.page = path, body
}

// post sends the fields to a page and follows it back; what is refused is told on the
// page itself.
func (u *surfer) post(path string, fields ...string) {
	u.t.Helper()
	v := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	status, h, body := ask(u.t, request(u.t, "POST", u.s.url+path, v.Encode(),
		"Content-Type", "application/x-www-form-urlencoded", "Origin", u.s.url, "Sec-Fetch-Site", "same-origin"))
	if strings.Contains(body, `role="alert"`) && status/100 == 4 && strings.Contains(body, "data-main") {
		u.at, u.page = path, body // the page itself, which says what was wrong
		return
	}
	if status != http.StatusSeeOther {
		u.t.Fatalf("POST %s %v: %d %s", path, v, status, body)
	}
	u.get(h.Get("Location"))
}

func (u *surfer) sees(words ...string) {
	u.t.Helper()
	for _, w := range words {
		if !strings.Contains(u.page, w) {
			u.t.Fatalf("%s does not say %q:\n%s", u.at, w, u.page)
		}
	}
}

// hidden is the value of the first hidden field of that name.
func (u *surfer) hidden(name string) string {
	u.t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(u.page)
	if m == nil {
		u.t.Fatalf("%s has no hidden field %q", u.at, name)
	}
	return m[1]
}

func TestConsoleWithoutScript(t *testing.T) {
	o := newTestOffice(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/cruscotto")
	u.sees("Scelga lo sportello", `href="/cruscotto/s1"`)
	u.get("/cruscotto/s1")
	u.sees("Lo sportello è chiuso")
	u.post(u.at, "action", "next", "finishing", "")
	u.sees("Lo sportello è chiuso o in pausa: lo apra e ripeta.", "flash-failed")
	u.post("/cruscotto/s1", "action", "open")
	u.sees("Sportello aperto.")
	u.post("/cruscotto/s1", "action", "next", "finishing", u.hidden("finishing"))
	u.sees("Nessuno in attesa")
	for range 3 {
		o.issue(t, "anagrafe", queue.Ordinary)
	}
	u.post("/cruscotto/s1", "action", "next", "finishing", u.hidden("finishing"))
	u.sees("A001: Numero chiamato.", `class="held-number" data-held="A001"`, "rispetto allo standard")
	u.post("/cruscotto/s1", "action", "put-back", "ticket", u.hidden("ticket"))
	u.sees("Rimesso in coda al suo posto.", "Nessun numero in corso")
	u.post("/cruscotto/s1", "action", "next", "finishing", "")
	u.post("/cruscotto/s1", "action", "undo", "ticket", u.hidden("ticket"))
	u.sees("Chiamata annullata", "Nessun numero in corso")
	u.post("/cruscotto/s1", "action", "next", "finishing", "")
	first := u.hidden("finishing")
	// The same page sent twice, as by a double click, calls once.
	u.post("/cruscotto/s1", "action", "next", "finishing", "")
	u.sees("Nel frattempo la situazione è cambiata", `data-held="A001"`)
	o.pass(3 * time.Second)
	u.post("/cruscotto/s1", "action", "recall", "ticket", first)
	u.sees("richiamato 1 volta")
	u.post("/cruscotto/s1", "action", "start", "ticket", first)
	u.sees("held-serving")
	u.post("/cruscotto/s1", "action", "park", "ticket", first)
	u.sees("Biglietto sospeso", "RIPRENDI")
	u.post("/cruscotto/s1", "action", "resume", "ticket", first)
	u.sees("Biglietto ripreso.")
	o.open(t, "s2")
	u.post("/cruscotto/s1", "action", "transfer", "ticket", first, "service", "", "desk", "s2")
	u.sees("Biglietto trasferito.")
	if got := o.newest().LatestByNumber("A001"); got.Desk != "s2" || got.Service != "anagrafe" || got.State != queue.Waiting {
		t.Errorf("A001 went to desk %q for %q", got.Desk, got.Service)
	}
	u.post("/cruscotto/s1", "action", "next", "finishing", u.hidden("finishing"))
	u.post("/cruscotto/s1", "action", "no-show", "ticket", u.hidden("ticket"))
	u.sees("Segnato come non presentato.")
	u.get("/accoglienza")
	u.sees("Rimetti in coda A002")
	u.post("/accoglienza", "action", "return", "ticket", o.newest().LatestByNumber("A002").ID.String())
	u.sees("Rimesso in coda: sarà chiamato dopo le prossime chiamate.")
	u.post("/accoglienza", "action", "cancel", "ticket", o.newest().LatestByNumber("A002").ID.String())
	u.sees("Ripristina A002")
	u.post("/accoglienza", "action", "reinstate", "ticket", o.newest().LatestByNumber("A002").ID.String())
	u.sees("Biglietto ripristinato al suo posto.")
	u.get("/cruscotto/s1")
	u.post("/cruscotto/s1", "action", "next", "finishing", "")
	u.post("/cruscotto/s1", "action", "finish", "ticket", u.hidden("ticket"))
	u.sees("Servizio chiuso.")
	u.post("/cruscotto/s1", "action", "pause")
	u.sees("in pausa", "Torna al lavoro")
	u.post("/cruscotto/s1", "action", "close")
	u.sees("Sportello chiuso.")
	if got := o.newest().Totals(); got.Served != 1 || got.NoShows != 0 || got.Waiting != 2 {
		t.Errorf("totals %+v", got)
	}
	u.get("/cruscotto/s1?esito=%3Cscript%3E")
	if strings.Contains(u.page, "<script>") {
		t.Error("the address puts words of its own on the page")
	}
}

func TestReceptionWithoutScript(t *testing.T) {
	o := newTestOffice(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/accoglienza")
	name := u.hidden("request")
	if len(name) < 16 {
		t.Fatalf("the form names its request %q", name)
	}
	u.post("/accoglienza", "action", "issue", "service", "cie", "class", "priority", "outlet", "accoglienza", "request", name)
	u.sees("C001: Nessuno davanti a lei.", "precedenza")
	// A reload that sends the form again gives the same ticket.
	u.post("/accoglienza", "action", "issue", "service", "cie", "class", "priority", "outlet", "accoglienza", "request", name)
	u.sees("C001")
	if n := o.newest().Totals().Issued; n != 1 {
		t.Fatalf("%d tickets issued", n)
	}
	o.must(t, queue.ReportPaper{Ticket: 1_000_001, Job: 1, Paper: queue.PaperUnknown, Why: "silent"})
	u.get("/accoglienza?q=c0")
	u.sees("Forse non stampati", "con «c0»", "Non risponde")
	u.post("/accoglienza", "action", "reprint", "ticket", "1000001", "job", "1", "outlet", "totem")
	u.sees("Ristampa richiesta.")
	if got := o.newest().Ticket(1_000_001); got.Outlet != "totem" || got.Asked != "accoglienza" {
		t.Errorf("reprinted at %s, asked for at %s", got.Outlet, got.Asked)
	}
	u.post("/accoglienza", "action", "reprint", "ticket", "1000001", "job", "1")
	u.sees("Nel frattempo la situazione è cambiata")
	u.post("/accoglienza", "action", "cancel", "ticket", "1000001")
	u.sees("Biglietto annullato.", "emesso per errore")
	for range 4 {
		o.pass(3 * time.Second)
		o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByButton, Device: "anagrafe"}, Service: "anagrafe", Outlet: "totem"})
	}
	u.get("/accoglienza")
	u.sees("4 biglietti uno dietro l&#39;altro")
	if n := strings.Count(u.page, `name="tickets"`); n != 4 {
		t.Errorf("%d boxes for 4 tickets", n)
	}
	// One more comes while the clerk reads: nobody has looked at it yet.
	o.pass(3 * time.Second)
	o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByButton, Device: "anagrafe"}, Service: "anagrafe", Outlet: "totem"})
	// The clerk took the tick from the second one, which is real.
	writes := o.writes()
	u.post("/accoglienza", "action", "burst", "outlet", "totem", "tickets", "1000002", "tickets", "1000004", "tickets", "1000005")
	u.sees("Biglietti annullati.")
	if got := o.newest().Totals(); got.Waiting != 2 || got.Cancelled != 4 {
		t.Errorf("totals %+v", got)
	}
	if n := o.writes() - writes; n != 1 {
		t.Errorf("the burst was taken back in %d writes, want one", n)
	}
	u.post("/accoglienza", "action", "burst", "outlet", "totem", "tickets", "1000001")
	u.sees("Nessun biglietto da annullare")
	for _, short := range []string{"c1", "C+01", "c-1"} {
		u.get("/accoglienza?q=" + short)
		u.sees(`id="row-1000001"`, "oggi: 1 con «")
	}
	u.get("/accoglienza?q=Z9")
	u.sees("Nessun biglietto di oggi con questo numero")
}

func TestTotemWithoutScript(t *testing.T) {
	o := newTestOffice(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/totem?outlet=totem")
	name := u.hidden("request")
	u.post("/totem", "outlet", "totem", "service", "anagrafe", "request", name)
	u.sees("A001", "Ritirare il biglietto")
	if c := o.newest().LatestByNumber("A001").Class; c != queue.Ordinary {
		t.Errorf("a totem gave class %q", c)
	}
	u.post("/totem", "outlet", "totem", "service", "anagrafe", "request", u.hidden("request"))
	u.sees("attenda un momento")
	o.must(t, queue.ReportOutlet{Outlet: "totem", Gives: queue.Unable, Why: "paper-out"})
	o.pass(5 * time.Second)
	u.get("/totem?outlet=totem")
	u.sees("Carta esaurita: il numero appare sullo schermo")
	u.post("/totem", "outlet", "totem", "service", "anagrafe", "request", u.hidden("request"))
	u.sees("A002", "Annoti o fotografi il numero")
	o.pass(12 * time.Hour)
	u.get("/totem?outlet=totem")
	u.sees("Chiuso per oggi")
	u.post("/totem", "outlet", "totem", "service", "anagrafe", "request", u.hidden("request"))
	u.sees("Il servizio in questo momento è chiuso")
}

// TestCallByNumber is offered only where the office allows it.
func TestCallByNumber(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	o.issue(t, "anagrafe", queue.Ordinary)
	setup := o.newest().Setup()
	setup.Rules.CallByNumber = false
	o.must(t, queue.ChangeSetup{Setup: setup})
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/cruscotto/s1")
	if strings.Contains(u.page, "Chiama A001") || strings.Contains(u.page, `name="number"`) || strings.Contains(u.page, ">Alt+⇧N<") || strings.Contains(u.page, "Alt⇧N") {
		t.Error("the console offers what the office does not allow")
	}
	u.post("/cruscotto/s1", "action", "call", "ticket", "1000002")
	u.sees("L&#39;ufficio non lo consente: chieda al responsabile.")
	setup.Rules.CallByNumber = true
	o.must(t, queue.ChangeSetup{Setup: setup})
	u.get("/cruscotto/s1")
	u.sees(">Chiama A001<", `name="number"`, "<dt><kbd>Alt⇧N</kbd></dt>")
	u.post("/cruscotto/s1", "action", "call", "ticket", "1000002")
	u.sees(`data-held="A002"`, "A002 prima di A001: chiamato fuori ordine")
}

// TestNoOfficeYet opens every page of a box on which nothing happened yet.
func TestNoOfficeYet(t *testing.T) {
	o := &testOffice{start: time.Now(), state: &queue.State{}, newer: make(chan struct{})}
	s := serve(t, o.config(), "")
	for path, want := range map[string]int{
		"/": 303, "/tabellone": 200, "/totem": 404, "/cruscotto": 200, "/cruscotto/s1": 404, "/accoglienza": 200, "/responsabile": 200,
		"/responsabile/attese": 200, "/api/v1/state/board": 200, "/api/v1/state/manager": 200,
	} {
		if status, _, body := ask(t, request(t, "GET", s.url+path, "")); status != want {
			t.Errorf("%s: %d, want %d: %.300s", path, status, want, body)
		}
	}
	status, _, body := ask(t, request(t, "POST", s.url+"/api/v1/totem/totem/tickets", `{"service":"cie"}`, "Content-Type", "application/json"))
	if status != 409 || !strings.Contains(body, "non dà ancora biglietti") {
		t.Errorf("a totem without an office: %d %s", status, body)
	}
	watch(t, s, "page=board").read()
}

// TestRetry sends the same request of a totem again, as after a lost answer.
func TestRetry(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	var first answer
	for i, want := range []int{201, 200, 200} {
		status, _, body := ask(t, request(t, "POST", s.url+"/api/v1/totem/totem/tickets", `{"service":"cie","request":"one touch"}`, "Content-Type", "application/json"))
		var a answer
		if err := json.Unmarshal([]byte(body), &a); err != nil || status != want || a.Ticket == nil || a.Ticket.Number != "C001" {
			t.Fatalf("try %d: %d %s", i, status, body)
		}
		if i == 0 {
			first = a
		} else if a.Seq != first.Seq || a.Events != 0 {
			t.Errorf("try %d: seq %d after %d", i, a.Seq, first.Seq)
		}
	}
}

// TestAnswersCarryWhatWasMade: a program that calls, recalls, parks or prints
// again learns from the answer which ticket it was and what became of it, and
// need not ask.
func TestAnswersCarryWhatWasMade(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	apart := 20 * time.Second
	do := func(path, body string) answer {
		t.Helper()
		o.pass(apart)
		status, _, text := ask(t, request(t, "POST", s.url+"/api/v1/"+path, body, "Content-Type", "application/json"))
		var a answer
		if err := json.Unmarshal([]byte(text), &a); err != nil || status/100 != 2 {
			t.Fatalf("%s: %d %s", path, status, text)
		}
		return a
	}
	for range 3 {
		do("reception/issue", `{"service":"anagrafe","outlet":"totem"}`)
		o.must(t, queue.ReportPaper{Ticket: queue.TicketID(1_000_000 + o.newest().Totals().Issued), Job: 1, Paper: queue.PaperPrinted})
	}
	do("desks/s1/open", `{}`)
	for _, c := range []struct{ path, body, number, state, desk, say string }{
		{"desks/s1/next", `{}`, "A001", "called", "s1", "A001: Numero chiamato."},
		{"desks/s1/next", `{"finishing":"1000001"}`, "A002", "called", "s1", "A002: Numero chiamato."},
		{"desks/s1/recall", `{"ticket":"1000002"}`, "A002", "called", "s1", "A002: Numero richiamato."},
		{"desks/s1/start", `{"ticket":"1000002"}`, "A002", "serving", "s1", ""},
		{"desks/s1/start", `{"ticket":"1000002"}`, "A002", "serving", "s1", ""}, // once more, as after a lost answer
		{"desks/s1/park", `{"ticket":"1000002"}`, "A002", "parked", "", ""},
		{"desks/s1/next", `{}`, "A003", "called", "s1", ""},
		{"desks/s1/transfer", `{"ticket":"1000003","service":"cie"}`, "A003", "waiting", "", ""},
		{"reception/reprint", `{"ticket":"1000003","job":"1","outlet":"totem"}`, "A003", "waiting", "", ""},
		{"reception/cancel", `{"ticket":"1000003"}`, "A003", "cancelled", "", ""},
	} {
		a := do(c.path, c.body)
		if a.Ticket == nil || a.Ticket.Number != c.number || a.Ticket.State != c.state || a.Ticket.Desk != c.desk {
			t.Errorf("%s %s: %+v", c.path, c.body, a.Ticket)
		}
		if c.say != "" && a.Say != c.say {
			t.Errorf("%s says %q, want %q", c.path, a.Say, c.say)
		}
		if c.path == "reception/reprint" && a.Ticket.Job != 2 {
			t.Errorf("the reprint is job %d", a.Ticket.Job)
		}
	}
	if a := do("desks/s1/next", `{}`); a.Ticket != nil || a.Code != "nobody-waiting" {
		t.Errorf("NEXT with nobody waiting: %+v", a)
	}
	// Who closes the desk learns what became of the number it held.
	do("reception/issue", `{"service":"anagrafe","outlet":"totem"}`)
	do("desks/s1/next", `{}`)
	apart = 5 * time.Second
	if a := do("desks/s1/close", `{}`); !strings.Contains(a.Say, "Sportello chiuso. A004 ") || !strings.Contains(a.Say, "torna in coda") {
		t.Errorf("closed over a number just called: %+v", a)
	}
	do("desks/s1/open", `{}`)
	do("desks/s1/next", `{}`)
	do("desks/s1/start", `{"ticket":"1000004"}`)
	if a := do("desks/s1/close", `{"current":"served"}`); a.Code != "closed-served" || !strings.Contains(a.Say, "A004: Servizio e sportello chiusi") {
		t.Errorf("closed over a service: %+v", a)
	}
}

// TestALateCopyOfADeskCommand sends what a console sent once more, after its desk
// has gone on: nobody is called, and nothing sounds.
func TestALateCopyOfADeskCommand(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	post := func(action, body string, want int) (a answer) {
		t.Helper()
		o.pass(time.Minute)
		status, _, text := ask(t, request(t, "POST", s.url+"/api/v1/desks/s1/"+action, body, "Content-Type", "application/json"))
		if err := json.Unmarshal([]byte(text), &a); err != nil || status != want {
			t.Fatalf("%s %s: %d %s", action, body, status, text)
		}
		return a
	}
	o.issue(t, "anagrafe", queue.Ordinary)
	o.issue(t, "anagrafe", queue.Ordinary)
	opened := post("open", `{}`, 200)
	v, _ := s.look().Console("s1", func(uint64) view.Seen { return view.Seen{} })
	if v.Seen == "0" || opened.Seen != v.Seen {
		t.Fatalf("the page saw %q, the answer %q", v.Seen, opened.Seen)
	}
	next := `{"seen":"` + v.Seen + `"}`
	called := post("next", next, 200)
	recall := `{"ticket":"1000001","seen":"` + called.Seen + `"}`
	recalled := post("recall", recall, 200)
	post("recall", recall, 409)
	finished := post("finish", `{"ticket":"1000001"}`, 200)
	if called.Seen == opened.Seen || recalled.Seen == called.Seen || finished.Seen == recalled.Seen {
		t.Error("an answer does not say that the desk has changed")
	}
	post("next", next, 409)
	post("next", `{"seen":"`+finished.Seen+`"}`, 200)
	post("next", `{"seen":"two"}`, 400)
	if _, _, page := ask(t, request(t, "GET", s.url+"/cruscotto/s1", "")); strings.Count(page, `name="seen" value="`) < 1 {
		t.Error("the console does not send what it saw")
	}
}

// TestTheManagersPageSaysWhatTheReportSays: the waits of today are the same on
// both, to the digit, over a suspension and with somebody who did not come.
func TestTheManagersPageSaysWhatTheReportSays(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	o.pass(3 * time.Minute)
	o.must(t, queue.SuspendOffice{Why: "alarm"})
	o.pass(2 * time.Hour)
	o.must(t, queue.ResumeOffice{})
	desk := queue.Cause{Kind: queue.ByConsole, Device: "s1"}
	holds := func() queue.TicketID {
		_, now, _ := o.newest().Desk("s1")
		return now.Ticket
	}
	o.must(t, queue.OpenDesk{By: desk, Desk: "s1"})
	for i := range 12 {
		o.pass(20 * time.Second)
		o.must(t, queue.CallNext{By: desk, Desk: "s1", Finishing: holds()})
		o.pass(time.Duration(i) * 77 * time.Second)
		if i%4 == 3 {
			o.must(t, queue.MarkNoShow{By: desk, Desk: "s1", Ticket: holds()})
		}
	}
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/responsabile")
	said := regexp.MustCompile(`<span class="fig">([^<]+)</span> attesa media \(su ([^)]+)\)[\s\S]*<span class="fig">([^<]+)</span> entro lo standard \(su ([^)]+)\)`).FindStringSubmatch(u.page)
	if said == nil || said[2] == "0" || said[4] == "0" {
		t.Fatalf("the manager's page says %q", said)
	}
	u.get("/responsabile/attese?from=2026-11-24&to=2026-11-24&by=day")
	_, total, _ := strings.Cut(u.page, "Totale")
	for i, figure := range said[1:] {
		if !strings.Contains(total, `">`+figure+`</td>`) {
			t.Errorf("figure %d is %s on the manager's page, and not in the report: %.700s", i+1, figure, total)
		}
	}
}

// offerSeveral lets a totem give one ticket for several services, or no more.
func (o *testOffice) offerSeveral(t testing.TB, outlet queue.OutletID, offered bool) {
	t.Helper()
	setup := o.newest().Setup()
	setup.Outlets = slices.Clone(setup.Outlets)
	for i := range setup.Outlets {
		if setup.Outlets[i].ID == outlet {
			setup.Outlets[i].Several = offered
		}
	}
	o.must(t, queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: setup, Plan: *o.newest().Plan()})
}

// TestTotemGivesOneTicketForSeveralServices: touch by touch without a script, in the
// order of the touches; a second touch takes one out again, and there are three at most.
func TestTotemGivesOneTicketForSeveralServices(t *testing.T) {
	o := newTestOffice(t)
	o.offerSeveral(t, "totem", true)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/totem?outlet=totem")
	follow := func(link string) {
		t.Helper()
		found := regexp.MustCompile(`href="(/totem[^"]*)"[^>]*>(?:\s*<[^>]*>)*[^<]*(?:</?(?:span|strong)[^>]*>\s*)*` + link).FindStringSubmatch(u.page)
		if found == nil {
			t.Fatalf("no way to %q: %.3000s", link, u.page)
		}
		u.get(html.UnescapeString(found[1]))
	}
	follow("Più servizi con un solo biglietto")
	u.sees("Scelga almeno un servizio")
	for _, name := range []string{"Stato civile", "Carta d&#39;identità", "Anagrafe"} {
		follow(name)
	}
	u.sees("Scelto: 3", "Prenda il biglietto per 3 servizi")
	if strings.Count(u.page, `<a class="service`) != 3 {
		t.Errorf("with three chosen a fourth can be: %.3000s", u.page)
	}
	follow("Stato civile") // no more
	u.sees("Prenda il biglietto per 2 servizi")
	u.post("/totem", "outlet", "totem", "service", "cie", "then", "anagrafe", "request", u.hidden("request"))
	u.sees("Il suo numero")
	var last *queue.Ticket
	for x := range o.newest().Tickets() {
		last = x
	}
	if then := o.newest().Planned(last); last.Service != "cie" || !slices.Equal(then, []queue.ServiceID{"anagrafe"}) {
		t.Errorf("the ticket is for %s, then %v", last.Service, then)
	}
}

// TestTotemForOneServiceOffersNoMore: where the office has not switched it on, the
// page has no such way, and neither its address nor a call gets round that.
func TestTotemForOneServiceOffersNoMore(t *testing.T) {
	o := newTestOffice(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	for _, path := range []string{"/totem?outlet=totem", "/totem?outlet=totem&servizi=cie"} {
		u.get(path)
		if strings.Contains(u.page, "Più servizi") || !strings.Contains(u.page, `<button class="service" name="service" value="cie"`) {
			t.Errorf("%s is not a totem for one service: %.2000s", path, u.page)
		}
	}
	status, _, body := ask(t, request(t, "POST", u.s.url+"/api/v1/totem/totem/tickets", `{"service":"cie","then":"anagrafe"}`, "Content-Type", "application/json"))
	if status != 409 || !strings.Contains(body, "un solo servizio: ne scelga uno") {
		t.Errorf("several at a totem for one: %d %s", status, body)
	}
	for range o.newest().Tickets() {
		t.Error("a ticket was given")
	}
}

// TestReceptionUsesTheSparePrinter: the page says which printer the slip comes
// out of, and what came out of another.
func TestReceptionUsesTheSparePrinter(t *testing.T) {
	o := newTestOffice(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	o.must(t, queue.ReportOutlet{Outlet: "pulsantiera", Gives: queue.Able})
	o.must(t, queue.ReportOutlet{Outlet: "accoglienza", Gives: queue.Unable, Why: "cover-open"})
	u.get("/accoglienza")
	u.sees("Punto accoglienza – esce da Pulsantiera della sala", "escono dalla stampante «Pulsantiera della sala»")
	u.post("/accoglienza", "action", "issue", "service", "cie", "outlet", "accoglienza", "request", u.hidden("request"))
	u.sees("C001: Nessuno davanti a lei. Esce dalla stampante «Pulsantiera della sala».", "in stampa, Pulsantiera della sala")
	u.get("/responsabile")
	u.sees("Coperchio aperto")
}
