package words

import (
	"regexp"
	"strings"
	"testing"

	"eliminacode/queue"
)

// glossary are the words of the trade in Italian, as expressions, and how each
// language says them, the choices parted by bars. An Italian text that has the
// word has one of these in the other languages, so that a thing has the same
// name on every page.
var glossary = []struct {
	italian string
	in      map[queue.Language]string
}{
	{`bigliett[oi]`, map[queue.Language]string{"de": "ticket", "fr": "ticket", "sl": "list", "en": "ticket"}},
	{`numer[oi]`, map[queue.Language]string{"de": "nummer", "fr": "numéro", "sl": "števil", "en": "number"}},
	{`serie`, map[queue.Language]string{"de": "serie", "fr": "série", "sl": "serij", "en": "series"}},
	{`sportell[oi]`, map[queue.Language]string{"de": "schalter", "fr": "guichet", "sl": "okenc", "en": "desk"}},
	{`accoglienza`, map[queue.Language]string{"de": "empfang", "fr": "accueil", "sl": "recepcij", "en": "reception"}},
	{`tabellon[ei]`, map[queue.Language]string{"de": "anzeige", "fr": "affichage|tableau", "sl": "zaslon", "en": "board"}},
	{`cruscotto`, map[queue.Language]string{"de": "konsole", "fr": "console", "sl": "konzol", "en": "console"}},
	{`tastierin[oi]`, map[queue.Language]string{"de": "tastenfeld", "fr": "clavier", "sl": "tipkovnic", "en": "keypad"}},
	{`pulsant[ei]`, map[queue.Language]string{"de": "taste", "fr": "bouton", "sl": "gumb", "en": "button"}},
	{`stampant[ei]`, map[queue.Language]string{"de": "drucker", "fr": "imprimante", "sl": "tiskalnik", "en": "printer|printed on"}},
	{`totem`, map[queue.Language]string{"de": "totem", "fr": "borne", "sl": "totem", "en": "totem"}},
	{`chiamat[ae]`, map[queue.Language]string{"de": "auf", "fr": "appel", "sl": "klic", "en": "call"}},
	{`richiam\pL+`, map[queue.Language]string{"de": "erneut", "fr": "rappel", "sl": "ponovno", "en": "recall"}},
	{`non presentat[oi]`, map[queue.Language]string{"de": "nicht erschienen|nicht erschienene", "fr": "non présenté", "sl": "zglasil", "en": "no-show"}},
	{`sospes[oi] |sospendi`, map[queue.Language]string{"de": "zurückgestellt|zurückstellen|unterbrochen|unterbrechen", "fr": "suspend", "sl": "odlož|prekin", "en": "park|suspend"}},
	{`trasferi\pL+`, map[queue.Language]string{"de": "weitergeleitet|weiterleiten", "fr": "transfér", "sl": "premest|premešč", "en": "transfer"}},
	{`in coda`, map[queue.Language]string{"de": "einreihen|eingereiht", "fr": "file", "sl": "v vrsto", "en": "put back"}},
	{`annull\pL+`, map[queue.Language]string{"de": "annull", "fr": "annul", "sl": "prekli", "en": "cancel|undo"}},
	{`precedenz[ae]`, map[queue.Language]string{"de": "vorrang", "fr": "priorité", "sl": "prednost", "en": "priority"}},
	{`appuntament[oi]`, map[queue.Language]string{"de": "termin", "fr": "rendez-vous", "sl": "termin|naroč", "en": "appointment"}},
	{`standard`, map[queue.Language]string{"de": "standard", "fr": "standard", "sl": "standard", "en": "standard"}},
	{`cartacea|carta esaurita`, map[queue.Language]string{"de": "papier", "fr": "papier", "sl": "papir", "en": "paper"}},
	{`coperchio`, map[queue.Language]string{"de": "deckel", "fr": "capot", "sl": "pokrov", "en": "cover"}},
	{`ristamp\pL+`, map[queue.Language]string{"de": "nachdruck|drucken sie es nach|drucken sie sie nach", "fr": "réimpr", "sl": "ponovn|ponatis", "en": "reprint"}},
	{`fuori servizio`, map[queue.Language]string{"de": "außer betrieb|ausser betrieb", "fr": "hors service", "sl": "ne deluje", "en": "out of service"}},
	{`prov[ae]`, map[queue.Language]string{"de": "probe", "fr": "essai", "sl": "preizkus", "en": "test|trial"}},
	{`sala`, map[queue.Language]string{"de": "wartesaal", "fr": "salle", "sl": "čakalnic", "en": "hall"}},
	{`serviz[io]`, map[queue.Language]string{"de": "dienst|betrieb", "fr": "service", "sl": "storit|dela|delo|obravnav", "en": "serv|works"}},
	{`in attesa`, map[queue.Language]string{"de": "wart", "fr": "attente", "sl": "čak", "en": "wait"}},
	{`tecnico`, map[queue.Language]string{"de": "techniker", "fr": "technicien", "sl": "tehnik", "en": "technician"}},
	{`responsabile`, map[queue.Language]string{"de": "leitung|verantwortliche", "fr": "responsable", "sl": "vodj", "en": "manager"}},
	{`scadut[oi]`, map[queue.Language]string{"de": "verfallen", "fr": "expiré", "sl": "potek", "en": "expired"}},
	{`chiusura|chius[oi]`, map[queue.Language]string{"de": "geschlossen|abgeschlossen|schließ|abschluss", "fr": "fermé|terminé|fermeture|clôture", "sl": "zap|zaključ", "en": "closed|finished|closing"}},
	{`apparecchi[oi]?`, map[queue.Language]string{"de": "gerät", "fr": "appareil", "sl": "naprav", "en": "device|box"}},
}

// address is a page of the box, which is called the same in every language.
var address = regexp.MustCompile(`(?:^|[^\pL])/[a-z/-]+`)

func TestTheGlossaryIsKept(t *testing.T) {
	all := texts(t)
	for _, g := range glossary {
		word := regexp.MustCompile(`(?i)(?:^|[^\pL])(?:` + g.italian + `)(?:[^\pL]|$)`)
		met := false
		for id, m := range all[italian] {
			if !word.MatchString(address.ReplaceAllString(m.Other, "")) {
				continue
			}
			met = true
			for code, choices := range g.in {
				other := all[code][id]
				if other == nil {
					continue
				}
				said := strings.ToLower(other.Other)
				found := false
				for choice := range strings.SplitSeq(choices, "|") {
					found = found || strings.Contains(said, choice)
				}
				if !found {
					t.Errorf("%s: %s: %q is not among the words for %q: %s", code, id, other.Other, g.italian, choices)
				}
			}
		}
		if !met {
			t.Errorf("no text has %q", g.italian)
		}
	}
}

// A PIN is feminine in German; after a preposition it is "der PIN".
func TestTheGermanPINIsFeminine(t *testing.T) {
	masculine := regexp.MustCompile(`(?i:\b(?:dem|den|des|ein|einen|einem|eines|kein|keinen|jeder|jeden)) PIN\b|\bDer PIN\b|\bPIN, de[rn]\b`)
	met := 0
	for id, m := range texts(t)["de"] {
		if strings.Contains(m.Other, "PIN") {
			met++
		}
		if said := masculine.FindString(m.Other); said != "" {
			t.Errorf("%s says %q: %s", id, said, m.Other)
		}
	}
	if met < 10 {
		t.Errorf("only %d texts speak of a PIN", met)
	}
}
