package display

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
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
		now, fresh, esito string
	}{
		{"not the one of now", fresh, "wrong-secret"},
		{goodPassword, "password2026", "password-common"},
		{goodPassword, "corto", "password-short"},
		{goodPassword, fresh, "secret-changed"},
	} {
		status, at, _ := p.post(t, "/mio-accesso", "come", "password", "segreto", try.now, "nuovo-come", "password", "nuovo", try.fresh)
		if status != http.StatusOK || !strings.Contains(at, "esito="+try.esito) || strings.Contains(at, "cavallo") {
			t.Errorf("%+v leads to %d %s", try, status, at)
		}
	}
	for secret, want := range map[string]bool{goodPassword: false, fresh: true} {
		_, err := cfg.Access.Login(t.Context(), time.Now(), access.Attempt{Address: "192.0.2.9", Login: login, Secret: secret, How: access.ByPassword})
		if (err == nil) != want {
			t.Errorf("%q opens: %v", secret, err)
		}
	}
}
