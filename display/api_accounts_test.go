package display

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
)

// A caller is a program that calls the API in a test.
type caller struct {
	t *testing.T
	s running
	// told is every answer so far.
	told strings.Builder
}

// call sends a body, if there is one, and reads the answer into out, if it is not
// nil. It fails unless the answer has the status.
func (c *caller) call(status int, method, path string, in, out any) {
	c.t.Helper()
	body := ""
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			c.t.Fatal(err)
		}
		body = string(b)
	}
	got, _, answer := ask(c.t, request(c.t, method, c.s.url+path, body, "Content-Type", "application/json", "Accept-Language", "it"))
	c.told.WriteString(answer)
	if got != status {
		c.t.Fatalf("%s %s %s: %d %s, want %d", method, path, body, got, answer, status)
	}
	if out != nil {
		if err := json.Unmarshal([]byte(answer), out); err != nil {
			c.t.Fatalf("%s %s: %v: %s", method, path, err, answer)
		}
	}
}

type object = map[string]any

// What the page of people does, a call does too, and no answer holds what somebody
// signs in with.
func TestPeopleByAPI(t *testing.T) {
	s, store := withAccounts(t)
	c := &caller{t: t, s: s}
	var made personAnswer
	c.call(http.StatusCreated, "POST", "/api/v1/people", object{
		"login": "Anna.B", "name": "Anna Bianchi", "roles": []string{"clerk"}, "qualifications": []string{"anagrafe"}, "language": "de",
	}, &made)
	if made.Login != "anna.b" || made.Version != 1 || made.Language != "de" || made.HasPassword {
		t.Errorf("%+v", made)
	}
	path := "/api/v1/people/" + made.ID
	var code codeAnswer
	c.call(http.StatusOK, "POST", path+"/code", nil, &code)
	chosen := "quattro cavalli in blu"
	if _, err := store.UseCode(t.Context(), time.Now(), access.Attempt{Login: "anna.b", Secret: code.Code, How: access.ByPassword}, chosen); err != nil {
		t.Fatalf("the code that was answered: %v", err)
	}
	var got, changed personAnswer
	c.call(http.StatusOK, "GET", path, nil, &got)
	if !got.HasPassword || got.HasPIN {
		t.Errorf("%+v", got)
	}
	c.call(http.StatusOK, "POST", path+"/change", object{
		"version": got.Version, "login": "anna.b", "name": "Anna Verdi", "roles": []string{"manager"},
	}, &changed)
	if got = changed; got.Name != "Anna Verdi" || !slices.Equal(got.Roles, []access.Role{access.Manager}) || got.Language != "" || !got.HasPassword {
		t.Errorf("%+v", got)
	}
	old := object{"version": got.Version}
	c.call(http.StatusOK, "POST", path+"/disable", old, &got)
	if !got.Disabled {
		t.Error("the person is not switched off")
	}
	for _, act := range []string{"enable", "remove"} {
		var p problem
		c.call(http.StatusConflict, "POST", path+"/"+act, old, &p)
		if p.Code != "entry-changed" {
			t.Errorf("%s by an old version: %+v", act, p)
		}
	}
	var p problem
	c.call(http.StatusConflict, "POST", path+"/code", nil, &p)
	if p.Code != "account-disabled" {
		t.Errorf("a code for who is switched off: %+v", p)
	}
	c.call(http.StatusOK, "POST", path+"/enable", object{"version": got.Version}, &got)
	c.call(http.StatusNoContent, "POST", path+"/remove", object{"version": got.Version}, nil)
	c.call(http.StatusNotFound, "GET", path, nil, &p)
	if p.Code != "entry-gone" {
		t.Errorf("%+v", p)
	}
	var list peopleList
	c.call(http.StatusOK, "GET", "/api/v1/people", nil, &list)
	if len(list.People) != 0 {
		t.Errorf("%+v", list)
	}
	for _, secret := range []string{chosen, "argon2", `"hash"`, `"password"`, `"pin"`} {
		if strings.Contains(c.told.String(), secret) {
			t.Errorf("an answer holds %q", secret)
		}
	}
}

// Every field that holds what it cannot is told, in the caller's words.
func TestFaultsOfAPersonAreToldToPrograms(t *testing.T) {
	s, store := withAccounts(t)
	c := &caller{t: t, s: s}
	var p problem
	c.call(http.StatusUnprocessableEntity, "POST", "/api/v1/people", object{"login": "!", "name": "", "roles": []string{"king"}}, &p)
	var places []string
	for _, e := range p.Errors {
		places = append(places, e.Location)
		if e.Message == "" || strings.Contains(e.Message, "accounts.") {
			t.Errorf("%+v", e)
		}
	}
	if want := []string{"body.login", "body.name", "body.roles"}; !slices.Equal(places, want) || p.Code != "bad-fields" {
		t.Errorf("%+v, want %v", p, want)
	}
	if len(store.Members()) != 0 {
		t.Error("somebody was made")
	}
}

func TestScreensByAPI(t *testing.T) {
	s, store := withAccounts(t)
	c := &caller{t: t, s: s}
	shown, err := store.BeginPairing(time.Now(), "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	var p problem
	c.call(http.StatusUnprocessableEntity, "POST", "/api/v1/screens", object{"code": "ACDEFG", "name": "Atrio", "role": "board"}, &p)
	if p.Code != "bad-fields" || p.Errors[0].Location != "body.code" {
		t.Errorf("%+v", p)
	}
	var screen access.Paired
	c.call(http.StatusCreated, "POST", "/api/v1/screens", object{"code": access.SpellCode(shown.Code), "name": "Atrio", "role": "totem", "place": "totem"}, &screen)
	if v, err := store.Visitor(time.Now(), access.Shown{Screen: shown.Secret}); err != nil || !v.May(access.Totem) || v.Outlet != "totem" {
		t.Errorf("%+v %v", v, err)
	}
	path := "/api/v1/screens/" + screen.ID
	c.call(http.StatusOK, "POST", path+"/change", object{"version": screen.Version, "name": "Ingresso", "role": "board"}, nil)
	c.call(http.StatusConflict, "POST", path+"/change", object{"version": screen.Version, "name": "Scala", "role": "board"}, nil)
	var list screenList
	c.call(http.StatusOK, "GET", "/api/v1/screens", nil, &list)
	if len(list.Screens) != 1 || list.Screens[0].Name != "Ingresso" || list.Screens[0].Seen == nil {
		t.Errorf("%+v", list)
	}
	c.call(http.StatusNoContent, "POST", path+"/revoke", nil, nil)
	c.call(http.StatusNoContent, "POST", path+"/revoke", nil, nil) // it is done already
	c.call(http.StatusNotFound, "POST", "/api/v1/screens/never/revoke", nil, nil)
	if v, _ := store.Visitor(time.Now(), access.Shown{Screen: shown.Secret}); v.Kind != access.Nobody {
		t.Errorf("the screen is still let in: %+v", v)
	}
	if strings.Contains(c.told.String(), shown.Secret) {
		t.Error("an answer holds what the screen keeps as a cookie")
	}
}

func TestTokensByAPI(t *testing.T) {
	s, store := withAccounts(t)
	c := &caller{t: t, s: s}
	want := object{"name": "sito", "role": "reception", "scopes": []string{"reception"}, "days": 30}
	var made madeToken
	c.call(http.StatusCreated, "POST", "/api/v1/tokens", want, &made)
	v, err := store.Visitor(time.Now(), access.Shown{Bearer: made.Text})
	if err != nil || !v.May(access.Reception) || !v.InScope("reception") || v.InScope("desks") || made.PerMinute != access.StandardPerMinute {
		t.Errorf("%+v %v %+v", v, err, made)
	}
	if life := time.Until(made.Expires); life < 29*24*time.Hour || life > 31*24*time.Hour {
		t.Errorf("it is good for %v", life)
	}
	c.call(http.StatusUnprocessableEntity, "POST", "/api/v1/tokens", want, nil) // the name is taken
	c.call(http.StatusUnprocessableEntity, "POST", "/api/v1/tokens", object{"name": "x", "role": "administrator", "days": 30}, nil)
	c.told.Reset()
	var list tokenList
	c.call(http.StatusOK, "GET", "/api/v1/tokens", nil, &list)
	if len(list.Tokens) != 1 || list.Tokens[0].Used == nil || strings.Contains(c.told.String(), made.Text) {
		t.Errorf("%s", c.told.String())
	}
	c.call(http.StatusNoContent, "POST", "/api/v1/tokens/"+made.ID+"/revoke", nil, nil)
	if _, err := store.Visitor(time.Now(), access.Shown{Bearer: made.Text}); err == nil {
		t.Error("the token still opens")
	}
}

// The audit list is read part by part, newest first, and goes out whole.
func TestActsByAPI(t *testing.T) {
	s, store := withAccounts(t)
	c := &caller{t: t, s: s}
	const all = 25
	for i := range all {
		if err := store.Note(time.Now(), access.By{Name: "Ada"}, "later.act", "", nil, object{"n": i}); err != nil {
			t.Fatal(err)
		}
	}
	next, read := uint64(0), []uint64{}
	for range all {
		var part actList
		c.call(http.StatusOK, "GET", fmt.Sprintf("/api/v1/acts?most=10&before=%d", next), nil, &part)
		for _, e := range part.Acts {
			read = append(read, e.Seq)
		}
		if next = part.Next; next == 0 {
			break
		}
	}
	if len(read) != all || read[0] != all || read[all-1] != 1 || !slices.IsSortedFunc(read, func(a, b uint64) int { return int(b) - int(a) }) {
		t.Errorf("read %v", read)
	}
	var whole []access.Entry
	c.call(http.StatusOK, "GET", "/api/v1/acts.json", nil, &whole)
	if len(whole) != all {
		t.Errorf("%d acts in the file", len(whole))
	}
	if _, h, csv := ask(t, request(t, "GET", s.url+"/api/v1/acts.csv", "")); strings.Count(csv, "\n") != all+1 || !strings.HasPrefix(h.Get("Content-Type"), "text/csv") {
		t.Errorf("%v %s", h, csv)
	}
	c.call(http.StatusUnprocessableEntity, "GET", "/api/v1/acts?most=100000", nil, nil)
}

// What is told to which program is an act: made, changed, told again, deleted, on
// the page as by a call. The secret stands in none of them.
func TestAChangeOfAWebhookIsAnAct(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	store := testAccounts(t)
	cfg.Hooks, cfg.Administration = o.hooks(), store
	c := &caller{t: t, s: serve(t, cfg, "")}
	var made struct{ ID, Secret string }
	hook := object{"name": "Protocollo", "url": "https://protocollo.example/eventi", "kinds": []string{"ticket.issued"}}
	c.call(http.StatusCreated, "POST", "/api/v1/webhooks", hook, &made)
	path := "/api/v1/webhooks/" + made.ID
	hook["name"] = "Protocollo nuovo"
	c.call(http.StatusOK, "POST", path+"/change", hook, nil)
	c.call(http.StatusNoContent, "POST", path+"/replay", object{"from": 1}, nil)
	u := surfer{t: t, s: c.s}
	u.post("/webhook", "action", "off", "id", made.ID)
	c.call(http.StatusNotFound, "POST", "/api/v1/webhooks/none/change", hook, nil)
	c.call(http.StatusNoContent, "POST", path+"/delete", nil, nil)
	var got []string
	for e, err := range store.Audit() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.What)
		if text := string(e.Before) + string(e.After); strings.Contains(text, made.Secret) || !strings.Contains(text, "Protocollo") {
			t.Errorf("%s: %s", e.What, text)
		}
	}
	if want := []string{"hook.delete", "hook.change", "hook.replay", "hook.change", "hook.make"}; !slices.Equal(got, want) {
		t.Errorf("the acts are %v, want %v", got, want)
	}
	u.get("/atti")
	u.sees("Avviso a un programma creato", "Avviso a un programma eliminato", "Eventi mandati di nuovo", "dall&#39;evento", "Protocollo → Protocollo nuovo")
	if strings.Contains(u.page, "acts.") {
		t.Error("an id stands in the place of a text")
	}
}
