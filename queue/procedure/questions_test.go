package procedure

import (
	"bytes"
	"slices"
	"testing"

	"eliminacode/queue"
)

// questions are what citizens really say at the reception, with the procedure that
// must be the first found, or among the first three.
var questions = []struct {
	asked string
	want  ID
	most  int // among how many
}{
	{"certificato di nascita", "estratti", 1},
	{"certifcato di nascita", "estratti", 1},
	{"certificati nascita", "estratti", 1},
	{"nascita", "nascita", 1},
	{"nascita", "estratti", 3},
	{"è nato mio figlio", "nascita", 1},
	{"certificato di matrimonio", "estratti", 1},
	{"certificato di morte", "estratti", 1},
	{"estratto di nascita", "estratti", 1},
	{"estratto di matrimonio", "estratti", 1},
	{"cambio medico", "informazioni", 1},
	{"devo cambiare il medico di base", "informazioni", 1},
	{"cambio medco", "informazioni", 1},
	{"cambio residenza", "cambio-residenza", 1},
	{"cambiare residenza", "cambio-residenza", 1},
	{"ho cambiato casa", "cambio-residenza", 3},
	{"mi sono trasferito da un altro comune", "cambio-residenza", 3},
	{"certificato residenza", "certificato-residenza", 1},
	{"certificato di famiglia", "stato-famiglia", 1},
	{"stato di famiglia", "stato-famiglia", 1},
	{"carta d'identità scaduta", "cie-rinnovo", 1},
	{"rinnovo carta identità", "cie-rinnovo", 1},
	{"rinnovare la carta d'identità", "cie-rinnovo", 1},
	{"ho perso la carta d'identità", "cie-smarrimento", 1},
	{"mi hanno rubato la carta di identità", "cie-smarrimento", 1},
	{"carta d'identità per mio figlio", "cie-minori", 1},
	{"carta identità bambino", "cie-minori", 1},
	{"carta d'identità", "cie-prima", 3},
	{"ritiro carta identità", "cie-codici", 1},
	{"ho perso la tessera elettorale", "tessera-duplicato", 1},
	{"tessera elettorale", "tessera-elettorale", 1},
	{"autentica firma", "autentica-firma", 1},
	{"copia conforme", "autentica-copia", 1},
	{"autocertificazione", "dichiarazione-sostitutiva", 1},
	{"passaporto", "passaporto-minori", 3},
	{"passaggio di proprietà auto", "passaggio-veicoli", 1},
	{"ho preso un cane", "anagrafe-canina", 1},
	{"ho perso il cane", "smarrimento-animali", 1},
	{"microchip cane", "anagrafe-canina", 1},
	{"tesserino funghi", "funghi", 1},
	{"licenza di pesca", "tesserino-pesca", 1},
	{"pass invalidi", "contrassegno", 1},
	{"tagliando disabili scaduto", "rinnovo-contrassegno", 1},
	{"parcheggio disabili", "contrassegno", 1},
	{"bonus luce", "bonus-energia", 1},
	{"permessi 104", "legge-104", 1},
	{"invalidità", "invalidita-civile", 1},
	{"voglio sposarmi", "pubblicazioni", 3},
	{"divorzio", "separazione", 1},
	{"cambio cognome", "cambio-nome", 1},
	{"cittadinanza", "cittadinanza", 1},
	{"permesso di soggiorno", "dimora-abituale", 1},
	{"ritirare una multa", "atti-notificati", 1},
	{"raccomandata da ritirare", "atti-notificati", 1},
	{"ho perso le chiavi", "oggetti-smarriti", 1},
	{"presentare una domanda", "protocollo", 1},
	{"buca nella strada", "reclami", 1},
	{"residenza all'estero", "aire", 1},
	{"mi trasferisco all'estero", "aire", 1},
	{"morte di un parente", "morte", 1},
	{"ospitare uno straniero", "cessione-fabbricato", 1},
	{"pensione estero esistenza in vita", "esistenza-in-vita", 1},
}

// At least forty of them, and one misspelt.
func TestCitizensQuestionsFindTheirProcedure(t *testing.T) {
	if len(questions) < 40 {
		t.Fatalf("%d questions", len(questions))
	}
	c := Reference()
	for _, q := range questions {
		if got := ids(c.Find("it", q.asked, q.most)); !slices.Contains(got, q.want) {
			t.Errorf("%q finds %v, not %s among the first %d", q.asked, ids(c.Find("it", q.asked, 5)), q.want, q.most)
		}
	}
}

// A whole word before one that is only begun, a name before another word, another
// word before the sheet, and the query as it is before its words apart.
func TestWhatIsMeantComesFirst(t *testing.T) {
	for _, test := range []struct {
		why, file, query string
		want             []ID
	}{
		{"whole before begun", "a;Cane smarrito;s;;\nb;Canepa;s;;\n", "cane", []ID{"a", "b"}},
		{"name before other words", "a;Uno;s;morte;\nb;Denuncia di morte;s;;\n", "morte", []ID{"b", "a"}},
		{"other words before the sheet", "a;Uno;s;;medico\nb;Due ancora;s;medico;\n", "medico", []ID{"b", "a"}},
		{"together before apart", "a;Certificato;s;nascita;\nb;Estratti e altri;s;certificato di nascita;\n", "certificato di nascita", []ID{"b", "a"}},
		{"sheet beside a name is not meant as two words", "a;Cambio;s;;\nb;Certificato;s;;cambio, medico\n", "cambio medico", []ID{"a", "b"}},
	} {
		c := parsed(t, "codice;pratica;servizio;altre parole;documenti\n"+test.file)
		if got := ids(c.Find("it", test.query, 5)); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, not %v", test.why, got, test.want)
		}
	}
}

// Who reads the pages in another language finds procedures by its words too, misspelt
// once too, and by the Italian ones as before; who reads them in Italian does not.
func TestOtherLanguagesFindByTheirWords(t *testing.T) {
	c := Reference()
	for _, q := range []struct {
		in    queue.Language
		asked string
		want  ID
	}{
		{"de", "Wohnsitz", "cambio-residenza"}, {"de", "Ich möchte die Ummeldung", "cambio-residenza"}, {"de", "Wohnsizt", "cambio-residenza"},
		{"de", "Scheidung", "separazione"}, {"de", "Personalausweis verloren", "cie-smarrimento"}, {"de", "Hund", "anagrafe-canina"}, {"de", "funghi", "funghi"},
		{"fr", "domicile", "cambio-residenza"}, {"fr", "acte de naissance", "estratti"}, {"fr", "stationement", "contrassegno"}, {"fr", "mariage", "matrimonio-civile"},
		{"sl", "prebivališče", "cambio-residenza"}, {"sl", "sprememba naslova", "cambio-indirizzo"}, {"sl", "osebna izkaznica", "cie-prima"}, {"sl", "drzavljanstvo", "cittadinanza"},
		{"en", "residence", "cambio-residenza"}, {"en", "change of address", "cambio-indirizzo"}, {"en", "birth certificate", "estratti"}, {"en", "lost property", "oggetti-smarriti"}, {"en", "resdence", "cambio-residenza"},
	} {
		if got := ids(c.Find(q.in, q.asked, 5)); !slices.Contains(got, q.want) {
			t.Errorf("%q in %s finds %v, not %s", q.asked, q.in, got, q.want)
		}
	}
	for _, p := range c.All() {
		for _, l := range languages {
			if p.Gloss(l) == "" || !slices.Contains(ids(c.Find(l, p.Gloss(l), 3)), p.ID) {
				t.Errorf("%s is not found by its name %q in %s", p.ID, p.Gloss(l), l)
			}
		}
	}
	if got := c.Find("it", "Wohnsitz", 5); len(got) > 0 {
		t.Errorf("Wohnsitz in Italian finds %v", ids(got))
	}
	// A file from before there were such columns has the reference office's words, where
	// the procedure is still that one; its own words are before them.
	old := parsed(t, "codice;pratica;servizio;parole tedesche\nfunghi;Raccolta dei funghi;a;\npasso;Passo carrabile;a;Einfahrt, Garagenzufahrt\nnascita;Altro;a;\n")
	for asked, want := range map[string][]ID{"Pilze": {"funghi"}, "Garagenzufahrt": {"passo"}, "Geburt": nil} {
		if got := ids(old.Find("de", asked, 5)); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, not %v", asked, got, want)
		}
	}
	if again := parsed(t, string(old.Format())); !bytes.Equal(again.Format(), old.Format()) {
		t.Error("the words are lost on the way out and in")
	}
}
