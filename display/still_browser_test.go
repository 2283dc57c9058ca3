package display

import (
	"context"
	"testing"
	"time"

	"eliminacode/queue"

	"github.com/chromedp/chromedp"
)

// clickable is what people aim at with the mouse.
const clickable = `[...document.querySelectorAll("a,button,summary,select,input:not([type=hidden]),textarea")].filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".foot,tr[id],.burst,[id^=doubt-],.unconfirmed,.in-force,[id^=parked-]") && !e.closest(".visually-hidden"))`

// stays fails when something that can be clicked is elsewhere after an act than it was
// before; what comes and what goes, a row of what happened or the last of the page, is not
// looked at.
func stays(t *testing.T, ctx context.Context, what string, act func()) {
	t.Helper()
	var moved string
	do(t, ctx, chromedp.Evaluate(`window.places = new Map(`+clickable+`.map((e) => [e, e.getBoundingClientRect()])); true`, nil))
	act()
	do(t, ctx, chromedp.Evaluate(`[...window.places].filter(([e]) => e.isConnected && e.checkVisibility({ visibilityProperty: true })).map(([e, was]) => [e, was, e.getBoundingClientRect()])
		.filter(([, was, is]) => Math.abs(was.x - is.x) > .5 || Math.abs(was.y - is.y) > .5)
		.map(([e, was, is]) => (e.id || e.className || e.name || e.nodeName) + " «" + e.textContent.trim().slice(0, 25) + "» by " + Math.round(is.x - was.x) + " " + Math.round(is.y - was.y)).join("\n\t")`, &moved))
	if moved != "" {
		t.Errorf("%s moves\n\t%s", what, moved)
	}
}

// What people aim at stays where it is when an answer comes and while the page goes on.
func TestNothingMovesUnderTheMouse(t *testing.T) {
	ctx := browser(t)
	o, s := serveAllPages(t)
	board := tab(t, ctx)
	do(t, board, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/tabellone"), chromedp.WaitReady("[data-waits] li"))
	answered := func() {
		t.Helper()
		until(t, ctx, "it is answered", `document.querySelector("[data-flash]").textContent !== "" && !document.documentElement.hasAttribute("data-sending")`)
		time.Sleep(400 * time.Millisecond)
	}
	press := func(selector string) func() {
		return func() {
			t.Helper()
			until(t, ctx, selector+" is there", `document.querySelector(`+quoted(selector)+`)`)
			do(t, ctx, chromedp.Evaluate(`document.querySelector("[data-flash]").textContent = ""; document.querySelector(`+quoted(selector)+`).click()`, nil))
			answered()
		}
	}
	// What goes on in the office meanwhile.
	goesOn := func() {
		for _, service := range []queue.ServiceID{"anagrafe", "cie", "stato-civile", "elettorale"} {
			o.issue(t, service, queue.Ordinary)
		}
		o.next(t, "s2")
		o.next(t, "s3")
		o.pass(6 * time.Second)
		o.must(t, queue.ReportOutlet{Outlet: "totem", Gives: queue.Unable, Why: "paper-out"})
		time.Sleep(1500 * time.Millisecond)
		o.pass(6 * time.Second)
		o.must(t, queue.ReportOutlet{Outlet: "totem", Gives: queue.Able})
		lost := o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByButton, Device: "anagrafe"}, Service: "anagrafe", Outlet: "totem"})
		o.must(t, queue.ReportPaper{Ticket: lost[0].Body.(queue.TicketIssued).Ticket, Job: 1, Paper: queue.PaperUnknown, Why: "silent"})
		o.next(t, "s4")
		time.Sleep(1500 * time.Millisecond)
	}
	for _, z := range []size{{"1280x720", 1280, 720}, {"phone", 390, 844}} {
		opened := func(path, ready string) {
			t.Helper()
			do(t, ctx, chromedp.EmulateViewport(z.width, z.height), chromedp.Navigate(s.url+path), chromedp.WaitReady(ready))
			until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden`)
		}
		acts := func(path, ready string, acts ...[2]string) {
			t.Helper()
			opened(path, ready)
			for _, a := range acts {
				stays(t, ctx, z.name+" "+path+": "+a[0], press(a[1]))
			}
			stays(t, ctx, z.name+" "+path+": what goes on", goesOn)
			shot(t, ctx, "still"+path[1:4]+"-"+z.name)
		}
		opened("/responsabile", ".figures")
		do(t, ctx, chromedp.SetValue("[name=text-it]", "Oggi la cassa chiude alle 12"), chromedp.SetValue("[name=people]", "400"))
		stays(t, ctx, z.name+": a form that opens", func() {
			do(t, ctx, chromedp.Evaluate(`document.querySelector("#hand-messages summary").click()`, nil))
			time.Sleep(200 * time.Millisecond)
		})
		for _, a := range [][2]string{
			{"a message", "#hand-messages [value=post]"},
			{"a message taken away", "[value=withdraw]"},
			{"a service stopped", "#hand-stop [value=stop]"},
			{"a service opened again", "[value=reopen]"},
			{"a capacity", "[value=capacity]"},
		} {
			stays(t, ctx, z.name+" /responsabile: "+a[0], press(a[1]))
		}
		do(t, ctx, chromedp.Evaluate(`document.querySelector("[name=why]").checked = true`, nil))
		stays(t, ctx, z.name+": a suspension", press("#hand-suspend [value=suspend]"))
		stays(t, ctx, z.name+": its end", press("#hand-suspend [value=resume]"))
		stays(t, ctx, z.name+" /responsabile: what goes on", goesOn)
		acts("/responsabile/tecnico", ".wires")
		acts("/schermi", "main h1")
		acts("/accoglienza", ".issue", [2]string{"a number", ".issue[value=anagrafe]"}, [2]string{"a contact", ".contacts button"})
		acts("/commessi", ".crowd")
		acts("/cruscotto?scegli", ".desk-card")
		if z.name == "phone" {
			continue // a console is worked at a desk: there its number may take more lines
		}
		acts("/cruscotto/s1", ".key-next", [2]string{"NEXT", ".key-next"}, [2]string{"START", "[value=start]"}, [2]string{"FINISH", "[value=finish]"})
	}
}
