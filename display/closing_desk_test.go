package display

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"eliminacode/queue"
)

// TestADeskThatHoldsANumberAsksBeforeItCloses goes by keys alone: the question is left
// with Esc, and each answer has a key of its own.
func TestADeskThatHoldsANumberAsksBeforeItCloses(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	o.open(t, "s1")
	for range 3 {
		o.issue(t, "anagrafe", queue.Ordinary)
	}
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/cruscotto/s1"), chromedp.WaitVisible(".key-next"))
	until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden`)
	asked := `(document.querySelector("[id^=closing-]")?.open ?? false)`
	ask := func(number string) {
		t.Helper()
		press(t, ctx, "F2")
		until(t, ctx, number+" is called", text(".held-number")+` === "`+number+`" && !document.documentElement.hasAttribute("data-sending")`)
		o.pass(25 * time.Second)
		press(t, ctx, "Alt+Shift+C")
		until(t, ctx, "it is asked about", asked+` && `+text("#h-closing")+`.startsWith("`+number+`")`)
	}
	closed := func(says string) {
		t.Helper()
		until(t, ctx, "the desk is closed", text(".state")+` === "chiuso"`)
		until(t, ctx, "it says what became of the number", fmt.Sprintf(`%s.includes(%q)`, text("[data-flash]"), says))
		press(t, ctx, "Alt+Shift+P")
		until(t, ctx, "the desk is open again", text(".state")+` === "libero" && !document.documentElement.hasAttribute("data-sending")`)
	}
	ask("A001")
	shot(t, ctx, "console-closing-1280x720")
	until(t, ctx, "the question stands on the page whole", `(() => { const r = document.querySelector(".closing").getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth && r.bottom <= innerHeight })()`)
	do(t, ctx, chromedp.KeyEvent(kb.Escape))
	until(t, ctx, "it is taken back, and the key that asked has the focus", `!`+asked+` && document.activeElement.matches("[id^=closing-] summary")`)
	if _, now, _ := o.newest().Desk("s1"); !now.Open {
		t.Error("the desk is closed")
	}
	do(t, ctx, chromedp.KeyEvent("1")) // nothing is asked now
	press(t, ctx, "Alt+Shift+C")
	until(t, ctx, "it is asked again", asked)
	do(t, ctx, chromedp.KeyEvent("1"))
	closed("A001")
	if got := o.newest().LatestByNumber("A001"); got.State != queue.Served || got.Periods[len(got.Periods)-1].EndUnknown {
		t.Errorf("A001 is %+v", got)
	}
	ask("A002")
	do(t, ctx, chromedp.KeyEvent("2"))
	closed("torna in coda")
	if got := o.newest().LatestByNumber("A002"); got.State != queue.Waiting {
		t.Errorf("A002 is %s", got.State)
	}
	// Of a service that has begun it is not offered that nobody came.
	press(t, ctx, "F2")
	until(t, ctx, "the next is called", `document.querySelector(".held-called") !== null && !document.documentElement.hasAttribute("data-sending")`)
	press(t, ctx, "F9")
	until(t, ctx, "it is served", `document.querySelector(".held-serving") !== null && !document.documentElement.hasAttribute("data-sending")`)
	press(t, ctx, "Alt+Shift+C")
	until(t, ctx, "it is asked of a service too", asked+` && document.querySelector("[data-answer='2']") === null`)
	do(t, ctx, chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "the desk is closed by the Tab key too", text(".state")+` === "chiuso"`)
}

// TestACloseWithoutAWordIsToldInEachLanguage holds for the page without a script and for a
// program: it says what is missing, and nothing is closed.
func TestACloseWithoutAWordIsToldInEachLanguage(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	s := serve(t, o.config(), "")
	u := &surfer{t: t, s: s}
	u.post("/cruscotto/s1", "action", "next")
	o.pass(25 * time.Second)
	u.post("/cruscotto/s1", "action", "close")
	u.sees("Lo sportello ha ancora un numero", `name="current" value="served"`, `name="current" value="not-come"`)
	for language, says := range map[string]string{"it": "dica se la persona", "de": "Sagen Sie, ob", "fr": "dites si la personne", "sl": "povejte, ali", "en": "say whether"} {
		status, _, body := ask(t, request(t, "POST", s.url+"/api/v1/desks/s1/close", `{}`, "Content-Type", jsonMedia, "Accept-Language", language))
		if status != 409 || !strings.Contains(body, `"code":"current-untold"`) || !strings.Contains(body, says) {
			t.Errorf("in %s: %d %s", language, status, body)
		}
	}
	if _, now, _ := o.newest().Desk("s1"); !now.Open || now.Ticket == 0 {
		t.Errorf("the desk is %+v", now)
	}
	u.post("/cruscotto/s1", "action", "close", "current", "not-come")
	u.sees("torna in coda da solo una volta")
}
