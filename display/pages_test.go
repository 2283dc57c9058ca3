package display

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/web"
	"eliminacode/queue"

	"github.com/chromedp/cdproto/emulation"
	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// text is the words of the first element that a selector finds.
func text(selector string) string {
	return fmt.Sprintf(`document.querySelector(%q)?.textContent.trim()`, selector)
}

// The part of a page that the hub renders too, once for all who watch, cannot ask
// who looks: a template that tries fails whenever the page is opened.
func TestWhatAllWatchCannotAskWhoLooks(t *testing.T) {
	s, err := New(newTestOffice(t).config())
	if err != nil {
		t.Fatal(err)
	}
	for _, asks := range []string{`{{.Opens "/tabellone"}}`, `{{.Visitor.Name}}`, `{{.Role}}`, `{{.Flash}}`} {
		part := template.Must(template.New("live").Parse(asks))
		p := s.pageAt(s.look(), "devices")
		p.opens = func(string) bool { return true }
		if err := part.Execute(io.Discard, p.Body()); err != nil {
			t.Errorf("a page that stays as it is cannot have %s: %v", asks, err)
		}
		p.Topic = topic{page: "devices"}.address()
		for name, data := range map[string]any{"the page": p.Body(), "the hub": s.sheetOf(topic{page: "devices"}, s.look(), nil)} {
			if err := part.Execute(io.Discard, data); err == nil {
				t.Errorf("%s lets all who watch have %s", name, asks)
			}
		}
	}
}

func shown(selector string) string {
	return fmt.Sprintf(`!document.querySelector(%q).hidden`, selector)
}

func TestTotemTouch(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.EmulateViewport(800, 1280), chromedp.Navigate(s.url+"/totem?outlet=totem"), chromedp.WaitVisible(".service"))
	until(t, ctx, "the totem is connected", shown("[data-choose]")+` && document.querySelector("[data-lost]").hidden`)
	// A double touch is one ticket.
	do(t, ctx, chromedp.Evaluate(`for (let n = 0; n < 3; n++) document.querySelector('[data-service="anagrafe"]').click()`, nil))
	until(t, ctx, "the number is on the screen", text("[data-answer-number]")+` === "A001"`)
	until(t, ctx, "it says what to do", text("[data-answer-do]")+` === "Ritirare il biglietto"`)
	shot(t, ctx, "totem-given-800x1280")
	if n := o.newest().Totals().Issued; n != 1 {
		t.Errorf("three touches gave %d tickets", n)
	}
	// The printer says that it did not print: the number stays on the screen.
	o.must(t, queue.ReportPaper{Ticket: 1_000_001, Job: 1, Paper: queue.PaperFailed, Why: "paper-out"})
	until(t, ctx, "the totem says that there is no paper", text("[data-answer-do]")+`.startsWith("Annoti")`)
	shot(t, ctx, "totem-paperless-800x1280")
	o.must(t, queue.ReportOutlet{Outlet: "totem", Gives: queue.Unable, Why: "paper-out"})
	do(t, ctx, chromedp.Click("[data-answer-close]"))
	until(t, ctx, "the sign is up", shown("[data-sign]")+` && `+text("[data-sign]")+`.startsWith("Carta esaurita")`)
	shot(t, ctx, "totem-paper-out-800x1280")
	// A service that refuses says so in words.
	until(t, ctx, "the button has rested", `!document.querySelector('[data-service="cie"]').disabled`)
	o.pass(12 * time.Hour)
	do(t, ctx, chromedp.Click(`[data-service="cie"]`))
	until(t, ctx, "the refusal is on the screen", text("[data-answer-do]")+`.startsWith("Il servizio in questo momento è chiuso")`)
	shot(t, ctx, "totem-refused-800x1280")
	until(t, ctx, "closed services look closed", text("[data-waiting]")+` === "Chiuso per oggi"`)
	do(t, ctx, chromedp.Click("[data-answer-close]"))
	shot(t, ctx, "totem-closed-800x1280")
	s.stop()
	until(t, ctx, "the totem is out of service", shown("[data-lost]"))
	shot(t, ctx, "totem-lost-800x1280")
}

// TestTotemTouchesForSeveral: two touches and one number, in their order; once its
// paper is out the totem is as before.
func TestTotemTouchesForSeveral(t *testing.T) {
	t.Parallel() // it waits more than it works
	ctx := browser(t)
	o := newTestOffice(t)
	o.offerSeveral(t, "totem", true)
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.EmulateViewport(800, 1280), chromedp.Navigate(s.url+"/totem?outlet=totem"), chromedp.WaitVisible(".more a"))
	shot(t, ctx, "totem-more-800x1280")
	do(t, ctx, chromedp.Click(".more a"), chromedp.WaitVisible("a.service"))
	do(t, ctx, chromedp.Click(`a.service[href$="servizi=cie"]`))
	until(t, ctx, "one is chosen", `document.querySelectorAll(".service-chosen").length === 1`)
	do(t, ctx, chromedp.Click(`a.service[href$="servizi=cie%2Canagrafe"]`))
	until(t, ctx, "two are chosen", `document.querySelectorAll(".service-chosen").length === 2`)
	until(t, ctx, "the totem is connected", `document.querySelector("[data-lost]").hidden`)
	shot(t, ctx, "totem-chosen-800x1280")
	do(t, ctx, chromedp.Click(".take-ticket"))
	until(t, ctx, "the number is on the screen", text("[data-answer-number]")+` === "C001"`)
	until(t, ctx, "it says what else it is for", text("[data-answer-service]")+`.endsWith("Anagrafe e certificati")`)
	shot(t, ctx, "totem-several-given-800x1280")
	state := o.newest()
	if then := state.Planned(state.Ticket(1_000_001)); state.Totals().Issued != 1 || !slices.Equal(then, []queue.ServiceID{"anagrafe"}) {
		t.Errorf("%d tickets, the first then for %v", state.Totals().Issued, then)
	}
	o.must(t, queue.ReportPaper{Ticket: 1_000_001, Job: 1, Paper: queue.PaperPrinted, Rung: "process-id"})
	until(t, ctx, "the totem is for one service again", `document.querySelector('button[data-service="cie"]') !== null`)
}

// A number stays on the screen until its paper is out or the number was given
// there, also when it was closed too soon, and when a button gave it.
func TestTotemFollowsThePaper(t *testing.T) {
	t.Parallel() // it waits more than it works
	ctx := browser(t)
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.EmulateViewport(800, 1280), chromedp.Navigate(s.url+"/totem?outlet=totem"), chromedp.WaitVisible(".service"))
	until(t, ctx, "the totem is connected", `document.querySelector("[data-lost]").hidden`)
	number := func(n string) string {
		return `!document.querySelector("[data-answer]").hidden && ` + text("[data-answer-number]") + fmt.Sprintf(` === %q`, n)
	}
	paper := func(ticket queue.TicketID, became queue.PaperState, why string) {
		o.must(t, queue.ReportPaper{Ticket: ticket, Job: 1, Paper: became, Why: why})
	}
	do(t, ctx, chromedp.Click(`[data-service="anagrafe"]`))
	until(t, ctx, "the number is on the screen", number("A001"))
	// Longer than a printed one is shown, shorter than a printer may take.
	do(t, ctx, chromedp.Sleep(9*time.Second))
	until(t, ctx, "it is still there", number("A001"))
	paper(1_000_001, queue.PaperFailed, "timeout")
	until(t, ctx, "it is given on the screen", number("A001")+` && `+text("[data-answer-do]")+`.startsWith("Annoti")`)
	do(t, ctx, chromedp.Click("[data-answer-close]"))
	until(t, ctx, "the button has rested", `!document.querySelector('[data-service="cie"]').disabled`)

	o.pass(5 * time.Second)
	do(t, ctx, chromedp.Click(`[data-service="cie"]`))
	until(t, ctx, "the next number is on the screen", number("C001"))
	do(t, ctx, chromedp.Click("[data-answer-close]"))
	until(t, ctx, "it was closed too soon", `document.querySelector("[data-answer]").hidden`)
	paper(1_000_002, queue.PaperFailed, "timeout")
	until(t, ctx, "it comes back", number("C001")+` && `+text("[data-answer-do]")+`.startsWith("Annoti")`)
	do(t, ctx, chromedp.Click("[data-answer-close]"))
	until(t, ctx, "and goes", `document.querySelector("[data-answer]").hidden`)

	o.pass(5 * time.Second)
	o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByButton, Device: "hall"}, Service: "veloci", Outlet: "totem"})
	paper(1_000_003, queue.PaperFailed, "timeout")
	until(t, ctx, "what a button gave is shown", number("E001"))
	// Whose paper is out is not shown for long.
	do(t, ctx, chromedp.Click("[data-answer-close]"))
	o.pass(5 * time.Second)
	until(t, ctx, "the button has rested", `!document.querySelector('[data-service="cie"]').disabled`)
	do(t, ctx, chromedp.Click(`[data-service="cie"]`))
	until(t, ctx, "the last number is on the screen", number("C002"))
	paper(1_000_004, queue.PaperPrinted, "")
	until(t, ctx, "it goes by itself", `document.querySelector("[data-answer]").hidden`)
}

// Whatever fails, a page does not pass for live: the sign comes when the daemon
// dies under the page, when its script does not run, and when it cannot paint.
func TestNoPagePassesForLive(t *testing.T) {
	t.Parallel() // it waits more than it works
	ctx := browser(t)
	o := newTestOffice(t)
	o.busy(t)
	cfg := o.config()
	cfg.Demo, cfg.Trial = &testDemo{}, printsAll
	s := serve(t, cfg, "")
	seen := `getComputedStyle(document.querySelector("[data-lost]")).visibility === "visible" && !document.querySelector("[data-lost]").hidden`
	var pages []string
	for _, p := range sitemap {
		if p.name != "error" && p.name != "privacy" && p.name != "accessibility" {
			pages = append(pages, p.path)
		}
	}
	tabs := map[string]context.Context{}
	for _, path := range pages {
		tabs[path] = tab(t, ctx)
		do(t, tabs[path], emulation.SetFocusEmulationEnabled(true), chromedp.Navigate(s.url+path))
		until(t, tabs[path], path+" is live", `document.querySelector("[data-lost]").hidden`)
	}
	// What a page cannot paint is no longer live, whatever beats come.
	do(t, tabs["/tabellone"], chromedp.Evaluate(`document.querySelector("[data-waits]").remove()`, nil))
	o.issue(t, "anagrafe", queue.Ordinary)
	until(t, tabs["/tabellone"], "the board that cannot paint says so", seen)
	s.stop()
	for _, path := range pages {
		if strings.HasPrefix(path, "/b/") {
			// The phone looks again every ten seconds, and whenever it is looked at.
			do(t, tabs[path], chromedp.Evaluate(`document.dispatchEvent(new Event("visibilitychange"))`, nil))
		}
		until(t, tabs[path], path+" says that it is old", seen)
	}
	// A script that never comes.
	scriptless, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	whole := scriptless.handler
	scriptless.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".js") {
			http.NotFound(w, r)
			return
		}
		whole.ServeHTTP(w, r)
	})
	second := serveThis(t, scriptless, "")
	for _, path := range []string{"/tabellone", "/totem", "/accoglienza"} {
		do(t, ctx, chromedp.Navigate(second.url+path))
		until(t, ctx, path+" without its script says so", seen)
	}
	// A browser without modules runs the script that the others leave alone.
	old, err := fs.ReadFile(web.FS, "static/js/old.js")
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Evaluate(string(old), nil))
	until(t, ctx, "a browser that is too old is told so", `document.querySelector("[data-lost] [data-old]").innerText.includes("troppo vecchio")`)
}

// TestCallOnTwoBoards presses AVANTI in a console and finds the number on two
// boards; then the server goes away and comes back under the three pages.
func TestCallOnTwoBoards(t *testing.T) {
	t.Parallel() // it waits more than it works
	ctx := browser(t)
	o := newTestOffice(t)
	first := serve(t, o.config(), "")
	for range 3 {
		o.issue(t, "anagrafe", queue.Ordinary)
	}
	boards := []context.Context{tab(t, ctx), tab(t, ctx)}
	for i, b := range boards {
		do(t, b, emulation.SetFocusEmulationEnabled(true), chromedp.EmulateViewport(1280, 720),
			// The chimes are counted where they are played.
			cdp.Enable(), chromedp.ActionFunc(func(ctx context.Context) error {
				_, err := cdp.AddScriptToEvaluateOnNewDocument(`window.chimes = 0; const start = AudioBufferSourceNode.prototype.start;
					AudioBufferSourceNode.prototype.start = function (...a) { window.chimes += 1; return start.apply(this, a); };`).Do(ctx)
				return err
			}),
			chromedp.Navigate(fmt.Sprintf("%s/tabellone?nome=%d", first.url, i+1)), chromedp.WaitReady("[data-waits] li"))
	}
	console := ctx
	do(t, console, emulation.SetFocusEmulationEnabled(true), chromedp.EmulateViewport(1280, 720), chromedp.Navigate(first.url+"/cruscotto/s3"), chromedp.WaitVisible(".key-next"))
	do(t, console, chromedp.Click(`button[value="open"]`))
	until(t, console, "the desk is open", `!document.querySelector(".key-next").disabled`)
	do(t, console, chromedp.Click(".key-next"))
	until(t, console, "the console shows the number", text(".held-number")+` === "A001"`)
	for _, b := range boards {
		until(t, b, "the board shows the number", text("[data-big-number]")+` === "A001" && `+text("[data-big-desk]")+` === "3"`)
		until(t, b, "the board sounds", `window.chimes >= 1`)
	}
	until(t, console, "the console knows that both boards show it", text("[data-shown]")+` === "Visto su 2 tabelloni su 2"`)
	shot(t, console, "console-called-1280x720")
	o.pass(time.Minute)
	do(t, console, chromedp.Evaluate(`document.dispatchEvent(new KeyboardEvent("keydown", { key: "F2", bubbles: true }))`, nil))
	for _, b := range boards {
		until(t, b, "F2 calls the next one", text("[data-big-number]")+` === "A002" && `+text("[data-number]")+` === "A001"`)
		until(t, b, "it sounds again", `window.chimes >= 2`)
	}

	first.stop()
	for _, b := range boards {
		until(t, b, "the board says that it is not connected", shown("[data-lost]")+` && document.querySelector("[data-hall]").inert`)
	}
	shot(t, boards[0], "board-lost-1280x720")
	until(t, console, "the console says that it is not connected", shown("[data-lost]"))
	shot(t, console, "console-lost-1280x720")
	// Something happens while they are away, and it is long over when they are
	// back: it is shown, and it does not sound.
	o.must(t, queue.StartUp{Version: "test"})
	o.next(t, "s3")
	o.pass(2 * time.Minute)
	second := serve(t, o.config(), strings.TrimPrefix(first.url, "http://"))
	for _, b := range boards {
		until(t, b, "the board is back", `document.querySelector("[data-lost]").hidden && `+text("[data-big-number]")+` === "A003"`)
		var chimes float64
		do(t, b, chromedp.Evaluate(`window.chimes`, &chimes))
		if chimes != 2 {
			t.Errorf("a board sounded %v times, want 2", chimes)
		}
	}
	until(t, console, "the console is back", `document.querySelector("[data-lost]").hidden && `+text(".held-number")+` === "A003"`)
	do(t, console, chromedp.Click(`button[value="recall"]`))
	for _, b := range boards {
		until(t, b, "a recall sounds", `window.chimes >= 3`)
	}
	second.stop()
	// Another build: the pages load themselves anew.
	cfg := o.config()
	cfg.Build = "newer"
	serve(t, cfg, strings.TrimPrefix(first.url, "http://"))
	for _, b := range append(boards, console) {
		until(t, b, "the page is of the new build", `document.documentElement.dataset.build.startsWith("newer-") && document.querySelector("[data-lost]").hidden`)
	}
}

func TestReceptionInBrowser(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/accoglienza"), chromedp.WaitVisible(".issue"))
	do(t, ctx, chromedp.Click(`input[name="class"]`), chromedp.Click(`button[value="cie"]`))
	until(t, ctx, "the number is said", text("[data-flash]")+`.startsWith("C001")`)
	until(t, ctx, "the list has it", text("tbody th")+` === "C001"`)
	if c := o.newest().LatestByNumber("C001").Class; c != queue.Priority {
		t.Errorf("class %q", c)
	}
	// The box is empty again, what was typed stays, an open list stays open.
	do(t, ctx, chromedp.SendKeys(`input[name="q"]`, "C0"), chromedp.Click("#row-1000001 summary"))
	o.issue(t, "anagrafe", queue.Ordinary)
	until(t, ctx, "the list moves on", text("tbody th")+` === "A001"`)
	until(t, ctx, "the page was not disturbed", `!document.querySelector('input[name="class"]').checked && document.querySelector('input[name="q"]').value === "C0" && document.querySelector("#row-1000001 details").open`)
	shot(t, ctx, "reception-open-1280x720")
	do(t, ctx, chromedp.Click("#row-1000001 .btn-danger"))
	until(t, ctx, "it is cancelled", text("#row-1000001 .state-cell")+`.startsWith("annullato")`)
	do(t, ctx, chromedp.Submit(`.search`))
	until(t, ctx, "the search finds it", `document.querySelectorAll("tbody tr").length === 1 && `+text("tbody th")+` === "C001"`)
}

// TestAccessible judges every page by axe-core at every size, and at the first one in
// every look, with what has the focus.
func TestAccessible(t *testing.T) {
	axe := accessibilityChecker(t)
	ctx := browser(t)
	o := newTestOffice(t)
	o.busy(t)
	cfg := o.config()
	cfg.Demo, cfg.Trial = &testDemo{people: true}, printsAll
	s := serve(t, cfg, "")
	for _, p := range sitemap {
		do(t, ctx, chromedp.EmulateViewport(sizes[0].width, sizes[0].height), chromedp.Navigate(s.url+p.path), chromedp.WaitReady(p.ready))
		judgeLooks(t, ctx, axe, p.name)
		if staffPage(p.name) {
			judgeFocus(t, ctx, p.name)
		}
		for _, z := range sizes[1:] {
			do(t, ctx, chromedp.EmulateViewport(z.width, z.height))
			judge(t, ctx, axe, p.name+" at "+z.name)
		}
	}
}

// TestFits finds texts that are cut off on the board and the totem, and pages
// that are wider than their screen.
func TestFits(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	o.busy(t)
	cfg := o.config()
	cfg.Demo, cfg.Trial = &testDemo{}, printsAll
	s := serve(t, cfg, "")
	for _, z := range sizes {
		do(t, ctx, chromedp.EmulateViewport(z.width, z.height))
		for _, p := range sitemap {
			do(t, ctx, chromedp.Navigate(s.url+p.path), chromedp.WaitReady(p.ready))
			var wide, cut string
			do(t, ctx, chromedp.Evaluate(`String(document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth : "")`, &wide),
				chromedp.Evaluate(`[...document.querySelectorAll(".big-number,.big-desk,.big .label,.last-number,.last-desk,.wait,.wait-top,.service-name,.service-side,.answer-number")]
					.filter((e) => { const p = (e.closest(".big,.last,.wait,.service") ?? document.body).getBoundingClientRect(), b = e.getBoundingClientRect();
						return b.width && (e.scrollWidth > e.clientWidth + 1 && e.clientWidth || b.top < p.top - 1 || b.bottom > p.bottom + 1 || b.left < p.left - 1 || b.right > p.right + 1); })
					.map((e) => e.className + " " + e.textContent).join("; ")`, &cut))
			if wide != "" || cut != "" {
				t.Errorf("%s at %s: width %s, cut off: %s", p.name, z.name, wide, cut)
			}
		}
	}
}

// TestStaffOnAPhone finds pages of the staff that scroll sideways on a phone, and tables
// whose columns lie beyond its edge.
func TestStaffOnAPhone(t *testing.T) {
	ctx := browser(t)
	o, s := serveAllPages(t)
	_, now, _ := o.newest().Desk("s1")
	o.must(t, queue.StartService{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s1", Ticket: now.Ticket})
	o.must(t, queue.FinishTicket{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s1", Ticket: now.Ticket, Outcome: queue.Outcomes[0]})
	made := access.Token{Name: "Cruscotto della direzione", Role: access.Quality, Scopes: []string{"reports"}, Expires: time.Now().Add(24 * time.Hour)}
	if _, _, err := s.cfg.Administration.MakeToken(time.Now(), access.By{Name: "Ada"}, made); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.EmulateViewport(390, 844))
	for _, page := range []struct{ path, ready string }{
		{"/accoglienza", "#h-today"}, {"/cruscotto", ".desk-card"}, {"/cruscotto/s1", ".key-next"}, {"/responsabile", ".figures"},
		{"/responsabile/chiamate", "table"}, {"/programmi", "table"}, {"/atti", "table"}, {"/impostazioni/storia", "table"},
		// What was told is told of a day that is over.
		{"/responsabile/attese?from=2026-11-24&to=2026-11-24", ".report-told"}, {"/responsabile/attese?from=2026-11-24&to=2026-11-24&by=service", ".report-told"},
	} {
		path, ready := page.path, page.ready
		if ready == ".report-told" && o.newest().Day().Open {
			o.pass(24 * time.Hour)
			o.must(t, queue.Tick{})
		}
		var wide int
		var beyond string
		do(t, ctx, chromedp.Navigate(s.url+path), chromedp.WaitReady(ready), chromedp.Evaluate(`document.documentElement.scrollWidth - innerWidth`, &wide),
			chromedp.Evaluate(`[...document.querySelectorAll(".scroll")].filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.ariaLabel ?? e.className).join("; ")`, &beyond))
		shot(t, ctx, "staff-phone"+strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(path))
		if wide > 0 || beyond != "" {
			t.Errorf("%s is %d pixels too wide; beyond the edge: %s", path, wide, beyond)
		}
	}
}

// TestPlainStyle opens the staff pages as they are where Bootstrap Italia was
// not installed.
func TestPlainStyle(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	o.busy(t)
	s, err := New(o.config())
	if err != nil {
		t.Fatal(err)
	}
	s.assets.vendor = false
	served := serveThis(t, s, "")
	for _, p := range []string{"/cruscotto/s1", "/accoglienza", "/responsabile", "/responsabile/chiamate", "/responsabile/attese", "/responsabile/apparecchi", "/"} {
		do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(served.url+p), chromedp.WaitReady("main h1"))
		var color string
		do(t, ctx, chromedp.Evaluate(`getComputedStyle(document.querySelector(".top")).backgroundColor`, &color))
		if color != "rgb(0, 102, 204)" {
			t.Errorf("%s: the head is %s", p, color)
		}
		shot(t, ctx, "plain"+strings.ReplaceAll(p, "/", "-")+"-1280x720")
	}
}

// Every page can be read in every language: the box reads one only when somebody asks
// for it.
func TestEveryEmbeddedPageCanBeRead(t *testing.T) {
	s, err := New(newTestOffice(t).config())
	if err != nil {
		t.Fatal(err)
	}
	for p, read := range s.embeddedPages() {
		if _, err := read(); err != nil {
			t.Errorf("%s in %s: %v", p.name, p.language, err)
		}
	}
}
