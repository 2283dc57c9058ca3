package display

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"eliminacode/display/access"

	"github.com/gorilla/websocket"
)

// mayUse is every address of the server and the roles that may use it: no other
// may. "everybody" is who has no role too; a page of the hub says it by topic.
var mayUse = map[string]string{
	"GET /{$}":                       "clerk reception attendant manager quality back-office technician administrator",
	"GET /tabellone":                 "board manager technician",
	"GET /suoni/{clip}":              "board manager technician",
	"GET /totem":                     "totem manager technician",
	"POST /totem":                    "totem manager technician",
	"GET /voto":                      "voting manager technician",
	"GET /cruscotto":                 "clerk back-office",
	"GET /cruscotto/{desk}":          "clerk back-office",
	"POST /cruscotto/{desk}":         "clerk back-office",
	"GET /accoglienza":               "reception",
	"POST /accoglienza":              "reception",
	"GET /pratiche":                  "reception attendant clerk back-office manager",
	"GET /pratiche.csv":              "manager",
	"POST /pratiche":                 "manager",
	"POST /pratiche/prima":           "manager",
	"GET /commessi":                  "attendant",
	"GET /responsabile":              "manager",
	"POST /responsabile":             "manager",
	"GET /responsabile/sportelli":    "manager",
	"POST /responsabile/sportelli":   "manager",
	"GET /responsabile/chiamate":     "manager",
	"GET /responsabile/attese":       "manager quality",
	"GET /responsabile/attese.csv":   "manager quality",
	"GET /responsabile/esiti.csv":    "manager quality",
	"GET /responsabile/contatti.csv": "manager quality",
	"GET /responsabile/apparecchi":   "manager technician",
	"POST /responsabile/apparecchi":  "manager technician",
	"GET /responsabile/tecnico":      "technician",
	"POST /responsabile/tecnico":     "technician",
	"GET /api/v1/technician":         "technician",
	"POST /api/v1/technician/check":  "technician",

	"POST /api/v1/technician/closing/print": "technician",
	"GET /api/v1/technician/closing":        "technician",
	"POST /api/v1/technician/copy":          "technician",
	"GET /api/v1/technician/copy.tar":       "technician",
	"GET /responsabile/tecnico/copia.tar":   "technician",
	"POST /orologio":                        "clerk back-office reception attendant manager technician administrator",
	"GET /privacy":                          "everybody", "GET /accessibilita": "everybody",
	"GET /b/{token}":        "everybody",
	"GET /b/{token}/segue":  "everybody",
	"POST /b/{token}":       "everybody",
	"GET /demo/pulsanti":    "clerk reception attendant manager quality back-office technician administrator",
	"GET /demo/carta":       "clerk reception attendant manager quality back-office technician administrator",
	"GET /demo/carta/{png}": "clerk reception attendant manager quality back-office technician administrator",
	"POST /demo/carta":      "clerk reception attendant manager quality back-office technician administrator",
	"POST /demo/pulsanti":   "clerk reception attendant manager quality back-office technician administrator",
	"POST /lingua":          "everybody",
	"GET /accesso":          "everybody", "POST /accesso": "everybody", "POST /uscita": "everybody",
	"GET /accesso/ente": "everybody", "GET /accesso/ente/ritorno": "everybody",
	"GET /codice": "everybody", "POST /codice": "everybody",
	"GET /primo-accesso": "everybody", "POST /primo-accesso": "everybody",
	"POST /demo/ruolo":  "everybody",
	"GET /mio-accesso":  "clerk reception attendant manager quality back-office technician administrator",
	"POST /mio-accesso": "clerk reception attendant manager quality back-office technician administrator",

	"GET /impostazioni":                      "manager technician administrator",
	"GET /impostazioni/programmate":          "manager technician administrator",
	"POST /impostazioni/programmate":         "manager technician administrator",
	"GET /impostazioni/servizio-temporaneo":  "manager technician administrator",
	"POST /impostazioni/servizio-temporaneo": "manager technician administrator",
	"GET /impostazioni/{section}":            "manager technician administrator",
	"POST /impostazioni/{section}":           "manager technician administrator",
	"GET /impostazioni/{section}/{item}":     "manager technician administrator",
	"POST /impostazioni/{section}/{item}":    "manager technician administrator",
	"GET /impostazioni/effetto":              "manager technician administrator",
	"POST /impostazioni/effetto":             "manager technician administrator",
	"GET /impostazioni/storia":               "manager technician administrator",
	"POST /impostazioni/storia":              "manager technician administrator",
	"GET /impostazioni/biglietto/{service}":  "manager technician administrator",
	"GET /impostazioni/copia":                "manager technician administrator",
	"POST /impostazioni/copia":               "manager technician administrator",
	"POST /impostazioni/copia/file":          "manager technician administrator",
	"GET /impostazioni/prove":                "manager technician administrator",
	"POST /impostazioni/prove":               "manager technician administrator",
	"GET /impostazioni/ufficio.toml":         "manager technician administrator",
	"POST /impostazioni/ufficio.toml":        "manager technician administrator",

	"GET /attese":                            "everybody",
	"GET /api/v1/open/queues.json":           "everybody",
	"GET /api/v1/open/queues.csv":            "everybody",
	"GET /api/v1/open/queue-monitors.jsonld": "everybody",

	"GET /webhook":                      "technician administrator",
	"POST /webhook":                     "technician administrator",
	"GET /api/v1/webhooks":              "technician administrator",
	"POST /api/v1/webhooks":             "technician administrator",
	"POST /api/v1/webhooks/{id}/change": "technician administrator",
	"POST /api/v1/webhooks/{id}/delete": "technician administrator",
	"POST /api/v1/webhooks/{id}/replay": "technician administrator",
	"POST /api/v1/webhooks/{id}/test":   "technician administrator",
	"GET /api/v1/{$}":                   "everybody",
	"GET /api/v1/openapi.json":          "everybody",
	"GET /api/v1/reports/waits":         "manager quality",

	"GET /api/v1/events":    "manager technician",
	"GET /api/v1/events/ws": "manager technician",

	"GET /responsabile/avviso":  "manager",
	"POST /responsabile/avviso": "manager",

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

	"GET /api/v1/manager/profiles":           "manager",
	"GET /api/v1/manager/calls":              "manager",
	"GET /api/v1/manager/alert":              "manager",
	"POST /api/v1/manager/alert":             "manager",
	"POST /api/v1/manager/alert/off":         "manager",
	"GET /api/v1/blocks":                     "reception",
	"GET /api/v1/blocks/{id}":                "reception",
	"GET /api/v1/reception/tickets/{ticket}": "reception",
	"GET /api/v1/procedures/{id}":            "reception attendant clerk back-office manager",

	"GET /api/v1/people":               "administrator",
	"POST /api/v1/people":              "administrator",
	"GET /api/v1/people/{id}":          "administrator",
	"POST /api/v1/people/{id}/change":  "administrator",
	"POST /api/v1/people/{id}/disable": "administrator",
	"POST /api/v1/people/{id}/enable":  "administrator",
	"POST /api/v1/people/{id}/remove":  "administrator",
	"POST /api/v1/people/{id}/code":    "administrator",
	"GET /api/v1/screens":              "administrator",
	"POST /api/v1/screens":             "administrator",
	"POST /api/v1/screens/{id}/change": "administrator",
	"POST /api/v1/screens/{id}/revoke": "administrator",
	"GET /api/v1/tokens":               "administrator",
	"POST /api/v1/tokens":              "administrator",
	"POST /api/v1/tokens/{id}/revoke":  "administrator",
	"GET /api/v1/acts":                 "administrator",
	"GET /api/v1/acts.csv":             "administrator",
	"GET /api/v1/acts.json":            "administrator",

	"GET /api/v1/office":                           "manager technician administrator",
	"GET /api/v1/office.toml":                      "manager technician administrator",
	"GET /api/v1/office/draft":                     "manager technician administrator",
	"GET /api/v1/office/draft.toml":                "manager technician administrator",
	"PUT /api/v1/office/draft.toml":                "manager technician administrator",
	"GET /api/v1/office/draft/effect":              "manager technician administrator",
	"GET /api/v1/office/draft/slips/{service}":     "manager technician administrator",
	"POST /api/v1/office/draft/set":                "manager technician administrator",
	"POST /api/v1/office/draft/add":                "manager technician administrator",
	"POST /api/v1/office/draft/remove":             "manager technician administrator",
	"POST /api/v1/office/draft/move":               "manager technician administrator",
	"POST /api/v1/office/draft/save":               "manager technician administrator",
	"POST /api/v1/office/draft/discard":            "manager technician administrator",
	"POST /api/v1/office/draft/rebase":             "manager technician administrator",
	"POST /api/v1/office/draft/rebase-keeping":     "manager technician administrator",
	"POST /api/v1/office/draft/reference":          "manager technician administrator",
	"POST /api/v1/office/draft/bring-back":         "manager technician administrator",
	"POST /api/v1/office/planned/{number}/cancel":  "manager technician administrator",
	"POST /api/v1/office/planned/{number}/take-up": "manager technician administrator",
	"GET /api/v1/office/history":                   "manager technician administrator",
	"GET /api/v1/office/history/{number}":          "manager technician administrator",
	"POST /api/v1/office/history/{number}/draft":   "manager technician administrator",

	"POST /api/v1/walk/{action}":        "manager technician administrator",
	"GET /api/v1/copies":                "manager technician administrator",
	"PUT /api/v1/copies/sent":           "manager technician administrator",
	"POST /api/v1/copies/{id}/put-back": "manager technician administrator",

	"GET /accoglienza/blocchi":      "reception",
	"POST /accoglienza/blocchi":     "reception",
	"GET /accoglienza/blocchi/{id}": "reception",
	"GET " + heldPage + "{ticket}":  "reception",
	"POST /api/v1/blocks/{action}":  "reception",

	"GET /api/v1/state/board":     "board manager technician",
	"GET /api/v1/state/totem":     "totem manager technician",
	"GET /api/v1/state/voting":    "voting manager technician",
	"GET /api/v1/state/console":   "clerk back-office",
	"GET /api/v1/state/desks":     "clerk back-office",
	"GET /api/v1/state/reception": "reception",
	"GET /api/v1/state/attendant": "attendant",
	"GET /api/v1/state/manager":   "manager",
	"GET /api/v1/state/devices":   "manager technician",
	"GET /api/v1/state/walk":      "manager technician administrator",
	"GET /api/v1/state/pulse":     "everybody",
	"GET /ws?page=board":          "board manager technician",
	"GET /ws?page=totem":          "totem manager technician",
	"GET /ws?page=voting":         "voting manager technician",
	"GET /ws?page=console":        "clerk back-office",
	"GET /ws?page=desks":          "clerk back-office",
	"GET /ws?page=reception":      "reception",
	"GET /ws?page=attendant":      "attendant",
	"GET /ws?page=manager":        "manager",
	"GET /ws?page=devices":        "manager technician",
	"GET /ws?page=walk":           "manager technician administrator",
	"GET /ws?page=pulse":          "everybody",

	"GET /api/v1/procedures":              "reception attendant clerk back-office manager",
	"GET /api/v1/procedures.csv":          "manager",
	"GET /api/v1/procedure-topics":        "manager technician administrator",
	"POST /api/v1/procedure-topics":       "manager technician administrator",
	"GET /impostazioni/pratiche":          "manager technician administrator",
	"POST /impostazioni/pratiche":         "manager technician administrator",
	"PUT /api/v1/procedures.csv":          "manager",
	"POST /api/v1/procedures/back":        "manager",
	"POST /api/v1/desks/{desk}/{action}":  "clerk back-office",
	"POST /api/v1/reception/{action}":     "reception",
	"POST /api/v1/manager/{action}":       "manager",
	"POST /api/v1/clock/{action}":         "clerk back-office reception attendant manager technician administrator",
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
	s := wholeServer(t)
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
				walkRoles(t, s, address, mayUse[address])
			}
		}
		if place := one.pattern[:strings.LastIndexByte(one.pattern, '/')+1] + "{action}"; !found && mayUse[place] != "" {
			// One of the actions that stand in the table together.
			found = true
			delete(left, place)
			walkRoles(t, s, one.pattern, mayUse[place])
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
func walkRoles(t *testing.T, s *Server, address, may string) {
	t.Helper()
	roles := strings.Fields(may)
	for _, role := range append(everyRole, "") {
		got := admitted(t, s, address, role)
		want := may == "everybody" || slices.Contains(roles, string(role))
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
	path = strings.NewReplacer("{$}", "", "{desk}", "s1", "{action}", "x", "{token}", "x", "{png}", "x.png", "{outlet}", "totem", "{id}", "x", "{number}", "1",
		"{section}", "orari", "{item}", "1", "{service}", "cie.png",
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
		return !strings.HasPrefix(rec.Header().Get("Location"), "/accesso?poi=")
	}
	return true
}

// Who is nobody is sent to where one signs in and back, a program gets a problem.
func TestNobodyIsAskedToSignIn(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, closed(t, o), "")
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

// Over plain HTTP another machine finds the hall alone, and is sent to the port
// of the staff for the rest; this machine, and TLS, have every page.
func TestOtherMachinesFindTheHallAlone(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	plain, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	cfg.StaffPort = "8443"
	both, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range plain.routes() {
		forStaff := one.who.roles != nil && !slices.ContainsFunc(one.who.roles, access.Role.OfScreen)
		if forStaff && one.who.hall {
			t.Errorf("%s is at the port of the hall", one.pattern)
		}
	}
	for _, c := range []struct {
		address            string
		here, plain, staff int // from this machine; from another, without and with a port for the staff
	}{
		{"GET /tabellone", 200, 200, 200}, {"GET /totem", 200, 200, 200},
		{"GET /", 200, 404, 307}, {"GET /responsabile", 200, 404, 307}, {"GET /cruscotto/s1", 200, 404, 307},
		{"GET /api/v1/state/board", 200, 200, 200}, {"GET /nothing", 404, 404, 404},
		{"GET /api/v1/state/manager", 200, 404, 307}, {"GET /api/v1/state/console?desk=s1", 200, 404, 307}, {"GET /api/v1/state/nothing", 404, 404, 307},
		{"GET /ws?page=reception", 400, 404, 307}, {"GET /ws?page=board", 400, 400, 400},
		{"POST /api/v1/desks/s1/open", 200, 404, 404},
	} {
		for _, from := range []struct {
			s       *Server
			remote  string
			tls     bool
			want    int
			headers []string
		}{
			{plain, "127.0.0.1:4000", false, c.here, nil}, {plain, "[::1]:4000", false, c.here, nil}, {both, "127.0.0.1:4000", false, c.here, nil},
			{plain, "192.168.1.7:4000", false, c.plain, nil}, {both, "192.168.1.7:4000", false, c.staff, nil}, {both, "192.168.1.7:4000", true, c.here, nil},
			// A proxy on the box, for another machine and for the box itself.
			{plain, "127.0.0.1:4000", false, c.plain, []string{"X-Forwarded-For", "10.0.0.9"}}, {both, "[::1]:4000", false, c.staff, []string{"X-Forwarded-For", "10.0.0.9", "X-Forwarded-Proto", "http"}},
			{plain, "127.0.0.1:4000", false, c.here, []string{"X-Forwarded-For", "10.0.0.9", "X-Forwarded-Proto", "https"}}, {plain, "127.0.0.1:4000", false, c.here, []string{"X-Forwarded-For", "::1"}},
			{plain, "127.0.0.1:4000", false, c.plain, []string{"X-Forwarded-For", "10.0.0.9", "X-Forwarded-Proto", "https, http"}}, {plain, "127.0.0.1:4000", false, c.plain, []string{"X-Forwarded-For", "127.0.0.1, 10.0.0.9"}},
			{plain, "127.0.0.1:4000", false, c.plain, []string{"X-Forwarded-For", "nobody"}}, {plain, "127.0.0.1:4000", false, c.plain, []string{"Forwarded", "for=10.0.0.9"}}, {plain, "127.0.0.1:4000", false, c.plain, []string{"X-Real-IP", "10.0.0.9"}},
			// Who is no proxy of this box is not believed.
			{plain, "192.168.1.7:4000", false, c.plain, []string{"X-Forwarded-For", "127.0.0.1", "X-Forwarded-Proto", "https"}},
		} {
			method, path, _ := strings.Cut(c.address, " ")
			r := request(t, method, "http://192.168.1.20:8080"+path, "{}", append([]string{"Content-Type", "application/json"}, from.headers...)...)
			if r.RemoteAddr = from.remote; from.tls {
				r.TLS = &tls.ConnectionState{}
			}
			rec := httptest.NewRecorder()
			from.s.Handler().ServeHTTP(rec, r)
			if rec.Code != from.want {
				t.Errorf("%s from %s (TLS %v, %q) answers %d, want %d", c.address, from.remote, from.tls, from.headers, rec.Code, from.want)
			}
			if to := rec.Header().Get("Location"); rec.Code == 307 && to != "https://192.168.1.20:8443"+path {
				t.Errorf("%s is sent to %s", c.address, to)
			}
		}
	}
}

// Every page is served under TLS, websockets too.
func TestPagesUnderTLS(t *testing.T) {
	pair := httptest.NewUnstartedServer(nil)
	pair.StartTLS()
	cfg := closed(t, newTestOffice(t))
	made := firstAdministrator(t, cfg.Access, access.Manager)
	cfg.TLS = &tls.Config{Certificates: pair.TLS.Certificates}
	pair.Close()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var listeners [2]net.Listener
	for i := range listeners {
		if listeners[i], err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listeners[0], listeners[1]) }()
	// The certificate of package httptest is for another name.
	unjudged := &tls.Config{InsecureSkipVerify: true}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: unjudged}}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client.Jar = jar
	base := "https://" + listeners[1].Addr().String()
	resp, err := client.PostForm(base+"/accesso", url.Values{"nome": {made}, "segreto": {goodPassword}, "poi": {"/responsabile"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Request.URL.Path != "/responsabile" {
		t.Errorf("after signing in %s answers %d", resp.Request.URL.Path, resp.StatusCode)
	}
	at, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	client.CloseIdleConnections()
	dialer := websocket.Dialer{TLSClientConfig: unjudged, Jar: jar}
	conn, resp, err := dialer.Dial("wss://"+at.Host+"/ws?page=manager", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if _, _, err := conn.ReadMessage(); err != nil {
		t.Error(err)
	}
	_ = conn.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
