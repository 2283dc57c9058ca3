package display

import (
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/access/private"
	"eliminacode/queue/words"
)

// Somebody who is in chooses another password, and must show the one of now.
func TestSomebodyChoosesAnotherPassword(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	s := serve(t, cfg, "")
	login := firstAdministrator(t, cfg.Access)
	p := newPerson(t, s)
	p.post(t, "/accesso", "nome", login, "segreto", goodPassword, "come", "password")
	fresh := "un altro cavallo rosso"
	for _, try := range []struct {
		now, fresh, says string
	}{
		{"not the one of now", fresh, words.In("it").Say("refusal.wrong-secret")},
		{goodPassword, "password2026", words.In("it").Say("refusal.password-common")},
		{goodPassword, "corto", words.In("it").Say("refusal.password-short")},
		{goodPassword, fresh, words.In("it").Say("done.secret-changed")},
	} {
		_, at, body := p.post(t, "/mio-accesso", "come", "password", "segreto", try.now, "nuovo-come", "password", "nuovo", try.fresh)
		if !strings.HasPrefix(at, "/mio-accesso") || !strings.Contains(html.UnescapeString(body), try.says) || strings.Contains(at+body, "cavallo") || strings.Contains(body, try.now) {
			t.Errorf("%+v leads to %s: %s", try, at, body)
		}
	}
	for secret, want := range map[string]bool{goodPassword: false, fresh: true} {
		_, err := cfg.Access.Login(t.Context(), time.Now(), access.Attempt{Address: "192.0.2.9", Login: login, Secret: secret, How: access.ByPassword})
		if (err == nil) != want {
			t.Errorf("%q opens: %v", secret, err)
		}
	}
}

// Each refusal of who signs in or chooses a secret is told at its field: the first one has
// the focus, what was typed stays, and no secret is in the page.
func TestARefusalOfASecretIsToldAtItsField(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	s := serve(t, cfg, "")
	newcomer := newPerson(t, s)
	tried := func(p person, path string, status int, field, says string, pairs ...string) {
		t.Helper()
		got, at, body := p.post(t, path, pairs...)
		m := readMarkup(body)
		var marked []string
		sentence := ""
		for _, c := range m.pieces {
			if c.attr("aria-invalid") == "true" {
				marked = append(marked, c.attr("name"))
				if !c.has("autofocus") || c.attr("value") != "" && c.attr("type") == "password" {
					t.Errorf("%s %s: the field has no focus, or the secret: %v", path, field, c.Token)
				}
				for _, p := range m.pieces {
					if id := p.attr("id"); id != "" && slices.Contains(strings.Fields(c.attr("aria-describedby")), id) {
						sentence += m.said(p)
					}
				}
			}
			for i := 0; i+1 < len(pairs); i += 2 {
				if c.opens("input") && c.attr("name") == pairs[i] && c.attr("type") == "text" && c.attr("value") != pairs[i+1] {
					t.Errorf("%s %s: %s was typed, and %q is there", path, field, pairs[i+1], c.attr("value"))
				}
			}
		}
		if got != status || at != path || !slices.Equal(marked, []string{field}) || !strings.Contains(sentence, says) || strings.Count(body, `class="form-told"`) != 1 {
			t.Errorf("%s %v answers %d at %s, marks %v and says %q", path, pairs, got, at, marked, sentence)
		}
	}
	first := func(field, says string, status int, name, login, secret string) {
		t.Helper()
		code, err := cfg.Access.(*private.Store).PrintCode(t.Context(), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		tried(newcomer, "/primo-accesso", status, field, says, "codice", code.Code, "persona", name, "nome", login, "segreto", secret)
	}
	tried(newcomer, "/primo-accesso", http.StatusForbidden, "codice", "codice", "codice", "ACDE-FGHJ", "persona", "A", "nome", "a.a", "segreto", goodPassword)
	first("segreto", "troppo corta", http.StatusBadRequest, "Anna", "a.rossi", "corto")
	first("nome", "minuscole", http.StatusBadRequest, "Anna", "a rossi!", goodPassword)
	first("persona", "Scriva un nome", http.StatusBadRequest, "   ", "a.rossi", goodPassword)
	firstAdministrator(t, cfg.Access)
	member(t, cfg.Access, "b.verdi", "927461", access.Clerk)
	tried(newcomer, "/codice", http.StatusForbidden, "codice", "", "codice", "ACDE-FGHJ", "nome", "b.verdi", "come", "pin", "segreto", "827364")
	tried(newcomer, "/accesso", http.StatusForbidden, "segreto", "", "come", "password", "nome", "c.neri", "segreto", "qualcosa di lungo")
	tried(newcomer, "/accesso", http.StatusForbidden, "segreto", "", "come", "pin", "sportello", "s3", "nome", "d.neri", "segreto", "927460")
	tried(newcomer, "/accesso", http.StatusNotFound, "sportello", "", "come", "pin", "sportello", "nowhere", "nome", "e.neri", "segreto", "927460")
}
