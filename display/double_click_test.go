package display

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"eliminacode/queue"

	"github.com/chromedp/chromedp"
)

// TestASecondClickOfAvantiCountsNobodyAsServed: the page names already whom the first
// click called when the second one comes. What was chosen stays, and the page says what
// to do; later the same button says that nobody came, and how to take it back.
func TestASecondClickOfAvantiCountsNobodyAsServed(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	o.open(t, "s1")
	for range 2 {
		o.issue(t, "anagrafe", queue.Ordinary)
	}
	s := serve(t, o.config(), "")
	says := func(what, sentence string) {
		t.Helper()
		until(t, ctx, what, fmt.Sprintf(`%s.includes(%q)`, text("[data-flash]"), sentence))
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/cruscotto/s1"), chromedp.WaitVisible(".key-next"))
	until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden`)
	do(t, ctx, chromedp.Click(".key-next"))
	until(t, ctx, "A001 is called", text(".held-number")+` === "A001" && !document.documentElement.hasAttribute("data-sending")`)
	do(t, ctx, chromedp.SetValue(".outcome select", "released"), chromedp.Click(".key-next"))
	says("the second click is refused", "resta allo sportello: aspetti che la persona arrivi e prema INIZIO, oppure CHIUDI, NON PRESENTATO o ANNULLA CHIAMATA.")
	until(t, ctx, "the outcome is still chosen", `document.querySelector(".outcome select").value === "released"`)
	until(t, ctx, "the page offers what it says", `["start", "finish", "no-show", "undo"].every((action) => !document.querySelector('.keys [value="' + action + '"]').disabled)`)
	shot(t, ctx, "console-double-click-1280x720")
	if got := o.newest().LatestByNumber("A001"); got.State != queue.Called {
		t.Fatalf("A001 is %s", got.State)
	}

	o.pass(5 * time.Second)
	do(t, ctx, chromedp.SetValue(".outcome select", ""), chromedp.Click(".key-next"))
	says("who was not there is told of", "A002: Numero chiamato. A001 risulta non presentato")
	says("and how to take it back", "prema ANNULLA CHIAMATA e poi INIZIO")
	shot(t, ctx, "console-hasty-1280x720")
	do(t, ctx, chromedp.Click(`.keys [value="undo"]`))
	until(t, ctx, "A001 is at the desk again", text(".held-number")+` === "A001" && !document.documentElement.hasAttribute("data-sending")`)
	do(t, ctx, chromedp.Click(`.keys [value="start"]`))
	until(t, ctx, "and is served", `document.querySelector(".held-serving") !== null && !document.documentElement.hasAttribute("data-sending")`)
	do(t, ctx, chromedp.Click(".key-next"))
	until(t, ctx, "A002 is called", text(".held-number")+` === "A002"`)
	if got := o.newest().LatestByNumber("A001"); got.State != queue.Served {
		t.Errorf("A001 is %s", got.State)
	}
}

// TestAHastyAvantiIsToldInEachLanguage, on the page without a script and to a program.
func TestAHastyAvantiIsToldInEachLanguage(t *testing.T) {
	for _, lang := range []string{"it", "de", "fr", "sl", "en"} {
		o := newTestOffice(t)
		o.open(t, "s1")
		for range 2 {
			o.issue(t, "anagrafe", queue.Ordinary)
		}
		s := serve(t, o.config(), "")
		next := func(body string) (int, string) {
			t.Helper()
			status, _, answer := ask(t, request(t, "POST", s.url+"/api/v1/desks/s1/next", body, "Content-Type", "application/json", "Accept-Language", lang))
			return status, answer
		}
		if status, answer := next(`{}`); status != http.StatusOK {
			t.Fatalf("%d %s", status, answer)
		}
		if status, answer := next(`{"finishing":"1000001"}`); status != http.StatusTooManyRequests || !strings.Contains(answer, `"just-called"`) || strings.Contains(answer, "refusal.") {
			t.Errorf("%s: the second answers %d %s", lang, status, answer)
		}
		o.pass(5 * time.Second)
		if status, answer := next(`{"finishing":"1000001"}`); status != http.StatusOK || strings.Count(answer, "A001") != 1 || strings.Contains(answer, "console.") {
			t.Errorf("%s: later it answers %d %s", lang, status, answer)
		}
	}

	o := newTestOffice(t)
	o.open(t, "s1")
	a := o.issue(t, "anagrafe", queue.Ordinary)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.post("/cruscotto/s1", "action", "next")
	u.post("/cruscotto/s1", "action", "next", "finishing", a.String())
	u.sees("resta allo sportello", `data-held="A001"`)
	o.pass(5 * time.Second)
	u.post("/cruscotto/s1", "action", "next", "finishing", a.String())
	u.sees("Nessuno in attesa", "A001 risulta non presentato")
	if strings.Contains(u.page, "e poi INIZIO") {
		t.Error("it offers to undo a call that there was not")
	}
}
