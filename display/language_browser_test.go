package display

import (
	"slices"
	"strings"
	"testing"

	"eliminacode/queue/words"

	"github.com/chromedp/chromedp"
)

// cutOff are the texts of a page that do not fit where they stand, and what of a
// console lies below the fold.
const cutOff = `[
	...[...document.querySelectorAll("button,.btn,.state,.tag,h1,h2,h3,th,dt,dd,label,legend,summary,.top-nav a,.top-date,.fig,.held p,.key-hint,option")]
		.filter((e) => { const b = e.getBoundingClientRect(); if (!b.width || e.closest(".visually-hidden")) return false;
			return e.clientWidth && e.scrollWidth > e.clientWidth + 1 || getComputedStyle(e).overflowY !== "visible" && e.scrollHeight > e.clientHeight + 1 || b.right > innerWidth + 1 && !e.closest(".scroll"); }),
	...[...document.querySelectorAll(".keys")].filter((e) => e.getBoundingClientRect().bottom > innerHeight),
].map((e) => (e.className || e.tagName) + ": " + e.textContent.trim().replace(/\s+/g, " ").slice(0, 60)).join("; ")`

// administered are the pages that the administrator has.
var administered = []struct{ name, path, ready string }{
	{"people", "/persone", "main h1"},
	{"screens", "/schermi", "main h1"},
	{"programs", "/programmi", "main h1"},
	{"acts", "/atti", "main h1"},
	{"alert", "/responsabile/avviso", "main h1"},
}

// staffPage tells whether a picture of that name is of a page of the staff.
func staffPage(picture string) bool {
	name, _, _ := strings.Cut(picture, "-")
	return pageNames[name] == "staff"
}

// Words are longer in one language than in another: nothing of a staff page is
// cut off, or wider than the screen, in any of them. German is judged by axe-core,
// and on a phone, too.
func TestEveryLanguageFits(t *testing.T) {
	axe := accessibilityChecker(t)
	ctx := browser(t)
	_, s := serveAllPages(t)
	do(t, ctx, chromedp.EmulateViewport(1280, 720))
	pages := append(slices.Clone(sitemap), administered...)
	for _, language := range words.StaffLanguages() {
		for _, p := range pages {
			if !staffPage(p.name) {
				continue
			}
			sign := "?"
			if strings.Contains(p.path, "?") {
				sign = "&"
			}
			what := p.name + "-" + string(language) + "-1280x720"
			var wide, cut string
			do(t, ctx, chromedp.Navigate(s.url+p.path+sign+languageCookie+"="+string(language)), chromedp.WaitReady(p.ready),
				chromedp.Evaluate(`String(document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth : "")`, &wide),
				chromedp.Evaluate(cutOff, &cut))
			if wide != "" || cut != "" {
				t.Errorf("%s: width %s, cut off: %s", what, wide, cut)
			}
			shot(t, ctx, what)
			if language != "de" {
				continue
			}
			judge(t, ctx, axe, what)
			do(t, ctx, chromedp.EmulateViewport(390, 844),
				chromedp.Evaluate(`String(document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth : "")`, &wide))
			if wide != "" {
				t.Errorf("%s: %s pixels wide on a phone", what, wide)
			}
			shot(t, ctx, p.name+"-de-phone")
			do(t, ctx, chromedp.EmulateViewport(1280, 720))
		}
	}
}
