package procedure

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
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

// An index has every word of a catalogue once, in order, with where it stands.
type index struct {
	words  []string
	places [][]place
}

// A place is a procedure that has a word, and how much it weighs there.
type place struct{ procedure, weight int }

func newIndex(all []Procedure) index {
	found := map[string]map[int]int{}
	for i, p := range all {
		for _, text := range []struct {
			text   string
			weight int
		}{
			{p.Name, weighName}, {p.Words, weighWords}, {string(p.ID), weighWords},
			{p.Who, weighSheet}, {p.Documents, weighSheet}, {p.Where, weighSheet}, {p.Office, weighSheet},
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
	for _, word := range x.words {
		var places []place
		for _, i := range slices.Sorted(maps.Keys(found[word])) {
			places = append(places, place{i, found[word][i]})
		}
		x.places = append(x.places, places)
	}
	return x
}

// Find are the procedures that fit a query best, the best first, at most most of
// them. Case and accents do not count; the words may be in any order, and each may
// be only its beginning, or have one mistake. Procedures that fit fewer words of
// the query than others are left out, and of equal ones the shorter name is first.
// An empty query finds nothing.
func (c *Catalogue) Find(query string, most int) []Procedure {
	type score struct{ words, fit int }
	scores := make([]score, len(c.all))
	best := 0
	for _, word := range asked(query) {
		for i, fit := range c.index.fits(word, len(c.all)) {
			if fit > 0 {
				scores[i] = score{scores[i].words + 1, scores[i].fit + fit}
				best = max(best, scores[i].words)
			}
		}
	}
	var found []int
	for i, s := range scores {
		if best > 0 && s.words == best {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b].fit, scores[a].fit), cmp.Compare(len(c.all[a].Name), len(c.all[b].Name)))
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
	all := wordsOf(query)
	told := slices.DeleteFunc(slices.Clone(all), func(w string) bool { return silent[w] })
	if len(told) == 0 {
		told = all
	}
	return told[:min(len(told), maxQueryWords)]
}

// silent are words that say nothing about what somebody wants.
var silent = func() map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(`a ad al allo alla ai agli alle all con come da dal dalla de dei del dell della delle degli di d e ed
		fare ho i il in l la le lo gli mi mio mia mie nel nella non o per piu quando che chi cosa serve servono si su sul sulla un una uno vorrei devo`) {
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
