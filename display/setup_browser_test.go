package display

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// inSetup is an office whose set-up nobody has begun to change.
func inSetup(t *testing.T) (*testOffice, running) {
	t.Helper()
	o := newTestOffice(t)
	o.busy(t)
	cfg := o.config()
	cfg.Setups, cfg.Demo, cfg.Administration = newTestSetups(o), &testDemo{}, testAccounts(t)
	return o, serve(t, cfg, "")
}

// at tells in a page that it is the one of an address.
func at(path string) string { return `location.pathname === ` + quoted(path) }

// standardIs fails unless the first service has a standard of so many minutes.
func (o *testOffice) standardIs(t *testing.T, minutes int64) {
	t.Helper()
	if got := o.newest().Setup().Services[0].StandardMs; got != minutes*60_000 {
		t.Errorf("the standard is %d ms, want %d minutes", got, minutes)
	}
}

// A standard is changed with nothing but a keyboard: from the overview to the draft,
// its effect, and the change in force.
func TestSetupByKeysAlone(t *testing.T) {
	ctx := browser(t)
	o, s := inSetup(t)
	enter := func(selector, path string) {
		t.Helper()
		tabTo(t, ctx, selector)
		do(t, ctx, chromedp.KeyEvent(kb.Enter))
		until(t, ctx, path+" is there", at(path))
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+setupHome), chromedp.WaitVisible(".tile"))
	enter(`.tile a[href="/impostazioni/servizi"]`, setupHome+"/servizi")
	enter(`.setup-list a[href="/impostazioni/servizi/1"]`, setupHome+"/servizi/1")
	tabTo(t, ctx, `[name="service[1].standard"]`)
	do(t, ctx, chromedp.KeyEvent("20 min"), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "it is in the draft", `document.querySelector(".alarm-soft")`)
	o.standardIs(t, 15)
	enter(`.alarm-soft [value="effect"]`, setupHome+"/effetto")
	until(t, ctx, "the effect says what changes", text(".things")+`.includes("20 min")`)
	shot(t, ctx, "setup-effect-keys-1280x720")
	tabTo(t, ctx, `.setup-save [value="now"]`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowUp))
	until(t, ctx, "the arrows choose from when it holds", `document.querySelector('.setup-save [value="now"]').checked`)
	tabTo(t, ctx, "#why")
	do(t, ctx, chromedp.KeyEvent("Carta dei servizi"))
	enter(`.setup-save [value="save"]`, setupHome)
	until(t, ctx, "it is said", text("[data-flash]")+`.length > 0`)
	o.standardIs(t, 20)
}

// What would take the place of a draft asks first, on a page that says what is lost; the
// safe way is the first one for a keyboard too.
func TestReplacingADraftAsksInABrowser(t *testing.T) {
	axe := accessibilityChecker(t)
	ctx := browser(t)
	o := newTestOffice(t)
	cfg := o.config()
	setups := written(o)
	cfg.Setups = setups
	s := serve(t, cfg, "")
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+setupHome+"/programmate"), chromedp.WaitVisible(`[value="take-up"]`),
		chromedp.Click(`[value="take-up"]`), chromedp.WaitVisible(`[name="replaces"]`))
	judge(t, ctx, axe, "setup-replace")
	shot(t, ctx, "setup-replace-1280x720")
	tabTo(t, ctx, `.setup-keep a`)
	do(t, ctx, chromedp.Click(`[name="replaces"]`))
	until(t, ctx, "the effect is there", at(setupHome+"/effetto"))
	do(t, ctx, chromedp.Navigate(s.url+setupHome), chromedp.WaitVisible(`[value="bring-back"]`))
	judge(t, ctx, axe, "setup with an earlier draft")
	do(t, ctx, chromedp.ScrollIntoView(`[value="bring-back"]`))
	shot(t, ctx, "setup-earlier-1280x720")
}

// The same on a phone: nothing is wider than the screen, the head leaves it to the
// page, names have room, and a finger finds every button.
func TestSetupOnAPhone(t *testing.T) {
	axe := accessibilityChecker(t)
	ctx := browser(t)
	o, s := inSetup(t)
	do(t, ctx, chromedp.EmulateViewport(390, 844))
	for _, p := range sitemap {
		if !strings.HasPrefix(p.name, "setup") && p.name != "manager" {
			continue
		}
		if p.name == "setup-effect" || p.name == "setup-planned" {
			continue // there is no draft yet
		}
		do(t, ctx, chromedp.Navigate(s.url+p.path), chromedp.WaitReady(p.ready))
		for what, expression := range map[string]string{
			"it scrolls sideways":                  `document.documentElement.scrollWidth > innerWidth`,
			"the head takes a quarter of it":       `document.querySelector(".top").getBoundingClientRect().height > innerHeight / 4`,
			"a name has not half its width":        `[...document.querySelectorAll(".setup-name")].some((e) => e.getBoundingClientRect().width < innerWidth / 2)`,
			"a choice stands without its word":     `[...document.querySelectorAll(".field-profile td:has([type=radio])")].some((e) => !getComputedStyle(e, "::before").content.includes(e.dataset.label))`,
			"something is said one word on a line": `[...document.querySelectorAll("main p, main label, main h2")].some((e) => e.textContent.trim().length > 20 && e.getBoundingClientRect().width > 0 && e.getBoundingClientRect().width < 100)`,
		} {
			var so bool
			do(t, ctx, chromedp.Evaluate(expression, &so))
			if so {
				t.Errorf("%s: %s", p.name, what)
			}
		}
		judge(t, ctx, axe, p.name+" on a phone")
		shot(t, ctx, p.name+"-small-phone")
	}

	tap := func(selector, path string) {
		t.Helper()
		do(t, ctx, chromedp.Click(selector))
		until(t, ctx, path+" is there", at(path))
	}
	do(t, ctx, chromedp.Navigate(s.url+setupHome), chromedp.WaitVisible(".tile"))
	tap(`.tile a[href="/impostazioni/servizi"]`, setupHome+"/servizi")
	tap(`.setup-list a[href="/impostazioni/servizi/1"]`, setupHome+"/servizi/1")
	do(t, ctx, chromedp.SetValue(`[name="service[1].standard"]`, "20 min"), chromedp.Click(`.setup-keep [value="keep"]`))
	until(t, ctx, "it is in the draft", `document.querySelector(".alarm-soft")`)
	tap(`.alarm-soft [value="effect"]`, setupHome+"/effetto")
	shot(t, ctx, "setup-effect-small-phone")
	do(t, ctx, chromedp.SendKeys("#why", "Carta dei servizi"))
	tap(`.setup-save [value="save"]`, setupHome)
	until(t, ctx, "it is said", text("[data-flash]")+`.length > 0`)
	o.standardIs(t, 20)
}

// On a phone the pages of the head are folded away, and open for a finger or a key; a
// wider screen, and a browser without script, have them open.
func TestPagesAreFoldedOnAPhone(t *testing.T) {
	ctx := browser(t)
	_, s := inSetup(t)
	do(t, ctx, chromedp.EmulateViewport(390, 844), chromedp.Navigate(s.url+"/responsabile"), chromedp.WaitVisible(".figures"))
	const links = `[...document.querySelectorAll(".top-nav a")].filter((e) => e.checkVisibility()).length`
	until(t, ctx, "the pages are folded", links+` === 0`)
	do(t, ctx, chromedp.Click(".top-pages summary"))
	until(t, ctx, "a finger opens them", links+` > 8`)
	shot(t, ctx, "pages-open-phone")
	do(t, ctx, chromedp.Focus(".top-pages summary"), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "a key folds them", links+` === 0`)
	do(t, ctx, chromedp.EmulateViewport(1280, 720))
	until(t, ctx, "a wide screen shows them", links+` > 8 && !document.querySelector(".top-pages summary").checkVisibility()`)
	if status, _, page := ask(t, request(t, "GET", s.url+"/responsabile", "")); status != http.StatusOK || !strings.Contains(page, `<details class="top-pages" open>`) {
		t.Errorf("without script the pages are folded: %d", status)
	}
}

// What keeps a form is in sight at once on a small screen, and return in a field keeps
// what was written though the way to the effect stands above.
func TestWhatKeepsAFormIsInSight(t *testing.T) {
	ctx := browser(t)
	_, s := inSetup(t)
	do(t, ctx, chromedp.EmulateViewport(1280, 720))
	for _, path := range []string{"/ufficio", "/orari", "/regole", "/biglietto", "/servizi/1", "/sportelli/1"} {
		do(t, ctx, chromedp.Navigate(s.url+setupHome+path), chromedp.WaitVisible(".setup-form"))
		var bottom float64
		do(t, ctx, chromedp.Evaluate(`document.querySelector('.setup-keep [value="keep"]').getBoundingClientRect().bottom`, &bottom))
		if bottom > 720 {
			t.Errorf("%s: the button that keeps ends at %v of 720", path, bottom)
		}
	}
	do(t, ctx, chromedp.Navigate(s.url+setupHome+"/ufficio"), chromedp.WaitVisible(".setup-form"),
		chromedp.SetValue(`[name="office.note"]`, "Uno"), chromedp.Click(`.setup-keep [value="keep"]`))
	until(t, ctx, "it is in the draft", `document.querySelector('.alarm-soft [value="effect"]')`)
	shot(t, ctx, "setup-office-draft-1280x720")
	do(t, ctx, chromedp.Evaluate(`window.before = true`, nil), chromedp.Evaluate(`document.querySelector("[name=\"office.note\"]").value = ""`, nil), chromedp.SendKeys(`[name="office.note"]`, "Due"+kb.Enter))
	until(t, ctx, "return keeps it", `!window.before && `+at(setupHome+"/ufficio")+` && document.querySelector('[name="office.note"]')?.value === "Due"`)
	do(t, ctx, chromedp.SetValue(`[name="office.note"]`, "Tre"), chromedp.Click(`.alarm-soft [value="effect"]`))
	until(t, ctx, "the effect has it", at(setupHome+"/effetto")+` && `+text(".things")+`.includes("Tre")`)
	// The date can be read, and who writes one means it.
	var width float64
	do(t, ctx, chromedp.Evaluate(`document.querySelector('[name="from"]').getBoundingClientRect().width`, &width))
	if width < 120 {
		t.Errorf("the field of a date is %v wide", width)
	}
	do(t, ctx, chromedp.SendKeys(`[name="from"]`, "12012026"))
	until(t, ctx, "the choice beside it is made", `document.querySelector('[name="when"][value="date"]').checked`)
	do(t, ctx, chromedp.Click(`[name="when"][value="now"]`))
	until(t, ctx, "who chooses otherwise does not mean it any more", `document.querySelector('[name="from"]').value === ""`)
}

// Who leaves a form of the set-up with something written in it is asked first, and stays
// with what was written or goes without it. A form that is as it came, or that its own
// button keeps, asks nothing.
func TestLeavingASetUpFormAsks(t *testing.T) {
	ctx := browser(t)
	_, s := inSetup(t)
	asked, leave := make(chan bool, 8), make(chan bool, 8)
	chromedp.ListenTarget(ctx, func(e any) {
		if e, ok := e.(*cdppage.EventJavascriptDialogOpening); ok {
			asked <- e.Type == cdppage.DialogTypeBeforeunload
			go func() { _ = chromedp.Run(ctx, cdppage.HandleJavaScriptDialog(<-leave)) }()
		}
	})
	isAsked := func(what string, want bool) {
		t.Helper()
		select {
		case of := <-asked:
			if !want || !of {
				t.Fatalf("%s: something is asked", what)
			}
		default:
			if want {
				t.Fatalf("%s: nothing is asked", what)
			}
		}
	}
	const back = `.path a[href="/impostazioni"]`
	note := `[name="office.note"]`
	open := func() {
		t.Helper()
		do(t, ctx, chromedp.Navigate(s.url+setupHome+"/ufficio"), chromedp.WaitVisible(".setup-form"))
		until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden`)
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 720))
	open()
	do(t, ctx, chromedp.SendKeys(note, "x"), chromedp.SendKeys(note, kb.Backspace), chromedp.Click(back))
	until(t, ctx, "a form that is as it came is left", at(setupHome))
	isAsked("a form that is as it came", false)

	open()
	leave <- false
	do(t, ctx, chromedp.SendKeys(note, "Nuova"), chromedp.Click(back))
	until(t, ctx, "what was written is there", at(setupHome+"/ufficio")+` && document.querySelector('`+note+`').value.includes("Nuova")`)
	isAsked("a form that was written in", true)
	do(t, ctx, chromedp.Evaluate(`window.before = true`, nil), chromedp.Click(`.setup-keep [value="keep"]`))
	until(t, ctx, "it is in the draft", `!window.before && document.querySelector(".alarm-soft") && document.querySelector('`+note+`').value.includes("Nuova")`)
	isAsked("a form that is kept", false)

	until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden`)
	leave <- true
	do(t, ctx, chromedp.SendKeys(note, "Altra"), chromedp.Click(back))
	until(t, ctx, "who wants to leaves", at(setupHome))
	isAsked("a form that was written in again", true)
}

// While a later day is chosen, nothing is said to change for those who wait now.
func TestALaterDayChangesNothingForWhoWaitsNow(t *testing.T) {
	ctx := browser(t)
	_, s := inSetup(t)
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+setupHome+"/servizi/1"), chromedp.WaitVisible(".setup-form"),
		chromedp.SetValue(`[name="service[1].standard"]`, "20 min"), chromedp.Click(`.setup-keep [value="keep"]`))
	until(t, ctx, "it is in the draft", `document.querySelector('.alarm-soft [value="effect"]')`)
	do(t, ctx, chromedp.Click(`.alarm-soft [value="effect"]`))
	seen := func(now, later bool) string {
		return fmt.Sprintf(`document.querySelector(".felt-now")?.checkVisibility() === %v && document.querySelector(".felt-later").checkVisibility() === %v`, now, later)
	}
	until(t, ctx, "what changes now is said", seen(true, false))
	shot(t, ctx, "setup-effect-now-1280x720")
	for _, when := range []string{"day", "date"} {
		do(t, ctx, chromedp.Click(`[name="when"][value="`+when+`"]`))
		until(t, ctx, "nothing changes now: "+when, seen(false, true))
	}
	shot(t, ctx, "setup-effect-later-1280x720")
}
