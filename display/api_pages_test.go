package display

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A deed is a page, or what is done on it: by action, the call of the API that does
// the same, as "POST /path". What begins with a hyphen is a reason why there is none.
type deed struct {
	// templates are those that have the buttons of a posted form.
	templates []string
	// calls are by the action of the button; "" is the page itself, or a form with
	// one button.
	calls map[string]string
}

func told(call string) deed { return deed{calls: map[string]string{"": call}} }

// actionsBelow are calls named after their actions.
func actionsBelow(path string, actions string) map[string]string {
	calls := map[string]string{}
	for _, a := range strings.Fields(actions) {
		calls[a] = "POST " + path + "/" + a
	}
	return calls
}

const (
	signingIn = "- who signs in does so in a browser; a program has a token"
	staticOne = "- a text, or what leads to other pages"
	rehearsal = "- what a rehearsal has for eyes instead of hardware"
	ownPage   = "- what a citizen's phone shows of one ticket"
	picture   = "- a picture of what another call tells"
)

// deeds are all addresses of pages.
var deeds = map[string]deed{
	"GET /{$}": told(staticOne), "GET /privacy": told(staticOne), "GET /accessibilita": told(staticOne), "/": told(staticOne),
	"GET /accesso": told(signingIn), "POST /accesso": told(signingIn), "POST /uscita": told(signingIn),
	"GET /accesso/ente": told(signingIn), "GET " + ReturnPath: told(signingIn),
	"GET /codice": told(signingIn), "POST /codice": told(signingIn), "GET /primo-accesso": told(signingIn), "POST /primo-accesso": told(signingIn),
	"GET /mio-accesso": told(signingIn), "POST /mio-accesso": told(signingIn),
	"POST /lingua":     told("- a program says its language in Accept-Language"),
	"POST /demo/ruolo": told("- of a demonstration alone, where a browser chooses who it is"), "GET /demo/pulsanti": told(rehearsal), "GET /demo/carta": told(rehearsal), "GET /demo/carta/{png}": told(rehearsal),
	"POST /demo/carta":     {[]string{"papers"}, actionsBelow("/api/v1/demo", "fault")},
	"POST /demo/pulsanti":  {[]string{"buttons"}, actionsBelow("/api/v1/demo", "press hold key people speed")},
	"GET /b/{token}":       told(ownPage),
	"GET /b/{token}/segue": told(ownPage), "POST /b/{token}": told("- the holder of a ticket alone; a program cancels by POST /api/v1/reception/cancel"),
	"GET /attese": told("GET /api/v1/open/queues.json"),

	"GET /tabellone": told("GET /api/v1/state/board"), "GET /suoni/{clip}": told("- a sound, which another call names and tells the words of"),
	"GET /voto":   told("GET /api/v1/state/voting"),
	"GET /totem":  told("GET /api/v1/state/totem"),
	"POST /totem": told("POST /api/v1/totem/{outlet}/tickets"),

	"GET /cruscotto":        told("GET /api/v1/state/desks"),
	"GET /cruscotto/{desk}": told("GET /api/v1/state/console"),
	"POST /cruscotto/{desk}": {[]string{"console"}, actionsBelow("/api/v1/desks/{desk}",
		"open move close pause next call recall start finish no-show undo put-back transfer serve-on plan issue park resume")},

	"GET /accoglienza": told("GET /api/v1/state/reception"),
	"POST /accoglienza": {[]string{"reception", "part-procedures"}, actionsBelow("/api/v1/reception",
		"issue contact book unbook check-in grant withdraw category cancel return reinstate reprint burst")},
	"GET /accoglienza/blocchi":      told("GET /api/v1/blocks"),
	"GET /accoglienza/blocchi/{id}": told("GET /api/v1/blocks/{id}"),
	"POST /accoglienza/blocchi":     {[]string{"blocks"}, actionsBelow("/api/v1/blocks", "reserve admit")},
	"GET " + heldPage + "{ticket}":  told("GET /api/v1/reception/tickets/{ticket}"),
	"GET /commessi":                 told("GET /api/v1/state/attendant"),
	"GET /pratiche":                 told("GET /api/v1/procedures"),
	"GET /pratiche.csv":             told("GET /api/v1/procedures.csv"),
	"POST /pratiche":                told("PUT /api/v1/procedures.csv"),
	"POST /pratiche/prima":          told("POST /api/v1/procedures/back"),

	"GET " + topicsHome:  told("GET /api/v1/procedure-topics"),
	"POST " + topicsHome: told("POST /api/v1/procedure-topics"),

	"GET /responsabile": told("GET /api/v1/state/manager"),
	"POST /responsabile": {[]string{"manager"}, actionsBelow("/api/v1/manager",
		"suspend resume stop reopen capacity restart post withdraw")},
	"GET /responsabile/sportelli":    told("GET /api/v1/manager/profiles"),
	"POST /responsabile/sportelli":   {[]string{"profiles"}, actionsBelow("/api/v1/manager", "profile")},
	"GET /responsabile/chiamate":     told("GET /api/v1/manager/calls"),
	"GET /responsabile/attese":       told("GET /api/v1/reports/waits"),
	"GET /responsabile/attese.csv":   told("GET /api/v1/reports/waits"),
	"GET /responsabile/esiti.csv":    told("GET /api/v1/reports/waits"),
	"GET /responsabile/contatti.csv": told("GET /api/v1/reports/waits"),
	"GET /responsabile/apparecchi":   told("GET /api/v1/state/devices"),
	"POST /responsabile/apparecchi":  {[]string{"devices"}, actionsBelow("/api/v1/devices", "trial")},
	"GET /responsabile/tecnico":      told("GET /api/v1/technician"),
	"POST /responsabile/tecnico": {[]string{"technician"}, map[string]string{
		"check": "POST /api/v1/technician/check", "print": "POST /api/v1/technician/closing/print", "copy": "POST /api/v1/technician/copy"}},
	"GET /responsabile/avviso": told("GET /api/v1/manager/alert"),
	"POST /responsabile/avviso": {[]string{"alert"}, map[string]string{
		"on": "POST /api/v1/manager/alert", "off": "POST /api/v1/manager/alert/off"}},
	"POST /orologio": {[]string{"layout-staff"}, actionsBelow("/api/v1/clock", "confirm set")},

	"GET /persone":      told("GET /api/v1/people"),
	"POST /persone":     told("POST /api/v1/people"),
	"GET /persone/{id}": told("GET /api/v1/people/{id}"),
	"POST /persone/{id}": {[]string{"person"}, map[string]string{
		"save": "POST /api/v1/people/{id}/change", "code": "POST /api/v1/people/{id}/code", "disable": "POST /api/v1/people/{id}/disable",
		"enable": "POST /api/v1/people/{id}/enable", "remove": "POST /api/v1/people/{id}/remove"}},
	"GET /schermi":  told("GET /api/v1/screens"),
	"POST /schermi": told("POST /api/v1/screens"),
	"POST /schermi/{id}": {[]string{"screens"}, map[string]string{
		"save": "POST /api/v1/screens/{id}/change", "revoke": "POST /api/v1/screens/{id}/revoke"}},
	"GET /programmi":       told("GET /api/v1/tokens"),
	"POST /programmi":      told("POST /api/v1/tokens"),
	"POST /programmi/{id}": told("POST /api/v1/tokens/{id}/revoke"),
	"GET /atti":            told("GET /api/v1/acts"),
	"GET /atti.csv":        told("GET /api/v1/acts.csv"),
	"GET /atti.json":       told("GET /api/v1/acts.json"),
	"GET /webhook":         told("GET /api/v1/webhooks"),
	"POST /webhook": {[]string{"webhooks"}, map[string]string{
		"save": "POST /api/v1/webhooks", "on": "POST /api/v1/webhooks/{id}/change", "off": "POST /api/v1/webhooks/{id}/change",
		"delete": "POST /api/v1/webhooks/{id}/delete", "replay": "POST /api/v1/webhooks/{id}/replay", "test": "POST /api/v1/webhooks/{id}/test"}},

	"GET /impostazioni":                     told("GET /api/v1/office"),
	"GET /impostazioni/{section}":           told("GET /api/v1/office/draft"),
	"GET /impostazioni/{section}/{item}":    told("GET /api/v1/office/draft"),
	"POST /impostazioni/{section}":          {[]string{"setup-section", "part-setup"}, valueByValue},
	"POST /impostazioni/{section}/{item}":   {[]string{"setup-section", "part-setup"}, valueByValue},
	"GET /impostazioni/effetto":             told("GET /api/v1/office/draft/effect"),
	"POST /impostazioni/effetto":            {[]string{"setup-effect", "setup"}, actionsBelow("/api/v1/office/draft", "save discard rebase rebase-keeping reference bring-back")},
	"GET /impostazioni/programmate":         told("GET /api/v1/office/draft"),
	"POST /impostazioni/programmate":        {[]string{"setup-planned"}, actionsBelow("/api/v1/office/planned/{number}", "cancel take-up")},
	"GET /impostazioni/storia":              told("GET /api/v1/office/history"),
	"POST /impostazioni/storia":             told("POST /api/v1/office/history/{number}/draft"),
	"GET /impostazioni/biglietto/{service}": told("GET /api/v1/office/draft/slips/{service}"),
	"GET /impostazioni/ufficio.toml":        told("GET /api/v1/office.toml"),
	"POST /impostazioni/ufficio.toml":       told("PUT /api/v1/office/draft.toml"),
	"GET " + copyFile:                       told("GET " + copyFileAPI),
	"GET " + copiesHome:                     told("GET /api/v1/copies"),
	"POST " + copiesHome:                    told("POST /api/v1/copies/{id}/put-back"),
	"POST " + sentCopy:                      told("PUT /api/v1/copies/sent"),
	"GET " + walkHome:                       told("GET /api/v1/state/walk"),
	"POST " + walkHome:                      {[]string{"walk", "part-walk", "part-walk-found"}, actionsBelow("/api/v1/walk", "search trial came-out not-out show seek leave listen name remove")},
	// The page of a new service fills several values in at once.
	"GET /impostazioni/servizio-temporaneo":  told("GET /api/v1/office/draft"),
	"POST /impostazioni/servizio-temporaneo": told("POST /api/v1/office/draft/add"),
}

var valueByValue = map[string]string{
	"keep": "POST /api/v1/office/draft/set", "effect": "POST /api/v1/office/draft/set", "add": "POST /api/v1/office/draft/add", "remove": "POST /api/v1/office/draft/remove",
	"up": "POST /api/v1/office/draft/move", "down": "POST /api/v1/office/draft/move",
}

var buttonAction = regexp.MustCompile(`name="(?:action|azione)" value="([a-z-]+)`)

// Whatever the pages show and do, a call of the API does for the same roles, or a
// reason stands why there is none: an address or a button that is added to a page
// fails this test until its call is named.
func TestWhatPagesDoACallDoes(t *testing.T) {
	s := wholeServer(t)
	d := documentOf(t, s)
	admits := map[string]who{}
	for _, one := range s.routes() {
		admits[one.pattern] = one.who
	}
	buttons := buttonsOfPages(t)
	for _, one := range s.routes() {
		_, path, ok := strings.Cut(one.pattern, " ")
		if ok && (strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/static/") || path == "/ws") {
			continue
		}
		deed, there := deeds[one.pattern]
		if !there {
			t.Errorf("%s stands in no table of what the API does too", one.pattern)
			continue
		}
		for _, name := range deed.templates {
			for _, action := range buttons[name] {
				if deed.calls[action] == "" && !elsewhere(name, action) {
					t.Errorf("%s: %q of the page %s is no call of the API", one.pattern, action, name)
				}
			}
		}
		for action, call := range deed.calls {
			if strings.HasPrefix(call, "- ") {
				continue
			}
			method, address, _ := strings.Cut(call, " ")
			if _, there := d.Paths[address][strings.ToLower(method)]; !there {
				t.Errorf("%s %q: the document has no %s", one.pattern, action, call)
				continue
			}
			if got := rolesOf(admits, call, address); !slices.Equal(got, rolesOf(admits, one.pattern, "")) {
				t.Errorf("%s is for %v and %s for %v", one.pattern, rolesOf(admits, one.pattern, ""), call, got)
			}
		}
	}
	named := map[string]bool{}
	for pattern, deed := range deeds {
		if _, there := admits[pattern]; !there {
			t.Errorf("%s is no address of a page", pattern)
		}
		for _, name := range deed.templates {
			named[name] = true
		}
	}
	for name, actions := range buttons {
		if !named[name] {
			t.Errorf("%v of the page %s belong to no address", actions, name)
		}
	}
}

// elsewhere tells of a button that stands in a form of another address on a page.
func elsewhere(template, action string) bool {
	switch template {
	case "manager", "technician": // the clock
		return action == "confirm" || action == "set"
	case "layout-staff": // a desk that another operator has
		return action == "move"
	case "setup": // a step to the first office
		return action == "leave"
	}
	return false
}

// buttonsOfPages are the actions of the buttons of each template.
func buttonsOfPages(t *testing.T) map[string][]string {
	t.Helper()
	names, err := filepath.Glob("web/templates/*.html")
	if err != nil || len(names) < 30 {
		t.Fatalf("%d templates: %v", len(names), err)
	}
	all := map[string][]string{}
	for _, path := range names {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range buttonAction.FindAllStringSubmatch(string(text), -1) {
			name := strings.TrimSuffix(filepath.Base(path), ".html")
			all[name] = append(all[name], m[1])
		}
	}
	return all
}

// rolesOf are the roles of an address, sorted; those of a state are its topic's.
func rolesOf(admits map[string]who, pattern, address string) []string {
	w := admits[pattern]
	if page, ok := strings.CutPrefix(address, "/api/v1/state/"); ok {
		w = topic{page: page}.who()
	}
	var roles []string
	for _, r := range w.roles {
		roles = append(roles, string(r))
	}
	slices.Sort(roles)
	return roles
}

// A link within the page of the API leads to something that it can open: browsers open
// the details around a place, and not those whose summary it is in.
func TestLinksOfTheAPIPageOpenWhatTheyLeadTo(t *testing.T) {
	page := newWholeOffice(t).send(http.MethodGet, "/api/v1/", nil).Body.String()
	summaries := strings.Join(regexp.MustCompile(`(?s)<summary>.*?</summary>`).FindAllString(page, -1), "\n")
	links := regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 100 {
		t.Fatalf("the page has %d links to its own places", len(links))
	}
	for _, l := range links {
		if id := ` id="` + l[1] + `"`; l[1] != "main" && (strings.Count(page, id) != 1 || strings.Contains(summaries, id)) {
			t.Errorf("#%s leads to %d places, or to a summary", l[1], strings.Count(page, id))
		}
	}
}

// What holds for a slip stands above what a search finds, which may be long.
func TestHowASlipIsPrintedStandsAboveWhatIsFound(t *testing.T) {
	page := newWholeOffice(t).send(http.MethodGet, "/accoglienza?pratica=residenza", nil).Body.String()
	end := strings.Index(page, `id="issue"`)
	for _, name := range []string{"outlet", "category", "then", "class"} {
		at := regexp.MustCompile(`form="issue"[^>]* name="` + name + `"`).FindStringIndex(page)
		if at == nil || at[0] > end {
			t.Errorf("%s is not above, or not of the form", name)
		}
	}
}
