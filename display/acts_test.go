package display

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"
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
	u.sees("Impostazioni dell&#39;ufficio cambiate", "Responsabile", "Carta dei servizi nuova", "Servizio «Anagrafe e certificati»: Standard di attesa")
	if strings.Contains(u.page, "service[") {
		t.Error("a path stands in the place of words")
	}

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

// Bands of the week are said with the days of who reads them, whole.
func TestDaysAreSaidInTheActs(t *testing.T) {
	after := newTestOffice(t).newest().Setup()
	after.Hours.Week = []queue.WeekBand{{Days: []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, Open: "08:00", Close: "23:30"}}
	before := after
	before.Hours.Week = nil
	was, is := noted(before, after, "x", "")
	for _, language := range words.StaffLanguages() {
		tongue := words.In(language)
		p := &page{sheet: sheet{tongue: tongue}}
		side, _ := json.Marshal(is)
		var said string
		for _, setup := range []queue.Setup{after, before} {
			all := p.changes(newActOffice(p, setup), access.Entry{After: side})
			for _, c := range all {
				said += c.Field + " = " + c.After + "\n"
			}
		}
		days := tongue.SetupShown("hours.week.days", "", false, "mon, tue, wed, thu, fri, sat, sun")
		if strings.Count(said, days+" 08:00-23:30") != 3 || strings.Contains(said, "…") || language != "en" && strings.Contains(said, "mon,") {
			t.Errorf("%s: %s (%v)", language, said, was)
		}
	}
}

// Codes of acts are said in the language of who reads them, and what has no words
// stays as it is.
func TestActsAreSaidInTheTradesWords(t *testing.T) {
	setup := newTestOffice(t).newest().Setup()
	service, desk := setup.Services[0], setup.Desks[0]
	for _, language := range words.StaffLanguages() {
		tongue := words.In(language)
		p := &page{sheet: sheet{tongue: tongue}}
		o := newActOffice(p, setup)
		side := map[string]any{
			"purpose": access.MakesFirst, "how": access.ByPassword, "language": "de", "kinds": []string{"ticket.issued"}, "scopes": []string{"reports"},
			"first": []queue.ServiceID{service.ID}, "place": desk.ID,
			"service[" + string(service.ID) + "].from": "2026-12-01", "hours.exception[2026-12-24]": "2026-12-24", "office.note": "Nota",
		}
		after, _ := json.Marshal(side)
		all := p.changes(o, access.Entry{After: after})
		if len(all) != len(side) {
			t.Fatalf("%s: %d changes of %d", language, len(all), len(side))
		}
		var said strings.Builder
		for _, c := range all {
			fmt.Fprintf(&said, "%s: %s\n", c.Field, c.After)
		}
		for _, bare := range []string{"acts.", "first", "ticket.issued", "reports", "[", "2026-12", "office.", string(service.ID) + "\n"} {
			if strings.Contains(said.String(), bare) && !(language == "en" && bare == "first") {
				t.Errorf("%s: %q stands in\n%s", language, bare, said.String())
			}
		}
		for _, want := range []string{service.Name, tongue.DeskName(desk.Label), "Deutsch", tongue.EventKind("ticket.issued"), tongue.Scope("reports"), tongue.Day("2026-12-01"), tongue.Day("2026-12-24")} {
			if !strings.Contains(said.String(), want) {
				t.Errorf("%s: %q does not stand in\n%s", language, want, said.String())
			}
		}
	}
}

// Every kind of event that a program may be told has a sentence in every language.
func TestEveryKindOfEventHasASentence(t *testing.T) {
	for _, language := range words.StaffLanguages() {
		seen := map[string]string{}
		for _, kind := range view.EventKinds() {
			said := words.In(language).EventKind(kind)
			if said == kind || seen[said] != "" {
				t.Errorf("%s: %s is said %q, as %q", language, kind, said, seen[said])
			}
			seen[said] = kind
		}
	}
}

// What is decided about the open day is an act with who, what, before and after,
// whether on a page, by a program or on the box; what changes nothing is none, and so is
// what is done with tickets.
func TestWhatIsDecidedAboutTheDayIsAnAct(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Administration = testAccounts(t)
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.get("/responsabile")
	post := func(fields ...string) { u.t.Helper(); u.post("/responsabile", fields...) }
	last := func(want ...string) {
		t.Helper()
		at, page := u.at, u.page
		u.get("/atti")
		_, row, _ := strings.Cut(u.page, "<tbody>")
		row, _, _ = strings.Cut(row, "</tr>")
		for _, w := range append(want, "Responsabile") {
			if !strings.Contains(row, w) {
				t.Errorf("%q does not stand in %s", w, row)
			}
		}
		u.at, u.page = at, page
	}
	post("action", "suspend", "why", "assembly")
	last("Ufficio sospeso", "sospeso per", "assemblea")
	post("action", "suspend", "why", "assembly") // again
	post("action", "resume")
	last("Ufficio ripreso", "assemblea")
	post("action", "stop", "service", "cie", "why", "staff")
	last("Servizio fermato", "<strong>Carta d&#39;identità elettronica</strong>", "manca personale")
	post("action", "reopen", "service", "cie")
	last("Servizio riaperto", "Carta d&#39;identità elettronica", "manca personale")
	post("action", "capacity", "people", "40")
	last("Capienza della sala cambiata", "persone in sala", "0 → 40")
	post("action", "restart", "series", "A", "from", "58", "next", u.hidden("next"))
	last("Serie ripartita da un altro numero", "<strong>A</strong>", "A001 → A058")
	post("action", "post", "request", u.hidden("request"), "text-it", "Oggi si chiude alle 12", "until", "12:00")
	last("Avviso messo sui tabelloni", "Oggi si chiude alle 12", "12:00")
	post("action", "withdraw", "message", u.hidden("message"))
	last("Avviso tolto dai tabelloni", "Oggi si chiude alle 12", "(tolto)")
	u.post("/responsabile/sportelli", "action", "profile", "desk", "s1", "serve-cie", "first")
	desk, _, _ := o.newest().Desk("s1")
	last("Servizi di uno sportello cambiati", "<strong>"+desk.Label+"</strong>")
	u.post("/orologio", "action", "confirm")
	c := &caller{t: t, s: u.s}
	o.issue(t, "anagrafe", queue.Ordinary)
	c.call(200, "POST", "/api/v1/clock/set", object{"correction": "60000"}, nil)
	_, _, body := ask(t, request(t, "GET", u.s.url+"/atti", ""))
	// The office's clock runs while the test does: the minutes alone are known beforehand.
	if set := regexp.MustCompile(`10:(\d\d:\d\d) → [^<]* 10:(\d\d:\d\d)<`).FindStringSubmatch(body); set == nil || !strings.Contains(body, "Ora corretta") {
		t.Errorf("the clock's act does not stand in the acts: %s", body)
	} else if before, after := clockSeconds(t, set[1]), clockSeconds(t, set[2]); after-before != 60 {
		t.Errorf("the clock went from %s to %s, by a minute", set[1], set[2])
	}
	if n := strings.Count(body, `class="num"`); n != 10 {
		t.Errorf("%d acts stand in the list: %s", n, body)
	}
	for _, bare := range []string{"acts.", "suspended_for", "stopped_for", "next_number", "shown_until", ">assembly", ">staff"} {
		if strings.Contains(body, bare) {
			t.Errorf("%q stands in the acts", bare)
		}
	}
}

// clockSeconds is the seconds of minutes and seconds as a page says them, 31:02.
func clockSeconds(t *testing.T, said string) int {
	t.Helper()
	var minutes, seconds int
	if _, err := fmt.Sscanf(said, "%d:%d", &minutes, &seconds); err != nil {
		t.Fatal(err)
	}
	return 60*minutes + seconds
}

// What a device of the box is for is an act when it is changed, or when one that was found
// is written into the settings: which one, by whom, what it was before and is now. Where
// nothing was written there is none.
func TestAChangeOfTheWiringIsAnAct(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	walk := newTestWalk()
	cfg.Walk, cfg.Setups, cfg.Administration = walk, newTestSetups(o), testAccounts(t)
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.post(walkHome, "action", "name", "kind", "button", "name", "GPIO99", "service", "anagrafe")
	u.post(walkHome, "action", "name", "kind", "keypad", "name", "/dev/input/by-path/usb-0:1.5-event-kbd", "desk", "s1", "model", "numeric")
	u.get("/atti")
	u.sees("Nessun atto finora")
	u.post(walkHome, "action", "name", "kind", "panel", "name", "sala", "desk", "s1")
	u.post(walkHome, "action", "name", "kind", "button", "name", "GPIO27", "service", "anagrafe", "class", "priority", "outlet", "hall")
	acts, err := cfg.Administration.AuditBefore(0, 10)
	if err != nil || len(acts) != 2 {
		t.Fatalf("%+v, %v", acts, err)
	}
	for i, want := range []struct{ on, before, after string }{
		{"GPIO27", `null`, `{"class":"priority","outlet":"hall","place":"GPIO27","service":"Anagrafe e certificati"}`},
		{"sala", `{"address":"0","desk":"","place":"/dev/serial/by-path/usb-0:1.7"}`, `{"address":"0","desk":"1","place":"/dev/serial/by-path/usb-0:1.7"}`},
	} {
		if a := acts[i]; a.What != "wiring.change" || a.On != want.on || string(a.Before) != want.before || string(a.After) != want.after {
			t.Errorf("noted is %s on %s: %s, then %s", a.What, a.On, a.Before, a.After)
		}
	}
	u.get("/atti")
	u.sees("Collegamento di un dispositivo cambiato: <strong>sala</strong>", "GPIO27", "servizio", "uscita", "precedenza")
}
