// Package cell writes texts into the cells of a CSV file that somebody opens with
// a spreadsheet, and reads them back: a spreadsheet runs a text that begins as a
// formula does, and takes accents for others when nothing marks the file as UTF-8.
//
// Its functions may be called from any goroutine.
package cell

import "strings"

// Mark begins a file for spreadsheets, which else take its accents for those of
// an old code page: the byte order mark of UTF-8.
const Mark = "\uFEFF"

// guard stands before a text that is no formula; a spreadsheet shows what follows.
const guard = "'"

// Text is a text as a cell holds it: one that a spreadsheet would run gets an
// apostrophe before it, and so does one that already looks as if it had got one.
func Text(s string) string {
	if guarded(s) {
		return guard + s
	}
	return s
}

// Read is the text that Text made a cell of. A cell that Text never made is what
// it says.
func Read(s string) string {
	if rest, ok := strings.CutPrefix(s, guard); ok && guarded(rest) {
		return rest
	}
	return s
}

// guarded tells whether a text begins as a formula does, after any blanks and
// apostrophes.
func guarded(s string) bool {
	for _, r := range strings.TrimLeft(s, " \t\r\n"+guard) {
		return strings.ContainsRune("=+-@＝＋－＠", r)
	}
	return false
}
