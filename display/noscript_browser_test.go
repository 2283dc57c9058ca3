package display

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A browser without script is not told that it has lost the box, which it never had,
// but how a page of the staff becomes new.
func TestWithoutAScriptNothingIsLost(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Setups, cfg.Administration = newTestSetups(o), testAccounts(t)
	s := serve(t, cfg, "")
	for path, want := range map[string]string{"/responsabile": "si ricarica da sola ogni 15 s", "/impostazioni": "la ricarichi"} {
		do(t, ctx, emulation.SetScriptExecutionDisabled(true), chromedp.Navigate(s.url+path))
		var shown, said string
		do(t, ctx, emulation.SetScriptExecutionDisabled(false),
			chromedp.Evaluate(`[...document.querySelectorAll("[data-lost]")].map(e => getComputedStyle(e).display).join()`, &shown),
			chromedp.Evaluate(`[...document.querySelectorAll(".quiet-script")].map(e => e.innerText).join()`, &said))
		if shown != "none" {
			t.Errorf("%s says that it has lost the box (%s)", path, shown)
		}
		if !strings.Contains(said, want) {
			t.Errorf("%s does not say how it becomes new: %q", path, said)
		}
	}
}
