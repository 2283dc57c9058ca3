package display

import (
	"net/url"
	"strings"
	"testing"

	"eliminacode/queue/office"
)

// planned saves a change of some values for a day.
func (u *setter) planned(from, why string, values ...string) {
	u.t.Helper()
	in := u.o.newest().Setup()
	d := office.Edit(in)
	for i := 0; i < len(values); i += 2 {
		if err := d.Set(values[i], values[i+1]); err != nil {
			u.t.Fatal(err)
		}
	}
	if err := u.setups.Save(u.t.Context(), SetupAct{Setup: d.Setup(), Base: office.Mark(in), From: from, Why: why}); err != nil {
		u.t.Fatal(err)
	}
}

// Several changes wait for their days; each is cancelled or taken up by itself, and
// what was taken up is saved again with its day and its reason.
func TestEachPlannedChangeIsTakenUpOrCancelled(t *testing.T) {
	u := newSetter(t)
	u.get("/impostazioni/programmate")
	u.sees("Nessuna modifica aspetta il suo giorno")
	u.planned("2026-12-01", "Dicembre", "office.note", "Chiuso il 24")
	u.planned("2027-01-07", "Gennaio", "service[1].standard", "20m")
	u.get("/impostazioni")
	u.sees("Dal 01/12/2026", "Dal 07/01/2027", "Le 2 modifiche programmate")
	u.get("/impostazioni/programmate")
	u.sees("Dal 01/12/2026: «Dicembre»", "Chiuso il 24", "Dal 07/01/2027: «Gennaio»", "<ins>20 min</ins> invece di <del>15 min</del>")
	u.post("/impostazioni/programmate", "action", "cancel", "plan", "1")
	u.sees("è annullata", "Gennaio")
	u.post("/impostazioni/programmate", "action", "cancel", "plan", "1")
	u.sees("Questa modifica non aspetta più")
	u.post("/impostazioni/programmate", "action", "cancel", "plan", "99")
	u.sees("Nessuna modifica è stata programmata con questo numero")
	u.post("/impostazioni/programmate", "action", "take-up", "plan", "2")
	u.sees("È ora la sua bozza", `value="2027-01-07"`, `value="date" checked`, `value="Gennaio"`)
	if all := u.setups.Planned(); len(all) > 0 {
		t.Errorf("planned are still %d", len(all))
	}
	u.post("/impostazioni/effetto", "action", "save", "when", "date", "from", "2027-01-08", "mark", u.hidden("mark"), "why", "Gennaio")
	if all := u.setups.Planned(); len(all) != 1 || all[0].From != "2027-01-08" || all[0].Setup.Services[0].StandardMs != 20*60_000 {
		t.Errorf("planned are %d", len(all))
	}
}

// A draft is not thrown away by taking a planned change up.
func TestPlannedChangeTakesNoDraftsPlace(t *testing.T) {
	u := newSetter(t)
	u.planned("2026-12-01", "Dicembre", "office.note", "Chiuso il 24")
	u.edit("/impostazioni/ufficio", "keep", "office.place", "Piano 2")
	u.asks("/impostazioni/programmate", url.Values{"action": {"take-up"}, "plan": {"1"}})
	u.sees("Ha già una bozza")
	if u.draft().Office.Place != "Piano 2" || len(u.setups.Planned()) != 1 {
		t.Error("the draft is another, or the change is planned no more")
	}
}

// What was changed meanwhile and what keeps a change from holding are told with
// their values, before the day comes.
func TestPlannedChangeTellsWhatWasChangedMeanwhile(t *testing.T) {
	u := newSetter(t)
	u.planned("2026-12-01", "Dicembre", "office.note", "Chiuso il 24")
	u.planned("2026-12-02", "Altra", "office.note", "Chiuso il 31")
	u.get("/impostazioni/programmate")
	u.sees("Intanto è cambiato anche questo", "<ins>Chiuso il 31</ins> invece di <del>Chiuso il 24</del>")
	u.planned("2026-12-03", "Lettere", "series[1].letters", "Q")
	d := office.Edit(u.o.newest().Setup())
	if err := d.Set("series[2].letters", "Q"); err != nil {
		t.Fatal(err)
	}
	if err := u.setups.Save(t.Context(), SetupAct{Setup: d.Setup(), Base: office.Mark(u.o.newest().Setup())}); err != nil {
		t.Fatal(err)
	}
	u.get("/impostazioni/programmate")
	u.sees("Così non potrà entrare in vigore", "Q, da 1 a 999: Lettere", "due serie non danno lo stesso numero")
}

// What was planned and does not hold by its day is told on the pages of the set-up and on
// the manager's, each with what to do: what could not be put in force, what waits until
// the date is known, and what is in force already since the clock had shown its day.
func TestWhatDoesNotHoldByItsDayIsTold(t *testing.T) {
	u := newSetter(t)
	pages := []string{"/impostazioni", "/responsabile"}
	tells := func(told ...string) {
		t.Helper()
		for _, page := range pages {
			u.get(page)
			u.sees(told...)
		}
	}
	lacks := func(text string) {
		t.Helper()
		if strings.Contains(u.page, text) {
			t.Errorf("the page says %q", text)
		}
	}
	u.planned("2026-12-01", "Dicembre", "office.note", "Chiuso il 24")
	u.get("/responsabile")
	lacks("Dicembre")
	u.setups.plans[0].Failed = "bad-setup"
	tells("Dal 01/12/2026", "Dicembre", "Non è entrata in vigore.")
	u.setups.plans[0].Failed = ""
	// It is in force: a person had set the clock to December and has set it back.
	before := u.o.newest().Setup()
	act := u.setups.plans[0]
	u.setups.plans = nil
	if err := u.setups.Save(t.Context(), SetupAct{Setup: act.Setup, Base: office.Mark(before), Why: act.Why}); err != nil {
		t.Fatal(err)
	}
	u.setups.versions[0].For = act.From
	tells("«Dicembre», prevista per il 01/12/2026, è in vigore da prima", "/impostazioni/storia")
	u.get("/impostazioni/storia")
	u.sees("prevista per il 01/12/2026")
	// Who goes back to the office before has seen to it.
	if err := u.setups.Save(t.Context(), SetupAct{Setup: before, Base: office.Mark(act.Setup), Why: "Indietro"}); err != nil {
		t.Fatal(err)
	}
	u.get("/responsabile")
	lacks("in vigore da prima")
	u.planned("2026-12-02", "Altra", "office.note", "Chiuso il 31")
	u.o.restart(t, -tuesday)
	tells("Dal 02/12/2026", "Altra", "La data non è certa")
	u.get("/impostazioni/programmate")
	u.sees("La data non è certa")
}
