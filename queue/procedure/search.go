package procedure

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"eliminacode/queue"
)

// Bounds of a search: of a longer query the beginning counts.
const (
	MaxQueryBytes = 100
	maxQueryWords = 8
	// maxWordBytes is how much of a word counts, in a query and in a sheet.
	maxWordBytes = 32
)

// misspeltLeast is the length from which a word is found although a letter of it
// is wrong, missing, too much, or two are exchanged.
const misspeltLeast = 4

// How well a word of a query fits one of a procedure. A misspelt word counts only
// where no procedure has it as it is typed.
const (
	fitMisspeltStart = 2 // one mistake in what was typed so far
	fitMisspelt      = 3
	fitStart         = 6 // what was typed so far
	fitEnding        = 7 // the same but for the last vowel: "certificati"
	fitWhole         = 8
)

// How much it weighs where the word stands.
const (
	weighSheet = 1
	weighWords = 5 // what else people call it
	weighName  = 6
)

// What a query gets besides for being, or being within, a name or one of the other
// words as a whole: "stato di famiglia" is before what has both words apart.
const (
	fitPhrase     = 8
	fitWithPhrase = 4
)

// How many points of being meant a fitting word gives, by where it stands: a word
// that stands only in the sheet, such as among the documents, means it less.
const (
	meantBySheet = 1
	meantByName  = 2
)

// An index has every word of a catalogue once, in order, with where it stands, and
// the phrases of each procedure: its name and each of its other words, without the
// words that say nothing, a blank before and after each word.
type index struct {
	words   []string
	places  [][]place
	phrases [][]string
}

// A place is a procedure that has a word, and how much it weighs there.
type place struct{ procedure, weight int }

// newIndex is the index of procedures by their Italian words and those of one more
// language; of no other one where it is empty.
func newIndex(all []Procedure, l queue.Language) index {
	found := map[string]map[int]int{}
	for i, p := range all {
		for _, text := range []struct {
			text   string
			weight int
		}{
			{p.Name, weighName}, {p.Words, weighWords}, {string(p.ID), weighWords},
			{p.In(l), weighWords}, {p.Who, weighSheet}, {p.Documents, weighSheet}, {p.Where, weighSheet}, {p.Office, weighSheet},
		} {
			for _, word := range wordsOf(text.text) {
				if found[word] == nil {
					found[word] = map[int]int{}
				}
				found[word][i] = max(found[word][i], text.weight)
			}
		}
	}
	x := index{words: slices.Sorted(maps.Keys(found))}
	for _, p := range all {
		phrases := []string{phraseOf(told(wordsOf(p.Name)))}
		for text := range strings.SplitSeq(p.Words, ",") {
			phrases = append(phrases, phraseOf(told(wordsOf(text))))
		}
		for text := range strings.SplitSeq(p.In(l), ",") {
			if text != "" {
				phrases = append(phrases, phraseOf(told(wordsOf(text))))
			}
		}
		x.phrases = append(x.phrases, phrases)
	}
	for _, word := range x.words {
		var places []place
		for _, i := range slices.Sorted(maps.Keys(found[word])) {
			places = append(places, place{i, found[word][i]})
		}
		x.places = append(x.places, places)
	}
	return x
}

// phraseOf is words as a phrase of an index.
func phraseOf(words []string) string { return " " + strings.Join(words, " ") + " " }

// phrase is what a query of these words gets for the phrases of a procedure.
func (x index) phrase(query string, procedure int) (fit int) {
	for i, phrase := range x.phrases[procedure] {
		weight := weighWords
		if i == 0 {
			weight = weighName
		}
		switch {
		case i > 0 && strings.Count(query, " ") < 3:
			// One word: that it stands alone between two commas says nothing.
		case phrase == query:
			fit = max(fit, fitPhrase*weight)
		case strings.Contains(phrase, query):
			fit = max(fit, fitWithPhrase*weight)
		}
	}
	return fit
}

// Find are the procedures that fit a query best, the best first, at most most of
// them. Case and accents do not count; the words may be in any order, and each may
// be only its beginning, or have one mistake. A word of the name or of the other
// words means a procedure more than one of its sheet. Procedures that fit fewer
// words of the query than others and are meant less are left out, and of equal ones
// the shorter name is first. An empty query finds nothing. Besides the Italian words
// those of the language count, if it is one of the others.
func (c *Catalogue) Find(l queue.Language, query string, most int) []Procedure {
	return c.FindAmong(l, query, most, func(Procedure) bool { return true })
}

// FindAmong finds as Find does, among those alone that are offered.
func (c *Catalogue) FindAmong(l queue.Language, query string, most int, offered func(Procedure) bool) []Procedure {
	indexed, foreign := c.indexes[l]
	if !foreign {
		indexed = c.indexes[""]
	}
	index := indexed()
	type score struct{ words, meant, fit int }
	scores := make([]score, len(c.all))
	var best score // of words and of being meant, each by itself
	words := asked(query)
	for _, word := range words {
		for i, fit := range index.fits(word, len(c.all)) {
			if fit > 0 && offered(c.all[i]) {
				meant := meantBySheet
				if fit > fitWhole*weighSheet {
					meant = meantByName
				}
				scores[i] = score{scores[i].words + 1, scores[i].meant + meant, scores[i].fit + fit}
				best.words, best.meant = max(best.words, scores[i].words), max(best.meant, scores[i].meant)
			}
		}
	}
	whole := phraseOf(words)
	var found []int
	for i, s := range scores {
		if best.words > 0 && (s.words == best.words || s.meant == best.meant) {
			scores[i].fit += index.phrase(whole, i)
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b].meant, scores[a].meant), cmp.Compare(scores[b].fit, scores[a].fit), cmp.Compare(len(c.all[a].Name), len(c.all[b].Name)))
	})
	var procedures []Procedure
	for _, i := range found[:min(most, len(found))] {
		procedures = append(procedures, c.all[i])
	}
	return procedures
}

// asked are the words of a query that count: those that say nothing count only
// where there are no others.
func asked(query string) []string {
	if len(query) > MaxQueryBytes {
		query = strings.ToValidUTF8(query[:MaxQueryBytes], "")
	}
	words := told(wordsOf(query))
	return words[:min(len(words), maxQueryWords)]
}

// told are the words that say something, or all where none does.
func told(all []string) []string {
	if some := slices.DeleteFunc(slices.Clone(all), func(w string) bool { return silent[w] }); len(some) > 0 {
		return some
	}
	return all
}

// silent are words that say nothing about what somebody wants.
var silent = func() map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(`a ad al allo alla ai agli alle all con come da dal dalla de dei del dell della delle degli di d e ed
		fare ho i il in l la le lo gli mi mio mia mie nel nella non o per piu quando che chi cosa serve servono si su sul sulla un una uno vorrei devo
		der die das den dem ein eine einen einer fur und ich mein meine meinen mochte brauche wie wo von zum zur mit im am bei
		le les une des du et je mon ma mes pour avec comment veux voudrais faut au aux sur dans
		za na pri in moj moja moje kako kje bi rad rada potrebujem zelim se od iz
		the an of for to my and how where need want would like get do with from on at`) {
		all[w] = true
	}
	return all
}()

// fits is how well a word fits each procedure; 0 is not at all.
func (x index) fits(word string, procedures int) []int {
	fits := make([]int, procedures)
	found := false
	note := func(at, fit int) {
		found = true
		for _, p := range x.places[at] {
			fits[p.procedure] = max(fits[p.procedure], fit*p.weight)
		}
	}
	stem := word
	if len(word) > misspeltLeast {
		stem = strings.TrimRight(word[len(word)-1:], "aeiou")
		stem = word[:len(word)-1] + stem
	}
	from, _ := slices.BinarySearch(x.words, stem)
	for at := from; at < len(x.words) && strings.HasPrefix(x.words[at], stem); at++ {
		switch known := x.words[at]; {
		case known == word:
			note(at, fitWhole)
		case strings.HasPrefix(known, word):
			note(at, fitStart)
		case len(known) <= len(word)+1:
			note(at, fitEnding)
		}
	}
	if found || utf8.RuneCountInString(word) < misspeltLeast {
		return fits
	}
	for at, known := range x.words {
		switch whole, start := nearly(word, known); {
		case whole:
			note(at, fitMisspelt)
		case start:
			note(at, fitMisspeltStart)
		}
	}
	return fits
}

// nearly tells whether word becomes known, or the start of known, by one letter put
// in, left out, or written for another, or by two neighbours exchanged.
func nearly(word, known string) (whole, start bool) {
	i := 0
	for i < len(word) && i < len(known) && word[i] == known[i] {
		i++
	}
	a, b := word[i:], known[i:]
	if len(a) > 1 && len(b) > 1 && a[1] != b[0] && a[0] != b[1] && a[1] != b[1] {
		return false, false // none of the four leads on, which is so of nearly every word
	}
	try := func(a, b string) {
		if strings.HasPrefix(b, a) {
			whole, start = whole || len(a) == len(b), true
		}
	}
	if len(a) > 0 {
		try(a[1:], b)
	}
	if len(b) > 0 {
		try(a, b[1:])
	}
	if len(a) > 0 && len(b) > 0 {
		try(a[1:], b[1:])
	}
	if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] {
		try(a[2:], b[2:])
	}
	return whole, start
}

// plain is a text without accents and in small letters.
func plain(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s)))
}

// wordsOf are the words of a text, plain, in order, cut to what counts of them. A
// letter alone, such as that before an apostrophe, is no word.
func wordsOf(text string) []string {
	var all []string
	for word := range strings.FieldsFuncSeq(plain(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(word) > maxWordBytes {
			word = strings.ToValidUTF8(word[:maxWordBytes], "")
		}
		if len(word) > 1 {
			all = append(all, word)
		}
	}
	return all
}
