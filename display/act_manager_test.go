package display

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"eliminacode/queue"
)

// TestTheManagerGovernsTheDay walks the hands of the manager's page without
// script: each says what it did, and the page shows how things stand.
func TestTheManagerGovernsTheDay(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/responsabile")
	u.sees("Decisioni di oggi", "Sospendi l&#39;ufficio…", "Persone in sala: 0, senza limite…", "Serie A, prossimo numero A001: riparti da")
	u.post("/responsabile", "action", "suspend", "why", "assembly")
	u.sees("Ufficio sospeso: prema RIPRENDI quando si ricomincia.", "Ufficio sospeso: assemblea.", "Ufficio sospeso: assemblea")
	u.post("/responsabile", "action", "resume")
	u.sees("ufficio ha ripreso", "Sospendi l&#39;ufficio…")

	u.post("/responsabile", "action", "stop", "service", "cie", "why", "staff")
	u.sees("fermo: manca personale", "Riapri Carta")
	u.post("/responsabile", "action", "reopen", "service", "cie")
	u.sees("Il servizio dà di nuovo biglietti.")

	u.post("/responsabile", "action", "capacity", "people", "1")
	u.sees("Persone in sala: 0 su 1…")
	o.issue(t, "anagrafe", queue.Ordinary)
	if _, _, err := o.Do(t.Context(), queue.IssueTicket{By: queue.Cause{Kind: queue.ByTotem, Device: "totem"}, Service: "anagrafe", Outlet: "totem"}); err == nil {
		t.Error("a hall that is full gives tickets")
	}
	u.post("/responsabile", "action", "capacity", "people", "0")

	u.post("/responsabile", "action", "restart", "series", "A", "from", "58", "next", u.hidden("next"))
	u.sees("La serie continua dal numero indicato: il prossimo biglietto è A058.", "prossimo numero A058")
	u.sees("Dà di nuovo numeri di oggi che nessuno può più usare (oggi: da A001 a A001)")
	u.post("/responsabile", "action", "restart", "series", "A", "from", "1")
	u.sees("Questo numero è ancora in mano a qualcuno")
	u.post("/responsabile", "action", "restart", "series", "A", "from", "90", "next", "2")
	u.sees("Nel frattempo la situazione è cambiata", "prossimo numero A058")

	u.post("/responsabile", "action", "post", "request", u.hidden("request"), "text-it", "<b>Oggi</b> si chiude alle 12", "until", "12:00")
	u.sees("Avviso messo sui tabelloni.", "&lt;b&gt;Oggi&lt;/b&gt; si chiude alle 12", "fino alle 12:00")
	u.post("/responsabile", "action", "withdraw", "message", u.hidden("message"))
	u.sees("Avviso tolto dai tabelloni.")

	u.get("/responsabile/sportelli")
	u.sees("Sportelli e servizi", "Vale dalla prossima chiamata")
	u.post("/responsabile/sportelli", "action", "profile", "desk", "s1", "serve-cie", "first", "serve-anagrafe", "help")
	u.sees("Profilo cambiato: vale dalla prossima chiamata.")
	d, _, _ := o.newest().Desk("s1")
	if fmt.Sprint(d.Profile) != "{[cie] [anagrafe]}" {
		t.Errorf("the desk serves %v", d.Profile)
	}
	// What a page never sends is refused with a sentence.
	for _, bad := range []string{
		"suspend", `suspend {"why":"noia"}`, `stop {"service":"cie","why":"Mario Rossi"}`, `capacity {"people":"tanti"}`, `restart {"series":"A","from":"x"}`,
		`restart {"series":"A","from":"1","next":"x"}`, `post {"request":"m","text":{"it":"a"},"until":"mezzogiorno"}`, `post {"request":"m"}`, `post {"request":"m","text":{}}`, "promote",
		`profile {"desk":"s1","serve":{"gatti":"first"}}`, `profile {"desk":"s1","serve":{"cie":"sometimes"}}`,
	} {
		action, body, _ := strings.Cut(bad, " ")
		if body == "" {
			body = "{}"
		}
		status, _, text := ask(t, request(t, "POST", u.s.url+"/api/v1/manager/"+action, body, "Content-Type", "application/json", "Origin", u.s.url))
		var p struct{ Detail, Code string }
		if err := json.Unmarshal([]byte(text), &p); err != nil || status < 400 || status >= 500 || p.Code == "" {
			t.Errorf("%s: %d %s", bad, status, text)
		}
	}
}

// TestAProfileKeepsItsOrder: what a desk goes on serving stays where it was, since
// the order of a profile may be that of service.
func TestAProfileKeepsItsOrder(t *testing.T) {
	o := newTestOffice(t)
	o.must(t, queue.SetDeskProfile{By: queue.Cause{Kind: queue.ByManager}, Desk: "s1", Profile: queue.Profile{First: []queue.ServiceID{"veloci", "cie", "anagrafe"}}})
	p, err := profileOf(o.newest(), "s1", fields{"serve-anagrafe": "first", "serve-veloci": "first", "serve-stato-civile": "first", "serve-cie": "help"})
	if got := fmt.Sprint(p); got != "{[veloci anagrafe stato-civile] [cie]}" || err != nil {
		t.Errorf("the form makes %s: %v", got, err)
	}
	for bad, want := range map[string]error{"serve-gatti=first": queue.ErrUnknownService, "serve-cie=sometimes": errBadBody} {
		name, how, _ := strings.Cut(bad, "=")
		if _, err := profileOf(o.newest(), "s1", fields{name: how}); !errors.Is(err, want) {
			t.Errorf("%s is answered %v, want %v", bad, err, want)
		}
	}
}

// TestABoardShowsTheManagersMessages: in a real browser, at once, in the languages
// it has, and no longer than it lasts.
func TestABoardShowsTheManagersMessages(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/tabellone?nome=sala"))
	until(t, ctx, "the board is connected", `document.querySelector('[data-lost]').hidden`)
	by := queue.Cause{Kind: queue.ByManager}
	at := o.newest().OfficeTime(o.Now())
	o.must(t, queue.PostMessage{By: by, Message: queue.Message{
		ID: "m1", Texts: map[queue.Language]string{"it": "Oggi <b>si chiude</b> alle 12", "de": "Heute bis 12 Uhr"}, Boards: []string{"sala"},
	}})
	o.must(t, queue.PostMessage{By: by, Message: queue.Message{ID: "m2", Texts: map[queue.Language]string{"it": "Solo altrove"}, Boards: []string{"atrio"}}})
	o.must(t, queue.PostMessage{By: by, Message: queue.Message{ID: "m3", Texts: map[queue.Language]string{"it": "Più tardi"}, From: at + time.Hour.Milliseconds()}})
	until(t, ctx, "the message is there, as it was written", `document.querySelector('[data-messages]').innerText.includes('Oggi <b>si chiude</b> alle 12') && document.querySelector('[data-messages]').innerText.includes('Heute bis 12 Uhr')`)
	shot(t, ctx, "board-message")
	o.must(t, queue.WithdrawMessage{By: by, Message: "m1"})
	until(t, ctx, "the message is gone, and no other is shown", `document.querySelector('[data-messages]').hidden`)
}

// TestTheManagerSuspendsInTwoTouches: in a real browser, while the hall goes on: what
// is open stays open and what is chosen stays chosen when the page is refreshed, and
// nothing is suspended before the second touch.
func TestTheManagerSuspendsInTwoTouches(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/responsabile"))
	until(t, ctx, "the page is connected", `document.querySelector('[data-lost]').hidden`)
	do(t, ctx, chromedp.Click(`#hand-suspend summary`), chromedp.Click(`#hand-suspend input[value=assembly]`),
		chromedp.Click(`#hand-capacity summary`), chromedp.SetValue(`#hand-capacity input[name=people]`, "40"))
	o.issue(t, "anagrafe", queue.Ordinary)
	until(t, ctx, "the page shows who came", `document.querySelector('.fig').textContent.trim() === '1'`)
	if _, suspended := o.newest().Suspended(); suspended {
		t.Fatal("one touch suspends the office")
	}
	until(t, ctx, "what was chosen is still chosen", `document.querySelector('#hand-capacity details').open && document.querySelector('#hand-suspend input[value=assembly]').checked && document.querySelector('#hand-capacity input[name=people]').value === '40'`)
	do(t, ctx, chromedp.Click(`#hand-capacity button`))
	until(t, ctx, "the capacity is set", `document.querySelector('#hand-capacity summary').textContent.includes('in sala: 1 su 40')`)
	do(t, ctx, chromedp.Click(`#hand-suspend summary`), chromedp.Click(`#hand-suspend button[value=suspend]`))
	until(t, ctx, "the page says that the office is suspended", `document.querySelector('#suspended').textContent.includes('Ufficio sospeso: assemblea')`)
	shot(t, ctx, "manager-suspended")
	do(t, ctx, chromedp.Click(`#hand-suspend button[value=resume]`))
	until(t, ctx, "the office can be suspended again", `document.querySelector('#hand-suspend details') !== null`)
	if _, suspended := o.newest().Suspended(); suspended {
		t.Error("the office is still suspended")
	}
}
