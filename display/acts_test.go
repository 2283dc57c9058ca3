package display

import (
	"strings"
	"testing"

	"eliminacode/queue"
)

// What changes the office stands in the audit list: who, which values, and why.
func TestAChangeOfTheOfficeIsAnAct(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	setups := newTestSetups(o)
	cfg.Setups, cfg.Administration = setups, testAccounts(t)
	u := &setter{surfer{t: t, s: serve(t, cfg, "")}, o, setups}
	u.edit("/impostazioni/servizi/1", "keep", "service[1].standard", "20")
	u.get("/atti")
	u.sees("Nessun atto finora")
	u.get("/impostazioni/effetto")
	u.post("/impostazioni/effetto", "action", "save", "when", "now", "mark", u.hidden("mark"), "why", "Carta dei servizi nuova")
	u.get("/atti")
	u.sees("Impostazioni dell&#39;ufficio cambiate", "Responsabile", "Carta dei servizi nuova", "service[anagrafe].standard")

	u.edit("/impostazioni/servizi/1", "keep", "service[1].standard", "10")
	u.get("/impostazioni/effetto")
	u.post("/impostazioni/effetto", "action", "save", "when", "date", "from", "2026-12-01", "mark", u.hidden("mark"), "why", "Dicembre")
	u.post("/impostazioni/programmate", "action", "cancel", "plan", "1")
	u.get("/atti")
	u.sees("Impostazioni preparate per un altro giorno", "2026-12-01", "Impostazioni preparate tolte")
	if strings.Contains(u.page, "acts.") {
		t.Error("an id stands in the place of a text")
	}
}

// An act that changes much lists a part of it, with long texts cut.
func TestALongChangeIsNotedInPart(t *testing.T) {
	after := newTestOffice(t).newest().Setup()
	before := after
	before.Services, before.Desks, before.Series, before.Outlets = nil, nil, nil, nil
	before.Office.Note = strings.Repeat("è", 500)
	was, is := noted(before, after, "x", "")
	if len(was) != mostNoted || len(is) != mostNoted+1 {
		t.Errorf("%d and %d values", len(was), len(is))
	}
	for path, text := range was {
		if len([]rune(text)) > 41 {
			t.Errorf("%s is noted with %d characters", path, len([]rune(text)))
		}
	}
	if was, _ := noted(queue.Setup{}, queue.Setup{}, "x", ""); len(was) != 0 {
		t.Errorf("nothing has changed, and noted is %v", was)
	}
}
