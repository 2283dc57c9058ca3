package display

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// sameUnderWhole is what differs in a page between the style that is embedded and
// the whole of Bootstrap Italia in its place, both looked at in one piece so that no
// time counts on between. An element that stood at the same place of an earlier
// page, by the classes around it, is not looked at again. What can have the focus is
// looked at with it.
const sameUnderWhole = `((whole) => {
	const link = document.querySelector('link[href$="/vendor/bootstrap-italia.min.css"]');
	if (!link) return ["the page has no Bootstrap Italia"];
	const name = (e) => e ? e.tagName + "." + e.className : "";
	const place = (e) => innerWidth + [e, e.parentElement, e.previousElementSibling].map(name).join("<");
	const fresh = [...document.querySelectorAll("body, body *")].filter((e) => !sessionStorage.getItem(place(e)) && (sessionStorage.setItem(place(e), "seen"), true));
	const looks = () => fresh.flatMap((e) => ["", "::before", "::after"].map((part) => {
		const s = getComputedStyle(e, part);
		if (part && s.content === "none") return "";
		if (!part) e.focus?.();
		return name(e) + part + "|" + [...s].filter((k) => !k.startsWith("--")).map((k) => k + ":" + s.getPropertyValue(k)).join("|");
	}));
	const style = document.createElement("style");
	style.textContent = whole;
	const cut = looks();
	link.disabled = true;
	link.after(style);
	const all = looks();
	link.disabled = false;
	style.remove();
	return cut.flatMap((was, i) => {
		if (was === all[i]) return [];
		const now = new Set(all[i].split("|"));
		return [was.split("|")[0] + " has only now " + was.split("|").filter((p) => !now.has(p)).slice(0, 6).join(", ")];
	}).slice(0, 5);
})`

// The style of the staff pages is cut to what they use: none of them looks other
// than with the whole of Bootstrap Italia, on a desk and on a phone, and what is
// fetched is small enough for a weak computer.
func TestTheCutStyleChangesNoPage(t *testing.T) {
	cut, err := os.ReadFile("web/vendor/bootstrap-italia.min.css")
	if err != nil {
		t.Fatalf("Bootstrap Italia is not there; run make assets first (%v)", err)
	}
	if len(cut) > 40_000 {
		t.Errorf("the style has %d bytes; run make assets", len(cut))
	}
	whole, err := os.ReadFile(filepath.Join("..", "node_modules", "bootstrap-italia", "dist", "css", "bootstrap-italia.min.css"))
	if err != nil {
		t.Fatal(err)
	}
	quoted, err := json.Marshal(string(whole))
	if err != nil {
		t.Fatal(err)
	}
	ctx := browser(t)
	_, s := serveAllPages(t)
	do(t, ctx, cdp.SetBypassCSP(true), emulation.SetFocusEmulationEnabled(true))
	for _, p := range slices.Concat(sitemap, administered) {
		if !staffPage(p.name) {
			continue
		}
		do(t, ctx, chromedp.Navigate(s.url+p.path), chromedp.WaitReady(p.ready))
		for _, z := range []size{{"1280x720", 1280, 720}, {"390x844", 390, 844}} {
			var differences []string
			do(t, ctx, chromedp.EmulateViewport(z.width, z.height), chromedp.Evaluate(sameUnderWhole+"("+string(quoted)+")", &differences))
			for _, d := range differences {
				t.Errorf("%s at %s: %s", p.name, z.name, d)
			}
		}
	}
}
