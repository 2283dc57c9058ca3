package procedure

import (
	"fmt"
	"strings"
)

// A Flaw is what can be wrong with a file of procedures.
type Flaw string

// The flaws of a file as a whole, which come alone and without a line where none
// is to blame.
const (
	FlawEmpty   Flaw = "empty"    // nothing in it, or headings alone
	FlawLong    Flaw = "long"     // more than MaxFileBytes
	FlawMany    Flaw = "many"     // more than MaxProcedures
	FlawNotUTF8 Flaw = "not-utf8" // its accents are of another encoding
	FlawQuote   Flaw = "quote"    // a quotation mark that is not closed, or within a text
)

// The flaws of a heading.
const (
	FlawHeading        Flaw = "heading"         // unknown
	FlawHeadingTwice   Flaw = "heading-twice"   // there already
	FlawHeadingMissing Flaw = "heading-missing" // not there, and must be
)

// The flaws of a line or a cell.
const (
	FlawCells   Flaw = "cells"    // more cells than headings
	FlawShort   Flaw = "short"    // fewer cells than headings, and no line end: Limit
	FlawMissing Flaw = "missing"  // must not be empty
	FlawID      Flaw = "id"       // not a-z, 0-9, -, or too long
	FlawIDTwice Flaw = "id-twice" // another line has it: Other
	FlawText    Flaw = "text"     // longer than Limit bytes
	FlawControl Flaw = "control"  // a character that nobody sees
	FlawDays    Flaw = "days"     // no whole number from 0 to MaxDays
	FlawExample Flaw = "example"  // neither yes nor no
)

// A Fault is one flaw, and where it is.
type Fault struct {
	Flaw    Flaw
	Line    int    // of the file, from 1; 0 is the whole file
	Column  int    // of the spreadsheet, from 1; 0 is the whole line
	Heading string // of the column
	Text    string // what stands there, cut to 40 bytes
	Limit   int    // the bound that is passed
	Other   int    // the line that has the same
}

// Faults are all that is wrong with a file, in its order, the first maxFaults.
type Faults []Fault

const (
	maxFaults    = 50
	maxFaultText = 40
)

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Letter is the column's letter as a spreadsheet has it; empty for none.
func (f Fault) Letter() string {
	if f.Column < 1 || f.Column > 26 {
		return ""
	}
	return string(rune('A' + f.Column - 1))
}

// Error is the fault in one line, which ends in what to do.
func (f Fault) Error() string {
	return f.at() + f.what()
}

func (f Fault) at() string {
	var at string
	if f.Line > 0 {
		at = fmt.Sprintf("line %d", f.Line)
	}
	if letter := f.Letter(); letter != "" {
		at += ", column " + letter
	}
	if f.Heading != "" {
		at += fmt.Sprintf(" (%s)", f.Heading)
	}
	if at != "" {
		at += ": "
	}
	return at
}

func (f Fault) what() string {
	switch f.Flaw {
	case FlawEmpty:
		return "there is no procedure in the file; start from eliminacode procedure export"
	case FlawLong:
		return fmt.Sprintf("the file has more than %d bytes; shorten the texts", f.Limit)
	case FlawMany:
		return fmt.Sprintf("there are more than %d procedures; put some together", f.Limit)
	case FlawNotUTF8:
		return "not UTF-8; save the file again as «CSV UTF-8»"
	case FlawQuote:
		return "a quotation mark is not closed, or stands within a text; write it twice there, or take it away"
	case FlawHeading:
		return fmt.Sprintf("unknown heading %q; use: %s", f.Text, strings.Join(headings, ", "))
	case FlawHeadingTwice:
		return fmt.Sprintf("the heading %q is there twice; take one away", f.Text)
	case FlawHeadingMissing:
		return fmt.Sprintf("the heading %q is missing; write it in the first line, with its column below", f.Text)
	case FlawCells:
		return fmt.Sprintf("more cells than the %d headings; put a text with the dividing sign between quotation marks", f.Limit)
	case FlawShort:
		return fmt.Sprintf("fewer cells than the %d headings, as in a file that was cut off; save it again whole, and where nothing is cut off end the last line with a line break", f.Limit)
	case FlawMissing:
		return "empty; fill it in"
	case FlawID:
		return fmt.Sprintf("%q is no short name; use at most %d of a-z, 0-9 and -", f.Text, MaxIDBytes)
	case FlawIDTwice:
		return fmt.Sprintf("%q stands in line %d too; give each its own", f.Text, f.Other)
	case FlawText:
		return fmt.Sprintf("longer than %d bytes; shorten it", f.Limit)
	case FlawControl:
		return "holds a character that cannot be seen; type the text again"
	case FlawDays:
		return fmt.Sprintf("%q is no number of days; write 0 to %d, or nothing", f.Text, MaxDays)
	case FlawExample:
		return fmt.Sprintf("%q is neither yes nor no; write %s where the sheet is still the example's, and nothing where it is the office's own", f.Text, exampleYes)
	default:
		return string(f.Flaw)
	}
}
