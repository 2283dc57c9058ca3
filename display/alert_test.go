package display

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
)

// The manager switches the alert on with what the law asks first. Then the page
// marks who is past the limit, and nothing that programs read does.
func TestTheManagerSwitchesTheAlertOn(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	store, cfg := testAccounts(t), o.config()
	cfg.Administration = store
	s := serve(t, cfg, "")
	o.pass(20 * time.Minute)
	u := surfer{t: t, s: s}
	const mark = ">oltre il limite<"
	marked := func(path string) bool {
		t.Helper()
		u.get(path)
		return strings.Contains(u.page, mark)
	}
	if marked("/responsabile") {
		t.Error("a desk is marked while the alert is off")
	}
	u.get("/responsabile/avviso")
	u.sees("articolo 4 della legge 300/1970", "accordo con le rappresentanze sindacali", "Ispettorato", "479/2017", "va informato, prima e per iscritto")
	status, _, body := send(t, s, "/responsabile/avviso", "azione", "on", "minuti", "5")
	if status != http.StatusUnprocessableEntity || store.DeskAlert() != (access.DeskAlert{}) {
		t.Errorf("without what the law asks it answers %d, and is %+v", status, store.DeskAlert())
	}
	for _, says := range []string{"Scriva quanti minuti", "Scelga a che cosa serve", "Scelga accordo o autorizzazione", "Scriva data ed estremi", "Informi prima"} {
		if !strings.Contains(body, says) {
			t.Errorf("the page does not say %q", says)
		}
	}
	u.post("/responsabile/avviso", "azione", "on", "minuti", "15", "motivo", "organisation", "base", "agreement", "estremi", "RSU, 3 marzo 2026", "informati", "1")
	u.sees("Avviso acceso", "oltre 15 minuti", "RSU, 3 marzo 2026")
	if !marked("/responsabile") {
		t.Error("no desk is marked past the limit")
	}
	for _, path := range []string{"/cruscotto", "/cruscotto/s1", "/accoglienza", "/commessi", "/tabellone"} {
		if marked(path) {
			t.Errorf("%s marks a desk", path)
		}
	}
	for _, path := range []string{"/api/v1/state/manager", "/api/v1/state/desks"} {
		if _, _, body := ask(t, request(t, "GET", s.url+path, "")); strings.Contains(strings.ToLower(body), `"over`) || strings.Contains(body, "oltre il limite") {
			t.Errorf("%s tells it: %s", path, body)
		}
	}
	if status, _, _ = send(t, s, "/responsabile/avviso", "azione", "on"); status != http.StatusUnprocessableEntity || store.DeskAlert().Minutes != 15 {
		t.Errorf("a form with nothing in it answers %d, and leaves %+v", status, store.DeskAlert())
	}
	u.post("/responsabile/avviso", "azione", "off")
	u.sees("Avviso spento")
	if marked("/responsabile") {
		t.Error("a desk is marked after the alert was switched off")
	}
	u.get("/atti")
	u.sees("Avviso oltre il limite acceso", "Avviso oltre il limite spento", "Esigenze organizzative e produttive", "RSU, 3 marzo 2026", "Responsabile")
}
