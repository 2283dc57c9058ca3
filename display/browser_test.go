package display

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// shots is a folder to write a picture of every page to, to be looked at.
var shots = flag.String("shots", "", "folder for a picture of every page at every size")

const chromium = "/usr/bin/chromium"

// browser starts a Chromium of its own for the test, with further options.
func browser(t testing.TB, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes seconds")
	}
	if _, err := os.Stat(chromium); err != nil {
		t.Fatalf("the pages are tested in a real browser: install Debian's chromium (%v)", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
		chromedp.Flag("lang", "it-IT"),
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
	)
	options = append(options, more...)
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Minute)
	t.Cleanup(stop)
	ctx, end := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(end)
	ctx, end = chromedp.NewContext(ctx)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	t.Cleanup(func() {
		// Cancel waits until the browser has ended.
		_ = chromedp.Cancel(ctx)
		end()
	})
	return ctx
}

// tab opens another page in the same browser.
func tab(t *testing.T, ctx context.Context) context.Context {
	t.Helper()
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(end)
	return ctx
}

func do(t testing.TB, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// until waits until an expression is true in a page.
func until(t *testing.T, ctx context.Context, what, expression string) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		// A page that is just loading itself anew answers with an error.
		var ok bool
		if err = chromedp.Run(ctx, chromedp.Evaluate("Boolean("+expression+")", &ok)); err == nil && ok {
			return
		}
	}
	var words string
	_ = chromedp.Run(ctx, chromedp.Evaluate(`document.body.innerText`, &words))
	t.Fatalf("waiting until %s: %v; the page says:\n%s", what, err, words)
}

// A size is a screen that the pages are made for.
type size struct {
	name          string
	width, height int64
}

var sizes = []size{{"1920x1080", 1920, 1080}, {"1280x720", 1280, 720}, {"800x1280", 800, 1280}}

// sitemap is every page, by the name of its picture.
var sitemap = []struct{ name, path, ready string }{
	{"index", "/", "main h1"},
	{"board", "/tabellone", "[data-waits] li"},
	{"board-light", "/tabellone?tema=chiaro", "[data-waits] li"},
	{"board-contrast", "/tabellone?tema=contrasto", "[data-waits] li"},
	{"totem", "/totem?outlet=totem", ".service"},
	{"totem-several", "/totem?outlet=totem&servizi=anagrafe,cie", "a.service"},
	{"totem-out", "/totem?outlet=pulsantiera", ".service"},
	{"voting", "/voto?sportello=s3", ".rest"},
	{"desks", "/cruscotto?scegli", ".desk-card"},
	{"console", "/cruscotto/s1", ".key-next"},
	{"console-paused", "/cruscotto/s7", ".key-next"},
	{"console-cie", "/cruscotto/s13", ".key-next"},
	{"reception", "/accoglienza", ".issue"},
	{"reception-found", "/accoglienza?pratica=resdenza", ".sheet"},
	{"attendant", "/commessi?pratica=carta", ".sheet"},
	{"procedures", "/pratiche?pratica=carta", ".sheet"},
	{"blocks", "/accoglienza/blocchi", ".block-grid form"},
	{"block", "/accoglienza/blocchi/K7QX", ".slip"},
	{"manager", "/responsabile", ".figures"},
	{"profiles", "/responsabile/sportelli", ".profiles select"},
	{"calls", "/responsabile/chiamate", ".calls td"},
	{"devices", "/responsabile/apparecchi", ".device-card form"},
	{"technician", "/responsabile/tecnico", ".wires .log"},
	{"report", "/responsabile/attese?by=hour", ".report-table"},
	{"report-service", "/responsabile/attese?by=service", ".report-table"},
	{"setup", "/impostazioni", ".tile"},
	{"setup-series", "/impostazioni/serie/1", ".setup-form"},
	{"setup-services", "/impostazioni/servizi", ".setup-list"},
	{"setup-temporary", "/impostazioni/servizio-temporaneo", ".setup-temporary"},
	{"setup-service", "/impostazioni/servizi/1", ".setup-form"},
	{"setup-desk", "/impostazioni/sportelli/1", ".setup-form"},
	{"setup-outlet", "/impostazioni/uscite/1", ".setup-form"},
	{"setup-hours", "/impostazioni/orari", ".setup-form"},
	{"setup-rules", "/impostazioni/regole", ".setup-form"},
	{"setup-slip", "/impostazioni/biglietto", ".setup-form"},
	{"setup-effect", "/impostazioni/effetto", ".setup-save"},
	{"setup-planned", "/impostazioni/programmate", ".planned"},
	{"setup-history", "/impostazioni/storia", ".list"},
	{"papers", "/demo/carta", ".papers img"},
	{"buttons", "/demo/pulsanti", ".hw-button"},
	{"phone", "/b/" + openTicket, ".ticket,.alarm"},
	{"privacy", "/privacy", ".about"},
	{"accessibility", "/accessibilita", ".about"},
	{"error", "/nessuna", ".alarm"},
}

// serveAllPages serves a busy office with every page of the sitemap, and those of
// its accounts.
func serveAllPages(t *testing.T) (*testOffice, running) {
	t.Helper()
	o := newTestOffice(t)
	o.busy(t)
	cfg := o.config()
	cfg.Demo, cfg.Trial, cfg.Administration = &testDemo{people: true}, printsAll, testAccounts(t)
	return o, serve(t, cfg, "")
}

func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("no -shots folder given")
	}
	ctx := browser(t)
	o, s := serveAllPages(t)
	for _, p := range slices.Concat(sitemap, administered) {
		for i, z := range append(slices.Clone(sizes), size{"phone", 390, 844}) {
			do(t, ctx, chromedp.EmulateViewport(z.width, z.height))
			if i == 0 {
				do(t, ctx, chromedp.Navigate(s.url+p.path), chromedp.WaitReady(p.ready))
			}
			do(t, ctx, chromedp.Sleep(250*time.Millisecond))
			shot(t, ctx, p.name+"-"+z.name)
			if staffPage(p.name) {
				do(t, ctx, looks[1].put())
				shot(t, ctx, p.name+"-dark-"+z.name)
				do(t, ctx, emulation.SetEmulatedMedia())
			}
		}
	}
	o.pass(7 * time.Hour)
	for _, z := range sizes {
		for _, p := range sitemap[1:3] {
			do(t, ctx, chromedp.EmulateViewport(z.width, z.height), chromedp.Navigate(s.url+p.path), chromedp.WaitReady(p.ready), chromedp.Sleep(250*time.Millisecond))
			shot(t, ctx, p.name+"-closed-"+z.name)
		}
	}
}

func shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if *shots == "" {
		return
	}
	var png []byte
	do(t, ctx, chromedp.CaptureScreenshot(&png))
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), png, 0o600); err != nil {
		t.Fatal(err)
	}
}
