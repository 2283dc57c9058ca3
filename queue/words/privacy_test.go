package words

import (
	"regexp"
	"slices"
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

// The notice for citizens is in every language of the pages, each as long as another and
// with the same values, and with no word of Italian but the authority's name.
func TestTheCitizensNoticeIsInEveryLanguage(t *testing.T) {
	facts := reference
	facts.Published = true
	all := StaffLanguages()
	papers, err := PrivacyPapers(facts, slices.Concat(all, all)...)
	if err != nil {
		t.Fatal(err)
	}
	if len(papers) != len(privacyPapers)+len(all)-1 {
		t.Fatalf("there are %d papers", len(papers))
	}
	count := func(p PrivacyPaper) (of []int) {
		for _, tag := range []string{"<p>", "<h2>", `class="fill"`, "2016/679", "www.garanteprivacy.it", "DPO", "PEC", "5", "14"} {
			of = append(of, strings.Count(string(p.HTML), tag))
		}
		return of
	}
	facts.DPO, facts.Services = "", 5
	notices, err := PrivacyPapers(facts, all...)
	if err != nil {
		t.Fatal(err)
	}
	notices = append(notices[:1], notices[len(privacyPapers):]...)
	for i, p := range notices {
		l := all[i]
		text := string(p.HTML)
		name := citizensNotice + ".html"
		if i > 0 {
			name = citizensNotice + "." + string(l) + ".html"
		}
		if p.Name != name || !strings.Contains(text, `<html lang="`+string(l)+`">`) || !strings.Contains(text, In(l).Date(facts.Drawn)) || !strings.Contains(text, "["+toFill[l]+": ") {
			t.Errorf("%s: %s is not in its language", l, p.Name)
		}
		if got, want := count(p), count(notices[0]); !slices.Equal(got, want) {
			t.Errorf("%s: it has %v, in Italian %v", l, got, want)
		}
		for _, italian := range []string{"biglietto", "sportelli", "numero", "precedenza", "da completare"} {
			if i > 0 && strings.Contains(text, italian) {
				t.Errorf("%s: it says %q", l, italian)
			}
		}
	}
	if _, err := PrivacyPapers(facts, "la"); err == nil {
		t.Error("there is a notice in Latin")
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
