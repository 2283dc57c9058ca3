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
	"eliminacode/display/access/private"
	"eliminacode/queue"
)

// Whatever a person does who does not administer, what others read of it has no person
// beside a time: neither the audit list nor the list of people moves by it. Who
// administers stands in the list.
func TestNothingTellsWhoWasAtWorkWhen(t *testing.T) {
	for _, role := range access.PeopleRoles() {
		t.Run(string(role), func(t *testing.T) {
			cfg := closed(t, newTestOffice(t))
			store := cfg.Access.(*private.Store)
			cfg.Administration = store
			firstAdministrator(t, store)
			s := serve(t, cfg, "")
			m, err := store.MakeMember(time.Now(), byAnna, access.Member{Login: "carla", Name: "Carla Neri", Roles: []access.Role{role}, Rights: access.Rights()})
			if err != nil {
				t.Fatal(err)
			}
			code, err := store.NewCode(t.Context(), time.Now(), byAnna, m.ID)
			if err != nil {
				t.Fatal(err)
			}
			people := func() string {
				list := store.Members()
				for i := range list {
					// That there is a password at all is told once, to who gave the code.
					list[i].HasPassword, list[i].HasPIN, list[i].Came = false, false, false
				}
				text, err := json.Marshal(list)
				if err != nil {
					t.Fatal(err)
				}
				return string(text)
			}
			before, err := store.AuditBefore(0, 1)
			if err != nil {
				t.Fatal(err)
			}
			listed := people()

			p := newPerson(t, s)
			if status, at, body := p.post(t, "/codice", "codice", code.Code, "nome", "carla", "come", "password", "segreto", goodPassword); status != http.StatusOK || at != "/" {
				t.Fatalf("with the code: %d at %s: %.300s", status, at, body)
			}
			p.post(t, "/lingua", "lingua", "de")
			p.post(t, "/mio-accesso", "come", "password", "segreto", goodPassword, "nuovo-come", "password", "nuovo", "un altro cavallo rosso")
			r := request(t, "POST", s.url+"/api/v1/clock/set", `{"correction":"3600000","sure":"yes"}`, "Content-Type", "application/json", "Origin", s.url, "Sec-Fetch-Site", "same-origin")
			status, _, body := p.send(t, r)
			sets := slices.Contains(clockSetters.roles, role)
			if (status == http.StatusOK) != sets {
				t.Fatalf("the clock: %d %s", status, body)
			}
			if _, err := store.Login(t.Context(), time.Now(), access.Attempt{Address: "192.0.2.9", Login: "carla", Secret: "un altro cavallo rosso", How: access.ByPassword}); err != nil {
				t.Fatalf("the password was not changed: %v", err)
			}

			if now := people(); now != listed {
				t.Errorf("the list of people is %s, and was %s", now, listed)
			}
			var acts []access.Entry
			for e, err := range store.Audit() {
				if err != nil {
					t.Fatal(err)
				}
				if e.Seq > before[0].Seq {
					acts = append(acts, e)
				}
			}
			clock := slices.ContainsFunc(acts, func(e access.Entry) bool { return e.What == "clock.set" })
			if clock != sets {
				t.Errorf("the clock is in the list: %v, want %v", clock, sets)
			}
			for _, e := range acts {
				text := strings.ToLower(fmt.Sprintf("%+v %s %s", e, e.Before, e.After))
				named := strings.Contains(text, "carla") || strings.Contains(text, strings.ToLower(m.ID))
				if want := access.Administer(m.Roles); named != want {
					t.Errorf("%s names the person: %v, want %v: %+v", e.What, named, want, e)
				}
			}
			if access.Administer(m.Roles) != slices.ContainsFunc(acts, func(e access.Entry) bool { return e.What == "member.secret" }) {
				t.Errorf("own secrets: %+v", acts)
			}
		})
	}
}

// The page of acts says where an act without a person came from.
func TestAnActWithoutAPersonIsSaid(t *testing.T) {
	x := newWholeOffice(t)
	if err := x.store.Note(time.Now(), access.Visitor{Kind: access.Person, ID: "x", Name: "Carla", Roles: []access.Role{access.Clerk}}.By(access.Clerk), "clock.set", "", nil, map[string]queue.Language{}); err != nil {
		t.Fatal(err)
	}
	rec := x.send(http.MethodGet, "/atti", nil)
	if body := rec.Body.String(); !strings.Contains(body, "Da una pagina dell") || strings.Contains(body, "Carla") {
		t.Errorf("%d %.2000s", rec.Code, body)
	}
}
