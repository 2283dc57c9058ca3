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

// A page is in the language that its address asks for, else of the person, else
// of the choice at this browser, else of the office; never in what the browser
// says of itself.
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
		{"/?lingua=sl", "de", "fr", "sl"},
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

// A program, and a person who has chosen none, is answered by a call in the first
// language that it accepts and that there is.
func TestAProgramSaysItsLanguage(t *testing.T) {
	o := newTestOffice(t)
	s, err := New(o.config())
	if err != nil {
		t.Fatal(err)
	}
	type told struct{ program, person string } // what to do
	italian := told{"corregga ciò che dice errors", "ricarichi"}
	for header, wants := range map[string]told{
		"": italian, "sl-SI, de;q=0.5": {"popravite, kar navaja errors", "znova naložite"}, "rm, fr-CH;q=0.7": {"corrigez ce que dit errors", "rechargez"},
		"de;q=x": italian, strings.Repeat("de,", 100): italian,
	} {
		for _, v := range []access.Visitor{{Kind: access.Program, Roles: everyRole}, {Kind: access.Person, ID: "p", Roles: everyRole}} {
			want := wants.program
			if v.Kind == access.Person {
				want = wants.person
			}
			r := request(t, "POST", "http://localhost/api/v1/reception/issue", "no JSON", "Content-Type", "application/json", "Accept-Language", header)
			rec := httptest.NewRecorder()
			s.mux(false).ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), visitorKey{}, v)))
			if body := rec.Body.String(); rec.Code != http.StatusBadRequest || !strings.Contains(body, want) {
				t.Errorf("%q of a %s is answered %d %s, want %q", header, v.Kind, rec.Code, body, want)
			}
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

// Who has signed in takes the choice along to every computer, and leaves none
// behind for who comes next.
func TestALanguageStaysWithThePerson(t *testing.T) {
	cfg := closed(t, newTestOffice(t))
	firstAdministrator(t, cfg.Access)
	member(t, cfg.Access, "b.verdi", "927461", access.Clerk)
	s := serve(t, cfg, "")
	signIn := func(p person) (body string) {
		_, _, body = p.post(t, "/accesso", "come", "pin", "sportello", "s3", "nome", "b.verdi", "segreto", "927461")
		return body
	}
	first, second := newPerson(t, s), newPerson(t, s)
	if !strings.Contains(signIn(first), `<html lang="it"`) {
		t.Fatal("the page is not in the language of the office")
	}
	first.post(t, "/lingua", "lingua", "sl")
	if !strings.Contains(signIn(second), `<html lang="sl"`) {
		t.Error("at another computer the page is not in the person's language")
	}
	first.post(t, "/uscita")
	if _, _, body := first.get(t, "/accesso"); !strings.Contains(body, `<html lang="it"`) {
		t.Error("who comes next finds the language of who was there before")
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
