package display

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"eliminacode/queue"
)

// Of two managers who have the page of the profiles open each changes what the one
// changes, and neither undoes the other; where both changed one service the second is
// told what it is now.
func TestTwoManagersChangeOneProfile(t *testing.T) {
	o := newTestOffice(t)
	d, _, _ := o.newest().Desk("s1")
	var shown []string
	for _, x := range o.newest().Setup().Services {
		shown = append(shown, "was-"+string(x.ID), howServed(d.Profile, x.ID))
	}
	was := func() map[string]string {
		m := map[string]string{}
		for i := 0; i < len(shown); i += 2 {
			m[strings.TrimPrefix(shown[i], "was-")] = shown[i+1]
		}
		return m
	}()
	if was["cie"] != "" || was["nozze-d-oro"] == "first" || was["anagrafe"] == "" {
		t.Fatalf("the desk serves %v", was)
	}
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	save := func(changed ...string) {
		wanted := maps.Clone(was)
		for i := 0; i < len(changed); i += 2 {
			wanted[changed[i]] = changed[i+1]
		}
		posted := append([]string{"action", "profile", "desk", "s1"}, shown...)
		for id, how := range wanted {
			posted = append(posted, "serve-"+id, how)
		}
		u.post("/responsabile/sportelli", posted...)
	}
	u.get("/responsabile/sportelli")
	if u.hidden("was-cie") != "" || !strings.Contains(u.page, `name="was-anagrafe" value="`+was["anagrafe"]+`"`) {
		t.Error("the form does not say what it shows")
	}
	serves := func(id queue.ServiceID) string {
		d, _, _ := o.newest().Desk("s1")
		return howServed(d.Profile, id)
	}
	save("cie", "help")
	u.sees("Profilo cambiato")
	save("protocollo", "help")
	u.sees("Profilo cambiato")
	if serves("cie") != "help" || serves("protocollo") != "help" || serves("anagrafe") != was["anagrafe"] {
		t.Errorf("the second undid the first: %q %q %q", serves("cie"), serves("protocollo"), serves("anagrafe"))
	}
	save("cie", "first")
	u.sees("Nel frattempo un&#39;altra persona ha cambiato", "ora «in aiuto»")
	if serves("cie") != "help" {
		t.Errorf("what another changed is %q", serves("cie"))
	}
	wanted := maps.Clone(was)
	wanted["cie"] = "first"
	for language, says := range map[string]string{"it": "ora «in aiuto»", "de": "jetzt „zur Hilfe“", "fr": "en aide", "sl": "zdaj »v pomoč«", "en": "now “as help”"} {
		asked, _ := json.Marshal(map[string]any{"desk": "s1", "was": was, "serve": wanted})
		status, _, body := ask(t, request(t, "POST", u.s.url+"/api/v1/manager/profile", string(asked), "Content-Type", jsonMedia, "Accept-Language", language))
		var p problem
		if err := json.Unmarshal([]byte(body), &p); err != nil || status != http.StatusConflict || p.Code != "profile-moved" || !strings.Contains(p.Detail, says) || len(p.Errors) != 1 || p.Errors[0].Location != "body.serve.cie" {
			t.Errorf("in %s a call answers %d %s", language, status, body)
		}
	}
}

// A profile with which people would wait for nobody, or with which a desk would serve
// nothing, is asked about once; the manager's page says where nobody serves who waits.
func TestAProfileThatLeavesPeopleIsAskedAbout(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s13")
	o.issue(t, "cie", queue.Ordinary)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.post("/responsabile/sportelli", "action", "profile", "desk", "s14", "serve-cie", "first") // closed
	u.sees("Profilo cambiato")
	u.get("/responsabile")
	const nobody = "nessuno sportello aperto lo serve"
	if strings.Contains(u.page, nobody) {
		t.Error("a service that an open desk serves is told as left")
	}
	before, _, _ := o.newest().Desk("s13")
	u.post("/responsabile/sportelli", "action", "profile", "desk", "s13", "serve-veloci", "first")
	u.sees("aspetta 1 persona, e nessuno sportello aperto lo servirebbe", "confermi", `name="sure"`)
	if d, _, _ := o.newest().Desk("s13"); howServed(d.Profile, "cie") != howServed(before.Profile, "cie") {
		t.Error("the profile is changed before somebody is sure")
	}
	for language, says := range map[string]string{"it": "aspetta 1 persona", "de": "1 Person wartet", "fr": "1 personne attend", "sl": "čaka 1 oseba", "en": "1 person waits"} {
		status, _, body := ask(t, request(t, "POST", u.s.url+"/api/v1/manager/profile", `{"desk":"s13","serve":{"veloci":"first"}}`, "Content-Type", jsonMedia, "Accept-Language", language))
		var p problem
		if err := json.Unmarshal([]byte(body), &p); err != nil || status != http.StatusConflict || p.Code != "profile-sure" || !strings.Contains(p.Detail, says) {
			t.Errorf("in %s a call answers %d %s", language, status, body)
		}
	}
	u.post("/responsabile/sportelli", "action", "profile", "desk", "s13", "serve-veloci", "first", "sure", "yes")
	u.sees("Profilo cambiato")
	u.get("/responsabile")
	u.sees(nobody)
	u.post("/responsabile/sportelli", "action", "profile", "desk", "s13", "serve-veloci", "")
	u.sees("Sportello 13 non servirebbe più nessun servizio.")
	u.post("/responsabile/sportelli", "action", "profile", "desk", "s13", "sure", "yes")
	u.sees("Profilo cambiato")
}
