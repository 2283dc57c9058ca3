package display

import (
	"strings"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/chromedp/chromedp"
)

func TestAttendantSeesWhereItIsCrowdedAndWhatNeedsPaper(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/commessi")
	longest := o.newest().LongestWaiting(o.Now())
	if x, _ := o.newest().Service(longest.Service); x.StandardMs == 0 || !strings.Contains(u.page, "</time>, standard "+words.Wait(x.StandardMs)+"</p>") {
		t.Errorf("the longest wait is not told against the standard %q", words.Wait(x.StandardMs))
	}
	u.sees("Carta esaurita", longest.Number.Text, "persone in attesa", `id="crowd-cie"`)
	if a, b := strings.Index(u.page, `id="crowd-anagrafe"`), strings.Index(u.page, `id="crowd-elettorale"`); a < 0 || b < a {
		t.Error("the most crowded service is not first")
	}
	u.get("/commessi?pratica=funghi")
	u.sees("Raccolta dei funghi", "Animali, caccia e pesca")
	if strings.Contains(u.page, "<button class=\"btn btn-primary\" form=\"issue\"") {
		t.Error("an attendant gives numbers")
	}
}

// TestAttendantOnAPhone: everything is as wide as a phone, and moves on by itself.
func TestAttendantOnAPhone(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.EmulateViewport(360, 740), chromedp.Navigate(s.url+"/commessi"), chromedp.WaitVisible("#find"))
	until(t, ctx, "nobody waits", text("#h-longest + p")+` === "Nessuno aspetta."`)
	o.issue(t, "cie", queue.Ordinary)
	until(t, ctx, "somebody waits", text(".longest-number")+` === "C001"`)
	do(t, ctx, chromedp.SendKeys("#find", "carta identita"))
	until(t, ctx, "the service is found", text("#found .letters")+` === "C"`)
	shot(t, ctx, "attendant-360x740")
	var over bool
	do(t, ctx, chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &over))
	if over {
		t.Error("the page is wider than a phone")
	}
	var first string
	do(t, ctx, chromedp.Evaluate(text("#found h3"), &first))
	if !strings.Contains(first, "identità") {
		t.Errorf("found %q", first)
	}
}
