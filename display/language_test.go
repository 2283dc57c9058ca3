package display

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// A page is in the language of the person, else of the address, else of the
// choice at this browser, else of the office; never in what the browser says of
// itself.
func TestAPageFollowsThePerson(t *testing.T) {
	o := newTestOffice(t)
	s, err := New(o.config())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, cookie string
		person       queue.Language
		want         string
	}{
		{"/", "", "", "it"},
		{"/", "de", "", "de"},
		{"/", "xx", "", "it"},
		{"/?lingua=sl", "de", "", "sl"},
		{"/?lingua=<script>", "de", "", "de"},
		{"/", "de", "fr", "fr"},
		{"/no-such-page", "en", "", "en"},
	} {
		r := request(t, "GET", "http://localhost"+c.path, "", "Accept-Language", "en", "Cookie", languageCookie+"="+c.cookie)
		v := access.Visitor{Kind: access.Person, Roles: everyRole, Language: c.person}
		rec := httptest.NewRecorder()
		s.mux(false).ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), visitorKey{}, v)))
		if body := rec.Body.String(); !strings.Contains(body, `<html lang="`+c.want+`"`) {
			t.Errorf("%s with %q for %q is not in %s: %.80s", c.path, c.cookie, c.person, c.want, body)
		}
	}
}

// A program is answered in the first language that it accepts and that there is.
func TestAProgramSaysItsLanguage(t *testing.T) {
	o := newTestOffice(t)
	s, err := New(o.config())
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"": "ricarichi", "sl-SI, de;q=0.5": "znova naložite", "rm, fr-CH;q=0.7": "rechargez", "de;q=x": "ricarichi", strings.Repeat("de,", 100): "ricarichi",
	} {
		r := request(t, "POST", "http://localhost/api/v1/reception/issue", "no JSON", "Content-Type", "application/json", "Accept-Language", header)
		v := access.Visitor{Kind: access.Program, Roles: everyRole}
		rec := httptest.NewRecorder()
		s.mux(false).ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), visitorKey{}, v)))
		if body := rec.Body.String(); rec.Code != http.StatusBadRequest || !strings.Contains(body, want) {
			t.Errorf("%q is answered %d %s, want %q", header, rec.Code, body, want)
		}
	}
}

// What hangs in the hall speaks the office's language, whatever somebody chose.
func TestTheHallIsInTheOfficesLanguage(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	for _, path := range []string{"/tabellone", "/totem", "/api/v1/state/board", "/api/v1/state/totem?outlet=totem"} {
		_, _, body := ask(t, request(t, "GET", s.url+path, "", "Cookie", languageCookie+"=de"))
		if strings.Contains(body, `lang="de"`) || strings.Contains(body, "November") {
			t.Errorf("%s is in German", path)
		}
	}
}

// The choice is kept, and the page where it was made is shown again with its
// question.
func TestChoosingALanguageKeepsThePage(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	choose := func(language, from string) (int, http.Header) {
		status, header, _ := ask(t, request(t, "POST", s.url+"/lingua", "lingua="+language,
			"Content-Type", "application/x-www-form-urlencoded", "Referer", from))
		return status, header
	}
	status, header := choose("de", s.url+"/accoglienza?q=A001&esito=issued&lingua=sl")
	if to := header.Get("Location"); status != http.StatusSeeOther || to != "/accoglienza?q=A001" {
		t.Fatalf("answers %d to %q", status, to)
	}
	cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
	_, _, body := ask(t, request(t, "GET", s.url+"/", "", "Cookie", cookie))
	if !strings.Contains(body, "Zum Inhalt") || !strings.Contains(body, `value="de" lang="de" aria-pressed="true"`) {
		t.Error("the page is not in German, or does not show that it is")
	}
	for from, want := range map[string]string{"": "/", "https://other.example//evil.example": "/", s.url + "/cruscotto/s1": "/cruscotto/s1"} {
		if _, header := choose("fr", from); header.Get("Location") != want {
			t.Errorf("from %q it goes to %q, want %q", from, header.Get("Location"), want)
		}
	}
	if status, _ := choose("xx", ""); status != http.StatusBadRequest {
		t.Errorf("a language that there is not answers %d", status)
	}
}

// What the hub sends is in the language of the page that it is for.
func TestAFragmentIsInTheLanguageOfItsPage(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	_, _, body := ask(t, request(t, "GET", s.url+"/responsabile", "", "Cookie", languageCookie+"=sl"))
	if !strings.Contains(body, `data-topic="/ws?as=html&amp;lingua=sl&amp;page=manager"`) {
		t.Error("the page does not ask for its own language")
	}
	italian, slovene := watch(t, s, "page=desks&as=html"), watch(t, s, "page=desks&as=html&lingua=sl")
	for _, c := range []struct {
		watcher
		want string
	}{{italian, "chiuso"}, {slovene, "zaprto"}} {
		if e := c.read(); !strings.Contains(e.HTML, c.want) {
			t.Errorf("no %q in %s", c.want, e.HTML)
		}
	}
}
