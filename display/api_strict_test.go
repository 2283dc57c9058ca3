package display

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"eliminacode/display/access"
)

// What the document does not ask for may be left out, and what it does not know is
// refused, whatever of the names, the letters or the values it is.
func TestCallsTakeWhatTheDocumentSays(t *testing.T) {
	x := newWholeOffice(t)
	for _, c := range []struct {
		path, body, media string
		status            int
		code, parser      string
	}{
		{"/api/v1/reception/issue", `{"service":"anagrafe"}`, jsonMedia, http.StatusCreated, "", ""},
		{"/api/v1/manager/post", `{"text":{"it":"Oggi si chiude alle 12"}}`, jsonMedia, http.StatusOK, "", ""},
		{"/api/v1/desks/s1/open", "", "", http.StatusOK, "", ""},
		{"/api/v1/desks/s2/open", "{}", "application/JSON; charset=UTF-8", http.StatusOK, "", ""},
		{"/api/v1/desks/s2/open", "{}", "application/json; charset=iso-8859-1", http.StatusUnsupportedMediaType, "bad-media", ""},
		{"/api/v1/reception/issue", `{"Service":"anagrafe"}`, jsonMedia, http.StatusUnprocessableEntity, "bad-fields", ""},
		{"/api/v1/reception/issue", `{"service":"anagrafe","outlet":"nope"}`, jsonMedia, http.StatusNotFound, "unknown-outlet", ""},
		{"/api/v1/reception/burst", `{"outlet":"nope","tickets":"1000001"}`, jsonMedia, http.StatusNotFound, "unknown-outlet", ""},
		{"/api/v1/reception/cancel", `{"ticket":"1000001","why":"nope"}`, jsonMedia, http.StatusBadRequest, "bad-body", "nope"},
		{"/api/v1/manager/suspend", `{"why":"nope"}`, jsonMedia, http.StatusBadRequest, "bad-body", "nope"},
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
		if c.parser != "" && (len(p.Errors) != 1 || !strings.Contains(p.Errors[0].Parser, c.parser) || p.Errors[0].Message == "") {
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
