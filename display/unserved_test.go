package display

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"eliminacode/queue"
)

// A desk's profile that would leave a service without a desk is refused by the name of
// the service and of its field, with how many wait for it, on the page and by a call.
func TestAProfileLeavesNoServiceUnserved(t *testing.T) {
	o := newTestOffice(t)
	o.issue(t, "cie", queue.Ordinary)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.post("/responsabile/sportelli", "action", "profile", "desk", "s14", "serve-veloci", "first")
	u.sees("Profilo cambiato")
	const one = "Carta d&#39;identità elettronica resterebbe senza uno sportello, e 1 persona lo aspetta: lo dia prima a un altro."
	u.post("/responsabile/sportelli", "action", "profile", "desk", "s13", "serve-veloci", "first")
	u.sees(one)
	o.issue(t, "cie", queue.Ordinary)
	for language, says := range map[string]string{
		"it": "Carta d'identità elettronica resterebbe senza uno sportello, e 2 persone lo aspettano: lo dia prima a un altro.",
		"sl": "nanjo pa čakata 2 osebi: najprej jo dajte drugemu.",
	} {
		status, h, body := ask(t, request(t, "POST", u.s.url+"/api/v1/manager/profile", `{"desk":"s13","serve":{"veloci":"first"}}`, "Content-Type", jsonMedia, "Accept-Language", language))
		var p problem
		if err := json.Unmarshal([]byte(body), &p); err != nil || status != http.StatusConflict || h.Get("Content-Type") != "application/problem+json" || p.Code != "unserved" ||
			!strings.Contains(p.Detail, says) || p.Do == "" || len(p.Errors) != 1 || p.Errors[0].Location != "body.serve.cie" || p.Errors[0].Code != "unserved" || p.Errors[0].Message != p.Detail {
			t.Errorf("in %s a call answers %d %s", language, status, body)
		}
	}
	// An address says nothing of its own.
	u.get("/responsabile/sportelli?esito=unserved&rifiuto=1&servizio=%3Cb%3E")
	u.sees("Un servizio resterebbe senza uno sportello e non è cambiato nulla: lo dia prima a un altro sportello.")
	if d, _, _ := o.newest().Desk("s13"); len(d.Profile.First) != 1 || d.Profile.First[0] != "cie" {
		t.Errorf("the desk serves %v", d.Profile)
	}
}
