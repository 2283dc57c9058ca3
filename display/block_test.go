package display

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"eliminacode/queue"
)

// TestADeadMachineHasAWayOutOnPaper walks the reception's page without script:
// reserve, print, hand out, call in; and the numbers wait as any.
func TestADeadMachineHasAWayOutOnPaper(t *testing.T) {
	o := newTestOffice(t)
	o.issue(t, "anagrafe", queue.Ordinary)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/accoglienza")
	u.sees(`href="/accoglienza/blocchi"`)
	u.get("/accoglienza/blocchi")
	u.sees("Numeri di emergenza", "Oggi non c&#39;è ancora nessun blocco.")
	code := u.hidden("code")
	u.post("/accoglienza/blocchi", "action", "reserve", "service", "anagrafe", "count", "20", "code", code)
	u.sees("Blocco riservato", "A002–A021", "codice "+code+", in coda 0 su 20")
	u.get("/accoglienza/blocchi/" + code)
	u.sees(">A002<", ">A021<", code, "Attenda la chiamata", "Comune di Pontelungo", "Stampi questa pagina")
	if strings.Contains(u.page, ">A022<") || strings.Count(u.page, `class="slip"`) != 20 {
		t.Errorf("the paper has %d slips", strings.Count(u.page, `class="slip"`))
	}
	o.pass(20 * time.Minute)
	u.get("/accoglienza/blocchi")
	u.post("/accoglienza/blocchi", "action", "admit", "number", " a005 ", "handed", "10:40", "service", "", "class", "")
	u.sees("A005: Numero in coda: sarà chiamato come gli altri.", "in coda 1 su 20")
	u.post("/accoglienza/blocchi", "action", "admit", "number", "A005")
	u.sees("A005: Era già in attesa", "in coda 1 su 20")
	ticket := o.newest().LatestByNumber("A005")
	if waited := o.newest().WaitedMs(ticket, o.Now()); waited < 10*time.Minute.Milliseconds() {
		t.Errorf("A005 waits since %d ms", waited)
	}
	u.post("/accoglienza/blocchi", "action", "admit", "number", "A099")
	u.sees("Questo numero non è di un blocco di emergenza di oggi", "form-told")
	u.post("/accoglienza/blocchi", "action", "admit", "number", "A006", "handed", "23:00")
	u.sees("A quell&#39;ora questo numero non può essere stato consegnato")
	for path, want := range map[string]int{"/accoglienza/blocchi/" + code: http.StatusOK, "/accoglienza/blocchi/NESSUNO": http.StatusNotFound} {
		if status, _, _ := ask(t, request(t, "GET", u.s.url+path, "")); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	for _, bad := range []string{`reserve {"service":"anagrafe","count":"molti"}`, `reserve {"service":"anagrafe","count":"5"}`, `admit {"number":"A007","handed":"presto"}`, `burn {}`} {
		action, body, _ := strings.Cut(bad, " ")
		if status, _, text := ask(t, request(t, "POST", u.s.url+"/api/v1/blocks/"+action, body, "Content-Type", "application/json", "Origin", u.s.url)); status < 400 || status >= 500 {
			t.Errorf("%s: %d %s", bad, status, text)
		}
	}
}
