package words

import (
	"fmt"
	"strings"
	"testing"

	"eliminacode/queue"
)

// TestNumbersAreSpoken reads numbers of every shape in every language, the five of
// the trade's own examples first.
func TestNumbersAreSpoken(t *testing.T) {
	for language, said := range map[queue.Language]map[string]string{
		"it": {
			"A001": "A zero zero uno", "A042": "A zero quarantadue", "A108": "A centotto", "B021": "B zero ventuno", "A180": "A centottanta",
			"A188": "A centottantotto", "A000": "A zero zero zero", "A100": "A cento", "A101": "A centouno", "A111": "A centoundici",
			"A003": "A zero zero tre", "A023": "A zero ventitré", "A103": "A centotré", "A328": "A trecentoventotto",
			"AB12": "A B dodici", "7": "sette", "1000": "mille", "1008": "milleotto", "2003": "duemilatré", "1800": "milleottocento",
			"A880": "A ottocentottanta", "23000": "ventitremila", "100008": "centomilaotto", "21000": "ventunmila", "": "", "A": "A",
		},
		"de": {
			"A001": "A null null eins", "A042": "A null zweiundvierzig", "A108": "A hundertacht", "B021": "B null einundzwanzig", "A180": "A hundertachtzig",
			"A101": "A hunderteins", "A231": "A zweihunderteinunddreißig", "1001": "tausendeins", "101000": "hunderteintausend", "2016": "zweitausendsechzehn",
		},
		"fr": {
			"A001": "A zéro zéro un", "A042": "A zéro quarante-deux", "A108": "A cent huit", "B021": "B zéro vingt et un", "A180": "A cent quatre-vingts",
			"A200": "A deux cents", "A201": "A deux cent un", "A271": "A deux cent soixante et onze", "A191": "A cent quatre-vingt-onze", "2000": "deux mille", "80000": "quatre-vingt mille",
			"200000": "deux cent mille",
		},
		"sl": {
			"A001": "A nič nič ena", "A042": "A nič dvainštirideset", "A108": "A sto osem", "B021": "B nič enaindvajset", "A180": "A sto osemdeset",
			"A202": "A dvesto dve", "2000": "dva tisoč", "1010": "tisoč deset",
		},
		"en": {
			"A001": "A zero zero one", "A042": "A zero forty-two", "A108": "A one hundred and eight", "B021": "B zero twenty-one", "A180": "A one hundred and eighty",
			"A200": "A two hundred", "1008": "one thousand and eight", "1108": "one thousand one hundred and eight",
		},
	} {
		for number, want := range said {
			if got := In(language).Spoken(number); got != want {
				t.Errorf("%s: %q is said %q, want %q", language, number, got, want)
			}
		}
	}
}

// TestNoTwoNumbersAreSpokenAlike says every number of a series of three digits, and
// further ones, in every language.
func TestNoTwoNumbersAreSpokenAlike(t *testing.T) {
	for _, language := range SpokenLanguages() {
		said := map[string]int{}
		for n := range 12_000 {
			words := In(language).Spoken(fmt.Sprint(n))
			if other, taken := said[words]; taken {
				t.Fatalf("%s: %d and %d are both %q", language, other, n, words)
			}
			if strings.ContainsAny(words, "0123456789{}$") || words == "" {
				t.Fatalf("%s: %d is %q", language, n, words)
			}
			said[words] = n
		}
	}
}

// TestCallsAreSpoken says where a number is to go.
func TestCallsAreSpoken(t *testing.T) {
	for _, x := range []struct {
		language queue.Language
		call     SpokenCall
		want     string
	}{
		{"it", SpokenCall{Number: "A042", Desk: "3"}, "Numero A zero quarantadue, sportello tre"},
		{"it", SpokenCall{Number: "A042", Desk: "12", Floor: "1", Room: "4"}, "Numero A zero quarantadue, sportello dodici, primo piano, stanza quattro"},
		{"it", SpokenCall{Number: "A042", Desk: "B2", Floor: "-1", Room: "Sala A"}, "Numero A zero quarantadue, sportello B due, primo piano interrato, Sala A"},
		{"it", SpokenCall{Number: "A042", Desk: "Anagrafe 2", Floor: "12"}, "Numero A zero quarantadue, sportello Anagrafe 2, 12"},
		{"de", SpokenCall{Number: "A042", Desk: "3", Floor: "0"}, "Nummer A null zweiundvierzig, Schalter drei, Erdgeschoss"},
		{"fr", SpokenCall{Number: "A042", Desk: "3", Room: "1"}, "Numéro A zéro quarante-deux, guichet trois, salle un"},
		{"sl", SpokenCall{Number: "A042", Desk: "3", Floor: "1"}, "Številka A nič dvainštirideset, okence tri, prvo nadstropje"},
		{"en", SpokenCall{Number: "A042", Desk: "3"}, "Number A zero forty-two, desk three"},
		{"xx", SpokenCall{Number: "A042", Desk: "3"}, "Numero A zero quarantadue, sportello tre"},
	} {
		if got := In(x.language).Call(x.call); got != x.want {
			t.Errorf("%s: %+v is said %q, want %q", x.language, x.call, got, x.want)
		}
	}
}

// TestCallsHaveParts takes calls apart for a recorded voice.
func TestCallsHaveParts(t *testing.T) {
	for _, x := range []struct {
		call SpokenCall
		want string
	}{
		{SpokenCall{Number: "A042", Desk: "3"}, "number letter-a 0 42 desk 3"},
		{SpokenCall{Number: "AB108", Desk: "12", Floor: "-1", Room: "4"}, "number letter-a letter-b 100 8 desk 12 floor--1 room 4"},
		{SpokenCall{Number: "12345", Desk: "Info", Room: "Sala A"}, "number 12 thousands 300 45 desk name-info name-sala a"},
		{SpokenCall{Number: "1000", Desk: "0"}, "number 1000 desk 0"},
		{SpokenCall{Number: "000", Desk: "A"}, "number 0 0 0 desk letter-a"},
	} {
		if got := strings.Join(CallParts(x.call), " "); got != x.want {
			t.Errorf("%+v has the parts %q, want %q", x.call, got, x.want)
		}
	}
}

func FuzzSpoken(f *testing.F) {
	for _, seed := range []string{"A042", "", "AB001", "999999999999999999999", "A-1", "１２", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, number string) {
		for _, language := range SpokenLanguages() {
			tongue := In(language)
			if said := tongue.Call(SpokenCall{Number: number, Desk: number, Floor: number, Room: number}); len(said) > 40+200*len(number) {
				t.Errorf("%s: %q is said in %d bytes", language, number, len(said))
			}
		}
	})
}
