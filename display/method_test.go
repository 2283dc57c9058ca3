package display

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"eliminacode/queue/words"
)

// wholeServer is that of an office with every address that there is.
func wholeServer(t *testing.T) *Server {
	t.Helper()
	o := newTestOffice(t)
	cfg := o.config()
	store := testAccounts(t)
	cfg.Demo, cfg.Trial, cfg.Access, cfg.Administration = &testDemo{}, printsAll, store, store
	cfg.Copies, cfg.Provider, cfg.Walk = noCopies{}, &testProvider{}, newTestWalk()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// somewhere puts values at the places of a pattern.
var somewhere = strings.NewReplacer("{$}", "", "{desk}", "s1", "{action}", "x", "{token}", "x", "{png}", "x.png", "{outlet}", "totem", "{id}", "x", "{number}", "1",
	"{section}", "orari", "{item}", "1", "{service}", "cie.png", "{hash}", "x", "{file...}", "x", "{page}", "board")

// Every address answers a method that it does not take with those that it takes, to
// programs as a problem and to people as a page, in the caller's language.
func TestAWrongMethodIsToldWithTheRightOnes(t *testing.T) {
	s := wholeServer(t)
	takes := map[string][]string{}
	for _, one := range s.routes() {
		if method, path, ok := strings.Cut(one.pattern, " "); ok {
			path = somewhere.Replace(path)
			takes[path] = append(takes[path], method)
		}
	}
	languages := words.StaffLanguages()
	asked := 0
	for path, methods := range takes {
		want := slices.Clone(methods)
		if slices.Contains(want, "GET") {
			want = append(want, "HEAD")
		}
		slices.Sort(want)
		for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"} {
			if slices.Contains(methods, method) {
				continue
			}
			rec := httptest.NewRecorder()
			l := languages[asked%len(languages)]
			s.handler.ServeHTTP(rec, request(t, method, "http://localhost"+path, "", "Cookie", languageCookie+"="+string(l)))
			asked++
			allow := strings.Split(rec.Header().Get("Allow"), ", ")
			if slices.Sort(allow); rec.Code != http.StatusMethodNotAllowed || !slices.Equal(slices.Compact(want), allow) {
				t.Errorf("%s %s: %d, Allow %v, want %v", method, path, rec.Code, allow, want)
			}
			if toCitizen(request(t, method, "http://localhost"+path, "")) {
				l = "it" // citizens are spoken to in the office's
			}
			detail, ok := words.In(l).ByCode("wrong-method")
			if !ok {
				t.Fatalf("nothing is said in %s", l)
			}
			if strings.HasPrefix(path, "/api/") {
				var p problem
				if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || p.Status != rec.Code || p.Code != "wrong-method" || p.Detail != detail ||
					rec.Header().Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s %s in %s: %v %s", method, path, l, err, rec.Body)
				}
			} else if path != "/ws" && !strings.Contains(html.UnescapeString(rec.Body.String()), detail) {
				t.Errorf("%s %s in %s does not say %q: %.400s", method, path, l, detail, rec.Body)
			}
		}
	}
	if asked < 500 {
		t.Errorf("only %d were asked", asked)
	}
}

// What is not there is told by a page of ours in the reader's language, however its
// address is written, and to programs as a problem.
func TestWhatIsNotThereHasAPageOfOurs(t *testing.T) {
	s := wholeServer(t)
	de := words.In("de")
	detail, _ := de.ByCode("no-page")
	for _, path := range []string{
		"/static/..%2f", "/static/x/..%2f", "/static/x/..%2f..%2fgo.mod", "/static/x/y.css", "/static/" + s.assets.hash + "/none.css", "/static/" + s.assets.hash + "/",
		"/static/" + s.assets.hash + "/..%2f..%2findex.html", "/static", "/static/", "/%2e%2e%2f", "/nope", "/nope/..%2f", "/favicon.ico", "/demo/carta/x%2fy.png", "/%00", "/impostazioni/biglietto/nope.png",
		"/api/v1/nope", "/api/v1/..%2f", "/api/nope",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			rec := httptest.NewRecorder()
			s.handler.ServeHTTP(rec, request(t, method, "http://localhost"+path, "", "Cookie", languageCookie+"=de"))
			if rec.Code/100 == 3 || method == http.MethodPost && rec.Code != http.StatusNotFound {
				continue // who is nobody signs in first, and what is not tidy is asked for anew
			}
			kind, said := rec.Header().Get("Content-Type"), html.UnescapeString(rec.Body.String())
			if rec.Code != http.StatusNotFound || !strings.Contains(said, detail) || strings.HasPrefix(path, "/api/") != (kind == "application/problem+json") {
				t.Errorf("%s %s: %d %s %.300s", method, path, rec.Code, kind, said)
			}
		}
	}
}
