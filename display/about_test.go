package display

import (
	"strings"
	"testing"
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
