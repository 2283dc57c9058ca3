package display

import (
	"bufio"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A phone is spoken to in the language that its page is asked for, else in one that it
// says it accepts, else in the office's; and each page leads to the others.
func TestAPhoneIsSpokenToInItsLanguage(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	s := serve(t, o.config(), "")
	for _, c := range []struct {
		query, accepts, want string
	}{
		{"", "", "it"}, {"", "de-AT,de;q=0.9,en;q=0.5", "de"}, {"", "ro, sl;q=0.7", "sl"}, {"", "ro", "it"},
		{"?lingua=fr", "de", "fr"}, {"?lingua=xx", "en", "en"},
	} {
		for path, wanted := range map[string]int{"/b/" + openTicket: http.StatusOK, "/b/none": http.StatusNotFound} {
			status, _, body := ask(t, request(t, "GET", s.url+path+c.query, "", "Accept-Language", c.accepts, "Cookie", languageCookie+"=en"))
			if status != wanted || !strings.Contains(body, `<html lang="`+c.want+`"`) || !strings.Contains(body, "/privacy?lingua="+c.want+`"`) {
				t.Errorf("%s%s accepting %q is answered %d, not in %s", path, c.query, c.accepts, status, c.want)
			}
			if wanted != http.StatusOK {
				continue
			}
			for _, l := range words.StaffLanguages() {
				if current := strings.Contains(body, `hreflang="`+string(l)+`" aria-current="true"`); !strings.Contains(body, `href="?lingua=`+string(l)+`"`) || current != (string(l) == c.want) {
					t.Errorf("the page in %s does not lead to %s, or marks it wrongly", c.want, l)
				}
			}
			if why := words.In(queue.Language(c.want)).PhoneWhy(false, false); !strings.Contains(body, why) {
				t.Errorf("the page in %s does not say %q", c.want, why)
			}
		}
	}
}

// The holder of a ticket can cancel it while it waits, without script or cookie; one that
// was called meanwhile is left alone, and the reception can put it back.
func TestAHolderCancelsTheTicket(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	for _, token := range []string{"first", "second"} {
		o.pass(5 * time.Second)
		o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByTotem, Device: "totem"}, Service: "anagrafe", Outlet: "totem", Token: token})
	}
	s := serve(t, o.config(), "")
	of := func(token string) *queue.Ticket { return view.TicketByToken(o.newest(), token) }
	cancel := func(token, origin string) (int, string) {
		status, h, _ := ask(t, request(t, "POST", s.url+"/b/"+token+"?lingua=de", "", "Content-Type", "application/x-www-form-urlencoded", "Origin", origin))
		return status, h.Get("Location")
	}
	_, _, page := ask(t, request(t, "GET", s.url+"/b/second?lingua=de", ""))
	if !strings.Contains(page, `<form method="post">`) || !strings.Contains(page, `data-cancel>`) {
		t.Error("the page of one who waits offers no cancelling")
	}
	if status, _ := cancel("second", "http://other.example"); status != http.StatusForbidden || of("second").State != queue.Waiting {
		t.Errorf("another site is answered %d, and the ticket is %s", status, of("second").State)
	}
	if status, to := cancel("second", s.url); status != http.StatusSeeOther || to != "/b/second?lingua=de" || of("second").State != queue.Cancelled {
		t.Errorf("the holder is answered %d to %q, and the ticket is %s", status, to, of("second").State)
	}
	if of("second").Why != "citizen" {
		t.Errorf("it was cancelled since %q", of("second").Why)
	}
	o.must(t, queue.Reinstate{By: queue.Cause{Kind: queue.ByReception}, Ticket: of("second").ID})
	o.next(t, "s1")
	if status, _ := cancel("first", s.url); status != http.StatusSeeOther || of("first").State != queue.Called {
		t.Errorf("of a ticket that was called the holder is answered %d, and it is %s", status, of("first").State)
	}
	if _, _, page = ask(t, request(t, "GET", s.url+"/b/first", "")); !strings.Contains(page, `data-cancel hidden>`) {
		t.Error("the page of one who was called offers cancelling")
	}
	if status, _ := cancel("third", s.url); status != http.StatusNotFound {
		t.Errorf("no ticket is answered %d", status)
	}
}

// A phoneLine reads the events of a ticket.
type phoneLine struct {
	status int
	in     *bufio.Reader
	close  func()
}

func followPhone(t *testing.T, s running, token, from string) phoneLine {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/b/"+token+phoneStream+"?lingua=it", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", from)
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return phoneLine{resp.StatusCode, bufio.NewReader(resp.Body), func() { resp.Body.Close() }}
}

// next is the next event and its page, if it brings one; an empty name is the end.
func (x phoneLine) next() (event, page string) {
	for {
		text, err := x.in.ReadString('\n')
		if err != nil {
			return "", ""
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(text, "\n"), ": ")
		switch name {
		case "event":
			event = value
		case "data":
			var m phoneMessage
			_ = json.Unmarshal([]byte(value), &m)
			page = m.HTML
		case "":
			return event, page
		}
	}
}

// until reads on until the page has a text; it fails when the line ends before.
func (x phoneLine) until(t *testing.T, text string) {
	t.Helper()
	for {
		event, page := x.next()
		if event == "" {
			t.Fatalf("the line ended before %q", text)
		}
		if strings.Contains(page, text) {
			return
		}
	}
}

// A phone is sent what becomes of its ticket as it happens, and nothing of the others'.
func TestAPhoneFollowsItsTicketLive(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByTotem, Device: "totem"}, Service: "anagrafe", Outlet: "totem", Token: "first"})
	o.pass(5 * time.Second)
	o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByTotem, Device: "totem"}, Service: "anagrafe", Outlet: "totem", Token: "second"})
	s := serve(t, o.config(), "")
	first, second := followPhone(t, s, "first", "192.0.2.1"), followPhone(t, s, "second", "192.0.2.2")
	first.until(t, `data-state="waiting" data-ahead="0"`)
	second.until(t, `data-state="waiting" data-ahead="1"`)
	o.next(t, "s1")
	first.until(t, `data-state="called" data-ahead="0" data-ring="1.0"`)
	second.until(t, `data-state="waiting" data-ahead="0"`)
	o.pass(time.Minute)
	o.must(t, queue.RecallTicket{By: queue.Cause{Kind: queue.ByConsole, Device: "s1"}, Desk: "s1", Ticket: o.newest().Calls()[0].Ticket})
	first.until(t, `data-ring="1.1"`)
	o.next(t, "s1")
	first.until(t, `data-state="served"`)
	if event, _ := first.next(); event != "" {
		t.Errorf("after its ticket was served the line goes on with %q", event)
	}
	second.until(t, `data-state="called"`)
	if none := followPhone(t, s, "third", "192.0.2.3"); none.status != http.StatusNotFound {
		t.Errorf("no ticket is answered %d", none.status)
	}
}

// Phones that follow their tickets have places of their own, of which one address has
// half; one ticket has few, and the newest of its phones takes that of the oldest.
func TestPhonesAreBounded(t *testing.T) {
	o := newTestOffice(t)
	for _, token := range []string{"a", "b", "c", "d", "e"} {
		o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Outlet: "totem", Token: token})
	}
	cfg := o.config()
	cfg.Bounds.Phones, cfg.Bounds.Requests = 8, 1
	s := serve(t, cfg, "")
	held := map[string]phoneLine{}
	for _, token := range []string{"a", "b", "c", "d"} {
		held[token] = followPhone(t, s, token, "192.0.2.1")
		held[token].until(t, "data-state")
	}
	if more := followPhone(t, s, "e", "192.0.2.1"); more.status != http.StatusServiceUnavailable {
		t.Errorf("one address beyond its half is answered %d", more.status)
	}
	if status, _, _ := ask(t, request(t, "GET", s.url+"/b/e", "", "X-Forwarded-For", "192.0.2.1")); status != http.StatusOK {
		t.Errorf("the page itself is answered %d while phones follow theirs", status)
	}
	other := followPhone(t, s, "a", "192.0.2.2")
	other.until(t, "data-state")
	for range phonesOfTicket - 1 {
		followPhone(t, s, "a", "192.0.2.3").until(t, "data-state")
	}
	if event, _ := held["a"].next(); event != "" {
		t.Errorf("the oldest phone of a ticket that has many goes on with %q", event)
	}
	s.stop()
	for event := "page"; event != ""; {
		event, _ = other.next()
	}
}

// A quiet line beats, so that a phone knows it from a dead one.
func TestAQuietPhoneHearsABeat(t *testing.T) {
	t.Parallel() // it waits more than it works
	o := newTestOffice(t)
	o.busy(t)
	s := serve(t, o.config(), "")
	line := followPhone(t, s, openTicket, "192.0.2.1")
	line.until(t, "data-state")
	if event, _ := line.next(); event != "beat" && event != "page" {
		t.Errorf("a quiet line says %q", event)
	}
}

// mostPhoneBytes is what the whole of the page may weigh, uncompressed.
const mostPhoneBytes = 30_000

// The page with all that it loads is light, in every language, and has no module, which
// an old phone does not run.
func TestThePhonePageIsLight(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	s := serve(t, o.config(), "")
	remarks := regexp.MustCompile(`(?m)//.*$`)
	loads := regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`)
	for _, l := range words.StaffLanguages() {
		_, _, body := ask(t, request(t, "GET", s.url+"/b/"+openTicket+"?lingua="+string(l), ""))
		all, files := len(body), 0
		for _, m := range loads.FindAllStringSubmatch(body, -1) {
			status, _, file := ask(t, request(t, "GET", s.url+m[1], ""))
			if status != http.StatusOK {
				t.Errorf("%s is answered %d", m[1], status)
			}
			all, files = all+len(file), files+1
			if strings.HasSuffix(m[1], ".css") && strings.Contains(file, "url(") {
				t.Errorf("%s loads more, which is not counted", m[1])
			}
			if strings.HasSuffix(m[1], ".js") && regexp.MustCompile(`=>|\b(?:const|let|import|async|class)\s`).MatchString(remarks.ReplaceAllString(file, "")) {
				t.Errorf("%s has what an old phone cannot read", m[1])
			}
		}
		if files < 3 || all > mostPhoneBytes || strings.Contains(body, `type="module"`) {
			t.Errorf("in %s the page has %d bytes in %d files, more than %d, or a module", l, all, files, mostPhoneBytes)
		}
		t.Logf("%s: %d bytes", l, all)
	}
}

// The page is judged by axe-core in each state of a ticket and in every look, and is no
// wider than a phone or a tablet.
func TestThePhonePageInEveryState(t *testing.T) {
	axe := accessibilityChecker(t)
	ctx := browser(t)
	o := newTestOffice(t)
	console := queue.Cause{Kind: queue.ByConsole, Device: "s1"}
	s := serve(t, o.config(), "")
	const token = "STATES"
	for range 3 {
		o.issue(t, "anagrafe", queue.Ordinary)
	}
	o.pass(5 * time.Second)
	issued := o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByTotem, Device: "totem"}, Service: "anagrafe", Outlet: "totem", Token: token, Promise: queue.Promise{FromMs: 600_000, ToMs: 900_000}})
	mine := issued[0].Body.(queue.TicketIssued).Ticket
	look := func(name, state string) {
		t.Helper()
		for _, l := range []string{"it", "de", "sl"} {
			for _, z := range []size{{"320", 320, 640}, {"390", 390, 844}, {"768", 768, 1024}} {
				if *shots == "" && (l != "de" || z.width == 768) {
					continue
				}
				var wide bool
				do(t, ctx, chromedp.EmulateViewport(z.width, z.height), chromedp.Navigate(s.url+"/b/"+token+"?lingua="+l), chromedp.WaitReady(state),
					chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &wide))
				if wide {
					t.Errorf("%s in %s is wider than %s", name, l, z.name)
				}
				shot(t, ctx, "phone-"+name+"-"+l+"-"+z.name)
				if l == "de" && z.width == 390 {
					judgeLooks(t, ctx, axe, "the phone page, "+name)
				}
				if *shots != "" && l == "it" && z.width == 390 {
					for _, x := range looks[1:] {
						do(t, ctx, x.put())
						shot(t, ctx, "phone-"+name+"-"+strings.ReplaceAll(x.name, " ", "-"))
					}
					do(t, ctx, emulation.SetEmulatedMedia())
				}
			}
		}
	}
	on := func(state string) string { return ".ticket-" + state }
	look("no-desk", on("waiting"))
	o.open(t, "s1")
	look("waiting", on("waiting"))
	do(t, ctx, chromedp.EmulateViewport(390, 844), chromedp.Click("[data-cancel] summary"), chromedp.WaitVisible("[data-cancel] button"), chromedp.ScrollIntoView("[data-cancel] button"))
	shot(t, ctx, "phone-cancelling")
	judgeLooks(t, ctx, axe, "the phone page, cancelling")
	for range 4 {
		o.pass(time.Minute)
		o.next(t, "s1")
	}
	look("called", on("called"))
	o.must(t, queue.StartService{By: console, Desk: "s1", Ticket: mine})
	look("serving", on("serving"))
	o.must(t, queue.ParkTicket{By: console, Desk: "s1", Ticket: mine, ForMs: 600_000})
	look("parked", on("parked"))
	o.must(t, queue.ResumeTicket{By: console, Desk: "s1", Ticket: mine})
	o.must(t, queue.TransferTicket{By: console, From: "s1", Ticket: mine, Service: "cie"})
	look("transferred", on("waiting"))
	o.must(t, queue.CancelTicket{By: queue.Cause{Kind: queue.ByReception}, Ticket: mine, Why: "gone"})
	look("cancelled", on("cancelled"))
	o.must(t, queue.Reinstate{By: queue.Cause{Kind: queue.ByReception}, Ticket: mine})
	o.open(t, "s13")
	_, now, _ := o.newest().Desk("s13")
	o.must(t, queue.CallNext{By: queue.Cause{Kind: queue.ByConsole, Device: "s13"}, Desk: "s13", Finishing: now.Ticket})
	o.must(t, queue.MarkNoShow{By: queue.Cause{Kind: queue.ByConsole, Device: "s13"}, Desk: "s13", Ticket: mine})
	look("no-show", on("no-show"))
	o.must(t, queue.ReturnTicket{By: queue.Cause{Kind: queue.ByReception}, Ticket: mine})
	look("returned", on("waiting"))
	s.stop()
	do(t, ctx, chromedp.EmulateViewport(390, 844))
	until(t, ctx, "the line is lost", `!document.querySelector("[data-lost]").hidden`)
	shot(t, ctx, "phone-stale")
	judgeLooks(t, ctx, axe, "the phone page, stale")
	s = serve(t, o.config(), "")
	elsewhere := queue.Cause{Kind: queue.ByConsole, Device: "s13"}
	o.must(t, queue.CallNext{By: elsewhere, Desk: "s13"})
	o.must(t, queue.StartService{By: elsewhere, Desk: "s13", Ticket: mine})
	o.must(t, queue.FinishTicket{By: elsewhere, Desk: "s13", Ticket: mine})
	look("served", on("served"))
}

// After one touch a phone rings when five are ahead and at the call, once each; what it
// shows changes without a reload, and comes again when a lost line does.
func TestAPhoneRingsInTheBrowser(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	o.open(t, "s1")
	for i := range 8 {
		o.pass(5 * time.Second)
		token := ""
		if i == 7 {
			token = "mine"
		}
		o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByTotem, Device: "totem"}, Service: "anagrafe", Outlet: "totem", Token: token})
	}
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.EmulateViewport(390, 844), chromedp.Navigate(s.url+"/b/mine"), chromedp.WaitVisible("[data-alert] button"))
	do(t, ctx, chromedp.Evaluate(`(() => {
		window.tones = 0;
		window.stays = true;
		const start = OscillatorNode.prototype.start;
		OscillatorNode.prototype.start = function (at) { window.tones += 1; return start.call(this, at); };
	})()`, nil))
	tones := func(n string) string { return `window.stays && window.tones === ` + n }
	until(t, ctx, "the line is live", `document.querySelector("[data-lost]").hidden`)
	do(t, ctx, chromedp.Click("[data-alert] button"))
	until(t, ctx, "the touch sounds", tones("1")+` && document.querySelector("[data-alert] button").getAttribute("aria-pressed") === "true"`)
	o.next(t, "s1") // six are ahead
	until(t, ctx, "six are ahead", `document.querySelector("[data-ahead='6']")`)
	o.pass(time.Minute)
	o.next(t, "s1")
	until(t, ctx, "it rings when five are ahead", `document.querySelector("[data-ahead='5']") && `+tones("3"))
	for range 6 {
		o.pass(time.Minute)
		o.next(t, "s1")
	}
	until(t, ctx, "it rings at the call", `document.querySelector(".ticket-called .ticket-desk") && `+tones("9"))
	s.stop()
	until(t, ctx, "it says that it is old", `!document.querySelector("[data-lost]").hidden`)
	again := serve(t, o.config(), strings.TrimPrefix(s.url, "http://"))
	until(t, ctx, "it is live again", `document.querySelector("[data-lost]").hidden && `+tones("9"))
	o.pass(time.Minute)
	o.next(t, "s1")
	until(t, ctx, "it is served", `document.querySelector(".ticket-served") && document.querySelector("[data-alert]").hidden`)
	again.stop()
}
