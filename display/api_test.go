package display

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"html"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"eliminacode/queue"
)

// A document is what the test reads of the API's document.
type document struct {
	OpenAPI string
	Paths   map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Summary     string
		Description string
		Parameters  []struct{ Name, In string }
		Responses   map[string]any
	}
	Components struct{ Schemas map[string]any }
}

func documentOf(t *testing.T, s *Server) (d document) {
	t.Helper()
	rec := httptest.NewRecorder()
	s.guard(s.mux(false)).ServeHTTP(rec, request(t, http.MethodGet, "http://localhost/api/v1/openapi.json", ""))
	if err := json.Unmarshal(rec.Body.Bytes(), &d); err != nil || rec.Code != http.StatusOK {
		t.Fatalf("%d %v: %s", rec.Code, err, rec.Body)
	}
	return d
}

// Each call of the document is one of the server's addresses, has a name of its
// own, and says who may use it.
func TestDocumentIsTheServers(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Trial, cfg.Administration, cfg.Copies, cfg.Walk = printsAll, testAccounts(t), noCopies{}, newTestWalk()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	d := documentOf(t, s)
	if d.OpenAPI != "3.1.0" || len(d.Paths) < 40 {
		t.Fatalf("OpenAPI %s with %d paths", d.OpenAPI, len(d.Paths))
	}
	mux := http.NewServeMux()
	for _, one := range s.routes() {
		mux.HandleFunc(one.pattern, one.do)
	}
	names := map[string]string{}
	for path, calls := range d.Paths {
		for method, call := range calls {
			r := request(t, strings.ToUpper(method), "http://localhost"+strings.NewReplacer("{desk}", "s1", "{outlet}", "totem", "{id}", "x").Replace(path), "")
			if _, pattern := mux.Handler(r); pattern == "/" || pattern == "" {
				t.Errorf("%s %s is no address of the server", method, path)
			}
			if before := names[call.OperationID]; before != "" || call.OperationID == "" {
				t.Errorf("%s and %s are both named %q", before, path, call.OperationID)
			}
			names[call.OperationID] = path
			if !strings.Contains(call.Description, "For ") || call.Summary == "" || call.Responses["default"] == nil {
				t.Errorf("%s %s does not say what it is for and for whom: %+v", method, path, call)
			}
			named := slices.ContainsFunc(call.Parameters, func(p struct{ Name, In string }) bool { return p.Name == "Idempotency-Key" })
			if named != (method == "post") {
				t.Errorf("%s %s can be named: %v", method, path, named)
			}
		}
	}
}

// The page of the API shows every call of the document, with an example of its body
// where the fields have some and how it refuses, and what holds for all calls.
func TestThePageOfTheAPIShowsEveryCall(t *testing.T) {
	x := newWholeOffice(t)
	page := html.UnescapeString(x.send(http.MethodGet, "/api/v1/", nil).Body.String())
	for _, c := range x.calls {
		if !strings.Contains(page, "<code>"+c.String()+"</code>") {
			t.Errorf("%s is not on the page", c)
		}
	}
	for _, want := range []string{`{"list":"service","mark":"6f1c2a90","name":"Passaporti"}`, "Takes string as <code>application/toml</code>", "such as <code>ticket-of-8-15</code>",
		`<a href="#refusal-409">409</a>`, `id="refusal-409"`, "<code>desk-closed</code></th><td>", "Sending again. A post may have an Idempotency-Key", "ticket.transferred"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
}

// The page of the API is long: its index comes first, every call, refusal and type is
// a line that unfolds without script, and each link of the page leads to one of them.
func TestThePageOfTheAPIBeginsWithItsIndex(t *testing.T) {
	x := newWholeOffice(t)
	page := x.send(http.MethodGet, "/api/v1/", nil).Body.String()
	index, prose := strings.Index(page, `<nav`), strings.Index(page, "Who calls.")
	if index < 0 || prose < index || strings.Contains(page, "<script") {
		t.Errorf("the index stands at %d, the prose at %d", index, prose)
	}
	if folded := strings.Count(page, "<details"); folded <= len(x.calls) {
		t.Errorf("%d parts of the page unfold, and there are %d calls", folded, len(x.calls))
	}
	there := map[string]int{}
	for _, id := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if there[id[1]]++; there[id[1]] > 1 {
			t.Errorf("%s stands twice", id[1])
		}
	}
	for _, link := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if there[link[1]] == 0 {
			t.Errorf("a link leads to %s, which is not there", link[1])
		}
	}
}

// Whatever the pages' acts can do, the document has: an action that is added to
// one of them fails this test until it has its types.
func TestEveryActionIsACall(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Trial, cfg.Demo, cfg.Walk = printsAll, &testDemo{}, newTestWalk()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	d := documentOf(t, s)
	places := map[string]string{
		"deskCommand": "/api/v1/desks/{desk}/", "receptionAct": "/api/v1/reception/", "managerCommand": "/api/v1/manager/", "clockAct": "/api/v1/clock/",
		"blockCommand": "/api/v1/blocks/", "demoAct": "/api/v1/demo/", "walkAct": "/api/v1/walk/",
	}
	found := 0
	for function, actions := range actionsIn(t) {
		place, ours := places[function]
		if !ours {
			continue
		}
		for _, action := range actions {
			found++
			if d.Paths[place+action]["post"].OperationID == "" {
				t.Errorf("%s carries out %q, and %s%s is no call of the API", function, action, place, action)
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d actions were found", found)
	}
}

// actionsIn are the texts of the cases of "switch action", by their function.
func actionsIn(t *testing.T) map[string][]string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				sw, ok := n.(*ast.SwitchStmt)
				if tag, named := (func() (*ast.Ident, bool) {
					if !ok {
						return nil, false
					}
					id, is := sw.Tag.(*ast.Ident)
					return id, is
				})(); !named || tag.Name != "action" {
					return true
				}
				for _, c := range sw.Body.List {
					for _, e := range c.(*ast.CaseClause).List {
						if lit, ok := e.(*ast.BasicLit); ok {
							action, _ := strconv.Unquote(lit.Value)
							all[f.Name.Name] = append(all[f.Name.Name], action)
						}
					}
				}
				return true
			})
		}
	}
	return all
}

// post sends a JSON body to a call, with a name if it has one.
func post(t *testing.T, s running, path, key, body string) (status int, header http.Header, got string) {
	t.Helper()
	headers := []string{"Content-Type", "application/json", "Accept-Language", "it"}
	if key != "" {
		headers = append(headers, "Idempotency-Key", key)
	}
	return ask(t, request(t, http.MethodPost, s.url+path, body, headers...))
}

// A post that is sent again by the same name changes nothing and is answered as
// before, even while the first one is under way.
func TestNamedPostIsCarriedOutOnce(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	o.open(t, "s1")
	for _, c := range []struct{ path, body string }{
		{"/api/v1/reception/issue", `{"service":"anagrafe","outlet":"accoglienza"}`},
		{"/api/v1/desks/s1/next", `{}`},
	} {
		before := o.writes()
		answers := make([]string, 6)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { _, _, answers[i] = post(t, s, c.path, "one", c.body) })
		}
		all.Wait()
		for _, a := range answers {
			if a != answers[0] || !strings.Contains(a, `"ticket"`) {
				t.Errorf("%s: one post is answered with %s and %s", c.path, answers[0], a)
			}
		}
		if n := o.writes() - before; n != 1 {
			t.Errorf("%s: %d commands were written for one name", c.path, n)
		}
		if _, header, _ := post(t, s, c.path, "one", c.body); header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("%s: a repetition does not say so: %v", c.path, header)
		}
		if status, _, body := post(t, s, c.path, "one", `{"service":"cie"}`); status != http.StatusUnprocessableEntity || !strings.Contains(body, `"code":"other-request"`) {
			t.Errorf("%s: another request by the same name: %d %s", c.path, status, body)
		}
	}
}

// What was refused may be tried again by the same name.
func TestRefusedPostMayBeTriedAgain(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	if status, _, body := post(t, s, "/api/v1/desks/s1/next", "one", `{}`); status != http.StatusConflict {
		t.Fatalf("a desk that is closed calls: %d %s", status, body)
	}
	o.open(t, "s1")
	if status, _, body := post(t, s, "/api/v1/desks/s1/next", "one", `{}`); status != http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
}

// A name of an issue is the request that the journal keeps: it holds when the
// answers that were kept are gone.
func TestNameOfAnIssueOutlivesTheProgram(t *testing.T) {
	o := newTestOffice(t)
	body := `{"service":"anagrafe","outlet":"accoglienza"}`
	var tickets []queue.TicketID
	for range 2 {
		s := serve(t, o.config(), "")
		if status, _, got := post(t, s, "/api/v1/reception/issue", "day-long", body); status/100 != 2 {
			t.Fatalf("%d %s", status, got)
		}
		tickets = append(tickets, o.newest().TicketByRequest("day-long").ID)
		s.stop()
	}
	if tickets[0] != tickets[1] || o.newest().Totals().Issued != 1 {
		t.Errorf("one request was given %v", tickets)
	}
}

// The answers that are kept are bounded, in number and in size.
func TestKeptAnswersAreBounded(t *testing.T) {
	k := newOnce()
	for i := range 3 * onceKept {
		answer, mine := k.claim(fmt.Sprint(i), [32]byte{})
		if !mine {
			t.Fatalf("%d was kept before it came", i)
		}
		rec := &recording{ResponseWriter: httptest.NewRecorder()}
		fmt.Fprint(rec, "{}")
		k.finish(fmt.Sprint(i), answer, rec)
	}
	if len(k.by) > onceKept || len(k.order) > onceKept {
		t.Errorf("%d answers are kept by %d names", len(k.by), len(k.order))
	}
	answer, _ := k.claim("long", [32]byte{})
	rec := &recording{ResponseWriter: httptest.NewRecorder()}
	fmt.Fprint(rec, strings.Repeat("x", onceBytes+1))
	k.finish("long", answer, rec)
	if _, mine := k.claim("long", [32]byte{}); !mine {
		t.Error("an answer that is too long is kept")
	}
}

// A request that is not right is refused in the caller's language, with the place
// that is wrong and what to do.
func TestBadRequestsAreProblems(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	for name, r := range map[string]*http.Request{
		"not JSON":         request(t, http.MethodPost, s.url+"/api/v1/reception/issue", `{"service":`, "Content-Type", "application/json"),
		"no service":       request(t, http.MethodPost, s.url+"/api/v1/reception/issue", `{}`, "Content-Type", "application/json"),
		"a number":         request(t, http.MethodPost, s.url+"/api/v1/reception/issue", `{"service":3}`, "Content-Type", "application/json"),
		"a form":           request(t, http.MethodPost, s.url+"/api/v1/reception/issue", `service=cie`, "Content-Type", "application/x-www-form-urlencoded"),
		"unknown class":    request(t, http.MethodPost, s.url+"/api/v1/reception/issue", `{"service":"cie","class":"vip"}`, "Content-Type", "application/json"),
		"long name":        request(t, http.MethodPost, s.url+"/api/v1/reception/issue", `{"service":"cie"}`, "Content-Type", "application/json", "Idempotency-Key", strings.Repeat("x", 65)),
		"unknown grouping": request(t, http.MethodGet, s.url+"/api/v1/reports/waits?from=2026-11-24&to=2026-11-24&by=clerk", ""),
		"no dates":         request(t, http.MethodGet, s.url+"/api/v1/reports/waits", ""),
		"a huge body":      request(t, http.MethodPost, s.url+"/api/v1/reception/issue", `{"service":"`+strings.Repeat("x", maxBodyBytes)+`"}`, "Content-Type", "application/json"),
	} {
		r.AddCookie(&http.Cookie{Name: languageCookie, Value: "de"})
		status, header, body := ask(t, r)
		var p problem
		if err := json.Unmarshal([]byte(body), &p); err != nil || status/100 != 4 || p.Status != status || p.Code == "" || p.Do == "" ||
			header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s (%v)", name, status, body, err)
		}
		if !strings.Contains(p.Detail, "Sie") {
			t.Errorf("%s is not answered in German: %s", name, p.Detail)
		}
	}
	if n := o.newest().Totals().Issued; n != 0 {
		t.Errorf("%d tickets were issued", n)
	}
}

// A report asked for by a program is the one of the page.
func TestReportByAPI(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	s := serve(t, o.config(), "")
	status, _, body := ask(t, request(t, http.MethodGet, s.url+"/api/v1/reports/waits?from=2026-11-24&to=2026-11-24&by=service", ""))
	var report struct {
		Visits int
		Rows   []struct{ Key string }
	}
	if err := json.Unmarshal([]byte(body), &report); err != nil || status != http.StatusOK || report.Visits != o.newest().Totals().Issued || len(report.Rows) == 0 {
		t.Errorf("%d %s: %v", status, body, err)
	}
}
