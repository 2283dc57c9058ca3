package display

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"eliminacode/queue"
)

// TestAnAnswerDoesNotOutliveItsMoment pauses a desk at its page and goes on working at
// its keypad: the page does not go on saying that it was paused.
func TestAnAnswerDoesNotOutliveItsMoment(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	o.open(t, "s1")
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.Navigate(s.url+"/cruscotto/s1"), chromedp.WaitVisible(".key-next"))
	until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden`)
	do(t, ctx, chromedp.Evaluate(`document.querySelector("#pauses summary").click(); document.querySelector("#pauses button").click()`, nil))
	until(t, ctx, "it says that the desk is paused", text("[data-flash]")+`.includes("in pausa")`)
	// An office is never still: what it says stays readable for a while.
	o.issue(t, "anagrafe", queue.Ordinary)
	until(t, ctx, "the page shows who came", `!!document.querySelector(".queue-line, .queues, .key-next").textContent`)
	until(t, ctx, "it still says so", text("[data-flash]")+`.includes("in pausa")`)
	do(t, ctx, chromedp.Evaluate(`window.asked = performance.now()`, nil))
	until(t, ctx, "a while passes in which nothing happens", `performance.now() - window.asked > 10_500`)
	until(t, ctx, "it still says so", text("[data-flash]")+`.includes("in pausa")`)
	o.open(t, "s1")
	until(t, ctx, "the old answer is gone", text("[data-flash]")+` === ""`)
	// A box that does not answer is told too.
	do(t, ctx, chromedp.Evaluate(`window.fetch = () => Promise.reject(new Error("no line"))`, nil))
	press(t, ctx, "F2")
	until(t, ctx, "it says that the box does not answer", text("[data-flash]")+`.includes("non risponde")`)
}

// TestEscFoldsAwayWhatIsOpen holds for every page of those who work: what was opened last
// by hand goes, and its key has the focus.
func TestEscFoldsAwayWhatIsOpen(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	o.issue(t, "anagrafe", queue.Ordinary)
	s := serve(t, o.config(), "")
	for _, c := range []struct{ page, opens string }{
		{"/responsabile", "#hand-messages summary"},
		{"/accoglienza", "form.row-actions summary"},
	} {
		do(t, ctx, chromedp.Navigate(s.url+c.page), chromedp.WaitReady(c.opens))
		until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden && !document.querySelector("[data-main]").inert`)
		opened := `document.querySelector(` + "`" + c.opens + "`" + `).parentElement.open`
		do(t, ctx, chromedp.Focus(c.opens, chromedp.ByQuery), chromedp.KeyEvent(" "))
		until(t, ctx, "it is open", opened)
		do(t, ctx, chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Escape))
		until(t, ctx, "it is folded away, and its key has the focus", `!`+opened+` && document.activeElement === document.querySelector(`+"`"+c.opens+"`"+`)`)
	}
}
