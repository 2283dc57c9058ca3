package display

import (
	"context"
	"strings"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/waiting"
)

func TestReportPage(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	for _, by := range []string{"hour", "day", "service", "group"} {
		u.get("/responsabile/attese?from=2026-11-24&to=2026-11-24&by=" + by)
		u.sees("67 visite in 1 giorno", "Scarica CSV", "Totale")
	}
	_, h, body := ask(t, request(t, "GET", u.s.url+"/responsabile/attese.csv?from=2026-11-24&to=2026-11-24&by=service", ""))
	if !strings.HasPrefix(body, "key,label,visits") || h.Get("Content-Disposition") != `attachment; filename="attese-2026-11-24-2026-11-24.csv"` {
		t.Errorf("%v %.80s", h, body)
	}
	u.get("/responsabile/attese?from=2026-11-24&to=2026-11-24&by=service")
	u.sees("decimals=comma") // what "Scarica CSV" gets is for an Italian desktop
	_, _, italian := ask(t, request(t, "GET", u.s.url+"/responsabile/attese.csv?from=2026-11-24&to=2026-11-24&by=service&decimals=comma", ""))
	if !strings.HasPrefix(italian, "\uFEFFkey;label;visits") {
		t.Errorf("%.80s", italian)
	}
	status, _, refused := ask(t, request(t, "GET", u.s.url+"/responsabile/attese.csv?from=2026-11-24&to=2026-11-24&by=service&decimals=foo", ""))
	if status != 400 || !strings.Contains(refused, "scriva «comma» oppure «point»") {
		t.Errorf("decimals that are not known: %d %.80s", status, refused)
	}
	u.get("/responsabile/attese?from=2026-11-24&to=2026-11-24&by=hour")
	u.sees("Esiti e categorie", "Servizi della giornata ancora aperta")
	o.pass(24 * time.Hour)
	o.must(t, queue.Tick{})
	u.get("/responsabile/attese?from=2026-11-24&to=2026-11-24&by=hour")
	u.sees("Esiti e categorie", "nessuno ha indicato esiti o categorie")
	for query, want := range map[string]string{
		"from=2026-11-25&to=2026-11-24": "La prima data viene dopo la seconda",
		"from=yesterday":                "Una delle date non è valida",
		"by=moon":                       "Questo raggruppamento non c&#39;è",
	} {
		status, _, body := ask(t, request(t, "GET", u.s.url+"/responsabile/attese?"+query, ""))
		if status != 400 || !strings.Contains(body, want) {
			t.Errorf("%s: %d", query, status)
		}
	}
}

// TestReportPageTellsWhatClerksTold: what came of services and whom they were for,
// as a table and as a file, joined where it would be of fewer than three desks.
func TestReportPageTellsWhatClerksTold(t *testing.T) {
	o := newTestOffice(t)
	for i, desk := range []queue.DeskID{"s1", "s2", "s3"} {
		o.open(t, desk)
		id := o.issue(t, "anagrafe", queue.Ordinary)
		o.next(t, desk)
		o.pass(time.Minute)
		by := queue.Cause{Kind: queue.ByConsole, Device: string(desk)}
		o.must(t, queue.SetCategory{By: by, Ticket: id, Category: queue.CategoryFirm})
		o.must(t, queue.FinishTicket{By: by, Desk: desk, Ticket: id, Outcome: queue.Outcomes[i]})
	}
	o.pass(24 * time.Hour)
	o.must(t, queue.Tick{})
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/responsabile/attese?from=2026-11-24&to=2026-11-24&by=service")
	u.sees("Esito del servizio", "inviato al back office", "impresa", "Scarica CSV degli esiti")
	csv := u.s.url + "/responsabile/esiti.csv?from=2026-11-24&to=2026-11-24&by=service"
	_, h, body := ask(t, request(t, "GET", csv, ""))
	want := "anagrafe,Anagrafe e certificati,3,1,1,1,0,0,0,3,0,0,0\r\ntotal,Totale,3,1,1,1,0,0,0,3,0,0,0\r\n"
	if !strings.HasSuffix(body, want) || h.Get("Content-Disposition") != `attachment; filename="esiti-2026-11-24-2026-11-24.csv"` {
		t.Errorf("%v %q", h, body)
	}
	if status, _, _ := ask(t, request(t, "GET", csv+"&decimals=foo", "")); status != 400 {
		t.Errorf("decimals that are not known: %d", status)
	}
	u.get("/responsabile/attese?from=2026-11-24&to=2026-11-24&by=group")
	u.sees("Totale")
}

// TestReportPageSaysWhyALoneDeskIsNotTold: its waits are there; that its times and
// outcomes are not is said, and not taken for nobody having told any.
func TestReportPageSaysWhyALoneDeskIsNotTold(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	id := o.issue(t, "anagrafe", queue.Ordinary)
	o.pass(time.Minute)
	o.next(t, "s1")
	by := queue.Cause{Kind: queue.ByConsole, Device: "s1"}
	o.must(t, queue.StartService{By: by, Desk: "s1", Ticket: id})
	o.pass(7 * time.Minute)
	o.must(t, queue.FinishTicket{By: by, Desk: "s1", Ticket: id, Outcome: queue.OutcomeReleased})
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/responsabile/attese?from=2026-11-24&to=2026-11-24&by=day")
	u.sees("1 min 00 s", "solo dove hanno lavorato almeno 3 sportelli: altrimenti direbbe come lavora una persona", "lasciati fuori da questa tabella: 1.")
	if strings.Contains(u.page, "7 min 00 s") || strings.Contains(u.page, "nessuno ha indicato") {
		t.Error("the page tells how long the only desk took, or that nobody told anything")
	}
}

// TestReportPageDoesNotTellOfTheOnlyKeypad: how many starts were inferred would be how many
// the desk with the keypad served in an hour; of a day without any the page tells it.
func TestReportPageDoesNotTellOfTheOnlyKeypad(t *testing.T) {
	day := func(keypad queue.DeskID) *testOffice {
		o := newTestOffice(t)
		for _, desk := range []queue.DeskID{"s1", "s2", "s3", "s4"} {
			o.open(t, desk)
			id := o.issue(t, "anagrafe", queue.Ordinary)
			o.next(t, desk)
			by := queue.Cause{Kind: queue.ByConsole, Device: string(desk)}
			if desk == keypad {
				by.Kind = queue.ByKeypad
			} else {
				o.must(t, queue.StartService{By: by, Desk: desk, Ticket: id})
			}
			o.pass(time.Minute)
			o.must(t, queue.FinishTicket{By: by, Desk: desk, Ticket: id})
		}
		o.pass(24 * time.Hour)
		o.must(t, queue.Tick{})
		return o
	}
	const said, question = "Passaggi di cui non si legge se sono dedotti: 4.", "?from=2026-11-24&to=2026-11-24&by="
	keypad, none := day("s4"), day("")
	u := &surfer{t: t, s: serve(t, keypad.config(), "")}
	for _, by := range []string{"hour", "day", "service", "group"} {
		u.get("/responsabile/attese" + question + by)
		u.sees(said, `data-label="Dedotti">–</td>`, "con le righe «per giorno»")
		_, _, csv := ask(t, request(t, "GET", u.s.url+"/responsabile/attese.csv"+question+by, ""))
		if !strings.Contains(csv, ",inferred_few_desks\r\n") || !strings.HasSuffix(csv, ",0,4,0,4\r\n") {
			t.Errorf("by %s: %q", by, csv)
		}
	}
	u = &surfer{t: t, s: serve(t, none.config(), "")}
	u.get("/responsabile/attese" + question + "hour")
	u.sees(`data-label="Dedotti">0</td>`)
	if strings.Contains(u.page, "non si legge se sono dedotti") {
		t.Error("of a day without any inferred leg the page says that it does not tell")
	}
	both := none.config()
	both.Reports = reportsOf{waiting.Rows(keypad.newest()), waiting.Rows(none.newest())}
	u = &surfer{t: t, s: serve(t, both, "")}
	u.get("/responsabile/attese" + question + "hour")
	u.sees(said, `data-label="Dedotti">0 su 4</td>`)
}

// reportsOf answers reports of some days.
type reportsOf []waiting.Sheet

func (days reportsOf) Report(_ context.Context, q waiting.Query) (waiting.Report, error) {
	return waiting.Make(q, func(yield func(waiting.Sheet, error) bool) {
		for _, s := range days {
			if !yield(s, nil) {
				return
			}
		}
	})
}

// TestReportPageTellsContacts: who was helped without a number, by kind and day, apart from
// the visits, in the language of the reader and as a file.
func TestReportPageTellsContacts(t *testing.T) {
	o := newTestOffice(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	day := "from=2026-11-24&to=2026-11-24&by="
	u.get("/responsabile/attese?" + day + "hour")
	u.sees("Contatti senza numero", "non ha segnato nessun contatto senza numero")
	for i, kind := range queue.ContactKinds {
		for range i + 11 {
			o.must(t, queue.RecordContact{By: queue.Cause{Kind: queue.ByReception}, Contact: kind})
		}
	}
	counts := `<td class="n" data-label="Contatti">50</td><td class="n" data-label="informazione">11</td><td class="n" data-label="modulistica">12</td>` +
		`<td class="n" data-label="esposto">13</td><td class="n" data-label="protocollo semplice">14</td><td class="n" data-label="documento mancante">15</td></tr>`
	u.get("/responsabile/attese?" + day + "hour")
	u.sees("0 visite in 0 giorni", `<th scope="row">Totale</th>`+counts, "«documento mancante» è contato a parte", "righe «per giorno»")
	if strings.Count(u.page, counts) != 1 {
		t.Error("the days are listed, however many they are")
	}
	u.get("/responsabile/attese?" + day + "day")
	u.sees(`<tbody><tr><th scope="row">24/11/2026</th>`+counts, `<th scope="row">Totale</th>`+counts)
	if strings.Contains(u.page, "righe «per giorno»") {
		t.Error("the page sends to where the reader is")
	}
	_, h, body := ask(t, request(t, "GET", u.s.url+"/responsabile/contatti.csv?"+day+"service", ""))
	want := "key,label,all,information,forms,complaint,registration,missing_document\r\n" +
		"2026-11-24,2026-11-24,50,11,12,13,14,15\r\ntotal,Totale,50,11,12,13,14,15\r\n"
	if body != want || h.Get("Content-Disposition") != `attachment; filename="contatti-2026-11-24-2026-11-24.csv"` {
		t.Errorf("%v %q", h, body)
	}
	for question, want := range map[string]bool{day + "hour": false, day + "hour&contacts=true": true} {
		_, _, body := ask(t, request(t, "GET", u.s.url+"/api/v1/reports/waits?"+question, ""))
		total := `"total":{"key":"total","label":"Totale","all":50,"information":11,"forms":12,"complaint":13,"registration":14,"missing_document":15}`
		if strings.Contains(body, total) != want {
			t.Errorf("%s: %s", question, body)
		}
	}
}
