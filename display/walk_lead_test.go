package display

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/office"
)

// Where no printer is found the step says what to look at, looks again, and lets the
// walk go on without one.
func TestNoPrinterIsNoDeadEnd(t *testing.T) {
	u, walk := walking(t)
	walk.without = PrinterThing
	u.get(walkHome)
	u.sees("non nominano stampanti", "Alimentazione:", "Cavo:", "Adattatore USB-seriale:", "Velocità:", "Guarda di nuovo", "Vai avanti senza stampante", "si stampa più tardi")
	u.post("/impostazioni/effetto", "action", "reference")
	u.post(walkHome, "action", "leave", "name", "printers", "from", setupHome)
	u.sees("qui non serve", "Senza stampante i numeri si leggono sullo schermo")
	u.get(walkHome)
	if strings.Contains(u.page, "Vai avanti senza stampante") {
		t.Error("what was left out is asked again")
	}
}

// A draft that lacks what the office cannot do without is not done, and the step says
// what happens without.
func TestWhatADraftLacksIsTold(t *testing.T) {
	u, _ := walking(t)
	u.post("/impostazioni/effetto", "action", "reference")
	u.get(setupHome)
	if strings.Contains(u.page, "Mancano gli orari") {
		t.Error("the reference office lacks hours")
	}
	draft, _ := u.setups.Draft(firstAuthor)
	draft.Setup = office.Reference()
	draft.Setup.Hours = queue.Hours{}
	if err := u.setups.KeepDraft(firstAuthor, draft); err != nil {
		t.Fatal(err)
	}
	u.get(setupHome)
	u.sees("Mancano gli orari: senza, l&#39;ufficio resta chiuso", `<li aria-current="step"><a href="#parti">`)
}

// Before an office is in force a totem has nowhere to stand: the step and its page say so,
// with what comes first, and offer boards alone; afterwards all are offered.
func TestTotemsArePairedOnceTheOfficeIsInForce(t *testing.T) {
	o := newTestBox(t)
	cfg := o.config()
	cfg.Setups, cfg.Walk, cfg.Administration = &testSetups{o: o, drafts: map[string]SetupDraft{}}, newTestWalk(), testAccounts(t)
	u := &surfer{t: t, s: serve(t, cfg, "")}
	const role, place = `<option value="totem"`, `name="posto"`
	u.get(setupHome)
	u.sees("totem e schermi per il voto dopo «Mettere in vigore»")
	u.get("/schermi")
	u.sees("Totem e schermi per il voto si collegano dopo «Mettere in vigore»", `<a href="/impostazioni">`, `<option value="board" selected>`)
	if strings.Contains(u.page, role) || strings.Contains(u.page, place) {
		t.Error("a totem is offered that can stand nowhere")
	}
	o.must(t, queue.ChangeSetup{Setup: office.Reference()})
	u.get("/schermi")
	u.sees(role, place)
	if strings.Contains(u.page, `id="early"`) {
		t.Error("the page still waits for an office")
	}
}

// After the first office is in force the page leads on, and the first page of who
// administers has what that person does next.
func TestWhatComesAfterTheFirstOfficeIsTold(t *testing.T) {
	o := newTestOffice(t)
	cfg := closed(t, o)
	cfg.Setups, cfg.Administration = &testSetups{o: o, drafts: map[string]SetupDraft{}}, testAccounts(t)
	s := serve(t, cfg, "")
	page := func(where string, role access.Role) string {
		r := request(t, http.MethodGet, "http://localhost"+where, "")
		rec := httptest.NewRecorder()
		s.mux(false).ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), visitorKey{}, access.Visitor{Kind: access.Person, ID: "x", Roles: []access.Role{role}})))
		if rec.Code != http.StatusOK {
			t.Fatalf("%s as %s: %d", where, role, rec.Code)
		}
		return rec.Body.String()
	}
	for _, where := range []string{"/impostazioni/effetto", "/"} {
		for _, link := range []string{`<li><a href="/persone">`, `<li><a href="/schermi">`, `<li><a href="/programmi">`} {
			if !strings.Contains(page(where, access.Administrator), link) {
				t.Errorf("%s leads not to %s", where, link)
			}
		}
	}
	if !strings.Contains(page("/", access.Administrator), `<li><a href="/impostazioni">`) {
		t.Error("the first page leads not to the settings")
	}
	if strings.Contains(page("/", access.Clerk), `<li><a href="/persone">`) {
		t.Error("a clerk is led where only others may go")
	}
}
