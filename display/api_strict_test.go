package display

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// What the document does not ask for may be left out, and what it does not know is
// refused, whatever of the names, the letters or the values it is.
func TestCallsTakeWhatTheDocumentSays(t *testing.T) {
	x := newWholeOffice(t)
	for _, c := range []struct {
		path, body, media string
		status            int
		code, at          string
	}{
		{"/api/v1/reception/issue", `{"service":"anagrafe"}`, jsonMedia, http.StatusCreated, "", ""},
		{"/api/v1/manager/post", `{"text":{"it":"Oggi si chiude alle 12"}}`, jsonMedia, http.StatusOK, "", ""},
		{"/api/v1/desks/s1/open", "", "", http.StatusOK, "", ""},
		{"/api/v1/desks/s2/open", "{}", "application/JSON; charset=UTF-8", http.StatusOK, "", ""},
		{"/api/v1/desks/s2/open", "{}", "application/json; charset=iso-8859-1", http.StatusUnsupportedMediaType, "bad-media", ""},
		{"/api/v1/reception/issue", `{"Service":"anagrafe"}`, jsonMedia, http.StatusUnprocessableEntity, "bad-fields", ""},
		{"/api/v1/reception/issue", `{"service":"anagrafe","outlet":"nope"}`, jsonMedia, http.StatusNotFound, "unknown-outlet", ""},
		{"/api/v1/reception/burst", `{"outlet":"nope","tickets":"1000001"}`, jsonMedia, http.StatusNotFound, "unknown-outlet", ""},
		{"/api/v1/reception/cancel", `{"ticket":"1000001","why":"nope"}`, jsonMedia, http.StatusUnprocessableEntity, "bad-fields", "body.why"},
		{"/api/v1/desks/s1/pause", `{"why":"Rossi"}`, jsonMedia, http.StatusUnprocessableEntity, "bad-fields", "body.why"},
		{"/api/v1/manager/suspend", `{"why":"nope"}`, jsonMedia, http.StatusUnprocessableEntity, "bad-fields", "body.why"},
		{"/api/v1/people", `{"login":"xi","name":"Xi","roles":["clerk"],"language":"xx"}`, jsonMedia, http.StatusUnprocessableEntity, "bad-fields", ""},
		{"/api/v1/people", `{"login":"xi","name":"Xi","roles":["clerk"],"qualifications":["nope"]}`, jsonMedia, http.StatusUnprocessableEntity, "bad-fields", ""},
		{"/api/v1/people", `{"login":"xi","name":"\u200b","roles":["clerk"]}`, jsonMedia, http.StatusUnprocessableEntity, "bad-fields", ""},
		{"/api/v1/people", `{"login":"xi","name":"\u202eixelA","roles":["clerk"]}`, jsonMedia, http.StatusUnprocessableEntity, "bad-fields", ""},
	} {
		var headers []string
		if c.media != "" {
			headers = []string{"Content-Type", c.media}
		}
		rec := x.send(http.MethodPost, c.path, strings.NewReader(c.body), headers...)
		var p problem
		_ = json.Unmarshal(rec.Body.Bytes(), &p)
		if rec.Code != c.status || c.status >= 400 && p.Code != c.code {
			t.Errorf("%s %s (%s): %d %s", c.path, c.body, c.media, rec.Code, rec.Body)
		}
		if c.at != "" && (len(p.Errors) != 1 || p.Errors[0].Location != c.at || p.Errors[0].Message == "") {
			t.Errorf("%s %s does not say which value: %+v", c.path, c.body, p.Errors)
		}
	}
}

// The profile of a desk stays on record: who alone may serve just these services is
// told so, and the audit list does not say which they are.
func TestQualificationsTellNobody(t *testing.T) {
	m := func(q ...string) access.Member { return access.Member{Qualifications: q} }
	all := []access.Member{m("a", "b"), m("b", "a"), m("a"), m()}
	for _, c := range []struct {
		of   access.Member
		more []access.Member
		few  bool
	}{{m("a", "b"), nil, true}, {m("b", "a"), []access.Member{m("a", "b")}, false}, {m(), nil, false}} {
		if got := few(c.of, append(all, c.more...)); got != c.few {
			t.Errorf("%v among %v: %v", c.of.Qualifications, all, got)
		}
	}
	x := newWholeOffice(t)
	rec := x.send(http.MethodPost, "/api/v1/people", strings.NewReader(`{"login":"xi","name":"Xi","roles":["clerk"],"qualifications":["anagrafe"]}`), "Content-Type", jsonMedia)
	if rec.Code != http.StatusCreated {
		t.Fatal(rec.Body)
	}
	for e, err := range x.store.Audit() {
		if text, _ := json.Marshal(e); err != nil || strings.Contains(string(text), "anagrafe") {
			t.Errorf("the audit list says %s (%v)", text, err)
		}
	}
}

// Who changes what a desk serves stands in the audit list, with what it was.
func TestAProfileHasItsAuthor(t *testing.T) {
	x := newWholeOffice(t)
	rec := x.send(http.MethodPost, "/api/v1/manager/profile", strings.NewReader(`{"desk":"s1","serve":{"anagrafe":"first"}}`), "Content-Type", jsonMedia)
	if rec.Code != http.StatusOK {
		t.Fatal(rec.Body)
	}
	for e, err := range x.store.Audit() {
		text, _ := json.Marshal(e)
		if by := x.setups.by; len(by) != 1 || by[0].ID != e.Who.ID {
			t.Errorf("the history of the office has it of %+v, the audit list of %+v", by, e.Who)
		}
		if err != nil || e.What != "desk.profile" || !strings.Contains(string(e.Before), "cie") == strings.Contains(string(e.After), "cie") || !strings.Contains(string(e.After), "anagrafe") {
			t.Errorf("the audit list says %s (%v)", text, err)
		}
		return
	}
	t.Error("nothing stands in the audit list")
}

// A series does not go on from a number that is reserved or in somebody's hand, and
// gives numbers of today again to who confirms it alone.
func TestASeriesGoesOnAfterWhatIsReserved(t *testing.T) {
	x := newWholeOffice(t)
	reserved := x.o.newest().Blocks()[0]
	given := x.o.issue(t, "anagrafe", queue.Ordinary)
	held := x.o.newest().Ticket(given).Number
	last := x.o.issue(t, "anagrafe", queue.Ordinary)
	gone := x.o.newest().Ticket(last)
	x.o.must(t, queue.CancelTicket{By: queue.Cause{Kind: queue.ByReception}, Ticket: gone.ID, Why: "citizen"})
	for _, c := range []struct {
		body   string
		status int
		says   string
	}{
		{fmt.Sprintf(`{"series":"A","from":"%d"}`, reserved.Runs[0].First), http.StatusConflict, `"number-in-hand"`},
		{fmt.Sprintf(`{"series":"A","from":"%d","again":"yes"}`, held.Value), http.StatusConflict, `"number-in-hand"`},
		{fmt.Sprintf(`{"series":"A","from":"%d"}`, gone.Number.Value), http.StatusConflict, `"given-today"`},
		{fmt.Sprintf(`{"series":"A","from":"%d"}`, gone.Number.Value), http.StatusConflict, gone.Number.Text + "."},
		{fmt.Sprintf(`{"series":"A","from":"%d","again":"sì"}`, gone.Number.Value), http.StatusUnprocessableEntity, `"body.again"`},
		{fmt.Sprintf(`{"series":"A","from":"%d","again":"yes"}`, gone.Number.Value), http.StatusOK, `"restarted"`},
	} {
		rec := x.send(http.MethodPost, "/api/v1/manager/restart", strings.NewReader(c.body), "Content-Type", jsonMedia)
		if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.says) {
			t.Errorf("%s: %d %s", c.body, rec.Code, rec.Body)
		}
	}
	for _, c := range []struct {
		from int
		code string
		says string // before the number
	}{
		{900, "restarted", "La serie continua dal numero indicato: il prossimo biglietto è "},
	} {
		rec := x.send(http.MethodPost, "/api/v1/manager/restart", strings.NewReader(fmt.Sprintf(`{"series":"A","from":"%d"}`, c.from)), "Content-Type", jsonMedia)
		var a answer
		next, _ := x.o.newest().NextNumber("A", x.o.Now())
		if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil || rec.Code/100 != 2 || a.Code != c.code || a.Next != next.Text || !strings.Contains(a.Say, c.says+next.Text) {
			t.Errorf("from %d: %d %s, and the next is %s", c.from, rec.Code, rec.Body, next.Text)
		}
		// A page without script is told the same at its address.
		rec = x.send(http.MethodGet, "/responsabile?esito="+c.code+"&serie=A", nil)
		if !strings.Contains(rec.Body.String(), c.says+next.Text) {
			t.Errorf("from %d the page does not say %s", c.from, next.Text)
		}
	}
}

// The effect of a draft says what of the box does not fit it.
func TestTheEffectKnowsTheBox(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Setups, cfg.Administration = newTestSetups(o), testAccounts(t)
	cfg.Misfits = func(setup queue.Setup, _ *words.Tongue) []view.Found {
		return []view.Found{{Found: "l'uscita " + string(setup.Outlets[0].ID) + " non ha stampante", Do: "ne colleghi una"}}
	}
	c := &caller{t: t, s: serve(t, cfg, "")}
	d := c.draft()
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/set", object{"mark": d.Mark, "values": object{"office.note": "x"}}, &d)
	var effect setupEffect
	c.call(http.StatusOK, "GET", "/api/v1/office/draft/effect", nil, &effect)
	_, _, page := ask(t, request(t, "GET", c.s.url+"/impostazioni/effetto", ""))
	if len(effect.Misfits) != 1 || !strings.Contains(page, "non ha stampante") || !strings.Contains(page, "ne colleghi una") {
		t.Errorf("%+v %.2000s", effect.Misfits, page)
	}
}
