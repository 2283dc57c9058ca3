package display

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/access/private"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/chromedp/chromedp"
)

func printsAll(context.Context, queue.OutletID) (queue.PaperState, error) {
	return queue.PaperPrinted, nil
}

// A box without printers says so to who may try one, and turns everybody else away as
// everywhere.
func TestATrialWithoutPrinters(t *testing.T) {
	cfg := closed(t, newTestOffice(t))
	cfg.Trial = nil
	s := serve(t, cfg, "")
	for role, want := range map[access.Role]string{access.Manager: `"no-printers"`, access.Technician: `"no-printers"`, access.Clerk: `"not-yours"`, access.Quality: `"not-yours"`, "": `"sign-in"`} {
		r := request(t, "POST", s.url+"/api/v1/devices/trial", `{"outlet":"totem"}`, "Content-Type", "application/json")
		if role != "" {
			_, text, err := cfg.Access.(*private.Store).MakeToken(time.Now(), byAnna, access.Token{Name: string(role), Role: role, Expires: time.Now().Add(time.Hour)})
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+text)
		}
		if status, _, body := ask(t, r); status == http.StatusNotFound || !strings.Contains(body, `"code":`+want) {
			t.Errorf("%q: %d %s", role, status, body)
		}
	}
}

// TestTrials prints a PROVA with a form and with the API, and learns what
// became of it.
func TestTrials(t *testing.T) {
	o := newTestOffice(t)
	var at []queue.OutletID
	cfg := o.config()
	cfg.Trial = func(ctx context.Context, outlet queue.OutletID) (queue.PaperState, error) {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("a trial may last for ever")
		}
		at = append(at, outlet)
		switch outlet {
		case "totem":
			return queue.PaperPrinted, nil
		case "pulsantiera":
			return queue.PaperFailed, errors.New("paper is out")
		default:
			return queue.PaperUnknown, errors.New("it does not answer")
		}
	}
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.get("/responsabile/apparecchi")
	u.sees("3 apparecchi su 5 sono da guardare", "Carta esaurita", "Coperchio aperto", "12.345", "12,4 m", "1 s fa", "mai",
		`name="outlet" value="pulsantiera"`, `http-equiv="refresh"`)
	if strings.Index(u.page, "Pulsantiera della sala") > strings.Index(u.page, "Totem all") {
		t.Error("what works stands before what does not")
	}
	for _, c := range []struct {
		outlet, says string
		status       int
		code         string
	}{
		{"totem", "La PROVA è uscita", http.StatusOK, "trial-printed"},
		{"pulsantiera", "La PROVA non è uscita", http.StatusConflict, "trial-failed"},
		{"accoglienza", "Forse la PROVA è uscita", http.StatusOK, "trial-unknown"},
	} {
		u.post("/responsabile/apparecchi", "action", "trial", "outlet", c.outlet)
		u.sees(c.says)
		status, _, body := ask(t, request(t, "POST", u.s.url+"/api/v1/devices/trial", `{"outlet":"`+c.outlet+`"}`, "Content-Type", "application/json"))
		if status != c.status || !strings.Contains(body, `"code":"`+c.code+`"`) {
			t.Errorf("%s: %d %s", c.outlet, status, body)
		}
	}
	if len(at) != 6 {
		t.Errorf("%d trials", len(at))
	}
	for path, body := range map[string]string{"trial": `{"outlet":"nirvana"}`, "logo": `{"outlet":"totem"}`} {
		if status, _, body := ask(t, request(t, "POST", u.s.url+"/api/v1/devices/"+path, body, "Content-Type", "application/json")); status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if len(at) != 6 {
		t.Error("an unknown outlet was tried")
	}
	// A page of another site prints nothing.
	if status, _, _ := ask(t, request(t, "POST", u.s.url+"/responsabile/apparecchi", "action=trial&outlet=totem",
		"Content-Type", "application/x-www-form-urlencoded", "Origin", "http://elsewhere.example", "Sec-Fetch-Site", "cross-site")); status != http.StatusForbidden || len(at) != 6 {
		t.Errorf("a foreign form: %d, %d trials", status, len(at))
	}
	issued := o.newest().Totals().Issued
	if issued != 0 {
		t.Errorf("trials gave %d tickets", issued)
	}
}

// TestDevicesInBrowser watches ages count on, a device that is lost, and the
// button that prints.
func TestDevicesInBrowser(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Trial = printsAll
	lost := make(chan struct{})
	cfg.Devices = func(tongue *words.Tongue) []view.Device {
		all := o.devices(tongue)
		select {
		case <-lost:
			all[0].State, all[0].Words, all[0].Do = "lost", "Non risponde", "Controlli cavo e alimentazione."
		default:
		}
		return all
	}
	s := serve(t, cfg, "")
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/responsabile/apparecchi"), chromedp.WaitVisible(".device-card form"))
	until(t, ctx, "an age counts on", `[...document.querySelectorAll("time[data-ago]")].some((e) => e.textContent === "3 s fa")`)
	until(t, ctx, "the hour is in short", `[...document.querySelectorAll("time[data-ago]")].some((e) => e.textContent === "1 h 06 min fa")`)
	do(t, ctx, chromedp.Click(`button[value="totem"]`))
	until(t, ctx, "the outcome is said", text("[data-flash]")+`.startsWith("La PROVA è uscita")`)
	close(lost)
	until(t, ctx, "the page learns that a printer is lost", `document.querySelector(".device-lost")?.textContent.includes("Non risponde")`)
	shot(t, ctx, "devices-lost-1280x720")
}

// TestLastContactIsByTheOfficesClock: the hour of a device's last sign of life is
// the office's, whatever the box's own clock shows.
func TestLastContactIsByTheOfficesClock(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Devices = func(*words.Tongue) []view.Device {
		return []view.Device{
			{Name: "atrio", Health: &view.DeviceHealth{Type: "printer", Seen: true, AgoMs: 60_000}},
			{Name: "sala", Health: &view.DeviceHealth{Type: "printer"}},
		}
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	want := o.newest().OfficeTime(o.Now()) - 60_000
	seen := s.devices(words.In(""))
	if got := seen[0].Health.AtMs; got < want || got > want+60_000 {
		t.Errorf("the last contact was at %d, want %d", got, want)
	}
	if seen[1].Health.AtMs != 0 {
		t.Errorf("a device that was never seen was so at %d", seen[1].Health.AtMs)
	}
}
