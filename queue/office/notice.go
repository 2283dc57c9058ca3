package office

import (
	"fmt"
	"maps"
	"slices"
	"unicode"

	"golang.org/x/text/encoding/charmap"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

// Notices are what is right in a setup but perhaps not meant, in the order of the
// file: two desks with one label, a reception that nobody named, characters that
// no printer has, and what calendar.Notices says of the hours. The setup must
// pass Validate.
func Notices(setup queue.Setup) (notices queue.Faults) {
	say := func(path, remedy, problem string, args ...any) {
		notices = append(notices, queue.Fault{Path: path, Problem: fmt.Sprintf(problem, args...), Remedy: remedy})
	}
	for _, t := range printed(setup) {
		if strange := unprintable(t.text); strange != "" {
			say(t.path, "write it otherwise: they are printed as a question mark, or not at all", "%s holds %+q, which no ticket printer has", t.what, strange)
		}
	}
	labels := map[string]queue.DeskID{}
	for i, d := range setup.Desks {
		if other, taken := labels[d.Label]; taken {
			say(fmt.Sprintf("desk[%d].label", i+1), "give each its own, unless people find both at one place",
				"desks %q and %q have the label %q: who is called does not know where to go", other, d.ID, d.Label)
		} else {
			labels[d.Label] = d.ID
		}
	}
	printers, said := 0, false
	for _, o := range setup.Outlets {
		said = said || o.Reception
		if o.Printer {
			printers++
		}
	}
	if printers > 1 && !said {
		say("outlet", "write reception = true below the outlet at which it does",
			"no outlet is said to be the reception's, which prints at %q", setup.ReceptionOutlet())
	}
	return append(notices, calendar.Notices(setup)...)
}

// A printedText is a text of the setup that stands on tickets.
type printedText struct{ path, what, text string }

func printed(setup queue.Setup) []printedText {
	o := setup.Office
	all := []printedText{
		{"office.body", "office: the body", o.Body}, {"office.name", "office: the name", o.Name},
		{"office.place", "office: the place", o.Place}, {"office.note", "office: the note", o.Note},
	}
	for i, x := range setup.Services {
		path, what := fmt.Sprintf("service[%d].name", i+1), fmt.Sprintf("service %q: the name", x.ID)
		all = append(all, printedText{path, what, x.Name})
		for _, l := range slices.Sorted(maps.Keys(x.Names)) {
			all = append(all, printedText{path + "s." + string(l), what + " in " + string(l), x.Names[l]})
		}
	}
	for _, l := range slices.Sorted(maps.Keys(setup.Slip.Texts)) {
		for _, k := range slices.Sorted(maps.Keys(setup.Slip.Texts[l])) {
			all = append(all, printedText{"slip.text." + string(l) + "." + string(k), "slip: text " + string(l) + " " + string(k), setup.Slip.Texts[l][k]})
		}
	}
	return all
}

// printerPages are the tables of characters that printers of tickets have.
var printerPages = []*charmap.Charmap{
	charmap.CodePage437, charmap.CodePage850, charmap.CodePage852, charmap.CodePage858, charmap.Windows1252, charmap.ISO8859_15,
}

// unprintable are the characters of a text that no printer has, each once. A
// line's end or another character that nobody sees is one.
func unprintable(text string) string {
	var strange []rune
	for _, r := range text {
		known := unicode.IsPrint(r) && slices.ContainsFunc(printerPages, func(page *charmap.Charmap) bool {
			_, there := page.EncodeRune(r)
			return there
		})
		if !known && !slices.Contains(strange, r) {
			strange = append(strange, r)
		}
	}
	return string(strange)
}
