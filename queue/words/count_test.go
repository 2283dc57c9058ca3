package words

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// fixedPlural is a figure with the word for many of it, in English: whoever writes
// another text writes it in every language alike, as TestEveryTextIsInEveryLanguage
// asks.
var fixedPlural = regexp.MustCompile(`\{(\w+)\} (?:[a-z]+ )?(?:[a-z]+[^su\W]s|people|more)\b`)

// otherFigures are the placeholders of English texts that are no count of what stands
// beside them, and bounds that are always more than one.
var otherFigures = []string{
	"asked", "limit", "most", "to", // bounds
	"file", "dir", "user", "chip", "issuer", "panel", "who", "text", // names
}

// Whatever is counted may be one: a text with a figure has its plural forms, or has
// the figure after the word.
func TestNothingIsCountedWithAFixedPlural(t *testing.T) {
	for id, m := range texts(t)["en"] {
		for _, met := range fixedPlural.FindAllStringSubmatch(m.Other, -1) {
			if met[1] == "count" && counts(m) || slices.Contains(otherFigures, met[1]) {
				continue
			}
			t.Errorf("%s: %q is wrong for one: give it plural forms, or write the figure after the word", id, met[0])
		}
	}
}

// countedBeside is a count of a template and the text that stands right after it.
var countedBeside = regexp.MustCompile(`\{\{count ([^}]*)\}\}(?:</\w+>)? \{\{say "([^"]+)"([^}]*)\}\}`)

// bareBeside is a figure in the same place that is not told as a count.
var bareBeside = regexp.MustCompile(`class="fig">\{\{\$?[.\w]+\}\}`)

// Where a page shows a figure apart from its word, the word goes by the figure.
func TestAWordBesideAFigureGoesByIt(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join("..", "..", "display", "web", "templates", "*.html"))
	if err != nil || len(pages) == 0 {
		t.Fatal("no templates", err)
	}
	met := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, bare := range bareBeside.FindAllString(string(text), -1) {
			t.Errorf("%s: %s is not told with count", filepath.Base(page), bare)
		}
		for _, one := range countedBeside.FindAllStringSubmatch(string(text), -1) {
			met++
			m := texts(t)[italian][one[2]]
			if m == nil || !counts(m) || !regexp.MustCompile(`"count" `+regexp.QuoteMeta(one[1])+`(?: |$)`).MatchString(one[3]) {
				t.Errorf("%s: %q does not go by the figure before it", filepath.Base(page), one[2])
			}
		}
	}
	if met == 0 {
		t.Error("no page shows a figure apart from its word")
	}
}
