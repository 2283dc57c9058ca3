package display

import (
	"testing"

	"eliminacode/display/notify"

	"github.com/chromedp/chromedp"
)

// The pages of programs and of the figures for everybody are judged by axe-core,
// and are no wider than the screen, on a desk and on a phone.
func TestOpenPagesAreAccessible(t *testing.T) {
	axe := accessibilityChecker(t)
	ctx := browser(t)
	o := newTestOffice(t)
	o.busy(t)
	o.publish(t, "anagrafe", "cie", "elettorale")
	cfg := o.config()
	hooks := o.hooks()
	h, err := hooks.Save(notify.Hook{Name: "Protocollo", URL: "http://127.0.0.1:9/eventi", OnBox: true, Kinds: []string{"ticket.issued"}})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Hooks = hooks
	s := serve(t, cfg, "")
	for _, z := range []size{{"1280x720", 1280, 720}, {"390x844", 390, 844}} {
		do(t, ctx, chromedp.EmulateViewport(z.width, z.height))
		for _, p := range []struct{ name, path, ready string }{
			{"waits", "/attese", ".wait"},
			{"waits-dark", "/attese?tema=scuro", ".wait"},
			{"waits-contrast", "/attese?tema=contrasto", ".wait"},
			{"api", "/api/v1/", ".api-call"},
			{"webhooks", "/webhook", ".hook"},
			{"webhooks-change", "/webhook?modifica=" + h.ID, ".hook"},
		} {
			var wide bool
			do(t, ctx, chromedp.Navigate(s.url+p.path), chromedp.WaitReady(p.ready),
				chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &wide))
			if wide {
				t.Errorf("%s at %s is wider than the screen", p.name, z.name)
			}
			judgeLooks(t, ctx, axe, p.name+" at "+z.name)
			shot(t, ctx, p.name+"-"+z.name)
		}
	}
}
