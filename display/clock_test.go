package display

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"eliminacode/queue/words"
)

// A clock that cannot be relied on is told on every page of the staff, with what
// to do, also on pages that are open when it turns so; the public reads nothing
// of it. Whoever says what time it is ends it everywhere.
func TestAClockThatCannotBeReliedOnIsTold(t *testing.T) {
	wrong, _ := words.In("").ClockTrouble(true, false)
	unsure, _ := words.In("").ClockTrouble(false, false)
	o := newTestOffice(t)
	o.busy(t)
	s := serve(t, o.config(), "")
	open := watch(t, s, "page=console&desk=s1&as=html")
	staff := []string{"/", "/cruscotto", "/cruscotto/s1", "/accoglienza", "/responsabile", "/responsabile/apparecchi", "/responsabile/attese", "/responsabile/chiamate"}
	public := []string{"/tabellone", "/totem?outlet=totem", "/b/" + openTicket}
	says := func(when string, want ...words.FaultText) {
		t.Helper()
		for i, path := range slices.Concat(staff, public) {
			_, _, body := ask(t, request(t, "GET", s.url+path, ""))
			for _, text := range []words.FaultText{wrong, unsure} {
				told := i < len(staff) && slices.Contains(want, text)
				escaped := strings.ReplaceAll(text.What, "'", "&#39;")
				if strings.Contains(body, escaped) != told {
					t.Errorf("%s: %s says %q: %v", when, path, text.What, !told)
				}
				if told && (!strings.Contains(body, `data-api="/api/v1/clock/"`) || !strings.Contains(body, strings.ReplaceAll(text.Do, "'", "&#39;"))) {
					t.Errorf("%s: %s does not say what to do", when, path)
				}
			}
		}
	}
	act := func(action, body string, want int) {
		t.Helper()
		status, _, text := ask(t, request(t, "POST", s.url+"/api/v1/clock/"+action, body, "Content-Type", "application/json"))
		var a answer
		if err := json.Unmarshal([]byte(text), &a); err != nil || status != want {
			t.Fatalf("%s %s: %d %s", action, body, status, text)
		}
	}
	says("a right clock")

	o.restart(t, 60_000)
	says("a start without a network", unsure)
	act("confirm", `{}`, 200)
	says("somebody has looked at it")

	o.restart(t, -2*3_600_000)
	says("a clock that wakes in the past", wrong)
	for !strings.Contains(open.read().HTML, strings.ReplaceAll(wrong.What, "'", "&#39;")) {
		// A page from before; each read has its own end.
	}
	set := fmt.Sprintf(`{"correction":"%d"}`, 2*3_600_000)
	act("set", set, 200) // a clock that is doubted is set at once
	says("somebody has set it")
	if at := o.newest().OfficeTime(o.Now()); at < tuesday || at > tuesday+int64(o.ahead.Load())+3_600_000 {
		t.Errorf("the office's time is %d", at)
	}
	before := o.newest().Seq()
	o.pass(time.Hour)
	act("set", set, 200)
	if o.newest().Seq() != before {
		t.Error("a late copy set the clock once more")
	}
	for _, slip := range []int64{-9, 0, 9, 0} { // less than ten minutes
		act("set", fmt.Sprintf(`{"correction":"%d"}`, 2*3_600_000+slip*60_000), 200)
	}
	for _, far := range []int64{-11 * 60_000, 10 * 3_600_000, 23 * 3_600_000} {
		before, jump := o.newest().Seq(), fmt.Sprintf(`{"correction":"%d"`, 2*3_600_000+far)
		act("set", jump+`}`, 409)
		act("set", jump+`,"sure":""}`, 422)
		if o.newest().Seq() != before {
			t.Error("the clock is set before somebody is sure")
		}
		act("set", jump+`,"sure":"yes"}`, 200)
		act("set", strings.TrimSuffix(set, "}")+`,"sure":"yes"}`, 200)
	}
	act("set", `{}`, 422)
	act("set", `{"correction":"9000000000000000"}`, 400)
	act("stop", `{}`, 404)

	// A browser without script.
	o.restart(t, 3_600_000)
	status, headers, _ := ask(t, request(t, "POST", s.url+"/orologio", "action=confirm",
		"Content-Type", "application/x-www-form-urlencoded", "Referer", s.url+"/accoglienza?q=1"))
	if status != 303 || headers.Get("Location") != "/accoglienza?esito=clock-kept" {
		t.Errorf("%d, to %s", status, headers.Get("Location"))
	}
	says("confirmed without script")
}

// Who may not say what time it is reads nothing of the clock's trouble.
func TestTheClocksTroubleIsForWhoCanEndIt(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	firstAdministrator(t, cfg.Access)
	o.restart(t, 60_000)
	s := serve(t, cfg, "")
	_, _, body := ask(t, request(t, "GET", s.url+"/accesso", ""))
	if strings.Contains(body, `action="/orologio"`) {
		t.Error("who has not signed in is asked for the time")
	}
}

// In a real browser the control takes the time of the computer.
func TestUsingTheTimeOfThisComputer(t *testing.T) {
	o := newTestOffice(t)
	o.restart(t, -2*3_600_000)
	s := serve(t, o.config(), "")
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(s.url+"/accoglienza"))
	until(t, ctx, "the control is there", `document.querySelector('button[data-correction]')?.offsetParent`)
	do(t, ctx, chromedp.Click(`button[data-correction]`, chromedp.ByQuery))
	until(t, ctx, "the warning is gone", `!document.querySelector('button[data-correction]') && document.querySelector('[data-flash]').textContent.includes('impostata')`)
	if off := o.newest().OfficeTime(o.Now()) - time.Now().UnixMilli(); off < -30_000 || off > 30_000 {
		t.Errorf("office time is %d ms from this computer's", off)
	}
	if d := o.newest().Day(); d.Provisional || o.newest().ClockDoubtful(o.Now()) {
		t.Errorf("the day is %+v", d)
	}
}

// A clock that is believed is set far from what it shows by who has read from when to
// when, and is sure.
func TestAJumpOfTheClockIsAsked(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Administration = testAccounts(t)
	s := serve(t, cfg, "")
	ctx := browser(t)
	asked := make(chan string, 1)
	yes := atomic.Bool{}
	chromedp.ListenTarget(ctx, func(event any) {
		if d, ok := event.(*cdp.EventJavascriptDialogOpening); ok {
			asked <- d.Message
			go func() { _ = chromedp.Run(ctx, cdp.HandleJavaScriptDialog(yes.Load())) }()
		}
	})
	do(t, ctx, chromedp.Navigate(s.url+"/responsabile"))
	before := o.newest().Seq()
	for _, sure := range []bool{false, true} {
		yes.Store(sure)
		do(t, ctx, chromedp.Evaluate(`document.querySelector("#hand-clock button").click()`, nil))
		select {
		case said := <-asked:
			// The test's office is in 2026 on a Tuesday, at half past ten.
			if !strings.Contains(said, "24/11/2026, 10:3") || !strings.Contains(said, "confermi") {
				t.Errorf("it asks: %s", said)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("nobody asks")
		}
		if !sure {
			until(t, ctx, "the button works again", `!document.documentElement.hasAttribute("data-sending")`)
			if o.newest().Seq() != before {
				t.Fatal("the clock is set although nobody was sure")
			}
		}
	}
	until(t, ctx, "the clock is set", `document.querySelector('[data-flash]').textContent.includes('impostata')`)
	if off := o.newest().OfficeTime(o.Now()) - time.Now().UnixMilli(); off < -30_000 || off > 30_000 {
		t.Errorf("office time is %d ms from this computer's", off)
	}
}
