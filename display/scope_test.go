package display

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/access/private"
	"eliminacode/queue/words"
)

// A token that is narrowed opens only the parts that it names.
func TestATokenIsBoundedByItsScopes(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	s := serve(t, cfg, "")
	store := cfg.Access.(*private.Store)
	_, text, err := store.MakeToken(time.Now(), access.By{Name: "Anna"}, access.Token{
		Name: "x", Role: access.Manager, Scopes: []string{"state"}, Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		path   string
		status int
		says   string
	}{
		{"/api/v1/state/manager", http.StatusOK, ""},
		{"/responsabile", http.StatusForbidden, "ambito"},
		{"/api/v1/state/reception", http.StatusForbidden, "altro ruolo"},
	} {
		status, _, body := ask(t, request(t, "GET", s.url+want.path, "", "Authorization", "Bearer "+text))
		if status != want.status || !strings.Contains(body, want.says) {
			t.Errorf("%s: %d %s", want.path, status, body)
		}
	}
}

// A token that has used up its requests is told how long to wait. It has one a
// minute, so that even a slow machine asks too soon.
func TestATokenIsBoundedByItsRate(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	s := serve(t, cfg, "")
	_, text, err := cfg.Access.(*private.Store).MakeToken(time.Now(), access.By{Name: "Anna"}, access.Token{
		Name: "x", Role: access.Manager, Expires: time.Now().Add(time.Hour), PerMinute: 1})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		status, h, body := ask(t, request(t, "GET", s.url+"/api/v1/state/manager", "", "Authorization", "Bearer "+text))
		if h.Get("RateLimit-Policy") != `"minute";q=1;w=60` || !strings.HasPrefix(h.Get("RateLimit"), `"minute";r=0;t=`) {
			t.Errorf("%d tells of the quota %q and %q", status, h.Get("RateLimit-Policy"), h.Get("RateLimit"))
		}
		if status == http.StatusOK {
			continue
		}
		wait, err := strconv.Atoi(h.Get("Retry-After"))
		if status != http.StatusTooManyRequests || err != nil || wait < 1 || wait > 60 || !strings.Contains(body, "token-busy") {
			t.Errorf("%d, wait %q: %s", status, h.Get("Retry-After"), body)
		}
		return
	}
	t.Error("20 requests were answered")
}

// A good answer tells a program what its token has left, and nobody else of any
// quota.
func TestAProgramIsToldWhatItHasLeft(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	s := serve(t, cfg, "")
	_, text, err := cfg.Access.(*private.Store).MakeToken(time.Now(), access.By{Name: "Anna"}, access.Token{
		Name: "x", Role: access.Manager, Expires: time.Now().Add(time.Hour), PerMinute: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/v1/state/manager", "/api/v1/office", "/api/v1/office/draft.toml"} {
		status, h, _ := ask(t, request(t, "GET", s.url+path, "", "Authorization", "Bearer "+text))
		var left, whole int
		_, err := fmt.Sscanf(h.Get("RateLimit"), `"minute";r=%d;t=%d`, &left, &whole)
		if status != http.StatusOK || err != nil || left < 990 || left > 999 || whole != 1 || h.Get("RateLimit-Policy") != `"minute";q=1000;w=60` {
			t.Errorf("%s: %d %q %q", path, status, h.Get("RateLimit-Policy"), h.Get("RateLimit"))
		}
	}
	if _, h, _ := ask(t, request(t, "GET", s.url+"/attese", "")); h.Get("RateLimit") != "" {
		t.Errorf("who has no token is told %q", h.Get("RateLimit"))
	}
}

// Whoever is refused for asking too much is told for how long to wait.
func TestTooManyTicketsSayWhenToTryAgain(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	for i := range 400 {
		status, h, body := post(t, s, "/api/v1/reception/issue", fmt.Sprint("one-", i), `{"service":"anagrafe","outlet":"accoglienza"}`)
		if status == http.StatusTooManyRequests {
			if h.Get("Retry-After") != "60" || !strings.Contains(body, `"code":"many-tickets"`) {
				t.Errorf("%v %s", h, body)
			}
			return
		}
	}
	t.Error("400 tickets were given to one address")
}

func TestScopeOfAnAddress(t *testing.T) {
	for path, want := range map[string]string{
		"/api/v1/reception/issue": "reception", "/api/v1/events": "events", "/api/v1/acts.csv": "acts", "/api/v1/": "", "/ws": "state", "/responsabile": "pages", "/api/v1": "pages",
	} {
		if got := scopeOf(path); got != want {
			t.Errorf("%s is of %q, want %q", path, got, want)
		}
	}
}

// The scopes of tokens are the parts of the API that a program may use, all of them
// and no other.
func TestThereIsAScopeForEachPartThatProgramsMayUse(t *testing.T) {
	parts := map[string]bool{}
	for _, one := range newWholeOffice(t).routes() {
		if one.who.topic || one.who.allows(access.Visitor{Kind: access.Program, Roles: access.ProgramRoles()}) && one.who.roles != nil {
			_, path, _ := strings.Cut(one.pattern, " ")
			parts[scopeOf(path)] = true
		}
	}
	if got := slices.Sorted(maps.Keys(parts)); !slices.Equal(got, access.Scopes()) {
		t.Errorf("there are scopes for %q, and programs may use %q", access.Scopes(), got)
	}
}

// A scope that there is not opens nothing: it is refused, and those that there are
// stand in the answer, on the page and to a program in its language.
func TestAScopeThatThereIsNotIsRefused(t *testing.T) {
	x := newWholeOffice(t)
	all := strings.Join(access.Scopes(), ", ")
	rec := x.send("POST", "/api/v1/tokens?lingua=de", strings.NewReader(`{"name":"sito","role":"reception","scopes":["reception","tickets"],"days":1}`),
		"Content-Type", "application/json")
	p, err := refusalIn(rec)
	if err != nil || p.Status != http.StatusUnprocessableEntity || len(p.Errors) != 1 || p.Errors[0].Location != "body.scopes" ||
		!strings.Contains(p.Errors[0].Message, "Bereiche") || !strings.Contains(p.Errors[0].Message, all) {
		t.Errorf("%v %+v", err, p)
	}
	rec = x.send("POST", "/programmi", strings.NewReader("nome=sito&ruolo=reception&giorni=1&richieste=1&ambiti=tickets"), "Content-Type", "application/x-www-form-urlencoded")
	if rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), all) {
		t.Errorf("%d: the page does not tell the scopes", rec.Code)
	}
	if n := len(x.store.Tokens()); n != 0 {
		t.Errorf("%d tokens were made", n)
	}
}

// People read on their pages what a scope is, and tick it; its code stands beside it
// for who reads the page of the API.
func TestEveryScopeHasWords(t *testing.T) {
	for _, language := range words.StaffLanguages() {
		tongue, seen := words.In(language), map[string]string{}
		for _, scope := range access.Scopes() {
			said := tongue.Scope(scope)
			if !tongue.Knows("scope."+scope) || seen[said] != "" {
				t.Errorf("%s: the scope %s is said %q, as %q", language, scope, said, seen[said])
			}
			seen[said] = scope
		}
	}
	x := newWholeOffice(t)
	form := "nome=sito&ruolo=reception&giorni=1&richieste=1&ambiti=reception&ambiti=reports"
	if rec := x.send("POST", "/programmi", strings.NewReader(form), "Content-Type", "application/x-www-form-urlencoded"); rec.Code != http.StatusOK {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	if made := x.store.Tokens(); len(made) != 1 || !slices.Equal(made[0].Scopes, []string{"reception", "reports"}) {
		t.Errorf("made %+v", made)
	}
	for _, path := range []string{"/programmi", "/atti"} {
		if page := x.send("GET", path, nil).Body.String(); !strings.Contains(page, "accoglienza, tempi di attesa") {
			t.Errorf("%s does not say the scopes in words", path)
		}
	}
}
