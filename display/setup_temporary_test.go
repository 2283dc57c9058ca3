package display

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
)

// nextDay lets a day go by, as its plan has it.
func (u *setter) nextDay() {
	u.t.Helper()
	u.o.pass(24 * time.Hour)
	state := u.o.newest()
	plan, err := calendar.Plan(state.Setup(), state.OfficeTime(u.o.Now()))
	if err != nil {
		u.t.Fatal(err)
	}
	u.o.must(u.t, queue.OpenDay{Plan: plan})
}

// issued tries to give a number at the totem, when its button has rested.
func (u *setter) issued(service queue.ServiceID) error {
	u.o.pass(5 * time.Second)
	_, _, err := u.o.Do(context.Background(), queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: service, Outlet: "accoglienza"})
	return err
}

// A temporary service is made on a phone: one page with few questions of which only
// the name has no answer yet, and the page of the effect, where the day and the
// reason are proposed. Its dates and its tickets a day then hold in the office.
func TestATemporaryServiceIsMadeOnOnePage(t *testing.T) {
	u := newSetter(t)
	u.o.open(t, "s1")
	u.o.open(t, "s2")
	ctx := browser(t)
	steps := 0
	step := func(actions ...chromedp.Action) {
		t.Helper()
		steps++
		do(t, ctx, actions...)
	}
	do(t, ctx, chromedp.EmulateViewport(390, 844), chromedp.Navigate(u.s.url+setupHome), chromedp.WaitVisible(".tile"))
	step(chromedp.Click(`a[href="/impostazioni/servizio-temporaneo"]`), chromedp.WaitVisible(".setup-temporary"))
	var questions, empty int
	do(t, ctx, chromedp.Evaluate(`document.querySelectorAll(".setup-temporary .field").length`, &questions),
		chromedp.Evaluate(`[...document.querySelectorAll(".setup-temporary [name='service.name'], .setup-temporary [name='service.from'], .setup-temporary [name='service.to'], .setup-temporary [name='series.letters']")].filter((e) => !e.value).length`, &empty))
	if questions > 8 || empty != 1 {
		t.Errorf("%d questions, %d of those that need an answer have none proposed", questions, empty)
	}
	until(t, ctx, "the open desks are proposed", `[...document.querySelectorAll("[name=desks]:checked")].map((e) => e.value).join() === "s1,s2"`)
	until(t, ctx, "it fits a phone", `document.documentElement.scrollWidth <= 390`)
	shot(t, ctx, "setup-temporary-phone")
	step(chromedp.SendKeys(`[name="service.name"]`, "Iscrizioni asilo"))
	step(chromedp.SendKeys(`[name="service.day_cap"]`, "2"))
	step(chromedp.SetValue(`[name="service.to"]`, "2026-11-26"))
	step(chromedp.Click(".setup-temporary .btn-primary"), chromedp.WaitVisible(".setup-save"))
	until(t, ctx, "the effect names it and proposes its first day", `document.body.innerText.includes("Iscrizioni asilo") && document.querySelector("[name=from]").value === "2026-11-25" && document.querySelector("[value=date]").checked`)
	shot(t, ctx, "setup-temporary-effect-phone")
	step(chromedp.Click(`.setup-save [value=save]`), chromedp.WaitVisible(".tile"))
	if steps > 6 {
		t.Errorf("it takes %d steps", steps)
	}

	planned := u.setups.Planned()
	if len(planned) != 1 || planned[0].From != "2026-11-25" {
		t.Fatalf("planned are %d", len(planned))
	}
	const id = "iscrizioni-asilo"
	if err := u.issued(id); !errors.Is(err, queue.ErrUnknownService) {
		t.Errorf("before its day: %v", err)
	}
	u.nextDay()
	setup := planned[0].Setup
	plan, err := calendar.PlanOn(setup, calendar.Date{Year: 2026, Month: 11, Day: 25})
	if err != nil {
		t.Fatal(err)
	}
	u.o.must(t, queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: setup, Plan: plan})
	u.o.open(t, "s1")
	for day := 25; day <= 27; day++ {
		want := []error{nil, nil, queue.ErrDayCapReached}
		if day == 27 {
			want = []error{queue.ErrServiceClosed}
		}
		for i, want := range want {
			if err := u.issued(id); !errors.Is(err, want) {
				t.Errorf("%d November, ticket %d: %v instead of %v", day, i+1, err, want)
			}
		}
		if day == 25 {
			u.o.next(t, "s1")
			if shown := u.o.newest().Calls(); len(shown) == 0 || !strings.HasPrefix(shown[0].Number.Text, "J") {
				t.Errorf("the desk that was ticked calls %v", shown)
			}
		}
		u.nextDay()
	}
}

// Without script, and from today on: the letter of a series that is there shares its
// numbers, and a service without an end stays.
func TestANewServiceMayShareASeriesAndHaveNoEnd(t *testing.T) {
	u := newSetter(t)
	u.get("/impostazioni/servizio-temporaneo")
	u.sees("Servizio nuovo o a termine", `name="series.letters" value="J"`)
	u.post("/impostazioni/servizio-temporaneo", "service.name", "Nozze d'oro", "service.from", "2026-11-24", "service.to", "",
		"service.day_cap", "", "series.letters", "a", "service.appointments_only", "true", "desks", "s1", "desks", "s3")
	u.sees("Nozze d&#39;oro", `value="Servizio nuovo: Nozze d&#39;oro"`, `value="now" checked`)
	s := u.draft()
	x := s.Services[len(s.Services)-1]
	if len(s.Series) != len(u.o.newest().Setup().Series) || x.Series != s.Services[0].Series || !x.AppointmentsOnly || x.To != "" {
		t.Errorf("the service is %+v, with %d series", x, len(s.Series))
	}
	var serve []queue.DeskID
	for _, d := range s.Desks {
		if first := d.Profile.First; len(first) > 0 && first[len(first)-1] == x.ID {
			serve = append(serve, d.ID)
		}
	}
	if len(serve) != 2 || serve[0] != "s1" || serve[1] != "s3" {
		t.Errorf("it is served at %v", serve)
	}
	if faults := office.Faults(s); len(faults) > 0 {
		t.Error(faults)
	}
}

// What is missing or cannot be is said at its field, with what was typed, and
// nothing of it is in the draft.
func TestANewServiceWithFaultsIsNoDraftYet(t *testing.T) {
	u := newSetter(t)
	for field, bad := range map[string]string{"service.name": "", "service.to": "2026-11-20", "service.day_cap": "tanti", "series.letters": "4", "desks": ""} {
		form := map[string][]string{
			"service.name": {"Asilo"}, "service.from": {"2026-11-25"}, "service.to": {"2026-12-25"}, "series.letters": {"J"}, "desks": {"s1"},
		}
		form[field] = []string{bad}
		status, _, body := ask(t, request(t, "POST", u.s.url+"/impostazioni/servizio-temporaneo", encode(form), "Content-Type", "application/x-www-form-urlencoded", "Origin", u.s.url))
		if n := strings.Count(body, "field field-fault"); status != http.StatusUnprocessableEntity || n != 1 || bad != "" && !strings.Contains(body, `value="`+bad+`"`) {
			t.Errorf("%s %q: %d, %d fields are red", field, bad, status, n)
		}
	}
	if _, kept := u.setups.Draft("demo"); kept {
		t.Error("a draft is kept")
	}
}
