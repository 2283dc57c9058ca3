package display

import (
	"regexp"
	"slices"
	"testing"

	"eliminacode/display/access"
	"eliminacode/queue/office"
)

// unspoken are the parts of a page that people do not read as sentences: what stands
// in tags, scripts, and codes that are copied letter by letter.
var unspoken = regexp.MustCompile(`(?s)<script.*?</script>|<style.*?</style>|<pre.*?</pre>|<code.*?</code>|<textarea.*?</textarea>|<[^>]*>`)

// fileDate is a day as files have it.
var fileDate = regexp.MustCompile(`.{0,60}\b[12]\d{3}-[01]\d-[0-3]\d\b.{0,40}`)

// People read a day as their language writes it, on every page: "24/12/2026", not as
// files have it.
func TestNoPageSaysADayAsFilesHaveIt(t *testing.T) {
	look := func(u *surfer, path string) {
		t.Helper()
		u.get(path)
		for _, met := range fileDate.FindAllString(unspoken.ReplaceAllString(u.page, " "), -1) {
			t.Errorf("%s says %q", path, met)
		}
	}
	_, s := serveAllPages(t)
	if status, _, body := send(t, s, "/programmi", "nome", "Sito", "ruolo", string(access.Quality), "giorni", "90", "richieste", "600"); status >= 400 {
		t.Fatalf("making a token answers %d: %s", status, body)
	}
	for _, p := range append(slices.Clone(sitemap), administered...) {
		if p.name != "error" {
			look(&surfer{t: t, s: s}, p.path)
		}
	}

	u := newSetter(t)
	dated := []string{"service[1].from", "2026-12-01", "service[1].to", "2027-01-31", "hours.exception[1].date", "2026-12-23"}
	u.planned("2026-12-01", "Dicembre", dated...)
	u.planned("", "Da subito", dated...)
	d := office.Edit(u.o.newest().Setup())
	for path, text := range map[string]string{"service[1].from": "2026-12-02", "service[1].to": "2027-02-28", "hours.exception[1].date": "2026-12-22"} {
		if err := d.Set(path, text); err != nil {
			t.Fatal(err)
		}
	}
	u.setups.drafts["demo"] = SetupDraft{Base: u.o.newest().Setup(), Setup: d.Setup()}
	for _, path := range []string{
		"/impostazioni", "/impostazioni/servizi", "/impostazioni/servizi/1", "/impostazioni/orari", "/impostazioni/effetto",
		"/impostazioni/programmate", "/impostazioni/storia", "/impostazioni/storia?versione=1", "/impostazioni/servizio-temporaneo",
	} {
		look(&u.surfer, path)
	}
	u.get("/impostazioni/effetto")
	u.sees("22/12/2026", "02/12/2026")
}
