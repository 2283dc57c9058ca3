package display

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/access/private"
	"eliminacode/queue"

	"github.com/gorilla/websocket"
)

// clerkToken is what a new program with the role of a clerk shows.
func clerkToken(t *testing.T, cfg Config, name string) string {
	t.Helper()
	_, text, err := cfg.Access.(*private.Store).MakeToken(time.Now(), access.By{Name: "Anna"}, access.Token{
		Name: name, Role: access.Clerk, Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A program is an operator of its own at each desk: it neither acts where a person
// works nor looks on, and a person takes its place politely.
func TestAProgramIsAnOperatorOfItsOwn(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	firstAdministrator(t, cfg.Access)
	member(t, cfg.Access, "b.verdi", "927461", access.Clerk)
	cfg.WriteTimeout = neverRound
	s := serve(t, cfg, "")
	one, other := clerkToken(t, cfg, "one"), clerkToken(t, cfg, "other")
	as := func(token, path string) (int, string) {
		t.Helper()
		method := "POST"
		if strings.HasPrefix(path, "/api/v1/state/") {
			method = "GET"
		}
		status, _, body := ask(t, request(t, method, s.url+path, "{}", "Content-Type", "application/json", "Authorization", "Bearer "+token))
		return status, body
	}
	taken := func(token, path string) {
		t.Helper()
		var p problem
		status, body := as(token, path)
		if err := json.Unmarshal([]byte(body), &p); err != nil || status != http.StatusConflict || p.Code != "desk-taken" || strings.Contains(p.Do, "prenda il posto") {
			t.Errorf("%s answers %d: %s", path, status, body)
		}
	}
	free := func(token, path string) {
		t.Helper()
		if status, body := as(token, path); status != http.StatusOK {
			t.Errorf("%s answers %d: %s", path, status, body)
		}
	}
	desk := func(id queue.DeskID) queue.DeskState { _, now, _ := o.newest().Desk(id); return now }

	verdi := newPerson(t, s)
	verdi.atDesk(t, "s5", "b.verdi", "927461")
	verdi.post(t, "/cruscotto/s5", "action", "open")
	id := o.issue(t, "anagrafe", queue.Ordinary)
	verdi.post(t, "/cruscotto/s5", "action", "next", "finishing", "0")
	for _, action := range []string{"next", "close", "open", "move", "pause", "recall", "finish", "issue"} {
		status, body := as(one, "/api/v1/desks/s5/"+action)
		if action == "issue" || action == "recall" || action == "finish" {
			if status == http.StatusOK || status == http.StatusCreated {
				t.Errorf("%s answers %d: %s", action, status, body)
			}
			continue // the empty body lacks what they take
		}
		taken(one, "/api/v1/desks/s5/"+action)
	}
	taken(one, "/api/v1/state/console?desk=s5")
	if now := desk("s5"); !now.Open || now.Ticket != id || strings.HasPrefix(now.Account, programAccount) {
		t.Errorf("the person's desk is %+v", now)
	}
	dial := func(token, id string) *websocket.Conn {
		conn, resp, err := websocket.DefaultDialer.DialContext(context.Background(), "ws"+strings.TrimPrefix(s.url, "http")+"/ws?page=console&desk="+id,
			http.Header{"Authorization": {"Bearer " + token}})
		if err != nil {
			if resp == nil || resp.StatusCode != http.StatusConflict {
				t.Errorf("the stream of %s: %v %v", id, resp, err)
			}
			return nil
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	if dial(one, "s5") != nil {
		t.Error("a program follows the console of a person")
	}

	// One program runs several desks that nobody holds; another program is another
	// operator, who may take the place as a person may.
	for _, id := range []string{"s1", "s6"} {
		free(one, "/api/v1/desks/"+id+"/open")
		free(one, "/api/v1/state/console?desk="+id)
	}
	taken(other, "/api/v1/desks/s6/close")
	free(other, "/api/v1/desks/s6/move")
	taken(one, "/api/v1/state/console?desk=s6")
	verdi.post(t, "/cruscotto/s5", "action", "finish", "ticket", id.String(), "outcome", "released")
	if status, _, body := verdi.get(t, "/cruscotto/s1"); status != http.StatusConflict || !strings.Contains(body, `value="move"`) {
		t.Errorf("a person at a program's desk sees %d %s", status, body)
	}
	conn := dial(one, "s1")
	if conn == nil {
		t.Fatal("the program does not follow its own console")
	}
	if _, _, body := verdi.post(t, "/cruscotto/s1", "action", "move"); !strings.Contains(body, "Sportello aperto") {
		t.Error("a person does not take a program's place")
	}
	sentAway(t, conn)
	taken(one, "/api/v1/desks/s1/close")
	if desk("s5").Open {
		t.Error("the desk that the person left is open")
	}
}
