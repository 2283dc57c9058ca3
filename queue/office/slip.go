package office

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

func (r *reader) slip(t *table) queue.SlipTemplate {
	var s queue.SlipTemplate
	for _, l := range t.texts("languages") {
		s.Languages = append(s.Languages, queue.Language(l))
	}
	for _, p := range t.texts("parts") {
		s.Parts = append(s.Parts, queue.SlipPart(p))
	}
	texts := t.sub("text")
	for _, l := range slices.Sorted(maps.Keys(texts.values)) {
		x := texts.sub(l)
		wording := queue.Wording{}
		// Which keys there are is validation's to say.
		for _, k := range slices.Sorted(maps.Keys(x.values)) {
			wording[queue.WordKey(k)] = x.text(k)
		}
		if s.Texts == nil {
			s.Texts = map[queue.Language]queue.Wording{}
		}
		s.Texts[queue.Language(l)] = wording
	}
	t.close()
	return s
}

// byLanguage is a table of texts by language.
func (t *table) byLanguage(key string) map[queue.Language]string {
	x := t.sub(key)
	if len(x.values) == 0 {
		return nil
	}
	texts := map[queue.Language]string{}
	for l := range x.values {
		texts[queue.Language(l)] = x.text(l)
	}
	return texts
}

// speakable complains of languages that no catalogue is in: the setup would
// be valid, and its tickets would say less than they should.
func (r *reader) speakable(s queue.SlipTemplate) {
	known := words.Languages()
	say := func(path string, l queue.Language) {
		if !slices.Contains(known, l) && !r.saidAt(path) {
			r.say(r.places.of(path), "slip: nothing is written in the language %q yet; use one of %s", string(l), strings.Trim(fmt.Sprint(known), "[]"))
		}
	}
	for i, l := range s.Languages {
		say(item("slip.languages", i), l)
	}
	for l := range s.Texts {
		say(join("slip.text", string(l)), l)
	}
}

// printable complains of tickets with more text than a printer takes at once.
func (r *reader) printable(setup queue.Setup) {
	service, n := words.Longest(setup)
	if n <= words.SlipRoom {
		return
	}
	path := "slip"
	if setup.Office.Note != "" {
		path = "office.note"
	}
	r.say(r.places.of(path), "slip: the tickets of service %q have %d characters and %d fit; shorten the note or the names, or name fewer parts", service.ID, n, words.SlipRoom)
}

// saidAt tells whether something is wrong already at the place of a path.
func (r *reader) saidAt(path string) bool {
	at := r.places.of(path)
	return r.spoilt[path] || slices.ContainsFunc(r.complaints, func(c Complaint) bool { return c.Line == at.line && c.Column == at.column })
}

func (w *writer) slip(s queue.SlipTemplate) {
	if len(s.Languages)+len(s.Parts) > 0 {
		w.header("[slip]")
	}
	w.list("languages", texts(s.Languages))
	w.list("parts", texts(s.Parts))
	for _, l := range slices.Sorted(maps.Keys(s.Texts)) {
		w.header("[slip.text." + string(l) + "]")
		for _, k := range slices.Sorted(maps.Keys(s.Texts[l])) {
			// An empty text is not the same as none.
			w.line("%s = %s", k, quote(s.Texts[l][k]))
		}
	}
}

func (w *writer) names(names map[queue.Language]string) {
	if len(names) == 0 {
		return
	}
	var pairs []string
	for _, l := range slices.Sorted(maps.Keys(names)) {
		pairs = append(pairs, string(l)+" = "+quote(names[l]))
	}
	w.line("names = { %s }", strings.Join(pairs, ", "))
}

// slipPath finds what a fault says of the tickets.
func slipPath(s queue.SlipTemplate, text string) string {
	if m := slipTextPattern.FindStringSubmatch(text); m != nil {
		path := join("slip.text", m[1])
		if m[2] != "" {
			path = join(path, m[2])
		}
		return path
	}
	m := slipListPattern.FindStringSubmatch(text)
	if m == nil {
		return "slip"
	}
	path, all := "slip."+m[1], texts(s.Languages)
	if m[1] == "parts" {
		all = texts(s.Parts)
	}
	quoted := unquoted(quotedPattern.FindString(text))
	i := slices.Index(all, quoted)
	if i >= 0 && strings.Contains(text, "twice") {
		i += 1 + slices.Index(all[i+1:], quoted)
	}
	if i < 0 {
		return path
	}
	return item(path, i)
}
