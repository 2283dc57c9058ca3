package words

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/queue"

	"github.com/google/go-cmp/cmp"
)

var tuesday = time.Date(2026, time.November, 24, 10, 31, 0, 0, time.UTC)

// townHall is an office that speaks some languages.
func townHall(languages ...queue.Language) queue.Setup {
	return queue.Setup{
		Office:   queue.Office{Body: "Comune di Esempio", Name: "Sportello polifunzionale", Place: "Piano terra"},
		Services: []queue.Service{{Name: "Anagrafe", Names: map[queue.Language]string{"de": "Meldeamt"}}},
		Slip:     queue.SlipTemplate{Languages: languages},
	}
}

func TestSlip(t *testing.T) {
	ticket := queue.Ticket{
		Number: queue.Number{Text: "A042"}, Ahead: 3, Class: queue.Priority, Job: 1,
		Promise: queue.Promise{FromMs: 11 * 60_000, ToMs: 14 * 60_000},
	}
	for name, c := range map[string]struct {
		change    func(*queue.Setup)
		reprinted bool
		want      SlipText
	}{
		"in Italian": {
			func(s *queue.Setup) {}, false,
			SlipText{
				Header:  []string{"Comune di Esempio", "Sportello polifunzionale"},
				Date:    "martedì 24 novembre 2026 · 10:31",
				Service: "Anagrafe", Caption: "Il suo numero", Number: "A042",
				Facts: []string{"3 persone davanti a lei", "Attesa stimata: 10-15 minuti", "Piano terra"},
				QR:    "https://example.it/b/7K3F",
				Notes: []string{
					"Se assente: all'accoglienza entro 15 min, rientra dopo 2 chiamate.",
					"Appuntamenti e precedenze possono passare prima.",
				},
			},
		},
		"in Italian and German, with the office's own words": {
			func(s *queue.Setup) {
				s.Office.Note = "Certificati anche in linea"
				s.Rules.ReturnAfterCalls, s.Rules.LateReturnMs = 1, 10*60_000
				s.Slip.Languages = []queue.Language{"it", "de"}
				s.Slip.Texts = map[queue.Language]queue.Wording{
					"de": {queue.WordBody: "Gemeinde Beispiel", queue.WordNote: "Bescheinigungen auch online", queue.WordPriority: ""},
					"it": {queue.WordAhead: "Prima di lei: {ahead}", queue.WordAheadLabel: "Prima di lei"},
				}
			}, false,
			SlipText{
				Header:  []string{"Comune di Esempio · Gemeinde Beispiel", "Sportello polifunzionale"},
				Date:    "mar · Di 24/11/2026 10:31",
				Service: "Anagrafe · Meldeamt", Number: "A042",
				Facts: []string{"Prima di lei · Vor Ihnen: 3", "Attesa · Wartezeit: 10-15 min", "Piano terra"},
				QR:    "https://example.it/b/7K3F",
				Notes: []string{
					"Assenti: 10 min, 1 chiamata · Abwesende: 10 min, 1 Aufruf",
					"Appuntamenti/precedenze prima",
					"Certificati anche in linea · Bescheinigungen auch online",
				},
			},
		},
		"of few parts": {
			func(s *queue.Setup) {
				s.Slip.Parts = []queue.SlipPart{queue.PartLogo, queue.PartEstimate, queue.PartNote}
			}, false,
			SlipText{Logo: true, Number: "A042", Facts: []string{"Attesa stimata: 10-15 minuti"}},
		},
		"again, without what was true when it was issued": {
			func(s *queue.Setup) {
				s.Slip.Languages = []queue.Language{"de", "it"}
				s.Slip.Parts = []queue.SlipPart{queue.PartCaption, queue.PartAhead, queue.PartEstimate, queue.PartPlace}
			}, true,
			SlipText{Caption: "Ihre Nummer · Il suo numero", Number: "A042", Mark: "RISTAMPA · NACHDRUCK", Facts: []string{"Piano terra"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			setup := townHall()
			c.change(&setup)
			ticket.Reprinted = c.reprinted
			got := Slip(setup, setup.Services[0], ticket, tuesday, "https://example.it/b/7K3F")
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("slip (-want +got):\n%s", d)
			}
		})
	}
}

// TestNoClassOnPaper: a slip of each class says the same, word for word.
func TestNoClassOnPaper(t *testing.T) {
	setup := townHall(Languages()[:2]...)
	var first SlipText
	for i, class := range []queue.Class{queue.Ordinary, queue.Priority, queue.Appointment} {
		got := Slip(setup, setup.Services[0], queue.Ticket{Number: queue.Number{Text: "A042"}, Class: class}, tuesday, "")
		if i == 0 {
			first = got
		} else if d := cmp.Diff(first, got); d != "" {
			t.Errorf("the slip gives %s away (-ordinary +%s):\n%s", class, class, d)
		}
	}
}

func TestPlainNameStandsOnce(t *testing.T) {
	for _, c := range []struct {
		languages []queue.Language
		names     map[queue.Language]string
		want      string
	}{
		{nil, nil, "Anagrafe"},
		{[]queue.Language{"it", "de"}, nil, "Anagrafe"},
		{[]queue.Language{"it", "de"}, map[queue.Language]string{"de": "Meldeamt"}, "Anagrafe · Meldeamt"},
		{[]queue.Language{"de", "it"}, map[queue.Language]string{"de": "Meldeamt"}, "Meldeamt · Anagrafe"},
		{[]queue.Language{"de", "it"}, map[queue.Language]string{"it": "Ufficio anagrafe"}, "Anagrafe · Ufficio anagrafe"},
		{[]queue.Language{"de"}, map[queue.Language]string{"de": "Meldeamt"}, "Meldeamt"},
		{[]queue.Language{"it", "en"}, map[queue.Language]string{"en": "Anagrafe"}, "Anagrafe"},
	} {
		s := slipTextFor(townHall(c.languages...))
		if got := s.service(queue.Service{Name: "Anagrafe", Names: c.names}); got != c.want {
			t.Errorf("%v: %q, want %q", c.languages, got, c.want)
		}
	}
}

// TestForms walks the numbers at which languages change their words.
func TestForms(t *testing.T) {
	for language, want := range map[queue.Language]map[int]string{
		"it": {0: "Nessuno davanti a lei", 1: "1 persona davanti a lei", 2: "2 persone davanti a lei", 21: "21 persone davanti a lei", 101: "101 persone davanti a lei", 300: "300 persone davanti a lei", 301: "Più di 300 persone davanti a lei"},
		"de": {0: "Niemand vor Ihnen", 1: "1 Person vor Ihnen", 2: "2 Personen vor Ihnen", 101: "101 Personen vor Ihnen", 301: "Mehr als 300 Personen vor Ihnen"},
		"fr": {0: "Personne avant vous", 1: "1 personne avant vous", 2: "2 personnes avant vous", 301: "Plus de 300 personnes avant vous"},
		"sl": {
			0: "Pred vami ni nikogar", 1: "1 oseba pred vami", 2: "2 osebi pred vami", 3: "3 osebe pred vami", 4: "4 osebe pred vami",
			5: "5 oseb pred vami", 11: "11 oseb pred vami", 12: "12 oseb pred vami", 21: "21 oseb pred vami", 100: "100 oseb pred vami",
			101: "101 oseba pred vami", 102: "102 osebi pred vami", 104: "104 osebe pred vami", 105: "105 oseb pred vami", 301: "Več kot 300 oseb pred vami",
		},
		"en": {0: "Nobody ahead of you", 1: "1 person ahead of you", 2: "2 people ahead of you", 11: "11 people ahead of you", 301: "More than 300 people ahead of you"},
	} {
		s := slipTextFor(townHall(language))
		for n, want := range want {
			if got := s.ahead(n); got != want {
				t.Errorf("%s %d: %q, want %q", language, n, got, want)
			}
		}
	}
	setup := townHall("sl")
	for calls, want := range map[int]string{1: "po 1 klicu.", 2: "po 2 klicih.", 3: "po 3 klicih.", 5: "po 5 klicih."} {
		setup.Rules.ReturnAfterCalls = calls
		if got := slipTextFor(setup).late(); !strings.HasPrefix(got, "Odsotni: v 15 min") || !strings.HasSuffix(got, want) {
			t.Errorf("%d calls: %q, want %q", calls, got, want)
		}
	}
	// Texts that an office wrote with the recalls are still filled.
	setup.Slip.Texts = map[queue.Language]queue.Wording{"sl": {queue.WordLate: "{recalls} / {minutes}"}}
	if got := slipTextFor(setup).late(); got != "2 / 15" {
		t.Errorf("an older text of the office's own is %q", got)
	}
	// A text of the office's own without forms is for every number.
	setup.Slip.Texts = map[queue.Language]queue.Wording{"sl": {queue.WordAhead: "Pred vami: {ahead}"}}
	if got := slipTextFor(setup).ahead(2); got != "Pred vami: 2" {
		t.Errorf("the office's own words are %q", got)
	}
}

func TestPromise(t *testing.T) {
	const minute = 60_000
	s := slipTextFor(townHall())
	for _, c := range []struct {
		from, to int64
		want     string
	}{
		{11 * minute, 14 * minute, "Attesa stimata: 10-15 minuti"},
		{10 * minute, 15 * minute, "Attesa stimata: 10-15 minuti"},
		{9*minute + 59_999, 15*minute + 1, "Attesa stimata: 5-20 minuti"},
		{10 * minute, 10 * minute, "Attesa stimata: 5-10 minuti"},
		{0, 1, "Attesa stimata: meno di 5 minuti"},
		{4 * minute, 12 * minute, "Attesa stimata: meno di 15 minuti"},
		{95 * minute, 122 * minute, "Attesa stimata: 95-125 minuti"},
		{0, 0, "Attesa: segua il tabellone"},
	} {
		if got := s.promise(queue.Promise{FromMs: c.from, ToMs: c.to}); got != c.want {
			t.Errorf("%d to %d ms: %q, want %q", c.from, c.to, got, c.want)
		}
	}
	s = slipTextFor(townHall("it", "sl"))
	for to, want := range map[int64]string{
		0: "Segua il tabellone · Glejte zaslon", 1: "Attesa · Čakanje: 0-5 min", 14 * minute: "Attesa · Čakanje: 5-15 min",
	} {
		if got := s.promise(queue.Promise{FromMs: to / 2, ToMs: to}); got != want {
			t.Errorf("in two languages up to %d ms: %q, want %q", to, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	first := time.Date(2027, time.January, 1, 8, 5, 0, 0, time.UTC)
	for _, c := range []struct {
		languages      []queue.Language
		tuesday, first string
	}{
		{[]queue.Language{"it"}, "martedì 24 novembre 2026 · 10:31", "venerdì 1º gennaio 2027 · 08:05"},
		{[]queue.Language{"de"}, "Dienstag, 24. November 2026 · 10:31", "Freitag, 1. Jänner 2027 · 08:05"},
		{[]queue.Language{"fr"}, "mardi 24 novembre 2026 · 10:31", "vendredi 1er janvier 2027 · 08:05"},
		{[]queue.Language{"sl"}, "torek, 24. november 2026 · 10:31", "petek, 1. januar 2027 · 08:05"},
		{[]queue.Language{"en"}, "Tuesday 24 November 2026 · 10:31", "Friday 1 January 2027 · 08:05"},
		{[]queue.Language{"de", "it"}, "Di · mar 24.11.2026 10:31", "Fr · ven 01.01.2027 08:05"},
		{[]queue.Language{"sl", "it"}, "tor · mar 24. 11. 2026 10:31", "pet · ven 1. 1. 2027 08:05"},
	} {
		s := slipTextFor(townHall(c.languages...))
		if d := cmp.Diff([]string{c.tuesday, c.first}, []string{s.date(tuesday), s.date(first)}); d != "" {
			t.Errorf("%v (-want +got):\n%s", c.languages, d)
		}
	}
}

func TestMarks(t *testing.T) {
	for _, c := range []struct {
		languages []queue.Language
		want      string
	}{
		{nil, "PROVA"},
		{[]queue.Language{"de", "it"}, "PROVA · PROBE"},
		{[]queue.Language{"sl"}, "PROVA · PREIZKUS"},
	} {
		if got := TrialSlip(townHall(c.languages...), tuesday).Mark; got != c.want {
			t.Errorf("%v: %q, want %q", c.languages, got, c.want)
		}
	}
}

func TestTrialSlip(t *testing.T) {
	setup := townHall("it", "de")
	setup.Slip.Parts = []queue.SlipPart{queue.PartLogo, queue.PartHeader}
	want := SlipText{
		Logo:    true,
		Header:  []string{"Comune di Esempio", "Sportello polifunzionale"},
		Date:    "mar · Di 24/11/2026 10:31",
		Service: "Biglietto di prova · Probeticket",
		Mark:    "PROVA · PROBE",
		Facts:   []string{"àèéìòù ÀÈÉÌÒÙ · äöüß ÄÖÜ · €"},
		Notes:   []string{"Se queste lettere si leggono bene, la stampante è a posto. · Sind diese Zeichen gut lesbar, ist der Drucker in Ordnung."},
	}
	if d := cmp.Diff(want, TrialSlip(setup, tuesday)); d != "" {
		t.Errorf("slip (-want +got):\n%s", d)
	}
}

func TestStatusSlip(t *testing.T) {
	want := SlipText{
		Header:  []string{"Comune di Esempio", "Sportello polifunzionale"},
		Date:    "martedì 24 novembre 2026 · 10:31",
		Service: "Stato dell'apparecchio",
		Facts:   []string{"Indirizzo: http://10.0.0.7:8080", "Orologio: giusto", "Versione: 1.2"},
		QR:      "http://10.0.0.7:8080",
		Notes:   []string{"Totem: carta esaurita", "Tastierino 2: non collegato"},
	}
	box := BoxStatus{Address: "http://10.0.0.7:8080", Version: "1.2", ClockNote: "giusto", Faults: slices.Clone(want.Notes)}
	if d := cmp.Diff(want, StatusSlip(townHall("de"), tuesday, box)); d != "" {
		t.Errorf("slip (-want +got):\n%s", d)
	}
	want.Facts, want.QR, want.Notes = []string{"Rete: nessun indirizzo"}, "", []string{"Nessun guasto."}
	if d := cmp.Diff(want, StatusSlip(townHall(), tuesday, BoxStatus{})); d != "" {
		t.Errorf("slip of a box without a network (-want +got):\n%s", d)
	}
}

// TestCatalogues holds every language to the same texts, with placeholders
// that are filled, and forms for exactly the numbers that its grammar tells
// apart.
func TestCatalogues(t *testing.T) {
	if got, want := Languages(), []queue.Language{"de", "en", "fr", "it", "sl"}; !slices.Equal(got, want) {
		t.Fatalf("languages are %v, want %v", got, want)
	}
	main := catalogues()[italian]
	if main.Mark.Reprint != MarkReprint || main.Mark.Trial != MarkTest {
		t.Errorf("the Italian marks are %+v", main.Mark)
	}
	for code, c := range catalogues() {
		for _, w := range []queue.Wording{c.Slip, c.Short} {
			setup := queue.Setup{Slip: queue.SlipTemplate{Texts: map[queue.Language]queue.Wording{code: w}}}
			for line := range strings.SplitSeq(setup.Validate().Error(), "\n") {
				if strings.HasPrefix(line, "slip:") {
					t.Errorf("%s: %s", code, line)
				}
			}
		}
		if len(c.Date.Weekdays) != 7 || len(c.Date.Days) != 7 || len(c.Date.Months) != 12 || c.Date.First == "" {
			t.Errorf("%s: %d weekdays, %d days, %d months, first %q", code, len(c.Date.Weekdays), len(c.Date.Days), len(c.Date.Months), c.Date.First)
		}
		for _, layout := range []string{c.Date.Long, c.Date.Short} {
			if got := c.date(layout, tuesday); got == "" || strings.ContainsAny(got, "{}") {
				t.Errorf("%s: the date %q makes %q", code, layout, got)
			}
		}
		if c.Mark.Reprint == "" || c.Mark.Trial == "" || c.Trial.Caption == "" || c.Trial.Letters == "" || c.Trial.Note == "" {
			t.Errorf("%s: marks %+v and trial %+v are not whole", code, c.Mark, c.Trial)
		}
		checkForms(t, code+" slip", c, c.Slip, main.Slip)
		checkForms(t, code+" short", c, c.Short, main.Short)
	}
	if speaking([]queue.Language{"lld"})[0].code != italian {
		t.Error("a language without a catalogue is not answered in Italian")
	}
}

// checkForms holds a wording to having a text for every key of the Italian one,
// and no form that no number takes.
func checkForms(t *testing.T, where queue.Language, c *catalogue, w, main queue.Wording) {
	t.Helper()
	said := map[string]bool{}
	for key := range main {
		if strings.HasSuffix(string(key), "_one") {
			continue
		}
		if w[key] == "" {
			t.Errorf("%s: no text %q", where, key)
		}
		for n := range 200 {
			said[c.text(key, n, w)] = true
		}
	}
	for key, text := range w {
		if !said[text] {
			t.Errorf("%s: no number up to 200 takes the text %q", where, key)
		}
	}
}

// TestNothingIsLeftUnfilled: whatever the office speaks, no brace is printed.
func TestNothingIsLeftUnfilled(t *testing.T) {
	for _, a := range Languages() {
		for _, b := range Languages() {
			setup := townHall(slices.Compact([]queue.Language{a, b})...)
			for n := range 6 {
				ticket := queue.Ticket{Number: queue.Number{Text: "A042"}, Ahead: n, Promise: queue.Promise{FromMs: int64(n) * 60_000, ToMs: int64(n) * 120_000}}
				if text := strings.Trim(fmt.Sprint(Slip(setup, setup.Services[0], ticket, tuesday, "")), "{}"); regexp.MustCompile(`[{}]|%!`).MatchString(text) {
					t.Errorf("%s, %s: %s", a, b, text)
				}
			}
		}
	}
}

// TestSlipSaysTheServicesInOrder: a ticket for several services names them all, and
// what it says of the office gives way where there is no room.
func TestSlipSaysTheServicesInOrder(t *testing.T) {
	setup := townHall("it", "de")
	then := []queue.Service{
		{ID: "cie", Name: "Carta d'identità", Names: map[queue.Language]string{"de": "Personalausweis"}}, {ID: "leva", Name: "Leva"},
	}
	ticket := queue.Ticket{Number: queue.Number{Text: "A042"}, Ahead: 3}
	text := Slip(setup, setup.Services[0], ticket, tuesday, "", then...)
	if want := "Poi · Dann: Carta d'identità · Personalausweis, Leva"; text.Facts[0] != want {
		t.Errorf("the ticket says %q, want %q", text.Facts[0], want)
	}
	setup.Office.Note = strings.Repeat("n", 90)
	notes := len(Slip(setup, setup.Services[0], ticket, tuesday, "").Notes)
	for range 4 {
		then = append(then, queue.Service{Name: strings.Repeat("s", 30)})
	}
	if text = Slip(setup, setup.Services[0], ticket, tuesday, "", then...); text.characters() > SlipRoom || len(text.Notes) >= notes {
		t.Errorf("%d characters, %d of %d notes", text.characters(), len(text.Notes), notes)
	}
	if one := Slip(setup, setup.Services[0], ticket, tuesday, ""); len(one.Facts) != len(text.Facts)-1 {
		t.Errorf("a ticket for one service says %q", one.Facts)
	}
}

// TestSlipIsInTheLanguageThatItsHolderChose: beside the office's first one, unless it is
// one of the office's or nobody knows it.
func TestSlipIsInTheLanguageThatItsHolderChose(t *testing.T) {
	setup := townHall("it", "de")
	for chosen, same := range map[queue.Language]queue.Language{"fr": "", "de": "de", "it": "de", "xx": "de", "": "de"} {
		ticket := queue.Ticket{Number: queue.Number{Text: "A042"}, Ahead: 3, Language: chosen}
		got, want := Slip(setup, setup.Services[0], ticket, tuesday, ""), Slip(townHall("it", "fr"), setup.Services[0], ticket, tuesday, "")
		if same != "" {
			ticket.Language = ""
			want = Slip(setup, setup.Services[0], ticket, tuesday, "")
		}
		if !slices.Equal(got.Facts, want.Facts) || got.Date != want.Date {
			t.Errorf("%q: the ticket says %q, want %q", chosen, got.Facts, want.Facts)
		}
	}
	// What does not fit in the longer language gives way.
	setup.Office.Note = strings.Repeat("n", 400)
	if text := Slip(setup, setup.Services[0], queue.Ticket{Language: "fr"}, tuesday, ""); text.characters() > SlipRoom {
		t.Errorf("%d characters", text.characters())
	}
}

// TestLongest: the service that says the most is found, and what it says is
// counted as it is printed.
func TestLongest(t *testing.T) {
	setup := townHall("it", "de")
	setup.Services = append(setup.Services, queue.Service{ID: "lungo", Name: strings.Repeat("à", 60)})
	service, before := Longest(setup)
	if service.ID != "lungo" || before < 200 {
		t.Errorf("the longest is %q with %d characters", service.ID, before)
	}
	setup.Office.Note = "Ciao €"
	if _, n := Longest(setup); n != before+7 {
		t.Errorf("a note of six characters and its line made %d of %d", n, before)
	}
}
