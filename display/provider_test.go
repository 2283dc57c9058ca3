package display

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/access/private"
)

// A testProvider sends people straight back, as who is named by knows.
type testProvider struct {
	base  string // of the server
	knows string
	away  bool
	ways  atomic.Int64
}

func (p *testProvider) Ready() bool { return !p.away }

func (p *testProvider) Begin(context.Context) (string, access.SignIn, error) {
	if p.away {
		return "", access.SignIn{}, access.ErrAway
	}
	state := fmt.Sprint("way ", p.ways.Add(1))
	return p.base + ReturnPath + "?" + url.Values{"state": {state}, "code": {p.knows}}.Encode(), access.SignIn{State: state, Nonce: "n", Verifier: "v"}, nil
}

func (p *testProvider) Finish(_ context.Context, way access.SignIn, answer url.Values) (string, error) {
	if way.Nonce != "n" || way.Verifier != "v" || answer.Get("state") != way.State {
		return "", access.ErrNotProven
	}
	return answer.Get("code"), nil
}

// Whom the body's own sign-in vouches for comes in when an administrator has tied an
// account to its name; before, the page says that name.
func TestTheBodysSignInLetsInWhomAnAdministratorTied(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	store := cfg.Access.(*private.Store)
	firstAdministrator(t, cfg.Access)
	id := member(t, cfg.Access, "b.verdi", "927461", access.Clerk)
	member(t, cfg.Access, "c.neri", "584213", access.Clerk)
	provider := &testProvider{knows: "S-1-5-21-verdi"}
	cfg.Provider, cfg.ProviderName, cfg.Administration = provider, "Accesso del Comune", store
	s := serve(t, cfg, "")
	provider.base = s.url

	verdi := newPerson(t, s)
	if _, _, body := verdi.get(t, "/accesso"); !strings.Contains(body, `href="/accesso/ente?poi=`) || !strings.Contains(body, "Accesso del Comune") || !strings.Contains(body, `id="password"`) {
		t.Error("the sign-in page does not offer it beside the password")
	}
	status, _, body := verdi.get(t, "/accesso/ente?poi=/cruscotto/s3")
	if status != http.StatusForbidden || !strings.Contains(body, provider.knows) || !strings.Contains(body, "amministratore") {
		t.Errorf("who is tied to no account is answered %d: %s", status, body)
	}
	if status, at, _ := verdi.get(t, "/cruscotto/s3"); !strings.HasPrefix(at, "/accesso") {
		t.Errorf("and is at %s with %d", at, status)
	}

	anna := newPerson(t, s)
	anna.withPassword(t, "a.rossi")
	tie := func(login, subject string) string {
		t.Helper()
		for _, m := range store.Members() {
			if m.Login == login {
				_, _, body := anna.post(t, "/persone/"+m.ID, "versione", fmt.Sprint(m.Version), "persona", m.Name, "nome", login, "ruolo", "clerk", "soggetto", subject, "azione", "save")
				return body
			}
		}
		t.Fatalf("no %s", login)
		return ""
	}
	if body := tie("b.verdi", provider.knows); !strings.Contains(body, "Salvato") {
		t.Errorf("tying is answered %s", body)
	}
	if body := tie("c.neri", provider.knows); !strings.Contains(body, "Questo nome è di un&#39;altra persona") {
		t.Error("two accounts are tied to one person")
	}
	if status, at, _ := verdi.get(t, "/accesso/ente?poi=/cruscotto/s3"); status != http.StatusOK || at != "/cruscotto/s3" {
		t.Errorf("the person ends at %s with %d", at, status)
	}
	if status, _, _ := verdi.get(t, "/responsabile"); status != http.StatusForbidden {
		t.Errorf("the manager's page answers %d to a clerk", status)
	}

	// The way back is one browser's, once.
	r := request(t, "GET", s.url+"/accesso/ente", "")
	_, header, _ := ask(t, r)
	back := header.Get("Location")
	way := header.Get("Set-Cookie")
	way, _, _ = strings.Cut(way, ";")
	for _, c := range []struct {
		who, cookie, address string
	}{
		{"another browser", "", back},
		{"the browser with another answer", way, strings.Replace(back, "way", "yaw", 1)},
		{"the browser after that", way, back},
	} {
		_, header, _ := ask(t, request(t, "GET", c.address, "", "Cookie", c.cookie))
		if to := header.Get("Location"); !strings.Contains(to, "esito=not-proven") {
			t.Errorf("%s is sent to %s", c.who, to)
		}
	}

	m, err := store.Member(id)
	if err != nil {
		t.Fatal(err)
	}
	m.Disabled = true
	if _, err := store.ChangeMember(time.Now(), byAnna, m); err != nil {
		t.Fatal(err)
	}
	if _, at, _ := verdi.get(t, "/accesso/ente?poi=/cruscotto/s3"); !strings.HasPrefix(at, "/accesso?") || !strings.Contains(at, "rifiuto=1") {
		t.Errorf("who is switched off ends at %s", at)
	}

	provider.away = true
	if _, at, body := verdi.get(t, "/accesso/ente"); !strings.HasPrefix(at, "/accesso?") || !strings.Contains(body, "non risponde") || !strings.Contains(body, `id="password"`) {
		t.Errorf("without an answer one is at %s", at)
	}
	if _, _, body := verdi.get(t, "/accesso"); strings.Contains(body, `href="/accesso/ente`) {
		t.Error("the sign-in page offers what does not answer")
	}
}
