package display

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/notify"
	"eliminacode/queue"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

// nowhere is the name of nothing in the office. It has the form of every kind of name.
const nowhere = "nowhere-9"

// namedThings are the fields by which calls name a thing of the office, or one of the
// values that there are, and the codes with which one that is not there is refused;
// without a code the refusal names the field.
var namedThings = map[string][]string{
	"desk": {"unknown-desk"}, "outlet": {"unknown-outlet"}, "service": {"unknown-service", "no-page"},
	"services": {"unknown-service"}, "then": {"unknown-service"}, "serve": {"unknown-service"}, "was": {"unknown-service"}, "series": {"unknown-series"},
	"ticket": {"unknown-ticket", "stale"}, "finishing": {"unknown-ticket", "stale"}, "older": {"unknown-ticket"}, "tickets": {"unknown-ticket"},
	"appointment": {"unknown-appointment"}, "code": {"unknown-appointment"}, "message": {"unknown-message"}, "number": {"unknown-ticket", "not-reserved", "unknown-plan", "no-version"},
	"id":       {"entry-gone", "webhook-unknown", "no-page"},
	"category": nil, "current": nil, "outcome": nil, "contact": nil, "why": nil, "class": nil, "paper": nil, "place": {"no-place"}, "boards": nil, "text": nil, "to": nil, "when": nil, "on": nil,
	"roles": nil, "rights": nil, "role": nil, "qualifications": nil, "language": nil, "scopes": nil, "kinds": nil,
	"ground": nil, "basis": nil, "fault": nil, "button": nil, "keypad": nil, "key": nil, "by": nil,
	"list": {"bad-body"}, "path": {"bad-body"}, "values": nil, "mark": {"draft-changed"},
}

// plainValues are the fields that name nothing: what somebody types, counts and hours.
var plainValues = []string{
	"again", "replaces", "contacts", "name", "date", "request", "hour", "handed", "count", "people", "from", "next", "until", "minutes", "nth", "job", "seen", "correction", "sure", "times", "address",
	"login", "subject", "reference", "informed", "version", "days", "per_minute", "url", "secret", "on_box", "disabled",
	"before", "most", "q", "after", "leave_out_inferred", "told", "hall", "inches", "metres", "look", "no_waits", "silent", "volume",
}

// freely are the fields of a call that name a thing elsewhere and are typed freely here.
var freely = map[string][]string{
	"code": {"/api/v1/blocks/reserve", "/api/v1/screens"},
	"why":  {"/api/v1/office/draft/save"},
}

// TestWhatIsNotThereIsRefused sends each call, for each field that names something, the
// name of what is not there, all else being good: it is refused by that, and nothing is
// changed. A field that a call takes is one that names something, or is told not to.
func TestWhatIsNotThereIsRefused(t *testing.T) {
	x := newWholeOffice(t)
	by := queue.Cause{Kind: queue.ByReception}
	x.o.next(t, "s1")
	_, desk, _ := x.o.newest().Desk("s1")
	reserved := x.o.newest().BlockNumbers(x.o.newest().Blocks()[0])[0].Text
	waiting := x.o.issue(t, "anagrafe", queue.Ordinary)
	now := x.o.newest()
	x.o.must(t, queue.BookAppointment{By: by, Appointment: queue.Booking{ID: "x", Service: "cie", DueAt: now.OfficeTime(x.o.Now()) + 600_000}})
	x.o.must(t, queue.PostMessage{By: by, Message: queue.Message{ID: "m1", Texts: map[queue.Language]string{"it": "Oggi si chiude alle 12"}}})
	person, err := x.store.MakeMember(time.Now(), access.By{Name: "Anna"}, access.Member{Login: "anna.b", Name: "Anna", Roles: []access.Role{access.Clerk}})
	if err != nil {
		t.Fatal(err)
	}
	pairing, err := x.store.BeginPairing(time.Now(), "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	hook, err := x.cfg.Hooks.Save(notify.Hook{Name: "Protocollo", URL: "https://protocollo.comune.it/eventi"})
	if err != nil {
		t.Fatal(err)
	}
	good := map[string]string{}
	for _, h := range hands {
		good[h.api] = h.body
	}
	asked := map[string]int{}
	for _, c := range x.calls {
		if strings.HasPrefix(c.path, "/api/v1/walk/") || strings.HasPrefix(c.path, "/api/v1/copies/") {
			continue // of a box without an office: see TestTheWalkByAPI and TestCopiesByAPI
		}
		fields := propertiesOf(c.body)
		where := map[string]string{}
		for name := range fields {
			where[name] = "body"
		}
		for _, p := range c.parameters {
			if p.In != "header" {
				where[p.Name] = p.In
			}
		}
		for _, name := range slices.Sorted(maps.Keys(where)) {
			codes, names := namedThings[name]
			if isFree := slices.ContainsFunc(freely[name], func(path string) bool { return strings.HasPrefix(c.path, path) }) && where[name] == "body"; isFree {
				continue
			}
			if !names {
				if !slices.Contains(plainValues, name) {
					t.Errorf("%s takes %s: say whether it names something", c, name)
				}
				continue
			}
			asked[name]++
			place, body := "", map[string]any{}
			_ = json.Unmarshal([]byte(x.good(t, c)), &body)
			if known := good[strings.ReplaceAll(c.path, "{desk}", "s1")]; known != "" {
				body = map[string]any{}
				ticket := waiting
				if strings.HasPrefix(c.path, "/api/v1/desks/") {
					ticket = desk.Ticket
				}
				_ = json.Unmarshal([]byte(strings.ReplaceAll(known, "{waiting}", ticket.String())), &body)
			}
			if body["mark"] != nil {
				e := x.editing(access.Visitor{Kind: access.Person, Roles: everyRole})
				body["mark"] = office.Mark(e.Setup)
			}
			switch c.path {
			case "/api/v1/blocks/admit":
				body["number"] = reserved
			case "/api/v1/manager/post":
				body["request"] = "another"
			case "/api/v1/office/draft/save":
				delete(body, "from")
			case "/api/v1/reception/check-in":
				if name == "code" {
					delete(body, "appointment")
				}
			case "/api/v1/screens/{id}/change":
				body["role"], body["place"] = "board", ""
			case "/api/v1/webhooks/{id}/change":
				place, body["secret"] = hook.ID, ""
			case "/api/v1/webhooks":
				body["secret"] = ""
			}
			if strings.HasPrefix(c.path, "/api/v1/people/{id}") && name != "id" {
				place, body["version"] = person.ID, person.Version
			}
			if c.path == "/api/v1/screens" {
				body["code"] = pairing.Code
			}
			address := c.at(place)
			switch where[name] {
			case "path":
				address = strings.ReplaceAll(c.path, "{"+name+"}", map[bool]string{true: nowhere, false: "99999"}[name != "number"])
			case "query":
				address += "?" + name + "=" + nowhere
			default:
				body[name] = unknownOf(x.resolve(fields[name]), name)
			}
			sent, _ := json.Marshal(body)
			if c.media == "" {
				sent = nil
			}
			before := x.kept(t)
			rec := x.send(c.method, address, strings.NewReader(string(sent)), "Content-Type", c.media)
			p, err := c.refusal(rec)
			told := slices.ContainsFunc(p.Errors, func(e problemField) bool {
				return strings.HasPrefix(e.Location, where[name]+"."+name) && e.Message != ""
			})
			if err != nil || !told && !slices.Contains(codes, p.Code) {
				t.Errorf("%s: %s %s is answered %d %.300s", c, name, sent, rec.Code, rec.Body)
			}
			if x.kept(t) != before {
				t.Errorf("%s: %s that is not there changes something", c, name)
			}
		}
	}
	for name := range namedThings {
		if asked[name] == 0 {
			t.Errorf("no call takes %s", name)
		}
	}
}

// unknownOf is a value of a field that names what is not there.
func unknownOf(schema map[string]any, name string) any {
	switch typeOf(schema) {
	case "array":
		return []string{nowhere}
	case "object":
		if name == "serve" {
			return map[string]string{nowhere: serveFirst}
		}
		if name == "text" {
			return map[string]string{"xx": "x"}
		}
		return map[string]string{nowhere: "x"}
	}
	switch name {
	case "ticket", "finishing", "older":
		return "1999999"
	}
	return nowhere
}

// A screen stands where the office has a place for it, whatever page or call says so;
// one whose place was taken away may keep it with another name.
func TestAScreenStandsWhereThereIsAPlace(t *testing.T) {
	x := newWholeOffice(t)
	for _, c := range []struct {
		role  access.Role
		place string
		good  bool
	}{
		{access.Board, "", true}, {access.Board, "totem", false}, {access.Totem, "totem", true}, {access.Totem, "nowhere", false}, {access.Totem, "pulsantiera", false},
		{access.Voting, "s1", true}, {access.Voting, "totem", false}, {access.Voting, "", false},
	} {
		p, err := x.store.BeginPairing(time.Now(), "127.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := json.Marshal(map[string]any{"name": strings.TrimSpace(string(c.role) + " " + c.place), "role": c.role, "place": c.place, "code": p.Code})
		rec := x.send("POST", "/api/v1/screens", strings.NewReader(string(body)), "Content-Type", jsonMedia)
		if c.good != (rec.Code == http.StatusCreated) {
			t.Errorf("%s: %d %s", body, rec.Code, rec.Body)
		}
	}
	screens := x.store.Screens()
	if len(screens) != 3 {
		t.Fatalf("%d screens", len(screens))
	}
	by := access.By{Name: "Anna"}
	for _, p := range screens {
		if p.Role != access.Voting {
			continue
		}
		p.Place = "gone" // a desk that the office had then
		kept, err := x.store.ChangeScreen(time.Now(), by, p)
		if err != nil {
			t.Fatal(err)
		}
		for place, want := range map[string]int{"gone": http.StatusOK, "nowhere": http.StatusUnprocessableEntity} {
			body, _ := json.Marshal(map[string]any{"name": "Voto " + place, "role": p.Role, "place": place, "version": kept.Version})
			if rec := x.send("POST", "/api/v1/screens/"+p.ID+"/change", strings.NewReader(string(body)), "Content-Type", jsonMedia); rec.Code != want {
				t.Errorf("a screen at %s: %d %s", place, rec.Code, rec.Body)
			}
			kept.Version = x.store.Screens()[slices.IndexFunc(x.store.Screens(), func(s access.Paired) bool { return s.ID == p.ID })].Version
		}
	}
}

// Whatever people will read is refused with a character that nobody sees, or that turns
// what stands around it, and its fault tells of such characters or of the field.
func TestNoTextThatPeopleReadHasWhatNobodySees(t *testing.T) {
	x := newWholeOffice(t)
	for _, c := range []struct{ path, body string }{
		{"/api/v1/people", `{"login":"xi","name":"X%si","roles":["clerk"]}`},
		{"/api/v1/tokens", `{"name":"X%si","role":"reception","days":30}`},
		{"/api/v1/webhooks", `{"name":"X%si","url":"https://example.org/x"}`},
		{"/api/v1/manager/post", `{"text":{"it":"X%si"}}`},
		{"/api/v1/manager/alert", `{"minutes":30,"ground":"safety","basis":"agreement","reference":"X%si","informed":true}`},
	} {
		for _, unseen := range []string{`\u202e`, `\u200b`, `\u00ad`, `\n`} {
			rec := x.send("POST", c.path+"?lingua=de", strings.NewReader(fmt.Sprintf(c.body, unseen)), "Content-Type", jsonMedia)
			if p, err := refusalIn(rec); err != nil || len(p.Errors) != 1 {
				t.Errorf("%s with %s: %v %d %s", c.path, unseen, err, rec.Code, rec.Body)
			}
		}
		rec := x.send("POST", c.path, strings.NewReader(fmt.Sprintf(c.body, "")), "Content-Type", jsonMedia)
		if rec.Code >= 300 {
			t.Errorf("%s without any: %d %s", c.path, rec.Code, rec.Body)
		}
	}

	var draft struct{ Mark string }
	set := func(path, text string) *httptest.ResponseRecorder {
		rec := x.send("GET", "/api/v1/office/draft", nil)
		if err := json.Unmarshal(rec.Body.Bytes(), &draft); err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(map[string]any{"mark": draft.Mark, "values": map[string]string{path: text}})
		if err != nil {
			t.Fatal(err)
		}
		rec = x.send("POST", "/api/v1/office/draft/set", strings.NewReader(string(body)), "Content-Type", jsonMedia)
		if err := json.Unmarshal(rec.Body.Bytes(), &draft); err != nil || rec.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
		}
		return rec
	}
	save := func(why string) *httptest.ResponseRecorder {
		body, err := json.Marshal(map[string]any{"mark": draft.Mark, "why": why})
		if err != nil {
			t.Fatal(err)
		}
		return x.send("POST", "/api/v1/office/draft/save", strings.NewReader(string(body)), "Content-Type", jsonMedia)
	}
	for _, path := range []string{"office.body", "service[1].name", "service[1].detail", "desk[1].group"} {
		before := set(path, "X\u202ei")
		if rec := save("prova"); rec.Code < 400 || !strings.Contains(rec.Body.String(), "invisibil") {
			t.Errorf("%s: %d %s after %.300s", path, rec.Code, rec.Body, before.Body)
		}
		set(path, "Xi")
	}
	if rec := save("pro\u202eva"); rec.Code < 400 || !strings.Contains(rec.Body.String(), "invisibil") {
		t.Errorf("a reason: %d %s", rec.Code, rec.Body)
	}
	if rec := save("prova"); rec.Code >= 300 {
		t.Errorf("a good office: %d %s", rec.Code, rec.Body)
	}
}

// A value that the office refuses is told at its field, in the caller's language, with
// what it may be.
func TestARefusedValueIsToldAtItsField(t *testing.T) {
	x := newWholeOffice(t)
	for _, c := range []struct{ path, body, at, says string }{
		{"/api/v1/blocks/reserve", `{"service":"anagrafe","count":"7"}`, "body.count", "von 20 bis 50"},
		{"/api/v1/blocks/reserve", `{"service":"anagrafe","count":"20","code":"?"}`, "body.code", "Buchstaben und Ziffern, höchstens 12"},
		{"/api/v1/manager/capacity", `{"people":"999999"}`, "body.people", "von 0 bis 100000"},
		{"/api/v1/manager/capacity", `{"people":"99999999999999999999"}`, "body.people", "kleineren Wert"},
		{"/api/v1/manager/restart", `{"series":"A","from":"5000"}`, "body.from", "von 1 bis 999"},
		{"/api/v1/manager/suspend", `{"why":"tea"}`, "body.why", "alarm"},
		{"/api/v1/manager/post", `{"text":{"it":"a\u202eb"}}`, "body.text.it", "unsichtbaren"},
		{"/api/v1/manager/post", `{"text":{"it":"a"},"until":"00:01"}`, "body.until", "noch kommt"},
		{"/api/v1/reception/contact", `{"contact":"tea"}`, "body.contact", "information, forms"},
		{"/api/v1/reception/issue", `{"service":"anagrafe","category":"tea"}`, "body.category", "citizen, firm"},
		{"/api/v1/reception/issue", `{"service":"anagrafe","language":"xx"}`, "body.language", "it, de, fr"},
		{"/api/v1/totem/totem/tickets", `{"service":"anagrafe","language":"it-IT"}`, "body.language", "it, de, fr"},
		{"/api/v1/manager/post", `{"text":{"it":"a"},"boards":["Atrio"]}`, "body.boards", "keine möglichen Werte: Lassen Sie es weg"},
		{"/api/v1/desks/s1/next", `{"seen":" "}`, "body.seen", "keine Zahl: Schreiben Sie sie nur mit Ziffern"},
		{"/api/v1/manager/capacity", `{"people":" "}`, "body.people", "keine Zahl: Schreiben Sie sie nur mit Ziffern"},
		{"/api/v1/clock/set", `{"correction":"1h"}`, "body.correction", "etwa 1500 oder -1500"},
		{"/api/v1/manager/post", `{"text":{"it":"a"},"until":"9:5"}`, "body.until", "keine Uhrzeit: Schreiben Sie sie wie 09:30"},
		{"/api/v1/manager/capacity", `{"people":` + strings.Repeat("[", mostDepth+2) + strings.Repeat("]", mostDepth+2) + `}`, "body", "mehr als 32 ineinander liegende"},
		{"/api/v1/reception/book", `{"service":"cie","hour":"25:00"}`, "body.hour", "keine Uhrzeit: Schreiben Sie sie wie 09:30"},
		{"/api/v1/reception/book", `{"service":"cie","hour":"24"}`, "body.hour", "Uhrzeit des offenen Tages"},
		{"/api/v1/reception/book", `{"service":"cie","hour":"06:00"}`, "body.hour", "schon vorbei"},
	} {
		rec := x.send("POST", c.path+"?lingua=de", strings.NewReader(c.body), "Content-Type", jsonMedia)
		p, err := refusalIn(rec)
		said := len(p.Errors) == 1 && p.Errors[0].Location == c.at && p.Errors[0].Parser == "" && p.Errors[0].Code != "general"
		if err != nil || !said || !strings.Contains(p.Errors[0].Message, c.says) {
			t.Errorf("%s %s: %v %d %s", c.path, c.body, err, rec.Code, rec.Body)
		}
	}
}

// A name of a request that is too long is told by the name of its header, and a body
// that is too long for the call says so whether the request has a name or not.
func TestANameThatIsTooLongIsNamed(t *testing.T) {
	x := newWholeOffice(t)
	long := strings.Repeat("n", maxRequestBytes+1)
	p, err := refusalIn(x.send("POST", "/api/v1/manager/resume?lingua=fr", nil, "Idempotency-Key", long))
	if err != nil || p.Code != "bad-body" || len(p.Errors) != 1 || p.Errors[0].Location != "header.Idempotency-Key" || p.Errors[0].Code != "long" ||
		!strings.Contains(p.Errors[0].Message, "Idempotency-Key") || !strings.Contains(p.Errors[0].Message, "est trop long") || !strings.HasSuffix(p.Errors[0].Message, "utilisez au plus 64 caractères.") {
		t.Errorf("%v %+v", err, p)
	}
	for _, name := range []string{"", "one"} {
		p, err := refusalIn(x.send("POST", "/api/v1/manager/capacity", strings.NewReader(`{"people":"`+strings.Repeat("1", maxBodyBytes)+`"}`), "Content-Type", jsonMedia, "Idempotency-Key", name))
		if err != nil || p.Status != http.StatusRequestEntityTooLarge || p.Code != "too-large" {
			t.Errorf("a long body by the name %q: %v %+v", name, err, p)
		}
	}
}

// Every rule of a value has a sentence in every language of the staff.
func TestEveryRuleOfAValueHasASentence(t *testing.T) {
	for _, l := range words.StaffLanguages() {
		for _, rule := range []queue.ValueRule{queue.RuleBetween, queue.RuleOneOf, queue.RuleLine, queue.RuleCode, queue.RuleOnce, queue.RuleToday, queue.RuleLater, queue.RuleToCome, ruleHour, ruleSize, ruleDigits, ruleEither, "none"} {
			if !words.In(l).Knows("field." + string(rule)) {
				t.Errorf("%s: %s has none", l, rule)
			}
		}
	}
}

// Who sets the clock to a time that it cannot show is told from when to when it can.
func TestAnImpossibleTimeSaysTheLimits(t *testing.T) {
	x := newWholeOffice(t)
	rec := x.send("POST", "/api/v1/clock/set?lingua=en", strings.NewReader(`{"correction":"99999999999999"}`), "Content-Type", jsonMedia)
	if p, err := refusalIn(rec); err != nil || p.Code != "no-such-time" || !strings.Contains(p.Detail, "1 January 2026 to 31 December 2199") {
		t.Errorf("%v %s", err, rec.Body)
	}
	rec = x.send("POST", "/orologio", strings.NewReader("action=set&correction=99999999999999"), "Content-Type", "application/x-www-form-urlencoded")
	if at := rec.Header().Get("Location"); rec.Code != http.StatusSeeOther || !strings.Contains(at, "esito=no-such-time") {
		t.Errorf("%d %s", rec.Code, at)
	}
}
