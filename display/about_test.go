package display

import (
	"strings"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/office"
)

// Every page that people read ends in where to learn about accessibility and
// privacy, marked as the national validator looks for them, and in who made it.
func TestEveryPageHasItsFooter(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	cfg := o.config()
	cfg.Demo, cfg.Trial = &testDemo{people: true}, printsAll
	s := serve(t, cfg, "")
	for _, p := range sitemap {
		if strings.HasPrefix(p.path, "/tabellone") || strings.HasPrefix(p.path, "/totem") || strings.HasPrefix(p.path, "/voto") {
			continue // screens in the hall, where nothing is to be followed
		}
		_, _, body := ask(t, request(t, "GET", s.url+p.path, ""))
		for _, must := range []string{`data-element="accessibility-link"`, `data-element="privacy-policy-link"`, "eliminacode test"} {
			if !strings.Contains(body, must) {
				t.Errorf("%s has no %s", p.path, must)
			}
		}
	}
}

// The body's own statement is what the foot of every page leads to, and stands on
// the page of accessibility; its notice and its DPO stand on that of privacy.
func TestTheBodysOwnStatementsAreSaid(t *testing.T) {
	o := newTestOffice(t)
	d := office.Edit(o.newest().Setup())
	for path, text := range map[string]string{"office.accessibility": "https://form.agid.gov.it/view/12345", "office.privacy": "https://www.comune.example.it/privacy?x=1", "office.dpo": "dpo@comune.example.it"} {
		if err := d.Set(path, text); err != nil {
			t.Fatal(err)
		}
	}
	if faults := office.Faults(d.Setup()); len(faults) > 0 {
		t.Fatal(faults)
	}
	o.must(t, queue.ChangeSetup{Setup: d.Setup(), Plan: *o.newest().Plan()})
	s := serve(t, o.config(), "")
	const link = `<a href="https://form.agid.gov.it/view/12345" rel="noreferrer"`
	for path, says := range map[string][]string{
		"/":              {link + ` data-element="accessibility-link"`, `<a href="/accessibilita">`},
		"/attese":        {link + ` data-element="accessibility-link"`},
		"/accessibilita": {link + `>https://form.agid.gov.it/view/12345</a>`},
		"/privacy":       {"Il DPO di Comune di Pontelungo si raggiunge così: dpo@comune.example.it", `<a href="https://www.comune.example.it/privacy?x=1" rel="noreferrer">`},
	} {
		_, _, body := ask(t, request(t, "GET", s.url+path, ""))
		for _, say := range says {
			if !strings.Contains(body, say) {
				t.Errorf("%s does not say %s", path, say)
			}
		}
	}
}

// Who made it and what becomes of data is said to everybody, in the language that
// was chosen.
func TestPrivacyAndAccessibilityAreForEverybody(t *testing.T) {
	s := serve(t, closed(t, newTestOffice(t)), "")
	for path, say := range map[string]string{"/privacy": "nessun dato personale", "/accessibilita": "WCAG 2.2", "/privacy?lingua=de": "keine personenbezogenen Daten"} {
		if status, _, body := ask(t, request(t, "GET", s.url+path, "")); status != 200 || !strings.Contains(body, say) {
			t.Errorf("%s answers %d without %q", path, status, say)
		}
	}
}
