package display

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/access/private"

	"github.com/gorilla/websocket"
)

// TestACopiedCookieOpensNothingAfterSignOut: who copied a person's cookies is in
// while the session lasts, and no longer once the person has signed out.
func TestACopiedCookieOpensNothingAfterSignOut(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	firstAdministrator(t, cfg.Access, access.Manager)
	s := serve(t, cfg, "")
	home, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	p, thief := newPerson(t, s), newPerson(t, s)
	p.withPassword(t, "a.rossi")
	thief.Jar.SetCookies(home, p.Jar.Cookies(home))
	if status, at, _ := thief.get(t, "/responsabile"); status != http.StatusOK || at != "/responsabile" {
		t.Fatalf("the copied cookies lead to %s (%d) before the person signs out: they are no session", at, status)
	}
	p.post(t, "/uscita")
	if _, at, _ := thief.get(t, "/responsabile"); !strings.HasPrefix(at, "/accesso") {
		t.Errorf("the copied cookies lead to %s after the person signed out", at)
	}
}

// TestACopiedCookieIsOverEverywhere: however a session ends, calls made with a copy of
// its cookies are refused and change nothing, and what was open by then, a page or a
// stream of events, ends and tells nothing more.
func TestACopiedCookieIsOverEverywhere(t *testing.T) {
	for name, end := range map[string]func(*testing.T, person, *private.Store, *boxClock){
		"signed out": func(t *testing.T, p person, _ *private.Store, _ *boxClock) { p.post(t, "/uscita") },
		"left idle":  func(_ *testing.T, _ person, _ *private.Store, c *boxClock) { c.pass(private.IdleEnd) },
		"at its end": func(_ *testing.T, _ person, _ *private.Store, c *boxClock) { c.pass(sessionLife) },
		"at its end, with the clock of 1970": func(_ *testing.T, _ person, _ *private.Store, c *boxClock) {
			c.set(time.UnixMilli(0))
			c.pass(sessionLife)
		},
		"with another role": func(t *testing.T, _ person, store *private.Store, _ *boxClock) {
			m := store.Members()[0]
			m.Roles = []access.Role{access.Administrator, access.Clerk}
			if _, err := store.ChangeMember(time.Now(), byAnna, m); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, p, clock := byClock(t, access.Manager)
			o, store := s.cfg.Engine.(*testOffice), s.cfg.Access.(*private.Store)
			thief := newPerson(t, s)
			home, err := url.Parse(s.url)
			if err != nil {
				t.Fatal(err)
			}
			thief.Jar.SetCookies(home, p.Jar.Cookies(home))
			calls := map[string]func() (status int, at, body string){
				"a question": func() (int, string, string) { return thief.get(t, "/api/v1/state/manager") },
				"a command": func() (int, string, string) {
					return thief.send(t, request(t, http.MethodPost, s.url+"/api/v1/manager/capacity", `{"people":"40"}`, "Content-Type", "application/json"))
				},
			}
			for what, call := range calls {
				if status, _, body := call(); status != http.StatusOK {
					t.Fatalf("%s with the copied cookies answers %d while the person is in: %s", what, status, body)
				}
			}
			page, _ := thief.watch(t, "manager")
			streams := map[string]eventReader{
				"server-sent events":    readSSEWith(t, thief.Jar, s.url, "", ""),
				"a websocket of events": readSocketWith(t, thief.Jar, s.url, ""),
			}
			for what, x := range streams {
				defer x.close()
				if l, err := x.next(); err != nil || l.kind != "start" {
					t.Fatalf("%s begin with %+v, %v", what, l, err)
				}
			}
			o.issue(t, "anagrafe", "")
			for what, x := range streams {
				if l, err := x.next(); err != nil || l.kind != "event" {
					t.Fatalf("%s go on with %+v, %v", what, l, err)
				}
			}

			end(t, p, store, clock)
			seq := o.newest().Seq()
			for what, call := range calls {
				if status, _, body := call(); status != http.StatusUnauthorized || !strings.Contains(body, `"code":"sign-in"`) {
					t.Errorf("%s answers %d: %s", what, status, body)
				}
			}
			if o.newest().Seq() != seq {
				t.Error("a command with the copied cookies has changed something")
			}
			sentAway(t, page)
			after := o.newest().Seq()
			o.issue(t, "anagrafe", "")
			for what, x := range streams {
				l, err := x.next()
				for err == nil && l.kind == "event" && l.event.Seq <= after {
					l, err = x.next() // it was sent before
				}
				if err != nil || l.kind != "end" || l.end.Reason != endBarred || l.end.Say == "" {
					t.Errorf("%s tell %+v, %v", what, l, err)
				}
				if l, err := x.next(); err == nil {
					t.Errorf("%s go on with %+v", what, l)
				}
			}
		})
	}
}

// A program whose token is revoked reads no more events, from that moment on.
func TestARevokedTokenEndsItsStream(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	store := cfg.Access.(*private.Store)
	s := serve(t, cfg, "")
	made, bearer, err := store.MakeToken(time.Now(), byAnna, access.Token{Name: "sito", Role: access.Manager, Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	r := request(t, http.MethodGet, s.url+"/api/v1/events", "", "Authorization", "Bearer "+bearer)
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	in := bufio.NewReader(resp.Body)
	if l, err := readMessage(in); err != nil || l.kind != "start" {
		t.Fatalf("it begins with %+v, %v", l, err)
	}
	socket, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(s.url, "http")+"/api/v1/events/ws", http.Header{"Authorization": {"Bearer " + bearer}})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	var m socketMessage
	if err := socket.ReadJSON(&m); err != nil || m.Type != "start" {
		t.Fatalf("the socket begins with %+v, %v", m, err)
	}
	// Nothing happens in the office, and no beat is due yet.
	revoked := time.Now()
	if err := store.RevokeToken(time.Now(), byAnna, made.ID); err != nil {
		t.Fatal(err)
	}
	if l, err := readMessage(in); err != nil || l.kind != "end" || l.end.Reason != endBarred {
		t.Errorf("it goes on with %+v, %v", l, err)
	}
	if err := socket.ReadJSON(&m); err != nil || m.Type != "end" || m.End.Reason != endBarred {
		t.Errorf("the socket goes on with %+v, %v", m, err)
	}
	if waited := time.Since(revoked); waited > streamBeat/2 {
		t.Errorf("they end after %v, as if by the beat", waited)
	}
}
