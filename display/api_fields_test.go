package display

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/danielgtaylor/huma/v2"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A wrongRequest breaks one rule of a call.
type wrongRequest struct {
	call     documentedCall
	query    string
	body     string
	location string // that the refusal names
	code     string // of the rule
}

// ruleWords are what a schema may say that refuses nothing by itself.
var ruleWords = []string{"description", "examples", "default", "properties", "items", "additionalProperties", "required", "$ref", "contentEncoding"}

// breaks are the values that break the rules of a schema, by the code of the rule and
// where in the value it is broken.
func (x *wholeOffice) breaks(t *testing.T, schema map[string]any) map[[2]string]any {
	t.Helper()
	schema = x.resolve(schema)
	all := map[[2]string]any{}
	for _, word := range slices.Sorted(maps.Keys(schema)) {
		switch rule := schema[word]; word {
		case "type":
			kind := typeOf(schema)
			code := map[string]string{"string": "text", "integer": "whole", "number": "number", "boolean": "truth", "array": "list", "object": "object"}[kind]
			if code == "" {
				t.Errorf("no value of another type than %s is known", kind)
			}
			all[[2]string{code, ""}] = x.wrong(schema)
			if items, _ := schema["items"].(map[string]any); items != nil {
				for broken, value := range x.breaks(t, items) {
					all[[2]string{broken[0], "[0]" + broken[1]}] = []any{value}
				}
			}
			if members, _ := schema["additionalProperties"].(map[string]any); members != nil {
				for broken, value := range x.breaks(t, members) {
					all[[2]string{broken[0], ".x" + broken[1]}] = map[string]any{"x": value}
				}
			}
			if kind == "integer" {
				all[[2]string{"size", ""}] = json.Number("1e300")
				if _, bounded := schema["maximum"]; bounded {
					delete(all, [2]string{"size", ""})
				}
			}
		case "enum":
			all[[2]string{"one-of", ""}] = "nothing of ours"
		case "pattern":
			all[[2]string{"pattern", ""}] = "~"
		case "maxLength":
			all[[2]string{"long", ""}] = strings.Repeat("0", int(rule.(float64))+1)
		case "minimum":
			all[[2]string{"least", ""}] = rule.(float64) - 1
		case "maximum":
			all[[2]string{"most", ""}] = rule.(float64) + 1
		case "format":
			if rule == "date" {
				all[[2]string{"date", ""}] = "of old"
			} else if rule != "int32" && rule != "int64" && rule != "double" {
				t.Errorf("no value is known that is not of the format %s", rule)
			}
		default:
			if !slices.Contains(ruleWords, word) {
				t.Errorf("no value is known that breaks %s", word)
			}
		}
	}
	return all
}

// wrongRequests break each rule of each call once.
func (x *wholeOffice) wrongRequests(t *testing.T) (all []wrongRequest) {
	t.Helper()
	for _, c := range x.calls {
		all = append(all, wrongRequest{c, "?nothing-of-ours=1", x.good(t, c), "query.nothing-of-ours", "unknown"})
		all = append(all, x.wrongParameters(t, c)...)
		if c.media != "application/json" {
			continue
		}
		with := func(name string, value any) string {
			body, _ := x.sample(c.body).(map[string]any)
			if body[name] = value; value == nil {
				delete(body, name)
			}
			text, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		all = append(all,
			wrongRequest{c, "", "", "body", "no-body"}, wrongRequest{c, "", "{", "body", "unreadable"}, wrongRequest{c, "", "[]", "body", "object"},
			wrongRequest{c, "", with("nothing-of-ours", 1), "body.nothing-of-ours", "unknown"})
		for name, value := range propertiesIn(t, with("", nil)) {
			doubled := fmt.Sprintf(`{%q:%s,%s`, name, value, strings.TrimPrefix(with("", nil), "{"))
			all = append(all, wrongRequest{c, "", doubled, "body." + name, "twice"})
		}
		must, _ := c.body["required"].([]any)
		for name, schema := range propertiesOf(c.body) {
			if slices.Contains(must, any(name)) {
				all = append(all, wrongRequest{c, "", with(name, nil), "body." + name, "missing"})
			}
			if x.resolve(schema)["additionalProperties"] == false {
				t.Errorf("%s: %s has fields of its own, whose faults would be told at another place", c, name)
			}
			for broken, value := range x.breaks(t, schema) {
				all = append(all, wrongRequest{c, "", with(name, value), "body." + name + broken[1], broken[0]})
			}
		}
	}
	return all
}

// propertiesIn are the values of an object, by name.
func propertiesIn(t *testing.T, object string) (all map[string]json.RawMessage) {
	t.Helper()
	if err := json.Unmarshal([]byte(object), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// wrongParameters break the rules of what stands in an address. Those that are read
// by handlers of their own are any text in the document, and break none.
func (x *wholeOffice) wrongParameters(t *testing.T, c documentedCall) (all []wrongRequest) {
	t.Helper()
	good := url.Values{}
	for _, p := range c.parameters {
		if p.In == "query" && p.Required {
			good.Set(p.Name, "2026-11-24")
		}
	}
	if c.method == http.MethodGet {
		all = append(all, wrongRequest{c, "?" + good.Encode() + "&%zz=1", "", "query", "escape"})
	}
	for _, p := range c.parameters {
		if p.In != "query" {
			continue
		}
		try := func(value, code string) {
			q := maps.Clone(good)
			if q.Set(p.Name, value); value == "" {
				q.Del(p.Name)
			}
			all = append(all, wrongRequest{c, "?" + q.Encode(), "", "query." + p.Name, code})
		}
		if p.Required {
			try("", "missing")
		}
		if typeOf(p.Schema) != "array" {
			q := maps.Clone(good)
			q[p.Name] = []string{"1", "1"}
			all = append(all, wrongRequest{c, "?" + q.Encode(), "", "query." + p.Name, "twice"})
		}
		for broken, value := range x.breaks(t, p.Schema) {
			switch below, _ := value.(float64); {
			case broken[0] == "text" || broken[0] == "size": // all is text there, which is read as a figure
			case below < 0:
				try(fmt.Sprint(value), "whole")
			default:
				try(fmt.Sprint(value), broken[0])
			}
		}
	}
	return all
}

// saidIn tells whether a sentence is that of a rule in a language, whatever it names.
func saidIn(l queue.Language, code, sentence string) bool {
	const gap = "GAP"
	texts := []string{code, code + "-none"}
	if code == "pattern" {
		texts = nil // nobody is shown one
		for _, x := range saidPatterns {
			texts = append(texts, x.text)
		}
	}
	return slices.ContainsFunc(texts, func(id string) bool {
		text := words.In(l).Say("field."+id, "field", gap, "asked", gap, "known", gap)
		return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(text), gap, ".+") + "$").MatchString(sentence)
	})
}

// Whatever is wrong with a value of a request is told in the caller's language, with
// its place, what is wrong and what to do: every rule of every call is broken once.
func TestEveryWrongFieldIsToldInTheCallersLanguage(t *testing.T) {
	x := newWholeOffice(t)
	met := map[string]int{}
	for _, wrong := range x.wrongRequests(t) {
		languages := words.StaffLanguages()
		if met[wrong.code]++; met[wrong.code] > 3 {
			languages = languages[1:2] // the rule was told in all of them
		}
		if strings.HasPrefix(wrong.call.path, "/api/v1/totem/") {
			languages = words.StaffLanguages()[:1] // a citizen is spoken to in the office's
		}
		for _, l := range languages {
			rec := x.send(wrong.call.method, wrong.call.at("")+wrong.query, strings.NewReader(wrong.body),
				"Content-Type", wrong.call.media, "Cookie", languageCookie+"="+string(l))
			p, err := wrong.call.refusal(rec)
			if err != nil {
				t.Errorf("%s %s%s: %v", wrong.call, wrong.query, wrong.body, err)
				continue
			}
			if detail, _ := words.In(l).ByCode(p.Code); p.Detail != detail || p.Title == "" || !strings.HasPrefix(detail, p.Title) {
				t.Errorf("%s %s%s is refused in %s with %q, %q", wrong.call, wrong.query, wrong.body, l, p.Title, p.Detail)
			}
			at := slices.IndexFunc(p.Errors, func(e problemField) bool { return e.Location == wrong.location && e.Code == wrong.code })
			if at < 0 {
				t.Errorf("%s %s%s names %+v and not %s at %s", wrong.call, wrong.query, wrong.body, p.Errors, wrong.code, wrong.location)
				continue
			}
			if e := p.Errors[at]; !saidIn(l, e.Code, e.Message) || e.Code != "unreadable" && e.Parser != "" {
				t.Errorf("%s %s%s is told in %s: %+v", wrong.call, wrong.query, wrong.body, l, e)
			}
		}
	}
	// The socket of the events stands in no document and takes what their stream takes.
	for query, location := range map[string]string{"?from=1&from=2": "query.from", "?form=1": "query.form", "?lingua=de&lingua=fr": "query.lingua", "?from=%zz": "query", "?from=1;after=2": "query"} {
		p, err := refusalIn(x.send(http.MethodGet, "/api/v1/events/ws"+query, nil))
		if err != nil || p.Code != "bad-fields" || len(p.Errors) != 1 || p.Errors[0].Location != location {
			t.Errorf("the socket with %s: %+v %v", query, p, err)
		}
	}
	for query, location := range map[string]string{"?page=board&page=manager": "query.page", "?page=%zz": "query"} {
		p, err := refusalIn(x.send(http.MethodGet, "/ws"+query, nil))
		if err != nil || p.Code != "bad-fields" || len(p.Errors) != 1 || p.Errors[0].Location != location {
			t.Errorf("the socket of the pages with %s: %+v %v", query, p, err)
		}
	}
	for _, rule := range fieldRules {
		if met[rule.code] == 0 {
			t.Errorf("no call has the rule %s", rule.code)
		}
	}
}

// A name that an object has twice is found wherever it stands; what is no JSON is left
// to its reader.
func TestTwiceIn(t *testing.T) {
	for body, want := range map[string]string{
		`{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}`: "",
		`{"a":1,"a":1}`:                        "a",
		`{"a":1,"b":2,"a":3,"a":4,"b":5}`:      "a b",
		`{"text":{"it":"x","it":"y"}}`:         "text.it",
		`{"values":[{},{"x":1e999,"x":true}]}`: "values[1].x",
		"{\"a\":1,\"\\u0061\":2}":              "a",
		`{"a":1,"A":2}`:                        "",
		`{"a":1,"a":2`:                         "",
		`[[{"x":[],"x":{}}]]`:                  "[0][0].x",
		``:                                     "",
		`7`:                                    "",
	} {
		places, _ := twiceIn([]byte(body))
		if got := strings.Join(places, " "); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
	many := "{"
	for i := range 900 {
		many += fmt.Sprintf(`"n%d":1,"n%d":2,`, i, i)
	}
	if got, err := twiceIn([]byte(many + `"z":1}`)); err != nil || len(got) != mostWrong {
		t.Errorf("%d places are told", len(got))
	}
	deep := strings.Repeat("[", 8000)
	if got, err := twiceIn([]byte(deep)); got != nil || !errors.Is(err, errDeep) {
		t.Errorf("%v, %v", got, err)
	}
}

// A rule that has no sentence is told with a general one in the caller's language;
// what huma says of it stands apart.
func TestARuleWithoutASentenceIsToldInGeneral(t *testing.T) {
	x := newWholeOffice(t)
	for _, l := range words.StaffLanguages() {
		f := x.operations.wrongField(words.In(l), &huma.Operation{}, &huma.ErrorDetail{Location: "body.moon", Message: "expected the moon"})
		want := words.In(l).Say("field.general", "field", "moon")
		if f.Code != "general" || f.Message != want || f.Parser != "expected the moon" || !strings.Contains(want, "moon") {
			t.Errorf("%s: %+v", l, f)
		}
	}
}

// A call that takes no body refuses one that says something, and names what it says.
func TestCallsWithoutABodyRefuseOne(t *testing.T) {
	x := newWholeOffice(t)
	asked := map[string]int{}
	for _, c := range x.calls {
		if c.media != "" || c.path == "/api/v1/events" {
			continue
		}
		asked[c.method]++
		for _, body := range []string{`{"why":"closed"}`, `{"why":null}`} {
			p, err := c.refusal(x.send(c.method, c.at(""), strings.NewReader(body), "Content-Type", "application/json"))
			if err != nil || p.Code != "bad-fields" || len(p.Errors) != 1 || p.Errors[0].Location != "body.why" || p.Errors[0].Code != "unknown" {
				t.Errorf("%s with %s: %v %+v", c, body, err, p)
			}
		}
		for _, body := range []string{"why=closed", "[]", `"why"`, "7", "{", "{}{}"} {
			p, err := c.refusal(x.send(c.method, c.at(""), strings.NewReader(body)))
			if err != nil || len(p.Errors) != 1 || p.Errors[0].Code != "not-taken" {
				t.Errorf("%s with %s: %v %+v", c, body, err, p)
			}
		}
		for _, body := range []string{"", "{}", " {}\n", "null"} {
			if rec := x.send(c.method, c.at(""), strings.NewReader(body)); rec.Code >= 400 && (strings.Contains(rec.Body.String(), `"not-taken"`) || strings.Contains(rec.Body.String(), `"unknown"`)) {
				t.Errorf("%s with %q, which says nothing, is refused: %s", c, body, rec.Body)
			}
		}
	}
	if asked[http.MethodGet] < 25 || asked[http.MethodPost] < 12 {
		t.Errorf("only %v were asked", asked)
	}
}

// A small body with thousands of unknown fields makes no large answer.
func TestThousandsOfUnknownFieldsAreNotAllTold(t *testing.T) {
	x := newWholeOffice(t)
	fields := map[string]int{strings.Repeat("a", 2000): 0}
	for i := range 900 {
		fields[fmt.Sprint("n", i)] = i
	}
	body, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/v1/reception/issue", "/api/v1/manager/resume"} {
		rec := x.send(http.MethodPost, path, strings.NewReader(string(body)), "Content-Type", "application/json")
		if p, err := refusalIn(rec); err != nil || len(p.Errors) != mostWrong || rec.Body.Len() > 12<<10 {
			t.Errorf("%s answers %d bytes, %d places: %v", path, rec.Body.Len(), len(p.Errors), err)
		}
	}
}

// An unknown name is told with those that the call takes.
func TestAnUnknownFieldIsToldWithThoseOfTheCall(t *testing.T) {
	x := newWholeOffice(t)
	rec := x.send(http.MethodPost, "/api/v1/reception/issue", strings.NewReader(`{"servce":"anagrafe","service":"anagrafe"}`), "Content-Type", "application/json")
	p, err := refusalIn(rec)
	if err != nil || len(p.Errors) != 1 || p.Errors[0].Message != "«servce» qui non c'è: lo tolga o ne corregga il nome; la chiamata prende category, class, language, outlet, request, service, then." {
		t.Errorf("%v %+v", err, p)
	}
}

var (
	apiForm     = regexp.MustCompile(`(?s)<form [^>]*?data-api="/api/v1/([a-z]+)/.*?</form>`)
	formID      = regexp.MustCompile(`^<form [^>]*?id="([a-z-]+)"`)
	fieldInForm = regexp.MustCompile(`<(?:input|select|button|textarea)\b[^>]*? name="([a-zA-Z_-]+)`)
	withForm    = regexp.MustCompile(`<(?:input|select|button|textarea)\b[^>]*? form="([a-z-]+)"[^>]*>`)
)

// What stands in a form that the script sends to a call is a field of one of the
// calls of its buttons, and what these calls must have stands in the form: the script
// sends what a call takes, and nobody would be told of a field with another name.
func TestFormsHaveWhatTheirCallsTake(t *testing.T) {
	x := newWholeOffice(t)
	files, err := filepath.Glob("web/templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	forms := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range apiForm.FindAllSubmatch(text, -1) {
			forms++
			form, place := string(found[0]), string(found[1])
			// What names a form belongs to it, wherever it stands.
			id := append(formID.FindStringSubmatch(form), "", "")[1]
			form = withForm.ReplaceAllString(form, "")
			for _, apart := range withForm.FindAllSubmatch(text, -1) {
				if string(apart[1]) == id {
					form += string(apart[0])
				}
			}
			takes, must := map[string]bool{"action": true, "sure": true}, map[string]bool{}
			for _, action := range buttonAction.FindAllStringSubmatch(form, -1) {
				c := x.formCall(place, action[1])
				if c == nil {
					t.Errorf("%s: no call does %q of %s", filepath.Base(file), action[1], place)
					continue
				}
				for _, name := range c.takes {
					takes[strings.NewReplacer("[]", "-", "{}", "-").Replace(name)] = true
				}
				for _, name := range x.mustHave(place, action[1]) {
					must[name] = true
				}
			}
			has := map[string]bool{}
			for _, field := range fieldInForm.FindAllStringSubmatch(form, -1) {
				if has[strings.TrimSuffix(field[1], "-")] = true; !takes[field[1]] {
					t.Errorf("%s: no call of its form takes %q, but %v", filepath.Base(file), field[1], slices.Sorted(maps.Keys(takes)))
				}
			}
			for name := range must {
				if !has[name] && !strings.Contains(form, "data-"+name) {
					t.Errorf("%s: a form has no %q, which its calls must have: %.200s", filepath.Base(file), name, form)
				}
			}
		}
	}
	if forms < 25 {
		t.Errorf("only %d forms were found", forms)
	}
}

func (x *wholeOffice) formCall(place, action string) *formCall {
	for _, c := range x.operations.forms {
		if c.place == place && c.action == action {
			return &c
		}
	}
	return nil
}

// mustHave are the names without which a call is refused.
func (x *wholeOffice) mustHave(place, action string) (names []string) {
	for _, c := range x.calls {
		if scopeOf(c.path) == place && strings.HasSuffix(c.path, "/"+action) {
			must, _ := c.body["required"].([]any)
			for _, name := range must {
				names = append(names, fmt.Sprint(name))
			}
		}
	}
	return names
}

// In a real browser the script sends of a form what its call takes: lists and objects
// too, from forms that have fields for other buttons.
func TestTheScriptSendsWhatACallTakes(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	o.open(t, "s1")
	waiting := o.issue(t, "anagrafe", queue.Ordinary)
	s := serve(t, o.config(), "")
	flashed := func(what string) {
		t.Helper()
		until(t, ctx, what, `document.querySelector('[data-flash]').textContent !== ''`)
		var said string
		do(t, ctx, chromedp.Text(`[data-flash]`, &said))
		if strings.Contains(said, "campi") || strings.Contains(said, "non è valida") {
			t.Errorf("%s: %s", what, said)
		}
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/responsabile/sportelli"),
		chromedp.SetValue(`#profile-s1 select[name="serve-cie"]`, "first"), chromedp.Click(`#profile-s1 button[value="profile"]`))
	flashed("a profile is changed")
	if d, _, _ := o.newest().Desk("s1"); !slices.Contains(d.Profile.First, queue.ServiceID("cie")) {
		t.Errorf("the desk serves %v", d.Profile)
	}
	do(t, ctx, chromedp.Navigate(s.url+"/accoglienza"), chromedp.Click(`#row-`+waiting.String()+` details > summary`),
		chromedp.Click(`#row-`+waiting.String()+` button[value="grant"]`))
	flashed("a ticket is granted priority")
	if held := o.newest().Ticket(waiting); held.Class != queue.Priority {
		t.Errorf("the ticket is %s", held.Class)
	}
	do(t, ctx, chromedp.Navigate(s.url+"/cruscotto/s1"), chromedp.Click(`button[value="next"]`))
	until(t, ctx, "the number is called", `document.querySelector('[data-held]') !== null`)
	do(t, ctx, chromedp.Click(`button[value="finish"]`))
	until(t, ctx, "the service is finished", `document.querySelector('[data-held]') === null`)
}
