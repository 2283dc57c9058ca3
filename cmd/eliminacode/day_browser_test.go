package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"eliminacode/device/sim/printer"

	"github.com/chromedp/cdproto/cdp"
	keys "github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var look = flag.String("look", "", "folder for a picture of every step of everybody's day")

// A someone is one person, or one screen, with a browser of their own: cookies and
// all.
type someone struct {
	page
	name    string
	address string // http://host:port of the box
	shots   *int
}

// meets gives a person a browser of their own.
func meets(t *testing.T, browser context.Context, name, address string, shots *int) *someone {
	t.Helper()
	at := cdp.WithExecutor(browser, chromedp.FromContext(browser).Browser)
	own, err := target.CreateBrowserContext().WithDisposeOnDetach(true).Do(at)
	if err != nil {
		t.Fatalf("a browser for %s: %v", name, err)
	}
	// Without a window of its own Chromium has nowhere to put the tab.
	tab, err := target.CreateTarget("about:blank").WithBrowserContextID(own).WithNewWindow(true).Do(at)
	if err != nil {
		t.Fatalf("a tab for %s: %v", name, err)
	}
	ctx, end := chromedp.NewContext(browser, chromedp.WithTargetID(tab))
	t.Cleanup(end)
	if err := chromedp.Run(ctx, chromedp.EmulateViewport(1280, 720)); err != nil {
		t.Fatalf("opening a browser for %s: %v", name, err)
	}
	return &someone{page: page{t, ctx}, name: name, address: address, shots: shots}
}

// goes opens a page and waits for something on it.
func (s *someone) goes(path, ready string) {
	s.t.Helper()
	s.do(chromedp.Navigate(s.address + path))
	s.sees(ready)
}

// sees waits until the page holds what a selector asks for.
func (s *someone) sees(selector string) {
	s.t.Helper()
	s.comesTo(s.name+" sees "+selector, fmt.Sprintf(`document.querySelector(%q) !== null`, selector))
	s.shot()
}

// reads waits until the page shows some words.
func (s *someone) reads(words ...string) {
	s.t.Helper()
	for _, w := range words {
		s.comesTo(s.name+" reads "+w, fmt.Sprintf(`document.body.innerText.toLowerCase().includes(%q)`, strings.ToLower(w)))
	}
	s.shot()
}

// writes fills in fields: selector, text, selector, text. What is chosen from a
// list is chosen by its value.
func (s *someone) writes(pairs ...string) {
	s.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		s.do(chromedp.WaitVisible(pairs[i]), chromedp.Evaluate(fmt.Sprintf(`document.querySelector(%q).value = ''`, pairs[i]), nil))
		if s.is(fmt.Sprintf(`['SELECT'].includes(document.querySelector(%[1]q).tagName) || ['date', 'time', 'number'].includes(document.querySelector(%[1]q).type)`, pairs[i])) {
			s.do(chromedp.SetValue(pairs[i], pairs[i+1]))
			continue
		}
		s.do(chromedp.SendKeys(pairs[i], pairs[i+1]))
	}
}

func (s *someone) is(expression string) (ok bool) {
	s.t.Helper()
	s.do(chromedp.Evaluate(expression, &ok))
	return ok
}

// ticks sets boxes to what they should be.
func (s *someone) ticks(on bool, selectors ...string) {
	s.t.Helper()
	for _, sel := range selectors {
		if s.is(fmt.Sprintf(`document.querySelector(%q).checked`, sel)) != on {
			s.clicks(sel)
		}
	}
}

// clicks presses something that can be seen.
func (s *someone) clicks(selector string) {
	s.t.Helper()
	s.do(chromedp.ScrollIntoView(selector), chromedp.Click(selector, chromedp.NodeVisible))
}

// sends presses the button of a form and waits for the page that answers.
func (s *someone) sends(button, ready string) {
	s.t.Helper()
	s.do(chromedp.Evaluate(`window.before = true`, nil))
	s.clicks(button)
	s.comesTo(s.name+"'s form is answered", `window.before !== true && document.readyState === 'complete'`)
	s.sees(ready)
}

// press presses a key with what is held down with it: "Alt+Shift+C".
func (s *someone) press(names ...string) {
	s.t.Helper()
	for _, name := range names {
		parts := strings.Split(name, "+")
		held := keys.ModifierNone
		for _, p := range parts[:len(parts)-1] {
			held |= map[string]keys.Modifier{"Shift": keys.ModifierShift, "Alt": keys.ModifierAlt}[p]
		}
		key := parts[len(parts)-1]
		if k, ok := map[string]string{"Tab": kb.Tab, "Enter": kb.Enter, "Down": kb.ArrowDown}[key]; ok {
			s.do(chromedp.KeyEvent(k))
			continue
		}
		code := key
		if len(key) == 1 {
			code = "Key" + key
		}
		s.do(keys.DispatchKeyEvent(keys.KeyRawDown).WithKey(key).WithCode(code).WithModifiers(held),
			keys.DispatchKeyEvent(keys.KeyUp).WithKey(key).WithCode(code).WithModifiers(held))
	}
}

// types writes where the caret is.
func (s *someone) types(text string) { s.t.Helper(); s.do(chromedp.KeyEvent(text)) }

// tabsTo goes on with the tab key until something has the focus.
func (s *someone) tabsTo(selector string) {
	s.t.Helper()
	for range 120 {
		if s.is(fmt.Sprintf(`document.activeElement?.matches(%q) ?? false`, selector)) {
			return
		}
		s.press("Tab")
	}
	s.t.Fatalf("%s cannot reach %s with the tab key", s.name, selector)
}

func (s *someone) shot() {
	s.t.Helper()
	if *look == "" {
		return
	}
	var png []byte
	s.do(chromedp.CaptureScreenshot(&png))
	*s.shots++
	if err := os.WriteFile(filepath.Join(*look, fmt.Sprintf("%03d-%s.png", *s.shots, s.name)), png, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// noonZone is a time zone in which it is between eleven and twelve o'clock now, so
// that a box on the real clock is in the middle of an office's day.
func noonZone(now time.Time) string {
	if ahead := 11 - now.UTC().Hour(); ahead != 0 {
		return fmt.Sprintf("Etc/GMT%+d", -ahead) // the sign of these names is turned round
	}
	return "Etc/GMT"
}

func allPaper(p *printer.Printer) string {
	var all strings.Builder
	for _, ticket := range p.Tickets() {
		all.WriteString(ticket.Text + "\n")
	}
	return all.String()
}

// TestEverybodysDay walks the day of everybody who uses the box, each in a browser
// of their own, from an empty data folder to the evening: the first administrator
// with the code from the printer, the office begun from the reference one, accounts,
// screens, the technician's trials, a citizen at the totem, reception and console by
// keys alone, attendant, manager, back office, quality, closing, report.
func TestEverybodysDay(t *testing.T) {
	t.Parallel() // it waits more than it works
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	fail := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	hallPaper := startPrinter(filepath.Join(dir, "totem"), fail, t.Cleanup)
	deskPaper := startPrinter(filepath.Join(dir, "accoglienza"), fail, t.Cleanup)
	settings := "schema = 1\n[data]\ndir = \"" + data + "\"\n[web]\nlisten = \"127.0.0.1:0\"\n"
	for _, outlet := range []string{"totem", "accoglienza"} {
		settings += "[[printer]]\nname = \"" + outlet + "\"\nport = \"" + filepath.Join(dir, outlet) + "\"\noutlet = \"" + outlet + "\"\nprofile = \"generic-80-process-id\"\n"
	}
	box := filepath.Join(dir, "box.toml")
	writeFile(t, box, settings)
	runProgram(t, "init", "--config", box)
	d := startProgram(t, programCommand(t.Context(), "serve", "--config", box))
	b := browser(t)
	shots := 0
	arrives := func(name string) *someone { return meets(t, b, name, d.address, &shots) }

	// The first administrator, with the code on paper.
	anna := arrives("anna")
	code := eventually(t, "the printers", func() string { return allPaper(hallPaper) + allPaper(deskPaper) }, codeOnPaper)[1]
	anna.goes("/primo-accesso", "#codice")
	anna.writes("#codice", code, "#persona", "Anna Rossi", "#nome", "a.rossi", "#segreto", goodPassword)
	anna.sends("form.panel button", "main h1")
	anna.goes("/", "main h1")
	anna.reads("Primo avvio")

	// The office: the reference one as a start, with its own name and hours.
	anna.sends("button[value=reference]", "main h1")
	anna.goes("/impostazioni/ufficio", "#v-office-body")
	anna.writes("#v-office-body", "Comune di Sette", "#v-office-zone", noonZone(time.Now()))
	anna.sends(".setup-keep button[value=keep]", "main h1")
	anna.goes("/impostazioni/orari", "#v-hours-week-1-open")
	anna.ticks(false, `[name="hours.holidays"]`)
	anna.writes("#v-hours-patron", "")
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		anna.ticks(true, `[name="hours.week[1].days"][value=`+day+`]`)
	}
	anna.sends(".setup-keep button[value=keep]", "main h1")
	for second := `button[value="remove:hours.week[2]"]`; anna.is(fmt.Sprintf(`document.querySelector(%q) !== null`, second)); {
		anna.sends(second, "#v-hours-week-1-open")
	}
	anna.goes("/impostazioni/effetto", ".setup-save #why")
	anna.writes("#why", "Apertura dell'ufficio")
	anna.sends(".setup-save button[value=save]", "main h1")
	anna.goes("/", "main h1")
	anna.reads("Comune di Sette")

	// The box has no network to say what time it is; who looks at its clock does.
	anna.clicks(`button[name=action][value=confirm]`)
	anna.comesTo("the clock is no longer doubted", `document.querySelector('button[value=confirm]') === null`)

	// Everybody gets an account and chooses a secret of their own.
	people := map[string]*someone{}
	for _, p := range []struct{ login, name, role, how, secret string }{
		{"carla", "Carla Verdi", "clerk", "pin", "927461"},
		{"remo", "Remo Bruni", "reception", "password", "sette nani sul tetto"},
		{"dino", "Dino Neri", "attendant", "password", "un cappello di paglia"},
		{"marta", "Marta Gialli", "manager", "password", "quattro cavalli in blu"},
		{"quirino", "Quirino Viola", "quality", "password", "tre civette sul comò"},
		{"bea", "Bea Grigi", "back-office", "password", "la nebbia agli irti colli"},
		{"tito", "Tito Rosa", "technician", "password", "cacciavite sotto il banco"},
	} {
		anna.goes("/persone", `[name=persona]`)
		anna.writes(`[name=persona]`, p.name, `.entry [name=nome]`, p.login)
		anna.ticks(true, `[name=ruolo][value=`+p.role+`]`)
		anna.sends(".entry button", ".secret-text")
		code := anna.text(".secret-text")
		one := arrives(p.login)
		one.goes("/codice", "#codice")
		one.writes("#codice", code, "#nome", p.login, "#segreto", p.secret)
		one.ticks(true, `[name=come][value=`+p.how+`]`)
		one.sends("form.panel button", "main h1")
		people[p.login] = one
	}
	carla, remo, dino, marta, quirino, bea, tito := people["carla"], people["remo"], people["dino"], people["marta"], people["quirino"], people["bea"], people["tito"]

	// The screens show a code, and become what the administrator says.
	board, totem := arrives("tabellone"), arrives("totem")
	board.do(chromedp.EmulateViewport(1920, 1080))
	for _, screen := range []struct {
		*someone
		path, name, role, place, ready string
	}{
		{board, "/tabellone", "Atrio", "board", "", "[data-big-number]"},
		{totem, "/totem?outlet=totem", "Ingresso", "totem", "outlet:totem", "[data-service=anagrafe]:not([disabled])"},
	} {
		screen.goes(screen.path, ".pairing-code")
		anna.goes("/schermi", `[name=codice]`)
		anna.writes(`[name=codice]`, screen.text(".pairing-code"), `.entry [name=nome]`, screen.name, `.entry [name=ruolo]`, screen.role, `.entry [name=posto]`, screen.place)
		anna.sends(".entry button", "main h1")
		screen.goes(screen.path, screen.ready)
	}
	board.comesTo("the board is connected", `document.querySelector('[data-lost]').hidden`)

	// The technician tries the printers.
	tito.goes("/responsabile/apparecchi", ".device-card")
	tito.clicks(`button[name=outlet][value=totem]`)
	eventually(t, "the totem's printer", func() string { return allPaper(hallPaper) }, regexp.MustCompile(`PROVA`))
	tito.clicks(`button[name=outlet][value=accoglienza]`)
	eventually(t, "the reception's printer", func() string { return allPaper(deskPaper) }, regexp.MustCompile(`PROVA`))
	// Then he opens a cover, closes it, and looks at the box as a whole: where each
	// printer is wired, what the check says of every part, and what a printer has written.
	hallPaper.SetCoverOpen(true)
	tito.reads("Coperchio aperto")
	hallPaper.SetCoverOpen(false)
	totem.comesTo("the totem prints again", `document.querySelector('[data-sign]').hidden`)
	tito.clicks(`main a[href="/responsabile/tecnico"]`)
	tito.sees(".wires")
	tito.reads("Nessuno ha controllato", filepath.Join(dir, "totem"), "accoglienza", box)
	tito.sends(`button[name=action][value=check]`, ".found")
	tito.reads("Controllato il", "a posto")
	for _, printer := range []string{"totem", "accoglienza"} {
		if !tito.is(fmt.Sprintf(`[...document.querySelectorAll('.found-OK')].some(x => x.textContent.includes(%q))`, printer)) {
			t.Errorf("the check does not find printer %s well", printer)
		}
	}
	if tito.is(`document.querySelector('.found [lang=en]:not(.found-detail)') !== null`) {
		t.Error("the check speaks English to an Italian technician")
	}
	tito.clicks(".wires li details summary")
	tito.comesTo("the printer's log is open", `document.querySelector('.wires details[open] .log li')?.textContent.includes('printer')`)
	tito.shot()
	if tito.goes("/responsabile", "main h1"); tito.is(`document.querySelector('.figures') !== null`) {
		t.Error("the manager's page is the technician's too")
	}

	// A citizen takes a number.
	totem.clicks(`[data-service=anagrafe]`)
	totem.comesTo("the totem shows the number", `document.querySelector('[data-answer-number]').textContent === 'A001'`)
	totem.shot()
	eventually(t, "the totem's printer", func() string { return allPaper(hallPaper) }, regexp.MustCompile(`A001`))

	// Reception, by keys alone: a procedure found by a misspelt word, its number, a
	// question that needs none.
	remo.goes("/accoglienza", "#find")
	remo.press("F2")
	remo.types("residensa")
	remo.press("Enter")
	remo.sees(".sheet button")
	remo.tabsTo(".sheet button")
	remo.press("Enter")
	eventually(t, "the reception's printer", func() string { return allPaper(deskPaper) }, regexp.MustCompile(`A002`))
	remo.tabsTo(".contacts button")
	remo.press("Enter")
	remo.comesTo("the contact is counted", `document.querySelector('.contacts .contact-count').textContent === '1'`)
	remo.shot()

	// The attendant sees who waits.
	dino.do(chromedp.EmulateViewport(390, 844))
	dino.goes("/commessi", ".crowd")
	dino.reads("A001", "Anagrafe")

	// The clerk, by keys alone: signs in at a desk, serves, pauses.
	carla.goes("/uscita", "main h1")
	carla.goes("/accesso", "#sportello")
	carla.tabsTo("#sportello")
	carla.press("Down")
	carla.tabsTo("#nome-pin")
	carla.types("carla")
	carla.press("Tab")
	carla.types("927461")
	carla.press("Enter")
	carla.comesTo("the console is there", `location.pathname.startsWith('/cruscotto/') && document.querySelector('.key-next') !== null`)
	desk := carla.text("#h-desk")
	if carla.is(`document.querySelector('.key-next').disabled`) {
		carla.press("Alt+Shift+P")
	}
	carla.comesTo("AVANTI can be pressed", `document.querySelector('.key-next:not([disabled])') !== null`)
	carla.press("F2")
	carla.sees(`[data-held=A001]`)
	board.comesTo("the board shows A001", `document.querySelector('[data-big-number]').textContent === 'A001'`)
	board.shot()
	if shown := board.text("[data-big-desk]"); !strings.HasSuffix(desk, shown) {
		t.Errorf("the board sends to %q, the clerk sits at %q", shown, desk)
	}
	carla.press("F9")
	carla.sees(".held-serving")
	carla.press("Alt+Shift+E", "Down", "F2")
	carla.sees(`[data-held=A002]`)
	carla.press("Shift+F2")
	carla.sees(".held-none")
	carla.press("Alt+Shift+P")
	carla.tabsTo(".pause-reasons button")
	carla.press("Enter")
	carla.sees(".state-paused")
	carla.press("Alt+Shift+P")
	carla.sees(".state-open")

	// The manager: a message, a suspension and its end, a profile for the next call.
	marta.goes("/responsabile", ".figures")
	marta.clicks("#hand-messages > details > summary")
	marta.writes(`[name=text-it]`, "Oggi la cassa chiude alle 12")
	marta.clicks(`#hand-messages button[value=post]`)
	board.reads("la cassa chiude alle 12")
	marta.comesTo("the form of the message is closed, and empty", `!document.querySelector('#hand-messages > details').open && document.querySelector('[name=text-it]').value === ''`)
	marta.clicks("#hand-suspend summary")
	marta.comesTo("the reasons are shown", `document.querySelector('#hand-suspend details').open`)
	marta.clicks(`#hand-suspend [name=why][value=assembly]`)
	marta.clicks(`#hand-suspend button[value=suspend]`)
	marta.sees(`#hand-suspend button[value=resume]`)
	board.comesTo("the board says why nobody is called", `!document.querySelector('[data-notice]').hidden`)
	board.shot()
	totem.comesTo("the totem gives none", `document.querySelector('[data-service=anagrafe]').disabled`)
	marta.clicks(`#hand-suspend button[value=resume]`)
	totem.comesTo("the totem gives them again", `!document.querySelector('[data-service=anagrafe]').disabled`)
	marta.goes("/responsabile/sportelli", ".profiles select")

	// The back office has a desk too; quality reads the report, and nothing more.
	bea.goes("/cruscotto", ".desk-card")
	quirino.goes("/responsabile/attese?by=service", ".report-table tfoot")
	quirino.goes("/cruscotto", "main h1")
	if quirino.is(`document.querySelector('.desk-card') !== null`) {
		t.Error("the consoles are open to who reads reports")
	}

	// Evening: the manager closes earlier today; who waits is served, the report
	// counts the day, everybody signs out.
	totem.do(chromedp.Evaluate(`document.querySelector('[data-answer-close]')?.click()`, nil))
	totem.clicks(`[data-service=anagrafe]`)
	carla.comesTo("A003 is next", `document.querySelector('.key-hint').textContent.includes('A003')`)
	marta.goes("/impostazioni/orari", "#v-hours-week-1-close")
	marta.writes("#v-hours-week-1-close", marta.text("[data-clock]"))
	marta.sends(".panel + .setup-keep button[value=keep]", "main h1")
	marta.goes("/impostazioni/effetto", ".setup-save #why")
	marta.writes("#why", "Chiusura anticipata")
	marta.sends(".setup-save button[value=save]", "main h1")
	totem.comesTo("the totem is closed", `document.querySelector('[data-service=anagrafe]').disabled`)
	totem.shot()
	carla.press("F2")
	carla.sees(`[data-held=A003]`)
	carla.press("Shift+F2")
	carla.sees(".held-none")
	carla.press("Alt+Shift+C")
	carla.sees(".state-closed")
	marta.goes("/responsabile/attese?by=service", ".report-table tfoot")
	marta.comesTo("the report counts three visits", `document.querySelector('.report-table tfoot td').textContent.trim() === '3'`)
	marta.shot()
	anna.goes("/atti", "main table")
	anna.reads("Primo amministratore", "Schermo collegato", "Carla Verdi")
	for _, one := range []*someone{anna, carla, remo, dino, marta, quirino, bea, tito} {
		one.goes("/", "main h1")
		one.sends(".top-who button", "main h1")
		one.goes("/", "main h1")
		if one.is(`document.querySelector('.top-who button') !== null`) {
			t.Errorf("%s is still in", one.name)
		}
	}
	d.stop(t)
	says(t, "the journal", runProgram(t, "journal", "verify", "--config", box), "OK:")
}
