package display

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// TestAMessageIsShownOnTheChosenBoardsOnly: the manager ticks a board by its name, and
// the message comes up there, from its hour on, in each language, and nowhere else.
func TestAMessageIsShownOnTheChosenBoardsOnly(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	boards := map[string]context.Context{"Atrio": nil, "Scala, piano 1": nil}
	for name := range boards {
		boards[name] = tab(t, ctx)
		do(t, boards[name], emulation.SetFocusEmulationEnabled(true), chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/tabellone?nome="+escape(name)))
		until(t, boards[name], "the board is connected", `document.querySelector('[data-lost]').hidden`)
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/responsabile"), chromedp.Click(`#hand-messages details > summary`),
		chromedp.SendKeys(`#hand-messages [name="text-it"]`, "Al primo piano si entra dalla scala"), chromedp.Click(`#hand-messages details details > summary`),
		chromedp.SendKeys(`#hand-messages [name="text-de"]`, "In den ersten Stock über die Treppe"), chromedp.Click(`#hand-messages [name="boards-Scala, piano 1"]`),
		chromedp.SetValue(`#hand-messages [name="from"]`, "10:00"), chromedp.SetValue(`#hand-messages [name="until"]`, "12:30"))
	do(t, ctx, chromedp.EmulateViewport(390, 844))
	until(t, ctx, "the form fits a phone", `document.documentElement.scrollWidth <= 390`)
	do(t, ctx, chromedp.EmulateViewport(1280, 720))
	shot(t, ctx, "manager-message")
	do(t, ctx, chromedp.Click(`#hand-messages button[value=post]`))
	until(t, ctx, "the page says where and when it is shown", `["dalle 10:00", "fino alle 12:30", "su: Scala, piano 1"].every((w) => document.querySelector("[id^=message-]").innerText.includes(w))`)
	until(t, boards["Scala, piano 1"], "the board that was ticked shows it", `["Al primo piano", "ersten Stock"].every((w) => document.querySelector("[data-messages]").innerText.includes(w))`)
	seq := o.newest().Seq()
	for deadline := time.Now().Add(time.Minute); s.hub.seen(o.newest().Journal(), seq, "").Boards < 2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a board does not paint")
		}
	}
	until(t, boards["Atrio"], "the other does not", `document.querySelector("[data-messages]").hidden`)
	if m := o.newest().Messages(); len(m) != 1 || !slices.Equal(m[0].Boards, []string{"Scala, piano 1"}) || len(m[0].Texts) != 2 {
		t.Errorf("the messages are %+v", m)
	}
}

// A message can be for each board that is paired, also while it is off, and for
// those that are there with a name; each is offered once.
func TestEveryBoardIsOfferedForAMessage(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	store := testAccounts(t)
	cfg.Administration = store
	for _, p := range []access.Paired{{Name: "Scala", Role: access.Board}, {Name: "Atrio", Role: access.Board}, {Name: "Ingresso", Role: access.Totem, Place: "totem"}} {
		shown, err := store.BeginPairing(time.Now(), "192.0.2.1")
		if err == nil {
			_, err = store.Pair(time.Now(), access.By{Name: "Anna Rossi", Role: access.Administrator}, shown.Code, p)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s := serve(t, cfg, "")
	for _, name := range []string{"Atrio", "Corridoio", ""} {
		if _, err := dialFrom(t, s, "127.0.0.1", "page=board&nome="+name); err != nil {
			t.Fatal(err)
		}
	}
	deadline := time.Now().Add(time.Minute)
	for want := []string{"Atrio", "Corridoio", "Scala"}; !slices.Equal(s.boardNames(), want); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("offered are %q", s.boardNames())
		}
	}
	u := &surfer{t: t, s: s}
	u.get("/responsabile")
	u.sees(`name="boards-Corridoio"`, `name="boards-Scala"`)
	u.post("/responsabile", "action", "post", "request", "m1", "text-it", "Oggi si chiude alle 12", "boards-Scala", "1")
	if m := o.newest().Messages(); len(m) != 1 || !slices.Equal(m[0].Boards, []string{"Scala"}) || m[0].Texts[queue.Language("it")] == "" {
		t.Errorf("the messages are %+v", m)
	}
}
