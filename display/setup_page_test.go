package display

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
	"eliminacode/queue/office"
)

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
	u.sees("/impostazioni/biglietto/anagrafe.png?"+office.Mark(u.draft()), "Il QR non esce")
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

// With no office the first page leads to the set-up, every page answers, and an
// office is made in the browser from nothing or from the reference office.
func TestFirstOfficeIsMadeInTheBrowser(t *testing.T) {
	o := newTestBox(t)
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
	d, _ := setups.Draft(firstAuthor)
	w := office.Edit(d.Setup)
	for path, text := range map[string]string{"hours.week[1].days": "mon, tue", "hours.week[1].open": "08:00", "hours.week[1].close": "13:00"} {
		if err := w.Set(path, text); err != nil {
			t.Fatal(err)
		}
	}
	setups.drafts[firstAuthor] = SetupDraft{Base: d.Base, Setup: w.Setup()}
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
	o := newTestBox(t)
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

// The way to the effect keeps first what was just written, in a form as on the page of
// a list, and without script: it is a button of the form.
func TestTheWayToTheEffectKeepsWhatWasWritten(t *testing.T) {
	u := newSetter(t)
	u.edit("/impostazioni/ufficio", "keep", "office.place", "Piano terra")
	for _, path := range []string{"/impostazioni/ufficio", "/impostazioni/orari", "/impostazioni/regole", "/impostazioni/servizi", "/impostazioni/servizi/1", "/impostazioni/sportelli"} {
		u.get(path)
		u.sees(`form="draft-form" name="action" value="effect"`, `id="draft-form"`)
		if strings.Contains(u.page, `href="/impostazioni/effetto"`) {
			t.Errorf("%s: a link leaves the page and loses what was written", path)
		}
		if keep, effect := strings.Index(u.page, `form="draft-form" name="action" value="keep"`), strings.Index(u.page, `value="effect"`); keep > effect {
			t.Errorf("%s: return in a field goes to the effect", path)
		}
	}
	u.edit("/impostazioni/ufficio", "effect", "office.note", "Portare un documento")
	u.sees("Effetto delle modifiche", "<ins>Portare un documento</ins>")
	if got := u.draft().Office; got.Note != "Portare un documento" || got.Place != "Piano terra" {
		t.Errorf("the draft has %+v", got)
	}
	u.get("/impostazioni/servizi/1")
	status, _, page := send(t, u.s, "/impostazioni/servizi/1", "mark", u.hidden("mark"), "fields", "service[1].day_cap", "service[1].day_cap", "molti", "action", "effect")
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, `value="molti"`) {
		t.Errorf("what cannot be read leaves the page: %d", status)
	}
	n := len(u.draft().Desks)
	u.edit("/impostazioni/sportelli", "effect", "name", "19")
	u.sees("Effetto delle modifiche")
	if all := u.draft().Desks; len(all) != n+1 || all[n].Label != "19" {
		t.Errorf("the desks of the draft are %+v", all)
	}
	u.edit("/impostazioni/sportelli", "effect")
	if all := u.draft().Desks; len(all) != n+1 {
		t.Errorf("there are %d desks, want %d", len(all), n+1)
	}
}
