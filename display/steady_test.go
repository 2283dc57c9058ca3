package display

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// What is about to be pressed stays where it is: a page that brings the focus into sight
// is there at once, and does not glide on under the finger.
func TestNoPageGlides(t *testing.T) {
	ctx := browser(t)
	_, s := serveAllPages(t)
	do(t, ctx, chromedp.EmulateViewport(1280, 720))
	for _, p := range []struct{ path, last string }{
		{"/impostazioni/orari", ".setup-form .panel + .setup-keep button"},
		{"/responsabile/tecnico", "main p:last-of-type a"},
		{"/api/v1/", "main > section:last-of-type details:last-of-type summary"},
	} {
		do(t, ctx, chromedp.Navigate(s.url+p.path), chromedp.WaitReady(p.last))
		var moved, glided float64
		do(t, ctx, chromedp.Evaluate(`{
			const asked = document.querySelector("`+p.last+`");
			asked.focus();
			window.before = scrollY;
		}
		before`, &moved), chromedp.Sleep(400*time.Millisecond),
			chromedp.Evaluate(`scrollY - before`, &glided))
		if moved == 0 || glided != 0 {
			t.Errorf("%s: the focus moves the page by %v pixels at once and %v more", p.path, moved, glided)
		}
	}
}

// Many choices stand in columns, on a wide screen as on a phone.
func TestChoicesStandInColumns(t *testing.T) {
	ctx := browser(t)
	_, s := serveAllPages(t)
	for _, screen := range []struct{ width, columns int64 }{{1280, 4}, {390, 1}} {
		for _, path := range []string{"/persone", "/programmi"} {
			var most int64
			do(t, ctx, chromedp.EmulateViewport(screen.width, 844), chromedp.Navigate(s.url+path), chromedp.WaitReady(".entry .checks"),
				chromedp.Evaluate(`Math.max(...[...document.querySelectorAll(".entry .checks")].map((list) => new Set([...list.children].map((e) => Math.round(e.getBoundingClientRect().left))).size))`, &most))
			if most > screen.columns {
				t.Errorf("%s at %d pixels has its choices at %d places of a line", path, screen.width, most)
			}
			shot(t, ctx, "columns"+strings.ReplaceAll(path, "/", "-"))
		}
	}
}

// Each page of accounts says which of them it belongs to, the one of a person and that of
// a secret too.
func TestPagesOfAccountsSayWhichTheyAre(t *testing.T) {
	s, store := withAccounts(t)
	_, _, code := send(t, s, "/persone", anna...)
	_, _, token := send(t, s, "/programmi", "nome", "Cruscotto", "ruolo", "quality", "giorni", "90", "richieste", "60")
	pages := map[string]string{"the code": code, "the token": token}
	for _, path := range []string{"/persone", "/persone/" + store.Members()[0].ID, "/schermi", "/programmi", "/atti"} {
		status, _, page := ask(t, request(t, "GET", s.url+path, ""))
		if status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
		pages[path] = page
	}
	for what, page := range pages {
		_, tabs, _ := strings.Cut(page, `<nav class="tabs"`)
		tabs, _, _ = strings.Cut(tabs, "</nav>")
		if n := strings.Count(tabs, `aria-current="page"`); n != 1 {
			t.Errorf("%s: %d pages of accounts are the current one:\n%s", what, n, tabs)
		}
	}
}
