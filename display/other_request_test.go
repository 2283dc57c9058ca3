package display

import (
	"net/http"
	"strings"
	"testing"

	"eliminacode/queue"
)

// Whoever uses the name of a request for something else is refused, and never told that
// it was done.
func TestANameOfARequestStandsForOneRequest(t *testing.T) {
	for path, bodies := range map[string][2]string{
		"/api/v1/reception/issue":     {`{"service":"veloci","request":"r"}`, `{"service":"anagrafe","class":"priority","request":"r"}`},
		"/api/v1/reception/contact":   {`{"contact":"information","request":"r"}`, `{"contact":"forms","request":"r"}`},
		"/api/v1/reception/book":      {`{"service":"anagrafe","hour":"10:45","request":"r"}`, `{"service":"anagrafe","hour":"11:00","request":"r"}`},
		"/api/v1/totem/totem/tickets": {`{"service":"anagrafe","request":"r"}`, `{"service":"cie","request":"r"}`},
		"/api/v1/desks/s1/issue":      {`{"service":"anagrafe","request":"r"}`, `{"service":"anagrafe","category":"firm","request":"r"}`},
		"/api/v1/manager/post":        {`{"text":{"it":"uno"},"request":"r"}`, `{"text":{"it":"due"},"request":"r"}`},
	} {
		o := newTestOffice(t)
		o.open(t, "s1")
		s := serve(t, o.config(), "")
		for range 2 {
			if status, _, body := post(t, s, path, "", bodies[0]); status/100 != 2 {
				t.Fatalf("%s %s: %d %s", path, bodies[0], status, body)
			}
		}
		before := o.newest().Seq()
		status, _, body := post(t, s, path, "", bodies[1])
		refused := status == http.StatusUnprocessableEntity && strings.Contains(body, `"code":"other-request"`) ||
			status == http.StatusConflict && strings.Contains(body, `-taken"`)
		if !refused || o.newest().Seq() != before {
			t.Errorf("%s %s after %s: %d %s", path, bodies[1], bodies[0], status, body)
		}
	}
}

// On a page without script that lay open each button is a request of its own, and the
// same one pressed twice is one.
func TestEachButtonOfAFormIsARequestOfItsOwn(t *testing.T) {
	o := newTestOffice(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/accoglienza")
	name := u.hidden("request")
	waiting := func(id queue.ServiceID) (n int) {
		for range o.newest().Waiting(id) {
			n++
		}
		return n
	}
	before := []int{waiting("anagrafe"), waiting("cie")}
	for _, service := range []string{"anagrafe", "cie", "anagrafe"} {
		u.post("/accoglienza", "action", "issue", "service", service, "request", name)
	}
	if a, c := waiting("anagrafe")-before[0], waiting("cie")-before[1]; a != 1 || c != 1 {
		t.Errorf("the page gave %d tickets of one service and %d of the other", a, c)
	}
	for range 2 {
		u.post("/accoglienza", "action", "contact", "contact", "information", "request", name)
	}
	u.post("/accoglienza", "action", "contact", "contact", "forms", "request", name)
	if got := o.newest().Contacts(); got.Information != 1 || got.Forms != 1 {
		t.Errorf("the page counted %+v", got)
	}
}
