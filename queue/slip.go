package queue

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Language is one that citizens read, by its code in ISO 639, such as "it".
// Which ones there are catalogues for is not known here: queue/words says it.
type Language string

// A SlipTemplate is what an office's tickets say. The zero value is a ticket in
// Italian with every part but the logo.
type SlipTemplate struct {
	// Languages are those of the ticket, the main one first, at most two; none
	// is Italian alone.
	Languages []Language `json:"languages,omitempty" toml:"languages"`
	// Parts are what stands on the ticket beside its number; none is all but
	// the logo, and in two languages but the caption too, which the biggest
	// text on the paper needs least. Their order is not theirs to choose.
	Parts []SlipPart `json:"parts,omitempty" toml:"parts"`
	// Texts are the office's own words in place of the catalogue's.
	Texts map[Language]Wording `json:"texts,omitempty" toml:"text"`
}

// mostLanguages is what a ticket can say everything in and still be short.
const mostLanguages = 2

// A SlipPart is something that may stand on a ticket.
type SlipPart string

// The parts, from top to bottom.
const (
	PartLogo     SlipPart = "logo" // the picture that an installer stored in the printer
	PartHeader   SlipPart = "header"
	PartDate     SlipPart = "date"
	PartService  SlipPart = "service"
	PartCaption  SlipPart = "caption" // above the number
	PartAhead    SlipPart = "ahead"   // people ahead
	PartEstimate SlipPart = "estimate"
	PartPlace    SlipPart = "place"
	PartQR       SlipPart = "qr"
	PartLate     SlipPart = "late"     // what happens to who comes late
	PartPriority SlipPart = "priority" // that others may pass before
	PartNote     SlipPart = "note"
)

var slipParts = []SlipPart{
	PartLogo, PartHeader, PartDate, PartService, PartCaption, PartAhead, PartEstimate, PartPlace, PartQR, PartLate,
	PartPriority, PartNote,
}

// Has tells whether a part stands on the tickets.
func (t SlipTemplate) Has(part SlipPart) bool {
	if len(t.Parts) > 0 {
		return slices.Contains(t.Parts, part)
	}
	return part != PartLogo && (part != PartCaption || len(t.Languages) < 2)
}

// A Wording is the texts of a ticket in one language, by key. An empty text is
// left out of the ticket in that language.
type Wording map[WordKey]string

// A WordKey names a text of a ticket. One that says a number may have forms for
// it: behind the key an underscore and the plural category of Unicode's CLDR,
// such as "ahead_one".
type WordKey string

// The keys. Body, Name, Place and Note are the office's own texts in another
// language than the one they have in Office.
const (
	WordBody            WordKey = "body"
	WordName            WordKey = "name"
	WordPlace           WordKey = "place"
	WordNote            WordKey = "note"
	WordCaption         WordKey = "caption"
	WordNobody          WordKey = "nobody" // ahead
	WordAhead           WordKey = "ahead"
	WordAheadMost       WordKey = "ahead_most"  // for more than AheadMost, in place of the number
	WordAheadLabel      WordKey = "ahead_label" // in two languages: before the number
	WordEstimate        WordKey = "estimate"
	WordEstimateLabel   WordKey = "estimate_label"   // in two languages: before the range
	WordEstimateUnder   WordKey = "estimate_under"   // when it may be no wait at all
	WordEstimateUnknown WordKey = "estimate_unknown" // when none was promised
	WordLate            WordKey = "late"
	WordThen            WordKey = "then" // before the services that the same visit is for besides
	WordPriority        WordKey = "priority"
)

// A word is what may stand in the text of a key.
type word struct {
	placeholders []string
	counted      bool // may have forms, by the first of its placeholders
}

var slipWords = map[WordKey]word{
	WordBody: {}, WordName: {}, WordPlace: {}, WordNote: {}, WordCaption: {}, WordNobody: {}, WordPriority: {},
	WordAheadLabel: {}, WordEstimateLabel: {}, WordThen: {},
	WordAhead:           {placeholders: []string{"{ahead}"}, counted: true},
	WordAheadMost:       {placeholders: []string{"{ahead}"}},
	WordEstimate:        {placeholders: []string{"{from}", "{to}"}},
	WordEstimateUnder:   {placeholders: []string{"{to}"}},
	WordEstimateUnknown: {},
	WordLate:            {placeholders: []string{"{calls}", "{minutes}", "{recalls}"}, counted: true},
}

// pluralForms are the categories that a form may be for; the key alone is for
// all others.
var pluralForms = []string{"zero", "one", "two", "few", "many"}

// Form is the key for one plural category.
func (k WordKey) Form(category string) WordKey { return k + "_" + WordKey(category) }

// wordOf is what may stand in the text of a key or of one of its forms.
func wordOf(k WordKey) (word, bool) {
	if w, ok := slipWords[k]; ok {
		return w, true
	}
	for _, form := range pluralForms {
		if base, cut := strings.CutSuffix(string(k), "_"+form); cut && slipWords[WordKey(base)].counted {
			return slipWords[WordKey(base)], true
		}
	}
	return word{}, false
}

// LateTerms are what becomes of who does not answer: after how many recalls
// the turn is lost, for how long it can be had back, in milliseconds, and after
// how many calls it then comes.
func (r Rules) LateTerms() (recalls int, backMs int64, calls int) {
	return r.noShowRecalls(), r.lateReturnMs(), r.returnAfterCalls()
}

// longestWording bounds a text of a ticket, in characters: a ticket has some
// four hundred bytes for all of them, in both languages.
const longestWording = 100

func (v *validation) slip(s Setup) {
	t := s.Slip
	if len(t.Languages) > mostLanguages {
		v.say("slip.languages", fmt.Sprintf("a ticket has room for %d", mostLanguages), "slip: languages are %d", len(t.Languages))
	}
	for i, l := range t.Languages {
		path := item("slip.languages", i)
		v.language(path, "slip: languages", l)
		if slices.Contains(t.Languages[:i], l) {
			v.say(path, "once is enough", "slip: languages name %q twice", l)
		}
	}
	for i, p := range t.Parts {
		path := item("slip.parts", i)
		if !slices.Contains(slipParts, p) {
			v.say(path, "use any of "+list(slipParts), "slip: parts name %q, which is none", p)
		}
		if slices.Contains(t.Parts[:i], p) {
			v.say(path, "once is enough", "slip: parts name %q twice", p)
		}
	}
	for _, l := range slices.Sorted(maps.Keys(t.Texts)) {
		path := "slip.text." + string(l)
		v.language(path, "slip: text", l)
		for _, k := range slices.Sorted(maps.Keys(t.Texts[l])) {
			v.wording(path+"."+string(k), l, k, t.Texts[l][k])
		}
	}
}

// wording checks one text and the placeholders in it: a brace that is not of a
// known one is a mistake that a citizen would read.
func (v *validation) wording(path string, l Language, k WordKey, text string) {
	where := "slip: text " + string(l) + " " + string(k)
	w, known := wordOf(k)
	if !known {
		v.say(path, "use any of "+list(slices.Sorted(maps.Keys(slipWords))), "%s: there is no such text", where)
		return
	}
	v.text(path, where, text, longestWording)
	rest := text
	for _, p := range w.placeholders {
		rest = strings.ReplaceAll(rest, p, "")
	}
	if i := strings.IndexAny(rest, "{}"); i >= 0 {
		if end := strings.IndexByte(rest[i:], '}'); end > 0 {
			rest = rest[i : i+end+1]
		} else {
			rest = rest[i : i+1]
		}
		use := "no braces"
		if len(w.placeholders) > 0 {
			use = strings.Join(w.placeholders, " and ")
		}
		v.say(path, "use "+use, "%s: %q is no placeholder of this text", where, rest)
	}
}

// isCode tells whether a language looks like a code of ISO 639.
func (l Language) isCode() bool {
	return len(l) >= 2 && len(l) <= 3 && strings.Trim(string(l), "abcdefghijklmnopqrstuvwxyz") == ""
}

// orNone is the language if it looks like one.
func (l Language) orNone() Language {
	if !l.isCode() {
		return ""
	}
	return l
}

func (v *validation) language(path, where string, l Language) {
	if !l.isCode() {
		v.say(path, "write two or three small letters, such as de", "%s %q is not the code of a language", where, string(l))
	}
}

// names checks what a service is called in other languages.
func (v *validation) names(path string, x Service) {
	for _, l := range slices.Sorted(maps.Keys(x.Names)) {
		at := path + ".names." + string(l)
		v.language(at, "service "+string(x.ID)+": names:", l)
		v.text(at, "service "+string(x.ID)+": names "+string(l), x.Names[l], 80)
	}
}

func list[S ~string](names []S) string {
	all := make([]string, len(names))
	for i, n := range names {
		all[i] = string(n)
	}
	return strings.Join(all, ", ")
}
