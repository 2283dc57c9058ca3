package display

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"eliminacode/display/notify"
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
		"action": {"save"}, "name": {"Protocollo <b>"}, "url": {receiver.URL}, "kinds": {"ticket.issued", "ticket.called"},
	})
	if status != http.StatusOK || !strings.Contains(body, "whsec_") || strings.Contains(body, "<b>") {
		t.Fatalf("%d %s", status, body)
	}
	h := hooks.List()[0]
	if h.Name != "Protocollo <b>" || !slices.Equal(h.Kinds, []string{"ticket.issued", "ticket.called"}) || h.OnBox {
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
		if status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", action, status, body)
		}
		_, _, page := ask(t, request(t, http.MethodGet, s.url+to, ""))
		return page
	}
	if page := act("test"); !strings.Contains(page, "è questo stesso apparecchio") || asked != 0 {
		t.Errorf("the box itself is told, %d times: %s", asked, page)
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
		"/api/v1/webhooks":                     {`{"name":"b","url":"https://me:pw@example.org"}`, "webhook-url", 422},
		"/api/v1/webhooks/none/change":         {`{"name":"b","url":"https://example.org"}`, "webhook-unknown", 404},
		"/api/v1/webhooks/" + h.ID + "/change": {`{"name":"b","url":"https://example.org","kinds":["x"]}`, "webhook-kind", 422},
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
	if status, _, body := post(t, s, "/api/v1/webhooks/"+h.ID+"/delete", "", ``); status/100 != 2 {
		t.Errorf("delete: %d %s", status, body)
	}
}
