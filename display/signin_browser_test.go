package display

import (
	"testing"

	"eliminacode/display/access"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestSigningInIsAccessible judges the pages that ask who one is, and walks the way
// in with the keyboard alone.
func TestSigningInIsAccessible(t *testing.T) {
	axe := accessibilityChecker(t)
	ctx := browser(t)
	cfg := closed(t, newTestOffice(t))
	provider := &testProvider{knows: "S-1-5-21-2127521184-1604012920-1887927527-72713"}
	cfg.Provider = provider
	s := serve(t, cfg, "")
	provider.base = s.url
	look := func(name, path, ready string) {
		t.Helper()
		do(t, ctx, chromedp.Navigate(s.url+path), chromedp.WaitVisible(ready))
		judgeLooks(t, ctx, axe, name)
		for _, z := range append(sizes, size{"phone", 390, 844}) {
			do(t, ctx, chromedp.EmulateViewport(z.width, z.height))
			judge(t, ctx, axe, name+" at "+z.name)
			shot(t, ctx, name+"-"+z.name)
		}
	}
	look("first", "/primo-accesso", "#codice")
	var offered bool
	do(t, ctx, chromedp.Evaluate(`document.querySelector(".top-pages").checkVisibility()`, &offered))
	if offered {
		t.Error("who may open no page is offered a list of them")
	}
	firstAdministrator(t, cfg.Access)
	member(t, cfg.Access, "b.verdi", "927461", access.Clerk)
	look("sign-in", "/accesso", "#sportello")
	var below string
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Evaluate(`[...document.querySelectorAll(".sign-in .btn")].filter((e) => e.getBoundingClientRect().bottom > innerHeight).map((e) => e.textContent).join("; ")`, &below))
	if below != "" {
		t.Errorf("a way to sign in is below the fold: %s", below)
	}
	look("sign-in-wrong", "/accesso?esito=wrong-login&rifiuto=1&password=1&nome=b.verdi", "#password")
	look("sign-in-pin", "/accesso?esito=secret-kept&pin=1&nome=b.verdi", "#pin-scelto")
	until(t, ctx, "the PIN is asked of who is known", `document.activeElement.id === "pin-scelto"`)
	look("not-tied", "/accesso/ente", ".secret-text")
	provider.away = true
	look("sign-in-away", "/accesso", "#sportello")
	look("code", "/codice", "#codice")
	look("pairing", "/tabellone", ".pairing-code")
	look("pairing-voting", "/voto", ".pairing-code")

	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/accesso"), chromedp.WaitVisible("#sportello"),
		chromedp.Focus("#sportello"), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent("\t"), chromedp.KeyEvent("b.verdi"),
		chromedp.KeyEvent("\t"), chromedp.KeyEvent("927461"), chromedp.KeyEvent("\r"))
	until(t, ctx, "the console of the desk is there", `location.pathname === "/cruscotto/s3" && document.querySelector(".key-next")`)
	do(t, ctx, chromedp.Navigate(s.url+"/accesso"), chromedp.WaitVisible("#pin"))
	until(t, ctx, "the name is asked first", `document.activeElement.id === "nome"`)
	shot(t, ctx, "sign-in-desk-1280x720")
	look("own-secret", "/mio-accesso", "#segreto")
	var beside bool
	do(t, ctx, chromedp.Evaluate(`document.querySelector(".top-name").getBoundingClientRect().bottom > document.querySelector(".top-who").getBoundingClientRect().top`, &beside))
	if beside {
		t.Error("on a phone the name of the office is squeezed beside that of the person")
	}
}

// Whose desk another operator takes is not told that the line is lost: the page says who
// works there now, and after it how to take the place.
func TestWhoLosesADeskIsTold(t *testing.T) {
	axe := accessibilityChecker(t)
	ctx := browser(t)
	cfg := closed(t, newTestOffice(t))
	firstAdministrator(t, cfg.Access)
	member(t, cfg.Access, "b.verdi", "927461", access.Clerk)
	member(t, cfg.Access, "c.neri", "584213", access.Clerk)
	s := serve(t, cfg, "")
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/accesso?poi=/cruscotto/s3"), chromedp.WaitVisible("#sportello"),
		chromedp.SetValue("#sportello", "s3"), chromedp.SetValue("#nome-pin", "b.verdi"), chromedp.SetValue("#pin-scelto", "927461"), chromedp.Submit("#pin-scelto"), chromedp.WaitVisible(`button[value="open"]`),
		chromedp.Click(`button[value="open"]`))
	until(t, ctx, "the desk is open and the line is up", `!document.querySelector(".key-next").disabled && document.querySelector("[data-lost]").hidden`)
	neri := newPerson(t, s)
	neri.atDesk(t, "s3", "c.neri", "584213")
	neri.post(t, "/cruscotto/s3", "action", "move")
	until(t, ctx, "the page says who is there", `document.querySelector("main").innerText.includes("lavora un'altra persona")`)
	var after bool
	do(t, ctx, chromedp.Evaluate(`document.querySelector("[value=move]").getBoundingClientRect().top > document.querySelector("main .lead").getBoundingClientRect().bottom`, &after))
	if !after {
		t.Error("the place is offered before it is said that somebody works there")
	}
	judgeLooks(t, ctx, axe, "console-taken")
	for _, z := range append(sizes, size{"phone", 390, 844}) {
		do(t, ctx, chromedp.EmulateViewport(z.width, z.height))
		judge(t, ctx, axe, "console-taken at "+z.name)
		shot(t, ctx, "console-taken-"+z.name)
	}
	// Who has just been refused is told once.
	do(t, ctx, chromedp.Navigate(s.url+"/cruscotto/s3?esito=desk-taken&rifiuto=1"), chromedp.WaitVisible("[value=move]"))
	var lead bool
	do(t, ctx, chromedp.Evaluate(`document.querySelector("main .lead") !== null`, &lead))
	if lead {
		t.Error("that somebody else works there is said twice")
	}
}
