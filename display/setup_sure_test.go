package display

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"eliminacode/queue"
)

// A set-up that would leave people whom an open desk calls is asked about before it holds
// from now, and not when it is planned for a day.
func TestASetupThatLeavesPeopleIsAskedAbout(t *testing.T) {
	u := newSetter(t)
	u.o.open(t, "s13")
	u.o.issue(t, "cie", queue.Ordinary)
	u.edit("/impostazioni/sportelli/13", "keep", "desk[13].first.cie", "")
	if slices.Contains(u.draft().Desks[12].Profile.First, "cie") {
		t.Fatal("the draft still serves cards at desk 13")
	}
	u.get("/impostazioni/effetto")
	u.sees("aspetta 1 persona, e nessuno sportello aperto lo servirebbe", `name="sure"`)
	cards := func() bool { return slices.Contains(u.o.newest().Setup().Desks[12].Profile.First, "cie") }
	mark := u.hidden("mark")
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", mark, "why", "Prova")
	u.sees("non è ancora cambiato", `value="Prova"`)
	if !cards() {
		t.Error("it holds before somebody is sure")
	}
	u.post("/impostazioni/effetto", "action", "save", "when", "day", "mark", mark, "why", "Da domani")
	u.sees("Salvato: entra in vigore")
	u.edit("/impostazioni/sportelli/13", "keep", "desk[13].first.cie", "")
	u.get("/impostazioni/effetto")
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", u.hidden("mark"), "why", "Prova", "sure", "yes")
	u.sees("Fatto: vale dal prossimo biglietto")
	if cards() {
		t.Error("it does not hold although somebody is sure")
	}
}

func TestAProgramIsSureOfASetupThatLeavesPeople(t *testing.T) {
	c, o, _ := withSetups(t)
	o.open(t, "s13")
	o.issue(t, "cie", queue.Ordinary)
	d := c.draft()
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/set", object{"mark": d.Mark, "values": object{"desk[13].first": "veloci", "desk[13].help": ""}}, &d)
	save := object{"mark": d.Mark, "why": "Prova"}
	var p problem
	c.call(http.StatusConflict, "POST", "/api/v1/office/draft/save", save, &p)
	if p.Code != "setup-sure" || !strings.Contains(p.Detail, "aspetta 1 persona") {
		t.Errorf("it is refused with %+v", p)
	}
	var effect setupEffect
	c.call(http.StatusOK, "GET", "/api/v1/office/draft/effect", nil, &effect)
	if len(effect.Asks) != 1 {
		t.Errorf("the effect asks %v", effect.Asks)
	}
	save["sure"] = "yes"
	c.call(http.StatusOK, "POST", "/api/v1/office/draft/save", save, nil)
	if slices.Contains(o.newest().Setup().Desks[12].Profile.First, "cie") {
		t.Error("it does not hold")
	}
}
