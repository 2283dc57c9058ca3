package display

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

// testSetups keeps setups in memory, and puts them in force at once.
type testSetups struct {
	o *testOffice

	mu       sync.Mutex
	drafts   map[string]SetupDraft
	versions []SetupVersion
	setups   []queue.Setup
	plans    []SetupPlan
}

func newTestSetups(o *testOffice) *testSetups {
	s := &testSetups{o: o, drafts: map[string]SetupDraft{}}
	s.record(o.newest().Setup(), "")
	return s
}

func (s *testSetups) record(setup queue.Setup, why string) {
	s.setups = append(s.setups, setup)
	s.versions = append([]SetupVersion{{Number: len(s.setups), At: time.UnixMilli(tuesday), Role: "manager", Why: why, Mark: office.Mark(setup)}}, s.versions...)
}

func (s *testSetups) Draft(author string) (SetupDraft, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.drafts[author]
	return d, ok
}

func (s *testSetups) KeepDraft(author string, d SetupDraft) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drafts[author] = d
	return nil
}

func (s *testSetups) DropDraft(author string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.drafts, author)
	return nil
}

func (s *testSetups) Versions() []SetupVersion {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.versions)
}

func (s *testSetups) Version(number int) (queue.Setup, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if number < 1 || number > len(s.setups) {
		return queue.Setup{}, ErrNoVersion
	}
	return s.setups[number-1], nil
}

func (s *testSetups) Save(ctx context.Context, act SetupAct) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.o.newest()
	if act.Base != office.Mark(state.Setup()) {
		return ErrSetupChanged
	}
	if act.From != "" {
		s.plans = append(s.plans, SetupPlan{Number: len(s.plans) + 1, Base: state.Setup(), Setup: act.Setup, From: act.From, Why: act.Why, Role: "manager"})
		return nil
	}
	plan, err := calendar.Plan(act.Setup, state.OfficeTime(s.o.Now()))
	if err != nil {
		return err
	}
	if _, _, err := s.o.Do(ctx, queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: act.Setup, Plan: plan}); err != nil {
		return err
	}
	s.record(act.Setup, act.Why)
	return nil
}

func (s *testSetups) Planned() []SetupPlan {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.plans)
}

func (s *testSetups) Unplan(number int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plans = slices.DeleteFunc(s.plans, func(p SetupPlan) bool { return p.Number == number })
	return nil
}

// written is a store in which somebody is writing: a service is removed, another
// standard is not yet right.
func written(o *testOffice) *testSetups {
	s := newTestSetups(o)
	base := o.newest().Setup()
	d := office.Edit(base)
	_ = d.Set("service[1].standard", "20m")
	_ = d.Remove("service[3]")
	_ = d.Set("hours.week[1].close", "18:00")
	s.drafts["demo"] = SetupDraft{Base: base, Setup: d.Setup()}
	d = office.Edit(base)
	_ = d.Set("office.note", "Orario estivo")
	s.plans = []SetupPlan{{Number: 1, Base: base, Setup: d.Setup(), From: "2027-06-01", Why: "Delibera 45", Role: "manager"}}
	return s
}

// A setter is somebody without script who changes the office.
type setter struct {
	surfer
	o      *testOffice
	setups *testSetups
}

func newSetter(t *testing.T) *setter {
	t.Helper()
	o := newTestOffice(t)
	cfg := o.config()
	setups := newTestSetups(o)
	cfg.Setups = setups
	return &setter{surfer{t: t, s: serve(t, cfg, "")}, o, setups}
}

var inputs = regexp.MustCompile(`(?s)<input[^>]*>|<select.*?</select>`)
var areas = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>`)
var attribute = regexp.MustCompile(`(\w+)="([^"]*)"`)

// filled are the fields of the page's form as a browser would send them.
func (u *setter) filled() map[string][]string {
	u.t.Helper()
	form := u.page
	if i := strings.Index(form, `class="setup-form"`); i >= 0 {
		form = form[i:]
	}
	all := map[string][]string{}
	for _, tag := range inputs.FindAllString(form, -1) {
		at := map[string]string{}
		first := tag
		if i := strings.Index(tag, ">"); strings.HasPrefix(tag, "<select") {
			first = tag[:i]
		}
		for _, m := range attribute.FindAllStringSubmatch(first, -1) {
			at[m[1]] = html.UnescapeString(m[2])
		}
		value := at["value"]
		if strings.HasPrefix(tag, "<select") {
			value = ""
			if i := strings.Index(tag, " selected"); i >= 0 {
				before := tag[:i]
				value = strings.TrimSuffix(before[strings.LastIndex(before, `value="`)+len(`value="`):], `"`)
			}
		}
		if ticks := at["type"] == "checkbox" || at["type"] == "radio"; ticks && !strings.Contains(tag, " checked") {
			continue
		}
		if at["name"] == "mark" && all["mark"] != nil {
			continue // of another form on the page
		}
		all[at["name"]] = append(all[at["name"]], value)
	}
	for _, m := range areas.FindAllStringSubmatch(form, -1) {
		all[m[1]] = []string{html.UnescapeString(m[2])}
	}
	return all
}

// edit opens a page, writes values into its form and presses a button.
func (u *setter) edit(path, action string, values ...string) {
	u.t.Helper()
	u.get(path)
	form := u.filled()
	for i := 0; i < len(values); i += 2 {
		form[values[i]] = []string{values[i+1]}
		if values[i+1] == "" {
			delete(form, values[i])
		}
	}
	form["action"] = []string{action}
	var fields []string
	for name, all := range form {
		for _, v := range all {
			fields = append(fields, name, v)
		}
	}
	u.post(path, fields...)
}

// draft is what the setter is writing.
func (u *setter) draft() queue.Setup {
	u.t.Helper()
	d, ok := u.setups.Draft("demo")
	if !ok {
		return u.o.newest().Setup()
	}
	return d.Setup
}

// Every page of the set-up can be sent back as it came: the office is then what
// it was, so that nothing that a page does not show is lost by it.
func TestPageSentBackAsItCameChangesNothing(t *testing.T) {
	u := newSetter(t)
	before := u.o.newest().Setup()
	var pages []string
	for _, section := range setupSections {
		if !section.List {
			pages = append(pages, setupHome+"/"+section.Name)
			continue
		}
		for i := range newSetupForm(before, nil, words.In("")).items(section) {
			pages = append(pages, fmt.Sprintf("%s/%s/%d", setupHome, section.Name, i+1))
		}
	}
	for _, page := range pages {
		u.edit(page, "keep")
		if diff := cmp.Diff(before, u.draft()); diff != "" {
			t.Fatalf("%s changed the office: %s", page, diff)
		}
	}
	if len(pages) < 20 {
		t.Errorf("only %d pages", len(pages))
	}
}

// Each value of an office has a field with words, and words are of no other.
func TestEveryValueOfAnOfficeHasWords(t *testing.T) {
	setup := office.Reference()
	d := office.Edit(setup)
	for _, list := range []string{"service[1].week", "service[1].week[1].caps", "hours.exception[1].band[1].caps", "hours.week[1].caps"} {
		if _, err := d.Add(list, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"service[1].names.de", "slip.text.de.note", "slip.text.de.late_one"} {
		if err := d.Set(path, "x"); err != nil {
			t.Fatal(err)
		}
	}
	setup = d.Setup()
	f := newSetupForm(setup, nil, words.In(""))
	shown := map[string]bool{}
	var see func(g setupGroup)
	see = func(g setupGroup) {
		for _, field := range g.Fields {
			if field.Label == "" || field.Rule == "" || strings.Contains(field.Label, "service.") {
				t.Errorf("%s has no words: %+v", field.Path, field)
			}
			shown[field.Path] = true
		}
		for _, l := range g.Lists {
			for _, item := range l.Items {
				see(item)
			}
		}
	}
	for _, section := range setupSections {
		if !section.List {
			see(f.group(section.Path))
			continue
		}
		for _, item := range f.items(section) {
			see(f.group(item.Path))
		}
	}
	for _, v := range office.Values(setup) {
		if _, ok := words.In("").SetupValue(change.KeyOf(v.Path)); !ok {
			t.Errorf("%s has no words", v.Path)
		}
		switch key := change.KeyOf(v.Path); {
		case strings.HasSuffix(key, ".id"), key == "desk.help", key == "hours.exception.band.days", key == "service.week.services":
		case !shown[v.Path]:
			t.Errorf("%s stands on no page", v.Path)
		}
	}
}

func TestEditedValuesStayADraftUntilTheyAreSaved(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/servizi/1", "keep", "service[1].standard", "20", "service[1].name", "Anagrafe & stato", "service[1].last_ticket", "true")
	u.sees("Tenuto nella bozza", "3 modifiche non sono ancora in vigore", "20 min")
	if x := u.o.newest().Setup().Services[0]; x.StandardMs == 20*60_000 {
		t.Error("a draft is in force")
	}
	if x := u.draft().Services[0]; x.StandardMs != 20*60_000 || x.Name != "Anagrafe & stato" || !x.LastTicket {
		t.Errorf("the draft is %+v", x)
	}
	u.get("/impostazioni/effetto")
	u.sees("Anagrafe &amp; stato", "<ins>20 min</ins> invece di <del>15 min</del>", "come adesso")
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", u.hidden("mark"), "why", "Carta dei servizi nuova")
	u.sees("Fatto: vale dal prossimo biglietto")
	if x := u.o.newest().Setup().Services[0]; x.StandardMs != 20*60_000 {
		t.Errorf("in force is %+v", x)
	}
	u.get("/impostazioni/storia")
	u.sees("Carta dei servizi nuova", "in vigore")
}

// What cannot be read stays as it was typed, in red, and the rest is kept.
func TestValueThatCannotBeReadIsShownAtItsField(t *testing.T) {
	u := newSetter(t)
	u.get("/impostazioni/servizi/1")
	form := u.filled()
	form["service[1].standard"], form["service[1].day_cap"], form["action"] = []string{"presto"}, []string{"7"}, []string{"keep"}
	v := map[string][]string(form)
	status, _, body := ask(t, request(t, "POST", u.s.url+"/impostazioni/servizi/1", encode(v), "Content-Type", "application/x-www-form-urlencoded", "Origin", u.s.url))
	if status != http.StatusUnprocessableEntity {
		t.Fatalf("answered %d", status)
	}
	for _, want := range []string{`value="presto"`, "1 valore non si capisce", `aria-invalid="true"`, "Da correggere."} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if x := u.draft().Services[0]; x.DayCap != 7 || x.StandardMs != 15*60_000 {
		t.Errorf("the draft is %+v", x)
	}
}

func encode(form map[string][]string) string {
	var parts []string
	for name, all := range form {
		for _, v := range all {
			parts = append(parts, escape(name)+"="+escape(v))
		}
	}
	return strings.Join(parts, "&")
}

func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// A fault of the office stands at its field, on the page of the effect with a way
// there, and keeps the draft from being saved.
func TestFaultStandsAtItsField(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/orari", "keep", "hours.week[1].close", "07:00")
	u.sees("Da correggere: 1", `class="field field-fault field-text"`)
	if n := strings.Count(u.page, `class="field field-fault`); n != 1 {
		t.Errorf("%d fields are red", n)
	}
	u.get("/impostazioni")
	u.sees("Da correggere: 1")
	u.get("/impostazioni/effetto")
	u.sees("Da correggere prima di salvare", `href="/impostazioni/orari"`, "Chiude")
	if strings.Contains(u.page, `value="save"`) {
		t.Error("it may be saved all the same")
	}
	d, _ := u.setups.Draft("demo")
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", office.Mark(d.Setup), "why", "x")
	u.sees("La configurazione contiene errori")
}

func TestThingsAreAddedMovedAndRemoved(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/servizi", "add:service", "name", "Nozze d'oro")
	if !strings.HasPrefix(u.at, "/impostazioni/servizi/9") {
		t.Fatalf("the new service is at %s", u.at)
	}
	u.sees("Lo serva almeno uno sportello") // its fault
	u.edit("/impostazioni/sportelli/1", "keep", "desk[1].first.nozze-d-oro", "first")
	if got := u.draft().Desks[0].Profile.First; got[len(got)-1] != "nozze-d-oro" {
		t.Errorf("desk 1 serves %v", got)
	}
	if faults := office.Faults(u.draft()); len(faults) > 0 {
		t.Errorf("the draft has %v", faults)
	}
	u.edit("/impostazioni/servizi", "up:service[9]")
	if u.draft().Services[7].ID != "nozze-d-oro" {
		t.Error("it did not move")
	}
	u.edit("/impostazioni/servizi/8", "remove:service[8]")
	u.sees("Tolto dalla bozza")
	if diff := cmp.Diff(u.o.newest().Setup(), u.draft()); diff != "" {
		t.Errorf("something is left of it: %s", diff)
	}
	if _, kept := u.setups.Draft("demo"); kept {
		t.Error("a draft that changes nothing is kept")
	}
	u.edit("/impostazioni/orari", "add:hours.exception")
	n := len(u.draft().Hours.Exceptions)
	u.edit("/impostazioni/orari", fmt.Sprintf("add:hours.exception[%d].band", n), fmt.Sprintf("hours.exception[%d].date", n), "2026-12-31")
	u.edit("/impostazioni/orari", "keep", fmt.Sprintf("hours.exception[%d].band[1].open", n), "09:00", fmt.Sprintf("hours.exception[%d].band[1].close", n), "11:00",
		"hours.patron", "25/4", "hours.own_holidays", "lunedì di Pentecoste, 7/12")
	h := u.draft().Hours
	if e := h.Exceptions[n-1]; e.Date != "2026-12-31" || e.Bands[0].Close != "11:00" || h.Patron != "04-25" || h.OwnHolidays[1] != "12-07" {
		t.Errorf("the hours are %+v", h)
	}
}

// Removing a service that people wait for says so before.
func TestRemovedServiceIsSaidBefore(t *testing.T) {
	u := newSetter(t)
	u.o.open(t, "s1")
	u.o.issue(t, "anagrafe", queue.Ordinary)
	u.o.issue(t, "anagrafe", queue.Ordinary)
	u.edit("/impostazioni/servizi", "remove:service[1]")
	u.get("/impostazioni/effetto")
	u.sees("mentre aspettano 2 persone", `<span class="tag">tolto</span>`)
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", u.hidden("mark"), "why", "Chiude")
	if n := u.o.newest().WaitingFor("anagrafe"); n != 2 {
		t.Errorf("%d wait for it", n)
	}
	u.o.next(t, "s1")
	if n := u.o.newest().WaitingFor("anagrafe"); n != 1 {
		t.Errorf("%d wait for it after a call", n)
	}
}

// Two managers save at once: the second is told what changed, and both changes
// can be brought together.
func TestSecondOfTwoManagersIsToldWhatChanged(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/servizi/1", "keep", "service[1].standard", "20 min")
	u.get("/impostazioni/effetto")
	mark := u.hidden("mark")
	// The other one is faster.
	d := office.Edit(u.o.newest().Setup())
	d.Set("office.note", "Portare un documento")
	d.Set("service[1].standard", "12m")
	if err := u.setups.Save(t.Context(), SetupAct{Setup: d.Setup(), Base: office.Mark(u.o.newest().Setup())}); err != nil {
		t.Fatal(err)
	}
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", mark, "why", "Standard")
	u.sees("qualcun altro ha cambiato l&#39;ufficio", "Portare un documento", "Anche lei ha cambiato questo", "Metti insieme")
	if u.o.newest().Setup().Services[0].StandardMs != 12*60_000 {
		t.Fatal("the second save went through")
	}
	u.post("/impostazioni/effetto", "action", "rebase")
	u.sees("Le due modifiche sono insieme")
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", u.hidden("mark"), "why", "Standard")
	s := u.o.newest().Setup()
	if s.Services[0].StandardMs != 20*60_000 || s.Office.Note != "Portare un documento" {
		t.Errorf("in force are %v and %q", s.Services[0].StandardMs, s.Office.Note)
	}
}

// A form of a tab that was left open does not write over what came since.
func TestOldTabWritesNothing(t *testing.T) {
	u := newSetter(t)
	u.get("/impostazioni/servizi/2")
	old := u.filled()
	u.edit("/impostazioni/servizi", "remove:service[1]")
	var fields []string
	for name, all := range old {
		fields = append(fields, name, all[0])
	}
	u.post("/impostazioni/servizi/2", append(fields, "action", "keep")...)
	u.sees("La bozza è cambiata in un&#39;altra scheda")
	if n := len(u.draft().Services); n != 7 {
		t.Errorf("%d services", n)
	}
}

func TestSetupMayHoldFromADay(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/ufficio", "keep", "office.note", "Da domani")
	u.get("/impostazioni/effetto")
	u.sees("2026-11-25")
	u.post("/impostazioni/effetto", "action", "save", "when", "date", "from", "2026-11-24", "mark", u.hidden("mark"), "why", "x")
	u.sees("La data deve venire")
	u.post("/impostazioni/effetto", "action", "save", "when", "date", "from", "2026-12-01", "mark", u.hidden("mark"), "why", "Dicembre")
	u.sees("entra in vigore da solo", "Dal 2026-12-01", "Dicembre")
	if all := u.setups.Planned(); len(all) != 1 || all[0].From != "2026-12-01" || all[0].Setup.Office.Note != "Da domani" {
		t.Errorf("planned are %+v", all)
	}
}

func TestNothingIsSavedWithoutAReason(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/ufficio", "keep", "office.note", "Nota")
	u.get("/impostazioni/effetto")
	mark := u.hidden("mark")
	for _, why := range []string{"", "   ", strings.Repeat("x", longestWhy+1)} {
		u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", mark, "why", why)
		u.sees("Manca il perché")
	}
	if u.o.newest().Setup().Office.Note == "Nota" {
		t.Error("it is in force")
	}
}

func TestEarlierOfficeComesBackAsADraft(t *testing.T) {
	u := newSetter(t)
	before := u.o.newest().Setup()
	u.edit("/impostazioni/ufficio", "keep", "office.note", "Nuova")
	u.get("/impostazioni/effetto")
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", u.hidden("mark"), "why", "x")
	u.get("/impostazioni/storia?versione=1")
	u.sees("La versione 1 rispetto a quella in vigore", "<del>Nuova</del>")
	u.post("/impostazioni/storia", "version", "1")
	u.sees("La versione è ora la sua bozza")
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", u.hidden("mark"), "why", "Come prima")
	if diff := cmp.Diff(before, u.o.newest().Setup()); diff != "" {
		t.Errorf("it is not as before: %s", diff)
	}
	u.post("/impostazioni/storia", "version", "99")
	u.sees("Questa versione non è conservata")
}

// The whole office goes out as a file and comes in again the same, byte for byte.
func TestOfficeGoesOutAndInAsAFile(t *testing.T) {
	u := newSetter(t)
	u.get("/impostazioni/ufficio.toml")
	out := u.page
	send := func(text string) (int, http.Header, string) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		f, _ := m.CreateFormFile("file", "ufficio.toml")
		io.WriteString(f, text)
		m.Close()
		return ask(t, request(t, "POST", u.s.url+"/impostazioni/ufficio.toml", b.String(), "Content-Type", m.FormDataContentType(), "Origin", u.s.url))
	}
	if status, h, _ := send(strings.Replace(out, "90%", "80%", 1)); status != http.StatusSeeOther || !strings.HasPrefix(h.Get("Location"), "/impostazioni/effetto") {
		t.Fatalf("answered %d", status)
	}
	u.get("/impostazioni/effetto")
	u.sees("<ins>80%</ins> invece di <del>90%</del>")
	if status, _, _ := send(out); status != http.StatusSeeOther {
		t.Fatalf("answered %d", status)
	}
	if _, kept := u.setups.Draft("demo"); kept {
		t.Error("the same file makes a draft")
	}
	u.get("/impostazioni/ufficio.toml?bozza=1")
	if u.page != out {
		t.Errorf("the file changed: %s", cmp.Diff(out, u.page))
	}
	status, _, body := send("[office]\nbodi = \"x\"\n")
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "ufficio.toml:2:1") {
		t.Errorf("a wrong file: %d %s", status, body)
	}
	if status, _, _ := send(strings.Repeat("#", 2*maxSetupBody)); status != http.StatusBadRequest {
		t.Errorf("a huge file: %d", status)
	}
}

// The page where tickets are worded shows each as the draft would print it.
func TestTicketIsShownAsTheDraftWouldPrintIt(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	setups := newTestSetups(o)
	cfg.Setups = setups
	var drawn queue.Setup
	cfg.Slip = func(setup queue.Setup, service queue.ServiceID, now time.Time) ([]byte, error) {
		if drawn = setup; service == "cie" {
			return nil, errBadBody
		}
		return []byte("png " + now.Format("15:04")), nil
	}
	u := &setter{surfer{t: t, s: serve(t, cfg, "")}, o, setups}
	u.edit("/impostazioni/biglietto", "keep", "slip.text.it.caption", "Il suo turno")
	u.sees("/impostazioni/biglietto/anagrafe.png?" + office.Mark(u.draft()))
	if _, h, body := ask(t, request(t, "GET", u.s.url+"/impostazioni/biglietto/anagrafe.png", "")); body != "png 10:31" || h.Get("Content-Type") != "image/png" {
		t.Errorf("the picture is %q, %s", body, h.Get("Content-Type"))
	}
	if drawn.Slip.Texts["it"]["caption"] != "Il suo turno" {
		t.Errorf("drawn is %v", drawn.Slip)
	}
	for _, none := range []string{"cie.png", "nozze.png", "anagrafe"} {
		if status, _, _ := ask(t, request(t, "GET", u.s.url+"/impostazioni/biglietto/"+none, "")); status != http.StatusNotFound {
			t.Errorf("%s: %d", none, status)
		}
	}
}

// A script in a name is a name.
func TestScriptInANameStaysText(t *testing.T) {
	u := newSetter(t)
	const bad = `<script>alert(1)</script>"'`
	u.edit("/impostazioni/servizi/1", "keep", "service[1].name", bad)
	for _, page := range []string{"/impostazioni", "/impostazioni/servizi", "/impostazioni/servizi/1", "/impostazioni/sportelli/1", "/impostazioni/effetto"} {
		u.get(page)
		if strings.Contains(u.page, "<script>alert") {
			t.Errorf("%s runs it", page)
		}
	}
	if u.draft().Services[0].Name != bad {
		t.Errorf("the name is %q", u.draft().Services[0].Name)
	}
}

func FuzzSetupForm(f *testing.F) {
	f.Add("service[1].standard", "15", "keep")
	f.Add("desk[1].first", "x", "add:service")
	f.Add("slip.text.de.note", "-", "remove:service[1]")
	f.Add("hours.week[1].days", "mon,tue", "up:desk[2]")
	setup := office.Empty()
	d := office.Edit(setup)
	for _, list := range []string{"series", "service", "desk", "outlet", "hours.week", "hours.exception", "service[1].week"} {
		if _, err := d.Add(list, "x"); err != nil {
			f.Fatal(err)
		}
	}
	setup = d.Setup()
	f.Fuzz(func(t *testing.T, path, text, action string) {
		form := newSetupForm(setup, nil, words.In(""))
		d := office.Edit(setup)
		posted := fields{"fields": path, path: text, "action": action, "name": text}
		form.write(d, posted)
		_, _, _ = formAct(d, setupSections[2], 1, posted, "/")
		after := newSetupForm(d.Setup(), nil, words.In(""))
		for _, section := range setupSections {
			if !section.List && section.Path != "slip" {
				after.group(section.Path)
			}
		}
		faultsAt(after, after.faults)
	})
}

// With no office the first page leads to the set-up, every page answers, and an
// office is made in the browser from nothing or from the reference office.
func TestFirstOfficeIsMadeInTheBrowser(t *testing.T) {
	o := newTestOffice(t)
	o.state = &queue.State{}
	o.must(t, queue.StartUp{Version: "test", Journal: "journal-1"})
	cfg := o.config()
	setups := &testSetups{o: o, drafts: map[string]SetupDraft{}}
	cfg.Setups, cfg.Copies = setups, noCopies{}
	u := &setter{surfer{t: t, s: serve(t, cfg, "")}, o, setups}
	if status, h, _ := ask(t, request(t, "GET", u.s.url+"/", "")); status != http.StatusSeeOther || h.Get("Location") != setupHome {
		t.Fatalf("the first page answers %d and leads to %q", status, h.Get("Location"))
	}
	for _, p := range sitemap {
		if strings.HasPrefix(p.path, "/demo") {
			continue
		}
		if status, _, body := ask(t, request(t, "GET", u.s.url+p.path, "")); status >= 500 {
			t.Errorf("%s answers %d: %s", p.path, status, body)
		}
	}
	u.get(setupHome)
	u.sees("Primo avvio", "Parti dall&#39;ufficio di riferimento", `href="/impostazioni/copia"`, "Da correggere")
	// From nothing, part by part; what is written is there after a pause.
	u.edit("/impostazioni/ufficio", "keep", "office.body", "Comune di Sette", "office.name", "Sportello")
	u.edit("/impostazioni/serie", "add:series", "name", "A")
	u.edit("/impostazioni/servizi", "add:service", "name", "Anagrafe")
	u.edit("/impostazioni/sportelli", "add:desk", "name", "1")
	u.edit("/impostazioni/sportelli/1", "keep", "desk[1].first.anagrafe", "first")
	u.edit("/impostazioni/uscite", "add:outlet", "name", "Totem")
	u.edit("/impostazioni/orari", "add:hours.week")
	d, _ := setups.Draft("demo")
	w := office.Edit(d.Setup)
	for path, text := range map[string]string{"hours.week[1].days": "mon, tue", "hours.week[1].open": "08:00", "hours.week[1].close": "13:00"} {
		if err := w.Set(path, text); err != nil {
			t.Fatal(err)
		}
	}
	setups.drafts["demo"] = SetupDraft{Base: d.Base, Setup: w.Setup()}
	u.get("/impostazioni/effetto")
	u.sees("È il primo ufficio di questo apparecchio", "Aperto 10 h a settimana")
	if faults := office.Faults(w.Setup()); len(faults) > 0 {
		t.Fatal(faults)
	}
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", u.hidden("mark"), "why", "Apertura")
	if got := o.newest().Setup().Office.Body; got != "Comune di Sette" {
		t.Errorf("in force is %q", got)
	}
}

func TestReferenceOfficeIsAStart(t *testing.T) {
	o := newTestOffice(t)
	o.state = &queue.State{}
	o.must(t, queue.StartUp{Version: "test", Journal: "journal-1"})
	cfg := o.config()
	setups := &testSetups{o: o, drafts: map[string]SetupDraft{}}
	cfg.Setups = setups
	u := &setter{surfer{t: t, s: serve(t, cfg, "")}, o, setups}
	u.post("/impostazioni/effetto", "action", "reference")
	u.sees("L&#39;ufficio di riferimento è ora la sua bozza")
	u.edit("/impostazioni/ufficio", "keep", "office.body", "Comune di Otto")
	u.get("/impostazioni/effetto")
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", u.hidden("mark"), "why", "Apertura")
	if s := o.newest().Setup(); s.Office.Body != "Comune di Otto" || len(s.Services) != 8 {
		t.Errorf("in force is %q with %d services", s.Office.Body, len(s.Services))
	}
}
