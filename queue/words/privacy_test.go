package words

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

var reference = PrivacyFacts{
	Body: "Comune di <Pontelungo>", Office: "Sportello al cittadino", Place: "piano terra", Services: 4, Desks: 14,
	AuditDays: 400, IdleHours: 4, Drawn: time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC), Version: "1.2.3",
}

func TestPrivacyPapersHaveTheOfficesValues(t *testing.T) {
	papers, err := PrivacyPapers(reference)
	if err != nil {
		t.Fatal(err)
	}
	says := map[string][]string{
		"informativa-cittadini.html": {"i servizi per cui si dà il numero sono 4", "gli sportelli 14", "Garante"},
		"informativa-personale.html": {"dopo 4 ore senza uso", "per 400 giorni", "legge 300/1970", "distrugge alla chiusura del giorno", "solo finché la giornata è aperta", "mai lo sportello, il biglietto, il minuto o l'attesa", "nemmeno l'ordine degli eventi"},
		"registro-trattamenti.html":  {"4 servizi, 14 sportelli", "Articolo 30"},
		"conservazione.html":         {"400 giorni", "4 ore senza uso", "La chiave del giorno si sovrascrive", "solo finché la giornata è aperta"},
		"valutazione-impatto.html":   {"4 servizi, 14 sportelli", "Articolo 35", "journal dump", "una copia scaricata dalla pagina del tecnico", "negli avvisi ripetuti", "l'ordine degli eventi non lega"},
	}
	for _, p := range papers {
		text := strings.ReplaceAll(string(p.HTML), "I servizi", "i servizi")
		for _, want := range append(says[p.Name], "Comune di &lt;Pontelungo&gt;", "sabato 28 novembre 2026", "eliminacode 1.2.3", `lang="it"`, "[da completare: ") {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", p.Name, want)
			}
		}
		if strings.Contains(text, "{{") || strings.Contains(text, "ZgotmplZ") || strings.Count(text, "<h1>") != 1 {
			t.Errorf("%s is not whole", p.Name)
		}
		delete(says, p.Name)
	}
	if len(says) > 0 {
		t.Errorf("there is no %v", says)
	}
}

// What the papers say of published figures is there only where there are some.
func TestPrivacyPapersTellOfPublishedFiguresWhereThereAreSome(t *testing.T) {
	published := regexp.MustCompile(`I dati che l'ufficio pubblica`)
	for _, on := range []bool{false, true} {
		facts := reference
		facts.Published = on
		papers, err := PrivacyPapers(facts)
		if err != nil {
			t.Fatal(err)
		}
		if got := published.Match(papers[0].HTML); got != on {
			t.Errorf("published %v: it tells of it: %v", on, got)
		}
	}
}
