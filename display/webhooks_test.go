package display

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/display/notify"
	"eliminacode/queue/words"

	"github.com/chromedp/chromedp"
)

// submit posts a form of the page of webhooks.
func submit(t *testing.T, s running, f url.Values) (status int, location, body string) {
	t.Helper()
	status, header, body := ask(t, request(t, http.MethodPost, s.url+"/webhook", f.Encode(), "Content-Type", "application/x-www-form-urlencoded"))
	return status, header.Get("Location"), body
}

// A webhook is made on the page with no script, its secret is shown once, and it is
// tried, switched off, replayed and deleted there.
func TestWebhookOnThePage(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	hooks := o.hooks()
	cfg.Hooks = hooks
	s := serve(t, cfg, "")
	asked := 0
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer receiver.Close()
	status, _, body := submit(t, s, url.Values{
		"action": {"save"}, "name": {"Protocollo <b>"}, "url": {receiver.URL}, "kinds": {"ticket.issued", "ticket.called"}, "on_box": {"1"},
	})
	if status != http.StatusOK || !strings.Contains(body, "whsec_") || strings.Contains(body, "<b>") {
		t.Fatalf("%d %s", status, body)
	}
	h := hooks.List()[0]
	if h.Name != "Protocollo <b>" || !slices.Equal(h.Kinds, []string{"ticket.issued", "ticket.called"}) || !h.OnBox {
		t.Errorf("it is %+v", h)
	}
	_, _, body = ask(t, request(t, http.MethodGet, s.url+"/webhook", ""))
	if strings.Contains(body, "whsec_") {
		t.Error("a secret is shown again")
	}
	if !strings.Contains(body, "<span>Un numero è chiamato <code") {
		t.Error("the form has codes of events and no words")
	}
	act := func(action string, more ...string) string {
		f := url.Values{"action": {action}, "id": {h.ID}}
		for i := 0; i+1 < len(more); i += 2 {
			f.Set(more[i], more[i+1])
		}
		status, to, body := submit(t, s, f)
		if status/100 == 4 && strings.Contains(body, `class="form-told"`) {
			return body
		}
		if status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", action, status, body)
		}
		_, _, page := ask(t, request(t, http.MethodGet, s.url+to, ""))
		return page
	}
	status, _, body = submit(t, s, url.Values{"action": {"save"}, "id": {h.ID}, "name": {"Qui"}, "url": {receiver.URL}})
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "è questo stesso apparecchio") || !hooks.List()[0].OnBox {
		t.Errorf("the box itself may be told: %d %s", status, body)
	}
	if _, _, body := submit(t, s, url.Values{"action": {"save"}, "id": {h.ID}, "name": {"Qui"}, "url": {receiver.URL}, "on_box": {"1"}}); strings.Contains(body, "whsec_") {
		t.Error("a change shows the secret")
	}
	if page := act("test"); !strings.Contains(page, "Prova ricevuta") || asked != 1 {
		t.Errorf("the receiver was asked %d times: %s", asked, page)
	}
	if act("off"); !hooks.List()[0].Disabled {
		t.Error("it is not switched off")
	}
	if act("on"); hooks.List()[0].Disabled {
		t.Error("it is not switched on")
	}
	if act("replay", "from", "2"); hooks.List()[0].Next != 2 {
		t.Error("it does not go on from 2")
	}
	if page := act("replay", "from", "1000000"); !strings.Contains(page, "non c&#39;è ancora") || hooks.List()[0].Next != 2 {
		t.Errorf("from an event that is not there: %s", page)
	}
	if act("delete"); len(hooks.List()) != 0 {
		t.Error("it is still there")
	}
	status, _, body = submit(t, s, url.Values{"action": {"save"}, "name": {"Male"}, "url": {"ftp://example.org"}})
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "https://macchina/percorso") || !strings.Contains(body, "ftp://example.org") {
		t.Errorf("%d %s", status, body)
	}
}

// The same by API: made with its secret, listed without, refused in a problem.
func TestWebhookByAPI(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	status, _, body := post(t, s, "/api/v1/webhooks", "", `{"name":"Protocollo","url":"https://example.org/x","kinds":["ticket.issued"]}`)
	var h notify.Hook
	if err := json.Unmarshal([]byte(body), &h); err != nil || status != http.StatusCreated || !strings.HasPrefix(h.Secret, "whsec_") {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	_, _, list := ask(t, request(t, http.MethodGet, s.url+"/api/v1/webhooks", ""))
	if strings.Contains(list, "whsec_") || !strings.Contains(list, `"name":"Protocollo"`) || !strings.Contains(list, `"ticket.no-show"`) {
		t.Errorf("the list is %s", list)
	}
	for path, c := range map[string]struct {
		body, code string
		status     int
	}{
		"/api/v1/webhooks":                     {`{"name":"b","url":"https://me:pw@example.org"}`, "bad-fields", 422},
		"/api/v1/webhooks/none/change":         {`{"name":"b","url":"https://example.org"}`, "webhook-unknown", 404},
		"/api/v1/webhooks/" + h.ID + "/change": {`{"name":"b","url":"https://example.org","kinds":["x"]}`, "bad-fields", 422},
		"/api/v1/webhooks/" + h.ID + "/replay": {`{"from":1000000}`, "no-event-yet", 409},
		"/api/v1/webhooks/none/test":           {``, "webhook-unknown", 404},
		"/api/v1/webhooks/none/delete":         {``, "webhook-unknown", 404},
	} {
		status, _, body := post(t, s, path, "", c.body)
		if status != c.status || !strings.Contains(body, `"code":"`+c.code+`"`) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if status, _, body := post(t, s, "/api/v1/webhooks/"+h.ID+"/replay", "", `{"from":1}`); status/100 != 2 {
		t.Errorf("replay: %d %s", status, body)
	}
	for range 2 { // the second time it is done already
		if status, _, body := post(t, s, "/api/v1/webhooks/"+h.ID+"/delete", "", ``); status/100 != 2 {
			t.Errorf("delete: %d %s", status, body)
		}
	}
}

// Each fault of a webhook is told at its field and in the caller's language, by the
// call and on the page.
func TestFaultsOfAWebhookAreToldAtTheirFields(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	for _, l := range words.StaffLanguages() {
		tongue := words.In(l)
		for address, fault := range map[string]string{
			"example.org": "form", "https://example.org/" + strings.Repeat("x", 500): "long", "https://me:pw@example.org": "password",
			"https://example.org/#x": "fragment", "https://example.org:0": "port", "https://2130706433/": "spelling",
			"https://127.0.0.1/": "loopback", "https://169.254.169.254/": "refused", "http://203.0.113.9/": "plain",
		} {
			want := tongue.Say("webhooks.url-" + fault)
			body, _ := json.Marshal(map[string]any{"name": "", "url": address, "kinds": []string{"x"}, "secret": "y"})
			_, _, answer := ask(t, request(t, http.MethodPost, s.url+"/api/v1/webhooks", string(body), "Content-Type", jsonMedia, "Cookie", languageCookie+"="+string(l)))
			var p problem
			if err := json.Unmarshal([]byte(answer), &p); err != nil || p.Code != "bad-fields" || len(p.Errors) != 4 {
				t.Fatalf("%s: %s %v", address, answer, err)
			}
			for _, e := range p.Errors {
				field := strings.TrimPrefix(e.Location, "body.")
				if is := tongue.Say("webhooks.fault-" + field); field == "url" && e.Message != want || field != "url" && e.Message != is {
					t.Errorf("%s in %s: %+v", address, l, e)
				}
			}
			status, _, page := ask(t, request(t, http.MethodPost, s.url+"/webhook", url.Values{"action": {"save"}, "name": {"a"}, "url": {address}}.Encode(),
				"Content-Type", "application/x-www-form-urlencoded", "Cookie", languageCookie+"="+string(l)))
			if status != http.StatusUnprocessableEntity || !strings.Contains(html.UnescapeString(page), `id="told-1">`+want) {
				t.Errorf("%s in %s: %d, and the page does not say %q", address, l, status, want)
			}
		}
	}
	if n := len(s.cfg.Hooks.List()); n != 0 {
		t.Errorf("%d webhooks were made", n)
	}
}

// A form that was refused goes on at its first wrong field, which is marked.
func TestARefusedFormGoesOnAtItsWrongField(t *testing.T) {
	ctx := browser(t)
	_, s := inSetup(t)
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/webhook"), chromedp.WaitVisible(".entry [name=name]"),
		chromedp.SendKeys(".entry [name=name]", "Sito"), chromedp.SendKeys(".entry [name=url]", "https://127.0.0.1/"), chromedp.Click(".entry [value=save]"))
	until(t, ctx, "the address has the focus", focus(`[name="url"][aria-invalid="true"]`))
	until(t, ctx, "no other one is marked", `document.querySelectorAll("[aria-invalid]").length === 1`)
	until(t, ctx, "its edge is that of a fault", `getComputedStyle(document.activeElement).borderTopColor === getComputedStyle(document.querySelector(".field-fault")).color`)
	shot(t, ctx, "webhook-refused-1280x720")

	do(t, ctx, chromedp.Navigate(s.url+setupHome+"/servizi/1"), chromedp.WaitVisible(".setup-form"),
		chromedp.SetValue(`[name="service[1].standard"]`, "presto"), chromedp.Click(`.setup-keep [value="keep"]`))
	until(t, ctx, "the standard has the focus", focus(`[name="service[1].standard"][aria-invalid="true"]`))
	do(t, ctx, chromedp.SetValue(`[name="service[1].standard"]`, "20 min"), chromedp.Click(`.setup-keep [value="keep"]`))
	until(t, ctx, "it is in the draft", `document.querySelector('.alarm-soft [value="effect"]') && !document.querySelector("[aria-invalid]")`)
	do(t, ctx, chromedp.Click(`.alarm-soft [value="effect"]`), chromedp.WaitVisible("#why"), chromedp.SetValue("#why", " "), chromedp.Click(`.setup-save [value="save"]`))
	until(t, ctx, "the reason has the focus", focus(`#why[aria-invalid="true"]`))
}

// What became of a delivery is told in the words of who reads it, with what it is
// about; rows of an earlier version are read too.
func TestTheLogOfAWebhookIsInTheReadersWords(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	kept := `{"format":1,"hooks":[{"hook":{"id":"abc","name":"Protocollo","url":"http://127.0.0.1/x","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},` +
		`"journal":"J","next":12,"log":[{"at":"2026-11-24T09:30:00Z","event":"J-7","kind":"ticket.issued","nth":2,"status":503,"fault":"status","detail":"receiver answers 503"},` +
		`{"at":"2026-11-24T09:31:00Z","event":"J-7","kind":"ticket.issued","nth":3,"fault":"name","about":"nope.example","gave_up":true}],"day":1,"round":0}]}`
	hooks, err := notify.New(notify.Config{
		Events: o, Watch: o.Watch, Zone: func(string) *time.Location { return time.UTC },
		Read: func() ([]byte, error) { return []byte(kept), nil }, Write: func([]byte) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Hooks = hooks
	s := serve(t, cfg, "")
	defer func() {
		o.pass(24 * time.Hour)
		o.openNextDay(t)
		tongue := words.In("fr")
		_, _, page := ask(t, request(t, http.MethodGet, s.url+"/webhook", "", "Cookie", languageCookie+"=fr"))
		for _, says := range []string{`<td>24/11/2026</td><td colspan="2">` + tongue.Say("webhooks.times", "count", 1) + "</td>", tongue.Say("webhooks.past")} {
			if !strings.Contains(html.UnescapeString(page), says) {
				t.Errorf("on another day the page does not say %q", says)
			}
		}
		if strings.Contains(page, "J-7") || strings.Contains(page, "ticket.issued J") || strings.Contains(page, "10:30") {
			t.Error("on another day the page pairs an event with a time")
		}
	}()
	for _, l := range words.StaffLanguages() {
		tongue := words.In(l)
		says := []string{
			tongue.Say("done.undelivered-name") + " (nope.example) " + tongue.Say("webhooks.gave-up"),
			tongue.Say("done.undelivered-status") + " (503)",
		}
		_, _, answer := ask(t, request(t, http.MethodGet, s.url+"/api/v1/webhooks", "", "Cookie", languageCookie+"="+string(l)))
		var list hookList
		if err := json.Unmarshal([]byte(answer), &list); err != nil || len(list.Webhooks) != 1 || len(list.Webhooks[0].Log) != 2 || list.Webhooks[0].Next != 12 {
			t.Fatalf("%s: %v", answer, err)
		}
		_, _, page := ask(t, request(t, http.MethodGet, s.url+"/webhook", "", "Cookie", languageCookie+"="+string(l)))
		for i, a := range list.Webhooks[0].Log {
			if a.Say != says[i] || a.Nth != 3-i {
				t.Errorf("in %s it says %+v, want %q", l, a, says[i])
			}
			if !strings.Contains(html.UnescapeString(page), "<td>"+says[i]+"</td>") {
				t.Errorf("in %s the page does not say %q", l, says[i])
			}
		}
	}
	for _, fault := range notify.AttemptFaults() {
		if say := becameOf(words.In("it"), notify.Attempt{Fault: fault}); strings.HasPrefix(say, "done.") || !strings.Contains(say, ": ") {
			t.Errorf("%s is told as %q", fault, say)
		}
	}
}

// What may be a password in an address does not stand in the audit list.
func TestTheQueryOfAWebhookIsNoAct(t *testing.T) {
	for address, want := range map[string]string{
		"https://example.org/x?token=s3cret&a=b": "https://example.org/x?…",
		"https://example.org/x?":                 "https://example.org/x?…",
		"https://example.org/x":                  "https://example.org/x",
	} {
		if got := notedHook(notify.Hook{Name: "Protocollo", URL: address})["url"]; got != want {
			t.Errorf("%s is noted as %s", address, got)
		}
	}
}
