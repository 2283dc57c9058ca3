package display

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"eliminacode/queue/words"
)

// The document says of every call how it refuses, with every code that there is and
// a sentence to each.
func TestTheDocumentSaysHowCallsRefuse(t *testing.T) {
	x := newWholeOffice(t)
	responses := x.operations.api.OpenAPI().Components.Responses
	documented := map[string]int{}
	for _, status := range refusalStatuses {
		for _, code := range refusalCodes()[status.status] {
			documented[code]++
			if says, ok := words.In("en").ByCode(code); !ok || !strings.Contains(responses[status.name].Description, code) {
				t.Errorf("%d %s says %q and stands in %q", status.status, code, says, responses[status.name].Description)
			}
		}
	}
	for _, e := range explained {
		_, code := explanation(e.err)
		if ofPage := slices.Contains(ofPages, code); ofPage == (documented[code] > 0) && code != "foreign-host" && !strings.HasPrefix(code, "secret-") {
			t.Errorf("%s is of pages alone: %v, and stands in the document %d times", code, ofPage, documented[code])
		}
	}
	for code, times := range documented {
		if times > 1 {
			t.Errorf("%s comes with %d statuses", code, times)
		}
	}
	for _, c := range x.calls {
		public := strings.HasPrefix(c.path, "/api/v1/open/")
		for status, want := range map[string]bool{
			"400": true, "401": !public, "403": !public, "404": true, "409": true,
			"410": c.path == "/api/v1/events" || strings.HasSuffix(c.path, "/replay") || strings.Contains(c.path, "/technician/closing"), "413": true, "415": c.media != "", "422": true, "429": true, "503": true,
		} {
			if slices.Contains(c.statuses, status) != want {
				t.Errorf("%s may refuse with %s: %v", c, status, !want)
			}
		}
	}
}

// goneEvents has no events before a sequence.
type goneEvents struct{ Events }

func (goneEvents) Opening(uint64) (uint64, error) { return 0, EventsGoneError{Oldest: 40} }

// Who asks a webhook to be told events that are kept no more is told the first that
// there is, as the reader of a stream is.
func TestAReplayOfEventsThatAreGoneSaysTheOldest(t *testing.T) {
	x := newWholeOffice(t)
	made, err := x.saveHook(request(t, http.MethodPost, "http://localhost/webhook", ""), hookBody{Name: "a", URL: "https://example.org"}.hook(""))
	if err != nil {
		t.Fatal(err)
	}
	x.cfg.Events = goneEvents{x.cfg.Events}
	rec := x.send(http.MethodPost, "/api/v1/webhooks/"+made.ID+"/replay", strings.NewReader(`{"from":1}`), "Content-Type", "application/json")
	if p, err := refusalIn(rec); err != nil || p.Status != http.StatusGone || p.Oldest != 40 {
		t.Errorf("%v %+v", err, p)
	}
}

// A program whose token opens nothing is told so in the language that it asks for.
func TestAWrongTokenIsToldInTheCallersLanguage(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, closed(t, o), "")
	for _, l := range words.StaffLanguages() {
		_, _, body := ask(t, request(t, http.MethodGet, s.url+"/api/v1/state/manager", "", "Authorization", "Bearer nobody", "Accept-Language", string(l)))
		if want := words.In(l).Say("to-program.sign-in"); !strings.Contains(body, want) || strings.Contains(body, words.In(l).Say("refusal.sign-in")) {
			t.Errorf("%s: %s", l, body)
		}
	}
}

// No sentence for a program speaks of pages to load again, tabs and keys, whatever the
// refusal: each code that calls answer is looked at, in each language.
func TestNoProgramIsToldToReloadAPage(t *testing.T) {
	pages := map[string][]string{
		"it": {"ricaric", "questa pagina", "altra scheda", "prema", "qui sotto", "torni alle"},
		"de": {"Laden Sie die Seite", "Laden Sie den Kalender", "Diese Seite", "anderen Fenster", "Drücken Sie", "sehen Sie unten"},
		"fr": {"rechargez la page", "rechargez l'agenda", "Cette page", "autre onglet", "appuyez", "ci-dessous"},
		"sl": {"znova naložite", "Te strani", "drugem zavihku", "pritisnite", "spodaj"},
		"en": {"reload", "such page", "another tab", "press ", "see below"},
	}
	codes := map[string]bool{"bad-command": true}
	for _, e := range explained {
		code := e.code
		if code == "" {
			code = words.RefusalCode(e.err)
		}
		codes[code] = true
	}
	for _, err := range words.Refusals() {
		codes[words.RefusalCode(err)] = true
	}
	for _, l := range words.StaffLanguages() {
		for code := range codes {
			if code == "not-proven" {
				continue // of a person who signs in with the body's login
			}
			said, ok := words.In(l).ToProgram(code)
			for _, page := range pages[string(l)] {
				if ok && strings.Contains(strings.ToLower(said), strings.ToLower(page)) {
					t.Errorf("%s %s: %q", l, code, said)
				}
			}
		}
	}
}
