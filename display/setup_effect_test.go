package display

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

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

// A value that was left out, or is left out now, is called empty and not a dash.
func TestAnEmptyValueIsCalledSo(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/servizi/1", "keep", "service[1].day_cap", "30")
	u.get("/impostazioni/effetto")
	u.sees("<ins>30</ins> (prima era vuoto)")
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", u.hidden("mark"), "why", "Al massimo trenta")
	u.edit("/impostazioni/servizi/1", "keep", "service[1].day_cap", "")
	u.get("/impostazioni/effetto")
	u.sees("<ins>vuoto</ins> invece di <del>30</del>")
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
	u.sees("Da correggere prima di salvare", `href="/impostazioni/orari#v-hours-week-1-close"`, "Chiude")
	if strings.Contains(u.page, `value="save"`) {
		t.Error("it may be saved all the same")
	}
	d, _ := u.setups.Draft("demo")
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", office.Mark(d.Setup), "why", "x")
	u.sees("La configurazione contiene errori")
}

// Removing a service that people wait for says so before.
func TestRemovedServiceIsSaidBefore(t *testing.T) {
	u := newSetter(t)
	u.o.open(t, "s1")
	u.o.issue(t, "anagrafe", queue.Ordinary)
	u.o.issue(t, "anagrafe", queue.Ordinary)
	u.edit("/impostazioni/servizi", "remove:service[1]")
	u.get("/impostazioni/effetto")
	u.sees("mentre aspettano 2 persone", `<span class="tag">si toglie</span>`)
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

func TestSetupMayHoldFromADay(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/ufficio", "keep", "office.note", "Da domani")
	u.get("/impostazioni/effetto")
	u.sees("2026-11-25")
	u.post("/impostazioni/effetto", "action", "save", "when", "date", "from", "2026-11-24", "mark", u.hidden("mark"), "why", "x")
	u.sees("La data deve venire")
	u.post("/impostazioni/effetto", "action", "save", "when", "date", "from", "2026-12-01", "mark", u.hidden("mark"), "why", "Dicembre")
	u.sees("entra in vigore da solo", "Dal 01/12/2026", "Dicembre")
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
	u.post("/impostazioni/effetto", "action", "discard")
	if status, _, _ := send(out); status != http.StatusSeeOther {
		t.Fatalf("answered %d", status)
	}
	if _, kept := u.setups.Draft("demo"); kept {
		t.Error("the same file makes a draft")
	}
	if _, h, _ := send(out); !strings.Contains(h.Get("Location"), "draft-of-file-same") {
		t.Errorf("the same file is told as %s", h.Get("Location"))
	}
	u.get("/impostazioni/ufficio.toml?bozza=1")
	if u.page != out {
		t.Errorf("the file changed: %s", cmp.Diff(out, u.page))
	}
	status, _, body := send("[office]\nbodi = \"x\"\n")
	if status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong file is answered %d", status)
	}
	for _, want := range []string{
		"Riga 2, colonna 1:</strong> Questo non si può leggere: lo corregga", `<span class="hint" lang="en">unknown key`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("a wrong file is answered without %q: %s", want, body)
		}
	}
	_, _, body = send(strings.Replace(out, `standard = "15m"`, `standard = "presto"`, 1))
	if !strings.Contains(body, ":</strong> Standard di attesa: ") || !strings.Contains(body, "<code>service[1].standard</code>") {
		t.Errorf("the fault of a value is not told in Italian: %s", body)
	}
	if status, _, body := send(strings.Repeat("#", 2*maxSetupBody)); status != http.StatusRequestEntityTooLarge || !strings.Contains(body, "può avere al massimo 262.144 byte") {
		t.Errorf("a huge file: %d %s", status, body)
	}
	for file, says := range map[string]string{
		"\xff\xfe[\x00o\x00":                  "Riga 1, colonna 1:</strong> Il file è scritto in UTF-16 e non in UTF-8: lo salvi di nuovo",
		"[office]\nbody = \"Citt\xe0\"\n":     "Riga 2, colonna 13:</strong> Il file è scritto in Windows-1252 e non in UTF-8: lo salvi di nuovo",
		"[office]\n\x00":                      "Questo non è un file di testo: controlli",
		"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR": "Questo non è un file di testo: controlli",
		"[office]\n\x81":                      "Il file non è scritto in UTF-8: lo salvi di nuovo",
	} {
		if status, _, body := send(file); status != http.StatusUnprocessableEntity || !strings.Contains(body, says) {
			t.Errorf("%q is answered %d %s", file, status, body)
		}
	}
}

// What a new office begins with counts as no change, since nobody has decided it.
func TestADraftCountsOnlyWhatIsDecided(t *testing.T) {
	e := editing{state: &queue.State{}}
	e.Setup = office.Begun()
	if n := len(change.Between(e.compared(), e.Setup)); n != 0 || e.changes(e.Setup) {
		t.Errorf("%d changes, and nothing was changed", n)
	}
	e.Setup.Office.Body = "Comune di Prova"
	if n := len(change.Between(e.compared(), e.Setup)); n != 1 || !e.changes(e.Setup) {
		t.Errorf("%d changes for one", n)
	}
}

// Nobody is offered an outlet as its own spare.
func TestAnOutletIsNotOfferedItself(t *testing.T) {
	setup := newTestOffice(t).newest().Setup()
	for i := range setup.Outlets {
		setup.Outlets[i].Printer = true
	}
	f := newSetupForm(setup, nil, words.In("it"))
	for i, o := range setup.Outlets {
		choices := f.spares(fmt.Sprintf("outlet[%d].spare", i+1))
		if len(choices) != len(setup.Outlets) || slices.ContainsFunc(choices, func(c words.Choice) bool { return c.Text == string(o.ID) }) {
			t.Errorf("%s may choose among %v", o.ID, choices)
		}
	}
}

// Appointments that a change leaves without hours or service are said before, with what
// to do, in every language; it is also said that from a later day nothing changes for
// who waits now.
func TestStrandedAppointmentsAreSaidBefore(t *testing.T) {
	u := newSetter(t)
	book := func(id queue.AppointmentID, service queue.ServiceID, minutes int64) {
		t.Helper()
		u.o.must(t, queue.BookAppointment{By: queue.Cause{Kind: queue.ByReception}, Appointment: queue.Booking{ID: id, Service: service, DueAt: tuesday + (minutes-(10*60+31))*60_000}})
	}
	book("a", "anagrafe", 11*60)
	book("b", "anagrafe", 12*60+15)
	book("c", "anagrafe", 15*60+47)
	book("d", "cie", 16*60+21)
	u.edit("/impostazioni/orari", "keep", "hours.week[1].close", "12:00")
	u.get("/impostazioni/effetto")
	u.sees("2 appuntamenti di oggi restano fuori dall&#39;orario: 12:15, 15:47.", "1 appuntamento di oggi resta fuori dall&#39;orario: 16:21.",
		"Avverta chi", `class="felt-now"`, "Se la mette in vigore da un giorno che viene")
	for _, l := range words.StaffLanguages() {
		tongue := words.In(l)
		all := map[string]bool{}
		for _, says := range []string{tongue.StrandedHours(2, "12:15, 15:47"), tongue.StrandedService(2, "12:15, 15:47"), tongue.StrandedDesk(2, "12:15, 15:47")} {
			all[says] = true
			if !strings.Contains(says, "2") || !strings.Contains(says, ": 12:15, 15:47. ") {
				t.Errorf("%s: %q", l, says)
			}
		}
		if len(all) != 3 {
			t.Errorf("%s: one sentence for several reasons: %v", l, all)
		}
	}
	u.edit("/impostazioni/servizi", "remove:service[1]")
	u.get("/impostazioni/effetto")
	u.sees("Il servizio si toglie con 3 appuntamenti di oggi: 11:00, 12:15, 15:47.", "Chi si presenta oggi è ancora accettato")
}

// TestTheDeskShowsARemovedService by its name, while people wait for it whom it calls.
func TestTheDeskShowsARemovedService(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	anagrafe, _ := o.newest().Service("anagrafe")
	named := anagrafe.Name
	draft := office.Edit(o.newest().Setup())
	draft.Remove("service[1]")
	setup := draft.Setup()
	o.must(t, queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: setup, Plan: *o.newest().Plan()})
	row := regexp.MustCompile(`(?s)id="line-anagrafe">.*?<span class="line-name">` + regexp.QuoteMeta(named) + ` \(tolto\).*?<span class="count">1</span>`)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/cruscotto/s1")
	if !row.MatchString(u.page) {
		t.Errorf("the desk does not show who waits for %q: %s", named, u.page)
	}
	u.post("/cruscotto/s1", "action", "next")
	u.sees(`data-held="A001"`)
	if strings.Contains(u.page, `id="line-anagrafe"`) {
		t.Error("the row stays although nobody waits")
	}
}

// Many appointments are named by the first of them, and how many more there are.
func TestManyStrandedAppointmentsAreBounded(t *testing.T) {
	u := newSetter(t)
	for i := range 30 {
		u.o.must(t, queue.BookAppointment{By: queue.Cause{Kind: queue.ByReception}, Appointment: queue.Booking{
			ID: queue.AppointmentID(fmt.Sprint("m", i)), Service: "anagrafe", DueAt: tuesday + int64(14*60+i-(10*60+31))*60_000,
		}})
	}
	u.edit("/impostazioni/orari", "keep", "hours.week[1].close", "12:00")
	u.get("/impostazioni/effetto")
	u.sees("30 appuntamenti di oggi restano fuori dall&#39;orario: 14:00, 14:01,", "14:10, 14:11 e altri 18. Avverta chi")
}

// Who writes a date and leaves another choice made is asked which of the two is meant, at
// the date, and loses nothing of what was written: without script nothing chooses for them.
func TestADateBesideAnotherChoiceIsRefused(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/ufficio", "keep", "office.note", "Nuova")
	for _, when := range []string{"now", "day"} {
		u.get("/impostazioni/effetto")
		u.post("/impostazioni/effetto", "action", "save", "mark", u.hidden("mark"), "when", when, "from", "2026-12-01", "why", "Carta nuova")
		u.sees(`aria-describedby="from-fault"`, `id="from-fault">Ha scritto una data, ma la scelta è un&#39;altra: scelga «da una data»`,
			`value="2026-12-01"`, `value="Carta nuova"`, `value="`+when+`" checked`)
		if u.o.newest().Setup().Office.Note == "Nuova" || len(u.setups.plans) > 0 {
			t.Fatalf("%s: it was put in force, or planned", when)
		}
	}
	u.post("/impostazioni/effetto", "action", "save", "mark", u.hidden("mark"), "when", "date", "from", "2020-01-01", "why", "Carta nuova")
	u.sees(`id="from-fault">La data deve venire`, `value="Carta nuova"`)
	u.post("/impostazioni/effetto", "action", "save", "mark", u.hidden("mark"), "when", "date", "from", "2026-12-01", "why", " ")
	u.sees(`id="why-fault">Manca il perché`, `value="2026-12-01"`, `value="date" checked`)
	u.post("/impostazioni/effetto", "action", "save", "mark", u.hidden("mark"), "when", "date", "from", "2026-12-01", "why", "Carta nuova")
	u.sees("01/12/2026")
}

// What is other of a list is said, and not the whole of it twice; its order is.
func TestOnlyWhatIsOtherOfAListIsSaid(t *testing.T) {
	setup := newTestOffice(t).newest().Setup()
	d := office.Edit(setup)
	d.Set("desk[1].first", "anagrafe, cie, elettorale")
	d.Set("desk[2].first", "anagrafe, cie")
	before := d.Setup()
	d = office.Edit(before)
	d.Set("desk[1].first", "anagrafe, elettorale, protocollo")
	d.Set("desk[2].first", "cie, anagrafe")
	things := changedThings(words.In("it"), change.Between(before, d.Setup()), before, d.Setup())
	if len(things) != 2 || len(things[0].Values) != 1 || len(things[1].Values) != 1 {
		t.Fatalf("changed are %+v", things)
	}
	name := func(id queue.ServiceID) string {
		return setup.Services[slices.IndexFunc(setup.Services, func(x queue.Service) bool { return x.ID == id })].Name
	}
	if v := things[0].Values[0]; v.Added != name("protocollo") || v.Removed != name("cie") {
		t.Errorf("a list is said to have %q more and %q less", v.Added, v.Removed)
	}
	if v := things[1].Values[0]; v.Added+v.Removed != "" || v.Before == v.After {
		t.Errorf("another order is said as %+v", v)
	}
}

// An office without hours is said to be never open, in words.
func TestAnOfficeWithoutHoursIsNeverOpen(t *testing.T) {
	for _, l := range words.StaffLanguages() {
		tongue := words.In(l)
		for _, says := range []string{tongue.Week(0, 0, true), tongue.Week(2445, 0, false), tongue.Week(0, 2445, false)} {
			if strings.Contains(" "+says, " 0 ") || strings.Contains(says, "{") {
				t.Errorf("%s: %q", l, says)
			}
		}
		if sooner := tongue.FeltSooner(1); !strings.Contains(sooner, "1") || sooner == tongue.FeltLater(1) {
			t.Errorf("%s: %q", l, sooner)
		}
	}
	u := newSetter(t)
	for range u.o.newest().Setup().Hours.Week {
		u.edit("/impostazioni/orari", "remove:hours.week[1]")
	}
	u.get("/impostazioni/effetto")
	if !strings.Contains(u.page, "non è mai aperto") && !strings.Contains(u.page, "Si vede quando tutto è corretto") {
		t.Error("nothing says that an office without hours is never open")
	}
}

// What a manager changed of a desk that another has removed meanwhile is named before the
// two are brought together; where nothing is left, nothing can be saved.
func TestAMergeThatLosesEverythingSaysSo(t *testing.T) {
	u := newSetter(t)
	label := u.o.newest().Setup().Desks[7].Label
	u.edit("/impostazioni/sportelli/8", "keep", "desk[8].label", "23")
	d := office.Edit(u.o.newest().Setup())
	if err := d.Remove("desk[8]"); err != nil {
		t.Fatal(err)
	}
	if faults := office.Faults(d.Setup()); len(faults) > 0 {
		t.Fatal(faults)
	}
	if err := u.setups.Save(t.Context(), SetupAct{Setup: d.Setup(), Base: office.Mark(u.o.newest().Setup())}); err != nil {
		t.Fatal(err)
	}
	u.get("/impostazioni/effetto")
	u.sees("questo della sua bozza si perde", "<ins>23</ins> invece di <del>"+label+"</del>")
	u.post("/impostazioni/effetto", "action", "rebase")
	u.sees("Della sua bozza non resta niente")
	if _, kept := u.setups.Draft("demo"); kept {
		t.Error("a draft that changes nothing is kept")
	}
	versions, acts := len(u.setups.Versions()), len(u.setups.by)
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", office.Mark(u.o.newest().Setup()), "why", "Niente")
	u.sees("non c&#39;è niente da salvare")
	if len(u.setups.Versions()) != versions || len(u.setups.by) != acts {
		t.Error("something was saved")
	}
}

// What a merge would lose is put back into the draft by one button; who merges without it
// finds it in the earlier draft.
func TestWhatAMergeLosesIsPutBack(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/sportelli/8", "keep", "desk[8].label", "23")
	u.edit("/impostazioni/ufficio", "keep", "office.note", "Portare un documento")
	id := u.draft().Desks[7].ID
	d := office.Edit(u.o.newest().Setup())
	if err := d.Remove("desk[8]"); err != nil {
		t.Fatal(err)
	}
	if err := u.setups.Save(t.Context(), SetupAct{Setup: d.Setup(), Base: office.Mark(u.o.newest().Setup())}); err != nil {
		t.Fatal(err)
	}
	has := func() bool {
		return slices.ContainsFunc(u.draft().Desks, func(x queue.Desk) bool { return x.ID == id && x.Label == "23" })
	}
	u.get("/impostazioni/effetto")
	u.sees("questo della sua bozza si perde", "Metti insieme e rimetti ciò che si perde")
	u.post("/impostazioni/effetto", "action", "rebase")
	u.sees("senza ciò che si perdeva")
	if has() || u.draft().Office.Note != "Portare un documento" {
		t.Error("the two are not together without what is lost")
	}
	u.get("/impostazioni")
	u.sees("Riprendi la bozza di prima")
	u.post("/impostazioni/effetto", "action", "bring-back")
	u.post("/impostazioni/effetto", "action", "rebase-keeping")
	u.sees("c&#39;è di nuovo ciò che l&#39;altro aveva tolto")
	if !has() || u.draft().Office.Note != "Portare un documento" {
		t.Error("what would be lost is not in the draft again")
	}
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", u.hidden("mark"), "why", "Lo sportello 23 serve ancora")
	if !slices.ContainsFunc(u.o.newest().Setup().Desks, func(x queue.Desk) bool { return x.ID == id && x.Label == "23" }) {
		t.Error("it is not in force")
	}
}

// A service that stops at once is told with an alarm, and what becomes of who waits.
func TestAServiceThatStopsAtOnceIsToldBefore(t *testing.T) {
	u := newSetter(t)
	u.o.issue(t, "anagrafe", queue.Ordinary)
	u.edit("/impostazioni/servizi/1", "keep", "service[1].from", "2026-12-24")
	u.get("/impostazioni/effetto")
	u.sees(`<li class="alarm"><strong>Anagrafe`, "Da subito non dà più numeri.", "Chi aspetta (1) resta al suo posto")
	if strings.Contains(u.page, "Non cambia niente.") {
		t.Error("it says that nothing changes")
	}
}

// What was given already, who waits, or appointments alone stop numbers at once too; why is
// told, in the words of what was changed.
func TestWhyAServiceStopsAtOnceIsToldBefore(t *testing.T) {
	for _, c := range []struct{ page, key, value, says string }{
		{"/impostazioni/servizi/1", "service[1].appointments_only", "true", "solo a chi ha un appuntamento"},
		{"/impostazioni/servizi/1", "service[1].day_cap", "1", "ne consente in un giorno"},
		{"/impostazioni/servizi/1", "service[1].quota", "1", "ne prevede in tutto"},
		{"/impostazioni/regole", "rules.hall_capacity", "1", "finché nella sala non si libera posto"},
	} {
		u := newSetter(t)
		u.o.issue(t, "anagrafe", queue.Ordinary)
		u.edit(c.page, "keep", c.key, c.value)
		u.get("/impostazioni/effetto")
		u.sees(`<li class="alarm"><strong>Anagrafe`, c.says, "Chi aspetta (1) resta al suo posto")
		if strings.Contains(u.page, "Non cambia niente.") {
			t.Errorf("%s: it says that nothing changes", c.key)
		}
	}
}

// A time zone by which the office's date is another one is told before it holds: which day
// it is then, and until when the open one goes on.
func TestAnotherDateOfTheOfficeIsToldBefore(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/ufficio", "keep", "office.zone", "Pacific/Honolulu")
	u.get("/impostazioni/effetto")
	u.sees("Se la mette in vigore adesso", "Così adesso è la giornata del 23/11/2026", "23/11/2026, 2", "resta quella del 24/11/2026 fino a 24/11/2026, 13:00", "poi comincia quella del 24/11/2026")
	var effect setupEffect
	c := &caller{t: t, s: u.s}
	if c.call(http.StatusOK, "GET", "/api/v1/office/draft/effect", nil, &effect); !strings.Contains(effect.Date, "23/11/2026") {
		t.Errorf("the API says %q", effect.Date)
	}
	u.edit("/impostazioni/ufficio", "keep", "office.zone", "Europe/Athens")
	u.get("/impostazioni/effetto")
	if strings.Contains(u.page, "Così adesso è la giornata") {
		t.Error("the date stays, and the page says that it changes")
	}
}

// Of what is added, more than the name is said, in every language: its dates, its
// bounds, its hours, and of a day without hours that it is closed.
func TestWhatIsAddedIsSaidWithWhatMustBeChecked(t *testing.T) {
	before := newTestOffice(t).newest().Setup()
	after := office.Edit(before).Setup()
	after.Services = append(after.Services, queue.Service{
		ID: "tari", Name: "Sportello TARI", Series: after.Series[0].ID, StandardMs: 900_000, StandardShare: 0.9, DayCap: 10, From: "2026-12-01", To: "2026-12-18",
		AppointmentsOnly: true, Week: []queue.WeekBand{{Days: []string{"mon", "thu"}, Open: "09:00", Close: "12:00"}},
	})
	after.Desks[0].Profile.First = append(after.Desks[0].Profile.First, "tari")
	after.Desks = append(after.Desks, queue.Desk{ID: "new", Label: "77", Group: "g", Profile: queue.Profile{First: []queue.ServiceID{"tari"}}})
	after.Hours.Exceptions = append(after.Hours.Exceptions, queue.Exception{Date: "2026-11-30"})
	for _, l := range words.StaffLanguages() {
		said := map[string]string{}
		tongue := words.In(l)
		for _, thing := range changedThings(tongue, change.Between(before, after), before, after) {
			if thing.State == "" && len(thing.Facts) > 0 {
				t.Errorf("%s: facts of %q, which is not new", l, thing.Name)
			}
			for _, f := range thing.Facts {
				said[thing.Name] += f.Label + ": " + f.Is + "\n"
			}
		}
		text := ""
		for _, s := range said {
			text += s
		}
		for _, want := range []string{": " + tongue.Day("2026-12-01"), ": " + tongue.Day("2026-12-18"), ": 10\n", ": " + tongue.Say("choice.yes"), "09:00-12:00", ": Sportello TARI", ": " + tongue.Say("settings.closed-all-day"), ": 15 min"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not said:\n%s", l, want, text)
			}
		}
		if strings.Contains(text, ": –") || strings.Contains(text, "thu") {
			t.Errorf("%s: it says\n%s", l, text)
		}
	}
}
