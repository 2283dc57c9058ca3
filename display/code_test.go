package display

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/access/private"
)

// Who chooses a PIN or a password with a one-time code is told what the one that was
// chosen needs, finds the choice as it was made, and is led where it opens.
func TestACodeGivesAPINOrAPassword(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	firstAdministrator(t, cfg.Access)
	store := cfg.Access.(*private.Store)
	m, err := store.MakeMember(time.Now(), byAnna, access.Member{Login: "b.verdi", Name: "Bruno Verdi", Roles: []access.Role{access.Clerk}})
	if err != nil {
		t.Fatal(err)
	}
	code, err := store.NewCode(t.Context(), time.Now(), byAnna, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, cfg, "")
	p := newPerson(t, s)
	choose := func(how, secret string) (at, body string) {
		t.Helper()
		_, at, body = p.post(t, "/codice", "codice", code.Code, "nome", "b.verdi", "come", how, "segreto", secret)
		return at, body
	}
	const passwordChosen, pinChosen = `value="password" checked`, `value="pin" checked`
	for _, try := range []struct {
		how, secret, says, checked string
	}{
		{"password", "927461", "Le sole cifre fanno un PIN, che apre soltanto uno sportello: come password scelga almeno 10 caratteri, con delle lettere.", passwordChosen},
		{"password", "gatto", "La password è troppo corta: ne scelga una di almeno 10 caratteri.", passwordChosen},
		{"pin", "92746", "Il PIN è troppo corto: ne scelga uno di almeno 6 cifre.", pinChosen},
		{"pin", "123456", "tasti o lettere in fila", pinChosen}, {"pin", "250480", "Si legge come una data", pinChosen},
	} {
		if at, body := choose(try.how, try.secret); at != "/codice" || !strings.Contains(body, try.says) || strings.Count(body, " checked") != 1 || !strings.Contains(body, try.checked) {
			t.Errorf("the %s %q leads to %s: %s", try.how, try.secret, at, body)
		}
	}
	// A computer that knows no desk asks for it, and for no password.
	at, body := choose("pin", "927461")
	if !strings.HasPrefix(at, "/accesso?") || !strings.Contains(body, `id="sportello"`) || !strings.Contains(body, `value="b.verdi"`) || strings.Contains(body, `id="password"`) ||
		!strings.Contains(body, `href="/accesso?password=1`) {
		t.Fatalf("after a PIN was chosen one is at %s: %s", at, body)
	}
	// A wrong one leads back to the same form, with the desk that was chosen.
	if at, body := p.atDesk(t, "s3", "b.verdi", "927460"); !strings.Contains(body, `name="sportello" value="s3"`) || !strings.Contains(body, `value="b.verdi"`) || strings.Contains(body, `id="password"`) {
		t.Errorf("after a wrong PIN one is at %s: %s", at, body)
	}
	if at, _ := p.atDesk(t, "s3", "b.verdi", "927461"); at != "/cruscotto/s3" {
		t.Errorf("after the PIN one is at %s", at)
	}
	// Who is in finds the choice as it was made too.
	if status, at, body := p.post(t, "/mio-accesso", "come", "pin", "segreto", "927461", "nuovo-come", "pin", "nuovo", "123456"); status != http.StatusBadRequest || strings.Count(body, pinChosen) != 2 {
		t.Errorf("another PIN that is too easy leads to %s: %s", at, body)
	}
}
