package display

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"eliminacode/display/access"
)

// mayUse is every address of the server and the roles that may use it: no other
// may. "everybody" is who has no role too; a page of the hub says it by topic.
var mayUse = map[string]string{
	"GET /{$}":                      "clerk reception attendant manager quality back-office technician administrator",
	"GET /tabellone":                "board manager technician",
	"GET /totem":                    "totem manager technician",
	"POST /totem":                   "totem manager technician",
	"GET /cruscotto":                "clerk back-office",
	"GET /cruscotto/{desk}":         "clerk back-office",
	"POST /cruscotto/{desk}":        "clerk back-office",
	"GET /accoglienza":              "reception",
	"POST /accoglienza":             "reception",
	"GET /responsabile":             "manager",
	"POST /responsabile":            "manager",
	"GET /responsabile/sportelli":   "manager",
	"POST /responsabile/sportelli":  "manager",
	"GET /responsabile/chiamate":    "manager",
	"GET /responsabile/attese":      "manager quality",
	"GET /responsabile/attese.csv":  "manager quality",
	"GET /responsabile/apparecchi":  "manager technician",
	"POST /responsabile/apparecchi": "manager technician",
	"POST /orologio":                "clerk back-office reception manager technician",
	"GET /b/{token}":                "everybody",
	"GET /demo/pulsanti":            "clerk reception attendant manager quality back-office technician administrator",
	"GET /demo/carta":               "clerk reception attendant manager quality back-office technician administrator",
	"GET /demo/carta/{png}":         "clerk reception attendant manager quality back-office technician administrator",
	"POST /demo/carta":              "clerk reception attendant manager quality back-office technician administrator",
	"POST /demo/pulsanti":           "clerk reception attendant manager quality back-office technician administrator",
	"POST /demo/ruolo":              "everybody",
	"POST /lingua":                  "everybody",

	"GET /attese":                            "everybody",
	"GET /api/v1/open/queues.json":           "everybody",
	"GET /api/v1/open/queues.csv":            "everybody",
	"GET /api/v1/open/queue-monitors.jsonld": "everybody",

	"GET /api/v1/events":    "manager technician",
	"GET /api/v1/events/ws": "manager technician",

	"GET /persone":         "administrator",
	"POST /persone":        "administrator",
	"GET /persone/{id}":    "administrator",
	"POST /persone/{id}":   "administrator",
	"GET /schermi":         "administrator",
	"POST /schermi":        "administrator",
	"POST /schermi/{id}":   "administrator",
	"GET /programmi":       "administrator",
	"POST /programmi":      "administrator",
	"POST /programmi/{id}": "administrator",
	"GET /atti":            "administrator",
	"GET /atti.csv":        "administrator",
	"GET /atti.json":       "administrator",

	"GET /api/v1/state/board":     "board manager technician",
	"GET /api/v1/state/totem":     "totem manager technician",
	"GET /api/v1/state/console":   "clerk back-office",
	"GET /api/v1/state/desks":     "clerk back-office",
	"GET /api/v1/state/reception": "reception",
	"GET /api/v1/state/manager":   "manager",
	"GET /api/v1/state/devices":   "manager technician",
	"GET /api/v1/state/pulse":     "everybody",
	"GET /ws?page=board":          "board manager technician",
	"GET /ws?page=totem":          "totem manager technician",
	"GET /ws?page=console":        "clerk back-office",
	"GET /ws?page=desks":          "clerk back-office",
	"GET /ws?page=reception":      "reception",
	"GET /ws?page=manager":        "manager",
	"GET /ws?page=devices":        "manager technician",
	"GET /ws?page=pulse":          "everybody",

	"POST /api/v1/desks/{desk}/{action}":  "clerk back-office",
	"POST /api/v1/reception/{action}":     "reception",
	"POST /api/v1/manager/{action}":       "manager",
	"POST /api/v1/clock/{action}":         "clerk back-office reception manager technician",
	"POST /api/v1/devices/{action}":       "manager technician",
	"POST /api/v1/demo/{action}":          "clerk reception attendant manager quality back-office technician administrator",
	"POST /api/v1/totem/{outlet}/tickets": "totem manager technician",
	"GET /static/{hash}/{file...}":        "everybody",
	"/":                                   "everybody",
}

// perTopic are the addresses whose page says who may see it.
var perTopic = map[string]string{"GET /api/v1/state/{page}": "GET /api/v1/state/", "GET /ws": "GET /ws?page="}

// Every address admits the roles of the table and no other, and every address of
// the server stands in the table.
func TestEveryAddressHasItsRoles(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Demo, cfg.Trial, cfg.Administration = &testDemo{}, printsAll, testAccounts(t)
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.streams.close() // an admitted reader would wait for what happens
	left := map[string]bool{}
	for address := range mayUse {
		left[address] = true
	}
	for _, one := range s.routes() {
		start, byTopic := perTopic[one.pattern]
		if !byTopic {
			start = one.pattern
		}
		found := false
		for address := range left {
			if address == start || byTopic && strings.HasPrefix(address, start) {
				found = true
				delete(left, address)
				walkRoles(t, s, address)
			}
		}
		if !found {
			t.Errorf("%s stands in no table of who may use it", one.pattern)
		}
	}
	for address := range left {
		t.Errorf("%s is no address of the server", address)
	}
}

// walkRoles asks for an address as each role, and as nobody.
func walkRoles(t *testing.T, s *Server, address string) {
	t.Helper()
	roles := strings.Fields(mayUse[address])
	for _, role := range append(everyRole, "") {
		got := admitted(t, s, address, role)
		want := mayUse[address] == "everybody" || slices.Contains(roles, string(role))
		if got != want {
			t.Errorf("%s as %q: admitted %v, want %v", address, role, got, want)
		}
	}
}

// admitted tells whether a role gets past who may use an address, whatever is
// answered there.
func admitted(t *testing.T, s *Server, address string, role access.Role) bool {
	t.Helper()
	method, path, both := strings.Cut(address, " ")
	if !both {
		method, path = http.MethodGet, "/no-page-of-ours"
	}
	path = strings.NewReplacer("{$}", "", "{desk}", "s1", "{action}", "x", "{token}", "x", "{png}", "x.png", "{outlet}", "totem", "{id}", "x",
		"{hash}", "x", "{file...}", "x").Replace(path)
	r := request(t, method, "http://localhost"+path, "", "Content-Type", "application/json")
	v := access.Visitor{}
	if role != "" {
		v.Kind, v.Roles = access.Person, []access.Role{role}
	}
	rec := httptest.NewRecorder()
	s.mux(false).ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), visitorKey{}, v)))
	switch rec.Code {
	case http.StatusUnauthorized:
		return false
	case http.StatusForbidden:
		return !strings.Contains(rec.Body.String(), "altro ruolo")
	case http.StatusSeeOther:
		return !strings.HasPrefix(rec.Header().Get("Location"), "/accesso")
	}
	return true
}

// Who is nobody is sent to where one signs in and back, a program gets a problem.
func TestNobodyIsAskedToSignIn(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Open = false
	s := serve(t, cfg, "")
	status, header, _ := ask(t, request(t, "GET", s.url+"/responsabile/chiamate?q=A001", ""))
	if to := header.Get("Location"); status != http.StatusSeeOther || to != "/accesso?poi=%2Fresponsabile%2Fchiamate%3Fq%3DA001" {
		t.Errorf("a page answers %d to %q", status, to)
	}
	for _, r := range []*http.Request{
		request(t, "GET", s.url+"/api/v1/state/manager", ""),
		request(t, "POST", s.url+"/api/v1/desks/s1/next", "{}", "Content-Type", "application/json"),
		request(t, "GET", s.url+"/ws?page=console&desk=s1", ""),
	} {
		if status, _, body := ask(t, r); status != http.StatusUnauthorized || !strings.Contains(body, `"code":"sign-in"`) {
			t.Errorf("%s %s answers %d %s", r.Method, r.URL.Path, status, body)
		}
	}
}

// A visitor of a demonstration is everybody, then who it chooses to be, then
// everybody again.
func TestADemonstrationLetsChooseARole(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	choose := func(role string) string {
		status, header, _ := ask(t, request(t, "POST", s.url+"/demo/ruolo", "ruolo="+role, "Content-Type", "application/x-www-form-urlencoded"))
		if status != http.StatusSeeOther {
			t.Fatalf("choosing %q answers %d", role, status)
		}
		cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
		return cookie
	}
	get := func(path, cookie string) (int, string) {
		status, _, body := ask(t, request(t, "GET", s.url+path, "", "Cookie", cookie))
		return status, body
	}
	if status, _ := get("/responsabile", ""); status != http.StatusOK {
		t.Errorf("before a choice the manager's page answers %d", status)
	}
	cookie := choose("reception")
	if status, _ := get("/accoglienza", cookie); status != http.StatusOK {
		t.Errorf("the reception's page answers %d to the reception", status)
	}
	if status, body := get("/responsabile", cookie); status != http.StatusForbidden || !strings.Contains(body, "altro ruolo") {
		t.Errorf("the manager's page answers %d to the reception", status)
	}
	if _, body := get("/", cookie); strings.Contains(body, `href="/responsabile"`) || !strings.Contains(body, `href="/accoglienza"`) {
		t.Error("the first page does not show the reception its own pages alone")
	}
	if status, _ := get("/responsabile", choose("")); status != http.StatusOK {
		t.Errorf("as everybody again the manager's page answers %d", status)
	}
	if status, _, _ := ask(t, request(t, "POST", s.url+"/demo/ruolo", "ruolo=king", "Content-Type", "application/x-www-form-urlencoded")); status != http.StatusBadRequest {
		t.Errorf("a role that there is not answers %d", status)
	}
}

// The port of the hall has the pages of the hall and nothing of the staff.
func TestTheHallsPortHasNothingForTheStaff(t *testing.T) {
	o := newTestOffice(t)
	s, err := New(o.config())
	if err != nil {
		t.Fatal(err)
	}
	hall := s.mux(true)
	for _, one := range s.routes() {
		forStaff := one.who.roles != nil && !slices.Contains(one.who.roles, access.Board) && !slices.Contains(one.who.roles, access.Totem)
		if forStaff && one.who.hall {
			t.Errorf("%s is at the port of the hall", one.pattern)
		}
	}
	for path, want := range map[string]int{"/tabellone": 200, "/totem": 200, "/responsabile": 404, "/": 404, "/cruscotto/s1": 404} {
		rec := httptest.NewRecorder()
		hall.ServeHTTP(rec, request(t, "GET", "http://localhost"+path, ""))
		if rec.Code != want {
			t.Errorf("%s answers %d at the port of the hall, want %d", path, rec.Code, want)
		}
	}
}
