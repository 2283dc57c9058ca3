package queue

import "unicode"

// blanks are letters and signs that are drawn as nothing.
const blanks = "\u115f\u1160\u2800\u3164\uffa0\ufffc"

// Unseen tells a character that nobody sees on a board or a page, or that turns what
// stands around it: controls, directions of writing, joiners, ends of lines, and
// letters that are drawn as nothing. No text that a person types has one, since who
// reads it would take one name for another.
func Unseen(r rune) bool {
	if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Variation_Selector) {
		return true
	}
	for _, blank := range blanks {
		if r == blank {
			return true
		}
	}
	return false
}
