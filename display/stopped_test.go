package display

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// newStopped is an office out of service because of a fault in /etc/box.toml.
func newStopped(t *testing.T, cfg Config) *Server {
	t.Helper()
	s, err := NewStopped(cfg, func() queue.Now { return queue.Now{} }, func() []StopFault {
		return []StopFault{{File: "/etc/box.toml", Line: 7, Column: 3, Key: "printer[1].port", Problem: "<is> missing", Do: "write it"}}
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// An office that is not where it belongs is told to anybody, since nobody can sign in
// where it is not; what else is known of it is not.
func TestAnOfficeThatIsMissingIsToldToAnybody(t *testing.T) {
	for missing, says := range map[Missing]string{MissingDisk: "non è montato", MissingOffice: "eliminacode init"} {
		server, err := NewStopped(Config{Access: LostAccess{}}, func() queue.Now { return queue.Now{} }, func() []StopFault {
			return []StopFault{{File: "/etc/fstab", Problem: "the disk UUID=2 is away", Missing: missing}}
		})
		if err != nil {
			t.Fatal(err)
		}
		s := serveThis(t, server, "")
		status, _, body := ask(t, request(t, "GET", s.url+"/", ""))
		if status != http.StatusServiceUnavailable || !strings.Contains(body, says) || strings.Contains(body, "UUID=2") || strings.Contains(body, `href="/accesso"`) {
			t.Errorf("%s: answered %d %s", missing, status, body)
		}
		// The accounts may be whole: nobody is told to set them aside.
		for _, path := range []string{"/accesso", "/primo-accesso", "/codice", "/mio-accesso"} {
			status, _, body := ask(t, request(t, "GET", s.url+path, ""))
			if status != http.StatusServiceUnavailable || !strings.Contains(body, says) || strings.Contains(body, "quale file spostare") {
				t.Errorf("%s: %s answered %d %s", missing, path, status, body)
			}
			status, _, body = ask(t, request(t, "POST", s.url+path, "nome=x", "Content-Type", "application/x-www-form-urlencoded"))
			if status != http.StatusServiceUnavailable || strings.Contains(body, "quale file spostare") {
				t.Errorf("%s: a post to %s answered %d %s", missing, path, status, body)
			}
		}
	}
}

// Why an office is out of service is for who may set it up, on a way that has every
// page; whoever asks else reads that it is, at every address.
func TestWhyAnOfficeIsOutOfServiceIsForWhoMendsIt(t *testing.T) {
	s := newStopped(t, Config{Access: testAccounts(t), StaffPort: "8443"})
	for _, path := range []string{"/", "/tabellone", "/totem?outlet=x", "/cruscotto/3", "/impostazioni/orari", "/api/v1/state/board", "/b/ABCDEFGHIJKL", "/no-page"} {
		for _, from := range []string{"127.0.0.1:4000", "192.168.1.7:4000"} {
			for _, role := range append(everyRole, "") {
				r := request(t, http.MethodGet, "http://127.0.0.1"+path, "")
				r.RemoteAddr = from
				v := access.Visitor{}
				if role != "" {
					v = access.Visitor{Kind: access.Person, Roles: []access.Role{role}}
				}
				rec := httptest.NewRecorder()
				s.Handler().ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), visitorKey{}, v)))
				body := rec.Body.String()
				if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" {
					t.Errorf("%s as %q from %s answers %d", path, role, from, rec.Code)
				}
				ofPage := !slices.Contains([]string{"/tabellone", "/totem?outlet=x", "/api/v1/state/board", "/b/ABCDEFGHIJKL"}, path)
				may := ofPage && from == "127.0.0.1:4000" && slices.Contains(setters.roles, role)
				if told := strings.Contains(body, "/etc/box.toml, riga 7") && strings.Contains(body, "&lt;is&gt; missing"); told != may {
					t.Errorf("%s as %q from %s tells why: %v, want %v", path, role, from, told, may)
				}
			}
		}
	}
	for _, post := range []string{"/totem", "/api/v1/totem/x/tickets", "/cruscotto/3"} {
		r := request(t, http.MethodPost, "http://127.0.0.1"+post, "{}", "Content-Type", "application/json")
		r.RemoteAddr = "127.0.0.1:4000"
		rec := httptest.NewRecorder()
		if s.Handler().ServeHTTP(rec, r); rec.Code != http.StatusServiceUnavailable {
			t.Errorf("a post to %s answers %d", post, rec.Code)
		}
	}
}

// Every page of an office out of service passes axe-core, in each language.
func TestAnOfficeOutOfServiceIsAccessible(t *testing.T) {
	axe := accessibilityChecker(t)
	store := testAccounts(t)
	firstAdministrator(t, store)
	s := serveThis(t, newStopped(t, Config{Access: store}), "")
	ctx := browser(t)
	signedIn := false
	for _, z := range []size{{"1280x720", 1280, 720}, {"390x844", 390, 844}} {
		for _, path := range []string{"/?lingua=it", "/?lingua=de", "/tabellone", "/accesso", "/?lingua=fr&why", "/?lingua=sl&why", "/?lingua=en&why"} {
			if strings.HasSuffix(path, "why") && !signedIn {
				signedIn = true
				do(t, ctx, chromedp.Navigate(s.url+"/accesso"), chromedp.SendKeys(`[name=nome]`, "a.rossi"),
					chromedp.SendKeys(`[name=segreto]`, goodPassword), chromedp.Submit(`[name=segreto]`), chromedp.WaitVisible(`.stop-faults`))
			}
			var wide bool
			do(t, ctx, chromedp.EmulateViewport(z.width, z.height), chromedp.Navigate(s.url+path),
				chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &wide))
			if wide {
				t.Errorf("%s at %s is wider than the screen", path, z.name)
			}
			judge(t, ctx, axe, path+" at "+z.name)
		}
	}
}
