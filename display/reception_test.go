package display

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// command posts an action to the API and answers the status and what it said.
func command(t *testing.T, s running, path string, f fields) (int, answer) {
	t.Helper()
	body, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	status, _, text := ask(t, request(t, "POST", s.url+path, string(body), "Content-Type", "application/json"))
	var a answer
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return status, a
}

func TestContactsAreCountedAndTheMissingDocumentApart(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	for i, contact := range []string{"information", "forms", "complaint", "registration", "missing-document"} {
		for range 2 {
			// The second is the same touch, sent again.
			if status, a := command(t, s, "/api/v1/reception/contact", fields{"contact": contact, "request": "r" + contact}); status != http.StatusOK || a.Code != "contact" {
				t.Errorf("%s: %d %+v", contact, status, a)
			}
		}
		if got := o.newest().Contacts(); got.All+got.MissingDocument != i+1 {
			t.Errorf("after %s: %+v", contact, got)
		}
	}
	if got := o.newest().Contacts(); got.All != 4 || got.MissingDocument != 1 {
		t.Errorf("%+v", got)
	}
	u := &surfer{t: t, s: s}
	u.post("/accoglienza", "action", "contact", "contact", "forms", "request", "another")
	u.sees("Contatto registrato.", `modulistica <span class="contact-count">2</span>`, `documento mancante <span class="contact-count">1</span>`)
	if status, _ := command(t, s, "/api/v1/reception/contact", fields{"contact": "gossip"}); status != http.StatusBadRequest {
		t.Errorf("an unknown contact: %d", status)
	}
}

func TestAppointmentOfTodayIsBookedCancelledAndCheckedIn(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	book := func(request, hour string) (int, answer) {
		return command(t, s, "/api/v1/reception/book", fields{"service": "anagrafe", "hour": hour, "request": request})
	}
	status, first := book("one", "10:45")
	if status != http.StatusOK || len(first.Appointment) != 6 || !strings.Contains(first.Say, first.Appointment) {
		t.Fatalf("%d %+v", status, first)
	}
	if _, again := book("one", "10:45"); again.Appointment != first.Appointment || len(o.newest().Attendances()) != 1 {
		t.Errorf("sent again it is %s of %d", again.Appointment, len(o.newest().Attendances()))
	}
	held, _ := o.newest().Attendance(queue.AppointmentID(first.Appointment))
	if held.DueAt != tuesday+14*60_000 {
		t.Errorf("due at %d", held.DueAt)
	}
	_, second := book("two", "11")
	if first.Code != "booked" || second.Code != "booked" {
		t.Errorf("within the hours: %q, %q", first.Code, second.Code)
	}
	_, late := book("late", "22:30")
	if late.Code != "booked-closed" || !strings.Contains(late.Say, late.Appointment) || !strings.Contains(late.Say, "chiuso al pubblico") {
		t.Errorf("outside the hours: %+v", late)
	}
	command(t, s, "/api/v1/reception/unbook", fields{"appointment": late.Appointment})
	for _, hour := range []string{"", "25:00", "10.4", "24:00", "06:00"} {
		if status, _ := book("x"+hour, hour); status == http.StatusOK {
			t.Errorf("booked at %q", hour)
		}
	}
	u := &surfer{t: t, s: s}
	u.get("/accoglienza")
	u.sees("2 attesi", first.Appointment, "10:45", "11:00", "atteso")
	u.post("/accoglienza", "action", "unbook", "appointment", second.Appointment)
	u.sees("Appuntamento annullato.", "1 atteso")

	status, a := command(t, s, "/api/v1/reception/check-in", fields{"code": "https://comune.example/a/" + strings.ToLower(first.Appointment), "outlet": "accoglienza"})
	if status != http.StatusCreated || a.Ticket == nil || o.newest().LatestByNumber(a.Ticket.Number).Class != queue.Appointment {
		t.Fatalf("%d %+v", status, a)
	}
	if _, again := command(t, s, "/api/v1/reception/check-in", fields{"appointment": first.Appointment, "outlet": "accoglienza"}); again.Ticket == nil || again.Ticket.ID != a.Ticket.ID || again.Events != 0 {
		t.Errorf("checked in twice: %+v", again)
	}
	u.post("/accoglienza", "action", "check-in", "code", "ZZZZZZ", "outlet", "accoglienza")
	u.sees("Nessun appuntamento di oggi ha questo codice: lo rilegga", "arrivato", a.Ticket.Number)
}

func TestAppointmentIsFoundByWhatItsHolderShows(t *testing.T) {
	var all []queue.Attendance
	for _, id := range []queue.AppointmentID{"ABC234", "XYZ-77", "K1234", "L1234", "P-0042"} {
		all = append(all, queue.Attendance{Booking: queue.Booking{ID: id}})
	}
	for shown, want := range map[string]queue.AppointmentID{
		"ABC234": "ABC234", " abc 234 ": "ABC234", "abc-234": "ABC234", "xyz77": "XYZ-77",
		"https://x.example/app/ABC234": "ABC234", "https://x.example/app/?c=ABC234": "ABC234", "https://x.example/#ABC234/": "ABC234",
		"p42": "P-0042", "P 0042": "P-0042", "42": "P-0042", "77": "XYZ-77", "234": "", "1234": "", "": "", "/": "", "=": "", "BC234": "", "nobody": "",
	} {
		got, err := appointmentShown(all, shown)
		if got != want || (want == "") != errors.Is(err, queue.ErrUnknownAppointment) {
			t.Errorf("%q is %q, %v; want %q", shown, got, err, want)
		}
	}
	if _, err := appointmentShown(all, strings.Repeat("x", maxShownBytes+1)); !errors.Is(err, errBadBody) {
		t.Error(err)
	}
}

func FuzzAppointmentShown(f *testing.F) {
	for _, s := range []string{"", "ABC234", "https://a/b?c=ABC234", "4", "\xff/\xff"} {
		f.Add(s)
	}
	all := []queue.Attendance{{Booking: queue.Booking{ID: "ABC234"}}, {Booking: queue.Booking{ID: "DEF567"}}}
	f.Fuzz(func(t *testing.T, shown string) {
		id, err := appointmentShown(all, shown)
		known := slices.ContainsFunc(all, func(a queue.Attendance) bool { return a.ID == id })
		if known == (err != nil) {
			t.Errorf("%q: %q, %v", shown, id, err)
		}
	})
}

func TestPriorityIsGrantedAndWithdrawn(t *testing.T) {
	o := newTestOffice(t)
	id := o.issue(t, "anagrafe", queue.Ordinary)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/accoglienza")
	u.sees("Dai precedenza a A001")
	u.post("/accoglienza", "action", "grant", "ticket", id.String())
	u.sees("Precedenza data", "Togli precedenza a A001")
	if c := o.newest().Ticket(id).Class; c != queue.Priority {
		t.Errorf("class %q", c)
	}
	u.post("/accoglienza", "action", "withdraw", "ticket", id.String())
	u.sees("Precedenza tolta", "Dai precedenza a A001")
	u.post("/accoglienza", "action", "issue", "service", "cie", "category", "firm", "outlet", "accoglienza", "request", "r")
	if c := o.newest().LatestByNumber("C001").Category; c != queue.CategoryFirm {
		t.Errorf("category %q", c)
	}
	u.post("/accoglienza", "action", "category", "ticket", id.String(), "category", "body")
	u.sees("Categoria registrata.", `<option value="body" selected>`, `<option value="firm" selected>`)
	if strings.Contains(u.page, `value="citizen" selected`) {
		t.Error("a category that nobody told is chosen")
	}
}

// TestReceptionByKeysAlone walks the reception with nothing but a keyboard: search,
// print, contact, appointment, check-in, cancel.
func TestReceptionByKeysAlone(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/accoglienza"), chromedp.WaitVisible(".issue"))
	until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden`)
	do(t, ctx, chromedp.KeyEvent(kb.F2))
	until(t, ctx, "F2 goes to the search", focus("#find"))
	do(t, ctx, chromedp.KeyEvent("resdenza"))
	until(t, ctx, "it is found while typing", text("#found h3")+` === "Cambio di residenza"`)
	shot(t, ctx, "reception-typed-1280x720")
	// Another page's change does not take away what was found.
	o.issue(t, "cie", queue.Ordinary)
	until(t, ctx, "the list moves on", text("#h-today")+`.includes("1")`)
	until(t, ctx, "what was found stays", text("#found h3")+` === "Cambio di residenza"`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "Enter goes to the print button", focus("#found .btn-primary"))
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "the number is said", text("[data-flash]")+`.startsWith("A001")`)
	until(t, ctx, "the search is empty again", `document.querySelector("#find").value === "" && !document.querySelector("#found h3")`)
	until(t, ctx, "the focus stays beside the search", `document.activeElement !== document.body && document.activeElement.contains(document.querySelector("#find"))`)

	// Tab reaches every contact; one key counts it.
	tabTo(t, ctx, `button[name="contact"][value="missing-document"]`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "it is counted", text(`button[value="missing-document"] .contact-count`)+` === "1"`)

	tabTo(t, ctx, "#book summary")
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	tabTo(t, ctx, `#book input[name="hour"]`)
	do(t, ctx, chromedp.KeyEvent("10,45"))
	tabTo(t, ctx, "#book button")
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "the code is said", text("[data-flash]")+`.startsWith("Appuntamento inserito, codice ")`)
	until(t, ctx, "the list has it", `document.querySelector("[id^=appointment-]")`)
	var code string
	do(t, ctx, chromedp.Evaluate(`document.querySelector("[id^=appointment-] th").textContent`, &code), chromedp.KeyEvent(kb.F4))
	until(t, ctx, "F4 goes to who comes", focus(`input[name="code"]`))
	do(t, ctx, chromedp.KeyEvent(strings.ToLower(code)), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "the holder has a number", text("[data-flash]")+`.startsWith("A002")`)
	shot(t, ctx, "reception-agenda-1280x720")

	do(t, ctx, chromedp.KeyEvent(kb.F8))
	until(t, ctx, "F8 goes to the numbers", focus(`input[name="q"]`))
	do(t, ctx, chromedp.KeyEvent("A001"), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "the number is found, and goes on there", `document.querySelectorAll("[id^=row-]").length === 1 && document.activeElement.closest("[id^=row-]") !== null`)
	tabTo(t, ctx, "[id^=row-] summary")
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	tabTo(t, ctx, "[id^=row-] .btn-danger")
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "it is cancelled", text(".state-cell")+`.startsWith("annullato")`)
	until(t, ctx, "the focus stays at its row", `document.activeElement.closest("[id^=row-]") !== null`)
}

// What a row of the reception's lists can do is within its box, and a list that goes
// on below its box says so.
func TestReceptionListsAreNotCut(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	for i := range 7 {
		if status, a := command(t, s, "/api/v1/reception/book", fields{"service": "anagrafe", "hour": fmt.Sprintf("11:%02d", i), "request": fmt.Sprint(i)}); status != http.StatusOK {
			t.Fatalf("%d %+v", status, a)
		}
	}
	for range 3 {
		o.issue(t, "anagrafe", "")
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/accoglienza"), chromedp.WaitVisible(".issue"))
	until(t, ctx, "the page is connected", `document.querySelector("[data-lost]").hidden`)
	until(t, ctx, "the appointments are said to go on below", `(() => {
		const list = document.querySelector(".agenda-list");
		return list.scrollHeight > list.clientHeight && `+text(".agenda-more")+`.includes("7");
	})()`)
	shot(t, ctx, "reception-agenda-many-1280x720")
	do(t, ctx, chromedp.Evaluate(`document.querySelector("#h-today").scrollIntoView()`, nil), chromedp.Click("[id^=row-] summary"))
	until(t, ctx, "the row is open", `document.querySelector("[id^=row-] details[open]")`)
	shot(t, ctx, "reception-more-1280x720")
	var out string
	do(t, ctx, chromedp.Evaluate(`(() => {
		const open = document.querySelector("[id^=row-] details[open]");
		const box = open.closest(".scroll").getBoundingClientRect();
		const cut = [...document.querySelectorAll("[id^=row-] :is(button, summary, select)")].filter((x) => x.checkVisibility() && x.getBoundingClientRect().right > box.right + 1);
		return cut.map((x) => x.textContent.trim()).join("; ");
	})()`, &out))
	if out != "" {
		t.Errorf("outside its box is %q", out)
	}
}

// focus tells in a page that what has the focus is a thing.
func focus(selector string) string {
	return `document.activeElement?.matches(` + quoted(selector) + `)`
}

// tabTo presses Tab until a thing has the focus.
func tabTo(t *testing.T, ctx context.Context, selector string) {
	t.Helper()
	for range 120 {
		var there bool
		do(t, ctx, chromedp.Evaluate("Boolean("+focus(selector)+")", &there))
		if there {
			return
		}
		do(t, ctx, chromedp.KeyEvent(kb.Tab))
	}
	t.Fatalf("Tab does not reach %s", selector)
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// A number over which a desk closed, and nobody saw how its service ended, is put back by
// the reception, on its page and by a program: the page says why that is offered.
func TestTheReceptionPutsBackWhomADeskClosedOver(t *testing.T) {
	o := newTestOffice(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	for i, way := range []func(ticket string){
		func(ticket string) { u.post("/accoglienza", "action", "reinstate", "ticket", ticket) },
		func(ticket string) {
			c := &caller{t: t, s: u.s}
			c.call(http.StatusOK, "POST", "/api/v1/reception/reinstate", object{"ticket": ticket}, nil)
		},
	} {
		o.open(t, "s1")
		o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Outlet: "totem", Token: "CLOSEDOVER" + strconv.Itoa(i)})
		keypad := queue.Cause{Kind: queue.ByKeypad, Device: "k"}
		o.must(t, queue.CallNext{By: keypad, Desk: "s1"})
		_, at, _ := o.newest().Desk("s1")
		id := at.Ticket
		o.pass(time.Minute)
		o.must(t, queue.CloseDesk{By: keypad, Desk: "s1"})
		if !o.newest().Ticket(id).EndUnseen() {
			t.Fatalf("the ticket is %+v", o.newest().Ticket(id))
		}
		u.get("/accoglienza")
		u.sees("nessuno ha visto com&#39;è finito", `aria-label="Ripristina `+o.newest().Ticket(id).Number.Text+`"`)
		if v, ok := (view.Look{State: o.newest(), Now: o.Now()}).Phone(o.newest().Ticket(id).Token); !ok || !follows(v) {
			t.Errorf("the phone of its holder does not follow it any more: %+v", v)
		}
		way(id.String())
		if got := o.newest().Ticket(id).State; got != queue.Waiting {
			t.Errorf("it is %s", got)
		}
		o.must(t, queue.CancelTicket{By: keypad, Ticket: id, Why: "citizen"})
	}
}
