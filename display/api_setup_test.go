package display

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
	"eliminacode/queue/office"
)

// withSetups is an office that is changed by a program.
func withSetups(t *testing.T) (*caller, *testOffice, *testSetups) {
	t.Helper()
	o := newTestOffice(t)
	cfg := o.config()
	setups := newTestSetups(o)
	cfg.Setups, cfg.Administration = setups, testAccounts(t)
	return &caller{t: t, s: serve(t, cfg, "")}, o, setups
}

// draft is the program's draft.
func (c *caller) draft() (d draftAnswer) {
	c.t.Helper()
	c.call(http.StatusOK, "GET", "/api/v1/office/draft", nil, &d)
	return d
}

// value is the text of a value of an office.
func (a OfficeAnswer) value(path string) string {
	i := slices.IndexFunc(a.Values, func(v officeValue) bool { return v.Path == path })
	if i < 0 {
		return "(not there)"
	}
	return a.Values[i].Text
}

// An office is changed as on the pages: written, looked at, put in force with a
// reason, found again in the history, and put back.
func TestOfficeIsChangedByAPI(t *testing.T) {
	c, o, _ := withSetups(t)
	before := o.newest().Setup()
	d := c.draft()
	if d.Kept || d.value("service[1].standard") != "15m" {
		t.Fatalf("%+v", d)
	}
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/set", object{
		"mark": d.Mark, "values": object{"service[1].standard": "20m", "service[1].share": "80%"},
	}, &d)
	if !d.Kept || d.Changes != 2 || d.value("service[1].standard") != "20m" || len(d.Faults) != 0 {
		t.Errorf("%+v", d)
	}
	var effect setupEffect
	c.call(http.StatusOK, "GET", "/api/v1/office/draft/effect", nil, &effect)
	if len(effect.Things) != 1 || len(effect.Things[0].Values) != 2 || effect.Things[0].Values[0].After != "20 minuti" && effect.Things[0].Values[0].After != "20 min" {
		t.Errorf("%+v", effect)
	}
	if o.newest().Setup().Services[0].StandardMs != before.Services[0].StandardMs {
		t.Error("a draft is in force")
	}
	var p problem
	c.call(http.StatusBadRequest, "POST", "/api/v1/office/draft/save", object{"mark": d.Mark, "why": ""}, &p)
	if p.Code != "no-why" {
		t.Errorf("saved without a reason: %+v", p)
	}
	c.call(http.StatusConflict, "POST", "/api/v1/office/draft/save", object{"mark": "another", "why": "x"}, &p)
	if p.Code != "draft-changed" {
		t.Errorf("saved by an old mark: %+v", p)
	}
	var did didAnswer
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/save", object{"mark": d.Mark, "why": "Carta dei servizi"}, &did)
	if did.Code != "setup-saved" || did.Say == "" || o.newest().Setup().Services[0].StandardMs == before.Services[0].StandardMs {
		t.Errorf("%+v", did)
	}
	var history historyAnswer
	c.call(http.StatusOK, "GET", "/api/v1/office/history", nil, &history)
	if len(history.Versions) != 2 || history.Versions[0].Why != "Carta dei servizi" || !history.Versions[0].InForce || history.Versions[1].InForce {
		t.Fatalf("%+v", history)
	}
	var other differenceAnswer
	c.call(http.StatusOK, "GET", "/api/v1/office/history/1", nil, &other)
	if len(other.Things) != 1 {
		t.Errorf("%+v", other)
	}
	c.call(http.StatusOK, "POST", "/api/v1/office/history/1/draft", nil, &did)
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/save", object{"mark": c.draft().Mark, "why": "Torniamo indietro", "when": "now"}, nil)
	if diff := cmp.Diff(before, o.newest().Setup()); diff != "" {
		t.Errorf("it is not as before: %s", diff)
	}
	c.call(http.StatusNotFound, "GET", "/api/v1/office/history/99", nil, &p)
	if p.Code != "no-version" {
		t.Errorf("%+v", p)
	}
	var acts actList
	c.call(http.StatusOK, "GET", "/api/v1/acts", nil, &acts)
	if len(acts.Acts) != 2 || acts.Acts[0].What != "office.change" {
		t.Errorf("%+v", acts)
	}
}

// A service is added with its numbers and its desk, moved, planned for a day and
// taken back, and a draft is thrown away.
func TestServiceIsAddedAndPlannedByAPI(t *testing.T) {
	c, o, setups := withSetups(t)
	d := c.draft()
	c.call(http.StatusCreated, "POST", "/api/v1/office/draft/add", object{"mark": d.Mark, "list": "service", "name": "Passaporti"}, &d)
	if d.Added == "" || d.value(d.Added+".name") != "Passaporti" || len(d.Faults) != 0 && d.Faults[0].Rule == "" {
		t.Fatalf("%+v", d)
	}
	added := d.Added
	id := d.value(added + ".id")
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/set", object{"mark": d.Mark, "values": object{
		"desk[1].first": d.value("desk[1].first") + ", " + id,
	}}, &d)
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/move", object{"mark": d.Mark, "path": added, "to": "up"}, &d)
	if d.value(added+".name") == "Passaporti" || len(d.Faults) != 0 {
		t.Errorf("it was not moved, or has faults: %+v", d.Faults)
	}
	var did didAnswer
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/save", object{"mark": d.Mark, "why": "Nuovo servizio", "when": "date", "from": "2026-12-01"}, &did)
	if d := c.draft(); did.Code != "setup-planned" || len(d.Planned) != 1 || d.Planned[0].From != "2026-12-01" || d.Kept {
		t.Errorf("%+v %+v", did, d.Planned)
	}
	c.call(http.StatusOK, "POST", "/api/v1/office/planned/1/take-up", object{}, &did)
	if d = c.draft(); did.Code != "plan-taken" || !d.Kept || len(d.Planned) > 0 {
		t.Errorf("%+v %+v", did, d.Planned)
	}
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/save", object{"mark": d.Mark, "why": "Nuovo servizio", "when": "date", "from": "2026-12-02"}, &did)
	c.call(http.StatusOK, "POST", "/api/v1/office/planned/1/cancel", object{}, nil)
	c.call(http.StatusConflict, "POST", "/api/v1/office/planned/1/cancel", object{}, nil) // it waits no more
	c.call(http.StatusNotFound, "POST", "/api/v1/office/planned/9/cancel", object{}, nil)
	if len(setups.Planned()) > 0 {
		t.Error("it is still planned")
	}
	d = c.draft()
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/remove", object{"mark": d.Mark, "path": "service[2]"}, &d)
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/discard", object{}, nil)
	if d := c.draft(); d.Kept || d.Mark != office.Mark(o.newest().Setup()) {
		t.Errorf("a draft is left: %+v", d)
	}
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/reference", object{}, nil)
}

// One value that cannot be read keeps all others out of the draft, and is told at
// its place.
func TestValuesAreWrittenAllOrNone(t *testing.T) {
	c, _, _ := withSetups(t)
	d := c.draft()
	var p problem
	c.call(http.StatusUnprocessableEntity, "POST", "/api/v1/office/draft/set", object{"mark": d.Mark, "values": object{
		"service[1].standard": "soon", "service[1].share": "80%", "nothing.of.ours": "x",
	}}, &p)
	if len(p.Errors) != 2 || p.Errors[0].Location != "body.values.nothing.of.ours" || p.Errors[1].Location != "body.values.service[1].standard" ||
		p.Errors[1].Message == "" || p.Code != "bad-fields" {
		t.Errorf("%+v", p)
	}
	if d := c.draft(); d.Kept {
		t.Error("part of it was written")
	}
}

// Who writes is told that somebody else was first, and brings both together.
func TestSecondOfTwoProgramsIsToldWhatChanged(t *testing.T) {
	c, o, setups := withSetups(t)
	d := c.draft()
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/set", object{"mark": d.Mark, "values": object{"service[1].standard": "20m"}}, &d)
	other := office.Edit(o.newest().Setup())
	if err := other.Set("service[1].share", "70%"); err != nil {
		t.Fatal(err)
	}
	if err := setups.Save(t.Context(), SetupAct{Setup: other.Setup(), Base: office.Mark(o.newest().Setup())}); err != nil {
		t.Fatal(err)
	}
	var p problem
	c.call(http.StatusConflict, "POST", "/api/v1/office/draft/save", object{"mark": d.Mark, "why": "x"}, &p)
	var effect setupEffect
	c.call(http.StatusOK, "GET", "/api/v1/office/draft/effect", nil, &effect)
	if p.Code != "setup-changed" || len(effect.Meanwhile) != 1 || len(effect.Clashes) != 0 {
		t.Errorf("%+v %+v", p, effect)
	}
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/rebase", object{}, nil)
	if d = c.draft(); d.value("service[1].standard") != "20m" || d.value("service[1].share") != "70%" || d.Outdated {
		t.Errorf("%+v", d)
	}
}

// Where both changed the same value the answer says whose stands; a date alone plans a
// change, with "now" it is no date to plan for; faults are told at their places.
func TestADraftIsSavedAsItWasSaid(t *testing.T) {
	c, o, setups := withSetups(t)
	d := c.draft()
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/set", object{"mark": d.Mark, "values": object{"office.note": "Mio"}}, &d)
	other := office.Edit(o.newest().Setup())
	if err := other.Set("office.note", "Suo"); err != nil {
		t.Fatal(err)
	}
	if err := setups.Save(t.Context(), SetupAct{Setup: other.Setup(), Base: office.Mark(o.newest().Setup())}); err != nil {
		t.Fatal(err)
	}
	var did didAnswer
	if c.call(http.StatusOK, "POST", "/api/v1/office/draft/rebase", object{}, &did); did.Code != "draft-rebased-own" {
		t.Errorf("both changed the same: %+v", did)
	}
	d = c.draft()
	var p problem
	c.call(http.StatusBadRequest, "POST", "/api/v1/office/draft/save", object{"mark": d.Mark, "why": "x", "when": "now", "from": "2026-12-01"}, &p)
	if p.Code != "two-days" {
		t.Errorf("now and from a date: %+v", p)
	}
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/save", object{"mark": d.Mark, "why": "x", "from": "2026-12-01"}, &did)
	if did.Code != "setup-planned" || o.newest().Setup().Office.Note != "Suo" {
		t.Errorf("from a date: %+v, %q is in force", did, o.newest().Setup().Office.Note)
	}
	d = c.draft()
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/set", object{"mark": d.Mark, "values": object{"service[1].name": ""}}, &d)
	c.call(http.StatusUnprocessableEntity, "POST", "/api/v1/office/draft/save", object{"mark": d.Mark, "why": "x"}, &p)
	if p.Code != "bad-setup" || len(p.Errors) == 0 || p.Errors[0].Location != "draft.service[1].name" || p.Errors[0].Message == "" {
		t.Errorf("a draft with faults: %+v", p)
	}
}

// The whole office goes out and comes in as a file, byte for byte; one with faults
// is answered with each of them.
func TestOfficeGoesOutAndInByAPI(t *testing.T) {
	c, _, setups := withSetups(t)
	get := func(path string) string {
		status, h, body := ask(t, request(t, "GET", c.s.url+path, ""))
		if status != http.StatusOK || !strings.HasPrefix(h.Get("Content-Type"), "application/toml") {
			t.Fatalf("%s: %d %v", path, status, h)
		}
		return body
	}
	put := func(file string) (int, string) {
		status, _, body := ask(t, request(t, "PUT", c.s.url+"/api/v1/office/draft.toml", file, "Content-Type", "application/toml"))
		return status, body
	}
	out := get("/api/v1/office.toml")
	if status, body := put(strings.Replace(out, "90%", "80%", 1)); status != http.StatusOK || !strings.Contains(body, `"kept":true`) {
		t.Fatalf("%d %s", status, body)
	}
	if draft := get("/api/v1/office/draft.toml"); draft != strings.Replace(out, "90%", "80%", 1) || get("/api/v1/office.toml") != out {
		t.Error("the draft is not what was sent, or is in force")
	}
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/discard", nil, nil)
	if status, _ := put(out); status != http.StatusOK || get("/api/v1/office/draft.toml") != out {
		t.Error("the same file is another office")
	}
	if _, kept := setups.Draft("demo"); kept {
		t.Error("the same file makes a draft")
	}
	status, body := put("[office]\nbodi = \"x\"\n")
	var p problem
	if err := json.Unmarshal([]byte(body), &p); err != nil || status != http.StatusUnprocessableEntity || p.Code != "bad-setup" ||
		!slices.ContainsFunc(p.Errors, func(e problemField) bool {
			return e.Location == "office.bodi" && strings.HasPrefix(e.Message, "Riga 2, colonna 1: ") && strings.HasPrefix(e.Parser, "unknown key; ")
		}) {
		t.Errorf("%d %s", status, body)
	}
	_, body = put(strings.Replace(out, `standard = "15m"`, `standard = "presto"`, 1))
	if err := json.Unmarshal([]byte(body), &p); err != nil || len(p.Errors) != 1 || p.Errors[0].Location != "service[1].standard" ||
		!strings.Contains(p.Errors[0].Message, ": Standard di attesa: ") {
		t.Errorf("%s", body)
	}
	for language, says := range map[string]string{
		"it": "Il file è scritto in UTF-16 e non in UTF-8: lo salvi di nuovo", "en": "The file is written in UTF-16 and not in UTF-8: save it again",
		"de": "in UTF-16 und nicht in UTF-8 geschrieben: Speichern Sie sie", "fr": "écrit en UTF-16 et non en UTF-8", "sl": "v UTF-16 in ne v UTF-8: shranite jo",
	} {
		_, _, body := ask(t, request(t, "PUT", c.s.url+"/api/v1/office/draft.toml?lingua="+language, "\xff\xfe[\x00o\x00", "Content-Type", "application/toml"))
		if err := json.Unmarshal([]byte(body), &p); err != nil || len(p.Errors) != 1 || !strings.Contains(p.Errors[0].Message, says) {
			t.Errorf("in %s: %s", language, body)
		}
	}
	if status, body := put(strings.Repeat("#", 2*maxSetupBody)); status != http.StatusRequestEntityTooLarge || !strings.Contains(body, "al massimo 262.144 byte") {
		t.Errorf("a huge file: %d %s", status, body)
	}
}

// What the office itself refuses now is told at the values for which it does: to a
// program, and on the page of the effect with the way to the field.
func TestLettersThatStayAreToldAtTheirField(t *testing.T) {
	c, o, _ := withSetups(t)
	o.open(t, "s1")
	if _, _, err := o.Do(t.Context(), queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Outlet: "accoglienza"}); err != nil {
		t.Fatal(err)
	}
	d := c.draft()
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/set", object{"mark": d.Mark, "values": object{"series[1].letters": "Z"}}, &d)
	var p problem
	c.call(http.StatusUnprocessableEntity, "POST", "/api/v1/office/draft/save", object{"mark": d.Mark, "why": "x", "when": "now"}, &p)
	if p.Code != "bad-setup" || len(p.Errors) != 1 || p.Errors[0].Location != "draft.series[1].letters" || !strings.Contains(p.Errors[0].Message, "finché qualcuno ha in mano un numero") {
		t.Errorf("the program is told %+v", p)
	}
	var e setupEffect
	c.call(http.StatusOK, "GET", "/api/v1/office/draft/effect", nil, &e)
	if len(e.RefusedAt) != 1 || e.RefusedAt[0].Page != "/impostazioni/serie/1#v-series-1-letters" || !strings.Contains(e.RefusedAt[0].Rule, "finché qualcuno") {
		t.Errorf("the effect is refused at %+v", e.RefusedAt)
	}
}

// A set-up that no day could carry is refused whenever it is to hold, and who wrote it
// reads how big it is, how big it may be, and which texts to shorten.
func TestASetupThatIsTooLongSaysHowBigItMayBe(t *testing.T) {
	c, o, _ := withSetups(t)
	o.open(t, "s1")
	d := c.draft()
	setup := office.Reference()
	for i := range 60 {
		more := setup.Services[0]
		more.ID, more.Name, more.Detail = queue.ServiceID(fmt.Sprintf("more-%d", i)), fmt.Sprintf("Servizio %d", i), strings.Repeat("€", 600-i)
		setup.Services = append(setup.Services, more)
		setup.Desks[0].Profile.First = append(setup.Desks[0].Profile.First, more.ID)
	}
	if status, _, body := ask(t, request(t, "PUT", c.s.url+"/api/v1/office/draft.toml?replaces="+d.Mark, string(office.Format(setup)), "Content-Type", "application/toml")); status != http.StatusOK || json.Unmarshal([]byte(body), &d) != nil {
		t.Fatalf("the draft: %d %s", status, body)
	}
	for _, when := range []string{"now", "day"} {
		var p problem
		c.call(http.StatusRequestEntityTooLarge, "POST", "/api/v1/office/draft/save", object{"mark": d.Mark, "why": "x", "when": when}, &p)
		if p.Code != "setup-too-long" || !strings.Contains(p.Detail, "al massimo 65.536") || len(p.Errors) != 1 || p.Errors[0].Location != "draft" {
			t.Errorf("%s: the program is told %+v", when, p)
		}
	}
	var e setupEffect
	c.call(http.StatusOK, "GET", "/api/v1/office/draft/effect", nil, &e)
	if !e.TooLong || !strings.Contains(e.Refused, "65.536") || len(e.RefusedAt) < 2 || e.RefusedAt[1].Page != fmt.Sprintf("/impostazioni/servizi/%[1]d#v-service-%[1]d-detail", len(setup.Services)-58) || e.RefusedAt[1].Rule != "byte: 1.797" {
		t.Errorf("the effect is %v, %q at %+v", e.TooLong, e.Refused, e.RefusedAt)
	}
}
