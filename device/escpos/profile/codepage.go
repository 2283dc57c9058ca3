package profile

import (
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// pages are the tables of characters that a profile may name.
var pages = map[string]*charmap.Charmap{
	"CP437": charmap.CodePage437, "CP850": charmap.CodePage850, "CP852": charmap.CodePage852, "CP858": charmap.CodePage858,
	"CP1252": charmap.Windows1252, "ISO8859-15": charmap.ISO8859_15,
}

// CodePages are the names that a profile may use.
func CodePages() []string {
	return []string{"CP437", "CP850", "CP852", "CP858", "CP1252", "ISO8859-15"}
}

// Encode is the byte of a character of a code page's upper half; ok is false
// when the page has none, or when it is no page.
func Encode(page string, r rune) (b byte, ok bool) {
	table := pages[page]
	if table == nil || r < 0x80 || unicode.IsControl(r) || r == unicode.ReplacementChar {
		return 0, false
	}
	if b, ok = table.EncodeRune(r); !ok {
		return 0, false
	}
	return b, true
}
