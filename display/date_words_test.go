package display

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"eliminacode/queue/words"
)

var (
	// dateOfFile is a date as a file has it, and people do not write it.
	dateOfFile = regexp.MustCompile(`\b20[0-9]{2}-[0-9]{2}-[0-9]{2}\b`)
	// saidInPage is what a page says to people: the texts between its tags, and the
	// attributes that are shown or read out. A field for a date has one of a file.
	saidInPage = regexp.MustCompile(`>([^<]+)<|\s(?:value|aria-label|title|placeholder|alt)="([^"]*)"`)
	notSaid    = regexp.MustCompile(`(?s)<(script|style|pre)\b.*?</(script|style|pre)>`)
)

// No page of the staff writes a date into a sentence as a file has it, in any language,
// whatever is planned, changed and closed that has dates.
func TestNoPageWritesDatesAsFilesDo(t *testing.T) {
	u := newSetter(t)
	u.o.open(t, "s1")
	u.o.busy(t)
	u.planned("2026-12-01", "Dicembre", "office.note", "Chiuso il 24")
	u.edit("/impostazioni/orari", "add:hours.exception")
	u.edit("/impostazioni/orari", "keep", fmt.Sprintf("hours.exception[%d].date", len(u.draft().Hours.Exceptions)), "2026-12-31")
	dates := 0
	held := func(path string) {
		t.Helper()
		for _, said := range saidInPage.FindAllStringSubmatch(notSaid.ReplaceAllString(u.page, ""), -1) {
			text := strings.TrimSpace(html.UnescapeString(said[1] + said[2]))
			if strings.Contains(text, "2026") {
				dates++
			}
			if dateOfFile.MatchString(text) && (said[1] != "" || dateOfFile.FindString(text) != text) {
				t.Errorf("%s says %q", path, text)
			}
		}
	}
	for _, l := range words.StaffLanguages() {
		u.post("/impostazioni/servizio-temporaneo?lingua="+string(l), "service.name", "Nozze", "service.from", "2026-11-25", "service.to", "2026-12-24",
			"service.day_cap", "", "series.letters", "a", "desks", "s1")
		u.sees(`name="from"`, "Nozze")
		held("the effect of a temporary service")
		for _, one := range u.s.routes() {
			path, page := strings.CutPrefix(one.pattern, "GET ")
			if !page || strings.HasPrefix(path, "/api/") || strings.Contains(path, "{file") || strings.Contains(path, "{hash}") {
				continue
			}
			path = strings.NewReplacer("{$}", "", "{desk}", "s1", "{section}", "orari", "{n}", "1", "{number}", "1").Replace(path)
			if strings.Contains(path, "{") {
				continue
			}
			status, head, body := ask(t, request(t, http.MethodGet, u.s.url+path+"?lingua="+string(l), ""))
			if status != http.StatusOK || !strings.HasPrefix(head.Get("Content-Type"), "text/html") {
				continue
			}
			u.page = body
			held(path)
		}
	}
	if dates < 50 {
		t.Errorf("the pages name only %d dates", dates)
	}
}
