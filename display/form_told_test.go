package display

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// formPages are the pages of the staff whose forms give commands.
var formPages = []string{"/responsabile", "/responsabile/sportelli", "/accoglienza", "/accoglienza/blocchi", "/cruscotto/s1"}

// filled is what a browser sends of a form as it stands, with one of its buttons.
func filled(m *markup, controls []*piece) url.Values {
	v := url.Values{}
	for _, c := range controls {
		switch {
		case c.Data == "button" && v.Has(c.attr("name")), c.chosen() && !c.has("checked"), c.attr("name") == "":
		case c.Data == "select":
			for _, o := range m.inside(c) {
				if o.has("value") && !v.Has(c.attr("name")) {
					v.Add(c.attr("name"), o.attr("value"))
				}
			}
		default:
			v.Add(c.attr("name"), c.attr("value"))
		}
	}
	return v
}

// For each field of each form of the staff that a person fills in, a refusal is found at
// that very field, by the name that the page has for it, in each language, and what was
// typed anywhere in the form stays.
func TestARefusalIsToldAtItsField(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	o.busy(t)
	s := serve(t, o.config(), "")
	met := map[string]bool{}
	for _, language := range words.StaffLanguages() {
		tongue := words.In(language)
		for _, path := range formPages {
			_, _, page := ask(t, request(t, "GET", s.url+path, "", "Cookie", languageCookie+"="+string(language)))
			m := readMarkup(page)
			for _, form := range m.pieces {
				if !form.opens("form") || form.attr("data-api") == "" || form.attr("action") != path {
					continue
				}
				controls := m.controls[form]
				posted := filled(m, controls)
				for _, c := range controls {
					name := c.attr("name")
					first := slices.IndexFunc(controls, func(x *piece) bool { return x.attr("name") == name })
					if !c.asks() || c != controls[first] {
						continue // a list of boxes and a second choice are told at the first
					}
					each := string(language) + path + form.attr("class") + posted.Get("action") + name
					if met[each] {
						continue // a row like others
					}
					if c.typed() {
						posted.Set(name, `così "com'è" <b>&`)
					}
					location := "body." + regexp.MustCompile(`^(text|serve|boards)-`).ReplaceAllString(name, "$1.")
					x := toldForm{path: path, posted: posted, tongue: tongue, told: problem{
						Detail: "in general", Code: "bad-command", Errors: []problemField{{Location: location, Say: "wrong here"}},
					}}
					text, ok := x.tell(page)
					if !ok {
						t.Errorf("%s: the form of %q was not found", path, name)
						continue
					}
					told := readMarkup(text)
					var invalid []*piece
					for _, p := range told.pieces {
						if p.attr("aria-invalid") == "true" {
							invalid = append(invalid, p)
						}
					}
					if len(invalid) != 1 {
						t.Errorf("%s %s: %d fields are marked", path, name, len(invalid))
						continue
					}
					marked := invalid[0]
					if marked.attr("name") != name || marked.attr("aria-describedby") != "told-1" || !strings.Contains(text, `id="told-1">wrong here<`) {
						t.Errorf("%s: told at %q and not at %q: %v", path, marked.attr("name"), name, marked)
					}
					if !marked.has("autofocus") {
						t.Errorf("%s %s has not the focus", path, name)
					}
					if c.typed() && marked.attr("value") != posted.Get(name) {
						t.Errorf("%s %s: what was typed is now %q", path, name, marked.attr("value"))
					}
					label := m.label(c)
					if label == "" || label == name || strings.HasPrefix(label, "text-") {
						t.Errorf("%s %s has no label but %q", path, name, label)
					}
					alert := regexp.MustCompile(`<p class="form-told" role="alert"[^>]*>([^<]*)</p>`).FindStringSubmatch(text)
					if alert == nil || !strings.Contains(alert[1], strings.SplitN(label, "'", 2)[0]) {
						t.Errorf("%s %s: %q does not name %q", path, name, alert, label)
					}
					for folded := marked.within("details"); folded != nil; folded = folded.within("details") {
						if !folded.has("open") {
							t.Errorf("%s %s is folded away", path, name)
						}
					}
					if strings.Contains(text, `http-equiv="refresh"`) {
						t.Errorf("%s %s: the page would load itself anew", path, name)
					}
					met[each] = true
				}
			}
		}
	}
	if len(met) < 5*30 {
		t.Errorf("only %d fields were met: %v", len(met), slices.Sorted(maps.Keys(met)))
	}
}

// What each form is refused for, without a script: the sentence stands at the field, in
// the person's words, and what was typed in the others stays.
func TestAWrongValueIsToldWithoutAScript(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	for _, c := range []struct {
		path   string
		fields []string
		at     string // the field
		says   string
	}{
		{"/responsabile", []string{"action", "post", "text-it", "Si chiude", "until", "00:01", "request", "x"}, "until", "deve ancora venire"},
		{"/responsabile", []string{"action", "post", "text-it", strings.Repeat("a", 200), "from", "09:00", "request", "x"}, "text-it", "al massimo 160 caratteri"},
		{"/responsabile", []string{"action", "post", "text-it", " ", "request", "x"}, "text-it", "Manca"},
		{"/responsabile", []string{"action", "post", "text-it", "Si chiude", "from", "otto", "request", "x"}, "from", "la scriva come 08:30"},
		{"/responsabile", []string{"action", "capacity", "people", "molte"}, "people", "sole cifre"},
		{"/responsabile", []string{"action", "capacity", "people", "100001"}, "people", "da 0 a 100000"},
		{"/responsabile", []string{"action", "stop", "service", "nessuno", "why", "staff"}, "service", "non c&#39;è più"},
		{"/responsabile", []string{"action", "suspend"}, "why", "voce dell&#39;elenco"},
		{"/responsabile", []string{"action", "restart", "series", "A", "next", "2", "from", "1"}, "from", "ancora in mano a qualcuno"},
		{"/accoglienza", []string{"action", "check-in", "outlet", "totem", "code", "ZZZ"}, "code", "ha questo codice"},
		{"/accoglienza", []string{"action", "book", "service", "cie", "hour", "25:00", "desk", "s2", "request", "x"}, "hour", "la scriva come 08:30"},
		{"/accoglienza", []string{"action", "book", "service", "cie", "hour", "24", "desk", "s2", "request", "x"}, "hour", "giornata aperta"},
		{"/accoglienza", []string{"action", "book", "service", "cie", "hour", "00:01", "desk", "s2", "request", "x"}, "hour", "già passata"},
		{"/accoglienza/blocchi", []string{"action", "admit", "number", "Q99", "handed", "09:00", "service", ""}, "number", "non è di un blocco"},
		{"/accoglienza/blocchi", []string{"action", "reserve", "code", "AAA", "service", "cie", "count", "7"}, "count", "da 20 a 50"},
		{"/cruscotto/s1", []string{"action", "call", "finishing", "", "seen", "1", "number", "Z77"}, "number", "controlli il numero"},
		{"/responsabile/sportelli", []string{"action", "profile", "desk", "s1", "serve-anagrafe", "sempre"}, "serve-anagrafe", "voce dell&#39;elenco"},
	} {
		u.post(c.path, c.fields...)
		what := c.path + " " + c.at
		m := readMarkup(u.page)
		i := slices.IndexFunc(m.pieces, func(p *piece) bool { return p.attr("aria-invalid") == "true" })
		if i < 0 || m.pieces[i].attr("name") != c.at {
			said := regexp.MustCompile(`role="alert"[^>]*>([^<]*)`).FindAllStringSubmatch(u.page, -1)
			t.Errorf("%s: not told at the field, but %q", what, said)
			continue
		}
		at := m.pieces[i]
		fault := regexp.MustCompile(`id="told-1">([^<]*)<`).FindStringSubmatch(u.page)
		if fault == nil || !strings.Contains(fault[1], c.says) {
			t.Errorf("%s: %q does not say %q", what, fault, c.says)
		}
		for i := 0; i < len(c.fields); i += 2 {
			name, value := c.fields[i], c.fields[i+1]
			for _, x := range m.controls[at.within("form")] {
				if x.typed() && x.attr("name") == name && x.attr("value") != value {
					t.Errorf("%s: %s was %q and is %q", what, name, value, x.attr("value"))
				}
			}
		}
		if !strings.Contains(u.page, "Da correggere: "+m.label(at)) {
			t.Errorf("%s: the form does not name %q", what, m.label(at))
		}
	}
	// One that is about no field stands at its form too.
	for i := range 5 {
		u.get("/responsabile")
		u.post("/responsabile", "action", "post", "text-it", "Avviso "+string(rune('a'+i)), "request", u.hidden("request"))
		o.pass(time.Second)
	}
	u.sees(`class="form-told" role="alert" tabindex="-1" autofocus>Sui tabelloni ci sono già quattro avvisi`, `value="Avviso e"`)
}
