package display

import (
	"net/http"
	"strings"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/procedure"
)

// An office that is not the reference one shows nothing of the reference town's
// counters and costs, says whose sheet it is, and its reception finds only what it can
// give a number for.
func TestExampleCatalogueTellsWhoseDataTheseAre(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Procedures = &testProcedures{c: procedure.Example().At(map[queue.ServiceID]queue.ServiceID{"cie": "documenti"})}
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.get("/accoglienza?pratica=cambio+residenza")
	u.sees("Cambio di residenza", "Esempio da adattare", "Documento di ciascun maggiorenne")
	for _, foreign := range []string{"Sportelli 1-12", "Ufficio Anagrafe", "Gratuito", "15 minuti", "entro 45 giorni"} {
		if strings.Contains(u.page, foreign) {
			t.Errorf("the page shows %q of a town that does not exist", foreign)
		}
	}
	for _, where := range []string{"/accoglienza?pratica=smarrimento+carta+identita", "/pratiche?numeri=1&as=html&pratica=carta+identita", "/pratiche?pratica=carta+identita"} {
		u.get(where)
		if strings.Contains(u.page, `id="sheet-cie`) {
			t.Errorf("%s finds what no service here does", where)
		}
		// What it finds instead does not pass for what was asked.
		if strings.Contains(u.page, `id="sheet-`) {
			u.sees("Per «", "queste sono altre pratiche")
		} else {
			u.sees("Per «", "abbinare l")
		}
	}
	var found struct {
		Found []struct{ Cost, Where, Office, Target string }
	}
	(&caller{t: t, s: u.s}).call(http.StatusOK, "GET", "/api/v1/procedures?q=cambio+residenza", nil, &found)
	if len(found.Found) == 0 || found.Found[0] != (struct{ Cost, Where, Office, Target string }{}) {
		t.Errorf("a program is told %+v", found)
	}
	// What is the office's own is shown, and told to who goes elsewhere; it is nothing for who prints.
	own, err := procedure.Parse([]byte("codice;pratica;servizio;costo;ufficio\nfunghi;Funghi nostri;boschi;7 euro;Unione montana\n"))
	if err != nil {
		t.Fatal(err)
	}
	cfg.Procedures.(*testProcedures).c = own
	u.get("/pratiche?pratica=funghi")
	u.sees("7 euro", "Unione montana")
	u.get("/accoglienza?pratica=funghi")
	if strings.Contains(u.page, `id="sheet-`) {
		t.Error("the reception finds what it cannot give a number for")
	}
	u.sees("Per «Funghi nostri» qui non c", "abbinare l")
}

// On the way to a first office somebody says which service each topic belongs to: the
// names suggest it, and what was said can be changed; until then the step is not done.
func TestTopicsAreMatchedWithServicesOnTheWay(t *testing.T) {
	u, _ := walking(t)
	kept := u.s.cfg.Procedures.(*testProcedures)
	kept.c = procedure.Example()
	u.get(setupHome)
	u.sees(`href="/impostazioni/pratiche"`, "Pratiche e servizi", "0 su 8")
	u.get(topicsHome)
	u.sees("Prima scriva i servizi", "esempio da adattare")
	draft, _ := u.setups.Draft(firstAuthor)
	draft.Setup.Services = []queue.Service{{ID: "demo", Name: "Anagrafe e stato civile"}, {ID: "urp", Name: "URP e protocollo"}}
	if err := u.setups.KeepDraft(firstAuthor, draft); err != nil {
		t.Fatal(err)
	}
	u.get(topicsHome)
	u.sees("8 argomenti aspettano un servizio", `<option value="demo" selected>Anagrafe e stato civile</option>`, `<option value="urp" selected>URP e protocollo</option>`, "Proposto dai nomi")
	u.post(topicsHome, "topic.anagrafe", "demo", "topic.stato-civile", "demo", "topic.protocollo", "urp", "topic.animali", "")
	u.sees("Catalogo abbinato ai servizi", "4 argomenti aspettano")
	if p, _ := kept.c.Procedure("cambio-residenza"); p.Service != "demo" || !p.Example {
		t.Errorf("%+v", p)
	}
	u.get(setupHome)
	u.sees("4 su 8")
	c := &caller{t: t, s: u.s}
	c.call(http.StatusOK, "POST", topicsAPI, object{"services": object{"anagrafe": "urp", "cie": "demo"}}, nil)
	var now topicsAnswer
	c.call(http.StatusOK, "GET", topicsAPI, nil, &now)
	if len(now.Topics) != 8 || now.Topics[0].Service != "urp" || now.Topics[0].Suggested != "demo" || now.Topics[1].Service != "" || now.Topics[1].Missing || now.Examples != 73 {
		t.Errorf("%+v", now)
	}
	c.call(http.StatusNotFound, "POST", topicsAPI, object{"services": object{"anagrafe": "boschi"}}, nil)
	c.call(http.StatusNotFound, "POST", topicsAPI, object{"services": object{"boschi": "demo"}}, nil)
	u.post(walkHome, "action", "leave", "name", topicsStepName, "from", setupHome)
	u.sees("qui non serve")
}
