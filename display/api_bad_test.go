package display

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/access/private"
)

// A documentedCall is a call of the document, with all that it says of it.
type documentedCall struct {
	method, path string
	parameters   []documentedParameter
	media        string         // of its body; empty without one
	body         map[string]any // schema of its body
	answer       map[string]any // schema of its good answer, if that is JSON
	statuses     []string       // of its answers
}

type documentedParameter struct {
	Name, In string
	Required bool
	Schema   map[string]any
}

func (c documentedCall) String() string { return c.method + " " + c.path }

// at is the address of a call, with the values of the reference office at its places
// unless another is given for all.
func (c documentedCall) at(place string) string {
	usual := map[string]string{"desk": "s1", "outlet": "totem", "number": "1", "service": "cie.png", "id": "none"}
	parts := strings.Split(c.path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			parts[i] = url.PathEscape(cmp.Or(place, usual[strings.TrimSuffix(name, "}")], "x"))
		}
	}
	return strings.Join(parts, "/")
}

// question is what a call may be asked, with values of the reference office.
func (c documentedCall) question() string {
	usual := map[string]string{"desk": "s1", "outlet": "totem", "q": "residenza", "from": "2026-11-24", "to": "2026-11-24"}
	q := url.Values{}
	for _, p := range c.parameters {
		if p.In == "query" && usual[p.Name] != "" {
			q.Set(p.Name, usual[p.Name])
		}
	}
	return q.Encode()
}

// A wholeOffice is an office with every call that there is, and whoever sends
// anything to it may do everything.
type wholeOffice struct {
	*Server
	o       *testOffice
	store   *private.Store
	setups  *testSetups
	demo    *testDemo
	walk    *testWalk
	copies  *takenCopies
	calls   []documentedCall
	schemas map[string]any
}

func newWholeOffice(t testing.TB) *wholeOffice {
	t.Helper()
	o := newTestOffice(t)
	o.busy(t)
	return wholeOf(t, o)
}

// wholeOf is an office, or a box that has none yet, with every call that there is.
func wholeOf(t testing.TB, o *testOffice) *wholeOffice {
	t.Helper()
	x := &wholeOffice{o: o, store: testAccounts(t), setups: newTestSetups(o), demo: &testDemo{}, walk: newTestWalk(), copies: &takenCopies{err: ErrBadCopy}}
	cfg := o.config()
	cfg.Setups, cfg.Access, cfg.Administration, cfg.Demo, cfg.Trial = x.setups, x.store, x.store, x.demo, printsAll
	cfg.Walk, cfg.Copies = x.walk, x.copies
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.streams.close() // a reader who is let in would wait for what happens
	x.Server = s
	b, err := json.Marshal(s.operations.api.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths map[string]map[string]struct {
			Parameters  []documentedParameter
			RequestBody struct {
				Content map[string]struct{ Schema map[string]any }
			}
			Responses map[string]struct {
				Content map[string]struct{ Schema map[string]any }
			}
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	x.schemas = d.Components.Schemas
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			op := d.Paths[path][method]
			c := documentedCall{
				method: strings.ToUpper(method), path: path, parameters: op.Parameters, answer: op.Responses["200"].Content["application/json"].Schema,
				statuses: slices.Collect(maps.Keys(op.Responses)),
			}
			for media, of := range op.RequestBody.Content {
				c.media, c.body = media, x.resolve(of.Schema)
			}
			x.calls = append(x.calls, c)
		}
	}
	return x
}

// resolve follows the reference of a schema.
func (x *wholeOffice) resolve(schema map[string]any) map[string]any {
	ref, ok := schema["$ref"].(string)
	if !ok {
		return schema
	}
	named, _ := x.schemas[ref[strings.LastIndexByte(ref, '/')+1:]].(map[string]any)
	return named
}

// good is a body that a call takes; empty where it takes none.
func (x *wholeOffice) good(t testing.TB, c documentedCall) string {
	t.Helper()
	if c.media == "" {
		return ""
	}
	b, err := json.Marshal(x.sample(c.body))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sample is a value that a schema allows, its own example first.
func (x *wholeOffice) sample(schema map[string]any) any {
	schema = x.resolve(schema)
	if examples, _ := schema["examples"].([]any); len(examples) > 0 {
		return examples[0]
	}
	if enum, _ := schema["enum"].([]any); len(enum) > 0 {
		return enum[0]
	}
	switch typeOf(schema) {
	case "object":
		v := map[string]any{}
		for name, of := range propertiesOf(schema) {
			v[name] = x.sample(of)
		}
		return v
	case "array":
		return []any{}
	case "integer", "number":
		if least, ok := schema["minimum"].(float64); ok {
			return least
		}
		return 1
	case "boolean":
		return false
	}
	if _, digits := schema["pattern"]; digits {
		return "1"
	}
	return "x"
}

// typeOf is the type of a schema, which may be that or null.
func typeOf(schema map[string]any) string {
	switch t := schema["type"].(type) {
	case string:
		return t
	case []any:
		for _, one := range t {
			if one != "null" {
				return fmt.Sprint(one)
			}
		}
	}
	return ""
}

func propertiesOf(schema map[string]any) map[string]map[string]any {
	all := map[string]map[string]any{}
	properties, _ := schema["properties"].(map[string]any)
	for name, of := range properties {
		all[name], _ = of.(map[string]any)
	}
	return all
}

// wrong is a value that a schema does not allow.
func (x *wholeOffice) wrong(schema map[string]any) any {
	if typeOf(x.resolve(schema)) == "string" {
		return 7
	}
	return "x"
}

// kept is all that calls can change.
func (x *wholeOffice) kept(t testing.TB) string {
	t.Helper()
	audit, err := x.store.AuditBefore(0, 5)
	if err != nil {
		t.Fatal(err)
	}
	x.setups.mu.Lock()
	drafts := maps.Clone(x.setups.drafts)
	x.setups.mu.Unlock()
	x.demo.mu.Lock()
	demo := fmt.Sprint(x.demo.pressed, x.demo.broken, x.demo.people, x.demo.speed)
	x.demo.mu.Unlock()
	x.walk.mu.Lock()
	walk := fmt.Sprint(x.walk.tried, x.walk.named)
	x.walk.mu.Unlock()
	b, err := json.Marshal([]any{
		x.o.newest().Seq(), drafts, x.setups.Planned(), len(x.setups.Versions()),
		x.store.Members(), x.store.Screens(), x.store.Tokens(), x.store.DeskAlert(), audit,
		x.cfg.Hooks.List(), fmt.Sprintf("%p", x.cfg.Procedures.(*testProcedures).c), demo, walk,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// send asks for an address without a network in between.
func (x *wholeOffice) send(method, address string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	path, query, _ := strings.Cut(address, "?")
	r := httptest.NewRequest(method, "http://localhost/", body)
	r.RemoteAddr = "127.0.0.1:4000"
	if to, err := url.PathUnescape(path); err == nil {
		r.URL.Path, r.URL.RawPath, r.URL.RawQuery = to, path, query
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	x.handler.ServeHTTP(rec, r)
	return rec
}

// refusalIn is the problem of an answer, or what is missing for it to be a refusal
// that says what to do.
func refusalIn(rec *httptest.ResponseRecorder) (p problem, err error) {
	switch kind := rec.Header().Get("Content-Type"); {
	case rec.Code < 400 || rec.Code > 499:
		err = fmt.Errorf("it is answered %d", rec.Code)
	case kind != "application/problem+json":
		err = fmt.Errorf("%d is answered as %s", rec.Code, kind)
	default:
		err = json.Unmarshal(rec.Body.Bytes(), &p)
	}
	if err == nil && (p.Status != rec.Code || p.Code == "" || p.Do == "" || !strings.HasSuffix(p.Detail, p.Do)) {
		err = errors.New("it does not say what it is and what to do")
	}
	if err != nil {
		err = fmt.Errorf("%w: %.300s", err, rec.Body)
	}
	return p, err
}

// refusal is the problem with which a call refuses, as the document says of it.
func (c documentedCall) refusal(rec *httptest.ResponseRecorder) (p problem, err error) {
	if p, err = refusalIn(rec); err != nil {
		return p, err
	}
	elsewhere := []string{"foreign-host", "foreign-origin"} // before any call
	codes := refusalCodes()[p.Status]
	if !slices.Contains(elsewhere, p.Code) && (!slices.Contains(c.statuses, fmt.Sprint(p.Status)) || !slices.Contains(codes, p.Code)) {
		err = fmt.Errorf("the document does not say that it refuses with %d %s", p.Status, p.Code)
	}
	return p, err
}

// A badRequest is a request that no call may carry out.
type badRequest struct {
	what    string
	body    io.Reader
	place   string   // at every place of the address; empty is a usual one
	headers []string // Content-Type is the call's own unless it stands here
	at      string   // the field of the body that the refusal names; empty is any
}

// A breaking is a body that breaks off.
type breaking struct{}

func (breaking) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// badRequests are all those of a call.
func (x *wholeOffice) badRequests(t *testing.T, c documentedCall) (all []badRequest) {
	t.Helper()
	good := x.good(t, c)
	all = append(all,
		badRequest{what: "a page of another site", body: strings.NewReader(good), headers: []string{"Origin", "http://evil.example"}},
		badRequest{what: "a page of a neighbouring site", body: strings.NewReader(good), headers: []string{"Sec-Fetch-Site", "same-site"}},
		badRequest{what: "another host", body: strings.NewReader(good), headers: []string{"Host", "evil.example"}},
	)
	if strings.Contains(c.path, "{") {
		all = append(all, badRequest{what: "a place that is not there", body: strings.NewReader(good), place: "<script>"})
	}
	if c.method == http.MethodPost {
		all = append(all, badRequest{what: "a name that is too long", body: strings.NewReader(good), headers: []string{"Idempotency-Key", strings.Repeat("n", maxRequestBytes+1)}})
	}
	if c.media == "" {
		return append(all,
			badRequest{what: "a body that says something", body: strings.NewReader(`{"nothing-of-ours":1}`), at: "nothing-of-ours"},
			badRequest{what: "a body that is no object", body: strings.NewReader("nothing=of-ours")},
			badRequest{what: "a huge body", body: strings.NewReader(strings.Repeat(" ", 2*maxUploadBytes))},
			badRequest{what: "a body that breaks off", body: breaking{}},
		)
	}
	all = append(all,
		badRequest{what: "a huge body", body: strings.NewReader(strings.Repeat("x", 2*maxUploadBytes))},
		badRequest{what: "a huge body that has a name", body: strings.NewReader(strings.Repeat("x", 2*maxUploadBytes)), headers: []string{"Idempotency-Key", "huge"}},
		badRequest{what: "a body that breaks off", body: breaking{}},
		badRequest{what: "a form", body: strings.NewReader(good), headers: []string{"Content-Type", "application/x-www-form-urlencoded"}},
		badRequest{what: "a body of no type", body: strings.NewReader(good), headers: []string{"Content-Type", ";"}},
	)
	if c.media != "application/json" {
		all = append(all, badRequest{what: "a file with faults", body: strings.NewReader("\x00[")})
		return all
	}
	broken := []string{"", "{", "nul", "null", "[]", `"x"`, "7", good + "{}", "\xff\xfe{}", strings.Repeat("[", maxBodyBytes-1), `{"a":` + strings.Repeat(`{"a":`, 3000)}
	for _, text := range broken {
		all = append(all, badRequest{what: fmt.Sprintf("the body %.20q", text), body: strings.NewReader(text)})
	}
	with := func(name string, value any) io.Reader {
		body, _ := x.sample(c.body).(map[string]any)
		body[name] = value
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		return strings.NewReader(string(b))
	}
	for name, of := range propertiesOf(c.body) {
		all = append(all, badRequest{what: name + " of another type", body: with(name, x.wrong(of)), at: name})
	}
	if c.body["additionalProperties"] != false {
		t.Errorf("%s takes fields that the document does not have", c)
	}
	return append(all, badRequest{what: "an unknown field", body: with("nothing-of-ours", "x"), at: "nothing-of-ours"})
}

// Whatever is wrong with a request, each call that changes something refuses it with
// what to do, and nothing is changed.
func TestBadRequestsChangeNothing(t *testing.T) {
	if asked := badlyAsked(t, newWholeOffice(t), ""); asked < 80 {
		t.Errorf("only %d calls were asked", asked)
	}
}

// badlyAsked asks each call below an address in every way that is wrong, and counts
// the calls.
func badlyAsked(t *testing.T, x *wholeOffice, below string) (asked int) {
	t.Helper()
	for _, c := range x.calls {
		if c.method == http.MethodGet || !strings.HasPrefix(c.path, below) {
			continue
		}
		asked++
		for _, bad := range x.badRequests(t, c) {
			headers := append([]string{"Content-Type", c.media}, bad.headers...)
			before := x.kept(t)
			rec := x.send(c.method, c.at(bad.place), bad.body, headers...)
			p, err := c.refusal(rec)
			if err != nil {
				t.Errorf("%s: %s: %v", c, bad.what, err)
			}
			if bad.at != "" && !slices.ContainsFunc(p.Errors, func(e problemField) bool {
				return strings.HasPrefix(e.Location, "body.") && strings.HasSuffix(e.Location, "."+bad.at)
			}) {
				t.Errorf("%s: %s: the refusal names %+v and not %s", c, bad.what, p.Errors, bad.at)
			}
			if after := x.kept(t); after != before {
				t.Errorf("%s: %s: changes %s into %s", c, bad.what, before, after)
			}
		}
	}
	return asked
}

// What is asked by a name that was used is not carried out again, and another
// request by that name is refused.
func TestReplayedNamesChangeNothing(t *testing.T) {
	x := newWholeOffice(t)
	for _, c := range x.calls {
		if c.method != http.MethodPost {
			continue
		}
		good := x.good(t, c)
		headers := []string{"Content-Type", "application/json", "Idempotency-Key", "of-this-morning"}
		// The answer of this morning, whatever it was.
		r := request(t, c.method, "http://localhost"+c.at(""), good, headers...)
		x.operations.once.wrap(x.Server, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `"done"`) })(httptest.NewRecorder(), r)

		before := x.kept(t)
		rec := x.send(c.method, c.at(""), strings.NewReader(good), headers...)
		if rec.Code != http.StatusOK || rec.Body.String() != `"done"` || rec.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("%s again is answered %d %s", c, rec.Code, rec.Body)
		}
		rec = x.send(c.method, c.at(""), strings.NewReader(good+" "), headers...)
		if p, err := c.refusal(rec); err != nil || p.Code != "other-request" {
			t.Errorf("%s: another request by the same name: %v %+v", c, err, p)
		}
		if x.kept(t) != before {
			t.Errorf("%s: a replayed name changes something", c)
		}
	}
}

// Two programs that number their requests alike are each answered for themselves,
// even when the answers that were kept are gone.
func TestANameIsEachProgramsOwn(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	tokens, numbers := map[string]string{}, map[string]string{}
	for _, name := range []string{"sito", "app"} {
		_, text, err := cfg.Access.(*private.Store).MakeToken(time.Now(), access.By{Name: "Anna"}, access.Token{
			Name: name, Role: access.Reception, Expires: time.Now().Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		tokens[name] = text
	}
	for range 2 {
		s := serve(t, cfg, "")
		for name, text := range tokens {
			status, _, body := ask(t, request(t, "POST", s.url+"/api/v1/reception/issue", `{"service":"anagrafe","outlet":"accoglienza"}`,
				"Content-Type", "application/json", "Idempotency-Key", "1", "Authorization", "Bearer "+text))
			var a answer
			if err := json.Unmarshal([]byte(body), &a); err != nil || status/100 != 2 || a.Ticket == nil {
				t.Fatalf("%d %s", status, body)
			}
			if before := numbers[name]; before != "" && before != a.Ticket.Number {
				t.Errorf("%s is given %s and %s for one name", name, before, a.Ticket.Number)
			}
			numbers[name] = a.Ticket.Number
		}
		s.stop()
	}
	if numbers["sito"] == numbers["app"] {
		t.Errorf("both programs are given %s", numbers["app"])
	}
}

// What a program reads with senseless values is refused with what to do, or answered
// without them.
func TestSenselessQuestionsAreAnswered(t *testing.T) {
	x := newWholeOffice(t)
	refused := 0
	for _, c := range x.calls {
		if c.method != http.MethodGet {
			continue
		}
		places := []string{"", "<script>", "-1", "99999999999999999999", strings.Repeat("x", 500), "\xff"}
		if !strings.Contains(c.path, "{") {
			places = places[:1]
		}
		var addresses []string
		for _, place := range places {
			addresses = append(addresses, c.at(place))
		}
		for _, p := range c.parameters {
			if p.In != "query" {
				continue
			}
			for _, value := range []string{"", "x", "-1", "99999999999999999999", "<script>", "%ff%00", strings.Repeat("x", 5000)} {
				addresses = append(addresses, c.at("")+"?"+p.Name+"="+value)
			}
		}
		for _, address := range addresses {
			if c.path == "/api/v1/events" && (!strings.Contains(address, "?") || strings.HasSuffix(address, "=")) {
				continue // a good question, whose answer does not end
			}
			rec := x.send(http.MethodGet, address, nil)
			if rec.Code < 400 {
				continue
			}
			refused++
			if _, err := c.refusal(rec); err != nil {
				t.Errorf("%.100s: %v", address, err)
			}
		}
	}
	if refused < 30 {
		t.Errorf("only %d questions were refused", refused)
	}
}

// Whatever is read by a call stands in the document: a generated client finds it.
func TestAnswersHaveWhatTheDocumentSays(t *testing.T) {
	x := newWholeOffice(t)
	read := 0
	for _, c := range x.calls {
		if c.method != http.MethodGet || c.answer == nil {
			continue
		}
		rec := x.send(http.MethodGet, c.at("")+"?"+c.question(), nil)
		if rec.Code != http.StatusOK {
			continue
		}
		read++
		var got any
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		for _, name := range x.unsaid(c.answer, got, "") {
			t.Errorf("%s answers with %s, which the document does not have", c, name)
		}
	}
	if read < 20 {
		t.Errorf("only %d calls were read", read)
	}
}

// unsaid are the fields of a value that its schema does not have.
func (x *wholeOffice) unsaid(schema map[string]any, value any, at string) (all []string) {
	schema = x.resolve(schema)
	switch v := value.(type) {
	case map[string]any:
		known := propertiesOf(schema)
		others, free := schema["additionalProperties"].(map[string]any)
		for name, one := range v {
			switch of := known[name]; {
			case of != nil:
				all = append(all, x.unsaid(of, one, at+"."+name)...)
			case free:
				all = append(all, x.unsaid(others, one, at+"."+name)...)
			case len(known) > 0:
				all = append(all, at+"."+name)
			}
		}
	case []any:
		items, _ := schema["items"].(map[string]any)
		for _, one := range v {
			all = append(all, x.unsaid(items, one, at+"[]")...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// No request has a call fail, and what is refused has changed nothing.
func FuzzCalls(f *testing.F) {
	x := newWholeOffice(f)
	for i, c := range x.calls {
		f.Add(uint16(i), "s1", c.question(), []byte(x.good(f, c)), c.media, "")
		f.Add(uint16(i), "", "", []byte(`{"nothing-of-ours":1}`), c.media, "")
		f.Add(uint16(i), "", "", []byte(`{"ticket":"1","version":1,"mark":"x","path":"service[1]"}`), "application/json", "again")
	}
	f.Fuzz(func(t *testing.T, which uint16, place, query string, body []byte, media, name string) {
		c := x.calls[int(which)%len(x.calls)]
		if c.path == "/api/v1/events" {
			return // its answer does not end; its questions are fuzzed by FuzzParseEventID
		}
		before := ""
		if c.method != http.MethodGet {
			before = x.kept(t)
		}
		rec := x.send(c.method, c.at(place)+"?"+query, strings.NewReader(string(body)), "Content-Type", media, "Idempotency-Key", name)
		if rec.Code < 400 {
			return
		}
		if _, err := c.refusal(rec); err != nil {
			t.Errorf("%s: %v", c, err)
		}
		if c.method != http.MethodGet && x.kept(t) != before {
			t.Errorf("%s is refused with %d and has changed something", c, rec.Code)
		}
	})
}
