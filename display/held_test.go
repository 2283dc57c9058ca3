package display

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"eliminacode/display/view"
	"eliminacode/queue"

	"github.com/boombuler/barcode/qr"
	"github.com/chromedp/chromedp"
)

const phonesReach = "http://192.168.1.10:8080/b/"

// phoned is an office whose tickets have a page that phones reach.
func phoned(t testing.TB) (Config, *testOffice) {
	o := newTestOffice(t)
	cfg := o.config()
	n := 0
	cfg.Phones, cfg.Token = phonesReach, func() string { n++; return fmt.Sprintf("TOKEN%07d", n) }
	return cfg, o
}

// TestANumberWithoutPaperIsHeld: who wants no paper is given a code and the address of the
// ticket's page with the number. Nobody else reads them: no board, no totem, no list, nor
// who guesses the ticket; the reception finds it by its code and shows it again.
func TestANumberWithoutPaperIsHeld(t *testing.T) {
	cfg, o := phoned(t)
	s := serve(t, cfg, "")
	status, a := command(t, s, "/api/v1/totem/totem/tickets", fields{"service": "anagrafe", "paper": "no", "request": "r1"})
	if status != http.StatusCreated || a.Ticket == nil || a.Ticket.Held == nil || a.Ticket.Paper != "paperless" {
		t.Fatalf("%d %+v", status, a.Ticket)
	}
	ticket := o.newest().LatestByNumber("A001")
	h := *a.Ticket.Held
	if h.Phone != phonesReach+ticket.Token || h.Code != view.TicketCode(ticket) || !regexp.MustCompile(`^[A-Z0-9]{4}$`).MatchString(h.Code) || h.QR == nil {
		t.Errorf("%+v", h)
	}
	if strings.Contains(ticket.Token, h.Code) {
		t.Errorf("code %s is a part of the token", h.Code)
	}
	if status, a := command(t, s, "/api/v1/totem/totem/tickets", fields{"service": "anagrafe", "paper": "maybe"}); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
		t.Errorf("%d %+v", status, a)
	}
	for _, page := range []string{
		"/api/v1/state/board", "/api/v1/state/totem?outlet=totem", "/api/v1/state/totem?outlet=accoglienza", "/api/v1/state/reception",
		"/api/v1/state/reception?q=" + h.Code, "/api/v1/state/console?desk=s1", "/api/v1/state/manager", "/api/v1/manager/calls",
		"/totem?outlet=totem&biglietto=" + ticket.ID.String(), "/totem?outlet=totem&request=r2&biglietto=" + ticket.ID.String(),
		"/tabellone", "/accoglienza?q=" + h.Code,
	} {
		_, _, body := ask(t, request(t, "GET", s.url+page, ""))
		if strings.Contains(body, ticket.Token) || !strings.Contains(page, "q=") && strings.Contains(body, h.Code) {
			t.Errorf("%s tells the token or the code", page)
		}
	}
	// A call tells no code.
	if _, a := command(t, s, "/api/v1/reception/grant", fields{"ticket": ticket.ID.String()}); a.Ticket == nil || a.Ticket.Held != nil {
		t.Errorf("%+v", a.Ticket)
	}
	u := &surfer{t: t, s: s}
	u.get("/accoglienza?q=" + strings.ToLower(h.Code))
	u.sees("A001", heldPage+ticket.ID.String(), "Mostra A001 di nuovo")
	u.get(heldPage + ticket.ID.String())
	u.sees("A001", h.Code, h.QR.Path)
	_, _, body := ask(t, request(t, "GET", s.url+"/api/v1/reception/tickets/"+ticket.ID.String(), ""))
	var again heldView
	if err := json.Unmarshal([]byte(body), &again); err != nil || again.Held == nil || again.Held.Phone != h.Phone || again.Number != "A001" {
		t.Errorf("%v %s", err, body)
	}
	o.must(t, queue.CancelTicket{By: atReception, Ticket: ticket.ID, Why: "citizen"})
	for _, path := range []string{heldPage + ticket.ID.String(), "/api/v1/reception/tickets/" + ticket.ID.String(), heldPage + "x"} {
		if status, _, _ := ask(t, request(t, "GET", s.url+path, "")); status != http.StatusNotFound {
			t.Errorf("%s of a visit that is over: %d", path, status)
		}
	}
}

// TestWithoutPaperAndScript: the key is there where phones reach the box and the outlet
// prints, and the answer to the form shows the code to who sent it.
func TestWithoutPaperAndScript(t *testing.T) {
	cfg, o := phoned(t)
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.get("/totem?outlet=totem")
	u.sees("Sul telefono", "carta=no")
	u.get("/totem?outlet=totem&carta=no")
	u.sees("Senza carta.", `name="paper" value="no"`)
	u.post("/totem", "outlet", "totem", "service", "anagrafe", "paper", "no", "request", u.hidden("request"))
	code := view.TicketCode(o.newest().LatestByNumber("A001"))
	u.sees("A001", code, "given-qr", `content="65;`)
	if strings.Contains(u.page, `name="paper"`) {
		t.Error("the next one has no paper without asking")
	}
	u.get("/totem?outlet=accoglienza") // which has no screen
	if strings.Contains(u.page, "carta=no") {
		t.Error("an outlet without a screen gives numbers without paper")
	}
	cfg.Phones = ""
	u = &surfer{t: t, s: serve(t, cfg, "")}
	u.get("/totem?outlet=totem")
	if strings.Contains(u.page, "carta=no") {
		t.Error("a box that phones do not reach offers a phone in the place of paper")
	}
	u.get(heldPage + "1000001")
	u.sees("A001", code, "annoti il numero")
}

// TestTheDrawnCodeIsTheAddress module by module, with its light margin.
func TestTheDrawnCodeIsTheAddress(t *testing.T) {
	address := phonesReach + "ABCDEFGHJKMN"
	drawn := drawQR(address)
	code, err := qr.Encode(address, qr.M, qr.Unicode)
	if err != nil || drawn == nil || drawn.Size != code.Bounds().Dx()+8 {
		t.Fatal(drawn, err)
	}
	got := make([][]bool, drawn.Size)
	for y := range got {
		got[y] = make([]bool, drawn.Size)
	}
	for one := range strings.SplitSeq(strings.TrimSuffix(drawn.Path, "z"), "z") {
		var x, y, wide, back int
		if _, err := fmt.Sscanf(one, "M%d %dh%dv1h-%d", &x, &y, &wide, &back); err != nil || back != wide {
			t.Fatal(one, err)
		}
		for i := range wide {
			got[y][x+i] = true
		}
	}
	for y := range drawn.Size {
		for x := range drawn.Size {
			want := false
			if x >= 4 && y >= 4 && x < drawn.Size-4 && y < drawn.Size-4 {
				r, _, _, _ := code.At(x-4, y-4).RGBA()
				want = r == 0
			}
			if got[y][x] != want {
				t.Fatalf("module %d,%d is dark: %v", x, y, got[y][x])
			}
		}
	}
	if drawQR(strings.Repeat("x", 5_000)) != nil {
		t.Error("an address of 5,000 bytes is a QR code")
	}
}

// heldSizes are the smallest and the largest totem, upright and across.
var heldSizes = []struct {
	inches        float64
	width, height int64
}{{10.1, 800, 1280}, {10.1, 1280, 800}, {21.5, 1080, 1920}, {21.5, 1920, 1080}}

// TestTheHeldNumberIsLegible: a number without paper, its code and the way to its page
// stand whole on each totem, in both letters and in the longest words, big enough to be
// taken from 0.6 m: a module of the QR code is at least 0.8 mm.
func TestTheHeldNumberIsLegible(t *testing.T) {
	ctx := browser(t)
	cfg, o := phoned(t)
	s := serve(t, cfg, "")
	for _, screen := range heldSizes {
		do(t, ctx, chromedp.EmulateViewport(screen.width, screen.height))
		for _, how := range []string{"", "&testo=grande", "&lingua=de", "&lingua=de&testo=grande&tasti=bassi", "&contrasto=alto"} {
			where := fmt.Sprintf("%g inches, %dx%d, %q", screen.inches, screen.width, screen.height, how)
			o.pass(20_000_000_000)
			do(t, ctx, chromedp.Navigate(s.url+fmt.Sprint("/totem?outlet=totem&carta=no&pollici=", screen.inches)+how), chromedp.WaitReady("[data-choose]"))
			until(t, ctx, "the totem is connected", `!document.querySelector("[data-choose]").inert && document.querySelector("[data-lost]").hidden`)
			do(t, ctx, chromedp.Evaluate(`document.querySelector('[data-service="anagrafe"]').click()`, nil))
			until(t, ctx, where+": the code is shown", shown("[data-answer-code]")+` && document.querySelector("[data-answer-number]").textContent !== ""`)
			until(t, ctx, where+": it can be closed", shown("[data-answer-close]"))
			var seen struct {
				Module, Least, Beyond float64
				Text, Out             string
			}
			do(t, ctx, chromedp.Evaluate(fmt.Sprintf(`(() => {
				const mm = %g * 25.4 / Math.hypot(innerWidth, innerHeight);
				const qr = document.querySelector("[data-answer-qr]");
				const least = %s;
				const out = [...document.querySelectorAll("[data-answer] *")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().width)
					.map((e) => { const b = e.getBoundingClientRect(); return [Math.max(-b.left, -b.top, b.right - innerWidth, b.bottom - innerHeight), e.className.baseVal ?? e.className]; })
					.sort((a, b) => b[0] - a[0])[0];
				return { module: qr.getBoundingClientRect().width / qr.viewBox.baseVal.width * mm, least: least.mm, text: least.text, beyond: out[0], out: out[1] };
			})()`, screen.inches, fmt.Sprintf(capitals, screen.inches)), &seen))
			shot(t, ctx, fmt.Sprintf("totem-held-%dx%d%s", screen.width, screen.height, strings.NewReplacer("&", "-", "=", "-").Replace(how)))
			if seen.Module < 0.8 || seen.Beyond > 0.5 || strings.Contains(how, "grande") && seen.Least < 7.3 {
				t.Errorf("%s: a module of %.2f mm, a capital of %.1f mm (%s), %.0f pixels beyond the screen (%s)", where, seen.Module, seen.Least, seen.Text, seen.Beyond, seen.Out)
			}
		}
	}
}
