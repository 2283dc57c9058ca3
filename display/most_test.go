package display

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/office"

	"github.com/chromedp/chromedp"
)

// most is an office with all that validation lets in at its longest: numbers of
// seven characters, labels of twelve, names of eighty, of the widest letters.
func most(t *testing.T) *testOffice {
	t.Helper()
	o := newTestOffice(t)
	setup := office.Reference()
	setup.Office.Body, setup.Office.Name = strings.Repeat("Comune e unione ", 8)[:120], strings.Repeat("W", 120)
	setup.Office.Place = strings.Repeat("Piano terra ", 9)[:100]
	for i := range setup.Series {
		setup.Series[i].Letters = "W" + string(rune('A'+i)) + "W"
		setup.Series[i].First, setup.Series[i].Last, setup.Series[i].Width = 9_990, 9_999, 4
	}
	for i := range setup.Services {
		setup.Services[i].Detail = ""
		setup.Services[i].Name = fmt.Sprint(i, " ", strings.Repeat("Certificati ", 7))[:80]
		if i%2 == 0 {
			setup.Services[i].Name = fmt.Sprint(i, strings.Repeat("W", 79))
		}
	}
	for i := range setup.Desks {
		setup.Desks[i].Label = fmt.Sprint("Ambulatorio", i)[:12]
		if i%2 == 0 {
			setup.Desks[i].Label = fmt.Sprint(strings.Repeat("W", 11), string(rune('A'+i)))
		}
	}
	for i := range setup.Outlets {
		setup.Outlets[i].Name = fmt.Sprint(strings.Repeat("M", 79), i)
		setup.Outlets[i].Several = setup.Outlets[i].Screen
	}
	o.must(t, queue.ChangeSetup{Setup: setup})
	day := int64(tuesday - (10*60+31)*60_000)
	o.pass(24 * time.Hour)
	o.must(t, queue.OpenDay{Plan: queue.DayPlan{
		Date: "2026-11-25", Begins: day + 24*3_600_000, Ends: day + 48*3_600_000,
		Bands: []queue.Band{{Opens: day + 24*3_600_000 + 495*60_000, Closes: day + 41*3_600_000}},
	}})
	for _, d := range []queue.DeskID{"s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"} {
		o.open(t, d)
		o.issue(t, "anagrafe", queue.Ordinary)
		o.next(t, d)
		o.pass(40 * time.Second)
	}
	o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByTotem, Device: "totem"}, Service: "cie", Outlet: "totem", Token: openTicket})
	return o
}

// cut answers the texts of a page that do not stand whole on it: beyond the
// screen, or beyond their own frame or an ancestor that hides what is too much. Height is that of
// the letters, not of their line. What scrolls is whole.
const cut = `(() => {
	const out = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node = walk.nextNode(); node; node = walk.nextNode()) {
		const parent = node.parentElement;
		const style = getComputedStyle(parent);
		if (!node.data.trim() || !parent.checkVisibility({ visibilityProperty: true }) || parent.closest('script,noscript,option,.visually-hidden,.unseen,.skip,kbd,[data-brief] li:has(.service-info) .service-detail')) continue;
		const range = document.createRange();
		range.selectNodeContents(node);
		const lines = [...range.getClientRects()].filter((r) => r.width);
		const size = parseFloat(style.fontSize);
		let scrolls = false;
		const boxes = [{ left: 0, top: 0, right: innerWidth, bottom: innerHeight, screen: true }];
		for (let p = parent; p !== document.documentElement; p = p.parentElement) {
			const s = getComputedStyle(p);
			if (/auto|scroll/.test(s.overflowX + s.overflowY) && p !== document.body) { scrolls = true; break; }
			if (p !== document.body && (/hidden|clip/.test(s.overflowX + s.overflowY) || p.matches('.service,.wait,.big,.last-row,.desk-card,.person,.btn'))) boxes.push(p.getBoundingClientRect());
		}
		const tall = /hidden|clip/.test(getComputedStyle(document.body).overflowY);
		for (const r of lines) for (const b of boxes) {
			if (b.screen && scrolls) continue;
			const middle = (r.top + r.bottom) / 2;
			const beyond = r.left < b.left - 1 || r.right > b.right + 1
				|| ((!b.screen || tall) && (middle - size * 0.36 < b.top - 1 || middle + size * 0.36 > b.bottom + 1));
			if (beyond) out.push(parent.className + " " + node.data.trim().slice(0, 30));
		}
	}
	return [...new Set(out)].join("; ");
})()`

// TestTheReferenceTotemIsWhole: what each service of the reference office is for
// stands on the totem, or its beginning where an i tells the rest.
func TestTheReferenceTotemIsWhole(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	for _, z := range []size{{"1280x720", 1280, 720}, {"800x1280", 800, 1280}, {"1024x768", 1024, 768}, {"1080x1920", 1080, 1920}} {
		do(t, ctx, chromedp.EmulateViewport(z.width, z.height), chromedp.Navigate(s.url+"/totem?outlet=totem"), chromedp.WaitReady(".service"), chromedp.Sleep(300*time.Millisecond))
		var wrong string
		var shown, below int
		do(t, ctx, chromedp.Evaluate(cut, &wrong), chromedp.Evaluate(`[...document.querySelectorAll("[data-detail]")].filter((e) => e.textContent && e.getClientRects().length && (e.scrollHeight <= e.clientHeight + 4 || e.closest("[data-brief]") && e.closest("li").querySelector(".service-info"))).length`, &shown),
			chromedp.Evaluate(`document.documentElement.scrollHeight - innerHeight`, &below))
		if wrong != "" || below > 0 || shown != len(o.newest().Setup().Services) {
			t.Errorf("at %s %d services say what they are for, %d pixels are below the screen; cut off: %s", z.name, shown, below, wrong)
		}
	}
}

// TestTheMostIsWhole measures every face with the longest that an office may
// have, at every size that it is made for.
func TestTheMostIsWhole(t *testing.T) {
	ctx := browser(t)
	o := most(t)
	cfg := o.config()
	cfg.Demo, cfg.Trial = &testDemo{}, printsAll
	s := serve(t, cfg, "")
	hall := []size{{"1920x1080", 1920, 1080}, {"1280x720", 1280, 720}, {"1024x768", 1024, 768}, {"3840x2160", 3840, 2160}, {"1080x1920", 1080, 1920}}
	staff := []size{{"1280x720", 1280, 720}, {"1920x1080", 1920, 1080}, {"800x1280", 800, 1280}}
	faces := []struct {
		path, ready string
		sizes       []size
	}{
		{"/tabellone", "[data-waits] li", hall},
		{"/totem?outlet=totem", ".service", []size{{"800x1280", 800, 1280}, {"1280x800", 1280, 800}, {"1080x1920", 1080, 1920}}},
		{"/totem?outlet=totem&servizi=anagrafe,cie", "a.service", []size{{"800x1280", 800, 1280}, {"1280x800", 1280, 800}, {"1080x1920", 1080, 1920}}},
		{"/b/" + openTicket, ".ticket", []size{{"360x640", 360, 640}, {"320x568", 320, 568}, {"414x896", 414, 896}}},
		{"/cruscotto?scegli", ".desk-card", staff},
		{"/cruscotto/s1", ".key-next", staff},
		{"/accoglienza", ".issue", staff},
		{"/responsabile", ".figures", staff},
		{"/responsabile/apparecchi", ".device-card form", staff},
		{"/responsabile/attese?by=service", ".report-table", staff},
	}
	for _, f := range faces {
		for _, z := range f.sizes {
			do(t, ctx, chromedp.EmulateViewport(z.width, z.height), chromedp.Navigate(s.url+f.path), chromedp.WaitReady(f.ready), chromedp.Sleep(300*time.Millisecond))
			shot(t, ctx, "most"+strings.NewReplacer("/", "-", "?", "-", "=", "-", "&", "-", ",", "-").Replace(f.path)+"-"+z.name)
			var wrong string
			var wide int
			do(t, ctx, chromedp.Evaluate(cut, &wrong), chromedp.Evaluate(`document.documentElement.scrollWidth - innerWidth`, &wide))
			if wrong != "" || wide > 0 {
				t.Errorf("%s at %s is %d pixels too wide; cut off: %s", f.path, z.name, wide, wrong)
			}
		}
	}
	// What the totem gives, big.
	do(t, ctx, chromedp.EmulateViewport(800, 1280), chromedp.Navigate(s.url+"/totem?outlet=totem"), chromedp.WaitReady(".service"))
	until(t, ctx, "the totem is connected", `document.querySelector("[data-lost]").hidden`)
	o.pass(time.Minute)
	// So many services stand on several faces, and this one may be on another.
	do(t, ctx, chromedp.Evaluate(`document.querySelector('[data-service="cie"]').click()`, nil))
	until(t, ctx, "the number is on the screen", text("[data-answer-number]")+`.length === 7`)
	shot(t, ctx, "most-totem-given-800x1280")
	var wrong string
	do(t, ctx, chromedp.Evaluate(cut, &wrong))
	if wrong != "" {
		t.Errorf("the given number: cut off: %s", wrong)
	}
}
